"""The commands that put questions: search and ask, one question or a file of them."""

import json
import sys
from argparse import Namespace
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from time import monotonic

from index.reading.encoding import UndecodableError, decode_text
from index.store import Filters
from service.answer import Answer, Status
from service.errors import InvalidQuestionError
from service.pipeline import Pipeline
from service.rendering import Row, hit_row


def ask(arguments: Namespace) -> int:
    pipeline = Pipeline(arguments.snapshot, arguments.settings.model_copy(update={"composer": arguments.composer}))
    if arguments.questions:
        return _file(arguments.questions, arguments.answers, lambda row: _answer(pipeline, row, arguments))
    answer = pipeline.ask(arguments.question, top_k=arguments.top_k, filters=_filters(arguments))
    if arguments.json:
        print(json.dumps(answer.to_dict(), ensure_ascii=False, indent=1))
    else:
        _print_answer(answer)
    return 0


def search(arguments: Namespace) -> int:
    pipeline = Pipeline(arguments.snapshot, arguments.settings)
    if arguments.questions:
        return _file(arguments.questions, arguments.hits, lambda row: _hits(pipeline, row, arguments))
    searched = pipeline.find(arguments.question, arguments.top_k, _filters(arguments))
    hits = searched.hits
    if arguments.json:
        found = {"hits": [hit_row(hit) for hit in hits], "snapshot": searched.snapshot}
        print(json.dumps(found, ensure_ascii=False, indent=1))
        return 0
    for number, hit in enumerate(hits, 1):
        scores = "  ".join(f"{name} {value:.3f}" for name, value in hit.scores.items())
        print(f"{number}. {' › '.join(hit.passage.heading)}  [{scores}]\n   {hit.passage.text.replace(chr(10), ' ')}")
    return 0


def _filters(arguments: Namespace) -> Filters:
    return Filters(date_to=arguments.as_of)


def _answer(pipeline: Pipeline, row: Row, arguments: Namespace) -> Row:
    history = tuple(turn["content"] for turn in row.get("history") or () if turn.get("role") == "user")
    try:
        answer = pipeline.ask(row["question"], history, arguments.top_k, _filters(arguments))
    except InvalidQuestionError as error:
        answer = Answer(row["question"], Status.UNANSWERABLE, str(error), reason=str(error))
    return replace(answer, id=row.get("id")).to_dict()


def _hits(pipeline: Pipeline, row: Row, arguments: Namespace) -> Row:
    hits = pipeline.search(row["question"], arguments.top_k, _filters(arguments))
    return {"id": row.get("id"), "hits": [hit_row(hit) for hit in hits]}


def _file(questions: Path, output: Path, reply: Callable[[Row], Row]) -> int:
    """Answer a JSON Lines file line by line; a line that is no question is named and left out."""
    failed = 0
    rows = list(_rows(questions))
    if not rows:
        raise InvalidQuestionError(f"{questions}: holds no questions; write one JSON object with `question` a line")
    if output.exists() and output.samefile(questions):
        raise InvalidQuestionError(f"{output}: is the file of questions; name another file to write to")
    # Half a surrogate pair, as in an id, goes out as the JSON escape that it came in as.
    with output.open("w", encoding="utf-8", errors="backslashreplace") as file:
        for done, (number, row) in enumerate(rows, 1):
            try:
                if isinstance(row, str):
                    raise InvalidQuestionError(row)
                file.write(json.dumps(reply(row), ensure_ascii=False) + "\n")
            except InvalidQuestionError as error:
                failed += 1
                print(f"\rwence: {questions}:{number}: {error}", file=sys.stderr)
            _progress(done, len(rows))
    return 1 if failed else 0


def _rows(path: Path) -> Iterator[tuple[int, Row | str]]:
    """(line number, question) or (line number, what is wrong with it)."""
    try:
        text = decode_text(path.read_bytes())
    except UndecodableError as error:
        raise InvalidQuestionError(f"{path}: {error}") from error
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except (ValueError, RecursionError):
            yield number, "not a line of JSON; each line is one object with `id` and `question`"
        else:
            yield number, _problem(row) or row


def _problem(row: object) -> str | None:
    """Why a row cannot be asked; None when it can."""
    if not isinstance(row, dict) or not isinstance(row.get("question"), str):
        return "no text under `question`; each line is one object with `id` and `question`"
    turns = row.get("history") or []
    sound = isinstance(turns, list) and all(
        isinstance(turn, dict) and isinstance(turn.get("content"), str) for turn in turns
    )
    return None if sound else "no list of turns under `history`; each turn is one object with `role` and `content`"


_LAST_PROGRESS_S = [0.0]


def _progress(done: int, total: int) -> None:
    if done == total or monotonic() - _LAST_PROGRESS_S[0] > 1:
        _LAST_PROGRESS_S[0] = monotonic()
        print(f"\r{done}/{total}", end="\n" if done == total else "", file=sys.stderr, flush=True)


def _print_answer(answer: Answer) -> None:
    print(answer.answer)
    if answer.reason and answer.status is not Status.UNANSWERABLE:
        print(f"（{answer.reason}）")
    for citation in answer.citations:
        print(f"\n[{citation.n}] {citation.reference}\n    {citation.quote}")
