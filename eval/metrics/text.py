"""Texts compared as the question file defines it: what an answer holds, and what it was asked to hold."""

import re
import unicodedata
from collections.abc import Sequence


def normalised(text: str) -> str:
    """NFKC without white space and thousands commas: how answers and keys are compared."""
    squeezed = re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))
    return re.sub(r"(?<=\d),(?=\d{3}(?!\d))", "", squeezed)


def holds(answer: str, key: str) -> bool:
    """Whether an answer holds a key on number boundaries: 8个 is not in 18个, 5% not in 2.5%."""
    text, wanted = normalised(answer), normalised(key)
    if not wanted:
        return False
    before = r"(?<!\d)(?<!\d\.)" if wanted[0].isdigit() else ""
    after = r"(?!\d)(?!\.\d)" if wanted[-1].isdigit() else ""
    return re.search(before + re.escape(wanted) + after, text) is not None


def includes(answer: str, groups: Sequence[Sequence[str]]) -> bool:
    """Whether an answer holds at least one alternative of every group."""
    return all(any(holds(answer, key) for key in group) for group in groups)


def exactly(found: Sequence[str], wanted: Sequence[str]) -> bool:
    """Whether the bare facts given are those asked for, in their order."""
    return [normalised(item) for item in found] == [normalised(item) for item in wanted]


def evidence_ranks(passages: Sequence[str], evidence: Sequence[str]) -> list[int | None]:
    """For each evidence quote the rank (from 1) of the first passage that holds it; None where none does."""
    plain = [normalised(passage) for passage in passages]
    wanted = [normalised(quote) for quote in evidence]
    return [next((rank for rank, text in enumerate(plain, 1) if quote and quote in text), None) for quote in wanted]
