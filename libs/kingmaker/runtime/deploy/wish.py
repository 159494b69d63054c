"""What a person says about a deployment, checked."""

import re
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256

from kingmaker.runtime.release import RELEASE
from kingmaker.runtime.settings_sources import SettingsError

IMAGE = f"kingmaker:{RELEASE}"
NAMESPACE = "kingmaker"
SECRET = "kingmaker"  # noqa: S105 - the name of a Secret, not a secret
LANES = 3
LANES_MAX = 99

_NAME = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")
_IMAGE = re.compile(r"[a-z0-9][\w./:-]*(@sha256:[0-9a-f]{64})?")
_VARIABLE = re.compile(r"[A-Za-z_]\w*")
_INCARNATION = re.compile(r"[0-9a-f]{16}")


@dataclass(frozen=True, slots=True)
class Wish:
    """How the services are to run."""

    incarnation: str
    image: str = IMAGE
    namespace: str = NAMESPACE
    existing_secret: str = ""  # empty: production's is called as SECRET says, the demo has none
    extra_env: Mapping[str, str] = field(default_factory=dict)
    lanes: int = LANES  # pods a service that has a lane a desk, in production
    settings: str = ""  # YAML, of production; empty: an example

    def __post_init__(self) -> None:
        """Raise SettingsError with every fault and its remedy."""
        faults = [
            f"{what} is {value!r}: {remedy}"
            for what, value, form, remedy in (
                ("--image", self.image, _IMAGE, "write NAME:TAG or NAME@sha256:DIGEST."),
                (
                    "--namespace",
                    self.namespace,
                    _NAME,
                    "small letters, digits, dashes; 63 at most.",
                ),
                ("--existing-secret", self.existing_secret or SECRET, _NAME, "it names a Secret."),
                ("--incarnation", self.incarnation, _INCARNATION, "16 hexadecimal digits."),
                *(("--extra-env", name, _VARIABLE, "NAME=VALUE.") for name in self.extra_env),
            )
            if not form.fullmatch(value)
        ]
        if not 1 <= self.lanes <= LANES_MAX:
            faults.append(f"--lanes is {self.lanes}: from 1 to {LANES_MAX}, at most one a desk.")
        if faults:
            raise SettingsError("\n".join(faults))

    @property
    def secret(self) -> str:
        """The Secret that production reads."""
        return self.existing_secret or SECRET

    @property
    def job_suffix(self) -> str:
        """What tells the jobs of one image from those of another: a Job never changes."""
        return sha256(self.image.encode()).hexdigest()[:8]


def new_incarnation() -> str:
    """Return a name for a log that has none yet."""
    return secrets.token_hex(8)


def extra_env(said: Sequence[str]) -> dict[str, str]:
    """Return NAME=VALUE as a mapping; SettingsError names what has another form."""
    for one in said:
        if "=" not in one:
            raise SettingsError(f"--extra-env is {one!r}: write NAME=VALUE.")
    return {name: value for name, _, value in (one.partition("=") for one in said)}
