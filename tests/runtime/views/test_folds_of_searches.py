"""Folds of searches for parameters: a row where one searched, and none where nobody did."""

import json

import pytest

from tests.runtime.views.test_folds import SLOT, rows


def test_a_training_that_searches_has_its_trials_and_what_they_found_in_a_row() -> None:
    asked = {"training": "tr-0001", "slot": SLOT, "parameters": {"search_trials": 50.0}}
    begun = rows("kingmaker.learners.v1.TrainingStarted", **asked)["searches", "tr-0001"]
    assert (begun["trials"], begun["slot"], begun["desk"]) == (50, SLOT, "main")
    done = rows(
        "kingmaker.learners.v1.TrainingCompleted",
        training="tr-0001",
        slot=SLOT,
        found={"l2": 3.0},
    )
    assert json.loads(done["searches", "tr-0001"]["found"]) == {"l2": 3.0}


def test_a_training_that_does_not_search_has_none() -> None:
    for name in ("TrainingStarted", "TrainingCompleted"):
        told = rows(f"kingmaker.learners.v1.{name}", training="tr-0001", slot=SLOT)
        assert not [key for key in told if key[0] == "searches"]


@pytest.mark.parametrize("trials", [float("nan"), float("inf"), 2.5])
def test_trials_that_are_no_number_of_trials_are_not_told(trials: float) -> None:
    asked = {"training": "tr-0001", "slot": SLOT, "parameters": {"search_trials": trials}}
    told = rows("kingmaker.learners.v1.TrainingStarted", **asked)
    assert told["searches", "tr-0001"]["trials"] is None


def test_a_model_that_a_search_made_has_its_tags_and_parameters_in_a_row() -> None:
    told = rows(
        "kingmaker.registry.v1.ModelRegistered",
        slot=SLOT,
        model="v1.1.0-autogen",
        tags={"autogen": "true"},
        found={"l2": 3.0},
    )["model_tags", SLOT, "v1.1.0-autogen"]
    assert json.loads(told["tags"]) == {"autogen": "true"}
    assert json.loads(told["found"]) == {"l2": 3.0}
    plain = rows("kingmaker.registry.v1.ModelRegistered", slot=SLOT, model="v1.1.0-trained")
    assert not [key for key in plain if key[0] == "model_tags"]
