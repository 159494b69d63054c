"""Files and variables that hold settings."""

from pathlib import Path

import pytest

from kingmaker.runtime.settings_sources import (
    Level,
    SettingsError,
    from_dotenv,
    from_flags,
    from_variables,
    from_yaml,
)

SECTIONS = frozenset({"costs"})


def yaml(folder: Path, text: str) -> Path:
    path = folder / "x.yaml"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("costs: {fee_bp: 1", "x.yaml:1: this is not YAML"),
        ("costs:\n\tfee_bp: 1", "x.yaml:2: this is not YAML"),
        ("- a\n- b\n", "x.yaml:1: the file holds keys"),
        ("costs: 3\n", "x.yaml:1: costs holds keys, each with its value"),
        ("a: 1\na: 2\n", "x.yaml:2: a is said twice"),
    ],
)
def test_a_bad_file_is_refused_with_its_line(tmp_path: Path, text: str, fault: str) -> None:
    with pytest.raises(SettingsError) as refusal:
        from_yaml(yaml(tmp_path, text), SECTIONS)
    assert fault in str(refusal.value)


def test_an_empty_file_says_nothing(tmp_path: Path) -> None:
    assert from_yaml(yaml(tmp_path, "# nothing\n"), SECTIONS) == []


@pytest.mark.parametrize("date", ["2025-12-25", "2025-13-01"])
def test_a_date_without_quotes_stays_as_it_was_written(tmp_path: Path, date: str) -> None:
    """Given a month that there is not: who knows what a date means says so, with its place."""
    file = yaml(tmp_path, f"days: [{date}]\ndesks:\n  - days: [{date}]\n")
    found = [given.value for given in from_yaml(file, SECTIONS)]
    assert found == [[date], [{"days": [date]}]]


def test_yaml_makes_no_objects(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="not YAML"):
        from_yaml(yaml(tmp_path, "a: [!!python/object/apply:os.getcwd []]\n"), SECTIONS)


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("MIN_SHADOW_TEST_TRADE", "MIN_SHADOW_TEST_TRADES"),
        ("KINGMAKER_HOEM", "KINGMAKER_HOME"),
        ("KINGMAKER_COSTS__FEE_BP", "KINGMAKER__COSTS__FEE_BP"),
    ],
)
def test_a_misspelt_variable_is_refused(name: str, meant: str) -> None:
    with pytest.raises(SettingsError, match=f"{name} is unknown. Did you mean {meant}?"):
        from_variables({name: "1"})


def test_variables_of_others_are_left_alone() -> None:
    assert from_variables({"PATH": "x", "GITHUB_TOKEN": "x", "KINGMAKER_SCHEDULES": "2"}) == (
        [],
        [],
    )


def test_a_line_of_dotenv_that_is_none_is_refused(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("A=1\nnonsense\n", encoding="utf-8")
    with pytest.raises(SettingsError, match=r"\.env:2: 'nonsense' is not NAME=VALUE"):
        from_dotenv(tmp_path / ".env")


def test_dotenv_knows_quotes_comments_and_export(tmp_path: Path) -> None:
    text = "# a\nexport KINGMAKER_HOME='a b' # c\nAUTO_PROMOTION_ENABLED=off # d\nOTHER=1\n"
    (tmp_path / ".env").write_text(text, encoding="utf-8")
    given, warnings = from_dotenv(tmp_path / ".env")
    assert [(one.key, one.value) for one in given] == [("home", "a b"), ("promotion.auto", "off")]
    assert {one.level for one in given} == {Level.DOTENV}
    assert not warnings


def test_a_flag_that_was_not_said_says_nothing() -> None:
    (one,) = from_flags({"home": None, "costs.fee_bp": 1.0})
    assert (one.key, one.origin) == ("costs.fee_bp", "flag --fee-bp")
