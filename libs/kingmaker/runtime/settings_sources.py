"""Where settings are written: variables, `.env`, YAML files, flags; each value with its origin.

Read here rather than by pydantic-settings, which loses the line of a value and costs 140 ms of
every command.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from enum import IntEnum
from pathlib import Path
from typing import Any, ClassVar

import yaml

from kingmaker.runtime.settings_classic import CLASSIC, PROFILES, SO_ANYWAY, WITHOUT_EFFECT

PREFIX = "KINGMAKER__"
NESTED = "__"
PROFILE_KEY = "profile"

_VARIABLE = re.compile(r"(?:export\s+)?([A-Za-z_]\w*)\s*=\s*(.*)")
_CLOSE = 0.85


class Level(IntEnum):
    """Which wins: the higher."""

    PROFILE = 0  # what `profile` selects
    HOME = 1  # what the folder remembers
    FILE = 2
    DOTENV = 3
    CLASSIC = 4
    VARIABLE = 5
    FLAG = 6


class SettingsError(Exception):
    """Settings that cannot hold: one line a fault, each with its place and its remedy."""


@dataclass(frozen=True, slots=True)
class Given:
    """One value that somebody wrote, and where."""

    key: str
    value: Any
    origin: str
    level: Level


def from_profile(given: Sequence[Given]) -> list[Given]:
    """Return what the profile selects that was said last; any explicit value wins over these."""
    said = [one for one in given if one.key == PROFILE_KEY]
    name = str(max(said, key=lambda one: one.level).value) if said else ""
    origin = f"{PROFILE_KEY}: {name}"
    return [
        Given(key, value, origin, Level.PROFILE) for key, value in PROFILES.get(name, {}).items()
    ]


def from_flags(flags: Mapping[str, Any]) -> list[Given]:
    """Return what was said on the command line; `flags` by key, None where not said."""
    return [
        Given(key, value, f"flag --{key.rpartition('.')[2].replace('_', '-')}", Level.FLAG)
        for key, value in flags.items()
        if value is not None
    ]


def from_variables(environment: Mapping[str, str]) -> tuple[list[Given], list[str]]:
    """Return what the environment says, and warnings. Raises SettingsError for misspelt names."""
    rows = [(name, value, f"env {name}") for name, value in sorted(environment.items())]
    given = [
        one for name, value, origin in rows for one in _variable(name, value, origin, dotenv=False)
    ]
    return given, list(_without_effect(environment, "the environment"))


def from_dotenv(path: Path) -> tuple[list[Given], list[str]]:
    """Return what a `.env` file says, and warnings; nothing if it is not there."""
    if not path.is_file():
        return [], []
    found: dict[str, str] = {}
    given: list[Given] = []
    for number, line in enumerate(_read(path).splitlines(), start=1):
        text = line.strip()
        if not text or text.startswith("#"):
            continue
        match = _VARIABLE.fullmatch(text)
        if not match:
            raise SettingsError(f"{path}:{number}: {text!r} is not NAME=VALUE. Correct the line.")
        name, value = match[1], _unquote(match[2])
        found[name] = value
        given += _variable(name, value, f"{path}:{number} {name}", dotenv=True)
    return given, list(_without_effect(found, str(path)))


def from_yaml(path: Path, sections: frozenset[str], level: Level = Level.FILE) -> list[Given]:
    """Return what a YAML file says, each value with its line.

    `sections` are the keys that hold further keys; anything else is a value.
    Raises SettingsError if the file is missing, is no YAML, or says a key twice.
    """
    loader = _Loader(_read(path))
    try:
        node = loader.get_single_node()
        if node is None:
            return []
        return list(_walk(loader, node, _Place(path, sections, level), ""))
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = f":{mark.line + 1}" if mark else ""
        reason = getattr(error, "problem", None) or str(error)
        raise SettingsError(f"{path}{line}: this is not YAML ({reason}). Correct it.") from error
    finally:
        loader.dispose()


class _Loader(yaml.SafeLoader):
    """Leaves a date in a list as it was written: no setting is a date of YAML."""

    yaml_constructors: ClassVar = {
        **yaml.SafeLoader.yaml_constructors,
        "tag:yaml.org,2002:timestamp": yaml.SafeLoader.construct_yaml_str,
    }


@dataclass(frozen=True, slots=True)
class _Place:
    path: Path
    sections: frozenset[str]
    level: Level


def _walk(loader: yaml.SafeLoader, node: yaml.Node, place: _Place, prefix: str) -> Iterator[Given]:
    if not isinstance(node, yaml.MappingNode):
        line = node.start_mark.line + 1
        what = f"{prefix[:-1]} holds keys" if prefix else "the file holds keys"
        raise SettingsError(f"{place.path}:{line}: {what}, each with its value. Write KEY: VALUE.")
    seen: set[str] = set()
    for key_node, value_node in node.value:
        name = str(key_node.value)
        key, line = f"{prefix}{name}", key_node.start_mark.line + 1
        if name in seen:
            raise SettingsError(f"{place.path}:{line}: {key} is said twice. Remove one of them.")
        seen.add(name)
        # Also into sections that nobody has: then their keys are named as unknown.
        if key in place.sections or isinstance(value_node, yaml.MappingNode):
            yield from _walk(loader, value_node, place, f"{key}.")
        else:
            value = _value(loader, value_node)
            yield Given(key, value, f"{place.path}:{line}", place.level)


def _value(loader: yaml.SafeLoader, node: yaml.Node) -> Any:  # noqa: ANN401 - whatever YAML holds
    """Keep scalars as written: YAML would read 13:30 as 810."""
    return node.value if isinstance(node, yaml.ScalarNode) else loader.construct_object(node, True)  # noqa: FBT003 - its parameter is called deep


def _variable(name: str, value: str, origin: str, *, dotenv: bool) -> Iterator[Given]:
    if name.startswith(PREFIX):
        key = name.removeprefix(PREFIX).lower().replace(NESTED, ".")
        yield Given(key, value, origin, Level.DOTENV if dotenv else Level.VARIABLE)
    elif name in CLASSIC:
        yield Given(CLASSIC[name], value, origin, Level.DOTENV if dotenv else Level.CLASSIC)
    elif close := _misspelt(name):
        raise SettingsError(f"{origin}: {name} is unknown. Did you mean {close}?")


def _misspelt(name: str) -> str:
    """Return the variable of ours that `name` seems to mean; empty for a stranger's."""
    if name in WITHOUT_EFFECT:
        return ""
    if name.startswith("KINGMAKER_") and NESTED in name:
        return PREFIX + name.removeprefix("KINGMAKER_").lstrip("_")
    return next(iter(get_close_matches(name, CLASSIC, 1, _CLOSE)), "")


def _without_effect(names: Mapping[str, str], where: str) -> Iterator[str]:
    for name in sorted(names):
        if name in WITHOUT_EFFECT and names[name] != SO_ANYWAY.get(name):
            given = f"{name}={names[name]}"
            yield f"{given} in {where} does nothing: {WITHOUT_EFFECT[name]}."


def _unquote(text: str) -> str:
    quote = text[:1]
    if quote in ('"', "'"):
        end = text.find(quote, 1)
        return text[1:end] if end > 0 else text
    return text.partition(" #")[0].rstrip()


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise SettingsError(f"{path} does not exist. Check the path after --config.") from None
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path} cannot be read: {error}. Check the file.") from error
