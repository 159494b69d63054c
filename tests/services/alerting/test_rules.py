"""Which alert each event fires, and what it tells a person."""

from dataclasses import replace

import pytest

from kingmaker.alerting import rules
from kingmaker.alerting.domain import (
    ActivationFailed,
    ActivationOverdue,
    AlertFired,
    CanaryWarned,
    Cause,
    ChallengerReady,
    ChampionActivated,
    ChampionCrowned,
    ChampionLost,
    ChampionRolledBack,
    Finding,
    Frozen,
    JobAbandoned,
    ModelRefused,
    ParametersRolledBack,
    RollbackImpossible,
    State,
    Swap,
    TrialClosed,
    TrialOpened,
    Tried,
)
from kingmaker.alerting.heard import DriftDetected, GuardChanged, ModeChanged

SLOT = "online_learning@hourly"
OLD, NEW = "v1.0.0-bootstrap", "v1.1.0-trained"
TRIED = State(
    trials={"t-0001@hourly": Tried(SLOT, NEW, 5.39)}, swaps={SLOT: Swap(3, 2)}, latest_ms=77
)
BY_HAND = ParametersRolledBack("c-1@hourly", "parameters@hourly", {}, "person", "ada", "odd", "", 9)
ALARM = Finding("edetector", 250.0, 200.0, 50, passed=False)
WIN_RATE = Finding("win_rate", 0.25, 0.425, 40, passed=False)
WARNED = CanaryWarned(SLOT, 2, "canary-x", ("win_rate",), (ALARM, WIN_RATE), 50, 9)
CROWNED = ChampionCrowned(
    "p-0010@hourly",
    SLOT,
    NEW,
    OLD,
    2,
    "promoted",
    "t-0001@hourly",
    895,
    5.5,
    1 / 220,
    "",
    "",
    9,
    "",
)
ROLLED_BACK = ChampionRolledBack(
    "p-0010@hourly", SLOT, NEW, OLD, 3, "person", "ada", "fills look wrong", 9
)
KILL = ModeChanged(
    "hourly", 3, "killed", flatten=False, kill=3, actor="ada", reason="storm", time_ms=9
)
KILLED = "hourly is killed by ada (storm): no new position, no coronation"
FROZEN = Frozen(SLOT, "ada", "storm", "p-0010@hourly", 9)

CASES: list[tuple[Cause, str, str, str]] = [
    (
        TrialOpened("t-0001@hourly", SLOT, OLD, NEW, 1, 1 / 220, 5.39, 9),
        "shadow_test_started",
        "INFO",
        f"{NEW} is tried against {OLD} on {SLOT}: trial 1 of its budget, error at most 0.00455",
    ),
    (
        ChallengerReady("t-0001@hourly", SLOT, 895, 9, "naive_t: odd"),
        "shadow_test_passed",
        "INFO",
        f"{NEW} passed every gate of {SLOT} after 895 pairs and waits for approval; naive_t: odd",
    ),
    (
        TrialClosed("t-0001@hourly", SLOT, "max_pairs", 5000, 2.5, 9),
        "shadow_test_failed",
        "INFO",
        (
            f"{NEW} is not crowned on {SLOT}: the evidence did not come within the pairs a trial"
            " may have; log evidence 2.50 of 5.39 after 5000 pairs"
        ),
    ),
    (
        ROLLED_BACK,
        "rollback_triggered",
        "CRITICAL",
        f"{OLD} reigns on {SLOT} again instead of {NEW}: ada took it back (fills look wrong)",
    ),
    (
        ChampionRolledBack("p-1@hourly", SLOT, NEW, OLD, 3, "activation_failed", "", "parity", 9),
        "rollback_triggered",
        "CRITICAL",
        (
            f"{OLD} reigns on {SLOT} again instead of {NEW}: the new champion could not be"
            " activated (parity)"
        ),
    ),
    (
        ChampionRolledBack(
            "p-1@hourly",
            SLOT,
            NEW,
            OLD,
            3,
            "canary",
            "",
            "after 50 pairs: edetector 250, limit 200",
            9,
            (ALARM, WIN_RATE),
            "not valid under peeking",
        ),
        "rollback_triggered",
        "CRITICAL",
        (
            f"{OLD} reigns on {SLOT} again instead of {NEW}: its canary took it back, after 50"
            " pairs: edetector 250, limit 200 - not valid under peeking"
        ),
    ),
    (
        ChampionActivated(SLOT, 3, OLD, 9),
        "rollback_followed",
        "INFO",
        f"{OLD} decides on {SLOT} again, 7 ms of market time after the rollback was recorded",
    ),
    (
        WARNED,
        "performance_degradation",
        "WARNING",
        (
            f"The champion of {SLOT} is worse than the 15 % rule allows after 50 pairs: win rate"
            " 0.25, limit 0.425"
        ),
    ),
    (
        replace(WARNED, breached=()),
        "performance_degradation",
        "INFO",
        f"Resolved: the champion of {SLOT} is within every limit again after 50 pairs",
    ),
    (
        ParametersRolledBack(
            "c-0001@hourly",
            "parameters@hourly",
            {"exits.max_holding": "12"},
            "canary",
            "",
            "after 50 pairs: edetector 250, limit 200",
            "",
            9,
        ),
        "parameters_rolled_back",
        "CRITICAL",
        (
            "exits.max_holding = 12 again on parameters@hourly instead of c-0001@hourly: its canary"
            " took it back, after 50 pairs: edetector 250, limit 200. The settings file still says"
            " otherwise: change it, or the next change applies all of it"
        ),
    ),
    (
        replace(WARNED, slot="parameters@hourly"),
        "performance_degradation",
        "WARNING",
        (
            "The settings of parameters@hourly are worse than the 15 % rule allows after 50 pairs:"
            " win rate 0.25, limit 0.425"
        ),
    ),
    (
        RollbackImpossible(SLOT, 1, "champion_lost", "digest_missing", 9),
        "rollback_impossible",
        "CRITICAL",
        (
            f"The champion of {SLOT} must go (champion_lost: digest_missing), but no earlier one is"
            " left: it stays. Offer a model, or restore its artifact"
        ),
    ),
    (
        ActivationFailed(SLOT, 2, "parity"),
        "swap_failed",
        "WARNING",
        f"Model hot-swap failed on {SLOT} - keeping current model (parity)",
    ),
    (
        ActivationOverdue(SLOT, 2, 9),
        "swap_failed",
        "WARNING",
        f"The trader has not said that it follows reign 2 of {SLOT}",
    ),
    (
        ChampionLost(SLOT, 2, "d1", "digest_mismatch"),
        "champion_lost",
        "CRITICAL",
        (
            f"The champion of {SLOT} no longer loads (digest_mismatch): nothing new is entered."
            " Restore artifact d1 from a copy"
        ),
    ),
    (
        ModelRefused(SLOT, "d1", "trained", "tr-0001", "parity", "score is off by 0.1", 9),
        "artifact_refused",
        "WARNING",
        f"A model for {SLOT} (trained, tr-0001) is refused: parity. score is off by 0.1",
    ),
    (
        JobAbandoned("tr-0001", SLOT, "killed", 9),
        "job_abandoned",
        "WARNING",
        f"tr-0001 for {SLOT} is given up: killed",
    ),
    (
        FROZEN,
        "promotions_frozen",
        "CRITICAL",
        f"No coronation on {SLOT}: ada froze it (storm)",
    ),
    (
        GuardChanged("hourly", 1, "reduced", "normal", "losses", 0.5, 46, 0.4, 0.03, 6, 9),
        "guard_reduced",
        "WARNING",
        (
            "hourly trades at half size: of the last 46 trades 40% won, drawdown 3.0%,"
            " 6 losses in a row (losses)"
        ),
    ),
    (
        DriftDetected("hourly", 7, "ASH", "body", 3.14, 3.0, 5, "tr-0002", 9),
        "drift_detected",
        "WARNING",
        "ASH on hourly drifted in body: 3.1 sigmas from what tr-0002 saw, the limit is 3",
    ),
    (
        GuardChanged("hourly", 1, "paused", "normal", "drawdown", 0.0, 46, 0.4, 0.1, 6, 9),
        "guard_paused",
        "CRITICAL",
        (
            "hourly opens nothing: of the last 46 trades 40% won, drawdown 10.0%,"
            " 6 losses in a row (drawdown)"
        ),
    ),
    (
        KILL,
        "kill_switch",
        "CRITICAL",
        f"{KILLED}; what is open runs to its own exits",
    ),
    (
        replace(KILL, flatten=True),
        "kill_switch",
        "CRITICAL",
        f"{KILLED}; what is open is closed at the next bar",
    ),
    (
        replace(KILL, number=4, mode="normal", reason="calm"),
        "kill_switch",
        "CRITICAL",
        "hourly trades again: ada (calm) ended the kill",
    ),
    (
        replace(KILL, key_owner="opal"),
        "kill_switch",
        "CRITICAL",
        f"{KILLED.replace('ada', 'ada (by the key of opal)')}; what is open runs to its own exits",
    ),
]


def alerts_of(cause: Cause, state: State = TRIED) -> list[AlertFired]:
    return [alert for rule in rules.discover() if (alert := rule(state, cause))]


@pytest.mark.parametrize(("cause", "kind", "severity", "message"), CASES)
def test_each_event_fires_one_alert_that_a_person_understands(
    cause: Cause, kind: str, severity: str, message: str
) -> None:
    [alert] = alerts_of(cause)
    assert (alert.type, alert.severity, alert.message) == (kind, severity, message)
    assert alert.key.startswith(f"{kind}:")
    assert alert.cause
    assert alert.occurred_at_ms in (9, TRIED.latest_ms)


def test_a_coronation_by_evidence_passes_a_trial_and_changes_the_crown() -> None:
    executed, passed = alerts_of(CROWNED)
    assert (executed.type, executed.severity) == ("promotion_executed", "WARNING")
    assert executed.message == (
        f"{NEW} reigns on {SLOT} instead of {OLD}: every gate passed, log evidence 5.50 after"
        " 895 pairs"
    )
    assert (passed.type, passed.cause) == ("shadow_test_passed", "t-0001@hourly")
    assert passed.message == f"{NEW} passed every gate of {SLOT} after 895 pairs and is crowned"


def test_a_warning_carries_its_metric_its_limit_and_the_command_that_acts_on_it() -> None:
    [alert] = alerts_of(WARNED)
    assert (alert.value, alert.threshold, alert.n) == (0.25, 0.425, 50)
    assert alert.undo == f'kingmaker rollback {SLOT} --reason "..."'


def test_an_activation_that_no_rollback_waits_for_is_no_news() -> None:
    assert alerts_of(ChampionActivated(SLOT, 2, NEW, 9)) == []
    assert alerts_of(ChampionActivated("other@hourly", 3, NEW, 9)) == []


def test_the_end_of_a_crowned_trial_is_no_news_beside_its_coronation() -> None:
    assert alerts_of(TrialClosed("t-0001@hourly", SLOT, "crowned", 895, 5.5, 9)) == []


def test_what_a_verdict_does_not_promise_is_told_with_it() -> None:
    executed = alerts_of(replace(CROWNED, notice="not valid under peeking"))[0]
    assert executed.message.endswith("; not valid under peeking")


def test_every_rule_is_fired_by_some_event() -> None:
    assert {kind for _, kind, _, _ in CASES} | {"promotion_executed"} == {
        rule.__module__.rpartition(".")[2] for rule in rules.discover()
    }


def test_the_first_champion_of_an_empty_slot_is_no_news() -> None:
    bootstrap = ChampionCrowned(
        "p-1@hourly", SLOT, OLD, "", 1, "bootstrap", "", 0, 0.0, 0.0, "", "", 9, ""
    )
    assert alerts_of(bootstrap) == []


def test_a_coronation_without_evidence_says_so() -> None:
    direct = ChampionCrowned(
        "p-2@hourly",
        SLOT,
        NEW,
        OLD,
        2,
        "direct",
        "t-0001@hourly",
        0,
        0.0,
        0.0,
        "ada",
        "smoke",
        9,
        "",
    )
    [alert] = alerts_of(direct)
    assert alert.message.endswith("ada said so, without evidence (smoke)")
    assert alert.threshold == 0.0
    [alert] = alerts_of(replace(direct, key_owner="eve"))
    assert "ada (by the key of eve) said so" in alert.message


def test_an_end_of_a_trial_that_nobody_began_is_told_without_a_name() -> None:
    closed = TrialClosed("t-0009@hourly", SLOT, "fault", 3, 0.1, 9)
    [alert] = alerts_of(closed, State())
    assert alert.message.startswith("the challenger is not crowned")


@pytest.mark.parametrize("cause", [CROWNED, ROLLED_BACK])
def test_what_changes_the_crown_says_how_to_undo_it(cause: Cause) -> None:
    alert = alerts_of(cause)[0]
    assert alert.undo == f'kingmaker rollback {SLOT} --reason "..."'


def test_a_freeze_of_the_whole_desk_names_it() -> None:
    [alert] = alerts_of(Frozen("desk", "ada", "storm", "p-0010@hourly", 9))
    assert (alert.slot, alert.undo) == ("hourly", 'kingmaker thaw hourly --reason "..."')


def test_two_failures_of_one_reign_and_its_delay_have_keys_of_their_own() -> None:
    causes: list[Cause] = [ActivationFailed(SLOT, 2, "x"), ActivationOverdue(SLOT, 2, 9)]
    assert len({alerts_of(cause)[0].key for cause in causes}) == 2


def test_a_kill_is_fired_with_the_way_back_and_resolved_under_the_same_cause() -> None:
    [fired] = alerts_of(KILL)
    [resolved] = alerts_of(replace(KILL, number=4, mode="normal"))
    assert (fired.state, resolved.state) == ("", "resolved")
    assert fired.undo == 'kingmaker risk resume hourly --reason "..."'
    assert resolved.undo == ""
    assert fired.cause == resolved.cause == "kill-3@hourly"
    assert fired.key != resolved.key


@pytest.mark.parametrize(
    ("cause", "said"),
    [
        (ROLLED_BACK, "ada (by the key of eve) took it back"),
        (FROZEN, "ada (by the key of eve) froze it"),
        (BY_HAND, "ada (by the key of eve) took it back"),
    ],
)
def test_whose_key_it_was_is_named_where_the_command_says_another(
    cause: ChampionRolledBack | Frozen | ParametersRolledBack, said: str
) -> None:
    assert said in alerts_of(replace(cause, key_owner="eve"))[0].message
    assert "the key of" not in alerts_of(replace(cause, key_owner="ada"))[0].message
