"""Named sources in (files, folders, globs), single files out in a fixed order; opens nothing."""

import glob
import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from index.errors import SourceError

EXTENSIONS = (".txt", ".md", ".markdown", ".jsonl", ".html", ".htm", ".xhtml", ".docx", ".epub", ".pdf")
SIDECAR_SUFFIX = ".yaml"
"""A file `issue.txt.yaml` holds metadata of `issue.txt` and is no source of its own."""

GIVE = "give .txt, .md, .jsonl, .html, .docx, .epub or .pdf"
"""What to do about a source that is none of these."""


def find_files(sources: Iterable[str | Path]) -> Iterator[Path | SourceError]:
    """Each file once, in the order of `sources`, inside a folder sorted by path.

    Inside folders hidden files, README* and LICENSE* are passed over, and so are links that lead out of the folder;
    a file that is named itself is taken whatever its name. What cannot be found or has an unknown extension comes
    out as a SourceError in its place.
    """
    seen: set[Path] = set()
    for source in sources:
        for found in _expand(source):
            if isinstance(found, SourceError):
                yield found
                continue
            real = found.resolve()
            if real not in seen:
                seen.add(real)
                yield found if found.suffix.lower() in EXTENSIONS else _unknown_extension(found)


def shown(path: Path) -> str:
    """The path as text that can be printed and stored, whatever bytes its name is made of."""
    return os.fsencode(path).decode("utf-8", "replace")


def _expand(source: str | Path) -> Iterator[Path | SourceError]:
    path = Path(source)
    try:
        if path.is_dir():
            yield from _folder(path)
        elif path.exists():
            yield path if path.is_file() else SourceError(shown(path), "is no regular file; give a file or a folder")
        elif glob.has_magic(str(source)):
            yield from _matches(str(source))
        elif path.is_symlink():
            yield SourceError(shown(path), "is a link to nothing; give a file that exists")
        else:
            yield SourceError(shown(path), "does not exist; check the name")
    except (OSError, ValueError) as error:  # name too long, no permission, NUL in the name
        yield SourceError(str(source).encode("utf-8", "replace").decode(), f"cannot be looked at ({error}); check it")


def _matches(pattern: str) -> Iterator[Path | SourceError]:
    names = sorted(glob.glob(pattern, recursive=True))  # noqa: PTH207 - patterns may be absolute
    if not names:
        yield SourceError(pattern, "matches no file; check the pattern")
    for name in names:
        path = Path(name)
        if path.is_file():
            yield path
        elif path.is_dir() and "**" not in pattern:  # ** has already named what is inside
            yield from _folder(path)


def _folder(folder: Path) -> Iterator[Path | SourceError]:
    root, found = folder.resolve(), []
    refused: list[SourceError] = []

    def note(error: OSError) -> None:
        refused.append(SourceError(str(error.filename), f"cannot be opened ({error.strerror}); check its permissions"))

    for place, folders, names in os.walk(folder, onerror=note):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in names:
            path = Path(place, name)
            if name.startswith(".") or name.upper().startswith(("README", "LICENSE")) or not path.is_file():
                continue
            if path.suffix == SIDECAR_SUFFIX and Path(path.stem).suffix.lower() in EXTENSIONS:
                continue
            if not path.is_symlink() or path.resolve().is_relative_to(root):
                found.append(path)
    yield from refused
    if not found and not refused:
        yield SourceError(shown(folder), f"holds no documents; {GIVE} in it")
    yield from sorted(found)


def _unknown_extension(path: Path) -> SourceError:
    extension = path.suffix or "no extension"
    return SourceError(shown(path), f"is of a kind that is not read ({extension}); {GIVE}")
