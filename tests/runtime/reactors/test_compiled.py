"""What JAX compiled is kept: the same bits with and without it, and damage is compiled anew."""

import hashlib
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from kingmaker.runtime.reactors import compiled

PROGRAM = """
import hashlib, json, resource, sys
from contextlib import nullcontext
from pathlib import Path
from kingmaker.runtime.reactors import compiled
events = []
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[3]), -1))
with compiled.kept(Path(sys.argv[1])) if sys.argv[1] else nullcontext():
    import jax, numpy as np
    jax.monitoring.register_event_listener(lambda name, **_: events.append(name))
    from kingmaker.learners.rl import dqn, network, one_processor, ppo
    one_processor.start()
    random = np.random.default_rng(1)
    count = int(sys.argv[2])
    states, rewards = [random.standard_normal((count, width)) for width in (20, 3)]
    following = random.integers(0, count, (count, 3))
    values = dqn.train(
        dqn.Table.of(states, rewards, following, np.ones((count, 3))),
        dqn.Options(200, 0.9, 0.3), jax.random.key(1), lambda _at, _loss: None,
    )
    nets = ppo.train(
        ppo.Table.of(states, rewards[:, 0], np.arange(4.0)),
        ppo.Options(10, 0.05, -1.0, 0.3), jax.random.key(1), lambda _at, _told: None,
    )
learned = [network.freeze(layers) for layers in (values, nets.policy, nets.critic)]
numbers = b"".join(part.tobytes() for layers in learned for layer in layers for part in layer)
told = [events.count("/jax/compilation_cache/cache_" + name) for name in ("hits", "misses")]
print(json.dumps([hashlib.sha256(numbers).hexdigest(), *told]))
"""


class Learned(NamedTuple):
    """What a process says of two trainings."""

    digest: str
    hits: int
    misses: int


def learned_in_a_process(folder: Path | None, count: int = 300, largest: int = -1) -> Learned:
    """Train; no file of that process may be larger than `largest` bytes (-1: no limit)."""
    command = [sys.executable, "-c", PROGRAM, str(folder or ""), str(count), str(largest)]
    said = subprocess.run(command, capture_output=True, text=True, check=True)  # noqa: S603 - our own program
    return Learned(*json.loads(said.stdout))


def programs(folder: Path) -> list[Path]:
    return sorted(folder.glob("*/*-cache.*"))


@pytest.fixture(scope="module")
def plain() -> Learned:
    """Return what is learned where nothing is kept."""
    return learned_in_a_process(None)


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Learned]:
    """Return a folder in which a training kept its programs, and what it learned."""
    folder = tmp_path_factory.mktemp("home") / "compiled"
    return folder, learned_in_a_process(folder)


def test_cold_and_warm_learn_the_bits_that_are_learned_without(
    plain: Learned, filled: tuple[Path, Learned]
) -> None:
    folder, cold = filled
    warm = learned_in_a_process(folder)
    assert plain.digest == cold.digest == warm.digest
    assert (plain.hits, cold.hits, warm.misses) == (0, 0, 0)
    assert warm.hits >= cold.misses > 10


def test_more_trades_run_the_same_programs_and_are_learned_from(
    filled: tuple[Path, Learned],
) -> None:
    folder, cold = filled
    more = learned_in_a_process(folder, 700)
    assert more.misses == 0
    assert more.digest != cold.digest


def test_damaged_programs_change_nothing_and_are_compiled_anew(
    plain: Learned, tmp_path: Path
) -> None:
    learned_in_a_process(tmp_path)
    whole = [path.name for path in programs(tmp_path)]
    for number, path in enumerate(programs(tmp_path)):
        path.write_bytes(DAMAGES[number % len(DAMAGES)](path.read_bytes()))
    again = learned_in_a_process(tmp_path)
    assert again.digest == plain.digest
    assert (again.hits, len(programs(tmp_path))) == (0, len(whole))
    assert all(is_sound(path) for path in programs(tmp_path))
    assert learned_in_a_process(tmp_path).misses == 0


def test_nonsense_under_its_own_digest_is_compiled_anew_by_jax_itself(
    plain: Learned, filled: tuple[Path, Learned], tmp_path: Path
) -> None:
    for number, path in enumerate(programs(filled[0])):
        content = DAMAGES[number % len(DAMAGES)](path.read_bytes())
        folder = tmp_path / path.parent.name
        folder.mkdir(exist_ok=True)
        digest = hashlib.sha256(content).hexdigest()
        (folder / f"{path.name.rpartition('.')[0]}.{digest}").write_bytes(content)
    assert learned_in_a_process(tmp_path).digest == plain.digest


def test_a_folder_that_cannot_be_written_costs_a_compilation_only(
    plain: Learned, tmp_path: Path
) -> None:
    (tmp_path / "compiled").write_text("a file, where a folder should be")
    assert learned_in_a_process(tmp_path / "compiled").digest == plain.digest


def test_a_disk_that_takes_no_more_costs_a_compilation_only(plain: Learned, tmp_path: Path) -> None:
    assert learned_in_a_process(tmp_path, largest=1_000).digest == plain.digest
    assert learned_in_a_process(tmp_path).digest == plain.digest, "of files that were cut off"


def test_on_a_disk_that_is_nearly_full_nothing_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with compiled.kept(tmp_path):
        [own] = tmp_path.glob("*/.own-*")
        (own / "a-cache").write_bytes(b"a program, maybe cut off")
        monkeypatch.setattr(compiled, "FREE_MIN", 1 << 62)
    assert not [*tmp_path.glob("*/*")]
    with compiled.kept(tmp_path):
        assert not [*tmp_path.glob("*/*")]


def test_nothing_of_its_own_is_left_behind(filled: tuple[Path, Learned]) -> None:
    assert len(programs(filled[0])) == len([*filled[0].glob("*/*")]) > 10
    assert all(is_sound(path) for path in programs(filled[0]))


def test_too_many_programs_lose_the_oldest(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compiled, "BYTES_MAX", 250)
    with compiled.kept(tmp_path):
        [own] = tmp_path.glob("*/.own-*")
        for name in "abc":
            (own / f"{name}-cache").write_bytes(name.encode() * 100)
    assert len(programs(tmp_path)) == 2


def test_what_was_left_by_a_killed_training_is_swept_after_an_hour(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with compiled.kept(tmp_path):
        [own] = tmp_path.glob("*/.own-*")
        left = own.parent / ".own-left"
        left.mkdir()
    with compiled.kept(tmp_path):
        assert left.exists(), "its training may still run"
    monkeypatch.setattr(compiled, "LEFT_S", -1.0)
    with compiled.kept(tmp_path):
        assert not left.exists()


def test_a_program_that_another_training_deletes_meanwhile_costs_only_itself(
    tmp_path: Path,
) -> None:
    """Given a name that is listed and is gone once it is read: here, a link to nothing."""
    with compiled.kept(tmp_path):
        [own] = tmp_path.glob("*/.own-*")
        (own / "b-cache").write_bytes(b"a program")
    (own.parent / f"a-cache.{'0' * 64}").symlink_to("nothing")
    with compiled.kept(tmp_path):
        [own] = tmp_path.glob("*/.own-*")
        assert [path.name for path in own.iterdir()] == ["b-cache"]


def test_what_cannot_be_copied_leaves_no_folder_behind(tmp_path: Path) -> None:
    with compiled.kept(tmp_path):
        [own] = tmp_path.glob("*/.own-*")
    (own.parent / "a-cache.folder").mkdir()
    with compiled.kept(tmp_path):
        assert not [*tmp_path.glob("*/.own-*")]


def is_sound(path: Path) -> bool:
    return path.name.endswith("." + hashlib.sha256(path.read_bytes()).hexdigest())


def _flipped(content: bytes) -> bytes:
    middle = len(content) // 2
    return content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :]


DAMAGES: tuple[Callable[[bytes], bytes], ...] = (
    _flipped,
    lambda content: content[: len(content) // 2],
    lambda _content: b"",
    lambda _content: b"no program",
)
