from pathlib import Path

import pytest

from eval import life, switching


def test_every_change_is_timed_and_leaves_a_sound_snapshot(tmp_path: Path) -> None:
    found = life.measure(tmp_path / "s", 60, 3)
    assert found["faults"] == 0
    assert found["articles"] == 60
    for step in ("build", "add", "replace", "remove", "open", "verify", "compact"):
        assert found[step]["seconds"] >= 0


@pytest.mark.slow
def test_a_service_switches_under_load_without_a_failed_or_mixed_request(tmp_path: Path) -> None:
    """`python -m eval.switching` does this for longer and over a larger collection."""
    found = switching.measure(tmp_path / "s", rate=50, seconds=4, articles=100)
    assert found["failed"] == found["mixed"] == 0
    assert found["requests"] > 100
    assert found["versions_answered_from"] > 2
