"""A true statement in, the same said otherwise out: what a verifier must not object to.

Every rewriting keeps the meaning by itself: numbers, dates and hedges in another form of writing, full width, linking
words, near synonyms, the date moved behind the subject, parts left out or put in another order where nothing hangs
on them. Knows no verifier.
"""

import random
import re
from collections.abc import Callable
from fractions import Fraction

from service.answering.figures import Figure, find_figures
from service.answering.names import find_names, tagged
from service.answering.numerals import spell
from service.answering.periods import find_periods

Rewriting = Callable[[str, random.Random], str | None]

_HEDGES = {"近": ["接近", "将近"], "超": ["超过", "逾"], "超过": ["超", "逾"], "约": ["大约"], "突破": ["超", "超过"], "逾": ["超"],
           "接近": ["近"], "至少": ["不少于"], "不少于": ["不低于"]}  # fmt: skip
_SYNONYMS = {"增长": "增加", "推动": "促进", "打造": "构建", "提升": "提高", "破解": "解决", "助力": "支持", "推出": "出台", "开展": "实施",
             "建立": "建成", "提高": "提升", "缩短": "压缩", "加快": "加速", "参与": "参加", "培育": "培养", "便利": "方便", "促进": "带动"}  # fmt: skip
_OPENINGS = ("据介绍，", "文章提到，", "其中，", "目前，", "根据文章，", "数据显示，")


def _number(figure: Figure) -> str | None:
    """Where the number of a plain figure ends in its text; None for ranges, fractions and figures with a hedge."""
    match = re.match(r"[\d,，.]+(?:万亿|亿|万|千(?![米克瓦])|百(?!分))?", figure.text)
    plain = match is not None and not figure.hedge and figure.low is None and figure.value > 0
    return match.group() if plain and match else None


def number_form(text: str, rng: random.Random) -> str | None:
    """2.1万户 as 21000户, 21,000户, 两万一千户 or 二万一千户; 20% as 百分之二十; 0.5亿元 as 5000万元."""
    figures = [
        figure for figure in find_figures(text)
        if _number(figure) and figure.unit and not _named(text, figure.start) and not re.match(r"[一二三四五六七八九十\d]", figure.text[len(_number(figure) or "") :])
    ]  # fmt: skip
    if not figures:
        return None
    figure = rng.choice(figures)
    number = _number(figure) or ""
    rest = figure.text[len(number) :]
    if figure.unit == "%" and rest.strip() in ("%", "％"):
        new = rng.choice([f"百分之{spell(figure.value)}", f"百分之{number}", f"{number}％"])
    else:
        new = rng.choice(_numbers(figure.value)) + rest
    return text[: figure.start] + new + text[figure.end :]


def _numbers(value: Fraction) -> list[str]:
    """Ways to write a number above 0."""
    ways = [f"{int(value)}", f"{int(value):,}"] if value.denominator == 1 else [_decimal(value)]
    ways += [f"{_decimal(value / size)}{mark}" for size, mark in ((10**4, "万"), (10**8, "亿")) if value >= size / 100]
    if value >= 11 and value * 100 == int(value * 100):
        words = spell(value)
        ways += [
            words,
            words.replace("二千", "两千").replace("二万", "两万", 1) if not words.endswith("十二万") else words,
        ]
    return [way for way in ways if way]


def _decimal(value: Fraction) -> str:
    shown = f"{float(value):.8f}".rstrip("0").rstrip(".")
    return shown if Fraction(shown) == value else ""


def date_form(text: str, rng: random.Random) -> str | None:
    """2023年9月 as 二〇二三年九月 or ２０２３年９月."""
    periods = [period for period in find_periods(text) if re.fullmatch(r"\d{4}年(\d{1,2}月(\d{1,2}日)?)?", period.text)]
    if not periods:
        return None
    period = rng.choice(periods)
    spelled = re.sub(r"\d{4}", lambda m: "".join("〇一二三四五六七八九"[int(d)] for d in m.group()), period.text)
    spelled = re.sub(r"\d{1,2}", lambda m: spell(Fraction(m.group())), spelled)
    new = rng.choice([spelled, period.text.translate(_FULL), re.sub(r"(\d+)", r" \1 ", period.text).strip()])
    return text[: period.start] + new + text[period.end :]


_FULL = str.maketrans("0123456789%", "０１２３４５６７８９％")


def full_width(text: str, _: random.Random) -> str | None:
    """All digits and percent signs in full width."""
    return text.translate(_FULL) if re.search(r"\d", text) else None


def hedge_form(text: str, rng: random.Random) -> str | None:
    """A hedge by another of the same meaning: 近 by 接近, 超 by 逾, 30余家 by 超过30家."""
    figures = [figure for figure in find_figures(text) if figure.hedge]
    if not figures:
        return None
    figure = rng.choice(figures)
    if figure.hedge in _HEDGES and figure.text.startswith(figure.hedge):
        new = rng.choice(_HEDGES[figure.hedge]) + figure.text[len(figure.hedge) :]
    elif figure.hedge in ("余", "多"):
        new = rng.choice(["超过", "超", "逾"]) + figure.text.replace(figure.hedge, "", 1)
    else:
        return None
    return text[: figure.start] + new + text[figure.end :]


def opening(text: str, rng: random.Random) -> str | None:
    """A linking or reporting phrase before the statement."""
    return rng.choice(_OPENINGS) + text


def synonym(text: str, rng: random.Random) -> str | None:
    """One word by another that says the same there."""
    found = [(start, word) for start, word, _ in tagged(text) if word in _SYNONYMS and not _named(text, start)]
    if not found:
        return None
    start, word = rng.choice(found)
    return text[:start] + _SYNONYMS[word] + text[start + len(word) :]


def _named(text: str, at: int) -> bool:
    """Whether a place in a text is in a quotation, a title, brackets, or a name."""
    marks = re.finditer(r"“[^”]*”|《[^》]*》|（[^）]*）|“[^”]*$|^[^“]*”", text)
    names = (name for kind in ("organisation", "place", "person") for name in find_names(text, kind))
    spans = [match.span() for match in marks] + [(name.start, name.end) for name in names]
    return any(start <= at < end for start, end in spans)


def date_behind(text: str, _: random.Random) -> str | None:
    """“2023年9月，总书记到浙江考察” as “总书记2023年9月到浙江考察”."""
    match = re.match(r"(?P<date>(?:(?:19|20)\d\d年|今年|去年)[^，。]{0,8})，(?P<rest>.+)", text)
    if not match or not any(p.end == match.end("date") and p.start == 0 for p in find_periods(text)):
        return None
    rest, at = match["rest"], 0
    for start, word, tag in tagged(rest):
        if start != at or tag[0] != "n":
            break
        at = start + len(word)
    following = next((tag for start, _, tag in tagged(rest) if start == at), "x")
    return f"{rest[:at]}{match['date']}{rest[at:]}" if at and following[0] in "vdp" else None


def last_by_and(text: str, _: random.Random) -> str | None:
    """The last 、 of a list of two or more by 和."""
    found = [
        m.start()
        for m in re.finditer(r"(?<=[\u4e00-\u9fff]{2})、(?=[\u4e00-\u9fff]{2})", text)
        if not _named(text, m.start())
    ]
    return text[: found[-1]] + "和" + text[found[-1] + 1 :] if found else None


def sentences_turned(text: str, _: random.Random) -> str | None:
    """Two whole sentences in the other order, where the second names its own subject and neither tells a time."""
    parts = re.findall("[^。]+。", text)
    if len(parts) < 2 or "".join(parts) != text or find_periods(text) or re.search(r"“[^”]*。", text):
        return None
    firm = all(tagged(part)[0][2][0] in "n" for part in parts)
    return "".join([*parts[1:], parts[0]]) if firm else None


def clause_left_out(text: str, rng: random.Random) -> str | None:
    """A clause in the middle left out that holds no figure or date, none following in its sentence either."""
    if re.search("“[^”]*，", text):
        return None
    parts = re.split("(?<=，)", text)
    free = [
        n for n in range(1, len(parts) - 1)
        if not (find_figures("".join(parts[n:])) or find_periods("".join(parts[n:]))) and not re.search("[。；：]", parts[n])
        and parts[n + 1][:1] not in "并而但也"
    ]  # fmt: skip
    if not free:
        return None
    gone = rng.choice(free)
    return "".join(parts[:gone] + parts[gone + 1 :])


REWRITINGS: dict[str, Rewriting] = {
    "number form": number_form, "date form": date_form, "full width": full_width, "hedge form": hedge_form,
    "opening": opening, "synonym": synonym, "date behind subject": date_behind, "last item by 和": last_by_and,
    "sentences turned": sentences_turned, "clause left out": clause_left_out,
}  # fmt: skip


def rewrite(text: str, rng: random.Random, most: int = 3) -> tuple[str, tuple[str, ...]] | None:
    """A statement rewritten in one to `most` ways, and which; None where none applies."""
    done: list[str] = []
    for kind in rng.sample(sorted(REWRITINGS), len(REWRITINGS)):
        if len(done) < rng.randint(1, most) and (new := REWRITINGS[kind](text, rng)) and new != text:
            text, done = new, [*done, kind]
    return (text, tuple(done)) if done else None
