"""JSON Lines files in, training documents out. Knows the fields of such files, no tokens and no vectors."""

from __future__ import annotations

import json
import lzma
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from embeddings.errors import EncoderError
from embeddings.training.pairs import Document, cut_passages, split_sentences

MOST_PASSAGES = 12


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


def read_documents(paths: Sequence[Path], *, hold_out: int = 0) -> list[Document]:
    """Documents of all files: rows {text, title?} are articles, rows {context, question, answers} asked passages.

    With `hold_out` = n, article rows 0, n, 2n … of each file are left out: something unseen to measure on.
    """
    documents: list[Document] = []
    asked: dict[str, list[Mapping[str, Any]]] = {}
    for path in paths:
        for number, row in enumerate(read_rows(path)):
            if "context" in row:
                asked.setdefault(row["context"], []).append(row)
            elif row.get("text") and not (hold_out and number % hold_out == 0):
                passages = cut_passages(row["text"])[:MOST_PASSAGES]
                if passages:
                    documents.append(Document(str(row.get("title", "")).strip(), tuple(passages)))
    documents.extend(d for context, rows in asked.items() if (d := _asked_document(context, rows)))
    return documents


def _asked_document(context: str, rows: Sequence[Mapping[str, Any]]) -> Document | None:
    passages = tuple(cut_passages(context))
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
