"""How well the articles of a magazine issue are rebuilt from its text: two issues against their gold lists.

`python -m eval.reading.structure [--issue magazine|second|both]`. The magazine issue of the sample collection is no part of the
repository; where it is absent its part is skipped and says so. The second issue is our own: a generator lays invented
articles out in several makes of magazine, and the worst of them counts.
"""

import argparse
import sys
from collections.abc import Sequence
from dataclasses import dataclass, fields
from pathlib import Path

from eval.machine import ROOT
from eval.reading.gold import Gold, magazine_gold
from eval.reading.lines import lines_of
from eval.reading.scores import Scores, below, characters_of, paired, scores_of, shadows_left
from eval.reading.second_issue import SEEDS, second_issue
from index.article import Article
from index.errors import SourceError
from index.reading.encoding import decode_text
from index.reading.magazine import is_magazine, read_magazine

ISSUE = ROOT.parent / "shared" / "corpus" / "000_4e43489e28990827.txt"
MAGAZINE_FLOORS = Scores(
    title=1.0, author=1.0, column=0.95, boundary=0.99, order=1.0, caption=0.95, page=0.0, issue=0.0
)
SECOND_FLOORS = Scores(*[0.95] * len(fields(Scores)))
_CHARACTER_FLOOR = 0.95


@dataclass(frozen=True, slots=True)
class Report:
    """The scores of one issue, its body characters, and what is wrong, each as a line to print."""

    name: str
    scores: Scores
    characters: int
    lost: int
    doubled: int
    foreign: int
    wrong: tuple[str, ...]
    failed: tuple[str, ...]


def magazine_report(path: Path = ISSUE) -> Report:
    """The issue of the sample collection: nothing may be lost or doubled, and no shadow print left."""
    text = decode_text(path.read_bytes())
    articles = _read(text, path.name)
    gold = magazine_gold()
    scores, lines, shadows = scores_of(articles, gold), lines_of(articles, text), shadows_left(articles)
    counts = (sum(map(len, lines.lost)), sum(map(len, lines.doubled)), len(lines.broken))
    failed = [*below(scores, MAGAZINE_FLOORS), *["lost"] * (counts[0] > 0), *["doubled"] * (counts[1] > 0)]
    failed += ["broken"] * (counts[2] > 0) + ["shadow"] * bool(shadows)
    wrong = (*_wrong(articles, gold), *(f"lost: {line}" for line in lines.lost))
    wrong += (*(f"doubled: {line}" for line in lines.doubled), *(f"broken: {title}" for title in lines.broken))
    return Report(
        "magazine",
        scores,
        lines.body_characters,
        *counts,
        (*wrong, *(f"shadow: {row}" for row in shadows)),
        tuple(failed),
    )


def second_report(seed: int) -> Report:
    """One make of our own issue."""
    text, gold = second_issue(seed)
    name = f"second {seed}"
    articles = _read(text, name)
    scores, shadows = scores_of(articles, gold), shadows_left(articles)
    total, lost, doubled, foreign = characters_of(articles, gold)
    failed = [
        *below(scores, SECOND_FLOORS),
        *["characters"] * (1 - (lost + doubled + foreign) / total < _CHARACTER_FLOOR),
    ]
    wrong = (*_wrong(articles, gold), *(f"shadow: {row}" for row in shadows))
    return Report(name, scores, total, lost, doubled, foreign, wrong, (*failed, *["shadow"] * bool(shadows)))


def reports_of(issue: str, seeds: Sequence[int] = SEEDS) -> list[Report]:
    """The reports of `magazine`, `second` or `both`; without the magazine's where its text is absent."""
    reports = [magazine_report()] if issue != "second" and ISSUE.is_file() else []
    return reports + ([second_report(seed) for seed in seeds] if issue != "magazine" else [])


def _read(text: str, source: str) -> list[Article]:
    """The articles of an issue; none when the text is not seen to be one."""
    read = read_magazine(text, source) if is_magazine(text) else ()
    return [each for each in read if not isinstance(each, SourceError)]


def _wrong(articles: Sequence[Article], gold: Sequence[Gold]) -> list[str]:
    pairs, lines = paired(articles, gold), list[str]()
    for k, entry in zip(pairs, gold, strict=True):
        named = entry.title or entry.start
        if k is None:
            lines.append(f"missed: {named}")
            continue
        one = scores_of([articles[k]], [entry])
        bad = [field.name for field in fields(Scores) if getattr(one, field.name) < 1]
        told = {
            "title": articles[k].title,
            "author": articles[k].authors,
            "column": articles[k].column,
            "page": articles[k].page,
            "issue": (articles[k].issue, articles[k].date),
        }
        told |= {"caption": articles[k].captions, "boundary": (articles[k].text[:8], articles[k].text[-8:])}
        lines += [f"{named}: {name} {told[name]}" for name in bad if name in told]
    return lines + [f"unexpected: {articles[k].title}" for k in range(len(articles)) if k not in pairs]


def main(arguments: Sequence[str]) -> int:
    """Prints the reports; 1 when one is below its floors."""
    parser = argparse.ArgumentParser(
        prog="python -m eval.reading.structure", description="Scores rebuilt magazine issues."
    )
    parser.add_argument("--issue", choices=("magazine", "second", "both"), default="both")
    parser.add_argument("--seeds", type=int, nargs="+", default=list(SEEDS), help="makes of the second issue")
    given = parser.parse_args(arguments)
    if given.issue != "second" and not ISSUE.is_file():
        print(f"magazine: skipped, {ISSUE} is not part of the repository")
    reports = reports_of(given.issue, given.seeds)
    names = [field.name for field in fields(Scores)]
    print("issue      " + "".join(f"{name:>9}" for name in names) + "  characters  lost doubled foreign  verdict")
    for report in reports:
        shares = "".join(f"{getattr(report.scores, name):9.3f}" for name in names)
        told = f"{report.characters:12}{report.lost:6}{report.doubled:8}{report.foreign:8}"
        print(f"{report.name:11}{shares}{told}  {'below: ' + ' '.join(report.failed) if report.failed else 'ok'}")
    for report in reports:
        for line in report.wrong:
            print(f"{report.name}: {line}")
    return 1 if any(report.failed for report in reports) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
