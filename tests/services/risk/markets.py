"""Bars of a made-up market whose bars may grow."""

import random
from collections.abc import Iterator

from kingmaker.risk.domain import BarClosed

MINUTES_5 = 300_000
BEGIN_MS = 19_700 * 86_400_000


def bars(
    count: int,
    seed: int = 1,
    *,
    symbol: str = "ASH",
    wild_from: int | None = None,
    creeping_from: int | None = None,
) -> Iterator[BarClosed]:
    """Yield five-minute bars; from one on they are three times as large, with long upper wicks.

    From where they creep, upper wicks grow, to twice their length in 10,000 bars.
    """
    draw = random.Random(seed)  # noqa: S311 - simulation, not secrets
    price = 100.0
    for number in range(count):
        wild = wild_from is not None and number >= wild_from
        scale = price * (0.003 if wild else 0.001)
        close = price + scale * draw.gauss(0.0, 1.0)
        crept = 0 if creeping_from is None else max(0, number - creeping_from)
        above = scale * abs(draw.gauss(0.0, 1.0)) * (3.0 if wild else 0.5 + crept / 20_000)
        below = scale * abs(draw.gauss(0.0, 1.0)) * 0.5
        yield BarClosed(
            symbol=symbol,
            interval_ms=MINUTES_5,
            open_ms=BEGIN_MS + number * MINUTES_5,
            open=price,
            high=max(price, close) + above,
            low=min(price, close) - below,
            close=close,
            volume=1.0 + abs(draw.gauss(0.0, 1.0)),
        )
        price = close
