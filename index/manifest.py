"""A folder of files in, the manifest that lists them out, and back: what a version says that it holds. Reads no content."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from embeddings import EncoderInfo
from index.disk import sync
from index.errors import SnapshotError

FORMAT: Final = 2
READABLE: Final = (1, 2)
"""A version of format 1 has no `clauses.npy`; it is read as it is, and the first change writes one of format 2."""

SCRATCH: Final = ".rows"
"""Ending of what a draft needs until it is published and a version does not have."""

_FILE: Final = "manifest.json"


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a version holds. `files` maps each file to its size in bytes and its SHA-256; `dense` tells how the vectors
    are searched and the recall measured (`index.dense_kinds.Dense`), nothing in a version that knew one way only.
    """

    format: int
    created: str
    encoder: dict[str, Any]
    articles: int
    passages: int
    files: dict[str, tuple[int, str]]
    dense: dict[str, Any] = field(default_factory=dict)


def read_manifest(version: Path) -> Manifest:
    """What a version says of itself. Raises SnapshotError, saying what to do."""
    path = version / _FILE
    try:
        text = path.read_text(encoding="utf-8")
        record = json.loads(text)
        if (found := record["format"]) not in READABLE:
            newer = "use the wence that wrote it, or " if isinstance(found, int) and found > FORMAT else ""
            raise SnapshotError(f"{path}: format {found}, this wence reads {FORMAT}; {newer}run `wence build` again")
        if not version.name.endswith(_short_digest(text)):
            raise ValueError("not the manifest that this version is named for")
        return Manifest(**record)
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise SnapshotError(f"{path}: missing or damaged; run `wence build` again") from error


def write_manifest(
    draft: Path,
    encoder: EncoderInfo,
    articles: int,
    passages: int,
    *,
    dense: Mapping[str, Any] | None = None,
    before: Path | None = None,
) -> str:
    """List the files of a draft, all of them on disk by then; returns the digest that its version is to be named for.

    Files that the version `before` has as well (the same file, by a link) are neither read nor written again. `dense` is
    that of `before` where it is not given.
    """
    earlier = read_manifest(before) if before else None
    known = earlier.files if earlier else {}
    dense = dict(dense or (earlier.dense if earlier else {}))
    (draft / _FILE).unlink(missing_ok=True)  # of a publishing that was interrupted
    files: dict[str, tuple[int, str]] = {}
    for path in sorted(_files(draft)):
        name = str(path.relative_to(draft))
        if before and name in known and path.samefile(before / name):
            files[name] = known[name]
            continue
        files[name] = path.stat().st_size, digest_of(path)
        sync(path)
    created = datetime.now(UTC).isoformat(timespec="seconds")
    manifest = Manifest(FORMAT, created, encoder.to_dict(), articles, passages, files, dense)
    text = json.dumps(asdict(manifest), ensure_ascii=False, indent=1)
    (draft / _FILE).write_text(text, encoding="utf-8")
    for path in (draft / _FILE, *(path for path in draft.rglob("*") if path.is_dir()), draft):
        sync(path)
    return _short_digest(text)


def digest_of(path: Path) -> str:
    """The SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _short_digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:8]


def _files(folder: Path) -> Iterator[Path]:
    return (path for path in folder.rglob("*") if path.is_file() and path.suffix not in (".lock", SCRATCH))
