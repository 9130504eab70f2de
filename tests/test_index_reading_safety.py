"""Files that would harm or mislead a reader: each is refused with what it is and what to do, or read as what it is."""

import io
import os
import struct
import zipfile
from pathlib import Path

import pytest

from eval.reading.seeds import docx_report, epub_book, html_page, unzipped, zipped
from index.article import Article
from index.errors import SourceError
from index.reading import MAX_FILE_BYTES, read_sources
from index.reading.archive import MAX_ENTRIES, MAX_UNPACKED_BYTES, Archive, ArchiveError, resolve
from index.reading.files import EXTENSIONS
from index.reading.kind import KindError, kind_of

BODY = "各县把办事窗口并到一处，来办事的人少跑了路。"


def read(path: Path) -> tuple[list[Article], list[SourceError]]:
    found = list(read_sources([path]))
    return [each for each in found if isinstance(each, Article)], [
        each for each in found if isinstance(each, SourceError)
    ]


def refused(path: Path, data: bytes | None = None) -> str:
    if data is not None:
        path.write_bytes(data)
    articles, errors = read(path)
    assert not articles
    (error,) = errors
    assert error.source == str(path)
    assert ";" in error.reason  # what is wrong; what to do
    return error.reason


@pytest.mark.parametrize(
    ("name", "data", "titles"),
    [
        ("a.txt", docx_report(), ["窗口并到一处"]),
        ("a.md", html_page(), ["窗口并到一处"]),
        ("a.txt", html_page("gb18030"), ["窗口并到一处"]),
        ("a.docx", html_page(), ["窗口并到一处"]),
        ("a.docx", f"窗口\n\n{BODY}".encode(), ["窗口"]),
        ("a.docx", f"窗口\n\n{BODY}".encode("gb18030"), ["窗口"]),
        ("a.epub", docx_report(), ["窗口并到一处"]),
        ("a.docx", epub_book(), ["第一章 窗口", "第二章 公交", "第三章 夜校"]),
        ("a.html", epub_book(), ["第一章 窗口", "第二章 公交", "第三章 夜校"]),
        ("a.html", f"窗口\n\n{BODY}\n1 < 2".encode(), ["窗口"]),
        ("a.htm", html_page(), ["窗口并到一处"]),
        ("a.xhtml", html_page(), ["窗口并到一处"]),
        ("a.HTML", html_page().decode().encode("utf-16"), ["窗口并到一处"]),
        ("a.html", b"\xef\xbb\xbf" + html_page(), ["窗口并到一处"]),
    ],
)  # fmt: skip
def test_a_wrong_extension_does_not_matter(tmp_path: Path, name: str, data: bytes, titles: list[str]) -> None:
    (tmp_path / name).write_bytes(data)
    articles, errors = read(tmp_path / name)
    assert errors == []
    assert [article.title for article in articles] == titles


def members(*names: str) -> bytes:
    return zipped(dict.fromkeys(names, b"<a/>"))


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "old Office file"),
        (b"{\\rtf1 a}", "RTF"),
        (b"\x89PNG\r\n\x1a\n", "picture (PNG)"),
        (b"\xff\xd8\xff\xe0", "picture (JPEG)"),
        (b"\x1f\x8b\x08", "gzip"),
        (b"7z\xbc\xaf\x27\x1c", "7z"),
        (b"Rar!\x1a\x07\0", "RAR"),
        (b"\x7fELF\x02", "program"),
        (members("xl/workbook.xml"), "Excel"),
        (members("ppt/presentation.xml"), "PowerPoint"),
        (members("content.xml", "mimetype"), "OpenDocument"),
        (members("OFD.xml"), "OFD"),
        (members("a.txt"), "zip archive"),
        (members("word/document.xml")[:-30], "damaged"),
        (b"From: <Saved by Blink>\r\nMIME-Version: 1.0\r\nContent-Type: multipart/related;", "MHTML"),
    ],
)
@pytest.mark.parametrize("name", ["a.txt", "a.docx", "a.html", "a.epub", "a.jsonl"])
def test_what_is_no_document_is_named(tmp_path: Path, name: str, data: bytes, reason: str) -> None:
    assert reason in refused(tmp_path / name, data)


@pytest.mark.parametrize("extension", EXTENSIONS)
def test_a_file_of_2_gb_is_refused_unread(tmp_path: Path, extension: str) -> None:
    path = tmp_path / f"large{extension}"
    with path.open("wb") as file:
        file.truncate(2 * 2**30)
    assert "too large (2048 MB" in refused(path) or extension == ".pdf"


@pytest.mark.parametrize("extension", [extension for extension in EXTENSIONS if extension != ".pdf"])
def test_an_empty_file_and_nul_bytes(tmp_path: Path, extension: str) -> None:
    assert "empty" in refused(tmp_path / f"empty{extension}", b"")
    assert "NUL" in refused(tmp_path / f"nul{extension}", BODY.encode() + b"\0" + BODY.encode())


def bomb(name: str, size: int) -> bytes:
    return zipped({**unzipped(docx_report()), name: b"\0" * size})


@pytest.mark.parametrize("extension", [".docx", ".epub", ".txt"])
def test_a_zip_bomb_is_not_unpacked(tmp_path: Path, extension: str) -> None:
    assert "zip bomb" in refused(tmp_path / f"a{extension}", bomb("word/media/x.png", 30 * 2**20))
    assert "MB of markup" in refused(tmp_path / f"b{extension}", bomb("word/x.xml", 33 * 2**20))


def test_a_package_that_lies_about_its_sizes(tmp_path: Path) -> None:
    data = bytearray(zipped({**unzipped(docx_report()), "word/media/x.png": b"\0" * 2**20}))
    at = data.rindex(b"word/media/x.png") - 46  # its entry in the central directory
    assert data[at : at + 4] == b"PK\x01\x02"
    struct.pack_into("<I", data, at + 24, 0xFFFFFFF0)
    assert "would unpack to" in refused(tmp_path / "a.docx", bytes(data))
    data = bytearray(docx_report())
    struct.pack_into("<I", data, data.rindex(b"word/document.xml") - 46 + 24, 10)  # no more than 10 bytes are unpacked
    assert "damaged" in refused(tmp_path / "b.docx", bytes(data))


def test_packages_of_too_many_or_protected_parts(tmp_path: Path) -> None:
    many = {f"word/{n}.xml": b"" for n in range(MAX_ENTRIES)}
    assert f"more than {MAX_ENTRIES}" in refused(tmp_path / "a.docx", zipped({**unzipped(docx_report()), **many}))
    data = bytearray(docx_report())
    struct.pack_into("<H", data, data.index(b"PK\x01\x02") + 8, 1)
    assert "password" in refused(tmp_path / "b.docx", bytes(data))
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as package:
        package.writestr("a", b"1")
    with pytest.raises(ArchiveError, match="lacks its part"):
        Archive(stream.getvalue()).read("../a")
    assert MAX_UNPACKED_BYTES > MAX_FILE_BYTES


@pytest.mark.parametrize(
    ("base", "href", "name"),
    [
        ("OEBPS/content.opf", "text/a.xhtml#x", "OEBPS/text/a.xhtml"),
        ("OEBPS/text/a.xhtml", "../b.xhtml?q", "OEBPS/b.xhtml"),
        ("OEBPS/a", "%E7%AA%97.xhtml", "OEBPS/窗.xhtml"),
        ("OEBPS/a.xhtml", "#x", "OEBPS/a.xhtml"),
        ("a", "/etc/passwd", "etc/passwd"),
    ],
)
def test_names_are_those_of_the_package(base: str, href: str, name: str) -> None:
    assert resolve(base, href) == name


@pytest.mark.parametrize(
    "mark", ["<div>", "<b>", "<table><tr><td>", "<ul><li>", "<font>", "<blockquote>", "<span><div>", "<svg>", "<math>"]
)
def test_html_nested_100000_levels_deep(tmp_path: Path, mark: str) -> None:
    reason = refused(tmp_path / "a.html", (mark * 100_000 + BODY).encode())
    assert "nested" in reason or "holds no text" in reason


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.jsonl", '{"title": "t", "text": ' + "[" * 100_000),
        ("a.md", "> " * 100_000 + BODY),
        ("a.md", "---\na: " + "[" * 30_000 + "\n---\n" + BODY),
    ],
)
def test_nesting_in_text_formats(tmp_path: Path, name: str, text: str) -> None:
    (tmp_path / name).write_text(text, encoding="utf-8")
    articles, errors = read(tmp_path / name)
    assert len(articles) + len(errors) == 1


def test_surrogates_and_controls_never_reach_an_article(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text(
        '{"title": "半\\ud800", "text": "字。"}\n{"title": "零\\u0000件", "text": "字\\u0000。\\u0085新行\\u2028又。"}\n',
        encoding="utf-8",
    )
    articles, errors = read(tmp_path)
    assert [(article.title, article.text) for article in articles] == [("零件", "字。\n新行\n又。")]
    assert "surrogate" in errors[0].reason
    (tmp_path / "b.html").write_bytes(f"<p>{BODY}&#xD800;&#0;\xed\xa0\x80".encode("utf-8", "surrogatepass") + b"</p>")
    for article in read(tmp_path / "b.html")[0]:
        article.text.encode()


def test_mixed_encodings_are_refused_and_not_guessed(tmp_path: Path) -> None:
    mixed = f"<html><body><p>{BODY}</p>".encode() + f"<p>{BODY}</p></body></html>".encode("gb18030")
    assert "save it as UTF-8" in refused(tmp_path / "a.html", mixed)
    assert "save it as UTF-8" in refused(tmp_path / "a.txt", BODY.encode() * 3 + BODY.encode("gb18030"))


def test_a_short_page_is_read_in_the_charset_it_names(tmp_path: Path) -> None:
    for charset, text in (
        ("gb2312", "镕"),
        ("big5", "縣裡把窗口併到一處。"),
        ("iso-8859-1", "déjà vu"),
        ("shift_jis", "窓口をまとめた。"),
    ):
        codec = {"gb2312": "gbk"}.get(charset, charset)
        (tmp_path / "a.html").write_bytes(f'<html><meta charset="{charset}"><p>{text}</p></html>'.encode(codec))
        ((article,), errors) = read(tmp_path / "a.html")
        assert (article.text, errors) == (text, [])


def test_links_that_loop_or_lead_out_harm_nothing(tmp_path: Path) -> None:
    inside = tmp_path / "in"
    inside.mkdir()
    (inside / "a.txt").write_text(f"里面\n\n{BODY}", encoding="utf-8")
    (inside / "self.txt").symlink_to("self.txt")
    (inside / "one.txt").symlink_to("two.txt")
    (inside / "two.txt").symlink_to("one.txt")
    (inside / "up").symlink_to(inside)
    (inside / "passwd.txt").symlink_to("/etc/passwd")
    articles, errors = read(inside)
    assert [article.title for article in articles] == ["里面"]
    assert errors == []
    assert "link to nothing" in refused(inside / "self.txt")


def test_names_of_odd_bytes_and_lengths(tmp_path: Path) -> None:
    odd = Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xff\xfe.txt"))
    odd.write_text(BODY, encoding="utf-8")
    articles, errors = read(tmp_path)
    assert errors == []
    articles[0].source.encode()
    assert articles[0].text == BODY


def test_bad_files_of_every_kind_stop_no_other(tmp_path: Path) -> None:
    (tmp_path / "a.docx").write_bytes(b"PK\x03\x04broken")
    (tmp_path / "b.epub").write_bytes(zipped({"META-INF/container.xml": b"<x"}))
    (tmp_path / "c.html").write_text("<div>" * 50_000, encoding="utf-8")
    (tmp_path / "d.docx").write_bytes(docx_report())
    (tmp_path / "e.epub").write_bytes(epub_book())
    articles, errors = read(tmp_path)
    assert [Path(error.source).name for error in errors] == ["a.docx", "b.epub", "c.html"]
    assert [article.title for article in articles] == ["窗口并到一处", "第一章 窗口", "第二章 公交", "第三章 夜校"]


@pytest.mark.parametrize("extension", EXTENSIONS)
def test_kinds_are_told_by_content_alone(extension: str) -> None:
    assert kind_of(docx_report(), extension) == ".docx"
    assert kind_of(epub_book(), extension) == ".epub"
    assert kind_of(b"%PDF-1.7\n", extension) == ".pdf"
    assert kind_of(html_page(), extension) == ".html"
    with pytest.raises(KindError, match="RTF"):
        kind_of(b"{\\rtf", extension)
