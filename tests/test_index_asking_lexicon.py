"""The tables that questions are read with, and how they are made."""

from pathlib import Path

import numpy as np
import pytest

from embeddings import models_folder
from index.asking.characters import LOOK_COST, NEAR_SOUND_COST, Characters, sound
from index.asking.dictionary import DERIVED, Dictionary
from index.asking.inflection import root, stem
from index.asking.making import characters, english, look_alikes, main, read_cedict
from index.asking.pairs import Pairs
from index.asking.pinyin import names
from tests.asking import collection

FOLDER = models_folder() / "wence-lexicon"
CEDICT = """# a remark
公證 公证 [gong1 zheng4] /notarization/notarized/acknowledgement/
公證處 公证处 [gong1 zheng4 chu4] /notary office/
蘇州 苏州 [Su1 zhou1] /Suzhou prefecture-level city in Jiangsu/
試點 试点 [shi4 dian3] /test point/to carry out trial/pilot scheme/
證 证 [zheng4] /certificate/proof/
衞 衞 [wei4] /variant of 衛|卫[wei4]/
衛 卫 [wei4] /to guard/
呂 吕 [lu:3] /surname Lü/
"""
PARTS = "治:a(氵,台)\n冶:a(冫,台)\n未:wt(木,一)\n末:w(木,一)\n"


@pytest.fixture(scope="module")
def table() -> Characters:
    return Characters(FOLDER / "characters.tsv")


@pytest.mark.parametrize(
    ("one", "other"),
    [("zhi", "zi"), ("chang", "can"), ("sheng", "sen"), ("ning", "lin"), ("jing", "jin"), ("huang", "huan")],
)
def test_sounds_that_are_confused(one: str, other: str) -> None:
    assert sound(one) == sound(other)


def test_sounds_that_are_not_confused() -> None:
    assert len({sound(syllable) for syllable in ("shi", "she", "xi", "hu", "fu", "lu", "lv", "dong", "don")}) == 9


def test_confusable_characters(table: Characters) -> None:
    found = table.confusable("伤")
    assert found["商"] == 0.0
    assert found["三"] == NEAR_SOUND_COST
    assert "伤" not in found
    assert "环" not in found
    assert table.confusable("末")["未"] == LOOK_COST
    assert table.confusable("🙂") == {}


def test_names_in_pinyin_are_those_of_the_collection(table: Characters) -> None:
    lexical = collection().lexical
    assert names("Lin Saiyan", table, lexical) == ["林赛燕"]
    assert names("Jiashan", table, lexical) == ["嘉善"]
    assert names("xyz", table, lexical) == []
    assert names("", table, lexical) == []


@pytest.mark.parametrize(
    "words",
    [
        "price prices priced pricing",
        "company companies",
        "plan plans planned planning",
        "centre center",
        "organisation organization",
        "labour labor",
        "hold held",
    ],
)
def test_inflections_share_a_stem(words: str) -> None:
    assert len({stem(word) for word in words.split()}) == 1


@pytest.mark.parametrize(
    "words", ["notary notarize notarization", "private privately", "industry industrial", "social society"]
)
def test_families_share_a_root(words: str) -> None:
    assert len({root(stem(word)) for word in words.split()}) == 1


def test_translations() -> None:
    dictionary = Dictionary(FOLDER / "english.npz")
    assert dictionary.translations("remot")["远程"] == 1.0
    assert dictionary.translations(stem("notarized"))["公证"] >= DERIVED
    assert dictionary.translations("suzhou")["苏州"] == 1.0
    assert dictionary.holds("foreign trad")
    assert dictionary.translations("qqqq") == {}


def test_common_pairs_are_counted_and_others_not() -> None:
    pairs = Pairs(FOLDER / "pairs.npz")
    assert pairs.count("企业") > 10_000
    assert pairs.count("企业") > pairs.count("深圳") > 100 > pairs.count("营伤")
    assert pairs.count("a业") == 0
    assert pairs.total > 1e7


def test_the_tables_are_made_from_a_dictionary_and_text(tmp_path: Path) -> None:
    entries = list(read_cedict(CEDICT))
    assert dict(characters(entries)) == {"证": "zheng", "衞": "=卫", "卫": "wei", "吕": "lv"}
    phrases = dict(english(entries))
    assert phrases[stem("notarization")] == ["公证"]
    assert phrases["suzhou"] == ["苏州"]
    assert phrases["pilot " + stem("scheme")] == ["试点"]
    assert look_alikes(PARTS) == {"治": "冶", "冶": "治", "未": "末", "末": "未"}
    texts = tmp_path / "texts.jsonl"
    texts.write_text('{"text": ["%s"]}\n' % ("营商" * 8), encoding="utf-8")
    (tmp_path / "cedict.txt").write_text(CEDICT, encoding="utf-8")
    (tmp_path / "parts.txt").write_text(PARTS, encoding="utf-8")
    main([*map(str, (tmp_path / "cedict.txt", tmp_path / "parts.txt", texts)), "--out", str(tmp_path / "out")])
    pairs = Pairs(tmp_path / "out" / "pairs.npz")
    assert pairs.count("营商") == pytest.approx(8)
    assert pairs.count("商营") == pytest.approx(7, rel=0.05)
    assert np.isclose(pairs.total, 15, rtol=0.05)
    assert Characters(tmp_path / "out" / "characters.tsv").standard("衞生") == "卫生"
    assert Dictionary(tmp_path / "out" / "english.npz").holds("notary offic")
