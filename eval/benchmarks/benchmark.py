"""The path of a test set in, a Benchmark out: tells the format by what is in the file or folder."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random

from eval.benchmarks.beir import CORPUS, QUERIES, read_beir
from eval.benchmarks.content import BenchmarkError, Content, Task
from eval.benchmarks.files import Record, records_of
from eval.benchmarks.rgb import Mixture, read_rgb
from eval.benchmarks.squad import read_flat, read_squad
from eval.benchmarks.trec import read_trec
from eval.jsonl import read_text
from eval.question import Question, read_questions
from index.article import Article

__all__ = ["Benchmark", "BenchmarkError", "Task", "read_benchmark"]

_KNOWN = (
    "SQuAD-style JSON, JSON Lines with context and question, JSON Lines of RGB's kind, wence's own question file, "
    "a folder laid out as BEIR's are, or queries with qrels"
)


@dataclass(frozen=True, slots=True)
class Benchmark:
    """A test set. Without `articles` its questions are about a collection that is there already."""

    name: str
    articles: tuple[Article, ...]
    questions: list[Question]
    task: Task


def read_benchmark(
    path: Path,
    *,
    task: Task | None = None,
    qrels: Path | None = None,
    noise: float | None = None,
    passages: int | None = None,
    limit: int | None = None,
    seed: int = 7,
) -> Benchmark:
    """Read a test set, with at most `limit` questions drawn by `seed`.

    `task`: what SQuAD-style sets are used for (reading unless said otherwise). `qrels`: the judgements of a queries file,
    or which of a BEIR folder. `noise` (a share, 0) and `passages` (5): the documents of a question of RGB's kind.
    Raises BenchmarkError, also for an option that the format has no use for, and QuestionFileError for wence's own file.
    """
    if limit is not None and limit < 1:
        raise BenchmarkError(f"the limit must be at least 1 question, not {limit}")
    mixture = (
        None if noise is None and passages is None else Mixture(noise or 0.0, 5 if passages is None else passages, seed)
    )
    own: Task = "retrieval"
    if path.is_dir():
        _refuse(path, mixture)
        content = _folder(path, qrels)
    elif qrels:
        _refuse(path, mixture)
        content = read_trec(path, qrels)
    else:
        own, content = _file(path, task, mixture, seed)
    if task not in (None, own):
        raise BenchmarkError(f"{path}: is a test set for {own}, not for {task}")
    if not content.questions:
        raise BenchmarkError(f"{path}: holds no question for {own}")
    questions = _with_own_ids(content.questions)
    return _limited(Benchmark(path.resolve().name.split(".")[0], content.articles, questions, own), limit, seed)


def _folder(path: Path, qrels: Path | None) -> Content:
    missing = [name for name in (CORPUS, QUERIES) if not (path / name).is_file()]
    if missing:
        raise BenchmarkError(f"{path}: holds no {' and no '.join(missing)}; a folder must be laid out as BEIR's are")
    return read_beir(path, qrels)


def _file(path: Path, task: Task | None, mixture: Mixture | None, seed: int) -> tuple[Task, Content]:
    text = read_text(path, BenchmarkError)
    try:
        whole = json.loads(text)
    except (ValueError, RecursionError):
        whole = None
    if isinstance(whole, list) or (isinstance(whole, dict) and "data" in whole):
        _refuse(path, mixture)
        return task or "reading", read_squad(whole, path, task or "reading")
    records: list[Record] = records_of(text, path)
    names = records[0].keys() if records else set()
    if {"query", "negative"} <= names:
        return "answering", read_rgb(records, path, mixture or Mixture(seed=seed))
    _refuse(path, mixture)
    if {"context", "question"} <= names:
        return task or "reading", read_flat(records, path, task or "reading")
    if {"id", "question"} <= names:
        return task or "answering", Content((), read_questions(path))
    raise BenchmarkError(f"{path}: is no test set known here; it may be {_KNOWN}")


def _refuse(path: Path, mixture: Mixture | None) -> None:
    if mixture:
        raise BenchmarkError(f"{path}: has no use for a share of noise or a number of passages; RGB's files have")


def _with_own_ids(questions: Sequence[Question]) -> list[Question]:
    """The questions, where an id comes again with `#2`, `#3` … after it: published sets do repeat them."""
    taken: set[str] = set()
    named: list[Question] = []
    for question in questions:
        name, count = question.id, 1
        while name in taken:
            count += 1
            name = f"{question.id}#{count}"
        taken.add(name)
        named.append(question if count == 1 else replace(question, id=name))
    return named


def _limited(whole: Benchmark, limit: int | None, seed: int) -> Benchmark:
    """Questions drawn from all, in their order.

    Articles stay, since the difficulty of finding one lies in the others; those given to no question are left out.
    """
    if limit is None or limit >= len(whole.questions):
        return whole
    drawn = sorted(Random(seed).sample(range(len(whole.questions)), limit))
    questions = [whole.questions[number] for number in drawn]
    given = {article_id for question in questions for article_id in question.given}
    articles = tuple(article for article in whole.articles if article.id in given) if given else whole.articles
    return replace(whole, articles=articles, questions=questions)
