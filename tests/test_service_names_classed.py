"""The class that a question asks for, and the names of that class in a sentence."""

import pytest

from service.answering.classed import named_things, short_names
from service.answering.question import understand
from service.answering.sought import Sought, sought


def wanted(question: str) -> Sought | None:
    understood = understand(question)
    return sought(understood.slots[0], understood.text)


def best(question: str, sentence: str) -> str | None:
    """The surest name for the first slot of a question, the first of those that are as sure."""
    understood = understand(question)
    slot = understood.slots[0]
    things = named_things(sentence, slot.kind, sought(slot, understood.text))
    found = max(things, key=lambda thing: thing.fit, default=None)
    return sentence[found.start : found.end] if found else None


@pytest.mark.parametrize(
    ("question", "noun"),
    [
        ("空地旁边是哪家幼儿园？", "幼儿园"),
        ("中心建在哪家医院？", "医院"),
        ("把哪一项改革工程当作重点？", "改革工程"),
        ("粮食这块用的是哪一种联动？", "联动"),
        ("最后是哪位律师调下来的？", "律师"),
        ("线上为企业服务的平台叫什么名字？", "平台"),
        ("那天发布了一首歌，叫啥名字？", "歌"),
        ("年底通车的铁路是哪一条？", "铁路"),
        ("做法被哪个部委写进了经验？", "部委"),
        ("县医院落地了什么项目？", "项目"),
        ("这一届的主题是什么？", "主题"),
    ],
)
def test_class_asked_for(question: str, noun: str) -> None:
    found = wanted(question)
    assert found
    assert found.noun == noun


@pytest.mark.parametrize("question", ["是谁夸他的？", "什么程度算好？", "它在哪里？", "为什么？", ""])
def test_no_class_asked_for(question: str) -> None:
    assert wanted(question) is None


@pytest.mark.parametrize(
    ("question", "sentence", "name"),
    [
        ("空地旁边是哪家幼儿园？", "河西村在梅竹路幼儿园旁有一块空地，由公共资源交易中心出租。", "梅竹路幼儿园"),
        ("哪个部门设了民营经济局？", "省发展改革委已经有了安排。", "省发展改革委"),
        ("工坊是跟哪家公司的党委办的？", "镇党委和江丰电子材料股份有限公司党委共同打造。", "江丰电子材料股份有限公司"),
        ("哪个部委写进了经验？", "被国家发展和改革委员会列入典型经验。", "国家发展和改革委员会"),
        ("办起的学院叫什么名字？", "集成电路科学与工程学院在这里成立。", "集成电路科学与工程学院"),
        ("最后是哪位律师调下来的？", "法官李伟请来调解员、律师段美玲帮忙。", "段美玲"),
        ("监管的系统叫什么？", "推出全国首个监管系统“公平在线”。", "公平在线"),
        ("管理资产的应用叫什么？", "区里创建了“智管家”数字应用。", "智管家"),
        ("调解组织叫什么名字？", "成立了全国首家调解组织——杭州律谐调解中心，统筹工作。", "杭州律谐调解中心"),
        ("这一届围绕什么题目来办？", "本届主题是“新质生产力”。", "新质生产力"),
        ("发布的主题歌叫什么？", "主题歌曲《心心相见》发布。", "《心心相见》"),
        ("哪份办法规定了？", "《关于改革的通知》之后有《审查办法》。", "《审查办法》"),
        ("它设在哪个村？", "在绍兴市柯桥区平水镇剑灶村的工坊。", "剑灶村"),
        ("它在哪个县？", "金华市浦江县的一家公司。", "浦江县"),
        ("它设在哪个村？", "在绍兴市柯桥区的工坊。", None),
        ("大会在哪座城市举行？", "浙江今年还将举办大会。", None),
        ("它在哪个县？", "海联石油公司的所在地德清县。", "德清县"),
        ("公益课堂叫什么？", "没有名字。", None),
    ],
)
def test_name_of_the_class(question: str, sentence: str, name: str | None) -> None:
    assert best(question, sentence) == name


def test_each_of_several_names_is_a_slot() -> None:
    assert len(understand("当时得到哪两个机关同意？").slots) == 2
    assert len(understand("哪些机关同意了？").slots) == 1


@pytest.mark.parametrize(
    ("article", "name"),
    [
        ("西门子电机（云澜）有限公司建成投产。", "西门子"),
        ("西门子，先后设厂。云澜有限公司也来了。", None),
    ],
)
def test_a_firm_is_called_by_the_word_that_its_name_begins_with(article: str, name: str | None) -> None:
    sentence, asked = "作为云澜“老朋友”的西门子，先后设厂三家。", wanted("先后设厂三家的是哪家公司？")
    assert asked
    found = short_names(sentence, article, asked)
    assert [sentence[one.start : one.end] for one in found] == ([name] if name else [])
