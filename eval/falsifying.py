"""A true statement in, the same with one thing made false out; or None where a kind does not apply.

What a falsification puts in must not be true as well. So it is thrown away by construction when a quote has the
changed clause as it stands; when the changed figure, with unit and hedge, or the changed year, month, rank or name
stands anywhere in the quotes (kinds named `other … of the quote` take just those, and are thrown away only in a row
of like things); when the figures of the statement are the same as before; and, for two figures swapped, when nothing
but 、 or 和 is between them. Knows no verifier.
"""

import random
import re
from collections.abc import Callable, Sequence
from fractions import Fraction

from service.answering.figures import Figure, find_figures, fold_hedge
from service.answering.names import NameKind, find_names, tagged
from service.answering.numerals import spell
from service.answering.periods import find_periods

Falsifying = Callable[[str, "Source", random.Random], str | None]
_BEFORE = {
    "近": "超",
    "超": "近",
    "约": "超",
    "超过": "不足",
    "突破": "近",
    "逾": "近",
    "接近": "超",
    "至少": "至多",
    "不少于": "不超过",
}
_AFTER = {"以上": "以下", "以下": "以上", "左右": "以上", "以内": "以上"}
_UNITS = {"元": "美元", "个": "家", "家": "户", "项": "条", "件": "起", "人": "户", "亩": "平方公里", "公里": "米", "吨": "公斤", "天": "个月", "年": "个月",
          "个月": "年", "小时": "分钟", "分钟": "小时", "平方米": "亩", "户": "人", "人次": "人", "名": "户", "次": "年", "万元": "万美元", "条": "项"}  # fmt: skip
_COMPARATORS = {"同比": ["环比", ""], "环比": ["同比", ""], "累计": ["新增", "年均"], "人均": ["户均", ""], "年均": ["累计", ""], "新增": ["累计"],
                "比上年": ["比上月"], "净增": ["累计"], "最高": ["最低"], "每年": ["每月"], "每天": ["每月"], "平均": ["最高"]}  # fmt: skip
_DIRECTIONS = {"增长": "下降", "提高": "降低", "下降": "增长", "减少": "增加", "增加": "减少", "缩短": "延长", "压缩": "延长", "提升": "下滑", "上升": "下降",
               "降低": "提高", "扩大": "缩小", "降至": "升至", "增至": "降至", "超过": "低于", "回落": "回升", "提前": "推迟"}  # fmt: skip
_CHARACTERS = "安博长德东方富光海和恒华江金景康乐林龙明宁平清瑞山盛泰天通文湖新兴阳义永源云泽"


class Source:
    """The quotes of a statement, and the names that other statements hold."""

    def __init__(self, quotes: Sequence[str], pool: dict[str, list[str]]) -> None:
        self.text = re.sub(r"\s", "", "。".join(quotes))
        self.figures = {figure.claim for quote in quotes for figure in find_figures(quote)}
        self.pool = pool

    def holds(self, words: str) -> bool:
        return re.sub(r"\s", "", words) in self.text

    def tells(self, clause: str) -> bool:
        """Whether a quote has these words from the beginning of a clause on (30家 is not told by 近30家)."""
        plain = re.escape(re.sub(r"\s", "", clause))
        return re.search(f"(?:^|[，、。；：？！]){plain}", self.text) is not None


def name_pool(statements: Sequence[str]) -> dict[str, list[str]]:
    """The places, persons and organisations of statements, to put in each other's place."""
    kinds: tuple[NameKind, ...] = ("place", "person", "organisation")
    return {
        kind: sorted(
            {
                name.text
                for text in statements
                for name in find_names(text, kind)
                if re.match("[\u4e00-\u9fff]{2}", name.text)
            }
        )
        for kind in kinds
    }


def falsify(kind: str, text: str, quotes: Sequence[str], pool: dict[str, list[str]], rng: random.Random) -> str | None:
    """The statement with one thing of this kind made false; None where there is none, or it would be true."""
    source = Source(quotes, pool)
    new = KINDS[kind](text, source, rng)
    if new is None or new == text:
        return None
    at = next((n for n, (a, b) in enumerate(zip(text, new, strict=False)) if a != b), min(len(text), len(new)))
    cuts = [match.end() for match in re.finditer(r"[，。；？！]", new)]
    begin = max((cut for cut in cuts if cut <= at), default=0)
    end = min((cut - 1 for cut in cuts if cut > at), default=len(new))
    return None if source.tells(new[begin:end]) else new


def _figure(change: Callable[[Figure, random.Random], str | None]) -> Falsifying:
    """Change the writing of one figure so that its claim becomes another that no quote holds."""

    def falsifying(text: str, source: Source, rng: random.Random) -> str | None:
        figures = list(find_figures(text))
        rng.shuffle(figures)
        for figure in figures:
            changed = change(figure, rng)
            new = text[: figure.start] + changed + text[figure.end :] if changed is not None else text
            made = [
                f for f in find_figures(new) if f.start < figure.start + len(changed or "") and figure.start < f.end
            ]
            if changed and made and all(f.claim != figure.claim and f.claim not in source.figures for f in made):
                return new
        return None

    return falsifying


def _digit(figure: Figure, rng: random.Random) -> str | None:
    places = [n for n, character in enumerate(figure.text) if character in "0123456789"]
    if not places:
        return None
    at = rng.choice(places)
    digits = "123456789" if at == places[0] else "0123456789"
    return figure.text[:at] + rng.choice(digits.replace(figure.text[at], "")) + figure.text[at + 1 :]


def _word_digit(figure: Figure, rng: random.Random) -> str | None:
    places = [n for n, character in enumerate(figure.text) if character in "二三四五六七八九两"]
    if not places:
        return None
    at = rng.choice(places)
    return figure.text[:at] + rng.choice("三四五六七八九".replace(figure.text[at], "")) + figure.text[at + 1 :]


def _length(figure: Figure, rng: random.Random) -> str | None:
    match = re.search(r"\d+", figure.text)
    if not match:
        return None
    digits, at = match.group(), rng.randrange(len(match.group()))
    new = (
        digits[:at] + digits[at + 1 :] if len(digits) > 1 and rng.random() < 0.5 else digits + rng.choice("0123456789")
    )
    return figure.text[: match.start()] + new + figure.text[match.end() :] if new.lstrip("0") == new else None


def _magnitude(figure: Figure, rng: random.Random) -> str | None:
    match = re.search("[万亿]", figure.text)
    if match:
        return figure.text[: match.start()] + ("亿" if match.group() == "万" else "万") + figure.text[match.end() :]
    number = re.search(r"[\d.]*\d", figure.text)
    return (
        figure.text[: number.end()] + rng.choice("万亿") + figure.text[number.end() :]
        if number and figure.unit != "%"
        else None
    )


def _unit(figure: Figure, _: random.Random) -> str | None:
    new = _UNITS.get(figure.unit)
    return figure.text.replace(figure.unit, new, 1) if new and figure.unit in figure.text else None


def _points(figure: Figure, _: random.Random) -> str | None:
    if figure.unit == "百分点":
        return re.sub("个?百分点", "%", figure.text)
    return re.sub("[%％]", "个百分点", figure.text) if figure.unit == "%" and re.search("[%％]", figure.text) else None


def _hedge_added(figure: Figure, rng: random.Random) -> str | None:
    return None if figure.hedge else rng.choice(["近", "超", "约", "逾"]) + figure.text


def _hedge_removed(figure: Figure, _: random.Random) -> str | None:
    return figure.text.replace(figure.hedge, "", 1) if figure.hedge else None


def _hedge_changed(figure: Figure, rng: random.Random) -> str | None:
    if figure.hedge in ("余", "多"):
        return rng.choice(["近", "约"]) + figure.text.replace(figure.hedge, "", 1)
    new = _BEFORE.get(figure.hedge) or _AFTER.get(figure.hedge)
    if not new or fold_hedge(new) == fold_hedge(figure.hedge):
        return None
    return figure.text.replace(figure.hedge, new, 1)


def _time(mark: str, low: int, high: int, near: int, of_quote: bool) -> Falsifying:
    """A year or month by one that no quote names, or by one that a quote names elsewhere."""

    def falsifying(text: str, source: Source, rng: random.Random) -> str | None:
        inside = [(period.start, period.end) for period in find_periods(text)]
        found = [
            m for m in re.finditer(rf"(?<!\d)\d{{1,4}}(?={mark})", text) if any(a <= m.start() < b for a, b in inside)
        ]
        found = [m for m in found if low <= int(m.group()) <= high]
        if not found:
            return None
        match = rng.choice(found)
        held = {int(number) for number in re.findall(rf"(?<!\d)(\d{{1,4}})(?:{mark}|[—至-]\d)", source.text)}
        span = range(max(low, int(match.group()) - near), min(high, int(match.group()) + near) + 1)
        new = [n for n in span if (n in held) == of_quote and n != int(match.group())]
        return text[: match.start()] + str(rng.choice(new)) + text[match.end() :] if new else None

    return falsifying


def _word(table: dict[str, list[str]]) -> Falsifying:
    """One of the words of a table by another, where a figure follows in the clause."""
    sign = re.compile(
        f"(?:{'|'.join(sorted(table, key=len, reverse=True))})(?![强长])(?=[^，。；]{{0,14}}[0-9一二三四五六七八九十百])"
    )

    def falsifying(text: str, _: Source, rng: random.Random) -> str | None:
        found = [match for match in sign.finditer(text) if any(f.start >= match.end() for f in find_figures(text))]
        if not found:
            return None
        match = rng.choice(found)
        return text[: match.start()] + rng.choice(table[match.group()]) + text[match.end() :]

    return falsifying


def _quoted(text: str, source: Source, rng: random.Random) -> str | None:
    """A character of a name in quotation marks or of a title."""
    found = list(re.finditer(r"(?<=“)[^“”]{2,20}(?=”)|(?<=《)[^《》]{2,40}(?=》)", text))
    return _mistaken(text, rng.choice(found).span(), source, rng) if found else None


def _mistaken(text: str, span: tuple[int, int], source: Source, rng: random.Random) -> str | None:
    places = [n for n in range(*span) if "\u4e00" <= text[n] <= "\u9fff"]
    if not places:
        return None
    at = rng.choice(places)
    new = text[:at] + rng.choice(_CHARACTERS.replace(text[at], "")) + text[at + 1 :]
    return None if source.holds(new[slice(*span)]) else new


def _name(kind: NameKind) -> Falsifying:
    """A named place, person or organisation by another that no quote holds, or one of its characters by another."""

    def falsifying(text: str, source: Source, rng: random.Random) -> str | None:
        names = find_names(text, kind)
        if not names:
            return None
        name = rng.choice(names)
        if rng.random() < 0.3:
            return _mistaken(text, (name.start, name.end), source, rng)
        new = rng.choice(source.pool[kind])
        related = source.holds(new) or _shortens(new, name.text) or _shortens(name.text, new)
        return None if related else text[: name.start] + new + text[name.end :]

    return falsifying


def _shortens(one: str, other: str) -> bool:
    """Whether a name may be short for another: all its characters stand there in their order (企服中心)."""
    return re.search(".*".join(map(re.escape, one)), other) is not None


def _other_name(text: str, source: Source, rng: random.Random) -> str | None:
    """A place or person by another of the same quote that this statement's clause does not name."""
    kind: NameKind = rng.choice(("place", "person"))
    names = find_names(text, kind)
    held = sorted({name.text for name in find_names(source.text, kind)})
    if not names or len(held) < 2:
        return None
    name = rng.choice(names)
    begin = max(text.rfind(mark, 0, name.start) for mark in "，。；：") + 1
    end = min((at for mark in "，。；：" if (at := text.find(mark, name.end)) >= 0), default=len(text))
    new = [other for other in held if other[:2] not in text[begin:end] and name.text[:2] not in other]
    return text[: name.start] + rng.choice(new) + text[name.end :] if new else None


def _swapped(text: str, _: Source, rng: random.Random) -> str | None:
    """Two figures of one unit in each other's place."""
    figures = find_figures(text)
    pairs = [
        (one, two) for n, one in enumerate(figures) for two in figures[n + 1 :]
        if one.unit == two.unit and one.claim != two.claim
        and re.sub(r"[、和及与或，；]", "", "".join(_outside(text, one.end, two.start)))
    ]  # fmt: skip
    if not pairs:
        return None
    one, two = rng.choice(pairs)
    return text[: one.start] + two.text + text[one.end : two.start] + one.text + text[two.end :]


def _outside(text: str, start: int, end: int) -> list[str]:
    """The text between two places without its figures."""
    inside = [figure for figure in find_figures(text) if start <= figure.start and figure.end <= end]
    cuts = [start, *(at for figure in inside for at in (figure.start, figure.end)), end]
    return [text[a:b] for a, b in zip(cuts[::2], cuts[1::2], strict=True)]


def _negated(text: str, _: Source, rng: random.Random) -> str | None:
    """不, 未 or 没有 before a verb."""
    found = [start for start, word, tag in tagged(text) if tag == "v" and len(word) == 2]
    if not found:
        return None
    at = rng.choice(found)
    return text[:at] + rng.choice(["不", "未", "没有", "并未"]) + text[at:]


def _rank(text: str, source: Source, rng: random.Random) -> str | None:
    """A rank or ordinal by another that no quote holds."""
    found = list(re.finditer(r"第(?P<n>[一二三四五六七八九十]{1,3}|\d{1,3})|首(?=[位个家次批])", text))
    if not found:
        return None
    match, number = rng.choice(found), rng.randint(2, 40)
    new = "第" + (str(number) if (match["n"] or "一").isdigit() else spell(Fraction(number)))
    return None if source.holds(new) else text[: match.start()] + new + text[match.end() :]


KINDS: dict[str, Falsifying] = {
    "digit changed": _figure(_digit), "digit in words changed": _figure(_word_digit), "digit dropped or added": _figure(_length),
    "magnitude": _figure(_magnitude), "unit": _figure(_unit), "% and 百分点": _figure(_points),
    "hedge added": _figure(_hedge_added), "hedge removed": _figure(_hedge_removed), "hedge changed": _figure(_hedge_changed),
    "year": _time("年", 1900, 2100, 6, of_quote=False), "month": _time("月", 1, 12, 11, of_quote=False),
    "other year of the quote": _time("年", 1900, 2100, 30, of_quote=True),
    "comparator": _word(_COMPARATORS), "direction": _word({word: [other] for word, other in _DIRECTIONS.items()}),
    "quoted name or title": _quoted, "place": _name("place"), "person": _name("person"), "organisation": _name("organisation"),
    "other name of the quote": _other_name, "two figures swapped": _swapped, "negation": _negated, "rank": _rank,
}  # fmt: skip
"""What makes a statement false, by name."""
