"""A collection in, the short forms that its texts introduce themselves with their long forms out (…（以下简称“…”）)."""

import re
from collections.abc import Iterable
from typing import Final

import rjieba

from index.snapshot import Snapshot
from index.terms import Terms, fold

MOST_PASSAGES: Final = 2000
"""Passages in which short forms are looked for."""

_INTRODUCED = re.compile(
    r"(?:《(?P<title>[^《》]{4,60})》|(?P<phrase>[\u4e00-\u9fff0-9“”·—]{4,40}))[(,，]?(?:以下|下文)?(?:简称|统称)(?:为|:|：)?"
    r"[“《\"]?(?P<short>[\u4e00-\u9fff\w]{2,16})[”》\")]"
)


class Abbreviations:
    """The short forms of one snapshot version, collected when it is opened."""

    def __init__(self, snapshot: Snapshot) -> None:
        rows, _ = snapshot.lexical.search(Terms([], ["简称"]), MOST_PASSAGES)
        passages = snapshot.store.passages(rows.tolist())
        self._long = dict(_found(fold(passage.text) for passage in passages))

    def long_forms(self, text: str) -> tuple[str, ...]:
        """The long forms of the short ones in a text, but those that it has as well.

        One that is put together from plain words (规划纲要) counts only between marks that make it a name.
        """
        return tuple(
            long
            for short, long in self._long.items()
            if short in text
            and long not in text
            and (_is_coined(short) or re.search(f'[“《"]{re.escape(short)}', text))
        )


def _is_coined(short: str) -> bool:
    words = rjieba.cut(short, False)
    return any(len(word) == 1 for word in words) or (len(words) == 1 and len(short) > 2)


def _found(texts: Iterable[str]) -> Iterable[tuple[str, str]]:
    for text in texts:
        for match in _INTRODUCED.finditer(text):
            short = match["short"]
            long = match["title"] or _behind(match["phrase"], short)
            if len(long) > len(short):
                yield short, long


def _behind(phrase: str, short: str) -> str:
    """The end of a phrase that its short form was made from: from where the last run of its characters begins."""
    at = len(phrase)
    for character in reversed(short):
        at = phrase.rfind(character, 0, at)
        if at < 0:
            return ""
    return phrase[at:].strip("“”")
