"""The pages of an issue in, its running heads out: columns and themes printed apart from the articles under them."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from index.reading.magazine_contents import Entry
from index.reading.magazine_layout import Line, width_em
from index.reading.magazine_labels import ends_sentence
from index.reading.magazine_people import byline_of, is_job

_COLUMN_EM, _SPACED_CHARACTERS = 8, 8
_USUAL = re.compile(  # column names that Chinese magazines share
    r"(?:本期|本刊|今日|特别)?(?:关注|特稿|策划|专题|专稿|报道|观察|聚焦|话题)|卷首语?|刊首语?|封面(?:故事|文章|报道)|专栏|要闻|时政|高端|访谈|对话"
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
    edges: Counter[str] = Counter()
    for page in pages:
        set_apart = [line for line in page if line.doubled or line.vertical]
        for text in {line.tidy for line in [*page[:2], *page[-3:], *set_apart]}:
            edges[text] += 1
        columns |= {line.tidy for line in page if _is_spaced_head(line)}
        columns |= {line.tidy for line in [*page[:2], *page[-3:]] if _USUAL.fullmatch(line.tidy)}
        if page and page[0].vertical and len(page) > 1 and width_em(page[0].text) <= 4:
            columns.add(page[0].tidy)
    repeated = {text for text, count in edges.items() if count >= 2 and _may_be_head(text)}
    short = {text for text in repeated if width_em(text) <= _COLUMN_EM}
    return Heads(frozenset(columns | short), frozenset(repeated - short))


def is_theme(text: str, page: Sequence[Line], pages: Sequence[Sequence[Line]]) -> bool:
    """Whether the text heads a section: other pages speak of it too, in two places at least."""
    spoken = sum(1 for other in pages if other is not page and text in "".join(line.tidy for line in other))
    return spoken >= 2


def _is_spaced_head(line: Line) -> bool:
    return line.spaced and len(line.tidy) <= _SPACED_CHARACTERS and not re.search(r"[^\u4e00-\u9fff]", line.tidy)


def _may_be_head(text: str) -> bool:
    return len(text) > 1 and not (ends_sentence(text) or is_job(text) or byline_of(text)) and width_em(text) <= 20
