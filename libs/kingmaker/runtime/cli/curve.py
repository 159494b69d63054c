"""A loss curve as lines of text, for a terminal."""

from collections.abc import Sequence

HEIGHT, WIDTH = 8, 60  # characters
BLOCKS = " ▁▂▃▄▅▆▇█"
FLAT = 1e-12  # a curve that moves less than this is drawn as a line at half height


def drawn(points: Sequence[tuple[float, float]]) -> list[str]:
    """Return a curve of (step, loss), steps ascending: the latest loss of each column, as bars."""
    if not points:
        return []
    columns = _columns(points)
    low, high = min(columns), max(columns)
    spread = high - low
    full = HEIGHT * (len(BLOCKS) - 1)
    levels = [
        round((value - low) / spread * (full - 1)) + 1 if spread > FLAT else full // 2
        for value in columns
    ]
    labels = {0: f"{high:.4g}", HEIGHT - 1: f"{low:.4g}"}
    width = max(map(len, labels.values()))
    lines = [
        f"{labels.get(row, ''):>{width}} │{_row(levels, HEIGHT - 1 - row)}" for row in range(HEIGHT)
    ]
    first, last = points[0][0], points[-1][0]
    ends = f"step {first:g}".ljust(len(columns) - len(f"{last:g}")) + f"{last:g}"
    return [*lines, f"{'':>{width}} └{'─' * len(columns)}", f"{'':>{width}}  {ends}"]


def _columns(points: Sequence[tuple[float, float]]) -> list[float]:
    """Return a loss a column; a curve of few points is stretched, of many thinned out."""
    count = len(points)
    width = min(WIDTH, max(count, WIDTH // 2))
    return (
        [points[(column + 1) * count // width - 1][1] for column in range(width)]
        if (count >= width)
        else [points[column * count // width][1] for column in range(width)]
    )


def _row(levels: Sequence[int], row: int) -> str:
    """Return one line of bars, `row` counted from below."""
    unit = len(BLOCKS) - 1
    return "".join(BLOCKS[min(unit, max(0, level - row * unit))] for level in levels).rstrip()
