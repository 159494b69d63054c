"""What ships: nine bundles, offered to every slot, kept once."""

import hashlib
from dataclasses import replace

from kingmaker.contracts.desks import COMPONENTS, Desk
from kingmaker.registry.domain import OfferBootstrap
from kingmaker.registry.service import build
from kingmaker.runtime.models.shipped import install, offers, shipped
from kingmaker.runtime.models.store import ArtifactStore

DESKS = (Desk("btc-1h", 0), Desk("eurusd-1h", 1))


def test_every_slot_of_every_desk_is_offered_its_bundle() -> None:
    registry = build(DESKS, 0)
    heard = [registry.messages.decode(draft.kind, draft.value) for draft in offers(DESKS, 7)]
    assert len(heard) == len(COMPONENTS) * len(DESKS)
    for offer in heard:
        assert isinstance(offer, OfferBootstrap)
        component, _, desk = offer.slot.partition("@")
        bundle = shipped()[component]
        assert desk in {"btc-1h", "eurusd-1h"}
        assert offer.digest == hashlib.sha256(bundle.model).hexdigest()
        assert (offer.size_bytes, offer.time_ms) == (len(bundle.model), 7)


def test_a_home_may_begin_with_other_bundles(store: ArtifactStore) -> None:
    registry = build(DESKS, 0)
    usual = shipped()
    other = replace(usual["cvar_ppo"], model=usual["cvar_ppo"].model + b"other")
    bundles = {**usual, "cvar_ppo": other}
    digests = install(store, bundles)
    drafts = offers(DESKS[:1], 7, bundles)
    heard = [registry.messages.decode(draft.kind, draft.value) for draft in drafts]
    offered = {one.slot.partition("@")[0]: one.digest for one in heard}  # type: ignore[union-attr] # OfferBootstrap, as above
    assert offered == digests
    assert digests["cvar_ppo"] == hashlib.sha256(other.model).hexdigest()
    assert store.read(digests["cvar_ppo"]) == other


def test_what_ships_is_installed_once(store: ArtifactStore) -> None:
    digests = install(store)
    assert install(store) == digests
    assert set(digests) == set(COMPONENTS)
    assert store.digests() == tuple(sorted(digests.values()))
    assert all(store.read(digests[name]) == bundle for name, bundle in shipped().items())
