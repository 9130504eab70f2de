"""A slot and its best fact in, out what keeps the fact from being the answer though much of the question stands around it.

Each check asks for two signs together: the sentence lacks something that the question names, and holds another of the
same sort in its place (出口 and 进出口, one person and another). A paraphrase alone never counts.
"""

import re
from collections.abc import Sequence

from index.sentences import clauses_around
from service.answering.classed import may_be_country
from service.answering.counted import not_counted, unentered
from service.answering.evidence import WeightedWord
from service.answering.facts import Fact
from service.answering.figures import find_figures
from service.answering.kinds import other_kind
from service.answering.names import NameKind, find_names, tagged
from service.answering.places import is_known
from service.answering.question import Question, is_chinese
from service.answering.sentence import Sentence
from service.answering.slots import Slot
from service.answering.suitability import unasked_time
from service.answering.wording import Kind

_SORTS = tuple(
    tuple(re.compile(pattern) for pattern in row.split())
    for row in (
        "(?<!进)出口 (?<!出)进口(?!出) 进出口",
        "(?<!进)出口|外销|海外|境外|国外 卖出|售出|内销",
        "五星 四星 三星 [两二]星 一星",
        "男 女",
        "上半年 下半年 全年",
        "一期 二期 三期",
        "国家级|国家(?=专精|重点|一级) 省级 市级 县级",
        "新增 累计",
        "城镇 农村",
        "公办 民办",
        "国有 民营",
        "线上 线下",
        "户籍 常住",
        "小学 初中 高中 大学",
        "一等奖 二等奖 三等奖",
        "金奖 银奖 铜奖",
        "撤出|撤离|退出|搬离|迁出 落户|入驻|进驻|迁入",
        "推迟|延期|延后 提前|如期|起施行",
        "(?:增长|增加|上升|上涨|增多|反增) (?:下降|减少|降低|缩减|下滑|回落)",
        "撤销|解散|关停|停办 成立|设立|组建|创办",
        "联合国|世界|国际 (?<!哪个)(?<!哪些)国家级?(?!标准)|全国|国内",
        "去世|逝世 出生|诞生",
        "民事 刑事",
        "延长|拉长 缩短|压缩",
        "扩大 缩小",
        "专科 本科 硕士 博士",
        "日资 韩资 美资 德资 台资 港资 法资",
        "增值税 所得税 消费税",
        "上游 中游 下游",
        "短期 中期 长期",
        "公立 私立",
        "东部 中部 西部",
        "红色 黄色 橙色 蓝色",
        "辞职|卸任|离任 上任|就任|出任|任命",
    )
)
"""Words of which only one holds at a time."""

_MEASURES = tuple(
    re.compile(pattern)
    for pattern in (
        "(?<!民间)(?<!招)投资", "产值", "营收|营业收入|销售收入|销售额|营业额", "利润", "成本|费用|开支", "收费|费用", "贷款|授信|信贷", "融资|募集", "工资|薪", "税收|纳税",
        "补贴|补助|贴息|奖励|资助(?![过了的])", "注册资本|资本金", "罚", "进出口", "(?<!进)出口", "(?<!出)进口(?!出)", "满意[率度]", "办结率", "成功率", "完成率", "覆盖率", "达标率",
        "面积|占地", "产量", "销量", "规模", "编制", "售价|卖价|价格", "租金", "奖金", "捐", "交易额|成交",
    )
)  # fmt: skip
"""What a figure may measure; a figure of the one is not a figure of the other."""

_WHY = re.compile("为什么|为何|为啥|缘何|[咋怎]么?[就会不]|出于[什何啥]|什么原因|原因是")
_AFTERWARDS = re.compile("(?:取消|叫停|停办|关停|终止|撤销|撤[掉走并]|裁撤|停掉|关掉|废[除止]).{0,14}?后")
_DENIALS = tuple(
    (re.compile(denial), re.compile(told))
    for denial, told in (
        (
            "取消|叫停|停止|关停|停办|暂停|终止|撤销|移出|撤[掉走并]|裁撤|停掉|关掉|废[除止]",
            "取消|停|撤|移出|除名|关闭|终止|废|不再|淘汰|清退",
        ),
        ("跌出|掉出|落榜", "跌|掉出|落榜|退出"),
        ("不让|不准|不许|不给|不到|不足|禁止|拒绝", "[不未没无禁停限拒]|取消|以下"),
    )
)
"""What a question may take to be stopped or denied, and how a source says that something is."""
_CLASS = re.compile(
    "哪(?:些|几|[二两三四五六七八九十])(?:个|所|家|座)?(?:(?P<country>国家(?!级))|(?P<school>高校|大学|学院)|(?P<hospital>医院)|(?P<place>城市|地市|市|县))|(?P<listed>医院|高校|城市)$"
)


def signs_against(question: Question, slot: Slot, words: Sequence[WeightedWord], fact: Fact) -> dict[str, str | None]:
    """What speaks against a fact, by kind of sign: the word of the question that it lacks; None for signs not there,
    and for all of questions in another language, whose words are only translated one by one.
    """
    if not is_chinese(question.asked):
        return dict.fromkeys(_SIGNS)
    clause = clauses_around(fact.match.sentence.text, fact.start, fact.end)
    figure = slot.kind is Kind.FIGURE
    found = (
        _other_sort(question, slot, fact, clause),
        _other_name(question, slot, words, fact),
        _other_measure(question, slot, clause) or _other_change(question, slot, fact) if figure else None,
        not_counted(question, slot, fact) if figure else None,
        slot.focus if figure and _lasts(slot, fact) else None,
        _unnamed(question, fact) if not figure and slot.kind is not Kind.DATE else None,
        _denied(question, fact),
    )
    return dict(zip(_SIGNS, found, strict=True))


_SIGNS = ("other sort", "other name", "other measure", "not counted", "lasts", "unnamed", "denied")


def contrast(question: Question, slot: Slot, words: Sequence[WeightedWord], fact: Fact) -> str | None:
    """What is missing, as a clause for people; None where nothing speaks against the fact."""
    if is_chinese(question.asked):
        if other := _other_honour(question, fact) or other_kind(question, slot, words, fact):
            return f"没有提到“{other}”"
        if entry := unentered(slot, fact):
            return f"没有找到“{entry}”的数字"
    signs = signs_against(question, slot, words, fact)
    return next((_TOLD[sign].format(word) for sign, word in signs.items() if word), None)


_TOLD = dict(zip(_SIGNS, (
    "没有提到“{}”的相关内容", "没有提到“{}”的相关内容", "没有找到“{}”的数字", "没有找到“{}”的数字", "没有找到所问的数字", "没有列出所问的{}",
    "没有提到“{}”这一情况",
), strict=True))  # fmt: skip


_HONOURED = re.compile(
    "(?:评为|列为|列入|入选|授予|获评|荣获|认定为|命名为)了?(?P<what>(?:(?![有是对被])[\u4e00-\u9fff]){3,16}?)(?:的|是|[?？,，]|$)"
)
_HONOUR_FLOOR = 0.5
"""Least share of the characters of a title or list that a sentence about it says; abbreviations keep more."""


def _other_honour(question: Question, fact: Fact) -> str | None:
    """The title or list that the question takes a thing to have come by, where the source tells of another."""
    found = _HONOURED.search(question.text)
    if found is None:
        return None
    sentence = fact.match.sentence
    said = sum(character in sentence.folded + sentence.heading for character in found["what"])
    return found["what"] if said < _HONOUR_FLOOR * len(found["what"]) else None


def _denied(question: Question, fact: Fact) -> str | None:
    """What a question takes to be denied or stopped, and asks the reason of or what came after it, where the source denies
    nothing.
    """
    around = fact.match.sentence.before + fact.match.sentence.folded
    supposed = _WHY.search(question.text) or _AFTERWARDS.search(question.text)
    asked = ((denial.search(question.text), told) for denial, told in _DENIALS if supposed)
    return next((found.group() for found, told in asked if found and not told.search(around)), None)


_OF_THE_STATE = re.compile("国家(?=[\u4e00-\u9fff]{1,8}?[局委部署])")
"""In the name of a body it says no level (国家发改委)."""


def _other_sort(question: Question, slot: Slot, fact: Fact, clause: str) -> str | None:
    """A word of the question in whose place the sentence, or the clause of a figure, has one that excludes it."""
    sentence = fact.match.sentence
    near = clause if slot.kind is Kind.FIGURE else sentence.folded
    for row in _SORTS:
        asked = [match for pattern in row if (match := pattern.search(_OF_THE_STATE.sub("", question.text)))]
        if len(asked) != 1 or asked[0].re.search(sentence.folded + sentence.heading):
            continue
        if any(pattern.search(near) for pattern in row if pattern is not asked[0].re):
            return asked[0].group()
    return None


def _other_name(question: Question, slot: Slot, words: Sequence[WeightedWord], fact: Fact) -> str | None:
    """A person or body of the question in whose place the sentence names another."""
    sentence = fact.match.sentence
    bodies = [text.removeprefix("中共") for _, text, tag in tagged(question.text) if tag == "nt" and len(text) > 3]
    for body in bodies:
        spelt = re.compile(".{0,3}?".join(map(re.escape, body)))
        if not spelt.search(sentence.heading + sentence.passage) and _tagged_as(sentence.folded, "nt"):
            return body
    subjects = {word.text for word in words if word.subject}
    others = _tagged_as(sentence.folded, "nr", "nrt", "nrfg")
    for name in find_names(question.text, "person"):
        if (
            not is_known(name.text)
            and name.text in subjects
            and name.text not in sentence.folded
            and not _is_of_another(name.text, question, slot)
            and not _FIRM.match(question.text, name.end)
            and not any(name.text in author for author in sentence.article.authors)
            and _about_others(sentence, name.text, others)
        ):
            return name.text
    return None


def _is_of_another(name: str, question: Question, slot: Slot) -> bool:
    """Whether a name is what another slot of the question asks of (甲募了多少？乙捐了多少？)."""
    return name not in slot.focus and any(name in other.focus for other in question.slots)


_FIRM = re.compile(
    "[\u4e00-\u9fff]{0,4}?(?:生物|科技|医药|药业|制药|医疗|新材|材料|集团|公司|股份|控股|电子|电气|机电|机械|重工|智能|信息|网络|软件|数据|能源|"
    "动力|光电|半导体|芯片|航空|航天|汽车|物流|食品|乳业|酒业|服饰|纺织|家居|化工|环保|建设|地产|证券|银行|基金|文化|传媒|教育)"
)
"""What follows the name of a firm that the cutter takes for a person's (康霖生物)."""


def _tagged_as(text: str, *tags: str) -> list[str]:
    return [word for _, word, tag in tagged(text) if tag in tags and len(word) > 1]


def _about_others(sentence: Sentence, person: str, others: Sequence[str]) -> bool:
    """Whether an article that tells of a person tells at least as much of another, or names another before it comes to the
    person: in one about the person alone, a sentence need not name it again.
    """
    title, around = sentence.article.title, sentence.heading + sentence.whole
    if others and person not in sentence.heading + sentence.article.text[: sentence.start] and person in around:
        return True
    often = around.count(person)
    if not often or (person in title and not any(other in title for other in others)):
        return False
    return any(around.count(other) >= often for other in others)


def _other_measure(question: Question, slot: Slot, clause: str) -> str | None:
    """What the question wants measured, where the figure's clause measures something else alone."""
    asked = [match for pattern in _MEASURES if (match := pattern.search(slot.focus))]
    measured = [pattern for pattern in _MEASURES if pattern.search(clause)]
    if not asked or not measured or any(pattern.search(question.text) for pattern in measured):
        return None
    return asked[0].group()


def _lasts(slot: Slot, fact: Fact) -> bool:
    """Whether a stretch of time is offered where none is asked for."""
    figure = next((figure for figure in find_figures(fact.match.sentence.text) if figure.start == fact.start), None)
    return figure is not None and unasked_time(figure, slot)


def _other_change(question: Question, slot: Slot, fact: Fact) -> str | None:
    """What the question takes to rise or fall, where the sentence does not speak of it, and the figure is of something else
    that does.
    """
    sentence = fact.match.sentence
    asked, told = _CHANGES.search(slot.focus[: slot.at]), _CHANGES.search(sentence.text[: fact.start])
    if not (asked and told) or told["noun"] in question.text:
        return None
    around = sentence.folded + sentence.heading + sentence.before
    return None if any(part in around for part in asked["noun"]) else asked["noun"]


_CHANGES = re.compile(
    "(?P<noun>[\u4e00-\u9fff]{2})(?:数量|数|量|同比|平均)?(?:下降|减少|降低|增长|增加|提高|上升|上涨|缩短)了?[约近超]?$"
)


def _unnamed(question: Question, fact: Fact) -> str | None:
    """The class of names asked for (哪几所高校), where the sentence gives none beyond those of the question."""
    match = _CLASS.search(question.text)
    if not match:
        return None
    kind: NameKind = "place" if match["place"] or match["country"] or match["listed"] == "城市" else "organisation"
    names = [name.text for name in find_names(fact.text, kind) if name.text not in question.text]
    if any(may_be_country(name) or not match["country"] for name in names):
        return None
    return next(group for group in match.groups() if group)
