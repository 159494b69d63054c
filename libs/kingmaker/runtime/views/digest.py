"""One hash of rows: equal where two databases hold the same, whatever each calls it.

Rows are put in order here, since databases sort text by rules of their own; JSON is compared by
content, and numbers as floats.
"""

import json
from collections.abc import Iterable, Mapping
from hashlib import sha256
from typing import Any

from kingmaker.runtime.views.schema import TABLES
from kingmaker.runtime.views.store import ViewStore


def digests(store: ViewStore) -> Mapping[str, str]:
    """Return the hash of the rows of every table, and of up to where they are folded."""
    found = {name: _of_table(store, name) for name in sorted(TABLES)}
    ends = ((*lane, one.seq, one.hash) for lane, one in store.positions().items())
    return {**found, "folded": _of_rows(ends)}


def digest(store: ViewStore) -> str:
    """Return one hash of everything."""
    return sha256(json.dumps(dict(digests(store)), sort_keys=True).encode()).hexdigest()


def _of_table(store: ViewStore, name: str) -> str:
    types = TABLES[name].types
    is_json = [kind == "JSONB" for kind in types.values()]
    return _of_rows(
        tuple(_json(value) if json_ else value for value, json_ in zip(row, is_json, strict=True))
        for row in store.rows(name, list(types))
    )


def _of_rows(rows: Iterable[tuple[Any, ...]]) -> str:
    told = sorted(repr(tuple(_number(value) for value in row)) for row in rows)
    return sha256("\n".join(told).encode()).hexdigest()


def _json(text: str | None) -> str | None:
    if text is None:
        return None
    content = json.loads(text, parse_float=_float, parse_int=_float)
    return json.dumps(content, sort_keys=True)


def _float(text: str) -> float:
    return float(text) + 0.0


def _number(value: Any) -> Any:  # noqa: ANN401 - of any column
    """Return -0.0 as 0.0: not every database keeps the sign of nothing."""
    return value + 0.0 if isinstance(value, float) else value
