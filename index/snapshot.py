"""A snapshot folder: immutable versions, one of them current. Opening verifies it; writing replaces it in one step.

    snapshot/
    ├── CURRENT               the name of the current version, replaced by rename
    ├── write.lock            held by the one process that writes
    └── versions/NAME/        manifest.json, store.sqlite, vectors.faiss, lexical/

Row i of the vectors, passage i of the store and lexical document i are the same passage.
"""

import hashlib
import json
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from shlex import quote
from typing import Any

from filelock import FileLock, Timeout

from embeddings import BUILT_IN, EncoderError, EncoderInfo, EncoderMismatchError
from index.dense import DenseIndex
from index.errors import SnapshotError
from index.lexical import LexicalIndex
from index.store import Store

FORMAT = 1
_NAME = re.compile(r"(?P<number>\d{6,})-(?P<digest>[0-9a-f]{8})")
_COMMIT_DIGITS, _HASH_DIGITS = 40, 16  # of a revision on the hub, and of a folder's
_OWN_FILES = frozenset({"CURRENT", "CURRENT.new", "write.lock", "versions"})


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a version holds. `files` maps each file to its size in bytes and its SHA-256."""

    format: int
    created: str
    encoder: dict[str, Any]
    articles: int
    passages: int
    files: dict[str, tuple[int, str]]


class Snapshot:
    """One verified version, open for reading. `name` identifies the version in every answer."""

    def __init__(self, folder: Path, name: str, manifest: Manifest) -> None:
        version = _versions(folder) / name
        self.folder = folder
        self.name = name
        self.manifest = manifest
        try:
            self.encoder = EncoderInfo.from_dict(manifest.encoder)
        except EncoderError as error:
            raise SnapshotError(f"{version / 'manifest.json'}: {error}") from error
        self.store = Store(version / "store.sqlite")
        self.lexical = LexicalIndex(version / "lexical")
        self.dense = DenseIndex(version / "vectors.faiss")
        if not len(self.dense) == self.store.passage_count == manifest.passages:
            raise SnapshotError(f"{version}: vectors, passages and manifest disagree; run `wence build` again")

    @classmethod
    def open(cls, folder: Path) -> "Snapshot":
        """The current version, each of its files checked against the manifest; SnapshotError says what to do."""
        name = current(folder)
        if name is None and (folder / "CURRENT").exists():
            raise SnapshotError(f"{folder / 'CURRENT'}: does not name a version; run `wence build` again")
        if name is None:
            raise SnapshotError(f"{folder}: no snapshot there; make one with `wence build SOURCE --snapshot {folder}`")
        version = _versions(folder) / name
        manifest = _read_manifest(version)
        for path, (size_bytes, digest) in manifest.files.items():
            file = version / path
            if not file.is_file() or file.stat().st_size != size_bytes or _digest(file) != digest:
                raise SnapshotError(f"{file}: missing or damaged; run `wence build` again")
        return cls(folder, name, manifest)

    def require(self, encoder: EncoderInfo) -> None:
        """Raise SnapshotError unless the vectors were made with this encoder."""
        try:
            self.encoder.require(encoder)
        except EncoderMismatchError as error:
            raise SnapshotError(
                f"{self.folder}: {error}; rebuild it with `wence build SOURCE... --snapshot {quote(str(self.folder))}`,"
                f" or go back to its encoder by {_settings_of(self.encoder, encoder)}"
            ) from error


def _settings_of(frozen: EncoderInfo, other: EncoderInfo) -> str:
    """The settings that name the frozen encoder: its name, and what else differs and can be set."""
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


def current(folder: Path) -> str | None:
    """The name of the current version, None when the folder has no file that names one."""
    try:
        name = (folder / "CURRENT").read_text(encoding="utf-8").strip()
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError, UnicodeDecodeError):
        return None
    return name if _NAME.fullmatch(name) else None


@contextmanager
def writing(folder: Path) -> Iterator[None]:
    """Hold the folder's writer lock; a second writer is refused, readers are never blocked."""
    if folder.exists() and current(folder) is None and _has_other_files(folder):
        raise SnapshotError(f"{folder}: not empty and not a snapshot; name another folder")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock = FileLock(folder / "write.lock", timeout=0)
        lock.acquire()
    except Timeout as error:
        raise SnapshotError(f"{folder}: another process is writing this snapshot; try again when it is done") from error
    except OSError as error:
        raise SnapshotError(f"{folder}: cannot be written ({error.strerror}); name another folder") from error
    try:
        yield
    finally:
        lock.release()


@contextmanager
def new_version(folder: Path, work: str | None = None) -> Iterator[Path]:
    """A folder to write a version into; it is thrown away unless `publish` has renamed it.

    With the name of a piece of `work`, the folder outlives an interruption, and who does the same work again gets it as
    it was left. Only for the holder of the writer lock: all other drafts that were left behind are removed.
    """
    draft = _versions(folder) / f".draft-{work or os.getpid()}"
    for left in _versions(folder).glob(".draft-*"):
        if work is None or left != draft:
            shutil.rmtree(left, ignore_errors=True)
    draft.mkdir(parents=True, exist_ok=True)
    try:
        yield draft
    except BaseException as error:
        if work is None or isinstance(error, SnapshotError):
            shutil.rmtree(draft, ignore_errors=True)
        raise
    shutil.rmtree(draft, ignore_errors=True)


def publish(folder: Path, draft: Path, created: str, encoder: EncoderInfo, articles: int, passages: int) -> str:
    """Make a written draft the current version and return its name; older versions but one are removed.

    Everything is on disk before the rename that makes it current, so a crash leaves the version before.
    """
    files = {str(path.relative_to(draft)): (path.stat().st_size, _digest(path)) for path in sorted(_files(draft))}
    manifest = Manifest(FORMAT, created, encoder.to_dict(), articles, passages, files)
    text = json.dumps(asdict(manifest), ensure_ascii=False, indent=1)
    (draft / "manifest.json").write_text(text, encoding="utf-8")
    for path in [*_files(draft), *(path for path in draft.rglob("*") if path.is_dir()), draft]:
        _sync(path)
    before = [match for path in _versions(folder).iterdir() if (match := _NAME.fullmatch(path.name))]
    number = max((int(match["number"]) for match in before), default=0) + 1
    name = f"{number:06d}-{_short_digest(text)}"
    draft.rename(_versions(folder) / name)
    _sync(_versions(folder))
    replaced = current(folder)
    _replace(folder / "CURRENT", f"{name}\n")
    for old in before:
        if old[0] != replaced:
            shutil.rmtree(_versions(folder) / old[0], ignore_errors=True)
    return name


def _versions(folder: Path) -> Path:
    return folder / "versions"


def _has_other_files(folder: Path) -> bool:
    return (
        not folder.is_dir()
        or (folder / "CURRENT").is_dir()
        or any(path.name not in _OWN_FILES for path in folder.iterdir())
    )


def _read_manifest(version: Path) -> Manifest:
    path = version / "manifest.json"
    try:
        text = path.read_text(encoding="utf-8")
        record = json.loads(text)
        if (found := record["format"]) != FORMAT:
            raise SnapshotError(f"{path}: format {found}, this wence reads {FORMAT}; run `wence build` again")
        if not version.name.endswith(_short_digest(text)):
            raise ValueError("not the manifest that this version is named for")
        return Manifest(**record)
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise SnapshotError(f"{path}: missing or damaged; run `wence build` again") from error


def _short_digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:8]


def _files(folder: Path) -> Iterator[Path]:
    return (path for path in folder.rglob("*") if path.is_file() and not path.name.endswith(".lock"))


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _replace(path: Path, text: str) -> None:
    beside = path.with_name(f"{path.name}.new")
    beside.write_text(text, encoding="utf-8")
    _sync(beside)
    beside.replace(path)
    _sync(path.parent)
