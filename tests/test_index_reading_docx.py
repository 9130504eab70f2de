"""index.reading.docx: the text of a Word document as a reader sees it, numbers of lists and footnotes included."""

import io
import re
from collections.abc import Callable
from typing import Any

import docx
import pytest
from docx.oxml.ns import nsdecls

from eval.reading.seeds import LINES, TITLE, docx_report, unzipped, zipped
from index.article import Article
from index.errors import SourceError
from index.reading.docx import read_docx
from index.reading.docx_numbering import chinese

W = nsdecls("w")


def only(data: bytes, name: str = "folder/报告.docx") -> Article:
    (read,) = read_docx(data, name)
    assert isinstance(read, Article), read
    return read


def error(data: bytes) -> str:
    (read,) = read_docx(data, "a.docx")
    assert isinstance(read, SourceError), read
    return read.reason


def made(write: Callable[[Any], None]) -> bytes:
    document = docx.Document()
    write(document)
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def named(document: Any, title: str) -> Any:
    document.core_properties.title = title
    return document


def with_body(xml: str, numbering: str = "") -> bytes:
    """A document with that body, put into an empty one as it is."""
    members = unzipped(made(lambda document: None))
    body = re.sub(rb"<w:body>.*</w:body>", f"<w:body>{xml}</w:body>".encode(), members["word/document.xml"], flags=re.S)
    members["word/document.xml"] = body
    if numbering:
        members["word/numbering.xml"] = f"<w:numbering {W}>{numbering}</w:numbering>".encode()
    return zipped(members)


def p(text: str, properties: str = "") -> str:
    return f"<w:p><w:pPr>{properties}</w:pPr><w:r><w:t xml:space='preserve'>{text}</w:t></w:r></w:p>"


def test_the_report_is_read_as_it_is_printed() -> None:
    article = only(docx_report())
    assert (article.title, article.authors, article.date) == (TITLE, ("林岚",), "2024-03-05")
    assert article.metadata == {"subtitle": "云川三县见闻", "from": "云川日报"}
    assert article.captions == ("图1 窗口前",)
    assert article.text.split("\n") == [
        LINES[0],
        "一、怎么做到",
        LINES[1],
        "合并窗口；",
        "减少材料。",
        "表1 各县收入（单位：万元）：县 云澜，2023年收入 120，2023年支出 90",
        "表1 各县收入（单位：万元）：县 栖川，2023年收入 80",
        "最后一段说完了。",
    ]
    at = article.text.index("2023年支出 90")
    assert article.text[at : at + 10] == "2023年支出 90"


@pytest.mark.parametrize(
    ("write", "title"),
    [
        (lambda d: (d.add_paragraph("名", style="Title"), d.add_paragraph("正文。")), "名"),
        (lambda d: (d.add_heading("名", 1), d.add_paragraph("正文。")), "名"),
        (lambda d: (d.add_paragraph("窗口并到一处"), d.add_paragraph("各县把办事窗口并到一处。")), "窗口并到一处"),
        (lambda d: (d.add_paragraph("各县并窗口。"), d.add_paragraph("正文。")), "报告"),
        (lambda d: (named(d, "属性里的名"), d.add_paragraph("正文一句。")), "属性里的名"),
        (lambda d: (named(d, "Microsoft Word - 文档1"), d.add_paragraph("正文。")), "报告"),
    ],
)  # fmt: skip
def test_the_title_is_shown_named_or_the_file_s(write: Callable[[Any], None], title: str) -> None:
    assert only(made(write)).title == title


@pytest.mark.parametrize("author", ["Administrator", "微软用户", "python-docx", "lenovo", "user01", ""])
def test_the_name_of_a_computer_is_no_author(author: str) -> None:
    def write(document: Any) -> None:
        document.core_properties.author = author
        document.add_paragraph("正文。")

    assert only(made(write)).authors == ()


def test_deleted_and_hidden_text_is_gone_and_inserted_text_stays() -> None:
    body = (
        "<w:p><w:r><w:t>各县</w:t></w:r><w:del w:id='1'><w:r><w:delText>没有</w:delText></w:r></w:del>"
        "<w:ins w:id='2'><w:r><w:t>已经</w:t></w:r></w:ins><w:r><w:rPr><w:vanish/></w:rPr><w:t>悄悄</w:t></w:r><w:r><w:t>并了窗口。</w:t></w:r></w:p>"
        f"<w:sdt><w:sdtContent>{p('控件里的一段。')}</w:sdtContent></w:sdt>"
        "<w:p><w:r><w:t>有框</w:t></w:r><w:r><w:pict><w:txbxContent>"
        + p("框里的字。")
        + "</w:txbxContent></w:pict></w:r><w:r><w:t>的一段。</w:t></w:r></w:p>"
    )
    assert only(with_body(body)).text.split("\n") == [
        "各县已经并了窗口。",
        "控件里的一段。",
        "有框的一段。",
        "框里的字。",
    ]


def test_the_numbers_that_word_prints_are_read() -> None:
    def level(at: int, form: str, text: str) -> str:
        return f"<w:lvl w:ilvl='{at}'><w:start w:val='1'/><w:numFmt w:val='{form}'/><w:lvlText w:val='{text}'/></w:lvl>"

    numbering = (
        f"<w:abstractNum w:abstractNumId='0'>{level(0, 'chineseCountingThousand', '第%1条')}{level(1, 'chineseCounting', '（%2）')}{level(2, 'bullet', '•')}</w:abstractNum>"
        "<w:num w:numId='1'><w:abstractNumId w:val='0'/></w:num>"
    )

    def numbered(text: str, at: int) -> str:
        return p(text, f"<w:numPr><w:ilvl w:val='{at}'/><w:numId w:val='1'/></w:numPr>")

    body = "".join(numbered(f"规定{i}。", 0) for i in range(11)) + numbered("其一；", 1) + numbered("其二。", 1)
    body += numbered("一点。", 2) + numbered("又一条。", 0) + numbered("又其一。", 1)
    lines = only(with_body(body, numbering)).text.split("\n")
    assert lines[0] == "第一条 规定0。"
    assert lines[10:] == [
        "第十一条 规定10。",
        "（一）其一；",
        "（二）其二。",
        "一点。",
        "第十二条 又一条。",
        "（一）又其一。",
    ]


@pytest.mark.parametrize(
    ("number", "said"),
    [(0, "零"), (1, "一"), (10, "十"), (12, "十二"), (20, "二十"), (105, "一百零五"), (110, "一百一十"), (1001, "一千零一"), (10_010, "一万零一十"), (23_456, "二万三千四百五十六")],
)  # fmt: skip
def test_chinese_counting(number: int, said: str) -> None:
    assert chinese(number) == said


def test_footnotes_stand_at_the_end() -> None:
    members = unzipped(made(lambda document: document.add_paragraph("正文有注。")))
    note = f"<w:footnotes {W}><w:footnote w:type='separator' w:id='0'>{p('线')}</w:footnote><w:footnote w:id='1'>{p('数据来自年鉴。')}</w:footnote></w:footnotes>"
    members["word/footnotes.xml"] = note.encode()
    relation = b'<Relationship Id="rId99" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/footnotes" Target="footnotes.xml"/></Relationships>'
    rels = members["word/_rels/document.xml.rels"]
    members["word/_rels/document.xml.rels"] = rels.replace(b"</Relationships>", relation)
    kind = b'<Override PartName="/word/footnotes.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"/></Types>'
    members["[Content_Types].xml"] = members["[Content_Types].xml"].replace(b"</Types>", kind)
    assert only(zipped(members)).text == "正文有注。\n数据来自年鉴。"


def test_a_box_of_one_column_is_text_and_nested_tables_are_read() -> None:
    cell = "<w:tbl><w:tr><w:tc>{}</w:tc></w:tr></w:tbl>"
    body = cell.format(p("框里一段。") + p("又一段。")) + p("尾。")
    assert only(with_body(body)).text.split("\n") == ["框里一段。", "又一段。", "尾。"]
    inner = f"<w:tbl><w:tr><w:tc>{p('甲')}</w:tc><w:tc>{cell.format(p('里'))}{p('')}</w:tc></w:tr><w:tr><w:tc>{p('乙')}</w:tc><w:tc>{p('3')}</w:tc></w:tr></w:tbl>"
    assert only(with_body(inner)).text.split("\n")[-1] == "甲 乙，里 3"


def test_contents_lines_are_left_out() -> None:
    def write(document: Any) -> None:
        document.styles.add_style("toc 1", 1)
        document.add_paragraph("名", style="Title")
        document.add_paragraph("一、怎么做到\t3", style="toc 1")
        document.add_paragraph("正文。")

    assert only(made(write)).text == "正文。"


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda m: m.pop("word/document.xml"), "damaged"),
        (lambda m: m.pop("[Content_Types].xml"), "damaged"),
        (lambda m: m.update({"word/document.xml": b"<w:document"}), "damaged"),
        (lambda m: m.update({"[Content_Types].xml": m["[Content_Types].xml"].replace(b"document.main+xml", b"template.main+xml")}), "template"),
    ],
)  # fmt: skip
def test_a_damaged_document_says_so(change: Callable[[dict[str, bytes]], None], reason: str) -> None:
    members = unzipped(docx_report())
    change(members)
    told = error(zipped(members))
    assert reason in told
    assert ";" in told


def test_a_document_of_pictures_says_so() -> None:
    assert "holds no text" in error(made(lambda document: None))


def test_entities_are_not_followed() -> None:
    bomb = b'<?xml version="1.0"?><!DOCTYPE w [<!ENTITY a SYSTEM "file:///etc/passwd"><!ENTITY b "bbbb">]>'
    members = unzipped(with_body("<w:p><w:r><w:t>前&a;&b;后。</w:t></w:r></w:p>"))
    members["word/document.xml"] = bomb + re.sub(rb"^<\?xml[^>]*\?>", b"", members["word/document.xml"]).lstrip()
    assert only(zipped(members)).text in ("前后。", "前")
