"""Update rules learn what is there, in arithmetic that has the same bits on every machine."""

import math
import random
from dataclasses import replace

import pytest

from kingmaker.contracts.models import CONTEXT, SETUP
from kingmaker.revisions import (
    LARGEST,
    Declaration,
    Numbers,
    UnusableDeclarationError,
    fault_of,
    fingerprint,
)
from kingmaker.revisions.rules import Rule, discover, revised_components, rule_of
from tests.architecture.source import python
from tests.architecture.test_imports import inexact
from tests.revisions.declarations import bandit, ensemble, library, logistic

LOGISTIC, BANDIT = discover()["ftrl_proximal@1"], discover()["neural_ucb@1"]
HEDGE, PATTERNS = discover()["hedge@1"], discover()["pattern_ema@1"]
# Computed once by this code, and by the same algorithms in numpy up to the last bits: an edited
# rule, or another Python, must not give others.
GOLDEN = {
    "ftrl_proximal@1": "462e3846d4f373cd0b2a693445cf52ba97972d8e00df15573695be458cf4f022",
    "hedge@1": "707245ef3a843b8c27d49c6b9f85e32ce11ae38745b3b332fc74a4b5c9e2b7f1",
    "neural_ucb@1": "5d5a7c225f1be6fcc97da0e26d1548835dc0f601c5f6078ff5858c285033e705",
    "pattern_ema@1": "bbb26c4073cd57b73ca90b9b21ad045562a61af4efda003ccd653399140bafab",
}


def row_of(width: int, seed: int) -> list[float]:
    rng = random.Random(seed)  # noqa: S311 - a made-up row
    return [rng.uniform(-2.0, 2.0) for _ in range(width)]


def taught(rule: Rule, declaration: Declaration, lessons: int = 40) -> Numbers:
    memory = rule.begin(declaration)
    for seed in range(lessons):
        row = row_of(rule.row, seed)
        label = float(row[0] > 0.0) if rule is LOGISTIC else row[0]
        row = [float(7 * seed % 40)] if rule is PATTERNS else row
        memory = rule.step(declaration, memory, row, label)
        memory = rule.rebalance(declaration, memory) if rule.rebalance else memory
    return memory


@pytest.mark.parametrize(
    ("rule", "declaration"),
    [
        (LOGISTIC, logistic(0.3)),
        (HEDGE, ensemble(1.0, -1.0, 0.5, 0.25, 0.0)),
        (BANDIT, bandit()),
        (PATTERNS, library()),
    ],
    ids=sorted(GOLDEN),
)
def test_a_rule_has_the_bits_that_it_always_had(rule: Rule, declaration: Declaration) -> None:
    found = fingerprint("model", rule.title, 40, taught(rule, declaration))
    assert found == GOLDEN[rule.title]


def test_every_rule_is_of_exact_arithmetic_and_adds_in_a_stated_order() -> None:
    rules = [one for one in python() if "libs/kingmaker/revisions" in one.path.as_posix()]
    assert len(rules) > 2
    faults = [fault for one in rules for fault in inexact(one)]
    sums = [one.path for one in rules if any(f" {w}(" in one.text for w in ("sum", "fsum"))]
    assert not faults + sums


def test_what_is_exported_is_what_nothing_was_learned_of() -> None:
    for rule, declaration in ((LOGISTIC, logistic(0.7)), (BANDIT, bandit())):
        vector = rule.vector(declaration, rule.begin(declaration))
        assert len(vector) == rule.vector_size
        assert vector[0] == declaration.numbers[2 * rule.row]


def test_a_win_probability_learns_which_input_tells() -> None:
    declaration = logistic()
    weights = LOGISTIC.vector(declaration, taught(LOGISTIC, declaration, 400))
    assert weights[0] == max(map(abs, weights)) > 0.5


def test_a_bandit_foretells_what_it_was_taught() -> None:
    declaration, row = bandit(), row_of(CONTEXT, 1)
    memory = BANDIT.begin(declaration)
    before = foretold(memory, row)
    for _ in range(60):
        memory = BANDIT.step(declaration, memory, row, 1.5)
    assert abs(foretold(memory, row) - 1.5) < 0.1 < abs(before - 1.5)
    doubt = BANDIT.vector(declaration, memory)[BANDIT.vector_size // 2 :]
    assert max(doubt) <= 1.0 / 30.0
    assert min(doubt) < 1.0 / 60.0, "what was seen often is doubted less"


def foretold(memory: Numbers, row: list[float]) -> float:
    """Return the reward of a row, by the textbook."""
    hidden = [
        math.tanh(
            memory[CONTEXT * 16 + j] + math.fsum(x * memory[16 * i + j] for i, x in enumerate(row))
        )
        for j in range(16)
    ]
    outer = memory[CONTEXT * 16 + 16 : CONTEXT * 16 + 32]
    return math.fsum(h * w for h, w in zip(hidden, outer, strict=True)) + memory[CONTEXT * 16 + 32]


def test_a_constant_input_teaches_nothing() -> None:
    declaration = logistic()
    flat = replace(
        declaration, numbers=(*declaration.numbers[:SETUP], 0.0, *declaration.numbers[SETUP + 1 :])
    )
    vector = LOGISTIC.vector(flat, taught(LOGISTIC, flat))
    assert vector[0] == 0.0
    assert vector[1] != 0.0


@pytest.mark.parametrize(
    ("declaration", "component", "why"),
    [
        (replace(logistic(), rule="guess@1"), "online_learning", "no update rule 'guess@1'"),
        (logistic(), "neural_ucb", "a rule of online_learning"),
        (replace(logistic(), numbers=(1.0,)), "online_learning", "1 numbers, not"),
        (replace(logistic(), parameters={"alpha": 0.0}), "online_learning", "alpha, beta, l2 must"),
        (logistic(weight=math.nan), "online_learning", "would be nan"),
        (logistic(weight=LARGEST * 2), "online_learning", "is the most"),
        (replace(bandit(), numbers=(*bandit().numbers[:-1], 0.0)), "neural_ucb", "diagonal"),
        (
            replace(bandit(), numbers=(*[0.0] * CONTEXT, -1.0, *bandit().numbers[CONTEXT + 1 :])),
            "neural_ucb",
            "scale",
        ),
    ],
)
def test_a_declaration_that_no_rule_can_begin_with_is_refused(
    declaration: Declaration, component: str, why: str
) -> None:
    with pytest.raises(UnusableDeclarationError, match=why):
        rule_of(declaration, component)


def test_numbers_that_nobody_can_decide_by_are_named() -> None:
    assert not fault_of((0.0, -LARGEST))
    assert fault_of((0.0, math.inf)).startswith("number 1 would be inf")


def test_a_revision_is_told_from_another_of_the_same_numbers() -> None:
    prints = {fingerprint(d, r, n, (1.0,)) for d in "ab" for r in "xy" for n in (1, 2)}
    assert len(prints) == 8


def test_only_components_with_a_rule_can_be_switched_on() -> None:
    assert revised_components("k", " online_learning,neural_ucb ") == (
        "neural_ucb",
        "online_learning",
    )
    assert revised_components("k", "") == ()
    with pytest.raises(ValueError, match=r"k='cvar_ppo': give some of model_ensemble, neural_ucb"):
        revised_components("k", "cvar_ppo")
