"""Checks question files against the contract's shape and against the text that they ask about.

    python -m eval.check_questions FILE... --source PATH [--source PATH...]

Every answerable question needs answers, keys (`must_include`) and evidence; every evidence quote must stand in the
source word for word (after NFKC, white space left out), and every group of keys must be found in that evidence, on
number boundaries. An unanswerable question may hold none of the three; it has groups of terms instead (`absent`) that
show what was searched for: no paragraph of the source may hold all terms of a group. Paragraphs are those of the
articles that a snapshot is built of, with their titles, captions and other fields. Ids and questions are unique over
all FILEs. A source is a text file, an article file (`.jsonl`: title and text), or a folder of both.

Prints counts per type, style, reason (`why`) and difficulty, then each fault with its id.
Exit status: 0 no fault; 1 some questions are faulty; 2 nothing could be checked.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from eval.metrics.text import holds, normalised
from eval.question import UNANSWERABLE
from index.article import Article
from index.errors import SourceError
from index.reading import read_sources

TYPES = ("figure", "date", "entity", "definition", "list", "measure", "comparison", "multi", UNANSWERABLE)
ROLES = ("user", "assistant", "system")
TEXT_FIELDS = ("type", "article", "style", "difficulty", "why")
FACT_FIELDS = ("answers", "must_include", "evidence")
COUNTED = ("type", "style", "why", "difficulty")
SUFFIXES = (".txt", ".md", ".jsonl")
SEPARATOR = "\x00"  # keeps a quote from matching across two articles or files
SHOWN_CHARS = 40  # of a paragraph that contradicts a question


class CannotCheckError(Exception):
    """A file or source that cannot be read at all."""


@dataclass(frozen=True)
class Row:
    """One line of a question file: where it stands, and what it holds (None: not a JSON object)."""

    place: str
    data: dict[str, Any] | None

    @property
    def label(self) -> str:
        """The question's id, or its place where it has none."""
        identity = (self.data or {}).get("id")
        return identity if isinstance(identity, str) and identity else self.place


@dataclass(frozen=True)
class Source:
    """What the questions ask about, normalised: all of its text, and its paragraphs one by one."""

    text: str
    paragraphs: tuple[str, ...]

    def holding(self, terms: Sequence[str]) -> str | None:
        """The first paragraph that holds all terms on number boundaries; None where none does."""
        plain = [normalised(term) for term in terms]
        likely = (each for each in self.paragraphs if all(term in each for term in plain))
        return next((each for each in likely if all(holds(each, term) for term in plain)), None)


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise CannotCheckError(f"{path}: cannot be read ({error}); give a UTF-8 file that exists") from error


def _article_text(path: Path, number: int, line: str) -> str:
    try:
        article = json.loads(line)
        return f"{article['title']}{SEPARATOR}{article['text']}"
    except (ValueError, KeyError, TypeError) as error:
        raise CannotCheckError(f"{path}:{number}: not an article with title and text ({error!r})") from error


def _file_text(path: Path) -> str:
    text = _read(path)
    if path.suffix != ".jsonl":
        return text
    lines = enumerate(text.split("\n"), 1)
    return SEPARATOR.join(_article_text(path, number, line) for number, line in lines if line.strip())


def _paragraphs(files: list[Path]) -> list[str]:
    """Every paragraph, title, caption and other field of the articles in the files."""
    found: list[str] = []
    for read in read_sources(files):
        if isinstance(read, SourceError):
            raise CannotCheckError(str(read))
        if isinstance(read, Article):
            rest = (*read.authors, *read.captions, *read.metadata.values())
            found += [read.title, *read.text.split("\n"), *rest]
    return found


def load_source(paths: list[Path]) -> Source:
    """All sources as one."""
    files: list[Path] = []
    for path in paths:
        inside = sorted(p for p in path.rglob("*") if p.suffix in SUFFIXES and p.is_file()) if path.is_dir() else [path]
        if not inside:
            raise CannotCheckError(f"{path}: holds no {', '.join(SUFFIXES)} file")
        files += inside
    text = SEPARATOR.join(_file_text(path) for path in files)
    return Source(normalised(text), tuple(normalised(each) for each in _paragraphs(files)))


def load_rows(paths: list[Path]) -> list[Row]:
    """All questions of all files; a line that is no JSON object becomes a row without data."""
    rows: list[Row] = []
    for path in paths:
        for number, line in enumerate(_read(path).split("\n"), 1):
            if not line.strip():
                continue
            try:
                data = json.loads(line)
            except ValueError:
                data = None
            rows.append(Row(f"{path.name}:{number}", data if isinstance(data, dict) else None))
    if not rows:
        raise CannotCheckError("no question in any file")
    return rows


def _is_text(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _is_texts(value: object) -> bool:
    return isinstance(value, list) and bool(value) and all(_is_text(item) for item in value)


def _is_groups(value: object) -> bool:
    return isinstance(value, list) and bool(value) and all(_is_texts(group) for group in value)


def _is_turn(value: object) -> bool:
    return isinstance(value, dict) and value.get("role") in ROLES and _is_text(value.get("content"))


def _field_faults(data: dict[str, Any]) -> list[str]:
    faults = [f"{name}: missing, or not text" for name in ("id", "question") if not _is_text(data.get(name))]
    faults += [f"{name}: not text" for name in TEXT_FIELDS if name in data and not isinstance(data[name], str)]
    for name in ("answers", "evidence"):
        if name in data and not _is_texts(data[name]):
            faults.append(f"{name}: not a list of texts")
    for name in ("must_include", "absent"):
        if name in data and not _is_groups(data[name]):
            faults.append(f"{name}: not a list of lists of texts")
    turns = data.get("history", [{"role": "user", "content": "-"}])
    if not (isinstance(turns, list) and turns and all(_is_turn(turn) for turn in turns)):
        faults.append("history: not a list of turns with role and content")
    if not isinstance(data.get("unanswerable", False), bool):
        faults.append("unanswerable: not true or false")
    if isinstance(data.get("type"), str) and data["type"] not in TYPES:
        faults.append(f"type: {data['type']!r} is none of {', '.join(TYPES)}")
    if data.get("style") == "follow-up" and "history" not in data:
        faults.append("history: missing, though the style is follow-up")
    return faults


def _fact_faults(data: dict[str, Any], source: Source) -> list[str]:
    faults = [f"{name}: missing" for name in FACT_FIELDS if name not in data]
    if data.get("type") == UNANSWERABLE:
        faults.append("type: unanswerable, but the question is not marked so")
    if "absent" in data:
        faults.append("absent: not allowed in an answerable question")
    evidence: list[str] = data.get("evidence", [])
    faults += [f"evidence: not in the source: {quote}" for quote in evidence if normalised(quote) not in source.text]
    if evidence:
        for group in data.get("must_include", []):
            if not any(holds(quote, key) for quote in evidence for key in group):
                faults.append(f"must_include: not in the evidence: {' / '.join(group)}")
    return faults


def _unanswerable_faults(data: dict[str, Any], source: Source) -> list[str]:
    faults = [f"{name}: not allowed in an unanswerable question" for name in FACT_FIELDS if name in data]
    if data.get("type") != UNANSWERABLE:
        faults.append(f"type: {data.get('type')!r}, but the question is marked unanswerable")
    if "absent" not in data:
        faults.append("absent: missing; give groups of terms that no paragraph of the source holds together")
    for terms in data.get("absent", []):
        paragraph = source.holding(terms)
        if paragraph is not None:
            faults.append(f"absent: {' + '.join(terms)} stand together in: {paragraph[:SHOWN_CHARS]}")
    return faults


def question_faults(data: dict[str, Any] | None, source: Source) -> list[str]:
    """What is wrong with one question, looked at by itself."""
    if data is None:
        return ["not a JSON object"]
    faults = _field_faults(data)
    if faults:
        return faults
    return _unanswerable_faults(data, source) if data.get("unanswerable") else _fact_faults(data, source)


def _duplicate_faults(rows: list[Row]) -> list[tuple[str, str]]:
    """Ids and questions seen before; the same words after another history are another question."""
    faults: list[tuple[str, str]] = []
    seen: dict[tuple[str, str], str] = {}
    for row in rows:
        data = row.data or {}
        asked = normalised(str(data.get("question", ""))) + json.dumps(data.get("history"), sort_keys=True)
        keys = [("id", str(data.get("id", ""))), ("question", asked if data.get("question") else "")]
        for name, value in keys:
            if value and (name, value) in seen:
                faults.append((row.label, f"{name}: already at {seen[name, value]}"))
            elif value:
                seen[name, value] = row.place
    return faults


def check(rows: list[Row], source: Source) -> list[tuple[str, str]]:
    """All faults, each with the label of its question."""
    faults = [(row.label, fault) for row in rows for fault in question_faults(row.data, source)]
    return faults + _duplicate_faults(rows)


def _short(value: str) -> str:
    """A reason without its explanation: `not-given` of `not-given: searched …`."""
    return value.split(":", 1)[0].strip()


def report(rows: list[Row], faults: list[tuple[str, str]]) -> str:
    """Counts and faults, for people."""
    lines = [f"{len(rows)} questions"]
    for name in COUNTED:
        counts = Counter(_short(str(row.data[name])) for row in rows if row.data and name in row.data)
        if counts:
            lines.append(f"{name}: " + ", ".join(f"{value} {count}" for value, count in counts.most_common()))
    lines += [f"{label}: {fault}" for label, fault in faults]
    lines.append(f"{len(faults)} faults")
    return "\n".join(lines)


def main(arguments: list[str] | None = None) -> int:
    """Runs the command; returns its exit status."""
    parser = argparse.ArgumentParser(prog="python -m eval.check_questions", description="Checks question files.")
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE", help="question file (JSON Lines)")
    parser.add_argument(
        "--source", action="append", type=Path, required=True, metavar="PATH", help="what it asks about"
    )
    options = parser.parse_args(arguments)
    try:
        rows, source = load_rows(options.files), load_source(options.source)
    except CannotCheckError as error:
        print(error, file=sys.stderr)
        return 2
    faults = check(rows, source)
    print(report(rows, faults))
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
