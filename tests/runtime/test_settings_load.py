"""Settings: what is wrong is told with its place and remedy; what wins is told too."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from kingmaker.runtime.settings import Settings
from kingmaker.runtime.settings_classic import CLASSIC, DEFECTS, PROFILES
from kingmaker.runtime.settings_load import Loaded, Sources, leaves, load, sections
from kingmaker.runtime.settings_sources import SettingsError

PER_TEST = "promotion: {budget: {mode: per_test}}\n"
MIN_TRADES = "KINGMAKER__PROMOTION__MIN_TRADES"


def given(
    folder: Path,
    environment: Mapping[str, str] | None = None,
    *,
    flags: Mapping[str, Any] | None = None,
    yaml: str = "",
    dotenv: str = "",
) -> Loaded:
    """Load from a folder with these files, and from nowhere else."""
    if yaml:
        (folder / "kingmaker.yaml").write_text(yaml, encoding="utf-8")
    if dotenv:
        (folder / ".env").write_text(dotenv, encoding="utf-8")
    return load(Sources(flags=flags or {}, environment=environment or {}, folder=folder))


@pytest.mark.parametrize(
    ("variable", "value", "expected"),
    [
        (MIN_TRADES, "-1", "promotion.min_trades is a whole number of at least 2"),
        (MIN_TRADES, "many", "then 50 holds"),
        (MIN_TRADES, "", "'' is not allowed"),
        ("MIN_SHADOW_TEST_TRADES", "5.5", "env MIN_SHADOW_TEST_TRADES: '5.5' is not allowed"),
        ("AUTO_PROMOTION_ENABLED", "maybe", "on or off (also 1 or 0, true or false)"),
        ("KINGMAKER__MARKET__CALENDAR", "moon", "one of 24x7, fx, cme_futures, us_equities"),
        ("KINGMAKER__LEARNING__NIGHTLY", "25:00", "a time of day, HH:MM"),
        ("PROMOTION_CONFIDENCE_THRESHOLD", "nan", "a number of at least 0 and at most"),
        ("KINGMAKER__PROMOTION__P_METHOD", "welch", "one of e_process, naive_t"),
        ("KINGMAKER__PROMOTION__SHARPE_RULE", "1.1", "one of sign_safe, classic"),
        ("KINGMAKER__PROMOTION__MIN_SHARPE", "10", "a number between -10 and 10"),
        ("KINGMAKER__PROMOTION__MIN_SHARPE", "high", "or nothing: then it is off"),
        ("KINGMAKER__PROMOTION__WIN_RATE_TOLERANCE", "2", "a number of at least 0 and at most 1"),
        ("KINGMAKER__PROMOTION__MAX_FAULTS", "-1", "a whole number of at least 0"),
        ("KINGMAKER__TRIAL__START_AFTER_TRADES", "some", "then 0 holds"),
        ("KINGMAKER__PROFILE", "modern", "one of standard, classic"),
        ("KINGMAKER__DESKS", "a,b", "desks is a list. Write it as JSON"),
        ("KINGMAKER__DESKS", '[{"name": "Main Desk"}]', "desks.0.name"),
        ("KINGMAKER__DESKS", '[{"name":"a","interva":"1h"}]', "Did you mean interval?"),
        ("KINGMAKER__DESKS", '[{"name":"a"},{"name":"a"}]', "two desks are called a"),
    ],
)
def test_a_wrong_value_names_variable_value_range_and_remedy(
    tmp_path: Path, variable: str, value: str, expected: str
) -> None:
    with pytest.raises(SettingsError) as refusal:
        given(tmp_path, {variable: value})
    assert variable in str(refusal.value)
    assert expected in str(refusal.value)


def test_all_faults_are_told_at_once(tmp_path: Path) -> None:
    environment = {MIN_TRADES: "-1", "KINGMAKER__PROMOTION__MIN_TAKN": "3"}
    with pytest.raises(SettingsError) as refusal:
        given(tmp_path, environment, yaml="costs:\n  fee_bp: free\n")
    first, second, third = str(refusal.value).splitlines()
    assert first.startswith(f"{tmp_path}/kingmaker.yaml:2: 'free' is not allowed")
    assert MIN_TRADES in second + third
    assert "Did you mean promotion.min_taken?" in second + third


@pytest.mark.parametrize(
    ("yaml", "expected"),
    [
        ("promotion:\n  min_trade: 5\n", ":2: promotion.min_trade is unknown. Did you mean prom"),
        ("promotoin:\n  auto: off\n", ":2: promotoin.auto is unknown. Did you mean promotion.auto"),
        ("zebra: 1\n", ":1: zebra is unknown. `kingmaker config show` lists every key"),
    ],
)
def test_an_unknown_key_is_refused_with_a_suggestion(
    tmp_path: Path, yaml: str, expected: str
) -> None:
    with pytest.raises(SettingsError) as refusal:
        given(tmp_path, yaml=yaml)
    assert expected in str(refusal.value)


def test_a_file_that_was_named_must_be_there(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"no\.yaml does not exist"):
        load(Sources(environment={}, folder=tmp_path, files=[tmp_path / "no.yaml"]))


def test_without_a_word_every_default_holds(tmp_path: Path) -> None:
    loaded = given(tmp_path)
    assert loaded.settings == Settings()
    assert set(loaded.origins.values()) == {"default"}
    assert not loaded.warnings


def test_the_higher_place_wins_and_each_is_named(tmp_path: Path) -> None:
    yaml = "promotion:\n  min_trades: 60\n"
    dotenv = f"{MIN_TRADES}=70\n"
    classic = {"MIN_SHADOW_TEST_TRADES": "80"}
    own = {**classic, MIN_TRADES: "90"}
    flag = {"promotion.min_trades": 100}
    values = [
        given(tmp_path, yaml=yaml),
        given(tmp_path, dotenv=dotenv),
        given(tmp_path, classic),
        given(tmp_path, own),
        given(tmp_path, own, flags=flag),
    ]
    assert [one.settings.promotion.min_trades for one in values] == [60, 70, 80, 90, 100]
    assert [one.origins["promotion.min_trades"] for one in values] == [
        f"{tmp_path}/kingmaker.yaml:2",
        f"{tmp_path}/.env:1 {MIN_TRADES}",
        "env MIN_SHADOW_TEST_TRADES",
        f"env {MIN_TRADES}",
        "flag --min-trades",
    ]
    (warning,) = values[1].warnings
    assert warning == (
        f"promotion.min_trades: {tmp_path}/.env:1 {MIN_TRADES} says 70, {tmp_path}/kingmaker.yaml:2"
        " says 60; the former holds"
    )


def test_two_places_that_agree_are_no_conflict(tmp_path: Path) -> None:
    environment = {"AUTO_PROMOTION_ENABLED": "0", "KINGMAKER__PROMOTION__AUTO": "off"}
    loaded = given(tmp_path, environment)
    assert loaded.settings.promotion.auto is False
    assert not loaded.warnings


def test_later_files_win_silently_over_earlier_ones(tmp_path: Path) -> None:
    for name, fee in (("a", 1), ("b", 2)):
        (tmp_path / f"{name}.yaml").write_text(f"costs: {{fee_bp: {fee}}}", encoding="utf-8")
    files = [tmp_path / "a.yaml", tmp_path / "b.yaml"]
    loaded = load(Sources(environment={}, folder=tmp_path, files=files))
    assert loaded.settings.costs.fee_bp == 2
    assert not loaded.warnings


def test_what_a_home_remembers_is_the_weakest(tmp_path: Path) -> None:
    remembered = tmp_path / "desks.yaml"
    remembered.write_text("desks: [{name: a}]\ncosts: {fee_bp: 1}\n", encoding="utf-8")
    environment = {"KINGMAKER__COSTS__FEE_BP": "3"}
    loaded = load(Sources(environment=environment, folder=tmp_path, remembered=remembered))
    assert [desk.name for desk in loaded.settings.desks] == ["a"]
    assert loaded.settings.costs.fee_bp == 3
    assert not loaded.warnings


def test_every_classic_name_means_a_key_that_exists(tmp_path: Path) -> None:
    values = {"home": "here", "promotion.auto": "0", "promotion.min_trades": "80"}
    values |= {"historical.enabled": "1", "historical.intensity": "DEFAULT"}
    environment = {name: values.get(key, "0.2") for name, key in CLASSIC.items()}
    loaded = given(tmp_path, environment)
    assert {loaded.origins[key] for key in CLASSIC.values()} == {f"env {n}" for n in CLASSIC}
    assert loaded.settings.promotion.min_trades == 80


def test_a_classic_name_without_a_function_here_is_said_to_do_nothing(tmp_path: Path) -> None:
    (warning,) = given(tmp_path, {"GITHUB_MODEL_REPO": "a/b"}).warnings
    assert warning.startswith("GITHUB_MODEL_REPO=a/b in the environment does nothing: there is no")
    assert warning.endswith("Leave it out.")


def test_learning_in_place_is_refused_with_the_reason_and_what_does_learn(tmp_path: Path) -> None:
    (warning,) = given(tmp_path, {"RlRuntimeMode": "Train"}).warnings
    assert warning.startswith("RlRuntimeMode=Train in the environment does nothing: what decides")
    assert "a trial judges the policy that would reign" in warning, "the reason"
    assert warning.endswith("name them in learning.revisions."), "the remedy"
    assert not given(tmp_path, {"RlRuntimeMode": "InferenceOnly"}).warnings


def test_a_time_of_day_stays_one_in_yaml(tmp_path: Path) -> None:
    loaded = given(tmp_path, yaml="learning: {nightly: 13:30}\n")
    assert loaded.settings.learning.nightly == "13:30"


def test_sections_hold_keys_and_keys_hold_values() -> None:
    assert "promotion.budget" in sections()
    assert "promotion.budget.window_days" in leaves(Settings)
    assert not sections() & set(leaves(Settings))


def test_the_classic_profile_selects_rules_and_is_their_origin(tmp_path: Path) -> None:
    loaded = given(tmp_path, yaml="profile: classic\n")
    chosen = {key for key, origin in loaded.origins.items() if origin == "profile: classic"}
    assert chosen == set(PROFILES["classic"])
    assert loaded.settings.promotion.p_method == "naive_t"
    assert loaded.settings.promotion.sharpe_rule == "classic"
    assert loaded.settings.promotion.budget.mode == "per_test"
    assert loaded.settings.trial.start_after_trades == 50
    assert (loaded.settings.canary.rule, loaded.settings.canary.minutes) == ("classic_15pct", 60.0)
    assert loaded.origins["profile"].endswith("kingmaker.yaml:1")


def test_every_profile_names_keys_that_there_are() -> None:
    assert set(PROFILES) == {"standard", "classic"}
    assert {key for values in PROFILES.values() for key in values} <= set(leaves(Settings))
    assert {key for key, _ in DEFECTS} <= set(leaves(Settings))


@pytest.mark.parametrize("where", ["flag", "variable", "file"])
def test_what_anyone_says_wins_over_the_profile_without_a_warning(
    tmp_path: Path, where: str
) -> None:
    key = "promotion.p_method"
    loaded = given(
        tmp_path,
        {"KINGMAKER__PROFILE": "classic"}
        | ({"KINGMAKER__PROMOTION__P_METHOD": "e_process"} if where == "variable" else {}),
        flags={key: "e_process"} if where == "flag" else {},
        yaml="promotion: {p_method: e_process}\n" if where == "file" else "",
    )
    assert loaded.settings.promotion.p_method == "e_process"
    assert loaded.origins[key] != "profile: classic"
    assert loaded.settings.promotion.sharpe_rule == "classic"
    assert not [text for text in loaded.warnings if key in text]


def test_the_profile_that_wins_is_the_one_said_highest(tmp_path: Path) -> None:
    loaded = given(tmp_path, {"KINGMAKER__PROFILE": "standard"}, yaml="profile: classic\n")
    assert loaded.settings.promotion == Settings().promotion
    assert loaded.settings.profile == "standard"


def test_every_defect_is_named_at_start_with_who_chose_it(tmp_path: Path) -> None:
    warnings = given(tmp_path, yaml="profile: classic\n").warnings
    assert any("promotion.p_method is naive_t (profile: classic): not valid" in w for w in warnings)
    assert any("promotion.sharpe_rule is classic" in w for w in warnings)
    assert any("promotion.budget.mode is per_test" in w for w in warnings)
    assert any("canary.rule is classic_15pct (profile: classic)" in w for w in warnings)
    explicit = given(tmp_path, yaml=PER_TEST).warnings
    assert [w for w in explicit if w.startswith("promotion.budget.mode is per_test")]


def test_classic_variables_and_the_profile_work_together(tmp_path: Path) -> None:
    loaded = given(tmp_path, {"MIN_SHADOW_TEST_TRADES": "80", "KINGMAKER__PROFILE": "classic"})
    assert loaded.settings.promotion.min_trades == 80
    assert loaded.origins["promotion.min_trades"] == "env MIN_SHADOW_TEST_TRADES"
    assert loaded.settings.promotion.p_method == "naive_t"
