"""A home whose bars were played: what a run over past bars reads."""

from collections.abc import Mapping
from itertools import islice
from pathlib import Path

from kingmaker.contracts.desks import COMPONENTS, Desk
from kingmaker.learners.policy import Policy
from kingmaker.runtime.assembly import Parts, open_kingdom
from kingmaker.runtime.bars import open_bars
from kingmaker.runtime.home import Home
from kingmaker.runtime.reactors.history_process import Asked
from kingmaker.runtime.settings import DeskSettings, Settings
from kingmaker.runtime.settings_policy import policy_values

BAR_MS = 300_000
SETTINGS = Settings(
    desks=(DeskSettings(name="oak", files=("sample:BTCUSDT_5m_2025_03.csv.gz",), interval="5m"),)
)
QUICK = {"cvar_ppo.iterations": 10.0, "s15_rl_policy.steps": 200.0}


def play(folder: Path, bars: int) -> Home:
    """Return a home that has played so many bars of one desk; nothing was trained."""
    home, source = Home(folder), open_bars(SETTINGS)
    values = Mapping[str, str]

    def policy_of(service: str, desk: Desk | None) -> values:
        found = policy_values(SETTINGS, service, desk.name if desk else None)
        return {**found, "learning.components": ""} if service == "learners" else found

    parts = Parts((Desk("oak", 0),), policy_of, source.first_open_ms, channels={})
    with open_kingdom(home, parts) as kingdom:
        kingdom.begin(parts.begins_ms)
        for _ in kingdom.play(islice(source.rows([0]), bars)):
            pass
    return home


def asked(home: Home, components: tuple[str, ...] = COMPONENTS, **given: object) -> Asked:
    """Return an intensive run over all that the home has played."""
    parameters = {
        f"{component}.{name}": value
        for component in components
        for name, value in Policy().parameters(component).items()
    }
    fields: dict[str, object] = {
        "log": str(home.log),
        "artifacts": str(home.artifacts),
        "lane": 0,
        "run": "hist-0001",
        "desk": "oak",
        "days": 90,
        "until_ms": 1 << 50,
        "base_from_ms": 0,
        "base_until_ms": 0,
        "known": "",
        "taught": dict.fromkeys(components, 0),
        "seeds": dict.fromkeys(components, 7),
        "parameters": parameters | QUICK,
        "time_ms": 1 << 50,
    }
    return Asked(**{**fields, **given})  # type: ignore[arg-type] # each fits its field
