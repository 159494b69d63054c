"""Two drawings of a run, as SVG that needs nothing: how often rules err, and what safety costs."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from math import isfinite, log10

from bench.gates import summaries as of
from bench.gates import trials
from bench.gates.measured import Key, Results

WIDTH, LEFT, RIGHT, TOP, ROW = 860, 70, 30, 70, 26
COLOURS: Mapping[str, str] = {
    trials.OURS: "#0b5fff",
    "naive paired t": "#d1242f",
    "asymptotic CS": "#9a6700",
    "mSPRT": "#1a7f37",
    "betting, clip 5": "#8250df",
}
NULLS = ("A0", "A1", "B", "C1", "C2", "C3", "C4", "C5", "E1", "E2", "E3", "G", "H", "S0")
BEYOND = "E3"  # its crash is larger than the declared bound: no rule sees it
ALPHA_PER_CENT = 5.0
PER_CENT_MAX, TICKS = 70.0, (0, 5, 10, 20, 30, 40, 50, 60, 70)
PAIRS_MIN, PAIRS_MAX, PAIR_TICKS = 100.0, 2_000.0, (100, 200, 500, 1_000, 2_000)
HEIGHT_OF_COSTS = 460


@dataclass(frozen=True, slots=True)
class Dot:
    """A mark with a sentence for whoever points at it."""

    x: float
    y: float
    colour: str
    says: str

    def __str__(self) -> str:
        """Return it as SVG."""
        title = f"<title>{escape(self.says)}</title>"
        place = f'cx="{self.x:.1f}" cy="{self.y:.1f}" r="5"'
        return f'<circle {place} fill="{self.colour}" fill-opacity=".85">{title}</circle>'


def false_promotion(results: Results) -> str:
    """Return a row of dots for each world without an edge, one dot a rule."""
    height = TOP + ROW * len(NULLS) + 50
    lines = [*_legend("Crowned although no better, % within 2,000 pairs", COLOURS)]
    lines += [_rule_at(_across(tick), height - 40, f"{tick}") for tick in TICKS]
    alpha = _across(ALPHA_PER_CENT)
    lines.append(_line(alpha, TOP - 8, alpha, height - 40, "#0b5fff"))
    for number, world in enumerate(NULLS):
        y = TOP + ROW * number + ROW / 2
        lines.append(_text(LEFT - 12, y + 4, world, "end"))
        for rule, colour in reversed(list(COLOURS.items())):
            share = 100.0 * results[Key(world, rule, of.CROWNED)].value
            lines.append(str(Dot(_across(share), y, colour, f"{world}, {rule}: {share:.1f} %")))
    return _svg(height, lines)


def costs(results: Results) -> str:
    """Return one dot a rule: pairs it takes to see an edge of .10, and how often it errs at worst.

    The worst of all worlds of the specification but E3, whose crash is beyond the declared bound.
    """
    names = [rule for rule in COLOURS if _is_seen(results, rule)]
    title = f"Pairs until an edge of .10 is crowned, and errors in the worst world but {BEYOND}"
    lines = [*_legend(title, {name: COLOURS[name] for name in names})]
    bottom = HEIGHT_OF_COSTS - 60
    lines += [_rule_at(_along(tick), bottom, f"{tick:,}") for tick in PAIR_TICKS]
    for tick in TICKS:
        lines.append(_line(LEFT, _up(tick), WIDTH - RIGHT, _up(tick), "#e5e5e5"))
        lines.append(_text(LEFT - 8, _up(tick) + 4, f"{tick} %", "end"))
    lines.append(_line(LEFT, _up(ALPHA_PER_CENT), WIDTH - RIGHT, _up(ALPHA_PER_CENT), "#0b5fff"))
    says = "median pairs in D2, against % crowned although no better in the worst world"
    lines.append(_text(LEFT, bottom + 40, says, "start"))
    for rule in reversed(names):
        pairs = results[Key("D2", rule, of.MEDIAN)].value
        shares = {world: results[Key(world, rule, of.CROWNED)].value for world in NULLS}
        worst = 100.0 * max(share for world, share in shares.items() if world != BEYOND)
        says = f"{rule}: {pairs:,.0f} pairs, errs {worst:.1f} % at worst"
        lines.append(str(Dot(_along(pairs), _up(worst), COLOURS[rule], says)))
    return _svg(HEIGHT_OF_COSTS, lines)


def _is_seen(results: Results, rule: str) -> bool:
    return isfinite(results[Key("D2", rule, of.MEDIAN)].value)


def _across(per_cent: float) -> float:
    return LEFT + (WIDTH - LEFT - RIGHT) * min(per_cent, PER_CENT_MAX) / PER_CENT_MAX


def _along(pairs: float) -> float:
    part = log10(pairs / PAIRS_MIN) / log10(PAIRS_MAX / PAIRS_MIN)
    return LEFT + (WIDTH - LEFT - RIGHT) * min(1.0, max(0.0, part))


def _up(per_cent: float) -> float:
    bottom = HEIGHT_OF_COSTS - 60
    return bottom - (bottom - TOP) * min(per_cent, PER_CENT_MAX) / PER_CENT_MAX


def _legend(title: str, colours: Mapping[str, str]) -> Iterator[str]:
    yield _text(LEFT, 24, title, "start", weight="bold")
    x = float(LEFT)
    for rule, colour in colours.items():
        yield str(Dot(x + 5, 44, colour, rule))
        yield _text(x + 15, 48, rule, "start")
        x += 40 + 7 * len(rule)


def _rule_at(x: float, bottom: float, label: str) -> str:
    return _line(x, TOP - 8, x, bottom, "#e5e5e5") + _text(x, bottom + 18, label, "middle")


def _line(x: float, y: float, to_x: float, to_y: float, colour: str) -> str:
    ends = f'x1="{x:.1f}" y1="{y:.1f}" x2="{to_x:.1f}" y2="{to_y:.1f}"'
    return f'<line {ends} stroke="{colour}"/>'


def _text(x: float, y: float, words: str, anchor: str, weight: str = "normal") -> str:
    place = f'x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" font-weight="{weight}"'
    return f"<text {place}>{escape(words)}</text>"


def _svg(height: int, lines: Sequence[str]) -> str:
    box = f'viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}"'
    style = 'font-family="sans-serif" font-size="13" fill="#24292f"'
    paper = f'<rect width="{WIDTH}" height="{height}" fill="#fff"/>'
    body = "\n".join((paper, *lines))
    return f'<svg xmlns="http://www.w3.org/2000/svg" {box} {style}>\n{body}\n</svg>\n'
