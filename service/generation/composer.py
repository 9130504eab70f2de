"""An extractive answer and a model in, the model's own answer out where it is proven, else the extractive one.

The model chooses and words; nothing that it writes is shown before the verifier has found it in quotes of the passages
that it cites. Whatever goes wrong, the extractive answer stands, and `reason` says why.
"""

import logging
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from enum import Enum, auto
from time import perf_counter
from typing import Final

from index.retrieval import Hit
from index.snapshot import Snapshot
from service.answer import Answer, Retrieved, Status
from service.answering.composer import LONG_KINDS
from service.answering.question import Question, understand
from service.answering.wording import Kind
from service.errors import GeneratorError, GeneratorTimeoutError, ModelError
from service.generation.draft import Draft, Shown
from service.generation.generator import Generator
from service.generation.grounding import ground
from service.generation.prompt import Source, messages
from service.generation.relevance import Relevance
from service.generation.reply import ReplyReader, Said, Turn

SHORT_CHARS: Final = 119
LONG_CHARS: Final = 399
"""Longest answer for one or two facts, and for a list, definition or measure."""

LONGEST_REPLY: Final = 20_000
"""Characters after which a reply, thinking aloud included, is given up."""

LATE, BROKEN, UNSET = "语言模型没有按时答完", "语言模型不可用", "没有设置语言模型"
UNPROVEN, PARTLY_UNPROVEN = "语言模型的回答查无实据", "语言模型的部分回答查无实据，已撤回"
BESIDE = "语言模型没有答到所问"
REFUSED, LEFT_OUT = "语言模型认为资料不足", "语言模型只回答了一部分"

logger = logging.getLogger("wence")


class Sign(Enum):
    """What happens between statements: the model is at `WORK`; `RESTART`, all that was shown of this answer is void."""

    WORK = auto()
    RESTART = auto()


Event = Shown | Sign | Answer


class GenerativeComposer:
    """Composes with one generator. Thread-safe."""

    def __init__(self, generator: Generator) -> None:
        self._generator = generator

    def compose(self, plain: Answer, history: Sequence[str], snapshot: Snapshot) -> Iterator[Event]:
        """Statements as they are proven, and last the whole answer. `plain` is the extractive answer to the question,
        from this snapshot; closing the iterator stops the model.
        """
        began = perf_counter()
        if plain.status is Status.CONFLICT or not plain.retrieved:  # told from both sides, or nothing to read
            yield plain
            return
        work = _Work(self._generator, plain, history, snapshot)
        why = ""
        try:
            yield from work.statements()
        except GeneratorTimeoutError as error:
            logger.warning("%s; the extractive answer is given", error)
            why = LATE
        except (GeneratorError, ModelError) as error:
            logger.warning("%s; the extractive answer is given", error)
            why = BROKEN
        answer = instead(plain, why) if why else work.answer()
        if work.draft.statements and answer.composer == "extractive":
            yield Sign.RESTART
        spent_ms = (perf_counter() - began) * 1000
        timings = {
            name: round(plain.timings_ms.get(name, 0.0) + spent_ms, 2) for name in ("compose", "total")
        }  # fmt: skip
        yield replace(answer, timings_ms={**plain.timings_ms, **timings})


def instead(plain: Answer, why: str) -> Answer:
    """The extractive answer, with the reason why it is given in place of a model's."""
    note = why if plain.status is Status.UNANSWERABLE else f"{why}，改用原文摘录"
    return replace(plain, reason=f"{plain.reason}；{note}" if plain.reason else note)


class _Work:
    """One question put to the model, and what has come of it so far."""

    def __init__(self, generator: Generator, plain: Answer, history: Sequence[str], snapshot: Snapshot) -> None:
        self._generator, self._plain, self._history = generator, plain, history
        self._question = understand(plain.question, tuple(history))
        self._sources = _sources(plain.retrieved, snapshot)
        hits = [source.hit for source in self._sources]
        strict = plain.status is Status.UNANSWERABLE
        self._relevance = Relevance(self._question, hits, snapshot, strict=strict)
        self._withdrawn = self._refused = False
        self.draft = self._empty()

    def statements(self) -> Iterator[Shown | Sign]:
        """What may be shown, as soon as it may. Raises GeneratorError, ModelError."""
        prompt, told = messages(
            self._plain.question, self._history, self._sources, self._generator, long=_is_long(self._question)
        )
        known = {source.number: source for source in told}
        reader, length = ReplyReader(), 0
        with closing(self._generator.write(prompt)) as reply:
            for piece in reply:
                length += len(piece)
                if length > LONGEST_REPLY:
                    raise GeneratorError(f"{self._generator.name} wrote more than {LONGEST_REPLY} characters")
                yield Sign.WORK
                for item in reader.feed(piece):
                    yield from self._taken(item, known)
                if reader.done or self.draft.full or (self._refused and not self.draft.statements):
                    return
        for item in reader.finish():
            yield from self._taken(item, known)

    def _taken(self, item: Said | Turn, known: dict[int, Source]) -> Iterator[Shown | Sign]:
        if item is Turn.REFUSED:
            self._refused = True
        elif item is Turn.RESTARTED:
            if self.draft.statements:
                yield Sign.RESTART
            self.draft, self._withdrawn, self._refused = self._empty(), False, False
        elif isinstance(item, Said) and not self.draft.full:
            cited = [known[number] for number in item.numbers if number in known]
            proven = [
                found for found in ground(item.text, cited)
                if any(map(self._relevance.of, found.quotes))
            ]  # fmt: skip
            self._withdrawn = self._withdrawn or (item.own and not proven)
            yield from (shown for found in proven if (shown := self.draft.add(found)))

    def answer(self) -> Answer:
        """The answer once the model has written all that it will."""
        plain, draft = self._plain, self.draft
        model = self._generator.name
        if not draft.statements:
            if self._refused and plain.status is Status.UNANSWERABLE:
                return replace(plain, composer="generative", model=model)
            return instead(plain, REFUSED if self._refused else UNPROVEN)
        facts = draft.facts(self._question, plain)
        slots = self._question.slots
        measured = all(slot.kind in (Kind.FIGURE, Kind.DATE) for slot in slots)
        left_out = self._refused or (measured and len(facts) < len(slots))
        gap = PARTLY_UNPROVEN if self._withdrawn else LEFT_OUT if left_out else ""
        if measured and not facts:
            return instead(plain, gap if self._withdrawn else BESIDE)
        if gap and plain.status is Status.ANSWERED:
            if not draft.holds(plain.short_answers):
                return instead(plain, gap)
            gap = ""  # what was left out was not asked for
        return replace(
            plain,
            status=Status.PARTIAL if gap else Status.ANSWERED,
            answer=draft.text,
            short_answers=facts,
            statements=tuple(draft.statements),
            citations=tuple(draft.citations),
            figures=draft.figures(),
            reason=(plain.reason or gap) if gap else None,
            composer="generative",
            model=model,
            confidence=None,
        )

    def _empty(self) -> Draft:
        return Draft(LONG_CHARS if _is_long(self._question) else SHORT_CHARS)


def _is_long(question: Question) -> bool:
    """Whether the answer may be long: a list, a definition and the like, or many things at once."""
    kinds = LONG_KINDS | {Kind.CHANGE, Kind.OPEN}
    return len(question.slots) > 2 or any(slot.kind in kinds for slot in question.slots)


def _sources(retrieved: Sequence[Retrieved], snapshot: Snapshot) -> list[Source]:
    """The passages that were looked at, numbered from 1 in their order."""
    store = snapshot.store
    sources: list[Source] = []
    for found in retrieved:
        rows = range(*store.rows_of(found.article_id))
        hits = (
            Hit(row, passage, found.scores)
            for row, passage in zip(rows, store.passages(rows), strict=True)
            if passage.id == found.passage_id and passage.text
        )
        article = store.article(found.article_id)
        sources += [Source(len(sources) + number, hit, article) for number, hit in enumerate(hits, 1)]
    return sources
