"""A snapshot folder in, its current version out, verified and open for reading. Writes nothing.

A version's files: `store.sqlite` `vectors.faiss` `clauses.npy`, what was changed since they were written (`changes.*`,
absent where nothing was), and `lexical/`. Row i of the vectors, passage i of the store and lexical document i are the
same passage; the rows of passages that are gone stay empty until the version is compacted.
"""

import os
from pathlib import Path
from shlex import quote
from typing import Final
from weakref import finalize

from embeddings import BUILT_IN, EncoderError, EncoderInfo, EncoderMismatchError
from index.dense import DenseIndex
from index.errors import SnapshotError, UnknownVersionError
from index.lexical import LexicalIndex
from index.manifest import Manifest, digest_of, read_manifest
from index.store import Store
from index.versions import current, hold, kept, path_of

_COMMIT_DIGITS, _HASH_DIGITS = 40, 16  # of a revision on the hub, and of a folder's
_MOST_REMEMBERED: Final = 10_000
_sound: set[tuple[int, int, int, int, str]] = set()
"""Files that this process has found to match their digest: device, inode, size, time of change, digest. Versions share
files, so that taking up the next one need not read everything again.
"""


class Snapshot:
    """One version, open for reading. `name` identifies the version in every answer."""

    def __init__(self, folder: Path, name: str, manifest: Manifest) -> None:
        version = path_of(folder, name)
        self.folder = folder
        self.name = name
        self.path = version
        self.manifest = manifest
        try:
            self.encoder = EncoderInfo.from_dict(manifest.encoder)
        except EncoderError as error:
            raise SnapshotError(f"{version / 'manifest.json'}: {error}") from error
        changed = "changes.sqlite" in manifest.files
        self.store = Store(version / "store.sqlite", version / "changes.sqlite" if changed else None)
        self.lexical = LexicalIndex(version / "lexical")
        changes = version / "changes.faiss" if changed else None
        self.dense = DenseIndex(version / "vectors.faiss", changes, manifest.dense.get("width", 0))
        if len(self.dense) != self.store.passage_count:
            self.dense.leave_out(self.store.empty_rows(len(self.dense)))
        if not self.dense.count == self.store.passage_count == manifest.passages:
            raise SnapshotError(f"{version}: vectors, passages and manifest disagree; run `wence build` again")

    @classmethod
    def open(cls, folder: Path, name: str | None = None, *, hashed: bool = True) -> "Snapshot":
        """The current version or the one named, each file checked against the manifest; SnapshotError says what to do.

        With `hashed` false only the sizes of the files are checked. The version is not removed while it is open.
        """
        wanted = name or current(folder)
        if wanted is None and (folder / "CURRENT").exists():
            raise SnapshotError(
                f"{folder / 'CURRENT'}: does not name a version; run `wence build` again{_way_back(folder)}"
            )
        if wanted is None:
            raise SnapshotError(f"{folder}: no snapshot there; make one with `wence build SOURCE --snapshot {folder}`")
        if name is not None and name not in kept(folder):
            raise UnknownVersionError(name, folder)
        version = path_of(folder, wanted)
        try:
            descriptor = hold(version)
            try:
                manifest = read_manifest(version)
                _require_whole(version, manifest, hashed)
                opened = cls(folder, wanted, manifest)
            except BaseException:
                os.close(descriptor)
                raise
            finalize(opened, os.close, descriptor)
        except SnapshotError as error:
            if name is not None:
                raise
            if current(folder) != wanted:  # replaced and removed just before it was held
                return cls.open(folder, hashed=hashed)
            raise SnapshotError(f"{error}{_way_back(folder, wanted)}") from error
        return opened

    def require(self, encoder: EncoderInfo) -> None:
        """Raise SnapshotError unless the vectors were made with this encoder."""
        try:
            self.encoder.require(encoder)
        except EncoderMismatchError as error:
            back = _settings_of(self.encoder, encoder)
            raise SnapshotError(
                f"{self.folder}: {error}; run `wence upgrade --snapshot {quote(str(self.folder))}`, which keeps its"
                " articles and encodes them anew" + (f", or go back to its encoder by {back}" if back else "")
            ) from error


def _require_whole(version: Path, manifest: Manifest, hashed: bool) -> None:
    for path, (size_bytes, digest) in manifest.files.items():
        if (fault := fault_of(version / path, size_bytes, digest if hashed else None)) is not None:
            raise SnapshotError(fault)


def _way_back(folder: Path, broken: str | None = None) -> str:
    """What else can be done where another version is kept."""
    others = [name for name in kept(folder) if name != broken]
    return f", or go back with `wence rollback {others[-1]}`" if others else ""


def fault_of(file: Path, size_bytes: int, digest: str | None) -> str | None:
    """What is wrong with a file, or None; its content is read unless `digest` is None or it is known to be sound."""
    fault = f"{file}: missing or damaged; run `wence build` again"
    try:
        found = file.stat()
        if not file.is_file() or found.st_size != size_bytes:
            return fault
        if digest is not None:
            key = found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns, digest
            if key not in _sound:
                if digest_of(file) != digest:
                    return fault
                if len(_sound) >= _MOST_REMEMBERED:
                    _sound.clear()
                _sound.add(key)
    except OSError:
        return fault
    return None


def _settings_of(frozen: EncoderInfo, other: EncoderInfo) -> str:
    """The settings that name the frozen encoder: its name, and what else differs and can be set; none where it was
    built in and is no more.
    """
    if frozen.name == other.name == BUILT_IN and frozen.revision != other.revision:
        return ""
    folder = len(frozen.revision) == _HASH_DIGITS and frozen.name != BUILT_IN
    wanted = {"WENCE_ENCODER": f"…/{frozen.name}" if folder else frozen.name}
    if frozen.revision != other.revision and _COMMIT_DIGITS in (len(frozen.revision), len(other.revision)):
        wanted["WENCE_ENCODER_REVISION"] = frozen.revision if len(frozen.revision) == _COMMIT_DIGITS else ""
    for name in ("dimension", "question_prefix", "passage_prefix"):
        if getattr(frozen, name) != getattr(other, name):
            wanted[f"WENCE_ENCODER_{name.upper()}"] = str(getattr(frozen, name))
    if frozen.precision != other.precision and "int8" in (frozen.precision, other.precision):
        wanted["WENCE_ENCODER_BACKEND"] = "onnx-int8" if frozen.precision == "int8" else "torch"
    if "" in (frozen.precision, other.precision) and frozen.precision != other.precision:  # one is an endpoint's
        wanted["WENCE_ENCODER_URL"] = "" if frozen.precision else "http://…/v1"
    return " ".join(f"{name}={quote(value)}" for name, value in wanted.items())
