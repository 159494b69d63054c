"""Comparisons with peers run on little, and say what is missing where a peer is."""

import json
import sys
from collections.abc import Sequence
from contextlib import nullcontext
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from bench.figures import Figure, Skipped
from bench.peers import __main__ as peers
from bench.peers import _own_file, _own_strategy, bandit, neighbours
from kingmaker.contracts.models import SIGNATURES
from kingmaker.learners.checks.fare import beside
from kingmaker.learners.checks.subject import OwnLearnerError, of_file
from kingmaker.runtime.checking import Watched
from tests.services.learners.markets import market, regimes, trades_in
from tests.services.learners.trades import Given, trades

MINE = """
from kingmaker.learners.learners.{0} import build

COMPONENT = "{0}"
"""


def test_every_file_but_what_they_share_is_a_comparison() -> None:
    assert {"bandit", "hidden_markov", "logistic", "neighbours", "sizing"} == set(peers.names())
    assert not any(name.startswith("_") for name in peers.names())


def test_without_its_peer_a_comparison_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "bench.peers.hidden_markov", raising=False)
    monkeypatch.setitem(sys.modules, "hmmlearn", None)
    [skipped] = peers.measured("hidden_markov")
    assert isinstance(skipped, Skipped)
    assert "make bench-peers" in skipped.remedy


def test_regret_is_a_share_of_what_chance_loses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bandit, "ROUNDS", 160)
    monkeypatch.setattr(bandit, "WORLDS", 1)
    figures = list(bandit.measure())
    assert all(isinstance(figure, Figure) and figure.value > 0.0 for figure in figures)


def test_the_graph_finds_what_brute_force_finds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(neighbours, "QUERIES", 5)
    recall, latency = neighbours.measure()
    assert recall.value == 1.0
    assert latency.value > 0.0


def written(folder: Path, component: str) -> Path:
    path = folder / "mine.py"
    path.write_text(MINE.format(component), encoding="utf-8")
    return path


def test_a_persons_learner_is_paired_with_the_peer_on_the_same_trades(tmp_path: Path) -> None:
    """Given a bandit and LinUCB, neither of which knows anything where nothing can be known."""
    subject = of_file(written(tmp_path, "neural_ucb"))
    peer = _own_file.peer_of(subject)
    batch = subject.experience(Given(trades(1_000, skill=0.0)))
    heard: list[int] = []
    record = beside(subject, batch, {peer.NAME: peer.make}, heard.append)
    assert (record["rows"], record["trainings"], heard[-1]) == (600, 6, 6)
    assert set(record["gain"]) == {"knowing nothing", "LinUCB"}
    assert set(record["net"]) == {"doing nothing", "LinUCB"}
    assert record["gain"]["LinUCB"]["low"] < record["gain"]["LinUCB"]["high"]


def test_a_linear_peer_finds_what_is_planted(tmp_path: Path) -> None:
    """The first feature says who wins: LinUCB answers a mean that beats the mean of all."""
    subject = of_file(written(tmp_path, "neural_ucb"))
    batch = subject.experience(Given(trades(1_500)))
    peer = _own_file.peer_of(subject)
    of_peer = beside(subject, batch, {"peer": peer.make}, lambda _done: None)["gain"]
    peers_gain = of_peer["knowing nothing"]["mean"] - of_peer["peer"]["mean"]
    assert peers_gain > 0.1


class Env:
    """What the peer of S15 extends, as far as it does."""

    def __class_getitem__(cls, _kinds: object) -> type:
        return cls

    def reset(self, *, seed: int | None, options: object) -> None:
        assert options is None
        self.np_random = np.random.default_rng(seed)


class Counting:
    """A DQN that learns nothing: it goes long all the way, and adds up what it is paid."""

    def __init__(self, _policy: str, env: Any, **_options: object) -> None:  # noqa: ANN401 - of the file that is tested
        self.env, self.paid = env, 0.0

    def learn(self, steps: int) -> None:
        state, _ = self.env.reset(seed=0)
        for _ in range(steps // 100):
            assert np.isfinite(state).all()
            state, paid, *_, over, _ = self.env.step(1)
            self.paid += paid
            if over:
                state, _ = self.env.reset(seed=1)

    def predict(self, rows: Sequence[object], *, deterministic: bool) -> tuple[Any, None]:
        assert deterministic
        assert self.paid != 0.0
        return np.ones(len(rows), np.int64), None


def test_the_peer_of_s15_lives_through_the_same_bars(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Given its libraries without what they learn: our half of the comparison is played."""
    spaces = SimpleNamespace(Box=lambda *_asked: None, Discrete=lambda _count: None)
    for name, library in {
        "gymnasium": SimpleNamespace(Env=Env, spaces=spaces),
        "stable_baselines3": SimpleNamespace(DQN=Counting),
        "torch": SimpleNamespace(set_num_threads=lambda _count: None),
    }.items():
        monkeypatch.setitem(sys.modules, name, library)
    # Made with these libraries, it must not outlive the test.
    monkeypatch.setitem(sys.modules, "bench.peers._own.s15_rl_policy", None)
    monkeypatch.delitem(sys.modules, "bench.peers._own.s15_rl_policy")
    file = written(tmp_path, "s15_rl_policy")
    file.write_text(file.read_text(encoding="utf-8") + "NEEDS_BARS = True\n", encoding="utf-8")
    subject = of_file(file)
    bars = market(regimes(1_500, 0.0, seed=3), seed=3)
    batch = subject.experience(Given(trades_in(bars), bars))
    peer = _own_file.peer_of(subject)
    decide = peer.make(batch, batch)
    assert decide(subject.learner.inputs(batch))["action"].tolist() == [1] * len(batch)


def test_a_peer_that_fails_is_not_put_down_to_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_asked: object) -> None:
        raise ZeroDivisionError

    played = SimpleNamespace(desk="ash", trades=lambda: trades(400), bars=list)
    monkeypatch.setattr(_own_file, "played", lambda *_asked, **_more: nullcontext([played]))
    monkeypatch.setattr(
        _own_file, "peer_of", lambda _subject: SimpleNamespace(NAME="Pine", make=fails)
    )
    with pytest.raises(OwnLearnerError, match=r"^Pine failed, and not the file: ZeroDivision"):
        list(_own_file.compare([written(tmp_path, "neural_ucb")], [], 0, Watched()))


def refusal(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *words: str
) -> str:
    """Return what it says on being started so: it refuses, in words, and tells nothing else."""
    monkeypatch.setattr(sys, "argv", ["bench.peers", *words])
    assert peers.main() == peers.USAGE
    said = capsys.readouterr()
    assert "Traceback" not in said.err
    assert said.out == ""
    return said.err


def test_every_peer_is_of_a_component() -> None:
    there = {file.stem for file in _own_file.OWN.glob("[!_]*.py")}
    assert {"online_learning", "regime_detector", "slippage_latency", "cvar_ppo"} <= there
    assert there <= SIGNATURES.keys()


@pytest.mark.parametrize(
    ("component", "words"),
    [
        ("online_learning", "there is no river here, the peer of online_learning. Start it as"),
        ("pm_optimizer", "no library that people would take does what pm_optimizer does."),
        ("oracle", "does not load: ModuleNotFoundError"),
        ("neural_ucb", "is_not_read.csv: its name tells neither symbol nor interval. Write is"),
    ],
)
def test_what_cannot_be_compared_is_told_with_the_remedy_before_bars_are_played(
    component: str,
    words: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.delitem(sys.modules, "bench.peers._own.online_learning", raising=False)
    monkeypatch.setitem(sys.modules, "river", None)
    file = str(written(tmp_path, component))
    assert words in refusal(monkeypatch, capsys, file, "--data", "is_not_read.csv")


def test_a_file_of_bars_that_lacks_columns_is_refused_by_its_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    bars = tmp_path / "ASH_1h.csv"
    bars.write_text("ts,open,high\n2025-01-01,1,2\n", encoding="utf-8")
    file = str(written(tmp_path, "neural_ucb"))
    said = refusal(monkeypatch, capsys, file, "--data", str(bars))
    assert "line 1: the header lacks low, close, volume" in said


def test_what_was_found_is_told_in_words_or_as_json(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    found = {"name": "mine", "reason": "too few trades"}

    def compare(*asked: object) -> list[dict[str, str]]:
        assert asked[:3] == ([Path("mine.py")], ["a.csv"], 9)
        assert isinstance(asked[3], Watched)
        return [found]

    monkeypatch.setattr(_own_file, "compare", compare)
    words = ["bench.peers", "mine.py", "--data", "a.csv", "--bars", "9"]
    monkeypatch.setattr(sys, "argv", words)
    assert peers.main() == 0
    assert "mine was not judged: too few trades." in capsys.readouterr().out
    monkeypatch.setattr(sys, "argv", [*words, "-o", "json"])
    assert peers.main() == 0
    assert json.loads(capsys.readouterr().out) == {"learners": [found]}


STRATEGY = """
STOP_ATR = TARGET_ATR = 1.0


def signals(bars):
    return [(place // 5) % 3 - 1 for place in range(len(bars))]
"""
MINUTES = "sample:BTCUSDT_5m_2025_03.csv.gz"


def strategy_in(folder: Path) -> Path:
    path = folder / "often.py"
    path.write_text(STRATEGY, encoding="utf-8")
    return path


def test_a_persons_strategy_is_paired_signal_by_signal_with_anothers_simulator(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Given a simulator that knows every second signal, and takes 10 bp of each of them."""

    def play(_bars: object, legs: Sequence[Any], *_more: object) -> dict[int, float]:
        assert all(leg.stop_distance == leg.target_distance > 0.0 for _, leg in legs)
        return {leg.entry_ms: -0.001 for _, leg in legs[::2]}

    monkeypatch.setitem(sys.modules, "bench.peers._backtesting", SimpleNamespace(play=play))
    monkeypatch.setattr(
        sys, "argv", ["bench.peers", str(strategy_in(tmp_path)), "--data", MINUTES, "-o", "json"]
    )
    assert peers.main() == 0
    [record] = json.loads(capsys.readouterr().out)["strategies"]
    assert record["trades"] > 1.9 * record["paired"] > 500
    assert record["paired"] <= record["peer_trades"] < record["trades"]
    by_peer = record["net"]["by backtesting.py, against doing nothing"]
    assert by_peer["mean"] == pytest.approx(-0.001)
    assert by_peer["verdict"] == "worse than doing nothing"
    mine = record["net"]["by Kingmaker, against doing nothing"]["mean"]
    between = record["net"]["by Kingmaker, against backtesting.py"]
    assert between["mean"] == pytest.approx(mine + 0.001)
    told = "\n".join(_own_strategy.lines([record]))
    assert "by backtesting.py, against doing nothing        -10.00 (-10.00 to -10.00) bp" in told


@pytest.mark.parametrize(
    ("files", "words"),
    [
        (("often",), "there is no backtesting here, the peer of a strategy. Start it as"),
        (("often", "mine"), "name one kind."),
        (("absent",), "there is no such Python file."),
        (("often", "waves"), "no comparison is called"),
    ],
)
def test_a_strategy_that_cannot_be_compared_is_told_so(
    files: Sequence[str],
    words: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.delitem(sys.modules, "bench.peers._backtesting", raising=False)
    monkeypatch.setitem(sys.modules, "backtesting", None)
    strategy_in(tmp_path)
    written(tmp_path, "neural_ucb")
    named = [str(tmp_path / f"{name}.py") if name != "waves" else name for name in files]
    assert words in refusal(monkeypatch, capsys, *named)
