"""Reads every import of the code: packages depend in one direction, and each engine has one home."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
ORDER = ("embeddings", "index", "service", "eval")
MODULES = sorted(path for package in ORDER for path in (ROOT / package).rglob("*.py"))
MAX_MODULE_LINES, MAX_FUNCTION_LINES = 320, 70
HOMES = {
    "sentence_transformers": ("embeddings/sentence.py", "embeddings/training"),
    "faiss": ("index/dense.py", "eval/limits.py"),
    "tantivy": ("index/lexical.py",),
    "pypdfium2": ("index/reading/pdf_file.py", "index/reading/pdf_page.py", "eval/reading/speed.py"),
    "lxml": ("index/reading/", "eval/reading/"),
    "docx": ("index/reading/", "eval/reading/"),
    "transformers": ("service/",),
    "fastapi": ("service/",),
    "pymilvus": ("index/milvus/",),
    "grpc": ("index/milvus/",),
    "opentelemetry": ("service/api/tracing.py",),
    "lightgbm": ("service/spans/training/boosting.py",),
    "httpx2": ("embeddings/wire.py", "service/generation/", "service/client/", "eval/judge_endpoint.py"),
}


def _name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def imports(tree: ast.AST, package: str) -> Iterator[str]:
    """Every module that a tree imports anywhere, inside functions too; relative ones as their full name."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = ".".join(package.split(".")[: len(package.split(".")) - node.level + 1]) if node.level else ""
            module = ".".join(part for part in (base, node.module) if part)
            yield module
            yield from (f"{module}.{alias.name}" for alias in node.names)


def wrong_imports(name: str, source: str) -> list[str]:
    """What a file of this name may not import."""
    package = name.split("/", maxsplit=1)[0]
    wrong = []
    for module in imports(ast.parse(source), ".".join(name.split("/")[:-1])):
        top = module.split(".")[0]
        if top in ORDER and ORDER.index(top) > ORDER.index(package):
            wrong.append(module)
        if top in HOMES and not name.startswith(HOMES[top]):
            wrong.append(module)
        if package == "eval" and f"{module}.".startswith("service.api."):
            wrong.append(module)
    return wrong


def reads_environment(source: str) -> list[int]:
    """Lines at module or class level that touch os.environ or os.getenv."""
    found: list[int] = []

    def visit(node: ast.AST) -> None:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            for part in (*node.decorator_list, *node.args.defaults, *node.args.kw_defaults):
                if part is not None:
                    visit(part)
            return
        if isinstance(node, ast.Lambda):
            return
        word = node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""
        if word in ("environ", "environb", "getenv"):
            found.append(getattr(node, "lineno", 0))
        for child in ast.iter_child_nodes(node):
            visit(child)

    visit(ast.parse(source))
    return found


def long_functions(source: str) -> list[str]:
    return [
        f"{node.name} ({node.end_lineno - node.lineno + 1} lines)"
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and node.end_lineno is not None
        and node.end_lineno - node.lineno + 1 > MAX_FUNCTION_LINES
    ]


@pytest.mark.parametrize("path", MODULES, ids=_name)
def test_module_keeps_to_its_layer_and_size(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    assert not wrong_imports(_name(path), source), "imports that point the wrong way or belong to another home"
    assert not reads_environment(source), "the environment is read at import"
    assert not long_functions(source)
    assert len(source.splitlines()) <= MAX_MODULE_LINES


def test_every_package_was_read() -> None:
    assert {_name(path).split("/")[0] for path in MODULES} == set(ORDER)


@pytest.mark.parametrize(
    ("name", "source", "wrong"),
    [
        ("index/x.py", "from service.answer import Answer", ["service.answer", "service.answer.Answer"]),
        ("index/x.py", "def f():\n    import service.answer", ["service.answer"]),
        ("index/reading/x.py", "from ...service import answer", ["service", "service.answer"]),
        ("index/reading/x.py", "from ..article import Article", []),
        ("index/x.py", "from embeddings import Encoder", []),
        ("embeddings/x.py", "import index.article", ["index.article"]),
        ("service/x.py", "from eval.metrics import recall", ["eval.metrics", "eval.metrics.recall"]),
        ("eval/x.py", "from service.api import app", ["service.api", "service.api.app"]),
        ("eval/x.py", "from service import api", ["service.api"]),
        ("eval/x.py", "from service.pipeline import Pipeline", []),
        ("index/x.py", "import faiss", ["faiss"]),
        ("index/dense.py", "import faiss", []),
        ("service/x.py", "import tantivy", ["tantivy"]),
        ("index/x.py", "from transformers import pipeline", ["transformers", "transformers.pipeline"]),
        ("service/answering/x.py", "import transformers", []),
        ("embeddings/static.py", "import sentence_transformers", ["sentence_transformers"]),
        ("embeddings/sentence.py", "def f():\n    import sentence_transformers", []),
    ],
)
def test_wrong_imports_are_seen(name: str, source: str, wrong: list[str]) -> None:
    assert wrong_imports(name, source) == wrong


@pytest.mark.parametrize(
    ("source", "lines"),
    [
        ("import os\nA = os.environ['A']", [2]),
        ("import os\nclass C:\n    a = os.getenv('A')", [3]),
        ("import os\ndef f(a=os.environ.get('A')):\n    pass", [2]),
        ("import os\ndef f():\n    return os.environ.get('A')", []),
        ("import os\nif os.environ.get('A'):\n    pass", [2]),
        ("from os import environ\nA = environ", [2]),
    ],
)
def test_environment_reads_are_seen(source: str, lines: list[int]) -> None:
    assert reads_environment(source) == lines


def test_long_functions_are_seen() -> None:
    assert long_functions("def f():\n" + "    pass\n" * 69) == []
    assert long_functions("def f():\n" + "    pass\n" * 70) == ["f (71 lines)"]
