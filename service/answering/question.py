"""A question in, what it asks for out: its slots in order, its content words, and what an answer must agree with.

A slot is one thing asked for. In Chinese the question word stands where the answer would stand, so the words to its
left and right are the words to expect around the answer.
"""

import re
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import pairwise

from index.terms import fold
from service.answering.figures import _MEASURE_WORDS as MEASURE_WORDS
from service.answering.figures import MONEY
from service.answering.names import find_names, place_stem, tagged
from service.answering.periods import find_periods, years_in


class Kind(StrEnum):
    """What a slot asks for."""

    FIGURE = "figure"
    DATE = "date"
    PERSON = "person"
    ORGANISATION = "organisation"
    PLACE = "place"
    DOCUMENT = "document"
    DEFINITION = "definition"
    LIST = "list"
    MEASURE = "measure"
    CHANGE = "change"
    REASON = "reason"
    YES_NO = "yes_no"
    OPEN = "open"


@dataclass(frozen=True, slots=True)
class Slot:
    """One thing asked for. `units` are the units an answer may have; empty when any will do.

    `focus` is the stretch of the question that says which thing is meant, `at` where in it the question word stood.
    """

    kind: Kind
    focus: str
    at: int
    units: frozenset[str] = frozenset()
    count: int | None = None


@dataclass(frozen=True, slots=True)
class Word:
    """A content word of the question at `start`."""

    text: str
    start: int


@dataclass(frozen=True, slots=True)
class Question:
    """`text` is the question folded to simplified script and normal width; `asked` is what the person wrote.

    `years`, `places`, `quoted` and `codes` are what evidence must agree with. Places are stems (深圳市 → 深圳).
    """

    asked: str
    text: str
    slots: tuple[Slot, ...]
    words: tuple[Word, ...]
    years: tuple[int, ...] = ()
    places: tuple[str, ...] = ()
    quoted: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()
    background: str = field(default="")

    @property
    def searched(self) -> str:
        """What retrieval is asked: the question with the subject of the turn before, if it leans on one."""
        return f"{self.background} {self.text}".strip()


_MONEY_UNITS = frozenset(MONEY.split("|"))
_SHARE_UNITS = frozenset({"%", "百分点", "倍", "成"})
_PEOPLE_UNITS = frozenset(["人", "名", "位", "人次", "户"])
_TIME_UNITS = frozenset(
    ["年", "个月", "月", "天", "日", "周", "小时", "个小时", "分钟", "秒", "工作日", "个工作日", "岁"]
)
_AREA_UNITS = frozenset(["亩", "平方米", "平方公里", "公顷"])
UNIT_FAMILIES = (
    _MONEY_UNITS, _SHARE_UNITS, frozenset(["人", "名", "位"]), frozenset(["人次", "人", "名"]), frozenset(["家", "户", "个"]),
    frozenset(["件", "起", "宗", "例", "案", "笔", "个", "次"]), frozenset(["个", "项", "条", "种", "类", "款", "门", "大"]), frozenset(["场", "次", "期", "届", "轮"]),
    frozenset(["套", "间", "栋", "台", "辆"]), _AREA_UNITS, frozenset(["吨", "公斤", "斤", "千克"]), frozenset(["公里", "千米", "里", "米"]),
    _TIME_UNITS - {"岁"}, frozenset(["个", "处", "座", "所", "家"]), frozenset(["张", "份", "本", "部", "册", "篇", "幅"]), frozenset(["根", "条", "支", "杆"]),
)  # fmt: skip
_NUMERIC_NOUNS = (
    (re.compile("金额|资金|损失|投资|产值|营收|收入|贷款|成本|余额|总值|经费|费用|补贴|奖金|授信|标的|增收|减负|价格|销售额|交易额|利润|规模"), _MONEY_UNITS),
    (re.compile("率|占比|比重|比例|增幅|降幅|增速|份额|同比|百分"), _SHARE_UNITS),
    (re.compile("人数|人员|人才|企业家|专家|农民|村民|学员|团队|干部|员工|职工|劳动力|低收入|劳动者|成员"), _PEOPLE_UNITS),
    (re.compile("多久|多长时间|时长|用时|耗时|时间|工期|年头|历史"), _TIME_UNITS),
    (re.compile("面积|用地|土地"), _AREA_UNITS),
)  # fmt: skip

_UNIT = re.compile(rf"(?:万亿|千万|百万|亿|万|千|百)?(?P<unit>{MONEY}|钱|{MEASURE_WORDS}|人|个百分点|百分点)")
_BODIES = "机构|部门|单位|公司|企业|法院|银行|高校|大学|学校|组织|机关|委员会|医院|团队|厅局|协会|平台|中心"
_LANDS = "地方|地区|城市|市县|地市|省份|国家|市|县|区|省|镇|村|乡|街道|地"
_PAPERS = "文件|条例|办法|法规|方案|规章|意见|通知|规划|纲要|指引|细则|法律|标准|作品|书"
_QUESTION_WORDS: tuple[tuple[Kind, re.Pattern[str]], ...] = tuple(
    (kind, re.compile(pattern))
    for kind, pattern in (
        (Kind.REASON, "为什么|为何|为啥|缘何|什么原因|原因是什么|因为什么"),
        (Kind.DATE, "哪一?年(?:哪月)?|哪个?月份?|哪一?天|何时|何年|啥时候?|什么时[候间]|什么日期|哪一?日|几月几[日号]|几月份?|几号|年份$|日期$|时间$"),
        (Kind.CHANGE, "有(?:什么|何|哪些|多大)变化|(?:发生了?)?(?:什么|怎样的)变化|变化(?:是|有)多[大少]|怎么变化?|变化$"),
        (Kind.DEFINITION, "(?:是)?(?:怎样|什么样|怎么样|啥样)的?(?:一[种个类])?|是什么意思|什么意思|指的?是?什么|指的?是?哪|(?:分别)?代表(?:了)?什么|是什么(?=[？?]?$)|是啥|什么是|何谓|何为|什么叫|的?(?:含义|定义)(?:是什么)?"),
        (Kind.LIST, "(?:有|是|包括|包含|涵盖|分为|分成)?(?:哪|那)(?:些|几|[二两三四五六七八九十]|\\d+)(?:大?类|大|个|项|种|方面|家|条|部)?|包括(?:什么|啥)|有(?:什么|啥)(?!用)|分别是(?:什么|谁)|(?:有|分)(?:几|多少)(?:大)?类(?=.*(?:分别|哪))|名单$"),
        (Kind.MEASURE, "(?:是?)(?:如何|怎么|怎样|咋)(?:样)?|什么.{0,4}?(?:措施|举措|做法|机制|方式|手段|路径|办法)(?=[？?]?$)|(?:举措|措施|做法)$|靠什么|通过什么"),
        (Kind.ORGANISATION, rf"(?:哪|什么)(?:一?个|一?家|些|几个|几家|所)?(?:{_BODIES})|哪(?:一?家|所)|由谁(?:牵头|负责|主办)|谁(?:牵头|主办|发布|颁布|颁发|授予|制定|评为|推出)"),
        (Kind.PLACE, rf"哪里|哪儿|何处|何地|(?:哪|什么)(?:一?个|座|些|几个|一)?(?:{_LANDS})"),
        (Kind.DOCUMENT, rf"(?:哪|什么)(?:一?份|一?部|一?个|一?项|些|几个|几部)?(?:{_PAPERS})(?:名称)?"),
        (Kind.PERSON, "谁|哪一?位|何人|什么人|哪个人"),
        (Kind.FIGURE, "百分之(?:几|多少)|多少|几成|几(?=[个家项条人名位次场种类届期岁天年件亩级户倍])|多大|多高|多长时间|多长|多久|多远|多快|多重|数量$|总数$|人数$|套数$|金额$|比例$|占比$|面积$|增收$|数$|率$|规模$|幅度$"),
        (Kind.YES_NO, "是否|是不是|有没有|能否|是真的吗|对吗|吗(?=[？?]?$)"),
        (Kind.OPEN, "叫什么(?:名字|名称)?|什么|哪(?:个|项|种|款|类|一|家|所|部|座)?|啥"),
    )
)  # fmt: skip
_FILLER = frozenset(
    [
        "时候",
        "名字",
        "多少",
        "什么",
        "哪些",
        "哪个",
        "哪里",
        "哪年",
        "如何",
        "怎么",
        "怎样",
        "为什么",
        "是否",
        "几个",
        "分别",
        "请问",
        "一下",
        "知道",
        "告诉",
        "想",
        "了解",
        "问",
        "查",
        "关于",
        "有关",
        "情况",
        "目前",
        "现在",
        "一共",
        "总共",
        "共",
        "具体",
        "主要",
        "是",
        "有",
        "在",
        "的",
        "了",
        "吗",
        "呢",
        "和",
        "与",
        "及",
        "各",
        "到底",
        "究竟",
        "大概",
        "大约",
        "达到",
        "达",
        "为",
        "由",
        "被",
        "把",
        "从",
        "到",
        "对",
        "中",
        "上",
        "里",
        "个",
        "家",
        "这",
        "那",
        "它",
        "其",
        "我",
        "我们",
        "你",
        "您",
        "能",
        "可以",
        "帮",
    ]
)
_CODE = re.compile(r"[A-Za-z]*\d+(?:\+[\dA-Za-z]+)+|[A-Z]{2,}\d*|[A-Za-z]+\d+|\d+[A-Za-z]+")
_QUOTED = re.compile(r"(?:(?<=[“「『])[^“”「」『』]{1,40}(?=[”」』])|(?<=《)[^《》]+(?=》))")
_LEANING = re.compile(
    r"^(?:那么?|其中|它|他|她|这|该|其|还有|另外|又|再|上述|此外|呢|同期|and|what about)|(?:它|该市|该县|该中心|他们|这个|这些|这项)"
)


def understand(asked: str, history: tuple[str, ...] = ()) -> Question:
    """Read a question. `history` holds the person's earlier questions, oldest first.

    A question that leans on the one before (那、其中、它…, or no content word of its own) gets that one's words too.
    """
    text = re.sub(r"\s+", " ", fold(asked)).strip()
    text = re.sub(r'"([^"]*)"', r"“\1”", text)
    slots = _slots(text)
    words = _content_words(text)
    places = [place_stem(name.text) for name in find_names(text, "place")]
    background = ""
    if history and (_LEANING.search(text) or len(words) < 3):
        background = fold(history[-1])
        own = {word.text for word in words}
        words += tuple(word for word in _content_words(background) if word.text not in own)
        places = places or [place_stem(name.text) for name in find_names(background, "place")]
    quoted = _QUOTED.findall(text) or _QUOTED.findall(background)
    return Question(
        asked, text, slots, words, years_in(text), tuple(dict.fromkeys(places)), tuple(quoted),
        tuple(fold(code) for code in _CODE.findall(asked)), background,
    )  # fmt: skip


def _slots(text: str) -> tuple[Slot, ...]:
    slots: list[Slot] = []
    for begin, end in _parts(text):
        slots += _slots_of_part(text[begin:end])
    open_kinds = (Kind.OPEN, Kind.YES_NO)
    chosen = [slot for slot in slots if slot.kind not in open_kinds] or slots
    return tuple(chosen) or (Slot(Kind.OPEN, text, len(text)),)


def _parts(text: str) -> list[tuple[int, int]]:
    """Stretches of a compound question, cut at question marks, semicolons and commas."""
    cuts = [0, *(match.end() for match in re.finditer(r"[？?；;，,。]", text)), len(text)]
    return [(a, b) for a, b in pairwise(cuts) if text[a:b].strip()]


def _slots_of_part(part: str) -> list[Slot]:
    taken: list[tuple[int, int, Kind]] = []
    for kind, pattern in _QUESTION_WORDS:
        for match in pattern.finditer(part):
            if all(match.end() <= start or match.start() >= end for start, end, _ in taken):
                taken.append((*match.span(), kind))
    taken.sort()
    slots = []
    for number, (start, end, kind) in enumerate(taken):
        left = taken[number - 1][1] if number else 0
        right = taken[number + 1][0] if number + 1 < len(taken) else len(part)
        focus = part[left:start] + part[end:right]
        units = _units(part, start, end) if kind is Kind.FIGURE else frozenset[str]()
        subjects = _coordinated(part[left:start]) if kind in (Kind.FIGURE, Kind.DATE) else []
        for subject in subjects or [focus]:
            slots.append(Slot(kind, subject, len(subject) if subjects else start - left, units, _count(part)))
    return slots


def _count(part: str) -> int | None:
    match = re.search(r"(?:哪|这|上述)?([2-9]|1\d|[二三四五六七八九十两])(?:大|个|项|种|类|方面|条|化)", part)
    if not match:
        return None
    return (
        int(match[1])
        if match[1].isdigit()
        else {"两": 2, "十": 10}.get(match[1]) or "零一二三四五六七八九".index(match[1])
    )


def _coordinated(left: str) -> list[str]:
    """The subjects of “A和B各多少”, “A、B分别是多少”; empty when there is just one."""
    match = re.search(r"^(?P<subjects>.+?)(?:分别|各自?)(?P<verb>.{0,6})$", left)
    if not match:
        return []
    subjects, piece = [], ""
    for _, word, _tag in tagged(match["subjects"]):
        if word in ("和", "与", "及", "以及", "、", "跟"):
            subjects.append(piece)
            piece = ""
        else:
            piece += word
    subjects.append(piece)
    return [subject + match["verb"] for subject in subjects if subject.strip()] if len(subjects) > 1 else []


def _units(part: str, start: int, end: int) -> frozenset[str]:
    """The units that fit: the measure word after the question word, else what the noun beside it is counted in."""
    word = part[start:end]
    starts = {position for position, _, _ in tagged(part)} | {len(part)}
    after = _UNIT.match(part, end)
    if after and (after.end() in starts or after["unit"] in ("家", "名", "件", "人次")):
        unit = "元" if after["unit"] == "钱" else after["unit"]
        return frozenset({unit}) | (_MONEY_UNITS if unit in _MONEY_UNITS else frozenset())
    if "百分" in word or "成" in word or word in ("多高", "率", "比例", "占比", "幅度"):
        return _SHARE_UNITS
    if word in ("多久", "多长时间"):
        return _TIME_UNITS
    left, right = part[max(0, start - 8) : start] + word, part[end : end + 8]
    for beside in (right, left):
        for noun, units in _NUMERIC_NOUNS:
            if noun.search(beside):
                return units
    return frozenset()


def _content_words(text: str) -> tuple[Word, ...]:
    periods = [(period.start, period.end) for period in find_periods(text)]
    return tuple(
        Word(word, start)
        for start, word, tag in tagged(text)
        if word not in _FILLER
        and tag not in ("x", "u", "uj", "ul", "y", "r", "p", "c", "d", "m", "q")
        and word.strip("“”《》「」？?，。、；：()（） ")
        and not any(begin <= start < end for begin, end in periods)
    )


def squeezed(text: str) -> str:
    """A stretch of text without white space, as facts and figures are shown and compared."""
    return re.sub(r"\s+", "", text)
