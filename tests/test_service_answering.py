"""Answers over a small collection written for the purpose: the right facts, verbatim proof, honest refusals."""

from dataclasses import replace
from pathlib import Path

import pytest

from service.answer import Answer, Citation, Status, Support, Verdict
from service.answering.figures import find_figures
from service.answering.periods import find_periods
from service.answering.question import understand
from service.answering.resemblance import is_told_apart, resembles
from service.answering.suitability import of_its_months
from service.answering.told import granularity, in_title, without_hedge, without_this_year
from service.answering.verifier import check_figures, support
from service.answering.wording import AREA_UNITS, MONEY_UNITS, SHARE_UNITS, TIME_UNITS
from service.lines.meaning import _tokens
from service.pipeline import Pipeline
from service.settings import Settings
from tests.invariants import assert_sound

ANSWERED = {
    # one figure
    "云澜市综合窗口的群众满意率是多少？": ("98.6%",),
    "栖川市综合窗口的群众满意率是多少？": ("97.1%",),
    "栖川市综合窗口设立了多少个便民点？": ("12个",),
    "北岚市新开公交线路多少条？": ("28条",),
    "云澜市有多少家高新技术企业？": ("730家",),
    "云澜市青年夜校开设多少门课程？": ("85门",),
    "栖川市海洋研究院授权了多少件专利？": ("218件",),
    "雾溪镇的民宿收入有多少？": ("1.4亿元",),
    "松坪县建成多少家老年食堂？": ("147家",),
    "老年食堂每天供餐多少份？": ("约1.1万份",),
    "云川省饮用水水源达标率要保持在多少？": ("99.5%以上",),
    "北岚 公交线路 新开 条数": ("28条",),
    # a figure of one year where another year has one too
    "2022年雾溪镇接待了多少游客？": ("36万人次",),
    "二〇二二年雾溪镇接待了多少游客？": ("36万人次",),
    # several, in the order asked
    "雾溪镇2022年和2023年各接待多少游客？": ("36万人次", "52万人次"),
    "松坪县发放了多少“茶园共富贷”？又惠及多少户茶农？": ("3.2亿元", "1.7万户"),
    "“茶园共富贷”惠及多少户茶农？又发放了多少亿元？": ("1.7万户", "3.2亿元"),
    "北岚市新能源公交车占比从多少提高到多少？": ("31%", "94%"),
    "企业开办平均用时从几天缩短到几天？": ("7.5天", "2.1天"),
    # dates and names
    "栖川市海洋研究院是哪年成立的？": ("2021年",),
    "栖川市海洋研究院是哪一天成立的？": ("2021年9月18日",),
    "栖川市海洋研究院院长是谁？": ("沈望潮",),
    # traditional script, other widths
    "雲瀾市綜合窗口的群眾滿意率是多少？": ("98.6%",),
    "松坪縣建成多少家老年食堂？": ("147家",),
    "２０２２年雾溪镇接待了多少游客": ("36万人次",),
    # a sentence that speaks of two years
    "2023年雾溪镇接待了多少游客？": ("52万人次",),
    "2023年栖川市综合窗口办理了多少件事项？": ("41.2万件",),
    "2022年云澜市研发投入多少亿元？": ("12.4亿元",),
    "2023年云澜市研发投入多少亿元？": ("15.9亿元",),
    # two places
    "栖川市和云澜市综合窗口的群众满意率各是多少？": ("97.1%", "98.6%"),
    "云澜市和栖川市综合窗口办理事项各多少件？": ("86.4万件", "41.2万件"),
    "“茶园共富贷”户均增收多少元？": ("6800元",),
    "哪部条例规定了饮用水水源达标率？": ("《云川省水源保护条例》",),
    "80岁以上的老人每餐补贴多少元？": ("5元",),
}

NOT_YET: dict[str, tuple[tuple[str, ...], str]] = {
    "云澜市青年夜校由谁牵头举办？": (("云澜市总工会",), "the sentence says 承办, which is no word of the question"),
}

REFUSED = {
    "青屿县综合窗口办理了多少件事项？": "青屿",
    "深圳市综合窗口办理了多少件事项？": "深圳",
    "2021年雾溪镇接待了多少游客？": "2021年",
    "2019年雾溪镇接待了多少游客？": "2019年",
    "栖川市的研发投入是多少？": "研发",
    "北岚市综合窗口的群众满意率是多少？": "满意率",
    "“渔民安心保”是什么？": "渔民安心保",
    "“夜校贷”发放了多少亿元？": "夜校贷",
    "《栖川市夜校管理办法》是哪年发布的？": "栖川市夜校管理办法",
    "今天天气怎么样？": "天气",
    "雾溪镇的滑雪场有几个？": "滑雪场",
    "量子计算机有多少个比特？": "",
    "你好": "",
}

REFUSED_NOT_YET = {
    "火星上有多少个综合窗口？": "火星 is no place to the word cutter",
}

WHOLE = {
    "什么是“茶园共富贷”？": "“茶园共富贷”是指由松坪县财政贴息、以茶园经营权作抵押、专门借给茶农的小额贷款。",
    "“四送一办”中的“四送”是什么意思？": "“四送”分别是送政策、送资金、送人才、送订单",
    "“四送”分别是哪四项？": "送政策、送资金、送人才、送订单",
    "水源保护五大行动包括哪些？": "源头封育行动、管网改造行动、雨污分流行动、岸线清理行动、节水普及行动",
    "云川省部署了哪五大行动？": "源头封育行动、管网改造行动、雨污分流行动、岸线清理行动、节水普及行动",
    "雾溪镇怎样让古村落热闹起来？": "通过修缮老屋、引进民宿、培训向导",
    "云澜市将如何减少重复填表？": "通过数据共享减少重复填表",
}

FOLLOW_UPS = {
    ("北岚市新开公交线路多少条？", "那投放新能源公交车多少辆？"): ("460辆",),
    ("栖川市海洋研究院是哪年成立的？", "它的院长是谁？"): ("沈望潮",),
    ("云澜市有多少家高新技术企业？", "其中省级实验室有多少个？"): ("6个",),
}


def gaps(table: dict[str, str]) -> list[object]:
    """Questions that are answered wrongly today; strict, so that the one who mends it takes it off the list."""
    return [
        pytest.param(question, marks=pytest.mark.xfail(reason=reason, strict=True))
        for question, reason in table.items()
    ]


@pytest.fixture(scope="module")
def pipeline(policies: Path) -> Pipeline:
    return Pipeline(policies, Settings())


@pytest.mark.parametrize(
    ("asked", "text", "fit"),
    [
        ("6月多少人次？", "今年7月咨询1028人次，比6月翻了一番。", 0.0),
        ("7月多少人次？", "今年7月咨询1028人次，比6月翻了一番。", 1.0),
        ("7月多少人次？", "比6月翻了一番，达1028人次。", 1.0),
        ("前三季度多少亿元？", "上半年发放贷款2507亿元。", 0.0),
        ("前5个月多少亿元？", "1—5月发放贷款2507亿元。", 1.0),
        ("多少亿元？", "上半年发放贷款2507亿元。", 1.0),
    ],
)
def test_a_figure_is_of_the_months_named_last_before_it(asked: str, text: str, fit: float) -> None:
    assert of_its_months(find_figures(text)[0], text, understand(asked)) == fit


def test_a_bare_year_is_no_day() -> None:
    assert granularity(find_periods("2024年举行")[0], frozenset("日"))[1] == 0.0
    assert granularity(find_periods("2024年6月7日举行")[0], frozenset("日"))[1] == 1.0


def test_a_month_is_asked_for() -> None:
    period = find_periods("2024年6月7日举行")[0]
    assert granularity(period, frozenset("月")) == (len("2024年6月"), 1.0)
    assert granularity(find_periods("2024年举行")[0], frozenset("月"))[1] < 1.0


def test_a_version_opened_anew_is_read_with_the_models_that_are_there(policies: Path, pipeline: Pipeline) -> None:
    question = "“四送一办”是什么？"
    answer = pipeline.ask(question)
    read = _tokens.cache_info().misses
    again = Pipeline(policies, Settings()).ask(question)
    assert again.citations == answer.citations
    assert _tokens.cache_info().misses == read > 0


def ask(pipeline: Pipeline, question: str, *history: str) -> Answer:
    answer = pipeline.ask(question, history)
    assert_sound(answer, pipeline.article)
    return answer


@pytest.mark.parametrize(("question", "facts"), ANSWERED.items())
def test_facts_are_given_in_the_order_asked(pipeline: Pipeline, question: str, facts: tuple[str, ...]) -> None:
    answer = ask(pipeline, question)
    assert (answer.status, answer.short_answers) == (Status.ANSWERED, facts)


@pytest.mark.parametrize("question", gaps({question: gap[1] for question, gap in NOT_YET.items()}))
def test_facts_that_are_not_found_yet(pipeline: Pipeline, question: str) -> None:
    answer = pipeline.ask(question)
    assert (answer.status, answer.short_answers) == (Status.ANSWERED, NOT_YET[question][0])


@pytest.mark.parametrize("question", [*NOT_YET, *REFUSED_NOT_YET])
def test_a_wrong_answer_is_still_a_sound_one(pipeline: Pipeline, question: str) -> None:
    ask(pipeline, question)


@pytest.mark.parametrize(("question", "words"), WHOLE.items())
def test_definitions_lists_and_measures_are_quoted_whole(pipeline: Pipeline, question: str, words: str) -> None:
    answer = ask(pipeline, question)
    assert answer.status is Status.ANSWERED
    assert words in answer.answer
    assert answer.short_answers == ()
    assert len({citation.article_id for citation in answer.citations}) == 1


@pytest.mark.parametrize(("turns", "facts"), FOLLOW_UPS.items())
def test_a_follow_up_is_read_with_the_question_before(
    pipeline: Pipeline, turns: tuple[str, ...], facts: tuple[str, ...]
) -> None:
    *history, question = turns
    assert ask(pipeline, question, *history).short_answers == facts


def test_a_follow_up_of_only_a_year(pipeline: Pipeline) -> None:
    assert pipeline.ask("2022年呢？", ("2023年雾溪镇接待了多少游客？",)).short_answers == ("36万人次",)


def test_a_question_of_its_own_is_not_read_with_the_one_before(pipeline: Pipeline) -> None:
    alone = ask(pipeline, "松坪县建成多少家老年食堂？")
    after = ask(pipeline, "松坪县建成多少家老年食堂？", "栖川市海洋研究院是哪年成立的？")
    assert (after.short_answers, after.citations) == (alone.short_answers, alone.citations)


@pytest.mark.parametrize(("question", "missing"), REFUSED.items())
def test_what_is_not_there_is_refused_and_named(pipeline: Pipeline, question: str, missing: str) -> None:
    answer = ask(pipeline, question)
    assert answer.status is Status.UNANSWERABLE
    assert missing in (answer.reason or "")


@pytest.mark.parametrize("question", gaps(REFUSED_NOT_YET))
def test_what_is_not_refused_yet(pipeline: Pipeline, question: str) -> None:
    assert pipeline.ask(question).status is Status.UNANSWERABLE


def test_each_city_has_its_own_figure(pipeline: Pipeline) -> None:
    for place, facts, source in (("云澜市", ("98.6%",), "yunlan-window"), ("栖川市", ("97.1%",), "qichuan-window")):
        for form in (f"{place}综合窗口群众满意率多高？", f"在{place}，综合窗口的群众满意率是多少"):
            answer = ask(pipeline, form)
            assert answer.short_answers == facts
            assert [citation.article_id for citation in answer.citations] == [source]
        answer = ask(pipeline, f"综合窗口群众满意率 {place}")
        assert facts[0] in answer.answer
        assert [citation.article_id for citation in answer.citations] == [source]


def test_one_of_two_facts_missing_makes_a_partial_answer(pipeline: Pipeline) -> None:
    answer = ask(pipeline, "云澜市有多少家高新技术企业，多少个地铁站？")
    assert (answer.status, answer.short_answers) == (Status.PARTIAL, ("730家",))
    assert [citation.article_id for citation in answer.citations] == ["yunlan-research"]


def test_one_of_two_facts_missing_in_a_sentence_of_its_own(pipeline: Pipeline) -> None:
    answer = pipeline.ask("云澜市高新技术企业有多少家？地铁线路有多长？")
    assert (answer.status, answer.short_answers) == (Status.PARTIAL, ("730家",))


def test_the_same_question_has_the_same_answer_however_it_is_written(pipeline: Pipeline) -> None:
    plain = ask(pipeline, "北岚市新开公交线路多少条？")
    for form in (
        "北岚市新开公交线路多少条",
        " 北岚市新开公交线路多少条?\n",
        "北岚市　新开公交线路多少条？？",
        "请问北岚市新开公交线路多少条呢",
    ):
        answer = ask(pipeline, form)
        assert (answer.short_answers, answer.citations) == (plain.short_answers, plain.citations)


# what is asked for

UNDERSTOOD: dict[str, list[tuple[str, object]]] = {
    "云澜市有多少家高新技术企业？": [("figure", "家")],
    "全市培育了多少个贝类新品种？": [("figure", "个")],
    "共惠及多少户茶农？": [("figure", "户")],
    "公交线路新开了几条？": [("figure", "条")],
    "研究院授权专利多少件？": [("figure", "件")],
    "接待了多少人次？": [("figure", "人次")],
    "发放贷款多少亿元？": [("figure", MONEY_UNITS)],
    "一共投了多少钱？": [("figure", MONEY_UNITS)],
    "民宿收入是多少？": [("figure", MONEY_UNITS)],
    "满意率是多少？": [("figure", SHARE_UNITS)],
    "占比达到百分之几？": [("figure", SHARE_UNITS)],
    "增长了几成？": [("figure", SHARE_UNITS)],
    "研发投入占生产总值的比重是多少？": [("figure", SHARE_UNITS)],
    "企业开办要多久？": [("figure", TIME_UNITS)],
    "绿道面积有多大？": [("figure", AREA_UNITS)],
    "平均用时从几天缩短到几天？": [("figure", "天"), ("figure", "天")],
    "占比从多少提高到多少？": [("figure", SHARE_UNITS), ("figure", SHARE_UNITS)],
    "云澜市和栖川市各有多少家企业？": [("figure", "家"), ("figure", "家")],
    "发放了多少贷款？又惠及多少户茶农？": [("figure", MONEY_UNITS), ("figure", "户")],
    "研究院是哪年成立的？": [("date", "年")],
    "研究院成立于哪一天？": [("date", "日")],
    "夜校什么时候开班？": [("date", "")],
    "夜校于何日举行？": [("date", "日")],
    "头一所夜校是啥年份来的？": [("date", "年")],
    "夜校一共开班几何？": [("figure", "")],
    "哪家夜校一次就拿到了十几亩地？": [("organisation", "")],
    "办一所夜校以前和现在各要多久？": [("figure", TIME_UNITS), ("figure", TIME_UNITS)],
    "何时开班、开多少门课程？": [("date", ""), ("figure", "门")],
    "院长是谁？": [("person", "")],
    "哪位院长介绍了新品种？": [("person", "")],
    "夜校由谁牵头举办？": [("organisation", "")],
    "由哪个部门负责？": [("organisation", "")],
    "哪家银行发放贷款？": [("organisation", "")],
    "研究院在哪个城市？": [("place", "")],
    "试点设在哪里？": [("place", "")],
    "依据哪部条例？": [("document", "")],
    "发布了哪份文件？": [("document", "")],
    "什么是“茶园共富贷”？": [("definition", "")],
    "“四送一办”是什么意思？": [("definition", "")],
    "“四送”指的是什么？": [("definition", "")],
    "五大行动包括哪些？": [("list", "")],
    "有哪三类补贴？": [("list", "")],
    "雾溪镇采取了哪些措施保护古村落？": [("measure", "")],
    "雾溪镇怎样让古村落热闹起来？": [("measure", "")],
    "如何减少重复填表？": [("measure", "")],
    "为什么要合并窗口？": [("reason", "")],
    "合并窗口以后有什么变化？": [("change", "")],
    "云澜市是否建成了实验室？": [("yes_no", "")],
    "研究院由哪三方共建？": [("organisation", "")] * 3,
    "项目由哪两家合起来办？": [("organisation", "")] * 2,
    "开放和人才两块各由哪个省级部门牵头？": [("organisation", "")] * 2,
    "恳谈会开到第几期？": [("figure", "期")],
    "云澜市 外贸 全省名次": [("figure", "")],
    "得分最高的是多少分？": [("figure", "分")],
    "云澜市 新增线路 条数 2023年底": [("figure", "条")],
    "从几块钱涨到几块钱？": [("figure", MONEY_UNITS)] * 2,
    "两份文件各把重点放在哪里？": [("open", "")],
    "介绍一下综合窗口": [("open", "")],
    "公交线路": [("open", "")],
    "民主决策在交易前、中、后各用哪句口诀概括？": [("open", "")],
    "林场想靠哪两方面的示范带动全省？": [("list", "")],
    "谁还想拉线缆，得先过哪些关？": [("list", "")],
    "哪个部门要是拖过了期限，会怎么处理？": [("measure", "")],
    "“一二三”服务都包含什么？": [("list", "")],
    "那个“明码”是啥东西呀？": [("definition", "")],
    "村里的账本体系怎么理解？": [("definition", "")],
}


def read(question: str) -> list[tuple[str, object]]:
    """Kind and units of each slot; one unit, or none, as text."""
    slots = understand(question).slots
    return [
        (slot.kind.value, slot.units if len(slot.units) > 1 else "".join(slot.units)) for slot in slots
    ]  # fmt: skip


@pytest.mark.parametrize(("question", "slots"), UNDERSTOOD.items())
def test_what_a_question_asks_for(question: str, slots: list[tuple[str, object]]) -> None:
    assert read(question) == slots


@pytest.mark.parametrize(
    ("question", "text", "told"),
    [
        ("投资超过了多少亿元？", "投资超过200亿元。", ("200亿元",)),
        ("投资是多少亿元？", "投资超过200亿元。", ()),
        ("投资超过了多少亿元？", "投资200亿元。", ()),
    ],
)
def test_a_hedge_that_the_question_has_is_not_told_again(question: str, text: str, told: tuple[str, ...]) -> None:
    assert without_hedge(find_figures(text)[0], understand(question)) == told


@pytest.mark.parametrize(
    ("question", "text", "told"),
    [
        ("哪天起施行？", "今年4月1日起施行。", ("4月1日",)),
        ("何时起施行？", "今年4月1日起施行。", ()),
        ("哪天起施行？", "2024年4月1日起施行。", ()),
    ],
)
def test_this_year_is_no_part_of_a_day(question: str, text: str, told: tuple[str, ...]) -> None:
    period, slot = find_periods(text)[0], understand(question).slots[0]
    assert without_this_year(period, granularity(period, slot.units)[0], slot) == told


def test_a_date_in_a_title_is_that_of_the_document() -> None:
    text = "7月27日，市审计局作了《2022年度审计报告》的说明。"
    assert [in_title(text, period.start) for period in find_periods(text)] == [False, True]


def test_a_place_in_an_order_is_asked_for() -> None:
    for question, ranked in (("开到第几期？", True), ("外贸 全省名次", True), ("开了几期？", False)):
        assert [slot.rank for slot in understand(question).slots] == [ranked]


@pytest.mark.parametrize(
    ("question", "count"),
    [("五大行动包括哪些？", 5), ("有哪三类补贴？", 3), ("“四送”分别是哪四项？", 4), ("有哪些课程？", None)],
)
def test_how_many_items_a_list_should_have(question: str, count: int | None) -> None:
    assert understand(question).slots[0].count == count


@pytest.mark.parametrize(
    ("question", "years", "places", "quoted"),
    [
        ("2022年温州市接待了多少游客？", (2022,), ("温州",), ()),
        ("二〇二三年和2024年深圳市、嘉兴市各多少？", (2023, 2024), ("深圳", "嘉兴"), ()),
        ("什么是「四送一办」？", (), (), ("四送一办",)),
        ('"四送"和《云川省水源保护条例》', (), ("云川",), ("四送", "云川省水源保护条例")),
        ("共有多少条线路？", (), (), ()),
        ("2023温州·深圳合作周在哪天开幕？", (2023,), ("温州", "深圳"), ()),
        ("2023户农家分了多少？", (), (), ()),
    ],
)
def test_what_evidence_must_agree_with(
    question: str, years: tuple[int, ...], places: tuple[str, ...], quoted: tuple[str, ...]
) -> None:
    found = understand(question)
    assert (found.years, found.places) == (years, places)
    assert set(quoted) <= set(found.quoted)


@pytest.mark.parametrize(
    ("question", "places"),
    [
        ("惠及多少户茶农？", ()),
        ("在哪个城市？", ()),
        ("2023年云澜市投入多少？", ("云澜",)),
    ],
)
def test_words_that_look_like_places(question: str, places: tuple[str, ...]) -> None:
    assert understand(question).places == places


@pytest.mark.parametrize(
    ("name", "text", "held"),
    [
        ("建好一栋卖掉一栋", "做到“建好一栋、验收一栋、卖掉一栋”", True),
        ("建好一栋卖掉一栋", "建好一栋。" + "次年春天又修了路，" * 3 + "卖掉一栋", False),
        ("卖掉一栋建好一栋", "建好一栋、验收一栋、卖掉一栋", False),
        ("一窗通办", "一个窗口通办", False),
        ("推动茶叶高质量发展二十条措施", "推动云澜茶叶高质量发展二十条措施", True),
    ],
)
def test_a_name_is_held_in_two_pieces_with_little_between(name: str, text: str, held: bool) -> None:
    assert resembles(name, text) is held


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        ("三高", "具有高科技、高效能、高质量特征", True),
        ("四难", "种苗难、用水难、运输难、卖茶难，一直困扰茶农", True),
        ("四难", "种苗难、用水难，一直困扰茶农", False),
        ("甲、乙", "先办“甲”，再办“乙”", True),
    ],
)
def test_a_name_is_told_by_the_things_that_it_takes_together(name: str, text: str, told: bool) -> None:
    assert is_told_apart(name, text) is told


# the verifier

QUOTE = "2023年，云澜市研发投入15.9亿元，占生产总值的比重升至2.8%，每天供餐约1.1万份，超过730家企业受益。"


def cited(quote: str) -> Citation:
    return Citation(1, "x~0-1~0123456789", "x", "题", (), "", "", None, None, quote, 0, len(quote), "《题》")


@pytest.mark.parametrize(
    ("statement", "verdicts", "expected"),
    [
        (QUOTE, ["exact"] * 4, "supported"),
        ("云澜市研发投入15.9亿元。", ["exact"], "supported"),
        ("云澜市研发投入15.8亿元。", ["not_found"], "unsupported"),
        ("云澜市研发投入5.9亿元。", ["not_found"], "unsupported"),
        ("云澜市研发投入159亿元。", ["not_found"], "unsupported"),
        ("云澜市研发投入15.9万元。", ["not_found"], "unsupported"),
        ("云澜市研发投入15.9亿美元。", ["not_found"], "unsupported"),
        ("云澜市研发投入近15.9亿元。", ["not_found"], "unsupported"),
        ("云澜市研发投入15.9亿元以上。", ["not_found"], "unsupported"),
        ("云澜市研发投入159000万元。", ["equal"], "supported"),
        ("云澜市研发投入１５.９亿元。", ["equal"], "supported"),
        ("占生产总值的比重升至百分之二点八。", ["equal"], "supported"),
        ("占生产总值的比重升至8%。", ["not_found"], "unsupported"),
        ("占生产总值的比重升至2.8个百分点。", ["not_found"], "unsupported"),
        ("每天供餐约1.1万份。", ["exact"], "supported"),
        ("每天供餐1.1万份。", ["not_found"], "unsupported"),
        ("每天供餐超1.1万份。", ["not_found"], "unsupported"),
        ("每天供餐11000份左右。", ["equal"], "supported"),
        ("730余家企业受益。", ["equal"], "supported"),
        ("近730家企业受益。", ["not_found"], "unsupported"),
        ("云澜市研发投入15.9亿元，云澜市很满意。", ["exact"], "partly"),
        ("云澜市很满意。", [], "unsupported"),
    ],
)
def test_a_changed_figure_is_caught(statement: str, verdicts: list[Verdict], expected: Support) -> None:
    assert [check.verdict for check in check_figures(statement, [cited(QUOTE)])] == verdicts
    assert support(statement, [cited(QUOTE)]) == expected


def test_a_figure_is_looked_for_in_every_cited_quote() -> None:
    other = replace(cited("新开线路28条。"), n=2)
    checks = check_figures("新开线路28条，研发投入15.9亿元，建站9座。", [cited(QUOTE), other])
    assert [(check.text, check.verdict) for check in checks] == [
        ("28条", "exact"), ("15.9亿元", "exact"), ("9座", "not_found"),
    ]  # fmt: skip
    assert [check.citation for check in checks[:2]] == [2, 1]


def test_a_checked_figure_has_value_unit_hedge_and_period() -> None:
    found = {check.text: check for check in check_figures(QUOTE, [cited(QUOTE)])}
    money, meals, share = found["15.9亿元"], found["约1.1万份"], found["2.8%"]
    assert (money.value, money.unit, money.hedge, money.period) == (1_590_000_000, "元", "", "2023年")
    assert (meals.value, meals.unit, meals.hedge) == (11_000, "份", "约")
    assert (share.value, share.unit) == (2.8, "%")
    assert check_figures("28条", [])[0].verdict == "not_found"
