"""Puts settings together: flag > KINGMAKER__KEY > classic variable > .env > files > default.

What a profile selects comes between the files and the default.
"""

import json
import os
import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Any, get_args

from annotated_types import Ge, Gt, Le, Lt
from pydantic import BaseModel, TypeAdapter, ValidationError
from pydantic.fields import FieldInfo

from kingmaker.runtime.settings import DeskSettings, Settings
from kingmaker.runtime.settings_classic import DEFECTS
from kingmaker.runtime.settings_sources import (
    Given,
    Level,
    SettingsError,
    from_dotenv,
    from_flags,
    from_profile,
    from_variables,
    from_yaml,
)

DEFAULT = "default"
FILE_NAME = "kingmaker.yaml"

_SECRET = re.compile(r"(://[^/@\s:]*:|password=)[^@&\s]+")


@dataclass(frozen=True, slots=True)
class Sources:
    """Where to look; a test gives its own."""

    flags: Mapping[str, Any] = field(default_factory=dict)  # by key; None: not said
    environment: Mapping[str, str] = field(default_factory=lambda: os.environ)
    folder: Path = Path()  # of kingmaker.yaml and .env
    files: Sequence[Path] = ()  # named by --config, later ones win
    remembered: Path | None = None  # what a home keeps: the weakest


@dataclass(frozen=True, slots=True)
class Loaded:
    """The settings, where each came from, and what a person should know."""

    settings: Settings
    origins: Mapping[str, str]
    warnings: Sequence[str]


def load(sources: Sources | None = None) -> Loaded:
    """Return the settings. Raises SettingsError with every fault, its place and its remedy."""
    given, warnings = _collect(sources or Sources())
    values: dict[str, Any] = {}
    origins = dict.fromkeys(leaves(Settings), DEFAULT)
    for key, rows in _by_key(given).items():
        winner, values[key] = max(enumerate(rows), key=lambda row: (row[1][0].level, row[0]))[1]
        origins[key] = winner.origin
        warnings += _conflicts(key, winner, values[key], rows)
    warnings += _defects(values, origins)
    try:
        return Loaded(Settings.model_validate(_nested(values)), origins, warnings)
    except ValidationError as error:
        faults = [(".".join(map(str, each["loc"])), each["msg"]) for each in error.errors()]
        told = [f"{origins[key]}: {key}: {message}. Correct it." for key, message in faults]
        raise SettingsError("\n".join(told)) from None


def leaves(model: type[BaseModel], prefix: str = "") -> dict[str, FieldInfo]:
    """Return every key that holds a value, in order of declaration."""
    found: dict[str, FieldInfo] = {}
    for name, info in model.model_fields.items():
        if _is_section(info):
            found |= leaves(info.annotation, f"{prefix}{name}.")  # type: ignore[arg-type] # a section
        else:
            found[f"{prefix}{name}"] = info
    return found


def sections(model: type[BaseModel] = Settings, prefix: str = "") -> frozenset[str]:
    """Return every key that holds further keys."""
    inner = {name: info for name, info in model.model_fields.items() if _is_section(info)}
    below = [sections(info.annotation, f"{prefix}{name}.") for name, info in inner.items()]  # type: ignore[arg-type] # a section
    return frozenset({f"{prefix}{name}" for name in inner}.union(*below))


def value_of(settings: BaseModel, key: str) -> Any:  # noqa: ANN401 - any leaf
    """Return the value under a dotted key."""
    found: Any = settings
    for name in key.split("."):
        found = getattr(found, name)
    return found


def unknown_key(key: str, known: Sequence[str]) -> str:
    """Return the sentence about a key that nobody reads."""
    short = {name.rpartition(".")[2]: name for name in known}
    close = get_close_matches(key, known, 1, 0.6)
    close = close or [short[n] for n in get_close_matches(key.rpartition(".")[2], short, 1, 0.8)]
    hint = f"Did you mean {close[0]}?" if close else "`kingmaker config show` lists every key."
    return f"{key} is unknown. {hint}"


def _collect(sources: Sources) -> tuple[list[Given], list[str]]:
    """Return everything that was said, weakest first."""
    nests = sections()
    here = sources.folder / FILE_NAME
    files = [*([here] if here.is_file() else []), *sources.files]
    given: list[Given] = []
    if sources.remembered is not None and sources.remembered.is_file():
        given += from_yaml(sources.remembered, nests, Level.HOME)
    for path in files:
        given += from_yaml(path, nests)
    dotenv, warnings = from_dotenv(sources.folder / ".env")
    variables, more = from_variables(sources.environment)
    given += [*dotenv, *variables, *from_flags(sources.flags)]
    return [*from_profile(given), *given], [*warnings, *more]


def _by_key(given: Sequence[Given]) -> Mapping[str, Sequence[tuple[Given, Any]]]:
    """Return every value as its key has it, weakest first; SettingsError holds every fault."""
    known = leaves(Settings)
    found: dict[str, list[tuple[Given, Any]]] = defaultdict(list)
    faults: list[str] = []
    for one in given:
        try:
            found[one.key].append((one, _checked(one, known)))
        except SettingsError as error:
            faults.append(str(error))
    if faults:
        raise SettingsError("\n".join(faults))
    return found


def _checked(one: Given, known: Mapping[str, FieldInfo]) -> Any:  # noqa: ANN401 - any leaf
    info = known.get(one.key)
    if info is None:
        raise SettingsError(f"{one.origin}: {unknown_key(one.key, list(known))}")
    value = _from_json(one) if isinstance(one.value, str) and _holds_many(info) else one.value
    if one.key == "desks":
        _check_desk_keys(one.origin, value)
    adapter: TypeAdapter[Any] = TypeAdapter(Annotated[info.annotation, info])  # type: ignore[arg-type] # made at run time
    try:
        return adapter.validate_python(value)
    except ValidationError as error:
        raise SettingsError(_wrong(one, info, error)) from None


def _check_desk_keys(origin: str, desks: object) -> None:
    """Say which key of a desk is unknown in the same words as for any other key."""
    known = list(DeskSettings.model_fields)
    for desk in desks if isinstance(desks, list) else ():
        for name in desk if isinstance(desk, dict) else ():
            if name not in known:
                raise SettingsError(f"{origin}: desks: {unknown_key(str(name), known)}")


def _from_json(one: Given) -> Any:  # noqa: ANN401 - whatever JSON holds
    try:
        return json.loads(one.value)
    except ValueError:
        raise SettingsError(f"{one.origin}: {one.key} is a list. Write it as JSON.") from None


def _wrong(one: Given, info: FieldInfo, error: ValidationError) -> str:
    if _holds_many(info):
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        return f"{one.origin}: {one.key}.{place}: {first['msg']}. Correct it."
    default = "on" if info.default is True else "off" if info.default is False else info.default
    return (
        f"{one.origin}: {_without_secret(one.value)!r} is not allowed: {one.key} is"
        f" {allowed(info)}. Correct it, or remove it: then {default} holds."
    )


def _without_secret(value: object) -> object:
    """Return a value for people: a password that somebody wrote into a URL is left out."""
    return _SECRET.sub(r"\1***", value) if isinstance(value, str) else value


def allowed(info: FieldInfo) -> str:
    """Return in words what a key takes."""
    if info.annotation is bool:
        return "on or off (also 1 or 0, true or false)"
    choices = get_args(info.annotation)
    if choices and all(isinstance(choice, str) for choice in choices):
        return f"one of {', '.join(choices)}"
    form = next((mark for mark in info.metadata if isinstance(mark, str)), "")
    if form:
        return form
    numbers: dict[Any, str] = {int: "a whole number", float: "a number"}
    kind = numbers.get(info.annotation, "text")
    bounds = [words for mark in info.metadata if (words := _bound(mark))]
    return " ".join((kind, " and ".join(bounds))).strip()


def _bound(mark: object) -> str:
    match mark:
        case Ge(ge=low):
            return f"of at least {low}"
        case Gt(gt=low):
            return f"above {low}"
        case Le(le=high):
            return f"at most {high}"
        case Lt(lt=high):
            return f"below {high}"
    return ""


def _conflicts(
    key: str, winner: Given, value: object, rows: Sequence[tuple[Given, Any]]
) -> list[str]:
    return [
        f"{key}: {winner.origin} says {winner.value}, {other.origin} says {other.value}; the"
        f" former holds"
        for other, said in rows
        if other.level not in (winner.level, Level.HOME, Level.PROFILE) and said != value
    ]


def _defects(values: Mapping[str, Any], origins: Mapping[str, str]) -> list[str]:
    return [
        f"{key} is {value} ({origins[key]}): {wrong}"
        for (key, value), wrong in DEFECTS.items()
        if values.get(key) == value
    ]


def _nested(values: Mapping[str, Any]) -> dict[str, Any]:
    tree: dict[str, Any] = {}
    for key, value in values.items():
        *path, name = key.split(".")
        branch = tree
        for part in path:
            branch = branch.setdefault(part, {})
        branch[name] = value
    return tree


def _is_section(info: FieldInfo) -> bool:
    return isinstance(info.annotation, type) and issubclass(info.annotation, BaseModel)


def _holds_many(info: FieldInfo) -> bool:
    return getattr(info.annotation, "__origin__", None) is tuple
