"""What is known of keys and commands outlives a snapshot and stays small."""

from kingmaker.kernel import snapshot
from kingmaker.kernel.service import Tick
from kingmaker.promotion.domain import State
from tests import people
from tests.services.promotion.story import (
    DAY_MS,
    START_MS,
    begun,
    freeze,
    key_named,
    kinds,
    revoke_key,
    sign,
    skip_input,
    trust_key,
)


def test_all_of_it_survives_a_snapshot() -> None:
    story = begun(governance__four_eyes="Freeze")
    for command in (
        trust_key("k1", key_named("cy", "operator")),
        revoke_key("k2", people.VIC.key_id),
    ):
        story.hear(command)
        story.hear_bare(sign(command, people.BEN))
    story.hear(freeze(), skip_input())
    assert kinds(story.said[-9:]) == [
        *("CommandPending", "CommandTaken", "KeyTrusted"),
        *("CommandPending", "CommandTaken", "KeyRevoked"),
        *("CommandPending", "CommandTaken", "SkipAllowed"),
    ]
    assert snapshot.decode(State, snapshot.encode(story.state)) == story.state


def test_what_waited_too_long_is_forgotten_with_the_next_that_waits() -> None:
    story = begun(governance__four_eyes="Freeze")
    story.hear(freeze("f1"), Tick(START_MS + DAY_MS + 1))
    assert list(story.state.pending) == ["f1"]
    late = freeze("f2")
    story.hear_bare(sign(type(late)("f2", "desk", "ada", "storm", START_MS + DAY_MS, 0)))
    assert list(story.state.pending) == ["f2"]
