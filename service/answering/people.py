"""A sentence, an article and a person's name or words in, out what office the person holds and who it was that said them."""

import re
from collections.abc import Iterable
from functools import lru_cache

from index.sentences import Span
from service.answering.evidence import pairs
from service.answering.names import SURNAMES, find_names
from service.answering.sentence import Sentence

OFFICE_NOUNS = frozenset("职务 职位 官职 职衔 头衔 身份 职".split())
"""Nouns that ask what somebody is."""

_ASKED_OF = re.compile(
    rf"(?:^|[，, ]|请问)(?P<name>[{SURNAMES}][\u4e00-\u9fff]{{1,2}})(?=在|担?任|是|的|现|目前|当|做|什么| )"
)
_OFFICE = r"(?:[长员人师官授记任席理监士家董]|总干事|负责人|传承人|院士|博士|代表|秘书)"
_BEFORE = re.compile(rf"(?P<office>[^，。；：:！？!?\n”’]{{2,40}}?{_OFFICE})$")
_AFTER = re.compile(
    rf"(?:[，,]|[是为系任]|现任|时任|担任)+(?P<office>[^，。；：:！？!?\n说]{{2,40}}?{_OFFICE})(?=[，。；]|$)"
)
_LEADING = re.compile("^(?:据|由|对|与|和|在|让|向|记者|从)")


def persons_asked_of(question: str) -> tuple[str, ...]:
    """The persons a question for an office names, those also that the word cutter does not know."""
    known = tuple(dict.fromkeys(name.text for name in find_names(question, "person")))
    return known or tuple(match["name"] for match in [_ASKED_OF.search(question)] if match)


def offices_of(text: str, name: str) -> tuple[Span, ...]:
    """Where a text says what the person of a name is: right before the name, or else after it."""
    found: list[Span] = []
    for match in re.finditer(re.escape(name), text):
        if before := _BEFORE.search(text[: match.start()]):
            lead = _LEADING.match(before["office"])
            found.append((before.start() + (lead.end() if lead else 0), before.end()))
        elif after := _AFTER.match(text, match.end()):
            found.append(after.span("office"))
    return tuple(found)


_OURS = re.compile("^“[^”]*?(?:我们(?:公司|企业|集团|厂|银行|医院|学校|村|社区|单位)|我司|我公司|我厂)")


def of_ourselves(sentence: str) -> str:
    """A sentence if it is what somebody says of their own firm, so that who speaks is who is told of; else nothing."""
    return sentence if _OURS.match(sentence) else ""


SAID_SHARE = 0.6
"""Least share of the character pairs of a remark that words in quotation marks hold which are that remark, told in part."""

_WORDS = re.compile("“(?P<words>[^“”]*)”")
_SAYS = "说|表示|指出|介绍|认为|强调|坦言|告诉|感慨|提出|写道|评价|称赞|笑道|道"
_SPEAKER_AFTER = re.compile(rf"(?P<who>[^“”。！？!?\n]{{2,60}}?)(?:{_SAYS})")
_SPEAKING = re.compile(rf"(?:^|(?<=[。！？”\n]))(?P<who>[^“”。！？!?\n]{{2,60}}?)(?:{_SAYS})[，,]")
"""Who speaks in the sentences of a paragraph, up to the words in quotation marks."""
_SPEAKER_BEFORE = re.compile(rf"(?P<who>[^“”。！？!?\n]{{2,60}}?)(?:{_SAYS})[^“”。！？!?\n]{{0,20}}[：:，,]?$")


def says(sentence: Sentence, name: Span, remark: str) -> bool:
    """Whether a name in a sentence is that of who says a remark."""
    who = speaker(sentence.article.text, remark) if remark else None
    return who is not None and who[0] <= sentence.start + name[0] and sentence.start + name[1] <= who[1]


@lru_cache(maxsize=256)
def speaker(text: str, remark: str) -> Span | None:
    """Where a text names who says a remark, which it holds in quotation marks; None where it holds none such.

    The speaker stands after the words, before the next full stop, or right before them, or is who spoke last in the
    paragraph.
    """
    said = re.sub(r"\W", "", remark)
    best, told = SAID_SHARE, None
    for match in _WORDS.finditer(text):
        plain = re.sub(r"\W", "", match["words"])
        share = _told_share(said, plain)
        if share >= best and (who := _beside(text, *match.span())):
            best, told = share, who
    return told


def _told_share(remark: str, words: str) -> float:
    """Share of the character pairs of a remark that words hold; those whose characters follow one another there in the same
    order, others between, count half.
    """
    parts = pairs(remark)
    held = sum(part in words for part in parts)
    characters = iter(words)
    in_order = all(character in characters for character in remark)
    return (held + in_order * (len(parts) - held) / 2) / len(parts)


def _last(found: Iterable[re.Match[str]]) -> re.Match[str] | None:
    return max(found, key=lambda match: match.start(), default=None)


def _beside(text: str, start: int, end: int) -> Span | None:
    if after := _SPEAKER_AFTER.match(text, end):
        return after.span("who")
    line = text.rfind("\n", 0, start) + 1
    before = _SPEAKER_BEFORE.search(text[line:start]) or _last(_SPEAKING.finditer(text[line:start]))
    return (line + before.start("who"), line + before.end("who")) if before else None


_ROLE = re.compile(
    "谁是[^？?]*?(?P<role>[\u4e00-\u9fff]{4})[？?]?$|(?P<said>[\u4e00-\u9fff]{4})是谁[？?]?$|由谁来?(?:担任|充当|作为)[^？?]*?(?P<held>[\u4e00-\u9fff]{4})[？?]?$"
)
"""What somebody is asked to be, by its last words (谁是…的责任主体)."""

_ANSWERABLE, _ANSWERABLE_ROLE = re.compile("谁来?负(?:总责|主体责任|首要责任)"), "责任主体"
"""What asks who has to answer for something, and what a text calls them."""


def role_asked(asked: str) -> str | None:
    """What somebody is asked to be, if a question asks for that."""
    if found := _ROLE.search(asked):
        return found["role"] or found["said"] or found["held"]
    return _ANSWERABLE_ROLE if _ANSWERABLE.search(asked) else None
