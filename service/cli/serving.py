"""The command that serves: checks what it needs, then listens."""

import os
import socket
from argparse import Namespace

from service.pipeline import Pipeline
from service.settings import Settings


def serve(arguments: Namespace) -> int:
    """Listen until stopped. Snapshot, encoder and port are tried first, so that what is wrong is said in one line."""
    import uvicorn  # noqa: PLC0415 - only this command needs the web server
    from uvicorn.supervisors import Multiprocess  # noqa: PLC0415

    from service.api.app import create_app  # noqa: PLC0415

    settings: Settings = arguments.settings.model_copy(update={"snapshot": arguments.snapshot})
    pipeline = Pipeline(settings.snapshot, settings)
    listening = _listen(arguments.host, arguments.port)
    port = listening.getsockname()[1]
    print(f"wence answers on http://{arguments.host}:{port} (snapshot {pipeline.snapshot.name})", flush=True)
    if arguments.workers == 1:
        config = uvicorn.Config(create_app(settings, pipeline), log_level="warning", timeout_graceful_shutdown=10)
        uvicorn.Server(config).run(sockets=[listening])
        return 0
    os.environ["WENCE_SNAPSHOT"] = str(settings.snapshot.absolute())  # the workers read their settings from here
    config = uvicorn.Config("service.api.app:create_app", factory=True, workers=arguments.workers, log_level="warning")
    Multiprocess(config, sockets=[listening]).run()
    return 0


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
