"""Offers: what makes one not worth reading, and what is asked of the rest."""

from dataclasses import replace

from kingmaker.registry.domain import OfferBootstrap, OfferModel
from kingmaker.registry.offers import MODEL_BYTES_MAX, fault_of, request_of

SLOT = "cvar_ppo@btc-1h"
SLOTS = frozenset({SLOT})
OFFER = OfferModel("c-1", SLOT, "a" * 64, 1, "distilled", "ada", "smaller", 5, again=False)


def test_an_offer_too_large_by_a_byte_is_refused_and_one_of_the_limit_is_not() -> None:
    assert fault_of(replace(OFFER, size_bytes=MODEL_BYTES_MAX), SLOTS) is None
    fault = fault_of(replace(OFFER, size_bytes=MODEL_BYTES_MAX + 1), SLOTS)
    assert fault
    assert fault[0] == "too_large"


def test_an_offer_without_a_name_is_refused() -> None:
    fault = fault_of(replace(OFFER, command_id=""), SLOTS)
    assert fault == ("untrusted_origin", "an offer names its id, its actor and a reason")


def test_the_version_says_number_and_origin() -> None:
    assert request_of(OFFER, 4, 9).version == "v1.4.0-distilled"
    boot = OfferBootstrap(SLOT, "a" * 64, 1, 5)
    assert request_of(boot, 4, 9).version == "v1.0.0-bootstrap"
