"""A person's learner is used as one of the product's, or one paragraph says what is wrong."""

from pathlib import Path

import pytest

from kingmaker.learners.checks.subject import OwnLearnerError, of_component, of_file
from tests.services.learners.trades import Given, trades

MINE = """
from kingmaker.learners.learners.online_learning import OnlineLearning

COMPONENT = "online_learning"
PARAMETERS = {"l2": 7}


def build(parameters):
    return OnlineLearning(l2=parameters["l2"])
"""


def written(folder: Path, text: str) -> Path:
    path = folder / "mine.py"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("x = 1", "COMPONENT is None; give one of"),
        ("COMPONENT = 'oracle'", "COMPONENT is 'oracle'"),
        ("COMPONENT = ['neural_ucb', 'online_learning']", "and one alone: what a model takes"),
        (
            "COMPONENT = 'online_learning'\nbuild = dict",
            "returned dict, which is no learner: it has",
        ),
        ("COMPONENT = 'online_learning'", r"defines no build\(parameters\)"),
        ("import nowhere_at_all", "does not load: ModuleNotFoundError"),
        (MINE.replace('["l2"]', '["l3"]'), r"build\(parameters\) failed: KeyError\('l3'\)"),
    ],
)
def test_a_file_that_is_no_learner_is_told_so(tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(OwnLearnerError, match=words):
        of_file(written(tmp_path, text))


def test_a_file_that_is_not_there_is_told_so(tmp_path: Path) -> None:
    with pytest.raises(OwnLearnerError, match="there is no such Python file"):
        of_file(tmp_path / "absent.py")


def test_a_component_without_a_learner_is_told_so() -> None:
    with pytest.raises(OwnLearnerError, match=r"oracle has no learner\. Name one of .*neural_ucb"):
        of_component("oracle")


def test_a_persons_learner_goes_by_the_name_of_its_file_and_its_own_parameters(
    tmp_path: Path,
) -> None:
    one = of_file(written(tmp_path, MINE))
    assert (one.name, one.component, one.needs_bars) == ("mine", "online_learning", False)
    assert one.parameters["l2"] == 7.0
    assert one.holdout_share == 0.25
    assert len(one.experience(Given(trades(9)))) == 9
