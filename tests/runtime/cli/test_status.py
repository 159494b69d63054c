"""One screen."""

import sqlite3

from kingmaker.runtime.home import Home
from tests.runtime.cli.conftest import Call


def test_a_lost_champion_is_unhealthy(call: Call, own: Home) -> None:
    call("status", home=own)
    with sqlite3.connect(own.views) as db:
        db.execute("UPDATE champions SET lost_reason = 'gone' WHERE component = 'cvar_ppo'")
    called = call("status", home=own)
    assert called.code == 3
    assert "lost: cvar_ppo@smoke" in called.out


def test_a_healthy_home_shows_desks_trials_and_alerts(call: Call, on_trial: Home) -> None:
    found = call("status", "-o", "json", home=on_trial).json
    assert found["healthy"]
    assert not found["running"]
    assert found["desks"][0]["bars"] > 0
    assert [row["trial"] for row in found["trials"]] == ["t-0001@smoke"]
    text = call("status", home=on_trial).out
    assert "Healthy: 9 champions reign and act." in text
    assert "t-0001@smoke" in text


def test_that_no_cloud_is_looked_for_is_said_beside_all_that_waits(
    call: Call, on_trial: Home
) -> None:
    counters = call("status", "-o", "json", home=on_trial).json["counters"]
    [cloud] = [row for row in counters if row["waits_for"] == "models of a cloud"]
    assert cloud["next"] == "not in this release: new models come of trainings here"
    shown = call("status", home=on_trial).out
    assert "models of a cloud " in shown
    assert "not in this release" in shown


def test_all_that_waits_says_when_it_is_looked_at(call: Call, on_trial: Home) -> None:
    counters = call("status", "-o", "json", home=on_trial).json["counters"]
    assert {"evidence, ln E", "models of a cloud"} <= {row["waits_for"] for row in counters}
    assert [row["waits_for"] for row in counters if row["next"] in {"", "-"}] == []


def test_a_reign_under_watch_is_shown_with_its_statistic(call: Call, own: Home) -> None:
    assert call("status", "-o", "json", home=own).json["canaries"] == []
    with sqlite3.connect(own.views) as views:
        views.execute(
            "UPDATE canaries SET state = 'watching', pairs = 85, statistic = 12.5, threshold = 200,"
            " breached = 'win_rate'"
        )
    (row,) = call("status", "-o", "json", home=own).json["canaries"]
    assert (row["reign"], row["pairs"], row["statistic"]) == (2, 85, 12.5)
    shown = call("status", home=own).out
    assert "WORSE IN" in shown
    assert "12.5" in shown
