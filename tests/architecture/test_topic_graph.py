"""The topic graph: what the services declare to read is what the catalogue allows, no edge more."""

from kingmaker.contracts.desks import Desk
from kingmaker.contracts.topics import TOPICS, event_topic
from kingmaker.kernel.lane import Lane
from kingmaker.runtime.engine import AnyService
from kingmaker.runtime.services import ORDER, build_services

DESKS = (Desk("one", 0), Desk("two", 1))

type Edge = tuple[str, str]  # writer, reader


def declared(services: list[AnyService]) -> set[Edge]:
    by_topic = {event_topic(topic.service): topic.service for topic in TOPICS}
    return {(by_topic[lane.topic], service.name) for service in services for lane in service.reads}


def test_services_read_what_the_catalogue_says_and_nothing_else() -> None:
    allowed = {(topic.service, reader) for topic in TOPICS for reader in topic.readers}
    assert declared(build_services(DESKS)) == allowed


def test_every_service_writes_a_lane_of_its_own() -> None:
    lanes = [service.lane for service in build_services(DESKS)]
    assert len(set(lanes)) == len(lanes)
    assert {service.name for service in build_services(DESKS)} == set(ORDER)


def test_a_service_of_one_desk_reads_no_other_desk() -> None:
    per_desk = {event_topic(topic.service) for topic in TOPICS if topic.per_desk}
    for service in build_services(DESKS):
        if service.lane.topic in per_desk:
            read = [lane for lane in service.reads if lane.topic in per_desk]
            assert all(lane.index == service.index for lane in read), service.lane


def test_a_service_of_all_desks_reads_each_of_them() -> None:
    (learners,) = [s for s in build_services(DESKS) if s.name == "learners"]
    assert {Lane("km.trader.v1", 0), Lane("km.trader.v1", 1)} <= set(learners.reads)
