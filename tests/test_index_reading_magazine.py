"""index.reading.magazine: a made-up issue, set in columns as a PDF gives it back, and its articles rebuilt."""

import pytest

from index.article import Article
from index.errors import SourceError
from index.reading.magazine import is_magazine, read_magazine
from index.reading.magazine_year import year_of
from tests.test_index_reading_plain import FIRST, SECOND, THIRD, wrap

WIDTH = 15
HARBOUR = [
    "石桥港的夜班从前要填十一张单子。如今司机在手机上报一次到港时间，闸口、堆场和海关同时看到，单子只剩一张，夜里也不用再敲窗子。",
    "改的不只是单子。港口把装卸、查验和放行排在一条线上，前一步没有做完，后一步已经备好，一辆车在港里停留的时间从五个小时降到不足两个小时。",
]
TEA = [
    "茶山上的人说，好茶要等。可合作社不愿再等价钱，他们把采摘、炒制和销售记在同一本账上，哪一户哪一天交了多少青叶，扫一下就知道。",
    "账清了，贷款也来了。银行凭这本账放款，去年共放出八百六十万元，二百一十户人家修了焙房，添了机器，茶价比前年高了三成。",
]
ARCHIVE = [
    "县档案馆的库房里，最老的一册地契写于清朝乾隆年间。馆里花了三年，把四十万页旧纸逐页扫描，如今坐在家里就能查到祖屋的边界。",
    "扫描之后才是难处。旧字难认，馆员请来七位退休教师，一人认字，一人核对，错一个字扣一分，三年里共扣了不到一百分。",
]


def column(*paragraphs: str, width: int = WIDTH) -> list[str]:
    """Rows of body text; each first row two characters short."""
    return [row for paragraph in paragraphs for row in wrap(paragraph, width, 2)]


def page(*rows: str | list[str]) -> list[str]:
    flat = [row for each in rows for row in (each if isinstance(each, list) else [each])]
    return [f" {flat[0]}", *flat[1:]]


def doubled(text: str) -> str:
    return text + text


def extracted(*pages: list[str]) -> str:
    """An empty row after every row, none before a page that begins with a space."""
    return "\n".join("\n\n".join(rows) for rows in pages) + "\n"


def read(*pages: list[str]) -> dict[str, Article]:
    text = extracted(*pages)
    assert is_magazine(text)
    articles = list(read_magazine(text, "issue.txt"))
    assert not [each for each in articles if isinstance(each, SourceError)]
    return {each.title: each for each in articles if isinstance(each, Article)}


def window_pages() -> list[list[str]]:
    """A title over the body, a caption that breaks a sentence, a sub-heading of two rows, a running head."""
    rows = column(FIRST, SECOND)
    second = rows.index(wrap(SECOND, WIDTH, 2)[2])
    return [
        page("一扇窗办成所有事", "■李 明 王小芳", "本刊记者", rows[:second], doubled("云川县办事大厅")),
        page("民 生 观 察", rows[second:], "清单之外", "再少跑一趟", column(THIRD)),
    ]


def harbour_pages() -> list[list[str]]:
    """A byline first, the title at the end of the first page, under the name of a place."""
    rows = column(*HARBOUR)
    return [page("■赵 强", rows[:7], "石桥市", "一张单子管到底"), page(rows[7:])]


def tea_page() -> list[str]:
    """A vertical title, shadow print with a credit, a standfirst with a mark."""
    standfirst = ["●合作社把采摘、炒制和销售记在同一本账上，账清了，贷款也跟着来到茶山上的人家，这件", "事做了三年"]
    return page(
        standfirst, "■钱 亮", "云川县合作社理事长", column(*TEA), "茶山茶山 孙一鸣孙一鸣 摄摄", list("茶账一本清")
    )


def test_titles_before_and_after_the_body_bylines_and_roles() -> None:
    found = read(*window_pages(), *harbour_pages(), tea_page())
    assert list(found) == ["一扇窗办成所有事", "石桥市 一张单子管到底", "茶账一本清"]
    assert [article.authors for article in found.values()] == [("李明", "王小芳"), ("赵强",), ("钱亮",)]
    assert [article.metadata.get("role") for article in found.values()] == ["本刊记者", None, "云川县合作社理事长"]
    assert found["石桥市 一张单子管到底"].metadata["kicker"] == "石桥市"
    assert found["茶账一本清"].metadata["standfirst"].endswith("这件事做了三年")


def test_sentences_broken_by_caption_and_page_are_whole_again() -> None:
    found = read(*window_pages(), *harbour_pages(), tea_page())
    window = found["一扇窗办成所有事"]
    assert window.text.split("\n") == [FIRST, SECOND, "清单之外 再少跑一趟", THIRD]
    assert window.captions == ("云川县办事大厅",)
    assert window.column == "民生观察"
    assert found["石桥市 一张单子管到底"].text.split("\n") == HARBOUR
    assert found["茶账一本清"].text.split("\n") == TEA
    assert found["茶账一本清"].captions == ("茶山 孙一鸣 摄",)


def test_the_contents_make_no_article_but_give_pages_columns_and_authors() -> None:
    listed = page("12 一扇窗办成所有事/李 明 王小芳", "经 济", "14 一张单子/赵 强", ">>专栏", "16 旧纸新生/郑 华")
    archive = page(column(*ARCHIVE), doubled("旧纸新生"), doubled("库房一角"))
    found = read(listed, *window_pages(), archive)
    assert list(found) == ["一扇窗办成所有事", "旧纸新生"]
    assert [(each.page, each.column) for each in found.values()] == [("12", "民生观察"), ("16", "专栏")]
    assert found["旧纸新生"].authors == ("郑华",)
    assert found["旧纸新生"].text.split("\n") == ARCHIVE
    assert found["旧纸新生"].captions == ("库房一角",)


@pytest.mark.parametrize(
    ("texts", "year"),
    [
        (["2023年1月", "截至2024年5月底", "2024年以来", "2024年，"], 2024),
        (["2024年建成，到2027年翻番", "2024年。力争2027年", "2024年。至 2027 年"], 2024),
        (["2023年"] * 9 + ["2024年"] * 3 + ["2025年"] * 2, 2024),
        (["2023年"] * 10 + ["2024年将办"] * 3, 2023),
        (["2024年2024年2024年"], None),
        ([], None),
    ],
)
def test_an_issue_without_a_day_is_of_the_latest_year_that_many_of_its_articles_name(
    texts: list[str], year: int | None
) -> None:
    assert year_of(texts) == year


def test_the_year_that_an_issue_is_found_to_be_of_is_noted_as_such() -> None:
    told = [f"去年还少，到2030年翻番，{year}年共有新窗口八百个。" for year in (2023, 2024, 2024, 2024)]
    items = page("云 川 半 月", *(row for i, text in enumerate(told) for row in (f"第{'甲乙丙丁'[i]}条消息", text)))
    found = read(*window_pages(), items)
    assert {article.year for article in found.values()} == {2024}
    assert {article.metadata["year_inferred"] for article in found.values()} == {"true"}
    assert {article.date for article in found.values()} == {None}


def test_a_round_up_gives_an_article_for_each_item() -> None:
    items = page(
        "云 川 半 月", "石桥港减少单子", column(HARBOUR[0], width=24), "茶山上记新账", column(TEA[0], width=24)
    )
    found = read(*window_pages(), items)
    assert list(found) == ["一扇窗办成所有事", "石桥港减少单子", "茶山上记新账"]
    assert found["石桥港减少单子"].text == HARBOUR[0]
    assert [found[title].column for title in ("石桥港减少单子", "茶山上记新账")] == ["云川半月", "云川半月"]


def test_a_box_of_big_figures_keeps_each_sentence_under_its_figure() -> None:
    sentences = [
        "全县去年办结事项十二万件，群众满意率九成八。",
        "企业开办最快半天，比前年少了六天多时间。",
        "茶农贷款八百六十万元，受益二百一十户人家。",
    ]
    rows = [
        row for n, text in zip(("12万件", "98%以上", "860万元"), sentences, strict=True) for row in (n, *column(text))
    ]
    found = read(*window_pages(), page("云 川 新 政", *[list("数说云川"), rows]))
    assert found["数说云川"].text.split("\n") == [
        "12万件",
        sentences[0],
        "98%以上",
        sentences[1],
        "860万元",
        sentences[2],
    ]


def test_an_untitled_lead_is_named_by_its_first_clause_and_a_picture_by_its_caption() -> None:
    lead = page(column(*ARCHIVE))
    picture = page("建设中的石桥港二期码", "头像一把打开的折扇。", "年底就能靠上大船。", "孙一鸣 摄")
    found = read(lead, picture, *window_pages())
    assert list(found) == ["县档案馆的库房里", "建设中的石桥港二期码头像一把打开的折扇", "一扇窗办成所有事"]
    assert found["县档案馆的库房里"].metadata["untitled"] == "true"
    assert found["建设中的石桥港二期码头像一把打开的折扇"].captions == ("孙一鸣 摄",)


def test_a_biography_after_the_body_stays_out_of_it() -> None:
    about = ["郑华，历史学博士，云川大学档案学院教授，长期研究地方契约文书与", "土地制度。"]
    found = read(*window_pages(), page(column(*ARCHIVE), "旧纸里的新账", "郑 华", about))
    article = found["旧纸里的新账"]
    assert article.authors == ("郑华",)
    assert article.text.split("\n") == ARCHIVE
    assert article.metadata["about_author"] == "".join(about)


def numbered(*pages: list[str], first: int = 8) -> list[list[str]]:
    """Pages with a running head of name, day and column, and their number at the foot."""
    return [
        page(f"云川经济 2023.07.15 | {'观潮' if n % 2 else '民情'}", [row.strip() for row in rows], f"— {first + n} —")
        for n, rows in enumerate(pages)
    ]


def test_running_heads_give_page_numbers_columns_and_the_day_and_stay_out_of_the_text() -> None:
    found = read(*numbered(*window_pages(), *harbour_pages(), tea_page()))
    assert list(found) == ["一扇窗办成所有事", "石桥市 一张单子管到底", "茶账一本清"]
    assert [each.page for each in found.values()] == ["8", "10", "12"]
    assert [each.date for each in found.values()] == ["2023-07-15"] * 3
    assert found["茶账一本清"].column == "民情"
    assert not [each for each in found.values() if "云川经济" in each.text or "—" in each.text]


def test_the_contents_tell_the_issue_its_day_and_authors_whatever_their_form() -> None:
    listed = page(
        "目  录",
        "《云川经济》 2023年第7期  总第98期",
        "2023年7月15日出版",
        "卷首语",
        "茶账一本清............6",
        "钱 亮",
        "一扇窗办成所有事 ………… 李明 王小芳 7",
        "一张单子管到底／赵强    9",
    )
    found = read(listed, tea_page(), *window_pages(), *harbour_pages())
    tea = found["茶账一本清"]
    assert (tea.issue, tea.date, tea.page, tea.column) == ("《云川经济》2023年第7期", "2023-07-15", "6", "卷首语")
    assert tea.reference == "钱亮：《茶账一本清》，《云川经济》2023年第7期，第6页"
    assert [each.page for each in found.values()] == ["6", "7", "9"]


def test_a_title_amid_the_body_names_it_and_breaks_no_sentence() -> None:
    rows = column(*ARCHIVE, *HARBOUR)
    at = next(i for i in range(6, len(rows)) if not rows[i - 1].endswith("。") and len(rows[i - 1]) == WIDTH)
    found = read(*window_pages(), page(rows[:at], "旧纸新生", "文／郑华 孙一鸣", rows[at:]))
    assert found["旧纸新生"].authors == ("郑华", "孙一鸣")
    assert found["旧纸新生"].text.split("\n") == [*ARCHIVE, *HARBOUR]


def test_a_table_keeps_its_rows_and_footnotes_and_the_authors_post_stand_apart() -> None:
    table = [
        "表1  各镇青叶收购",
        "单位：吨、万元",
        "镇名    数量    金额",
        "石桥镇    320    86",
        "上坪镇    115    31",
    ]
    marked = TEA[1].replace("二百一十户", "二百一十户①")
    rows = [column(TEA[0]), table, column(marked)]
    post, note = "（作者单位：云川大学农学院）", "①数据截至五月底，由各镇提供。"
    found = read(*window_pages(), page("茶账一本清", "□ 云川县茶业课题组", *rows, post, note))
    tea = found["茶账一本清"]
    assert tea.authors == ("云川县茶业课题组",)
    told = ["表1 各镇青叶收购", "单位：吨、万元", "镇名 数量 金额", "石桥镇 320 86", "上坪镇 115 31"]
    assert tea.text.split("\n") == [TEA[0], *told, marked]
    assert (tea.metadata["role"], tea.metadata["notes"]) == (post.strip("（）"), note)


def test_captions_are_told_by_pointer_credit_and_opening() -> None:
    rows = column(*ARCHIVE)
    captions = ["▲库房一角", "馆员在认字　　钱亮／摄", "图为旧地契"]
    found = read(*window_pages(), page("旧纸新生", "■郑 华", rows[:4], captions, rows[4:]))
    assert found["旧纸新生"].text.split("\n") == ARCHIVE
    assert found["旧纸新生"].captions == ("▲库房一角", "馆员在认字 钱亮／摄", "图为旧地契")


def test_two_articles_on_a_page_are_cut_where_a_listed_title_follows_the_end_of_a_sentence() -> None:
    listed = page("目  录", "7  一扇窗办成所有事", "9  茶账一本清／钱亮", "9  旧纸新生／郑华")
    both = page("茶账一本清", "钱亮", column(*TEA), "旧纸新生", "郑华", column(*ARCHIVE))
    found = read(listed, *window_pages(), both)
    assert found["茶账一本清"].text.split("\n") == TEA
    assert found["旧纸新生"].text.split("\n") == ARCHIVE
    assert [found[title].authors for title in ("茶账一本清", "旧纸新生")] == [("钱亮",), ("郑华",)]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "一行。",
        "\n".join([FIRST, SECOND, THIRD] * 20),
        "\n".join(wrap(FIRST * 9, 20)),
        "Plain English text.\n" * 50,
    ],
)
def test_other_text_is_no_magazine(text: str) -> None:
    assert not is_magazine(text)
