"""A snapshot in, the address of a service over it out: a process of its own on a free port of loopback."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from eval.machine import ROOT


@contextmanager
def running(
    folder: Path, *words: str, stderr: bool | TextIO = False, settings: Mapping[str, str] | None = None
) -> Iterator[tuple[str, "subprocess.Popen[str]"]]:
    """The address, and the process; with `stderr` what it writes there can be read once it has ended, or goes to a file."""
    command = [sys.executable, "-m", "service.cli", "serve", "--port", "0", "--snapshot", str(folder), *words]
    environment = os.environ | {f"WENCE_{name.upper()}": value for name, value in (settings or {}).items()}
    told = (subprocess.PIPE if stderr else None) if isinstance(stderr, bool) else stderr
    with subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=told, text=True
    ) as process:
        try:
            found = re.search(r"(http://\S+:\d+) ", process.stdout.readline() if process.stdout else "")
            if found is None:
                raise RuntimeError(f"the service over {folder} did not start; its reason stands above")
            yield found[1], process
        finally:
            process.terminate()


def build(sources: str, folder: Path) -> None:
    """A snapshot with everything that the command makes."""
    command = [sys.executable, "-m", "service.cli", "build", sources, "--snapshot", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
