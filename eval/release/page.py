"""The built chat page and its package-lock in, the packages that are in its files out: name, version and licence of each."""

import json
from pathlib import Path
from typing import Any


def bundled(root: Path) -> list[dict[str, str]]:
    """Those of which the page carries the licence, as `licences.listed` tells of Python's."""
    web = root / "service" / "web"
    lines = set((web / "licences.txt").read_text(encoding="utf-8").splitlines())
    locked = json.loads((web / "source" / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    named = {path.rpartition("node_modules/")[2]: facts for path, facts in locked.items() if path}
    return [
        {"Name": name, "Version": facts["version"], "License": facts.get("license", "")}
        for name, facts in sorted(named.items())
        if name in lines
    ]


def add_to_sbom(sbom: dict[str, Any], rows: list[dict[str, str]]) -> None:
    """Have a CycloneDX document tell of them, as parts of the whole."""
    (whole,) = (one for one in sbom["dependencies"] if one["ref"] == sbom["metadata"]["component"]["bom-ref"])
    for row in rows:
        address = f"pkg:npm/{row['Name'].replace('@', '%40')}@{row['Version']}"
        licence = {"license": {"id": row["License"], "acknowledgement": "declared"}}
        about = {"type": "library", "name": row["Name"], "version": row["Version"], "purl": address}
        sbom["components"].append(about | {"bom-ref": address, "licenses": [licence]})
        sbom["dependencies"].append({"ref": address})
        whole["dependsOn"].append(address)
