"""What an offer of a bundle must look like, and what is asked of the bytes behind it."""

from typing import assert_never

from kingmaker.registry.domain import (
    AUTOGEN,
    BOOTSTRAP,
    BOOTSTRAP_VERSION,
    ORIGINS,
    SHIPPED,
    TEACHER,
    TRAINED,
    Offer,
    OfferBootstrap,
    OfferModel,
    TrainingCompleted,
    VerificationRequested,
)

MODEL_BYTES_MAX = 64 << 20
DIGEST_DIGITS = 64
HEX = frozenset("0123456789abcdef")


def fault_of(offer: Offer, slots: frozenset[str]) -> tuple[str, str] | None:
    """Return reason and detail why no byte of it need be read; None if it is worth a check."""
    if offer.slot not in slots:
        return "unknown_component", f"there is no slot {offer.slot!r}"
    if not offer.digest:
        return "digest_missing", "an offer names the SHA-256 of the model"
    if len(offer.digest) != DIGEST_DIGITS or not set(offer.digest) <= HEX:
        return "digest_mismatch", f"{offer.digest[:80]!r} is no SHA-256 in lower-case hex"
    if not 0 < offer.size_bytes <= MODEL_BYTES_MAX:
        return "too_large", f"{offer.size_bytes} bytes; 1 to {MODEL_BYTES_MAX} are allowed"
    if isinstance(offer, TrainingCompleted) and offer.origin not in ("", *ORIGINS):
        return "untrusted_origin", f"{offer.origin[:80]!r} is none of {', '.join(ORIGINS)}"
    if isinstance(offer, OfferModel):
        if offer.origin not in ORIGINS:
            return "untrusted_origin", f"{offer.origin!r} is none of {', '.join(ORIGINS)}"
        if not (offer.actor and offer.reason and offer.command_id):
            return "untrusted_origin", "an offer names its id, its actor and a reason"
    return None


def request_of(offer: Offer, minor: int, due_ms: int) -> VerificationRequested:
    """Return the check of an offer; `minor` is the version's number, if it needs one."""
    match offer:
        case OfferBootstrap(slot, digest, size_bytes):
            return VerificationRequested(
                slot, digest, BOOTSTRAP, SHIPPED, due_ms, 1, BOOTSTRAP_VERSION, size_bytes
            )
        case OfferModel():
            version = f"v1.{minor}.0-{offer.origin}"
            return VerificationRequested(
                *(offer.slot, offer.digest, offer.origin, offer.command_id),
                due_ms=due_ms,
                attempt=1,
                version=version,
                size_bytes=offer.size_bytes,
            )
        case TrainingCompleted():
            origin = offer.origin or TRAINED
            return VerificationRequested(
                *(offer.slot, offer.digest, origin, offer.training),
                due_ms=due_ms,
                attempt=1,
                version=f"v1.{minor}.0-{origin}",
                size_bytes=offer.size_bytes,
                parent=offer.parent,
                metrics=offer.metrics,
                data_from_ms=offer.data_from_ms,
                data_until_ms=offer.data_until_ms,
                trades=offer.trades,
                seed=offer.seed,
                dataset_digest=offer.dataset_digest,
                tags=_tags(origin, offer.teacher),
                found=offer.found,
            )
        case _:
            assert_never(offer)


def _tags(origin: str, teacher: str) -> dict[str, str]:
    """Return what is told of a product's origin beside its name."""
    searched = {AUTOGEN: "true"} if origin == AUTOGEN else {}
    return searched | ({TEACHER: teacher} if teacher else {})
