"""The command that serves: checks what it needs, then listens."""

import gc
import os
import socket
import sys
import tempfile
from argparse import Namespace
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from index.memory import keep_together
from service.cli.workers import run_workers
from service.logs import set_up
from service.pipeline import Pipeline
from service.records.records import Records
from service.settings import Settings


def serve(arguments: Namespace) -> int:
    """Listen until stopped. Snapshot, encoder and port are tried first, so that what is wrong is said in one line."""
    keep_together()
    settings: Settings = arguments.settings.model_copy(update={"snapshot": arguments.snapshot, "host": arguments.host})
    if settings.otel_endpoint:
        from service.api.tracing import check_installed  # noqa: PLC0415 - the web framework, for who traces alone

        check_installed()
    pipeline = Pipeline(settings.snapshot, settings)
    workers = arguments.workers or (len(os.sched_getaffinity(0)) if pipeline.is_self_contained else 1)
    with _listen(arguments.host, arguments.port) as listening, _shared_metrics(workers):
        if settings.needs_keys:
            _look_for_keys(settings)
        port = listening.getsockname()[1]
        print(f"wence answers on http://{arguments.host}:{port} (snapshot {pipeline.snapshot.name})", flush=True)
        _answer(settings, pipeline, listening, workers)
    return 0


def _answer(settings: Settings, pipeline: Pipeline, listening: socket.socket, workers: int) -> None:
    import uvicorn  # noqa: PLC0415 - only this command needs the web server

    from service.api.app import create_app  # noqa: PLC0415 - once it is told where metrics are shared
    from service.api.gate.rates import Rates  # noqa: PLC0415
    from service.api.metrics import forget  # noqa: PLC0415
    from service.cli.accepting import OpenConnections, Worker  # noqa: PLC0415 - the web server, as above
    from service.cli.protocol import protocol_with  # noqa: PLC0415

    set_up(settings.log)
    # `log_level` leaves out a line for every request.
    options: dict[str, Any] = {
        "log_level": "warning",
        "log_config": None,
        "access_log": False,
        "timeout_graceful_shutdown": 10,
        "loop": "uvloop",
        "http": protocol_with(settings.body_timeout_s),
    }
    rates, connections = Rates(), OpenConnections(workers)  # in memory that the workers share

    def answer(number: int) -> None:
        place = connections.take_place(number)
        own = {**options, "http": protocol_with(settings.body_timeout_s, place.closed)}
        Worker(uvicorn.Config(create_app(settings, pipeline, rates), **own), place).run(sockets=[listening])

    def ended(worker: int) -> None:
        forget(worker)
        pipeline.snapshot.require_whole()  # else the next one would die as it did, of a file that was cut short

    if workers == 1:
        gc.collect()
        gc.freeze()  # what is loaded stays; only what questions leave is looked through
        uvicorn.Server(uvicorn.Config(create_app(settings, pipeline, rates), **options)).run(sockets=[listening])
    elif pipeline.is_self_contained:
        run_workers(workers, answer, lambda: pipeline.snapshot, ended)
    else:
        from uvicorn.supervisors import Multiprocess  # noqa: PLC0415 - brings what watches files along

        os.environ["WENCE_HOST"] = settings.host
        os.environ["WENCE_SNAPSHOT"] = str(settings.snapshot.absolute())  # the workers read their settings from here
        config = uvicorn.Config("service.api.app:create_app", factory=True, workers=workers, **options)
        Multiprocess(config, sockets=[listening]).run()


@contextmanager
def _shared_metrics(workers: int) -> Iterator[None]:
    """A folder in which workers keep their numbers, so that each can tell those of all."""
    if workers == 1:
        yield
        return
    with tempfile.TemporaryDirectory(prefix="wence-metrics-") as folder:
        os.environ["PROMETHEUS_MULTIPROC_DIR"] = folder
        try:
            _try_room(folder, workers)
            yield
        finally:
            del os.environ["PROMETHEUS_MULTIPROC_DIR"]


def _try_room(folder: str, workers: int) -> None:
    """Raises OSError where the workers would find no room for their numbers, each in its turn."""
    from service.api.metrics import OWN_BYTES  # noqa: PLC0415 - as in `_answer`

    with tempfile.NamedTemporaryFile(dir=folder) as file:
        try:
            os.posix_fallocate(file.fileno(), 0, workers * OWN_BYTES)
        except OSError as error:
            raise OSError(error.errno, f"{error.strerror}; name another folder in TMPDIR", folder) from error


def _look_for_keys(settings: Settings) -> None:
    """Raises RecordsError when keys are needed and the database that holds them cannot be used."""
    records = Records(settings)
    try:
        if not settings.admin_key and not any(key.revoked is None for key in records.list_keys()):
            print("wence: there are no keys yet, so nobody can ask; make one: wence keys create NAME", file=sys.stderr)
    finally:
        records.close()  # a worker opens its own


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
        listening.listen(2048)
    except (OSError, OverflowError) as error:
        listening.close()
        reason = getattr(error, "strerror", None) or str(error)
        raise OSError(None, f"cannot listen on {host}:{port} ({reason}); choose another with --port") from error
    listening.set_inheritable(True)
    return listening
