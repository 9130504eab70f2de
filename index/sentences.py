"""Where sentences and clauses begin and end in Chinese (and plain English) text. Offsets are code points."""

import re
from collections.abc import Iterator

Span = tuple[int, int]

_CLOSERS = r"”’」』）)》】\]"
_SENTENCE_END = re.compile(rf"[。！？!?]+[{_CLOSERS}]*|\n+|(?<=[a-z0-9)])\.(?=\s+[A-Z\u4e00-\u9fff]|\s*$)")
_CLAUSE_END = re.compile(rf"(?:[，；：]|[,;:](?!\d))[{_CLOSERS}]*|——")


def _pieces(text: str, end: re.Pattern[str], start: int, stop: int) -> Iterator[Span]:
    """Spans between matches of `end`, each with its own end mark, without white space at either side."""
    begin = start
    for cut in (*[match.end() for match in end.finditer(text, start, stop)], stop):
        piece = text[begin:cut]
        if kept := piece.strip():
            left = begin + (0 if piece[0] == kept[0] else len(piece) - len(piece.lstrip()))
            yield left, left + len(kept)
        begin = cut


def sentence_spans(text: str, start: int = 0, stop: int | None = None) -> list[Span]:
    """The sentences of `text[start:stop]` in order; a line break always ends one."""
    return list(_pieces(text, _SENTENCE_END, start, len(text) if stop is None else stop))


def clause_spans(text: str, start: int = 0, stop: int | None = None) -> list[Span]:
    """The clauses of `text[start:stop]`, cut after commas, semicolons, colons and dashes but not inside numbers."""
    return list(_pieces(text, _CLAUSE_END, start, len(text) if stop is None else stop))


def clauses_span(text: str, start: int, end: int) -> Span:
    """Where the clauses of a sentence begin and end that `text[start:end]` stands in; all of it where it stands in none."""
    inside = [(left, right) for left, right in clause_spans(text) if left < end and right > start]
    return (inside[0][0], inside[-1][1]) if inside else (0, len(text))


def clauses_around(text: str, start: int, end: int) -> str:
    """The clauses of a sentence that `text[start:end]` stands in; the whole of it where it stands in none."""
    return text[slice(*clauses_span(text, start, end))]


def stretch_around(text: str, at: int) -> str:
    """What a sentence says between the semicolons around a place."""
    return text[:at].rpartition("；")[2] + text[at:].partition("；")[0]


def paragraph_spans(text: str) -> list[Span]:
    """The lines of a text that hold more than white space, which are its paragraphs and sub-headings."""
    spans, begin = [], 0
    for line in text.split("\n"):
        if line.strip():
            spans.append((begin, begin + len(line)))
        begin += len(line) + 1
    return spans
