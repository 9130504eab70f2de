"""The articles read from an issue and its text in, the printed characters that went astray out; knows no gold list.

For an issue whose text may not be copied into a list: each body must be made of whole printed lines in their order.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from eval.reading.gold import bare
from index.article import Article
from index.reading.magazine_contents import contents_of
from index.reading.magazine_layout import pages_of

_MARKS = "■●◆"


@dataclass(frozen=True, slots=True)
class Lines:
    """Counts of characters without spaces, shadow print once, and the lines that are wrong.

    `lost` lines of the source stand nowhere, `doubled` ones in two bodies; a `broken` body, named by its title, is not
    made of whole source lines in their order.
    """

    characters: int
    body_characters: int
    lost: tuple[str, ...]
    doubled: tuple[str, ...]
    broken: tuple[str, ...]


def lines_of(articles: Sequence[Article], text: str) -> Lines:
    """What became of each printed line of the issue, its contents apart."""
    lines = [_told(line.text) for page in pages_of(text) if not contents_of(page) for line in page]
    uses: Counter[int] = Counter()
    broken = []
    for article in articles:
        used = _used_by(_told(article.text), lines)
        uses.update(used)
        if not used:
            broken.append(article.title)
    around = "\n".join(_around(article) for article in articles)
    return Lines(
        characters=sum(map(len, lines)),
        body_characters=sum(len(lines[i]) for i in uses),
        lost=tuple(line for i, line in enumerate(lines) if i not in uses and line.lstrip("—") not in around),
        doubled=tuple(lines[i] for i, count in uses.items() if count > 1),
        broken=tuple(broken),
    )


def _told(text: str) -> str:
    return bare(text).lstrip(_MARKS)


def _around(article: Article) -> str:
    """All that an article holds beside its body, the byline also as it is printed."""
    byline = "".join(article.authors)
    parts = (article.title, article.column, *article.captions, *article.metadata.values())
    return "\n".join(_told(part) for part in (*parts, byline, article.metadata.get("role", "") + byline))


def _used_by(body: str, lines: Sequence[str]) -> list[int]:
    """The source lines that, one after the other, make exactly this body; none when it cannot be made so."""
    for first in (i for i, line in enumerate(lines) if line and body.startswith(line)):
        used, at = list[int](), 0
        for i in range(first, len(lines)):
            if lines[i] and body.startswith(lines[i], at):
                used.append(i)
                at += len(lines[i])
                if at == len(body):
                    return used
    return []
