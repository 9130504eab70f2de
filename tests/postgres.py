"""A PostgreSQL server of the tests' own, where its programs are installed; else the tests that need it skip."""

import os
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

_ELSEWHERE = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)


def program(name: str) -> str | None:
    return shutil.which(name) or next((str(folder / name) for folder in _ELSEWHERE if (folder / name).exists()), None)


@contextmanager
def postgres(folder: Path) -> Iterator[str]:
    """The address of an empty database, as long as it runs."""
    initdb, server = program("initdb"), program("postgres")
    if initdb is None or server is None:
        pytest.skip("needs the programs of PostgreSQL (apt-get install postgresql)")
    options: dict[str, int] = {}
    if os.geteuid() == 0:  # which PostgreSQL refuses to run as
        options["user"] = options["group"] = 65534
        for above in (folder, *folder.parents[:2]):
            above.chmod(0o755)
        os.chown(folder, 65534, 65534)
    data = folder / "data"
    subprocess.run(
        [initdb, "-D", str(data), "-A", "trust", "-U", "wence", "-E", "UTF8", "--no-sync"],
        check=True, stdout=subprocess.DEVNULL, cwd=folder, **options,  # type: ignore[call-overload]
    )  # fmt: skip
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [server, "-D", str(data), "-p", str(port), "-h", "127.0.0.1", "-k", str(folder)]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, cwd=folder, **options) as process:  # type: ignore[call-overload]
        assert process.stderr is not None
        for line in process.stderr:
            if "ready to accept connections" in line:
                break
        yield f"postgresql://wence@127.0.0.1:{port}/postgres"
        process.send_signal(2)
        process.stderr.read()
