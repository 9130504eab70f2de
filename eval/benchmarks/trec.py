"""TREC judgements (qrels) and queries in, questions over an existing collection out.

A qrels line is `query 0 document grade`; queries are `query<tab>text` lines or JSON Lines with id and text.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path

from eval.benchmarks.content import BenchmarkError, Content
from eval.benchmarks.files import records_of, text_of
from eval.jsonl import lines_of, object_of, read_text
from eval.question import Question

Judgements = dict[str, dict[str, int]]
"""query id -> document id -> grade, as judged: also 0 and below."""

_ID_NAMES = ("id", "_id", "qid", "query_id")
_TEXT_NAMES = ("text", "question", "query")


def read_trec(queries: Path, qrels: Path) -> Content:
    """The judged queries; document ids are the article ids of the collection that they are asked of.

    Raises BenchmarkError.
    """
    return Content((), judged_questions(read_queries(queries), read_qrels(qrels), qrels))


def judged_questions(queries: Mapping[str, str], judgements: Judgements, qrels: Path) -> list[Question]:
    """The queries that have a relevant document, in their order: the others say nothing about a ranking.

    Relevant is a grade above 0. Raises BenchmarkError when a judged query is not there, or no document is relevant.
    """
    unknown = [query_id for query_id in judgements if query_id not in queries]
    if unknown:
        raise BenchmarkError(f"{qrels}: judges {len(unknown)} queries that are not there, such as {unknown[0]!r}")
    questions: list[Question] = []
    for query_id, text in queries.items():
        relevant = {found: grade for found, grade in judgements.get(query_id, {}).items() if grade > 0}
        if relevant:
            questions.append(Question(id=query_id, text=text, relevant=relevant))
    if not questions:
        raise BenchmarkError(f"{qrels}: says of no query that a document is relevant")
    return questions


def read_qrels(path: Path) -> Judgements:
    """TREC's four columns, or BEIR's three as lines with a header or as JSON Lines. Raises BenchmarkError."""
    text = read_text(path, BenchmarkError)
    judgements: Judgements = {}
    for number, line in lines_of(text):
        fields = _json_columns(line) if line.startswith("{") else line.split("\t" if "\t" in line else None)
        if number == 1 and fields[-1].strip() == "score":
            continue
        try:
            query_id, *iteration, document_id, grade = (field.strip() for field in fields)
            if len(iteration) > 1:
                raise ValueError
            judgements.setdefault(query_id, {})[document_id] = int(grade.removesuffix(".0"))
        except ValueError:
            raise BenchmarkError(f"{path}, line {number}: is not `query 0 document grade`") from None
    return judgements


def read_queries(path: Path) -> dict[str, str]:
    """The text of each query id, in their order. Raises BenchmarkError, also for an id that comes twice."""
    text = read_text(path, BenchmarkError)
    rows = _json_queries(text, path) if text.lstrip().startswith("{") else _tabbed_queries(text, path)
    queries: dict[str, str] = {}
    for query_id, asked in rows:
        if query_id in queries:
            raise BenchmarkError(f"{path}: the query {query_id!r} comes a second time")
        queries[query_id] = asked
    return queries


def _json_columns(line: str) -> list[str]:
    try:
        record = object_of(line)
    except ValueError:
        return [""]
    return [str(record.get(name, "")) for name in ("query-id", "corpus-id", "score")]


def _json_queries(text: str, path: Path) -> Iterator[tuple[str, str]]:
    for number, record in enumerate(records_of(text, path), start=1):
        id_name, text_name = (
            next((name for name in names if name in record), names[0]) for names in (_ID_NAMES, _TEXT_NAMES)
        )
        place = f"{path}, record {number}"
        yield text_of(record, id_name, place), text_of(record, text_name, place)


def _tabbed_queries(text: str, path: Path) -> Iterator[tuple[str, str]]:
    for number, line in lines_of(text):
        query_id, _, asked = (part.strip() for part in line.partition("\t"))
        if not (query_id and asked):
            raise BenchmarkError(f"{path}, line {number}: is not `query<tab>text`")
        yield query_id, asked
