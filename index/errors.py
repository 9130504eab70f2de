"""The errors of the index package, each message saying what, which, and what to do.

WenceIndexError
├── SourceError          a source could not be read: missing, empty, binary, wrong encoding, no articles in it
├── SnapshotError        a snapshot is missing, broken, of another format, or made with another encoder
└── UnknownArticleError  an article id that the snapshot does not hold
"""


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


class UnknownArticleError(WenceIndexError):
    """No article of the snapshot has this id."""

    def __init__(self, article_id: str) -> None:
        super().__init__(f"no article has the id {article_id!r}; `wence articles` lists the ids")
        self.article_id = article_id
