"""A statement and its quotes in, what of it the quotes prove out. The only place that marks a figure as verified.

A figure counts as found when the cited quote holds one of the same text (`exact`), or of the same value, unit and
hedge written otherwise (`equal`). Matching is between whole figures, so 5% is never found in 2.5%, and there is no
tolerance. The same holds for dates, ranks, names and titles.

A statement that says a stretch of a quote in the same words, figures and dates written as they may be, is proved by
that alone. One in other words is proved when everything in it is found, is tied together as in the quotes, and no
naming word is new; what fails is told, so that the statement can be withdrawn or rewritten from its quote.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from service.answer import Citation, FigureCheck, Support, Verdict
from service.answering.binding import figure_doubt, strange_names
from service.answering.canonical import Canonical, canonical
from service.answering.figures import Figure, find_figures, squeezed
from service.answering.names import place_stem, tagged
from service.answering.periods import find_periods
from service.answering.replacement import replaced
from service.answering.things import Thing, ThingKind, atoms, dated, names, plain, says_period
from service.answering.words import Word, places_of, said, words

Doubt = Literal["not_found", "period", "comparator", "direction", "plan", "subject", "negation", "replaced", "unsaid"]

LONGEST_CHARS = 1000
"""The longest statement in other words that is checked at all; a statement is a sentence or a few."""

NEW_VERBS_SHARE = 0.34
"""Most of a clause's meaning words, by characters, that may be verbs and adjectives which no quote says."""


@dataclass(frozen=True, slots=True)
class Check:
    """A checkable thing of a statement and what was found of it. `citation` is 0 where no quote holds it."""

    kind: ThingKind
    text: str
    citation: int
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Failure:
    """What of a statement its quotes do not prove, as the statement writes it, and why.

    `not_found`: no quote holds this thing. `period`, `comparator`, `direction`, `plan`, `subject`: a quote holds the
    figure or name, but of another period, without or with another 同比 or 累计, told as growth and not as fall, as done
    and not as planned, or of something else. `negation`: said where the quote says the contrary. `replaced`: another
    word in the place of the quote's. `unsaid`: words that no quote says.
    """

    text: str
    why: Doubt


@dataclass(frozen=True, slots=True)
class Verification:
    """What the quotes prove of a statement: one check for each thing in it, and all that failed."""

    support: Support
    checks: tuple[Check, ...]
    failures: tuple[Failure, ...]

    @property
    def supported(self) -> bool:
        return self.support == "supported"


def verify(statement: str, citations: Sequence[Citation]) -> Verification:
    """Check a statement, extracted or in other words, against the quotes that it cites."""
    text, quotes = plain(statement), [plain(citation.quote) for citation in citations]
    if number := next((citation.n for citation, quote in zip(citations, quotes, strict=True) if _cut(text, quote)), 0):
        return Verification("supported", tuple(Check(t.kind, t.text, number, "exact") for t in _things(text)), ())
    form, sources = canonical(statement), [canonical(citation.quote) for citation in citations]
    if any(_verbatim(form.form, source) for source in sources):
        checks = tuple(_found(thing, citations, point=True) for thing in _things(text))
        return Verification("supported", checks, ())
    if len(text) > LONGEST_CHARS:
        return Verification("unsupported", (), (Failure(text[:20], "unsaid"),))
    checks = tuple(_found(thing, citations, _is_point(thing, text)) for thing in _things(text))
    lost = [Failure(check.text, "not_found") for check in checks if check.verdict == "not_found"]
    tied = [] if lost else list(_untied(text, quotes))
    titles = [plain(citation.title) for citation in citations]
    new: list[Failure] = []
    clauses = 0
    for clause in form.clauses:
        if not any(_verbatim(clause.form, source) for source in sources):
            doubts = list(_unsaid(text, clause.start, clause.end, quotes, titles))
            new += doubts
            clauses += bool(doubts)
    failures = (*lost, *tied, *new)
    empty = not (words(text) or atoms(text))
    if empty or lost or tied or clauses == len(form.clauses) or any(failure.why == "negation" for failure in new):
        return Verification("unsupported", checks, failures)
    return Verification("partly" if new else "supported", checks, failures)


def support(statement: str, citations: Sequence[Citation]) -> Support:
    """`supported` when the cited quotes prove all of a statement, `partly` when they prove whole clauses of it."""
    return verify(statement, citations).support


_NEGATION = re.compile(r"(?:不|未|没有?|无|非|勿|难以|拒绝|停止|禁止|拟|计划|预计|力争|有望|争取)$")


def _cut(text: str, quote: str) -> bool:
    """Whether a text, but for the mark at its end, is a run of whole clauses of a quote."""
    text = text.rstrip(_MARKS)
    at = quote.find(text) if text and any(character.isalnum() for character in text) else -1
    return at >= 0 and quote[at - 1 : at] in _MARKS and quote[at + len(text) :][:1] in _MARKS


_MARKS = "，。；：？！—"


def _verbatim(form: str, source: Canonical) -> bool:
    """Whether a source says a form as it is, and not with a word before it that turns its meaning."""
    return any(not _NEGATION.search(source.text[max(0, at - 2) : at]) for at in source.find(form))


def _things(text: str) -> list[Thing]:
    return sorted((*atoms(text), *names(text)), key=lambda thing: thing.start)


def _is_point(thing: Thing, text: str) -> bool:
    """Whether a date may be told without its month: no figure hangs on it in its sentence."""
    end = text.find("。", thing.start)
    inside = (other for other in atoms(text) if other.kind == "figure" and other.start > thing.start)
    return all(0 <= end < other.start for other in inside)


def _found(thing: Thing, citations: Sequence[Citation], point: bool) -> Check:
    """The first quote that holds a thing in the same writing, else the first that holds it in another."""
    equal = 0
    for citation in citations:
        verdict = _verdict(thing, citation, point)
        if verdict == "exact":
            return Check(thing.kind, thing.text, citation.n, verdict)
        equal = equal or (citation.n if verdict == "equal" else 0)
    return Check(thing.kind, thing.text, equal, "equal" if equal else "not_found")


def _verdict(thing: Thing, citation: Citation, point: bool) -> Verdict:
    quote = plain(citation.quote)
    if thing.kind in ("figure", "period", "rank", "code"):
        others = [other for other in atoms(quote) if other.kind == thing.kind]
        if any(other.text == thing.text for other in others):
            return "exact"
        if thing.kind == "period":
            forms = dated([other.key for other in others])
            return "equal" if any(says_period(thing.key, form, point) for form in forms) else "not_found"
        return "equal" if any(other.key == thing.key or _figure_said(thing, other) for other in others) else "not_found"
    if canonical(thing.text).form in canonical(citation.quote).form:
        return "exact" if plain(thing.text) in quote else "equal"
    around = f"{quote}|{plain(citation.title)}|{plain(citation.issue)}|{'|'.join(citation.authors)}"
    if plain(thing.text) in around or (thing.kind == "place" and place_stem(thing.text) in around):
        return "equal"
    if thing.kind == "place" and thing.text[0] in _LINKS and thing.text[1:] in around:
        return "equal"
    linked = [part for part in re.split(f"[{_LINKS}]", thing.text) if part]  # 由省委和省政府, taken for one name
    if thing.kind in ("organisation", "place") and len(linked) > 1 and all(part in around for part in linked):
        return "equal"
    loose = thing.kind == "organisation" and all(said(part, [around]) for part in words(thing.text))
    return "equal" if loose else "not_found"


_LINKS = "和与及在到由"
"""Characters that the word cutter takes for a part of a name: 市和县."""


def _figure_said(thing: Thing, other: Thing) -> bool:
    return thing.figure is not None and other.figure is not None and thing.figure.is_said_by(other.figure)


def _untied(text: str, quotes: Sequence[str]) -> Iterator[Failure]:
    for thing in atoms(text):
        if thing.kind in ("figure", "period") and (doubt := figure_doubt(text, thing, quotes)):
            yield Failure(thing.text, doubt)
    yield from (Failure(thing.text, "period" if thing.kind == "period" else "subject")
                for thing in strange_names(text, quotes))  # fmt: skip


_TURN = re.compile(r"(?:不|未|没有?|无法?|非|勿|难以|拒绝|停止|禁止|并非)")


def _unsaid(text: str, start: int, end: int, quotes: Sequence[str], titles: Sequence[str]) -> Iterator[Failure]:
    """The words of a clause that no quote says, and those that a quote says with the contrary meaning."""
    own = [word for word in words(text) if start <= word.start < end]
    joined = [re.sub(r"[、，“”]", "", quote) for quote in quotes]  # 市、县、乡 said as 市县乡
    new = [word for word in own if not said(word, (*quotes, *titles, *joined))]
    naming = [word for word in new if word.naming]
    share = sum(len(word.text) for word in new) / max(1, sum(len(word.text) for word in own))
    if naming or share > NEW_VERBS_SHARE:
        yield from (Failure(word.text, "unsaid") for word in (naming or new))
    yield from (Failure(stretch, "replaced") for stretch in replaced(text, start, end, quotes))
    for turn in _TURN.finditer(text, start, end):
        hedging = any(thing.start <= turn.start() < thing.end for thing in atoms(text))  # 不少于30人
        if not hedging and not any(_denies(quote, text[turn.end() : turn.end() + 1]) for quote in quotes):
            yield Failure(text[turn.start() : turn.end() + 2], "negation")
    verbs = [
        Word(at, at + len(verb), verb, tag) for at, verb, tag in tagged(text) if tag[0] == "v" and start <= at < end
    ]
    yield from (Failure(word.text, "negation") for word in {*own, *verbs} if _turned(word, text, quotes))


def _denies(quote: str, letter: str) -> bool:
    """Whether a quote has a negation just before a letter."""
    return any(quote[turn.end() : turn.end() + 1] == letter for turn in _TURN.finditer(quote))


def _turned(word: Word, text: str, quotes: Sequence[str]) -> bool:
    """Whether the quotes say a word only with a negation or an intention before it that the statement leaves out."""
    places = [(quote, at) for quote in quotes for at in places_of(word, quote)]
    if not places or _NEGATION.search(text[max(0, word.start - 2) : word.start]):
        return False
    return all(_NEGATION.search(quote[max(0, at - 2) : at]) for quote, at in places)


def check_figures(statement: str, citations: Sequence[Citation]) -> tuple[FigureCheck, ...]:
    """One check for every figure of a statement against the quotes it cites, the best quote first."""
    quotes = [(citation, find_figures(citation.quote)) for citation in citations]
    return tuple(_check(figure, quotes) for figure in find_figures(statement))


def _check(figure: Figure, quotes: Sequence[tuple[Citation, Sequence[Figure]]]) -> FigureCheck:
    verdict: Verdict = "not_found"
    number = quotes[0][0].n if quotes else 0
    period: str | None = None
    for citation, figures in quotes:
        same = [other for other in figures if squeezed(other.text) == squeezed(figure.text)]
        equal = [other for other in figures if figure.is_said_by(other)]
        if same or (equal and verdict == "not_found"):
            verdict, number = ("exact" if same else "equal"), citation.n
            period = _period(citation.quote, (same or equal)[0])
        if same:
            break
    return FigureCheck(squeezed(figure.text), figure.number, figure.unit, figure.hedge, period, number, verdict)


def _period(quote: str, figure: Figure) -> str | None:
    """The period named last before a figure in its quote."""
    before = [period.text for period in find_periods(quote) if period.end <= figure.start]
    return squeezed(before[-1]) if before else None
