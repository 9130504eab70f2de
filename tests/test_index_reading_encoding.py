"""index.reading.encoding: the same text out of every encoding that Chinese files come in."""

import codecs

import pytest

from index.reading.encoding import UndecodableError, decode_text

SIMPLIFIED = "各县把办事窗口并到一处，来办事的人少跑了路。\n今年办了1200件，比去年多三成。"
TRADITIONAL = "各縣把辦事窗口併到一處，來辦事的人少跑了路。\n今年辦了1200件，比去年多三成。"


@pytest.mark.parametrize(
    ("text", "data"),
    [
        (SIMPLIFIED, SIMPLIFIED.encode()),
        (SIMPLIFIED, codecs.BOM_UTF8 + SIMPLIFIED.encode()),
        (SIMPLIFIED, SIMPLIFIED.encode("utf-16")),
        (SIMPLIFIED, codecs.BOM_UTF16_BE + SIMPLIFIED.encode("utf-16-be")),
        (SIMPLIFIED, SIMPLIFIED.encode("gb18030")),
        (SIMPLIFIED, SIMPLIFIED.encode("gb2312")),
        (TRADITIONAL, TRADITIONAL.encode("big5")),
        (TRADITIONAL, TRADITIONAL.encode()),
        ("plain ascii\n", b"plain ascii\r\n"),
        ("a\nb", b"a\rb"),
        ("", b""),
        ("emoji 🙂 字", "emoji 🙂 字".encode()),
    ],
)
def test_text_survives_its_encoding(text: str, data: bytes) -> None:
    assert decode_text(data) == text


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"\x7fELF\0\0\0", "NUL bytes"),
        (b"\x01\x02\x03\x04 some text", "control characters"),
        (codecs.BOM_UTF16_LE + b"a\0b", "breaks off"),
        ("très déçu, voilà".encode("latin-1"), "save it as UTF-8"),
        (bytes(range(128, 256)), "save it as UTF-8"),
    ],
)
def test_what_is_no_text_is_refused(data: bytes, reason: str) -> None:
    with pytest.raises(UndecodableError, match=reason):
        decode_text(data)


def test_a_stray_control_character_is_dropped_from_long_text() -> None:
    assert decode_text((SIMPLIFIED * 50 + "\x0b\x02尾").encode()) == SIMPLIFIED * 50 + "\x0b尾"
