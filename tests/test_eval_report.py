"""The report page: what it shows of every kind of run, what it must not run or load, and where its plots put points."""

import re
from base64 import b64encode
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from lxml import html
from playwright.sync_api import expect

from eval.comparison import compare
from eval.gate import Expected, check
from eval.question import Question
from eval.report import plots
from eval.report.cases import anchor, case
from eval.report.page import percent, render, visible, write_page
from eval.runs import Row
from eval.scoring import MEASURES, score
from eval.screenshot import CHROMIUM, chromium
from eval.summary import Summary, summarise

TEXT = "海港集团资产达712亿元，货物吞吐量突破12.6亿吨。"
HOSTILE = '"><script>document.title="taken"</script><img src=//x.example/a onerror=alert(1)>'
TURNED = "ab\u202edc\u2066\x07\ud800"
RUN = {
    "questions": "mine.jsonl", "sha256": "0123456789abcdef", "task": "answering", "snapshot": "000001-abc",
    "encoder": {"name": "hash", "revision": "1", "dimension": 8, "question_prefix": "", "passage_prefix": ""},
    "composer": "extractive", "top_k": 10, "answers": "", "seconds": 1.5, "measured": "2024-05-01T10:00:00+00:00",
    "cpu": "A processor", "cores": 2, "python": "3.11.2", "system": "Linux", "commit": "abc1234+",
}  # fmt: skip


def answer(said: str, **fields: Any) -> dict[str, Any]:
    citation = {"n": 1, "article_id": "port", "title": "海港三年记", "quote": TEXT, "start": 0, "end": len(TEXT)}
    passages = [("note", "编者按", "别的文字。"), ("port", "海港三年记", TEXT)]
    return {
        "status": "answered", "answer": said, "short_answers": ["712亿元"],
        "statements": [{"text": said, "citations": [1]}], "citations": [citation],
        "retrieved": [
            {"article_id": article, "title": title, "text": text, "scores": {"fused": 0.5}}
            for article, title, text in passages
        ],
        "timings_ms": {"retrieve": 2.0, "total": 4.0}, "reason": None,
    } | fields  # fmt: skip


REFUSED = answer("没有提到。", status="unanswerable", short_answers=[], statements=[], citations=[], reason="没有依据")


def question(number: int, **fields: Any) -> Question:
    given: dict[str, Any] = {
        "answers": ("712亿元",), "must_include": (("712亿", "712 亿"), ("12.6亿吨",)), "evidence": (TEXT,),
        "type": "figure", "style": "plain", "difficulty": "easy",
    }  # fmt: skip
    return Question(f"q{number}", f"第{number}问：资产多少？", **(given | fields))


def row(asked: Question, given: dict[str, Any] | None) -> Row:
    return Row(asked, given, score(asked, given, lambda article: TEXT if article == "port" else None))


ROWS = [
    row(question(1), answer(TEXT + "[1]")),
    row(question(2, history=("港口合并了吗？",)), answer("资产达712亿元。[1]")),
    row(question(3, style="chatty"), REFUSED),
    row(question(4, unanswerable=True, type="unanswerable", answers=(), must_include=(), evidence=()), REFUSED),
    row(question(5, unanswerable=True, type="unanswerable", answers=(), must_include=()), answer(TEXT)),
    row(question(6, evidence=("不在文中的一句话",)), answer("很多。" * 50)),
    row(question(7), None),
]


def report(rows: Sequence[Row], **more: Any) -> Summary:
    return {"name": "mine", "run": RUN, **summarise(rows), **more}


def page(rows: Sequence[Row], name: str = "", **more: Any) -> html.HtmlElement:
    return html.document_fromstring(render(report(rows, **more), rows, name))


def text(found: html.HtmlElement) -> str:
    return " ".join(found.text_content().split())


def cells(found: html.HtmlElement, section: str) -> dict[str, list[str]]:
    """The rows of a section's tables by their first cell."""
    rows = [[text(cell) for cell in row] for row in found.get_element_by_id(section).iterfind(".//tbody/tr")]
    return {row[0]: row[1:] for row in rows}


def test_the_head_says_what_was_measured() -> None:
    found = page(ROWS)
    assert text(found.find(".//h1")) == "mine"
    head = text(found.find(".//header"))
    for fact in ("mine.jsonl", "000001-abc", "hash", "8 dimensions", "extractive", "10 passages", "A processor"):
        assert fact in head
    assert "2024-05-01 10:00" in head
    assert "in 1.5 s" in head
    assert "commit abc1234+ (+ files changed since)" in head
    assert "1 of 5 questions that have an answer were answered right; 1 of 2 that have none were refused" in head
    assert "1 got no answer at all" in head
    assert "Half of the answers took 4.0 ms or less" in head


def test_the_big_numbers_have_their_interval_in_words() -> None:
    found = page(ROWS)
    big = [text(card) for card in found.find_class("big")[0]]
    scores = report(ROWS)["scores"]
    assert len(big) == 5
    low, high = (percent(scores["right"][end], 0) for end in ("low", "high"))
    assert big[0] == " ".join(
        f"Right answers 20.0 % 1 of 5. Other questions of this kind would likely give {low} to {high}.".split()
    )


def test_every_measure_is_in_the_table_with_its_note_and_count() -> None:
    table = cells(page(ROWS), "measures")
    assert len(table) == len(report(ROWS)["scores"])
    [(name, right)] = [(name, row) for name, row in table.items() if name.startswith("Right answers")]
    assert name == f"Right answers{MEASURES['right'].note}"
    assert right[0] == "20.0 %"
    assert right[-1] == "1 of 5"
    assert any("lower is better" in name for name in table)


def test_groups_are_counted() -> None:
    table = cells(page(ROWS), "groups")
    assert table["figure"][:2] == ["5", "1"]
    assert table["unanswerable"][:2] == ["2", "1"]
    assert table["chatty"][:2] == ["1", "0"]


def test_every_failure_is_there_once_and_every_right_question_in_the_list() -> None:
    found = page(ROWS)
    failures = [one.get("id") for one in found.get_element_by_id("failures").find_class("case")]
    assert failures == ["q-q2", "q-q3", "q-q5", "q-q6", "q-q7"] == [anchor(id) for id in report(ROWS)["failures"]]
    assert [one.get("id") for one in found.get_element_by_id("right").iterfind(".//li")] == ["q-q1", "q-q4"]
    ids = [one.get("id") for one in found.iterfind(".//*[@id]")]
    assert len(ids) == len(set(ids))


def test_a_failure_shows_what_was_wanted_and_what_came() -> None:
    shown = page(ROWS).get_element_by_id("q-q2")
    assert "港口合并了吗？ 第2问：资产多少？" in text(shown)
    assert [(key.get("class"), text(key)) for key in shown.find_class("keys")[0]] == [
        ("good", "✓ held: 712亿 or 712 亿"),
        ("bad", "✗ missed: 12.6亿吨"),
    ]
    assert text(shown.find_class("rank")[0]) == "rank 2"
    assert text(shown.find_class("status")[0]) == "answered"
    assert text(shown.find_class("short")[0]) == "712亿元"
    assert text(shown.find(".//q")) == TEXT
    assert "海港三年记" in text(shown)
    assert dict(shown.attrib) == {
        "class": "case", "id": "q-q2", "data-type": "figure", "data-style": "plain", "data-difficulty": "easy",
    }  # fmt: skip
    assert "Reason: 没有依据" in text(page(ROWS).get_element_by_id("q-q3"))


@pytest.mark.parametrize(
    ("number", "troubles"),
    [
        (1, ()),
        (2, ("1 of 2 keys missing",)),
        (3, ("refused by mistake",)),
        (4, ()),
        (5, ("should have been refused",)),
        (6, ("not what was asked for", "150 characters, 120 allowed", "evidence not retrieved")),
        (7, ("no answer was given",)),
    ],
)
def test_what_went_wrong_is_said(number: int, troubles: tuple[str, ...]) -> None:
    assert case(ROWS[number - 1]).troubles == troubles


def test_a_planted_answer_is_named() -> None:
    shown = case(row(question(1, fake=("999亿",)), answer("资产达999亿元。")))
    assert shown.troubles == ("not what was asked for", "repeats the planted answer")


def test_long_passages_are_cut() -> None:
    long = [{"article_id": "a", "title": "题", "text": "长" * 500, "scores": {}}] * 9
    found = text(page([row(question(1), REFUSED | {"retrieved": long})]))
    assert "长" * 80 + "…" in found
    assert "长" * 81 not in found
    assert found.count("长…") == 5


def test_rows_of_retrieval_alone() -> None:
    asked = [Question(str(n), "哪里？", relevant={"port": 1, f"lost{n}": 2}) for n in range(3)]
    passages: list[dict[str, Any]] = [
        {"article_id": name, "title": "", "text": "", "scores": {}} for name in ("note", "note", "port")
    ]
    rows = [row(one, {"retrieved": passages[: n + 1], "timings_ms": {"retrieve": 3.0}}) for n, one in enumerate(asked)]
    found = page(rows)
    assert "For 1 of 3 questions the evidence was among the first ten" in text(found)
    assert [one.get("id") for one in found.find_class("case")] == ["q-0", "q-1"]
    assert [source.rank for source in case(rows[2]).sources] == [2, None]
    assert "Only passages were asked for." in text(found)


def test_an_article_found_too_late() -> None:
    passages = [{"article_id": str(n), "title": "", "text": "", "scores": {}} for n in range(12)]
    shown = case(row(Question("late", "哪里？", relevant={"11": 1}), {"retrieved": passages}))
    assert shown.troubles == ("evidence not among the first ten",)


def test_no_rows_at_all() -> None:
    found = page([])
    assert "No question was asked" in text(found)
    assert found.find(".//svg") is None
    assert found.find(".//script") is None


def test_comparison_with_links() -> None:
    before = [ROWS[0], row(question(2), answer(TEXT)), row(question(3), REFUSED)]
    after = [row(question(1), REFUSED), row(question(2), answer(TEXT)), row(question(3), answer(TEXT)), ROWS[5]]
    found = page(after, comparison={"with": "old", **compare(before, after)})
    section = found.get_element_by_id("comparison")
    assert text(section.find("h2")) == "Compared with old"
    assert "3 questions are in both runs, 1 in one alone. 1 won, 1 lost." in text(section)
    assert [link.get("href") for link in section.iterfind(".//a")] == ["#q-q3", "#q-q1"]
    assert cells(found, "comparison")["Right answers"] == ["66.7 %", "66.7 %", "0", "1.000"]


@pytest.mark.parametrize(("wrong", "verdict"), [(("q2", "q3", "q5", "q6", "q7"), "green"), ((), "red")])
def test_gate(wrong: tuple[str, ...], verdict: str) -> None:
    expected = Expected("mine", "Mine", "a", "b", True, 7, {"right": 0.2}, {}, frozenset(wrong))
    found = page(ROWS, gate=[one.to_dict() for one in check(expected, ROWS)])
    assert found.find_class("gate")[0].get("class") == f"gate {verdict}"
    table = cells(found, "gate")
    assert table["Questions dealt with well"][1:3] == ["2", "✓ holds" if verdict == "green" else "✗ fails"]
    assert table["Right answers"][:3] == ["20.0 %", "20.0 %", "✓ holds"]


def test_variants_link_to_each_other_and_mark_the_best() -> None:
    worse = report([ROWS[1], ROWS[4]])["scores"]
    found = page(ROWS, "here", variants={"here": report(ROWS)["scores"], "a b/c": worse, "none": {}})
    table = cells(found, "variants")
    assert table["here (this page)"][0] == "20.0 %"
    assert table["a b/c"][0] == "0.0 %"
    assert set(table["none"]) == {"–"}
    section = found.get_element_by_id("variants")
    assert [link.get("href") for link in section.iterfind(".//a")] == [
        "../a%20b%2Fc/report.html",
        "../none/report.html",
    ]
    assert "strong" in section.find(".//tbody/tr/td").get("class")


def test_what_a_judge_found() -> None:
    judged = {
        "model": "a model", "faithfulness": {"mean": 0.5, "low": 0.25, "high": 0.75, "of": 4.0},
        "relevance": {"mean": None, "low": None, "high": None, "of": 0}, "unjudged": 3,
        "rows": {
            "q1": {"supported": [True, False], "unjudged": ["relevance: no reply"]},
            "q2": {"supported": [True, False], "relevance": 0.5},
        },
    }  # fmt: skip
    found = page(ROWS, judged=judged)
    table = cells(found, "measures")
    assert table["Faithfulnessstatements that follow from their quotes"] == [
        "50.0 %", "", "25.0 – 75.0", "4 statements",
    ]  # fmt: skip
    assert table["Relevancehow far answers address the question"] == ["–", "", "–", "0 answers"]
    section = found.get_element_by_id("measures")
    assert "What a model makes of the answers given: an opinion, no measurement; 3 could not be judged" in text(section)
    assert [link.get("href") for link in section.iterfind(".//a")] == ["#q-q1"]
    assert "1 of 2 statements follow from their quotes; relevance 0.5" in text(found.get_element_by_id("q-q2"))


def hostile() -> tuple[Summary, list[Row]]:
    """A report in which every text is hostile, and its rows."""
    bad = HOSTILE + TURNED
    sources = [{"article_id": bad, "title": bad, "text": bad, "scores": {bad: 1.0}}]
    given = answer(bad, status=bad, short_answers=[bad], reason=bad, retrieved=sources, timings_ms={bad: 1.0})
    given["citations"][0] |= {"title": bad, "quote": bad}
    asked = Question(
        bad, bad, (bad,), (bad,), (("没有的", bad + "x"),), (bad,), bad, bad, bad, bad, fake=(bad,)
    )  # fmt: skip
    rows = [row(asked, given), row(question(1, type=bad), answer(TEXT))]
    run = {name: bad if isinstance(value, str) else value for name, value in RUN.items()}
    run["encoder"] = {"name": bad, "revision": bad, "dimension": 8}
    nothing = {"mean": None, "low": None, "high": None, "of": 0}
    verdicts = {bad: {"unjudged": [bad]}}
    judged = {"model": bad, "faithfulness": nothing, "relevance": nothing, "unjudged": 1, "rows": verdicts}
    made = report(rows, comparison={"with": bad, **compare(rows, rows), "won": [bad]}, judged=judged)
    made |= {"name": bad, "run": run, "variants": {bad: made["scores"], "b": made["scores"]}}
    made["gate"] = [{"measure": "questions", "expected": 1, "found": 1, "holds": True, "note": bad}]
    return made, rows


def test_hostile_text_stays_text(tmp_path: Path) -> None:
    made, rows = hostile()
    write_page(made, rows, tmp_path)
    source = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert not re.search("[\u202a-\u202e\u2066-\u2069\x00-\x08\ud800-\udfff]", source)
    assert "[U+202E]" in source
    found = html.document_fromstring(source)
    assert len(found.findall(".//script")) == 1
    assert found.find(".//img") is None
    names = {name for element in found.iter() for name in element.attrib}
    assert not [name for name in names if name.startswith("on") or name == "style"]
    assert [link.get("href") for link in found.get_element_by_id("comparison").iterfind(".//a")] == [
        f"#{anchor(rows[0].question.id)}"
    ]
    assert found.get_element_by_id(anchor(rows[0].question.id)).get("data-type") == visible(rows[0].question.type)


def test_nothing_is_loaded_and_only_its_own_script_and_style_run() -> None:
    source = render(*hostile())
    found = html.document_fromstring(source)
    assert not found.xpath(
        "//@src | //link | //iframe | //object | //embed | //form/@action | //base | //image | //use"
    )
    assert all(url.startswith(("#", "../")) for url in found.xpath("//@href"))
    style, script = (re.search(f"<{name}>(.*?)</{name}>", source, re.DOTALL) for name in ("style", "script"))
    assert style
    assert script
    assert not re.search(r"url\(|@import|@font-face", style[1])
    policy = found.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")[0]
    known = [f"'sha256-{b64encode(sha256(part[1].encode()).digest()).decode()}'" for part in (style, script)]
    assert policy == (
        f"default-src 'none'; style-src {known[0]}; script-src {known[1]}; base-uri 'none'; form-action 'none'"
    )


def test_the_page_is_the_same_every_time_and_written_whole(tmp_path: Path) -> None:
    made = report(ROWS)
    write_page(made, ROWS, tmp_path)
    first = (tmp_path / "report.html").read_bytes()
    write_page(made, ROWS, tmp_path)
    assert (tmp_path / "report.html").read_bytes() == first == render(made, ROWS, tmp_path.name).encode()
    assert [file.name for file in tmp_path.iterdir()] == ["report.html"]


def test_tables_name_their_cells() -> None:
    expected = Expected("mine", "Mine", "a", "b", True, 7)
    found = page(
        ROWS, gate=[one.to_dict() for one in check(expected, ROWS)], variants={"a": report(ROWS)["scores"]},
        comparison={"with": "old", **compare(ROWS, ROWS)},
    )  # fmt: skip
    tables = found.findall(".//table")
    assert len(tables) == 7
    for table in tables:
        assert text(table.find("caption"))
        assert {head.get("scope") for head in table.iterfind(".//th")} == {"col", "row"}
        widths = {len(line) for line in table.iterfind(".//tr")}
        assert len(widths) == 1
    for drawing in found.find_class("plot"):
        assert drawing.get("aria-label")


def test_two_hundred_failures_stay_small() -> None:
    passages = [{"article_id": "port", "title": "海港三年记", "text": TEXT * 10, "scores": {"fused": 0.5}}] * 10
    rows = [row(question(n), answer(TEXT[:20] * 5, retrieved=passages)) for n in range(220)]
    assert len(report(rows)["failures"]) == 220
    assert len(render(report(rows), rows).encode()) < 1_000_000


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("改革\n第一\t🚄 　", "改革\n第一\t🚄 　"),
        ("👩\u200d👧", "👩\u200d👧"),
        ("\u202eabc\u202c", "[U+202E]abc[U+202C]"),
        ("a\u200bb\ufeff\ue000", "a[U+200B]b[U+FEFF][U+E000]"),
        ("\ud83d", "[U+D83D]"),
        ("", ""),
        (3, 3),
    ],
)
def test_unseen_characters_are_shown(written: object, shown: object) -> None:
    assert visible(written) == shown


def test_anchors_differ_and_hold_no_space() -> None:
    ids = ["a b", "a~20~b", "a_b", "a-b", 'a"b', "中文", "a\ud800"]
    found = [anchor(id) for id in ids]
    assert len(set(found)) == len(ids)
    assert found[0] == "q-a~20~b"
    assert not [one for one in found if re.search(r"[\s\"'<>&#%\ud800-\udfff]", one)]


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [
        (0, 1, [0, 0.2, 0.4, 0.6, 0.8, 1.0]),
        (0.85, 1, [0.85, 0.9, 0.95, 1.0]),
        (0.83, 1, [0.8, 0.85, 0.9, 0.95, 1.0]),
        (0, 44, [0, 10, 20, 30, 40, 50]),
        (0, 1000, [0, 200, 400, 600, 800, 1000]),
    ],
)
def test_ticks_are_round(low: float, high: float, expected: list[float]) -> None:
    assert plots.ticks(low, high) == expected


def points(drawing: str) -> list[tuple[float, float]]:
    [found] = re.findall(r'points="([^"]+)"', drawing)
    return [(float(x), float(y)) for x, y in (pair.split(",") for pair in found.split())]


def test_the_recall_curve_by_hand() -> None:
    drawing = plots.recall_curve([(1, 0.5), (10, 0.9), (100, 1.0)])
    # k runs logarithmically from 64 to 416, so 10 of 100 lies half way; shares from 50 % at 214 to 100 % at 18.
    assert points(drawing) == [(64.0, 214.0), (240.0, 57.2), (416.0, 18.0)]
    assert "50 % at 1, 90 % at 10, 100 % at 100" in drawing


def test_a_recall_curve_of_one_perfect_point() -> None:
    assert points(plots.recall_curve([(1, 1.0)])) == [(64.0, 18.0)]


def test_the_risk_curve_by_hand() -> None:
    drawing = plots.risk_curve([(0.25, 0.0), (0.5, 0.5), (1.0, 0.25)])
    # Coverage runs from 46 to 416, risk from 0 at 214 to 50 % at 18.
    assert points(drawing) == [(138.5, 214.0), (231.0, 18.0), (416.0, 116.0)]
    assert 'class="limit" d="M46 116.0H416"' in drawing


def test_latency_bars_by_hand() -> None:
    drawing = plots.latency_bars({"<total>": {"p50": 10.0, "p95": 50.0, "p99": 100.0}})
    # 100 ms are the 330 pixels from 40 to 370.
    assert re.findall(r'class="(p\d+)" x="40" y="\d+" width="([\d.]+)"', drawing) == [
        ("p50", "33.0"), ("p95", "165.0"), ("p99", "330.0"),
    ]  # fmt: skip
    assert "&lt;total&gt;" in drawing
    assert "<total>" not in drawing


def test_length_columns_by_hand() -> None:
    assert plots.bins([0, 5, 9, 10, 19, 100]) == (
        [0, 10, 20, 30, 40, 50, 60, 70, 80, 90, 100, 110],
        [3, 2, *[0] * 8, 1],
    )
    drawing = plots.length_columns([0, 5, 9, 10, 19, 100], (50, 400))
    # 110 characters are 370 pixels, 3 answers at most 196.
    assert re.findall(r'class="fill" x="([\d.]+)" y="([\d.]+)" width="([\d.]+)" height="([\d.]+)"', drawing) == [
        ("47.0", "18.0", "31.6", "196.0"), ("80.6", "83.3", "31.7", "130.7"), ("383.4", "148.7", "31.6", "65.3"),
    ]  # fmt: skip
    assert drawing.count('class="limit"') == 1
    assert 'd="M214.2 14V214"' in drawing


def test_a_bar_with_its_interval() -> None:
    drawing = plots.bar(0.5, 0.25, 0.75)
    assert 'class="fill" x="0" y="3" width="48.0"' in drawing
    assert 'd="M24.0 7H72.0M24.0 3V11M72.0 3V11"' in drawing
    assert "whisker" not in plots.bar(1.0, 1.0, 1.0)


@pytest.mark.browser
@pytest.mark.skipif(not CHROMIUM.exists(), reason=f"no Chromium at {CHROMIUM}; `apt-get install chromium` brings it")
def test_filter_and_links_in_a_browser(tmp_path: Path) -> None:
    before = [row(one.question, answer(TEXT)) for one in ROWS]
    write_page(report(ROWS, comparison={"with": "old", **compare(before, ROWS)}), ROWS, tmp_path)
    with chromium() as browser:
        opened = browser.new_page(viewport={"width": 400, "height": 800})
        requests: list[str] = []
        complaints: list[str] = []
        opened.on("request", lambda request: requests.append(request.url))
        opened.on("console", lambda message: complaints.append(message.text))
        opened.goto((tmp_path / "report.html").as_uri())
        expect(opened.locator("#shown")).to_have_text("5 of 5 shown")
        opened.get_by_label("Style").select_option("chatty")
        expect(opened.locator("#shown")).to_have_text("1 of 5 shown")
        expect(opened.locator("#q-q2")).to_be_hidden()
        opened.locator("#comparison a", has_text="q2").click()
        expect(opened.locator("#q-q2 .two")).to_be_visible()
        expect(opened.locator("#shown")).to_have_text("5 of 5 shown")
        opened.get_by_role("button", name="Close all").click()
        expect(opened.locator("#q-q2 .two")).to_be_hidden()
        opened.locator("#comparison a", has_text="q4").click()
        expect(opened.locator("#q-q4")).to_be_visible()
        assert opened.evaluate("document.documentElement.scrollWidth") == 400
        assert len(requests) == 1
        assert not complaints


@pytest.mark.browser
@pytest.mark.skipif(not CHROMIUM.exists(), reason=f"no Chromium at {CHROMIUM}; `apt-get install chromium` brings it")
def test_hostile_text_does_nothing_in_a_browser(tmp_path: Path) -> None:
    write_page(*hostile(), tmp_path)
    with chromium() as browser:
        opened = browser.new_page()
        requests: list[str] = []
        opened.on("request", lambda request: requests.append(request.url))
        opened.goto((tmp_path / "report.html").as_uri())
        opened.get_by_role("button", name="Open all").click()
        assert opened.title().startswith('"><script>')
        assert len(requests) == 1
