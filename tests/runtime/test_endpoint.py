"""An address that answers."""

import urllib.request

import pytest

from kingmaker.runtime.endpoint import Answer, Endpoint, address_of
from kingmaker.runtime.settings_sources import SettingsError


def echo(path: str) -> Answer:
    return 200, "text/plain", path.encode()


def test_it_answers_by_path_until_it_is_closed() -> None:
    with (
        Endpoint(echo, "127.0.0.1", 0) as endpoint,
        urllib.request.urlopen(f"http://127.0.0.1:{endpoint.port}/a") as answer,
    ):
        assert (answer.read(), answer.headers["Content-Type"]) == (b"/a", "text/plain")
    with pytest.raises(OSError, match="refused"):
        urllib.request.urlopen(f"http://127.0.0.1:{endpoint.port}/a")


def test_an_address_in_use_is_refused_with_a_remedy() -> None:
    with (
        Endpoint(echo, "127.0.0.1", 0) as first,
        pytest.raises(SettingsError, match=f"127.0.0.1:{first.port}: .* a port that nobody uses"),
    ):
        Endpoint(echo, "127.0.0.1", first.port)


def test_an_address_is_host_and_port() -> None:
    assert address_of("0.0.0.0:9464", "--health") == ("0.0.0.0", 9464)  # noqa: S104 - only parsed
    with pytest.raises(SettingsError, match="--health is '9464': it must be HOST:PORT"):
        address_of("9464", "--health")
