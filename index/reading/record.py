"""One mapping of named fields (a JSON line, a front matter) in, an Article out; knows no files and no encodings."""

import json
import re
from collections.abc import Mapping
from datetime import date, datetime

from index.article import Article

_OWN = frozenset(("id", "title", "text", "author", "authors", "column", "issue", "date", "page", "pages", "captions"))
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f]")  # not those that end a line
_ID = re.compile(r"[^\s/\\\x00-\x1f\x7f-\x9f]{1,128}")


class RecordError(ValueError):
    """A field is missing or of the wrong kind; the message names the field and says what to write."""


def article_of(fields: Mapping[str, object], text: str, source: str) -> Article:
    """The article that the fields describe, with `text` as body; its id is empty when the fields give none.

    `page` and `pages` mean the same, `author` and `authors` too. Fields with no place of their own become metadata,
    as text. Raises RecordError.
    """
    try:
        article = Article(
            id=_id(fields.get("id")),
            title=_line(fields, "title"),
            text=body_of(text),
            authors=_authors(fields),
            column=_line(fields, "column"),
            issue=_line(fields, "issue"),
            date=_date(fields.get("date")),
            page=next(filter(None, [_line(fields, name) for name in ("page", "pages")]), None),
            captions=_lines(fields, "captions"),
            source=source,
            metadata=_metadata(fields),
        )
        (article.id + article.content_hash).encode()  # half a surrogate pair cannot be encoded and shows here
    except UnicodeEncodeError:
        raise RecordError("holds half of a surrogate pair (\\ud800 to \\udfff); write the whole character") from None
    if not article.text:
        raise RecordError('"text" is empty; every article needs a body')
    if not article.title:
        raise RecordError('"title" is missing; every article needs one')
    return article


def article_in(record: Mapping[str, object], source: str) -> Article:
    """The article that a record describes which holds its body as well, under `text`. Raises RecordError."""
    text = record.get("text")
    if not isinstance(text, str):
        raise RecordError('"text" is missing or no text; every article needs a body')
    return article_of(record, text, source)


def body_of(text: str) -> str:
    """A body in reading form: paragraphs as lines, no empty lines, no space around them."""
    lines = (line.strip() for line in _CONTROL.sub("", text).splitlines())
    return "\n".join(line for line in lines if line)


def _id(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        value = int(value)  # which JSON does not tell apart
    given = str(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""
    if not _ID.fullmatch(given):
        raise RecordError('"id" must be 1 to 128 characters without spaces, slashes and control characters')
    return given


def _scalar(value: object) -> str | None:
    """The value as text when it is a single one, else None."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return value.isoformat()
    return str(value) if isinstance(value, str | int | float | date) else None


def _line(fields: Mapping[str, object], name: str) -> str:
    value = fields.get(name)
    text = "" if value is None else _scalar(value)
    if text is None:
        raise RecordError(f'"{name}" must be text')
    return " ".join(_CONTROL.sub("", text).split())


def _lines(fields: Mapping[str, object], name: str) -> tuple[str, ...]:
    value = fields.get(name)
    values = value if isinstance(value, list) else [] if value is None else [value]
    texts = [_scalar(entry) for entry in values]
    if None in texts:
        raise RecordError(f'"{name}" must be a list of texts')
    plain = (" ".join(_CONTROL.sub("", text).split()) for text in texts if text)
    return tuple(text for text in plain if text)


def _authors(fields: Mapping[str, object]) -> tuple[str, ...]:
    several, one = (
        _people(fields, name) for name in ("authors", "author")
    )  # both are read, so that neither is nonsense
    return one if fields.get("authors") is None else several


def _people(fields: Mapping[str, object], name: str) -> tuple[str, ...]:
    value = fields.get(name)
    if isinstance(value, str):
        return tuple(part.strip() for part in re.split(r"[、，,;；]", value) if part.strip())
    return _lines(fields, name)


def _date(value: object) -> str | None:
    if value is None or value == "":
        return None
    if isinstance(value, datetime):
        value = value.date()
    given = _scalar(value) or ""
    try:
        return date.fromisoformat(given).isoformat() if re.fullmatch(r"\d{4}-\d\d-\d\d", given) else _no_date(given)
    except ValueError:
        return _no_date(given)


def _no_date(given: str) -> str:
    raise RecordError(f'"date" must be a day written YYYY-MM-DD, not {given[:40]!r}')


def _metadata(fields: Mapping[str, object]) -> dict[str, str]:
    """Everything without a place of its own, as text; a mapping named metadata is taken apart."""
    rest = {key: value for key, value in fields.items() if key not in _OWN and key != "metadata"}
    inner = fields.get("metadata")
    if isinstance(inner, Mapping):
        rest |= {str(key): value for key, value in inner.items()}
    elif inner is not None:
        rest["metadata"] = inner
    texts = {str(key): _scalar(value) for key, value in rest.items() if value is not None}
    return {
        key: json.dumps(rest[key], ensure_ascii=False, default=str) if text is None else text
        for key, text in texts.items()
    }
