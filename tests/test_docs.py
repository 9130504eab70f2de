"""The README against the code: settings, routes, make targets and the map of the files."""

import re
from pathlib import Path

import pytest
from fastapi.routing import APIRoute

from service.api import asking, collection, feedback, ledger, operations
from service.api.app import create_app
from service.api.chat import routes as chat
from service.cli.arguments import parse
from service.settings import Settings

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
PACKAGES = ("service", "index", "embeddings", "eval")


def cells(heading: str) -> list[list[str]]:
    """The rows of the table under a heading, each as its cells."""
    _, found, section = README.partition(f"\n## {heading}\n")
    assert found, f"README has no section “{heading}”"
    rows = [line for line in section.split("\n## ")[0].splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in row.strip("|").split("|")] for row in rows if not re.fullmatch(r"[|\s:-]+", row)]


def code(cell: str) -> list[str]:
    return re.findall(r"`([^`]+)`", cell)


def map_paths() -> list[str]:
    """Every path in the first column of the map; a bare file name stands in the folder of the path before it."""
    paths, folder = [], ""
    for row in cells("Reading the code"):
        for name in code(row[0]):
            path = name if "/" in name else f"{folder}/{name}"
            folder = path.rpartition("/")[0]
            paths.append(path)
    return paths


def test_the_settings_table_has_every_setting_and_no_other() -> None:
    named = [name for row in cells("Settings") for name in code(row[0])]
    assert sorted(named) == sorted(f"WENCE_{field.upper()}" for field in Settings.model_fields)


def routes() -> set[tuple[str, str]]:
    paths = create_app(Settings(snapshot=ROOT / "nowhere")).openapi()["paths"]
    return {(method.upper(), path) for path, found in paths.items() for method in found}


def test_every_route_is_named_and_every_named_route_exists() -> None:
    named = {
        (method, path.split("?")[0])
        for row in cells("HTTP")
        for method, path in re.findall(r"`(GET|POST|PUT|PATCH|DELETE) (/[^`\s]*)`", row[0])
    }
    assert named == routes()
    plain = {path for row in cells("HTTP") for path in code(row[0]) if path.startswith("/")}
    assert {"/", "/docs"} <= plain


def test_no_route_is_hidden_from_the_openapi_document() -> None:
    for router in (asking.router, chat.router, collection.router, feedback.router, ledger.router, operations.router):
        assert router.routes
        for route in router.routes:
            assert isinstance(route, APIRoute)
            assert route.include_in_schema


def test_every_make_target_is_named() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z][a-z-]*):(?!=)", makefile, re.MULTILINE))
    phony = re.search(r"^\.PHONY:(.*)$", makefile, re.MULTILINE)
    assert phony is not None
    assert set(phony[1].split()) == targets
    named = set(re.findall(r"\bmake ([a-z][a-z-]*)", README))
    for others in re.findall(r"`make` targets: `([a-z -]+)`", README):
        named |= set(others.split())
    assert targets <= named


def test_every_path_of_the_map_exists() -> None:
    paths = map_paths()
    assert len(paths) > 20
    assert [path for path in paths if not (ROOT / path).exists()] == []


@pytest.mark.parametrize("package", PACKAGES)
def test_every_module_is_in_the_map(package: str) -> None:
    """By its own name, or by that of its folder."""
    paths = set(map_paths())
    modules = [path.relative_to(ROOT) for path in (ROOT / package).rglob("*.py") if not path.name.startswith("__")]
    assert len(modules) > 10
    assert [path.as_posix() for path in modules if not {path.as_posix(), f"{path.parent.as_posix()}/"} & paths] == []


def test_every_top_level_folder_of_the_map_exists() -> None:
    for folder in (*PACKAGES, "tests", "models", "corpus"):
        assert (ROOT / folder).is_dir()
        assert f"`{folder}/" in README


def test_links_lead_somewhere() -> None:
    targets = re.findall(r"\]\((?!https?://|#)([^)]+)\)", README)
    assert [target for target in targets if not (ROOT / target.split("#")[0]).exists()] == []


def test_every_command_is_shown(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        parse(["--help"])
    commands = re.findall(r"^    ([a-z]+)\b", capsys.readouterr().out, re.MULTILINE)
    assert {"build", "ask", "serve", "evaluate"} <= set(commands)
    assert [command for command in commands if not re.search(rf"\bwence {command}\b", README)] == []
