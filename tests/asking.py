"""A made-up collection that questions are read against, one snapshot of it for all tests."""

from functools import cache
from pathlib import Path
from tempfile import mkdtemp

from index.article import Article
from index.building import build
from index.snapshot import Snapshot
from tests.encoders import HashEncoder

ARTICLES = (
    Article(
        id="business",
        title="云澜市优化营商环境三年行动",
        text="云澜市把营商环境当作头等大事，2023年兑现惠企资金九批。市场主体达到12万户，其中民营企业占九成。\n"
        "营商环境好不好，企业说了算。全市有公证机构21家参加海外远程视频公证试点，办结公证1.1万件。",
        date="2024-03-15",
    ),
    Article(
        id="workshop",
        title="“共富工坊”进山来",
        text="云澜市建成“共富工坊”312家，吸纳农民就业5100人。共富工坊由村集体和企业合办。\n"
        "“智管家”平台管着村集体资产，去年清查合同650份。研究员林赛燕说，工坊要靠市场。安丰村、丰村先行。",
        date="2024-04-20",
    ),
    Article(
        id="talent",
        title="数商从哪里来",
        text="云澜市引育数商1000家，数商就是做数据生意的企业。嘉善籍的周敦颐后人办了其中一家。\n"
        "《云澜市数据商人培育发展行动方案》（以下简称“数商方案”）提出，到2026年数商营收超40亿元。",
        date="2024-05-10",
    ),
    *(
        Article(
            id=f"other{number}",
            title=f"第{number}号简报",
            text=f"第{number}号简报说的是各地天气、道路和学校的维修情况。",
        )
        for number in range(12)
    ),
)


@cache
def collection() -> Snapshot:
    folder = Path(mkdtemp(prefix="wence-asking-")) / "snapshot"
    build(ARTICLES, folder, HashEncoder())
    return Snapshot.open(folder)
