"""A question and the figure found for it in, out whose figure it is where the text says that it is another's: of things told
of together, of one told beside the one asked of, of a part, or of whichever comes first.

Knows no likelihood: each sign is one that the sentence itself gives.
"""

import re
from collections.abc import Sequence

from index.sentences import clauses_span, stretch_around
from service.answering.facts import Fact
from service.answering.names import find_names, first_word, place_stem, tagged
from service.answering.places import is_province, related
from service.answering.question import Question
from service.answering.slots import Slot
from service.answering.wording import Kind


def anothers(question: Question, slot: Slot, fact: Fact) -> str | None:
    """What is missing, as a clause for people; None where nothing says that the figure is of something else."""
    if slot.kind is not Kind.FIGURE or fact.whole:
        return None
    signs = (
        _of_all_together,
        _of_others_too,
        _of_one_beside,
        _of_another_trade,
        _of_a_part,
        _of_the_first,
        _of_now,
        _of_another_place,
        _of_a_wider_place,
        _of_another_body,
        _of_earnings,
    )
    return next(filter(None, (sign(question, fact) for sign in signs)), None)


_APART = re.compile("属于|其中|里面|单是|光是")
_EVENLY = re.compile("均|都|各|分别|每")
_LIST_ENDS = re.compile("[等和与及]")
_ITEMS = re.compile(r"(?:[\u4e00-\u9fffA-Za-z“”]{1,10}、){2,}[\u4e00-\u9fffA-Za-z“”]{1,10}")


def _of_all_together(question: Question, fact: Fact) -> str | None:
    """One of several things named together that a figure is asked of, where the figure is told of all of them (土地、金融、人才等8大类
    问题7176个).
    """
    led_by = _led_by(fact)
    listed = _ITEMS.search(led_by)
    if listed is None or _EVENLY.search(led_by):
        return None
    first, *rest = (item.strip("“”") for item in listed.group().split("、"))
    rest[-1] = _LIST_ENDS.split(rest[-1])[0]
    asked = [item for item in (first[-2:], *rest) if len(item) > 1 and item in question.text]
    apart = _APART.search(question.text) or any(
        re.search(f"{re.escape(item)}(?:类|方面|领域)", question.text) for item in asked
    )
    return f"没有提到“{asked[0]}”" if len(asked) == 1 and apart else None


_ALONE = re.compile(
    "(?:“(?P<quoted>[^“”]{2,20})”|(?P<named>[\u4e00-\u9fff]{2}))(?:这一[个项家种类]|一地|单独|自己一[家个])"
    "|单[算看说论]是?(?P<rest>[\u4e00-\u9fff]{2,})"
)


def _of_others_too(question: Question, fact: Fact) -> str | None:
    """One thing that is asked of alone (“甲”单独, 乙一地), where the figure's sentence does not name it, or tells the figure after
    several that it names one by one (“甲”7个、“乙”6个，吸纳4190人).
    """
    asked = _ALONE.search(question.text)
    if asked is None:
        return None
    name = first_word(asked["rest"]) if asked["rest"] else asked["quoted"] or asked["named"]
    if len(name) < 2:
        return None
    before, clause, _ = _around(fact)
    several = len(list(find_names(before, "term"))) > 1
    told = _says(name, clause) or (_says(name, fact.match.sentence.text) and not several)
    return None if told else f"没有单独说明“{name}”的数字"


def _says(name: str, text: str) -> bool:
    return name in text.replace("进出口", "")


_NOUN = re.compile("n|vn|l|j|b")
_LINKING = frozenset("的 产业 行业 领域".split())


def _of_one_beside(question: Question, fact: Fact) -> str | None:
    """What the question asks the measure of, where the figure's clause begins with the same measure of another thing, and what
    is asked of begins a clause of its own (茶叶出口量居第一，黄酒产量占三分之二: 黄酒的出口量).
    """
    before, clause, after = _around(fact)
    led = [part for part in re.split("[，；：。]", f"{before}，{after}") if part]
    words, asked = tagged(clause), tagged(question.text)
    for number, (start, measure, tag) in enumerate(words):
        if start >= fact.start - len(before) or not (_NOUN.match(tag) or measure in (*_LINKING, "、")):
            break
        other = _owner(words, number)
        if measure in _LINKING or len(measure) < 2 or not other or other in question.text:
            continue
        for at, (_, word, _) in enumerate(asked):
            owner = _owner(asked, at) if word == measure else ""
            if owner and owner not in clause and any(part.startswith(owner) for part in led):
                return f"没有说明“{owner}”的“{measure}”"
    return None


def _owner(words: Sequence[tuple[int, str, str]], at: int) -> str:
    """The thing whose measure the word `at` is (黄酒的出口量, 黄酒产业的规模); empty where none is said."""
    at -= 1
    while at > 0 and words[at][1] in _LINKING:
        at -= 1
    _, word, tag = words[at] if at >= 0 else (0, "", "x")
    return word if len(word) > 1 and tag in ("n", "nz") else ""


_TRADE = re.compile("(?P<own>[\u4e00-\u9fff]{2})的?(?P<class>产业|行业)")
_NO_TRADE = re.compile(
    "[一等的这那各多少几全本该类大些]|重点|相关|传统|特色|主导|支柱|优势|新兴|经典|有关|整个|细分|未来|乡村|促进|结合|针对|发展|带动|推动|服务|支持"
)


def _of_another_trade(question: Question, fact: Fact) -> str | None:
    """The trade that the question asks of (石雕产业), where neither the sentence nor what stands above it says that, and the
    sentence tells of another (稻鱼产业).
    """
    sentence = fact.match.sentence
    above = f"{sentence.before}{sentence.folded}{sentence.heading}{sentence.lead}"
    asked, told = (
        [found.group("own", "class") for found in _TRADE.finditer(text) if not _NO_TRADE.search(found["own"])]
        for text in (question.text, sentence.text[: fact.start])
    )
    gone = next((own + trade for own, trade in asked if own not in above), None)
    return f"没有提到“{gone}”" if gone and any(own not in question.text for own, _ in told) else None


_PART = re.compile("从[^，。；从]{0,8}?(?P<whole>[\u4e00-\u9fff]{2})[中里](?P<deed>[\u4e00-\u9fff]{1,4})[约近超]?$")


def _of_a_part(question: Question, fact: Fact) -> str | None:
    """The whole that is asked for, where the figure is what was taken out of it (从每月工资中拿出80元)."""
    found = _PART.search(fact.match.sentence.text[: fact.start])
    if found is None or found["whole"] not in question.text or found["deed"][0] in question.text:
        return None
    return f"没有说明“{found['whole']}”一共多少"


_FIRST = re.compile("最[高低多少大小](?:分|值|价|的)?(?:[为是达]|[\u4e00-\u9fff]{2})?[约近超]?$")
_ASKED_FIRST = re.compile("最|第一|冠|榜首|上限|下限|顶|封|不超|不低|以[上内]|至[多少]")


def _of_the_first(question: Question, fact: Fact) -> str | None:
    """What is asked of, where the figure is that of whichever of several is highest or lowest."""
    told = _FIRST.search(fact.match.sentence.text[: fact.start])
    return f"没有单独的数字，只说了“{told.group()[:2]}”的" if told and not _ASKED_FIRST.search(question.text) else None


_SCOPE = re.compile("(?:^|[，；：])(?:全省|我省)(?!最|首|第|唯|率先|前|领先)")
_NATION = re.compile(
    "全国(?!首|第|唯|重点|政协|人大|性|率先|统一|领先|排|最|前|各地|首创|劳模|五一|先进|文明|百强|十|人民)"
)


def _of_a_wider_place(question: Question, fact: Fact) -> str | None:
    """The place that a figure is asked of, where its sentence tells it of the whole province or country and does not name the
    place; or the country, where a province alone is told of.
    """
    text = fact.match.sentence.text
    own = [place for place in question.places if not is_province(place)]
    if (
        own
        and _SCOPE.search(stretch_around(text, fact.start))
        and not re.search("全省|我省", question.text)
        and not any(place in text for place in own)
    ):
        return f"没有单独说明“{own[0]}”的数字"
    told = any(is_province(name.text) for name in find_names(text, "place"))
    nation = _NATION.search(question.text) and not question.places and told
    return "没有说明全国的数字" if nation and not re.search("全国|我国|国内", text) else None


_EARLIER = re.compile("[以之此]前|原先|原来|从前|过去")
_WAS = re.compile("前|原|过去|从|由|曾|旧|老|未|缩|降|减|提|增|升")
_NOW = re.compile("如今|现在|目前|眼下|后来|[以之此]后|以来|到现")


def _of_now(question: Question, fact: Fact) -> str | None:
    """What was before that is asked for, where the sentence tells the figure of now (如今稻米卖到了8元一斤，田鱼20元)."""
    earlier = _EARLIER.search(question.text)
    if earlier is None or _NOW.search(question.text):
        return None
    sentence = fact.match.sentence
    before = sentence.text[: fact.start]
    if earlier.group()[-1] == "前" and not _WAS.search(sentence.before + sentence.text):
        return f"没有说明“{earlier.group()}”的数字"
    marks = [(found.end(), now) for now, sign in ((False, _EARLIER), (True, _NOW)) for found in sign.finditer(before)]
    return f"没有说明“{earlier.group()}”的数字" if marks and max(marks)[1] else None


def _of_another_place(question: Question, fact: Fact) -> str | None:
    """The place that a figure is asked of, where the figure's clause begins with another, and the place asked of stands in
    another clause (台州依托455个片区…；湖州、衢州建立…).
    """
    text, places = fact.match.sentence.text, question.places
    own = stretch_around(text, fact.start)
    led = [name for name in find_names(own, "place") if name.start <= LEADING]
    if not places or not led or any(place in own for place in places):
        return None
    elsewhere = [place for place in places if place in text]
    return (
        f"没有说明“{elsewhere[0]}”的数字" if elsewhere and not related(elsewhere[0], place_stem(led[0].text)) else None
    )


LEADING = 2
"""Characters within which a clause begins with what it tells of."""


SAME_BODY = 3
"""Characters at the end of their names that bodies of one sort share (浙江省中医院, 杭州市中医院)."""


def _of_another_body(question: Question, fact: Fact) -> str | None:
    """The body of a place that a figure is asked of by name, where the figure's sentence names that of another place in its stead."""
    text = fact.match.sentence.text
    told = [name.text for name in find_names(text[: fact.start], "organisation") if _led_by_place(name.text)]
    for body in (name.text for name in find_names(question.text, "organisation")):
        others = [name for name in told if name[-SAME_BODY:] == body[-SAME_BODY:]]
        own = _led_by_place(body)
        if own and body not in text and others and all(_led_by_place(name) != own for name in others):
            return f"没有说明“{body}”的数字"
    return None


def _led_by_place(name: str) -> str:
    """The place that the name of a body begins with, by its stem."""
    return next((place_stem(place.text) for place in find_names(name, "place") if not place.start), "")


_SPENT = re.compile("花[了掉费]?多少|花了|造价|耗资")
_EARNED = re.compile("增收|收入|营收|销售|产值")


def _of_earnings(question: Question, fact: Fact) -> str | None:
    """A cost that is asked for, where the figure's clause tells what is earned."""
    asked = _SPENT.search(question.text) and not _EARNED.search(question.text)
    return "没有说明花费" if asked and _EARNED.search(_led_by(fact)) else None


def _led_by(fact: Fact) -> str:
    """What a figure's clause says before it."""
    before, clause, _ = _around(fact)
    return clause[: fact.start - len(before)]


def _around(fact: Fact) -> tuple[str, str, str]:
    """The sentence before a figure's clause, the clause, and the sentence after it."""
    text = fact.match.sentence.text
    begin, end = clauses_span(text, fact.start, fact.end)
    return text[:begin], text[begin:end], text[end:]
