"""What is audited is found in its lane, with what it follows from."""

import pytest

from kingmaker.contracts.codec import message_class
from kingmaker.kernel.lane import STARTED, Draft, Lane, Pen, frame
from kingmaker.runtime.audited import UnknownPromotionError, find
from kingmaker.runtime.memory_log import MemoryLog

LANE = Lane("km.promotion.v1")
SLOT = "cvar_ppo@d"


def said(name: str, package: str = "kingmaker.promotion.v1", **fields: object) -> Draft:
    message = message_class(package, name)(**fields)
    return Draft(f"{package}.{name}", message.SerializeToString())


def log_of(*drafts: Draft) -> MemoryLog:
    log = MemoryLog()
    step = frame(LANE.genesis(log.incarnation), Pen(1, "p"), [Draft(STARTED, b"")])
    log.append(LANE, step)
    for time_ms, draft in enumerate(drafts, 1):
        step = frame(step[-1].position, Pen(1, "p", time_ms), [draft])
        log.append(LANE, step)
    return log


def policy(digest: str) -> Draft:
    return said("PolicyApplied", "kingmaker.policy.v1", hash=digest, values={"a": digest})


HISTORY = (
    policy("old"),
    policy("in force"),
    said("ChampionCrowned", promotion="p-1@d", slot=SLOT, model="v1", reign=1, how="bootstrap"),
    said("TrialOpened", trial="t-1@d", slot=SLOT, challenger_digest="x"),
    policy("changed"),
    said("ChampionCrowned", promotion="p-2@d", slot=SLOT, model="v2", reign=2, trial="t-1@d"),
    said("ChampionRolledBack", promotion="p-3@d", slot=SLOT, to_model="v1", trigger="canary"),
    policy("later"),
    said("ChampionRolledBack", promotion="p-4@d", slot=SLOT, to_model="v2", trigger="person"),
    said("TrialOpened", trial="t-2@d", slot=SLOT, challenger_digest="y"),
    said("ChallengerHeld", trial="t-2@d", slot=SLOT, pairs=7),
)


def test_a_coronation_begins_where_its_trial_opened() -> None:
    found = find(log_of(*HISTORY), LANE, "p-2@d")
    assert (found.record.seq, found.begins.seq) == (6, 4)
    assert found.is_crown
    assert found.before is not None
    assert (found.before.number, found.before.model) == (1, "v1")
    assert [one.hash for one in found.policies] == ["in force", "changed"]


def test_a_trial_that_was_crowned_is_its_coronation() -> None:
    found = find(log_of(*HISTORY), LANE, "t-1@d")
    assert (found.record.seq, found.is_crown) == (6, True)


def test_a_rollback_by_itself_begins_with_the_reign_that_it_ends() -> None:
    found = find(log_of(*HISTORY), LANE, "p-3@d")
    assert (found.record.seq, found.begins.seq, found.is_rollback) == (7, 6, True)


def test_a_rollback_by_a_person_begins_with_itself() -> None:
    found = find(log_of(*HISTORY), LANE, "p-4@d")
    assert (found.record.seq, found.begins.seq) == (9, 9)


def test_a_trial_that_goes_on_ends_with_its_last_verdict() -> None:
    found = find(log_of(*HISTORY), LANE, "t-2@d")
    assert (found.record.seq, found.begins.seq, found.digests) == (11, 10, ("y",))


def test_a_trial_without_a_verdict_ends_where_it_opened() -> None:
    found = find(log_of(*HISTORY[:10]), LANE, "t-2@d")
    assert (found.record.seq, found.begins.seq, found.digests) == (10, 10, ("y",))


def test_a_name_that_is_not_there_is_refused() -> None:
    with pytest.raises(UnknownPromotionError, match="is not in km"):
        find(log_of(*HISTORY), LANE, "p-9@d")
