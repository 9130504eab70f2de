"""Printed Chinese in, reading form out: spaces of typesetting gone, wrapped lines joined; knows no pages and no articles."""

import re
from collections.abc import Iterable
from functools import lru_cache

HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_WIDE = rf"{HAN}\u3000-\u303f\uff00-\uffef\u2014\u2018\u2019\u201c\u201d\u2026\u00b7\ufe30-\ufe4f"
_BESIDE_WIDE = re.compile(rf"(?<=[{_WIDE}])[ \t\u3000\xa0]+|[ \t\u3000\xa0]+(?=[{_WIDE}])")
_INSIDE_NUMBER = re.compile(r"(?<=\d)[ \t]+(?=[%％‰])|(?<=\d\.)[ \t]+(?=\d)")
_NAME_PAIR = re.compile(rf"(?<=[{HAN}”》]{{2}}) (?=[{HAN}“《]{{2}})|(?<=[{HAN}]) (?=摄$)")
_QUOTED = re.compile(r"“[^“”]{1,60}”|《[^《》]{1,80}》|（[^（）]{1,60}）")
_HELD = "\ue000"  # stands for a space that stays while the others go


@lru_cache(maxsize=20_000)  # the lines of a page are asked for many times while it is read
def tidy(text: str) -> str:
    """Without spaces beside Han characters and wide marks, single spaces elsewhere: `2022 年 8 月` → `2022年8月`."""
    return _INSIDE_NUMBER.sub("", _BESIDE_WIDE.sub("", " ".join(text.split())))


def tidy_paragraph(text: str) -> str:
    """The same, but a single space inside “” or 《》 between phrases stays: it is part of a printed name."""
    plain = " ".join(text.split())
    return tidy(_QUOTED.sub(lambda found: _NAME_PAIR.sub(_HELD, found[0]), plain)).replace(_HELD, " ")


def tidy_heading(text: str) -> str:
    """The same for a title or sub-heading, where a space between phrases of two characters or more is meant."""
    plain = " ".join(text.split())
    if is_letter_spaced(plain):
        return tidy(plain)
    return tidy(_NAME_PAIR.sub(_HELD, plain)).replace(_HELD, " ")


def is_letter_spaced(line: str) -> bool:
    """Whether the line is set with a space between all its characters: `浙 江 新 政`."""
    parts = line.split()
    return len(parts) >= 3 and all(len(part) == 1 for part in parts)


def join_wrapped(lines: Iterable[str]) -> str:
    """Printed lines of one paragraph as one line: a space only where Latin words or figures meet."""
    joined = ""
    for line in lines:
        words = joined[-1:].isascii() and line[:1].isascii() and joined[-1:].isalnum() and line[:1].isalnum()
        digits = joined[-1:].isdigit() and line[:1].isdigit()
        sentence = joined[-1:] in tuple(".,;:!?)") and line[:1].isascii() and line[:1].isalnum()
        joined += (" " if joined and (sentence or (words and not digits)) else "") + line
    return joined
