"""The bytes of a zip package (.docx, .epub) in, its members out, within limits on what they may unpack to.

Nothing is ever written to disk, and a member is found by its name in the package alone, so that `../` leads nowhere.
"""

import io
import posixpath
import zipfile
import zlib
from urllib.parse import unquote

MAX_ENTRIES = 10_000
MAX_UNPACKED_BYTES = 256 * 2**20
MAX_MARKUP_BYTES = 32 * 2**20  # xml, html: what is parsed into a tree several times its size
MAX_RATIO = 200  # text packs 5 to 60 to one; a bomb 1000 to one
_RATIO_FROM_BYTES = 2**20
MAX_TAGS = 1_500_000
_MARKUP = (".xml", ".rels", ".xhtml", ".html", ".htm", ".opf", ".ncx")


class ArchiveError(ValueError):
    """The package is damaged, protected or would unpack to too much; the message says what to do."""


class Archive:
    """A zip package whose sizes were looked at before anything was unpacked."""

    def __init__(self, data: bytes) -> None:
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
            self._entries = {entry.filename: entry for entry in self._zip.infolist()}
        except (zipfile.BadZipFile, ValueError, OverflowError, NotImplementedError, OSError) as error:
            raise ArchiveError(f"is a damaged zip package ({brief(error)}); get the file again") from None
        self._check(self._zip.infolist())

    @property
    def names(self) -> frozenset[str]:
        return frozenset(self._entries)

    def read(self, name: str) -> bytes:
        """One member's bytes. Raises ArchiveError when it is missing or damaged."""
        entry = self._entries.get(name)
        if entry is None:
            raise ArchiveError(f"lacks its part {name[:100]!r}, so it is damaged; save it again")
        try:
            data = self._zip.read(entry)
        except (
            zipfile.BadZipFile,
            zlib.error,
            EOFError,
            OSError,
            ValueError,
            NotImplementedError,
            RuntimeError,
        ) as error:
            raise ArchiveError(f"is damaged in its part {name[:100]!r} ({brief(error)}); get the file again") from None
        check_tags(data)
        return data

    @staticmethod
    def _check(entries: list[zipfile.ZipInfo]) -> None:
        if len(entries) > MAX_ENTRIES:
            raise ArchiveError(f"holds {len(entries)} parts, more than {MAX_ENTRIES}; split it into smaller files")
        if any(entry.flag_bits & 1 for entry in entries):
            raise ArchiveError("is protected by a password; save it without one")
        unpacked = sum(entry.file_size for entry in entries)
        markup = sum(entry.file_size for entry in entries if entry.filename.lower().endswith(_MARKUP))
        for size, limit, of in ((unpacked, MAX_UNPACKED_BYTES, ""), (markup, MAX_MARKUP_BYTES, " of markup")):
            if size > limit:
                told = f"would unpack to {size / 2**20:.0f} MB{of}, more than {limit // 2**20} MB"
                raise ArchiveError(f"{told}; split it into smaller files")
        for entry in entries:
            if entry.file_size > max(_RATIO_FROM_BYTES, entry.compress_size * MAX_RATIO):
                told = (
                    f"part {entry.filename[:100]!r} unpacks to more than {MAX_RATIO} times its size, as a zip bomb does"
                )
                raise ArchiveError(f"{told}; open the document and save it again")


def resolve(base: str, href: str) -> str:
    """The member that `href` names when it stands in the member `base`, without its fragment."""
    path = unquote(href.split("#", maxsplit=1)[0].split("?", maxsplit=1)[0])
    return posixpath.normpath(posixpath.join(posixpath.dirname(base), path)).lstrip("/") if path else base


def check_tags(data: bytes, limit: int = MAX_TAGS) -> None:
    """Raises ArchiveError for markup with so many tags that its tree would fill the memory or take long to read."""
    if len(data) > limit and data.count(b"<") > limit:
        raise ArchiveError(f"holds more than {limit:,} tags; split it into smaller files")


def brief(error: object) -> str:
    """What a parser says, short and on one line, to stand inside a message."""
    return " ".join(str(error).split())[:80].replace(";", ",") or type(error).__name__
