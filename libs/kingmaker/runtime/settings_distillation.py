"""How a teacher of closed hours teaches S15: docs/decisions/0062."""

from typing import Annotated

from pydantic import Field

from kingmaker.runtime.settings_section import Section


class Distillation(Section):
    """What `train start --distil` goes by; nothing else starts a distillation."""

    share: Annotated[float, Field(ge=0, le=1)] = 0.5  # of the loss that the teacher sets
    temperature: Annotated[float, Field(ge=0.1, le=20)] = 2.0  # that softens both before they meet
    hours: Annotated[int, Field(ge=2, le=168)] = 24  # closed ones that the teacher reads
    teacher_steps: Annotated[int, Field(ge=50, le=100_000)] = 300
    teacher_bars_max: Annotated[int, Field(ge=600, le=1_000_000)] = 40_000  # a symbol, the latest
