"""A question and the answer given to it in, the scores of every measure out. Asks nothing itself.

The answer is the JSON that every surface of wence gives, so answers from elsewhere can be scored as well. A score is
(points, of). A question without an answer gets no points of those it could have had; it never drops out of a mean.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from eval.metrics import ranking
from eval.metrics.citation import is_relevant, is_supported, is_verbatim, proven
from eval.metrics.figure import PARTS, exactness
from eval.metrics.significance import Score
from eval.metrics.span import exact_match, span_f1
from eval.metrics.text import evidence_ranks, exactly, includes
from eval.question import Question

Given = Mapping[str, Any]
"""An Answer as JSON."""

TextOf = Callable[[str], str | None]
"""The text of an article by its id; None for an unknown one."""

SHORT_CHARS, LONG_CHARS = 120, 400
"""Longest answer to a question for one or two facts, and for a list, definition or measure."""

_SHORT_TYPES: Final = frozenset("figure date entity comparison".split())
_FACT_TYPES: Final = frozenset("figure date".split())
_DEPTHS: Final = (1, 5, 10)
_NOTHING: Final[Score] = (0.0, 0.0)


@dataclass(frozen=True, slots=True)
class Measure:
    """What a score is called and means, for people."""

    title: str
    note: str
    lower_is_better: bool = False


MEASURES: Final[dict[str, Measure]] = {
    "right": Measure("Right answers", "answerable questions whose answer holds every key within the length allowed"),
    "refused": Measure("Refused where nothing is there", "unanswerable questions that were refused"),
    "refusal_precision": Measure("Refusals that were right", "of all refusals those of unanswerable questions"),
    "false_refusals": Measure("Refused by mistake", "answerable questions that were refused", lower_is_better=True),
    "short": Measure("Short answers exact", "figure and date questions whose bare facts are exactly those asked for"),
    "em": Measure("Exact match", "the bare facts are exactly a reference answer (CMRC 2018)"),
    "f1": Measure("F1", "longest common run of characters with the best reference answer (CMRC 2018)"),
    "value": Measure("Figure: value", "figures asked for that are in the answer"),
    "unit": Measure("Figure: unit", "… with the right unit"),
    "hedge": Measure("Figure: hedge", "… with the hedge of the source (近, 超, 余)"),
    "period": Measure("Figure: period", "… of the period that the source names"),
    "evidence@1": Measure("Evidence at 1", "questions whose evidence is in the first passage"),
    "evidence@5": Measure("Evidence at 5", "… among the first five"),
    "evidence@10": Measure("Evidence at 10", "… among the first ten"),
    "mrr": Measure("MRR", "1 / rank of the first passage with evidence"),
    "ndcg@10": Measure("nDCG@10", "evidence early in the list counts more"),
    "verbatim": Measure("Quotes verbatim", "citations that are what stands at their place in the article"),
    "citation_precision": Measure("Citation precision", "citations that hold a key or the evidence"),
    "citation_recall": Measure("Citation recall", "keys that a citation proves"),
    "support": Measure("Statements supported", "statements whose numbers and wording are in their quotes"),
    "concise": Measure("Within length", "answers given that keep to the length allowed"),
    "fake": Measure("Planted answers repeated", "answers that hold the fake answer planted", lower_is_better=True),
}
"""Every measure, in the order in which reports show them."""


def score(question: Question, answer: Given | None, text_of: TextOf) -> dict[str, Score]:
    """The scores of one question; `answer` is None where none was given. Measures that do not apply are (0, 0)."""
    given: Given = answer or {}
    said = str(given.get("answer") or "")
    refused = given.get("status") == "unanswerable"
    answered = bool(said) and not refused
    found = {
        **_outcome(question, refused, answered and _is_right(question, said)),
        **_facts(question, given, answered),
        **(_figures(question, given) if answered else _no_figures(question)),
        **_retrieval(question, given),
        **(_citations(question, given, text_of) if answered else _no_citations(question)),
        "concise": (float(len(said) <= limit(question)), 1.0) if answered else _NOTHING,
        "fake": (float(answered and includes(said, [question.fake])), 1.0) if question.fake else _NOTHING,
    }
    return {name: found.get(name, _NOTHING) for name in MEASURES}


def limit(question: Question) -> int:
    """The longest answer that counts as direct, in characters."""
    return SHORT_CHARS if question.type in _SHORT_TYPES else LONG_CHARS


def keys(question: Question) -> tuple[tuple[str, ...], ...]:
    """The groups an answer is held to; the reference answers are one group where no keys are given."""
    return question.must_include or ((question.alternatives,) if question.alternatives else ())


def is_right(question: Question, answer: Given | None) -> bool:
    """Whether the question as a whole was dealt with as it should be: answered right, or refused where it must be."""
    given: Given = answer or {}
    if question.unanswerable:
        return given.get("status") == "unanswerable"
    return given.get("status") != "unanswerable" and _is_right(question, str(given.get("answer") or ""))


def _is_right(question: Question, said: str) -> bool:
    return bool(keys(question)) and len(said) <= limit(question) and includes(said, keys(question))


def _outcome(question: Question, refused: bool, right: bool) -> dict[str, Score]:
    whole: Score = (float(refused), 1.0)
    if question.unanswerable:
        return {"refused": whole, "refusal_precision": (float(refused), float(refused))}
    if not keys(question):
        return {}
    return {"right": (float(right), 1.0), "false_refusals": whole, "refusal_precision": (0.0, float(refused))}


def _facts(question: Question, given: Given, answered: bool) -> dict[str, Score]:
    short = [str(item) for item in given.get("short_answers") or ()] if answered else []
    found: dict[str, Score] = {}
    if question.type in _FACT_TYPES and question.answers:
        right = exactly(short, question.answers) or any(exactly(short, [form]) for form in question.forms)
        found["short"] = (float(right), 1.0)
    if question.alternatives or (question.unanswerable and question.given):
        span = "".join(short) or (bare(str(given.get("answer") or "")) if answered else "")
        found["em"] = (float(exact_match(span, question.alternatives)), 1.0)
        found["f1"] = (span_f1(span, question.alternatives), 1.0)
    return found


def bare(said: str) -> str:
    """An answer without its markers and the stop at its end."""
    return re.sub(r"\[\d+\]", "", said).strip().rstrip("。")


def _figures(question: Question, given: Given) -> dict[str, Score]:
    if question.type != "figure":
        return {}
    statements = "".join(str(statement["text"]) for statement in given.get("statements") or ())
    return {
        part: (float(right), float(total))
        for part, (right, total) in exactness(statements, question.answers, question.evidence).items()
    }


def _no_figures(question: Question) -> dict[str, Score]:
    return _figures(question, {}) if question.type == "figure" else dict.fromkeys(PARTS, _NOTHING)


def _retrieval(question: Question, given: Given) -> dict[str, Score]:
    """Evidence and judged articles among what was looked at. A quote is found where the first passage holds it."""
    passages: Sequence[Given] = given.get("retrieved") or ()
    if question.relevant:
        order = list(dict.fromkeys(str(passage["article_id"]) for passage in passages))
        grades = question.relevant
    elif question.evidence and not question.unanswerable:
        ranks = evidence_ranks([str(passage["text"]) for passage in passages], question.evidence)
        order = [str(rank) for rank in range(1, len(passages) + 1)]
        grades = {str(rank) if rank else f"quote {number}": 1 for number, rank in enumerate(ranks)}
    else:
        return {}
    found = {f"evidence@{k}": float(any(item in grades for item in order[:k])) for k in _DEPTHS}
    found |= {"mrr": ranking.reciprocal_rank(order, grades), "ndcg@10": ranking.ndcg_at(order, grades, 10)}
    return {name: (value, 1.0) for name, value in found.items()}


def _citations(question: Question, given: Given, text_of: TextOf) -> dict[str, Score]:
    citations: Sequence[Given] = given.get("citations") or ()
    statements: Sequence[Given] = given.get("statements") or ()
    quotes = {int(citation["n"]): str(citation["quote"]) for citation in citations}
    exact = [
        is_verbatim(str(one["quote"]), text_of(str(one["article_id"])) or "", int(one["start"]), int(one["end"]))
        for one in citations
    ]
    relevant = [is_relevant(quote, keys(question), question.evidence) for quote in quotes.values()]
    proofs = [
        is_supported(str(one["text"]), [quotes[n] for n in one["citations"] if n in quotes]) for one in statements
    ]
    found = {"verbatim": _share(exact), "support": _share(proofs)}
    if keys(question) or question.unanswerable:
        found["citation_precision"] = _share(relevant)
    if keys(question) and not question.unanswerable:
        found["citation_recall"] = (float(proven(list(quotes.values()), keys(question))), float(len(keys(question))))
    return found


def _no_citations(question: Question) -> dict[str, Score]:
    return {} if question.unanswerable else {"citation_recall": (0.0, float(len(keys(question))))}


def _share(truths: Sequence[bool]) -> Score:
    """How many are true; an answer that has none at all failed once."""
    return (float(sum(truths)), float(len(truths))) if truths else (0.0, 1.0)
