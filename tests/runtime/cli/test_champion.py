"""Who reigns, and who reigned."""

from kingmaker.runtime.cli.champion import _learned, _watch_of, lasted
from kingmaker.runtime.cli.opening import opened
from kingmaker.runtime.home import Home
from tests.runtime.cli.conftest import Call

SLOT = "online_learning@smoke"


def test_a_slot_that_is_none_is_refused_with_those_that_are(call: Call, crowned: Home) -> None:
    called = call("champion", "show", "gold", home=crowned)
    assert called.code == 2
    assert "cvar_ppo@smoke" in called.err


def test_nine_champions_reign(call: Call, crowned: Home) -> None:
    found = call("champion", "show", "-o", "json", home=crowned).json
    assert len(found) == 9
    assert all(row["activated_event"] for row in found)
    (one,) = call("champion", "show", SLOT, "-o", "json", home=crowned).json
    assert (one["model"], one["reign"], one["frozen_by"]) == ("v1.0.0-bootstrap", 3, "smoke")


def test_the_watch_of_a_slot_is_shown_with_its_reign() -> None:
    canary = {
        "pairs": 85,
        "statistic": 12.5,
        "threshold": 200.0,
        "breached": "win_rate",
        "ended": None,
        "state": "watching",
        "champion_taken": 60,
        "champion_won": 24,
        "champion_sum": -0.02,
        "champion_squares": 0.04,
        "champion_drawdown": 0.11,
        "reference_taken": 60,
        "reference_won": 30,
        "reference_sum": 0.05,
        "reference_squares": 0.04,
        "reference_drawdown": 0.06,
    }
    shown = _watch_of(canary)
    assert shown["watch"] == "12.5 of 200 after 85, worse in win_rate"
    champion, reference = shown["sides"]
    assert (champion["win_rate"], reference["win_rate"]) == (0.4, 0.5)
    assert champion["sharpe"] < 0.0 < reference["sharpe"]
    closed = _watch_of({**canary, "ended": "minutes"})
    assert closed["watch"].startswith("ended: minutes (")
    assert _watch_of(None)["watch"] is None


def test_what_a_champion_learned_is_shown_beside_its_twin() -> None:
    learner = {"revision": 7, "revised": "r7", "opportunity": "BTC-1", "label": 1.0, "refused": 0}
    twin = {"pairs": 31, "champion_sum": 0.02, "twin_sum": 0.01}
    [told] = _learned(learner, twin).values()
    assert (told["revision"], told["twin_pairs"]) == (7, 31)
    assert (told["net"], told["twin_net"]) == (0.02, 0.01)
    assert _learned(learner, None)["learned"]["twin_pairs"] is None
    assert not _learned(None, twin)
    assert not _learned({"revision": None}, twin), "only refusals so far"


def test_a_champion_that_a_command_brought_back_is_not_watched(call: Call, crowned: Home) -> None:
    (one,) = call("champion", "show", SLOT, "-o", "json", home=crowned).json
    assert one["watch"] is None
    with opened(crowned.path) as home:
        (row,) = home.query("SELECT * FROM canaries WHERE slot = ?", SLOT)
    assert (row["reign"], row["state"]) == (2, "closed")


def test_the_history_tells_how_each_reign_began_and_ended(call: Call, crowned: Home) -> None:
    words = ("champion", "history", SLOT, "-o", "json")
    found = {row["reign"]: row for row in call(*words, home=crowned).json}
    assert [found[reign]["how"] for reign in (1, 2, 3)] == ["bootstrap", "direct", "rollback"]
    assert found[1]["ended_by"] == "v1.1.0-converted was better"
    assert found[2]["ended_by"] == "rollback (person): smoke"
    assert found[3]["ended_by"].startswith("reigning")


def test_a_deleted_view_changes_no_byte_of_the_answer(call: Call, own: Home) -> None:
    before = call("champion", "history", "-o", "json", home=own).out
    own.views.unlink()
    assert call("champion", "history", "-o", "json", home=own).out == before


def test_a_length_of_time_is_for_people() -> None:
    minute = 60_000
    lengths = [lasted(n * minute) for n in (0, 36, 552, 60 * 24 * 40 + 180)]
    assert lengths == ["0 m", "36 m", "9 h 12 m", "40 d 3 h"]
