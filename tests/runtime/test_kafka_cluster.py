"""Addresses and credentials, as the client of Kafka hears them."""

from pathlib import Path

import pytest

from kingmaker.runtime.kafka.cluster import Cluster, CredentialsError


def test_an_address_alone_is_plain() -> None:
    options = Cluster("a:1,b:2").options()
    assert options == {"bootstrap_servers": "a:1,b:2", "security_protocol": "PLAINTEXT"}


def test_a_user_proves_itself_by_scram_with_the_password_of_a_file(tmp_path: Path) -> None:
    (tmp_path / "password").write_text("secret\n")
    cluster = Cluster("a:1", user="trader", password_file=tmp_path / "password", tls=True)
    options = cluster.options()
    assert options["security_protocol"] == "SASL_SSL"
    assert options["sasl_mechanism"] == "SCRAM-SHA-512"
    assert (options["sasl_plain_username"], options["sasl_plain_password"]) == ("trader", "secret")
    assert "secret" not in repr(cluster)


def test_credentials_that_cannot_be_used_are_named_with_the_remedy(tmp_path: Path) -> None:
    with pytest.raises(CredentialsError, match=r"kafka\.password_file is not set\. Put"):
        Cluster("a:1", user="trader").options()
    with pytest.raises(CredentialsError, match=r"cannot be read.*Check kafka\.password_file"):
        Cluster("a:1", user="trader", password_file=tmp_path / "none").options()
    (tmp_path / "ca.pem").write_text("no certificate")
    with pytest.raises(CredentialsError, match=r"PEM files that belong together: .*ca\.pem"):
        Cluster("a:1", ca_file=tmp_path / "ca.pem").options()
