"""A clone of the repository and README's two commands in, the first cited answer and the seconds it took out.

    python -m eval.release.newcomer [--port PORT]

The commands are taken from README as they stand there, `make run` and the first question, on a port of their own. What the
package index has sent before comes from pip's cache; the rest is downloaded.
"""

import argparse
import json
import os
import re
import resource
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter, sleep

from eval.machine import ROOT

PATIENCE_S = 1200


def commands(readme: str) -> tuple[str, str]:
    """The command that installs and serves, and the one that asks the first question."""
    blocks = re.findall(r"^```sh\n(.*?)^```", readme, re.DOTALL | re.MULTILINE)
    serve = next(line for block in blocks for line in block.splitlines() if line.startswith("make "))
    ask = next(block for block in blocks if block.startswith("curl "))
    return serve.partition("#")[0].strip(), ask.replace("\\\n", " ").strip()


def try_out(root: Path, folder: Path, port: int) -> tuple[dict[str, float], dict[str, object]]:
    """The seconds after which it was cloned, ready and had answered, and the answer."""
    serve, ask = commands((root / "README.md").read_text(encoding="utf-8"))
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("WENCE_", "MAKE", "VIRTUAL_ENV"))}
    began = perf_counter()
    subprocess.run(["git", "clone", "--quiet", str(root), str(folder)], check=True)
    seconds = {"cloned": perf_counter() - began}
    with subprocess.Popen(["bash", "-c", f"exec {serve} PORT={port}"], cwd=folder, env=kept) as made:
        try:
            while not _is_ready(port):
                if made.poll() is not None or perf_counter() - began > PATIENCE_S:
                    raise RuntimeError(f"`{serve}` did not come to serve; what it said is above")
                sleep(0.2)
            seconds["ready"] = perf_counter() - began
            told = subprocess.run(
                ["bash", "-c", ask.replace(":8000", f":{port}")], cwd=folder, env=kept, check=True, capture_output=True
            )
            seconds["answered"] = perf_counter() - began
        finally:
            made.terminate()  # make hands it on to the service, which hands it on to its workers
    return seconds, json.loads(told.stdout)


def _is_ready(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=2) as reply:
            return bool(reply.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def main(argv: Sequence[str] | None = None) -> int:
    about = (__doc__ or "").split("\n\n")[0]
    parser = argparse.ArgumentParser(prog="python -m eval.release.newcomer", description=about)
    parser.add_argument("--port", type=int, default=8077, help="where the clone serves (default: %(default)s)")
    with TemporaryDirectory() as folder:
        seconds, answer = try_out(ROOT, Path(folder, "wence"), parser.parse_args(argv).port)
    print(answer["answer"])
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    told = " · ".join(f"{name} after {value:.1f} s" for name, value in seconds.items())
    print(f"{told} · {used.ru_utime + used.ru_stime:.1f} s of processor time · load {os.getloadavg()[0]:.1f}")
    return 0 if answer["citations"] else 1


if __name__ == "__main__":
    sys.exit(main())
