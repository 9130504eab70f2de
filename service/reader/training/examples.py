"""Texts and question files in, examples of reading out: a question, a context, and where in it the answer stands."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

from embeddings.training.documents import read_rows, source_files
from index.sentences import sentence_spans
from service.errors import ModelError
from service.spans.training.selfmade import ask

_UNANSWERABLE = 0.25
"""Share of self-made questions that are put to another part of their text."""

_EACH_CHARS = 150
"""A text is asked one question for this many characters."""


@dataclass(frozen=True, slots=True)
class Example:
    """`context[start:end]` answers the question; start = end = 0 where nothing does. `asked` by people, or self-made."""

    question: str
    context: str
    start: int
    end: int
    asked: bool


def read_texts(paths: Sequence[Path]) -> list[tuple[str, str]]:
    """(title, text) of every article of the sources: text files, or rows {text, title?}. Raises EncoderError, ModelError."""
    found: list[tuple[str, str]] = []
    for path in (path for files in source_files(paths) for path in files):
        if ".jsonl" in path.name.lower():
            rows = (row for row in read_rows(path) if row.get("text"))
            found.extend((str(row.get("title") or "").strip(), str(row["text"])) for row in rows)
            continue
        try:
            found.append(("", path.read_text(encoding="utf-8-sig")))
        except UnicodeDecodeError as error:
            raise ModelError(f"{path} is not UTF-8 ({error.reason}): convert or remove it") from error
    return found


def read_questions(paths: Sequence[Path]) -> list[Mapping[str, Any]]:
    """Rows {context, question, answers: [{text, start}]}; no answers where the context gives none."""
    rows: list[Mapping[str, Any]] = []
    for path in paths:
        for number, row in enumerate(read_rows(path), start=1):
            if not {"context", "question", "answers"} <= row.keys():
                raise ModelError(f"{path}:{number} lacks context, question or answers: correct or remove the line")
            rows.append(row)
    return rows


def asked_examples(rows: Sequence[Mapping[str, Any]]) -> Iterator[Example]:
    """The questions that people asked, each with its first answer; those whose answer is not in the context left out."""
    for row in rows:
        context = str(row["context"])
        if not row["answers"]:
            yield Example(str(row["question"]), context, 0, 0, asked=True)
            continue
        text, start = str(row["answers"][0]["text"]), int(row["answers"][0].get("start", -1))
        if start < 0 or context[start : start + len(text)] != text:
            start = context.find(text)
        if text and start >= 0:
            yield Example(str(row["question"]), context, start, start + len(text), asked=True)


def made_examples(texts: Sequence[tuple[str, str]], *, count: int, characters: int, seed: int) -> Iterator[Example]:
    """Up to `count` self-made questions, each with about so many characters of its text around the answer."""
    rng = Random(seed)  # noqa: S311
    order = rng.sample(range(len(texts)), len(texts))
    made = 0
    for number in order:
        title, text = texts[number]
        sentences = sentence_spans(text)
        for at in rng.sample(range(len(sentences)), min(len(sentences), 1 + len(text) // _EACH_CHARS)):
            if made == count:
                return
            start, end = sentences[at]
            found = ask(text[start:end], rng, title if len(title) < 16 else "")
            if found is None:
                continue
            begin, stop = _around(sentences, at, characters, rng)
            answer = text[start + found.start : start + found.end]
            if rng.random() < _UNANSWERABLE:
                other = text[slice(*_around(sentences, rng.randrange(len(sentences)), characters, rng))]
                if answer in other:
                    continue
                yield Example(found.question, other, 0, 0, asked=False)
            else:
                left = start + found.start - begin
                yield Example(found.question, text[begin:stop], left, left + len(answer), asked=False)
            made += 1


def _around(sentences: Sequence[tuple[int, int]], at: int, characters: int, rng: Random) -> tuple[int, int]:
    """A stretch of whole sentences with number `at` among them, begun and ended by chance."""
    first = last = at
    while True:
        more = [n for n in (first - 1, last + 1) if 0 <= n < len(sentences)]
        chosen = rng.choice(more) if more else at
        low, high = min(first, chosen), max(last, chosen)
        if not more or sentences[high][1] - sentences[low][0] > characters:
            return sentences[first][0], sentences[last][1]
        first, last = low, high
