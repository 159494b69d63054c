"""A play that can be scraped."""

import sys
import urllib.error
import urllib.request
from contextlib import ExitStack
from pathlib import Path

import pytest

from kingmaker.runtime.settings_sources import SettingsError
from kingmaker.runtime.telemetry.scraped import Scraped
from tests.runtime.short_play import unplayed


def page(scraped: Scraped, path: str = "/metrics") -> str:
    with urllib.request.urlopen(scraped.url.replace("/metrics", path)) as answer:  # noqa: S310 - our own
        return str(answer.read().decode())


def test_it_tells_what_became_durable_and_changes_no_history(tmp_path: Path) -> None:
    plain = unplayed(tmp_path / "plain").play(300)
    stage = unplayed(tmp_path / "scraped")
    with ExitStack() as stack:
        scraped = Scraped("127.0.0.1:0", [desk.name for desk in stage.desks], stack)
        assert stage.play(300, scraped.take, scraped.begin) == plain
        scraped.begin(())
        assert 'kingmaker_bars_total{desk="eurusd-1h"} 300.0' in page(scraped)
        with pytest.raises(urllib.error.HTTPError, match="404"):
            page(scraped, "/")


def test_without_an_address_nothing_listens_and_nothing_is_counted() -> None:
    with ExitStack() as stack:
        assert not Scraped(None, ["oak"], stack).url


@pytest.mark.parametrize("address", ["9464", ":9464", "localhost:", "localhost:99999", "a:b"])
def test_an_address_that_is_none_is_refused_by_name(address: str) -> None:
    with ExitStack() as stack, pytest.raises(SettingsError, match=r"--metrics is .* HOST:PORT"):
        Scraped(address, ["oak"], stack)


def test_without_the_extra_it_does_not_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "kingmaker.runtime.telemetry.exposition", raising=False)
    monkeypatch.setitem(sys.modules, "prometheus_client", None)
    with (
        ExitStack() as stack,
        pytest.raises(SettingsError, match=r"--metrics: .*kingmaker.telemetry"),
    ):
        Scraped("127.0.0.1:0", ["oak"], stack)
