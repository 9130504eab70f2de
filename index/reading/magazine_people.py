"""A printed line in, the authors and their role out when it names them; knows no pages and no articles."""

import re
from dataclasses import dataclass

from index.reading.spacing import tidy

_MARKS = "■□◆◇▲△●○"
_NAME = re.compile(r"[\u4e00-\u9fff]{2,4}|[\u4e00-\u9fff]{1,6}·[\u4e00-\u9fff]{1,8}")
_JOB = re.compile(
    r"(?:记者|通讯员|评论员|编辑|主编|总编|社长|主任|主任委员|书记|主席|部长|厅长|局长|处长|科长|司长|院长|校长|所长|站长|会长|理事长|秘书长"
    r"|省长|市长|县长|区长|州长|乡长|镇长|董事长|总经理|经理|总裁|研究员|教授|讲师|博士|博士生|研究生|专家|委员|代表|馆长|台长|行长"
    r"|检察长|庭长|专员|巡视员|调研员|顾问|作家|律师|工程师|常委|组长|队长|负责人|理事|干部|教师|医师|课题组|支部|办公室)$"
)
_LABEL = re.compile(r"^(?:文|图文|撰文|作者|采写|本报记者|本刊记者|记者|通讯员|特约撰稿)\s*[：:/／|丨]\s*")
_ROLE_LINES, _ROLE_CHARACTERS = 5, 90


@dataclass(frozen=True, slots=True)
class Byline:
    """Who wrote: names in reading form, and their role when the same line tells it."""

    authors: tuple[str, ...]
    role: str = ""


def names_of(text: str) -> tuple[str, ...]:
    """`马跃明 叶 慧 邵玩玩` → three names; empty when the text holds anything but names."""
    parts = [part for part in re.split(r"[\s、，,]+", text.strip()) if part]
    names, at = list[str](), 0
    while at < len(parts):
        pair = len(parts[at]) == 1 and at + 1 < len(parts) and len(parts[at + 1]) == 1
        names.append(parts[at] + parts[at + 1] if pair else parts[at])
        at += 2 if pair else 1
    return tuple(names) if names and len(names) <= 10 and all(_NAME.fullmatch(name) for name in names) else ()


def byline_of(line: str, marked: bool = False) -> Byline | None:
    """The byline that the line is, or None.

    A byline is marked (`■袁 卫`, `文/李明`), or a job title and a name (`某省委书记 李明`), or one letter-spaced name;
    with `marked` the text is known to be one (an entry of a table of contents) and bare names count too.
    """
    text = line.strip()
    bare = _LABEL.sub("", text).lstrip(_MARKS).strip()
    known = marked or bare != text
    parts = bare.split()
    for cut in range(1, len(parts)):
        role, names = tidy(" ".join(parts[:cut])), names_of(" ".join(parts[cut:]))
        if names and _JOB.search(role) and (known or len(names) <= 3):
            return Byline(names, role)
    if known:
        names = names_of(bare)
        return Byline(names) if names and not _JOB.search(names[-1]) else None
    return Byline((parts[0] + parts[1],)) if len(parts) == 2 and all(len(p) == 1 for p in parts) else None


def role_length(lines: list[str]) -> int:
    """How many of the lines, which follow a byline, tell the authors' role: up to the last that ends in a job title."""
    told, text = 0, ""
    for i, line in enumerate(lines[:_ROLE_LINES]):
        text += line.strip()
        if len(text) > _ROLE_CHARACTERS or re.search(r"[。！？：]", text):
            break
        if _JOB.search(tidy(text)):
            told = i + 1
    return told
