"""Measures how strategies and the line-up fare on real bars: python -m bench.results [MARKET...].

Each market is kept as JSON as soon as it is measured, so a run that was stopped goes on; the page is
written from what is kept.
"""

import argparse
import json
import sys
import tempfile
from pathlib import Path

from bench.results import measured, report
from bench.results.markets import MARKETS
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
            with tempfile.TemporaryDirectory(prefix="kingmaker-results-") as folder:
                desk = market.desk(Path(folder))
                if desk is None:
                    _tell(f"{market.name}: its data are absent. Say {DATA}=FOLDER.")
                else:
                    figures = measured.measure(desk, Path(folder) / "home", _tell)
                    kept.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
        if kept.exists():
            records.append(json.loads(kept.read_text(encoding="utf-8")))
        else:
            skipped.append(market.title)
    if records:
        asked.out.write_text(report.page(records, skipped, COMMAND), encoding="utf-8")
        _tell(f"written: {asked.out}")


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
