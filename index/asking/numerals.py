"""A question in, its Chinese numerals in digits out, where sources write digits: years, percentages, large numbers."""

import re
from collections.abc import Callable
from typing import Final

_DIGITS: Final = {character: value for value, character in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_UNITS: Final = {"十": 10, "百": 100, "千": 1000}
_SCALES: Final = (("亿", 10**8), ("万", 10**4))

_YEAR = re.compile(r"(?<![一二三四五六七八九零〇十百千万亿])([一二][〇零一二三四五六七八九]{3})(?=年)")
_SHARE = re.compile(
    r"百分之([零〇一二两三四五六七八九十百]+(?:点[零〇一二三四五六七八九]+)?)(?![多几余一二三四五六七八九十])"
)
_LARGE = re.compile(
    r"(?<![一二两三四五六七八九零〇十百千万亿第])[一二两三四五六七八九][零一二两三四五六七八九十百千万亿]*[百千万亿][零一二两三四五六七八九十百千万亿]*"
    r"(?=[家个户名人位件项亩吨元套张条次场宗辆公美]|多少)"
)


def in_digits(text: str, known: Callable[[str], bool]) -> str:
    """The text with its numerals in digits, but those that the collection itself writes so (`known`).

    百分之六十 becomes 60%, 二〇二三年 2023年, 两千亿 2000亿. Numerals that are names (八八战略, 千万工程) stay.
    """
    text = _YEAR.sub(lambda found: "".join(str(_DIGITS[digit]) for digit in found[1]), text)
    text = _SHARE.sub(lambda found: f"{_value_with_point(found[1])}%", text)
    return _LARGE.sub(lambda found: found[0] if known(found[0]) else _written(_value(found[0])), text)


def _value_with_point(numeral: str) -> str:
    whole, _, fraction = numeral.partition("点")
    digits = "".join(str(_DIGITS[digit]) for digit in fraction)
    return f"{_value(whole)}.{digits}" if digits else str(_value(whole))


def _value(numeral: str) -> int:
    for scale, worth in _SCALES:
        if scale in numeral:
            head, _, tail = numeral.rpartition(scale)
            return (_value(head) if head else 1) * worth + _value(tail)
    total = digit = 0
    for character in numeral:
        if character in _UNITS:
            total += (digit or 1) * _UNITS[character]
            digit = 0
        else:
            digit = _DIGITS[character]
    return total + digit


def _written(value: int) -> str:
    for scale, worth in _SCALES:
        if value >= worth and value * 100 % worth == 0:
            return f"{value / worth:.6g}{scale}"
    return str(value)
