"""index.reading.html: the main text of a page and what the page says of itself, without anything around them."""

import json
import socket

import pytest

from eval.reading.seeds import PAGE, html_page
from index.article import Article
from index.errors import SourceError
from index.reading.html import MAX_PAGE_BYTES, read_html

GOLDEN = [
    "各县把办事窗口并到一处，来办事的人少跑了路。",
    "一、怎么做到",
    "今年办了1200件，比去年 多三成。",
    "第二段也在这里。",
    "合并窗口；",
    "减少材料。",
    "表1 各县收入（单位：万元）：县 云澜，2023年收入 120，2023年支出 90",
    "表1 各县收入（单位：万元）：县 栖川，2023年收入 80",
    "数字见附件",
    "最后一段说完了。",
]
LONG = "各县把办事窗口并到一处，来办事的人少跑了路。今年办了1200件，比去年多三成。"


def only(page: str | bytes) -> Article:
    (read,) = read_html(page.encode() if isinstance(page, str) else page, "folder/页.html")
    assert isinstance(read, Article), read
    return read


def error(page: str | bytes) -> str:
    (read,) = read_html(page.encode() if isinstance(page, str) else page, "a.html")
    assert isinstance(read, SourceError), read
    return read.reason


def lines(body: str) -> list[str]:
    return only(f"<html><body>{body}</body></html>").text.split("\n")


@pytest.mark.parametrize("charset", ["utf-8", "gb2312", "gb18030", "gbk"])
def test_the_page_of_a_government_site(charset: str) -> None:
    article = only(html_page(charset))
    assert (article.title, article.authors, article.date) == ("窗口并到一处", ("林岚", "周听"), "2024-03-05")
    assert (article.column, article.captions) == ("政务", ("窗口前。李明摄",))
    assert article.metadata == {"site": "云川政策网", "from": "云川日报", "editor": "王芳", "language": "zh-CN"}
    assert article.text.split("\n") == GOLDEN
    at = article.text.index("1200件")
    assert article.text[at : at + 5] == "1200件"


def test_nothing_is_fetched(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("a reader went to the network")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    page = '<!DOCTYPE html SYSTEM "http://example.org/x.dtd"><html><head><link rel="stylesheet" href="http://example.org/a.css"></head>'
    assert only(f'{page}<body><img src="http://example.org/a.png"><p>{LONG}</p></body></html>').text == LONG


def test_json_ld_open_graph_and_dublin_core() -> None:
    data = {"@context": "https://schema.org", "@graph": [{"@type": "NewsArticle", "headline": "窗口并到一处", "author": [{"name": "林岚"}, {"name": "周听"}], "datePublished": "2024-03-05T08:00:00+08:00", "publisher": {"name": "云川政策网"}}]}  # fmt: skip
    page = f'<html><head><script type="application/ld+json">{json.dumps(data)}</script><title>x</title></head><body><p>{LONG}</p></body></html>'
    article = only(page)
    assert (article.title, article.authors, article.date) == ("窗口并到一处", ("林岚", "周听"), "2024-03-05")
    assert article.metadata["site"] == "云川政策网"
    head = '<meta property="og:title" content="窗口并到一处 - 云川政策网"><meta property="og:site_name" content="云川政策网"><meta name="DC.creator" content="林岚"><meta property="article:published_time" content="2024-03-05">'
    article = only(f"<html><head>{head}</head><body><p>{LONG}</p></body></html>")
    assert (article.title, article.authors, article.date) == ("窗口并到一处", ("林岚",), "2024-03-05")


@pytest.mark.parametrize(
    ("head", "title"),
    [
        ("<title>窗口并到一处_云川政策网</title>", "窗口并到一处"),
        ("<title>窗口并到一处 - 云川省人民政府</title>", "窗口并到一处"),
        ("<title>窗口并到一处|政务|云川网</title>", "窗口并到一处"),
        ("<title>研发—转化—生产</title>", "研发—转化—生产"),
        ('<title>云川网</title><meta name="ArticleTitle" content="窗口并到一处">', "窗口并到一处"),
        ("", "页"),
    ],
)
def test_titles(head: str, title: str) -> None:
    assert only(f"<html><head>{head}</head><body><p>{LONG}</p></body></html>").title == title


def test_a_title_in_the_page_alone_is_found_and_not_repeated() -> None:
    article = only(f"<html><body><div><h1>窗口并到一处</h1><p>{LONG}</p></div></body></html>")
    assert (article.title, article.text) == ("窗口并到一处", LONG)


@pytest.mark.parametrize(
    "around",
    [
        "<nav><a href=1>首页</a><a href=2>政务</a></nav>{}<footer>版权所有 云川网</footer>",
        "<div id=menu><ul><li><a href=1>首页</a></li></ul></div><div>{}</div><div class=comments><p>说得好，支持！再说一句。</p></div>",
        "<table><tr><td><a href=1>首页</a></td><td><table><tr><td>{}</td></tr></table></td></tr></table>",
        "<form><div>{}</div><input value=查><select><option>全部</option></select></form>",
        "<main>{}</main><aside><p>旁边的话，也不短，说了好几句。</p></aside>",
        "<div>{}</div><div class=related><h3>相关阅读</h3><p><a href=1>云澜市研发投入两年记，多少钱？</a></p></div>",
        "<article>{}</article><section class=recommend><p>推荐的话，也不短，说了好几句。</p></section>",
        "<div>{}<p>【打印本页】</p><p>上一篇：某某</p></div>",
        "<p hidden>看不见的。</p><p style='DISPLAY: none'>看不见的。</p><noscript>没有脚本。</noscript><template>模板。</template>{}",
    ],
)
def test_what_stands_around_is_left_out(around: str) -> None:
    text = f"<p>{LONG}</p><p>第二段，也是正文。</p><p>第三段完了。</p>"
    assert lines(around.format(text)) == [LONG, "第二段，也是正文。", "第三段完了。"]


def test_a_page_whose_body_is_called_by_a_bad_name_is_kept() -> None:
    assert lines(f"<div class=sidebar-footer-nav><p>{LONG}</p></div>") == [LONG]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("<p>甲</p><p>乙<br>丙</p>丁", ["甲", "乙", "丙", "丁"]),
        ("<p>中\n文，a\nb</p>", ["中文，a b"]),
        ("<p>H<sub>2</sub>O<!-- 注 -->与<b>粗</b></p>", ["H2O与粗"]),
        ("<pre>行一\n  行二</pre>", ["行一", "行二"]),
        ("<dl><dt>词</dt><dd>义</dd></dl>", ["词", "义"]),
        ("<ruby>策<rt>cè</rt></ruby>略", ["策略"]),
        ("<p>a&#0;b&#x1;\u200b\u00adc</p>", ["a\ufffdbc"]),
        ("<ol><li>一<ul><li>内</li></ul></li><li>二</li></ol>", ["一", "内", "二"]),
    ],
)
def test_lines(body: str, expected: list[str]) -> None:
    assert lines(body) == expected


@pytest.mark.parametrize(
    ("table", "expected"),
    [
        ("<caption>收入表（单位：元）</caption><tr><th>县<th>收入<tr><td>甲<td>3", ["收入表（单位：元）：县 甲，收入 3"]),
        ("<tr><td colspan=2>单位：亿元<tr><td>县<td>收入<tr><td>甲<td>3<tr><td>乙<td>4", ["（单位：亿元）：县 甲，收入 3", "（单位：亿元）：县 乙，收入 4"]),
        ("<tr><td>索引号：<td>0123<tr><td>机关：<td>云川省", ["索引号：0123", "机关：云川省"]),
        ("<tr><td>市<td>县<td>数<tr><td rowspan=2>云澜<td>东<td>1<tr><td>西<td>2", ["市 云澜，县 东，数 1", "市 云澜，县 西，数 2"]),
        ("<tr><td>县<td>2022年<td>2023年<tr><td>甲<td>1<td>2", ["县 甲，2022年 1，2023年 2"]),
        ("<thead><tr><th>县<th>数</thead><tr><td>甲<td><p>1</p><p>约</p>", ["县 甲，数 1 约"]),
        ("<tr><td>县<td>数<tr><td colspan=2>东部<tr><td>甲<td>1", ["东部", "县 甲，数 1"]),
    ],
)  # fmt: skip
def test_tables(table: str, expected: list[str]) -> None:
    assert lines(f"<p>{LONG}</p><table>{table}</table>")[1:] == expected


def test_xhtml_with_empty_elements_is_read_as_xml() -> None:
    page = f'<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"><head><title/><script src="x"/></head><body><p>&nbsp;{LONG}&mdash;</p></body></html>'
    assert only(page).text == f"{LONG}—"
    assert only(page.replace("</p>", "<br></p>")).text == f"{LONG}—"  # broken XML is read as HTML


def test_entities_of_its_own_are_not_followed() -> None:
    page = '<?xml version="1.0"?><!DOCTYPE html [<!ENTITY x SYSTEM "file:///etc/passwd"><!ENTITY y "yyyy">]>'
    assert "root:" not in only(f"{page}<html><body><p>{LONG}&x;&y;</p></body></html>").text


@pytest.mark.parametrize(
    ("page", "reason"),
    [
        ("<html><body></body></html>", "holds no text"),
        ("<html><body><script>render()</script><div id=app></div></body></html>", "holds no text"),
        ("<div>" * 100_000 + LONG, "nested more than"),
        ("<p>" * 600_001, "tags"),
        (b"<p>" + b" " * MAX_PAGE_BYTES, "more than 16 MB"),
        (b"<p>\xff\xff\xff\xff\x81</p>", "save it as UTF-8"),
    ],
)
def test_what_cannot_be_read_says_why(page: str | bytes, reason: str) -> None:
    told = error(page)
    assert reason in told
    assert ";" in told


def test_2000_levels_are_read() -> None:
    assert only("<div>" * 2000 + f"<p>{LONG}</p>" + "</div>" * 2000).text == LONG


def test_no_line_of_the_article_is_lost_or_doubled() -> None:
    body = [f"第{n}段说了第{n}件事，说得很清楚。" for n in range(200)]
    page = PAGE.format(charset="utf-8").replace("<p>最后一段说完了。</p>", "".join(f"<p>{line}</p>" for line in body))
    assert [line for line in only(page).text.split("\n") if line in body] == body
