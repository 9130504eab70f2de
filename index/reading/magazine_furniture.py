"""A printed line in, what kind of page furniture it is out: credit, notice, place name; knows no pages."""

import re

from index.reading.spacing import tidy

_CREDIT = re.compile(
    r"[\s/／](?:摄|摄影|供图|图|制图|绘|漫画|画)$|(?:摄影|供图|制图|漫画|资料图|资料图片|资料照片)[）)]?$|(?:图片|摄影|漫画|制图)[：:/／]"
)
_POINTER = "▲△▼▽"
_AUTHOR_NOTE = re.compile(
    r"[（(]?(?:本文)?(?:作者|执笔人?|课题组成员)(?:单位|系|为|简介)?[：:]?[\u4e00-\u9fff、，,：:\s]{3,60}[）)]?"
)
_NOTE = re.compile(r"[①-⑳]|\[\d{1,2}\]|注释?[：:]")
_CELL_GAP = re.compile(r"\S(?:\s{2,}|\t)(?=\S)")
_TABLE_LINE = re.compile(r"表\s*[\d一二三四五六七八九十]+[\s：:]\s*\S+|[（(]?(?:计量)?单位\s*[：:].{1,16}")
_NOTICE = re.compile(r"扫描?(?:下方|上方|右侧)?二维码|责任编辑|责编|投稿|版权所有|广告|下转|上接")
_ANNOUNCEMENT = re.compile(r"(?:启事|征订|征稿|敬告读者|订阅须知|更正声明|稿约|欢迎订阅)$")
_PLACE = re.compile(r"[\u4e00-\u9fff（）()·]{1,9}(?:省|市|县|区|州|盟|旗|镇|乡|村|街道)：?|[\u4e00-\u9fff]{2,8}：")
_ORGANIZER = re.compile(r"(?:主办|联办|协办|承办|合办|编辑部|杂志社|出品)$")


def is_credit(text: str) -> bool:
    """Whether the line names a photographer or draughtsman."""
    return bool(_CREDIT.search(text.strip()))


def is_caption(text: str) -> bool:
    """Whether the line is a caption for all that itself shows: a pointer to the picture, or a credit at its end."""
    return text[:1] in tuple(_POINTER) or text.startswith("图为") or is_credit(text)


def is_author_note(text: str) -> bool:
    """Whether the line tells, in brackets or after 作者, where the authors work."""
    return text[:1] in tuple("（(作本") and bool(_AUTHOR_NOTE.fullmatch(text.strip()))


def is_footnote(text: str) -> bool:
    """Whether the line begins with the mark of a footnote."""
    return bool(_NOTE.match(text))


def is_table_row(text: str) -> bool:
    """Whether the line is a row of a table, its cells set apart by wide gaps, or the heading or unit of one."""
    return len(_CELL_GAP.findall(text.strip())) >= 2 or bool(_TABLE_LINE.fullmatch(text.strip()))


def is_notice(text: str) -> bool:
    """Whether the line speaks of the printed page (scan the code, responsible editor) and not of the matter."""
    return bool(_NOTICE.search(text))


def is_announcement(text: str) -> bool:
    """Whether the line heads an announcement of the magazine: subscriptions, calls for papers, corrections."""
    return bool(_ANNOUNCEMENT.search(text.strip()))


def is_place(text: str) -> bool:
    """Whether the line is the name of a place and nothing else, as it stands over the title of a local report."""
    return bool(_PLACE.fullmatch(tidy(text)))


def is_organizer(text: str) -> bool:
    """Whether the line names who runs a column together with the magazine."""
    return bool(_ORGANIZER.search(tidy(text)))
