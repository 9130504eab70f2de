"""A sentence in, whether it speaks of what the one before it names (该公司…, 此举…, 当地…), and whether that is such a thing."""

import re
from typing import Final

from service.answering.wording import Kind

_FIRM, _ITSELF = "公司|企业|集团", "(?=[的研自在以将已还共与])"
_POINTS_BACK = re.compile(
    "[^。；]{0,12}?(?:该|这[家个项座所位名])(?=[\u4e00-\u9fff])|[该它他她]|这(?!时|里)|其(?!中|次|他|它|余)|此[举项类种时]|[对为据]此|由此"
    f"|当地|(?:{_FIRM}){_ITSELF}"
)
_TAKES_UP = re.compile("该[公企项中团机产]|这[家个项]|其(?!中|他|余)|双方")
_REFERS_TO: Final = {
    Kind.PLACE: re.compile("[^。；，]{0,6}?(?:当地|该[区县市镇乡村]|这里|全[区县市镇村])"),
    Kind.ORGANISATION: re.compile(f"[^。；，]{{0,6}}?(?:该|这家)?(?:{_FIRM}|中心|平台|实验室){_ITSELF}"),
}


def points_back(text: str) -> bool:
    """Whether a sentence begins with what was named before it."""
    return _POINTS_BACK.match(text) is not None


def takes_up(text: str) -> bool:
    """Whether a stretch speaks anywhere of a body or thing that was named before it."""
    return _TAKES_UP.search(text) is not None


def refers_to(kind: Kind, text: str) -> bool:
    """Whether a sentence begins with a place, or a body, that was named before it; of no other kind is that known."""
    return kind in _REFERS_TO and _REFERS_TO[kind].match(text) is not None
