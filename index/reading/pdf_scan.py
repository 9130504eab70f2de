"""A picture of a page in, its printed lines with their boxes out; needs the extra `wence[ocr]`, and no network.

RapidOCR (Apache 2.0) carries its models inside the package.
"""

from collections.abc import Iterator
from functools import lru_cache
from importlib.util import find_spec
from typing import Any

_LEAST_SCORE = 0.5


@lru_cache(maxsize=1)
def is_installed() -> bool:
    """Whether pages can be recognised here."""
    return find_spec("rapidocr") is not None and find_spec("onnxruntime") is not None


def recognise(picture: Any) -> Iterator[tuple[str, float, float, float, float]]:
    """Each printed line of a picture (height, width, channels): its text and its left, top, right, bottom in pixels."""
    found = _engine()(picture)
    if found.boxes is None:
        return
    for corners, text, score in zip(found.boxes, found.txts, found.scores, strict=True):
        if score >= _LEAST_SCORE and text.strip():
            across, down = [float(point[0]) for point in corners], [float(point[1]) for point in corners]
            yield text, min(across), min(down), max(across), max(down)


@lru_cache(maxsize=1)
def _engine() -> Any:
    from rapidocr import RapidOCR  # noqa: PLC0415 - loads three models

    return RapidOCR(params={"Global.log_level": "critical"})
