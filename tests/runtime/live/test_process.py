"""What a process refuses to start with, and which lanes are its own."""

from pathlib import Path

import pytest

from kingmaker.contracts.desks import Desk
from kingmaker.kernel.lane import Lane
from kingmaker.runtime.kafka import topics
from kingmaker.runtime.kafka.configured import cluster_of, incarnation_of, wanted_of
from kingmaker.runtime.kafka.topics import TopicsError
from kingmaker.runtime.live import process
from kingmaker.runtime.live.process import Wish
from kingmaker.runtime.settings import DeskSettings, Kafka, Settings
from kingmaker.runtime.settings_sources import SettingsError

DESKS = tuple(Desk(name, index) for index, name in enumerate("abc"))


def settings(servers: str, **kafka: str) -> Settings:
    return Settings(
        home=Path("home"),
        desks=tuple(DeskSettings(name=desk.name) for desk in DESKS),
        kafka=Kafka.model_validate(
            {"servers": servers, "replication": 1, "min_in_sync": 1, **kafka}
        ),
    )


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_the_lanes_of_an_ordinal_are_every_so_manieth() -> None:
    lanes = [
        [service.lane.index for service in process._chosen(Wish("trader", at, 2), DESKS)]
        for at in (0, 1)
    ]
    assert lanes == [[0, 2], [1]]
    assert [s.lane for s in process._chosen(Wish("registry"), DESKS)] == [Lane("km.registry.v1")]


def test_a_service_or_an_ordinal_that_is_not_there_is_named() -> None:
    with pytest.raises(SettingsError, match=r"no service is called .judge.\. There are: alerting,"):
        process._chosen(Wish("judge"), DESKS)
    with pytest.raises(SettingsError, match="--ordinal is 2: with --of 2 it begins at 0"):
        process._chosen(Wish("trader", 2, 2), DESKS)


def test_a_log_without_a_name_and_a_cluster_that_is_not_there_are_refused() -> None:
    with pytest.raises(SettingsError, match=r"kafka\.incarnation is not set"):
        incarnation_of(settings("localhost:1"))
    with pytest.raises(SettingsError, match=r"kafka\.servers is not set"):
        cluster_of(settings(""))
    with pytest.raises(TopicsError, match="See that its brokers run"):
        process.run(Wish("trader"), settings("127.0.0.1:1"), lambda _line: None)


@pytest.mark.kafka
def test_it_does_not_start_on_topics_that_are_missing_or_forget(kafka_servers: str) -> None:
    mine = settings(kafka_servers, incarnation="0123456789abcdef")
    demanding = mine.model_copy(update={"kafka": mine.kafka.model_copy(update={"replication": 2})})
    topics.create(cluster_of(mine), wanted_of(mine))
    with pytest.raises(TopicsError, match=r"has 1 replicas; kafka\.replication asks for 2"):
        process.run(Wish("trader"), demanding, lambda _line: None)
    assert not Path("home").exists()  # nothing was begun
