"""A file's sidecar in, its articles with the sidecar's fields out: `issue.txt.yaml` beside `issue.txt`.

What a sidecar says (authors, column, issue, date, page, captions, anything else as metadata) goes before what the file
says of itself. `title` and `id` are for files of one article.
"""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from index.article import Article
from index.errors import SourceError
from index.reading.files import SIDECAR_SUFFIX, shown
from index.reading.record import RecordError, article_of
from index.reading.yaml_fields import MAX_CHARACTERS, yaml_fields


def sidecar_of(path: Path) -> Path:
    """Where the sidecar of a file would be."""
    return path.with_name(path.name + SIDECAR_SUFFIX)


def with_sidecar(path: Path, read: Iterable[Article | SourceError]) -> Iterator[Article | SourceError]:
    """The articles of a file with the fields of its sidecar, unchanged where it has none.

    A sidecar that cannot be used comes out as a SourceError; the articles do all the same.
    """
    sidecar = sidecar_of(path)
    if not sidecar.is_file():
        yield from read
        return
    try:
        with sidecar.open(encoding="utf-8") as file:
            fields = yaml_fields(file.read(MAX_CHARACTERS + 1), "it")
    except (OSError, UnicodeDecodeError, RecordError) as error:
        yield SourceError(
            shown(sidecar), f"cannot be used ({' '.join(str(error).split())}); the file is read without it"
        )
        yield from read
        return
    items = list(read)
    if sum(isinstance(item, Article) for item in items) > 1 and (own := {"id", "title"} & set(fields)):
        yield SourceError(
            shown(sidecar), f"gives {' and '.join(sorted(own))}, but the file holds several articles; left out"
        )
        fields = {key: value for key, value in fields.items() if key not in own}
    for item in items:
        try:
            yield item if isinstance(item, SourceError) else _overridden(item, fields)
        except RecordError as error:
            yield SourceError(shown(sidecar), f"cannot be used ({error}); the article is read without it")
            yield item


def _overridden(article: Article, fields: Mapping[str, object]) -> Article:
    known = {
        "id": article.id or None,
        "title": article.title,
        "authors": list(article.authors),
        "column": article.column,
        "issue": article.issue,
        "date": article.date,
        "page": article.page or "",
        "captions": list(article.captions),
    }
    given = {{"author": "authors", "pages": "page"}.get(key, key): value for key, value in fields.items()}
    return article_of({**article.metadata, **known, **given}, article.text, article.source)
