"""When the performance guard steps in, and when a market has drifted: docs/decisions/0065."""

from typing import Annotated, Literal

from pydantic import Field

from kingmaker.runtime.settings_section import Section

Limit = Annotated[float, Field(ge=0, le=1)]
Losses = Annotated[int, Field(ge=1, le=50)]


class Guard(Section):
    """The performance guard of a desk: off, trades are not even counted."""

    enabled: bool = False
    reduced_win_rate: Limit = 0.45  # below it the account takes half of each position
    reduced_drawdown: Limit = 0.05  # from here on likewise; fraction of the capital base
    reduced_losses: Losses = 6  # in a row
    paused_win_rate: Limit = 0.35  # below it the account opens nothing
    paused_drawdown: Limit = 0.10
    paused_losses: Losses = 10


class Drift(Section):
    """Drift of a desk's features from what was learned from: off, nothing is measured."""

    enabled: bool = False
    rule: Literal["log_kl", "kl_raw"] = "log_kl"  # kl_raw: ten times as many false alarms
    sigmas: Annotated[float, Field(ge=0, le=100)] = 3.0  # beyond what is usual
