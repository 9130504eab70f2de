"""The bytes of one HTML page in, its article out: main text without navigation, and what the page says of itself.

Nothing that the page refers to is fetched. A page without any text of its own is refused.
"""

import codecs
import html.entities
import re
from collections.abc import Iterator, Sequence
from pathlib import PurePath
from typing import Any

from index.article import Article
from index.errors import SourceError
from index.reading.archive import ArchiveError, brief, check_tags
from index.reading.encoding import UndecodableError, decode_text
from index.reading.html_blocks import Block, blocks_of, data_tables
from index.reading.html_facts import byline_facts, facts_of, first_heading, heading_title
from index.reading.html_main import main_text
from index.reading.record import RecordError, article_of

MAX_PAGE_BYTES = 16 * 2**20
MAX_PAGE_TAGS = 600_000
_CHARSET = re.compile(
    rb"""<(?:meta\s[^>]{0,200}?|\?xml\s[^>]{0,80}?)(?:charset|encoding)\s*=\s*["']?\s*([\w.:-]{2,40})""", re.I
)
_CHARSETS = {  # as browsers understand the names
    **dict.fromkeys(("gb2312", "gbk", "x-gbk", "gb18030", "gb_2312-80"), "gb18030"),
    **dict.fromkeys(("big5", "big5-hkscs", "x-x-big5"), "big5hkscs"),
    **dict.fromkeys(("iso-8859-1", "latin1", "windows-1252", "cp1252"), "cp1252"),
    **dict.fromkeys(("shift_jis", "x-sjis", "windows-31j"), "cp932"),
    **dict.fromkeys(("euc-kr", "ks_c_5601-1987"), "cp949"),
    "euc-jp": "euc_jp",
}
_ENTITY = re.compile(r"&([A-Za-z][A-Za-z0-9]{1,31});")
_EMPTY_RAW = re.compile(r"<(title|script|style|textarea|iframe|noscript)\b([^<>]{0,2000})/>", re.I)
_TAIL = re.compile(
    r"[【\[(（]?(?:打印(?:本页)?|关闭(?:窗口|本页)?|收藏|分享(?:到)?|返回(?:顶部|首页|列表)?|扫一扫.{0,20}|相关(?:链接|阅读|新闻|稿件)|上一[篇条页].{0,60}|下一[篇条页].{0,60}|纠错|我要纠错|字体)[】\])）]?[:：]?"
)


class PageError(ValueError):
    """The markup cannot be read; the message says why and what to do."""


def read_html(data: bytes, source: str) -> Iterator[Article | SourceError]:
    """One article: title from the page's head or first heading, else the file's name."""
    try:
        yield _article(parse_page(data), source)
    except (PageError, RecordError, UndecodableError) as error:
        yield SourceError(source, str(error))


def parse_page(data: bytes) -> Any:
    """The tree of a page. Raises PageError or UndecodableError; entities of its own and outside files are never followed."""
    from lxml import etree  # noqa: PLC0415 - kept out of the start of every command

    if len(data) > MAX_PAGE_BYTES:
        raise PageError(f"is a page of more than {MAX_PAGE_BYTES // 2**20} MB; split it into smaller files")
    try:
        check_tags(data, MAX_PAGE_TAGS)
    except ArchiveError as error:
        raise PageError(str(error)) from None
    text = _decoded(data)
    if not text.strip():
        raise PageError("is empty; give a page with text in it")
    root = _parse_xml(text) if re.match(r"\s*<\?xml\s", text) and "<!ENTITY" not in text else None
    if root is not None:
        return root
    text = _EMPTY_RAW.sub(r"<\1\2></\1>", re.sub(r"^\s*<\?xml[^>]{0,500}>", "", text))
    parser = etree.HTMLParser(huge_tree=True, no_network=True, remove_comments=True, remove_pis=True, encoding="utf-8")
    try:
        root = etree.fromstring(text.encode("utf-8", "replace"), parser)
    except (etree.LxmlError, ValueError, AssertionError) as error:
        raise PageError(f"is no HTML that can be read ({brief(error)}); save the page again") from None
    _refuse_depth(parser)
    if root is None:
        raise PageError("holds no text; give a page with text in it")
    return root


def _parse_xml(text: str) -> Any:
    """The tree when the page is well-formed XHTML, else None."""
    from lxml import etree  # noqa: PLC0415 - kept out of the start of every command

    known = _ENTITY.sub(_character, re.sub(r"^\s*<\?xml[^>]{0,500}\?>", "", text))
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        return etree.fromstring(known.encode("utf-8", "replace"), parser)
    except (etree.LxmlError, ValueError):
        return None


def _character(found: re.Match[str]) -> str:
    name = found[1]
    return found[0] if name in ("amp", "lt", "gt", "quot", "apos") else html.entities.html5.get(f"{name};", found[0])


def _refuse_depth(parser: Any) -> None:
    for entry in parser.error_log:
        if "depth" in entry.message.lower():
            raise PageError("is nested more than 2000 levels deep, which no page for readers is; save its text as .txt")
        if "huge" in entry.message.lower() or "too long" in entry.message.lower():
            raise PageError(f"is no HTML that can be read ({brief(entry.message)}); save the page again")


def _decoded(data: bytes) -> str:
    """The text, by its mark, as UTF-8, by the charset it names, or by what its characters look like."""
    try:
        data.decode("utf-8-sig")
    except UnicodeDecodeError:
        named = _CHARSET.search(data[:4096])
        name = named[1].decode("ascii", "replace").lower() if named else ""
        marked = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
        if named and not marked and (text := _in_charset(data, name)) is not None:
            return text
    return decode_text(data)


def _in_charset(data: bytes, name: str) -> str | None:
    name = _CHARSETS.get(name, "")
    if not name:
        return None
    try:
        return decode_text(data.decode(name).encode("utf-8"))
    except (UnicodeError, UndecodableError):
        return None


def _article(root: Any, source: str) -> Article:
    facts = facts_of(root)
    body = next(iter(root.iter("body", "{*}body")), root)
    tables = data_tables(body)
    main, beside = main_text(body, tables)
    blocks = blocks_of(main, tables, beside)
    title = heading_title(body, facts.pop("title", "")) or first_heading(main) or PurePath(source).stem
    if not any(byline_facts(block.text) for block in blocks[:6]):
        for block in blocks_of(body, frozenset(), beside)[:200]:
            _take_byline(facts, block.text)
    blocks = _without_frame(blocks, title, facts)
    captions = [block.text for block in blocks if block.kind == "caption"]
    lines = [block.text for block in blocks if block.kind != "caption"]
    fields: dict[str, object] = {
        key: facts[key] for key in ("site", "from", "editor", "url", "language") if facts.get(key)
    }
    if not lines:
        raise PageError(
            "holds no text of its own (a page that is filled in by scripts, or navigation only); save its text as .txt"
        )
    named = {"title": title, "authors": facts.get("authors"), "date": facts.get("date"), "column": facts.get("column")}
    return article_of({**fields, **named, "captions": captions}, "\n".join(lines), source)


def _take_byline(facts: dict[str, str], line: str) -> bool:
    """Adds what a byline says to the facts; whether the line says nothing else."""
    told = byline_facts(line)
    if not told:
        return False
    rest = told.pop("rest")
    for name, value in told.items():
        facts.setdefault(name, value)
    return len(rest) <= 2


def _without_frame(blocks: Sequence[Block], title: str, facts: dict[str, str]) -> list[Block]:
    """The blocks without the title above them, bylines at both ends and what a page prints below its text."""
    kept = list(blocks)
    for at in range(min(6, len(kept)) - 1, -1, -1):
        if kept[at].text == title or (kept[at].kind == "heading" and kept[at].text in title and len(kept[at].text) > 5):
            kept = [*kept[:at], *kept[at + 1 :]] if not _prose(kept[:at]) else kept
    head = 0
    while head < min(5, len(kept)):
        if _take_byline(facts, kept[head].text):
            del kept[head]
        else:
            head += 1
    while kept and (_TAIL.fullmatch(kept[-1].text) or _take_byline(facts, kept[-1].text.strip("（）()[]【】"))):
        kept.pop()
    return kept


def _prose(blocks: Sequence[Block]) -> bool:
    return any(block.kind == "text" and block.text.endswith(("。", "！", "？")) for block in blocks)
