"""Desks and slots: who has which lane, and what a slot is called."""

from dataclasses import dataclass

COMPONENTS = (
    "cvar_ppo",
    "neural_ucb",
    "regime_detector",
    "model_ensemble",
    "online_learning",
    "slippage_latency",
    "s15_rl_policy",
    "pattern_recognition",
    "pm_optimizer",
)
TWIN = "twin-"
HISTORY = "history"  # what jobs over past bars are about: a desk, and no slot of it
PARAMETERS = "parameters"  # what has a watch and can be rolled back as a slot can, but reigns not


@dataclass(frozen=True, slots=True)
class Desk:
    """One portfolio, one lineup of nine, one universe. Its lane is its place in the settings."""

    name: str
    index: int


def slot_of(component: str, desk: str) -> str:
    """Return the slot: exactly one champion each."""
    assert component in COMPONENTS, f"{component} is not one of the nine components"
    return f"{component}@{desk}"


def parameters_of(desk: str) -> str:
    """Return what the settings of a desk are called where slots are."""
    return f"{PARAMETERS}@{desk}"


def history_of(desk: str) -> str:
    """Return what runs over a desk's past bars are called where slots are."""
    return f"{HISTORY}@{desk}"


def component_of(slot: str) -> str:
    """Return the component of a slot."""
    return slot.partition("@")[0]


def desk_of(slot: str) -> str:
    """Return the desk of a slot."""
    return slot.partition("@")[2]


def twin_of(component: str, reign: int) -> str:
    """Return what the control of a champion that learns is called: itself, learning nothing."""
    return f"{TWIN}{component}-r{reign}"


def is_twin(branch: str) -> bool:
    """Tell such a control from a challenger, which is on trial."""
    return branch.startswith(TWIN)
