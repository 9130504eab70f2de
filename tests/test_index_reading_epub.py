"""index.reading.epub: an article for each chapter of a book, whatever files the book is cut into."""

import pytest

from eval.reading.seeds import CHAPTERS, CONTAINER, PACKAGE, epub_book
from index.article import Article
from index.errors import SourceError
from index.reading.epub import read_epub

GOLDEN = [
    ("第一章 窗口", ["各县把办事窗口并到一处。", "一、怎么做到", "今年办了1200件，比去年 多三成。", "窗口还开到了镇上。", "县 云澜，件数 700"]),
    ("第二章 公交", ["北岚市换了新车。", "新车", "一共460辆。"]),
    ("第三章 夜校", ["开了85门课。"]),
]  # fmt: skip
NCX = """<ncx xmlns="http://www.daisy.org/z3986/2005/ncx/"><navMap><navPoint><navLabel><text>第一章 窗口</text></navLabel><content src="text/a.xhtml"/></navPoint>
<navPoint><navLabel><text>第二章 公交</text></navLabel><content src="text/b.xhtml#one"/><navPoint><navLabel><text>新车</text></navLabel><content src="text/b.xhtml#in"/></navPoint></navPoint>
<navPoint><navLabel><text>第三章 夜校</text></navLabel><content src="text/b.xhtml#two"/></navPoint></navMap></ncx>"""


def read(data: bytes) -> list[Article]:
    found = list(read_epub(data, "folder/书.epub"))
    assert not [each for each in found if isinstance(each, SourceError)], found
    return [each for each in found if isinstance(each, Article)]


def errors(data: bytes) -> list[str]:
    return [each.reason for each in read_epub(data, "a.epub") if isinstance(each, SourceError)]


def shape(articles: list[Article]) -> list[tuple[str, list[str]]]:
    return [(article.title, article.text.split("\n")) for article in articles]


def test_each_chapter_is_an_article_of_the_book() -> None:
    articles = read(epub_book())
    assert shape(articles) == GOLDEN
    for article in articles:
        assert (article.issue, article.authors, article.date) == ("云川政策读本", ("林岚", "周听"), "2024-03-05")
        assert article.metadata == {"language": "zh"}
    at = articles[0].text.index("1200件")
    assert articles[0].text[at : at + 5] == "1200件"
    assert articles[1].reference == "林岚、周听：《第二章 公交》，《云川政策读本》"


def test_the_contents_of_epub_2_do_as_well() -> None:
    package = PACKAGE.replace('properties="nav"', "").replace('href="nav.xhtml"', 'href="toc.ncx"')
    package = package.replace(
        'id="nav" href="toc.ncx" media-type="application/xhtml+xml"',
        'id="nav" href="toc.ncx" media-type="application/x-dtbncx+xml"',
    )
    package = package.replace("<spine>", '<spine toc="nav">').replace('<itemref idref="nav"/>', "")
    assert shape(read(epub_book({"OEBPS/content.opf": package.encode(), "OEBPS/toc.ncx": NCX.encode()}))) == GOLDEN


def test_without_contents_each_file_is_a_chapter() -> None:
    articles = read(epub_book({"OEBPS/nav.xhtml": b"<html"}))
    assert [article.title for article in articles] == ["第一章 窗口", "云川政策读本", "第二章 公交"]


def test_a_chapter_that_is_damaged_loses_no_other() -> None:
    found = list(read_epub(epub_book({"OEBPS/text/a2.xhtml": b"<p>\xff\xff\xff\xff\x81</p>"}), "a.epub"))
    assert [each.title if isinstance(each, Article) else each.reason[:35] for each in found] == [
        "chapter file 'OEBPS/text/a2.xhtml' ",
        "第一章 窗口",
        "第二章 公交",
        "第三章 夜校",
    ]


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"META-INF/container.xml": b"<x/>"}, "names no package"),
        ({"META-INF/container.xml": b"<x"}, "damaged part"),
        (
            {"META-INF/container.xml": CONTAINER.replace("OEBPS/content.opf", "../../etc/passwd").encode()},
            "lacks its part",
        ),
        ({"OEBPS/content.opf": PACKAGE.replace("itemref", "x").encode()}, "no chapter with text"),
        ({"META-INF/encryption.xml": b'<e><CipherReference URI="OEBPS/text/a.xhtml"/></e>'}, "DRM"),
    ],
)
def test_what_cannot_be_read_says_why(changed: dict[str, bytes], reason: str) -> None:
    (told,) = errors(epub_book(changed))
    assert reason in told
    assert ";" in told


def test_entities_and_outside_files_are_not_followed() -> None:
    bomb = '<?xml version="1.0"?><!DOCTYPE html [<!ENTITY x SYSTEM "file:///etc/passwd">]><html><body><h1 id="one">第二章</h1><p>字。&x;</p></body></html>'
    articles = read(epub_book({"OEBPS/text/b.xhtml": bomb.encode()}))
    assert articles
    assert all("root:" not in article.text for article in articles)
    package = PACKAGE.replace("<metadata", '<!DOCTYPE p [<!ENTITY x SYSTEM "file:///etc/passwd">]><metadata', 1)
    assert errors(epub_book({"OEBPS/content.opf": package.encode()}))


def test_encrypted_fonts_do_not_lock_a_book() -> None:
    locked = b'<e><CipherReference URI="OEBPS/fonts/a.ttf"/></e>'
    assert len(read(epub_book({"META-INF/encryption.xml": locked}))) == 3


def test_chapters_are_cut_where_the_contents_point() -> None:
    assert 'id="two"' in CHAPTERS["text/b.xhtml"]
    whole = epub_book(
        {"OEBPS/nav.xhtml": b'<html><body><nav><ol><li><a href="text/b.xhtml">x</a></li></ol></nav></body></html>'}
    )
    assert [article.title for article in read(whole)] == ["第一章 窗口", "x"]
