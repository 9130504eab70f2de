from pathlib import Path

import pytest

from eval.kills import Change, run


def test_what_a_change_leaves() -> None:
    held = {1: 0, 2: 5}
    assert Change("add", {2: 6, 3: 0}).applied(held) == {1: 0, 2: 6, 3: 0}
    assert Change("remove", gone=(1,)).applied(held) == {2: 5}
    assert Change("build", {9: 1}).applied(held) == {9: 1}
    assert Change("compact").applied(held) == held


@pytest.mark.slow
def test_a_killed_process_leaves_what_was_acknowledged(tmp_path: Path) -> None:
    """`python -m eval.kills` does 200 of these."""
    outcome = run(tmp_path, 12)
    assert outcome.wrong == ()
    assert sum(outcome.hit.values()) == 12
    assert outcome.done > 0
