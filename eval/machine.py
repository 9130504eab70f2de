"""Nothing in, where and of what something was measured out: figures mean nothing without it."""

import os
import platform
import subprocess
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent


def machine() -> dict[str, Any]:
    """Time, processor, cores, Python, system and commit (with a + where files are changed)."""
    cpu = next((line.split(":")[1].strip() for line in lines("/proc/cpuinfo") if line.startswith("model name")), "")
    return {
        "measured": datetime.now(UTC).isoformat(timespec="seconds"),
        "cpu": cpu,
        "cores": os.cpu_count(),
        "python": platform.python_version(),
        "system": platform.platform(),
        "commit": _git("rev-parse", "--short", "HEAD") + ("+" if _git("status", "--porcelain") else ""),
    }


def spread(values: Sequence[float]) -> dict[str, float]:
    """Median, 95th and 99th percentile; zeros without values."""
    ordered = sorted(values) or [0.0]
    at = {"p50": 0.50, "p95": 0.95, "p99": 0.99}
    return {name: round(ordered[min(len(ordered) - 1, int(share * len(ordered)))], 2) for name, share in at.items()}


def lines(path: str) -> list[str]:
    """The lines of a file; none where it cannot be read, as on a system without /proc."""
    try:
        return Path(path).read_text(encoding="utf-8").splitlines()
    except OSError:
        return []


def _git(*words: str) -> str:
    try:
        return subprocess.run(["git", *words], cwd=ROOT, capture_output=True, text=True, check=False).stdout.strip()
    except OSError:
        return ""
