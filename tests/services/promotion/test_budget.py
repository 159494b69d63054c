"""The error budget: what each trial of a desk may spend."""

from collections import defaultdict
from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kingmaker.kernel.arithmetic import exp
from kingmaker.kernel.service import Tick
from kingmaker.promotion import budget, classic
from kingmaker.promotion.budget import DAY_MS, Share
from kingmaker.promotion.domain import Budget, Trial
from kingmaker.promotion.policy import Policy
from kingmaker.promotion.said import TrialOpened
from tests.services.promotion.story import (
    OTHER,
    SLOT,
    START_MS,
    TRAINED,
    activated,
    begun,
    direct,
    measured,
    registered,
    tried,
    warmed,
)

WINDOW_DAYS = 90


@dataclass(slots=True)
class Desk:
    """The budget of a desk, its trials, and which of them were crowned, in order."""

    policy: Policy = field(default_factory=Policy)
    budget: Budget = field(default_factory=Budget)
    shares: list[Share] = field(default_factory=list)
    trials: list[Trial] = field(default_factory=list)

    def open(self, now_ms: int = 1_000) -> Share:
        """Open one more trial."""
        share = budget.next_share(self.budget, self.policy, now_ms)
        opened, trial = told(share, self.policy.budget_mode, now_ms)
        self.budget = budget.open_trial(self.budget, opened)
        self.shares.append(share)
        self.trials.append(trial)
        return share

    def crown(self, number: int, *, short_of: float = 0.0) -> None:
        """Crown a trial whose evidence reached its threshold, or fell short of it."""
        trial = self.trials[number]
        self.budget = budget.count_crown(self.budget, trial, trial.log_threshold - short_of)


def told(share: Share, mode: str, now_ms: int) -> tuple[TrialOpened, Trial]:
    """Return the event of a share, and the trial that it makes."""
    opened = TrialOpened(
        *("t", SLOT, "a", "a", "b", "b", "trained", share.k, share.window_start_ms),
        *(share.crowned_before, share.gamma, share.alpha, share.log_threshold, "r", {}, 5_000),
        *(now_ms, mode, "", share.p_max, share.tests, share.window_alpha),
    )
    story = begun()
    return opened, story.service.evolve(story.state, opened).trials["t"]


def spend(trials: int, policy: Policy) -> Desk:
    """Open trials at one moment."""
    desk = Desk(policy)
    for _ in range(trials):
        desk.open()
    return desk


@pytest.mark.parametrize(("k", "threshold"), [(1, 220), (10, 760), (50, 7_080)])
def test_thresholds_are_those_of_the_specification(k: int, threshold: int) -> None:
    share = spend(k, Policy()).shares[-1]
    assert exp(share.log_threshold) == pytest.approx(threshold)
    assert share.alpha == pytest.approx(1 / threshold)
    assert share.k == k


def test_a_crown_raises_what_later_trials_of_its_window_may_spend() -> None:
    desk = spend(1, Policy())
    desk.crown(0)
    e_lond = budget.next_share(desk.budget, Policy(), 3_000)
    fwer = budget.next_share(desk.budget, Policy(budget_mode="fwer"), 3_000)
    assert e_lond.crowned_before == 1
    assert e_lond.alpha == pytest.approx(2 * fwer.alpha)


def test_a_crown_without_the_evidence_its_share_asks_raises_nothing() -> None:
    """A classic rule may crown it; the budget of those that follow is not built upon that."""
    desk = spend(1, Policy())
    desk.crown(0, short_of=0.001)
    assert desk.open().crowned_before == 0


def test_a_trial_outside_the_budget_raises_nothing() -> None:
    desk = spend(1, Policy(budget_mode="per_test"))
    desk.crown(0)
    desk.policy = Policy()
    share = desk.open()
    assert (share.k, share.crowned_before) == (2, 0)


def test_per_test_judges_every_trial_at_p_max() -> None:
    assert spend(3, Policy(budget_mode="per_test")).shares[-1].alpha == 0.05


def test_a_window_begins_anew_from_the_first_trial_not_from_the_calendar() -> None:
    first_ms, window_ms = 1_000, WINDOW_DAYS * DAY_MS
    desk = spend(3, Policy())
    desk.crown(0)
    inside = budget.next_share(desk.budget, Policy(), first_ms + window_ms - 1)
    assert (inside.k, inside.window_start_ms, inside.crowned_before) == (4, first_ms, 1)
    after = budget.next_share(desk.budget, Policy(), first_ms + 2 * window_ms)
    assert (after.k, after.window_start_ms) == (1, first_ms + 2 * window_ms)
    assert after.crowned_before == 0


def test_a_crown_counts_in_the_window_of_its_trial_only() -> None:
    """One opened in the window before is no test of this window: e-LOND must not build on it."""
    later_ms = 1_000 + (WINDOW_DAYS + 1) * DAY_MS
    desk = spend(3, Policy())
    desk.crown(0)  # after the window ended, before another trial opened
    first = desk.open(later_ms)
    desk.crown(1)  # and after one opened
    second = desk.open(later_ms)
    desk.crown(3)
    third = desk.open(later_ms)
    found = [(share.k, share.crowned_before) for share in (first, second, third)]
    assert found == [(1, 0), (2, 0), (3, 1)]


def test_time_that_runs_backwards_opens_no_new_window() -> None:
    assert spend(2, Policy()).open(0).k == 3


def test_another_length_of_windows_opens_none_again() -> None:
    desk = spend(2, Policy())
    desk.policy = Policy(budget_window_days=30)
    assert desk.open(1_000 + 40 * DAY_MS).k == 1
    desk.policy = Policy()
    assert desk.open(1_000 + 41 * DAY_MS).k == 2  # not a window that began before this one


def test_lengths_that_alternate_open_no_window_before_the_present_one_is_over() -> None:
    """Else two settings, each as long as a quarter, would give a new budget every day."""
    desk = spend(2, Policy(budget_window_days=89))
    assert desk.open(1_000 + 89 * DAY_MS).k == 1
    desk.policy = Policy(budget_window_days=90)
    assert desk.open(1_000 + 90 * DAY_MS).k == 2
    assert desk.open(1_000 + 180 * DAY_MS).k == 1


def test_n_and_alpha_hold_for_the_whole_window() -> None:
    """Else a change of N between trials would spend more than alpha."""
    desk = spend(1, Policy(budget_tests=1, alpha=0.01))
    desk.policy = Policy(budget_tests=1_000, alpha=0.05)
    share = desk.open()
    assert (share.tests, share.window_alpha) == (1, 0.01)
    assert share.alpha == pytest.approx(0.01 / 6)
    later = desk.open(1_000 + WINDOW_DAYS * DAY_MS)
    assert (later.tests, later.window_alpha) == (1_000, 0.05)


ACTS = st.lists(
    st.tuples(
        st.sampled_from(["open", "crown", "crown on less", "settings"]),
        st.integers(0, 10**6),
        st.integers(0, 40),  # days until then
    ),
    max_size=60,
)
POLICIES = st.builds(
    Policy,
    alpha=st.floats(0.001, 0.05),
    budget_tests=st.integers(1, 100),
    budget_window_days=st.integers(10, 120),
    budget_mode=st.sampled_from(["e_lond", "fwer", "per_test"]),
)


@given(ACTS, st.lists(POLICIES, min_size=1, max_size=4))
def test_in_every_window_what_its_tests_spend_never_exceeds_alpha(
    acts: list[tuple[str, int, int]], policies: list[Policy]
) -> None:
    """Sum over a window's tests of alpha_k / (R + 1), R counted by an oracle of the proof."""
    desk, now_ms = Desk(policies[0]), 1_000
    spent: dict[int, float] = defaultdict(float)
    crowned: dict[int, list[int]] = defaultdict(list)
    open_trials: list[int] = []
    for act, pick, days in acts:
        now_ms += days * DAY_MS
        match act:
            case "settings":
                desk.policy = policies[pick % len(policies)]
            case "open":
                share, mode = desk.open(now_ms), desk.policy.budget_mode
                open_trials.append(len(desk.trials) - 1)
                assert share.crowned_before == len(crowned[share.window_start_ms])
                if mode != "per_test":
                    factor = share.crowned_before + 1 if mode == "e_lond" else 1
                    spent[share.window_start_ms] += share.alpha / factor
            case _ if open_trials:
                number = open_trials.pop(pick % len(open_trials))
                trial = desk.trials[number]
                desk.crown(number, short_of=0.5 if act == "crown on less" else 0.0)
                if act == "crown" and trial.mode != "per_test":
                    crowned[trial.window_start_ms].append(number)
    assert all(total <= 0.05 * (1 + 1e-12) for total in spent.values())
    for share, trial in zip(desk.shares, desk.trials, strict=True):
        assert share.alpha <= 0.05
        assert trial.mode == "per_test" or spent[share.window_start_ms] <= share.window_alpha * (
            1 + 1e-12
        )


def test_a_desk_that_is_crowned_across_windows_judges_the_new_one_by_its_own_tests() -> None:
    """The whole service: a trial of the window before is crowned in the new one."""
    story = tried()
    story.hear(registered(OTHER, "v9"), warmed("t-0002@d", OTHER, "v9"))
    story.hear(direct(slot=OTHER, model="v9"), activated(OTHER, 2, "nine"))
    assert story.state.budget.crowned == 0  # a crown without evidence is no rejection
    later_ms = START_MS + 91 * DAY_MS
    story.hear(Tick(later_ms), registered(OTHER, "v10", time_ms=later_ms))
    assert (story.state.budget.k, story.state.budget.crowned) == (1, 0)
    story.hear(measured(time_ms=later_ms))
    story.hear(activated(SLOT, 2, "ten", TRAINED))
    assert story.state.budget.crowned == 0
    said = story.hear(registered(SLOT, "v11", time_ms=later_ms))
    [opened] = [event for event in said if isinstance(event, TrialOpened)]
    assert (opened.k, opened.crowned_before) == (2, 0)


@pytest.mark.parametrize(
    ("mode", "alpha", "notice"),
    [
        ("e_lond", 2 * 0.05 * 10 / (11 * 12), ""),
        ("fwer", 0.05 * 10 / (11 * 12), ""),
        ("per_test", 0.05, classic.PER_TEST_NOTICE),
    ],
)
def test_after_a_crown_each_mode_asks_what_it_promises(
    mode: str, alpha: float, notice: str
) -> None:
    story = tried(promotion__budget__mode=mode)
    story.hear(measured(), activated(reign=2))
    said = story.hear(registered(model="v2-trained"))
    [opened] = [event for event in said if isinstance(event, TrialOpened)]
    assert (opened.k, opened.mode, opened.notice) == (2, mode, notice)
    assert opened.alpha == pytest.approx(alpha)
