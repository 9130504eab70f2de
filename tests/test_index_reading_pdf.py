"""index.reading.pdf: files drawn here, with columns, furniture, tables, sidebars, scans and damage, read back exactly."""

import random
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from index.article import Article
from index.errors import SourceError
from index.reading import pdf, pdf_file, pdf_scan
from index.reading.pdf import PAGE_LIMIT_S, read_pdf
from index.reading.pdf_document import read_document

SONG, SIZE, LEADING = "STSong-Light", 10.5, 18.0
WIDTH, HEIGHT, TOP = 595.0, 842.0, 740.0
pdfmetrics.registerFont(UnicodeCIDFont(SONG))

ONE = "各县把办事窗口并到一处，群众来办事时只交一次材料，由后台分给各个部门去办，办好以后再从同一个窗口把结果送到群众手里，前后不过三天。"
TWO = "这样做最难的是把各部门的系统连起来。县里用了两年时间，先统一了表格，再统一了编码，最后才把数据放到一处，其间换过四家公司，改过十一稿。"
THREE = "到去年年底，全县一百二十个事项里已有一百零三个可以在一个窗口办完，跑动次数由平均三次降到一次，材料由九份减到四份，满意的人多了两成。"
FOUR = "窗口的人手没有增加，是从各部门抽来的，工资仍由原单位发放，考核归中心管理，两年一轮换，愿意留下的可以再留一轮，最长不超过六年为止。"


class Ink(NamedTuple):
    """A line of text and where it begins."""

    x: float
    y: float
    text: str
    size: float = SIZE


def set_in(text: str, x: float, y: float, characters: int, indent: int = 2) -> list[Ink]:
    """A paragraph set in lines of so many characters, the first set in."""
    lines, rest, step = list[Ink](), text, indent
    while rest:
        lines.append(Ink(x + step * SIZE, y, rest[: characters - step]))
        rest, step, y = rest[characters - step :], 0, y - LEADING
    return lines


def column(paragraphs: Sequence[str], x: float, y: float, characters: int, indent: int = 2) -> list[Ink]:
    lines = list[Ink]()
    for text in paragraphs:
        lines += set_in(text, x, y - LEADING * len(lines), characters, indent)
    return lines


def flow(paragraphs: Sequence[str], xs: Sequence[float], y: float, rows: int, characters: int) -> list[list[Ink]]:
    """Paragraphs running through columns of so many rows."""
    lines = column(paragraphs, 0, y, characters)
    return [
        [ink._replace(x=ink.x + x, y=y - LEADING * n) for n, ink in enumerate(lines[i * rows : (i + 1) * rows])]
        for i, x in enumerate(xs)
    ]


def by_row(inks: Sequence[Ink]) -> list[Ink]:
    return sorted(inks, key=lambda ink: (-ink.y, ink.x))


def put(canvas: Canvas, inks: Sequence[Ink], font: str = SONG) -> None:
    for ink in inks:
        canvas.setFont(font, ink.size)
        canvas.drawString(ink.x, ink.y, ink.text)


def drawn(path: Path, *pages: Sequence[Ink], info: dict[str, str] | None = None, **options: Any) -> Path:
    canvas = Canvas(str(path), pagesize=(WIDTH, HEIGHT), invariant=1, **options)
    for name, value in (info or {}).items():
        getattr(canvas, f"set{name}")(value)
    for inks in pages:
        put(canvas, inks)
        canvas.showPage()
    canvas.save()
    return path


def read(path: Path) -> list[Article]:
    found = list(read_pdf(path, path.name))
    assert not [each for each in found if isinstance(each, SourceError)], found
    articles = [each for each in found if isinstance(each, Article)]
    for article in articles:
        for line in article.text.split("\n"):  # offsets hold: each paragraph is found where it is said to be
            start = article.text.index(line)
            assert article.text[start : start + len(line)] == line == line.strip() != ""
    return articles


def refused(path: Path, here: bool = False) -> str:
    """Why a file is not read; `here`: by this process, whose limits a test can change."""
    (found,) = [each for each in (read_document if here else read_pdf)(path, path.name) if each is not None]
    assert isinstance(found, SourceError)
    assert found.source == path.name
    return found.reason


def lines_of(article: Article) -> list[str]:
    return article.text.split("\n")


DRAWN: list[Callable[[Sequence[Ink]], list[Ink]]] = [list, by_row]


@pytest.mark.parametrize("order", DRAWN, ids=["column by column", "row by row"])
def test_two_columns_are_read_one_after_the_other(tmp_path: Path, order: Callable[[Sequence[Ink]], list[Ink]]) -> None:
    left, right = flow([ONE, TWO, THREE, FOUR], (60, 320), TOP, 8, 20)
    (article,) = read(drawn(tmp_path / "a.pdf", order([Ink(150, 780, "办事窗口并到一处", 22), *left, *right])))
    assert article.title == "办事窗口并到一处"
    assert lines_of(article) == [ONE, TWO, THREE, FOUR]
    assert article.page == "1"


@pytest.mark.parametrize("order", DRAWN, ids=["column by column", "row by row"])
def test_three_columns_with_a_title_over_two_and_uneven_heights(
    tmp_path: Path, order: Callable[[Sequence[Ink]], list[Ink]]
) -> None:
    first, second, third = flow([ONE, TWO, THREE, FOUR], (40, 220, 400), TOP, 8, 14)
    second = [ink._replace(y=ink.y - 5) for ink in second]  # base lines that do not meet
    title = Ink(60, 780, "窗口改革两年记", 26)
    (article,) = read(drawn(tmp_path / "a.pdf", order([title, *first, *second, *third])))
    assert article.title == "窗口改革两年记"
    assert lines_of(article) == [ONE, TWO, THREE, FOUR]


def test_a_last_row_beside_a_full_column_is_of_its_own_column(tmp_path: Path) -> None:
    first, last = flow([ONE, TWO, THREE, FOUR], (60, 320), TOP, 8, 20), flow([ONE, THREE], (60, 320), TOP, 7, 20)
    assert len(last[1]) == 1
    pages = by_row([*first[0], *first[1]]), by_row([*last[0], *last[1]])
    (article,) = read(drawn(tmp_path / "a.pdf", *pages))
    assert lines_of(article) == [ONE, TWO, THREE, FOUR, ONE, THREE]


def test_lines_of_a_table_of_contents_stay_apart(tmp_path: Path) -> None:
    contents = [f"{title}{'…' * (38 - len(title))} {n}" for n, title in enumerate(("总则", "窗口", "材料", "附则"), 1)]
    inks = [Ink(60, 780, "目录", 22), *(Ink(60, TOP - LEADING * n, text) for n, text in enumerate(contents))]
    (article,) = read(drawn(tmp_path / "a.pdf", inks))
    assert [line[:2] for line in lines_of(article)] == ["总则", "窗口", "材料", "附则"]


def test_bands_of_columns_above_each_other(tmp_path: Path) -> None:
    """Two articles on one page, each with a title over its two columns."""
    a, b = flow([ONE, TWO], (60, 320), TOP, 4, 20), flow([THREE, FOUR], (60, 320), 560, 4, 20)
    inks = [Ink(60, 780, "并窗口", 22), *a[0], *a[1], Ink(60, 600, "看成效 两年之间", 22), *b[0], *b[1]]
    first, second = read(drawn(tmp_path / "a.pdf", by_row(inks)))
    assert (first.title, lines_of(first)) == ("并窗口", [ONE, TWO])
    assert (second.title, lines_of(second)) == ("看成效 两年之间", [THREE, FOUR])


def test_an_article_over_two_pages_without_heads_feet_and_numbers(tmp_path: Path) -> None:
    text = [ONE + TWO, THREE + FOUR, TWO, ONE]
    pages = flow(text, (60, 60), TOP, 5, 45)
    cut = column(text, 60, TOP, 45)
    assert len(cut) == 10
    assert not cut[4].text.endswith("。")  # the page breaks a sentence

    def page(number: int, inks: Sequence[Ink]) -> list[Ink]:
        head = [Ink(60, 810, "政策与实践"), Ink(450, 810, f"2024年第{number}期")]
        return [*head, *inks, Ink(280, 30, f"— {number} —", 9)]

    title = Ink(60, 775, "两年记", 22)
    (article,) = read(drawn(tmp_path / "a.pdf", page(1, [title, *pages[0]]), page(2, pages[1])))
    assert (article.title, article.page) == ("两年记", "1-2")
    assert lines_of(article) == text


def test_titles_at_one_height_that_differ_in_a_number_are_no_running_heads(tmp_path: Path) -> None:
    pages = [
        [Ink(60, 790, f"第{n}号报告", 22), *column([text, text[::-1]], 60, TOP, 45)] for n, text in ((1, ONE), (2, TWO))
    ]
    assert [article.title for article in read(drawn(tmp_path / "a.pdf", *pages))] == ["第1号报告", "第2号报告"]


def test_page_labels_of_the_file_are_kept(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    canvas = Canvas(str(path), invariant=1)
    canvas.addPageLabel(0, style="ARABIC", start=46)
    for title, text in (("并窗口", ONE), ("看成效", TWO)):
        put(canvas, [Ink(60, 780, title, 22), *column([text, text[::-1]], 60, TOP, 45)])
        canvas.showPage()
    canvas.save()
    assert [(article.title, article.page) for article in read(path)] == [("并窗口", "46"), ("看成效", "47")]


TABLE = (
    ("城市", "2023年", "同比"),
    ("杭州", "712", "7.6%"),
    ("宁波", "1,035", "-2.1%"),
    ("象山县", "88.5", "—"),
)
ROWS = [
    "表1 各市企业数（单位：万元）：城市 杭州，2023年 712，同比 7.6%",
    "表1 各市企业数（单位：万元）：城市 宁波，2023年 1,035，同比 -2.1%",
    "表1 各市企业数（单位：万元）：城市 象山县，2023年 88.5，同比 —",
]


def table(y: float, x: float = 60, step: float = 120) -> list[Ink]:
    inks = [Ink(x, y, "表1 各市企业数"), Ink(x + 1.6 * step, y - LEADING, "单位：万元", 9)]
    return inks + [
        Ink(x + step * n, y - LEADING * (2 + row), cell)
        for row, cells in enumerate(TABLE)
        for n, cell in enumerate(cells)
    ]


@pytest.mark.parametrize("ruled", [False, True])
@pytest.mark.parametrize("columns", [1, 2])
def test_a_table_keeps_caption_unit_and_header_with_each_row(tmp_path: Path, ruled: bool, columns: int) -> None:
    path = tmp_path / "a.pdf"
    canvas = Canvas(str(path), invariant=1)
    characters, step = (45, 120.0) if columns == 1 else (20, 75.0)
    put(canvas, [Ink(60, 780, "企业数", 22), *column([ONE], 60, TOP, characters)])
    put(canvas, table(TOP - 5 * LEADING, step=step))
    put(canvas, column([TWO], 60, TOP - 12 * LEADING, characters))
    if columns == 2:
        put(canvas, column([THREE, FOUR, ONE + TWO], 320, TOP, 20))
    if ruled:
        top = TOP - 6.4 * LEADING
        for y in (top, top - LEADING, top - 4.2 * LEADING):
            canvas.line(55, y, 55 + 2.7 * step, y)
    canvas.save()
    (article,) = read(path)
    assert lines_of(article) == [ONE, *ROWS, TWO] + ([THREE, FOUR, ONE + TWO] if columns == 2 else [])


def test_a_ruled_table_of_words_with_broken_cells_and_a_header_over_two_columns(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    canvas = Canvas(str(path), invariant=1)
    put(canvas, [Ink(60, 780, "任务表", 22), *column([ONE], 60, TOP, 45)])
    cells = [
        (60, 660, "事项"), (200, 660, "企业数（家）"), (360, 660, "牵头单位"),
        (180, 642, "2022年"), (260, 642, "2023年"),
        (60, 624, "统一表格"), (180, 624, "31"), (260, 624, "45"), (360, 624, "县数据资源管理局和"),
        (360, 606, "县政务服务中心"),
        (60, 588, "统一编码"), (180, 588, "12"), (260, 588, "20"), (360, 588, "县委改革办"),
    ]  # fmt: skip
    put(canvas, [Ink(*cell) for cell in cells])
    for y in (676, 637, 583):
        canvas.line(55, y, 540, y)
    canvas.save()
    (article,) = read(path)
    assert lines_of(article)[1:] == [
        "事项 统一表格，企业数（家）2022年 31，企业数（家）2023年 45，牵头单位 县数据资源管理局和县政务服务中心",
        "事项 统一编码，企业数（家）2022年 12，企业数（家）2023年 20，牵头单位 县委改革办",
    ]


@pytest.mark.parametrize("framed", [True, False])
def test_a_sidebar_stands_after_the_text_it_interrupts(tmp_path: Path, framed: bool) -> None:
    path = tmp_path / "a.pdf"
    canvas = Canvas(str(path), invariant=1)
    text = [ONE + TWO, THREE + FOUR, ONE, TWO]
    lines = column(text, 60, TOP, 28)
    note = "名词：并窗口，是把几个部门的窗口合成一个。"
    cut = 7
    aside = [ink._replace(x=ink.x * 0.857 + 400, size=9) for ink in column([note, FOUR], 0, TOP - 20, 12)]
    put(canvas, by_row([Ink(60, 780, "并窗口", 22), *lines[:cut], *aside]))
    if framed:
        canvas.rect(392, TOP - 20 - LEADING * len(aside), 130, LEADING * len(aside) + 20)
    canvas.showPage()
    put(canvas, [ink._replace(y=ink.y + LEADING * cut) for ink in lines[cut:]])
    canvas.save()
    (article,) = read(path)
    assert lines_of(article) == [*text, note, FOUR]
    assert article.page == "1-2"


@pytest.mark.parametrize("heading", ["浙 江 新 政", "浙　江　新　政"])
def test_letter_spacing_of_a_heading_is_undone(tmp_path: Path, heading: str) -> None:
    (article,) = read(drawn(tmp_path / "a.pdf", [Ink(150, 780, heading, 24), *column([ONE, TWO], 60, TOP, 45)]))
    assert article.title == "浙江新政"


def test_wide_set_letters_are_closed_up_and_words_stay_apart(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    canvas = Canvas(str(path), invariant=1)
    put(canvas, [Ink(60, 780, "窗口", 22), *column([ONE], 60, TOP, 45)])
    spaced = canvas.beginText(60, 660)
    spaced.setCharSpace(4)
    spaced.setFont(SONG, SIZE)
    spaced.textLine("拉开了字距的一行字。")
    spaced.setFont("Helvetica", 10)
    spaced.textLine("One window for all.")
    canvas.drawText(spaced)
    canvas.save()
    assert lines_of(read(path)[0])[1:] == ["拉开了字距的一行字。", "One window for all."]


def test_hyphenated_words_are_whole_and_hyphens_of_names_stay(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    canvas = Canvas(str(path), invariant=1)
    put(canvas, [Ink(60, 780, "One-stop Service", 20)], "Helvetica")
    lines = ("    The county merged its counters into one, so that every appli-", "cation is filed once. The one-stop desk, which never closes at",
             "noon, opened in 2023.")  # fmt: skip
    put(canvas, [Ink(60, TOP - 14 * n, line.ljust(60)) for n, line in enumerate(lines)], "Helvetica")
    canvas.save()
    (article,) = read(path)
    assert article.title == "One-stop Service"
    assert article.text == (
        "The county merged its counters into one, so that every application is filed once. "
        "The one-stop desk, which never closes at noon, opened in 2023."
    )


def test_subheadings_byline_kicker_subtitle_and_captions(tmp_path: Path) -> None:
    inks = [
        Ink(60, 800, "专题", 14), Ink(60, 770, "办事窗口并到一处", 22), Ink(60, 745, "——来自三个县的报告", 14), Ink(60, 720, "■袁　卫"),
        *column([ONE], 60, 690, 45), Ink(60, 640, "一、怎样并", 14), *column([TWO], 60, 610, 45),
        Ink(60, 560, "数据共享", 14), *column([THREE], 60, 530, 45), Ink(60, 480, "图1 窗口前的队", 9), *column([FOUR], 60, 455, 45),
    ]  # fmt: skip
    (article,) = read(drawn(tmp_path / "a.pdf", inks))
    assert (article.title, article.authors, article.captions) == ("办事窗口并到一处", ("袁卫",), ("图1 窗口前的队",))
    assert dict(article.metadata) == {"kicker": "专题", "subtitle": "来自三个县的报告"}
    assert lines_of(article) == [ONE, "一、怎样并", TWO, "数据共享", THREE, FOUR]


def test_without_larger_text_a_file_is_one_article_and_its_information_speaks(tmp_path: Path) -> None:
    info = {"Title": "窗口办法", "Author": "县政务中心"}
    (article,) = read(
        drawn(tmp_path / "a.pdf", column([ONE, TWO], 60, TOP, 45), column([THREE], 60, TOP, 45), info=info)
    )
    assert (article.title, article.authors, article.page) == ("窗口办法", ("县政务中心",), "1-2")
    assert article.date == "2000-01-01"  # reportlab's fixed day of creation
    assert lines_of(article) == [ONE, TWO, THREE]


def test_the_text_speaks_before_the_information_and_the_file_name_last(tmp_path: Path) -> None:
    inks = [Ink(60, 780, "并窗口", 22), Ink(60, 750, "2024年3月5日"), *column([ONE, TWO], 60, 720, 45)]
    (article,) = read(drawn(tmp_path / "a.pdf", inks, info={"Title": "别的题目"}))
    assert (article.title, article.date) == ("并窗口", "2024-03-05")
    (article,) = read(drawn(tmp_path / "办法.pdf", column([ONE, TWO], 60, TOP, 45)))
    assert (article.title, article.authors) == ("办法", ())


@pytest.mark.parametrize("turn", [90, 180, 270])
def test_a_turned_page_is_read_upright_and_a_watermark_is_not_read(tmp_path: Path, turn: int) -> None:
    path = tmp_path / "a.pdf"
    canvas = Canvas(str(path), pagesize=(WIDTH, HEIGHT), invariant=1)
    canvas.saveState()
    canvas.translate(WIDTH / 2, HEIGHT / 2)
    canvas.rotate(turn)
    put(canvas, [Ink(-200, 200, "并窗口", 22), *column([ONE, TWO], -200, 160, 35)])
    canvas.rotate(45)
    put(canvas, [Ink(-100, 0, "内部资料", 40)])
    canvas.restoreState()
    canvas.save()
    (article,) = read(path)
    assert (article.title, lines_of(article)) == ("并窗口", [ONE, TWO])


@pytest.fixture
def scan(tmp_path: Path) -> Path:
    """A page of text as a picture."""
    import pypdfium2  # noqa: PLC0415 - only here, to make the picture

    source = drawn(tmp_path / "source.pdf", [Ink(60, 780, "办事窗口并到一处", 22), *column([ONE], 60, TOP, 40)])
    with pypdfium2.PdfDocument(source) as document:
        document[0].render(scale=2).to_pil().save(tmp_path / "scan.png")
    canvas = Canvas(str(tmp_path / "scan.pdf"), pagesize=(WIDTH, HEIGHT), invariant=1)
    canvas.drawImage(str(tmp_path / "scan.png"), 0, 0, WIDTH, HEIGHT)
    canvas.save()
    return tmp_path / "scan.pdf"


def test_a_scan_is_refused_with_what_to_do(scan: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf_scan, "is_installed", lambda: False)
    reason = refused(scan, here=True)
    assert reason.startswith("扫描件/scan: has no text layer; run OCR")
    assert "pip install wence[ocr]" in reason


@pytest.mark.skipif(not pdf_scan.is_installed(), reason="needs the extra wence[ocr]")
def test_a_scan_is_recognised_with_the_extra(scan: Path) -> None:
    (article,) = read(scan)
    assert article.title == "办事窗口并到一处"
    assert article.text.replace(",", "，") == ONE


def test_what_cannot_be_read_says_why(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    good = drawn(tmp_path / "good.pdf", column([ONE], 60, TOP, 45), column([TWO], 60, TOP, 45))
    data = good.read_bytes()
    cases: dict[str, tuple[bytes, str]] = {
        "cut": (data[: len(data) // 2], "is cut short"),
        "not": (ONE.encode(), "is no PDF"),
        "none": (b"", "is no PDF"),
        "broken": (b"%PDF-1.4\n" + b"\x00\xff" * 500 + b"\n%%EOF", "is a broken PDF"),
        "without pages": (b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\n"
                     b"trailer<</Root 1 0 R>>\n%%EOF", "is a broken PDF"),
    }  # fmt: skip
    for name, (content, reason) in cases.items():
        path = tmp_path / f"{name}.pdf"
        path.write_bytes(content)
        assert refused(path).startswith(reason), name
    locked = drawn(tmp_path / "locked.pdf", column([ONE], 60, TOP, 45), encrypt=StandardEncryption("secret"))
    assert refused(locked) == "is encrypted; save it without its password"
    assert refused(drawn(tmp_path / "blank.pdf", [])) == "holds no text; give a file with text in it"
    assert refused(tmp_path / "absent.pdf").startswith("cannot be opened")
    monkeypatch.setattr(pdf_file, "MAX_PAGES", 1)
    assert refused(good, here=True) == "has 2 pages, more than 1; split it into smaller files"


def test_five_thousand_pages_are_refused_at_once(tmp_path: Path) -> None:
    kids = b" ".join(b"%d 0 R" % (n + 3) for n in range(5_000))
    pages = b"".join(b"%d 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>endobj\n" % (n + 3) for n in range(5_000))
    path = tmp_path / "a.pdf"
    path.write_bytes(b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Count 5000/Kids["
                     + kids + b"]>>endobj\n" + pages + b"trailer<</Root 1 0 R>>\n%%EOF")  # fmt: skip
    began = time.monotonic()
    assert refused(path) == "has 5000 pages, more than 2000; split it into smaller files"
    assert time.monotonic() - began < 5


def test_a_page_that_holds_too_much_costs_no_other(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    canvas = Canvas(str(path), invariant=1)
    put(canvas, column([ONE, TWO], 60, TOP, 45))
    canvas.showPage()
    put(canvas, [Ink(60, 400 - n % 50, "x" * 5_000, 1) for n in range(12)], "Helvetica")
    canvas.save()
    error, article = read_pdf(path, "a.pdf")
    assert isinstance(error, SourceError)
    assert "page 2 holds" in error.reason
    assert isinstance(article, Article)
    assert lines_of(article) == [ONE, TWO]


def test_damaged_files_are_read_or_refused_but_never_crash(tmp_path: Path) -> None:
    inks = [Ink(60, 780, "并窗口", 22), *flow([ONE, TWO, THREE], (60, 320), TOP, 6, 20)[0], *table(500)]
    data = drawn(tmp_path / "good.pdf", inks, pageCompression=0).read_bytes()
    chance = random.Random(1)
    path = tmp_path / "bad.pdf"
    for _ in range(300):
        spoilt = bytearray(data)
        for _ in range(chance.choice((1, 5, 50))):
            spoilt[chance.randrange(len(spoilt) - 6)] = chance.randrange(256)
        path.write_bytes(spoilt)
        assert all(isinstance(each, Article | SourceError) for each in read_pdf(path, "bad.pdf"))


def test_files_are_read_from_many_threads_and_interleaved(tmp_path: Path) -> None:
    paths = [
        drawn(tmp_path / f"{n}.pdf", column([text], 60, TOP, 45), column([FOUR], 60, TOP, 45))
        for n, text in enumerate((ONE, TWO, THREE))
    ]
    expected = [[article.text for article in read(path)] for path in paths]
    found: dict[int, list[str]] = {}
    threads = [
        threading.Thread(target=lambda n=n: found.__setitem__(n, [a.text for a in read(paths[n % 3])]))
        for n in range(9)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=20)
    assert [found[n] for n in range(9)] == [expected[n % 3] for n in range(9)]
    opened = [read_pdf(path, path.name) for path in paths]
    assert [len([next(reading), *reading]) for reading in opened] == [1, 1, 1]


def nested(path: Path) -> Path:
    """A kilobyte that draws a letter ten thousand million times, through forms within forms."""
    objects = {1: b"<</Type/Catalog/Pages 2 0 R>>", 2: b"<</Type/Pages/Count 1/Kids[3 0 R]>>"}
    objects[3] = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents 4 0 R/Resources<</XObject<</X 10 0 R>>>>>>"
    streams = {4: (b"", b"/X Do")}
    for n in range(10, 20):
        inner = b"/Resources<</XObject<</X %d 0 R>>>>" % (n + 1) if n < 19 else b""
        streams[n] = b"/Type/XObject/Subtype/Form/BBox[0 0 9 9]" + inner, b"/X Do " * 10 if n < 19 else b"0 0 m 1 1 l S"
    for n, (fields, data) in streams.items():
        objects[n] = b"<<%s/Length %d>>stream\n%s\nendstream " % (fields, len(data), data)
    body = b"".join(b"%d 0 obj%sendobj\n" % entry for entry in objects.items())
    path.write_bytes(b"%PDF-1.4\n" + body + b"trailer<</Root 1 0 R>>\n%%EOF")
    return path


def test_a_file_that_fells_pdfium_costs_itself_only(tmp_path: Path) -> None:
    began = time.monotonic()
    reason = refused(nested(tmp_path / "bomb.pdf"))
    assert "needs too much memory or is broken" in reason or "takes more than" in reason
    assert time.monotonic() - began < PAGE_LIMIT_S + 5
    assert lines_of(read(drawn(tmp_path / "a.pdf", column([ONE, TWO], 60, TOP, 45)))[0]) == [ONE, TWO]


def test_a_process_that_ended_is_started_anew(tmp_path: Path) -> None:
    path = drawn(tmp_path / "a.pdf", column([ONE, TWO], 60, TOP, 45))
    before = read(path)
    process = pdf._CHILD._process
    assert process
    assert process.stdin
    process.stdin.close()  # as when it has been idle
    process.wait(timeout=10)
    assert read(path) == before
    process = pdf._CHILD._process
    assert process
    process.kill()
    process.wait()
    assert read(path) == before
