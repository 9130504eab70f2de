"""The local generator with tiny models made on the spot: what it writes, how it stops, and what it cannot do."""

import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import pytest

from service.errors import GeneratorError, GeneratorTimeoutError, ModelError
from service.generation.generator import Message, load_generator
from service.generation.local import LocalGenerator
from service.settings import Settings
from tests.tiny_generator import TEMPLATE, write_tiny_generator

REPLY = "北岚市新开公交线路28条。[1]"
MESSAGES = [Message("system", "财政"), Message("user", "资金")]


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_tiny_generator(tmp_path_factory.mktemp("trained") / "model", REPLY)


@pytest.fixture(scope="module")
def random(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_tiny_generator(tmp_path_factory.mktemp("random") / "model")


def prompted(folder: Path, template: str | None) -> str:
    generator = LocalGenerator(str(write_tiny_generator(folder, REPLY, template=template)))
    assert "".join(generator.write(MESSAGES)) == REPLY
    return generator._prompt(MESSAGES)


def test_it_writes_what_the_model_says(trained: Path) -> None:
    generator = LocalGenerator(str(trained), device="cpu")
    assert generator.name == trained.name
    assert generator.tokens("财政资金") == 4
    pieces = list(generator.write(MESSAGES))
    assert "".join(pieces) == REPLY
    assert len([piece for piece in pieces if piece]) > 3
    assert "".join(generator.write(MESSAGES)) == REPLY


def test_the_prompt_is_the_models_own(tmp_path: Path) -> None:
    assert prompted(tmp_path / "a", TEMPLATE) == "<system>财政<user>资金<assistant>\n"
    assert prompted(tmp_path / "b", None) == "财政\n\n资金\n\n"
    strict = "{% if messages[0].role == 'system' %}{{ raise_exception('no system') }}{% endif %}" + TEMPLATE
    assert prompted(tmp_path / "c", strict) == "<user>财政\n\n资金<assistant>\n"


def test_a_template_that_takes_nothing(tmp_path: Path) -> None:
    folder = write_tiny_generator(tmp_path / "m", template="{{ raise_exception('never') }}")
    with pytest.raises(GeneratorError, match=r"chat template that takes no messages \(never\)"):
        list(LocalGenerator(str(folder)).write(MESSAGES))


def test_a_template_that_begins_to_think(tmp_path: Path) -> None:
    folder = write_tiny_generator(tmp_path / "m", REPLY, template=TEMPLATE.replace("<assistant>", "<think>"))
    assert "".join(LocalGenerator(str(folder)).write(MESSAGES)) == f"<think>{REPLY}"


def test_tied_weights_are_no_missing_head(tmp_path: Path) -> None:
    generator = LocalGenerator(str(write_tiny_generator(tmp_path / "m", tied=True)), answer_tokens=4)
    assert "".join(generator.write(MESSAGES)) == "\n" * 4  # its head is its table of tokens, so it says the last again


def test_it_babbles_the_same_each_time_and_not_forever(random: Path) -> None:
    generator = LocalGenerator(str(random), answer_tokens=40)
    once = "".join(generator.write(MESSAGES))
    assert once == "".join(generator.write(MESSAGES))
    assert len(once) <= 40


def test_closing_stops_the_model(random: Path) -> None:
    generator = LocalGenerator(str(random), answer_tokens=5000)
    reply = generator.write(MESSAGES)
    next(reply)
    assert [thread for thread in threading.enumerate() if thread.name == "generate"]
    reply.close()
    assert not [thread for thread in threading.enumerate() if thread.name == "generate"]


def test_it_keeps_its_time(random: Path) -> None:
    generator = LocalGenerator(str(random), answer_tokens=6000, timeout_s=0.3)
    began = time.monotonic()
    with pytest.raises(GeneratorTimeoutError, match=r"did not finish within 0\.3 s"):
        list(generator.write(MESSAGES))
    assert time.monotonic() - began < 2


def test_one_reply_at_a_time(random: Path) -> None:
    generator = LocalGenerator(str(random), answer_tokens=6000, timeout_s=0.5)
    first = generator.write(MESSAGES)
    next(first)
    with pytest.raises(GeneratorTimeoutError, match="was busy"):
        list(generator.write(MESSAGES))
    first.close()


def test_room(trained: Path, tmp_path: Path) -> None:
    assert LocalGenerator(str(trained), prompt_tokens=4000, answer_tokens=512).room == 4000
    small = write_tiny_generator(tmp_path / "m", positions=600)
    assert LocalGenerator(str(small), prompt_tokens=4000, answer_tokens=512).room == 88
    with pytest.raises(GeneratorError, match="takes 600 tokens: set a smaller WENCE_GENERATOR_ANSWER_TOKENS"):
        LocalGenerator(str(small), answer_tokens=600)


def test_a_model_that_fails_is_told(trained: Path) -> None:
    generator = LocalGenerator(str(trained))
    generator._model.network.model.layers[0].mlp = None  # as a broken model's code would fail
    with pytest.raises(GeneratorError, match=r"failed \(.*WENCE_MODEL_DEVICE=cpu"):
        list(generator.write(MESSAGES))
    with pytest.raises(GeneratorError):  # and it is free for the next
        list(generator.write(MESSAGES))


@pytest.mark.parametrize("files", [{}, {"config.json": "{}"}, {"config.json": '{"model_type": "bert"}'}])
def test_what_is_no_model(tmp_path: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    with pytest.raises(ModelError, match=r"cannot be loaded"):
        LocalGenerator(str(tmp_path))


def test_the_settings_choose(trained: Path) -> None:
    def chosen(**settings: Any) -> str:
        return type(load_generator(Settings(**settings))).__name__

    assert chosen(generator=str(trained)) == "LocalGenerator"
    assert chosen(generator="http://127.0.0.1:1/v1", generator_model="m") == "EndpointGenerator"
    with pytest.raises(GeneratorError, match="no language model is set: give WENCE_GENERATOR"):
        chosen()


def test_no_engine_is_loaded_without_the_setting() -> None:
    code = (
        "import sys, service.pipeline, service.api.app, service.cli\n"
        "print([name for name in ('torch', 'transformers', 'httpx2') if name in sys.modules])"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[]"
