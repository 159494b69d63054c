"""`kingmaker deploy`: writes what a cluster needs so that the services run there."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import App, Parameter

from kingmaker.runtime.cli.exits import Exit
from kingmaker.runtime.cli.output import Form, one

if TYPE_CHECKING:
    from kingmaker.runtime.deploy.wish import Wish

app = App(name="deploy", help="Write what a cluster needs so that the services run there.")

OUT = Path("deploy/k8s")

type Many = Annotated[tuple[str, ...], Parameter(consume_multiple=False)]


@app.command
def kustomize(  # noqa: PLR0913 - each is an option of the command
    *,
    out: Path = OUT,
    image: str = "",
    namespace: str = "",
    existing_secret: str = "",
    extra_env: Many = (),
    lanes: int = 3,
    incarnation: str = "",
    settings: Path | None = None,
    output: Annotated[Form, Parameter(name=("--output", "-o"))] = "table",
) -> int:
    """Write a base and overlays for `kubectl apply -k`: demo on one node, production.

    :param out: The folder. The name of the log that is written there already is kept.
    :param image: Of the services. Default: kingmaker and this release.
    :param namespace: Where everything goes. Default: kingmaker.
    :param existing_secret: A Secret with trusted.json (whom promotion obeys), and, in production,
        ca.crt, admin.password, cli.password and NAME.password of each service.
    :param extra_env: NAME=VALUE for every container of ours; may be given several times. It stands
        in the clear in what is written: what is secret belongs into the Secret.
    :param lanes: In production, pods of each service that has a lane a desk.
    :param incarnation: The name of the log, 16 hexadecimal digits. Default: a new one, once.
    :param settings: Your settings, for production; `kafka.incarnation` is not read from there.
    :param output: Form of the answer on standard output.
    """
    from kingmaker.runtime.deploy import kustomize as layers  # noqa: PLC0415 - costs only this
    from kingmaker.runtime.deploy import wish as wishes  # noqa: PLC0415 - as above

    wish = wishes.Wish(
        incarnation=incarnation or layers.incarnation_in(out) or wishes.new_incarnation(),
        image=image or wishes.IMAGE,
        namespace=namespace or wishes.NAMESPACE,
        existing_secret=existing_secret,
        extra_env=wishes.extra_env(extra_env),
        lanes=lanes,
        settings=_checked(settings, lanes) if settings else "",
    )
    _tell(out, wish, layers.write(out, wish), output)
    return Exit.DONE


def _tell(out: Path, wish: "Wish", written: list[str], output: Form) -> None:
    told = {"out": str(out), "image": wish.image, "incarnation": wish.incarnation, "files": written}
    lines = [
        f"{len(written)} files in {out}; the image is {wish.image}.",
        f"The log is called {wish.incarnation}, for ever: keep {out}/base/log.yaml.",
        f"  kubectl apply -k {out}/overlays/demo",
    ]
    one(told, lines, output)


def _checked(file: Path, lanes: int) -> str:
    """Return the text of a file of settings that holds; SettingsError says what does not."""
    from kingmaker.runtime.settings_load import Sources, load  # noqa: PLC0415 - costs 60 ms
    from kingmaker.runtime.settings_sources import SettingsError  # noqa: PLC0415 - as above

    found = load(Sources(environment={}, folder=file.parent / "nowhere", files=[file])).settings
    if found.kafka.incarnation:
        raise SettingsError(
            f"{file}: kafka.incarnation stands in a ConfigMap of its own, which cannot be edited."
            f" Take it out there, and say --incarnation {found.kafka.incarnation}."
        )
    if lanes > len(found.desks):
        raise SettingsError(
            f"{file}: has {len(found.desks)} desks, and --lanes is {lanes}: a pod without a desk"
            f" would have nothing to do. Say --lanes {max(1, len(found.desks))}."
        )
    return file.read_text(encoding="utf-8")
