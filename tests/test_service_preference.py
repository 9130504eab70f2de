"""Which of the facts that come close is given: who contends, what is told of them, what trees learn, what is broken."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from eval.cases import Asker, Set, keys_of
from eval.preference.examples import Contest, contests
from eval.preference.recipe import fit, train
from eval.question import Question
from index.retrieval import Retriever
from index.snapshot import Snapshot
from service.answerability.likeness import Likeness
from service.answerability.signs import Case
from service.errors import PreferenceError
from service.lines.model import LineModel, Told
from service.preference.contenders import CLOSE, MOST, contenders, rows
from service.preference.model import PreferenceModel
from tests.encoders import HashEncoder

ASKED = "清河县建成长者食堂多少家？"


@pytest.fixture(scope="module")
def asker(shared_folder: Path) -> Asker:
    return Asker(Retriever(Snapshot.open(shared_folder), HashEncoder()), LineModel.load(), None)


@pytest.fixture(scope="module")
def case(asker: Asker) -> Case:
    (found,) = asker.cases(asker.look(ASKED))
    return found


@pytest.fixture
def several(asker: Asker, monkeypatch: pytest.MonkeyPatch) -> Case:
    """What whole sentences answer, where each comes close to the first."""
    monkeypatch.setattr("service.preference.contenders.CLOSE", 0.0)
    (found,) = asker.cases(asker.look("长者食堂亏损怎么办？"))
    return found


def test_what_comes_close_contends(asker: Asker, case: Case) -> None:
    (other,) = asker.cases(asker.look("长者食堂亏损怎么办？"))
    for ranked in (case.ranked, other.ranked):
        assert all(fact.score >= CLOSE * ranked[0].score for fact in contenders(ranked))


def test_one_fact_of_each_sentence_contends(several: Case) -> None:
    found = contenders(several.ranked)
    homes = [(fact.match.sentence.article.id, fact.match.sentence.start) for fact in found]
    assert found[0] is several.ranked[0]
    assert 1 < len(found) <= MOST
    assert len(set(homes)) == len(homes)


def test_rows_have_the_same_names_and_tell_the_first(case: Case, several: Case) -> None:
    found = contenders(several.ranked)
    told = rows(several, found, Told({}), Likeness())
    assert len({tuple(row) for row in told}) == 1
    assert [row["first"] for row in told] == [1.0] + [0.0] * (len(found) - 1)
    assert (told[0]["kind measure"], told[0]["told"], told[0]["kind figure"]) == (1.0, 1.0, 0.0)
    assert all(row["score behind"] >= 0 for row in told if row["first"])
    (figure,) = rows(case, case.ranked[:1], Told({}), Likeness())
    assert (figure["kind measure"], figure["told"], figure["kind figure"]) == (0.0, 0.0, 1.0)
    assert tuple(figure) == tuple(told[0])


def test_the_preferred_fact_comes_first_and_no_fact_is_lost(several: Case) -> None:
    preferred = PreferenceModel.load().prefer(several, lambda: Told({}))
    assert preferred.ranked[0] in contenders(several.ranked)
    assert sorted(map(id, preferred.ranked)) == sorted(map(id, several.ranked))


def test_nothing_is_told_where_nothing_contends(case: Case) -> None:
    def never() -> Told:
        raise AssertionError

    alone = replace(case, ranked=case.ranked[:1])
    assert PreferenceModel.load().prefer(alone, never) is alone
    none = replace(case, ranked=())
    assert PreferenceModel.load().prefer(none, never) is none


def test_contests_of_a_question(asker: Asker) -> None:
    right = list(contests(asker, Question("a", ASKED, must_include=(("218家",),)), Likeness()))
    wrong = list(contests(asker, Question("b", ASKED, must_include=(("999家",),)), Likeness()))
    assert [contest.answers[0] for contest in right] == [True]
    assert not any(any(contest.answers) for contest in wrong)
    assert all(len(contest.rows) == len(contest.answers) for contest in right + wrong)
    assert list(contests(asker, Question("c", ASKED, unanswerable=True), Likeness())) == []
    assert list(contests(asker, Question("d", ASKED), Likeness())) == []


def test_each_of_several_things_has_its_own_keys() -> None:
    assert keys_of(0, 1, [["甲"], ["乙"]]) == [["甲"], ["乙"]]
    assert keys_of(1, 2, [["甲"], ["乙"]]) == [["乙"]]
    assert keys_of(1, 3, [["甲"], ["乙"]]) == [["甲", "乙"]]


def test_a_set_is_read() -> None:
    assert Set.of("s=a,b@m") == Set(Path("s"), (Path("a"), Path("b")), Path("m"))
    assert Set.of("s=a").models is None


def made(seed: int) -> list[Contest]:
    """Contests in which the one with the highest `tells` answers, mostly not the first."""
    random = np.random.default_rng(seed)
    found = []
    for _ in range(150):
        tells = random.normal(size=4)
        rows_ = tuple({"tells": float(value), "noise": float(random.normal())} for value in tells)
        found.append(Contest(rows_, tuple(place == int(np.argmax(tells)) for place in range(4))))
    return found


def test_trees_learn_what_tells() -> None:
    scores = fit(made(1)).scores([{"tells": -1.0, "noise": 3.0}, {"tells": 1.5, "noise": -3.0}])
    assert scores[1] > scores[0]


def test_what_is_gained_on_sets_left_out_is_told(tmp_path: Path) -> None:
    told = train([made(1), made(2)], tmp_path / "all", tmp_path / "folds")
    shares = [line.split(" | ") for line in told.splitlines()[2:]]
    assert all(float(row[3].rstrip(" |")) > 0.8 > 0.5 > float(row[2]) for row in shares)
    for folder in (tmp_path / "all", tmp_path / "folds/0/wence-preference", tmp_path / "folds/1/wence-preference"):
        PreferenceModel.load(folder)


@pytest.mark.parametrize("content", ["{", json.dumps({"format": 0}), json.dumps({"format": 1})])
def test_a_broken_model_says_so(tmp_path: Path, content: str) -> None:
    (tmp_path / "config.json").write_text(content, encoding="utf-8")
    with pytest.raises(PreferenceError, match="cannot be read"):
        PreferenceModel.load(tmp_path)
