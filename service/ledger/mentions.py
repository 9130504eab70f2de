"""An article in, the named reforms and programmes that it speaks of out, each mention with its sentence.

A name is quoted (“数据得地”改革), a code (“1+5+16”体系), the title of a plan (《…实施方案》), or a run of nouns before a word for a
reform (政务服务增值化改革). Whether it earns a dossier is decided over all articles, in `service.ledger.dossiers`.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from index.article import Article
from index.occurrences import occurrences
from index.sentences import sentence_spans
from service.answering.names import first_word
from service.ledger.tokens import Token, tokens

NameKind = Literal["quoted", "code", "title", "named"]

_SORTS = (
    "改革工程|改革试点|专项行动|行动计划|改革|工程|行动|机制|计划|清单|办法|制度|模式|体系|平台|方案|试点|战略|集成改革|服务体系|政策|方法|工作法|"
    "专项整治|经验|打法|系统|应用|场景|专区|规划"
)
_PLAN_TITLE = "方案|计划|办法|意见|条例|规划|纲要|清单|通知|决定|措施|行动|指南|细则|规定|指引|导则|制度|要点|政策|[一二三四五六七八九十]条|机制"
_QUOTED = re.compile(
    rf"“(?P<core>[^“”，。；！？、]{{2,16}})”(?P<sort>(?:(?:(?![的在被于某多等与和])[\u4e00-\u9fff]){{0,4}}?(?:{_SORTS}))?)"
)
_ENDS = re.compile(rf"[\u4e00-\u9fffA-Za-z0-9+]{{2,}}(?:{_SORTS})$")
_CODE = re.compile(
    r"“?(?P<core>(?<![\d+])[1-9]\d?(?:\+[1-9N]\d?|\+[XN]){1,5})”?(?P<sort>[\u4e00-\u9fff]{0,8}?(?:" + _SORTS + "))?"
)
_TITLE = re.compile(rf"《(?P<core>[^《》]{{4,60}}?(?:{_PLAN_TITLE}))(?P<tail>[（(〔][^）)〕]{{1,20}}[）)〕])*》")
_NAMED_SORT = re.compile("改革工程|改革试点|专项行动|行动计划|改革|工程|行动|战略|计划")
_NAMED_HINT = re.compile("改革|工程|行动|战略|计划")
_GENERIC = frozenset(
    "全面 深化 改革 重大 各项 体制 机制 制度 试点 综合 重点 集成 系统 行动 计划 工作 实施 方案 三年 专项 工程 民生 示范 战略 国家 发展 年度 企业 建设 水利 政策 体系 意见 细则 管理 办法 征求 "
    "整治 治理 联合 执法 集中 统一 清查 夏季 冬季 春季 秋季 社会 经济 行业 安全 检查 巡查 服务 公益 宣传 日常 长期 短期 中期 整改 提升 提质 攻坚 标准 创新 教育 科技 产业 项目 投资 生产 经营 军事 "
    "救援 施工 基础 配套 主体 安置 土建 装修 改造 土木 校友 学习 教学 训练 比赛 募集 资金 支出 预算 采购 销售 营销 市场 品牌 全球 全国 全省 全市 全县 国际 地方 本地 区域 打击 整体 总体 具体 相关 有关 "
    "下一步 实际 自己 重要 特别 系列 大型 小型 新型 传统 现代 现代化 未来 国内 国外 公司 集团 我国 中央 地区 双方 两国 董事会 委员会 生态 阶段 一系列 十年 五年 原 较 按 其 各类 多项 常态化 严打 巡逻 防控 治安 "
    "清理 排查 后续 统筹 执行 优化 布局 规范 严重 违法 失信 行为 一站式 一把手 紧急 应急 处置 抢险 志愿 志愿者 爱心 消防 演练 培训".split()
)
"""Words that name nothing by themselves: a run of nothing else (专项整治行动, 重大改革) is no name."""

_NOTHING = _GENERIC | {""}

_LEADING = frozenset(
    "以 把 将 对 在 的 和 与 及 等 了 为 这 该 此 各 推 深化 推进 推动 全面 实施 开展 启动 加快 围绕 通过 进行 落实 坚持 谋划 谋深 抓好 承担 持续 制定 出台 发布 组织 参与 参加 支持 聚焦 部署 完成 "
    "推行 探索 强化 加强 继续 采取 展开 发起 提出 打造 构建 建立 推出 列入 纳入 获批 入选 首批 本次 此次 本轮 一批 一项 这项 相继 陆续 深入 扎实 有序 稳步 大力 积极 支撑 服务于 投入 成为 发展成为 "
    "牵一发 发动全身 动全身 全身 发动".split()
)
"""Words that lead up to a name and are no part of it."""

_SHORT = re.compile(r"“(?P<core>[\u4e00-\u9fffA-Za-z·]{3,10})”")
_NUMBERED = re.compile("[两三四五六七八九十](?:个|大|张|种|项)")
"""How slogans and not names begin (“两个维护”)."""

_LAUNCHED = re.compile(
    "(?:推出|首创|推行|建立|构建|探索|开展|实施|上线|创设|设立|组建|建成|成立|打造|发展|启动|推进|创建|实行|启用|发起|创新|建强|深化|推广)(?:了|起)?$"
)
"""What is done once with what only its quotation marks name, if it is a programme."""

_OFTEN = 3
_SAME = re.compile(rf"(?:{_SORTS})$")


@dataclass(frozen=True, slots=True)
class Mention:
    """A name at `[name_start, name_end)` of an article, in the sentence `[start, end)`; `key` is one for all spellings.
    `titled`: the article's own title names it.
    """

    key: str
    name: str
    kind: NameKind
    name_start: int
    name_end: int
    start: int
    end: int
    titled: bool = False


def mentions(article: Article) -> list[Mention]:
    """Every mention of a name in an article, in order; a name quoted once is also found where it is not quoted."""
    text = article.text
    found: dict[tuple[int, int], Mention] = {}
    spans = sentence_spans(text)
    for start, end in spans:
        for mention in _in_sentence(text, start, end):
            found.setdefault((mention.name_start, mention.name_end), mention)
    for mention in _repeated(article, spans):
        if not any(start <= mention.name_start < end for start, end in found):
            found[mention.name_start, mention.name_end] = mention
    _bare(text, spans, found)
    title = key_of(article.title, len(article.title))
    return [
        replace(mention, titled=mention.kind != "named" and mention.key in title)
        for mention in sorted(found.values(), key=lambda mention: mention.name_start)
    ]


def _repeated(article: Article, spans: Sequence[tuple[int, int]]) -> Iterator[Mention]:
    """Names that only their quotation marks mark (“企呼我应”): those that something launched, and that the
    title has or that are quoted again and again.
    """
    quoted = list(_SHORT.finditer(article.text))
    often = Counter(match["core"] for match in quoted)
    launched = {
        match["core"] for match in quoted if _LAUNCHED.search(article.text, max(0, match.start() - 6), match.start())
    }
    for match in quoted:
        core = match["core"]
        if (
            core in launched
            and (core in article.title or often[core] >= _OFTEN)
            and not _NUMBERED.match(core)
            and core not in _GENERIC
        ):
            sentence = next(span for span in spans if span[0] <= match.start() < span[1])
            yield Mention(key_of(core), match.group(), "quoted", *match.span(), *sentence)


def key_of(name: str, least: int = 3) -> str:
    """One form for the spellings of a name: without quotation marks, brackets, spaces and the word for what it is, if as
    many characters as `least` are left.
    """
    folded = "".join(unicodedata.normalize("NFKC", name).split())
    whole = re.fullmatch(r"“([^“”]+)”(.*)", folded)
    if whole and _SAME.search(whole[2]):  # “一件事”综合集成改革
        folded = whole[1]
    folded = re.sub(r"[“”\"'《》「」『』]", "", folded)
    folded = re.sub(r"(?<=.{4})[(〔][^)〕]{1,20}[)〕]$", "", folded)
    bare = _SAME.sub("", folded)
    if re.fullmatch("[第一二三四五六七八九十\\d]+号?", bare):  # 一号工程 is not 一号改革工程
        return folded
    return bare if len(bare) >= least and "《" not in name else folded


def _in_sentence(text: str, start: int, end: int) -> Iterator[Mention]:
    if text.find("“", start, end) >= 0:
        for match in _QUOTED.finditer(text, start, end):
            core, sort = match["core"], match["sort"]
            if re.fullmatch(r"[\dN+X]+", core) or (not sort and not _ENDS.fullmatch(core)):
                continue
            if _SAME.sub("", core) not in _NOTHING and not re.search(r"[？?：:]", core):
                key = key_of(core) if sort else key_of(core, 2)
                yield Mention(key, match.group(), "quoted", *match.span(), start, end)
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
        if word.kind == "quoted" or not _NAMED_SORT.fullmatch(word.text[-2:]) or _BODY.match(sentence, word.end):
            continue
        first = at
        while first and word.end - words[first - 1].start <= _LONGEST_NAME and _goes_on(words, first - 1):
            first -= 1
        while first < at and words[first].kind == "verb":
            first += 1
        name = sentence[words[first].start : word.end]
        telling = [one.text for one in words[first : at + 1] if one.text not in _GENERIC and len(one.text) > 1]
        if len(name) >= _SHORTEST_NAME and telling and telling != [word.text]:
            yield _mention(name, "named", (start + words[first].start, start + word.end), (start, end))


def _goes_on(words: Sequence[Token], at: int) -> bool:
    """Whether a word may be part of a name: a noun, or between nouns a verb that leads up to nothing (优化提升行动)."""
    if words[at].text in _LEADING:
        return False
    return words[at].kind == "noun" or (words[at].kind == "verb" and at > 0 and words[at - 1].kind == "noun")


_BODY = re.compile("委|局|部|办公室|领导小组|指挥部|中心|公司|处|组|所|院|系|学院|师|员|人员|者|家|队|署")
"""What makes the name of a body of it (中央全面深化改革委员会)."""

_SHORTEST_NAME, _LONGEST_NAME, _SHORTEST_BARE = 5, 16, 3


def _bare(text: str, spans: list[tuple[int, int]], found: dict[tuple[int, int], Mention]) -> None:
    """Add where a name that is quoted somewhere stands without its quotation marks."""
    quoted = {mention.name.strip("“”").split("”")[0]: mention for mention in found.values() if mention.kind == "quoted"}
    for core, first in quoted.items():
        if len(core) < _SHORTEST_BARE or first_word(core) == core:  # 老字号 is no name where nothing marks it
            continue
        for at in occurrences(text, core):
            taken = any(start <= at < end for start, end in found)
            if not taken:
                start, end = next(span for span in spans if span[0] <= at < span[1])
                found[at, at + len(core)] = Mention(first.key, core, "quoted", at, at + len(core), start, end)


def _mention(name: str, kind: NameKind, span: tuple[int, int], sentence: tuple[int, int]) -> Mention:
    return Mention(key_of(name), name, kind, *span, *sentence)
