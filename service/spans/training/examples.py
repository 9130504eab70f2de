"""Articles and asked questions in, examples out: a question, the lines looked at, and where in them its answer stands."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

from embeddings.training.documents import read_rows, source_files
from embeddings.training.pairs import cut_passages
from index.lexical import LexicalIndex
from index.passage import Passage
from index.sentences import sentence_spans
from index.terms import terms
from service.answering.names import find_names
from service.answering.periods import years_in
from service.spans.ground import Line
from service.spans.training.selfmade import Made, ask

_LOOKED_AT = 10
_MOST_PASSAGES = 12
_TAKEN, _EXCHANGED = 0.3, 0.4
"""Of the questions, the part whose answer is taken out, and where the part ends that gets another place or year."""

_AROUND = 3
"""Passages before and after the one with the answer that are always looked at: what speaks of the same things."""


@dataclass(frozen=True, slots=True)
class Gold:
    """An answer: `[start, end)` of line `line`."""

    line: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Example:
    """`gold` is empty where the lines do not answer the question. `origin` says which kind of data it comes from."""

    question: str
    lines: tuple[Line, ...]
    gold: tuple[Gold, ...]
    answers: tuple[str, ...]
    origin: str


@dataclass(frozen=True, slots=True)
class _Pool:
    """Passages that questions may be looked up in. `articles[i]` numbers the article of passage i."""

    texts: list[str] = field(default_factory=list)
    titles: list[str] = field(default_factory=list)
    articles: list[int] = field(default_factory=list)

    def add(self, article: int, title: str, passages: Sequence[str]) -> None:
        self.texts.extend(passages)
        self.titles.extend([title] * len(passages))
        self.articles.extend([article] * len(passages))


@dataclass(frozen=True, slots=True)
class _Wanted:
    """A question and the passage and span of its answer, before it is looked up."""

    question: str
    passage: int
    start: int
    end: int
    origin: str


def read_articles(paths: Sequence[Path], *, count: int, hold_out: int, seed: int) -> list[Mapping[str, Any]]:
    """Up to `count` rows {text, title?} drawn from all files and folders, without every `hold_out`-th row of each."""
    rows = [
        row for files in (source_files(paths) if paths else [])
        for number, row in enumerate(row for path in files for row in _rows_of(path))
        if row.get("text") and not (hold_out and number % hold_out == 0)
    ]  # fmt: skip
    return Random(seed).sample(rows, min(count, len(rows)))  # noqa: S311


def _rows_of(path: Path) -> Iterator[Mapping[str, Any]]:
    """The rows of a .jsonl or .jsonl.xz file; any other file is one article with the name of its file as title."""
    if ".jsonl" in path.suffixes:
        return read_rows(path)
    return iter([{"title": path.stem, "text": path.read_text(encoding="utf-8", errors="replace")}])


def read_asked(paths: Sequence[Path], *, held_back: float = 0.0) -> list[Mapping[str, Any]]:
    """Rows {context, question, answers: [{text, start}]}; answers are empty where the context gives none.

    Of a file that has unanswerable questions the last `held_back` share is left out, for measuring.
    """
    asked: list[Mapping[str, Any]] = []
    for path in paths:
        rows = [{**row, "origin": path.name.split(".")[0]} for row in read_rows(path)]
        measured = held_back if any(not row["answers"] for row in rows) else 0.0
        asked.extend(rows[: round(len(rows) * (1 - measured))])
    return asked


def given(row: Mapping[str, Any]) -> Example:
    """An asked question with its own context as the only passages."""
    lines, starts = _lines(row["context"])
    gold = tuple(
        found for answer in row["answers"] if (found := _located(lines, starts, row["context"], answer)) is not None
    )
    return Example(
        row["question"], tuple(lines), gold, tuple(answer["text"] for answer in row["answers"]), row["origin"]
    )


def robbed(example: Example) -> Example:
    """The same question where every sentence with an answer has been taken out: what is left speaks of the same things."""
    lines = tuple(line for line in example.lines if not any(answer in line.text for answer in example.answers))
    gone = {gold.line for gold in example.gold}
    kept = tuple(line for line in lines if all(line is not example.lines[number] for number in gone))
    return Example(example.question, kept, (), (), example.origin)


def _lines(context: str) -> tuple[list[Line], list[int]]:
    spans = sentence_spans(context)
    return [Line(context[a:b], 0) for a, b in spans], [a for a, _ in spans]


def _located(lines: Sequence[Line], starts: Sequence[int], context: str, answer: Mapping[str, Any]) -> Gold | None:
    """An answer that runs over several lines is cut to its first."""
    text, start = answer["text"], answer["start"]
    if context[start : start + len(text)] != text:
        start = context.find(text)
    if start < 0 or not text:
        return None
    number = max((i for i, begin in enumerate(starts) if begin <= start), default=0)
    begin = start - starts[number]
    end = min(begin + len(text), len(lines[number].text))
    return Gold(number, begin, end) if begin < end else None


def made_examples(
    articles: Sequence[Mapping[str, Any]], asked: Sequence[Mapping[str, Any]], *, each: int, seed: int
) -> Iterator[Example]:
    """Self-made questions, and asked ones, each with the passages that BM25 finds for it among all articles.

    For a part of them the sentences with the answer are taken out, or a place or year of the question is exchanged.
    """
    rng = Random(seed)  # noqa: S311
    pool, wanted = _Pool(), list[_Wanted]()
    for number, row in enumerate(articles):
        passages = cut_passages(row["text"])[:_MOST_PASSAGES]
        first, title = len(pool.texts), str(row.get("title") or "").strip()
        pool.add(number, title, passages)
        wanted.extend(_made(passages, first, each, rng))
    contexts: dict[str, int] = {}
    for row in asked:
        if row["context"] not in contexts:
            contexts[row["context"]] = len(pool.texts)
            pool.add(len(articles) + len(contexts), str(row.get("title") or ""), cut_passages(row["context"]))
        if row["answers"] and (found := _in_passages(row, pool, contexts[row["context"]])):
            wanted.append(found)
    rng.shuffle(wanted)
    with TemporaryDirectory() as folder:
        LexicalIndex.write(map(_passage, pool.texts), Path(folder) / "lexical")
        lexical = LexicalIndex(Path(folder) / "lexical")
        for item in wanted:
            found_rows, _ = lexical.search(terms(item.question), _LOOKED_AT)
            yield _looked_up(item, pool, found_rows.tolist(), rng)


def _passage(text: str) -> Passage:
    return Passage(article_id="", title="", start=0, end=len(text), text=text, heading=())


def _made(passages: Sequence[str], first: int, each: int, rng: Random) -> Iterator[_Wanted]:
    places = [name.text for name in find_names(passages[0] if passages else "", "place")]
    for at in rng.sample(range(len(passages)), min(each, len(passages))):
        spans = sentence_spans(passages[at])
        start, end = rng.choice(spans)
        made: Made | None = ask(passages[at][start:end], rng, rng.choice(places) if places else "")
        if made:
            yield _Wanted(made.question, first + at, start + made.start, start + made.end, "made")


def _in_passages(row: Mapping[str, Any], pool: _Pool, first: int) -> _Wanted | None:
    text = re.sub(r"\s+", "", row["answers"][0]["text"])
    for at in range(first, len(pool.texts)):
        start = pool.texts[at].find(text)
        if start >= 0 and text:
            return _Wanted(row["question"], at, start, start + len(text), row["origin"])
    return None


def _looked_up(item: _Wanted, pool: _Pool, rows: list[int], rng: Random) -> Example:
    """The question with passages around its own and those found, in the order found; the answer taken out of a part."""
    answer = pool.texts[item.passage][item.start : item.end]
    article = pool.articles[item.passage]
    near = [row for row in range(item.passage - _AROUND, item.passage + _AROUND + 1) if 0 <= row < len(pool.articles)]
    own = [row for row in near if pool.articles[row] == article and row not in rows]
    rows = rows[: _LOOKED_AT - len(own)] + own
    question, fate = item.question, rng.random()
    gone = fate < _TAKEN
    if _TAKEN <= fate < _EXCHANGED and (other := _exchanged(question, pool, rng)):
        question, gone = other, True
    lines: list[Line] = []
    gold: list[Gold] = []
    for number, row in enumerate(dict.fromkeys(rows)):
        for start, end in sentence_spans(pool.texts[row]):
            if fate < _TAKEN and answer in pool.texts[row][start:end]:
                continue
            if row == item.passage and start <= item.start < end and not gone:
                gold.append(Gold(len(lines), item.start - start, min(item.end, end) - start))
            lines.append(Line(pool.texts[row][start:end], number, pool.titles[row]))
    return Example(question, tuple(lines), tuple(gold), (answer,) if gold else (), item.origin)


def _exchanged(question: str, pool: _Pool, rng: Random) -> str | None:
    """The question with a year or place put in the place of its own; None where it has none."""
    if years := years_in(question):
        year = str(rng.choice(years))
        other = str(int(year) + rng.choice((-4, -3, -2, -1, 1, 2, 3)))
        return question.replace(year, other) if year in question else None
    own = find_names(question, "place")
    others = [name.text for name in find_names(rng.choice(pool.texts), "place") if name.text not in question]
    if not own or not others:
        return None
    place = rng.choice(own).text
    return question.replace(place, rng.choice(others))
