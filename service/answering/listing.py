"""A sentence in, how many things it lists out, and how well that suits a question for a number of them."""

import re
from functools import lru_cache

from service.answering.numerals import parse_number

_STRETCH, _CLAUSE = re.compile(r"[：:；;。！？]"), re.compile(r"[：:；;。！？，,](?!以及)")
_NUMBERED = re.compile(
    r"(?:[一二三四五六七八九十]|\d{1,2})是|（[一二三四五六七八九十]）|第[一二三四五六七八九十][，、是]"
)
_QUOTED = re.compile("“[^”]*”")
_QUOTED_ROW = re.compile("(?:“[^”]*”){2,}")
_JOINED_BY_PLUS = re.compile(r"“([\u4e00-\u9fff]+(?:\+[\u4e00-\u9fff]+)+)”")
_JOINED = re.compile(r"和|与|及|以及")
_COUNTING = "大|个|项|种|类|方面|条|化|样|点|步|路|张|份|部|家|道|级|件|支|招|字|届"


@lru_cache(maxsize=8192)
def items(text: str) -> frozenset[int]:
    """The numbers of things that a sentence may be read to list: by pauses and 和, by quoted names, by 一是…二是."""
    found = {len(_NUMBERED.findall(text)), text.count("；") + 1}
    for stretch in [text, *_STRETCH.split(text), *_CLAUSE.split(text)]:
        pauses = stretch.count("、")
        if pauses:
            tail = stretch[stretch.rfind("、") :]
            found |= {pauses + 1, pauses + 1 + bool(_JOINED.search(tail)), pauses + 1 + stretch.count("以及")}
        elif _JOINED.search(stretch):
            found.add(2)
        found.add(stretch.count("”"))
    found |= {row.count("“") for row in _QUOTED_ROW.findall(text)}
    found |= {code.count("+") + 1 for code in _JOINED_BY_PLUS.findall(text)}
    return frozenset(found - {0, 1})


def list_fit(text: str, count: int, noun: str = "") -> float:
    """How well a sentence suits a question for `count` things, 0.35..1: best where it says the number and lists as many, of
    the `noun` counted where that is known: those told before it counts them in a clause of its own are others.
    """
    told = announced(text, count)
    exact = count in items(text)
    if noun and text.count(noun) >= count:
        return 1.0
    if exact and noun and told and not _lists_from(text, count):
        return OTHERS
    if exact:
        return 1.0 if told else 0.9
    if told:  # and told later, unless it lists something else
        return 0.4 if "、" in text else 0.8
    return 0.7 if max(items(text), default=1) > count else 0.35


MANY = 5
"""Things from which a sentence hardly lists so many by chance."""

OTHERS = 0.6
"""Fit of a sentence that counts the things asked for and lists as many others."""


def _lists_from(text: str, count: int) -> bool:
    """Whether the clause that says there are `count` things, or what follows it, lists as many."""
    said = _saying(text, count)
    start = max((mark.end() for mark in _CLAUSE.finditer(text, 0, said.start())), default=0) if said else 0
    return count in items(text[start:])


def announced(text: str, count: int) -> bool:
    """Whether a sentence says that there are so many things."""
    return _saying(text, count) is not None


def _saying(text: str, count: int) -> re.Match[str] | None:
    return re.search(rf"(?<![\d.第])(?:{count}|{_in_words(count)})(?:{_COUNTING})", text)


def lists_here(text: str, count: int) -> bool:
    """Whether one clause lists `count` things and says that they are so many (甲、乙、丙三大产业)."""
    clauses = _CLAUSE.split(text)
    return any(count in items(clause) and announced(_QUOTED.sub("", clause), count) for clause in clauses)


def lists_all(text: str, count: int) -> bool:
    """Whether a sentence lists as many as `count` things, or says so after what it lists (…问题等六类事项)."""
    said = rf"[、，][^。；]*(?:等|”)(?:{count}|{_in_words(count)})(?:{_COUNTING})"
    return count in items(text) or re.search(said, text) is not None


def cut_short(text: str, count: int | None = None) -> bool:
    """Whether a sentence says of how many things, or of `count`, it names a few (甲、乙等12类), fewer than it says."""
    for said in _AND_SO_MANY.finditer(text):
        many = int(parse_number(said["many"]))
        before = text[: said.start()]
        row = _ROW.search(before)
        stretch = row.group() if row else before if count else _CLAUSE.split(before)[-1]
        told = 1 + len(_BETWEEN.findall(stretch))
        if (count is None or many == count) and told < many:
            return True
    return False


_AND_SO_MANY = re.compile(rf"等(?P<many>[1-9]\d?|[二两三四五六七八九十]+)(?:{_COUNTING}|篇|首|只|本)")
_ROW = re.compile("(?:[^，；：。、]+、){2,}[^，；：。、]+$")
_BETWEEN = re.compile("[、，；]|和|与|以及|及(?!其)")


def _in_words(count: int) -> str:
    digits = "零一二三四五六七八九"
    if count == 2:
        return "[两二]"
    return digits[count] if count < 10 else "十" if count == 10 else f"十{digits[count - 10]}" if count < 20 else "(?!)"
