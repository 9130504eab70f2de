"""A report and its rows in, report.html out: one page for a person, which loads nothing and runs only its own few lines.

Questions, answers and quotes may come from anywhere. They are escaped by the template, and characters that cannot be
seen or that turn the direction of writing are shown as their number.
"""

import os
import unicodedata
from base64 import b64encode
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from eval.comparison import SIGNIFICANT
from eval.report import plots
from eval.report.cases import Case, case
from eval.runs import Row
from eval.scoring import LONG_CHARS, MEASURES, SHORT_CHARS
from eval.summary import Summary

PAGE: Final = "report.html"
_HERE: Final = Path(__file__).parent
_BIG: Final = ("right", "refused", "f1", "em", "evidence@10", "support", "ndcg@10", "mrr")
"""What the big numbers at the top are, as far as they were measured."""
_BIGS: Final = 4
_KEY: Final = (
    "right",
    "refused",
    "short",
    "f1",
    "em",
    "evidence@10",
    "ndcg@10",
    "citation_precision",
    "citation_recall",
)
"""Measures that tables by group and by variant show."""
_KEYS: Final = 6
_ZWJ: Final = "\u200d"


def write_page(report: Summary, rows: Sequence[Row], folder: Path) -> None:
    """Write report.html of a run into its folder, whole or not at all."""
    beside = folder / f"{PAGE}.new"
    with beside.open("w", encoding="utf-8", newline="\n") as file:
        file.write(render(report, rows, folder.name))
        file.flush()
        os.fsync(file.fileno())
    beside.replace(folder / PAGE)


def render(report: Summary, rows: Sequence[Row], name: str = "") -> str:
    """The page of a run. `name` is that of its folder, by which a sweep knows its variants. Equal input, equal page."""
    style, script = (_text_of(file) for file in ("page.css", "page.js"))
    cases = [case(row) for row in rows]
    return _environment().get_template("page.html.j2").render(
        report=report,
        here=name,
        style=Markup(style),
        script=Markup(script),
        policy=f"default-src 'none'; style-src {_hash(style)}; script-src {_hash(script)}; base-uri 'none'; form-action 'none'",
        measures=MEASURES,
        big=_present(_BIG, report)[:_BIGS],
        key=_present(_KEY, report)[:_KEYS],
        significant=SIGNIFICANT,
        failures=[one for one in cases if one.failed],
        right=[one for one in cases if not one.failed],
        links={one.row.question.id: one for one in cases},
        doubted=_doubted(report, cases),
        **_drawings(report, cases),
    )  # fmt: skip


def _environment() -> Environment:
    found = Environment(
        loader=FileSystemLoader(_HERE),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
        finalize=visible,
    )
    found.filters |= {"percent": percent, "points": _points, "folder": _folder}
    found.globals["bar"] = plots.bar
    return found


def _text_of(file: str) -> str:
    return (_HERE / file).read_text(encoding="utf-8")


def _hash(text: str) -> str:
    """The source expression by which a content security policy knows an inline style or script."""
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"


def _present(names: Sequence[str], report: Summary) -> list[str]:
    return [name for name in names if report["scores"].get(name, {}).get("of")]


def _drawings(report: Summary, cases: Sequence[Case]) -> dict[str, Markup | None]:
    """The plots; None where there is nothing to draw."""
    curves, latency = report["curves"], report["latency_ms"]
    lengths = [len(one.said) for one in cases if one.said]
    return {
        "recall": plots.recall_curve(curves["recall"]) if curves["recall"] else None,
        "risk": plots.risk_curve(curves["risk_coverage"]) if curves["risk_coverage"] else None,
        "latency": plots.latency_bars({visible(stage): times for stage, times in latency.items()}) if latency else None,
        "lengths": plots.length_columns(lengths, (SHORT_CHARS, LONG_CHARS)) if lengths else None,
    }


def visible(value: Any) -> Any:
    """A text with every character that is not to be seen as its number: direction marks, control characters, halves of
    surrogate pairs, private ones. White space and joined emoji stay; values other than texts too.
    """
    if type(value) is not str or value.isprintable():
        return value
    return "".join(character if _is_seen(character) else f"[U+{ord(character):04X}]" for character in value)


def _is_seen(character: str) -> bool:
    return character.isprintable() or character in "\n\t" + _ZWJ or unicodedata.category(character)[0] == "Z"


def percent(share: float, digits: int = 1) -> str:
    """A share of 0 to 1 in percent."""
    return f"{100 * share:.{digits}f}\u202f%"


def _points(value: float) -> str:
    """Points of a score: whole where they are."""
    return f"{value:.1f}".removesuffix(".0")


def _folder(name: str) -> str:
    """The name of a folder as part of an address."""
    return quote(name, safe="", errors="surrogatepass")


def _doubted(report: Summary, cases: Sequence[Case]) -> list[str]:
    """Questions dealt with well whose answers a judging model finds unfaithful or beside the point."""
    verdicts = (report.get("judged") or {}).get("rows") or {}
    seen = [(one.row.question.id, verdicts.get(one.row.question.id, {})) for one in cases if not one.failed]
    return [name for name, found in seen if not all(found.get("supported", ())) or found.get("relevance", 1) < 1]
