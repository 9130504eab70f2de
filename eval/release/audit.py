"""What is installed here in, a verdict on pins, licences and vulnerabilities out, with a bill of materials (SBOM).

    python -m eval.release.audit [--out DIR] [--strict]

Writes sbom.json (CycloneDX), licences.json and audit.json. Exit status 1: something is wrong with what is shipped or
used to make it; with --strict also where no service could be asked for known vulnerabilities, which is said in any case.
"""

import argparse
import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from eval.machine import ROOT, machine
from eval.release import licences, page, pins
from eval.release.installed import Closure, closure, lay_out, needs
from eval.release.vulnerabilities import Looked, look_up

BESIDE = ("dev",)
"""The extras that are no part of what is shipped, and are checked with what develops and tests it."""


@dataclass(frozen=True, slots=True)
class Audit:
    """The verdict: what is wrong, and what was looked at."""

    shipped: int
    checked: int
    pins: tuple[str, ...]
    licences: tuple[str, ...]
    vulnerabilities: Looked

    def faults(self, strict: bool) -> list[str]:
        """Everything that has to be mended; with `strict` also what could not be looked at."""
        unasked = [f"{name}: not looked at" for name in self.vulnerabilities.skipped] if strict else []
        return [*self.pins, *self.licences, *self.vulnerabilities.found, *unasked]


def audit(root: Path, out: Path) -> Audit:
    """Check what pyproject.toml and constraints.txt of a checkout name, and write the lists into `out`."""
    own, pinned = needs(root / "pyproject.toml"), pins.pins(root / "constraints.txt")
    shipped, checked = closure(own), closure(own, BESIDE)
    out.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory() as folder:
        wrong = _licences(shipped, checked, page.bundled(root), Path(folder), out / "licences.json")
        write_sbom(shipped, root, Path(folder, "sbom"), out / "sbom.json")
    return Audit(
        len(shipped.found), len(checked.found), tuple(pins.faults(pinned, checked)), tuple(wrong), look_up(pinned)
    )


def write_sbom(shipped: Closure, root: Path, folder: Path, path: Path) -> None:
    """A bill of materials in CycloneDX of wence, what it needs and what is in its page, the same for the same packages."""
    interpreter = lay_out(shipped.found.values(), folder)
    options = [f"--pyproject={root / 'pyproject.toml'}", "--output-reproducible", f"--output-file={path}"]
    words = [sys.executable, "-m", "cyclonedx_py", "environment", *options, str(interpreter)]
    subprocess.run(words, check=True, capture_output=True)
    sbom = json.loads(path.read_text(encoding="utf-8"))
    page.add_to_sbom(sbom, page.bundled(root))
    path.write_text(json.dumps(sbom, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def _licences(shipped: Closure, checked: Closure, in_page: list[dict[str, str]], folder: Path, path: Path) -> list[str]:
    beside = {name: one for name, one in checked.found.items() if name not in shipped.found}
    rows = {
        part: licences.listed(lay_out(found.values(), folder / part))
        for part, found in (("shipped", shipped.found), ("beside", beside))
    }
    rows["shipped"] += in_page
    path.write_text(json.dumps(rows, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return [*licences.faults(rows["shipped"]), *licences.faults(rows["beside"], licences.BESIDE)]


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m eval.release.audit", description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument("--out", type=Path, default=ROOT / "artefacts", help="folder of what is written")
    parser.add_argument("--strict", action="store_true", help="fail where vulnerabilities could not be looked up")
    arguments = parser.parse_args(argv)
    done = audit(ROOT, arguments.out)
    told = asdict(done) | {"machine": machine()}
    (arguments.out / "audit.json").write_text(json.dumps(told, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    print(f"{done.shipped} packages are shipped with wence, {done.checked} with what develops and tests it")
    for title, found in (("pins", done.pins), ("licences", done.licences)):
        print(f"{title}: {'as they should be' if not found else f'{len(found)} faults'}")
    looked = done.vulnerabilities
    if looked.service:
        print(
            f"vulnerabilities: {len(looked.found)} known to {looked.service} in {looked.checked} packages"
            + (f"; NOT looked up: {', '.join(looked.skipped)}" if looked.skipped else "")
        )
        for line in looked.accepted:
            print(f"  accepted: {line}")
    else:
        print(f"vulnerabilities: NOT LOOKED UP, no service could be asked ({'; '.join(looked.why)})")
    print(f"lists: {arguments.out}/sbom.json, licences.json, audit.json")
    faults = done.faults(arguments.strict)
    for fault in faults:
        print(f"  {fault}", file=sys.stderr)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
