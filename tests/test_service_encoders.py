"""Encoders as a user sets them: what a snapshot freezes, what is refused with which words, and where no key may appear."""

import json
import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from service.cli import main
from service.settings import Settings
from tests.loopback import Endpoint, send
from tests.policies import write_articles
from tests.tiny_encoder import write_tiny_encoder

KEY = "sk-hushhush0123456789"
Wence = Callable[..., tuple[int, str, str]]
pytestmark = pytest.mark.filterwarnings("ignore")


@pytest.fixture
def wence(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Wence:
    """Runs a command on the snapshot `tmp_path`/s with these settings and no others."""

    def run(*words: object, **settings: object) -> tuple[int, str, str]:
        for name in [name for name in os.environ if name.startswith("WENCE_")]:
            monkeypatch.delenv(name)
        for name, value in settings.items():
            monkeypatch.setenv(f"WENCE_{name.upper()}", str(value))
        capsys.readouterr()
        try:
            status = main([*map(str, words), "--snapshot", str(tmp_path / "s")])
        except SystemExit as stop:
            status = int(str(stop.code))
        return status, *capsys.readouterr()

    return run


@pytest.fixture
def source(tmp_path: Path) -> Path:
    return write_articles(tmp_path / "articles.jsonl")


def frozen(folder: Path) -> dict[str, Any]:
    [manifest] = (folder / "versions").glob("*/manifest.json")
    record: dict[str, Any] = json.loads(manifest.read_text(encoding="utf-8"))["encoder"]
    return record


def refusal(ran: tuple[int, str, str]) -> str:
    """The one line of a command that could do nothing."""
    status, out, err = ran
    assert (status, out, err.count("\n")) == (2, "", 1)
    return err


def test_a_snapshot_made_by_an_endpoint(wence: Wence, endpoint: Endpoint, source: Path, tmp_path: Path) -> None:
    chosen = {
        "encoder": "some/model", "encoder_url": endpoint.url, "encoder_key": KEY, "encoder_revision": "v2",
        "encoder_passage_prefix": "文：", "encoder_dimension": 6, "encoder_batch": 5,
    }  # fmt: skip
    assert wence("build", source, **chosen)[0] == 0
    assert frozen(tmp_path / "s") == {
        "name": "some/model", "revision": "v2", "dimension": 6, "question_prefix": "", "passage_prefix": "文：",
        "normalisation": "unit", "precision": "",
    }  # fmt: skip
    assert max(map(len, endpoint.inputs)) == 5
    assert all(text.startswith("文：") for texts in endpoint.inputs[1:] for text in texts)
    assert wence("search", "公交线路", **chosen)[0] == 0
    assert endpoint.inputs[-1] == ["公交线路"]
    assert not [path for path in tmp_path.rglob("*") if path.is_file() and b"hush" in path.read_bytes()]
    endpoint.script.append(send(401, {"error": {"message": f"no such key: {KEY}"}}))
    assert "hush" not in refusal(wence("ask", "公交线路？", **chosen))
    assert re.search("wence upgrade .*WENCE_ENCODER=some/model .*WENCE_ENCODER_URL=", refusal(wence("ask", "谁？")))


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"encoder": "wence-static"}, "name 'tiny' ≠ 'wence-static'.* WENCE_ENCODER='…/tiny'"),
        ({"encoder_dimension": 5}, "dimension 16 ≠ 5.* WENCE_ENCODER_DIMENSION=16$"),
        ({"encoder_question_prefix": "问"}, "question_prefix '问：' ≠ '问'.* WENCE_ENCODER_QUESTION_PREFIX='问：'$"),
        ({"encoder_passage_prefix": "a b"}, "passage_prefix '文：' ≠ 'a b'.* WENCE_ENCODER_PASSAGE_PREFIX='文：'$"),
        ({"encoder": "other"}, "revision '[0-9a-f]{16}' ≠ '[0-9a-f]{16}'"),
        ({"encoder_backend": "onnx-int8"}, "precision 'float32' ≠ 'int8'.* WENCE_ENCODER_BACKEND=torch$"),
    ],
)
def test_what_was_frozen_is_checked(
    wence: Wence, source: Path, tmp_path: Path, change: dict[str, object], says: str
) -> None:
    if "encoder_backend" in change:
        pytest.importorskip("onnx")
        pytest.importorskip("onnxruntime")
    model = write_tiny_encoder(tmp_path / "tiny")
    if change.get("encoder") == "other":
        change = {"encoder": write_tiny_encoder(tmp_path / "elsewhere" / "tiny", seed=2)}
    chosen: dict[str, object] = {"encoder": model, "encoder_device": "cpu", "model_cache": tmp_path / "cache"}
    assert wence("build", source, **chosen)[0] == 0
    assert wence("search", "公交线路", **chosen)[0] == 0
    for words in (["ask", "公交线路？"], ["add", source]):
        said = refusal(wence(*words, **(chosen | change)))
        assert f"run `wence upgrade --snapshot {tmp_path / 's'}`" in said
        assert re.search(says, said.strip()), said
    assert wence("build", source, **(chosen | change))[0] == 0
    assert wence("search", "公交线路", **(chosen | change))[0] == 0


@pytest.mark.parametrize("backend", ["onnx", "openvino"])
def test_backends_of_full_precision_read_each_others_snapshots(
    wence: Wence, source: Path, tmp_path: Path, backend: str
) -> None:
    pytest.importorskip("onnx")
    pytest.importorskip({"onnx": "onnxruntime"}.get(backend, backend))
    chosen: dict[str, object] = {"encoder": write_tiny_encoder(tmp_path / "tiny"), "model_cache": tmp_path / "cache"}
    assert wence("build", source, **chosen)[0] == 0
    found = [wence("search", "公交线路", "--json", **chosen, **more) for more in ({}, {"encoder_backend": backend})]
    assert [status for status, _, _ in found] == [0, 0]
    torch, other = ([hit["passage_id"] for hit in json.loads(out)["hits"]] for _, out, _ in found)
    assert torch == other


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [("backend", "tensorrt", "'torch', 'onnx', 'onnx-int8' or 'openvino'"), ("timeout_s", "0", "greater than 0")],
)
def test_a_setting_that_cannot_be_is_named(wence: Wence, name: str, value: str, says: str) -> None:
    said = refusal(wence("ask", "谁？", **{f"encoder_{name}": value}))
    assert f"WENCE_ENCODER_{name.upper()}" in said
    assert says in said


def test_the_settings_do_not_show_the_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WENCE_ENCODER_KEY", KEY)
    settings = Settings()
    assert settings.encoder_key.get_secret_value() == KEY
    assert "hush" not in f"{settings!r} {settings.model_dump()} {settings.model_dump_json()}"
