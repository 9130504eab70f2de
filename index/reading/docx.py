"""The bytes of one Word document (.docx) in, its article out: title, lines, tables row by row, footnotes at the end."""

import io
import re
from collections.abc import Iterator, Sequence
from pathlib import PurePath
from typing import Any

from index.article import Article
from index.errors import SourceError
from index.reading.archive import Archive, ArchiveError, brief
from index.reading.docx_body import Body, Line, Style, W
from index.reading.docx_numbering import Numbering
from index.reading.html_facts import byline_facts
from index.reading.record import RecordError, article_of

_TITLE = ("title", "标题", "文章标题", "文件标题", "公文标题", "大标题")
_SUBTITLE = ("subtitle", "副标题")
_HEADING_1 = ("heading 1", "标题 1", "标题1")
_FIGURE = re.compile(r"图\s*[\d一二三四五六七八九十]|Fig", re.I)
_ENDS = tuple("。！？；，、：…,.;:!?")
_TITLE_CHARACTERS = 60
_NO_TITLE = re.compile(
    r"(?:microsoft )?word.{0,20}|文档\s?\d*|document\s?\d*|新建.{0,30}|无标题|untitled|docx?|附件\d?|.*\.docx?", re.I
)
_NO_AUTHOR = re.compile(
    r"admin.*|user.*|用户.*|微软.*|windows.*|python-docx|apache.*|lenovo.*|hp|dell|asus|acer|pc|un-?named|unknown|未知|wps.*|office.*|.*\d.*|.{0,1}|.*[\\/@].*",
    re.I,
)


class DocumentError(ValueError):
    """The document cannot be read; the message says why and what to do."""


def read_docx(data: bytes, source: str) -> Iterator[Article | SourceError]:
    """One article: title from its title style, first heading or centred first line, else properties or file name."""
    try:
        Archive(data)
        yield _article(_opened(data), source)
    except (ArchiveError, DocumentError, RecordError) as error:
        yield SourceError(source, str(error))
    except Exception as error:
        yield SourceError(source, f"is a damaged Word document ({brief(error)}); open it in Word and save it again")


def _opened(data: bytes) -> Any:
    import docx  # noqa: PLC0415 - kept out of the start of every command

    try:
        return docx.Document(io.BytesIO(data))
    except ValueError as error:
        if "content type" in str(error):
            raise DocumentError("is a Word template or a document with macros; save it as a plain .docx") from None
        raise


def _article(document: Any, source: str) -> Article:
    body = Body(_styles(document), Numbering(_numbering(document), W[1:-1]))
    lines = body.lines(document.element.body)
    fields, lines = _head(lines, document.core_properties, source)
    lines += _notes(document, body)
    captions = [line.text for line in lines if line.style in ("caption", "题注") and _FIGURE.match(line.text)]
    text = [line.text for line in lines if not (line.style in ("caption", "题注") and _FIGURE.match(line.text))]
    if not text:
        raise DocumentError("holds no text (pictures only?); give its text, or a PDF with text")
    return article_of({**fields, "captions": captions}, "\n".join(text), source)


def _head(lines: list[Line], properties: Any, source: str) -> tuple[dict[str, object], list[Line]]:
    """Title, subtitle, authors and date, and the lines without those that only say these."""
    fields: dict[str, object] = {}
    named = " ".join((properties.title or "").split())
    named = "" if _NO_TITLE.fullmatch(named) else named
    title, rest = _title(lines, named)
    fields["title"] = title or named or PurePath(source).stem
    if rest and rest[0].style in _SUBTITLE and len(rest) > 1:
        fields["subtitle"], rest = rest[0].text, rest[1:]
    elif (
        rest
        and len(rest) > 1
        and title
        and rest[0].text.startswith(("——", "—", "--"))
        and len(rest[0].text) <= _TITLE_CHARACTERS
    ):
        fields["subtitle"], rest = rest[0].text.lstrip("—- "), rest[1:]
    while len(rest) > 1 and (told := byline_facts(rest[0].text)) and len(told["rest"]) <= 2:
        fields = {**{name: value for name, value in told.items() if name != "rest"}, **fields}
        rest = rest[1:]
    author = " ".join((properties.author or "").split())
    if author and not _NO_AUTHOR.fullmatch(author):
        fields.setdefault("authors", author)
    if properties.language:
        fields["language"] = properties.language
    return fields, rest


def _title(lines: Sequence[Line], named: str) -> tuple[str, list[Line]]:
    """The title that the text shows, and the lines after it; empty when it shows none."""
    at = next((i for i, line in enumerate(lines[:12]) if line.style in _TITLE), -1)
    if at < 0 and lines and (lines[0].style in _HEADING_1 or lines[0].text == named):
        at = 0
    if at < 0 and lines and lines[0].centred and _short(lines[0]):
        at = 0
    if (
        at < 0
        and len(lines) > 1
        and _short(lines[0])
        and not named
        and lines[0].style != "row"
        and len(lines[1].text) > len(lines[0].text)
    ):
        at = 0
    if at < 0 or len(lines) < 2:
        return "", list(lines)
    end = at + 1
    while end < len(lines) - 1 and lines[at].style in _TITLE and lines[end].style == lines[at].style:
        end += 1
    title = "".join(line.text for line in lines[at:end])
    return title, [*lines[:at], *lines[end:]]


def _short(line: Line) -> bool:
    return len(line.text) <= _TITLE_CHARACTERS and not line.text.endswith(_ENDS)


def _styles(document: Any) -> dict[str, Style]:
    """Each style by its id, with the list it numbers, its own or that of a style it is based on."""
    elements = {each.get(f"{W}styleId", ""): each for each in document.styles.element.iterfind(f"{W}style")}
    styles: dict[str, Style] = {}
    for name, element in elements.items():
        named = element.find(f"{W}name")
        said = "" if named is None else named.get(f"{W}val", "").lower()
        number, ancestor = None, element
        for _ in range(20):
            if ancestor is None or number is not None:
                break
            if (found := ancestor.find(f"{W}pPr/{W}numPr/{W}numId")) is not None:
                level = ancestor.find(f"{W}pPr/{W}numPr/{W}ilvl")
                at = "0" if level is None else level.get(f"{W}val", "0")
                number = (found.get(f"{W}val", ""), int(at) if at.isdigit() and len(at) == 1 else 0)
            based = ancestor.find(f"{W}basedOn")
            ancestor = None if based is None else elements.get(based.get(f"{W}val", ""))
        styles[name] = Style(said, number)
    return styles


def _numbering(document: Any) -> Any:
    return next((part.element for part in _parts(document, "numbering") if hasattr(part, "element")), None)


def _notes(document: Any, body: Body) -> list[Line]:
    """Footnotes and endnotes, each a line."""
    from lxml import etree  # noqa: PLC0415 - kept out of the start of every command

    lines: list[Line] = []
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    for kind in ("footnote", "endnote"):
        for part in _parts(document, f"{kind}s"):
            for note in etree.fromstring(part.blob, parser).iterfind(f"{W}{kind}"):
                if note.get(f"{W}type", "normal") == "normal" and (found := body.lines(note)):
                    lines.append(Line("".join(line.text for line in found), "note"))
    return lines


def _parts(document: Any, kind: str) -> Iterator[Any]:
    """The parts of a kind that the document refers to inside the package; what lies outside is never opened."""
    for relation in document.part.rels.values():
        if not relation.is_external and relation.reltype.endswith(f"/{kind}"):
            yield relation.target_part
