"""Many changes in memory, made one row each: what a store writes in one transaction."""

import json
import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from kingmaker.kernel.lane import Lane
from kingmaker.runtime.views.changes import Add, Change, Key, Learned, Set, Value
from kingmaker.runtime.views.schema import TABLES
from kingmaker.runtime.views.texts import as_key, as_value

ACTIVE, STATES, EVENTS = "active_learning_state", "learning_state", "learning_events"
HEAD_WEIGHTS = "head_weights"
# Sums of floats depend on their order: these are added one by one to what is there.
SUMS = {
    name: {column for column, kind in table.counters.items() if kind == "DOUBLE PRECISION"}
    for name, table in TABLES.items()
}

type Row = tuple[Any, ...]
type At = tuple[str, Key]  # table and key


class Folded(NamedTuple):
    """Up to where a lane is folded; `place` is where its store had that record, as a hint."""

    seq: int
    hash: str
    place: int | None = None


@dataclass(frozen=True, slots=True)
class Upsert:
    """Rows of one table that set and add to the same columns."""

    table: str
    keys: Sequence[str]
    sets: Sequence[str]
    adds: Sequence[str]
    rows: list[Row]

    @property
    def names(self) -> Sequence[str]:
        """Every column, in the order of a row."""
        return (*self.keys, *self.sets, *self.adds)


class Batch:
    """Changes, and the places of the events that they belong to."""

    def __init__(self) -> None:
        """Begin empty."""
        self.folded: dict[Lane, Folded] = {}
        self._sets: dict[At, dict[str, Value]] = {}
        self._adds: dict[At, dict[str, int | float]] = {}
        self._sums: dict[At, dict[str, list[float]]] = {}
        self._learned: list[Learned] = []

    def take(self, changes: Iterable[Change], lane: Lane, folded: Folded) -> None:
        """Keep what an event does to rows, and where the event stands."""
        for change in changes:
            if type(change) is Set:  # every event passes here: no match, no call
                at = (change.table, change.key)
                row = self._sets.get(at)
                if row is None:
                    self._sets[at] = dict(change.values)
                else:
                    row.update(change.values)
            elif type(change) is Add:
                self._add((change.table, change.key), change.amounts)
            elif type(change) is Learned:
                self._learned.append(change)
        self.folded[lane] = folded

    @property
    def needs(self) -> Sequence[str]:
        """Return the tables whose rows `settle` must see."""
        active = (ACTIVE,) if self._learned else ()
        return (*sorted({table for table, _ in self._sums}), *active)

    def settle(self, there: Mapping[str, Iterable[Mapping[str, Any]]]) -> None:
        """Decide what depends on what is there: sums of floats, and numbers of versions."""
        for table in {table for table, _ in self._sums}:
            keys = TABLES[table].key
            self._total(table, {tuple(row[key] for key in keys): row for row in there[table]})
        if self._learned:
            self._number({(row["desk"], row["state_type"]): row for row in there[ACTIVE]})

    def upserts(self) -> Iterator[Upsert]:
        """Yield every row once, those of the same table and columns together."""
        grouped: dict[tuple[str, tuple[str, ...], tuple[str, ...]], list[Row]] = defaultdict(list)
        nothing: dict[str, Any] = {}
        for at in dict.fromkeys((*self._sets, *self._adds)):
            sets, adds = self._sets.get(at, nothing), self._adds.get(at, nothing)
            row = (*map(as_key, at[1]), *map(as_value, sets.values()), *adds.values())
            grouped[at[0], tuple(sets), tuple(adds)].append(row)
        for (table, set_names, add_names), rows in grouped.items():
            yield Upsert(table, tuple(TABLES[table].key), set_names, add_names, rows)

    def _set(self, table: str, key: Key, values: Mapping[str, Value]) -> None:
        self._sets.setdefault((table, key), {}).update(values)

    def _add(self, at: At, amounts: Mapping[str, int | float]) -> None:
        sums, counters = SUMS[at[0]], self._adds.setdefault(at, {})
        for name, amount in amounts.items():
            if name in sums:
                self._sums.setdefault(at, {}).setdefault(name, []).append(amount)
            else:
                counters[name] = counters.get(name, 0) + amount

    def _total(self, table: str, there: Mapping[Key, Mapping[str, Any]]) -> None:
        for (name, key), columns in self._sums.items():
            if name != table:
                continue
            row = there.get(tuple(map(as_key, key)), {})
            for column, amounts in columns.items():
                total = row.get(column, 0.0)
                for amount in filter(math.isfinite, amounts):  # else no sum would ever be one again
                    total += amount
                self._set(table, key, {column: total})

    def _number(self, active: Mapping[Key, Mapping[str, Any]]) -> None:
        """Give every state that differs from the one before it the next number."""
        last: dict[Key, tuple[int, str]] = {
            key: (row["current_version"], row["state_data"]) for key, row in active.items()
        }
        for one in self._learned:
            key = (as_key(one.desk), as_key(one.state_type))
            version, data = last.get(key, (0, ""))
            if data and json.loads(data) == json.loads(one.data):
                continue
            last[key] = version + 1, one.data
            self._keep(one, version + 1, data or None)

    def _keep(self, one: Learned, version: int, before: str | None) -> None:
        key = (one.desk, one.state_type)
        kept: dict[str, Value] = {
            "id": f"{one.event}#{one.state_type}",
            "state_data": one.data,
            "created_at": one.time_ms,
        }
        self._set(STATES, (*key, version), kept)
        active: dict[str, Value] = {
            "current_version": version,
            "state_data": one.data,
            "updated_at": one.time_ms,
        }
        self._set(ACTIVE, key, active)
        if one.state_type == HEAD_WEIGHTS:
            told: dict[str, Value] = {
                "desk": one.desk,
                "event_type": "weight_update",
                "old_value": before,
                "new_value": one.data,
                "event_timestamp": one.time_ms,
            }
            self._set(EVENTS, (one.event,), told)
