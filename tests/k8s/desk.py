"""A desk in a real Kubernetes, for one test: kubectl against whatever KUBECONFIG names."""

import io
import json
import os
import shutil
import subprocess
import tarfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from kingmaker.contracts.desks import Desk
from kingmaker.contracts.signing import SigningKey
from kingmaker.runtime.deploy import kustomize
from kingmaker.runtime.deploy.catalogue import services
from kingmaker.runtime.deploy.wish import Wish
from kingmaker.runtime.home import Home
from kingmaker.runtime.release import RELEASE
from kingmaker.runtime.sqlite_log import SqliteLog

INSIDE = Path(__file__).with_name("inside.py")
DESK, LOG, SECRET = "perps-5m", "00000000000000aa", "test-keys"
ASIDE = "/tmp"  # noqa: S108 - of the pod for people, an emptyDir
PATIENCE_S = 600.0  # for a machine on which others work too; nothing is measured by it
POLL_S = 1.0
IMAGE = os.environ.get("KINGMAKER_K8S_IMAGE", f"kingmaker:{RELEASE}")
NEXT_IMAGE = os.environ.get("KINGMAKER_K8S_NEXT_IMAGE", "")  # the same, called another release
RESTART_KUBELET = os.environ.get("KINGMAKER_K8S_RESTART_KUBELET", "")  # a command line
NAMESPACE = "kingmaker-test"
NAMES = [one.name for one in services()]


def missing() -> str:
    """Return why there is no cluster; empty if there is one."""
    if not os.environ.get("KUBECONFIG"):
        return (
            "KUBECONFIG is not set. kind makes a cluster, or scripts/kubernetes: docs/kubernetes.md"
        )
    if not shutil.which("kubectl"):
        return "kubectl is not on the PATH"
    return ""


@dataclass
class ClusterDesk:
    """The demo overlay in a namespace of its own."""

    folder: Path
    seed: bytes = bytes(32)  # of the key that signs
    desks: tuple[Desk, ...] = (Desk(DESK, 0),)
    _began: float = field(default_factory=time.monotonic)

    def tell(self, line: str) -> None:
        """Say what happens, and when: it is the transcript in docs/kubernetes.md."""
        print(f"{time.monotonic() - self._began:7.1f} s  {line}", flush=True)  # noqa: T201 - see above

    # what kubectl does

    def kubectl(self, *words: str, stdin: str | None = None) -> str:
        """Run kubectl in the namespace; fail with what it said."""
        return self._run(["kubectl", "--namespace", NAMESPACE, *words], stdin).decode()

    def says_no(self, *words: str, stdin: str) -> str:
        """Run kubectl where it must be refused; return why."""
        command = ["kubectl", "--namespace", NAMESPACE, *words]
        done = subprocess.run(command, input=stdin, capture_output=True, text=True, check=False)  # noqa: S603 - kubectl of the PATH
        assert done.returncode, f"this was not refused: {done.stdout}"
        return done.stderr

    def begin(self) -> None:
        """Make the namespace with its Secret, then apply everything."""
        texts = kustomize.files(self._wish(IMAGE))
        self._run(["kubectl", "apply", "-f", "-"], texts["base/namespace.yaml"])
        self.trust(self.seed)
        self.apply(IMAGE)

    def apply(self, image: str) -> None:
        """Apply the demo with an image, as `kingmaker deploy kustomize --image` writes it."""
        kustomize.write(self.folder, self._wish(image))
        self._run(["kubectl", "apply", "-k", str(self.folder / "overlays" / "demo")])

    def trust(self, seed: bytes) -> None:
        """Let the Secret name one key: whom promotion obeys after its next start."""
        key = SigningKey.from_seed(seed)
        row = {"public_key": key.public_key, "owner": "test", "role": "admin"}
        content = {"trusted.json": json.dumps({"keys": [row]})}
        head = {"name": SECRET, "namespace": NAMESPACE}
        secret = {"apiVersion": "v1", "kind": "Secret", "metadata": head, "stringData": content}
        self.kubectl("apply", "-f", "-", stdin=json.dumps(secret))

    def await_ready(self, *names: str) -> None:
        """Wait until every pod of these services is of the present template, and ready."""
        for name in names or ("kafka", "postgres", *NAMES):
            wait = f"--timeout={PATIENCE_S:.0f}s"
            self.kubectl("rollout", "status", f"statefulset/{name}", wait)

    def pods(self) -> Sequence[dict[str, Any]]:
        """Return the pods of the services."""
        found = json.loads(self.kubectl("get", "pods", "-o", "json"))["items"]
        return [one for one in found if one["metadata"]["name"].rpartition("-")[0] in NAMES]

    def restarts(self) -> int:
        """Return how often the kubelet started a container anew."""
        return sum(one["status"]["containerStatuses"][0]["restartCount"] for one in self.pods())

    def close(self) -> None:
        """Delete the namespace with everything in it."""
        subprocess.run(["kubectl", "delete", "namespace", NAMESPACE], check=False)  # noqa: S603, S607 - kubectl of the PATH

    # what people do

    def person(self, *words: str) -> str:
        """Run `kingmaker` in the pod for people."""
        return self.kubectl("exec", "deploy/cli", "--", "kingmaker", *words)

    def inside(self, *words: str) -> str:
        """Run `inside.py` there."""
        words = ("exec", "-i", "deploy/cli", "--", "python", "-", *words)
        return self.kubectl(*words, stdin=INSIDE.read_text("utf-8"))

    def said(self, service: str, kind: str) -> list[dict[str, Any]]:
        """Return every event of one kind that counts."""
        return [json.loads(line) for line in self.inside("said", service, kind).splitlines()]

    def order(self, service: str, kind: str, **fields: object) -> None:
        """Put a command into its topic, signed where it must be."""
        self.inside("order", service, kind, self.seed.hex(), json.dumps(fields))

    def await_that(self, what: str, holds: Callable[[], bool]) -> None:
        """Wait until something holds; fail with what it was, and with what the pods look like."""
        deadline = time.monotonic() + PATIENCE_S
        while not holds():
            pods = self.kubectl("get", "pods") if time.monotonic() > deadline else ""
            assert not pods, f"{what}: not within {PATIENCE_S} s.\n{pods}"
            time.sleep(POLL_S)

    # the end

    def settled_log(self) -> SqliteLog:
        """Stop the bars, wait until nobody says anything more, and bring the log here."""
        self.kubectl("scale", "statefulset/feed", "--replicas=0")
        self.kubectl("wait", "--for=delete", "pod/feed-0", f"--timeout={PATIENCE_S:.0f}s")
        known: list[str] = []
        self.await_that("everybody has heard everything", partial(self._is_quiet, known))
        place = f"{ASIDE}/copy-{len(known)}"
        words = ("exec", "deploy/cli", "--", "tar", "c", "-C", place, ".")
        content = self._run(["kubectl", "--namespace", NAMESPACE, *words])
        home = Home(self.folder / "copied")
        with tarfile.open(fileobj=io.BytesIO(content)) as archive:
            archive.extractall(home.path, filter="data")
        return SqliteLog(home.log, home.incarnation(), read_only=True)

    def _is_quiet(self, known: list[str]) -> bool:
        """Tell whether two copies in a row, some seconds apart, are the same."""
        time.sleep(5 * POLL_S)
        place = f"{ASIDE}/copy-{len(known) + 1}"
        known.append(self.person("log", "copy", "--to", "home", "--home", place, "-o", "json"))
        hashes = [[row["hash"] for row in json.loads(one)] for one in known[-2:]]
        return len(known) > 1 and hashes[0] == hashes[1]

    def _wish(self, image: str) -> Wish:
        return Wish(LOG, image=image, namespace=NAMESPACE, existing_secret=SECRET)

    def _run(self, command: Sequence[str], stdin: str | None = None) -> bytes:
        given = stdin.encode() if stdin is not None else None
        done = subprocess.run(command, input=given, capture_output=True, check=False)  # noqa: S603 - kubectl of the PATH
        said = done.stdout + done.stderr
        assert done.returncode == 0, f"{' '.join(command)}: {said.decode(errors='replace')}"
        return done.stdout
