"""One figure told in two ways: both are shown; other periods, places, subjects and scopes are no conflict."""

import json
from pathlib import Path

import pytest

from index.building import build
from index.reading import read_sources
from service.answer import Answer, Status
from service.pipeline import Pipeline
from service.settings import Settings
from tests.encoders import HashEncoder
from tests.invariants import assert_sound

FIRST = "截至2024年5月底，云川省综合窗口共协调办理居民诉求8.78万个，办结率达九成以上。"
TOLD = {
    "rounded": "目前云川省综合窗口累计协调办理居民问题8.7万余个，比开办时快得多。",
    "another count": "目前云川省综合窗口累计协调办理居民诉求9.1万个，比开办时快得多。",
}
NO_CONFLICT = {
    "another year": "2023年云川省综合窗口共协调办理居民诉求8.6万个，人手还不够。",
    "another place": "云澜市综合窗口共协调办理居民诉求8.6万个，人手还不够。",
    "another subject": "云川省老年食堂全年供应午餐8.6万个，老人吃得放心。",
    "another unit": "云川省综合窗口共协调办理居民诉求8.6万件次，人手还不够。",
    "far apart": "云川省综合窗口共协调办理居民诉求2.6万个，人手还不够。",
    "a goal": "云川省综合窗口力争协调办理居民诉求9万个，人手还不够。",
    "another hedge": "云川省综合窗口共协调办理居民诉求超8.78万个，人手还不够。",
    "a bound kept to": "云川省综合窗口共协调办理居民诉求8.5万个以上，人手还不够。",
    "the same": "云川省综合窗口共协调办理居民诉求8.78万个，人手还不够。",
}


def ask(tmp_path: Path, other: str) -> tuple[Answer, Pipeline]:
    texts = {"云川省综合窗口一年回望": FIRST, "窗口里的人": other, "茶园": "松坪县的茶园今年采得早，茶农忙了一春。"}
    source = tmp_path / "articles.jsonl"
    rows = (json.dumps({"title": title, "text": text}, ensure_ascii=False) for title, text in texts.items())
    source.write_text("\n".join(rows), encoding="utf-8")
    encoder = HashEncoder()
    build(read_sources([source]), tmp_path / "snapshot", encoder)
    pipeline = Pipeline(tmp_path / "snapshot", Settings(), encoder)
    return pipeline.ask("截至2024年5月底云川省综合窗口协调办理了多少个居民诉求？"), pipeline


@pytest.mark.parametrize("other", TOLD.values(), ids=TOLD)
def test_a_figure_told_in_two_ways_is_shown_with_both(tmp_path: Path, other: str) -> None:
    answer, pipeline = ask(tmp_path, other)
    assert answer.status is Status.CONFLICT
    assert [citation.quote for citation in answer.citations] == [FIRST, other]
    assert answer.short_answers[0] == "8.78万个"
    assert answer.short_answers[1] in other
    assert answer.reason == f"两处说法不同：{answer.short_answers[0]}与{answer.short_answers[1]}"
    assert_sound(answer, pipeline.article)


@pytest.mark.parametrize("other", NO_CONFLICT.values(), ids=NO_CONFLICT)
def test_what_differs_for_a_reason_is_no_conflict(tmp_path: Path, other: str) -> None:
    answer, _ = ask(tmp_path, other)
    assert answer.status is Status.ANSWERED
    assert answer.short_answers == ("8.78万个",)
