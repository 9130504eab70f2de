"""The lines of a page in, what stands before the body, the body, and what stands after it out; names nothing yet."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from index.reading.magazine_layout import Line, column_widths, width_em
from index.reading.magazine_paragraphs import ends_sentence
from index.reading.magazine_people import byline_of, role_length

_WIDE_EM = 3.0
_CREDIT = re.compile(r"\s(?:摄|摄影|供图|图|制图|绘|漫画|画)$|(?:摄影|供图|制图|漫画)$|(?:图片|摄影|漫画|制图)[：:/／]")
_NOTICE = re.compile(r"扫描?(?:下方|上方|右侧)?二维码|责任编辑|责编[：:/]|^（?编辑[：:/]|投稿邮箱|本文(?:系|为)|版权所有")
_HEAD_LINES, _TAIL_LINES, _SPACED_CHARACTERS = 24, 8, 20


@dataclass(slots=True)
class Zones:
    """One page, or the part of one that one article fills."""

    head: list[Line] = field(default_factory=list)
    body: list[str] = field(default_factory=list)
    tail: list[Line] = field(default_factory=list)
    captions: list[str] = field(default_factory=list)


def zones_of(page: Sequence[Line], heads: Collection[str], continues: bool) -> Zones:
    """The page cut into head, body and tail; captions amid the body stand apart.

    `heads` are the running heads of the issue; `continues` tells that the page before broke off in a sentence.
    """
    widths = [width_em(line.text) for line in page]
    columns = _columns(page, widths)
    aside = [_is_aside(line, widths[i], columns[i], heads, i) for i, line in enumerate(page)]
    start = _body_start(page, widths, columns, aside, continues)
    end = _body_end(page, widths, columns, aside, start)
    zones = Zones(head=list(page[:start]), tail=list(page[end:]))
    for i in range(start, end):
        if not aside[i]:
            zones.body.append(page[i].text)
        elif page[i].tidy not in heads:
            zones.captions.append(page[i].text)
    return zones


def is_credit(text: str) -> bool:
    """Whether the line names a photographer or draughtsman."""
    return bool(_CREDIT.search(text.strip()))


def is_notice(text: str) -> bool:
    """Whether the line speaks of the printed page (scan the code, responsible editor) and not of the matter."""
    return bool(_NOTICE.search(text))


def _columns(page: Sequence[Line], widths: list[float]) -> list[float]:
    """The column width at each line, told by the plain lines only."""
    plain = [i for i, line in enumerate(page) if not (line.doubled or line.vertical)]
    told = dict(zip(plain, column_widths([widths[i] for i in plain]), strict=True))
    usual = sorted(told.values())[len(told) // 2] if told else 0.0
    return [min(told.get(i, usual), usual + 1.0) for i in range(len(page))]


def _is_aside(line: Line, width: float, column: float, heads: Collection[str], i: int) -> bool:
    """Whether the line certainly is no body: shadow print, vertical, running head, credit, far wider than the column."""
    if line.doubled or line.vertical or line.tidy in heads or is_credit(line.text) or line.text.startswith("——"):
        return True
    if line.spaced:
        return i < 4 or len(line.tidy) <= 6
    return width > column + _WIDE_EM or is_notice(line.text) or _is_byline(line.text)


def _is_byline(text: str) -> bool:
    return byline_of(text) is not None


def _body_start(
    page: Sequence[Line], widths: list[float], columns: list[float], aside: list[bool], continues: bool
) -> int:
    """The index of the first body line: after titles, bylines with their roles, standfirsts, captions."""

    def runs_on(i: int) -> bool:  # like a line of body: full, or indented with a full line after it, or an end
        if i >= len(page) or aside[i]:
            return False
        short = columns[i] - widths[i]
        following = i + 1 < len(page) and not aside[i + 1] and columns[i + 1] - widths[i + 1] < 1.5
        return short < 1.5 or ends_sentence(page[i].text) or (short < 3.7 and (following or i + 1 == len(page)))

    start = 0
    while start < min(len(page), _HEAD_LINES):
        if aside[start]:
            byline = _is_byline(page[start].text) or page[start].text.startswith("■") and len(page[start].tidy) <= 12
            start += 1
            if byline:
                start += role_length([line.text for line in page[start : start + 6]])
            continue
        ahead = next((i for i in range(start, min(start + 4, len(page))) if aside[i]), None)
        if ahead is not None and not continues and (
            not runs_on(start) or ends_sentence(page[ahead - 1].text) is False and start > 0 and _wide(start - 1, widths, columns)
            or _is_byline(page[ahead].text)
        ):
            start = ahead
            continue
        break
    return start


def _wide(i: int, widths: list[float], columns: list[float]) -> bool:
    return widths[i] > columns[i] + _WIDE_EM


def _body_end(
    page: Sequence[Line], widths: list[float], columns: list[float], aside: list[bool], start: int
) -> int:
    """The index after the last body line.

    Lines at the end belong to the tail when they are certainly no body, or when the first of them interrupts a
    sentence: it stands after a line without end and is no full line itself.
    """
    end = len(page)
    for i in range(max(start, len(page) - _TAIL_LINES), len(page)):
        if ends_sentence(page[i].text) and not aside[i]:
            continue
        before = next((k for k in range(i - 1, start - 1, -1) if not aside[k]), None)
        rest = [k for k in range(i, len(page)) if not aside[k]]
        if any(ends_sentence(page[k].text) for k in rest):
            continue
        short = columns[i] - widths[i]
        broken = before is not None and not ends_sentence(page[before].text) and short >= 1.5
        loose = before is not None and ends_sentence(page[before].text) and len(rest) <= 3 and short >= 1.5
        if aside[i] and (not rest or rest[0] > i and _loose_rest(rest, columns, widths)) or broken or loose:
            end = i
            break
    return end


def _loose_rest(rest: list[int], columns: list[float], widths: list[float]) -> bool:
    """Whether plain lines after a caption are no body: few, and the first of them not full."""
    return len(rest) <= 3 and columns[rest[0]] - widths[rest[0]] >= 1.5
