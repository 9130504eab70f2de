"""Years told by their distance from the date of an article, and places told once for many sentences."""

import pytest

from index.article import Article
from index.building import build
from service.pipeline import Pipeline
from service.settings import Settings
from tests.encoders import HashEncoder

ARTICLES = (
    Article(
        id="fair",
        title="云澜博览会走过几届",
        text="去年，云澜博览会签约项目30个。\n2022年，云澜博览会签约项目21个。\n今年1—5月，云澜博览会引进企业8家。",
        date="2024-06-25",
    ),
    Article(
        id="calls",
        title="半年接了多少电话",
        text="本报讯 记者从苏州市昆山市场监督管理局获悉，上半年该局受理投诉、举报、咨询共1933件。\n"
        "从受理投诉情况看，该局受理投诉1210件，居苏州市第一。该局受理举报277件，多为广告违法。该局新设服务站6个。",
        date="2024-06-25",
    ),
    Article(
        id="port",
        title="小工坊点亮乡村",
        text="宁波市北仑区是宁波舟山港核心港区所在地，司机云集。当地行业党委联动12家单位，建起“卡嫂工坊”。\n"
        "温州的做法不同。当地联动20家单位，建起“山珍工坊”。",
        date="2024-06-25",
    ),
    Article(
        id="law",
        title="法治护航",
        text="浙江全面推进法治建设。\n“营商环境要靠法治。”省委依法治省办副主任、省司法厅厅长林望青说。\n"
        "2023年，全省法院平均执行结案用时同比提速10.8%。涉企诉讼同比下降16051件、降幅达33.6%。",
        date="2024-06-25",
    ),
    Article(
        id="drug",
        title="兜底办兜起难事",
        text="康霖生物科技（杭州）有限公司研发新药，资金需求大。\n得知需求后，服务专员史翊翔多次联系杭州联合银行上门对接。史翊翔还走访了别家。",
        date="2024-06-25",
    ),
    Article(id="other", title="雾溪镇的桥", text="雾溪镇新修三座桥，方便了两岸村民。", date="2024-06-25"),
)


@pytest.fixture(scope="module")
def pipeline(tmp_path_factory: pytest.TempPathFactory) -> Pipeline:
    folder = tmp_path_factory.mktemp("years") / "snapshot"
    build(ARTICLES, folder, HashEncoder())
    return Pipeline(folder, Settings(), HashEncoder())


@pytest.mark.parametrize(
    ("question", "fact"),
    [
        ("2023年云澜博览会签约项目多少个？", "30个"),
        ("去年云澜博览会签约项目多少个？", "30个"),
        ("前年云澜博览会签约项目多少个？", "21个"),
        ("2022年云澜博览会签约项目多少个？", "21个"),
        ("2024年1—5月云澜博览会引进企业多少家？", "8家"),
        ("今年1—5月云澜博览会引进企业多少家？", "8家"),
    ],
)
def test_a_relative_year_is_counted_from_the_articles_date(pipeline: Pipeline, question: str, fact: str) -> None:
    assert pipeline.ask(question).short_answers == (fact,)


@pytest.mark.parametrize(
    ("question", "fact"),
    [("昆山有多少件举报广告违法？", "277件"), ("昆山新设服务站多少个？", "6个")],
)
def test_an_article_is_about_the_place_that_it_begins_with(pipeline: Pipeline, question: str, fact: str) -> None:
    assert pipeline.ask(question).short_answers == (fact,)


@pytest.mark.parametrize(
    ("question", "fact"),
    [
        ("宁波北仑的行业党委联动了多少家单位？", "12家"),
        ("浙江省司法厅厅长是谁？", "林望青"),
        ("2023年浙江法院的执行结案用时同比提速多少？", "10.8%"),
        ("浙江涉企诉讼同比减少了百分之几？", "33.6%"),
        ("哪家银行上门对接康霖生物？", "杭州联合银行"),
    ],
)
def test_what_another_name_stands_near_is_not_about_that(pipeline: Pipeline, question: str, fact: str) -> None:
    assert fact in pipeline.ask(question).answer


def test_the_same_body_of_another_province_is_refused(pipeline: Pipeline) -> None:
    assert pipeline.ask("江苏省司法厅厅长是谁？").status == "unanswerable"
