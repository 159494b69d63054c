"""An event as it is published: whose desk, which key and partition, which headers."""

from kingmaker.contracts.codec import message_class
from kingmaker.contracts.desks import Desk
from kingmaker.contracts.public import public_topics_of
from kingmaker.contracts.publication import Publication, publication
from kingmaker.kernel.lane import Draft, Lane, Pen, frame

DESKS = (Desk("a", 0), Desk("b", 1))
[ALERTS] = public_topics_of("alerting")
_, DECISIONS = public_topics_of("trader")


def published(service: str, lane: int, name: str, **fields: object) -> Publication:
    package = f"kingmaker.{service}.v1"
    value = message_class(package, name)(**fields).SerializeToString()
    where = Lane(f"km.{service}.v1", lane)
    pen = Pen(3, "w", time_ms=1_490_346_000_000)
    [record] = frame(where.genesis("test"), pen, [Draft(f"{package}.{name}", value)], b"\1\2")
    return publication(ALERTS if service == "alerting" else DECISIONS, where, record, DESKS)


def test_what_a_desk_s_lane_says_is_that_desk_s() -> None:
    found = published("trader", 1, "OpportunityMissed", symbol="BTCUSDT")
    assert (found.desk, found.partition, found.key) == (DESKS[1], 1, b"b")
    assert dict(found.headers)["ce_subject"] == b"b"


def test_what_is_about_a_slot_has_it_as_its_subject_and_nothing_of_the_lane_rule() -> None:
    found = published("trader", 0, "ChampionActivated", slot="online_learning@a")
    headers = dict(found.headers)
    assert headers["ce_subject"] == b"online_learning@a"
    assert headers["ce_id"] == b"km.trader.v1/0/0"
    assert not [name for name in headers if name.startswith("km_")]


def test_an_alert_goes_to_the_desk_that_its_slot_or_key_names() -> None:
    assert published("alerting", 0, "AlertFired", slot="online_learning@b").partition == 1
    assert published("alerting", 0, "AlertSent", key="promotion_executed:p-1@b").partition == 1
    nowhere = published("alerting", 0, "AlertSent", key="job_abandoned:7")
    assert (nowhere.desk, nowhere.partition, nowhere.key) == (None, 0, None)
    assert "ce_subject" not in dict(nowhere.headers)
