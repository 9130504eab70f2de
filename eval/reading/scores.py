"""Articles and a gold list in, scores from 0 to 1 out; reads no files and prints nothing."""

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields

from eval.reading.gold import Gold, bare
from index.article import Article

_CHUNK, _FEWEST, _SHADOW_SHARE = 8, 4, 0.7
_SHADOW = re.compile(r"(\S+?)\1")


@dataclass(frozen=True, slots=True)
class Scores:
    """One share each of the gold list, 1 being best; `page` and `issue` (with its day) count where the list knows them."""

    title: float
    author: float
    column: float
    boundary: float
    order: float
    caption: float
    page: float
    issue: float


def paired(articles: Sequence[Article], gold: Sequence[Gold]) -> list[int | None]:
    """For each gold entry the index of the article that it stands for: same title, else same start, else same end."""
    pairs: list[int | None] = [None] * len(gold)
    free = set(range(len(articles)))
    for same in (_same_title, _same_start, _same_end):
        for i, entry in enumerate(gold):
            if (
                pairs[i] is None
                and (found := next((k for k in sorted(free) if same(articles[k], entry)), None)) is not None
            ):
                pairs[i] = found
                free.remove(found)
    return pairs


def scores_of(articles: Sequence[Article], gold: Sequence[Gold]) -> Scores:
    """All scores of an issue; an article of the gold list that is missing scores 0 in each."""
    pairs = paired(articles, gold)
    both = [(articles[k] if k is not None else None, entry) for k, entry in zip(pairs, gold, strict=True)]
    paged = [(article, entry) for article, entry in both if entry.page]
    return Scores(
        title=_share([article is not None and _right_title(article, entry) for article, entry in both]),
        author=_share([article is not None and article.authors == entry.authors for article, entry in both]),
        column=_share([article is not None and _right_column(article, entry) for article, entry in both]),
        boundary=boundary_f1(articles, gold),
        order=order_share(pairs),
        caption=caption_f1([(article.captions if article else (), entry.captions) for article, entry in both]),
        page=_share([article is not None and article.page == entry.page for article, entry in paged]),
        issue=_share(
            [
                article is not None and (article.issue, article.date or "") == (entry.issue, entry.date)
                for article, entry in both
                if entry.issue or entry.date
            ]
        ),
    )


def boundary_f1(articles: Sequence[Article], gold: Sequence[Gold]) -> float:
    """F1 over where bodies begin and end: the first and last eight characters of each."""
    texts = [bare(article.text) for article in articles]
    found = Counter(mark for text in texts for mark in (f"^{text[:_CHUNK]}", f"{text[-_CHUNK:]}$"))
    wanted = Counter(mark for entry in gold for mark in (f"^{entry.start}", f"{entry.end}$"))
    return _f1(found, wanted)


def order_share(pairs: Sequence[int | None]) -> float:
    """The longest run of gold entries whose articles stand in that order, of all gold entries."""
    ends: list[int] = []
    for k in (k for k in pairs if k is not None):
        at = bisect_left(ends, k)
        ends[at : at + 1] = [k]
    return len(ends) / len(pairs) if pairs else 1.0


def caption_f1(pairs: Iterable[tuple[Sequence[str], Sequence[str]]]) -> float:
    """F1 over captions, found and wanted for each article, by their first eight characters without marks."""
    found: Counter[str] = Counter()
    wanted: Counter[str] = Counter()
    for i, (captions, gold) in enumerate(pairs):
        found.update(f"{i} {_marks_off(bare(caption))[:_CHUNK]}" for caption in captions)
        wanted.update(f"{i} {_marks_off(caption)[:_CHUNK]}" for caption in gold)
    return _f1(found, wanted)


def characters_of(articles: Sequence[Article], gold: Sequence[Gold]) -> tuple[int, int, int, int]:
    """Body characters in the gold list, and how many of them are lost, doubled, and in bodies though no body.

    A chunk of eight characters is lost when it stands in no body as printed, or only in that of another article;
    doubled when it stands in more bodies than it should.
    """
    pairs = paired(articles, gold)
    bodies = [bare(article.text) for article in articles]
    whole = "\n".join(bodies)
    expected = "\n".join(bare("".join(entry.body)) for entry in gold)
    total = lost = doubled = 0
    for k, entry in zip(pairs, gold, strict=True):
        body, text = bodies[k] if k is not None else "", bare("".join(entry.body))
        total += len(text)
        for at in range(0, len(text), _CHUNK):
            chunk = text[at : at + _CHUNK]
            lost += len(chunk) * (chunk not in body)
            doubled += len(chunk) * (whole.count(chunk) > max(1, expected.count(chunk)) and len(chunk) == _CHUNK)
    foreign = max(0, sum(map(len, bodies)) - (total - lost) - doubled)
    return total, lost, doubled, foreign


def shadows_left(articles: Iterable[Article]) -> list[str]:
    """Titles, columns, captions and body paragraphs that still hold shadow print."""
    rows = (
        row
        for article in articles
        for row in (
            article.title,
            article.column,
            *article.captions,
            *article.metadata.values(),
            *article.text.split("\n"),
        )
    )
    return [row for row in rows if len(bare(row)) >= _FEWEST and _shadow_share(bare(row)) > _SHADOW_SHARE]


def _shadow_share(text: str) -> float:
    return sum(len(found[0]) for found in _SHADOW.finditer(text)) / len(text)


def below(scores: Scores, floors: Scores) -> list[str]:
    """The names of the scores under their floors."""
    return [field.name for field in fields(Scores) if getattr(scores, field.name) < getattr(floors, field.name)]


def _same_title(article: Article, entry: Gold) -> bool:
    return bool(entry.title) and bare(article.title) == bare(entry.title)


def _same_start(article: Article, entry: Gold) -> bool:
    return bare(article.text).startswith(entry.start)


def _same_end(article: Article, entry: Gold) -> bool:
    return bare(article.text).endswith(entry.end)


def _right_title(article: Article, entry: Gold) -> bool:
    """The same title; where none is printed, the beginning of the body."""
    return _same_title(article, entry) or (not entry.title and bare(article.text).startswith(bare(article.title)))


def _right_column(article: Article, entry: Gold) -> bool:
    """The same column; where none is printed, none or one that is told to be inferred from the articles around."""
    return article.column == entry.column or (not entry.column and "column_inferred" in article.metadata)


def _marks_off(text: str) -> str:
    return text.lstrip("▲△▼▽■□●○◆◇★※")


def _share(right: Sequence[bool]) -> float:
    return sum(right) / len(right) if right else 1.0


def _f1(found: Counter[str], wanted: Counter[str]) -> float:
    both, sizes = (found & wanted).total(), found.total() + wanted.total()
    return 2 * both / sizes if sizes else 1.0
