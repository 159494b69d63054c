"""`kingmaker check`: what looks ahead is named, with bar and value, and the exit code says no."""

from pathlib import Path

from tests.runtime.cli.conftest import Call

CENTRED = """
import numpy as np


def features(bars):
    if len(bars) < 3:
        return {"centred_average": bars.close}
    padded = np.pad(bars.close, 1, mode="edge")
    return {"centred_average": np.convolve(padded, np.full(3, 1 / 3), "valid")}


def signals(bars):
    average = features(bars)["centred_average"]
    return np.sign(np.diff(average, prepend=average[0])).astype(int)
"""
TOLD = """
from dataclasses import dataclass, replace

import numpy as np

from kingmaker.learners.contract import unheard
from kingmaker.learners.learners.online_learning import OnlineLearning

COMPONENT = "online_learning"


def told(batch):
    rows = batch.setup.copy()
    rows[:, -1] = batch.won
    return rows


@dataclass(frozen=True, slots=True)
class Told(OnlineLearning):
    def fit(self, batch, prior, seed, tell=unheard):
        return OnlineLearning.fit(self, replace(batch, setup=told(batch)), prior, seed, tell)

    def inputs(self, batch):
        return {"features": told(batch).astype(np.float32)}


def build(parameters):
    return Told(l2=1.0)
"""
MINUTES = ("--data", "sample:BTCUSDT_5m_2025_03.csv.gz", "--bars", "2600")
HONEST = """
def signals(bars):
    return [0, *[1 if now > before else -1 for before, now in zip(bars.close, bars.close[1:])]]
"""


def test_the_product_does_not_look_ahead(call: Call) -> None:
    said = call("check", "lookahead", "--bars", "130", "--no-learners")
    assert said.code == 0
    assert "✓ feature  volatility_ratio" in said.out
    assert "✓ strategy S11" in said.out
    assert "Nothing looks ahead" in said.out


def test_a_planted_centred_average_is_caught_by_name_with_bar_and_value(call: Call) -> None:
    Path("centred.py").write_text(CENTRED, encoding="utf-8")
    words = ("check", "lookahead", "--feature", "centred.py", "--strategy", "centred.py")
    said = call(*words, "--bars", "100")
    assert said.code == 3
    assert "LOOKS AHEAD: centred_average, centred." in said.out
    assert "● feature  centred_average" in said.out
    assert "BTCUSDT 2025-03-" in said.out
    first = call(*words, "--bars", "100", "-o", "json").json["checked"][0]["difference"]
    assert first["whole"] != first["other"]
    assert f"{first['whole']!r} with everything" in said.out


def test_a_strategy_that_looks_back_only_passes_on_bars_of_ones_own(call: Call) -> None:
    Path("honest.py").write_text(HONEST, encoding="utf-8")
    data = "sample:EURUSD_1h_2017.csv.gz"
    words = ("--strategy", "honest.py", "--data", data, "--bars", "60")
    said = call("check", "lookahead", *words, "-o", "json")
    assert (said.code, said.json["ok"]) == (0, True)
    [checked] = said.json["checked"]
    assert (checked["name"], checked["prefixes"], checked["symbols"]) == ("honest", 60, ["EURUSD"])


def test_what_cannot_be_used_is_a_fault_of_usage_with_the_remedy(call: Call) -> None:
    said = call("check", "lookahead", "--strategy", "absent.py")
    assert (said.code, said.out) == (2, "")
    assert "absent.py: there is no such Python file. Name one that ends in .py." in said.err
    said = call("check", "lookahead", "--data", "absent.csv")
    assert said.code == 2
    assert "SYMBOL:INTERVAL" in said.err


def test_a_planted_leak_in_a_learner_is_caught_by_both_checks(call: Call) -> None:
    Path("told.py").write_text(TOLD, encoding="utf-8")
    said = call("check", "lookahead", "--learner", "told.py", *MINUTES)
    assert said.code == 3
    assert "LOOKS AHEAD: told." in said.out
    assert "● learner  told" in said.out
    said = call("check", "leakage", "--learner", "told.py", *MINUTES, "--rounds", "4")
    assert said.code == 3
    assert "LEAKS: told. It learns from labels without meaning." in said.out
    assert "4 of 4 above 2.33" in said.out


def test_an_honest_learner_passes_both_checks(call: Call) -> None:
    one = ("--component", "online_learning")
    said = call("check", "lookahead", *one, *MINUTES, "-o", "json")
    assert (said.code, said.json["checked"][0]["difference"]) == (0, None)
    said = call("check", "leakage", *one, *MINUTES, "--rounds", "4", "-o", "json")
    assert (said.code, said.json["ok"]) == (0, True)
    [checked] = said.json["checked"]
    assert len(checked["shuffled"]) == len(checked["shifted"]) == 2


def test_too_few_bars_are_no_verdict(call: Call) -> None:
    said = call("check", "leakage", "--component", "online_learning", *MINUTES[:3], "300")
    assert said.code == 3
    assert "NOT CHECKED: online_learning." in said.out
    assert "trades are too few" in said.out


def test_a_learner_that_is_none_is_a_fault_of_usage(call: Call) -> None:
    """It is told at once: the bars of the product would be played for minutes first."""
    said = call("check", "leakage", "--component", "oracle", "--data", "is_not_read.csv")
    assert said.code == 2
    assert "oracle has no learner. Name one of" in said.err


def test_how_a_strategy_fares_is_told_beside_the_five_and_written_for_the_judge(call: Call) -> None:
    Path("honest.py").write_text(HONEST, encoding="utf-8")
    said = call("check", "strategy", "honest.py", *MINUTES[:3], "1000", "--out", "days.csv")
    assert said.code == 3
    names = [line[2:].split()[0] for line in said.out.splitlines()[:7]]
    assert names == ["honest", "buying", "S2", "S3", "S6", "S11", "S15"]
    assert "against buying and holding" in said.out
    assert "too few days to tell" in said.out
    days = Path("days.csv").read_text(encoding="utf-8").splitlines()
    assert days[0] == "time,champion,challenger,champion_taken,challenger_taken"
    assert days[1].startswith("2025-03-06,0,")
    assert call("judge", "days.csv").code == 3
    Path("notes.csv").write_text("mine", encoding="utf-8")
    said = call("check", "strategy", "honest.py", *MINUTES[:3], "200", "--out", "notes.csv")
    assert (said.code, Path("notes.csv").read_text(encoding="utf-8")) == (2, "mine")


def test_a_strategy_must_be_named(call: Call) -> None:
    said = call("check", "strategy")
    assert (said.code, "name a Python file" in said.err) == (2, True)


def test_a_learner_is_paired_with_knowing_nothing_and_with_the_one_that_ships(call: Call) -> None:
    text = TOLD.replace("rows[:, -1] = batch.won", "pass").replace("l2=1.0", "l2=300.0")
    Path("mine.py").write_text(text, encoding="utf-8")
    said = call("check", "learner", "mine.py", "-o", "json")
    [record] = said.json["learners"]
    assert said.code == (0 if record["ok"] else 3)
    assert set(record["gain"]) == {"knowing nothing", "the one that ships"}
    assert record["gain"]["knowing nothing"]["days"] >= 20
    assert record["net"]["doing nothing"]["low"] < record["net"]["doing nothing"]["high"]


def test_what_is_no_learner_is_a_fault_of_usage_before_bars_are_played(call: Call) -> None:
    assert "name a Python file with COMPONENT" in call("check", "learner").err
    Path("none.py").write_text("COMPONENT = 'neural_ucb'", encoding="utf-8")
    said = call("check", "learner", "none.py", "--data", "sample:EURUSD_1h_2017.csv.gz")
    assert (said.code, said.out) == (2, "")
    assert "none.py: it defines no build(parameters)" in said.err
