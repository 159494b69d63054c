"""The demo overlay on a real Kubernetes: harmed in every way a node can, and one champion a slot.

One story in one namespace, in this order; each test stands on what the ones before it left.
"""

import contextlib
import json
import shlex
import subprocess
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import partial
from pathlib import Path

import pytest
import yaml

from kingmaker.contracts.desks import COMPONENTS
from kingmaker.runtime.deploy import kustomize
from kingmaker.runtime.deploy.wish import Wish
from kingmaker.runtime.services import build_services
from tests.chaos import checker
from tests.k8s.desk import (
    DESK,
    IMAGE,
    LOG,
    NAMES,
    NEXT_IMAGE,
    RESTART_KUBELET,
    ClusterDesk,
    missing,
)

SLOT = f"online_learning@{DESK}"
NINE = len(COMPONENTS)
NEW_SEED, STRANGERS_SEED = b"n" * 32, b"s" * 32
ROLLBACKS = 6  # each with the pod that judges it deleted at once, every other one by force

pytestmark = [pytest.mark.k8s, pytest.mark.slow]


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ClusterDesk]:
    if why := missing():
        pytest.skip(why)
    opened = ClusterDesk(tmp_path_factory.mktemp("k8s"))
    opened.begin()
    yield opened
    opened.close()


@pytest.mark.parametrize("overlay", ["overlays/demo", "overlays/production"])
def test_kubectl_renders_what_we_render(overlay: str, tmp_path: Path) -> None:
    if why := missing():
        pytest.skip(why)
    wish = Wish(LOG, existing_secret="ours")  # noqa: S106 - the name of a Secret
    kustomize.write(tmp_path, wish)
    command = ["kubectl", "kustomize", str(tmp_path / overlay)]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout  # noqa: S603 - kubectl of the PATH
    theirs, ours = yaml.safe_load_all(said), kustomize.rendered(overlay, kustomize.files(wish))
    assert by_name(theirs) == by_name(ours)


def test_every_pod_becomes_ready_the_desk_runs_and_status_is_content(desk: ClusterDesk) -> None:
    desk.await_ready()
    desk.tell("all pods are ready")
    desk.await_that("nine champions act", lambda: len(activated(desk)) == NINE)
    desk.await_that("trades are decided", lambda: bool(desk.said("trader", "OpportunityResolved")))
    desk.tell("$ kubectl exec deploy/cli -- kingmaker status")
    for line in desk.person("status").splitlines():
        desk.tell(f"  {line}")


def test_restricted_is_enforced_and_our_pods_obey(desk: ClusterDesk) -> None:
    container = {"name": "c", "image": IMAGE, "securityContext": {"privileged": True}}
    spec = {"containers": [container]}
    pod = {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "strong"}, "spec": spec}
    said = desk.says_no("apply", "--dry-run=server", "-f", "-", stdin=json.dumps(pod))
    assert 'violates PodSecurity "restricted' in said
    assert len(desk.pods()) == len(NAMES)
    desk.tell("a privileged pod is refused, ours were admitted")


def test_promotion_is_deleted_in_the_middle_of_promotions(desk: ClusterDesk) -> None:
    crown_a_challenger(desk)
    for number in range(ROLLBACKS):
        roll_back(desk, f"back-{number}")
        at_once = ("--grace-period=0", "--force") if number % 2 else ()
        desk.kubectl("delete", "pod", "promotion-0", "--wait=false", *at_once)
        desk.await_that("the rollback is answered", partial(is_answered, desk, f"back-{number}"))
    desk.await_ready("promotion")
    desk.tell(f"a crown and {ROLLBACKS} rollbacks, the pod of promotion deleted in each")


def test_the_whole_node_is_drained_and_everybody_comes_back(desk: ClusterDesk) -> None:
    node = desk.pods()[0]["spec"]["nodeName"]
    roll_back(desk, "drained")
    words = ("--ignore-daemonsets", "--delete-emptydir-data", "--timeout=300s")
    try:
        desk.kubectl("drain", node, *words)
        desk.tell("the node is drained: every pod was evicted, none against its budget")
    finally:
        desk.kubectl("uncordon", node)
    desk.await_ready()
    desk.kubectl("rollout", "status", "deployment/cli", "--timeout=300s")
    desk.await_that("the rollback is answered", partial(is_answered, desk, "drained"))
    desk.tell("uncordoned: all pods are ready again, and the rollback is answered")


def test_the_kubelet_is_restarted_and_no_container_notices(desk: ClusterDesk) -> None:
    if not RESTART_KUBELET:
        pytest.skip("KINGMAKER_K8S_RESTART_KUBELET names no command that restarts the kubelet")
    before = desk.restarts()
    roll_back(desk, "kubelet")
    subprocess.run(shlex.split(RESTART_KUBELET), check=True)  # noqa: S603 - what the caller named
    desk.await_that("the rollback is answered", partial(is_answered, desk, "kubelet"))
    desk.await_ready()
    assert desk.restarts() == before
    desk.tell("the kubelet was restarted, no container was")


def test_a_release_rolls_out_and_back_under_load(desk: ClusterDesk) -> None:
    if not NEXT_IMAGE:
        pytest.skip("KINGMAKER_K8S_NEXT_IMAGE names no image of another release")
    for image, order in ((NEXT_IMAGE, "forth"), (IMAGE, "back")):
        bars = len(desk.said("feed", "BarClosed"))
        desk.apply(image)
        roll_back(desk, order)
        desk.await_ready()
        desk.await_that("the rollback is answered", partial(is_answered, desk, order))
        desk.await_that("bars go on", partial(has_more_bars, desk, bars))
        desk.tell(f"every service runs {image}; bars went on")
    releases = json.loads(desk.inside("releases", "promotion"))
    assert releases[-1] == releases[0]
    assert len(set(releases)) == 2
    desk.tell(f"releases of promotion's terms, in the log: {' '.join(releases)}")


def test_keys_are_rotated_by_a_new_secret_and_a_restart(desk: ClusterDesk) -> None:
    desk.seed = NEW_SEED
    desk.trust(desk.seed)
    desk.kubectl("rollout", "restart", "statefulset/promotion")
    desk.await_ready("promotion")
    roll_back(desk, "new-key")
    desk.await_that("the new key is obeyed", partial(is_answered, desk, "new-key"))
    desk.seed = STRANGERS_SEED
    roll_back(desk, "stranger")
    desk.await_that("a stranger is refused", partial(is_refused, desk, "stranger"))
    desk.seed = NEW_SEED
    desk.tell("a new key is obeyed after a restart, a stranger's is refused and recorded")


def test_at_the_end_one_champion_reigned_a_slot_and_nothing_is_lost(desk: ClusterDesk) -> None:
    log = desk.settled_log()
    crowns = checker.check(log, desk.desks)
    said = {one.name: checker.kinds(log, one.lane) for one in build_services(desk.desks)}
    log.close()
    how = Counter(how for how, _, _ in crowns.coronations)
    assert how["bootstrap"] == NINE
    assert how["direct"] == 1
    assert how["rollback"] >= ROLLBACKS
    assert said["trader"]["ChampionActivated"] == len(crowns.coronations)
    taken = [order["command_id"] for order in desk.said("promotion", "CommandTaken")]
    assert sorted(taken) == sorted(set(taken))
    assert set(taken) >= {"crown", *(f"back-{number}" for number in range(ROLLBACKS))}
    events = sum(one.total() for one in said.values())
    desk.tell(f"the invariant checker read {events:,} events: crowns by {dict(how)}")
    desk.tell(desk.person("status").splitlines()[-1])


def by_name(resources: Iterable[object]) -> dict[str, object]:
    """Return resources by kind and name, without the order that nobody reads."""
    return {f"{one['kind']}/{one['metadata']['name']}": unordered(one) for one in resources}  # type: ignore[index] # resources


def unordered(value: object, name: str = "") -> object:
    if isinstance(value, dict):
        return {key: unordered(inner, key) for key, inner in value.items()}
    if isinstance(value, list) and name in kustomize.MERGED_BY:
        by = kustomize.MERGED_BY[name]
        return {one[by]: unordered(one) for one in value}
    return [unordered(one) for one in value] if isinstance(value, list) else value


def crown_a_challenger(desk: ClusterDesk) -> None:
    """Offer a bundle in other bytes, wait until it is warm, crown it by command."""
    offered = json.loads(desk.inside("offer", "online_learning"))
    about = {"slot": SLOT, "actor": "test", "reason": "k8s"}
    desk.order("registry", "OfferModel", command_id="offer", origin="converted", **offered, **about)
    desk.await_that("the challenger is warm", lambda: bool(warmed(desk, offered["digest"])))
    model = warmed(desk, offered["digest"])[0]["model"]
    desk.order("promotion", "DirectPromotion", command_id="crown", model=model, **about)
    desk.kubectl("delete", "pod", "promotion-0", "--wait=false", "--grace-period=0", "--force")
    desk.await_that("it acts", lambda: len(activated(desk)) == NINE + 1)


def roll_back(desk: ClusterDesk, order: str) -> None:
    desk.order("promotion", "Rollback", command_id=order, slot=SLOT, actor="test", reason="k8s")


def is_answered(desk: ClusterDesk, order: str) -> bool:
    with contextlib.suppress(AssertionError):  # the pod that is asked may be gone, or Kafka
        taken = [said["command_id"] for said in desk.said("promotion", "CommandTaken")]
        return taken.count(order) == 1
    return False


def is_refused(desk: ClusterDesk, order: str) -> bool:
    refused = [said.get("command_id") for said in desk.said("promotion", "CommandRefused")]
    return order in refused


def has_more_bars(desk: ClusterDesk, before: int) -> bool:
    return len(desk.said("feed", "BarClosed")) > before


def activated(desk: ClusterDesk) -> list[dict[str, object]]:
    return desk.said("trader", "ChampionActivated")


def warmed(desk: ClusterDesk, digest: str) -> list[dict[str, str]]:
    return [said for said in desk.said("trader", "ChallengerWarmed") if said["digest"] == digest]
