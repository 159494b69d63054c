"""What a start says of learning: counted, waiting and loaded, where heads learn at all."""

from pathlib import Path

from kingmaker.runtime import learning
from kingmaker.runtime.cli import starting
from kingmaker.runtime.cli.opening import opened
from kingmaker.runtime.home import Home
from tests.runtime.cli import learned


def told(home: Home, *, learns: bool = True) -> list[str]:
    with opened(home.path) as found:
        return list(starting.lines_of(found.query, [learned.DESK], learns=learns))


def test_a_start_prints_coordinator_analytics_monitor_scheduler_and_loaded_weights(
    tmp_path: Path,
) -> None:
    home = learned.home(tmp_path)
    with opened(home.path) as found:
        version, weights = learning.current(found.query, learned.DESK)
        rate = learning.performance(found.query, learned.DESK)["overall"]["win_rate"]
    scheduler, coordinator, analytics, monitor, loaded = told(home)
    assert scheduler == (
        "   ▸ scheduler: Daily Learning Job 2026-01-31 00:00, Weekly Retraining Job"
        " 2026-02-01 02:00"
    )
    assert coordinator.startswith("   ▸ coordinator of oak: 240 outcomes processed, ")
    assert analytics == f"   ▸ analytics of oak: won % {learning.estimate(rate)}"
    assert monitor == "   ▸ monitor of oak: 0 signals open"
    assert version > 0
    assert loaded.startswith(f"   ▸ loaded for oak: head weights, version {version}: cvar_ppo ")
    assert loaded.endswith(f"pm_optimizer {weights['pm_optimizer']:.4f}")


def test_where_no_head_learns_a_start_says_nothing_of_it(tmp_path: Path) -> None:
    assert told(learned.home(tmp_path), learns=False) == []
