"""Where a Kafka cluster is and how one proves to it who one is, as its client wants to hear it."""

import ssl
from dataclasses import dataclass
from pathlib import Path
from typing import Any

MECHANISM = "SCRAM-SHA-512"


class CredentialsError(Exception):
    """A certificate, a key or a password that cannot be used: it says which, and what to do."""


@dataclass(frozen=True, slots=True)
class Cluster:
    """Addresses and credentials: nothing, SASL/SCRAM with a user, TLS with a CA, mTLS with a key.

    `password_file` holds the password alone: secrets are files, never variables or arguments.
    """

    servers: str  # host:port, several by commas
    user: str = ""
    password_file: Path | None = None
    tls: bool = False
    ca_file: Path | None = None  # None: those the system trusts
    certificate_file: Path | None = None  # our own, for mTLS
    key_file: Path | None = None

    @property
    def protocol(self) -> str:
        """Return Kafka's name for what secures the connection."""
        carrier = "SSL" if self.tls or self.ca_file or self.certificate_file else "PLAINTEXT"
        return f"SASL_{carrier}" if self.user else carrier

    def options(self) -> dict[str, Any]:
        """Return the arguments of every aiokafka client. Raise CredentialsError."""
        found: dict[str, Any] = {
            "bootstrap_servers": self.servers,
            "security_protocol": self.protocol,
        }
        if self.protocol.endswith("SSL"):
            found["ssl_context"] = self._trust()
        if self.user:
            found |= {
                "sasl_mechanism": MECHANISM,
                "sasl_plain_username": self.user,
                "sasl_plain_password": self._password(),
            }
        return found

    def _trust(self) -> ssl.SSLContext:
        try:
            context = ssl.create_default_context(cafile=self.ca_file)
            if self.certificate_file:
                context.load_cert_chain(self.certificate_file, self.key_file)
        except (OSError, ssl.SSLError) as error:
            files = (self.ca_file, self.certificate_file, self.key_file)
            named = ", ".join(str(path) for path in files if path)
            raise CredentialsError(
                f"TLS towards Kafka cannot begin: {error}. Check that these are readable PEM files"
                f" that belong together: {named}."
            ) from error
        return context

    def _password(self) -> str:
        if self.password_file is None:
            raise CredentialsError(
                f"kafka.user is {self.user!r}, but kafka.password_file is not set. Put the password"
                f" alone into a file, and name it there."
            )
        try:
            return self.password_file.read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            raise CredentialsError(
                f"the password of {self.user!r} for Kafka cannot be read: {error}. Check"
                f" kafka.password_file."
            ) from error
