"""A question and its best fact in, the class of things that it asks which of (出口到哪些国家, 哪个朝代, 哪条胡同) out where no thing
of that class is told around the fact.

Classes whose members can be told by their names or endings alone; a fact that is such a name itself is no matter of this.
"""

import re
from collections.abc import Callable

from service.answering.classed import may_be_country
from service.answering.facts import Fact
from service.answering.names import find_names, place_stem, tagged
from service.answering.places import is_province
from service.answering.question import Question
from service.answering.slots import Slot
from service.answering.wording import Kind

REACH_CHARS = 120
"""Characters after a sentence within which what it leads up to is told."""

WORKS = "作品|著作|专著|论文|影片"
"""Things that are named by their titles."""

_WHICH = "哪(?:一|两|三|几|些|[0-9]+)?(?:些|个|座|条|家|种|类|件|份|部|篇)?"
_ASKED = re.compile(
    f"{_WHICH}(?:(?P<country>国家(?![级队])|(?<=哪)国)|(?P<dynasty>朝代|王朝)|(?P<office>部门|厅局|部委)"
    "|(?P<street>(?:胡同|街|路|巷|弄)(?=$|[^\u4e00-\u9fff]|[的上]))|(?P<town>乡镇|镇|街道)"
    "|(?P<land>(?:设区|地级)?市(?![场民值政区])|县(?!域)|城市|地区)"
    f"|(?P<work>{WORKS}|文件|法规)"
    "|(?P<union>[\u4e00-\u9fff]{0,4}(?:组织|团体|协会|商会)))(?=$|[^\u4e00-\u9fff]|[^级长委里])"
)
"""What is asked which of, by its class."""


def memberless(question: Question, slot: Slot, fact: Fact) -> str | None:
    """The class asked of, as the question puts it, where neither the sentence nor what stands right before and after it tells
    of one; None where it tells, or where no such class is asked of.
    """
    asked = _ASKED.search(question.text) if fact.whole and slot.kind in (Kind.LIST, Kind.OPEN) else None
    if asked is None or asked.lastgroup is None:
        return None
    if asked.lastgroup != "country" and _goes_on(question.text[asked.end() :]):
        return None
    sentence = fact.match.sentence
    around = f"{sentence.before}\n{sentence.article.text[sentence.start : sentence.end + REACH_CHARS]}"
    told = _TELLS[asked.lastgroup](around, question.text)
    return None if told else "国家" if asked["country"] else asked[asked.lastgroup]


def _goes_on(rest: str) -> bool:
    """Whether a noun goes on with another (哪些乡镇品牌)."""
    words = tagged(rest)
    return bool(words) and words[0][2][0] == "n"


def _lands(text: str, asked: str) -> bool:
    new = (name.text for name in find_names(text, "place") if place_stem(name.text) not in asked)
    named = any(not (name.endswith("村") or is_province(name)) for name in new)
    return named or _OF_LANDS.search(text) is not None


def _towns(text: str, asked: str) -> bool:
    named = (name.text for name in find_names(text, "place") if name.text not in asked)
    return any(name.endswith(("镇", "乡", "街道")) for name in named) or re.search("[镇乡道]、", text) is not None


def _unions(text: str, asked: str) -> bool:
    named = (name.text for name in find_names(text, "organisation") if name.text not in asked)
    return any(named) or _OF_UNIONS.search(text) is not None


def _countries(text: str, asked: str) -> bool:
    named = (name for name in find_names(text, "place") if text[name.start - 1 : name.start] != "“")
    abroad = (name.text for name in named if may_be_country(name.text))
    return any(name not in asked for name in abroad) or _OF_COUNTRIES.search(text) is not None


def tells_title(text: str, asked: str) -> bool:
    """Whether a text has a title that the question does not."""
    return any(title not in asked for title in _TITLE.findall(text))


_OF_LANDS = re.compile("[、和及与][^，。；]{1,6}等地|各地|全国|全省")
_OF_COUNTRIES = re.compile("[美英法德日韩俄意]、|[欧美亚非]洲|东南亚|中东|海外")
_OF_UNIONS = re.compile("[协商学联总]会|联盟|社团|组织|团体|公司|企业|机构|部门|党委|支部")
_OFFICES = re.compile("[局委厅署]|[办部院会]、|部门|公安|检察|法院|税务")
_DYNASTY = re.compile("[唐宋元明清汉隋晋周秦商辽金](?:代|朝|初|末|时)|春秋|战国|三国|南北朝|民国|先秦|南宋|北宋|古代")
_TITLE = re.compile("《([^》]+)》")
_STREET = re.compile("[\u4e00-\u9fff]{2}(?:胡同|街|路|巷|弄)")

_TELLS: dict[str, Callable[[str, str], bool]] = {
    "country": _countries,
    "land": _lands,
    "office": lambda text, _: _OFFICES.search(text) is not None,
    "town": _towns,
    "union": _unions,
    "work": tells_title,
    "dynasty": lambda text, _: _DYNASTY.search(text) is not None,
    "street": lambda text, _: _STREET.search(text) is not None,
}
