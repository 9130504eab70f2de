"""The service under made-up requests: the short form of `make fuzz-api`, all checks of schemathesis on."""

from collections.abc import Iterator

import pytest

from eval.served import build
from eval.serving.fuzz import fuzz
from tests.policies import write_articles
from tests.served import served


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("fuzz")
    build(str(write_articles(folder / "policies.jsonl")), folder / "snapshot")
    with served(folder / "snapshot", "--workers", "1", admin_key="fuzz") as address:
        yield address


@pytest.mark.slow
def test_no_made_up_request_finds_a_fault(address: str) -> None:
    done = fuzz(address, 16, "--phases", "fuzzing", "--seed", "20260101")
    assert done.sound, done.report
    assert done.cases >= 200, done.report
