"""An article: the unit that is read, listed, shown and cited. Knows nothing of files, passages or engines."""

import hashlib
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field

_SCRIPTS = tuple(map(re.compile, ("[\u3400-\u9fff\U00020000-\U0003ffff]", "[\u3040-\u30ff]", "[A-Za-z]")))
_SCRIPT_SAMPLE = 2000


@dataclass(frozen=True, slots=True)
class Article:
    """One article in reading form.

    `text` is the body: one paragraph or sub-heading a line, nothing else between them. Every offset in the
    project counts code points of it. `captions` (photo captions, boxes of figures) are kept beside the body.
    `metadata` holds what else is known: subtitle, kicker, role of the authors, whatever the source gave.
    """

    id: str
    title: str
    text: str
    authors: tuple[str, ...] = ()
    column: str = ""
    issue: str = ""
    date: str | None = None
    page: str | None = None
    captions: tuple[str, ...] = ()
    source: str = ""
    metadata: Mapping[str, str] = field(default_factory=dict)

    @property
    def content_hash(self) -> str:
        """Hex digest over all that is embedded or shown; equal hashes mean that nothing needs encoding again."""
        parts = (self.title, self.text, *self.authors, "\0", self.column, self.issue, self.date or "", self.page or "")
        rest = (*self.captions, *(f"{key}={self.metadata[key]}" for key in sorted(self.metadata)))
        return hashlib.sha256("\x1f".join((*parts, *rest)).encode()).hexdigest()

    @property
    def year(self) -> int | None:
        """The year in which it came out, which it calls 今年: that of its date, or else what `metadata` says."""
        told = (self.date or self.metadata.get("year", ""))[:4]
        return int(told) if len(told) == 4 and told.isascii() and told.isdigit() else None

    @property
    def language(self) -> str:
        """The language by its script, as an ISO 639 code: zh, ja (kana among Han), en (Latin), und where neither."""
        letters = [character for character in self.text[:_SCRIPT_SAMPLE] if character.isalpha()]
        han, kana, latin = (sum(bool(script.match(letter)) for letter in letters) for script in _SCRIPTS)
        if kana > len(letters) * 0.1:
            return "ja"
        return "zh" if han * 3 > latin else "en" if latin else "und"

    @property
    def reference(self) -> str:
        """The citation a person would write, with whatever of it is known: 作者：《标题》，《刊名》2024年第12期，第46页."""
        authors = "、".join(self.authors)
        issue = self.issue if not self.issue or "《" in self.issue else f"《{self.issue}》"
        page = f"第{self.page}页" if self.page else ""
        tail = "，".join(part for part in (issue, "" if issue else self.date or "", page) if part)
        return "".join((f"{authors}：" if authors else "", f"《{self.title}》", f"，{tail}" if tail else ""))


def article_id(title: str, authors: tuple[str, ...] = (), issue: str = "", date: str | None = None) -> str:
    """A stable id made from what names an article, so that it survives an edit of the body.

    Twelve hexadecimal digits; width, spacing and case of the parts do not matter.
    """
    folded = "\x1f".join(_folded(part) for part in (title, "、".join(authors), issue, date or ""))
    return hashlib.sha256(folded.encode()).hexdigest()[:12]


def _folded(name: str) -> str:
    return "".join(unicodedata.normalize("NFKC", name).split()).casefold()
