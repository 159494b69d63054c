"""What records say of rules that people chose although something is wrong with them."""

import pytest

from kingmaker.promotion import classic
from kingmaker.promotion.policy import Policy
from kingmaker.promotion.said import (
    ChallengerHeld,
    ChallengerReady,
    ChampionCrowned,
    TrialOpened,
)
from tests.services.promotion.story import measured, settings, significant, tried


def test_recommended_rules_carry_no_notice() -> None:
    assert classic.notice(Policy(), "e_lond") == classic.notice(Policy(), "fwer") == ""


@pytest.mark.parametrize(
    ("policy", "mode", "words"),
    [
        (Policy(), "per_test", "of 200 challengers without an edge about 5 are promoted"),
        (Policy(p_method="naive_t"), "e_lond", "naive_t: not valid under peeking"),
        (Policy(sharpe_rule="classic"), "e_lond", "crowns a worse model"),
    ],
)
def test_each_says_what_is_wrong_with_it(policy: Policy, mode: str, words: str) -> None:
    assert words in classic.notice(policy, mode)


def test_beside_the_t_test_the_budget_promises_nothing_anyway() -> None:
    notice = classic.notice(Policy(p_method="naive_t", sharpe_rule="classic"), "per_test")
    assert notice == f"{classic.NAIVE_T_NOTICE}; {classic.SHARPE_NOTICE}"


def test_every_record_of_a_trial_is_stamped() -> None:
    story = tried(promotion__p_method="naive_t", promotion__auto="0")
    story.hear(measured(pairs=30), significant(pairs=40))
    story.hear(settings(promotion__p_method="naive_t"))
    stamped = [
        (type(event), event.notice)
        for event in story.said
        if isinstance(event, TrialOpened | ChallengerHeld | ChallengerReady)
        or (isinstance(event, ChampionCrowned) and event.how == "promoted")
    ]
    assert [kind for kind, _ in stamped] == [
        TrialOpened,
        ChallengerHeld,
        ChallengerReady,
        ChampionCrowned,
    ]
    assert {notice for _, notice in stamped} == {classic.NAIVE_T_NOTICE}


def test_a_verdict_is_stamped_by_the_rules_in_force_and_by_the_mode_of_its_trial() -> None:
    story = tried(promotion__p_method="naive_t", promotion__budget__mode="per_test")
    story.hear(settings(promotion__budget__mode="e_lond"))
    [held] = story.hear(measured(log_evidence=1.0))
    assert isinstance(held, ChallengerHeld)
    assert held.notice == classic.PER_TEST_NOTICE
