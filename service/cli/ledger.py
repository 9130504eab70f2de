"""The commands of the ledger: figures, reforms and one reform's dossier, for people, as JSON or as CSV."""

import json
import sys
from argparse import Namespace
from typing import Final

from index.snapshot import Snapshot
from service.ledger.ledger import FigureQuery, Ledger
from service.ledger.rendering import Record, Renderer, found_reform

_CELLS: Final = {
    "what": "是什么",
    "parts": "构成",
    "since": "何时起",
    "leads": "牵头或印发",
    "where": "实施地",
    "targets": "目标",
}
EMPTY: Final = "（文章中没有写明）"


def figures(arguments: Namespace) -> int:
    snapshot = Snapshot.open(arguments.snapshot)
    ledger = Ledger(snapshot)
    query = FigureQuery(arguments.query or "", arguments.unit, arguments.article, arguments.indicator, arguments.sort)
    renderer = Renderer(ledger, snapshot)
    if arguments.csv:
        for line in renderer.csv(ledger.every(query)):
            sys.stdout.write(line)
        return 0
    found = renderer.figures(list(ledger.every(query)))
    if arguments.json:
        print(json.dumps({"figures": found, "snapshot": snapshot.name}, ensure_ascii=False, indent=1))
        return 0
    for figure in found:
        _print_figure(figure)
    print(
        f"{len(found)} figures"
        if found
        else "no figure matches; every word of the query must stand in one row or its article's title"
    )
    return 0


def reforms(arguments: Namespace) -> int:
    snapshot = Snapshot.open(arguments.snapshot)
    ledger = Ledger(snapshot)
    renderer = Renderer(ledger, snapshot)
    found = [renderer.heading(heading) for heading in ledger.called(arguments.query)]
    if arguments.json:
        print(json.dumps({"reforms": found, "snapshot": snapshot.name}, ensure_ascii=False, indent=1))
        return 0
    for item in found:
        filled = "、".join(_CELLS[cell] for cell in item["filled"])
        print(
            f"{item['name']}  ({item['articles']} 篇文章，{item['mentions']} 处{f'；写明{filled}' if filled else ''})"
        )
    return 0


def reform(arguments: Namespace) -> int:
    snapshot = Snapshot.open(arguments.snapshot)
    ledger = Ledger(snapshot)
    found = Renderer(ledger, snapshot).dossier(found_reform(ledger, arguments.name))
    if arguments.json:
        print(json.dumps(found, ensure_ascii=False, indent=1))
        return 0
    print(found["name"])
    if len(found["names"]) > 1:
        print(f"又写作：{'、'.join(name for name in found['names'] if name != found['name'])}")
    for cell, title in _CELLS.items():
        print(f"\n{title}")
        for said in found["cells"][cell] or ():
            print(f"  {said['text']}\n      {said['quote']} —— {said['reference']}")
        if not found["cells"][cell]:
            print(f"  {EMPTY}")
    print("\n数据")
    for figure in found["figures"] or ():
        _print_figure(figure, "  ")
    if not found["figures"]:
        print(f"  {EMPTY}")
    print("\n文章")
    for spoken in found["articles"]:
        print(f"  {spoken['reference']}（{spoken['mentions']} 处）")
    return 0


def _print_figure(figure: Record, indent: str = "") -> None:
    about = " · ".join(part for part in (figure["about"], figure["subject"]) if part) or "（未写明是什么）"
    manner = " ".join(part for part in (figure["comparator"], figure["change"]) if part)
    period = _period(figure["period"]) if figure["period"] else ""
    conflict = "  与其他说法不一致" if figure["conflicts"] else ""
    print(
        f"{indent}{about}：{f'{manner} ' if manner else ''}{figure['text']}{f'（{period}）' if period else ''}{conflict}"
    )
    print(f"{indent}    {figure['quote']} —— {figure['reference']}")


def _period(period: Record) -> str:
    days = " 至 ".join(day for day in (period["start"], period["end"]) if day)
    said = f"，按文章日期 {period['resolved_against']}" if period["resolved_against"] else ""
    return f"{period['text']}{f' = {days}' if days else ''}{said}"
