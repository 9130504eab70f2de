"""Numbers of a report in, inline SVG drawings out. Colours and type come from the classes of the page's style sheet.

Every text is escaped here. Coordinates are pixels of the view box, y growing downwards; each drawing scales to its place.
"""

from collections.abc import Callable, Mapping, Sequence
from math import ceil, floor, log10
from typing import Final

from markupsafe import Markup

WIDTH: Final = 440
LEFT, RIGHT, TOP, BOTTOM = 46, 416, 18, 214
"""The rectangle in which curves and columns are drawn; ticks and names of axes stand around it."""
INSET: Final = 18
"""Room between the axis and the first point of a curve for its number."""

BAR_WIDTH: Final = 96
PERCENTILES: Final = ("p50", "p95", "p99")
_ROW, _GAP, _LABELS, _VALUES = 17, 26, 40, 70
_STEPS: Final = (1, 2, 5, 10)
_COLUMNS: Final = 16

Place = Callable[[float], float]
"""Yields the pixel at which a value stands."""


def scale(low: float, high: float, start: float, end: float) -> Place:
    """Values of [low, high] evenly to pixels of [start, end], to a tenth of a pixel."""
    return lambda value: round(start + (value - low) / (high - low) * (end - start), 1)


def ticks(low: float, high: float, most: int = 5) -> list[float]:
    """At most `most` + 1 round values evenly apart, from `low` rounded down to `high` rounded up."""
    step = _step((high - low) / most if high > low else 1 / most)
    first, last = floor(low / step + 1e-9), ceil(high / step - 1e-9)
    return [round(step * number, 10) for number in range(first, max(last, first + 1) + 1)]


def _step(least: float) -> float:
    """The next of 1, 2, 5 times a power of ten."""
    power = 10.0 ** floor(log10(least))
    return next(step * power for step in _STEPS if step * power >= least * (1 - 1e-9))


def bar(share: float, low: float | None = None, high: float | None = None) -> Markup:
    """A small bar for a share of 0 to 1, with its interval as a line across the end."""
    x = scale(0, 1, 0, BAR_WIDTH)
    drawn = [_rect("back", 0, 3, BAR_WIDTH, 8), _rect("fill", 0, 3, x(share), 8)]
    if low is not None and high is not None and low < high:
        drawn.append(_path("whisker", f"M{x(low)} 7H{x(high)}M{x(low)} 3V11M{x(high)} 3V11"))
    return _svg("bar", BAR_WIDTH, 14, "", drawn)


def recall_curve(points: Sequence[tuple[float, float]]) -> Markup:
    """Share of questions with evidence among the first k over k, which runs logarithmically. The axis of shares begins
    at the round value below the least of them.
    """
    marks = ticks(min(0.9, *(share for _, share in points)), 1)
    x, y = scale(0, log10(max(points[-1][0], 2)), LEFT + INSET, RIGHT), scale(marks[0], 1, BOTTOM, TOP)
    places = [(x(log10(k)), y(share)) for k, share in points]
    drawn = [*_grid(marks, y, _percent), _line("curve", places)]
    for (k, share), (left, top) in zip(points, places, strict=True):
        drawn += [_dot(left, top), _text(left, top - 8, f"{100 * share:.1f}", "middle value")]
        drawn.append(_text(left, BOTTOM + 18, f"{k:g}", "middle"))
    drawn.append(_text((LEFT + RIGHT) / 2, BOTTOM + 38, "passages looked at (k)", "middle name"))
    said = ", ".join(f"{_percent(share)} at {k:g}" for k, share in points)
    return _svg("plot", WIDTH, BOTTOM + 46, f"Questions whose evidence is among the first k passages: {said}", drawn)


def risk_curve(points: Sequence[tuple[float, float]]) -> Markup:
    """Share of wrong answers among the surest, over the share of answers kept; dashed: when all are kept."""
    marks = ticks(0, max([risk for _, risk in points] + [0.05]))
    x, y = scale(0, 1, LEFT, RIGHT), scale(0, marks[-1], BOTTOM, TOP)
    places = [(x(coverage), y(risk)) for coverage, risk in points]
    everything = places[-1][1]
    drawn = [*_grid(marks, y, _percent), _path("limit", f"M{LEFT} {everything}H{RIGHT}"), _line("curve", places)]
    drawn += [_dot(left, top) for left, top in (places if len(places) <= 20 else places[-1:])]
    drawn += [_text(x(share), BOTTOM + 18, _percent(share), "middle") for share in (0, 0.25, 0.5, 0.75, 1)]
    drawn.append(_text((LEFT + RIGHT) / 2, BOTTOM + 38, "answers kept, the surest first", "middle name"))
    said = f"Wrong answers among the surest; {100 * points[-1][1]:.1f} % when all are kept"
    return _svg("plot", WIDTH, BOTTOM + 46, said, drawn)


def latency_bars(stages: Mapping[str, Mapping[str, float]]) -> Markup:
    """Milliseconds of every stage at the percentiles, as bars from 0 on one scale for all."""
    longest = max(times[name] for times in stages.values() for name in PERCENTILES) or 1.0
    x = scale(0, longest, _LABELS, WIDTH - _VALUES)
    drawn: list[Markup] = []
    top = 0
    for stage, times in stages.items():
        drawn.append(_text(0, top + 15, stage, "name"))
        top += _GAP - 4
        for name in PERCENTILES:
            drawn.append(_text(_LABELS - 8, top + 11, name, "end"))
            drawn.append(_rect(name, _LABELS, top + 1, round(x(times[name]) - _LABELS, 1), 11))
            drawn.append(_text(x(times[name]) + 6, top + 11, f"{times[name]:.4g} ms", "value"))
            top += _ROW
        top += 4
    said = "; ".join(
        f"{stage}: " + ", ".join(f"{n} {times[n]:g} ms" for n in PERCENTILES) for stage, times in stages.items()
    )
    return _svg("plot", WIDTH, top, f"Time by stage: {said}", drawn)


def length_columns(lengths: Sequence[int], limits: Sequence[int]) -> Markup:
    """How many answers are how long, in characters; a dashed line at each limit that lies within."""
    edges, counts = bins(lengths)
    marks = ticks(0, max(counts))
    x, y = scale(0, edges[-1], LEFT, RIGHT), scale(0, marks[-1], BOTTOM, TOP)
    drawn = [*_grid([mark for mark in marks if mark == int(mark)], y, "{:.0f}".format)]
    for start, end, count in zip(edges, edges[1:], counts, strict=False):
        if count:
            drawn.append(
                _rect("fill", x(start) + 1, y(count), round(x(end) - x(start) - 2, 1), round(BOTTOM - y(count), 1))
            )
    drawn += [_text(x(edge), BOTTOM + 18, f"{edge}", "middle") for edge in edges[:: ceil(len(edges) / 6)]]
    for limit in limits:
        if limit < edges[-1]:
            drawn.append(_path("limit", f"M{x(limit)} {TOP - 4}V{BOTTOM}"))
            drawn.append(_text(x(limit) + 5, TOP + 6, f"limit {limit}", "value"))
    drawn.append(_text((LEFT + RIGHT) / 2, BOTTOM + 38, "characters", "middle name"))
    said = f"Answers by length: {len(lengths)} of {min(lengths)} to {max(lengths)} characters"
    return _svg("plot", WIDTH, BOTTOM + 46, said, drawn)


def bins(lengths: Sequence[int]) -> tuple[list[int], list[int]]:
    """Edges of equal round width from 0 on, and how many lengths lie in [edge, next edge); at most 16 bins."""
    width = max(1, round(_step((max(lengths) + 1) / _COLUMNS)))
    edges = list(range(0, max(lengths) + width + 1, width))
    counts = [0] * (len(edges) - 1)
    for length in lengths:
        counts[length // width] += 1
    return edges, counts


def _percent(share: float) -> str:
    return f"{round(100 * share, 1):g} %"


def _grid(marks: Sequence[float], y: Place, written: Callable[[float], str]) -> list[Markup]:
    lines = [_path("grid", f"M{LEFT} {y(mark)}H{RIGHT}") for mark in marks]
    return lines + [_text(LEFT - 7, y(mark) + 4, written(mark), "end") for mark in marks]


def _svg(kind: str, width: float, height: float, said: str, drawn: Sequence[Markup]) -> Markup:
    spoken = Markup('role="img" aria-label="{}"').format(said) if said else Markup('aria-hidden="true"')
    head = Markup('<svg class="{}" viewBox="0 0 {} {}" {}>').format(kind, width, height, spoken)
    return head + Markup("").join(drawn) + Markup("</svg>")


def _rect(kind: str, x: float, y: float, width: float, height: float) -> Markup:
    shape = Markup('<rect class="{}" x="{}" y="{}" width="{}" height="{}"/>')
    return shape.format(kind, x, y, width, height)


def _path(kind: str, way: str) -> Markup:
    return Markup('<path class="{}" d="{}"/>').format(kind, way)


def _line(kind: str, places: Sequence[tuple[float, float]]) -> Markup:
    return Markup('<polyline class="{}" points="{}"/>').format(kind, " ".join(f"{x},{y}" for x, y in places))


def _dot(x: float, y: float) -> Markup:
    return Markup('<circle class="dot" cx="{}" cy="{}" r="3.5"/>').format(x, y)


def _text(x: float, y: float, said: str, kind: str) -> Markup:
    return Markup('<text class="{}" x="{}" y="{}">{}</text>').format(kind, round(x, 1), round(y, 1), said)
