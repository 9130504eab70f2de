"""Other people's test sets, one small golden file a format, and what is said about files that are none."""

import json
import lzma
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from eval.benchmarks.benchmark import Benchmark, BenchmarkError, Task, read_benchmark
from eval.benchmarks.content import safe_id
from eval.question import Question, QuestionFileError
from index.article import Article
from index.building import build
from index.snapshot import Snapshot
from tests.encoders import HashEncoder

CMRC_DEV = Path(__file__).parent.parent.parent / "shared" / "data" / "cmrc2018-dev.jsonl.xz"
PORT, CARE = "五个港口合为一家，资产达712亿元。", "清河县建成长者食堂218家。"


def as_json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def json_lines(*records: Mapping[str, Any]) -> str:
    return "\n".join(map(as_json, records)) + "\n"


def written(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def answer(text: str, start: int = 0) -> dict[str, Any]:
    return {"text": text, "answer_start": start}


SQUAD = {
    "version": "1",
    "data": [
        {"title": "港口", "paragraphs": [{"id": "P 1", "context": PORT, "qas": [
            {"id": "q1", "question": "资产多少？", "answers": [answer("712亿元", 11), answer("712亿", 11), answer("712亿元", 11)]},
            {"id": "q2", "question": "谁批准？", "answers": [answer("", -1)], "is_impossible": True},
        ]}]},
        {"paragraphs": [{"title": "食堂", "context": CARE, "qas": [
            {"id": "q1", "question": "几家食堂？", "answers": [answer("218家", 9)]},
        ]}]},
    ],
}  # fmt: skip
CMRC_OLD: list[dict[str, Any]] = [
    {"context_id": "TRIAL_1", "context_text": PORT, "title": "港口",
     "qas": [{"query_id": "TRIAL_1_QUERY_0", "query_text": "资产多少？", "answers": ["712亿元", "712亿"]}]},
]  # fmt: skip
FLAT: list[dict[str, Any]] = [
    {"id": "f1", "title": "", "context": PORT, "question": "资产多少？", "answers": [{"text": "712亿元", "start": 11}]},
    {"id": "f2", "title": "", "context": PORT, "question": "谁批准？", "answers": []},
]


def test_squad_for_reading(tmp_path: Path) -> None:
    found = read_benchmark(written(tmp_path / "port-dev.json", as_json(SQUAD)))
    port, care = found.articles
    assert (found.name, found.task) == ("port-dev", "reading")
    assert (port.title, port.text, care.title, care.text) == ("港口", PORT, "食堂", CARE)
    assert port.id.startswith("P_1-")
    assert len(care.id) == 12
    assert found.questions == [
        Question("q1", "资产多少？", given=(port.id,), alternatives=("712亿元", "712亿")),
        Question("q2", "谁批准？", given=(port.id,), type="unanswerable", unanswerable=True),
        Question("q1#2", "几家食堂？", given=(care.id,), alternatives=("218家",)),
    ]


def test_squad_for_retrieval_asks_only_what_has_an_answer(tmp_path: Path) -> None:
    found = read_benchmark(written(tmp_path / "s.json", json.dumps(SQUAD, indent=1)), task="retrieval")
    port, care = found.articles
    assert found.questions == [
        Question("q1", "资产多少？", relevant={port.id: 1}),
        Question("q1#2", "几家食堂？", relevant={care.id: 1}),
    ]


def test_squad_for_answering(tmp_path: Path) -> None:
    found = read_benchmark(written(tmp_path / "s.json", as_json(SQUAD)), task="answering")
    assert [(bool(question.relevant), question.given, question.unanswerable) for question in found.questions] == [
        (True, (), False), (False, (), True), (True, (), False),
    ]  # fmt: skip


def test_the_older_layout_of_cmrc(tmp_path: Path) -> None:
    found = read_benchmark(written(tmp_path / "trial.json", as_json(CMRC_OLD)))
    assert found.articles == (Article("TRIAL_1", "港口", PORT, source="trial.json"),)
    assert found.questions == [
        Question("TRIAL_1_QUERY_0", "资产多少？", given=("TRIAL_1",), alternatives=("712亿元", "712亿"))
    ]


@pytest.mark.parametrize("name", ["f.jsonl", "f.jsonl.xz"])
def test_flat_json_lines_share_a_context(tmp_path: Path, name: str) -> None:
    text = json_lines(*FLAT)
    (tmp_path / name).write_bytes(lzma.compress(text.encode()) if name.endswith("xz") else text.encode())
    found = read_benchmark(tmp_path / name)
    assert [article.text for article in found.articles] == [PORT]
    assert [(question.given[0], question.alternatives, question.unanswerable) for question in found.questions] == [
        (found.articles[0].id, ("712亿元",), False), (found.articles[0].id, (), True),
    ]  # fmt: skip


def beir(
    folder: Path, qrels: str = "query-id\tcorpus-id\tscore\n7\td 1\t2\n7\td2\t0\n8\td2\t1\n", **change: str
) -> Path:
    files = {
        "corpus.jsonl": json_lines(
            {"_id": "d 1", "title": "港口", "text": f"{PORT}\n\n完"},
            {"_id": "d2", "text": CARE},
            {"_id": 3, "text": ""},
        ),
        "queries.jsonl": json_lines(*({"_id": n, "text": f"问题{n}"} for n in ("7", "8", "9"))),
        "qrels/test.tsv": qrels,
    }
    for name, text in (files | change).items():
        if text:
            written(folder / name, text)
    return folder


def test_beir(tmp_path: Path) -> None:
    found = read_benchmark(beir(tmp_path / "T2"))
    assert (found.name, found.task) == ("T2", "retrieval")
    assert [(article.id, article.title, article.text) for article in found.articles] == [
        (safe_id("d 1"), "港口", f"{PORT}\n完"), ("d2", "", CARE), ("3", "", ""),
    ]  # fmt: skip
    assert found.questions == [
        Question("7", "问题7", relevant={safe_id("d 1"): 2}), Question("8", "问题8", relevant={"d2": 1}),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "text", "relevant"),
    [
        ("dev.tsv", "query-id\tcorpus-id\tscore\n9\td2\t3\n", {"d2": 3}),
        ("dev.tsv", "9\td2\t1.0\n", {"d2": 1}),
        ("test.jsonl", json_lines({"query-id": "9", "corpus-id": "d2", "score": 2.0}), {"d2": 2}),
        ("dev.tsv", "9\td2\t1\n9\tgone\t1\n", {"d2": 1, "gone": 1}),
    ],
)
def test_judgements_of_beir(tmp_path: Path, name: str, text: str, relevant: dict[str, int]) -> None:
    folder = beir(tmp_path / "b", qrels="")
    written(folder / "qrels" / name, text)
    assert read_benchmark(folder).questions == [Question("9", "问题9", relevant=relevant)]
    elsewhere = written(tmp_path / "elsewhere.tsv", text.replace('"9"', '"8"').replace("9\t", "8\t"))
    assert read_benchmark(folder, qrels=elsewhere).questions == [Question("8", "问题8", relevant=relevant)]


RGB = {"id": 0, "query": "几家食堂？", "answer": [["218家", "二百一十八家"]],
       "positive": [f"是{n}" for n in range(4)], "negative": [f"噪{n}" for n in range(9)]}  # fmt: skip
INTEGRATION = {"id": 1, "query": "两年各几家？", "answer": ["36家", ["68家", "六十八家"]],
               "positive": [[f"甲{n}" for n in range(4)], [f"乙{n}" for n in range(2)]],
               "negative": [f"噪{n}" for n in range(9)]}  # fmt: skip
FACT = {"id": 2, "query": "几个？", "answer": "70", "fakeanswer": "170", "positive": ["真0", "真1"],
        "positive_wrong": ["假0", "假1"], "negative": [f"噪{n}" for n in range(9)]}  # fmt: skip


def given_texts(found: Benchmark) -> list[str]:
    texts = {article.id: article.text for article in found.articles}
    return [texts[article_id] for article_id in found.questions[0].given]


@pytest.mark.parametrize(
    ("record", "noise", "passages", "kinds"),
    [
        (RGB, None, None, {"是": 4, "噪": 1}),  # one document with the answer too few
        (RGB, 0.4, 5, {"是": 3, "噪": 2}),
        (RGB, 0.5, 5, {"是": 2, "噪": 3}),
        (RGB, 0.8, 20, {"是": 4, "噪": 9}),
        (RGB, 1.0, 5, {"噪": 5}),
        (INTEGRATION, 0.0, 5, {"甲": 3, "乙": 2}),
        (INTEGRATION, 0.4, 5, {"甲": 2, "乙": 1, "噪": 2}),
        (INTEGRATION, 0.8, 5, {"甲": 1, "乙": 1, "噪": 3}),
        (FACT, 0.0, 5, {"假": 2}),
        (FACT, 0.6, 5, {"假": 2, "噪": 3}),
        (FACT, 0.8, 5, {"假": 1, "噪": 4}),
    ],
)
def test_documents_of_rgb(
    tmp_path: Path, record: dict[str, Any], noise: float | None, passages: int | None, kinds: dict[str, int]
) -> None:
    path = written(tmp_path / "zh.json", json_lines(record))
    found = read_benchmark(path, noise=noise, passages=passages)
    texts = given_texts(found)
    assert {kind: sum(text[0] == kind for text in texts) for kind in {text[0] for text in texts}} == kinds
    assert read_benchmark(path, noise=noise, passages=passages) == found
    assert any(
        given_texts(read_benchmark(path, noise=noise, passages=passages, seed=seed)) != texts for seed in range(9)
    )


def test_questions_of_rgb(tmp_path: Path) -> None:
    path = written(tmp_path / "zh.json", json_lines(RGB, INTEGRATION, FACT))
    plain, integration, fact = read_benchmark(path, noise=0.4).questions
    assert (plain.id, plain.style, plain.must_include) == ("0", "noise", (("218家", "二百一十八家"),))
    assert (integration.style, integration.must_include) == ("integration", (("36家",), ("68家", "六十八家")))
    assert (fact.style, fact.must_include, fact.fake) == ("counterfactual", (("70",),), ("170",))
    assert (plain.unanswerable, plain.fake) == (False, ())
    for question in read_benchmark(path, noise=1.0).questions:
        assert (question.style, question.type, question.unanswerable) == ("rejection", "unanswerable", True)
        assert (question.must_include, question.fake) == ((), ())


@pytest.mark.parametrize("queries", [
    "7\t问题七\n8\t问题八\n9\t问题九\n",
    json_lines({"id": "7", "question": "问题七"}, {"id": "8", "question": "问题八"}, {"id": 9, "question": "问题九"}),
    json_lines(*({"_id": n, "text": text} for n, text in (("7", "问题七"), ("8", "问题八"), ("9", "问题九")))),
])  # fmt: skip
def test_trec(tmp_path: Path, queries: str) -> None:
    qrels = written(tmp_path / "a.qrels", "7 0 port 2\n7 0 care -1\n8 0 care 0\n9\t0\tcare\t1\n")
    found = read_benchmark(written(tmp_path / "topics.txt", queries), qrels=qrels)
    assert (found.name, found.task, found.articles) == ("topics", "retrieval", ())
    assert found.questions == [
        Question("7", "问题七", relevant={"port": 2}),
        Question("9", "问题九", relevant={"care": 1}),
    ]


def test_the_projects_own_questions(tmp_path: Path) -> None:
    path = written(tmp_path / "own.jsonl", json_lines({"id": "1", "question": "谁？", "must_include": [["他"]]}))
    assert read_benchmark(path) == Benchmark("own", (), [Question("1", "谁？", must_include=(("他",),))], "answering")


def test_a_limit_draws_questions_and_keeps_what_is_searched(tmp_path: Path) -> None:
    path = written(tmp_path / "s.json", as_json(SQUAD))
    reading, retrieval = (read_benchmark(path, task=task, limit=1) for task in ("reading", "retrieval"))
    assert len(reading.questions) == len(retrieval.questions) == 1
    assert [article.id for article in reading.articles] == list(reading.questions[0].given)
    assert len(retrieval.articles) == 2
    assert read_benchmark(path, limit=3) == read_benchmark(path)
    drawn = {read_benchmark(path, limit=1, seed=seed).questions[0].id for seed in range(20)}
    assert drawn == {"q1", "q2", "q1#2"}


@pytest.mark.parametrize(
    ("given", "kept"),
    [("DEV_0", True), ("1147-5", True), ("百科:港口", True), ("a" * 128, True),
     ("a b", False), ("a/b", False), ("a\\b", False), ("", False), ("a" * 129, False), ("a\x00", False)],
)  # fmt: skip
def test_ids_of_articles(given: str, kept: bool) -> None:
    made = safe_id(given)
    assert (made == given) is kept
    assert safe_id(made) == made
    assert made != safe_id(given + "_")


def test_a_snapshot_of_a_benchmark_keeps_its_ids(tmp_path: Path) -> None:
    corpus = json_lines({"_id": "x/1", "text": PORT}, {"_id": "x_1", "text": PORT})
    half_a_pair = json.dumps({"_id": "half", "text": " \ud800"})
    found = read_benchmark(beir(tmp_path / "b", "7\tx/1\t1\n", **{"corpus.jsonl": corpus + half_a_pair}))
    report = build(found.articles, tmp_path / "snapshot", HashEncoder())
    assert (report.articles, report.failures) == (3, ())
    kept = [article.id for article in Snapshot.open(tmp_path / "snapshot").store.articles()]
    assert kept == [article.id for article in found.articles]
    assert set(found.questions[0].relevant) <= set(kept)


Make = Callable[[Path], Path]


def file(name: str, text: str) -> Make:
    return lambda folder: written(folder / name, text)


WRONG: list[tuple[str, Make, dict[str, Any], str]] = [
    ("missing", lambda folder: folder / "no.json", {}, "cannot be read"),
    ("empty folder", lambda folder: folder, {}, "holds no corpus.jsonl and no queries.jsonl"),
    ("empty file", file("e.json", ""), {}, "is no test set known here"),
    ("no queries", lambda folder: beir(folder, **{"queries.jsonl": ""}), {}, "holds no queries.jsonl"),
    ("no qrels", lambda folder: beir(folder, qrels=""), {}, "holds no qrels"),
    ("bad json", file("b.json", '{"data": ['), {}, "line 1: is not JSON"),
    ("bad line", file("b.jsonl", json_lines(FLAT[0]) + "{"), {}, "line 2: is not JSON"),
    ("no object", file("b.jsonl", json_lines(FLAT[0]) + "7"), {}, "line 2: is no JSON object"),
    ("other json", file("b.json", as_json({"rows": []})), {}, "is no test set known here"),
    ("other list", file("b.json", as_json([{"text": "x"}])), {}, '"paragraphs" is missing'),
    ("no entry", file("b.json", as_json([7])), {}, "an entry is no JSON object"),
    ("no context", file("b.json", as_json({"data": [{"paragraphs": [{"qas": []}]}]})), {}, '"context" is missing'),
    ("no qas", file("b.json", as_json({"data": [{"paragraphs": [{"context": "文"}]}]})), {}, '"qas" is missing'),
    ("no questions", file("b.json", as_json({"data": []})), {}, "holds no question"),
    ("no answers", file("b.jsonl", json_lines({"id": "1", "context": "文", "question": "？"})), {}, '"answers" is missing'),
    ("no text in an answer", file("b.jsonl", json_lines(FLAT[0] | {"answers": [7]})), {}, '"text" is missing'),
    ("one id, two contexts", file("b.json", as_json([CMRC_OLD[0], CMRC_OLD[0] | {"context_text": CARE}])), {},
     "'TRIAL_1' is that of two different contexts"),
    ("unknown query", lambda folder: beir(folder, "q\td2\t1\n"), {}, "judges 1 queries that are not there, such as 'q'"),
    ("unknown documents", lambda folder: beir(folder, "7\tdx\t1\n"), {}, "judges no document of"),
    ("nothing relevant", lambda folder: beir(folder, "7\td2\t0\n"), {}, "says of no query"),
    ("bad qrels", lambda folder: beir(folder, "7\td2\n"), {}, "line 1: is not `query 0 document grade`"),
    ("bad grade", lambda folder: beir(folder, "7\td2\t0.5\n"), {}, "line 1: is not `query 0 document grade`"),
    ("twice", lambda folder: beir(folder, **{"corpus.jsonl": json_lines(*[{"_id": "d2", "text": "文"}] * 2)}), {},
     "record 2: the id 'd2' comes a second time"),
    ("no id", lambda folder: beir(folder, **{"corpus.jsonl": json_lines({"text": "文"})}), {}, '"_id" is missing'),
    ("query twice", lambda folder: beir(folder, **{"queries.jsonl": json_lines(*[{"_id": "7", "text": "问"}] * 2)}), {},
     "the query '7' comes a second time"),
    ("folder for reading", beir, {"task": "reading"}, "is a test set for retrieval, not for reading"),
    ("rgb for reading", file("r.json", json_lines(RGB)), {"task": "reading"}, "for answering, not for reading"),
    ("rgb without answer", file("r.json", json_lines(RGB | {"answer": None})), {}, '"answer" is missing'),
    ("rgb with an empty answer", file("r.json", json_lines(RGB | {"answer": [[]]})), {}, '"answer" is empty'),
    ("rgb without documents", file("r.json", json_lines(RGB | {"negative": []})), {"noise": 1.0}, "has no document"),
    ("rgb without a list", file("r.json", json_lines(RGB | {"positive": "文"})), {}, '"positive" is missing or no list'),
    ("no fake answer", file("r.json", json_lines({k: v for k, v in FACT.items() if k != "fakeanswer"})), {}, '"fakeanswer"'),
    ("too much noise", file("r.json", json_lines(RGB)), {"noise": 1.5}, "a share from 0 to 1, not 1.5"),
    ("no passages", file("r.json", json_lines(RGB)), {"passages": 0}, "at least 1 passage, not 0"),
    ("noise for squad", file("s.json", as_json(SQUAD)), {"noise": 0.5}, "has no use for a share of noise"),
    ("noise for flat", file("f.jsonl", json_lines(*FLAT)), {"passages": 3}, "has no use for a share of noise"),
    ("noise for a folder", beir, {"noise": 0.5}, "has no use for a share of noise"),
    ("limit", file("s.json", as_json(SQUAD)), {"limit": 0}, "at least 1 question, not 0"),
    ("retrieval without answers", file("f.jsonl", json_lines(FLAT[1])), {"task": "retrieval"}, "holds no question"),
]  # fmt: skip


@pytest.mark.parametrize(("make", "options", "said"), [case[1:] for case in WRONG], ids=[case[0] for case in WRONG])
def test_wrong_inputs_are_named(tmp_path: Path, make: Make, options: dict[str, Any], said: str) -> None:
    with pytest.raises(BenchmarkError) as raised:
        read_benchmark(make(tmp_path), **options)
    assert said in str(raised.value)
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize(
    ("queries", "qrels", "said"),
    [
        ("7\t问题\n", None, "cannot be read"),
        ("7 问题\n", "7 0 port 1\n", "line 1: is not `query<tab>text`"),
        ("7\t问题\n", "7 0 port one\n", "line 1: is not `query 0 document grade`"),
        ("7\t问题\n", "7 0 0 port 1\n", "line 1: is not `query 0 document grade`"),
        ("7\t问题\n", "8 0 port 1\n", "judges 1 queries that are not there, such as '8'"),
        ("7\t问题\n", "", "says of no query"),
        ("7\t问题\n7\t又问\n", "7 0 port 1\n", "the query '7' comes a second time"),
        ('{"id": "7"}\n', "7 0 port 1\n", '"text" is missing'),
    ],
)
def test_wrong_trec_files_are_named(tmp_path: Path, queries: str, qrels: str | None, said: str) -> None:
    path = written(tmp_path / "qrels.txt", qrels) if qrels is not None else tmp_path / "none"
    with pytest.raises(BenchmarkError) as raised:
        read_benchmark(written(tmp_path / "topics.tsv", queries), qrels=path)
    assert said in str(raised.value)


def test_a_fault_in_the_projects_own_questions_is_named(tmp_path: Path) -> None:
    with pytest.raises(QuestionFileError, match="line 2: the id '1' is that of line 1"):
        read_benchmark(written(tmp_path / "own.jsonl", json_lines(*[{"id": "1", "question": "谁？"}] * 2)))


@pytest.mark.skipif(not CMRC_DEV.is_file(), reason=f"{CMRC_DEV.name} is not there")
@pytest.mark.parametrize("task", ["reading", "retrieval"])
def test_cmrc_2018_dev(task: Task) -> None:
    found = read_benchmark(CMRC_DEV, task=task)
    texts = {article.id: article.text for article in found.articles}
    assert (len(found.questions), len(texts), len(found.articles)) == (3219, 848, 848)
    references = sum(len(question.alternatives) for question in found.questions)
    assert references == (4011 if task == "reading" else 0)
    for question in found.questions:
        (article_id,) = question.given or question.relevant
        assert all(text in texts[article_id] for text in question.alternatives)
