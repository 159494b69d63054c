"""A desk is played between two moments, from the models that it is given."""

import gzip
from dataclasses import replace
from hashlib import sha256
from importlib.resources import files
from pathlib import Path

import onnx
import pytest

from bench.results.learning import Past, bundles, learn
from bench.results.plays import CHAMPION, LostChallengerError, Span, Stage, ready, trades
from bench.results.walk import spans
from kingmaker.contracts.desks import COMPONENTS
from kingmaker.runtime.home import Home
from kingmaker.runtime.models.bundle import Bundle
from kingmaker.runtime.models.shipped import shipped
from kingmaker.runtime.settings import DeskSettings

BARS = 1_600
BAR_MS = 300_000


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Stage:
    """Return the first bars of the bundled bitcoin, five minutes each."""
    source = files("kingmaker.feed") / "sample" / "BTCUSDT_5m_2025_03.csv.gz"
    path = tmp_path_factory.mktemp("bars") / "BTC.csv"
    with gzip.open(str(source), "rt", encoding="utf-8") as file:
        path.write_text("".join(file.readlines()[: BARS + 1]), encoding="utf-8")
    desk = DeskSettings(name="btc", files=(f"{path}:BTC:5m",), interval="5m", calendar="24x7")
    return Stage(desk, lambda _line: None)


@pytest.fixture(scope="module")
def whole(stage: Stage, tmp_path_factory: pytest.TempPathFactory) -> Home:
    """Return the home in which what ships has played them all."""
    home = Home(tmp_path_factory.mktemp("whole") / "home")
    stage.play(home, stage.whole)
    return home


@pytest.fixture
def later(stage: Stage) -> Span:
    """Return a stretch in the middle, a day long."""
    from_ms = stage.bars.first_open_ms + 900 * BAR_MS
    return Span(from_ms, from_ms + 288 * BAR_MS)


def other(component: str, words: str = "another") -> Bundle:
    """Return what ships, in other bytes."""
    bundle = shipped()[component]
    model = onnx.load_from_string(bundle.model)
    model.doc_string = words
    content = model.SerializeToString(deterministic=True)
    old, new = (sha256(one).hexdigest().encode() for one in (bundle.model, content))
    return replace(bundle, model=content, manifest=bundle.manifest.replace(old, new))


def test_a_stretch_alone_is_traded_as_in_a_play_of_all_bars(
    stage: Stage, whole: Home, later: Span, tmp_path: Path
) -> None:
    home = Home(tmp_path / "home")
    challengers = {name: other(name) for name in COMPONENTS}
    stage.play(home, later, {"cvar_ppo": other("cvar_ppo", "a third")}, challengers)
    found = trades(home, later, COMPONENTS)
    assert found[CHAMPION] == trades(whole, later)[CHAMPION]
    assert len(found[CHAMPION]) > 5
    assert all(later.holds(trade.decided_ms) for trade in found[CHAMPION])
    assert all(found[name] == found[CHAMPION] for name in COMPONENTS), "they decide alike"
    assert ready(home) == [], "who decides alike gains nothing"


def test_a_challenger_that_was_never_there_is_told(whole: Home, later: Span) -> None:
    with pytest.raises(LostChallengerError, match="cvar_ppo is not there"):
        trades(whole, later, ["cvar_ppo"])


def test_what_is_learned_from_was_over(whole: Home, later: Span) -> None:
    past, all_of_it = Past(whole.log, later.from_ms), Past(whole.log, 1 << 62)
    assert 0 < len(past.trades()) < len(all_of_it.trades())
    assert all(one.time_ms <= later.from_ms for one in past.trades())
    assert max(one.open_ms for one in past.bars()) + BAR_MS == later.from_ms


@pytest.mark.slow
def test_what_cannot_be_learned_says_why_and_what_can_is_kept(
    whole: Home, later: Span, tmp_path: Path
) -> None:
    lessons = learn(whole.log, later.from_ms, {}, tmp_path, lambda _line: None)
    assert [one.component for one in lessons] == list(COMPONENTS)
    assert all(one.digest or one.reason for one in lessons)
    made = {one.component: one.digest for one in lessons if one.digest}
    assert sorted(bundles(tmp_path, made)) == sorted(made)


def test_steps_begin_at_midnight_and_hold_as_many_bars(stage: Stage) -> None:
    found = spans(stage, 0.3, 2)
    assert [span.from_ms % 86_400_000 for span in found] == [0, 0]
    assert found[0].until_ms == found[1].from_ms
    assert found[1].until_ms > stage.bars.last_close_ms
    assert found[0].from_ms <= stage.bars.first_open_ms + int(0.3 * BARS) * BAR_MS
