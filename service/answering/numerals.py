"""Numbers as Chinese texts write them: the pattern that finds one, its exact value, and how it is written in words.

Knows no units and no hedges.
"""

import re
from fractions import Fraction

from service.answering.periods import half_width

MAGNITUDES = {"万亿": 10**12, "亿": 10**8, "千万": 10**7, "百万": 10**6, "万": 10**4, "千": 10**3, "百": 10**2}
# Every repetition has a bound, so that no text takes long; a row of more than 18 digits is a key or an account.
_ARABIC = r"(?<!\d)(?:\d{1,3}(?:,\d{3}){1,6}|\d{1,18}(?!\d))(?:\.\d{1,30})?"
DIGITS = "零〇一二两三四五六七八九"
_SECTION = f"[{DIGITS}十百千]{{0,8}}[十百千][{DIGITS}十百千]{{0,8}}"
ABOUT = "一两|两三|二三|三四|三五|四五|五六|六七|七八|八九"
_CHINESE = f"{_SECTION}(?:点[{DIGITS}]{{1,8}})?|[{DIGITS}]{{1,4}}点[{DIGITS}]{{1,8}}|{ABOUT}|[{DIGITS}]"
_PART = rf"(?:(?:{_ARABIC})\s?[千百]?|{_CHINESE})"
_WORDS_BELOW = rf"(?:零?[{DIGITS}]{_SECTION}|零[{DIGITS}])(?![{DIGITS}十百千万亿点])"
_BELOW = rf"(?:零?(?:\d{{1,4}}[千百]|\d{{4}}(?![\d年]))|{_WORDS_BELOW})"
_COMPOUND = (
    rf"{_PART}\s?万\s?零?{_PART}\s?亿(?:\s?零?{_PART}\s?万)?|{_PART}\s?万亿\s?零?{_PART}\s?亿"
    rf"|{_PART}\s?(?:万亿|亿)\s?零?{_PART}\s?万(?:{_BELOW})?|{_PART}\s?万{_BELOW}"
    rf"|{_PART}\s?(?:万亿|亿){_WORDS_BELOW}"
)
NUMBER = rf"(?:{_COMPOUND}|{_ARABIC}|{_CHINESE})"

_VALUES = {numeral: value for value, numeral in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}


def parse_number(text: str) -> Fraction:
    """The exact value of an Arabic or Chinese numeral (3,268 · 12.1 · 一千二百 · 二〇二三 · 十点五 · 一亿三千万 · 3亿5千万)."""
    if text.isascii() and text.isdecimal():
        return Fraction(int(text))
    text = re.sub(r"[\s,]", "", half_width(text))
    for mark in ("万亿", "亿", "万"):
        head, found, tail = text.rpartition(mark)
        if found:
            return parse_number(head or "一") * MAGNITUDES[mark] + parse_number(tail or "零")
    if text[1:2].isdigit():
        text = text.removeprefix("零")
    if text[0].isdigit():
        size = MAGNITUDES.get(text[-1], 1)
        return Fraction(text.rstrip("千百")) * size
    whole, _, decimals = text.partition("点")
    value = Fraction(_chinese_integer(whole or "零"))
    if decimals:
        value += Fraction(int("".join(str(_VALUES[digit]) for digit in decimals)), 10 ** len(decimals))
    return value


def _chinese_integer(text: str) -> int:
    if not re.search("[十百千]", text):
        return int("".join(str(_VALUES[digit]) for digit in text))
    total = digit = 0
    for character in text:
        if character in _VALUES:
            digit = _VALUES[character]
        else:
            total += (digit or (1 if character == "十" or not total else 0)) * {"十": 10, "百": 100, "千": 1000}[
                character
            ]
            digit = 0
    return total + digit


def spell(value: Fraction) -> str:
    """A number in Chinese numerals as it is read aloud (一万二千三百, 十二点五); `parse_number` reads it back.

    Raises ValueError for one below 0, from 10^16 on, or without a finite decimal form.
    """
    whole = int(value)
    if not 0 <= value < 10**16:
        raise ValueError(f"{value} cannot be spelled; numbers from 0 to 10^16 can")
    decimals = ""
    rest = value - whole
    while rest and len(decimals) < 8:
        digit = int(rest * 10)
        decimals += _NUMERALS[digit]
        rest = rest * 10 - digit
    if rest:
        raise ValueError(f"{value} cannot be spelled; it has more than 8 decimals")
    words = _spelled(whole)
    words = words.removeprefix("一") if words.startswith("一十") else words
    return f"{words}点{decimals}" if decimals else words


_NUMERALS = "零一二三四五六七八九"


def _spelled(number: int) -> str:
    if number < 10:
        return _NUMERALS[number]
    marks = ((10**12, "万亿"), (10**8, "亿"), (10**4, "万"), (1000, "千"), (100, "百"), (10, "十"))
    size, mark = next(pair for pair in marks if number >= pair[0])
    head, tail = divmod(number, size)
    if not tail:
        return _spelled(head) + mark
    return f"{_spelled(head)}{mark}{'零' if tail * 10 < size else ''}{_spelled(tail)}"
