"""Topics have one spelling, and the catalogue names each service once."""

import pytest

from kingmaker.contracts.topics import (
    TOPICS,
    command_topic,
    event_lanes,
    event_topic,
    fact_topic,
    may_carry,
    settings_topic,
)


def test_a_service_has_four_topics() -> None:
    topics = [f("trader") for f in (event_topic, command_topic, fact_topic, settings_topic)]
    assert topics == [
        "km.trader.v1",
        "km.trader.commands.v1",
        "km.trader.facts.v1",
        "km.trader.settings.v1",
    ]


def test_the_catalogue_names_each_service_once_and_only_known_readers() -> None:
    services = [topic.service for topic in TOPICS]
    assert len(set(services)) == len(services)
    assert all(reader in services for topic in TOPICS for reader in topic.readers)
    assert [topic.name for topic in TOPICS] == [event_topic(service) for service in services]


def test_a_log_has_a_lane_a_desk_where_a_service_has_one_and_else_one() -> None:
    lanes = event_lanes(2)
    assert [lane.index for lane in lanes if lane.topic == "km.trader.v1"] == [0, 1]
    assert [lane.index for lane in lanes if lane.topic == "km.alerting.v1"] == [0]
    assert {lane.topic for lane in lanes} == {topic.name for topic in TOPICS}


def test_nobody_reads_itself() -> None:
    assert all(topic.service not in topic.readers for topic in TOPICS)


@pytest.mark.parametrize(
    ("topic", "kind", "belongs"),
    [
        ("km.promotion.commands.v1", "kingmaker.governance.v1.Signed", True),
        ("km.promotion.commands.v1", "kingmaker.promotion.v1.Rollback", True),
        ("km.promotion.keys.v1", "kingmaker.governance.v1.ApplyKeys", True),
        ("km.promotion.settings.v1", "kingmaker.policy.v1.ApplyPolicy", True),
        ("km.trader.facts.v1", "kingmaker.trader.v1.ModelLoaded", True),
        ("km.registry.shipped.v1", "kingmaker.registry.v1.OfferBootstrap", True),
        ("km.promotion.commands.v1", "kingmaker.governance.v1.ApplyKeys", False),
        ("km.promotion.commands.v1", "kingmaker.policy.v1.ApplyPolicy", False),
        ("km.promotion.commands.v1", "kingmaker.shadow.v1.EvidenceMeasured", False),
        ("km.promotion.facts.v1", "kingmaker.trader.v1.ChallengerWarmed", False),
        ("km.promotion.facts.v1", "kingmaker.registry.v1.ModelRegistered", False),
        ("km.promotion.keys.v1", "kingmaker.governance.v1.Signed", False),
        ("km.risk.commands.v1", "kingmaker.governance.v1.Signed", True),
        ("km.risk.commands.v1", "kingmaker.risk.v1.Kill", True),
        ("km.risk.commands.v1", "kingmaker.governance.v1.KeyTrusted", False),
        ("km.risk.facts.v1", "kingmaker.governance.v1.KeyTrusted", False),
        ("km.risk.facts.v1", "kingmaker.risk.v1.KillFileFound", True),
        ("km.risk.settings.v1", "kingmaker.risk.v1.KillFileFound", False),
        ("km.risk.keys.v1", "kingmaker.risk.v1.KillFileGone", False),
        ("km.risk.commands.v1", "kingmaker.risk.v1.KillFileFound", False),
        ("km.risk.commands.v1", "kingmaker.risk.v1.KillFileGone", False),
        ("km.risk.commands.v1", "kingmaker.governance.v1.ApplyKeys", False),
        ("km.promotion.facts.v1", "kingmaker.governance.v1.Signed", False),
        ("km.trader.facts.v1", "kingmaker.promotion.v1.ChampionCrowned", False),
        ("km.trader.commands.v1", "nobody's", False),
        ("km.registry.commands.v1", "kingmaker.registry.v1.OfferModel", True),
        ("km.registry.commands.v1", "kingmaker.registry.v1.OfferBootstrap", False),
        ("km.registry.commands.v1", "kingmaker.registry.v1.ModelSound", False),
        ("km.trader.commands.v1", "kingmaker.trader.v1.ModelLoadFailed", False),
        ("km.feed.commands.v1", "kingmaker.feed.v1.BarRead", False),
        ("km.learners.commands.v1", "kingmaker.learners.v1.TrainingSucceeded", False),
        ("km.learners.commands.v1", "kingmaker.learners.v1.TrainingBroke", False),
        ("km.learners.facts.v1", "kingmaker.learners.v1.TrainingBroke", True),
        ("km.learners.commands.v1", "kingmaker.learners.v1.StartTraining", True),
        ("km.learners.commands.v1", "kingmaker.governance.v1.Signed", True),
        ("km.learners.commands.v1", "kingmaker.governance.v1.KeyTrusted", False),
    ],
)
def test_a_record_in_another_s_name_does_not_belong(
    topic: str, kind: str, *, belongs: bool
) -> None:
    assert may_carry(topic, kind) is belongs
