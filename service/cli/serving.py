"""The command that serves: checks what it needs, then listens."""

import gc
import logging
import os
import socket
import sys
import tempfile
from argparse import Namespace
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any, Final, NoReturn

from index.memory import keep_together
from service.cli import workers
from service.cli.keeper import Kept
from service.logs import set_up
from service.pipeline import Pipeline
from service.records.records import Records
from service.settings import Settings

AGAIN_S: Final = 5
"""Where no worker can be started, because what it needs is not there, that is tried again after so long."""

_SHARED_FOLDER: Final = "PROMETHEUS_MULTIPROC_DIR"
"""The variable that names the folder of workers; it is read when their metrics are imported."""

logger = logging.getLogger("wence")


def serve(arguments: Namespace) -> int:
    """Listen until stopped. Snapshot, encoder and port are tried first, so that what is wrong is said in one line."""
    keep_together()
    settings: Settings = arguments.settings.model_copy(update={"snapshot": arguments.snapshot, "host": arguments.host})
    if kept := Kept.taken_up():
        _replace(settings, kept)
    if settings.otel_endpoint:
        from service.api.tracing import check_installed  # noqa: PLC0415 - the web framework, for who traces alone

        check_installed()
    pipeline = Pipeline(settings.snapshot, settings)
    count = arguments.workers or (len(os.sched_getaffinity(0)) if pipeline.is_self_contained else 1)
    with _listen(arguments.host, arguments.port) as listening, _shared_folder(count) as folder:
        if settings.needs_keys:
            _look_for_keys(settings)
        port = listening.getsockname()[1]
        print(f"wence answers on http://{arguments.host}:{port} (snapshot {pipeline.snapshot.name})", flush=True)
        if folder and pipeline.is_self_contained:
            _work(settings, pipeline, workers.new(count, listening.fileno(), folder))
        _answer(settings, pipeline, listening, count)
    return 0


def _work(settings: Settings, pipeline: Pipeline, kept: Kept) -> NoReturn:
    """Start the workers that are missing, and become what waits for one to end."""
    import uvicorn  # noqa: PLC0415 - only this command needs the web server

    from service.api.app import create_app  # noqa: PLC0415 - once it is told where metrics are shared
    from service.api.gate.rates import RATES_BYTES, Rates  # noqa: PLC0415 - as above
    from service.cli.accepting import PLACE_BYTES, OpenConnections, Worker  # noqa: PLC0415 - the web server, as above

    set_up(settings.log)
    rates = Rates(workers.shared(kept.folder, "rates", RATES_BYTES))
    connections = OpenConnections(workers.shared(kept.folder, "connections", kept.count * PLACE_BYTES))
    listening = socket.socket(fileno=kept.listening)

    def answer(number: int) -> None:
        place = connections.take_place(number)
        app = create_app(settings, pipeline, rates)
        Worker(uvicorn.Config(app, **_options(settings, place.closed)), place).run(sockets=[listening])

    workers.run(kept, answer)


def _replace(settings: Settings, kept: Kept) -> NoReturn:
    """Start others for the workers that have ended. What cannot be started now is tried again while there is one left."""
    os.environ[_SHARED_FOLDER] = kept.folder
    from service.api.metrics import forget  # noqa: PLC0415 - once it is told where metrics are shared

    set_up(settings.log)
    for worker in kept.ended:
        logger.error("worker %d ended; another takes its place", worker)
        forget(worker)
    kept.ended.clear()
    try:
        pipeline = Pipeline(settings.snapshot, settings)
    except Exception as error:
        kept.take_down()
        if not kept.workers:
            kept.stop()
            raise
        logger.error("no worker can be started, the next try is in %d s: %s", AGAIN_S, error)
        workers.keep(replace(kept, pause_s=AGAIN_S))
    _work(settings, pipeline, kept)


def _answer(settings: Settings, pipeline: Pipeline, listening: socket.socket, count: int) -> None:
    """Answer here, or from processes that each load everything."""
    import uvicorn  # noqa: PLC0415 - as above

    set_up(settings.log)
    options = _options(settings)
    if count == 1:
        from service.api.app import create_app  # noqa: PLC0415 - as above

        gc.collect()
        gc.freeze()  # what is loaded stays; only what questions leave is looked through
        uvicorn.Server(uvicorn.Config(create_app(settings, pipeline), **options)).run(sockets=[listening])
    else:
        from uvicorn.supervisors import Multiprocess  # noqa: PLC0415 - brings what watches files along

        os.environ["WENCE_HOST"] = settings.host
        os.environ["WENCE_SNAPSHOT"] = str(settings.snapshot.absolute())  # the workers read their settings from here
        config = uvicorn.Config("service.api.app:create_app", factory=True, workers=count, **options)
        Multiprocess(config, sockets=[listening]).run()


def _options(settings: Settings, closed: Callable[[], None] | None = None) -> dict[str, Any]:
    """How the web server is set up; `closed` is called for each connection that has ended."""
    from service.cli.protocol import protocol_with  # noqa: PLC0415 - the web server, as above

    return {
        "log_level": "warning",  # which leaves out a line for every request
        "log_config": None,
        "access_log": False,
        "timeout_graceful_shutdown": 10,
        "loop": "uvloop",
        "http": protocol_with(settings.body_timeout_s, closed),
    }


@contextmanager
def _shared_folder(count: int) -> Iterator[str | None]:
    """A folder in which workers keep what they count, so that each can tell what all did; None where there is but one."""
    if count == 1:
        yield None
        return
    with tempfile.TemporaryDirectory(prefix="wence-workers-") as folder:
        os.environ[_SHARED_FOLDER] = folder
        try:
            _try_room(folder, count)
            yield folder
        finally:
            del os.environ[_SHARED_FOLDER]


def _try_room(folder: str, count: int) -> None:
    """Raises OSError where the workers would find no room for their numbers, each in its turn."""
    from service.api.gate.rates import RATES_BYTES  # noqa: PLC0415 - once it is told where metrics are shared
    from service.api.metrics import OWN_BYTES  # noqa: PLC0415 - as above
    from service.cli.accepting import PLACE_BYTES  # noqa: PLC0415 - as above

    with tempfile.NamedTemporaryFile(dir=folder) as file:
        try:
            os.posix_fallocate(file.fileno(), 0, RATES_BYTES + count * (OWN_BYTES + PLACE_BYTES))
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
