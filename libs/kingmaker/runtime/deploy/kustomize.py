"""Layers as files for `kubectl apply -k`, and rendered here, where no kubectl is needed.

Rendering knows what our own files use: folders below, components, one namespace, patches that are
merged field by field, and lists by the key of their elements. `make test-k8s` holds it against
`kubectl kustomize`.
"""

import posixpath
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

from kingmaker.runtime.deploy.overlays import Layer, layers
from kingmaker.runtime.deploy.pods import LOG_MAP, Resource
from kingmaker.runtime.deploy.wish import Wish
from kingmaker.runtime.home import write_file

HEAD = (
    "# Written by `kingmaker deploy kustomize`. What you change belongs into an overlay of yours.\n"
)
INDEX = "kustomization.yaml"
LOG_FILE = "base/log.yaml"
MERGED_BY = {  # lists whose elements are told apart by a field; any other list is replaced
    "containers": "name",
    "initContainers": "name",
    "env": "name",
    "volumes": "name",
    "volumeMounts": "mountPath",
    "topologySpreadConstraints": "topologyKey",
}
WITHOUT_NAMESPACE = {"Namespace"}


def files(wish: Wish) -> dict[str, str]:
    """Return every file by its path below the folder."""
    found: dict[str, str] = {}
    for folder, layer in layers(wish).items():
        found[f"{folder}/{INDEX}"] = HEAD + _dumped([_index(layer, wish)])
        for name, resources in {**layer.resources, **_patches(layer)}.items():
            found[f"{folder}/{name}"] = HEAD + _dumped(resources)
    return found


def write(folder: Path, wish: Wish) -> list[str]:
    """Write every file; return their paths. Files that are not ours stay as they are."""
    written = files(wish)
    for name, text in written.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        write_file(path, text.encode())
    return sorted(written)


def incarnation_in(folder: Path) -> str:
    """Return the name of the log that a folder written before holds; empty if there is none."""
    path = folder / LOG_FILE
    if not path.is_file():
        return ""
    found = yaml.safe_load(path.read_text(encoding="utf-8"))
    assert found["metadata"]["name"] == LOG_MAP, f"{path} holds {LOG_MAP}"
    return str(found["data"]["incarnation"])


def rendered(folder: str, texts: Mapping[str, str]) -> list[Resource]:
    """Return what `kubectl kustomize` makes of a folder."""
    index = yaml.safe_load(texts[f"{folder}/{INDEX}"])
    found: list[Resource] = []
    for name in (*index.get("resources", ()), *index.get("components", ())):
        path = posixpath.normpath(f"{folder}/{name}")
        found += rendered(path, texts) if f"{path}/{INDEX}" in texts else _loaded(texts[path])
    for patch in index.get("patches", ()):
        for part in _loaded(texts[f"{folder}/{patch['path']}"]):
            at = next(at for at, one in enumerate(found) if _identity(one) == _identity(part))
            found[at] = merged(found[at], part)
    if "namespace" in index:
        found = [_in_namespace(one, index["namespace"]) for one in found]
    return found


def merged(base: Any, patch: Any, field: str = "") -> Any:  # noqa: ANN401 - any YAML
    """Return a value with a patch laid over it, as Kubernetes merges its own kinds."""
    if isinstance(base, dict) and isinstance(patch, dict):
        laid = {key: merged(base.get(key), value, key) for key, value in patch.items()}
        return base | laid
    if isinstance(base, list) and isinstance(patch, list) and field in MERGED_BY:
        by = MERGED_BY[field]
        news = {one[by]: one for one in patch}
        kept = [merged(one, news.pop(one[by])) if one[by] in news else one for one in base]
        return kept + list(news.values())
    return patch


def _index(layer: Layer, wish: Wish) -> Resource:
    version, kind = "kustomize.config.k8s.io/v1beta1", "Kustomization"
    if layer.is_component:
        version, kind = "kustomize.config.k8s.io/v1alpha1", "Component"
    found: Resource = {"apiVersion": version, "kind": kind}
    if not layer.is_component:
        found["namespace"] = wish.namespace
    found["resources"] = [*layer.below, *layer.resources]
    if layer.components:
        found["components"] = list(layer.components)
    if layer.patches:
        found["patches"] = [{"path": name} for name in _patches(layer)]
    return found


def _patches(layer: Layer) -> dict[str, Sequence[Resource]]:
    return {f"patch-{name}": resources for name, resources in layer.patches.items()}


def _identity(one: Resource) -> tuple[str, str, str]:
    return one["apiVersion"], one["kind"], one["metadata"]["name"]


def _in_namespace(one: Resource, name: str) -> Resource:
    if one["kind"] in WITHOUT_NAMESPACE:
        return one
    return {**one, "metadata": {**one["metadata"], "namespace": name}}


def _loaded(text: str) -> list[Resource]:
    return list(yaml.safe_load_all(text))


class _Dumper(yaml.SafeDumper):
    """Writes what a person reads: no anchors, texts of several lines as blocks."""

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ANN401, ARG002 - the library's signature
        return True


def _text(dumper: yaml.SafeDumper, value: str) -> yaml.Node:
    style = "|" if "\n" in value else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", value, style=style)


_Dumper.add_representer(str, _text)


def _dumped(resources: Sequence[Resource]) -> str:
    texts = [yaml.dump(one, Dumper=_Dumper, sort_keys=False, width=100) for one in resources]
    return "---\n".join(texts)
