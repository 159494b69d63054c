"""What the guides to adding a strategy and a learner say to type can be typed, and answers so."""

import importlib.util
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
GUIDES = ROOT / "docs" / "how-to"
PATH = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
STRATEGY, LEARNER = "add-a-strategy.md", "add-a-learner.md"


def followed(name: str, folder: Path) -> list[tuple[str, subprocess.CompletedProcess[str]]]:
    """Save every file under the name that stands before it, and type every command, in order."""
    text = (GUIDES / name).read_text(encoding="utf-8")
    for file, program in re.findall(r"as `(\w+\.py)`[^`]*```python\n(.*?)```", text, re.DOTALL):
        (folder / file).write_text(program, encoding="utf-8")
    commands = re.findall(r"^    (kingmaker .*)$", text, re.MULTILINE)
    return [(command, typed(command, folder)) for command in commands]


def typed(command: str, folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603 - our own guide
        ["bash", "-c", command],  # noqa: S607 - whichever a person has
        cwd=folder,
        env={**os.environ, "PATH": PATH},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.slow
def test_a_strategy_is_added_by_the_guide_word_for_word(tmp_path: Path) -> None:
    answers = followed(STRATEGY, tmp_path)
    assert [said.returncode for _, said in answers] == [0, 3, 3, 3, 3, 0, 3]
    assert not any("Traceback" in said.stderr for _, said in answers)
    looks, tomorrow, fares, shines, judged, rule, _ = [said.stdout for _, said in answers]
    assert "Nothing looks ahead" in looks
    assert "LOOKS AHEAD: tomorrow." in tomorrow
    assert re.search(r"▸ two_days .* Sharpe .*(than|from) doing nothing", fares)
    for other in ("doing nothing", "buying and holding"):
        assert re.search(rf"against {other} .* bp \(.*\)  .*(than|from) {other}", fares)
    assert re.search(r"▸ tomorrow +LOOKS AHEAD: BTCUSDT .* No figure of it counts", shines)
    assert judged.startswith("NOT PROMOTED")
    assert "✓ strategy S6" in rule
    library = ("backtesting", "by Kingmaker, against backtesting.py")
    assert_compared_or_told_how(STRATEGY, "two_days.py", tmp_path, *library)


def assert_compared_or_told_how(
    guide: str, file: str, folder: Path, library: str, words: str
) -> None:
    """Start what `make bench-peers FILE=...` does: it pairs, or without the library says how."""
    assert f"    make bench-peers FILE={file}\n" in (GUIDES / guide).read_text(encoding="utf-8")
    recipe = subprocess.run(  # noqa: S603 - our own guide
        ["make", "--just-print", "bench-peers", f"FILE={folder / file}"],  # noqa: S607 - as typed
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert f"python -m bench.peers {folder / file}" in recipe.stdout
    said = typed(f"cd {ROOT} && python -m bench.peers {folder / file}", folder)
    if importlib.util.find_spec(library):
        assert words in said.stdout
    else:
        assert said.returncode == 2
        assert f"there is no {library} here" in said.stderr
        assert "make bench-peers FILE=" in said.stderr


@pytest.mark.slow
def test_a_learner_is_added_by_the_guide_word_for_word(tmp_path: Path) -> None:
    answers = followed(LEARNER, tmp_path)
    assert [said.returncode for _, said in answers] == [0, 0, 3, 3]
    assert not any("Traceback" in said.stderr for _, said in answers)
    looks, sound, leaks, fares = [said.stdout for _, said in answers]
    assert "✓ learner  naive_bayes" in looks
    assert "true labels: gain over knowing nothing" in sound
    assert "Nothing leaks" in sound
    assert "LEAKS: told." in leaks
    library = ("river", "against river's logistic regression by FTRL-Proximal")
    assert_compared_or_told_how(LEARNER, "naive_bayes.py", tmp_path, *library)
    assert "naive_bayes, in place of online_learning, after 6 trainings" in fares
    for other in ("knowing nothing", "doing nothing", "the one that ships"):
        assert re.search(rf"against {other} .* \(.*\)  .*(than|from) {other}", fares)
