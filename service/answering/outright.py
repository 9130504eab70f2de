"""A slot and its best fact in, out what its sentence says outright to be something else than what is asked for, or unnamed.

One sign is enough, however likely the fact is: another place in the same order (第89期 for 第100期) or ranking, another rank of
office, or a 某 where a name is asked for.
"""

import re
from fractions import Fraction

from index.sentences import clause_spans
from service.answering.attribution import anothers
from service.answering.classed import NAMED_KINDS, OTHER, named_things
from service.answering.facts import GENERIC, Fact
from service.answering.listing import items
from service.answering.members import WORKS, memberless, tells_title
from service.answering.names import HEADS, find_names, place_stem
from service.answering.numerals import NUMBER, parse_number
from service.answering.question import Question, is_chinese
from service.answering.referring import refers_to
from service.answering.slots import Slot
from service.answering.sought import Sought, sought
from service.answering.untold import untold
from service.answering.wording import OTHERS, Kind


def outright(question: Question, slot: Slot, fact: Fact) -> str | None:
    """What is missing, as a clause for people, where the sentence says outright that it tells of something else, or leaves
    unnamed (某公司) what is asked for by name.
    """
    if not is_chinese(question.asked):
        return None
    gone = (
        _other_in_order(question, fact)
        or _beyond_order(question, slot, fact)
        or _other_place_in_rank(question, fact)
        or _other_rank(question, fact)
    )
    if gone:
        return f"没有提到“{gone}”"
    return (
        untold(question, slot, fact)
        or anothers(question, slot, fact)
        or _last_untold(question, slot, fact)
        or _without_members(question, slot, fact)
        or _unnamed(question, slot, fact)
    )


def _without_members(question: Question, slot: Slot, fact: Fact) -> str | None:
    """What is missing where it is asked which of a class, and none of them is told."""
    gone = memberless(question, slot, fact)
    return f"没有说明是哪{'些' if re.search('哪[些几两三]', question.text) else '个'}“{gone}”" if gone else None


def _unnamed(question: Question, slot: Slot, fact: Fact) -> str | None:
    """What is missing where a name is asked for and a sentence without one was found that counts such things (促成1家企业上市),
    leaves them open (某公司), or names only whom the question names.
    """
    wanted = sought(slot, question.text)
    return _of_another(question, slot, wanted, fact) or _without_name(question, slot, wanted, fact)


def _of_another(question: Question, slot: Slot, wanted: Sought | None, fact: Fact) -> str | None:
    """The same for what is left open, counted, of another class, or what the question asks of itself."""
    if wanted and wanted.called and wanted.body and _is_nameless(wanted, fact.match.sentence.text):
        return f"没有说明“{wanted.noun}”的名称"
    if _FULL_NAME.search(question.text) and _NAMELESS.search(fact.match.sentence.text):
        return "没有说明全称"
    if _is_counted_alone(question, slot, fact):
        return "没有说明名称"
    if wanted and _is_of_other_class(wanted, fact):
        return f"没有说明是哪个“{wanted.noun}”"
    return "没有说明由谁负责" if _is_asked_of(slot, fact) else None


def _without_name(question: Question, slot: Slot, wanted: Sought | None, fact: Fact) -> str | None:
    """The same for a whole sentence that names none of what is asked for."""
    person = slot.kind is Kind.PERSON or (wanted is not None and wanted.called and wanted.person)
    if not fact.whole or not (slot.kind in NAMED_KINDS or (wanted is not None and wanted.called)):
        return None
    if _NAMELESS.search(fact.text) or (wanted and _is_counted(wanted, fact.text)):
        told = "姓名" if person else "名称"
        return f"没有说明“{wanted.noun}”的{told}" if wanted and wanted.noun else f"没有说明{told}"
    if wanted and _OF_WORKS.search(wanted.noun) and not tells_title(fact.text, question.text):
        return f"没有说明“{wanted.noun}”的名称"
    if slot.kind is Kind.DOCUMENT and _PAPERS.search(slot.word) and "《" not in fact.text:
        return "没有说明文件名称"
    if slot.kind in NAMED_KINDS and OTHERS.search(question.text):
        return "没有说明另外的是哪个"
    if wanted and (_is_class_alone(question, wanted, fact.text) or _is_without_rank(question, slot, wanted, fact.text)):
        return f"没有说明是哪个“{wanted.noun}”"
    persons = [name.text for name in find_names(fact.text, "person")]
    counted = not persons and _COUNTED_PEOPLE.search(fact.text)
    if person and (counted or (persons and all(name in question.text for name in persons))):
        return "没有说明姓名"
    if person and wanted and (role := _unheld_role(wanted, fact)):
        return f"没有说明“{role}”是谁"
    return None


def _is_nameless(wanted: Sought, text: str) -> bool:
    """Whether a sentence leaves a body of the class asked for unnamed (浙江某新材料集团)."""
    return any(re.search(rf"某(?![些种个])[\u4e00-\u9fff]{{0,10}}?{re.escape(form)}", text) for form in wanted.forms)


_PAPERS = re.compile("文件|条例|意见|通知|纲要|细则|法规")
_FULL_NAME = re.compile("全称|全名|真名|具体名称")
_NAMELESS = re.compile("某(?![些种个])")
_PLACE_IN_ORDER = re.compile(rf"(?:第(?P<number>{NUMBER})|首)(?P<unit>[个届期批轮季号次])(?P<of>.{{0,2}})")

_LOOSE = "次"
"""Counted things of every sort (第六次会议, 第一次): only two of the same speak against each other."""


def _other_in_order(question: Question, fact: Fact) -> str | None:
    """A place in an order that the question names (第100期), where the sentence tells of another, or what stands around it
    of another of the same thing, and the article does not speak of that one.
    """
    asked = _in_order(question.text)
    if not asked:
        return None
    sentence = fact.match.sentence
    known = {place[:2] for place in _in_order(f"{sentence.heading}\n{sentence.whole}")}
    own, around = _in_order(sentence.folded), _in_order(f"{sentence.heading}\n{sentence.passage}")
    for number, unit, of in asked:
        other = any(place[1:] == (unit, of) if unit in _LOOSE else place[1] == unit for place in own)
        other = other or any(place[1:] == (unit, of) for place in around)
        if other and (number, unit) not in known:
            return f"第{number}{unit}"
    return None


_NTH = re.compile(rf"第(?P<number>{NUMBER})(?P<unit>[届期批轮次条项点款]|个(?!月))|排在?第(?P<ranked>{NUMBER})")


def _beyond_order(question: Question, slot: Slot, fact: Fact) -> str | None:
    """A place in an order, from the second on, that is asked of (第七条, 第七轮巡察) where the article numbers none such and
    the sentence does not list as many things.
    """
    asked = None if slot.rank else _NTH.search(question.text)
    if asked is None:
        return None
    number = parse_number(asked["number"] or asked["ranked"])
    sentence = fact.match.sentence
    around = f"{sentence.heading}\n{sentence.whole}"
    told = {parse_number(match["number"] or match["bare"]) for match in _NUMBERED.finditer(around)}
    return (
        asked.group() if number > 1 and number not in told and max(items(sentence.text), default=1) < number else None
    )


_NUMBERED = re.compile(rf"第(?P<number>{NUMBER})|(?P<bare>{NUMBER})(?:[届期批轮]|是)")


def _is_counted(wanted: Sought, text: str) -> bool:
    """Whether a sentence counts things of the class asked for by name (促成1家企业上市), and names none."""
    counted = "(?:[一两三几多数]|\\d+)[家所位名个人]"
    return any(
        re.search(rf"{counted}{re.escape(form)}|{re.escape(form)}各?{counted}(?![\u4e00-\u9fff])", text)
        for form in wanted.forms
    )


def _is_of_other_class(wanted: Sought, fact: Fact) -> bool:
    """Whether a name was found for a body whose name tells its class, and ends otherwise (调解联盟 for 法院)."""
    if fact.whole or fact.fit > OTHER or not (_OF_NAME.search(wanted.noun) or wanted.noun in _FIRMS):
        return False
    return not fact.text.endswith((*wanted.forms, wanted.noun[-1]))


def _is_asked_of(slot: Slot, fact: Fact) -> bool:
    """Whether it is asked who is in charge of a body, and the fact is that body (浙大研究中心由谁负责: …研究中心)."""
    asked = slot.focus[: slot.at]
    return slot.word in _IN_CHARGE and not fact.whole and asked[-2:] == fact.text[-2:]


_OF_WORKS = re.compile(f"(?:{WORKS})$")
_IN_CHARGE = ("由谁负责", "由谁牵头", "由谁主办")


def _is_class_alone(question: Question, wanted: Sought, text: str) -> bool:
    """Whether a sentence speaks of a body by its class alone (与品牌企业合作), and names and lists none, or does not speak of
    one whose name tells its class.
    """
    if not wanted.body or refers_to(Kind.ORGANISATION, text):
        return False
    if not any(form in text for form in (*wanted.forms, wanted.noun[-2:])):
        return _OF_NAME.search(wanted.noun) is not None
    named = [name.text for name in find_names(text, "organisation") if not GENERIC.search(name.text)]
    return not any(name not in question.text for name in named) and not _LISTED.search(text)


_FIRMS = frozenset("公司 企业 集团".split())
_OF_NAME = re.compile("(?:银行|法院|法庭|医院|大学|学院|协会|商会)$")
_LISTED = re.compile(r"、[^，。；]{2,}(?:等|这)[^，。；]{0,3}[家个所]")

_RANKS = frozenset("城市 市 设区市 地级市 地市 县 省 省份".split())


def _is_without_rank(question: Question, slot: Slot, wanted: Sought, text: str) -> bool:
    """Whether a city, county or province is asked for, and a sentence names none but those of the question."""
    if slot.kind is not Kind.PLACE or wanted.noun not in _RANKS:
        return False
    places = (text[thing.start : thing.end] for thing in named_things(text, Kind.PLACE, wanted))
    return all(place_stem(place) in question.text for place in places)


_SO_MANY = re.compile(rf"(?P<number>{NUMBER})(?P<measure>[家位名所座])")


def _is_counted_alone(question: Question, slot: Slot, fact: Fact) -> bool:
    """Whether it is asked who or which so many are (那1家是谁, 5家医院名单), and the sentence counts them so and names none."""
    if not fact.whole or slot.kind not in (*NAMED_KINDS, Kind.LIST) or not _ASKED_ALL.search(question.text):
        return False
    text = fact.match.sentence.text
    asked, told = (
        {(parse_number(found["number"]), found["measure"]) for found in _SO_MANY.finditer(stretch)}
        for stretch in (question.text, text)
    )
    names = (name.text for kind in ("organisation", "person") for name in find_names(text, kind))
    named = any(name not in question.text and not _LEVEL.search(name) for name in names)
    return bool(asked & told) and not named and not _LISTED.search(text)


_ASKED_ALL = re.compile(rf"[那这]{NUMBER}[家位名所座]|名单|都是谁|分别是|都有[谁哪]")
_LEVEL = re.compile("[省市县区乡]级|^[省市县区]?[各全多]|[家所]")
_COUNTED_PEOPLE = re.compile(r"(?:[一两三几]|\d+)[人名位](?![\u4e00-\u9fff])")
_LANDS = re.compile("[市县区省镇]是哪|哪[一]?[个座](?:设区)?[市县区省镇]")
_LAST = re.compile("垫底|末位|倒数|最低(?!工资|生活|保障|标准|限|价)|最差|最少|最后一名")


def _last_untold(question: Question, slot: Slot, fact: Fact) -> str | None:
    """What is missing where it is asked which comes last, and no clause that says so names one (最低分为68.5)."""
    last = _LAST.search(question.text) if slot.kind is Kind.PLACE or _LANDS.search(question.text) else None
    if last is None:
        return None
    text = fact.match.sentence.text
    clauses = [text[slice(*span)] for span in clause_spans(text)]
    if any(_LAST.search(clause) and find_names(clause, "place") for clause in clauses):
        return None
    return f"没有说明“{last.group()}”的是哪个"


_RANKED = re.compile(
    rf"(?P<deputy>副)?(?P<office>{HEADS})(?:[是叫为]|名叫)|哪一?位(?P<which_deputy>副)?(?P<which>{HEADS})"
)


def _other_rank(question: Question, fact: Fact) -> str | None:
    """The office whose holder is asked for (主任叫什么), where the sentence tells of its deputy alone, or the other way round."""
    asked, text = _RANKED.search(question.text), fact.match.sentence.text
    if asked is None:
        return None
    deputy, office = asked["deputy"] or asked["which_deputy"] or "", asked["office"] or asked["which"]
    if office not in text:
        return None
    told = {found.group(1) for found in re.finditer(f"(副?){office}", text)}
    return None if deputy in told else deputy + office


_PLACED = re.compile(rf"(?:排|列|居|位居|位列|名列).{{0,4}}?第(?P<number>{NUMBER})|第(?P<named>{NUMBER})[名位]")
_TOP = re.compile("榜首|居首|排首位|位居首位|第一名")
_FIRST = re.compile("首|榜首|冠军|最|第一|领跑|状元")


def _other_place_in_rank(question: Question, fact: Fact) -> str | None:
    """A place in a ranking that the question asks who holds (排第一的是哪个县), where the sentence tells who holds another alone."""
    asked = _PLACED.search(question.text) or _TOP.search(question.text)
    if asked is None:
        return None
    places = asked.groupdict()
    number = parse_number(places.get("number") or places.get("named") or "1")
    text = fact.match.sentence.text
    told = {parse_number(found["number"] or found["named"]) for found in _PLACED.finditer(text)}
    held = number in told or (number == 1 and _FIRST.search(text))
    return asked.group() if told and not held else None


def _unheld_role(wanted: Sought, fact: Fact) -> str | None:
    """The office whose holder is asked for by name, where what was found names nobody and does not speak of the office."""
    sentence = fact.match.sentence
    held = wanted.noun in f"{sentence.before}{sentence.folded}" or find_names(sentence.text, "person")
    return None if held or not wanted.person else wanted.noun.removeprefix("是")


def _in_order(text: str) -> list[tuple[Fraction, str, str]]:
    """Places in an order, with what is counted and the two characters after it; 首届 is the first."""
    return [
        (parse_number(match["number"]) if match["number"] else Fraction(1), match["unit"], match["of"])
        for match in _PLACE_IN_ORDER.finditer(text)
    ]
