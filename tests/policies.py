"""A small collection for the tests of the service: eleven articles in own words about places that do not exist."""

import json
from pathlib import Path

from embeddings import load_encoder
from index.building import build
from index.command import Report
from index.reading import read_sources

ARTICLES: tuple[dict[str, object], ...] = (
    {
        "id": "yunlan-window",
        "title": "云澜市：一扇窗口办成一揽子事",
        "authors": ["林岚", "周听"],
        "column": "政务",
        "issue": "云川政策 2024年第3期",
        "date": "2024-03-05",
        "page": "12",
        "text": "云澜市把分散在各部门的窗口合并成综合窗口。2023年，云澜市综合窗口共办理事项86.4万件，群众满意率达98.6%。\n"
        "综合窗口设立以后，企业开办的平均用时从7.5天缩短到2.1天。\n"
        "下一步，云澜市将通过数据共享减少重复填表，并开展上门帮办服务，让老年人在社区就能办成事。",
    },
    {
        "id": "qichuan-window",
        "title": "栖川市：综合窗口的十二个月",
        "authors": ["何禾"],
        "column": "政务",
        "issue": "云川政策 2024年第3期",
        "date": "2024-03-12",
        "text": "栖川市的综合窗口启用满一年。2023年，栖川市综合窗口共办理事项41.2万件，群众满意率达97.1%。\n"
        "栖川市还在12个乡镇设立了便民点，累计接待群众5.3万人次。",
    },
    {
        "id": "songping-loan",
        "title": "松坪县推出“茶园共富贷”",
        "authors": ["林岚"],
        "column": "乡村",
        "date": "2024-04-18",
        "text": "“茶园共富贷”是指由松坪县财政贴息、以茶园经营权作抵押、专门借给茶农的小额贷款。\n"
        "2023年，松坪县共发放“茶园共富贷”3.2亿元，惠及茶农1.7万户，户均增收6800元。",
    },
    {
        "id": "sisong",
        "title": "“四送一办”走进工厂",
        "authors": ["陶知秋"],
        "column": "企业",
        "date": "2024-05-06",
        "text": "“四送一办”是云澜市面向工厂的服务机制。“四送”分别是送政策、送资金、送人才、送订单，“一办”是限时办结诉求。\n"
        "机制运行以来，服务专员走访工厂2600家，解决诉求近4100件。",
    },
    {
        "id": "wuxi-village",
        "title": "雾溪镇古村落的新生意",
        "authors": ["何禾"],
        "column": "乡村",
        "date": "2023-11-20",
        "text": "雾溪镇有古村落9个。镇里通过修缮老屋、引进民宿、培训向导，让古村落重新热闹起来。\n"
        "2022年，雾溪镇接待游客36万人次；2023年，雾溪镇接待游客52万人次，民宿收入达1.4亿元。",
    },
    {
        "id": "yunlan-research",
        "title": "云澜市研发投入两年记",
        "column": "科技",
        "date": "2024-02-01",
        "text": "2022年，云澜市研发投入12.4亿元。2023年，云澜市研发投入15.9亿元，占生产总值的比重升至2.8%。\n"
        "全市已有高新技术企业730家，建成省级实验室6个。",
    },
    {
        "id": "qichuan-sea",
        "title": "栖川市海洋研究院这三年",
        "authors": ["周听"],
        "column": "科技",
        "date": "2024-06-15",
        "text": "栖川市海洋研究院成立于2021年9月18日，由栖川市人民政府和云川大学共同建设。\n"
        "研究院院长沈望潮介绍，三年来研究院培育贝类新品种14个，授权专利218件。",
    },
    {
        "id": "beilan-bus",
        "title": "北岚市公交换新车",
        "column": "民生",
        "date": "2024-01-09",
        "text": "北岚市给公交换上了新能源车，新能源公交车占比从31%提高到94%。\n"
        "2023年，北岚市新开公交线路28条，投放新能源公交车460辆。",
    },
    {
        "id": "wuda",
        "title": "云川省部署水源保护五大行动",
        "authors": ["陶知秋"],
        "column": "生态",
        "date": "2024-05-22",
        "text": "云川省部署的水源保护五大行动包括源头封育行动、管网改造行动、雨污分流行动、岸线清理行动、节水普及行动。\n"
        "按照《云川省水源保护条例》，到2027年，全省饮用水水源达标率保持在99.5%以上。",
    },
    {
        "id": "elder-meal",
        "title": "一顿热饭的民生账",
        "column": "民生",
        "date": "2023-12-28",
        "text": "松坪县的老年食堂按年龄给补贴：70至79岁的老人每餐补贴3元，80岁以上的老人每餐补贴5元。\n"
        "到2023年底，松坪县建成老年食堂147家，每天供餐约1.1万份。",
    },
    {
        "id": "night-school",
        "title": "云澜市青年夜校开班",
        "column": "民生",
        "date": "2024-06-20",
        "text": "云澜市青年夜校开设课程85门，学费每门200元。首期报名1.3万人，是原计划的2.6倍。\n"
        "夜校由云澜市总工会牵头举办，授课老师来自14所高校。",
    },
)


def write_articles(path: Path, articles: tuple[dict[str, object], ...] = ARTICLES) -> Path:
    """The articles as an article file (JSON Lines)."""
    path.write_text("".join(json.dumps(item, ensure_ascii=False) + "\n" for item in articles), encoding="utf-8")
    return path


def build_policies(folder: Path, articles: tuple[dict[str, object], ...] = ARTICLES) -> Report:
    """A snapshot of the articles at `folder`, made with the built-in encoder."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    source = write_articles(folder.with_suffix(".jsonl"), articles)
    return build(read_sources([source]), folder, load_encoder())
