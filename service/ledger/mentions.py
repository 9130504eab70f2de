"""An article in, the named reforms and programmes that it speaks of out, each mention with its sentence.

A name is quoted (“数据得地”改革), a code (“1+5+16”体系), the title of a plan (《…实施方案》), or a run of nouns before a word for a
reform (政务服务增值化改革). Whether it earns a dossier is decided over all articles, in `service.ledger.dossiers`.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from index.article import Article
from index.sentences import sentence_spans
from service.ledger.tokens import tokens

NameKind = Literal["quoted", "code", "title", "named"]

_SORTS = (
    "改革工程|改革试点|专项行动|行动计划|改革|工程|行动|机制|计划|清单|办法|制度|模式|体系|平台|方案|试点|战略|集成改革|服务体系|政策|方法|工作法|"
    "专项整治|经验|打法|系统|应用|场景|品牌|专区|规划"
)
_PLAN_TITLE = "方案|计划|办法|意见|条例|规划|纲要|清单|通知|决定|措施|行动|指南|细则|规定|公约|指引|标准|规范|导则|制度|要点|政策|条款|规则|条|法案|协定|倡议|机制"
_QUOTED = re.compile(rf"“(?P<core>[^“”，。；！？、]{{2,16}})”(?P<sort>(?:[\u4e00-\u9fff]{{0,4}}?(?:{_SORTS}))?)")
_ENDS = re.compile(rf"[\u4e00-\u9fffA-Za-z0-9+]{{2,}}(?:{_SORTS})$")
_CODE = re.compile(
    r"“?(?P<core>(?<![\d+])[1-9]\d?(?:\+[1-9N]\d?|\+[XN]){1,5})”?(?P<sort>[\u4e00-\u9fff]{0,8}?(?:" + _SORTS + "))?"
)
_TITLE = re.compile(rf"《(?P<core>[^《》]{{4,60}}?(?:{_PLAN_TITLE}))(?P<tail>[（(〔][^）)〕]{{1,20}}[）)〕])*》")
_NAMED_SORT = re.compile("改革工程|改革试点|专项行动|行动计划|改革|工程|行动|战略|计划")
_NAMED_HINT = re.compile("改革|工程|行动|战略|计划")
_GENERIC = frozenset(
    "全面深化改革 深化改革 重大改革 各项改革 体制改革 机制改革 制度改革 试点 综合改革 重点改革 集成改革 系统集成改革 改革 行动计划 工作方案 实施方案 工作机制 三年行动计划 专项行动 重大工程 "
    "重点工程 系统工程 民生工程 示范工程 重大战略 国家战略 发展战略 发展计划 工作计划 战略 年度计划 企业计划 建设工程 水利工程 工程 政策体系 工作体系 实施意见 实施细则 管理办法 征求意见稿".split()
)
_LEADING = re.compile(
    "^(?:以|把|将|对|在|的|和|与|及|等|了|为|这|该|此|各|新|大|推|深化|推进|推动|全面|实施|开展|启动|加快|围绕|通过|进行|落实|坚持|谋划|谋深|抓好|承担|持续|系列|一系列|重大|重点|各项|多项|有关|相关|其他|其它|主要|参与|聚焦|支持|制定|出台|发布|本次|此次|本轮|一批|一项|这项|多跨)+"
)
_SAME = re.compile(rf"(?:{_SORTS})$")


@dataclass(frozen=True, slots=True)
class Mention:
    """A name at `[name_start, name_end)` of an article, in the sentence `[start, end)`; `key` is one for all spellings."""

    key: str
    name: str
    kind: NameKind
    name_start: int
    name_end: int
    start: int
    end: int


def mentions(article: Article) -> list[Mention]:
    """Every mention of a name in an article, in order; a name quoted once is also found where it is not quoted."""
    text = article.text
    found: dict[tuple[int, int], Mention] = {}
    spans = sentence_spans(text)
    for start, end in spans:
        for mention in _in_sentence(text, start, end):
            found.setdefault((mention.name_start, mention.name_end), mention)
    _bare(text, spans, found)
    return sorted(found.values(), key=lambda mention: mention.name_start)


def key_of(name: str) -> str:
    """One form for the spellings of a name: without quotation marks, brackets, spaces and the word for what it is."""
    folded = "".join(unicodedata.normalize("NFKC", name).split())
    folded = re.sub(r"[“”\"'《》「」『』]", "", folded)
    folded = re.sub(r"(?<=.{4})[(〔][^)〕]{1,20}[)〕]$", "", folded)
    bare = _SAME.sub("", folded)
    return bare if len(bare) >= 3 and "《" not in name else folded


def _in_sentence(text: str, start: int, end: int) -> Iterator[Mention]:
    if text.find("“", start, end) >= 0:
        for match in _QUOTED.finditer(text, start, end):
            core, sort = match["core"], match["sort"]
            if re.fullmatch(r"[\dN+X]+", core) or (not sort and not _ENDS.fullmatch(core)):
                continue
            if key_of(core) not in _GENERIC and not re.search(r"[？?：:]", core):
                yield _mention(match.group(), "quoted", match.span(), (start, end))
    if text.find("+", start, end) >= 0:
        for match in _CODE.finditer(text, start, end):
            if match["sort"] or match.group().startswith("“") or match["core"].count("+") > 1:
                yield _mention(match.group(), "code", match.span(), (start, end))
    if text.find("《", start, end) >= 0:
        for match in _TITLE.finditer(text, start, end):
            yield _mention(match.group(), "title", match.span(), (start, end))
    if _NAMED_HINT.search(text, start, end):
        yield from _named(text, start, end)


def _named(text: str, start: int, end: int) -> Iterator[Mention]:
    """Runs of nouns that end in a word for a reform, where no quotation mark names it."""
    sentence = text[start:end]
    words = tokens(sentence, ())
    for at, word in enumerate(words):
        if word.kind == "quoted" or not _NAMED_SORT.search(word.text) or not _NAMED_SORT.fullmatch(word.text[-2:]):
            continue
        first = at
        while first and words[first - 1].kind == "noun" and word.end - words[first - 1].start <= _LONGEST_NAME:
            first -= 1
        name = sentence[words[first].start : word.end]
        lead = _LEADING.match(name)
        cut = words[first].start + (lead.end() if lead else 0)
        name = sentence[cut : word.end]
        if len(name) >= _SHORTEST_NAME and name not in _GENERIC:
            yield _mention(name, "named", (start + cut, start + word.end), (start, end))


_SHORTEST_NAME, _LONGEST_NAME = 5, 16


def _bare(text: str, spans: list[tuple[int, int]], found: dict[tuple[int, int], Mention]) -> None:
    """Add where a name that is quoted somewhere stands without its quotation marks."""
    for core in {
        mention.name.strip("“”").split("”")[0]: mention for mention in found.values() if mention.kind == "quoted"
    }:
        if len(core) < 4:
            continue
        at = text.find(core)
        while at >= 0:
            taken = any(start <= at < end for start, end in found)
            if not taken:
                start, end = next(span for span in spans if span[0] <= at < span[1])
                found[at, at + len(core)] = _mention(core, "quoted", (at, at + len(core)), (start, end))
            at = text.find(core, at + len(core))


def _mention(name: str, kind: NameKind, span: tuple[int, int], sentence: tuple[int, int]) -> Mention:
    return Mention(key_of(name), name, kind, *span, *sentence)
