"""A found span and reference answers in, exact match and F1 out, as the CMRC 2018 evaluation defines them.

Source: Cui et al., A Span-Extraction Dataset for Chinese Machine Reading Comprehension (EMNLP 2019), and the evaluation
published with it. No reference answer means that the question has none: then only an empty find is right, as in SQuAD 2.0.
"""

import re
from collections.abc import Sequence

# Exactly the marks that the published evaluation drops. ASCII , . ! ? and brackets are not among them.
_DROPPED = str.maketrans("", "", "-:_*^/\\~`+=，。：？！“”；’《》·、「」（）－～『』")
_HAN = "\u4e00-\u9fa5"
_APART = ';@#$%&?!()[]{}<>"‘«»„‒–—―'
_ENDING = "'(?:s|m|d|ll|re|ve)\\b"
# In this order: one Chinese character; dots; an English ending; a word or number with the signs in it (3.5, 1,000, u.s);
# any other mark. A dot before a Chinese character or at the end closes a sentence and stands alone.
_SEGMENT = re.compile(
    rf"[{_HAN}]|[.]{{2,}}|{_ENDING}"
    rf"|(?:[^\s,.'{_HAN}{re.escape(_APART)}]|,(?=\d)|[.](?![.]|[)>\]}}\"' ]*(?:[{_HAN}]|$)))+|\S"
)


def exact_match(found: str, alternatives: Sequence[str]) -> float:
    """1 when the span is one of the alternatives, letter case and the dropped marks apart, else 0."""
    return float(_plain(found) in ({_plain(text) for text in alternatives} or {""}))


def span_f1(found: str, alternatives: Sequence[str]) -> float:
    """The best F1 over the alternatives, 0 to 1, on the longest run of segments that both have in common.

    A segment is a Chinese character, or a word or number in other scripts; precision is the run's share of the span
    found, recall its share of the alternative. A bag of characters would give more: order and adjacency count here.
    """
    if not alternatives:
        return exact_match(found, alternatives)
    return max(_f1(segments(found), segments(text)) for text in alternatives)


def segments(text: str) -> list[str]:
    """The text cut into Chinese characters and words of other scripts, lower case, without the dropped marks."""
    return _SEGMENT.findall(_plain(text))


def _plain(text: str) -> str:
    return text.lower().strip().translate(_DROPPED)


def _f1(found: list[str], wanted: list[str]) -> float:
    common = _longest_common_run(found, wanted)
    return 2 * common / (len(found) + len(wanted)) if common else 0.0


def _longest_common_run(first: list[str], second: list[str]) -> int:
    """The length of the longest contiguous stretch in both; `ending[j]` is that of the run that ends before j."""
    places: dict[str, list[int]] = {}
    for place, segment in enumerate(second):
        places.setdefault(segment, []).append(place)
    longest = 0
    ending: dict[int, int] = {}
    for segment in first:
        ending = {place + 1: ending.get(place, 0) + 1 for place in places.get(segment, ())}
        longest = max(longest, *ending.values(), 0)
    return longest
