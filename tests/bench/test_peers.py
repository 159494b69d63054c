"""Comparisons with peers run on little, and say what is missing where a peer is."""

import sys

import pytest

from bench.figures import Figure, Skipped
from bench.peers import __main__ as peers
from bench.peers import bandit, neighbours


def test_every_file_but_what_they_share_is_a_comparison() -> None:
    assert {"bandit", "hidden_markov", "logistic", "neighbours", "sizing"} == set(peers.names())
    assert not any(name.startswith("_") for name in peers.names())


def test_without_its_peer_a_comparison_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "bench.peers.hidden_markov", raising=False)
    monkeypatch.setitem(sys.modules, "hmmlearn", None)
    [skipped] = peers.measured("hidden_markov")
    assert isinstance(skipped, Skipped)
    assert "make bench-peers" in skipped.remedy


def test_regret_is_a_share_of_what_chance_loses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bandit, "ROUNDS", 160)
    monkeypatch.setattr(bandit, "WORLDS", 1)
    figures = list(bandit.measure())
    assert all(isinstance(figure, Figure) and figure.value > 0.0 for figure in figures)


def test_the_graph_finds_what_brute_force_finds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(neighbours, "QUERIES", 5)
    recall, latency = neighbours.measure()
    assert recall.value == 1.0
    assert latency.value > 0.0
