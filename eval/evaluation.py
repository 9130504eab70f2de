"""The whole evaluation in one place: questions and a snapshot in, a folder with report.html, report.json, rows.jsonl out."""

import hashlib
import json
import sys
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Any

from tqdm import tqdm

from embeddings import Encoder
from eval.benchmarks.benchmark import Benchmark, Task, read_benchmark
from eval.comparison import compare
from eval.gate import Expected, Verdict, check
from eval.judge import Judge
from eval.machine import machine
from eval.question import Question
from eval.report.page import write_page
from eval.runs import REPORT, Ask, Row, RunError, read_rows, run
from eval.scoring import Given, TextOf
from eval.summary import Summary, summarise
from index.article import Article
from index.building import build
from index.errors import UnknownArticleError
from index.snapshot import Snapshot
from index.store import Filters
from service.engines import encoder_of
from service.pipeline import Pipeline
from service.settings import Settings

RETRIEVED = 100
"""Passages asked for where only retrieval is measured."""


@dataclass(frozen=True, slots=True)
class Job:
    """What is to be evaluated: questions over a snapshot, once for every combination of the other fields."""

    questions: Path
    snapshot: Path
    report: Path
    settings: Settings
    encoders: tuple[str, ...] = ()
    composers: tuple[str, ...] = ("extractive",)
    top_ks: tuple[int, ...] = ()
    answers: Path | None = None
    task: Task | None = None
    qrels: Path | None = None
    noise: float | None = None
    passages: int | None = None
    limit: int | None = None
    compare: Path | None = None
    judge: Judge | None = None


@dataclass(frozen=True, slots=True)
class Variant:
    """One combination of what is swept."""

    encoder: str
    composer: str
    top_k: int

    @property
    def name(self) -> str:
        """A folder name that tells it from the others."""
        return f"{self.encoder.replace('/', '_')}-{self.composer}-top{self.top_k}"


@dataclass(frozen=True, slots=True)
class Finished:
    """A variant's rows and report, and where they are."""

    variant: Variant
    folder: Path
    rows: list[Row]
    report: Summary


def evaluate(job: Job, expected: Expected | None = None) -> tuple[list[Finished], list[Verdict]]:
    """Run every variant and write its report; with `expected`, judge the first one by it.

    Raises the errors of what it reads: QuestionFileError, BenchmarkError, RunError, and those of index and embeddings.
    """
    before = read_rows(job.compare) if job.compare else None
    test = read_benchmark(
        job.questions, task=job.task, qrels=job.qrels, noise=job.noise, passages=job.passages, limit=job.limit
    )
    variants = [Variant(*chosen) for chosen in product(
        job.encoders or (job.settings.encoder,), job.composers, job.top_ks or (job.settings.top_k,)
    )]  # fmt: skip
    finished: list[Finished] = []
    verdicts: list[Verdict] = []
    for variant in variants:
        folder = job.report if len(variants) == 1 else job.report / variant.name
        done = _run(job, test, variant, folder)
        if before is not None:
            done.report["comparison"] = {"with": str(job.compare), **compare(before, done.rows)}
        if expected and not finished:
            verdicts = check(expected, done.rows)
            done.report["gate"] = [verdict.to_dict() for verdict in verdicts]
        finished.append(done)
    for done in finished:
        others = {other.variant.name: other.report["scores"] for other in finished}
        done.report["variants"] = others if len(finished) > 1 else {}
        _write(done)
    return finished, verdicts


def _run(job: Job, test: Benchmark, variant: Variant, folder: Path) -> Finished:
    settings = job.settings.model_copy(
        update={"encoder": variant.encoder, "composer": variant.composer, "top_k": variant.top_k}
    )
    encoder = encoder_of(settings)
    snapshot = _snapshot(job, test, encoder, folder)
    pipeline = Pipeline(snapshot, settings, encoder)
    what = {
        "questions": str(job.questions), "sha256": _digest(test.questions), "task": test.task,
        "snapshot": pipeline.snapshot.name, "encoder": encoder.info.to_dict(),
        "composer": variant.composer, "top_k": variant.top_k, "answers": str(job.answers or ""),
    }  # fmt: skip
    ask = _recorded(job.answers) if job.answers else _asking(pipeline, test.task)
    began = time.perf_counter()
    found = run(test.questions, ask, _texts(pipeline), folder, what)
    rows = list(_with_progress(found, len(test.questions), folder))
    report: Summary = {
        "name": test.name,
        "run": what | {"seconds": round(time.perf_counter() - began, 1), **machine()},
        **summarise(rows),
    }
    if job.judge:
        report["judged"] = job.judge.all(rows)
    return Finished(variant, folder, rows, report)


def _snapshot(job: Job, test: Benchmark, encoder: Encoder, folder: Path) -> Path:
    """The snapshot to ask: one of the test's own articles, the one given, or its articles encoded anew."""
    articles: Iterable[Article] = test.articles
    if not test.articles:
        given = Snapshot.open(job.snapshot)
        if given.encoder == encoder.info:
            return job.snapshot
        articles = given.store.articles()
    target = folder / "snapshot"
    target.parent.mkdir(parents=True, exist_ok=True)
    build(articles, target, encoder)
    return target


def _asking(pipeline: Pipeline, task: Task) -> Ask:
    def ask(question: Question) -> Given:
        filters = Filters(articles=question.given)
        if task != "retrieval":
            return pipeline.ask(question.text, question.history, filters=filters).to_dict()
        began = time.perf_counter()
        hits = pipeline.search(question.text, RETRIEVED, filters)
        looked_at = [
            {"passage_id": hit.passage.id, "article_id": hit.passage.article_id, "title": hit.passage.title,
             "text": "", "scores": hit.scores}
            for hit in hits
        ]  # fmt: skip
        return {"retrieved": looked_at, "timings_ms": {"retrieve": round((time.perf_counter() - began) * 1000, 2)}}

    return ask


def _recorded(path: Path) -> Ask:
    """Answers from a file of them, by the id of their question."""
    answers: dict[str, Given] = {}
    for number, line in enumerate(path.read_text(encoding="utf-8").split("\n"), 1):
        try:
            if line.strip():
                record = json.loads(line)
                answers[str(record["id"])] = record
        except (ValueError, KeyError, TypeError):
            raise RunError(
                f'{path}, line {number}: is no answer; `wence ask --answers` writes {{"id", "answer", …}}'
            ) from None
    return lambda question: answers.get(question.id)


def _texts(pipeline: Pipeline) -> TextOf:
    def text_of(article_id: str) -> str | None:
        try:
            return pipeline.article(article_id).text
        except UnknownArticleError:
            return None

    return text_of


def _with_progress(rows: Iterable[Row], total: int, folder: Path) -> Iterator[Row]:
    yield from tqdm(rows, total=total, desc=folder.name, unit="question", file=sys.stderr, disable=None)


def _digest(questions: Sequence[Question]) -> str:
    said = json.dumps([question.to_dict() for question in questions], ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(said.encode(errors="backslashreplace")).hexdigest()[:16]


def _write(done: Finished) -> None:
    write_page(done.report, done.rows, done.folder)
    text = json.dumps(done.report, ensure_ascii=False, indent=1)
    (done.folder / REPORT).write_text(text + "\n", encoding="utf-8", errors="backslashreplace")


def lines(report: Mapping[str, Any]) -> Iterator[str]:
    """The scores of a report for a terminal."""
    yield f"{report['name']}: {report['questions']} questions, {report['answerable']} with an answer"
    for name, found in report["scores"].items():
        yield f"  {name:20} {found['mean']:.3f}  [{found['low']:.3f}, {found['high']:.3f}]"
    total = report["latency_ms"].get("total") or report["latency_ms"].get("retrieve")
    if total:
        yield f"  {'median':20} {total['p50']} ms"
