"""A seed in, the make of a magazine out: widths, running heads, contents, captions, page marks; knows no articles."""

import random
from dataclasses import dataclass

from eval.reading.typesetting import doubled, spaced

NAME, NUMBER, DAY = "澜江纵横", "2023年第7期", "2023-07-15"
NO_CONTENTS, DATED_HEADS = 3, 2


@dataclass(frozen=True, slots=True)
class Make:
    """How a magazine is made and how its pages were extracted.

    `widths` are those of a line in two and in three columns; `feeds` tells whether form feeds part the pages, `gap` how
    many empty lines the lines; `heads`, `contents` and `caption` count kinds; `spaced_share` is that of lines with
    figures set apart.
    """

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

    def caption_of(self, text: str) -> str:
        """The caption as printed."""
        kinds = (doubled(text), f"▲{text}", f"{text}　　闻一鸣／摄", f"图为{text}  本刊资料图")
        return kinds[self.caption]

    def top(self, column: str, number: int) -> list[str]:
        """The running head over a page."""
        even = f"{number}  {NAME}" if not (column and self.tells_column(number)) else f"{column}  {number}"
        dated = " | ".join([f"{NAME} {DAY.replace('-', '.')}", *([column] if column else [])])
        return ([even], [spaced(column)] if column else [], [dated])[self.heads]

    def foot(self, number: int) -> list[str]:
        """The lines at the foot of a page."""
        return ([], [f"《{NAME}》 {NUMBER}", f"·{number}·"], [f"— {number} —"])[self.heads]

    def tells_column(self, number: int) -> bool:
        """Whether the head of this page names the column."""
        return self.heads != 0 or number % 2 == 1


def make_of(seed: int) -> Make:
    """The make that the seed draws; kinds of heads and of contents take turns, so that twelve seeds pair each with each."""
    chance = random.Random(f"make {seed}")
    return Make(
        widths=(chance.randint(19, 24), chance.randint(13, 16)),
        page_rows=chance.randint(24, 34),
        feeds=chance.random() < 0.5,
        gap=chance.randint(0, 1),
        indent=chance.choice(("", "", "　　")),
        heads=seed % 3,
        contents=seed % 4,
        caption=seed // 3 % 4,
        whole_numbers=chance.random() < 0.3,
        spaced_share=chance.choice((0.0, 0.3, 0.6)),
    )
