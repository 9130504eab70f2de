"""Named reforms: which names earn a dossier, how spellings become one, what each cell says, and what stays empty."""

import pytest

from index import building
from index.article import Article
from index.command import Options
from index.snapshot import Snapshot
from service.errors import UnknownReformError
from service.ledger.dossiers import Dossier
from service.ledger.ledger import Ledger
from service.ledger.mentions import key_of, mentions
from service.ledger.rendering import Renderer, found_reform
from service.ledger.writing import LEDGER
from tests.encoders import HashEncoder

ARTICLES = (
    Article(
        "gate",
        "一扇门里办成事",
        "2022年3月，清河县在白石镇推出“一窗通”改革。“一窗通”改革是指把四个部门的窗口合为一个窗口。\n"
        "“一窗通”改革包括受理、审批、送达三个环节。目前，“一窗通”改革已惠及企业2300家。\n"
        "到2026年，一窗通力争覆盖90%的乡镇。市民说，“真是方便”，干部说要当好“店小二”。",
        date="2024-03-15",
    ),
    Article(
        "plan",
        "方案印发",
        "近日，清河县人民政府印发《清河县公园建设实施方案（2024—2026年）》。方案提出建成公园40个。\n"
        "根据《道路交通管理条例》，违者罚款。“一窗通”机制也写入其中。",
        date="2024-04-20",
    ),
    Article(
        "code",
        "体系成形",
        "清河县构建“1+3+7”体系，“1”即一个总体方案，“3”即三张清单，“7”即七项任务。\n"
        "专项整治行动随即展开。专项整治行动取得成效。专项整治行动今年7月启动。这项重大改革受到好评。",
    ),
)


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    folder = tmp_path_factory.mktemp("reforms") / "s"
    building.build(ARTICLES, folder, HashEncoder(), Options(derived=(LEDGER,)))
    return Snapshot.open(folder)


@pytest.fixture(scope="module")
def ledger(snapshot: Snapshot) -> Ledger:
    return Ledger(snapshot)


def said(dossier: Dossier) -> dict[str, list[str]]:
    return {cell: [one.text for one in quotes] for cell, quotes in dossier.cells.items()}


def test_names_that_earn_a_dossier_and_no_others(ledger: Ledger) -> None:
    assert [heading.name for heading in ledger.reforms] == [
        "“一窗通”改革",
        "“1+3+7”体系",
        "《清河县公园建设实施方案（2024—2026年）》",
    ]


def test_every_cell_says_what_a_sentence_says(ledger: Ledger) -> None:
    assert said(found_reform(ledger, "一窗通")) == {
        "what": ["把四个部门的窗口合为一个窗口"],
        "parts": ["包括受理、审批、送达三个环节"],
        "since": ["2022年3月"],
        "leads": [],
        "where": ["白石镇"],
        "targets": ["力争覆盖90%的乡镇"],
    }


def test_an_empty_cell_is_null_and_figures_are_cited(snapshot: Snapshot, ledger: Ledger) -> None:
    dossier = Renderer(ledger, snapshot).dossier(found_reform(ledger, "“一窗通”改革"))
    assert dossier["cells"]["leads"] is None
    assert [figure["text"] for figure in dossier["figures"]][-2:] == ["2300家", "90%"]
    assert [(spoken["article_id"], spoken["mentions"]) for spoken in dossier["articles"]] == [("gate", 5), ("plan", 1)]
    plan = Renderer(ledger, snapshot).dossier(found_reform(ledger, "清河县公园建设实施方案"))
    assert [one["text"] for one in plan["cells"]["leads"]] == ["清河县人民政府"]
    assert plan["figures"] is None


def test_the_parts_of_a_code_are_told(ledger: Ledger) -> None:
    (parts,) = said(found_reform(ledger, "1+3+7"))["parts"]
    assert parts == "“1”即一个总体方案，“3”即三张清单，“7”即七项任务"


@pytest.mark.parametrize(
    "name", ["“一窗通”改革", "一窗通", "一窗通改革", "“一窗通”机制", " 一窗通 ", "“一窗通”集成改革"]
)
def test_spellings_are_one_name(name: str) -> None:
    assert key_of(name) == "一窗通"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("“一号改革工程”", "“一号工程”"),
        ("《公园条例》", "《公园办法》"),
        ("“1+3+7”体系", "“1+3+8”体系"),
    ],
)
def test_other_names_stay_others(one: str, other: str) -> None:
    assert key_of(one) != key_of(other)


def test_an_unknown_name_tells_what_is_near(ledger: Ledger) -> None:
    with pytest.raises(UnknownReformError) as error:
        found_reform(ledger, "一窗办")
    assert error.value.near == ("“一窗通”改革",)
    with pytest.raises(UnknownReformError, match="`wence reforms` lists"):
        found_reform(ledger, "zzz")


@pytest.mark.parametrize(
    "text",
    [
        "干部要当好“店小二”，不做“撒手掌柜”。",
        "中央全面深化改革委员会召开会议。",
        "这项重大改革正在推进，实施细则随后出台。",
        "“我们要改革！”他说。",
        "《人民日报》报道了此事。",
    ],
)
def test_what_names_no_reform_is_no_mention(text: str) -> None:
    assert mentions(Article("a", "标题", text)) == []


def test_a_name_quoted_once_is_found_where_it_is_not() -> None:
    text = "“亲邻管家”平台上线。居民说亲邻管家很好用。"
    found = mentions(Article("a", "标题", text))
    assert [text[one.name_start : one.name_end] for one in found] == ["“亲邻管家”平台", "亲邻管家"]
    assert {one.key for one in found} == {"亲邻管家"}
