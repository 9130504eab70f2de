"""The service as it is run: a process of its own on a free port of loopback."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parent.parent


@contextmanager
def served(folder: Path, *words: str, **settings: str) -> Iterator[str]:
    """The address of a service over this snapshot, with these words of the command and these settings."""
    with running(folder, *words, settings=settings) as (address, _):
        yield address


@contextmanager
def running(
    folder: Path, *words: str, stderr: bool = False, settings: Mapping[str, str] | None = None
) -> Iterator[tuple[str, "subprocess.Popen[str]"]]:
    """The same with its process; with `stderr` what it writes there can be read once it has ended."""
    command = [sys.executable, "-m", "service.cli", "serve", "--port", "0", "--snapshot", str(folder), *words]
    environment = os.environ | {f"WENCE_{name.upper()}": value for name, value in (settings or {}).items()}
    with subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE if stderr else None, text=True) as process:  # fmt: skip
        try:
            assert process.stdout is not None
            match = re.search(r"(http://\S+:\d+) ", process.stdout.readline())
            assert match is not None
            yield match[1], process
        finally:
            process.terminate()
