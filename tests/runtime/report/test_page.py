"""One page holds everything, fetches nothing, runs nothing, and shows no text as markup."""

import re
from html.parser import HTMLParser

import pytest

from kingmaker.runtime.audit import Report
from kingmaker.runtime.report.collect import Collected
from kingmaker.runtime.report.page import page
from tests.runtime.report import judged

EMPTY = {"meta", "polyline", "line"}


class Reader(HTMLParser):
    """Reads a page as a browser does, and notes what it would do."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.seen: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.words = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append(tag)
        self.attributes += attrs
        if tag != "meta":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "style" not in self.open:
            self.words += f" {data}"


def read(text: str) -> Reader:
    reader = Reader()
    reader.feed(text)
    assert not reader.open, "every element is closed"
    return reader


@pytest.fixture(scope="module")
def found() -> Collected:
    return judged.found()


@pytest.fixture(scope="module")
def seen(found: Collected) -> Reader:
    return read(page(found, judged.identical(found.audited.name)))


def test_the_page_fetches_and_runs_nothing(found: Collected, seen: Reader) -> None:
    assert not {"script", "link", "img", "iframe", "object", "form", "base"} & set(seen.seen)
    assert not [name for name, _ in seen.attributes if name in {"src", "href"} or name[:2] == "on"]
    style = re.search(r"<style>(.*)</style>", page(found, judged.identical("p")), re.DOTALL)
    assert style
    assert "url(" not in style[1]
    assert "@import" not in style[1]
    policy = next(
        value for name, value in seen.attributes if name == "content" and "none" in str(value)
    )
    assert policy == "default-src 'none'; style-src 'unsafe-inline'"


def test_hostile_text_is_shown_as_text(seen: Reader) -> None:
    assert seen.words.count(judged.HOSTILE) >= 2  # of a command and of a registration


def test_who_was_crowned_and_how_it_is_undone_stands_at_the_top(seen: Reader) -> None:
    assert "v1.1.0-trained was crowned on cvar_ppo@nulls" in seen.words
    assert 'kingmaker rollback cvar_ppo@nulls --reason "..."' in seen.words


def test_the_two_sentences_for_people_are_there(found: Collected, seen: Reader) -> None:
    opened = found.audited.opened
    assert (
        "Had the challenger been no better, evidence this strong would ever appear with"
        f" probability at most alpha_k = {opened.alpha:.6g}; this was test 1 of the window; limits"
        " of the claim: block losses within 10 scale units." in seen.words
    )
    assert (
        "Had it been no better on this lineup, evidence this strong since the lineup changed would"
        " appear with probability at most p_max = 0.05." in seen.words
    )


def test_every_gate_is_there_with_its_event(found: Collected, seen: Reader) -> None:
    assert found.verdict
    for finding in found.verdict.message.findings:
        assert f" {finding.gate} " in seen.words
    assert seen.words.count("✓ pass") >= len(found.verdict.message.findings)
    assert "km.promotion.v1/0/9" in seen.words


@pytest.mark.parametrize(
    "words",
    [
        "two_ledgers@1",
        "gamma_k",
        "R, crowns among the window's tests before",
        "largest |Z|",
        "blocks clipped below",
        "lag-1 autocorrelation",
        "tau",
        "hash of the ordered pairs",
        "p, valid at any time",
        "policy hash",
        "Changed at record 5",
        "✗ refused",
        "decided by release",
    ],
)
def test_the_audit_record_is_there(seen: Reader, words: str) -> None:
    assert words in seen.words


def test_the_curve_shows_both_ledgers_and_the_threshold(seen: Reader) -> None:
    kinds = [value for name, value in seen.attributes if name == "class"]
    assert {"evidence", "mean", "sharpe", "level"} <= set(kinds)


def test_an_audit_that_differs_is_not_called_the_same(found: Collected) -> None:
    report = Report(
        found.audited.name, "chain", identical=False, first_difference="state: km.x/0 record 4"
    )
    words = read(page(found, report)).words
    assert "It DIFFERS: state: km.x/0 record 4" in words
    assert "every bit was the same" not in words
    assert "not reached" in words


def test_a_gate_that_only_advised_is_told_so_with_the_defect_of_the_rule_that_judged() -> None:
    naive = judged.found(policy={"promotion.p_method": "naive_t"})
    words = read(page(naive, judged.identical("p"))).words
    assert words.count("○ advises only") == 2
    assert "naive_t: not valid under peeking" in words
