"""A printed line in, what kind of page furniture it is out: credit, notice, place name; knows no pages."""

import re

from index.reading.spacing import tidy

_CREDIT = re.compile(r"\s(?:摄|摄影|供图|图|制图|绘|漫画|画)$|(?:摄影|供图|制图|漫画)$|(?:图片|摄影|漫画|制图)[：:/／]")
_NOTICE = re.compile(r"扫描?(?:下方|上方|右侧)?二维码|责任编辑|责编|投稿|版权所有|广告|下转|上接")
_PLACE = re.compile(r"[\u4e00-\u9fff（）()·]{1,9}(?:省|市|县|区|州|盟|旗|镇|乡|村|街道)：?|[\u4e00-\u9fff]{2,8}：")
_ORGANIZER = re.compile(r"(?:主办|联办|协办|承办|合办|编辑部|杂志社|出品)$")


def is_credit(text: str) -> bool:
    """Whether the line names a photographer or draughtsman."""
    return bool(_CREDIT.search(text.strip()))


def is_notice(text: str) -> bool:
    """Whether the line speaks of the printed page (scan the code, responsible editor) and not of the matter."""
    return bool(_NOTICE.search(text))


def is_place(text: str) -> bool:
    """Whether the line is the name of a place and nothing else, as it stands over the title of a local report."""
    return bool(_PLACE.fullmatch(tidy(text)))


def is_organizer(text: str) -> bool:
    """Whether the line names who runs a column together with the magazine."""
    return bool(_ORGANIZER.search(tidy(text)))
