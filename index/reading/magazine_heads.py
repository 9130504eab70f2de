"""The pages of an issue in, its running heads out: columns and themes printed apart from the articles under them."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from index.reading.magazine_contents import Entry
from index.reading.magazine_labels import ends_sentence
from index.reading.magazine_layout import Line, width_em
from index.reading.magazine_people import byline_of, is_job

_COLUMN_EM, _THEME_EM, _SPACED_CHARACTERS, _BYLINE_LINES = 8, 20, 8, 6
_USUAL = re.compile(  # column names that Chinese magazines share
    r"(?:本期|本刊|今日|特别)?(?:关注|特稿|策划|专题|专稿|报道|观察|聚焦|话题)|[卷刊]首语?|封面(?:故事|文章|报道)|专栏|要闻|时政|高端|访谈|对话"
    r"|(?:领导|高层|权威)?要论|经济|政治|文化|社会|生态(?:文明)?|党建|党的建设|法治|教育|科技|健康|民生|三农|国际|理论|实践|思想|评论|言论|漫笔|随笔|读者来信"
)


@dataclass(frozen=True, slots=True)
class Heads:
    """Running heads: short ones name the column, longer ones a theme that several articles share."""

    columns: frozenset[str]
    themes: frozenset[str]

    @property
    def all(self) -> frozenset[str]:
        """Both kinds, each without the spaces of typesetting."""
        return self.columns | self.themes


def running_heads(pages: Sequence[Sequence[Line]], entries: Iterable[Entry]) -> Heads:
    """What the contents name as columns, what stands letter-spaced, what recurs at the edge of pages."""
    columns = {entry.column for entry in entries if entry.column}
    recurring: Counter[str] = Counter()
    told = ["".join(line.tidy for line in page) for page in pages]
    for number, page in enumerate(pages):
        edge = [*page[:2], *page[-3:]]
        recurring.update({line.tidy for line in [*edge, *(line for line in page if line.doubled or line.vertical)]})
        columns |= {line.tidy for line in page if _is_spaced_head(line)}
        columns |= {line.tidy for line in edge if _USUAL.fullmatch(line.tidy)}
        if len(page) > 1 and page[0].vertical and width_em(page[0].text) <= 4:
            columns.add(page[0].tidy)
        columns |= _section_head(page, told[:number] + told[number + 1 :])
    repeated = {text for text, count in recurring.items() if count >= 2 and _may_be_head(text)}
    short = {text for text in repeated if width_em(text) <= _COLUMN_EM}
    return Heads(frozenset(columns | short), frozenset(repeated - short - columns))


def _section_head(page: Sequence[Line], others: Sequence[str]) -> set[str]:
    """The first of several lines over a byline, when two other pages speak of it too: it heads a section."""
    bylines = [i for i, line in enumerate(page[:_BYLINE_LINES]) if byline_of(line.text)]
    if not bylines or bylines[0] < 2 or any(line.doubled or line.vertical for line in page[:2]):
        return set()
    return {page[0].tidy} if sum(1 for other in others if page[0].tidy in other) >= 2 else set()


def _is_spaced_head(line: Line) -> bool:
    return line.spaced and len(line.tidy) <= _SPACED_CHARACTERS and not re.search(r"[^\u4e00-\u9fff]", line.tidy)


def _may_be_head(text: str) -> bool:
    return (
        len(text) > 1 and not (ends_sentence(text) or is_job(text) or byline_of(text)) and width_em(text) <= _THEME_EM
    )
