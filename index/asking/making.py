"""CC-CEDICT, cjk-decomp and plain text in, the tables of `models/wence-lexicon` out.

    python -m index.asking.making cedict_ts.u8 cjk-decomp.txt texts.jsonl.xz... --out models/wence-lexicon

`characters.tsv`: a character, its readings without tones or the character that it is a variant of, and what looks alike.
`english.npz`: an English phrase and the Chinese words it is a gloss of, best first.
`pairs.npz`: how often two characters follow each other in the texts, as logarithms.
"""

import argparse
import json
import lzma
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from index.asking.dictionary import Dictionary
from index.asking.inflection import stem
from index.asking.pairs import FIRST, SIZE, STEPS_PER_OCTAVE, Pairs

LEAST_SEEN: Final = 5
"""Pairs seen less often are left out."""

MOST_WORDS: Final = 4
"""Words of the longest English phrase."""

MOST_TRANSLATIONS: Final = 24

MOST_HOLDERS: Final = 12
"""A part of more characters than that makes no two of them look alike."""

_PARTS = re.compile(r"(?P<character>[\u4e00-\u9fff]):[a-z/]+\((?P<parts>[^)]+)\)")
_ENTRY = re.compile(r"\S+ (?P<word>\S+) \[(?P<readings>[^\]]+)\] /(?P<glosses>.+)/\s*$")
_VARIANT = re.compile(r"(?:old |archaic |Japanese )?variant of (?:\S\|)?(?P<standard>[\u4e00-\u9fff])(?:\[|\b)")
_NO_GLOSS = re.compile(r"(?:surname|CL:|see |abbr\.|also written|old variant|variant|used in|Tw\b|Taiwan pr|pr\.)")


def main(argv: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m index.asking.making", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("cedict", type=Path, help="CC-CEDICT as text")
    parser.add_argument("decompositions", type=Path, help="cjk-decomp: what each character is put together from")
    parser.add_argument("texts", nargs="+", type=Path, help="JSON Lines, .xz or not; every text in them is counted")
    parser.add_argument("--out", type=Path, required=True, help="folder of the tables")
    arguments = parser.parse_args(argv)
    entries = list(read_cedict(arguments.cedict.read_text(encoding="utf-8")))
    arguments.out.mkdir(parents=True, exist_ok=True)
    alike = look_alikes(arguments.decompositions.read_text(encoding="utf-8"))
    rows = [f"{character}\t{value}\t{alike.get(character, '')}\n" for character, value in characters(entries)]
    (arguments.out / "characters.tsv").write_text("".join(rows), encoding="utf-8")
    Dictionary.write(arguments.out / "english.npz", english(entries))
    keys, levels = pairs(text for path in arguments.texts for text in _texts_of(path))
    np.savez_compressed(arguments.out / "pairs.npz", steps=np.diff(keys, prepend=0).astype(np.uint32), levels=levels)


Entry = tuple[str, tuple[str, ...], tuple[str, ...], bool]
"""A simplified word, its readings, its glosses, and whether it is a proper name."""


def read_cedict(text: str) -> Iterator[Entry]:
    """The entries of a CC-CEDICT file."""
    for line in text.splitlines():
        if not line.startswith("#") and (found := _ENTRY.match(line)):
            readings = (_plain(reading) for reading in found["readings"].split())
            proper = found["readings"][0].isupper()
            yield found["word"], tuple(readings), tuple(found["glosses"].split("/")), proper


def characters(entries: Iterable[Entry]) -> Iterator[tuple[str, str]]:
    """Every character with its readings; one that is only a variant of another with `=` and that other."""
    readings: dict[str, list[str]] = defaultdict(list)
    variants: dict[str, str] = {}
    for word, sounds, glosses, _ in entries:
        if len(word) != 1 or not "\u3400" <= word <= "\u9fff":
            continue
        readings[word] += [sound for sound in sounds if sound not in readings[word]]
        if (found := _VARIANT.match(glosses[0])) and not _is_common(word) and _is_common(found["standard"]):
            variants[word] = found["standard"]
    for character in sorted(readings):
        if character in variants:
            yield character, f"={variants[character]}"
        elif _is_common(character):
            yield character, " ".join(readings[character])


def look_alikes(decompositions: str) -> dict[str, str]:
    """Common characters that are put together from the same parts, or share with each other a part of few characters."""
    parts: dict[str, tuple[str, ...]] = {}
    for line in decompositions.splitlines():
        if (found := _PARTS.match(line)) and _is_common(found["character"]):
            parts[found["character"]] = tuple(found["parts"].split(","))
    holders: dict[str, list[str]] = defaultdict(list)
    for character, own in parts.items():
        for part in {*own, ",".join(own)} if len(own) == 2 else (",".join(own),):
            holders[part].append(character)
    alike: dict[str, set[str]] = defaultdict(set)
    for group in holders.values():
        if len(group) <= MOST_HOLDERS:
            for character in group:
                alike[character] |= set(group) - {character}
    return {character: "".join(sorted(others)) for character, others in alike.items()}


def english(entries: Iterable[Entry]) -> Iterator[tuple[str, list[str]]]:
    """Every English phrase with its Chinese words: those of which it is the first or the only gloss go first.

    A proper name is also found by its pinyin, written as one word.
    """
    found: dict[str, dict[str, float]] = defaultdict(dict)
    for word, sounds, glosses, proper in entries:
        if not re.fullmatch(r"[\u3400-\u9fff]{2,8}", word):
            continue
        senses = [sense for gloss in glosses for sense in gloss.split(";")]
        phrases = [phrase for sense in senses for part in (sense, sense.split(",")[0]) if (phrase := _phrase(part))]
        for place, phrase in enumerate(dict.fromkeys(phrases)):
            found[phrase].setdefault(word, place + len(phrases) / 10)
        if proper:
            found["".join(sounds)].setdefault(word, 0.0)
    for phrase, words in sorted(found.items()):
        yield phrase, sorted(words, key=words.__getitem__)[:MOST_TRANSLATIONS]


def pairs(texts: Iterable[str]) -> tuple[NDArray[np.int64], NDArray[np.uint8]]:
    """The pairs of characters seen often enough, as sorted keys, and the logarithms of their counts."""
    counts = np.zeros(SIZE * SIZE, dtype=np.uint32)
    for text in texts:
        codes = np.frombuffer(text.encode("utf-32-le", "replace"), dtype=np.uint32).astype(np.int64) - FIRST
        inside = (codes >= 0) & (codes < SIZE)
        together = inside[:-1] & inside[1:]
        np.add.at(counts, Pairs.key(codes[:-1][together], codes[1:][together]), 1)
    keys = np.flatnonzero(counts >= LEAST_SEEN)
    return keys, np.round(np.log2(counts[keys]) * STEPS_PER_OCTAVE).astype(np.uint8)


def _plain(reading: str) -> str:
    return re.sub(r"\d", "", reading.lower()).replace("u:", "v")


def _is_common(character: str) -> bool:
    try:
        return bool(character.encode("gb2312"))
    except UnicodeEncodeError:
        return False


def _phrase(gloss: str) -> str:
    """A gloss as it is looked up: without remarks and articles, each word in its base form; empty when it is none."""
    plain = re.sub(r"\([^)]*\)|\[[^\]]*\]|\bsth\b|\bsb\b|\betc\b", " ", gloss).strip()
    if _NO_GLOSS.match(plain) or re.search(r"[\u3400-\u9fff|]", plain):
        return ""
    plain = re.sub(r"^(?:to be|to|a|an|the)\s+", "", plain.strip(" ,.!?"))
    words = re.findall(r"[a-z0-9]+(?:'[a-z0-9]+)*", plain.lower())
    return " ".join(map(stem, words)) if 0 < len(words) <= MOST_WORDS else ""


def _texts_of(path: Path) -> Iterator[str]:
    content = lzma.decompress(path.read_bytes()) if path.suffix == ".xz" else path.read_bytes()
    for line in content.splitlines():
        yield "\n".join(_strings(json.loads(line)))


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for item in value.values() if isinstance(value, dict) else value:
            yield from _strings(item)


if __name__ == "__main__":
    main()
