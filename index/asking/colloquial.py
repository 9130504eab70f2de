"""A chatty question in, the same without greetings, courtesies and exclamations out, dialect words in plain ones."""

import re
from typing import Final

_COURTESIES: Final = (
    "您好|你好|大家好|哈喽|嗨|hi|hello|不好意思|打扰(?:一下)?(?:了)?|抱歉|劳驾|麻烦(?:你|您)?(?:问(?:一?下)?)?|拜托(?:你|您)?|谢谢(?:你|您|啦|了)?|多谢|辛苦了?|"
    "请(?:问|教)?(?:一?下)?|(?:我|俺|咱)?(?:就|很|还)?(?:想|要|想要|需要)(?:请(?:问|教)|问问?|了解|知道|打听|咨询|确认|搞清楚|弄明白|搞明白|看看|查查?)(?:一?下)?(?:你|您|的是)?|"
    "(?:能不能|可不可以|能否|可否|可以|能)?(?:帮|替|给)(?:我|俺|忙)(?:查查?|看看?|找找?|问问?|说说|讲讲|介绍|解释|查找|确认)(?:一?下)?|(?:你|您)?(?:能不能|可不可以|能否|可否|可以|能)?告诉我(?:一?下)?|"
    "(?:我)?(?:听(?:人|别人|朋友|同事)?说|据说|(?:有)?(?:朋友|同事|人)(?:跟我)?说)(?:过)?|(?:我)?有个问题|(?:我)?(?:不太|不大|不)(?:清楚|明白|知道|懂)|(?:有(?:谁|人)|你|您)?知不知道|(?:有(?:谁|人)|你|您)知道|顺便(?:问|说)?(?:一下|一句)?|话说"
)
_OPENING = re.compile(rf"^(?:(?:{_COURTESIES})[,，、。.!！~～:：\s]*)+(?!的)", re.IGNORECASE)
_CLOSING = re.compile(
    r"(?<![,，。!！?？~～\s])(?:[,，。!！?？~～\s]*(?:谢谢|多谢|感谢|拜托|辛苦)(?:你|您|啦|了|大家|各位)*)+[。!！~～\s]*$"
)
_EXCLAMATION = re.compile(
    r"(?<![呀啊哦噢喔哈嘛咧哇哟啦诶唉~])(?:来着|[呀啊哦噢喔哈嘛咧哇哟啦诶唉~])+(?=[?？!！。,，]*$|[,，](?!$))"
)
_PLAIN: Final = (
    ("啥时候", "什么时候"),
    ("为啥", "为什么"),
    ("干啥", "做什么"),
    ("啥", "什么"),
    ("咋样", "怎么样"),
    ("咋", "怎么"),
    ("多少个?钱", "多少钱"),
)


def plain(text: str) -> str:
    """The question in plain words; unchanged where nothing would be left of it."""
    told = _CLOSING.sub("", text)
    if opening := _OPENING.match(told):
        told = told[opening.end() :]
        if re.search("能|可|知道", opening.group()):  # 能告诉我…吗 asks no yes or no
            told = re.sub(r"吗(?=[?？]?$)", "", told)
    told = _EXCLAMATION.sub("", told)
    for said, written in _PLAIN:
        told = re.sub(said, written, told)
    return told if len(re.findall(r"\w", told)) >= 2 else text
