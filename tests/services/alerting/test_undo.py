"""The commands that take things back."""

from kingmaker.alerting import undo


def test_a_rollback_names_its_slot_and_asks_for_a_reason() -> None:
    assert undo.rollback("cvar_ppo@main") == 'kingmaker rollback cvar_ppo@main --reason "..."'


def test_what_ends_a_kill_names_its_desk() -> None:
    assert undo.resume("main") == 'kingmaker risk resume main --reason "..."'


def test_an_id_says_which_desk_it_is_of() -> None:
    assert undo.desk_of_id("p-0001@main") == "main"
    assert undo.desk_of_id("") == ""
