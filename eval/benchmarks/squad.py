"""Reading comprehension of SQuAD's kind in, articles and questions out: nested JSON, CMRC 2018's own layout, or flat JSON Lines.

Each different context is one article. Sources of the layouts: SQuAD 1.1 and 2.0 (Rajpurkar et al.), CMRC 2018, DRCD,
DuReader-checklist.
"""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from eval.benchmarks.content import BenchmarkError, Content, Task, article_of, digest
from eval.benchmarks.files import Record, list_of, text_of
from eval.question import UNANSWERABLE, Question
from index.article import Article


class _Asked(NamedTuple):
    """One question on one context; no answers mean that the context does not hold one."""

    context_id: str
    title: str
    context: str
    id: str
    question: str
    answers: tuple[str, ...]


def read_squad(content: object, path: Path, task: Task) -> Content:
    """The content of `{"data": [...]}` or of CMRC 2018's list of contexts. Raises BenchmarkError."""
    entries = content if isinstance(content, list) else list_of(content, "data", str(path))
    return _content(path, task, (asked for entry in entries for asked in _of_entry(entry, str(path))))


def read_flat(records: list[Record], path: Path, task: Task) -> Content:
    """The content of JSON Lines with id, title, context, question, answers. Raises BenchmarkError."""
    return _content(path, task, (_of_record(record, f"{path}, record {n}") for n, record in enumerate(records, 1)))


def _of_entry(entry: object, file: str) -> Iterator[_Asked]:
    if not isinstance(entry, Mapping):
        raise BenchmarkError(f"{file}: an entry is no JSON object")
    if "context_text" in entry:
        yield from _of_context(entry, "context_id", "context_text", "query_id", "query_text", entry, file)
        return
    for paragraph in list_of(entry, "paragraphs", file):
        yield from _of_context(paragraph, "id", "context", "id", "question", entry, file)


def _of_context(
    paragraph: Any, id_name: str, text_name: str, asked_id_name: str, asked_name: str, entry: Record, file: str
) -> Iterator[_Asked]:
    context = text_of(paragraph, text_name, file)
    context_id = text_of(paragraph, id_name, file, default="")
    title = text_of(paragraph, "title", file, default="") or text_of(entry, "title", file, default="")
    for asked in list_of(paragraph, "qas", f"{file}, context {context_id or context[:20]!r}"):
        asked_id = text_of(asked, asked_id_name, file)
        place = f"{file}, question {asked_id}"
        answers = () if asked.get("is_impossible") else _answers(asked, place)
        yield _Asked(context_id, title, context, asked_id, text_of(asked, asked_name, place), answers)


def _of_record(record: Record, place: str) -> _Asked:
    return _Asked(
        "", text_of(record, "title", place, default=""), text_of(record, "context", place),
        text_of(record, "id", place), text_of(record, "question", place), _answers(record, place),
    )  # fmt: skip


def _answers(asked: Record, place: str) -> tuple[str, ...]:
    """The different reference answers; an empty one says, as in DuReader-checklist, that there is none."""
    answers = list_of(asked, "answers", place)
    texts = (answer if isinstance(answer, str) else text_of(answer, "text", place, default="") for answer in answers)
    return tuple(dict.fromkeys(text for text in texts if text.strip()))


def _content(path: Path, task: Task, everything: Iterable[_Asked]) -> Content:
    articles: dict[str, Article] = {}
    questions: list[Question] = []
    owners: dict[str, str] = {}
    for asked in everything:
        if asked.context not in articles:
            article = article_of(asked.context_id or digest(asked.context), asked.title, asked.context, path.name)
            if article.id in owners:
                raise BenchmarkError(f"{path}: the id {article.id!r} is that of two different contexts")
            articles[asked.context] = article
            owners[article.id] = asked.context
        if asked.answers or task != "retrieval":  # nothing can be found for a question without an answer
            questions.append(_question(asked, articles[asked.context].id, task))
    return Content(tuple(articles.values()), questions)


def _question(asked: _Asked, article_id: str, task: Task) -> Question:
    return Question(
        id=asked.id,
        text=asked.question,
        type="" if asked.answers else UNANSWERABLE,
        unanswerable=not asked.answers,
        relevant={article_id: 1} if task != "reading" and asked.answers else {},
        given=(article_id,) if task == "reading" else (),
        alternatives=() if task == "retrieval" else asked.answers,
    )
