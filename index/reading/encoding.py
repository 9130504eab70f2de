"""Bytes of one file in, its text out, or the reason why they are not text; knows no formats and no articles.

Tried in this order: a byte order mark, strict UTF-8, then GB18030 and Big5, whichever makes more everyday characters.
"""

import codecs
import re

_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16: its mark begins with the same two bytes
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x19\x1b-\x1f\x7f-\x84\x86-\x9f]")
"""Control characters that text has no use for; tabs, line ends and the old end of file are none of them."""

_EVERYDAY_SHARE = 0.75  # right guesses score about 0.95, wrong ones about 0.5
_CONTROL_SHARE = 0.001
_SAMPLE_BYTES = 200_000


class UndecodableError(ValueError):
    """The bytes are no text that can be read; the message says why and what to do."""


def decode_text(data: bytes) -> str:
    r"""The text of a file, line ends as \\n, without byte order mark and stray control characters.

    Raises UndecodableError for binary content and for text in an encoding that is not known here.
    """
    text = _decode(data)
    text, controls = _CONTROLS.subn("", text)
    if controls > max(2, (len(text) + controls) * _CONTROL_SHARE):
        raise UndecodableError("holds control characters, so it is binary, not text; give the text itself")
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\x1a", "").replace("\ufeff", "")


def _decode(data: bytes) -> str:
    for mark, name in _MARKS:
        if data.startswith(mark):
            try:
                return data.decode(name)
            except UnicodeDecodeError as error:
                raise UndecodableError(
                    f"begins as {name} but breaks off at byte {error.start}; save it again"
                ) from None
    if b"\0" in data:
        raise UndecodableError("holds NUL bytes, so it is binary, not text; give the text itself (txt, md, jsonl)")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        return _legacy(data, error.start)


def _legacy(data: bytes, broken_at: int) -> str:
    """The text in GB18030 or Big5, whichever reads better; raises when neither reads well."""
    scored: list[tuple[float, str]] = []
    for name in ("gb18030", "big5"):
        try:
            text = data.decode(name)
        except UnicodeDecodeError:
            continue
        scored.append((_everyday_share(text[:_SAMPLE_BYTES], name), text))
    score, text = max(scored, default=(0.0, ""), key=lambda pair: pair[0])
    if score < _EVERYDAY_SHARE:
        raise UndecodableError(f"is not UTF-8 (byte {broken_at}), UTF-16, GB18030 or Big5; save it as UTF-8")
    return text


def _everyday_share(text: str, name: str) -> float:
    """Of the characters beyond ASCII, the share which the character set holds among its everyday ones.

    GB 2312 and Big5 both put the common characters into a first plane, B0-D7 and A4-C6 in the lead byte.
    """
    low, high = (0xB0, 0xD7) if name == "gb18030" else (0xA4, 0xC6)
    marks = "，。、；：？！“”‘’（）《》〈〉—…·「」『』％０１２３４５６７８９＋－　"
    foreign = [c for c in text if c > "\x7f"]
    everyday = 0
    for c in foreign:
        code = b"" if c in marks else c.encode(name, "ignore")
        everyday += c in marks or (len(code) == 2 and low <= code[0] <= high and "\u4e00" <= c <= "\u9fff")
    return everyday / len(foreign) if foreign else 0.0
