"""Rows and the page come from what is kept: nothing is played again."""

import csv
import json
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path

import numpy as np
import pytest

from bench.results import measured, walk
from bench.results.markets import Market
from bench.results.measured import Measured, measure
from bench.results.plays import CHAMPION, Trade
from bench.results.report import page
from bench.results.walk import ADMITTED, ALL

DAY_MS = 86_400_000
DAYS, STEPS = 100, 2
SYMBOLS = ("AAA", "BBB")
HOUR_MS = 3_600_000
BEGIN_MS = 1_600_041_600_000  # 2020-09-14, a Monday


def files(_data: Path, folder: Path) -> tuple[str, ...]:
    """Write bars of four hours that say nothing."""
    for symbol in SYMBOLS:
        with (folder / f"{symbol}.csv").open("w", encoding="utf-8", newline="") as file:
            rows = csv.writer(file)
            rows.writerow(["ts", "open", "high", "low", "close", "volume"])
            rows.writerows(
                [BEGIN_MS + number * 4 * HOUR_MS, 10, 11, 9, 10, 1] for number in range(1, DAYS * 6)
            )
    return tuple(f"{folder / symbol}.csv:{symbol}:4h" for symbol in SYMBOLS)


MARKET = Market(
    name="quiet",
    title="two that stand still",
    interval="4h",
    calendar="24x7",
    costs_bp=(5.0, 0.0, 0.0),
    files=files,
    first_share=0.4,
    steps=STEPS,
)


def trades(mean: float, days: Sequence[int], seed: int) -> list[Trade]:
    nets = np.random.default_rng(seed).normal(mean, 0.01, (len(days), len(SYMBOLS)))
    return [
        Trade(
            symbol,
            BEGIN_MS + day * DAY_MS + HOUR_MS,
            BEGIN_MS + day * DAY_MS + 9 * HOUR_MS,
            -1.0,
            float(net),
        )
        for day, row in zip(days, nets, strict=True)
        for symbol, net in zip(SYMBOLS, row, strict=True)
    ]


@pytest.fixture
def keep(tmp_path: Path) -> Path:
    """Return a folder in which every part is kept: learning made good of what loses."""
    before = trades(-0.02, range(1, DAYS), seed=1)
    write(tmp_path / "before.json", {CHAMPION: before})
    write(tmp_path / "strategies.json", {"S2": trades(0.0, range(1, DAYS), seed=5), "S15": []})
    for number, days in enumerate((range(40, 70), range(70, DAYS)), start=1):
        own = [trade for trade in before if (trade.decided_ms - BEGIN_MS) // DAY_MS in days]
        folder = tmp_path / f"step-{number}"
        folder.mkdir()
        for name in ("cvar_ppo", "neural_ucb"):
            bundle = folder / "bundles" / hashed(name)
            bundle.mkdir(parents=True)
            for file in ("model.onnx", "golden.npz", "manifest.json"):
                (bundle / file).write_bytes(name.encode())
        lessons = [lesson("cvar_ppo", ""), lesson("neural_ucb", "gain 0, needs more")]
        write(folder / "lessons.json", [*lessons, lesson("pm_optimizer", "no trades", "")])
        alone = {CHAMPION: own, "cvar_ppo": own[::2], "neural_ucb": own}
        write(folder / "alone.json", alone)
        write(folder / "ready.json", ["cvar_ppo"] if number == STEPS else [])
        write(folder / "admitted.json", {CHAMPION: own[::2]})
        write(folder / "all.json", {CHAMPION: trades(0.02, days, seed=2)})
    return tmp_path


def hashed(name: str) -> str:
    return sha256(name.encode()).hexdigest()


def lesson(component: str, reason: str, digest: str | None = None) -> dict[str, object]:
    figures = {"learned_trades": 30.0, "holdout_trades": 10.0}
    made = hashed(component) if digest is None else digest
    return {"component": component, "digest": made, "reason": reason, "metrics": figures}


def write(file: Path, content: object) -> None:
    file.write_text(json.dumps({"commit": "abc", "content": content}), encoding="utf-8")


@pytest.fixture
def found(keep: Path, monkeypatch: pytest.MonkeyPatch) -> Measured:
    monkeypatch.setattr(
        measured, "funding", lambda _symbols: {"AAA": [(BEGIN_MS + 9 * HOUR_MS + DAY_MS, 1.0)]}
    )
    one = measure(MARKET, keep, lambda _line: None)
    assert one is not None
    return one


def test_rows_are_of_the_steps_and_changes_of_the_same_days(found: Measured) -> None:
    before, all_nine = found.before, found.lineups[ALL]
    after, change, admitted = all_nine.after, all_nine.change, found.lineups[ADMITTED].after
    assert (before.trades, after.trades) == (120, 120)
    assert before.ratio is not None
    assert after.ratio is not None
    assert change.ratio is not None
    assert before.ratio.high < 0.0 < after.ratio.low
    assert change.net == pytest.approx(after.net - before.net)
    assert admitted.net == pytest.approx(found.components["cvar_ppo"].after.net)
    assert before.gross - before.net == pytest.approx(120 * 0.001)
    assert change.shift is not None
    assert change.shift.value == pytest.approx((after.net - before.net) / 120)
    assert found.components["neural_ucb"].change.same
    assert not found.components["cvar_ppo"].change.same
    assert sorted(found.components) == ["cvar_ppo", "neural_ucb"]
    assert sum(one.before.trades for one in found.symbols.values()) == before.trades


def test_funding_is_taken_off_who_was_in_at_the_time(found: Measured, keep: Path) -> None:
    """One short of AAA was open at the one time of funding: it was paid, by the longs."""
    [ships] = [row for row in found.unlearned if row.name == "line-up as it ships"]
    rows = walk.kept(keep / "before.json", dict)[CHAMPION]
    assert ships.net - sum(trade.net for trade in rows) == pytest.approx(1.0)
    assert found.funding == pytest.approx(-1.0)


def test_the_page_says_what_was_measured(found: Measured) -> None:
    told = page([found], ["perpetuals"], "python -m bench.results", "abc")
    assert "All nine learned: better than doing nothing (120); against before: better than" in told
    assert "| S15 | 0 | | | | | | | no trade |" in told
    assert "| 2 | 2020-11-23 | 2020-12-23 | 40 | cvar_ppo | cvar_ppo | pm_optimizer |" in told
    assert "Of 4 challengers 1 passed every gate (cvar_ppo)." in told
    assert "*perpetuals: skipped, its data are not there.*" in told
    assert "1 symbols; it came to -100.00%" in told
    assert all(f"| {symbol} |" in told for symbol in SYMBOLS)


def test_the_page_says_what_was_done_otherwise_than_by_the_command(found: Measured) -> None:
    told = page([found], [], "python -m bench.results", "abc", "Two stretches, put together.\n")
    assert "good or bad.\n\nTwo stretches, put together.\n\n**In short.**" in told
    assert "good or bad.\n\n**In short.**" in page([found], [], "python -m bench.results", "abc")


def test_what_was_not_played_is_left_out(keep: Path) -> None:
    one = measure(MARKET, keep, lambda _line: None, without=("alone", "admitted"))
    assert one is not None
    assert (list(one.lineups), one.components) == ([ALL], {})
    told = page([one], [], "python -m bench.results", "abc")
    assert "What one component learned alone changes was not played here." in told


def test_what_ships_must_trade_alike_in_both_plays(keep: Path) -> None:
    file = keep / "step-1" / "alone.json"
    content = json.loads(file.read_text(encoding="utf-8"))["content"]
    write(file, content | {CHAMPION: content[CHAMPION][1:]})
    with pytest.raises(walk.OtherTradesError, match="step-1"):
        measure(MARKET, keep, lambda _line: None)
