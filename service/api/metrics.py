"""What happens in, what Prometheus reads out: requests, stages, answers, the snapshot. Of all workers, whichever is asked."""

import os
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from time import time
from typing import Final

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector, mark_process_dead
from prometheus_client.registry import Collector

from index.manifest import Manifest
from index.snapshot import Snapshot
from service.answer import Answer

SHARED_FOLDER: Final = "PROMETHEUS_MULTIPROC_DIR"
"""The variable that names the folder in which workers keep their numbers; set before this module is imported."""

_SHARED_FILES: Final = ("counter", "histogram", "gauge_livesum")
_FILE_BYTES: Final = 1 << 18
OWN_BYTES: Final = len(_SHARED_FILES) * _FILE_BYTES
"""The room that a worker takes in the shared folder."""

_SECONDS: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)


class Metrics:
    """One for each process; where workers share a folder, `text` is of all of them."""

    def __init__(self) -> None:
        if folder := os.environ.get(SHARED_FOLDER):
            _reserve(Path(folder))
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
        self._open = _OpenSnapshot()
        own.register(self._open)

    def count(self, answer: Answer) -> None:
        """Count an answer, and how long its stages took."""
        self.answers.labels(answer.status.value).inc()
        for stage, milliseconds in answer.timings_ms.items():
            self.stage_seconds.labels(stage).observe(milliseconds / 1000)

    def look_at(self, snapshot: Snapshot) -> None:
        """Take down what is open."""
        self._open.manifest = snapshot.manifest

    def text(self) -> bytes:
        """In the text format of Prometheus."""
        if SHARED_FOLDER not in os.environ:
            return generate_latest(self.registry)
        everybody = CollectorRegistry()
        MultiProcessCollector(everybody)  # type: ignore[no-untyped-call]
        everybody.register(self._open)
        return generate_latest(everybody)


def forget(worker: int) -> None:
    """Count what a worker that has died was doing no more; what it had done stays counted."""
    if SHARED_FOLDER in os.environ:
        mark_process_dead(worker)  # type: ignore[no-untyped-call]


class _OpenSnapshot(Collector):
    """What is open in the process that is asked, told when it is asked: shared numbers would be chosen by the clock."""

    manifest: Manifest | None = None

    def collect(self) -> Iterator[Metric]:
        if self.manifest is None:
            return
        age_s = time() - datetime.fromisoformat(self.manifest.created).timestamp()
        for name, about, value in (
            ("articles", "Articles in the open snapshot", self.manifest.articles),
            ("passages", "Passages in the open snapshot", self.manifest.passages),
            ("age_seconds", "Seconds since the open snapshot was written", max(0.0, age_s)),
        ):
            yield GaugeMetricFamily(f"wence_snapshot_{name}", about, value)


def _reserve(folder: Path) -> None:
    """Take the room for this process's files before they are mapped: a disk that is full later would end the process."""
    for kind in _SHARED_FILES:
        with (folder / f"{kind}_{os.getpid()}.db").open("ab") as file:
            os.posix_fallocate(file.fileno(), 0, _FILE_BYTES)
