"""Commands from other processes on the laptop: what the commands topics are on Kafka."""

import sqlite3
import time
from collections.abc import Sequence
from pathlib import Path

from kingmaker.kernel.lane import Draft, Lane
from kingmaker.kernel.service import Input

SCHEMA = """
CREATE TABLE IF NOT EXISTS commands (
  id INTEGER PRIMARY KEY AUTOINCREMENT, topic TEXT NOT NULL, lane INTEGER NOT NULL,
  kind TEXT NOT NULL, value BLOB NOT NULL
) STRICT
"""
# A file made anew numbers on after the one that was lost: hosts drop the numbers that they know.
BEGIN = """
INSERT INTO sqlite_sequence (name, seq)
SELECT 'commands', ? WHERE NOT EXISTS (SELECT 1 FROM sqlite_sequence WHERE name = 'commands')
"""
# Many may write here. Keys, settings and facts come from the runtime alone, never from a file.
TAKE = """
SELECT id, topic, lane, kind, value FROM commands
WHERE id > ? AND topic GLOB 'km.[a-z]*.commands.v1' ORDER BY id LIMIT ?
"""
READ_COMMANDS_MAX = 64
BUSY_TIMEOUT_S = 10.0


class Inbox:
    """Many may put; one engine process takes, and records what it took in its own lane."""

    def __init__(self, path: Path) -> None:
        """Open or create the file."""
        self._db = sqlite3.connect(path, isolation_level=None, timeout=BUSY_TIMEOUT_S)
        self._db.execute("PRAGMA journal_mode = WAL")
        self._db.execute(SCHEMA)
        self._db.execute(BEGIN, (time.time_ns() // 1_000,))
        self._last = 0

    def put(self, lane: Lane, command: Draft) -> int:
        """Add a command for whoever writes the lane; return its number."""
        insert = "INSERT INTO commands (topic, lane, kind, value) VALUES (?, ?, ?, ?) RETURNING id"
        row = (lane.topic, lane.index, command.kind, command.value)
        (number,) = self._db.execute(insert, row).fetchone()
        return int(number)

    def take(self, time_ms: int) -> Sequence[Input]:
        """Return commands that came since the last call; rows for other topics are nobody's.

        Hosts drop what they consumed in earlier lives.
        """
        taken = [
            Input(Lane(topic, index), number, kind, value, time_ms=time_ms)
            for number, topic, index, kind, value in self._db.execute(
                TAKE, (self._last, READ_COMMANDS_MAX)
            )
        ]
        if taken:
            self._last = taken[-1].number
        return taken

    def close(self) -> None:
        """Close the file."""
        self._db.close()
