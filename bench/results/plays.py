"""One play of a desk between two moments, from the models that it is given, and what came of it.

The whole kingdom plays, with every service, on a log of its own. Nobody is crowned by evidence
here: what reigns at the beginning reigns to the end, and challengers only decide beside it.
"""

import sys
from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import cached_property
from itertools import dropwhile, islice, takewhile
from typing import Any, NamedTuple

from kingmaker.contracts.codec import message_class
from kingmaker.contracts.desks import Desk, component_of, slot_of
from kingmaker.contracts.topics import command_topic, event_topic
from kingmaker.kernel.lane import Draft, Lane
from kingmaker.runtime.assembly import Parts, open_kingdom
from kingmaker.runtime.bars import Bars, open_bars
from kingmaker.runtime.history import decided
from kingmaker.runtime.home import Home
from kingmaker.runtime.kingdom import Row
from kingmaker.runtime.models.bundle import Bundle
from kingmaker.runtime.models.shipped import shipped
from kingmaker.runtime.models.store import ArtifactStore
from kingmaker.runtime.scratch import NEVER
from kingmaker.runtime.settings import DeskSettings, Promotion, Settings, Trial, interval_ms
from kingmaker.runtime.settings_policy import policy_values
from kingmaker.runtime.sqlite_log import SqliteLog

FULL_SIZE = 2  # contracts
CHAMPION = ""  # whose trades those of the reigning line-up are
UNTIL_OFFERED = 100  # market times: then the desk decides, and challengers may join it
WARM_UP = 400  # market times before the first decision that counts; what ships remembers fewer
TAIL = 24  # market times after the last one: twice as long as a trade may last
REGISTRY, TRADER, PROMOTION = "kingmaker.registry.v1", "kingmaker.trader.v1", "promotion"

type Tell = Callable[[str], None]


def tell(line: str) -> None:
    """Say a line of progress. Not in `__main__`: a spawned process finds nothing there."""
    print(line, file=sys.stderr, flush=True)


class Trade(NamedTuple):
    """One trade of a line-up; `side` is its signed share of full size, `net` after costs."""

    symbol: str
    decided_ms: int  # which is when it is entered, too
    exit_ms: int
    side: float
    net: float


type Trades = dict[str, list[Trade]]  # by the challenger's component; CHAMPION for who reigns


class LostChallengerError(Exception):
    """A challenger did not decide from the first opportunity that counts to the last."""


@dataclass(frozen=True, slots=True)
class Span:
    """What counts: opportunities decided at `from_ms` or later, and before `until_ms`."""

    from_ms: int
    until_ms: int

    def holds(self, time_ms: int) -> bool:
        """Tell whether an opportunity of a time counts."""
        return self.from_ms <= time_ms < self.until_ms


@dataclass(frozen=True)
class Stage:
    """A desk and its bars, played as often as wanted."""

    desk: DeskSettings
    tell: Tell

    @cached_property
    def bars(self) -> Bars:
        """All its bars, read and checked."""
        return open_bars(self.settings)

    @property
    def settings(self) -> Settings:
        """What ships, but that nothing is trained, crowned by evidence or closed for its length."""
        return Settings(
            desks=(self.desk,),
            learning=NEVER,
            promotion=Promotion(auto=False),
            trial=Trial(max_pairs=1_000_000, max_faults=1_000),
        )

    @property
    def whole(self) -> Span:
        """All of it."""
        return Span(0, self.bars.last_close_ms + 1)

    def play(
        self,
        home: Home,
        span: Span,
        champions: Mapping[str, Bundle] | None = None,
        challengers: Mapping[str, Bundle] | None = None,
    ) -> None:
        """Play the span, from long enough before it until its last trade is over.

        `champions`: of components that do not begin with what ships; `challengers` join early.
        """
        parts = self._parts(span, {**shipped(), **(champions or {})})
        with open_kingdom(home, parts) as kingdom:
            kingdom.begin(parts.begins_ms)
            times = self._told(kingdom.play(self._rows(span)))
            if challengers:
                for _ in islice(times, UNTIL_OFFERED):
                    pass
                for component, bundle in challengers.items():
                    offer = _offer(home, slot_of(component, self.desk.name), bundle)
                    kingdom.send(Lane(command_topic("registry")), offer)
            for _ in times:
                pass

    def _parts(self, span: Span, bundles: Mapping[str, Bundle]) -> Parts:
        settings = self.settings
        return Parts(
            desks=(Desk(self.desk.name, 0),),
            policy_of=lambda service, desk: policy_values(
                settings, service, desk.name if desk else None
            ),
            begins_ms=self._begins_ms(span),
            channels={},
            bundles=bundles,
        )

    @cached_property
    def closes_ms(self) -> Sequence[int]:
        """When a bar of any symbol closed, each time once, in order."""
        bar_ms = interval_ms(self.desk.interval)
        opens = {open_ms for _, opens in self.bars.symbols(0) for open_ms in opens}
        return [open_ms + bar_ms for open_ms in sorted(opens)]

    def _begins_ms(self, span: Span) -> int:
        place = bisect_left(self.closes_ms, span.from_ms)
        return self.closes_ms[max(0, place - WARM_UP)]

    def _rows(self, span: Span) -> Iterator[Row]:
        begins_ms = self._begins_ms(span)
        last = bisect_left(self.closes_ms, span.until_ms) + TAIL
        ends_ms = self.closes_ms[min(last, len(self.closes_ms)) - 1]
        late = dropwhile(lambda row: row.close_ms < begins_ms, self.bars.rows())
        return takewhile(lambda row: row.close_ms <= ends_ms, late)

    def _told(self, times: Iterator[int]) -> Iterator[int]:
        for done, time_ms in enumerate(times, start=1):
            if done % 5_000 == 0:
                self.tell(f"{self.desk.name}: played {done:,} market times")
            yield time_ms


def trades(home: Home, span: Span, challengers: Sequence[str] = ()) -> Trades:
    """Return the trades of who reigned and of each challenger, by component.

    Raises LostChallengerError where one of `challengers` did not decide on every opportunity.
    """
    with closing(SqliteLog(home.log, home.incarnation(), read_only=True)) as log:
        opened = {
            one.trial: component_of(one.slot) for one in _events(log, PROMOTION, "TrialOpened")
        }
        sides: dict[tuple[str, str], float] = {}
        found: Trades = {name: [] for name in (CHAMPION, *challengers)}
        for event in _events(log, "trader", "OpportunityDecided", "OpportunityResolved"):
            if event.DESCRIPTOR.name == "OpportunityDecided":
                sides |= {
                    (event.opportunity, one.branch): one.direction * one.size / FULL_SIZE
                    for one in event.decisions
                }
            elif span.holds(event.decided_ms):
                for name, trade in _of(event, opened, sides, challengers):
                    found[name].append(trade)
    return found


def ready(home: Home) -> list[str]:
    """Return the components whose challenger passed every gate: by evidence it might reign."""
    with closing(SqliteLog(home.log, home.incarnation(), read_only=True)) as log:
        said = _events(log, PROMOTION, "ChallengerReady")
        return sorted({component_of(one.slot) for one in said})


def _of(
    event: Any,  # noqa: ANN401 - an OpportunityResolved
    opened: Mapping[str, str],
    sides: Mapping[tuple[str, str], float],
    challengers: Sequence[str],
) -> Iterator[tuple[str, Trade]]:
    """Yield what each side traded at one opportunity."""
    champion = event.outcomes[0]
    outcomes = {opened[one.branch]: one for one in event.outcomes[1:]}
    outcomes |= {opened[trial]: champion for trial in event.same}
    if missing := set(challengers) - outcomes.keys():
        raise LostChallengerError(f"{event.opportunity}: {', '.join(sorted(missing))} is not there")
    for name, one in ((CHAMPION, champion), *[(name, outcomes[name]) for name in challengers]):
        if one.taken:
            side = sides[event.opportunity, one.branch]
            yield name, Trade(event.symbol, event.decided_ms, one.exit_ms, side, one.net)


def _events(log: SqliteLog, service: str, *names: str) -> Iterator[Any]:
    messages = [message_class(f"kingmaker.{service}.v1", name) for name in names]
    kinds = {message.DESCRIPTOR.full_name: message for message in messages}
    for record in decided(log, Lane(event_topic(service), 0)):
        if record.kind in kinds:
            yield kinds[record.kind].FromString(record.value)


def _offer(home: Home, slot: str, bundle: Bundle) -> Draft:
    """Put a bundle into the home's artifacts and return the command that offers it."""
    message = message_class(REGISTRY, "OfferModel")(
        command_id=f"bench-{slot}",
        slot=slot,
        digest=ArtifactStore(home.artifacts).put(bundle),
        size_bytes=len(bundle.model),
        origin="converted",
        actor="bench",
        reason="to see what it would have traded",
    )
    return Draft(f"{REGISTRY}.OfferModel", message.SerializeToString(deterministic=True))
