"""Whose figure it is that a sentence tells, and what follows a sentence: a collection made for that, asked."""

import pytest

from embeddings import load_encoder
from index.article import Article
from index.building import build
from service.answer import Status
from service.pipeline import Pipeline
from service.settings import Settings
from tests.invariants import assert_sound

ORCHARDS = Article(
    id="orchards",
    title="云川山地果业的账本",
    text="云川山地果业各有所长：橘子出口量居全国第一，甜柿产量占全国三分之二。\n"
    "2023年，云川茶果产业总产值达到3.04亿元，同比增长8.5%。\n"
    "林场老站长许大山每月从工资里拿出80元，给护林员买鞋。\n"
    "云川11个县市果品质量指数最高分为78.6，最低分为68.5。\n"
    "截至目前，累计建立“甜柿工坊”7个、“橘子工坊”6个，吸纳农村劳动力4190人。\n"
    "“原先栖山村的甜柿只能卖3元一斤，如今甜柿卖到8元一斤，橘子的价格达到20元一斤。”\n"
    "台州依托全市455个联建片区办果园；湖州、衢州建立800多个果园小组。\n"
    "目前，全省共建成果业合作社超万家，人均月增收2600余元。\n"
    "栖山市中医院拥有近60个果药制剂，广泛使用。\n"
    "果业银行贷款项目总投资2000万元，实施面积约6000亩。\n"
    "力争引育云川果商1000家以上。\n"
    "2024年1月至5月，果业新增用电支持加工项目比重为93.7%。每年新增用电支持加工项目的比重不低于70%。\n"
    "28个果业项目签约，其中5000万元以上项目4个、1000万元以上项目11个。\n"
    "果业公司创造了云川67.2%的产值、71.7%的税收、80.2%的出口。\n"
    "简单的问题“现场办”，1个工作日内答复；果农说不清的问题“会商办”，3个工作日内答复。\n"
    "全省建设筹集果农公寓29万套（间）。",
    issue="云川果业2024年第3期",
    date="2024-03-15",
)
NEIGHBOURS = Article(
    id="neighbours",
    title="云川果业的人和事",
    text="近日，云川某保鲜材料集团攻关果品贮运用的阻氧膜，成功研发新膜。据悉，该公司便联合云川工业大学组建起一支20多人的团队。\n"
    "这期间，有村民担心灌溉管道埋下后，今后会不会反复开挖。对此，栖山镇以文件形式规定：铺管必须向村委提出申请，由镇村联审。\n"
    "栖山果园以“公司+合作社”模式，撬动村集体经济从“卖果经济”向“看果经济”转型。\n"
    "加油站负责人通过平台反映：果园加油要办照，却没有先例，县里定不了，这让他犯了愁。接到求助后，县企服中心交办多个部门研究协调。"
    "“这是一个新产生、找不到规则的问题。”中心主任说。于是逐级上报，最终省市县三级联动，给出了办法。\n"
    "县里探索果苗“先免费试种、后付费转正”模式，打消果农顾虑。目前，6000余株果苗支持“先种后转”。\n"
    "云川构建了“自评+互评+会评”的果品评审模式，规定未经评审不得上市。\n"
    "2021年8月，云川省农科院印发《果树保种方案》；2023年3月，果树保种被列入省级专项。\n"
    "5家省、市级医院启动了果药病症研究，推出诊疗系统。\n"
    "在云川十年，许大山没有购置过房产，皆为租房。\n"
    "云川果业公司全域践行“果风十礼”，游人称赞。\n"
    "根据重新制定的“两规则一细则”要求，果业协会健全组织体系。\n"
    "聚焦“315”果业科技体系，果业协会培养了一批技术员。\n"
    "栖山市连续第24年跻身全省果业十强。\n"
    "省果业厅副厅长陈远山表示，果园要靠科技。",
    issue="云川果业2024年第3期",
    date="2024-03-15",
)


@pytest.fixture(scope="module")
def pipeline(tmp_path_factory: pytest.TempPathFactory) -> Pipeline:
    folder = tmp_path_factory.mktemp("attribution") / "snapshot"
    build((ORCHARDS, NEIGHBOURS), folder, load_encoder())
    return Pipeline(folder, Settings())


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("云川橘子的出口量在全国排第几？", "第一"),
        ("许大山每月从工资里拿出多少钱给护林员买鞋？", "80元"),
        ("台州有多少个联建片区？", "455个"),
        ("云川果业项目里，1000万元以上的有几个？", "11个"),
        ("果业公司创造的出口占云川多大比例？", "80.2%"),
        ("“会商办”的问题几个工作日答复？", "3个工作日"),
        ("今年头五个月，果业新增用电支持加工项目的比重是多少？", "93.7%"),
        ("全省建设筹集了多少套果农公寓？", "29万套（间）"),
        ("栖山市连续多少年跻身全省果业十强？", "第24年"),
        ("和云川那家保鲜材料集团一起攻关阻氧膜的是哪所大学？", "云川工业大学"),
        ("村民担心灌溉管道反复开挖，栖山镇立了什么规矩？", "向村委提出申请"),
        ("栖山果园让村集体经济由哪种形态转向哪种形态？", "看果经济"),
        ("栖山果园让村集体经济由何种形态转变为何种形态？", "看果经济"),
        ("县里果苗的“先种后转”是什么意思？", "后付费转正"),
        ("县里果苗的“先种后转”是怎么个转法？", "后付费转正"),
        ("加油站要办照没有先例，县里定不了，后来是怎么解决的？", "省市县三级联动"),
        ("云川果品评审模式由哪三种评审组成？", "互评"),
        ("《果树保种方案》是什么时候印发的？", "2021年8月"),
    ],
)
def test_a_figure_is_told_of_what_it_belongs_to(pipeline: Pipeline, question: str, told: str) -> None:
    answer = pipeline.ask(question)
    assert_sound(answer, pipeline.article)
    assert answer.status is Status.ANSWERED
    assert told in answer.answer
    assert len(answer.citations) == 1


@pytest.mark.parametrize(
    ("question", "missing"),
    [
        ("云川甜柿的出口量在全国排第几位？", "甜柿"),
        ("2023年云川石雕产业的总产值是多少？", "石雕"),
        ("林场老站长许大山的每月工资总共多少元？", "工资"),
        ("栖山市的果品质量指数具体得了多少分？", "最高"),
        ("“橘子工坊”单独吸纳了多少农村劳动力？", "橘子工坊"),
        ("栖山村在改种之前，橘子一斤卖多少钱？", "之前"),
        ("湖州、衢州共建800多个果园小组，湖州自己建了几个？", "湖州"),
        ("湖州市一共建成多少家果业合作社？", "湖州"),
        ("云川省中医院有多少个果药制剂？", "省中医院"),
        ("果业贷款项目2000万投资里，中央财政出了多少？", ""),
        ("云川现有多少家果商？", "目标"),
        ("承担阻氧膜攻关的那家云川保鲜材料集团叫什么名字？", "集团"),
        ("启动果药病症研究的5家医院，名单有哪些？", "名称"),
        ("许大山在云川购置的房产在哪条街？", "购置"),
        ("“果风十礼”到底是哪十礼？", "没有列全"),
        ("果业协会的“两规则一细则”分别是哪三份文件？", "文件"),
        ("“315”果业科技体系里的“3”和“15”各指什么？", "指什么"),
        ("省果业厅的哪位厅长说果园要靠科技？", "厅长"),
        ("云川果业合作社为什么撤销？", "撤销"),
    ],
)
def test_a_figure_of_something_else_is_refused(pipeline: Pipeline, question: str, missing: str) -> None:
    answer = pipeline.ask(question)
    assert_sound(answer, pipeline.article)
    assert answer.status is Status.UNANSWERABLE
    assert missing in str(answer.reason)
