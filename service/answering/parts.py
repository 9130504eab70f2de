"""The text of a question and the sentences of an article in, the named parts asked of one by one and what explains each out.

Parts are those of a coined formula (“1+8+X”: “1”是…, “8”是…, “X”是…) or words in quotation marks asked of together
(“学”“谋”“干”分别…). Knows no ranking.
"""

import re
from collections.abc import Sequence
from functools import lru_cache

from index.sentences import Span
from index.terms import fold
from service.answering.listing import announced

_CODE = re.compile(r"\d+(?:\+[\da-z]+)+|(?<=“)(?!(?:19|20)\d\d”)\d{2,6}(?=”)|\d{2,6}(?=工程)")
_NUMBERS = re.compile(r"“(\d+)”")
_TOGETHER = re.compile("分别|各|依次")
_ROW = re.compile(r"“[^“”]{1,6}”(?:[、,，和与及]?“[^“”]{1,6}”)+")
_QUOTED = re.compile("“([^“”]{1,6})”")

REACH = 16
"""Sentences around one that explains or holds the parts in which the others are looked for."""


FEW = 2
"""Numbers of a formula that all have to be counted."""


def asked_parts(text: str, whole: bool = True) -> tuple[str, ...]:
    """The parts that a folded question asks of: those it names apart from their formula, else all of the formula if it may
    be asked of as a `whole`; words in a row of quotation marks where it asks of each.
    """
    if code := _CODE.search(text):
        parts = coded_parts(text)
        around = f"{text[: code.start()]} {text[code.end() :]}"
        cut = tuple(_NUMBERS.findall(around))
        if len(cut) > 1 and "".join(cut) == code[0]:  # “315”里的“3”和“15”
            return cut if len(set(cut)) == len(cut) else ()
        own = tuple(part for part in parts if _alone(part).search(around))
        chosen = own or (parts if whole else ())
        return chosen if len(set(chosen)) == len(chosen) else ()
    row = _ROW.search(text) if _TOGETHER.search(text) else None
    return tuple(_QUOTED.findall(row[0])) if row else ()


def coded_parts(text: str) -> tuple[str, ...]:
    """The parts of the coined formula that a folded text has, in order; empty where it has none."""
    code = _CODE.search(text)
    return tuple(code[0].split("+") if "+" in code[0] else code[0]) if code else ()


@lru_cache(maxsize=256)
def _alone(part: str) -> re.Pattern[str]:
    """A part of a formula as a question names it apart: X代表什么, 里的“3”, 1和5."""
    return re.compile(rf"(?<![\da-z+.]){re.escape(part)}(?![\da-z+.%]|[年月日号个项届期条次家])")


@lru_cache(maxsize=1024)
def _explains(part: str) -> re.Pattern[str]:
    if re.fullmatch("[0-9a-z]+", part):
        return re.compile(rf"“{re.escape(part)}”(?:就?是|即|指|为|代表|[：:])")
    return re.compile(f"“{re.escape(part)}”")


def explained(parts: Sequence[str], text: str) -> int:
    """How many of the parts a text explains."""
    folded = fold(text)
    return sum(_explains(part).search(folded) is not None for part in parts)


def counted(part: str, text: str) -> bool:
    """Whether a text counts as many of something as a part of a formula says (“2+4+N”: 以2家职业院校为龙头)."""
    return part.isdigit() and part != "1" and announced(text, int(part))


def apart(parts: Sequence[str], text: str, spans: Sequence[Span], home: Span) -> list[Span]:
    """The sentences near `home` that explain the parts it leaves, by part, one after `home` rather than one before it;
    empty unless all of the parts but one are told so.
    """
    left = [part for part in parts if not explained([part], text[slice(*home)])]
    at = next((number for number, span in enumerate(spans) if span[0] >= home[0]), len(spans))
    near = [*spans[at + 1 : at + 1 + REACH], *reversed(spans[max(0, at - REACH) : at])]
    found = {part: next((span for span in near if explained([part], text[slice(*span)])), None) for part in left}
    told = [span for span in found.values() if span]
    return told if len(left) - len(told) <= 1 and told else []


def counting(parts: Sequence[str], text: str, spans: Sequence[Span], home: Span) -> list[Span]:
    """The sentences after `home` that count as many of something as each number among the parts says, where nothing explains
    them; empty unless there is one for every number, of which there are two or which is the one part asked of. The first of
    three numbers or more may be told by the sentence right after `home` in another form (“234”: 做到无欠款、无欠薪。…3张清单…4个定期);
    where `home` is that one, the formula stands before it.
    """
    numbers = [part for part in parts if part.isdigit() and part != "1"]
    before = max((span for span in spans if span < home), default=home)
    many = len(numbers) > FEW
    led = many and f"“{''.join(parts)}”" in text[slice(*before)]
    after = [span for span in spans if span > (before if led else home)][:REACH]
    found = [next((span for span in after if counted(number, text[slice(*span)])), None) for number in numbers]
    if many and not found[0]:
        found[0] = after[0] if after else None
    told = [span for span in found if span]
    if len(told) < len(numbers) or len(told) < min(FEW, len(parts)):
        return []
    return [before, *told] if led and before != home else told
