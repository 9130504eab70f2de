"""What happens in, what Prometheus reads out: requests, stages, answers, the snapshot. Of all workers, whichever is asked."""

import os
from datetime import datetime
from time import time
from typing import Final

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector

from index.snapshot import Snapshot
from service.answer import Answer

SHARED_FOLDER: Final = "PROMETHEUS_MULTIPROC_DIR"
"""The variable that names the folder in which workers keep their numbers; set before this module is imported."""

_SECONDS: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)


class Metrics:
    """One for each process; where workers share a folder, `text` is of all of them."""

    def __init__(self) -> None:
        own = self.registry = CollectorRegistry()
        self.requests = Counter("wence_requests", "Requests", ["method", "route", "status"], registry=own)
        self.request_seconds = Histogram(
            "wence_request_seconds", "Seconds a request took", ["route"], buckets=_SECONDS, registry=own
        )
        self.stage_seconds = Histogram(
            "wence_stage_seconds", "Seconds a stage of an answer took", ["stage"], buckets=_SECONDS, registry=own
        )
        self.answers = Counter(
            "wence_answers", "Answers by status; unanswerable are the abstentions", ["status"], registry=own
        )
        self.unlogged = Counter("wence_answers_unlogged", "Answers that could not be logged", registry=own)
        self.refused = Counter("wence_refused", "Requests refused before a route saw them", ["code"], registry=own)
        self.asking = Gauge(
            "wence_questions_in_progress", "Questions being answered", registry=own, multiprocess_mode="livesum"
        )
        self.articles = _latest("wence_snapshot_articles", "Articles in the open snapshot", own)
        self.passages = _latest("wence_snapshot_passages", "Passages in the open snapshot", own)
        self.age = _latest("wence_snapshot_age_seconds", "Seconds since the open snapshot was written", own)

    def count(self, answer: Answer) -> None:
        """Count an answer, and how long its stages took."""
        self.answers.labels(answer.status.value).inc()
        for stage, milliseconds in answer.timings_ms.items():
            self.stage_seconds.labels(stage).observe(milliseconds / 1000)

    def look_at(self, snapshot: Snapshot) -> None:
        """Take down what is open."""
        manifest = snapshot.manifest
        self.articles.set(manifest.articles)
        self.passages.set(manifest.passages)
        self.age.set(max(0.0, time() - datetime.fromisoformat(manifest.created).timestamp()))

    def text(self) -> bytes:
        """In the text format of Prometheus."""
        if SHARED_FOLDER not in os.environ:
            return generate_latest(self.registry)
        everybody = CollectorRegistry()
        MultiProcessCollector(everybody)  # type: ignore[no-untyped-call]
        return generate_latest(everybody)


def _latest(name: str, about: str, registry: CollectorRegistry) -> Gauge:
    return Gauge(name, about, registry=registry, multiprocess_mode="mostrecent")
