"""What keeps a near fact from being given as the answer, and what must not: another of the same sort, other words."""

import json
from pathlib import Path

import pytest

from index.building import build
from index.reading import read_sources
from service.answer import Answer, Status
from service.engines import encoder_of
from service.pipeline import Pipeline
from service.settings import Settings
from tests.invariants import assert_sound

ARTICLES = {
    "云澜外贸与工坊": (
        "今年1月至5月，云澜市进出口总值达到210亿元，同比增长7.6%。云澜市评出三星级共富工坊108家。\n"
        "云澜市建成市县两级网办中心110个，村居延伸网点1300余个。云澜市政府与中国电信约定的合作方向有四个：科技创新、数字设施、产业升级、网信安全。\n"
        "金禾薄膜项目投资18亿元，因此提前3个月拿到银行授信。金禾公司接受了为期6个月的合规考察。"
    ),
    "先人的俭朴：沈青禾与陈志远": (
        "华侨沈青禾生活俭省，为抗战捐款筹款达15亿元。\n陈志远一双鞋穿了十年，却捐助了大学93所、中学166所。"
    ),
    "陆怀谷": "陆怀谷，云川人，植物学家。1936年云川农业高中毕业，1940年在赵维山门下获得博士学位。",
    "云澜的惠企资金": "2023年云澜市累计兑现奖补资金712亿元，为企业减负3268亿元。云澜市巡察整改完成率达95%。",
    "学谋干": "文章从“学”“谋”“干”三个字提出要求。“谋”是指谋划牵动全局的重大改革。",
    "云澜的恳谈会": "6月12日，云澜市的政企恳谈会开到了第89期。",
    "云澜热线": (
        "云澜市政务热线全天候有人工服务，无证明事项也能问。今年7月，云澜市政务热线的咨询量为1028人次，比今年6月翻了一番多。\n"
        "云澜市网信办对拒不整改的某短视频平台罚款10万元。"
    ),
    "浙江·台湾合作周": "2024年浙江·台湾合作周开幕，合作周期间签约台资项目47个。",
}


@pytest.fixture(scope="module")
def pipeline(tmp_path_factory: pytest.TempPathFactory) -> Pipeline:
    folder: Path = tmp_path_factory.mktemp("abstention")
    rows = (json.dumps({"id": title, "title": title, "text": text}) for title, text in ARTICLES.items())
    (folder / "articles.jsonl").write_text("\n".join(rows), encoding="utf-8")
    settings = Settings()
    build(read_sources([folder / "articles.jsonl"]), folder / "snapshot", encoder_of(settings))
    return Pipeline(folder / "snapshot", settings)


def ask(pipeline: Pipeline, question: str) -> Answer:
    answer = pipeline.ask(question)
    assert_sound(answer, pipeline.article)
    return answer


@pytest.mark.parametrize(
    ("question", "gone"),
    [
        ("今年1月至5月，云澜市单是出口做了多少亿元？", "出口"),
        ("云澜市评上五星级的共富工坊有多少家？", "五星"),
        ("云澜市政府与中国移动约定的合作方向有哪四个？", "中国移动"),
        ("沈青禾捐助了多少所大学？", "沈青禾"),
        ("金禾薄膜项目从银行拿到的授信额度是多少亿元？", "授信"),
        ("云澜市县两级网办中心办了多少件业务？", "业务"),
        ("金禾公司合规考察以后被判了多少罚金？", "罚"),
        ("云澜市巡察整改完成率为什么连八成都不到？", ""),
        ("云澜市的政企恳谈会第100期是哪天开的？", "第100期"),
        ("云澜市政务热线为什么取消了人工服务？", "取消"),
        ("今年6月云澜市政务热线的咨询量是多少人次？", ""),
        ("云澜市被罚款10万元的那家短视频平台叫什么？", "平台"),
    ],
)
def test_another_of_the_same_sort_is_no_answer(pipeline: Pipeline, question: str, gone: str) -> None:
    answer = ask(pipeline, question)
    assert answer.status is Status.UNANSWERABLE
    assert gone in (answer.reason or "")
    assert answer.confidence is None


@pytest.mark.parametrize(
    ("question", "held"),
    [
        ("今年1月至5月，云澜市进出口总值达到多少亿元？", "210亿元"),
        ("云澜市评上三星级的共富工坊有多少家？", "108家"),
        ("云澜市政府与中国电信约定的合作方向有哪四个？", "科技创新"),
        ("陈志远捐助了多少所大学？", "93所"),
        ("金禾薄膜项目投资了多少亿元？", "18亿元"),
        ("金禾公司的合规考察为期多久？", "6个月"),
        ("陆怀谷哪一年高中毕业？", "1936年"),
        ("2023年云澜市直接发给企业的奖补资金是多少亿元？", "712亿元"),
        ("文章讲的“学、谋、干”里，“谋”是指什么？", "重大改革"),
        ("云澜市的政企恳谈会第89期是哪天开的？", "6月12日"),
        ("今年7月云澜市政务热线的咨询量是多少人次？", "1028人次"),
        ("2024年浙台合作周期间签约了多少个台资项目？", "47个"),
    ],
)
def test_other_words_for_the_same_are_answered(pipeline: Pipeline, question: str, held: str) -> None:
    answer = ask(pipeline, question)
    assert answer.status is Status.ANSWERED
    assert held in answer.answer
    assert answer.confidence is not None
    assert 0 <= answer.confidence <= 1


def test_a_close_answer_is_surer_than_a_loose_one(pipeline: Pipeline) -> None:
    close = ask(pipeline, "2023年云澜市累计兑现奖补资金多少亿元？").confidence
    loose = ask(pipeline, "2023年云澜市直接发给企业的奖补资金是多少亿元？").confidence
    assert close is not None
    assert loose is not None
    assert close > loose


@pytest.mark.parametrize("question", ["云澜市明天会下雨吗，要不要带伞？", "云澜市的火锅店哪家好吃？"])
def test_a_question_that_shares_the_place_alone_is_refused(pipeline: Pipeline, question: str) -> None:
    assert pipeline.ask(question).status is Status.UNANSWERABLE
