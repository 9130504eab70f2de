"""The files of the page as they are served, and that they are what their sources build to."""

import gzip
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from service.api.app import create_app
from service.api.page import FOLDER, page_files
from service.settings import Settings

SOURCE = FOLDER / "source"
PAGE_BYTES, WIDGET_BYTES = 150_000, 40_000


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> TestClient:
    return TestClient(create_app(Settings(snapshot=tmp_path_factory.mktemp("none"))))


def test_the_page_names_its_files_by_their_content(client: TestClient) -> None:
    page = client.get("/")
    assert page.headers["cache-control"] == "no-cache"
    named = re.findall(r'(?:src|href)="([^"]+)"', page.text)
    assert sorted(name.split("?")[0] for name in named) == ["app.js", "icon.svg", "style.css", "theme.js"]
    for name in named:
        reply = client.get(f"/{name}")
        assert reply.headers["cache-control"] == "public, max-age=31536000, immutable"
        assert reply.content == (FOLDER / name.split("?")[0]).read_bytes()
    assert client.get("/app.js?v=older").headers["cache-control"] == "no-cache"


def test_files_go_out_compressed_to_who_can_read_it(client: TestClient) -> None:
    plain = client.get("/app.js", headers={"Accept-Encoding": "identity"})
    packed = client.get("/app.js", headers={"Accept-Encoding": "gzip"})
    assert "content-encoding" not in plain.headers
    assert packed.headers["content-encoding"] == "gzip"
    assert packed.headers["content-type"].startswith("text/javascript")
    assert plain.content == packed.content
    assert int(packed.headers["content-length"]) < int(plain.headers["content-length"]) / 2


def test_who_has_a_file_gets_304(client: TestClient) -> None:
    tag = client.get("/style.css").headers["etag"]
    again = client.get("/style.css", headers={"If-None-Match": tag})
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
    assert client.get("/style.css", headers={"If-None-Match": '"other"'}).status_code == 200


def test_other_sites_may_load_the_widget_and_nothing_else(client: TestClient) -> None:
    assert client.get("/widget.js").headers["access-control-allow-origin"] == "*"
    assert client.get("/widget.js").headers["cross-origin-resource-policy"] == "cross-origin"
    assert "access-control-allow-origin" not in client.get("/app.js").headers


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [("POST", "/", 405), ("DELETE", "/app.js", 405), ("GET", "/source/build.mjs", 404), ("GET", "/../app.py", 404), ("HEAD", "/", 200)],
)  # fmt: skip
def test_only_files_of_the_page_are_served(client: TestClient, method: str, path: str, status: int) -> None:
    assert client.request(method, path).status_code == status


def test_long_replies_are_compressed_too(client: TestClient) -> None:
    reply = client.get("/openapi.json", headers={"Accept-Encoding": "gzip"})
    assert reply.headers["content-encoding"] == "gzip"
    assert reply.json()["info"]["title"] == "问策 · wence"


def test_weights() -> None:
    sizes = {name: len(file.compressed or file.content) for name, file in page_files().items()}
    assert sum(size for name, size in sizes.items() if name != "widget.js") < PAGE_BYTES
    assert sizes["widget.js"] < WIDGET_BYTES


def test_compressed_files_are_the_files() -> None:
    for file in page_files().values():
        assert file.compressed is None or gzip.decompress(file.compressed) == file.content


@pytest.mark.skipif(
    not (SOURCE / "node_modules/esbuild").exists() or shutil.which("node") is None,
    reason="no esbuild in service/web/source/node_modules; `make web` brings it where npm is",
)
def test_the_files_served_are_built_from_the_sources(tmp_path: Path) -> None:
    subprocess.run(["node", "build.mjs", str(tmp_path)], cwd=SOURCE, check=True)
    built = sorted(tmp_path.iterdir())
    assert [path.name for path in built] == ["app.js", "licences.txt", "style.css", "theme.js", "widget.js"]
    for path in built:
        assert path.read_bytes() == (FOLDER / path.name).read_bytes(), f"{path.name} is older; run `make web`"
