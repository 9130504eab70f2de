"""The sentences of an article in, its enumerations out: sentences that begin 一是, 二是, 三是 … one after another."""

import re
from collections.abc import Iterator, Sequence

from index.sentences import Span

_NUMERALS = "一二三四五六七八九十"
_FORMS = tuple(re.compile(f"(?:^|[，；：。、])({form})") for form in (
    f"(?:其)?(?P<n>[{_NUMERALS}])是", f"第(?P<n>[{_NUMERALS}])(?:[，、是]|(?![\u4e00-\u9fff]))", f"（(?P<n>[{_NUMERALS}])）", f"(?P<n>[{_NUMERALS}])、",
    r"(?P<n>[1-9])[.．、](?!\d)", "(?P<n>[①②③④⑤⑥⑦⑧⑨])",
))  # fmt: skip
_CIRCLED = "①②③④⑤⑥⑦⑧⑨"

MOST_BETWEEN = 4
"""Most sentences between two items of an enumeration; what explains an item stands between it and the next."""


def enumerations(text: str, spans: Sequence[Span]) -> Iterator[list[Span]]:
    """Every enumeration of two items or more over several sentences: the sentences that its items begin."""
    for form in _FORMS:
        chain: list[int] = []
        wanted = 1
        for number, (start, end) in enumerate(spans):
            numbers = [_value(found["n"]) for found in form.finditer(text[start:end])]
            if chain and number - chain[-1] > MOST_BETWEEN:
                yield from _told(chain, spans)
                chain, wanted = [], 1
            for value in numbers:
                if value == 1 and wanted != 1:
                    yield from _told(chain, spans)
                    chain, wanted = [], 1
                if value == wanted:
                    chain = chain if chain and chain[-1] == number else [*chain, number]
                    wanted += 1
        yield from _told(chain, spans)


def _told(chain: Sequence[int], spans: Sequence[Span]) -> Iterator[list[Span]]:
    if len(chain) > 1:
        yield [spans[number] for number in chain]


def _value(numeral: str) -> int:
    if numeral.isdigit() and numeral.isascii():
        return int(numeral)
    return (_NUMERALS.find(numeral) if numeral in _NUMERALS else _CIRCLED.find(numeral)) + 1
