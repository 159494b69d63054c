"""Measures how strategies and the line-up fare on real bars: python -m bench.results [MARKET...].

Every part of a market's walk forward is kept, so a run that was stopped goes on; the page is
written from what is kept once all of a market is there. A folder of parts belongs to one state of
the code: begin another after a change. What was done to parts otherwise than by this command
belongs into `note.md` of the folder, which the page repeats.
"""

import argparse
import tempfile
from pathlib import Path

from bench.machine import commit
from bench.results import measured, report
from bench.results.markets import MARKETS
from bench.results.plays import tell
from bench.results.walk import PLAYS
from bench.stage import DATA, ROOT

COMMAND = "python -m bench.results"
NOTE = "note.md"


def main() -> None:
    """Measure what is asked for and not kept yet, then write the page."""
    asked = _asked()
    found, skipped = [], []
    for market in MARKETS:
        if asked.markets and market.name not in asked.markets:
            skipped.append(market.title)
            continue
        keep = asked.keep / market.name
        keep.mkdir(parents=True, exist_ok=True)
        one = measured.measure(market, keep, tell, asked.jobs, asked.without)
        if one is None:
            tell(f"{market.name}: its data are absent. Say {DATA}=FOLDER.")
            skipped.append(market.title)
        else:
            found.append(one)
    if found:
        page = report.page(found, skipped, COMMAND, commit(), _note(asked.keep))
        asked.out.write_text(page, encoding="utf-8")
        tell(f"written: {asked.out}")


def _note(keep: Path) -> str:
    file = keep / NOTE
    return file.read_text(encoding="utf-8") if file.exists() else ""


def _asked() -> argparse.Namespace:
    names = [market.name for market in MARKETS]
    parser = argparse.ArgumentParser(prog=COMMAND, description=__doc__)
    parser.add_argument("markets", nargs="*", metavar="MARKET", help=", ".join(names))
    folder = Path(tempfile.gettempdir()) / "kingmaker-results"
    parser.add_argument("--keep", type=Path, default=folder, help="where parts are kept")
    parser.add_argument("--jobs", type=int, default=1, help="trainings or plays at once")
    parser.add_argument("--without", nargs="*", choices=PLAYS, default=(), help="is not played")
    parser.add_argument("--out", type=Path, default=ROOT / "docs" / "results.md")
    return parser.parse_args()


if __name__ == "__main__":
    main()
