"""An English word in, the stem that its inflections share out; knows no dictionary."""

import re
from functools import lru_cache
from typing import Final

_IRREGULAR: Final = {
    inflected: base
    for base, forms in {
        "be": "is are was were been being am", "begin": "began begun", "bring": "brought", "build": "built",
        "buy": "bought", "child": "children", "come": "came", "do": "did done does", "draw": "drew drawn",
        "fall": "fell fallen", "get": "got gotten", "give": "gave given", "go": "went gone",
        "grow": "grew grown", "have": "has had", "hold": "held", "keep": "kept", "know": "knew known", "lead": "led",
        "leave": "left", "lose": "lost", "make": "made", "man": "men", "meet": "met", "pay": "paid",
        "rise": "rose risen", "run": "ran", "say": "said", "see": "saw seen", "sell": "sold", "send": "sent",
        "spend": "spent", "take": "took taken", "teach": "taught", "tell": "told", "think": "thought", "win": "won",
        "woman": "women", "write": "wrote written",
    }.items()
    for inflected in forms.split()
}  # fmt: skip

_NO_PLURALS: Final = frozenset("news economics politics physics goods means series species".split())

_SPELLING: Final = tuple(
    (re.compile(pattern), replacement)
    for pattern, replacement in (
        ("is(e|ed|es|ing|ation|ations)$", r"iz\1"), ("(?<=[bdlnprtv])our", "or"), ("(?<=[a-z]{2}[mtb])re(s?)$", r"er\1"),
        ("(?<=[a-z]{3})ogue$", "og"), ("jewellery", "jewelry"), ("sulph", "sulf"), ("programme", "program"), ("defence", "defense"), ("licence", "license"),
    )
)  # fmt: skip


@lru_cache(maxsize=4096)
def stem(word: str) -> str:
    """A lower-case word without its inflection, in American spelling: step 1 of Porter's stemmer (1980), and a last `e`
    dropped, so that price, prices, priced and pricing are one.
    """
    if word in _NO_PLURALS:
        return word
    word = _IRREGULAR.get(word, word)
    if len(word) > 5:
        for pattern, replacement in _SPELLING:
            word = pattern.sub(replacement, word)
    if word.endswith("s") and not word.endswith(("ss", "us", "is")) and len(word) > 3:
        word = re.sub("ies$", "y", word) if word.endswith("ies") else re.sub("(?<=ss|sh|ch|.x|zz)es$|s$", "", word)
    if (found := re.fullmatch(r"(.*[aeiouy].*?)(?:ed|ing)", word)) and not word.endswith("eed") and len(found[1]) > 2:
        word = re.sub(r"([^aeiouylsz])\1$", r"\1", found[1])
    return re.sub("i$", "y", re.sub("(?<=..)e$", "", word))


_DERIVED = re.compile(
    "(?<=....)(?:(?:iz)?(?:ation|ition|ion)|ment|ness|[ei]ty|(?:al)?ly|i?al|ian|ical|ic|ive?|ance?|ence?|i?ous|"
    "[eoa]ry?|at|iz|y|e)$"
)
"""Endings that make one word of another, where enough is left of it."""


@lru_cache(maxsize=1 << 16)
def root(stemmed: str) -> str:
    """What a stem shares with others of its family, roughly (notary, notarize, notarization)."""
    while (short := _DERIVED.sub("", stemmed)) != stemmed:
        stemmed = short
    return stemmed
