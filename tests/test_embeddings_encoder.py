import json
from dataclasses import replace

import pytest

from embeddings import EncoderInfo, EncoderMismatchError, ModelBrokenError

INFO = EncoderInfo("a/b", "0123abcd", 256, "问：", "")


def test_info_survives_json() -> None:
    assert EncoderInfo.from_dict(json.loads(json.dumps(INFO.to_dict()))) == INFO


def test_info_as_dict_is_flat() -> None:
    assert INFO.to_dict() == {
        "name": "a/b",
        "revision": "0123abcd",
        "dimension": 256,
        "question_prefix": "问：",
        "passage_prefix": "",
        "normalisation": "unit",
        "precision": "float32",
    }


def test_records_from_before_normalisation_and_precision_were_kept_are_read() -> None:
    record = {key: value for key, value in INFO.to_dict().items() if key not in ("normalisation", "precision")}
    assert EncoderInfo.from_dict(record) == INFO


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"precision": 32}, "precision"),
        ({"name": None}, "name"),
        ({"dimension": "256"}, "dimension"),
        ({"dimension": True}, "dimension"),
    ],
)
def test_unusable_record_is_refused(change: dict[str, object], named: str) -> None:
    with pytest.raises(ModelBrokenError, match=named):
        EncoderInfo.from_dict({**INFO.to_dict(), **change})


def test_unknown_keys_are_ignored() -> None:
    assert EncoderInfo.from_dict({**INFO.to_dict(), "later": 1}) == INFO


def test_require_names_every_difference() -> None:
    INFO.require(replace(INFO))
    with pytest.raises(EncoderMismatchError, match=r"revision '0123abcd' ≠ 'other'.*dimension 256 ≠ 128"):
        INFO.require(replace(INFO, revision="other", dimension=128))
