"""The events of one desk that its windows need, by event id: what the statistics are made of.

An event is kept under its number, so one that comes again changes nothing; what is kept depends on
which events came, never on their order; what is older than the longest window, counted back from
the latest event, is dropped whenever it comes. So restarts, repeats, kill -9 and topics that are
read side by side all end in the same state.

Memory: the opportunities of the longest window, decided and resolved, and an entry a coronation
and a trial.
"""

from typing import assert_never

from kingmaker.analytics.domain import (
    EVENTS,
    ChallengerWarmed,
    ChampionActivated,
    OpportunityDecided,
    OpportunityResolved,
)


class Windows:
    """One desk's; the fold itself."""

    def __init__(self, longest_ms: int) -> None:
        """Hold nothing; `longest_ms` is the longest window that will be asked for."""
        self.longest_ms = longest_ms
        self.until_ms = -1  # market time of the latest opportunity, decided or resolved
        self.decided: dict[int, OpportunityDecided] = {}
        self.resolved: dict[int, OpportunityResolved] = {}
        self.activated: dict[int, ChampionActivated] = {}
        self.warmed: dict[int, ChallengerWarmed] = {}
        self._pruned_ms = -1

    def take(self, seq: int, kind: str, value: bytes, time_ms: int) -> bool:
        """Take the event of a number in the desk's lane; tell whether anything changed.

        `time_ms` is the logical time of its record: what happened in it was not later.
        """
        if self._is_known(seq) or (_passes(kind) and time_ms <= self._begins_ms):
            return False
        event = EVENTS.decode(kind, value)
        match event:
            case None:
                return False
            case ChampionActivated():
                self.activated[seq] = event
            case ChallengerWarmed():
                self.warmed[seq] = event
            case OpportunityDecided():
                return self._remember(self.decided, seq, event)
            case OpportunityResolved():
                return self._remember(self.resolved, seq, event)
            case _:
                assert_never(event)
        return True

    @property
    def _begins_ms(self) -> int:
        return self.until_ms - self.longest_ms

    def _is_known(self, seq: int) -> bool:
        kept = (self.decided, self.resolved, self.activated, self.warmed)
        return any(seq in events for events in kept)

    def _remember[E: (OpportunityDecided, OpportunityResolved)](
        self, events: dict[int, E], seq: int, event: E
    ) -> bool:
        if event.time_ms <= self._begins_ms:
            return False
        events[seq] = event
        self.until_ms = max(self.until_ms, event.time_ms)
        # Rarely: what is too old is left out of every window anyway.
        if self.until_ms - self._pruned_ms > self.longest_ms // 8:
            self._prune()
        return True

    def _prune(self) -> None:
        self._pruned_ms = self.until_ms
        self.decided = _since(self.decided, self._begins_ms)
        self.resolved = _since(self.resolved, self._begins_ms)


def _since[E: (OpportunityDecided, OpportunityResolved)](
    events: dict[int, E], begins_ms: int
) -> dict[int, E]:
    return {seq: event for seq, event in events.items() if event.time_ms > begins_ms}


def _passes(kind: str) -> bool:
    """Whether events of this kind leave the windows with time; who reigns does not."""
    return kind.endswith((".OpportunityDecided", ".OpportunityResolved"))
