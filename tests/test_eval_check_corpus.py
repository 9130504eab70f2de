"""The check of the sample collection, on small inputs and, where the magazine is at hand, on the real one."""

from pathlib import Path

import pytest

from eval.check_corpus import (
    MAGAZINE_FOLDER,
    CheckError,
    article_parts,
    check_article,
    fold,
    holds_number,
    main,
    numbers,
    read_magazine,
    shared_runs,
)
from eval.machine import ROOT

MAGAZINE = """
2023年，累计兑现奖补资金
 712亿元，近2000家企业受
益，占比６８.52％，同比增长2.5%。
全市办件3000余件，服务超过1200
万次、24.8 万户次，构建“1+5+16”体系。
"""

ARTICLE = """---
title: "{title}"
column: 时政
date: "1999-01-01"
pages: "77"
---
## 1. 资金

{body}
"""


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        ("六大高地，没有数字", []),
        ("共712 亿元", ["712亿元"]),
        ("占６８.52％", ["68.52%"]),
        ("超过1200万次，最近3年", ["超1200万次", "3年"]),
        ("近2000家、3000余件、8.1万余个", ["近2000家", "3000余件", "8.1万余个"]),
        ("“1+5+16”与“1+8+X”", ["1+5+16", "1+8+X"]),
        ("6,003个，2023年12月底", ["6003个", "2023年", "12月"]),
        ("2024年1-5月，2024年2月19日", ["2024年", "1—5月", "2024年", "2月19日"]),
        ("集群“415X”", ["415"]),
    ],
)
def test_numbers_carry_their_unit_and_hedge(text: str, expected: list[str]) -> None:
    assert list(numbers(text)) == expected


@pytest.mark.parametrize(
    ("number", "magazine", "found"),
    [
        ("5", "共25个", False),
        ("5", "共2.5", False),
        ("5", "共5.2", False),
        ("5", "共5万", False),
        ("5", "共5，其余不计", True),
        ("2.5%", "增长12.5%", False),
        ("2.5%", "增长2.5%", True),
        ("3000件", "3000余件", False),
        ("10万元", "约10万元", False),
        ("约10万元", "约10万元", True),
        ("213万人", "213万人次", False),
        ("3个", "提高3个百分点", False),
        ("1+5", "1+5+16", False),
        ("16", "1+5+16", False),
        ("3端", "3端59项", True),
        ("5月", "1—5月", True),
        ("2月19日", "12月19日", False),
    ],
)
def test_numbers_match_on_boundaries_only(number: str, magazine: str, found: bool) -> None:
    assert holds_number(magazine, number) is found


def test_front_matter_keys_and_list_markers_are_no_figures() -> None:
    title, body = article_parts(ARTICLE.format(title="标题5", body="1. 第一\n  2. 第二\n- 第三\n4个"))
    assert title == "标题5"
    assert list(numbers(body)) == ["4个"]
    assert article_parts("---\ntitle: 无引号\n---\n正文\n") == ("无引号", "正文\n")
    assert article_parts("只有正文8项") == ("", "只有正文8项")


def test_an_article_with_wrong_figures_is_reported_once_each() -> None:
    body = "奖补712亿元，惠及2000家企业，增长2.5%；又说2000家，办件3000余件，服务超过1200万次、24.8万户次。"
    finding = check_article("a.md", ARTICLE.format(title="奖补711亿元", body=body), fold(MAGAZINE))
    assert finding.numbers == 8
    assert finding.missing == ("711亿元", "2000家")


def test_shared_runs_are_maximal_and_skip_document_titles() -> None:
    magazine = fold("甲乙丙丁戊己庚辛壬癸子丑寅卯")
    assert list(shared_runs("天甲乙丙丁 戊己\n庚地", magazine)) == ["甲乙丙丁戊己庚"]
    assert list(shared_runs("《甲乙丙丁戊己庚辛》", magazine)) == []
    assert list(shared_runs("甲乙丙丁《戊己》庚辛壬癸", magazine)) == []
    assert list(shared_runs("甲乙丙丁戊己庚辛和庚辛壬癸子丑", magazine)) == ["甲乙丙丁戊己庚辛", "庚辛壬癸子丑"]
    assert list(shared_runs("甲", magazine)) == []
    overlapping = fold("甲乙丙丁戊己庚，丙丁戊己庚辛壬癸")
    assert list(shared_runs("甲乙丙丁戊己庚辛壬癸", overlapping, 5)) == ["甲乙丙丁戊己庚", "丙丁戊己庚辛壬癸"]


@pytest.mark.parametrize(
    ("body", "status", "said"),
    [
        ("占比68.52%。", 0, "articles 1, numbers checked 1, not found 0, longest shared run 8 characters"),
        ("占比67%。", 1, "a.md: not in the magazine: 67%"),
        ("2023年，累计兑现奖补资金712亿元，近2000家企业受益", 1, "characters shared with the magazine: 2023年"),
    ],
)
def test_exit_status_and_report(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], body: str, status: int, said: str
) -> None:
    (tmp_path / "magazine.txt").write_text(MAGAZINE, encoding="utf-8")
    (tmp_path / "corpus").mkdir()
    (tmp_path / "corpus" / "a.md").write_text(ARTICLE.format(title="占比", body=body), encoding="utf-8")
    (tmp_path / "corpus" / "README.md").write_text("99个文件", encoding="utf-8")
    assert main(["--magazine", str(tmp_path / "magazine.txt"), "--corpus", str(tmp_path / "corpus")]) == status
    assert said in capsys.readouterr().out


def test_no_magazine_or_no_articles_is_status_2_and_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    absent = tmp_path / "absent.txt"
    assert main(["--magazine", str(absent), "--corpus", str(tmp_path)]) == 2
    absent.write_text(MAGAZINE, encoding="utf-8")
    assert main(["--magazine", str(absent), "--corpus", str(tmp_path)]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert [line.startswith(str(tmp_path)) for line in err.splitlines()] == [True, True]
    with pytest.raises(CheckError, match="--magazine PATH"):
        read_magazine(tmp_path)


def test_the_sample_collection_keeps_both_promises(capsys: pytest.CaptureFixture[str]) -> None:
    if not MAGAZINE_FOLDER.is_dir():
        pytest.skip(f"{MAGAZINE_FOLDER} is not on this machine: the magazine is not part of the repository")
    if not list((ROOT / "corpus").glob("*.md")):
        pytest.skip("corpus/ holds no articles yet")
    status = main([])
    assert status == 0, capsys.readouterr().out
