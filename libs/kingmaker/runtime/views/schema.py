"""The tables of the views: which columns make a row one of a kind, and what it holds."""

from collections.abc import Mapping
from dataclasses import dataclass

VERSION = 3  # raised with any change below: views of another version are rebuilt


@dataclass(frozen=True, slots=True)
class Table:
    """Key and columns with their SQLite types; counters are 0 where nothing was added yet."""

    key: Mapping[str, str]
    columns: Mapping[str, str]
    counters: Mapping[str, str]


def _table(key: str, columns: str = "", counters: str = "") -> Table:
    return Table(
        *(dict(_column(part) for part in text.split()) for text in (key, columns, counters))
    )


def _column(text: str) -> tuple[str, str]:
    name, _, mark = text.partition(":")
    return name, {"": "TEXT", "i": "INTEGER", "r": "REAL"}[mark]


TABLES: Mapping[str, Table] = {
    "desks": _table(
        "desk",
        "last_ms:i market_open:i frozen_by frozen_reason frozen_event equity:r lineup",
        "bars:i gaps:i bars_missing:i rows_refused:i opportunities:i missed:i resolved:i pairs:i"
        " pairs_counted:i trades:i",
    ),
    "symbols": _table(
        "desk symbol", "interval_ms:i last_open_ms:i", "bars:i gaps:i bars_missing:i refused:i"
    ),
    "gaps": _table("desk symbol after_open_ms:i", "before_open_ms:i bars_missing:i event"),
    "champions": _table(
        "slot",
        "desk component model digest reign:i how promotion since_ms:i activated_ms:i"
        " activated_event lost_reason frozen_by frozen_reason frozen_event",
    ),
    "reigns": _table(
        "slot reign:i",
        "desk model digest from_model how promotion trial log_evidence:r pairs:i k:i alpha:r"
        " actor reason since_ms:i until_ms:i ended_by event activated_ms:i activated_event lineup",
    ),
    "promotions": _table(
        "promotion",
        "slot desk kind from_model to_model reign:i how trial actor reason time_ms:i event notice"
        " command",
    ),
    "trials": _table(
        "trial",
        "slot desk champion challenger challenger_digest origin k:i alpha:r log_threshold:r rule"
        " max_pairs:i state reason pairs:i log_evidence:r log_evidence_max:r"
        " log_evidence_of_segment:r segment:i opened_ms:i started_ms:i closed_ms:i verdict"
        " verdict_pairs:i verdict_ms:i verdict_event held_by promotion champion_taken:i"
        " champion_won:i champion_sum:r challenger_taken:i challenger_won:i challenger_sum:r"
        " mode gamma:r crowned_before:i p_max:r window_start_ms:i window_tests:i window_alpha:r"
        " notice bound:r segment_pairs:i segment_ms:i log_evidence_at_segment:r",
        "faults:i",
    ),
    "candidates": _table(
        "slot model",
        "desk digest origin holdout:r state reason count:i target:i until trial queued_ms:i event",
    ),
    "gates": _table(
        "trial gate", "place:i value:r threshold:r n:i passed:i advisory:i event pairs:i"
    ),
    "parameters": _table("service desk key seq:i", "value cause actor time_ms:i event"),
    "canaries": _table(
        "slot reign:i",
        "desk canary rule trial state pairs:i statistic:r statistic_max:r threshold:r slack:r"
        " breached time_ms:i champion_taken:i champion_won:i champion_sum:r champion_squares:r"
        " champion_drawdown:r reference_taken:i reference_won:i reference_sum:r"
        " reference_squares:r reference_drawdown:r",
    ),
    "models": _table(
        "slot model",
        "desk component digest size_bytes:i origin source parent metrics data_from_ms:i"
        " data_until_ms:i trades:i seed:i dataset_digest registered_ms:i event",
    ),
    "refusals": _table("slot digest", "origin source reason detail time_ms:i event"),
    "trainings": _table(
        "training",
        "slot desk cause trades:i new_trades:i until_ms:i started_ms:i completed_ms:i digest"
        " candidate:i reason metrics event",
        "failures:i",
    ),
    "trades": _table(
        "desk position",
        "symbol direction:i size:i strategy entry:r stop:r target:r opened_ms:i closed_ms:i exit:r"
        " reason net:r lineup event",
    ),
    "lineups": _table(
        "desk lineup",
        "since_ms:i slot model",
        "resolved:i taken:i won:i net:r signal_net:r left_alone_net:r",
    ),
    "alerts": _table(
        "alert",
        "type severity slot version message value:r threshold:r n:i cause undo occurred_ms:i state"
        " event",
    ),
    "commands": _table(
        "entry",
        "command_id command actor key_id first_key_id desk target outcome reason time_ms:i"
        " expires_ms:i event",
    ),
    "modes": _table(
        "desk",
        "mode flatten:i number:i kill:i actor owner key_id reason since_ms:i event trader_event"
        " trader_number:i open_positions:i promotion_event promotion_number:i",
    ),
    "keys": _table(
        "desk key_id",
        "owner role public_key not_before_ms:i not_after_ms:i trusted_by trusted_ms:i"
        " revoked_from_ms:i revoked_by revoked_reason revoked_event event",
    ),
}


def statements() -> str:
    """Return what makes the tables."""
    made = [_create(name, table) for name, table in TABLES.items()]
    made.append(
        "CREATE TABLE IF NOT EXISTS positions (topic TEXT, lane INTEGER, seq INTEGER NOT NULL,"
        " hash TEXT NOT NULL, PRIMARY KEY (topic, lane)) STRICT;"
    )
    made.append("CREATE TABLE IF NOT EXISTS home (incarnation TEXT PRIMARY KEY) STRICT;")
    return "\n".join((*made, f"PRAGMA user_version = {VERSION};"))


def _create(name: str, table: Table) -> str:
    columns = [
        *(f"{column} {kind} NOT NULL" for column, kind in table.key.items()),
        *(f"{column} {kind}" for column, kind in table.columns.items()),
        *(f"{column} {kind} NOT NULL DEFAULT 0" for column, kind in table.counters.items()),
        f"PRIMARY KEY ({', '.join(table.key)})",
    ]
    return f"CREATE TABLE IF NOT EXISTS {name} ({', '.join(columns)}) STRICT, WITHOUT ROWID;"
