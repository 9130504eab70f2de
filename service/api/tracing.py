"""Requests and answers in, spans out to a collector, by OTLP over HTTP; where none is named, nothing is traced or loaded.

Knows routes, stages and outcomes; questions, paths and queries go into no span.
"""

import os
from collections.abc import MutableMapping
from importlib.util import find_spec
from time import time_ns
from typing import TYPE_CHECKING, Any, Final

from fastapi.telemetry import TelemetryConfig
from opentelemetry.trace import TracerProvider, get_current_span, set_span_in_context

from service.answer import Answer
from service.errors import TracingError

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import Span
    from opentelemetry.sdk.trace import TracerProvider as SdkTracerProvider

REPLY_S: Final = 3.0
"""How long the collector has for a batch, tries included; so long a stop may wait for it."""

_PROBES: Final = ("/healthz", "/readyz", "/metrics")
_TELLING: Final = ("url.path", "url.query")
_STAGES: Final = ("retrieve", "compose")


class Tracing:
    """One for each process that serves: what is begun here runs in a thread of its own, which no fork takes along."""

    def __init__(self, endpoint: str) -> None:
        """`endpoint` is the collector's, as `http://host:4318`, or empty. Raises TracingError."""
        self._provider = _provider(endpoint) if endpoint else None
        self._tracer = self._provider.get_tracer("wence") if self._provider else None

    @property
    def of_requests(self) -> TelemetryConfig:
        """What has FastAPI make a span of each request but probes, below the one that the request's headers name."""
        provider: TracerProvider | None = self._provider
        return {
            "tracing": provider is not None, "tracer_provider": provider, "exclude": _is_probe,
            "metrics": False, "logs": False, "operation_spans": False, "auto_configure": False,
        }  # fmt: skip

    def name(self, request_id: str) -> None:
        """Have the span of the request tell its id, by which the log tells of it."""
        if self._tracer:
            get_current_span().set_attribute("wence.request_id", request_id)

    def tell(self, answer: Answer, began_ns: int, surface: str) -> None:
        """An answer that is there now, as a span of the request, and its stages, one after the other, as spans of that."""
        if self._tracer is None:
            return
        ended_ns = time_ns()
        about = {
            "wence.surface": surface, "wence.status": answer.status.value, "wence.composer": answer.composer,
            "wence.snapshot": answer.snapshot, "wence.passages": len(answer.retrieved),
            "wence.citations": len(answer.citations),
        }  # fmt: skip
        whole = self._tracer.start_span("answer", start_time=began_ns, attributes=about)
        spent_ns = {stage: round(answer.timings_ms.get(stage, 0.0) * 1e6) for stage in _STAGES}
        at_ns = ended_ns - sum(spent_ns.values())  # what is before was waiting
        for stage, nanoseconds in spent_ns.items():
            span = self._tracer.start_span(stage, set_span_in_context(whole), start_time=at_ns)
            at_ns += nanoseconds
            span.end(at_ns)
        whole.end(ended_ns)

    def close(self) -> None:
        """Send what is left."""
        if self._provider:
            self._provider.shutdown()


def check_installed() -> None:
    """Raises TracingError unless the extra `otel` is here."""
    if find_spec("opentelemetry.exporter") is None or find_spec("opentelemetry.sdk") is None:
        raise TracingError("WENCE_OTEL_ENDPOINT is set, but what traces is not installed; pip install 'wence[otel]'")


def _is_probe(scope: MutableMapping[str, Any]) -> bool:
    return scope.get("path") in _PROBES


def _provider(endpoint: str) -> "SdkTracerProvider":
    """What collects spans and sends them; sampling, headers and the like are as the OTEL_* variables say."""
    check_installed()
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter  # noqa: PLC0415
    from opentelemetry.sdk.resources import Resource  # noqa: PLC0415
    from opentelemetry.sdk.trace import SpanProcessor, TracerProvider  # noqa: PLC0415
    from opentelemetry.sdk.trace.export import BatchSpanProcessor  # noqa: PLC0415

    class Discreet(SpanProcessor):
        """FastAPI's spans tell the path and its query, in which people's words stand; `http.route` is enough."""

        def on_start(self, span: "Span", parent_context: object = None) -> None:  # noqa: ARG002
            for name in _TELLING:
                if name in (span.attributes or ()):
                    span.set_attribute(name, "")

    named = Resource.create({"service.name": os.environ.get("OTEL_SERVICE_NAME") or "wence"})
    provider = TracerProvider(resource=named, shutdown_on_exit=False)
    provider.add_span_processor(Discreet())
    exporter = OTLPSpanExporter(f"{endpoint.rstrip('/')}/v1/traces", timeout=REPLY_S)
    provider.add_span_processor(BatchSpanProcessor(exporter))
    return provider
