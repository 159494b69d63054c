"""The bundles that ship with this release, and the commands that offer them to every desk."""

import hashlib
from collections.abc import Mapping, Sequence
from importlib.resources import files

from kingmaker.contracts.codec import message_class
from kingmaker.contracts.desks import COMPONENTS, Desk, slot_of
from kingmaker.kernel.lane import Draft
from kingmaker.runtime.models.artifacts import Artifacts
from kingmaker.runtime.models.bundle import GOLDEN, MANIFEST, MODEL, Bundle

# Data, not code: found by name, as a host finds services.
PACKAGE, FOLDER = "kingmaker.registry.bootstrap", "bundles"
REGISTRY = "kingmaker.registry.v1"
OFFER = "OfferBootstrap"


def shipped() -> dict[str, Bundle]:
    """Return the nine bundles by component."""
    folder = files(PACKAGE) / FOLDER
    return {
        component: Bundle(
            *((folder / component / name).read_bytes() for name in (MODEL, GOLDEN, MANIFEST))
        )
        for component in COMPONENTS
    }


def install(store: Artifacts, bundles: Mapping[str, Bundle] | None = None) -> dict[str, str]:
    """Keep the shipped bundles, or those given, in the store; return their digests by component."""
    chosen = bundles or shipped()
    return {component: store.put(bundle) for component, bundle in chosen.items()}


def offers(
    desks: Sequence[Desk], time_ms: int, bundles: Mapping[str, Bundle] | None = None
) -> tuple[Draft, ...]:
    """Return the commands that offer a bundle to each slot; the registry takes each once."""
    chosen = bundles or shipped()
    message = message_class(REGISTRY, OFFER)
    return tuple(
        Draft(
            f"{REGISTRY}.{OFFER}",
            message(
                slot=slot_of(component, desk.name),
                digest=hashlib.sha256(bundle.model).hexdigest(),
                size_bytes=len(bundle.model),
                time_ms=time_ms,
            ).SerializeToString(deterministic=True),
        )
        for desk in desks
        for component, bundle in chosen.items()
    )
