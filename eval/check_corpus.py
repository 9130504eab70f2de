"""Sample articles and the magazine they retell in, a report out: figures it lacks, words it shares. Judges no meaning.

    python -m eval.check_corpus [--magazine PATH] [--corpus DIR]

Two promises of `corpus/` are checked. *Every figure is the magazine's*: each number of an article's title and body must
stand in the magazine with the same unit and the same hedge (近, 超, 余 …), on number boundaries. *Every sentence is
ours*: no run of `RUN_LIMIT` characters or more may be shared, names in 《》 apart. Both texts are compared after NFKC
and without white space.
Exit status: 0 both promises hold; 1 one is broken; 2 the magazine or the articles are not at hand.
"""

import argparse
import re
import sys
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from eval.machine import ROOT

MAGAZINE_FOLDER = ROOT.parent / "shared" / "corpus"
RUN_LIMIT = 20
SEED = 6  # runs shorter than this are not measured at all

HEDGES = "近超约逾"
UNITS = (
    "个百分点|平方公里|平方米|立方米|千瓦时|个工作日|个月|美元|港元|分钟|小时|公里|公顷|公斤|人次|户次|件次|周年|世纪|月份|"
    "[元个件项家户人名次条张笔亩场起位台套间处所座只支种类年月日天周岁期届级县市区村镇乡页字版倍分吨度米辆班门组批部篇本轮层端方大侧点头株棵℃%‰]"
)
NUMBER = re.compile(
    rf"(?P<hedge>(?<![最附接邻节合签预])[{HEDGES}])?"
    r"(?P<digits>\d{1,2}月\d{1,2}日|\d+(?:\.\d+)?(?:—\d+(?:\.\d+)?|(?:\+[0-9A-Za-z]+)*))"
    rf"(?P<rest>[余多]?(?:万亿|百万|千万|亿|万|千|百)?[余多]?(?:{UNITS})?)"
)
LIST_MARKER = re.compile(r"^[ \t]*(?:#+[ \t]+)?(?:[-*+][ \t]+|\d+[.)、][ \t]+)?", re.MULTILINE)
FRONT_MATTER = re.compile(r"\A---\n(?P<keys>.*?\n)---\n", re.DOTALL)
TITLE_LINE = re.compile(r"""^title:[ \t]*(?P<quote>["']?)(?P<title>.*?)(?P=quote)[ \t]*$""", re.MULTILINE)
TITLE_MARKS = re.compile(r"《[^《》]*》")


class CheckError(Exception):
    """The check cannot start; the message says what is missing and what to do."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One article: how many numbers, which of them the magazine lacks, which runs of characters it shares."""

    name: str
    numbers: int
    missing: tuple[str, ...]
    runs: tuple[str, ...]

    @property
    def longest_run(self) -> int:
        """Characters of the longest shared run; 0 when none reaches `SEED`."""
        return max(map(len, self.runs), default=0)

    @property
    def copied(self) -> tuple[str, ...]:
        """The shared runs that are too long to be chance."""
        return tuple(run for run in self.runs if len(run) >= RUN_LIMIT)


def fold(text: str) -> str:
    """`text` after NFKC, without thousands commas, markup for bold type and white space."""
    plain = re.sub(r"(?<=\d),(?=\d{3}(?!\d))", "", text)
    return re.sub(r"\s+|\*\*|`", "", unicodedata.normalize("NFKC", plain))


def comparable(folded: str) -> str:
    """`folded` with one form for what is written in several: 超 for 超过, — for the dashes between two numbers."""
    return re.sub(r"(?<=\d)[-–―~](?=\d)", "—", folded.replace("超过", "超"))


def article_parts(source: str) -> tuple[str, str]:
    """Title and body of an article file, the body without heading marks and list markers; no front matter, no title."""
    matter = FRONT_MATTER.match(source)
    title = TITLE_LINE.search(matter["keys"]) if matter else None
    return title["title"] if title else "", LIST_MARKER.sub("", source[matter.end() :] if matter else source)


def numbers(text: str) -> Iterator[str]:
    """Each number of `text` in order, with the hedge, multiplier and unit it has: 超1200万次, 1+5+16, 6月12日."""
    for match in NUMBER.finditer(comparable(fold(text))):
        yield match[0]


def holds_number(magazine: str, number: str) -> bool:
    """Whether `magazine` (comparable text) states `number` on its boundaries: no 5 in 25, 2.5, 5万, no 5元 in 约5元."""
    before = r"(?<!\d)(?<!\d[.+])" + ("" if number[0] in HEDGES else rf"(?<![{HEDGES}])")
    after = r"(?!\d|\.\d|[+万亿余多])" if number[-1] in "0123456789万亿" else r"(?!次|百分点)"
    return re.search(before + re.escape(number) + after, magazine) is not None


def shared_runs(text: str, magazine: str, at_least: int = SEED) -> Iterator[str]:
    """Maximal runs of `at_least` characters or more that `text` shares with the folded `magazine`, no names in 《》."""
    for piece in TITLE_MARKS.split(fold(text)):
        reached = 0
        for start in range(len(piece) - at_least + 1):
            end = max(reached + 1, start + at_least)
            if end > len(piece) or piece[start:end] not in magazine:
                continue
            while end < len(piece) and piece[start : end + 1] in magazine:
                end += 1
            reached = end
            yield piece[start:end]


def check_article(name: str, source: str, magazine: str) -> Finding:
    """What the article file `source` says that the folded `magazine` does not, and what it says in the same words."""
    parts = article_parts(source)
    found = [number for part in parts for number in numbers(part)]
    said = comparable(magazine)
    return Finding(
        name=name,
        numbers=len(found),
        missing=tuple(dict.fromkeys(number for number in found if not holds_number(said, number))),
        runs=tuple(run for part in parts for run in shared_runs(part, magazine)),
    )


def read_magazine(path: Path | None) -> str:
    """The folded magazine: the file at `path`, else the only .txt of the shared folder. Raises CheckError."""
    if path is None:
        texts = sorted(MAGAZINE_FOLDER.glob("*.txt"))
        if len(texts) != 1:
            raise CheckError(
                f"{MAGAZINE_FOLDER}: {len(texts)} .txt files, one expected; name the magazine with --magazine PATH"
            )
        path = texts[0]
    try:
        return fold(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise CheckError(f"{path}: the magazine cannot be read ({error}); name it with --magazine PATH") from error


def check_corpus(corpus: Path, magazine: str) -> list[Finding]:
    """One finding per Markdown file of `corpus`, README apart, in order of names. Raises CheckError without a file."""
    files = [path for path in sorted(corpus.glob("*.md")) if path.stem.casefold() != "readme"]
    if not files:
        raise CheckError(f"{corpus}: no articles (*.md) in this folder; name another with --corpus DIR")
    return [check_article(path.name, path.read_text(encoding="utf-8"), magazine) for path in files]


def report(findings: Sequence[Finding]) -> Iterator[str]:
    """The lines to print: what is wrong, article by article, then the totals."""
    for finding in findings:
        for number in finding.missing:
            yield f"{finding.name}: not in the magazine: {number}"
        for run in finding.copied:
            yield f"{finding.name}: {len(run)} characters shared with the magazine: {run}"
    checked, missing = sum(item.numbers for item in findings), sum(len(item.missing) for item in findings)
    longest = max((item.longest_run for item in findings), default=0)
    totals = f"articles {len(findings)}, numbers checked {checked}, not found {missing}"
    yield f"{totals}, longest shared run {longest} characters"


def main(argv: Sequence[str] | None = None) -> int:
    """Run the check and print its report; returns the exit status that the module docstring lists."""
    parser = argparse.ArgumentParser(
        prog="python -m eval.check_corpus", description="Check corpus/ against the magazine it retells."
    )
    parser.add_argument(
        "--magazine", type=Path, help="the magazine as UTF-8 text (default: the only .txt in ../shared/corpus)"
    )
    parser.add_argument(
        "--corpus", type=Path, default=ROOT / "corpus", help="folder of article files (default: corpus/)"
    )
    chosen = parser.parse_args(argv)
    try:
        findings = check_corpus(chosen.corpus, read_magazine(chosen.magazine))
    except CheckError as error:
        print(error, file=sys.stderr)
        return 2
    print("\n".join(report(findings)))
    return 1 if any(item.missing or item.copied for item in findings) else 0


if __name__ == "__main__":
    sys.exit(main())
