"""A scored row in, what a person has to see to understand it out: what was wanted, what of it came, what went wrong."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from eval.metrics.text import evidence_ranks, holds
from eval.runs import Row
from eval.scoring import keys, limit
from eval.summary import GROUPED, is_failure


@dataclass(frozen=True, slots=True)
class Wanted:
    """Something an answer had to hold, as its alternatives, and whether it does."""

    alternatives: tuple[str, ...]
    held: bool


@dataclass(frozen=True, slots=True)
class Source:
    """An evidence quote, or the id of a judged article, and the rank (from 1) at which it was retrieved, if it was."""

    text: str
    rank: int | None


@dataclass(frozen=True, slots=True)
class Case:
    """One question with its answer, ready to be shown. `groups`: what it can be filtered by. `said`: the answer text,
    empty where there was none or it was refused. `troubles`: what is wrong, in words; none of a question dealt with well.
    """

    row: Row
    anchor: str
    groups: Mapping[str, str]
    answer: Mapping[str, Any]
    said: str
    failed: bool
    wanted: tuple[Wanted, ...]
    sources: tuple[Source, ...]
    troubles: tuple[str, ...]


def case(row: Row) -> Case:
    """The case of a row."""
    answer = row.answer or {}
    said = "" if _refused(row) else str(answer.get("answer") or "")
    wanted = () if row.question.unanswerable else _wanted(row, said)
    sources = tuple(_sources(row))
    failed = is_failure(row)
    return Case(
        row=row,
        anchor=anchor(row.question.id),
        groups={name: key(row) for name, key in GROUPED.items()},
        answer=answer,
        said=said,
        failed=failed,
        wanted=wanted,
        sources=sources,
        troubles=tuple(_troubles(row, said, wanted, sources)) if failed else (),
    )


def anchor(question_id: str) -> str:
    """The id on the page of a question; different for different ids, and safe in a link."""
    return "q-" + re.sub(r"[^\w.-]", lambda found: f"~{ord(found[0]):x}~", question_id)


def _refused(row: Row) -> bool:
    return (row.answer or {}).get("status") == "unanswerable"


def _wanted(row: Row, said: str) -> tuple[Wanted, ...]:
    return tuple(Wanted(group, any(holds(said, key) for key in group)) for group in keys(row.question))


def _sources(row: Row) -> Iterator[Source]:
    """Judged articles count once each among the articles retrieved, quotes among the passages, as in the scores."""
    passages = (row.answer or {}).get("retrieved") or ()
    if row.question.relevant:
        order = list(dict.fromkeys(str(passage["article_id"]) for passage in passages))
        for article in row.question.relevant:
            yield Source(article, order.index(article) + 1 if article in order else None)
    else:
        ranks = evidence_ranks([str(passage["text"]) for passage in passages], row.question.evidence)
        yield from map(Source, row.question.evidence, ranks)


def _troubles(row: Row, said: str, wanted: tuple[Wanted, ...], sources: tuple[Source, ...]) -> Iterator[str]:
    """What is wrong with a failed row, the first thing first."""
    missed = sum(not one.held for one in wanted)
    judged = row.score("right")[1] or row.score("refused")[1]
    if row.answer is None:
        yield "no answer was given"
    elif row.question.unanswerable:
        yield "should have been refused"
    elif judged and _refused(row):
        yield "refused by mistake"
    elif judged and missed:
        yield "not what was asked for" if missed == len(wanted) else f"{missed} of {len(wanted)} keys missing"
    if judged and len(said) > limit(row.question):
        yield f"{len(said)} characters, {limit(row.question)} allowed"
    if row.score("fake")[0]:
        yield "repeats the planted answer"
    if row.answer is not None and sources and not row.question.unanswerable and not any(one.rank for one in sources):
        yield "evidence not retrieved"
    elif not judged and row.score("evidence@10")[1] and not row.score("evidence@10")[0]:
        yield "evidence not among the first ten"
