"""A printed line in, the authors and their role out when it names them; knows no pages and no articles."""

import re
from dataclasses import dataclass
from functools import lru_cache

from index.reading.spacing import tidy

_MARKS = "■□◆◇▲△●○◎★☆"
_NAME = re.compile(r"[\u4e00-\u9fff]{2,4}|[\u4e00-\u9fff]{1,6}·[\u4e00-\u9fff]{1,8}")
_JOB = re.compile(
    r"(?:记者|通讯员|评论员|编辑|主编|总编|社长|主任|主任委员|书记|主席|部长|厅长|局长|处长|科长|司长|院长|校长|所长|站长|会长|理事长|秘书长"
    r"|省长|市长|县长|区长|州长|乡长|镇长|董事长|总经理|经理|总裁|研究员|教授|讲师|博士|博士生|研究生|专家|委员|代表|馆长|台长|行长"
    r"|检察长|庭长|专员|巡视员|调研员|顾问|作家|律师|工程师|常委|组长|队长|负责人|理事|干部|教师|医师|课题组|支部|办公室)$"
)
_SURNAMES = frozenset(
    "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏水窦章云苏潘葛奚范彭郎鲁韦昌马苗凤花方俞任袁柳酆鲍史唐"
    "费廉岑薛雷贺倪汤滕殷罗毕郝邬安常乐于时傅皮卞齐康伍余元卜顾孟平黄和穆萧尹姚邵湛汪祁毛禹狄米贝明臧计伏成戴谈宋茅庞熊纪舒屈项祝董梁"
    "杜阮蓝闵席季麻强贾路娄危江童颜郭梅盛林刁钟徐邱骆高夏蔡田樊胡凌霍虞万支柯昝管卢莫经房裘缪干解应宗丁宣贲邓郁单杭洪包诸左石崔吉钮龚"
    "程嵇邢滑裴陆荣翁荀羊於惠甄曲家封芮羿储靳汲邴糜松井段富巫乌焦巴弓牧隗山谷车侯宓蓬全郗班仰秋仲伊宫宁仇栾暴甘厉戎祖武符刘景詹束龙叶"
    "幸司韶郜黎蓟薄印宿白怀蒲邰从鄂索咸籍赖卓蔺屠蒙池乔阴胥能苍双闻莘党翟谭贡劳逄姬申扶堵冉宰郦雍璩桑桂濮牛寿通边扈燕冀浦尚农温别庄晏柴"
    "瞿阎充慕连茹习宦艾鱼容向古易慎戈廖庾终暨居衡步都耿满弘匡国文寇广禄阙东欧殳沃利蔚越夔隆师巩聂晁勾敖融冷訾辛阚那简饶空曾沙养鞠须丰"
    "巢关蒯相查后荆红游竺权逯盖益桓公亓仉督岳帅缑亢况郈有琴商牟佘佴伯赏墨哈谯笪年爱阳佟言福肖付代邸覃闫冼尧区车楼鄢苟涂原卿"
)
_COMPOUND = (
    "欧阳",
    "司马",
    "上官",
    "诸葛",
    "司徒",
    "东方",
    "皇甫",
    "尉迟",
    "公孙",
    "慕容",
    "令狐",
    "宇文",
    "长孙",
    "端木",
    "夏侯",
)
_LABEL = re.compile(
    r"^(?:文|图文|文图|文字|撰文|撰稿|作者|采写|本报记者|本刊记者|记者|通讯员|特约撰稿)\s*[：:/／|丨]\s*"
)
_UNIT = re.compile(r"[\u4e00-\u9fff·（）()]{2,24}(?:课题组|编写组|调研组|采访组|写作组|评论员|编辑部|研究组)")
_ROLE_LINES, _ROLE_CHARACTERS = 5, 90


@dataclass(frozen=True, slots=True)
class Byline:
    """Who wrote: names in reading form, and their role when the same line tells it."""

    authors: tuple[str, ...]
    role: str = ""
    marked: bool = False  # by a sign or a label in front, so that nothing else can be meant


def names_of(text: str) -> tuple[str, ...]:
    """`李 明 王小芳 赵 强` → three names; empty when the text holds anything but names."""
    parts = [part for part in re.split(r"[\s、，,]+", text.strip()) if part]
    names, at = list[str](), 0
    while at < len(parts):
        pair = len(parts[at]) == 1 and at + 1 < len(parts) and len(parts[at + 1]) == 1
        names.append(parts[at] + parts[at + 1] if pair else parts[at])
        at += 2 if pair else 1
    return tuple(names) if names and len(names) <= 10 and all(_NAME.fullmatch(name) for name in names) else ()


@lru_cache(maxsize=20_000)  # asked of each line of a page, many times
def byline_of(line: str, listed: bool = False) -> Byline | None:
    """The byline that the line is, or None.

    A byline is marked (`■袁 卫`, `文/李明`), or a job title and a name (`某省委书记 李明`), or one letter-spaced name;
    with `listed` the text is known to be one (an entry of a table of contents) and is doubted no more.
    """
    text = line.strip()
    bare = _LABEL.sub("", text).lstrip(_MARKS).strip()
    marked = bare != text
    parts = bare.split()
    for cut in range(1, len(parts)):
        role, rest = tidy(" ".join(parts[:cut])), " ".join(parts[cut:])
        if is_job(role) and are_people(rest):
            return Byline(names_of(rest), role, marked)
    if (listed or marked) and _UNIT.fullmatch(bare):
        return Byline((bare,), marked=marked)
    if listed:
        return Byline(names_of(bare)) if names_of(bare) else None
    lone = len(parts) == 2 and all(len(part) == 1 for part in parts)
    return Byline(names_of(bare), marked=marked) if (marked or lone) and are_people(bare) else None


def are_people(text: str) -> bool:
    """Whether the text is names for all that shows: a surname first, or letter-spaced between two characters."""
    names = names_of(text)
    spaced = " ".join(text.split())
    return bool(names) and all(
        (name[:1] in _SURNAMES and len(name) <= 3)
        or name.startswith(_COMPOUND)
        or "·" in name
        or (len(name) == 2 and f"{name[0]} {name[1]}" in spaced and spaced != f"{name[0]} {name[1]}")
        for name in names
    )


def is_job(text: str) -> bool:
    """Whether the text ends in a job title."""
    return bool(_JOB.search(text))


def role_length(lines: list[str]) -> int:
    """How many of the lines, which follow a byline, tell the authors' role: up to the last that ends in a job title."""
    told, text = 0, ""
    for i, line in enumerate(lines[:_ROLE_LINES]):
        text += line.strip()
        if len(text) > _ROLE_CHARACTERS or re.search(r"[。！？：]", text):
            break
        if is_job(tidy(text)):
            told = i + 1
    return told
