"""A checkout in, the wheel of it out: the same bytes for the same files, wherever, whenever and by whomever it is built.

    python -m eval.release.wheel [--out DIR]

What could make a difference is taken away: when files were written, who may read them, what an earlier build left. The
time in the wheel is SOURCE_DATE_EPOCH, by default that of the last commit. The versions of setuptools and build are pinned.
"""

import argparse
import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from eval.machine import ROOT

SOURCES: Final = ("pyproject.toml", "README.md", "embeddings", "index", "service", "eval", "models")
_LEFT_OUT: Final = shutil.ignore_patterns("__pycache__", "*.pyc", "node_modules", "*.egg-info")
_FIRST_ZIP_TIME: Final = "315532800"


def build(root: Path, out: Path, epoch: str) -> Path:
    """Build the wheel of a checkout into `out`. CalledProcessError holds what the build said when it fails."""
    with TemporaryDirectory() as folder:
        source = Path(folder, "source")
        source.mkdir()
        for name in SOURCES:
            if (root / name).is_dir():
                shutil.copytree(root / name, source / name, ignore=_LEFT_OUT)
            else:
                shutil.copy(root / name, source / name)
        for path in source.rglob("*"):
            path.chmod(0o755 if path.is_dir() else 0o644)
        made = Path(folder, "made")
        words = [sys.executable, "-m", "build", "--wheel", "--no-isolation", f"--outdir={made}", str(source)]
        settings = os.environ | {"SOURCE_DATE_EPOCH": epoch}
        subprocess.run(words, env=settings, umask=0o022, check=True, capture_output=True, text=True)
        (wheel,) = made.glob("*.whl")
        out.mkdir(parents=True, exist_ok=True)
        return Path(shutil.copyfile(wheel, out / wheel.name))


def committed(root: Path) -> str:
    """When the last commit was made, in seconds since 1970; the earliest time a wheel can hold where there is none."""
    words = ["git", "-C", str(root), "log", "-1", "--format=%ct"]
    try:
        ran = subprocess.run(words, capture_output=True, text=True, check=False)
    except OSError:
        return _FIRST_ZIP_TIME
    return ran.stdout.strip() or _FIRST_ZIP_TIME


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m eval.release.wheel", description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument("--out", type=Path, default=ROOT / "dist", help="folder of the wheel")
    out: Path = parser.parse_args(argv).out
    try:
        wheel = build(ROOT, out, os.environ.get("SOURCE_DATE_EPOCH") or committed(ROOT))
    except subprocess.CalledProcessError as error:
        print(error.stdout, error.stderr, file=sys.stderr)
        return 2
    print(f"{wheel}  {wheel.stat().st_size / 1e6:.1f} MB  sha256 {hashlib.sha256(wheel.read_bytes()).hexdigest()}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
