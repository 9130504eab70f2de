"""A written draft in, the current version of a snapshot folder out: lock, publish, list, go back. Reads no content.

    snapshot/
    ├── CURRENT               the name of the current version, replaced by rename
    ├── write.lock            held by the one process that writes
    └── versions/NAME/        manifest.json and the files that it lists

A version never changes. Versions share the files that are the same in them (hard links), so a small change writes
little. One that somebody reads is locked (shared) and is not removed.
"""

import fcntl
import os
import re
import shutil
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Final

from filelock import FileLock, Timeout

from embeddings import EncoderInfo
from index.disk import as_write_error, sync
from index.errors import SnapshotError, UnknownVersionError
from index.manifest import SCRATCH, write_manifest

KEPT: Final = 2
"""How many versions are kept: the current one and those to go back to."""

NAME: Final = re.compile(r"(?P<number>\d{6,})-(?P<digest>[0-9a-f]{8})")
_OWN_FILES = frozenset({"CURRENT", "CURRENT.new", "write.lock", "milvus.lock", "versions"})


def current(folder: Path) -> str | None:
    """The name of the current version, None when the folder has no file that names one."""
    try:
        name = (folder / "CURRENT").read_text(encoding="utf-8").strip()
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError, UnicodeDecodeError):
        return None
    return name if NAME.fullmatch(name) else None


def path_of(folder: Path, name: str) -> Path:
    """Where a version stands."""
    return folder / "versions" / name


def kept(folder: Path) -> list[str]:
    """The names of the versions that are there, oldest first."""
    versions = folder / "versions"
    names = [path.name for path in versions.iterdir() if NAME.fullmatch(path.name)] if versions.is_dir() else []
    return sorted(names, key=_number)


@contextmanager
def writing(folder: Path) -> Iterator[None]:
    """Hold the folder's writer lock; a second writer is refused, readers are never blocked. What the disk refuses
    meanwhile is raised as WriteError.
    """
    if folder.exists() and current(folder) is None and _has_other_files(folder):
        raise SnapshotError(f"{folder}: not empty and not a snapshot; name another folder")
    try:
        with as_write_error(folder):
            folder.mkdir(parents=True, exist_ok=True)
            lock = FileLock(folder / "write.lock", timeout=0)
            lock.acquire()
    except Timeout as error:
        raise SnapshotError(f"{folder}: another process is writing this snapshot; try again when it is done") from error
    except OSError as error:
        raise SnapshotError(f"{folder}: cannot be written ({error.strerror}); name another folder") from error
    try:
        with as_write_error(folder):
            yield
    finally:
        lock.release()


@contextmanager
def new_version(folder: Path, work: str | None = None) -> Iterator[Path]:
    """A folder to write a version into; it is thrown away unless `publish` has renamed it.

    With the name of a piece of `work`, the folder outlives an interruption, and who does the same work again gets it as
    it was left. Only for the holder of the writer lock: all other drafts that were left behind are removed.
    """
    draft = path_of(folder, f".draft-{work or os.getpid()}")
    for left in draft.parent.glob(".draft-*"):
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


def take_over(version: Path, draft: Path, names: Collection[str]) -> None:
    """Give a draft the files of a version, as links; an engine's lists of its files (.json) it gets as its own."""
    for name in names:
        (draft / name).parent.mkdir(exist_ok=True)
        try:
            (shutil.copy2 if name.endswith(".json") else os.link)(version / name, draft / name)
        except OSError:  # a file system without links
            shutil.copy2(version / name, draft / name)


def publish(
    folder: Path,
    draft: Path,
    encoder: EncoderInfo,
    articles: int,
    passages: int,
    *,
    dense: Mapping[str, Any] | None = None,
    before: Path | None = None,
    keep: int = KEPT,
) -> str:
    """Make a written draft the current version and return its name; of the others the newest are kept, `keep` in all.

    Everything is on disk before the rename that makes it current, so a crash leaves the version before. `dense` and
    `before` are as for `write_manifest`.
    """
    digest = write_manifest(draft, encoder, articles, passages, dense=dense, before=before)
    number = max(map(_number, kept(folder)), default=0) + 1
    name = f"{number:06d}-{digest}"
    for path in draft.glob(f"*{SCRATCH}"):
        path.unlink()
    draft.rename(path_of(folder, name))
    sync(folder / "versions")
    replaced = current(folder)
    try:
        make_current(folder, name)
    except OSError:
        if current(folder) != name:
            shutil.rmtree(path_of(folder, name), ignore_errors=True)
        raise
    _prune(folder, [name, *([replaced] if replaced else [])], keep)
    return name


def previous(folder: Path) -> str:
    """The newest version before the current one. Raises UnknownVersionError when none is kept."""
    now = current(folder)
    earlier = [name for name in kept(folder) if now is None or _number(name) < _number(now)]
    if not earlier:
        raise UnknownVersionError("", folder)
    return earlier[-1]


def make_current(folder: Path, name: str) -> None:
    """Make a version that is kept the current one. Only for the holder of the writer lock."""
    _replace(folder / "CURRENT", f"{name}\n")


def hold(version: Path) -> int:
    """Keep a version from being removed until the descriptor given is closed. Raises SnapshotError when it is not there."""
    try:
        descriptor = os.open(version, os.O_RDONLY)
    except OSError as error:
        raise SnapshotError(f"{version / 'manifest.json'}: missing or damaged; run `wence build` again") from error
    with suppress(OSError):  # a file system without locks; a version is then kept by its number alone
        fcntl.flock(descriptor, fcntl.LOCK_SH)
    return descriptor


def _prune(folder: Path, first: list[str], keep: int) -> None:
    """Remove all versions but `keep`: those named first, then the newest; one that is being read stays until later."""
    order = list(dict.fromkeys((*first, *reversed(kept(folder)))))
    for name in order[max(1, keep) :]:
        version = path_of(folder, name)
        try:
            descriptor = os.open(version, os.O_RDONLY)
        except OSError:
            continue
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(version, ignore_errors=True)
        except OSError:
            continue  # somebody reads it
        finally:
            os.close(descriptor)


def _number(name: str) -> int:
    return int(name.split("-", maxsplit=1)[0])


def _has_other_files(folder: Path) -> bool:
    return (
        not folder.is_dir()
        or (folder / "CURRENT").is_dir()
        or any(path.name not in _OWN_FILES for path in folder.iterdir())
    )


def _replace(path: Path, text: str) -> None:
    beside = path.with_name(f"{path.name}.new")
    beside.write_text(text, encoding="utf-8")
    sync(beside)
    beside.replace(path)
    sync(path.parent)
