"""What a cluster needs, written from the command line."""

from pathlib import Path

import yaml

from tests.runtime.cli.conftest import Call

LOG = "00000000000000aa"
DESKS = "desks: [{name: a}, {name: b}]\nkafka: {servers: 'k:9092'}\n"


def incarnation() -> str:
    found = yaml.safe_load(Path("deploy/k8s/base/log.yaml").read_text())
    return str(found["data"]["incarnation"])


def test_the_name_of_the_log_is_chosen_once_and_kept(call: Call) -> None:
    first = call("deploy", "kustomize", "-o", "json").json
    again = call("deploy", "kustomize", "--image", "r.example/km:2", "-o", "json").json
    assert len(first["incarnation"]) == 16
    assert again["incarnation"] == first["incarnation"] == incarnation()
    assert again["image"] == "r.example/km:2"
    assert all(Path("deploy/k8s", name).is_file() for name in again["files"])
    assert call("deploy", "kustomize", "--incarnation", LOG).code == 0
    assert incarnation() == LOG


def test_what_is_said_is_found_in_what_is_written(call: Call) -> None:
    words = ("--existing-secret", "vault", "--extra-env", "TZ=UTC", "--extra-env", "A=b")
    answer = call("deploy", "kustomize", "--out", "here", "--namespace", "desk", *words)
    assert (answer.code, "kubectl apply -k here/overlays/demo" in answer.out) == (0, True)
    assert "secretName: vault" in Path("here/overlays/demo/patch-secret.yaml").read_text()
    trader = Path("here/base/trader.yaml").read_text()
    assert "name: TZ" in trader
    assert "name: A" in trader
    assert "namespace: desk" in Path("here/base/kustomization.yaml").read_text()


def test_settings_of_ones_own_are_checked_and_mounted_in_production(call: Call) -> None:
    Path("mine.yaml").write_text(DESKS)
    words = ("deploy", "kustomize", "--settings", "mine.yaml")
    answer = call(*words)
    assert (answer.code, "has 2 desks, and --lanes is 3" in answer.err) == (2, True)
    assert call(*words, "--lanes", "2").code == 0
    mounted = Path("deploy/k8s/overlays/production/settings.yaml").read_text()
    assert yaml.safe_load(mounted)["data"]["kingmaker.yaml"] == DESKS
    Path("mine.yaml").write_text(DESKS.replace("kafka: {", f"kafka: {{incarnation: '{LOG}', "))
    answer = call(*words, "--lanes", "2")
    assert (answer.code, f"say --incarnation {LOG}" in answer.err) == (2, True)
    Path("mine.yaml").write_text("dekss: []")
    answer = call(*words)
    assert (answer.code, "mine.yaml:1: dekss is unknown" in answer.err) == (2, True)


def test_a_variable_without_a_value_is_refused(call: Call) -> None:
    answer = call("deploy", "kustomize", "--extra-env", "TZ")
    assert (answer.code, "write NAME=VALUE" in answer.err) == (2, True)
    assert not Path("deploy").exists()
