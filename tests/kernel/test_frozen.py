"""A class that is quick does what any frozen dataclass does."""

import dataclasses
from dataclasses import FrozenInstanceError, dataclass, field

import pytest

from kingmaker.kernel.frozen import quick, replace


@dataclass(frozen=True, slots=True)
class Plain:
    name: str
    size: int = 3
    notes: list[str] = field(default_factory=list)


@quick
@dataclass(frozen=True, slots=True)
class Quick:
    """As `Plain`."""

    name: str
    size: int = 3
    notes: list[str] = field(default_factory=list)


@quick
@dataclass(frozen=True, slots=True)
class Doubled:
    number: int
    double: int = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "double", 2 * self.number)


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (("a",), {}),
        (("a", 4, ["x"]), {}),
        (("a",), {"notes": ["y"], "size": 5}),
        ((), {"name": "b"}),
    ],
)
def test_it_is_made_by_the_same_arguments(
    arguments: tuple[str, ...], named: dict[str, object]
) -> None:
    made, wanted = Quick(*arguments, **named), Plain(*arguments, **named)  # type: ignore[arg-type] # any of them
    assert dataclasses.astuple(made) == dataclasses.astuple(wanted)
    assert type(made) is Quick
    assert repr(made) == repr(wanted).replace("Plain", "Quick")


def test_equal_values_are_equal_and_hash_alike() -> None:
    assert Doubled(3) == Doubled(3) != Doubled(4)
    assert len({Doubled(3), Doubled(3)}) == 1


def test_a_default_that_is_made_is_made_for_each() -> None:
    first, second = Quick("a"), Quick("b")
    first.notes.append("mine")
    assert second.notes == []


@pytest.mark.parametrize("arguments", [(), ("a", 1, [], 4)])
def test_wrong_arguments_are_refused(arguments: tuple[object, ...]) -> None:
    with pytest.raises(TypeError, match="argument"):
        Quick(*arguments)  # type: ignore[arg-type] # that is the test


def test_nobody_can_change_it() -> None:
    made = Quick("a")
    with pytest.raises(FrozenInstanceError):
        made.name = "b"  # type: ignore[misc] # that is the test
    with pytest.raises((FrozenInstanceError, TypeError, AttributeError)):
        made.other = "b"  # type: ignore[attr-defined] # that is the test
    assert not hasattr(made, "__dict__")


def test_what_follows_from_the_fields_follows_again_when_they_change() -> None:
    assert Doubled(3).double == 6
    assert replace(Doubled(3), number=5) == Doubled(5)
    assert replace(Doubled(3), number=5) == dataclasses.replace(Doubled(3), number=5)


def test_replace_copies_what_does_not_change() -> None:
    before = Quick("a", 4, ["x"])
    after = replace(before, size=9)
    assert after == Quick("a", 9, ["x"])
    assert after.notes is before.notes
    assert before == Quick("a", 4, ["x"])


def test_replace_refuses_a_field_that_is_not_there() -> None:
    with pytest.raises(TypeError, match="Quick has no field 'colour'"):
        replace(Quick("a"), colour="red")


@dataclass(slots=True)
class Loose:
    name: str


@dataclass(frozen=True)
class WithoutSlots:
    name: str


@dataclass(frozen=True, slots=True)
class Inherits(Plain):
    more: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    name: str


@pytest.mark.parametrize("cls", [Loose, WithoutSlots, Inherits])
def test_another_kind_of_class_is_refused(cls: type) -> None:
    with pytest.raises(TypeError, match=f"{cls.__name__} is not a frozen dataclass"):
        quick(cls)


def test_a_class_with_keywords_only_is_refused() -> None:
    with pytest.raises(TypeError, match="Named has fields that are given by keyword only"):
        quick(Named)


def test_a_class_that_is_quick_stays_as_it_is() -> None:
    init = Quick.__init__
    assert quick(Quick) is Quick
    assert Quick.__init__ is init


def test_replace_changes_any_dataclass() -> None:
    assert replace(Plain("a"), size=9) == Plain("a", 9)
    with pytest.raises(TypeError, match="colour"):
        replace(Plain("a"), colour="red")
