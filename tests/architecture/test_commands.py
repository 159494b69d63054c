"""The commands a stranger is told to type exist, and CI types the same ones."""

import re
import shlex
import subprocess

import pytest

from kingmaker.runtime.cli.main import command_line
from tests.architecture.source import ROOT

PROMISED = {"help", "setup", "demo", "test", "check", "bench", "image", "proto"}
PROMISED |= {"simulate", "test-kafka", "test-kill", "test-model"}
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs" / "how-to").glob("*.md"))]
TYPED = re.compile(r"^(?:    )?kingmaker (.*?)(?: +[#>] .*)?$", re.MULTILINE)  # in a fence, too


def test_make_alone_explains_every_target() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z0-9-]+):", makefile, re.MULTILINE))
    said = subprocess.run(["make"], cwd=ROOT, capture_output=True, text=True, check=True).stdout  # noqa: S607 - the make of the PATH runs us
    explained = set(re.findall(r"^  make ([a-z0-9-]+) +\S", said, re.MULTILINE))
    assert explained == targets
    assert targets >= PROMISED


def test_ci_types_the_two_commands_of_the_readme() -> None:
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    assert re.findall(r"^\s*(make .*)$", script, re.MULTILINE) == ["make check", "make test"]


def test_the_readme_names_targets_that_exist() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    named = re.findall(r"`make ([a-z0-9-]+)", (ROOT / "README.md").read_text(encoding="utf-8"))
    assert all(re.search(rf"^{name}:", makefile, re.MULTILINE) for name in named), named


def test_what_a_page_tells_to_type_is_a_command_with_all_that_it_needs() -> None:
    typed = {line for page in PAGES for line in TYPED.findall(page.read_text(encoding="utf-8"))}
    assert len(typed) > 50, "pages are written in another way: nothing was compared"
    app = command_line()
    for line in sorted(typed):
        app.parse_args(shlex.split(line), exit_on_error=False, print_error=False)


def test_a_command_that_lacks_something_would_be_found() -> None:
    with pytest.raises(Exception, match="--out"):
        command_line().parse_args("trial export t-1", exit_on_error=False, print_error=False)
