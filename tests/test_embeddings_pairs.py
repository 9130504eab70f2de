import json
import lzma
from pathlib import Path
from random import Random

import pytest

from embeddings import EncoderError
from embeddings.training.documents import read_documents
from embeddings.training.pairs import Document, ask, cut_passages, make_pairs, split_sentences

TEXT = "全年粮食产量达到1.39万亿斤。会议指出，2023年赤字率为3%！“怎么办？”要落实《预算法》。\n财政部印发通知。"


def test_sentences_keep_every_character() -> None:
    sentences = split_sentences(TEXT)
    assert sentences == [
        "全年粮食产量达到1.39万亿斤。",
        "会议指出，2023年赤字率为3%！",
        "“怎么办？”",
        "要落实《预算法》。",
        "财政部印发通知。",
    ]
    assert "".join(sentences) == TEXT.replace("\n", "")


@pytest.mark.parametrize(("characters", "count"), [(1, 5), (30, 3), (1000, 1)])
def test_passages_are_whole_sentences(characters: int, count: int) -> None:
    passages = cut_passages(TEXT, characters=characters)
    assert len(passages) == count
    assert "".join(passages) == TEXT.replace("\n", "")


@pytest.mark.parametrize("text", ["", " \n ", "。"])
def test_nothing_to_cut(text: str) -> None:
    assert cut_passages(text) in ([], ["。"])


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("今年安排转移支付712亿元", {"今年安排转移支付多少亿元"}),
        ("今年财政赤字率控制在3.5%", {"今年财政赤字率控制在百分之多少"}),
        ("全市新建公园12座", {"全市新建公园多少座"}),
        ("没有什么可问的话", {None}),
    ],
)
def test_question_word_stands_where_the_answer_stood(sentence: str, expected: set[str | None]) -> None:
    asked = {ask(sentence, Random(seed)) for seed in range(20)}
    assert asked == expected


def test_years_are_asked_as_times() -> None:
    asked = {ask("国家在2019年启动了这项改革试点", Random(seed)) for seed in range(40)}
    assert asked <= {f"国家在{word}启动了这项改革试点" for word in ("什么时候", "何时", "哪一天", "哪年")}
    assert len(asked) > 1


def test_pairs_point_at_passages() -> None:
    document = Document("预算报告", tuple(cut_passages(TEXT * 4, characters=60)))
    pairs = make_pairs(document, Random(1))
    assert {pair.kind for pair in pairs} >= {"made", "title"}
    assert all(0 <= pair.passage < len(document.passages) and pair.question for pair in pairs)
    assert pairs == make_pairs(document, Random(1))


def test_asked_questions_come_first() -> None:
    document = Document("题", ("一。", "二。"), (("哪个是二？", 1),))
    pair, *others = make_pairs(document, Random(1))
    assert (pair.kind, pair.question, pair.passage) == ("asked", "哪个是二？", 1)
    assert "asked" not in {other.kind for other in others}


def test_documents_are_read_from_both_kinds_of_rows(tmp_path: Path) -> None:
    context = "甲" * 100 + "。" + "乙" * 100 + "。" + "答案在此" + "。"
    rows: list[dict[str, object]] = [
        {"text": "留下不用的文章。"},
        {"text": "第一篇。", "title": "题"},
        {"text": ""},
        {"context": context, "title": "百科", "question": "在哪？", "answers": [{"text": "答案", "start": 202}]},
        {"context": context, "title": "百科", "question": "无解？", "answers": []},
    ]
    path = tmp_path / "rows.jsonl.xz"
    with lzma.open(path, "wt", encoding="utf-8") as file:
        file.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    article, asked = read_documents([path], hold_out=20)
    assert article == Document("题", ("第一篇。",))
    assert (asked.title, asked.asked) == ("百科", (("在哪？", 1),))
    assert "答案在此" in asked.passages[1]
    assert len(read_documents([path])) == 3


def test_line_that_is_no_json_is_named(tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl"
    path.write_text('{"text": "好。"}\n{\n', encoding="utf-8")
    with pytest.raises(EncoderError, match=r"rows\.jsonl:2"):
        read_documents([path])
