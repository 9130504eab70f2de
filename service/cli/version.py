"""Which wence this is, as text: its version, the formats it reads and writes, the models it carries. Reads no setting."""

import hashlib
import sys
from argparse import Action, ArgumentParser
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from embeddings import BUILT_IN, load_encoder, models_folder
from index.manifest import FORMAT, READABLE
from service.records.tables import VERSION


def about() -> str:
    """The version alone on the first line; pyproject.toml is where it is set."""
    older = "".join(f", reads {known}" for known in READABLE if known != FORMAT)
    models = "".join(f"\n{folder.name} {_hash(folder)}" for folder in sorted(models_folder().glob("wence-*")))
    return f"wence {_version()}\nsnapshot format {FORMAT}{older}; records {VERSION}{models}"


class VersionAction(Action):
    """`--version`: prints, and ends the process; what is printed is put together only then."""

    def __init__(self, option_strings: list[str], dest: str, **_: Any) -> None:
        super().__init__(option_strings, dest, nargs=0, help="show the version, the formats and the models")

    def __call__(self, parser: ArgumentParser, *_: Any) -> None:
        print(about())
        parser.exit()


def _version() -> str:
    try:
        return version("wence")
    except PackageNotFoundError:
        return f"(not installed, {Path(sys.argv[0]).name})"


def _hash(folder: Path) -> str:
    """Sixteen hexadecimal digits over what a model is made of: of the encoder, those that snapshots know it by."""
    if folder.name == BUILT_IN:
        return load_encoder().info.revision
    digest = hashlib.sha256()
    for path in sorted(folder.iterdir()):
        if path.name != "README.md":
            digest.update(f"{path.name}\x1f{path.stat().st_size}\x1f".encode() + path.read_bytes())
    return digest.hexdigest()[:16]
