"""When the performance guard steps in: docs/decisions/0065."""

from typing import Annotated

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
