"""What may happen in a world, drawn by seed: commands, offers, late and double facts."""

import random
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from kingmaker.contracts.desks import slot_of
from kingmaker.kernel.lane import Draft, Lane
from kingmaker.kernel.service import Input
from tests import people
from tests.simulation.models import digest_of
from tests.simulation.world import Happening, late, message, said

PROMOTION, REGISTRY = "kingmaker.promotion.v1", "kingmaker.registry.v1"
GOVERNANCE = "kingmaker.governance.v1"
OFTEN = (
    "Rollback",
    "Rollback",
    "Freeze",
    "Thaw",
    "Direct",
    "Direct",
    "Approve",
    "Approve",
    "Offer",
    "Veto",
    "Veto",
)
SELDOM = (
    *("Noise", "Noise", "ReplaceTrial", "TrustKey", "RevokeKey", "Skip"),
    *("Settings",) * 5,
    *("Again",) * 5,  # the same order once more, by whoever: a replay, or a second signature
)
# What people change amid trials and reigns; now and then to what cannot be.
SETTINGS: tuple[dict[str, str], ...] = (
    {"promotion.budget.mode": "e_lond"},
    {"promotion.budget.mode": "fwer"},
    {"promotion.auto": "0"},
    {"promotion.min_trades": "1000"},
    {"promotion.direct": "0"},
    {"promotion.cool_down_minutes": "15"},
    {"trial.max_pairs": "50"},
    {"canary.rule": "classic_15pct"},
    {"canary.hard_loss": "0.0001"},
    *({"governance.four_eyes": "Approve,DirectPromotion,Freeze,Rollback,Thaw,Veto"},) * 4,
    {"promotion.alpha": "0.5"},
    {},
)
# Who sends: those who may, and now and then a viewer, a stranger, or nobody who signs.
SIGNERS = (*("ada",) * 6, *("ben",) * 3, *("opal",) * 3, "vic", "eve", "nobody")
SLOTS = [slot_of(component, "one") for component in ("online_learning", "neural_ucb", "cvar_ppo")]
WISHED = [SLOTS[0], *SLOTS]  # where things happen anyway
KINDS = ("other", "broken", "trained")
HOUR_MS = 3_600_000
FORGED_RATE = 0.1


class Script:
    """Draws happenings at given times; the same seed draws the same."""

    def __init__(self, seed: int, times: Sequence[int], policy: Mapping[str, str]) -> None:
        """Choose when; `policy` is what promotion begins with."""
        self._draw = random.Random(seed)  # noqa: S311 - simulation, not secrets
        self._times = times
        self._number = 0
        self._policy = policy
        self._last: Draft | None = None  # the order before, as nobody has signed it yet
        self.happenings: dict[int, list[Happening]] = defaultdict(list)

    def write(self, commands: int, facts: int) -> Mapping[int, Sequence[Happening]]:
        """Return so many commands and late facts, in order of their times."""
        makers = [self._command] * commands + [self._fact] * facts
        for time_ms in sorted(self._draw.choices(self._times, k=len(makers))):
            maker = makers.pop(self._draw.randrange(len(makers)))
            self._number += 1
            self.happenings[time_ms].append(maker(time_ms))
        return self.happenings

    def _command(self, time_ms: int) -> Happening:
        kind = self._draw.choice(OFTEN * 4 + SELDOM)
        if kind == "Offer":
            return said("registry", 0, self._number, time_ms, self._offer(time_ms))
        if kind == "Noise":
            noise = Draft(f"{PROMOTION}.Rollback", self._draw.randbytes(9) + b"\xff")
            return said("promotion", 0, self._number, time_ms, noise)
        if kind == "Settings":
            return self._settings(time_ms)
        if kind != "Again" or self._last is None:
            self._last = self._order("Freeze" if kind == "Again" else kind, time_ms)
        return said("promotion", 0, self._number, time_ms, self._sent(self._last))

    def _settings(self, time_ms: int) -> Happening:
        """Return other settings, as the runtime hands them out."""
        values = {**self._policy, **self._draw.choice(SETTINGS)}
        apply = message("kingmaker.policy.v1.ApplyPolicy", hash=repr(values), values=values)
        lane = Lane("km.promotion.settings.v1")
        item = Input(lane, self._number, apply.kind, apply.value, time_ms=time_ms)
        return "promotion", 0, item

    def _sent(self, order: Draft) -> Draft:
        """Return an order as somebody sends it: mostly well signed, not always."""
        signer = self._draw.choice(SIGNERS)
        if signer == "nobody":
            return order
        sealed = people.signed(order, people.key_of(signer))
        if self._draw.random() < FORGED_RATE:
            return Draft(sealed.kind, sealed.value[:-1] + self._draw.randbytes(1))
        return sealed

    def _order(self, kind: str, time_ms: int) -> Draft:
        slot = self._draw.choice(WISHED)
        scope = self._draw.choice(("desk", slot))
        expired = self._draw.random() < 0.1
        order = {
            "command_id": f"c-{self._draw.randrange(9)}",
            "actor": "ada",
            "reason": "a simulation",
            "issued_at_ms": time_ms,
            "not_after_ms": time_ms - 1 if expired else time_ms + HOUR_MS,
        }
        fields: dict[str, dict[str, Any]] = {
            "Rollback": {"slot": slot},
            "Freeze": {"scope": scope},
            "Thaw": {"scope": scope},
            "Direct": {"slot": slot, "model": "v1.1.0-cloud"},
            "Approve": {"trial": "t-0001@one"},
            "Veto": {"trial": "t-0001@one", "until_ms": time_ms + HOUR_MS // 4},
            "ReplaceTrial": {"trial": "t-0001@one"},
            "TrustKey": {"key": _new_key(self._draw.randrange(3))},
            "RevokeKey": {"key_id": people.key_of(self._draw.choice(("opal", "ben"))).key_id},
            "Skip": {"service": "trader", "topic": "km.feed.v1", "seq": 7, "hash": "ab" * 32},
        }
        name = {"Direct": "DirectPromotion", "Skip": "SkipInput"}.get(kind, kind)
        package = GOVERNANCE if name in ("TrustKey", "RevokeKey", "SkipInput") else PROMOTION
        return message(f"{package}.{name}", **order, **fields[kind])

    def _offer(self, time_ms: int) -> Draft:
        slot = self._draw.choice(SLOTS)
        component, _, desk = slot.partition("@")
        return message(
            f"{REGISTRY}.OfferModel",
            command_id=f"o-{self._number}",
            slot=slot,
            digest=digest_of(component, self._draw.choice(KINDS), desk),
            size_bytes=10,
            origin="cloud",
            actor="ada",
            reason="a simulation",
            time_ms=time_ms,
        )

    def _fact(self, time_ms: int) -> Happening:
        """Repeat an answer, or let a model be lost that serves."""
        slot = self._draw.choice(SLOTS)
        component, _, _desk = slot.partition("@")
        digest = digest_of(component, self._draw.choice(("bootstrap", "trained", "other")))
        facts: dict[str, tuple[str, str, dict[str, object]]] = {
            "loaded": ("trader", "kingmaker.trader.v1.ModelLoaded", {"digest": digest}),
            "late": (
                *("trader", "kingmaker.trader.v1.ModelLoadFailed"),
                {"digest": digest, "reason": "late", "attempt": 1},
            ),
            "lost": (
                *("trader", "kingmaker.trader.v1.ModelLoadFailed"),
                {"digest": digest_of(component, "trained"), "reason": "gone"},
            ),
            "sound": ("registry", f"{REGISTRY}.ModelSound", {"digest": digest, "slot": slot}),
            "trained": (
                *("learners", "kingmaker.learners.v1.TrainingSucceeded"),
                {"training": f"tr-000{self._draw.randint(1, 4)}", "digest": digest},
            ),
            "sent": ("alerting", "kingmaker.alerting.v1.AlertDelivered", {"key": "nobody's"}),
        }
        service, kind, fields = facts[self._draw.choice(tuple(facts))]
        return late(service, 0, self._number, time_ms, message(kind, **fields))


def _new_key(number: int) -> dict[str, Any]:
    """Return a key that nobody signs with."""
    key = people.key_of(f"new-{number}")
    owner, role = f"new-{number}", "operator"
    return {"key_id": key.key_id, "public_key": key.public_key, "owner": owner, "role": role}
