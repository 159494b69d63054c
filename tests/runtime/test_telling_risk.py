"""What risk says to a person: kills, and steps of the guard."""

from kingmaker.runtime.telling import tell
from tests.runtime.test_telling import event

GUARD = "kingmaker.risk.v1.GuardChanged"


def test_a_kill_says_who_why_and_how_it_ends() -> None:
    kind = "kingmaker.risk.v1.ModeChanged"
    fields = {"desk": "main", "actor": "ada", "reason": "a storm"}
    line = tell(kind, event(kind, mode="killed", flatten=True, **fields))
    assert line is not None
    assert (line.title, line.text) == ("killed, to be flat", "main by ada: a storm")
    assert line.hint == "undo?  kingmaker risk resume main --reason ..."
    over = tell(kind, event(kind, mode="normal", **fields))
    assert over is not None
    assert (over.title, over.hint) == ("trades again", "")


def test_a_step_of_the_guard_says_what_the_trades_came_to_and_leaving_normal_is_critical() -> None:
    seen = {"trades": 46, "win_rate": 0.4, "drawdown": 0.03, "losses": 6, "cause": "losses"}
    line = tell(GUARD, event(GUARD, desk="main", level="reduced", before="normal", **seen))
    assert line is not None
    assert (line.title, line.level) == ("REDUCED", "critical")
    assert line.text == (
        "main trades at half size (losses): of 46 trades 40% won, drawdown 3.0%, 6 losses in a row"
    )
    back = tell(GUARD, event(GUARD, desk="main", level="normal", before="reduced", **seen))
    assert back is not None
    assert back.level == "warning"


def test_a_signal_left_alone_is_for_the_file_only() -> None:
    kind = "kingmaker.trader.v1.EntryBarred"
    line = tell(kind, event(kind, position="ASH-1", reason="guard"))
    assert line is not None
    assert (line.text, line.loud) == ("ASH-1: guard", False)
