"""A question and its best fact in, what the fact's sentence leaves untold of what is asked out: an event, a reason, the parts
of a coined formula, the one of several things that are told of all together.

Knows no likelihood: each sign is one that the text itself gives.
"""

import re

from index.sentences import clause_spans, sentence_spans
from service.answering.enumeration import enumerations
from service.answering.facts import Fact
from service.answering.figures import find_figures
from service.answering.listing import MANY, announced, cut_short, items, lists_all
from service.answering.names import find_names
from service.answering.parts import asked_parts, coded_parts, counted, explained
from service.answering.places import is_province
from service.answering.question import Question
from service.answering.slots import Slot
from service.answering.wording import OTHERS, Kind

AFTER_CHARS = 80
"""Characters after a sentence in which a reason may follow."""

MOST_KNOWN = 2
"""Places that a question knows from which those of a sentence are compared with them."""


def untold(question: Question, slot: Slot, fact: Fact) -> str | None:
    """What is missing, as a clause for people; None where nothing is seen to be."""
    signs = (_untold_event, _other_figure, _undone, _never_done)
    if gone := next(filter(None, (sign(question, slot, fact) for sign in signs)), None):
        return f"没有提到“{gone}”"
    if _unexplained(question, slot, fact):
        return f"没有说明{'、'.join(f'“{name}”' for name in slot.names) or '各个数字'}指什么"
    if _cut_short(question, slot, fact) or _unlisted(question, slot, fact):
        return "没有列全"
    if _none_beside(question, fact):
        return "没有提到其他的"
    if _only_planned(question, slot, fact):
        return "没有说明现在的数字，只说了目标"
    return None


def _events(*rows: tuple[str, str]) -> tuple[tuple[re.Pattern[str], re.Pattern[str]], ...]:
    return tuple((re.compile(asked), re.compile(told)) for asked, told in rows)


_LIVES = _events(
    ("出生|哪年生|生于", "出生|生于|诞生|年生|生人"),
    ("去世|逝世", "去世|逝世|病故|辞世|牺牲"),
    ("毕业", "毕业"),
    ("退休", "退休"),
    ("入党", "入党|加入中国共产党"),
    ("入职|参加工作|进[\u4e00-\u9fff]{2,10}工作", "入职|参加工作|进入?|加入|分配|就职"),
    ("创办|创立|创建", "创办|创立|创建|始创|创始|首创|开创|成立|建立|兴办|开办|创设|设立"),
    ("表决|审议通过|获得?通过", "通过|表决"),
    ("竣工", "竣工|建成|完工|落成"),
)
"""What befalls people and things, as a question asks when, where or by whom it did, and how a source tells of it."""

_DEEDS = _events(
    ("撤销|吊销|注销", "撤销|吊销|注销|取消"),
    ("驳回|退回", "驳回|退回|不予"),
    ("收取|收费", "收|费|元|免"),
    ("倒闭|破产", "倒闭|破产"),
    ("谁拍(?![板卖案])|拍摄者", "摄|拍"),
    ("伤亡|死亡|遇难|受伤", "伤|亡|死|遇难|罹难"),
    ("收藏|馆藏|藏在|藏于", "收藏|馆藏|藏于|入藏|博物馆|陈列|展出|珍藏"),
    ("施工的?(?:[？?]|$)|施工单位|承建", "施工|承建|建设|修建|中标|架设"),
    ("开发(?:的?(?:[？?]|$)|方|商)|(?:承担|负责)开发", "开发|研发|承建|设计|打造"),
    (
        "谁(?:来)?出(?:的?(?:钱|资)|的?(?=[、，？?]|$))|钱(?:是|由)?谁出|费用(?:是|由)谁|谁(?:来)?(?:掏钱|买单|负担|承担)的?(?=[？?，。]|$)",
        "出资|(?<!总)投资|资金|承担|出钱|负担|补[一贴助]|赔|掏|财政|资助|兜底|筹|买单|出一",
    ),
    ("作词|作曲|词曲", "作词|作曲|词曲|创作|谱写"),
    ("研发(?:的(?=[？?]|$)|单位|方|者)", "研发|研制|开发|攻关|发明|自主"),
    ("职称", "职称|教授|讲师|研究员|高级|正高|副高|工程师|(?:技师|医师)(?!学院)"),
    ("承办(?:单位|方|商|者)?(?:$|[？?]|的?是?[哪谁])|[谁哪][^，。？]{0,6}承办", "承办"),
    ("选拔|挑选|遴选", "选拔|挑选|遴选|评选|推选|选派|选聘"),
    (
        "(?<=[年天月时])评上",
        "评上|评为|入选|列入|获评|认定|授予|命名|公布|上榜|荣获|获得|成为|确定为|列为|跻身|评定|评选",
    ),
    ("除名|摘牌|取消资格", "除名|摘牌|取消|移出|退出"),
    ("电话号码|联系电话|联系方式|手机号", r"电话|热线|号码|手机|\d{7}"),
    ("[一二三特]等奖|金奖|银奖|铜奖", "奖|冠军|第一|折桂"),
    ("冠军|夺冠", "冠军|夺冠|第一|折桂|金牌|金奖|一等奖"),
)
"""The same for what is asked in any way."""

_WHEN_WHERE_WHO = frozenset({Kind.DATE, Kind.PERSON, Kind.PLACE, Kind.ORGANISATION})


def _untold_event(question: Question, slot: Slot, fact: Fact) -> str | None:
    """An event that is asked of, where neither the sentence nor the one before it tells of such."""
    around = fact.match.sentence.before + fact.match.sentence.folded
    events = (*_LIVES, *_DEEDS) if slot.kind in _WHEN_WHERE_WHO else _DEEDS
    asked = ((asked.search(question.text), told) for asked, told in events)
    return next((found.group() for found, told in asked if found and not told.search(around)), None)


def _other_figure(question: Question, slot: Slot, fact: Fact) -> str | None:
    """A figure that the question takes for given, where the article does not tell it and the sentence tells another of the same
    unit (为何定为15个工作日: 5个工作日).
    """
    sentence = fact.match.sentence
    if slot.kind not in (Kind.REASON, Kind.MEASURE, Kind.YES_NO):
        return None
    own = {figure.unit for figure in find_figures(sentence.text) if figure.unit}
    given = [
        figure for figure in find_figures(question.text)
        if figure.unit in own and not figure.hedge and re.search(r"\d", figure.text)
    ]  # fmt: skip
    if not given:  # or the whole article would be read for nothing
        return None
    told = {(figure.value, figure.unit) for figure in find_figures(sentence.whole)}
    return next((figure.text for figure in given if (figure.value, figure.unit) not in told), None)


_EXPLAINING = re.compile("即|是指|：|由|包括|形成|分别|其中|“[0-9A-Za-z]”")
EXPLAINED_CHARS = 40
"""Characters around a coined formula within which its sentence says what it means."""
_EACH_NUMBER = re.compile("数字|[各分别].{0,2}(?:代表|指|是|意思)")
_FORMULA = re.compile(r"\d+(?:\+[\dA-Za-z]+)+|(?<=“)\d{2,6}[A-Za-z]?(?=”)|\d+[A-Za-z]|\d{2,6}(?=工程)")


def _formula(asked: str, text: str) -> re.Match[str] | None:
    """Where a text has the formula that is asked of, or any."""
    own = _FORMULA.search(asked)
    return (re.search(re.escape(own.group()), text) if own else None) or _FORMULA.search(text)


FEW = 2
"""Numbers of a formula that have to be counted where there are as many."""

REACH_CHARS = 400
"""Characters around a coined formula in which its parts are looked for."""


def _unexplained(question: Question, slot: Slot, fact: Fact) -> bool:
    """Whether parts of a coined formula are asked of one by one (“1”“3”“1”各指什么), and nothing around it explains any: the
    sentence does not go on to say, and nothing is counted by so many after it, in its paragraph or the next where one number alone
    could be.
    """
    sentence = fact.match.sentence
    formula = _formula(question.text, sentence.text)
    own = slot.names if slot.kind is Kind.DEFINITION else asked_parts(question.text, whole=False)
    names = own or (coded_parts(question.text) if _EACH_NUMBER.search(question.text) else ())
    if (
        slot.kind not in (Kind.DEFINITION, Kind.LIST)
        or not names
        or formula is None
        or _EXPLAINING.search(sentence.text, max(0, formula.start() - EXPLAINED_CHARS), formula.end() + EXPLAINED_CHARS)
    ):
        return False
    at, text = sentence.start + formula.start(), sentence.article.text
    before, after = text[max(0, at - REACH_CHARS) : at], text[at + len(formula.group()) : at + REACH_CHARS]
    numbers = [part for part in names if part.isdigit() and part != "1"]
    near = after.split("\n")[: FEW if "+" in formula.group() else 1]
    within = after if len(numbers) > 1 else "\n".join(near)
    found = [counted(part, within) for part in numbers]
    return not (explained(names, before + after) or (any(found) if len(found) < FEW else sum(found) >= FEW))


_CAUSE = re.compile(
    "(?:^|[，。；])为(?!了)|需要|必须|希望|因|由于|为[了着此]|以便|以期|旨在|目的|针对|面对|导致|致使|使得|令|让|出于|源于|源自|得益|归功|鉴于|随着|受.{1,10}影响|原因|所以|从而|以此|破解|解决|"
    "为.{1,20}(?:提供|创造|奠定|打下)|离不开|缘|根据|依据"
)


def unreasoned(slot: Slot, fact: Fact) -> bool:
    """Whether a reason is asked for, and neither the sentence nor the ones beside it say any."""
    if slot.kind is not Kind.REASON:
        return False
    sentence = fact.match.sentence
    after = sentence.article.text[sentence.end : sentence.end + AFTER_CHARS]
    return not _CAUSE.search(f"{sentence.before}{sentence.text}{after}")


def _none_beside(question: Question, fact: Fact) -> bool:
    """Whether further places are asked for beside those that the question knows (除杭州、宁波外还有哪些城市), and the sentence names
    those alone where it names them.
    """
    beside = OTHERS.search(question.text)
    if beside is None or not beside["known"] or not re.search("哪", question.text[beside.end() :]):
        return False
    text = fact.match.sentence.text
    known = [name.text for name in find_names(text, "place") if name.text[:2] in beside["known"]]
    if len(known) < MOST_KNOWN:
        return False
    first, last = text.find(known[0]), text.rfind(known[-1]) + len(known[-1])
    around = text[max(0, first - 12) : last + 12]
    return all(name.text in known or is_province(name.text) for name in find_names(around, "place"))


_MAY_BE_OTHERS = (Kind.LIST, Kind.DEFINITION, Kind.ORGANISATION, Kind.PLACE, Kind.PERSON, Kind.DOCUMENT, Kind.OPEN)
"""Kinds of things that others are asked of."""

SAME_ENDING = 4
"""Characters at the end of sentences that tell things one by one in the same form (在组织领导上下功夫)."""


def _cut_short(question: Question, slot: Slot, fact: Fact) -> bool:
    """Whether all of so many things are asked for or the rest of them, and the sentence tells a few before it says how many
    there are (投诉保密、代为投诉等7项).
    """
    text = fact.match.sentence.text
    if OTHERS.search(question.text):
        return slot.kind in _MAY_BE_OTHERS and cut_short(text)
    return (
        slot.kind in (Kind.LIST, Kind.DEFINITION)
        and slot.count is not None
        and slot.count >= MANY
        and cut_short(text, slot.count)
    )


def _unlisted(question: Question, slot: Slot, fact: Fact) -> bool:
    """Whether so many things are asked for, and neither the sentence nor what follows it tells as many."""
    count, sentence = slot.count or 0, fact.match.sentence
    if slot.kind not in (Kind.LIST, Kind.DEFINITION) or count < MANY:
        return False
    text, reach = sentence.article.text, sentence.end + REACH_CHARS
    spans = sentence_spans(text)
    near = [text[slice(*span)] for span in spans if sentence.start <= span[0] < reach]
    told = any(lists_all(one, count) or max(items(one), default=1) >= count for one in near)
    ending = sentence.text.rstrip("。；！")[-SAME_ENDING:]
    by_name = _BY_NAME.search(question.text) is not None
    begun = re.search("：[^：]+$", sentence.text) is not None and announced(sentence.text, count)
    if told or begun or text.count(ending) >= count or (not by_name and len(clause_spans(sentence.text)) >= count):
        return False
    place = (sentence.start, sentence.end)
    return not any(sentence.start <= chain[0][0] < reach or place in chain for chain in enumerations(text, spans))


_BY_NAME = re.compile("名称|名单|名字|全称|叫(?:什么|啥)")
"""What asks for things by their names, which stand between commas at best."""

_NOW = re.compile("实际上?已|现有|已经?有|眼下|当下")
_PLANNED = re.compile("力争|争取|目标|计划|预计|预期|拟")


def _only_planned(question: Question, slot: Slot, fact: Fact) -> bool:
    """Whether it is asked how many there are by now, and the clause of a figure or its sentence up to it tells of a plan."""
    if slot.kind is not Kind.FIGURE or fact.whole or not _NOW.search(question.text) or _PLANNED.search(question.text):
        return False
    return _PLANNED.search(fact.match.sentence.text[: fact.start]) is not None


_UNDONE = re.compile("(?:没有?|未|尚未|还未|不曾)(?P<deed>[\u4e00-\u9fff]{2})")
_NOT = "[没未不难无尚]"
_NEVER = re.compile("(?:没有|从未|未曾|不曾|从没)(?P<deed>[\u4e00-\u9fff]{2})过(?P<what>[\u4e00-\u9fff]{2})")


def _never_done(question: Question, slot: Slot, fact: Fact) -> str | None:
    """A deed that the question takes to be done (购置的房产在哪), where the sentence says that it was not (没有购置过房产)."""
    if slot.kind is Kind.YES_NO or re.search("[没未不无]", question.text):
        return None
    denied = _NEVER.finditer(fact.match.sentence.text)
    return next(
        (one["deed"] + one["what"] for one in denied if one["deed"] in question.text and one["what"] in question.text),
        None,
    )


def _undone(question: Question, slot: Slot, fact: Fact) -> str | None:
    """A deed that the question takes to be undone (还有多少没有化解), where the sentence tells it as done."""
    if slot.kind is not Kind.FIGURE or not (asked := _UNDONE.search(question.text)):
        return None
    text, deed = fact.match.sentence.text, asked["deed"]
    done = re.search(f"(?<!{_NOT}){deed}", text)
    return asked.group() if done and not re.search(f"{_NOT}.{{0,2}}{deed}", text) else None
