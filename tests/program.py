"""Kingmaker as a person starts it, under the Python of the tests, and the bars that it brings."""

import os
import sys
from pathlib import Path

PROGRAM = [sys.executable, "-c", "from kingmaker.runtime.cli.main import main; main()"]
SAMPLE = Path(__file__).parents[1] / "services" / "kingmaker" / "feed" / "sample"


def without_settings() -> dict[str, str]:
    """Return the environment without what would set Kingmaker up."""
    return {key: value for key, value in os.environ.items() if not key.startswith("KINGMAKER")}
