"""Folds: what an event does to rows."""

import json
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest

from kingmaker.contracts.codec import message_class
from kingmaker.runtime.views.changes import Learned, Set, Where
from kingmaker.runtime.views.folds import FOLDS
from kingmaker.runtime.views.schema import TABLES

WHERE = Where("km.promotion.v1", 0, 7, 1_000, "main")
SLOT = "online_learning@main"


def rows(kind: str, **fields: Any) -> dict[tuple[Any, ...], dict[str, Any]]:  # noqa: ANN401 - fields of any message
    """Fold one event and return its changes by table and key."""
    package, _, name = kind.rpartition(".")
    event = message_class(package, name)(**fields)
    found: dict[tuple[Any, ...], dict[str, Any]] = {}
    for change in FOLDS[kind](event, WHERE):
        if isinstance(change, Learned):
            continue
        content = change.values if isinstance(change, Set) else change.amounts
        found.setdefault((change.table, *change.key), {}).update(content)
    return found


def _filled(kind: str) -> Any:  # noqa: ANN401 - a message of any kind
    """Make an event whose repeated parts hold one each."""
    package, _, name = kind.rpartition(".")
    if package == "km":  # a host's own word is JSON
        return SimpleNamespace(lane="km.feed.facts.v1/0", digest="", reason="")
    event: Any = message_class(package, name)()
    for field in event.DESCRIPTOR.fields:
        if (
            field.is_repeated
            and field.message_type
            and not field.message_type.GetOptions().map_entry
        ):
            getattr(event, field.name).add()
    return event


@pytest.mark.parametrize("kind", sorted(FOLDS))
def test_every_fold_knows_its_event_and_its_tables(kind: str) -> None:
    for change in FOLDS[kind](_filled(kind), WHERE):
        if isinstance(change, Learned):
            continue
        table = TABLES[change.table]
        assert len(change.key) == len(table.key)
        if isinstance(change, Set):
            assert set(change.values) <= set(table.columns)
        else:
            assert set(change.amounts) <= set(table.counters)


def test_a_coronation_begins_a_reign_and_ends_the_one_before() -> None:
    finding = message_class("kingmaker.promotion.v1", "Finding")(
        gate="evidence", value=5.5, threshold=5.4, n=400, passed=True
    )
    found = rows(
        "kingmaker.promotion.v1.ChampionCrowned",
        promotion="p-0001@main",
        slot=SLOT,
        model="v1.1.0-trained",
        expected="v1.0.0-bootstrap",
        reign=2,
        how="promoted",
        trial="t-0001@main",
        findings=[finding],
        time_ms=1_000,
    )
    assert found["champions", SLOT]["model"] == "v1.1.0-trained"
    assert found["reigns", SLOT, 2]["from_model"] == "v1.0.0-bootstrap"
    assert found["reigns", SLOT, 2]["event"] == "km.promotion.v1/0/7"
    assert found["reigns", SLOT, 1] == {"until_ms": 1_000, "ended_by": "v1.1.0-trained was better"}
    assert found["trials", "t-0001@main"]["verdict"] == "crowned"
    assert found["gates", "t-0001@main", "evidence"]["n"] == 400
    assert found["promotions", "p-0001@main"]["kind"] == "crowned"


def test_the_first_reign_ends_no_other() -> None:
    found = rows("kingmaker.promotion.v1.ChampionCrowned", slot=SLOT, reign=1, how="bootstrap")
    assert ("reigns", SLOT, 0) not in found
    assert not [key for key in found if key[0] == "trials"]


def test_a_freeze_has_a_scope() -> None:
    assert ("desks", "main") in rows("kingmaker.promotion.v1.Frozen", scope="desk", actor="ada")
    frozen = rows("kingmaker.promotion.v1.Frozen", scope=SLOT, actor="ada", reason="odd")
    thawed = rows("kingmaker.promotion.v1.Thawed", scope=SLOT)
    assert frozen["champions", SLOT]["frozen_by"] == "ada"
    assert thawed["champions", SLOT]["frozen_by"] is None


def test_what_was_left_alone_is_summed_beside_what_was_taken() -> None:
    outcome = message_class("kingmaker.trader.v1", "Outcome")
    left = rows(
        "kingmaker.trader.v1.OpportunityResolved",
        lineup="l",
        signal_net=-0.01,
        outcomes=[outcome(branch="champion", taken=False)],
    )
    taken = rows(
        "kingmaker.trader.v1.OpportunityResolved",
        lineup="l",
        signal_net=0.02,
        outcomes=[outcome(branch="champion", taken=True, net=0.02)],
    )
    assert left["lineups", "main", "l"]["left_alone_net"] == -0.01
    assert (left["lineups", "main", "l"]["taken"], taken["lineups", "main", "l"]["won"]) == (0, 1)


def test_a_candidate_waits_with_its_count_and_target_until_it_is_tried() -> None:
    key = ("candidates", SLOT, "v1.2.0-trained")
    package = "kingmaker.promotion.v1"
    queued = rows(
        f"{package}.CandidateQueued",
        slot=SLOT,
        model="v1.2.0-trained",
        origin="trained",
        supersedes="v1.1.0-trained",
    )
    assert (queued[key]["state"], queued[key]["queued_ms"]) == ("waiting", 1_000)
    superseded = queued["candidates", SLOT, "v1.1.0-trained"]
    assert superseded["state"] == "superseded by v1.2.0-trained"
    waits = rows(
        f"{package}.CandidateWaits",
        slot=SLOT,
        model="v1.2.0-trained",
        reason="closed_trades",
        count=12,
        target=50,
        until="the desk closes trades",
    )
    assert waits[key] == {
        "reason": "closed_trades",
        "count": 12,
        "target": 50,
        "until": "the desk closes trades",
    }
    opened = rows(
        f"{package}.TrialOpened", trial="t-0001@main", slot=SLOT, challenger="v1.2.0-trained"
    )
    assert (opened[key]["state"], opened[key]["count"]) == ("tried", None)


def test_the_shipped_nine_are_no_candidates_for_a_trial() -> None:
    shipped = {"slot": SLOT, "model": "v1.0.0-bootstrap", "origin": "bootstrap"}
    assert rows("kingmaker.promotion.v1.CandidateQueued", **shipped) == {}


def test_a_segment_begins_where_the_block_that_straddles_the_change_ends() -> None:
    ledger = message_class("kingmaker.shadow.v1", "Ledger")
    measured = rows(
        "kingmaker.shadow.v1.EvidenceMeasured",
        trial="t-0001@main",
        segment=2,
        mean=ledger(log_evidence_at_segment=1.5),
        sharpe=ledger(log_evidence_at_segment=1.25),
    )
    assert measured["trials", "t-0001@main"]["log_evidence_at_segment"] == 1.25
    started = rows("kingmaker.shadow.v1.SegmentStarted", trial="t-0001@main", segment=2)
    assert started["trials", "t-0001@main"]["segment_ms"] == 1_000


def test_a_learner_is_one_row_that_says_what_it_learned_last_and_how_often() -> None:
    fields = {"slot": SLOT, "learner": "t-0001@main", "digest": "d"}
    kind = "kingmaker.trader.v1.ModelRevised"
    revised = rows(kind, **fields, branch="champion", revision=7, revised="r7", label=1.0)
    row = revised["learners", SLOT, "t-0001@main"]
    assert (row["revision"], row["revised"], row["label"], row["lessons"]) == (7, "r7", 1.0, 1)
    kind = "kingmaker.trader.v1.RevisionRefused"
    refused = rows(kind, **fields, revision=7, reason="too large")
    row = refused["learners", SLOT, "t-0001@main"]
    assert (row["refused_reason"], row["refused"]) == ("too large", 1)
    assert "revision" not in row, "what it learned last stays"


def test_a_twin_is_no_trial() -> None:
    twin = {"trial": "twin-online_learning-r2", "slot": SLOT}
    at = ("twins", twin["trial"], SLOT)
    warmed = "kingmaker.trader.v1.ChallengerWarmed"
    assert rows(warmed, **twin, model="v1.1.0-trained", frozen=True)[at]["state"] == "deciding"
    measured = rows("kingmaker.shadow.v1.EvidenceMeasured", **twin, pairs=3, log_evidence=-0.5)
    assert (measured[at]["pairs"], measured[at]["log_evidence"]) == (3, -0.5)
    assert rows("kingmaker.trader.v1.ChallengerDropped", **twin)[at]["state"] == "ended"
    for kind in ("shadow.v1.SegmentStarted", "trader.v1.ChallengerFaulted"):
        assert not rows(f"kingmaker.{kind}", **twin)
    assert not rows("kingmaker.trader.v1.ChallengerDropped", trial="t-0001@main", slot=SLOT)


def test_the_watch_of_a_reign_is_one_row_that_says_where_it_stands() -> None:
    shadow, promotion = "kingmaker.shadow.v1", "kingmaker.promotion.v1"
    reign = {"canary": "canary-online_learning-r2", "slot": SLOT, "reign": 2}
    opened = rows(f"{shadow}.CanaryOpened", rule="edetector@1", parameters={"slack": 0.02}, **reign)
    assert opened["canaries", SLOT, 2]["state"] == "watching"
    assert opened["canaries", SLOT, 2]["slack"] == 0.02
    tally = message_class(shadow, "Tally")(sum=-0.1, taken=9, won=4, drawdown_max=0.2)
    measured = rows(
        f"{shadow}.CanaryMeasured",
        pairs=12,
        statistic=3.5,
        threshold=200.0,
        champion=tally,
        **reign,
    )
    row = measured["canaries", SLOT, 2]
    assert (row["pairs"], row["statistic"], row["threshold"]) == (12, 3.5, 200.0)
    assert (row["champion_sum"], row["champion_drawdown"], row["reference_taken"]) == (-0.1, 0.2, 0)
    warned = rows(f"{promotion}.CanaryWarned", breached=["win_rate", "sharpe"], **reign)
    assert warned["canaries", SLOT, 2] == {"breached": "win_rate, sharpe"}
    ended = rows(f"{promotion}.CanaryEnded", reason="minutes", **reign)
    assert ended["canaries", SLOT, 2] == {"ended": "minutes"}


def test_a_command_that_waits_and_then_acts_is_one_row_and_refusals_are_their_own() -> None:
    fields = {"command_id": "c-1", "command": "Freeze", "actor": "ada", "key_id": "k"}
    waiting = rows("kingmaker.governance.v1.CommandPending", **fields, target="desk", reason="x")
    taken = rows("kingmaker.promotion.v1.CommandTaken", **fields, target="desk", reason="x")
    refused = rows("kingmaker.promotion.v1.CommandRefused", **fields, reason="forged: no")
    assert waiting["commands", "main/c-1"]["outcome"] == "pending"
    assert taken["commands", "main/c-1"]["outcome"] == "taken"
    row = refused["commands", "km.promotion.v1/0/7"]
    assert (row["outcome"], row["reason"], row["key_id"]) == ("refused", "forged: no", "k")


def test_a_key_is_a_row_a_desk_and_its_end_is_kept() -> None:
    key = message_class("kingmaker.governance.v1", "Key")(key_id="k", owner="ada", role="admin")
    trusted = rows("kingmaker.governance.v1.KeyTrusted", key=key, by_key_id="root")
    revoked = rows("kingmaker.governance.v1.KeyRevoked", key_id="k", from_ms=9, reason="leaked")
    assert trusted["keys", "main", "k"]["owner"] == "ada"
    assert revoked["keys", "main", "k"]["revoked_from_ms"] == 9


def test_every_value_of_a_setting_is_kept_where_it_was_applied() -> None:
    found = rows(
        "kingmaker.policy.v1.PolicyApplied", values={"exits.max_holding": "1"}, actor="ada"
    )
    row = found["parameters", "promotion", "main", "exits.max_holding", 7]
    assert (row["value"], row["cause"], row["actor"]) == ("1", "settings", "ada")
    restored = rows(
        "kingmaker.trader.v1.ParametersRestored",
        values={"exits.max_holding": "12"},
        change="c-0001@main",
        trigger="canary",
    )
    row = restored["parameters", "trader", "main", "exits.max_holding", 7]
    assert (row["value"], row["cause"]) == ("12", "rollback (canary) of c-0001@main")


def test_a_mode_names_the_change_and_each_answer_the_one_that_it_follows() -> None:
    changed = rows("kingmaker.risk.v1.ModeChanged", mode="killed", number=3, kill=2, actor="ada")
    row = changed["modes", "main"]
    assert (row["mode"], row["number"], row["kill"], row["actor"]) == ("killed", 3, 2, "ada")
    followed = rows("kingmaker.risk.v1.ModeFollowed", number=3, last_promotion="p-0001@main")
    assert followed["modes", "main"] == {
        "promotion_event": "km.promotion.v1/0/7",
        "promotion_number": 3,
    }


@pytest.mark.parametrize("kind", ["KeyTrusted", "KeyRevoked"])
def test_what_risk_repeats_of_keys_is_no_second_row(kind: str) -> None:
    event = message_class("kingmaker.governance.v1", kind)()
    fold = FOLDS[f"kingmaker.governance.v1.{kind}"]
    assert fold(event, WHERE)
    assert not fold(event, replace(WHERE, topic="km.risk.v1"))


def learned(kind: str, where: Where = WHERE, **fields: Any) -> list[Learned]:  # noqa: ANN401 - fields of any message
    package, _, name = kind.rpartition(".")
    changes = FOLDS[kind](message_class(package, name)(**fields), where)
    return [change for change in changes if isinstance(change, Learned)]


def test_the_threshold_of_a_desk_is_a_learned_state_and_goes_back_with_its_settings() -> None:
    trader = Where("km.trader.v1", 0, 3, 1_000, "main")
    values = {"signals.confluence_min": "0.7", "costs.fee_bp": "4.0"}
    (state,) = learned("kingmaker.policy.v1.PolicyApplied", trader, values=values)
    assert (state.desk, state.state_type) == ("main", "confidence_threshold")
    assert json.loads(state.data) == {"global_threshold": 0.7}
    back = {"values": {"signals.confluence_min": "0.65"}, "change": "c-0001@main"}
    (state,) = learned("kingmaker.trader.v1.ParametersRestored", trader, **back)
    assert json.loads(state.data) == {"global_threshold": 0.65}
    event = rows("kingmaker.trader.v1.ParametersRestored", **back)
    assert event["learning_events", "km.promotion.v1/0/7"]["event_type"] == "restore"


def test_what_learners_were_told_is_their_configuration() -> None:
    learners = Where("km.learners.v1", 0, 3, 1_000, "")
    values = {"learning.nightly": "01:00", "learning.min_trades": "100"}
    (state,) = learned("kingmaker.policy.v1.PolicyApplied", learners, values=values)
    assert (state.desk, state.state_type) == ("", "learning_config")
    assert json.loads(state.data) == {"min_trades": 100, "nightly": "01:00"}


def test_learned_weights_are_a_state_of_their_desk_and_name_their_outcome() -> None:
    kind = "kingmaker.learners.v1.WeightsLearned"
    nine = [0.12, *[0.11] * 8]
    event = message_class("kingmaker.learners.v1", "WeightsLearned")(
        desk="oak", version=1, weights=nine, cause="outcome", outcome="ASH-7"
    )
    [state, told] = FOLDS[kind](event, WHERE)
    assert isinstance(state, Learned)
    assert (state.desk, state.state_type) == ("oak", "head_weights")
    assert json.loads(state.data) == {
        f"HEAD_{letter}": weight for letter, weight in zip("ABCDEFGHI", nine, strict=True)
    }
    assert told == Set(
        "learning_events",
        (WHERE.event,),
        {"signal_id": "ASH-7", "triggered_by": "outcome ASH-7"},
    )


def test_an_opportunity_holds_what_every_branch_decided_and_what_came_of_it() -> None:
    decision, vote = (message_class("kingmaker.trader.v1", name) for name in ("Decision", "Vote"))
    votes = [
        vote(component="cvar_ppo", agrees=True, confidence=0.5),
        vote(component="neural_ucb", confidence=0.25),
        vote(component="pm_optimizer"),
    ]
    decided = rows(
        "kingmaker.trader.v1.OpportunityDecided",
        opportunity="o-1",
        decisions=[
            decision(branch="champion", taken=True, strategy="S2", votes=votes),
            decision(branch="t-0001@main", refusal="consensus"),
        ],
    )
    row = decided["decisions", "main", "o-1"]
    assert json.loads(row["heads"]) == {"cvar_ppo": 0.5, "neural_ucb": -0.25}
    assert (row["taken"], row["strategy"], row["state"]) == (1, "S2", "decided")
    assert decided["branches", "main", "o-1", "t-0001@main"]["refusal"] == "consensus"
    outcome = message_class("kingmaker.trader.v1", "Outcome")
    resolved = rows(
        "kingmaker.trader.v1.OpportunityResolved",
        opportunity="o-1",
        outcomes=[
            outcome(branch="champion", taken=True, net=0.01, reason="TP_HIT"),
            outcome(branch="t-0001@main"),
        ],
    )
    assert resolved["decisions", "main", "o-1"]["net"] == 0.01
    assert resolved["branches", "main", "o-1", "t-0001@main"]["net"] == 0.0
    event = resolved["learning_events", "km.promotion.v1/0/7"]
    assert (event["event_type"], event["signal_id"]) == ("outcome_processed", "o-1")
    assert json.loads(event["new_value"])["win"] is True
    missed = rows("kingmaker.trader.v1.OpportunityMissed", opportunity="o-1")
    assert missed["decisions", "main", "o-1"]["state"] == "missed"


def test_every_pair_and_every_measurement_is_a_row() -> None:
    trader, shadow = "kingmaker.trader.v1", "kingmaker.shadow.v1"
    pair = rows(f"{trader}.PairResolved", trial="t-0001@main", number=3, counted=True)
    assert pair["pairs", "main", "t-0001@main", 3]["counted"] == 1
    measured = rows(f"{shadow}.EvidenceMeasured", trial="t-0001@main", pairs=3, log_evidence=1.5)
    assert measured["evidence", "t-0001@main", 3]["log_evidence"] == 1.5
    watched = rows(f"{shadow}.CanaryMeasured", slot=SLOT, reign=2, pairs=4, statistic=2.0)
    assert watched["canary_evidence", SLOT, 2, 4]["statistic"] == 2.0


def test_a_job_that_is_given_up_says_when_and_why() -> None:
    found = rows("kingmaker.learners.v1.JobAbandoned", job="tr-1", slot=SLOT, time_ms=5, reason="x")
    assert found["trainings", "tr-1"] == {"abandoned_ms": 5, "reason": "x"}
    assert found["learning_events", "km.promotion.v1/0/7"]["event_type"] == "job"


KEYED_BY_EVENT = {"commands", "parameters", "learning_events", "keys"}  # rows of one lane each


def test_a_column_is_set_by_one_lane_only_so_that_the_order_of_lanes_changes_no_row() -> None:
    written: dict[tuple[str, str], set[str]] = {}
    for kind in sorted(FOLDS):
        service = kind.split(".")[1]
        where = replace(WHERE, topic=f"km.{service}.v1")
        for change in FOLDS[kind](_filled(kind), where):
            if isinstance(change, Set) and change.table not in KEYED_BY_EVENT:
                for column in change.values:
                    written.setdefault((change.table, column), set()).add(service)
    assert {at: services for at, services in written.items() if len(services) > 1} == {}
    assert len(written) > 100


def test_a_training_with_a_teacher_has_a_lineage_and_another_none() -> None:
    slot = "s15_rl_policy@main"
    own = {"training": "tr-0004", "slot": slot, "origin": "distilled"}
    begun = rows("kingmaker.learners.v1.TrainingStarted", **own, parent="v1.0.0-bootstrap")
    done = rows("kingmaker.learners.v1.TrainingCompleted", **own, digest="d", teacher="e")
    lineage = begun["lineages", "tr-0004"] | done["lineages", "tr-0004"]
    assert (lineage["origin"], lineage["parent"]) == ("distilled", "v1.0.0-bootstrap")
    assert (lineage["digest"], lineage["teacher"]) == ("d", "e")
    for name in ("TrainingStarted", "TrainingCompleted"):
        plain = rows(f"kingmaker.learners.v1.{name}", training="tr-0005", slot=slot)
        assert ("lineages", "tr-0005") not in plain
