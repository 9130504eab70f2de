"""An English question in, the same with its question words, dates and units in Chinese out. Knows no dictionary."""

import re
from typing import Final

STOP_WORDS: Final = frozenset(
    """
    a an the of for to in on at by with from into and or as is are was were be been being has have had do does did that
    this these those its their his her it they he she there than then also such not no will would can could should may
    s t about after before during under over between among through within per each every any all both one ones
    according included including include say said mention mentioned described called named known issue article articles
    text please tell me i we you us our your my give show many much more most other besides so far how what which who when where why
    """.split()
)
"""Words that are left out."""

_MONTHS: Final = "january february march april may june july august september october november december".split()
_NOUNS: Final = {
    "year": "年", "month": "月", "date": "天", "day": "天", "place": "地方", "location": "地方", "city": "城市", "cities": "城市", "county": "县", "counties": "县",
    "province": "省", "district": "区", "village": "村", "town": "镇", "country": "国家", "countries": "国家",
    "company": "公司", "companies": "公司", "enterprise": "企业", "firm": "公司", "bank": "银行", "hospital": "医院", "court": "法院",
    "university": "大学", "college": "学院", "institute": "研究院", "school": "学校", "department": "部门", "agency": "机构", "agencies": "机构", "organization": "机构",
    "organisation": "机构", "institution": "机构", "law": "法律", "regulation": "条例", "document": "文件", "plan": "规划",
    "book": "书", "measure": "措施", "step": "举措", "industry": "行业", "industries": "行业", "area": "方面", "aspect": "方面",
    "field": "领域", "project": "项目", "reform": "改革", "platform": "平台",
}  # fmt: skip
_PEOPLE: Final = (
    "official|person|author|expert|lawyer|mediator|leader|researcher|scholar|writer|director|entrepreneur|judge|mayor|"
    "secretary|engineer|professor|teacher|doctor|scientist|manager|poet|minister|spokes(?:man|woman|person)|founder"
)
_NOUN: Final = "|".join(sorted(_NOUNS, key=len, reverse=True))
_VERBS: Final = r"(?:is|are|was|were|does|do|did|has|have|had|of|the|in|on|at|for|to|by)\b"
_FIRM: Final = frozenset("公司 企业 银行 医院 法院 大学 学院 研究院 学校".split())

_YEAR = r"(?P<year>(?:19|20)\d\d)"
_MONTH = rf"(?P<month>{'|'.join(_MONTHS)})"
_MONEY = r"(?:\s*(?:rmb|yuan|cny))"


def framed(question: str) -> str:
    """The question with what frames it in Chinese; the words that say what it is about stay English."""
    text = question
    for pattern, replacement in _FRAMES:
        text = pattern.sub(replacement, text)
    return text


def _which(found: re.Match[str]) -> str:
    noun = found["noun"].lower()
    word = _NOUNS.get(noun) or _NOUNS[noun.removesuffix("s")]
    several = (noun.endswith("s") and noun.removesuffix("s") in _NOUNS) or noun.endswith("ies")
    if word in ("年", "天", "月"):
        return f" 哪一{word} " if word != "月" else " 哪个月 "
    asked = "哪些" if several else "哪家" if word in _FIRM else "哪个"
    return f" {asked} {found['what']} {word} "


def _date(found: re.Match[str]) -> str:
    parts = found.groupdict()
    year = f"{parts['year']}年" if parts.get("year") else ""
    day = f"{int(parts['day'])}日" if parts.get("day") else ""
    return f" {year}{_MONTHS.index(parts['month'].lower()) + 1}月{day} "


def _amount(found: re.Match[str]) -> str:
    """English counts by thousands, Chinese by ten thousands."""
    value = (
        float(found["value"].replace(",", ""))
        * {"thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12}[found["scale"].lower()]
    )
    for scale, unit in ((1e12, "万亿"), (1e8, "亿"), (1e4, "万")):
        if value >= scale:
            return f" {value / scale:.6g}{unit}{'元' if found['money'] else ''} "
    return f" {value:.6g}{'元' if found['money'] else ''} "


def _called(found: re.Match[str]) -> str:
    """Chinese says what is told of a thing before its noun, and asks for its name right after."""
    return f" {found['rest'] or ''} {found['head']} 叫什么 "


def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


_MEASURED: Final = (
    "rate|share|price|cost|area|output|revenue|income|total|value|size|length|capacity|throughput|proportion|percentage|"
    "ratio|increase|growth|amount|budget|investment|subsidy|fee|score|number|sum"
)
_HEAD_ENDS: Final = "that|which|who|for|of|in|at|to|built|used|set|launched|created|developed|run"

_FRAMES = (
    (
        _compiled(r"[\"“'‘](?:[A-Za-z][A-Za-z\d&,. -]*)[\"”'’]\s*[(（](?=[\"“]?[\u3400-\u9fff])([^()（）]+)[)）]"),
        r" \1 ",
    ),
    (re.compile(r"\b[A-Z][A-Za-z]*(?: [A-Z][A-Za-z]*)*\s*[(（](?=[\"“]?[\u3400-\u9fff])([^()（）]+)[)）]"), r" \1 "),
    (_compiled(r"[\"“]([A-Za-z][A-Za-z\d&,. -]*)[\"”]"), r" \1 "),
    (_compiled(r"\b(?:besides|except(?: for)?|other than|apart from|in addition to)\b"), " 除 "),
    (_compiled(rf"\b{_MONTH}\s+(?P<day>\d\d?)(?:st|nd|rd|th)?(?:,?\s+{_YEAR})?\b"), _date),
    (_compiled(rf"\b(?P<day>\d\d?)(?:st|nd|rd|th)?\s+(?:of\s+)?{_MONTH}(?:,?\s+{_YEAR})?\b"), _date),
    (_compiled(rf"\b{_MONTH},?\s+(?:of\s+)?{_YEAR}\b"), _date),
    (_compiled(r"\b(?:by|at|until) the end of (?:the year )?((?:19|20)\d\d)\b"), r" \1年底 "),
    (_compiled(r"\b(?:by|at|until) the end of (?=\s*(?:19|20)\d\d年\d)"), " "),
    (_compiled(r"\bsince ((?:19|20)\d\d)\b"), r" \1年以来 "),
    (_compiled(r"\bfirst half of ((?:19|20)\d\d)\b"), r" \1年上半年 "),
    (_compiled(r"(?<![\d.,])((?:19|20)\d\d)(?![\d.,]*\d|年|\s*(?:yuan|rmb))"), r" \1年 "),
    (_compiled(rf"(?P<value>\d[\d,.]*)\s*(?P<scale>thousand|million|billion|trillion)(?P<money>{_MONEY})?\b"), _amount),
    (_compiled(r"\b(?:per ?cent|percentage points?)\b"), " % "),
    (_compiled(r"\b(?:by )?(?:what|which) (?:percentage|percent|proportion|share)(?: of)?\b"), " 百分之多少 "),
    (_compiled(r"\bhow (?:did|has|have|does) (.+?) (?:changed?|evolved?)\b"), r" \1 有什么变化 "),
    (
        _compiled(
            r"\b(?:by )?how (?:many|much)\b|\bwhat (?:is|was|were|are) the (?:total )?(?:number|amount|sum|size|value)(?: of)?\b"
        ),
        " 多少 ",
    ),
    (_compiled(r"\bhow long\b"), " 多长时间 "),
    (_compiled(r"\bhow (?:large|big)\b"), " 多大 "),
    (_compiled(r"\bhow (?:far)\b"), " 多远 "),
    (_compiled(r"\bhow high\b"), " 多高 "),
    (_compiled(r"\bwho(?:se|m)?\b"), " 谁 "),
    (_compiled(rf"\b(?:which|what) (?:[a-z]+ )?(?:{_PEOPLE})\b"), " 谁 "),
    (
        _compiled(rf"\b(?:on |in )?(?:which|what) (?P<what>(?:(?!{_VERBS})[a-z-]+ ){{0,2}}?)(?P<noun>(?:{_NOUN})s?)\b"),
        _which,
    ),
    (_compiled(r"\bwhat (?:does|do|did) (.+?) (?:mean|refer to|stand for)\b"), r" \1 是什么意思 "),
    (
        _compiled(
            rf"\bwhat (?:is|are|was|were) (?:the )?(?P<head>(?:(?!(?:{_HEAD_ENDS})\b)[a-z-]+ ){{1,4}})"
            rf"(?P<rest>(?:{_HEAD_ENDS})\b.+?)? ?\b(?:called|named|known as)\b"
        ),
        _called,
    ),
    (
        _compiled(
            rf"\bwhat (?:is|are|was|were) ((?:the )?(?:(?!(?:{_HEAD_ENDS})\b)[a-z-]+ ){{0,4}}?(?:{_MEASURED}))\b(?= (?:of|in|for|among|from|at)\b|\?|$)"
        ),
        r" 多少 \1 ",
    ),
    (_compiled(rf"\b(?:what|which) (?=(?:[a-z-]+ ){{0,2}}?(?:{_MEASURED})\b)"), " 多少 "),
    (_compiled(r"\bwhat (?:is|are|was|were) ([^,?]+)(?=\?|$)"), r" \1 是什么 "),
    (_compiled(r"\bwhen\b"), " 什么时候 "),
    (_compiled(r"\bwhere\b"), " 哪里 "),
    (_compiled(r"\bwhy\b"), " 为什么 "),
    (_compiled(r"\bhow (?:do|does|did|is|are|was|were|can|has|have)\b|\bhow\b"), " 如何 "),
    (_compiled(r"\b(?:what|which)\b"), " 什么 "),
)
"""Patterns in the order in which they are applied, and what each becomes."""
