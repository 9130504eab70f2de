"""A running service in, what it does with made-up requests out: schemathesis over its whole OpenAPI document, all checks on.

python -m eval.serving.fuzz --cases 20000       what `make fuzz-api` runs

It goes in rounds of another seed each, since a seed may be one with which the generator gives an operation up.
"""

import argparse
import os
import re
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from eval.machine import ROOT
from eval.served import build, running

_KEY: Final = "fuzz"
# A body that breaks the schema may be refused for its size or slowness before it is read.
_CONFIG: Final = """
[checks.negative_data_rejection]
expected-statuses = ["400", "401", "403", "404", "405", "406", "408", "413", "415", "422", "429"]

[checks.positive_data_acceptance]
expected-statuses = ["2xx", "401", "403", "404", "409", "413"]
"""


@dataclass(frozen=True, slots=True)
class Fuzzed:
    """How many requests were made, what is wrong with the replies, and the whole report."""

    cases: int
    sound: bool
    report: str


def fuzz(address: str, examples: int, *words: str) -> Fuzzed:
    """Made-up requests to every operation, so many examples for each."""
    with tempfile.TemporaryDirectory() as folder:
        config = Path(folder) / "schemathesis.toml"
        config.write_text(_CONFIG, encoding="utf-8")
        command = [
            str(Path(sys.executable).parent / "schemathesis"), "--config-file", str(config), "run",
            f"{address}/openapi.json", "--checks", "all", "--max-examples", str(examples), "--continue-on-failure",
            "--header", f"Authorization: Bearer {_KEY}", "--generation-database", "none", "--no-color",
            "--request-timeout", "60", "--warnings", "off", *words,
        ]  # fmt: skip
        if not Path(command[0]).exists():
            command[:1] = [sys.executable, "-m", "schemathesis.cli"]
        ran = subprocess.run(command, cwd=folder, env=os.environ, capture_output=True, text=True, check=False)
    counted = re.search(r"^ *(\d[\d,]*) generated", ran.stdout, re.MULTILINE)
    cases = int(counted[1].replace(",", "")) if counted else 0
    sound = ran.returncode == 0 or _given_up(ran.stdout)
    return Fuzzed(cases, sound and cases > 0, ran.stdout + ran.stderr)


def _given_up(report: str) -> bool:
    """Whether nothing is wrong but that the generator found no request small enough to begin an operation with."""
    errors = re.search(r"=+ (\d+) errors? in ", report)  # failures would stand before them
    excused = re.search(r"Failed Health Check: (\d+)", report)
    return bool(errors and excused and errors[1] == excused[1])


def main() -> int:
    """Status 1 when a reply was wrong."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cases", type=int, default=20_000, help="at least so many in all (default: %(default)s)")
    parser.add_argument(
        "--examples", type=int, default=200, help="for each operation in a round (default: %(default)s)"
    )
    arguments = parser.parse_args()
    cases, seed, sound = 0, 0, True
    with tempfile.TemporaryDirectory() as folder:
        snapshot = Path(folder) / "snapshot"
        build(str(ROOT / "corpus"), snapshot)
        with running(snapshot, "--workers", "1", settings={"admin_key": _KEY}) as (address, _):
            while cases < arguments.cases and sound:
                done = fuzz(address, arguments.examples, "--seed", str(seed := seed + 1))
                cases, sound = cases + done.cases, done.sound
                print(done.report if not sound else f"seed {seed}: {done.cases} cases, sound", flush=True)
    print(f"{cases} cases, {'sound' if sound else 'NOT sound'}")
    return 0 if sound else 1


if __name__ == "__main__":
    sys.exit(main())
