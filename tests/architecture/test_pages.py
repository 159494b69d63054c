"""What the pages point to is there: whoever is told that a test shows it can run that test."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from kingmaker.contracts.desks import COMPONENTS
from tests.architecture.source import ROOT

PAGES = sorted({ROOT / "README.md", *(ROOT / "docs").rglob("*.md")})
FOLDERS = "bench|deploy|docs|libs|proto|scripts|services|tests"
# `tests/a/test_b.py::test_c`, or `::test_d` after it: of the same file.
POINTER = re.compile(rf"`(?:((?:{FOLDERS})/[^`\s:]+)(?:::(\w+))?|::(\w+))`")
ANY = re.compile(r"<\w+>|\b[A-Z]{4,}\b")  # what stands for a name


def pointers(text: str) -> Iterator[tuple[str, str]]:
    """Yield every path that a page names, and the test in it; empty if it names the file alone."""
    path = ""
    for found in POINTER.finditer(text):
        path = found[1] or path
        yield ANY.sub("*", path), found[2] or found[3] or ""


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_every_path_and_every_test_that_a_page_names_is_there(page: Path) -> None:
    for path, name in pointers(page.read_text(encoding="utf-8")):
        assert any(ROOT.glob(path)), path
        if name:
            assert f"def {name}(" in (ROOT / path).read_text(encoding="utf-8"), f"{path}::{name}"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_every_link_of_a_page_leads_to_a_file_and_its_section(page: Path) -> None:
    for link in re.findall(r"\]\(([^)\s]+)\)", page.read_text(encoding="utf-8")):
        target, _, section = link.partition("#")
        if not target.startswith("https://"):
            file = page.parent / target if target else page
            assert file.exists(), link
            assert not section or section in sections(file), link


def sections(page: Path) -> set[str]:
    """Return the headings as links spell them."""
    headings = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {heading.lower().replace(" ", "-") for heading in headings}


def test_a_test_without_a_file_is_one_of_the_file_before() -> None:
    text = "`tests/a.py::test_b`, `::test_c` (`proto/<service>/v1`) and `make`"
    assert list(pointers(text)) == [
        ("tests/a.py", "test_b"),
        ("tests/a.py", "test_c"),
        ("proto/*/v1", ""),
    ]


def test_every_row_of_the_reliability_page_names_what_shows_it() -> None:
    page = (ROOT / "docs" / "reliability.md").read_text(encoding="utf-8")
    rows = [line for line in page.splitlines() if re.match(r"\| \d", line)]
    assert len(rows) > 20
    for row in rows:
        assert re.search(r"`(tests/|make |scripts/)[^`]+`[^|]*\|$", row), row


def test_the_page_of_the_learners_names_five_things_that_show_each_of_the_nine() -> None:
    page = (ROOT / "docs" / "learners.md").read_text(encoding="utf-8")
    rows = [[cell.strip() for cell in line.split("|")[1:-1]] for line in page.splitlines()]
    cells = {row[0]: row[1:] for row in rows if row and row[0] in COMPONENTS}
    assert cells.keys() == set(COMPONENTS)
    for component, shown in cells.items():
        named = [any(name for _, name in pointers(cell)) for cell in shown]
        assert named == [True] * 5, component
