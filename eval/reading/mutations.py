"""Documents and a random source in, a changed document out: bytes flipped, cut, spliced, nested, repeated; reads none."""

import copy
import random
from collections.abc import Callable, Sequence

MAX_INPUT_BYTES = 2 * 2**20
_TOKENS = [
    b"\0", b"\xff", b"\xfe\xff", b"\xed\xa0\x80", b"\\ud800", b"\xef\xbb\xbf", b"\x0c", b"\x1a", b"\r", b"\n\n", b"---\n", b"# ", b"```", b"|", b"{", b"[", b'"',
    b"<", b">", b"<table>", b"</table>", b"<td colspan=99999 rowspan=99999>", b"<tr>", b"<div>", b"<!--", b"]]>", b"<![CDATA[", b"<br>", b"<a href=x>",
    b"<!DOCTYPE html>", b"&#0;", b"&#xD800;", b"&nbsp;", b"&a;", b'<!DOCTYPE a [<!ENTITY a "aaaa"><!ENTITY b SYSTEM "file:///etc/passwd">]>', b"%PDF-1.7",
    b"PK\x03\x04", b"PK\x05\x06", "■".encode(), "单位：万元".encode(), "表1".encode(), "作者：".encode(), "\u2028".encode(), "\u0301".encode(), "😀".encode(),
    b"-1", b"99999999999999999999", b"endstream", b"endobj", b"&x *x", b"!!python/object:os.system", "。".encode(), "　".encode(),
]  # fmt: skip


def mutated(rng: random.Random, pool: Sequence[bytes]) -> bytes:
    """One document of the pool, changed one to six times."""
    data = rng.choice(pool)
    for _ in range(rng.choice((1, 1, 1, 2, 3, 6))):
        data = rng.choice(_CHANGES)(rng, data, pool)[:MAX_INPUT_BYTES]
    return data


def restructured(rng: random.Random, pool: Sequence[bytes]) -> bytes:
    """An XML part with elements moved, doubled, taken out, put into each other and changed, still well-formed."""
    from lxml import etree  # noqa: PLC0415 - only here

    try:
        root = etree.fromstring(rng.choice(pool), etree.XMLParser(resolve_entities=False, no_network=True))
    except etree.LxmlError:
        return mutated(rng, pool)
    for _ in range(rng.choice((1, 2, 5, 20))):
        elements = list(root.iter("*"))
        one, other = rng.choice(elements), rng.choice(elements)
        change = rng.randrange(6)
        if change == 0 and one is not root:
            one.getparent().remove(one)
        elif change == 1 and len(elements) < 20_000:
            other.append(copy.deepcopy(one))
        elif change == 2 and one.attrib:
            one.set(
                rng.choice(list(one.attrib)),
                rng.choice(
                    ("", "-1", "0", "99999999999", "x", "单位：万元", "../../etc/passwd", "http://example.org/")
                ),
            )
        elif change == 3:
            one.tag = other.tag
        elif change == 4:
            one.text = rng.choice(
                ("", "单位：万元", "表1 各县", "\u2028", "\x85", "作者：林岚", "字" * 5000, "😀\u0301")
            )
        elif len(elements) < 20_000:
            other.extend([copy.deepcopy(one) for _ in range(rng.choice((1, 30)))])
    return bytes(etree.tostring(root, xml_declaration=True, encoding="utf-8"))


def _flip(rng: random.Random, data: bytes, _: Sequence[bytes]) -> bytes:
    changed = bytearray(data)
    highest = rng.choice((128, 256))  # as often as not the encoding stays whole
    for at in rng.choices(range(len(data)), k=rng.choice((1, 4, 30))) if data else ():
        if changed[at] < highest:
            changed[at] = rng.randrange(highest)
    return bytes(changed)


def _cut(rng: random.Random, data: bytes, _: Sequence[bytes]) -> bytes:
    start, end = _slice(rng, data)
    return data[:start] + data[end:] if rng.random() < 0.5 else data[:end]


def _splice(rng: random.Random, data: bytes, pool: Sequence[bytes]) -> bytes:
    other = rng.choice(pool)
    (start, end), at = _slice(rng, other), rng.randint(0, len(data))
    return data[:at] + other[start:end] + data[at:]


def _insert(rng: random.Random, data: bytes, _: Sequence[bytes]) -> bytes:
    at = rng.randint(0, len(data))
    return data[:at] + rng.choice(_TOKENS) * rng.choice((1, 1, 1, 3, 200)) + data[at:]


def _repeat(rng: random.Random, data: bytes, _: Sequence[bytes]) -> bytes:
    start, end = _slice(rng, data)
    times = min(rng.choice((2, 20, 3000)), MAX_INPUT_BYTES // max(1, end - start))
    return data[:start] + data[start:end] * times + data[end:]


def _nest(rng: random.Random, data: bytes, _: Sequence[bytes]) -> bytes:
    left, right = rng.choice(
        ((b"<div>", b"</div>"), (b"<b>", b"</b>"), (b"<table><tr><td>", b"</td></tr></table>"), (b"<ul><li>", b"</li></ul>"), (b"[", b"]"),
         (b'{"a":', b"}"), (b"> ", b""), (b"<w:p>", b"</w:p>"), (b"<w:tbl><w:tr><w:tc>", b"</w:tc></w:tr></w:tbl>"), (b"(", b")"), (b"\xe2\x80\x9c", b"\xe2\x80\x9d"))
    )  # fmt: skip
    (start, end), depth = _slice(rng, data), rng.choice((3, 50, 300, 5000))
    return data[:start] + left * depth + data[start:end] + right * depth + data[end:]


_CHANGES: tuple[Callable[[random.Random, bytes, Sequence[bytes]], bytes], ...] = (
    _flip, _cut, _splice, _insert, _insert, _repeat, _nest,
)  # fmt: skip


def _slice(rng: random.Random, data: bytes) -> tuple[int, int]:
    start = rng.randint(0, len(data))
    return start, min(len(data), start + rng.choice((1, 10, 100, 2000)))
