"""The text of one Markdown file in, its article in reading form out; knows no paths and no ids of other articles.

The front matter gives the fields. Heading, emphasis, link, list, quote and table marks are taken off, so that the
body is what a person reads: one paragraph, list entry or heading a line.
"""

import re
from collections.abc import Iterator, Mapping
from pathlib import PurePath

from index.article import Article
from index.errors import SourceError
from index.reading.record import RecordError, article_of
from index.reading.spacing import join_wrapped
from index.reading.yaml_fields import yaml_fields

_FRONT_MATTER = re.compile(r"\ufeff?---[ \t]*\n(.*?)^(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL | re.MULTILINE)
_FENCE = re.compile(r"\s*(```|~~~)")
_HEADING = re.compile(r"\s{0,3}(#{1,6})[ \t]+(.*)$")
_CLOSING = re.compile(r"(?:^|[ \t])#+$")
_RULE = re.compile(r"\s{0,3}([-*_=])(?:[ \t]*\1){2,}[ \t]*$|\s{0,3}=+[ \t]*$")
_TABLE_RULE = re.compile(r"\s*\|?[ \t]*:?-{2,}:?[ \t]*(?:\|[ \t]*:?-{2,}:?[ \t]*)*\|?[ \t]*$")
_ENTRY = re.compile(r"^\s*(?:[-*+]|\d{1,3}[.)])[ \t]+(?:\[[ xX]\][ \t]+)?")
_QUOTE = re.compile(r"^\s{0,3}(?:>[ \t]?)+")
_REFERENCE = re.compile(r"\s{0,3}\[[^\]\n]+\]:[ \t]*\S+")
_INLINE = (  # every repetition is bounded, so that a line of nothing but marks takes no longer than another
    (re.compile(r"!\[([^\]\n]{0,500})\]\([^)\n]{0,2000}\)"), r"\1"),
    (re.compile(r"\[([^\]\n]{0,500})\](?:\([^)\n]{0,2000}\)|\[[^\]\n]{0,500}\])"), r"\1"),
    (re.compile(r"<(https?://[^>\s]{1,2000})>"), r"\1"),
    (re.compile(r"</?[A-Za-z][^<>\n]{0,500}>"), ""),
    (re.compile(r"(\*{1,3})(?=\S)([^*\n]{1,500})(?<=\S)\1"), r"\2"),
    (re.compile(r"(?<![0-9A-Za-z_])(_{1,3})(?=\S)([^_\n]{1,500})(?<=\S)\1(?![0-9A-Za-z_])"), r"\2"),
    (re.compile(r"~~([^~\n]{1,500})~~"), r"\1"),
    (re.compile(r"(`{1,3})([^`\n]{1,500})\1"), r"\2"),
)
_ESCAPED = re.compile(r"\\([\\`*_{}\[\]()#+\-.!>~|])")
_HELD = 0xE100  # escaped marks wait in the private use area until the others are gone
_HELD_MARK = re.compile("[\ue100-\ue17f]")


def read_markdown(text: str, source: str) -> Iterator[Article | SourceError]:
    """One article: title from the front matter, else the first `# ` heading, else the file's name."""
    try:
        fields, body = _front_matter(text)
        heading, lines = _reading_form(body, wants_title=not fields.get("title"))
        title = fields.get("title") or heading or PurePath(source).stem
        yield article_of({**fields, "title": title}, "\n".join(lines), source)
    except RecordError as error:
        yield SourceError(source, str(error))


def _front_matter(text: str) -> tuple[Mapping[str, object], str]:
    """The fields between the first two lines of dashes, and the rest of the text."""
    found = _FRONT_MATTER.match(text)
    if not found:
        return {}, text
    return yaml_fields(found[1], "front matter"), text[found.end() :]


def _reading_form(body: str, wants_title: bool) -> tuple[str, list[str]]:
    """The title heading when wanted, and the body's lines without marks, soft-wrapped lines joined."""
    title, lines, block, fenced = "", list[str](), list[str](), False

    def close() -> None:
        if block:
            lines.append(join_wrapped(block))
            block.clear()

    for line in _without_comments(body).split("\n"):
        if _FENCE.match(line):
            close()
            fenced = not fenced
        elif fenced:
            lines.append(line.strip())
        elif not line.strip() or _RULE.match(line) or _TABLE_RULE.match(line) or _REFERENCE.match(line):
            close()
        elif heading := _HEADING.match(line):
            close()
            if wants_title and not title and heading[1] == "#":
                title = _heading_text(heading[2])
            else:
                lines.append(_heading_text(heading[2]))
        else:
            starts = _ENTRY.match(line) or line.lstrip().startswith("|")
            if starts:
                close()
            block.append(_unmarked(_ENTRY.sub("", _QUOTE.sub("", line), count=1)))
            if line.endswith("  ") or line.lstrip().startswith("|"):
                close()
    close()
    return title, [line for line in lines if line.strip()]


def _without_comments(body: str) -> str:
    """The body without its `<!-- -->` comments; one that is never closed is text."""
    parts, at = [], 0
    while (start := body.find("<!--", at)) >= 0 and (end := body.find("-->", start + 4)) >= 0:
        parts.append(body[at:start])
        at = end + 3
    return "".join((*parts, body[at:]))


def _heading_text(text: str) -> str:
    return _unmarked(_CLOSING.sub("", text.rstrip()))


def _unmarked(line: str) -> str:
    """One line without emphasis, link, code and table marks."""
    if line.lstrip().startswith("|"):
        line = " ".join(cell.strip() for cell in line.strip().strip("|").split("|"))
    line = _ESCAPED.sub(lambda found: chr(_HELD + ord(found[1])), line)
    for pattern, kept in _INLINE:
        line = pattern.sub(kept, line)
    return _HELD_MARK.sub(lambda found: chr(ord(found[0]) - _HELD), line).strip()
