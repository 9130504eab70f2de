"""docs/operations.md: its commands are run, its faults are tested, its metrics and messages are there."""

import ast
import re
import shlex
import subprocess
from pathlib import Path

import pytest

from index.versions import kept
from service.api.metrics import Metrics
from service.cli import main
from service.pipeline import Pipeline
from service.records.records import Records
from service.settings import Settings
from tests.policies import ARTICLES, write_articles

ROOT = Path(__file__).parent.parent
PAGE = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
OUR_FAULTS = sorted(path.stem for path in (ROOT / "tests").glob("test_faults_*.py"))


def section(heading: str) -> str:
    _, found, rest = PAGE.partition(f"\n## {heading}\n")
    assert found, heading
    return rest.split("\n## ")[0]


def rows(heading: str) -> list[list[str]]:
    """The cells of a section's table, without its head."""
    lines = [line for line in section(heading).splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


def named_in(module: str) -> set[str]:
    """The tests of a file."""
    tree = ast.parse((ROOT / "tests" / f"{module}.py").read_text(encoding="utf-8"))
    return {node.name for node in tree.body if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")}


def test_every_fault_has_its_cells_and_a_test_that_exists() -> None:
    found = rows("Faults")
    assert len(found) > 30
    for row in found:
        assert len(row) == 6, row
        assert all(row), row
        named = re.fullmatch(r"`(test_\w+)\.py::(test_\w+)`", row[-1])
        assert named, row
        assert named[2] in named_in(named[1]), row


def test_every_test_of_a_fault_is_in_the_table() -> None:
    named = {row[-1].strip("`") for row in rows("Faults")}
    for module in OUR_FAULTS:
        for test in named_in(module) - {"test_these_are_the_kinds_of_files"}:
            assert f"{module}.py::{test}" in named


def test_every_metric_is_there(policies: Path) -> None:
    metrics = Metrics()
    metrics.look_at(Pipeline(policies, Settings(snapshot=policies)).snapshot)
    there = {line.split()[2] for line in metrics.text().decode().splitlines() if line.startswith("# TYPE")}
    named = {re.sub("_bucket$", "", name) for name in re.findall(r"\bwence_[a-z_]+", PAGE)}
    assert len(named) > 7
    assert named <= there


def test_every_message_of_the_log_is_one() -> None:
    code = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "service").rglob("*.py"))
    for row in rows("Logs"):
        for part in re.split("…", row[0].strip("`")):
            assert part.strip(" ;:") in code, row


def test_the_commands_do_what_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("SNAPSHOT", "DATABASE"):
        monkeypatch.delenv(f"WENCE_{name}", raising=False)
    (tmp_path / "articles").mkdir()
    write_articles(tmp_path / "articles" / "all.jsonl")
    (tmp_path / "more.md").write_text("# 镜湖县修绿道\n\n镜湖县新修绿道63公里。\n", encoding="utf-8")
    told = {
        heading: run(heading, capsys)
        for heading in ("The collection", "Keys", "Backup and restore", "Upgrade, and back", "Records")
    }
    assert f"{len(ARTICLES) + 1} articles" in told["The collection"]
    assert "sound" in told["The collection"]
    assert "sound" in told["Backup and restore"]
    assert len(kept(tmp_path / "snapshot")) == len(kept(tmp_path / "restored" / "snapshot")) == 2
    assert re.findall(r"(?m)^\w{8}  (ask|admin)  (website|office)", told["Backup and restore"]) == [
        ("ask", "website"), ("admin", "office"),
    ]  # fmt: skip
    records = Records(Settings(snapshot=tmp_path / "snapshot"))
    assert [key.name for key in records.list_keys()] == ["website", "office"], "what is deleted are answers alone"
    records.close()


def run(heading: str, capsys: pytest.CaptureFixture[str]) -> str:
    """What the commands of a section say, one after another; every one of them must succeed."""
    lines = [
        line for block in re.findall(r"```sh\n(.*?)```", section(heading), re.DOTALL) for line in block.splitlines()
    ]
    assert lines
    for line in lines:
        words = shlex.split(line, comments=True)
        if words[0] == "wence":
            try:
                status = main(words[1:])
            except SystemExit as stop:  # as --version does
                status = int(stop.code or 0)
        else:
            status = subprocess.run(["bash", "-euo", "pipefail", "-c", line], check=False).returncode
        assert status == 0, line
    return capsys.readouterr().out
