"""A name as a question quotes it and a text in, whether the text has it out: as it is, nearly so, in pieces, or thing by thing."""

import re

from index.occurrences import occurrences
from service.answering.numerals import parse_number


def is_told(name: str, text: str) -> bool:
    """Whether a text without white space tells of what a question names."""
    return resembles(name, text) or is_told_apart(name, text)


def is_told_apart(name: str, text: str) -> bool:
    """Whether it tells of each thing that a name takes together."""
    return _named_apart(name, text) or _coined(name, text)


def resembles(name: str, text: str) -> bool:
    """Whether a text holds a name as it is, or one of four characters or more with one of them mistaken, or one of six or
    more in two pieces with little between.
    """
    if name in text:
        return True
    return len(name) >= 4 and (_in_pieces(name, text) or any(_but_one(name, i, text) for i in range(len(name))))


def _but_one(name: str, wrong: int, text: str) -> bool:
    """Whether a text holds a name with another character in one place."""
    before, after = name[:wrong], name[wrong + 1 :]
    if not before:
        return any(at > 0 and text[at - 1] != "\n" for at in occurrences(text, after))
    return any(
        text[at + wrong : at + wrong + 1] not in ("", "\n") and text.startswith(after, at + wrong + 1)
        for at in occurrences(text, before)
    )


PIECE_CHARS, LONG, SHORT_PIECE = 3, 8, 2
"""Least length of a piece, and that of the first one of a name of as many characters (《推动浙江服务业…措施》)."""


def _in_pieces(name: str, text: str) -> bool:
    """Whether a text holds the name with something between (竣工一栋融资一栋 of 竣工一栋、验收一栋、融资一栋)."""
    reach = 2 * len(name)
    least = PIECE_CHARS if len(name) < LONG else SHORT_PIECE
    for cut in range(least, len(name) - PIECE_CHARS + 1):
        first, rest = name[:cut], name[cut:]
        if any(text.find(rest, at + cut, at + cut + reach) >= 0 for at in occurrences(text, first)):
            return True
    return False


def _named_apart(name: str, text: str) -> bool:
    """Whether a text names one by one, each in quotation marks or close to the one before, what the question named in one
    pair (“甲、乙、丙”).
    """
    parts = [re.escape(part) for part in re.split("[、,，]", name) if part]
    if len(parts) < 2:
        return False
    if all(len(part) > 1 for part in parts) and re.search(f".{{0,{BETWEEN_CHARS}}}?".join(parts), text):
        return True
    return all(re.search(rf"[“「『‘《]{part}[”」』’》]", text) for part in parts)


def _coined(name: str, text: str) -> bool:
    """Whether a text lists as many things as a coined name counts, each with its character (“四难”: 人难找、财难寻…)."""
    found = _SO_MANY.fullmatch(name)
    if found is None:
        return False
    thing = f"[^、，。；]{{0,{BETWEEN_CHARS}}}{found['what']}[^、，。；]{{0,{BETWEEN_CHARS}}}"
    return re.search("、".join([thing] * int(parse_number(found["many"]))), text) is not None


_SO_MANY = re.compile("(?P<many>[三四五六七八九])(?P<what>[\u4e00-\u9fff])")

BETWEEN_CHARS = 5
"""Most characters between the pieces of a name that are named close to each other (政府补一点、保险赔一点)."""
