"""Pinned packages in, the known vulnerabilities of them out, by pip-audit; or that nobody could be asked, said as such.

pip-audit reports a package that its service does not know as skipped and ends well; here that counts as not looked at.
"""

import json
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from packaging.version import Version

SERVICES: Final = ("pypi", "osv")
PROBE: Final = {"pip": Version("23.0")}
"""A package that every such service knows, in a version with known vulnerabilities."""

ACCEPTED: Final = {
    "litellm": "asks in one test, and is not shipped; what is known of it (CVE-2026-42271, CVE-2026-47101, CVE-2026-48710)"
    " is in its proxy, which is not installed; later ones need an openai or a python-dateutil of before",
}
"""Packages that stay in spite of what is known of them, and why. Look at it again with every change of constraints.txt."""


@dataclass(frozen=True, slots=True)
class Looked:
    """What one service said. `checked` packages were looked up and `skipped` were not; `found` has a line for every
    vulnerability, `accepted` those of packages that stay in spite of them. `service` is empty where none could be asked, and `why` says what each of them did.
    """

    service: str
    checked: int = 0
    skipped: tuple[str, ...] = ()
    found: tuple[str, ...] = ()
    accepted: tuple[str, ...] = ()
    why: tuple[str, ...] = ()


@dataclass(slots=True)
class _Report:
    dependencies: list[dict[str, Any]] = field(default_factory=list)
    fault: str = ""


def look_up(pinned: Mapping[str, Version], timeout_s: int = 10) -> Looked:
    """What is known of these versions, by the first service that answers for a package that all of them know."""
    why: list[str] = []
    for service in SERVICES:
        probed = _audit(PROBE, service, timeout_s)
        if not any(one.get("vulns") for one in probed.dependencies):
            unknown = [one["skip_reason"] for one in probed.dependencies if "skip_reason" in one]
            why.append(
                f"{service}: {probed.fault or next(iter(unknown), 'knows no vulnerability of a version that has some')}"
            )
            continue
        report = _audit(pinned, service, timeout_s)
        if report.fault:
            why.append(f"{service}: {report.fault}")
            continue
        return looked(service, report.dependencies, tuple(why))
    return Looked("", skipped=tuple(sorted(pinned)), why=tuple(why))


def looked(service: str, dependencies: list[dict[str, Any]], why: tuple[str, ...] = ()) -> Looked:
    """What a report of pip-audit comes to."""
    skipped = tuple(sorted(one["name"] for one in dependencies if "skip_reason" in one))
    lines: dict[bool, list[str]] = {True: [], False: []}
    for one in dependencies:
        for known in one.get("vulns", []):
            mended = f"mended in {', '.join(known['fix_versions'])}" if known["fix_versions"] else "not mended yet"
            lines[one["name"] in ACCEPTED].append(f"{one['name']} {one['version']}: {known['id']}, {mended}")
    return Looked(service, len(dependencies) - len(skipped), skipped, tuple(lines[False]), tuple(lines[True]), why)


def _audit(pinned: Mapping[str, Version], service: str, timeout_s: int) -> _Report:
    with TemporaryDirectory() as folder:
        asked, told = Path(folder, "asked.txt"), Path(folder, "told.json")
        asked.write_text("".join(f"{name}=={version}\n" for name, version in pinned.items()), encoding="utf-8")
        options = ["--no-deps", "--disable-pip", "--progress-spinner=off", "--format=json", f"--timeout={timeout_s}"]
        words = [f"--requirement={asked}", f"--output={told}", f"--vulnerability-service={service}", *options]
        ran = subprocess.run([sys.executable, "-m", "pip_audit", *words], capture_output=True, text=True, check=False)
        if not told.exists():
            said = ran.stderr.strip().splitlines() or ["ended without a report"]
            return _Report(fault=said[-1].partition(" (Caused by")[0][:200])
        return _Report(json.loads(told.read_text(encoding="utf-8"))["dependencies"])
