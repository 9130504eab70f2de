"""The pieces of a model's reply in, its sentences with the numbers that they cite out. Knows no sources.

A sentence is held back until nothing that comes later can belong to it: its end mark, and every marker after it, may be
split over pieces. What the model thinks aloud between tags is left out.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, auto
from typing import Final

from service.generation.prompt import REFUSAL

LONGEST_SENTENCE: Final = 1500
"""Characters without an end after which what was written is dropped; no answer is that long."""


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence and the source numbers that it cites. `own` is False where only a later sentence has the marker."""

    text: str
    numbers: tuple[int, ...]
    own: bool = True


class Turn(Enum):
    """What a reply may turn into: `REFUSED`, the sources do not answer; `RESTARTED`, all so far was thinking aloud."""

    REFUSED = auto()
    RESTARTED = auto()


_DIGITS = r"[\d０-９]{1,3}"
_LABEL = r"(?:资料|来源|引用|编号|source|doc|ref|\^)?\s{0,2}[:：]?\s{0,2}"
_INSIDE = (
    rf"\s{{0,2}}{_LABEL}{_DIGITS}(?:[\s,，、;；&和]{{1,3}}{_LABEL}{_DIGITS}){{0,20}}(?:†[^\[\]【】]{{0,20}})?\s{{0,2}}"
)
_MARKER = re.compile(rf"[\[［【〔]{{1,2}}{_INSIDE}[\]］】〕]{{1,2}}", re.IGNORECASE)
_MARKERS = re.compile(rf"(?:\s{{0,3}}{_MARKER.pattern})*\s*", re.IGNORECASE)
_SPACED = re.compile(rf"\s{{0,3}}{_MARKER.pattern}", re.IGNORECASE)
_OPENING: Final = "[［【〔"
_LONGEST_MARKER: Final = 60
_END = re.compile(r"(?:[。！？!?]|\n)[”’」』）)]*")
_TAG = re.compile(r"<(/?)(?:think|thinking|reasoning)>", re.IGNORECASE)
_LONGEST_TAG: Final = len("</reasoning>")
_NEXT_TURN = re.compile(r"</?source|<\|\w|^\s*(?:问题|用户|User)\s*[：:]", re.MULTILINE)
"""Where a model goes on to write what it was given."""

_MARKDOWN = re.compile(r"^\s*(?:#{1,6}\s+|[-*+•·]\s+|>\s*|\d{1,2}[.)、．]\s*(?!\d)|```\w*|-{3,}\s*$)|\*\*|__|`")
_UNSEEN: Final = frozenset({"So", "Sk", "Cf", "Co", "Cs", "Cn"})
_EMPTY: Final = "。！？!?；;，,、：: \n\t\"'“”‘’*#-"


class ReplyReader:
    """Reads one reply. `done` when nothing more of it is of use."""

    def __init__(self) -> None:
        self.done = False
        self._raw = ""
        self._text = ""
        self._thinking = False
        self._pending: list[str] = []
        """Sentences of this line that have no marker yet."""

    def feed(self, piece: str) -> Iterator[Said | Turn]:
        """What is certain now that this piece is there."""
        self._raw += piece
        while tag := _TAG.search(self._raw):
            before, self._raw = self._raw[: tag.start()], self._raw[tag.end() :]
            if not tag[1] and not self._thinking:
                yield from self._read(before)
            elif tag[1] and not self._thinking:
                self._text, self._pending, self.done = "", [], False
                yield Turn.RESTARTED
            self._thinking = not tag[1]
        held = self._raw.rfind("<", -_LONGEST_TAG)
        ready, self._raw = (self._raw, "") if held < 0 else (self._raw[:held], self._raw[held:])
        if not self._thinking:
            yield from self._read(ready)

    def finish(self) -> Iterator[Said | Turn]:
        """What is left when the reply has ended: a last sentence counts if it has its marker."""
        if not self._thinking:
            yield from self._read(self._raw, last=True)
        self._raw = ""

    def _read(self, text: str, *, last: bool = False) -> Iterator[Said | Turn]:
        self._text += text
        while not self.done and (cut := self._cut(last)):
            sentence, self._text = self._text[:cut], self._text[cut:]
            if _NEXT_TURN.search(sentence):
                self.done = True
            else:
                yield from self._sentence(sentence)
        if len(self._text) > LONGEST_SENTENCE or self.done:
            self._text = ""

    def _cut(self, last: bool) -> int:
        """Where the first sentence with its markers ends; 0 while that is not certain."""
        text = self._text
        end = _END.search(text)
        if not end:
            return len(text) if last else 0
        markers = _MARKERS.match(text, end.end())
        cut = markers.end() if markers else end.end()
        if last:
            return cut
        rest = text[cut:]
        unfinished = rest[:1] in _OPENING and len(rest) < _LONGEST_MARKER and not re.search(r"[\]］】〕]", rest)
        return 0 if not rest or unfinished else cut

    def _sentence(self, sentence: str) -> Iterator[Said | Turn]:
        numbers = tuple(
            dict.fromkeys(
                int(n) for mark in _MARKER.finditer(sentence) for n in re.findall(_DIGITS, _untailed(mark[0]))
            )
        )
        text = _plain(_SPACED.sub("", sentence))
        if REFUSAL in text and not numbers:
            yield Turn.REFUSED
        elif numbers:
            yield from (Said(earlier, numbers, own=False) for earlier in self._pending)
            if text:
                yield Said(text, numbers)
            self._pending = []
        elif text:
            self._pending.append(text)
        if "\n" in sentence:
            self._pending = []


def _untailed(marker: str) -> str:
    """A marker without the remark that some models put after its number (【1†资料】)."""
    return marker.partition("†")[0]


def _plain(text: str) -> str:
    """A sentence without Markdown, pictures, unseen characters, line breaks and white space at its ends; "" when no
    word is left.
    """
    text = "".join(character for character in text if unicodedata.category(character) not in _UNSEEN)
    while (plain := _MARKDOWN.sub("", text).strip()) != text:
        text = plain
    return "" if not text.strip(_EMPTY) else re.sub(r"\s*\n\s*", "", text)
