"""What a command prints on standard output: a table for people, JSON for programs."""

import json
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal

type Form = Literal["table", "json", "jsonl"]
type Row = Mapping[str, Any]

GAP = "  "
NOTHING = "-"


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table: its title, the key it shows, and how."""

    title: str
    key: str
    show: Callable[[Any], str] = str
    right: bool = False


def rows(found: Sequence[Row], columns: Sequence[Column], form: Form, empty: str = "") -> None:
    """Print many rows; `empty` says on standard error what would stand here."""
    match form:
        case "json":
            _write(json.dumps(list(found), ensure_ascii=False, indent=2))
        case "jsonl":
            for row in found:
                _write(json.dumps(row, ensure_ascii=False))
        case "table":
            if found:
                _write("\n".join(table(found, columns)))
            elif empty:
                note(empty)


def one(found: Row, lines: Sequence[str], form: Form) -> None:
    """Print one thing: as lines for people, else as an object."""
    if form == "table":
        _write("\n".join(lines))
    else:
        indent = 2 if form == "json" else None
        _write(json.dumps(found, ensure_ascii=False, indent=indent))


def table(found: Sequence[Row], columns: Sequence[Column]) -> list[str]:
    """Return aligned lines, the titles first."""
    cells = [[column.title for column in columns]]
    cells += [[_cell(row.get(column.key), column) for column in columns] for row in found]
    widths = [max(len(line[at]) for line in cells) for at in range(len(columns))]
    return [
        GAP.join(
            text.rjust(width) if column.right else text.ljust(width)
            for text, width, column in zip(line, widths, columns, strict=True)
        ).rstrip()
        for line in cells
    ]


def note(text: str) -> None:
    """Say something to a person: standard error."""
    sys.stderr.write(f"{text}\n")


def moment(time_ms: int | None) -> str:
    """Return UTC to the minute: 2024-04-21 14:00."""
    if not time_ms:
        return NOTHING
    return f"{datetime.fromtimestamp(time_ms / 1000, UTC):%Y-%m-%d %H:%M}"


def percent(value: float | None, digits: int = 2) -> str:
    """Return a fraction as per cent, with its sign."""
    return NOTHING if value is None else f"{value * 100:+.{digits}f} %"


def _cell(value: Any, column: Column) -> str:  # noqa: ANN401 - any value of a row
    return NOTHING if value is None or value == "" else column.show(value)


def _write(text: str) -> None:
    sys.stdout.write(f"{text}\n")
