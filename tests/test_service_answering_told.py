"""What is told of people, firms and places by the sentences around, and what a sentence that looks like an answer leaves untold."""

import pytest

from embeddings import load_encoder
from index.article import Article
from index.building import build
from service.answering.people import of_ourselves, offices_of, persons_asked_of, speaker
from service.answering.question import understand
from service.pipeline import Pipeline
from service.settings import Settings
from tests.invariants import assert_answers, assert_refuses

HARBOUR = Article(
    id="harbour",
    title="渔港里的新行当",
    text="云川省渔港办主任沈望潮说：“渔港要靠船，更要靠人；出路在深海，根基在码头。”\n"
    "栖川市海洋局副局长顾清远介绍，渔港2023年接待游客12万人次。\n"
    "“我们公司2019年搬到栖川，如今是全市第一家做深海网箱的企业。”栖川澜深装备有限公司负责人说。\n"
    "栖川市青屿镇有三个码头，渔船云集。当地渔业协会牵头，办起了“渔嫂课堂”，教渔家妇女织网、电商和急救。\n"
    "栖川海澜食品有限公司是渔港孵化的加工企业。公司研发的冰鲜保存箱能让鱼货多放三天。\n"
    "栖川某冷库公司因断电坏了一批货，眼看要赔给渔民40万元。负责人找到渔港办。\n"
    "渔港办随即联合保险公司查勘定损，建立了先行赔付机制。三天后，渔民全部拿到赔款。",
    authors=("林一舟",),
    column="改革一线",
    issue="改革月刊2024年第3期",
    date="2024-03-15",
    metadata={"role": "云川省海洋渔业厅办公室副主任"},
)
FIGURES = Article(
    id="figures",
    title="渔港的账本",
    text="2023年，渔港共收到停泊、维修、用电、环保等4大类诉求3176件。\n"
    "渔港外资企业有26家，其中近半数增资。\n"
    "渔港推行“395”工作法，渔民满意。\n"
    "全省渔港综合排名中，栖川渔港位列第八。\n"
    "第三轮渔港巡察发现问题85个。\n"
    "渔港今年办结民事纠纷案件640件。\n"
    "渔港纠纷办结用时从18天缩短到6天。\n"
    "渔港促成1家企业上市，现有国家级、省级传承人各一人。\n"
    "渔港各窗口共有办事事项1260项，平均入驻事项180个。\n"
    "今年以来，青屿鱼干卖出近60万包。\n"
    "经2个月的整治，青屿码头的缆桩从46根减至19根。\n"
    "青屿快递业合规后，诈骗类案件下降90%。\n"
    "青屿建立了“一船一档”陪同验船机制，办了档案柜。\n"
    "青屿冷库有限公司做速冻鱼货，渔港专员给它联系了栖川渔商银行。\n"
    "公司提出用地需求后，拿到了17.8亩工业用地，投资3000万元。\n"
    "渔港力争促进设备投资项目150个。\n"
    "“一船三问”，是指一条船出海前要问人员、问气象、问装备。“一船三问”为平安，人人点头。",
    column="改革一线",
    issue="改革月刊2024年第3期",
    date="2024-03-15",
)
LISTS = Article(
    id="lists",
    title="渔家厨房的规矩",
    text="渔市厨房推行“渔风十礼”，人人遵守，街坊称赞。\n"
    "渔市厨房实行先尝后买、损耗登记等7项制度，让食客放心。\n"
    "渔市厨房由街道牵头，与知名企业合办“鲜味学堂”，学员成才。\n"
    "首届渔市厨艺大赛今年还将举办，云川省已经在筹备。\n"
    "云岭市贝湾区获评年度美食之区，全国仅2个区入选。\n"
    "渔市厨房建立“2+12+X”议事机制，街坊满意。\n"
    "渔市厨房的厨艺传承人许鲜1970年代拜师学艺，现有徒弟20余人。\n"
    "渔市厨房建成摊位超万家，吸纳渔民就业3.2万人。\n"
    "渔市厨房评出十佳摊主，评分细则总分值200分。\n"
    "渔市厨房的早市摊主占比不少于30%，其中海贝街早市摊主占比达34.1%。\n"
    "渔市厨房主要分为堂食式、外卖式、研学式等3种类型，各有客人。\n"
    "海贝街启动摊位合同专项整治，逐一核对各类条款。同步公布问题清单，请摊主签收。截至目前，共核对合同6509份。\n"
    "《贝湾若干举措》管食材，提出18条举措。《贝湾行动方案》管厨艺，提出20项举措。\n"
    "为庆贺渔市厨房重开，方海潮捐了15万元。\n"
    "渔市厨房要打造学艺的“温暖家”、试手的“成长家”、开摊的“赋能家”。\n"
    "多年来，林向洋为渔市厨房的孩子捐助了9所学堂。",
    issue="改革月刊2024年第3期",
    date="2024-03-15",
)


@pytest.fixture(scope="module")
def pipeline(tmp_path_factory: pytest.TempPathFactory) -> Pipeline:
    folder = tmp_path_factory.mktemp("told") / "snapshot"
    build((HARBOUR, FIGURES, LISTS), folder, load_encoder())
    return Pipeline(folder, Settings())


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("沈望潮担任什么职务？", "渔港办主任"),
        ("“出路在深海，根基在码头”这话是谁说的？", "沈望潮"),
        ("“渔港靠船、更靠人，出路在深海”这句话出自谁之口？", "沈望潮"),
        ("栖川全市第一家做深海网箱的是哪家企业？", "澜深装备"),
        ("“渔嫂课堂”办在栖川的哪个镇？", "青屿镇"),
        ("渔港孵化、研发冰鲜保存箱的是哪家公司？", "海澜食品"),
        ("冷库公司断电坏了货，要赔渔民40万元，后来是怎么解决的？", "先行赔付机制"),
        ("云川省海洋渔业厅办公室副主任是谁？", "林一舟"),
        ("渔港外资企业有多少家？", "26家"),
        ("渔港窗口平均入驻了多少项事项？", "180个"),
        ("青屿码头的缆桩，整治前跟整治后分别是多少？", "46根减至19根"),
        ("渔港专员给青屿冷库公司联系的是哪家银行？", "渔商银行"),
        ("青屿冷库公司拿到了多大一块地？", "17.8亩"),
        ("渔港设备投资的项目数目标是多少？", "150个"),
        ("“一船三问”这四个字怎么讲？", "人员"),
        ("青屿给验船建立了什么机制？", "一船一档"),
        ("渔市厨房要建成哪三个“家”？", "赋能家"),
        ("渔市厨房建了多少摊位？", "超万家"),
        ("渔市厨房评分细则满分是多少分？", "200分"),
        ("海贝街的早市摊主占多大比例？", "34.1%"),
        ("渔市厨房大致分哪几类？", "研学式"),
        ("海贝街专项整治摊位合同，一共核对了多少份？", "6509份"),
        ("《贝湾若干举措》和《贝湾行动方案》各有几条举措？", "20项"),
        ("方海潮为渔市厨房捐了多少钱？林向洋捐助过多少所学堂？", "9所"),
    ],
)
def test_what_the_sentences_around_tell(pipeline: Pipeline, question: str, told: str) -> None:
    assert_answers(pipeline, question, told)


@pytest.mark.parametrize(
    ("question", "missing"),
    [
        ("渔港收到的诉求中，用电类的有多少件？", "用电"),
        ("第五轮渔港巡察发现了多少个问题？", "第5轮"),
        ("渔港今年办结刑事纠纷案件多少件？", "刑事"),
        ("渔港纠纷办结用时为什么延长了？", "延长"),
        ("全省渔港综合排名中，排第一的是哪个渔港？", "排第一"),
        ("渔港“395”工作法里，三个数字各指什么？", "指什么"),
        ("渔港促成上市的那家企业叫什么？", "企业"),
        ("渔港的国家级传承人是谁？", "姓名"),
        ("沈望潮是哪一年出生的？", "出生"),
        ("青屿鱼干今年出口了多少包？", "出口"),
        ("青屿快递业合规后，交通事故下降了百分之几？", "事故"),
        ("栖川市海洋局局长叫什么？", "局长"),
        ("“渔风十礼”是哪十种礼？", "没有列全"),
        ("渔市厨房的早市取消之后，摊主怎么安置？", "取消"),
        ("渔市厨房的7项制度，除先尝后买外还有哪6项？", "没有列全"),
        ("跟渔市厨房合办“鲜味学堂”的知名企业是哪一家？", "知名企业"),
        ("首届渔市厨艺大赛在哪座城市举办？", "城市"),
        ("跟贝湾区一道获评年度美食之区的另一个区是哪里？", "另外"),
        ("渔市厨房的“2+12+X”议事机制里“12”包含哪些单位？", "“12”"),
        ("渔市厨房的传承人许鲜当年拜的师父叫什么名字？", "师父"),
        ("“明天一定更加美好灿烂”这话是谁说的？", ""),
    ],
)
def test_what_a_sentence_leaves_untold_is_refused(pipeline: Pipeline, question: str, missing: str) -> None:
    assert_refuses(pipeline, question, missing)


@pytest.mark.parametrize(
    ("text", "name", "offices"),
    [
        ("据云川省水利厅副厅长顾清远介绍，", "顾清远", ["云川省水利厅副厅长"]),
        ("顾清远，云川大学教授，主编教材两本。", "顾清远", ["云川大学教授"]),
        ("顾清远说，船要大。", "顾清远", []),
    ],
)
def test_an_office_stands_before_a_name_or_after_it(text: str, name: str, offices: list[str]) -> None:
    assert [text[slice(*span)] for span in offices_of(text, name)] == offices


@pytest.mark.parametrize(
    ("text", "remark", "who"),
    [
        ("“船要大，人要齐。”船长顾清远说。", "船要大，人要齐", "船长顾清远"),
        ("船长顾清远表示：“船要大，人要齐。”", "船要大、人要齐", "船长顾清远"),
        ("船长顾清远说，天冷了。“船要大，人要齐。”\n厂长说，不急。", "船要大，人要齐", "船长顾清远"),
        ("“船要大，人要齐。”船长顾清远说。", "山要高，水要清", None),
    ],
)
def test_who_says_words_stands_after_or_before_them(text: str, remark: str, who: str | None) -> None:
    span = speaker(text, remark)
    assert (text[slice(*span)] if span else None) == who


def test_a_firm_may_speak_of_itself() -> None:
    own = "“我们公司去年扩产一倍。”"
    assert of_ourselves(own) == own
    assert of_ourselves("公司去年扩产一倍。") == ""


def test_a_person_is_asked_of_whom_the_cutter_does_not_know() -> None:
    assert persons_asked_of("薛如意是什么职位？") == ("薛如意",)


def test_a_remark_need_not_stand_there_word_for_word() -> None:
    question = understand("“出路在深海，根基在码头”这话是谁说的？")
    assert (question.remark, question.quoted) == ("出路在深海,根基在码头", ())
    assert understand("“渔嫂课堂”是谁办的？").remark == ""
