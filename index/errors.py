"""The errors of the index package, each message saying what, which, and what to do.

WenceIndexError
├── SourceError          a source could not be read: missing, empty, binary, wrong encoding, no articles in it
├── SnapshotError        a snapshot is missing, broken, of another format, or made with another encoder
│   └── UnknownVersionError   a version that the snapshot folder does not keep
├── WriteError           the disk is full, read only or failing; what was there stays
├── MilvusError          Milvus is away, refuses, or holds nothing that fits the snapshot
└── UnknownArticleError  an article id that the snapshot does not hold
"""

from pathlib import Path


class WenceIndexError(Exception):
    """Base of every error that reading, indexing and retrieving raise on purpose."""


class SourceError(WenceIndexError):
    """One source cannot be used; the others can. `source` names it, `reason` says why and what to do."""

    def __init__(self, source: str, reason: str) -> None:
        super().__init__(f"{source}: {reason}")
        self.source = source
        self.reason = reason


class SnapshotError(WenceIndexError):
    """The snapshot cannot be opened or written as it stands."""


class UnknownVersionError(SnapshotError):
    """No version of this name is kept."""

    def __init__(self, name: str, folder: Path) -> None:
        what = f"no version {name!r} is kept" if name else "no earlier version is kept"
        super().__init__(f"{folder}: {what}; `wence versions` lists those that are")


class WriteError(WenceIndexError):
    """A file cannot be written; the version before stays the current one."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(
            f"{path}: cannot be written ({' '.join(reason.split())}); what was there stays as it was; see that the disk"
            " has room and may be written to, then do it again"
        )


class MilvusError(WenceIndexError):
    """Milvus cannot be searched or loaded as it stands."""


class UnknownArticleError(WenceIndexError):
    """No article of the snapshot has this id."""

    def __init__(self, article_id: str) -> None:
        super().__init__(f"no article has the id {article_id!r}; `wence articles` lists the ids")
        self.article_id = article_id
