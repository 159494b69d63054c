"""A broker that speaks TLS only and asks for a certificate: ours is taken, a stranger's is not."""

import datetime as dt
import ipaddress
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from kingmaker.kernel.lane import STARTED, Draft, Lane, Pen, frame
from kingmaker.runtime.kafka import topics
from kingmaker.runtime.kafka.cluster import Cluster
from kingmaker.runtime.kafka.log import KafkaLog
from kingmaker.runtime.kafka.topics import TopicsError, Wanted
from kingmaker.runtime.log import Tail, Verdict
from tests.conftest import lonely_broker

ONE = Wanted(desks=1, replication=1, min_in_sync=1)
LANE = Lane("km.promotion.v1")

pytestmark = pytest.mark.kafka


@dataclass
class Authority:
    """Signs certificates for an hour."""

    folder: Path

    def __post_init__(self) -> None:
        self.folder.mkdir()
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, self.folder.name)])
        self._write("ca", self._signed(self.name, self.key, is_authority=True), None)

    def issue(self, name: str) -> Path:
        """Return a file with a private key and its certificate."""
        key = ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        return self._write(name, self._signed(subject, key), key)

    def _signed(
        self, subject: x509.Name, key: ec.EllipticCurvePrivateKey, *, is_authority: bool = False
    ) -> x509.Certificate:
        now = dt.datetime.now(dt.UTC)
        loopback = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
        return (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(self.name)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - dt.timedelta(hours=1))
            .not_valid_after(now + dt.timedelta(hours=1))
            .add_extension(x509.BasicConstraints(is_authority, None), critical=True)
            .add_extension(loopback, critical=False)
            .sign(self.key, hashes.SHA256())
        )

    def _write(
        self, name: str, certificate: x509.Certificate, key: ec.EllipticCurvePrivateKey | None
    ) -> Path:
        content = certificate.public_bytes(serialization.Encoding.PEM)
        if key is not None:
            form = serialization.PrivateFormat.PKCS8
            bare = serialization.NoEncryption()
            content = key.private_bytes(serialization.Encoding.PEM, form, bare) + content
        (self.folder / f"{name}.pem").write_bytes(content)
        return self.folder / f"{name}.pem"


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[Cluster]:
    ours = Authority(tmp_path / "ours")
    ours.issue("broker")
    own = ours.issue("promotion")
    with lonely_broker(tmp_path / "kafka", KAFKA_TLS=str(ours.folder)) as servers:
        yield Cluster(servers, ca_file=ours.folder / "ca.pem", certificate_file=own, key_file=own)


def test_who_shows_a_certificate_writes_and_reads_and_a_stranger_does_neither(
    cluster: Cluster, tmp_path: Path
) -> None:
    assert cluster.protocol == "SSL"
    topics.create(cluster, ONE)
    assert topics.differences(cluster, ONE) == []
    log = KafkaLog(cluster, "tls")
    start = frame(LANE.genesis("tls"), Pen(1, "a"), [Draft(STARTED, b"{}")])
    assert log.append(LANE, start) is Verdict.ACCEPTED
    assert Tail(log, LANE).poll() == list(start)
    log.close()
    theirs = Authority(tmp_path / "theirs").issue("promotion")
    for stranger in (
        replace(cluster, certificate_file=theirs, key_file=theirs),
        replace(cluster, certificate_file=None, key_file=None),
        replace(cluster, ca_file=theirs),
        Cluster(cluster.servers),
    ):
        with pytest.raises(TopicsError, match="user, password and certificates are right"):
            topics.differences(stranger, ONE)
