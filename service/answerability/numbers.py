"""A question and a sentence in, how many numbers and places in an order (第八届) it gives and how many are not there out."""

import re

from service.answering.sentence import Sentence

_NUMBER = re.compile(r"第?\d[\d.]*[^\W\d]?|第[一二三四五六七八九十]+[^\W\d]")
_YEAR = re.compile(r"(?:19|20)\d\d年?")


def numbers(asked: str, sentence: Sentence) -> dict[str, float]:
    """Signs by name; years do not count."""
    given = [found for found in _NUMBER.findall(asked) if not _YEAR.fullmatch(found)]
    near = f"{sentence.before}\n{sentence.folded}\n{sentence.heading}"
    return {
        "numbers": float(len(given)),
        "numbers gone": float(sum(number not in near for number in given)),
        "numbers gone passage": float(sum(number not in near + sentence.passage for number in given)),
    }
