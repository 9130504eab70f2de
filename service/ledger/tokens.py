"""A sentence in, its words out for finding what a figure counts: figures and times masked, each word with its kind."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal

import rjieba

Kind = Literal["noun", "place", "verb", "link", "of", "joint", "mark", "quoted"]

_LINKS = frozenset(
    "达 达到 达成 高达 多达 为 是 有 共 共有 约 近 超 超过 已 已经 共计 累计 累积 总计 合计 计 仅 均 都 就 也 分别 各 各有 只 只有 突破 至 到 在 由 从 增至 降至 增加到 "
    "提高到 增长到 升至 增长 下降 提高 提升 上升 上涨 上浮 下跌 下滑 回落 减少 降低 缩短 压缩 压减 缩减 增加 扩大 同比 环比 比 较 上年 去年 今年 "
    "同期 相比 平均 年均 人均 户均 日均 月均 首次 以 每 即 将 可 可达 能 拥有 占 占比 占到 分布 左右 以上 以下 位居 位列 居 排名 其中 实现 完成 包括 包含 "
    "创 获 报 收于 报收 净增 大约 超出 接近 逾 余 了 着 过 并 且 又 再 还 从原来 原来 原 最多 最少 最高 最低 至少 不到 不足 不少于 不低于 不超过 不高于 具有 含 称 说 显示 总共 一共 "
    "预计 力争 一举 持续 连续 稳步 仍 尚 只需 仅需 需 需要 来 内 间 让 使 使得 促使 令 有序 主动 依法 自发 同步 全部 一律 分为 分成 人民币 港币 美金 每小时 这是 那是 都是 包有 装有 现在 先后 同一 交易日 已有 已达 现有 设有 建有 也有 还有 仍有 另有 约有 经 历时 为期 长达 截至 截止 截至目前 只能 可以 必须 应当 应 约为 达到了 仅为 只有 就有 上线 开始 自 成为 变成 称为 作为 有着 带来 产生 出现".split()
)
"""Words that tie a figure to what it counts and are no part of it."""

_NOMINAL = frozenset(
    "型 类 式 点 站 组织 创新 协同 联络 恳谈 管理 生产 加工 服务 检查 监督 监管 投资 研究 开发 设计 教育 培训 合作 交易 建设 发展 改造 保护 调解 公证 担保 贷款 融资 供应 运输 就业 创业 试点 "
    "示范 领军 反馈 指引 生涯 举措 制剂 打法 做法 归口 统一 专项 综合 联合 集中 分类 在线 上市 失信 执法 惠企 涉企 助企 便民 便企 科技 研发 采购 招标 投标 竞赛 比武 巡察 审批 登记 开工 办理 兑现 结算 消费 出口 进口 销售 零售 满意 回应 办结 解决 覆盖 "
    "参与 使用 利用 转化 孵化 养殖 种植 种养 经营 运营 评价 指导 预警 处置 立案 裁判 诉讼 仲裁 解纷 补贴 补助 奖励 奖补 授权 申请 注册 整改 行政 驻 驻企 为企 高新 规模 调查 监测 "
    "治理 保障 救助 养老 托育 医疗 诊疗 阅读 旅游 观光 体验 分享 连锁 跨境 出生 死亡 增值 吞吐 周转 发电 用电 输送 储备 储能 充电 换电 回收 排放 碳排放 持股 募集 上网".split()
)
"""Verbs that are found inside the names of things (创新中心, 集体经济组织), and count as nouns."""

_NATIONWIDE = re.compile("率先|首|重点|优秀|先进|唯一|第|最|文明|示范|知名|著名|性|统一|一流|领先")
"""What makes 全国 a rank and no place (全国首个试点)."""

_WIDE = frozenset("全国 世界 全球 国内 全省 全市".split())

_LINK_TAGS = frozenset("ad z d p c u uj ul uz ug uv ud r y e o k h f q m mq".split())
_JOINTS = frozenset("和 与 及 以及 、 及其".split())
_PLACES = frozenset(
    "全省 全市 全县 全区 全镇 全村 全国 我国 我省 我市 我县 全球 国内 该省 该市 该县 该区 该公司 该镇 该村 该院 该局 该行 全州 全院 全系统 世界".split()
)
_EXTREMES = frozenset("最高 最低 平均".split())
_RANKS = frozenset("省 市 县 区 镇 乡 州 村 街道 自治州 自治县 新区".split())
_NAMELIKE = frozenset("ns nr nrt nz nrfg".split())
_SHORTEST_RANKED = 2
_BODY = re.compile(
    "(?:公司|集团|银行|法院|检察院|委员会|大学|学院|医院|协会|商会|联合会|研究院|中心|局|厅|市委|省委|县委|区委|政府|证券|保险|股份|自贸区"
    "|开发区|高新区|园区|组织部|统战部|财政部|商务部|工信部)$"
)
_NO_PLACE = frozenset(
    "立马 爱国 海归 城区 市区 郊区 回国 满意度 山林 惠及 维度 东西 上市 高新 新建 归国 超市 城市 门市 都市 股市 楼市 夜市 集市".split()
)


@dataclass(frozen=True, slots=True)
class Token:
    """A word at `[start, end)` of the sentence."""

    start: int
    end: int
    text: str
    kind: Kind


def tokens(sentence: str, masked: Iterable[tuple[int, int]]) -> list[Token]:
    """The words of a sentence in order, without those of the stretches masked, which count as marks."""
    letters = list(sentence)
    for start, end in masked:
        letters[start:end] = "，" * (end - start)
    text = "".join(letters)
    found: list[Token] = []
    at, quote, before = 0, -1, ""
    for word, tag in rjieba.tag(text.encode(errors="replace").decode()):  # half a surrogate pair is one character too
        end = at + len(word)
        if word == "“" and "”" in text[end : end + 30]:
            quote = at
        elif quote >= 0:
            if word == "”":
                found.append(Token(quote, end, sentence[quote:end], "quoted"))
                quote = -1
        else:
            if word == "分为" and found and found[-1].text in _EXTREMES:  # 最高 分为
                found[-1] = replace(found[-1], end=at + 1, text=f"{found[-1].text}分", kind="noun")
                at, before = end, tag
                continue
            kind = _kind(word, tag)
            if word in _WIDE and _NATIONWIDE.match(text, end):
                kind = "noun"
            elif word in _RANKS and before in _NAMELIKE and found:  # 白石 市
                found[-1] = replace(found[-1], kind="place")
                kind = "place"
            found.append(Token(at, end, word, kind))
        at, before = end, tag
    return found


@lru_cache(maxsize=65536)
def _kind(word: str, tag: str) -> Kind:
    if word in _JOINTS:
        return "joint"
    if not any(character.isalnum() for character in word):
        return "mark"
    if word == "的":
        return "of"
    if len(word) > _SHORTEST_RANKED and word[-1] in _RANKS and tag in _NAMELIKE:
        return "place"
    if word in _PLACES or (tag in ("ns", "nt") and len(word) > 1 and word not in _NO_PLACE):
        return "place"
    if word in _NOMINAL:
        return "noun"
    if word in _LINKS or tag in _LINK_TAGS:
        return "link"
    return "verb" if tag[0] == "v" and tag != "vn" else "noun"


def is_body(word: str) -> bool:
    """Whether a noun ends as the names of bodies do (公司, 法院, 委员会)."""
    return bool(_BODY.search(word))
