"""How well an issue's articles are rebuilt from its text: titles and authors against a list, characters against the source.

Run `python -m eval.structure [ISSUE.txt]`; the issue of the sample collection is not part of the repository. The list
below holds facts about it (which titles and authors it prints), nothing of its text.
"""

import re
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from index.article import Article
from index.errors import SourceError
from index.reading import read_sources
from index.reading.encoding import decode_text
from index.reading.magazine_contents import contents_of
from index.reading.magazine_layout import pages_of

ISSUE = Path(__file__).resolve().parents[2] / "shared" / "corpus" / "000_4e43489e28990827.txt"

# Printed title: authors, joined by spaces. Spaces in titles do not count.
GOLD: dict[str, str] = {
    "完善中国特色现代企业制度 建设具有全球竞争力的科技创新开放环境": "",
    "中办印发《全国党政领导班子建设规划纲要（2024—2028年）》": "",
    "浙江以警示教育深化党纪学习教育": "",
    "浙江省政府与中国电信签署全面战略合作协议": "",
    "2024浙江·台湾合作周开幕": "",
    "浙江部署推动文旅领域设备更新": "",
    "浙江推进浙江数商高质量发展": "",
    "数字浙江": "",
    "聚力打造服务业六大高地": "",
    "支持历史经典产业塑造新辉煌": "",
    "健全困难老年人补贴制度": "",
    "开展手机信号设备专项治理行动": "",
    "推动国有林场建设": "",
    "在奋进中国式现代化新征程上交出进一步全面深化改革高分答卷": "易炼红",
    "奋力打造最优营商环境": "马跃明 叶慧 邵玩玩",
    "充分发挥政务服务增值化改革“关键一招”作用": "金晓明",
    "小工坊点燃乡村共富“引擎”": "岑文华",
    "“亲清直通”让企业更有感": "亓惠洁",
    "持续擦亮民营经济“金名片”": "袁卫 夏靓",
    "铸强营商环境法治“硬内核”": "沈佳薇 钱晔 陆佳佳",
    "让科创服务体系不断“增值”": "杨晨 蔡建军 赵长伟",
    "公平竞争政策的先行探索": "沈华军",
    "杭州市 市场化解纷的“先行样本”": "岑文华",
    "宁波市 “一站式”化解涉企矛盾纠纷": "沈华军",
    "温州市 企业拿地，凭数据“说话”": "今哲 陈胜军",
    "湖州市 打造“企业有感”的营商环境": "胡楠楠",
    "金华市 让合规成为企业高质量发展“护身符”": "杨晨 王燕飞",
    "衢州市 让服务资源“供需匹配”更精准": "陈蕙",
    "杭州钱塘（新）区 “兜底办”兜起疑难杂事": "沈华军",
    "龙港市 让企业“进一扇门，办所有事”": "殷诚聪 陈圆圆 王木记",
    "平湖市 外资集聚地的服务增值“密码”": "祁元 李玉芳",
    "绍兴市越城区 增值服务撬动产业发展“芯”空间": "今哲 何秦江",
    "育强高素质新生代企业家队伍": "徐国龙",
    "长兴县：以技赋能锻造高素养“蓝领尖兵”": "张泽民",
    "激活发展新质生产力的“人才引擎”": "林赛燕",
    "历史经典产业，“浙”样焕新": "袁卫",
    "破除实现公平正义的最后一道藩篱": "沈佳薇 宋朵云",
    "“法智锁”守牢村集体“钱袋子”": "今哲 俞靖垚",
    "点石成金亮百年": "史申",
    "传统中医搭上“数字快车”": "叶慧 林莉",
    "奋力续写千年农遗时代新篇": "钱慧慧 杨雅索",
    "将巡察“利剑”擦得更亮": "吴燕",
    "亮出美丽“天际线”": "章卓玮",
    "中华文明的“现在进行时”": "辛鸣",
    "薄于自奉为厚民": "李燕",
    "诸暨市 汇聚人才 向新而行": "",
    "嘉善县 打造长三角新侨双创人才高地": "",
    "遂昌县 “粽”享山区共富梦": "",
}
UNTITLED = 2  # the lead editorial and one picture with its caption


@dataclass(frozen=True, slots=True)
class Structure:
    """The counts, and what is wrong by name. Characters are counted without spaces, shadow print once.

    `lost` lines of the source stand nowhere, `doubled` ones in two bodies; a `broken` body is not made of whole source
    lines in their order.
    """

    missed: tuple[str, ...]
    unexpected: tuple[str, ...]
    wrong_authors: tuple[str, ...]
    source_characters: int
    body_characters: int
    lost: tuple[str, ...]
    doubled: tuple[str, ...]
    broken: tuple[str, ...]


def structure_of(articles: Sequence[Article], text: str) -> Structure:
    """The articles read from an issue against the list and against the issue's printed lines."""
    titles = {_bare(title): title for title in GOLD}
    found = {_bare(article.title): article for article in articles}
    wrong = tuple(
        title for bare, title in titles.items() if bare in found and list(found[bare].authors) != GOLD[title].split()
    )
    lines = [_bare(line.text) for page in pages_of(text) if not contents_of(page) for line in page]
    uses: Counter[int] = Counter()
    broken = []
    for article in articles:
        used = _used_by(_bare(article.text), lines)
        uses.update(used)
        if not used:
            broken.append(article.title)
    around = "\n".join(_around(article) for article in articles)
    return Structure(
        missed=tuple(title for bare, title in titles.items() if bare not in found),
        unexpected=tuple(article.title for bare, article in found.items() if bare not in titles),
        wrong_authors=wrong,
        source_characters=sum(map(len, lines)),
        body_characters=sum(len(lines[i]) for i in uses),
        lost=tuple(line for i, line in enumerate(lines) if i not in uses and line.lstrip("—") not in around),
        doubled=tuple(lines[i] for i, count in uses.items() if count > 1),
        broken=tuple(broken),
    )


def _bare(text: str) -> str:
    return re.sub(r"\s+", "", text).lstrip("■●◆")


def _around(article: Article) -> str:
    """All that an article holds beside its body, the byline also as it is printed."""
    byline = "".join(article.authors)
    parts = (article.title, article.column, *article.captions, *article.metadata.values())
    extract = article.metadata.get("standfirst", "")
    return "\n".join(_bare(part) for part in (*parts, extract, byline, article.metadata.get("role", "") + byline))


def _used_by(body: str, lines: Sequence[str]) -> list[int]:
    """The source lines that, one after the other, make exactly this body; none when it cannot be made so."""
    for first in (i for i, line in enumerate(lines) if line and body.startswith(line)):
        used, at = list[int](), 0
        for i in range(first, len(lines)):
            if lines[i] and body.startswith(lines[i], at):
                used.append(i)
                at += len(lines[i])
                if at == len(body):
                    return used
    return []


def main(arguments: Sequence[str]) -> int:
    """Prints the report; 1 when something is missed, wrong, lost, doubled or out of order."""
    path = Path(arguments[0]) if arguments else ISSUE
    if not path.is_file():
        print(f"{path} does not exist; give the issue's text file", file=sys.stderr)
        return 2
    read = list(read_sources([path]))
    articles = [each for each in read if not isinstance(each, SourceError)]
    result = structure_of(articles, decode_text(path.read_bytes()))
    print(f"articles       {len(articles)}, titles found {len(GOLD) - len(result.missed)} of {len(GOLD)}")
    print(f"untitled       {len(result.unexpected)} (expected {UNTITLED}): {'; '.join(result.unexpected)}")
    print(f"authors right  {len(GOLD) - len(result.missed) - len(result.wrong_authors)} of {len(GOLD)}")
    told = f"{result.body_characters} of them in bodies, {sum(map(len, result.lost))} lost, {sum(map(len, result.doubled))} doubled"
    print(f"characters     {result.source_characters} printed, {told}")
    print(f"bodies whole   {len(articles) - len(result.broken)} of {len(articles)}")
    for name in ("missed", "wrong_authors", "lost", "doubled", "broken"):
        for line in getattr(result, name):
            print(f"{name}: {line}")
    bad = result.missed or result.wrong_authors or result.lost or result.doubled or result.broken
    return 1 if bad or len(result.unexpected) != UNTITLED else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
