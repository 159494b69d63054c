"""A challenger crowned in the courtroom goes on reigning there, beside the one it dethroned.

reign = reign_after(try_challenger(pairs))
reign.live(pairs)                         # pairs: (champion's side, dethroned's side), in order
reign.rolled_back                         # the rollback, or None
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from kingmaker.kernel.service import Tick
from kingmaker.promotion import heard
from kingmaker.promotion.said import CanaryWarned, ChampionRolledBack
from kingmaker.shadow import domain as shadow_domain
from kingmaker.shadow.domain import CanaryMeasured, PairResolved
from tests.scenarios.courtroom import FIRST_LINEUP, HOUR_MS, SLOT, START_MS, Pair, Seat, Verdict

LINEUP = "nine, and a new one"
CANARY = "canary-cvar_ppo-r2"


@dataclass(slots=True)
class Reign:
    """The second reign of the slot, on the seats that crowned it."""

    judge: Seat
    measurer: Seat
    pairs: int = 0
    measured: list[CanaryMeasured] = field(default_factory=list)
    said: list[Any] = field(default_factory=list)

    def live(self, pairs: Iterable[Pair]) -> "Reign":
        """Live through pairs until the crown is taken back."""
        for champion, reference in pairs:
            if self.rolled_back:
                break
            self.pairs += 1
            self._live_one(champion, reference)
        return self

    def _live_one(self, champion: shadow_domain.Side, reference: shadow_domain.Side) -> None:
        time_ms = START_MS + (100_000 + self.pairs) * HOUR_MS
        number = self.pairs
        pair = PairResolved(
            CANARY, number, number, LINEUP, champion, reference, counted=True, time_ms=time_ms
        )
        measured = self.measurer.hear(pair)
        self.measured += measured
        self.said += self.judge.hear(Tick(time_ms)) + self.judge.read(self.measurer, measured)

    @property
    def rolled_back(self) -> ChampionRolledBack | None:
        """The rollback, once there is one."""
        found = [event for event in self.said if isinstance(event, ChampionRolledBack)]
        return found[0] if found else None

    @property
    def warnings(self) -> list[CanaryWarned]:
        """Every change of the limits that are breached."""
        return [event for event in self.said if isinstance(event, CanaryWarned)]


def reign_after(verdict: Verdict) -> Reign:
    """Let the trader follow the coronation, and shadow hear it from the trader's lane."""
    crown = verdict.crowned
    assert crown is not None, "nobody was crowned"
    judge, measurer = verdict.judge, verdict.measurer
    judge.hear(
        heard.ChampionActivated(SLOT, crown.reign, crown.model, LINEUP, crown.time_ms, CANARY)
    )
    measurer.hear(
        shadow_domain.ChampionActivated(
            SLOT,
            LINEUP,
            crown.reign,
            crown.trial,
            CANARY,
            crown.canary_rule,
            crown.canary_parameters,
        )
    )
    assert LINEUP != FIRST_LINEUP
    return Reign(judge, measurer)
