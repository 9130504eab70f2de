"""JSON Lines and text files in, training documents out. Knows the fields of such files, no tokens and no vectors."""

from __future__ import annotations

import json
import lzma
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from pathlib import Path
from typing import Any

from embeddings.errors import EncoderError
from embeddings.training.pairs import Document, cut_passages, split_sentences

MOST_PASSAGES = 12
_ROWS = (".jsonl", ".jsonl.xz")
_TEXTS = (".txt", ".md")
_TITLE_CHARS = 60
_PASSAGE_CHARS = 200


def read_rows(path: Path) -> Iterator[Mapping[str, Any]]:
    """The objects of a .jsonl or .jsonl.xz file, in order. Raises EncoderError where a line is none."""
    with (lzma.open if path.suffix == ".xz" else open)(path, "rt", encoding="utf-8") as lines:
        for number, line in enumerate(lines, start=1):
            try:
                row = json.loads(line)
            except ValueError as error:
                raise EncoderError(f"{path}:{number} is no JSON ({error}): correct or remove the line") from error
            if not isinstance(row, dict):
                raise EncoderError(f"{path}:{number} is no JSON object: correct or remove the line")
            yield row


def source_files(paths: Sequence[Path]) -> list[list[Path]]:
    """The readable files of each source, a file or a folder of any depth. Raises EncoderError where there are none."""
    found: list[list[Path]] = []
    for path in paths:
        inside = sorted(p for p in path.rglob("[!.]*") if p.is_file()) if path.is_dir() else [path]
        files = [p for p in inside if p.name.lower().endswith((*_ROWS, *_TEXTS))]
        if not files:
            raise EncoderError(
                f"{path} holds no text to train on: give {', '.join((*_ROWS, *_TEXTS))} or a folder of them"
            )
        found.append(files)
    return found


def read_documents(paths: Sequence[Path], *, hold_out: int = 0, left_out: bool = False) -> list[Document]:
    """Documents: rows {text, title?} and text files are articles, rows {context, question, answers} asked passages.

    With `hold_out` = n, articles 0, n, 2n … of each source are left out: something unseen to measure on. With
    `left_out` it is these alone that are returned, and no asked passages.
    """
    documents: list[Document] = []
    asked: dict[str, list[Mapping[str, Any]]] = {}
    for files in source_files(paths):
        for number, row in enumerate(chain.from_iterable(map(_rows_of, files))):
            if "context" in row:
                asked.setdefault(row["context"], []).append(row)
            elif row.get("text") and left_out == bool(hold_out and number % hold_out == 0):
                title, text = _titled(row)
                passages = cut_passages(text, characters=_PASSAGE_CHARS)[:MOST_PASSAGES]
                if passages:
                    documents.append(Document(title, tuple(passages)))
    if not left_out:
        documents.extend(d for context, rows in asked.items() if (d := _asked_document(context, rows)))
    return documents


def _rows_of(path: Path) -> Iterator[Mapping[str, Any]]:
    if path.name.lower().endswith(_ROWS):
        yield from read_rows(path)
        return
    try:
        yield {"text": path.read_text(encoding="utf-8-sig")}
    except UnicodeDecodeError as error:
        raise EncoderError(f"{path} is not UTF-8 ({error.reason}): convert or remove it") from error


def _titled(row: Mapping[str, Any]) -> tuple[str, str]:
    """Title and body; where no title is given, a short first line without an end mark is one."""
    title, text = str(row.get("title") or "").strip(), str(row["text"]).strip()
    if title:
        return title, text
    line, _, rest = text.partition("\n")
    line = line.lstrip("#").strip()
    short = line and len(line) <= _TITLE_CHARS and line[-1] not in "。！？!?；;，,：:"
    return (line, rest) if short and rest.strip() else ("", text)


def _asked_document(context: str, rows: Sequence[Mapping[str, Any]]) -> Document | None:
    passages = tuple(cut_passages(context, characters=_PASSAGE_CHARS))
    asked = tuple((row["question"], at) for row in rows if (at := _answering(passages, context, row)) is not None)
    return Document(str(rows[0].get("title", "")), passages, asked) if passages and asked else None


def _answering(passages: Sequence[str], context: str, row: Mapping[str, Any]) -> int | None:
    """Which passage holds the first answer's start; None for an unanswerable question."""
    if not row.get("answers"):
        return None
    before = "".join(split_sentences(context[: row["answers"][0]["start"] + 1]))
    reached = 0
    for at, passage in enumerate(passages):
        reached += len(passage)
        if reached >= len(before):
            return at
    return None
