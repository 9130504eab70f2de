"""A seed in, the text of a made-up magazine issue with its own layout faults and its gold list out.

The articles are invented (`eval/reading/second/articles.yaml`). The seed draws the make of the magazine: widths,
running heads, contents, captions, page marks, where titles stand. Print one with `python -m eval.reading.second_issue [SEED]`.
"""

import random
import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from eval.reading.gold import Gold, bare
from eval.reading.make import DATED_HEADS, DAY, NAME, NO_CONTENTS, NUMBER, Make, make_of
from eval.reading.typesetting import doubled, half_width, open_places, set_apart, spaced, two_lines, wrapped

ARTICLES = Path(__file__).parent / "second" / "articles.yaml"
SEEDS = tuple(range(1, 13))
_FIRST_PAGE, _FEWEST_ROWS, _APART_SHARE, _SHARED_SHARE = 3, 6, 0.5, 0.7
_MARGIN = 3


def second_issue(seed: int) -> tuple[str, list[Gold]]:
    """The text of the issue and the gold list, in the order of its pages."""
    issue = _Issue(make_of(seed), random.Random(seed))
    for article in yaml.safe_load(ARTICLES.read_text(encoding="utf-8")):
        issue.add(article)
    return issue.text(), issue.gold


@dataclass(slots=True)
class _Page:
    number: int
    column: str
    rows: list[str]
    follows: bool = False  # whether the next article may begin on this page


class _Issue:
    def __init__(self, make: Make, chance: random.Random) -> None:
        self._make, self._chance = make, chance
        self._pages: list[_Page] = []
        self._listed: list[tuple[int, dict[str, Any]]] = []
        self.gold: list[Gold] = []

    @property
    def _next(self) -> int:
        return self._pages[-1].number + 1 if self._pages else _FIRST_PAGE

    def add(self, article: dict[str, Any]) -> None:
        """Sets the article; the items of a round-up share one page."""
        kind, column = article.get("kind", ""), article.get("column", "")
        body = [half_width(text) if article.get("style") == "half_width" else text for text in article["body"]]
        wide = self._make.widths[0]
        if kind == "item":
            if not self._pages or self._pages[-1].column != column:
                self._pages.append(_Page(self._next, column, []))
            self._pages[-1].rows += [article["title"], *self._rows(body, wide)]
        elif kind:
            title = spaced(article["title"]) if kind == "figures" else article["title"]
            self._pages.append(_Page(self._next, column, [title, *self._rows(body, wide)]))
        else:
            self._set(article, body)
            self._note(article, body, self._first)
            return
        self._note(article, body, self._pages[-1].number)

    def text(self) -> str:
        """All pages, the contents first."""
        make = self._make
        pages = [self._contents()] if make.contents < NO_CONTENTS else []
        for page in self._pages:
            pages.append([*make.top(page.column, page.number), *page.rows, *make.foot(page.number)])
        rows = [("\n" * (make.gap + 1)).join(page) for page in pages]
        return ("\n\f" if make.feeds else "\n" * (make.gap + 4)).join(rows) + "\n"

    def _note(self, article: dict[str, Any], body: Sequence[str], page: int) -> None:
        plain = [re.sub(r"^(?:## |\| )", "", text) for text in body]
        listed = self._make.contents < NO_CONTENTS
        told = "图为" if self._make.caption == 3 else ""
        if article.get("kind") != "notice":
            self._listed.append((page, article))
        self.gold.append(
            Gold(
                title=article["title"],
                authors=tuple(article.get("authors", ())),
                column=self._told_column(article, page),
                start=bare("".join(plain))[:8],
                end=bare("".join(plain))[-8:],
                captions=tuple(f"{told}{text}"[:8] for text in article.get("captions", ())),
                page=str(page),
                issue=f"《{NAME}》{NUMBER}" if listed or self._make.heads == 1 else "",
                date=DAY if listed or self._make.heads == DATED_HEADS else "",
                body=tuple(plain),
            )
        )

    def _told_column(self, article: dict[str, Any], first: int) -> str:
        """The column in the contents, else in the first running head over the article that tells one."""
        if self._make.contents < NO_CONTENTS or not article.get("column"):
            return str(article.get("column", ""))
        over = [page for page in self._pages if page.number >= first and self._make.tells_column(page.number)]
        return over[0].column if over else ""

    def _rows(self, body: Sequence[str], width: int, spaced_heads: bool = False) -> list[str]:
        make, rows = self._make, list[str]()
        for text in body:
            if text.startswith("## "):
                rows.append(spaced(text[3:]) if spaced_heads else text[3:])
            elif text.startswith("| "):
                rows.append("    ".join(text[2:].split()))
            elif re.fullmatch(r"[\d.]+[^\d，。]{1,3}", text):
                rows.append(text)
            else:
                rows += wrapped(text, width, make.indent, make.whole_numbers)
        return [set_apart(row, self._chance, make.spaced_share) for row in rows]

    def _set(self, article: dict[str, Any], body: Sequence[str]) -> None:
        """An article over its pages: names before, after or amid the body, captions in mid-sentence, notes at the foot."""
        chance, make = self._chance, self._make
        rows = self._rows(body, chance.choice(make.widths), article.get("style", "") == "spaced_heads")
        room = make.page_rows + chance.randint(-3, 3)
        cuts = list(range(0, len(rows), room))
        if len(cuts) > 1 and len(rows) - cuts[-1] < _FEWEST_ROWS:
            cuts.pop()
        pages = [rows[start:end] for start, end in zip(cuts, [*cuts[1:], len(rows)], strict=True)]
        for i, text in enumerate(article.get("captions", ())):
            page = pages[min(i, len(pages) - 1)]
            page.insert(chance.choice(open_places(page) or [len(page)]), self._make.caption_of(text))
        self._name(article, pages)
        pages[0] += article.get("notes", ())
        last = self._pages[-1] if self._pages else None
        if last and last.follows and article["place"] == "before" and len(last.rows) + len(rows) < 2 * make.page_rows:
            self._first = last.number
            last.rows += pages[0]
            last.follows = False
            pages = pages[1:]
        else:
            self._first = self._next
        for page in pages:
            self._pages.append(_Page(self._next, article["column"], page))
        self._pages[-1].follows = "follows" in article and chance.random() < _SHARED_SHARE

    def _name(self, article: dict[str, Any], pages: list[list[str]]) -> None:
        """Title, subtitle and byline put where this article has them."""
        style, chance = article.get("style", ""), self._chance
        title = list(article["title"]) if style == "vertical" else two_lines(article["title"], chance)
        title = [doubled(line) for line in title] if style == "doubled" else title
        subtitle = [f"——{article['subtitle']}"] if "subtitle" in article else []
        byline = [article["byline"]]
        if article.get("byline_place") == "after":
            pages[-1] += [*byline, article["bio"]]
            byline = []
        if "作者单位" in article.get("role", ""):
            pages[-1].append(article["role"])
        first, apart = pages[0], article["place"] == "after" and chance.random() < _APART_SHARE
        at = {"before": 0, "after": len(first)}.get(article["place"], -1)
        at = at if at >= 0 else chance.choice(open_places(first)[_MARGIN:-_MARGIN] or open_places(first))
        first[at:at] = [*title, *subtitle, *([] if apart else byline)]
        first[:0] = byline if apart else []

    def _contents(self) -> list[str]:
        """A complete table of contents under the masthead, of one of three makes."""
        rows, column = ["目  录", f"《{NAME}》 {NUMBER}  总第412期", "2023年7月15日出版"], ""
        for page, article in self._listed:
            title, people = article["title"], " ".join(article.get("authors", ()))
            if article.get("column", column) != column:
                column = article["column"]
                rows.append(column)
            if self._make.contents == 0:
                rows.append(f"{page:02d}  {title}{'／' if people else ''}{people}")
            elif self._make.contents == 1:
                rows.append(f"{title} {'…' * 8} {people} {page}" if people else f"{title} {'…' * 8} {page}")
            else:
                rows.append(f"{title}{'.' * 12}{page}")
                rows += [people] if people else []
        return rows


def main(arguments: Sequence[str]) -> int:
    """Prints the text of the issue."""
    print(second_issue(int(arguments[0]) if arguments else SEEDS[0])[0], end="")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
