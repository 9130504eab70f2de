"""What collections of several sizes cost in, a table and a plot of how it grows out. Measures nothing."""

import json
from collections.abc import Callable, Mapping, Sequence
from math import log10
from pathlib import Path
from typing import Any, Final

from markupsafe import Markup

from eval.report.plots import BOTTOM, LEFT, RIGHT, TOP, WIDTH, scale

Size = Mapping[str, Any]
_COLUMNS: Final[Mapping[str, Callable[[Size], object]]] = {
    "passages": lambda size: f"{size['passages']:,}",
    "build s · processor s": lambda size: f"{size['build_s']} · {size['build_processor_s']}",
    "build MB": lambda size: size["build_peak_mb"],
    "on disk MB": lambda size: size["snapshot_mb"],
    "search ms p50 · p99": lambda size: f"{size['search_ms']['p50']} · {size['search_ms']['p99']}",
    "ask ms p50 · p99": lambda size: f"{size['ask_ms']['p50']} · {size['ask_ms']['p99']}",
    "lexical alone · codes alone · flat scan ms": lambda size: (
        f"{size['lexical_ms']['p50']} · {size['dense_ms']['p50']} · {size['flat_scan']['ms']}"
    ),
    "processor ms p50 · p99": lambda size: (
        f"{size['search_processor_ms']['p50']} · {size['search_processor_ms']['p99']}"
    ),
    "dense recall@10": lambda size: size["recall@10"],
    "ready s": lambda size: size["ready_s"],
    "searches/s 1 · 8 · 64": lambda size: " · ".join(
        f"{size[f'search_http_{connections}']['a_second']:.0f}" for connections in (1, 8, 64)
    ),
    "processor ms a search": lambda size: size["search_http_8"]["service_processor_ms"],
    "asks/s 1 · 8 · 64": lambda size: " · ".join(
        f"{size[f'ask_http_{connections}']['a_second']:.0f}" for connections in (1, 8, 64)
    ),
    "ms p99 of 8 asking": lambda size: size["ask_http_8"]["milliseconds"]["p99"],
    "service MB · own": lambda size: f"{size['served_mb']['resident']} · {size['served_mb']['own']}",
}
_LINES: Final[Mapping[str, Callable[[Size], float]]] = {
    "build, processor s": lambda size: size["build_processor_s"],
    "build, MB": lambda size: size["build_peak_mb"],
    "service, MB": lambda size: size["served_mb"]["resident"],
    "a search, processor µs": lambda size: 1000 * size["search_processor_ms"]["p50"],
}
_COLOURS: Final = ("#2b6cb0", "#b7791f", "#2f855a", "#c53030")
_STYLE: Final = "text{font:11px sans-serif;fill:#333}.grid{stroke:#ddd}polyline{fill:none;stroke-width:2}"


def table(sizes: Sequence[Size]) -> str:
    """Markdown, a row for each size; what was not measured is a dash."""
    rows = [list(_COLUMNS), ["---"] * len(_COLUMNS)]
    rows += [[str(_told(cell, size, "—")) for cell in _COLUMNS.values()] for size in sizes]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def plot(sizes: Sequence[Size]) -> str:
    """SVG, both axes logarithmic: a straight line at 45° is what grows as the collection does."""
    lines = {
        name: [(size["passages"], value) for size in sizes if (value := _told(of, size, 0.0))]
        for name, of in _LINES.items()
    }
    points = [point for line in lines.values() for point in line] or [(1, 1.0)]
    low, high = _decades([count for count, _ in points])
    x = scale(low, high, LEFT, RIGHT)
    least, most = _decades([value for _, value in points])
    y = scale(least, most, BOTTOM, TOP)
    drawn = [Markup("<style>{}</style>").format(Markup(_STYLE))]
    for power in range(least, most + 1):
        drawn.append(_grid(LEFT, y(power), RIGHT, y(power)))
        drawn.append(_text(LEFT - 6, y(power) + 4, f"{10**power:,}", "end"))
    for power in range(low, high + 1):
        drawn.append(_grid(x(power), TOP, x(power), BOTTOM))
        drawn.append(_text(x(power), BOTTOM + 16, f"{10**power:,}", "middle"))
    for number, ((name, line), colour) in enumerate(zip(lines.items(), _COLOURS, strict=True)):
        places = " ".join(f"{x(log10(count))},{y(log10(value))}" for count, value in line)
        drawn.append(Markup('<polyline points="{}" stroke="{}"/>').format(places, colour))
        drawn.append(
            Markup('<rect x="{}" y="{}" width="10" height="10" fill="{}"/>').format(
                LEFT, BOTTOM + 26 + 16 * number, colour
            )
        )
        drawn.append(_text(LEFT + 16, BOTTOM + 35 + 16 * number, name, "start"))
    height = BOTTOM + 34 + 16 * len(lines)
    head = Markup('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {} {}">').format(WIDTH, height)
    return str(head + Markup("").join(drawn) + Markup("</svg>\n"))


def store(found: Mapping[str, Any], name: Path) -> None:
    """Write name.json, name.md and name.svg."""
    name.parent.mkdir(parents=True, exist_ok=True)
    for ending, text in (
        ("json", json.dumps(found, ensure_ascii=False, indent=1) + "\n"),
        ("md", table(found["sizes"]) + "\n"),
        ("svg", plot(found["sizes"])),
    ):
        name.with_name(f"{name.name}.{ending}").write_text(text, encoding="utf-8")


def _told(of: Callable[[Size], Any], size: Size, otherwise: Any) -> Any:
    try:
        return of(size)
    except KeyError:
        return otherwise


def _decades(values: Sequence[float]) -> tuple[int, int]:
    """The powers of ten around the values."""
    low, high = int(log10(min(values)) // 1), -int(-log10(max(values)) // 1)
    return low, max(high, low + 1)


def _grid(x: float, y: float, right: float, bottom: float) -> Markup:
    return Markup('<path class="grid" d="M{} {}L{} {}"/>').format(x, y, right, bottom)


def _text(x: float, y: float, said: str, anchor: str) -> Markup:
    return Markup('<text x="{}" y="{}" text-anchor="{}">{}</text>').format(x, y, anchor, said)
