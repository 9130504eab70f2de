"""The numbering part of a Word document in, the number that Word prints before each paragraph out: `第十二条`, `（三）`."""

import re
from collections.abc import Callable
from typing import Any

_DIGITS = "〇一二三四五六七八九"
_MAX_NUMBER = 99_999
_ROMAN = ((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))  # fmt: skip


def chinese(number: int) -> str:
    """The number counted in Chinese: 12 → 十二, 305 → 三百零五."""
    high, low = divmod(number, 10_000)
    if high:
        said = _below_ten_thousand(high) + "万" + ("零" if 0 < low < 1000 else "") + _below_ten_thousand(low)
    else:
        said = _below_ten_thousand(low) or "零"
    return said.removeprefix("一") if said.startswith("一十") else said


def _below_ten_thousand(number: int) -> str:
    said, zero = "", False
    for unit, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit, number = divmod(number, unit)
        if digit:
            said += ("零" if zero and said else "") + _DIGITS[digit] + name
        zero = not digit
    return said


def _roman(number: int) -> str:
    said = ""
    for value, letters in _ROMAN:
        count, number = divmod(number, value)
        said += letters * min(count, 20)
    return said


def _letter(number: int) -> str:
    return chr(ord("a") + (number - 1) % 26) * min((number - 1) // 26 + 1, 20)


def _circled(number: int) -> str:
    return chr(0x2460 + number - 1) if 1 <= number <= 20 else str(number)


_FORMATS: dict[str, Callable[[int], str]] = {
    **dict.fromkeys(("chineseCounting", "chineseCountingThousand", "japaneseCounting", "taiwaneseCounting", "taiwaneseCountingThousand"), chinese),
    "ideographDigital": lambda n: "".join(_DIGITS[int(c)] for c in str(n)),
    "taiwaneseDigital": lambda n: "".join(_DIGITS[int(c)] for c in str(n)),
    "upperRoman": lambda n: _roman(n).upper(),
    "lowerRoman": _roman,
    "upperLetter": lambda n: _letter(n).upper(),
    "lowerLetter": _letter,
    "decimalZero": lambda n: f"{n:02d}",
    **dict.fromkeys(("decimalEnclosedCircle", "decimalEnclosedCircleChinese"), _circled),
}  # fmt: skip


class Numbering:
    """Counts the numbered paragraphs of one document in their order."""

    def __init__(self, root: Any, namespace: str) -> None:
        self._w = f"{{{namespace}}}"
        self._levels: dict[str, dict[int, Any]] = {}
        self._abstract: dict[str, str] = {}
        self._starts: dict[tuple[str, int], int] = {}
        self._counts: dict[tuple[str, int], int] = {}
        self._seen: set[str] = set()
        for kind in root.iterfind(f"{self._w}abstractNum") if root is not None else ():
            levels = {_int(level.get(f"{self._w}ilvl")): level for level in kind.iterfind(f"{self._w}lvl")}
            self._levels[kind.get(f"{self._w}abstractNumId", "")] = levels
        for number in root.iterfind(f"{self._w}num") if root is not None else ():
            name = number.get(f"{self._w}numId", "")
            self._abstract[name] = self._value(number, "abstractNumId")
            for override in number.iterfind(f"{self._w}lvlOverride"):
                if start := self._value(override, "startOverride"):
                    self._starts[name, _int(override.get(f"{self._w}ilvl"))] = _int(start)

    def label(self, number: str, level: int) -> str:
        """What is printed before the next paragraph of this list (numId) and level, with its space; empty for bullets."""
        kind = self._abstract.get(number, "")
        levels = self._levels.get(kind, {})
        own = levels.get(level)
        if own is None:
            return ""
        if number not in self._seen:
            self._seen.add(number)
            for (name, at), start in self._starts.items():
                if name == number:
                    self._counts[kind, at] = start - 1
        key = (kind, level)
        self._counts[key] = min(self._counts.get(key, self._start(own) - 1) + 1, _MAX_NUMBER)
        for deeper in [each for each in self._counts if each[0] == kind and each[1] > level]:
            del self._counts[deeper]
        if self._value(own, "numFmt") in ("bullet", "none", "picture"):
            return ""
        text = re.sub(
            r"%([1-9])", lambda found: self._said(kind, levels, int(found[1]) - 1), self._value(own, "lvlText")[:40]
        )
        return text + (" " if text and (text[-1].isalnum() or text[-1] in ".)") else "")

    def _said(self, kind: str, levels: dict[int, Any], level: int) -> str:
        own = levels.get(level)
        if own is None:
            return ""
        number = max(0, self._counts.get((kind, level), self._start(own)))
        return _FORMATS.get(self._value(own, "numFmt"), str)(number)

    def _start(self, level: Any) -> int:
        return _int(self._value(level, "start") or "1")

    def _value(self, element: Any, name: str) -> str:
        found = element.find(f"{self._w}{name}")
        return "" if found is None else str(found.get(f"{self._w}val", ""))


def _int(value: str | None) -> int:
    return int(value) if value and value.isascii() and value.isdigit() and len(value) < 6 else 0
