"""A seed in, the text of a made-up magazine issue with its own layout faults and its gold list out.

The articles are invented (`eval/structure/second/articles.yaml`). The seed draws the make of the magazine: widths,
running heads, contents, captions, page marks, where titles stand. Print one with `python -m eval.second_issue [SEED]`.
"""

import random
import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from eval.structure_gold import Gold
from eval.structure_typesetting import doubled, half_width, open_places, set_apart, spaced, two_lines, wrapped

ARTICLES = Path(__file__).parent / "structure" / "second" / "articles.yaml"
NAME, NUMBER, DAY = "澜江纵横", "2023年第7期", "2023-07-15"
SEEDS = (1, 2, 3, 4, 5, 6)


@dataclass(frozen=True, slots=True)
class Make:
    """How a magazine is made and how its pages were extracted."""

    widths: tuple[int, int]
    page_rows: int
    feeds: bool
    gap: int
    indent: str
    heads: int
    contents: int
    caption: int
    whole_numbers: bool
    spaced_share: float


def make_of(seed: int) -> Make:
    """The make that the seed draws; the kinds of heads, contents and captions take turns."""
    chance = random.Random(f"make {seed}")
    return Make(
        widths=(chance.randint(19, 24), chance.randint(13, 16)),
        page_rows=chance.randint(34, 46),
        feeds=seed % 2 == 1,
        gap=(seed // 2) % 2,
        indent="　　" if seed % 5 == 2 else "",
        heads=seed % 3,
        contents=(seed // 2) % 3,
        caption=seed % 4,
        whole_numbers=seed % 3 == 0,
        spaced_share=0.3 * (seed % 3),
    )


def second_issue(seed: int) -> tuple[str, list[Gold]]:
    """The text of the issue and the gold list, in the order of its pages."""
    issue = _Issue(make_of(seed), random.Random(seed))
    for article in yaml.safe_load(ARTICLES.read_text(encoding="utf-8")):
        issue.add(article)
    return issue.text(), issue.gold


class _Issue:
    def __init__(self, make: Make, chance: random.Random) -> None:
        self._make, self._chance = make, chance
        self._number = 2
        self._pages: list[list[str]] = []
        self._listed: list[tuple[int, dict[str, Any]]] = []
        self._items: list[str] = []
        self.gold: list[Gold] = []

    def add(self, article: dict[str, Any]) -> None:
        """Sets the article; the items of a round-up share one page."""
        kind = article.get("kind", "")
        body = [half_width(text) if article.get("style") == "half_width" else text for text in article["body"]]
        new = kind != "item" or not self._items
        self._number += new
        if new and kind != "notice":
            self._listed.append((self._number, article))
        self._note(article, body)
        if kind == "item":
            self._items += [article["title"], *self._rows(body, self._make.widths[0])]
            if new:
                self._pages.append(self._items)
                self._pages[-1][:0] = self._top(article["column"], self._number)
                self._pages[-1] = self._items
        elif kind:
            rows = [row for text in body for row in self._rows([text], self._make.widths[0])]
            title = spaced(article["title"]) if kind == "figures" else article["title"]
            self._page([title, *rows], article)
        else:
            self._set(article, body)

    def text(self) -> str:
        """All pages, the contents first."""
        make = self._make
        rows = [("\n" * (make.gap + 1)).join(page) for page in [self._contents(), *self._pages]]
        return ("\n\f" if make.feeds else "\n" * (make.gap + 4)).join(rows) + "\n"

    def _note(self, article: dict[str, Any], body: Sequence[str]) -> None:
        plain = [re.sub(r"^(?:## |\| )", "", text) for text in body]
        self.gold.append(
            Gold(
                title=article["title"],
                authors=tuple(article.get("authors", ())),
                column=article.get("column", ""),
                start=plain[0][:8],
                end=plain[-1][-8:],
                captions=tuple(text[:8] for text in article.get("captions", ())),
                page=str(self._number),
                body=tuple(plain),
            )
        )

    def _rows(self, body: Sequence[str], width: int, spaced_heads: bool = False) -> list[str]:
        make, rows = self._make, list[str]()
        for text in body:
            if text.startswith("## "):
                rows.append(spaced(text[3:]) if spaced_heads else text[3:])
            elif text.startswith("| "):
                rows.append("    ".join(text[2:].split()))
            elif re.fullmatch(r"[\d.]+\S{1,3}", text):
                rows.append(text)
            else:
                rows += wrapped(text, width, make.indent, make.whole_numbers)
        return [set_apart(row, self._chance, make.spaced_share) for row in rows]

    def _set(self, article: dict[str, Any], body: Sequence[str]) -> None:
        """An article over its pages: names before, after or amid the body, captions in mid-sentence, notes at the foot."""
        style, chance, make = article.get("style", ""), self._chance, self._make
        rows = self._rows(body, chance.choice(make.widths), style == "spaced_heads")
        first = self._number
        room = make.page_rows + chance.randint(-3, 3)
        cuts = list(range(0, len(rows), room))
        if len(cuts) > 1 and len(rows) - cuts[-1] < 5:
            cuts.pop()
        pages = [rows[start:end] for start, end in zip(cuts, [*cuts[1:], len(rows)], strict=True)]
        for i, text in enumerate(article.get("captions", ())):
            page = pages[min(i, len(pages) - 1)]
            page.insert(chance.choice(open_places(page)), self._caption(text))
        self._name(article, pages)
        pages[0] += article.get("notes", ())
        if make.heads == 1 and style == "doubled":  # a page of its own for what a second column would have held
            pages[0].append(doubled(article["title"]))
        for i, page in enumerate(pages):
            self._number = first + i
            self._page(page, article)

    def _name(self, article: dict[str, Any], pages: list[list[str]]) -> None:
        style, chance = article.get("style", ""), self._chance
        title = list(article["title"]) if style == "vertical" else two_lines(article["title"], chance)
        title = [doubled(line) for line in title] if style == "doubled" else title
        title = [*([f"——{article['subtitle']}"] if "subtitle" in article else []), *title][:: -1] if False else title
        lines = [*title, *([f"——{article['subtitle']}"] if "subtitle" in article else [])]
        byline = [article["byline"]] if "byline" in article else []
        if article.get("byline_place") == "after":
            pages[-1] += [*byline, article["bio"]]
            byline = []
        if article["place"] == "before":
            pages[0][:0] = [*lines, *byline]
        elif article["place"] == "amid":
            at = chance.choice(open_places(pages[0])[3:-3])
            pages[0][at:at] = [*lines, *byline]
        elif chance.random() < 0.5:
            pages[0][:0] = byline
            pages[0] += lines
        else:
            pages[0] += [*lines, *byline]
        if "作者单位" in article.get("role", ""):
            pages[-1].append(article["role"])

    def _caption(self, text: str) -> str:
        kinds = (doubled(text), f"▲{text}", f"{text}　　闻一鸣／摄", f"图为{text}。  本刊资料图")
        return kinds[self._make.caption]

    def _top(self, column: str, number: int) -> list[str]:
        kinds = ([f"{number}  {NAME}"] if number % 2 == 0 else [f"{column}  {number}"], [spaced(column)], [f"{NAME} {DAY.replace('-', '.')} | {column}"])
        return kinds[self._make.heads]

    def _foot(self, number: int) -> list[str]:
        return ([], [f"《{NAME}》 {NUMBER}", f"·{number}·"], [f"— {number} —"])[self._make.heads]

    def _page(self, rows: list[str], article: dict[str, Any]) -> None:
        number = self._number
        self._pages.append([*self._top(article.get("column", NAME), number), *rows, *self._foot(number)])

    def _contents(self) -> list[str]:
        return []


def main(arguments: Sequence[str]) -> int:
    """Prints the text of the issue."""
    print(second_issue(int(arguments[0]) if arguments else SEEDS[0])[0], end="")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
