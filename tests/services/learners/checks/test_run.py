"""What the command line hears of the learners' checks."""

from pathlib import Path

from kingmaker.learners.checks.run import leakage, lookahead
from tests.services.learners.checks.test_subject import MINE, written
from tests.services.learners.trades import Given, trades


def test_a_file_alone_is_checked_and_told_of_by_its_name(tmp_path: Path) -> None:
    heard: list[tuple[str, int]] = []
    file = written(tmp_path, MINE)
    given = Given(trades(120))
    [record] = lookahead(given, (file,), (), lambda name, done: heard.append((name, done)))
    assert (record["kind"], record["name"], record["ok"]) == ("learner", "mine", True)
    assert heard[-1] == ("mine", record["prefixes"])


def test_components_are_checked_in_turn() -> None:
    names = ("neural_ucb", "online_learning")
    records = list(leakage(Given(trades(300)), (), names, 2, lambda _name, _done: None))
    assert [record["name"] for record in records] == list(names)
    assert {record["trades"] for record in records} == {300}
    assert all(record["ok"] and record["striking"] == 0 for record in records)
