"""What is shipped: pins and licences of what is installed here, the bill of materials, the wheel and what it can do alone."""

import json
import os
import shutil
import subprocess
import sys
import tomllib
import zipfile
from importlib.metadata import PathDistribution
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from packaging.requirements import Requirement
from packaging.version import Version

from eval.release import audit, licences, newcomer, page, pins, wheel
from eval.release.installed import Closure, closure, lay_out, needs
from eval.release.vulnerabilities import ACCEPTED, SERVICES, Looked, look_up, looked
from index.manifest import FORMAT
from service.records.tables import VERSION
from tests.policies import ARTICLES, write_articles

ROOT = Path(__file__).parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
OF_SCANS = {"colorlog", "omegaconf", "opencv-python-headless", "pyclipper", "rapidocr", "shapely", "six"}
"""What reading scans needs, which is pinned and not installed for the tests."""


def written(tmp_path: Path, name: str, version: str, *requires: str) -> PathDistribution:
    """A package that is installed, as far as its metadata tells."""
    folder = tmp_path / f"{name}-{version}.dist-info"
    folder.mkdir()
    asked = "".join(f"Requires-Dist: {one}\n" for one in requires)
    (folder / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n{asked}")
    return PathDistribution(folder)


# pins


def test_everything_that_is_installed_for_wence_and_its_tests_is_pinned_to_what_is_here() -> None:
    pinned = pins.pins(ROOT / "constraints.txt")
    own = needs(ROOT / "pyproject.toml")
    reached = closure(own, ["dev"])
    assert len(reached.found) > 100
    assert list(pins.faults(pinned, reached)) == []
    assert set(pins.stale(pinned, reached)) <= OF_SCANS
    shipped = closure(own).found.keys()
    assert {"torch", "fastapi", "starlette", "faiss-cpu"} <= shipped
    assert not shipped & {"pytest", "ruff", "pip-audit", "psycopg", "pymilvus", "openai"}


@pytest.mark.parametrize(
    ("line", "wrong"),
    [
        ("a>=1", "'a>=1'"),
        ("a==1.*", "'a=="),
        ("a", "'a'"),
        ("a==1,==2", "'a==1,==2'"),
        ("a[b]==1", "'a\\[b\\]==1'"),
        ("-r other.txt", "'-r other.txt'"),
        ("a @ https://example.org/a.whl", "'a @"),
        ("A_b==1\na.B==1", "a-b is pinned a second time"),
    ],
)
def test_what_is_no_pin_is_named(tmp_path: Path, line: str, wrong: str) -> None:
    path = tmp_path / "constraints.txt"
    path.write_text(f"# made by hand\nz==1  # why\n{line}\n", encoding="utf-8")
    with pytest.raises(pins.PinsError, match=f"constraints.txt, line [34]: {wrong}"):
        pins.pins(path)


def test_faults_of_pins(tmp_path: Path) -> None:
    found = {
        name: written(tmp_path, name, version)
        for name, version in {"other": "2.0", "none": "1.0", "same": "1.0+cpu", "part": "3.1"}.items()
    }
    asked = {"part": [Requirement("part==3.1")], "none": [Requirement("none>=1")]}
    pinned = {name: Version("1.0") for name in ("other", "same", "gone")}
    assert list(pins.faults(pinned, Closure(dict(found), asked, {"absent"}))) == [
        "absent: needed, but not installed here and not pinned",
        "none: 1.0 is installed and constraints.txt does not pin it; add none==1.0",
        "other: 2.0 is installed, constraints.txt pins 1.0; install with `-c constraints.txt`",
    ]
    assert pins.stale(pinned, Closure(dict(found))) == ["gone"]


# licences


def test_every_licence_may_be_shipped_and_of_those_beside_none_is_unknown(tmp_path: Path) -> None:
    own = needs(ROOT / "pyproject.toml")
    shipped, every = closure(own).found, closure(own, ["dev"]).found
    rows = licences.listed(lay_out(every.values(), tmp_path / "every"))
    names = {row["Name"].lower().replace("_", "-") for row in rows}
    assert names >= {"torch", "pypdfium2", "psycopg", "tiktoken"}
    assert list(licences.faults(rows, licences.BESIDE)) == []
    assert list(licences.faults([row for row in rows if row["Name"].lower().replace("_", "-") in shipped])) == []
    assert [fault.partition(" ")[0] for fault in licences.faults(rows)] == ["psycopg", "psycopg-binary"]


@pytest.mark.parametrize(
    ("said", "fault"),
    [
        ("MIT", ""),
        ("MIT License\n\nCopyright (c) 2022\n\nPermission is hereby granted", ""),
        ("Apache Software License; MIT License", ""),
        ("MPL-2.0 AND (Apache-2.0 OR GPL-3.0-only)", ""),
        ("Apache-2.0 WITH LLVM-exception", ""),
        ("GPL-3.0-only", "x 1: GPL-3.0-only is not allowed here; do without it"),
        ("MIT AND AGPL-3.0-or-later", "x 1: MIT AND AGPL-3.0-or-later is not allowed here; do without it"),
        ("LGPL-3.0-only", "x 1: LGPL-3.0-only is not allowed here; do without it"),
        ("UNKNOWN", "x 1: states 'UNKNOWN'; read its licence, then name it in licences.py"),
        ("ask the author", "x 1: states 'ask the author'; read its licence, then name it in licences.py"),
        ("", "x 1: states ''; read its licence, then name it in licences.py"),
    ],
)
def test_licences_are_told_apart(said: str, fault: str) -> None:
    assert "".join(licences.faults([{"Name": "x", "Version": "1", "License": said}])) == fault


# the bill of materials, and vulnerabilities


def test_the_bill_of_materials_lists_what_is_shipped_and_nothing_else(tmp_path: Path) -> None:
    every = closure(needs(ROOT / "pyproject.toml")).found
    few = Closure({name: every[name] for name in ("fastapi", "starlette", "typing-extensions")})
    audit.write_sbom(few, ROOT, tmp_path / "few", tmp_path / "sbom.json")
    told: dict[str, Any] = json.loads((tmp_path / "sbom.json").read_bytes())
    assert told["bomFormat"] == "CycloneDX"
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str((tmp_path / "sbom.json").read_text("utf-8")) is None
    assert (told["metadata"]["component"]["name"], told["metadata"]["component"]["version"]) == (
        "wence",
        PROJECT["version"],
    )
    in_page = {(row["Name"], row["Version"]) for row in page.bundled(ROOT)}
    assert {name for name, _ in in_page} == {"preact", "@preact/signals", "@preact/signals-core"}
    assert list(licences.faults(page.bundled(ROOT))) == []
    assert {(one["name"].replace("_", "-"), one["version"]) for one in told["components"]} == {
        *((name, one.version) for name, one in few.found.items()), *in_page
    }  # fmt: skip
    assert all(one["licenses"] and one["purl"].startswith(("pkg:pypi/", "pkg:npm/")) for one in told["components"])
    references = [one["ref"] for one in told["dependencies"]]
    assert len(references) == len(set(references)) == len(told["components"]) + 1


def test_where_no_service_can_be_asked_nothing_counts_as_looked_up(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTPS_PROXY", "https_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    found = look_up({"jinja2": Version("3.1.6")}, timeout_s=2)
    assert (found.service, found.checked, found.skipped, found.found) == ("", 0, ("jinja2",), ())
    assert [why.partition(":")[0] for why in found.why] == list(SERVICES)
    verdict = audit.Audit(1, 1, (), (), found)
    assert verdict.faults(strict=False) == []
    assert verdict.faults(strict=True) == ["jinja2: not looked at"]


def test_a_report_of_pip_audit_is_read_with_what_it_passed_over() -> None:
    known = {"id": "PYSEC-2023-228", "fix_versions": ["23.3"], "aliases": [], "description": ""}
    found = looked(
        "pypi",
        [
            {"name": "pip", "version": "23.0", "vulns": [known, {**known, "id": "X-1", "fix_versions": []}]},
            {"name": "good", "version": "1", "vulns": []},
            {"name": "mine", "skip_reason": "Dependency not found on PyPI"},
            {"name": "litellm", "version": "1.83.0", "vulns": [known]},
        ],
    )
    assert found == Looked(
        "pypi",
        3,
        ("mine",),
        ("pip 23.0: PYSEC-2023-228, mended in 23.3", "pip 23.0: X-1, not mended yet"),
        ("litellm 1.83.0: PYSEC-2023-228, mended in 23.3",),
    )
    assert audit.Audit(1, 1, (), (), found).faults(strict=False) == list(found.found)


def test_what_is_accepted_is_pinned_and_not_shipped() -> None:
    assert ACCEPTED.keys() <= pins.pins(ROOT / "constraints.txt").keys()
    assert not ACCEPTED.keys() & closure(needs(ROOT / "pyproject.toml")).found.keys()


# the wheel


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return wheel.build(ROOT, tmp_path_factory.mktemp("built"), "1700000000")


def test_a_wheel_is_the_same_from_another_folder_owner_and_time(built: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    for name in wheel.SOURCES:
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copyfile
        copy(ROOT / name, elsewhere / name)
    (elsewhere / "service" / "__pycache__").mkdir(exist_ok=True)
    (elsewhere / "service" / "__pycache__" / "x.cpython-311.pyc").write_bytes(b"left")
    for path in (elsewhere / "models").rglob("*.*"):
        path.chmod(0o600)
        os.utime(path, (1, 1))
    assert wheel.build(elsewhere, tmp_path / "out", "1700000000").read_bytes() == built.read_bytes()


def test_the_wheel_holds_what_runs_and_nothing_that_tests_or_builds(built: Path) -> None:
    names = set(zipfile.ZipFile(built).namelist())
    assert built.name == f"wence-{PROJECT['version']}-py3-none-any.whl"
    for folder in ("models", "service/web", "service/records/migrations", "index", "embeddings"):
        there = {
            path.relative_to(ROOT).as_posix()
            for path in (ROOT / folder).rglob("*")
            if path.is_file() and "__pycache__" not in path.parts and "source" not in path.parts
        }
        assert there
        assert there <= names
    tops = {name.partition("/")[0] for name in names}
    assert tops == {"embeddings", "eval", "index", "models", "service", f"wence-{PROJECT['version']}.dist-info"}
    assert not [name for name in names if name.endswith((".ts", ".tsx", ".jsonl", "package.json"))]
    inside = {name.split("/")[1] for name in names if name.startswith("eval/") and name.count("/") > 1}
    assert inside == {"benchmarks", "metrics", "report"}, "of eval, what `wence evaluate` needs"


def test_the_wheel_alone_builds_and_answers(built: Path, tmp_path: Path) -> None:
    """In an environment with what wence needs and the wheel, in a folder without a checkout."""
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", tmp_path / "env"], check=True)
    python = tmp_path / "env" / "bin" / "python"
    words = ["--python", str(python), "install", "--quiet", "--no-deps", "--no-index", str(built)]
    subprocess.run([sys.executable, "-m", "pip", *words], check=True)
    (packages,) = (tmp_path / "env" / "lib").glob("python*/site-packages")
    (packages / "needed.pth").write_text(f"{Path(np.__file__).parents[1]}\n", encoding="utf-8")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("WENCE_", "PYTHON"))}

    def run(*words: object) -> str:
        command = [str(tmp_path / "env" / "bin" / "wence"), *map(str, words)]
        ran = subprocess.run(command, cwd=tmp_path, env=kept, capture_output=True, text=True, check=False, timeout=60)
        assert (ran.returncode, ran.stderr) == (0, "")
        return ran.stdout

    source = write_articles(tmp_path / "articles.jsonl", ARTICLES[:3])
    assert run("--version").splitlines()[:2] == [
        f"wence {PROJECT['version']}", f"snapshot format {FORMAT}, reads 1; records {VERSION}"
    ]  # fmt: skip
    assert run("build", source).startswith("3 articles")
    answer = json.loads(run("ask", "松坪县户均增收多少元？", "--json"))
    assert (answer["status"], answer["short_answers"]) == ("answered", ["6800元"])
    assert "--report" in run("evaluate", "--help")
    where = subprocess.run(
        [python, "-c", "import service.errors, models; print(service.errors.__file__, models.__path__)"],
        cwd=tmp_path, env=kept, capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    assert str(packages) in where
    assert str(ROOT) not in where


def test_the_commands_of_a_newcomer_are_those_of_the_readme() -> None:
    serve, ask = newcomer.commands((ROOT / "README.md").read_text(encoding="utf-8"))
    assert serve == "make run"
    assert ask.startswith("curl -s http://127.0.0.1:8000/v1/ask ")
