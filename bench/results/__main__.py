"""Measures how strategies and the line-up fare on real bars: python -m bench.results [MARKET...].

A market's play is kept while it lasts and its figures when it is over, so a run that was stopped
goes on; the page is written from what is kept.
"""

import argparse
import json
import shutil
import sys
import tempfile
from pathlib import Path

from bench.results import measured, report
from bench.results.markets import MARKETS, Market
from bench.stage import DATA, ROOT

COMMAND = "python -m bench.results"


def main() -> None:
    """Measure what is asked for and not kept yet, then write the page."""
    asked = _asked()
    asked.keep.mkdir(parents=True, exist_ok=True)
    records, skipped = [], []
    for market in MARKETS:
        kept = asked.keep / f"{market.name}.json"
        if not kept.exists() and (not asked.markets or market.name in asked.markets):
            _measure(market, asked.keep / f"{market.name}-play", kept)
        if kept.exists():
            records.append(json.loads(kept.read_text(encoding="utf-8")))
        else:
            skipped.append(market.title)
    if records:
        asked.out.write_text(report.page(records, skipped, COMMAND), encoding="utf-8")
        _tell(f"written: {asked.out}")


def _measure(market: Market, play: Path, kept: Path) -> None:
    """Write a market's figures into `kept`; its play goes on where it stopped, in a folder."""
    play.mkdir(exist_ok=True)
    desk = market.desk(play)
    if desk is None:
        _tell(f"{market.name}: its data are absent. Say {DATA}=FOLDER.")
        return
    figures = measured.measure(desk, play, _tell)
    kept.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
    shutil.rmtree(play)


def _asked() -> argparse.Namespace:
    names = [market.name for market in MARKETS]
    parser = argparse.ArgumentParser(prog=COMMAND, description=__doc__)
    parser.add_argument("markets", nargs="*", metavar="MARKET", help=", ".join(names))
    folder = Path(tempfile.gettempdir()) / "kingmaker-results"
    parser.add_argument("--keep", type=Path, default=folder, help="where each market is kept")
    parser.add_argument("--out", type=Path, default=ROOT / "docs" / "results.md")
    return parser.parse_args()


def _tell(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
