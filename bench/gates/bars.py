"""What must hold: every bar that was asked for (docs/decisions/0016), and our own."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bench.figures import Goal
from bench.gates import canary, lineups, trials
from bench.gates import summaries as of
from bench.gates.measured import Key

P_MAX = 0.05


@dataclass(frozen=True, slots=True)
class Bar:
    """A bound on one figure; `specified` is what the prototype of the specification measured."""

    item: str
    key: Key
    goal: Goal
    specified: str


def bars() -> Sequence[Bar]:
    """Return all of them, in the order of the specification."""
    return [*_false_promotion(), *_power(), *_streams(), *_canary(), *_decay(), *_lineups()]


# World, bound, and what the prototype measured; shares of 1.
FALSE = (
    ("A0", 0.035, "2.7 %"),
    ("A1", 0.035, "2.5 %"),
    ("B", 0.035, "2.1 %"),
    ("C1", 0.035, "1.9 %"),
    ("H", 0.035, "2.1 %"),
    ("S0", 0.035, "2.1 %"),
    ("C2", 0.038, "2.7 %"),
    ("C3", 0.042, "3.1 %"),
    ("C4", 0.057, "4.6 %"),
    ("C5", 0.060, "4.9 %"),
    ("E1", 0.010, "0.3 %"),
    ("G", 0.012, "0.5 %"),
    ("E2", 0.050, "3.9 %"),
)
# World, least power, longest median (0: none), and what the prototype measured.
POWER = (
    ("D1", 0.50, 0, "52.9 %"),
    ("D2", 0.975, 600, "98.3 % (565)"),
    ("D3", 0.999, 270, "100 % (255)"),
    ("D1t", 0.45, 0, "49.5 %"),
    ("D2t", 0.96, 610, "96.8 % (570)"),
    ("D3t", 0.99, 275, "99.5 % (255)"),
    ("D1g", 0.37, 0, "40.0 %"),
    ("D2g", 0.915, 730, "94.1 % (662)"),
    ("D3g", 0.99, 305, "99.7 % (285)"),
    ("S2", 0.995, 420, "99.9 % (390)"),
)


def _false_promotion() -> Iterator[Bar]:
    for world, bound, specified in FALSE:
        key = Key(world, trials.OURS, of.CROWNED)
        yield Bar(f"{world}: false promotion", key, Goal(bound), specified)
    wide = Key("E3", trials.OURS_30, of.CROWNED)
    yield Bar("E3 at bound 30: false promotion", wide, Goal(0.05), "3.2 %")


def _power() -> Iterator[Bar]:
    for world, least, longest, specified in POWER:
        key = Key(world, trials.OURS, of.CROWNED)
        yield Bar(f"{world}: power by pair 2,000", key, Goal(least, at_least=True), specified)
        if longest:
            median = key._replace(what=of.MEDIAN)
            yield Bar(f"{world}: median pairs to the crown", median, Goal(longest), specified)


def _streams() -> Iterator[Bar]:
    rule, at_least = "e-LOND N=10", True
    any_wrong = Key("all null", rule, of.ANY_WRONG)
    yield Bar("200 nulls: any promoted", any_wrong, Goal(0.05), "1.8 %")
    yield Bar("mixed stream: FDR", Key("mixed", rule, of.FDR), Goal(0.05), "0.1 %")
    small, large = Key("mixed", rule, of.FOUND_SMALL), Key("mixed", rule, of.FOUND_LARGE)
    yield Bar("mixed stream: found of 10 at .10", small, Goal(7.4, at_least), "7.8")
    yield Bar("mixed stream: found of 10 at .20", large, Goal(9.9, at_least), "10.0")


def _canary() -> Iterator[Bar]:
    """Return the bars of the e-detector, and the same ones of the product's rule."""
    for rule in (canary.DETECTOR, canary.PRODUCT):
        for world, early, late in (("K0", ".8", "4.2"), ("K0t", ".6", "2.5"), ("K0g", ".9", "4.6")):
            within = Key(world, rule, of.WITHIN_500)
            yield Bar(f"{world}: false rollback by 500, {rule}", within, Goal(0.015), f"{early} %")
            within = Key(world, rule, of.WITHIN_2000)
            yield Bar(f"{world}: false rollback by 2,000, {rule}", within, Goal(0.06), f"{late} %")
        within = Key("Kmkt", rule, of.WITHIN_500)
        yield Bar(f"Kmkt: false rollback by 500, {rule}", within, Goal(0.015), ".8 %")
        for world, bound, specified in (
            ("K1", 235, "215"),
            ("K2", 125, "115"),
            ("K3", 95, "85"),
            ("K2g", 140, "125"),
        ):
            delay = Key(world, rule, of.DELAY)
            yield Bar(f"{world}: median detection, {rule}", delay, Goal(bound), specified)
    for world, specified in (("normal", "1188"), ("t(3)", "1161"), ("C1", "1205")):
        key = Key(world, canary.DETECTOR, of.RUN_LENGTH)
        goal = Goal(1000, at_least=True)
        yield Bar(f"{world}: mean run length at zero edge, e-detector", key, goal, specified)


def _decay() -> Iterator[Bar]:
    for rule in (canary.DETECTOR, canary.PRODUCT):
        early, delay = Key("F", rule, of.ENDED_EARLY), Key("F", rule, of.DELAY)
        yield Bar(f"F: rollback before the decay, {rule}", early, Goal(0.005), "0.0 %")
        yield Bar(f"F: median delay after the decay, {rule}", delay, Goal(275), "250")


def _lineups() -> Iterator[Bar]:
    """Return the claim of `evidence_on_this_lineup` in every world and schedule."""
    for world in lineups.WORLDS:
        for schedule in lineups.FAILING:
            cell = f"{world}: {schedule.name}"
            key = Key(cell, lineups.THIS_LINEUP, of.CROWNED)
            yield Bar(f"lineup, {cell}: wrong crown", key, Goal(P_MAX), "")
