"""The text of a sentence in, signs of what it does out: define, list, say by what means, why, with what effect, who speaks."""

from __future__ import annotations

import re
from functools import lru_cache

from index.occurrences import occurrences
from service.answering.listing import items

_CUES: tuple[tuple[str, re.Pattern[str]], ...] = tuple((name, re.compile(pattern)) for name, pattern in (
    ("defines", "是指|指的是|即|是由|意思是|就是|所谓|是一[种个项]|”(?:是|为|，即|指)"),
    ("is", "[是为即指]"),
    ("means", "通过|利用|依托|运用|借助|采[取用]|借力|凭借|基于|以[^，。]{2,20}为"),
    ("deeds", "建立|推动|实施|构建|推进|创新|打造|开展|制定|完善|强化|推[出行]|设立|组建|出台|上线|开发|首创|探索|开设|成立"),
    ("causes", "因为|由于|因此|原因|为了|为[^，。]{2,16}[，、]|针对|导致|破解|缘于|在于"),
    ("effects", "同比|增长|提[高升]|下降|减少|缩短|累计|达到?[0-9]|实现[^，。]{0,12}[0-9]|[0-9](?:亿|万)?元|[0-9]%"),
    ("purpose", "旨在|以便|确保|从而|使得|让|助力|促进|有效"),
    ("speech", "[说称道：]“|表示|介绍|认为|指出|强调|坦言"),
    ("plans", "下一步|未来|今后|接下来|将(?!军)|计划"),
    ("past", "去年|此前|过去|以前|原先|以往|曾"),
    ("first", "我们?|咱"),
    ("numbered", "[一二三四五六]是|首先|其次|第[一二三四五六](?![批届季])|（[一二三四五六]）|[①②③]"),
    ("colon", "[：:]"),
    ("example", "例如|比如|譬如|如[^果何今]|为例"),
    ("negative", "[不没无未难缺]"),
    ("question", "[？?]"),
    ("divided", "包括|分为|分别|涵盖|主要有|其中|等[0-9]+[个项类种]"),
    ("counts", r"(?:[二两三四五六七八九十]|\d+)(?:大|个|项|种|类|方面|条|张|部分|步)"),
    ("after all", "一方面|另一方面"),
    ("problem", "难题|困难|问题|瓶颈|短板|痛点|担心|面临|缺[乏少]|滞后|薄弱|制约|矛盾"),
    ("target", "目标|力争|争取|到20[0-9]{2}年|努力|建成|迈向|打造成"),
    ("event", "日前|近日|印发|发布|召开|举行|获悉|记者|会上|出席"),
    ("praise", "重要|意义|显著|积极|充分|高度重视|营造|奠定|关键|有力"),
    ("rule", "必须|不得|应当?|可以|凡|按照?[^，。]{2,14}(?:标准|原则|比例)|原则上|对[^，。]{2,20}的，"),
    ("gives", "给予|予以|提供|发放|补贴|奖励|资助|免费|减免|补助|安排|享受"),
))  # fmt: skip
_STARTS: tuple[tuple[str, re.Pattern[str]], ...] = tuple((name, re.compile(pattern)) for name, pattern in (
    ("goes on", "此外|同时|还|另外|与此同时|并|而且|不仅如此|也|除此"),
    ("points back", "[该这其它他她此]|据悉|据介绍|对此|于是|因此"),
    ("when", "今年|去年|近[年日来]|目前|[0-9]{4}年|截至|自|当前"),
    ("quote", "[“「]"),
    ("turns", "但|然而|不过|却"),
    ("lists", "一是|首先|第一|（一）|一、|分别是|包括|其中|具体"),
    ("goes on listing", "[二三四五六七八]是|其次|第[二三四五六七八]|（[二三四五六]）|[二三四五六七八]、"),
    ("aims", "为(?!人|民)了?"),
    ("so", "为此|对此|于是|因此|据此|由此|在此基础上|随后|后来|最终|最后|之后"),
    ("by", "通过|依托|按照|根据|针对|围绕|聚焦|结合|借助|利用|以"),
    ("deed", "建立|推动|实施|构建|推进|创新|打造|开展|制定|完善|强化|推[出行]|设立|组建|出台|开发|探索|支持|鼓励|加[强大快]|健全|落实|优化"),
    ("names one", "“[^”]{1,12}”"),
))  # fmt: skip
_COUNTED = {"pauses": "、", "semicolons": "；", "quotes": "”", "commas": "，", "titles": "《"}

CUE_NAMES = (
    *(name for name, _ in _CUES),
    *(f"starts: {name}" for name, _ in _STARTS),
    *_COUNTED,
    "figures",
    "ends open",
    "items",
)


@lru_cache(maxsize=8192)
def cues(text: str) -> list[float]:
    """The signs of a sentence by `CUE_NAMES`; `text` is folded."""
    found = [float(len(pattern.findall(text))) for _, pattern in _CUES]
    found += [float(bool(pattern.match(text))) for _, pattern in _STARTS]
    found += [float(text.count(mark)) for mark in _COUNTED.values()]
    return [
        *found,
        float(len(re.findall(r"\d[\d.,]*", text))),
        float(not re.search("[。！？!?”]$", text)),
        float(max(items(text), default=0)),
    ]


_ASKED = tuple(re.compile(word) for word in (
    "什么是|是什么|意思|指什么|何谓", "做什么|干[什嘛啥]|用来|作用|用途", "哪些|哪几", "如何|怎[么样]|咋", "办法|方式|做法|措施|举措|手段|途径|机制",
    "为什么|为何|原因|为啥", "分别|各", "吗|是否|能不能|有没有", "谁|哪[家个位]", "包括|包含|组成|构成|分为", "什么样|怎样的", "步骤|环节|流程|阶段",
    "特点|特征|优势|好处", "要求|条件|标准|原则", "问题|困难|难题|痛点", "效果|成效|变化|结果|影响", "目标|目的|任务|方向|重点", "帮|支持|服务|保障", "内容|方面",
))  # fmt: skip


def asked_cues(text: str) -> list[float]:
    """What kind of question it is, by its words."""
    return [float(bool(pattern.search(text))) for pattern in _ASKED]


NAME_CUES = 5
_DEFINITION = re.compile(
    r"[”》」]?(?:机制|模式|体系|改革|平台|工作法|行动|工程|制度|应用)?[，,]?"
    r"(?:(?P<sure>的意思|就是|是指|指的是|即|是一[种个项]|是(?:由|具有|以))|是(?![否不])|为|由|指|旨在|面向|包括|分为)"
)


_BRINGS = re.compile(
    "(?:创[建新设]|推[出行]|打造|建[立成设]|研发|开发|探索|首创|实施|开展|构建|成立|设立|启动|创|叫)[^，。；]{0,16}$"
)
"""Doings right before a name that bring what it names into the world."""

NEAR_CHARS = 24
"""How far before a name they are looked for."""


def name_cues(text: str, names: tuple[str, ...]) -> tuple[float, ...]:
    """How far a sentence says what one of the names means; where it stands, 1 at the start, 0 where it does not; whether
    it stands in quotation marks; whether it is said to be brought into the world; how much follows it in the sentence.
    """
    best = (0.0,) * NAME_CUES
    for name in names:
        at = text.find(name)
        if at < 0:
            continue
        said = _defined(text, name)
        defines = (1.0 if said["sure"] else 0.6) if said else 0.0
        marked = at > 0 and text[at - 1] in "“《「"
        brought = float(bool(_BRINGS.search(text[max(0, at - NEAR_CHARS) : at].rstrip("“《「"))))
        follows = float(min(len(text) - at - len(name), 100))
        best = max(best, (defines, 1 - at / max(1, len(text)), float(marked), brought, follows))
    return best


def _defined(text: str, name: str) -> re.Match[str] | None:
    """What says the meaning right after the name."""
    found = (_DEFINITION.match(text, at + len(name)) for at in occurrences(text, name))
    return next(filter(None, found), None)
