"""Every event of a service that writes public topics is published, or kept on purpose."""

import pytest
from google.protobuf.descriptor_pb2 import FileDescriptorSet

from kingmaker.contracts.desks import Desk
from kingmaker.contracts.public import KEPT, PUBLIC, STATISTICS, public_topics_of
from kingmaker.runtime.services import build_services
from tests.architecture.source import ROOT

OWNERS = sorted({topic.service for topic in PUBLIC})


def said(service: str) -> set[str]:
    (built,) = [one for one in build_services([Desk("one", 0)]) if one.name == service]
    package = f"kingmaker.{service}.v1."
    kinds: tuple[str, ...] = getattr(built.events, "kinds")  # noqa: B009 - of the product's codec; the port does not promise it
    return {kind.removeprefix(package) for kind in kinds if kind.startswith(package)}


@pytest.mark.parametrize("service", OWNERS)
def test_every_event_is_published_or_kept_and_none_is_named_that_nobody_says(service: str) -> None:
    published = [event for topic in public_topics_of(service) for event in topic.events]
    named = [*published, *KEPT[service]]
    assert len(set(named)) == len(named)
    remedy = "name it in libs/kingmaker/contracts/public.py, PUBLIC or KEPT"
    assert set(named) == said(service), remedy


def test_whoever_subscribes_can_decode_every_message_by_the_released_descriptor_set() -> None:
    (file,) = (ROOT / "proto" / "released").glob("*.binpb")
    described = FileDescriptorSet.FromString(file.read_bytes())
    known = {f"{one.package}.{m.name}" for one in described.file for m in one.message_type}
    kinds = frozenset().union(*(topic.kinds for topic in (*PUBLIC, STATISTICS)))
    assert kinds - known == set(), "scripts/proto release keeps the contract as it is"
