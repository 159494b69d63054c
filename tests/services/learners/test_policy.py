"""The settings of the learners: a wrong value names key, value and range."""

import pytest

from kingmaker.learners.policy import Policy


@pytest.mark.parametrize(
    ("key", "value", "remedy"),
    [
        ("min_trades", "many", "whole number from 100"),
        ("min_trades", "99", "whole number from 100"),
        ("min_new_trades", "0", "whole number from 1"),
        ("holdout_share", "0.9", r"from 0\.05 to 0\.5"),
        ("holdout_share", "nan", r"from 0\.05 to 0\.5"),
        ("nightly", "25:00", "from 00:00 to 23:59"),
        ("nightly", "1am", "HH:MM"),
        ("nightly", "01:60", "from 00:00 to 23:59"),
        ("online_learning_l2", "x", "number from"),
        ("regime_detector_starts", "0", "whole number from 1"),
        ("pattern_recognition_keep", "losers", "one of all, winners"),
        ("components", "crystal_ball", "names of cvar_ppo"),
    ],
)
def test_a_wrong_value_is_refused_with_its_remedy(key: str, value: str, remedy: str) -> None:
    with pytest.raises(ValueError, match=rf"learning\.{key}='{value}'.*{remedy}"):
        Policy.from_values({f"learning.{key}": value})


def test_given_values_replace_defaults_and_others_keys_are_left_alone() -> None:
    policy = Policy.from_values({"learning.nightly": "02:30", "promotion.auto": "1"})
    assert policy == Policy(nightly=150)


def test_a_desk_may_need_fewer_trades_than_the_others() -> None:
    policy = Policy.from_values({"learning.min_trades@eurusd-1h": "400"})
    assert policy.trades_needed("eurusd-1h") == 400
    assert policy.trades_needed("btc-1h") == 1000


def test_a_wrong_value_of_a_desk_names_the_desk() -> None:
    with pytest.raises(ValueError, match=r"learning\.min_trades@eurusd-1h='few'"):
        Policy.from_values({"learning.min_trades@eurusd-1h": "few"})


def test_a_training_is_told_what_is_named_after_its_component_and_the_share_held_out() -> None:
    told = Policy(neural_ucb_l2=3.0).parameters("neural_ucb")
    assert told == {"holdout_share": 0.25, "l2": 3.0, "exploration": 0.1}
    assert Policy().parameters("of_nothing_else") == {"holdout_share": 0.25}


def test_a_training_is_told_that_its_model_may_learn_on() -> None:
    policy = Policy.from_values({"learning.revisions": "neural_ucb"})
    assert policy.parameters("neural_ucb")["revisions"] == 1.0
    assert "revisions" not in policy.parameters("online_learning")
    with pytest.raises(ValueError, match=r"learning\.revisions='cvar_ppo': give some of"):
        Policy.from_values({"learning.revisions": "cvar_ppo"})


def test_which_patterns_are_kept_is_a_word_for_people_and_a_number_for_the_training() -> None:
    policy = Policy.from_values({"learning.pattern_recognition_keep": "winners"})
    assert policy.parameters("pattern_recognition")["keep"] == 1.0
    assert Policy().parameters("pattern_recognition")["keep"] == 0.0
