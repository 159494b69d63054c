"""`kingmaker judge`: a quant's own returns, judged by the rule of promotion."""

import gzip
import json
import random
from pathlib import Path

import numpy as np
import pytest

from tests.evidence.rules.test_two_ledgers_v1 import (
    GOLDEN,
    P_ANYTIME,
    RECORDED_DIGITS,
    golden_pairs,
)
from tests.runtime.cli.conftest import Call

PAIRS = list(golden_pairs(2000))


def written(pairs: list[tuple[float, float]], name: str = "pairs.csv") -> str:
    rows = "".join(f"{champion!r},{challenger!r}\n" for champion, challenger in pairs)
    text = f"champion,challenger\n{rows}".encode()
    Path(name).write_bytes(gzip.compress(text) if name.endswith(".gz") else text)
    return name


def better(count: int, edge: float = 0.006) -> list[tuple[float, float]]:
    chance = random.Random(1)  # noqa: S311 - not secret: the same pairs in every run
    return [(chance.gauss(0.0, 0.01), chance.gauss(edge, 0.01)) for _ in range(count)]


def test_the_golden_vector_through_the_command_line(call: Call) -> None:
    for name in ("pairs.csv", "pairs.csv.gz"):
        said = call("judge", written(PAIRS, name), "-o", "json")
        now = said.json["now"]
        assert (said.code, said.json["promoted"]) == (3, False)
        found = (now["log_evidence_mean"], now["log_evidence_sharpe"], now["log_evidence"])
        assert found == pytest.approx(GOLDEN[2000], abs=RECORDED_DIGITS)
        assert now["p_anytime"] == pytest.approx(P_ANYTIME, abs=1e-15)
        assert said.json["evidence_needed"] == pytest.approx(220)
    np.save("pairs.npy", np.array(PAIRS))
    assert call("judge", "pairs.npy", "-o", "json").json["now"] == now
    crowned = call("judge", "pairs.npy", "--alpha", "0.05", "-o", "json")
    assert (crowned.code, crowned.json["first"]["row"]) == (0, 590)


def test_every_look_of_the_golden_vector_is_met(call: Call) -> None:
    for t, (_, _, evidence) in GOLDEN.items():
        said = call("judge", written(PAIRS[:t]), "-o", "json")
        assert said.json["now"]["log_evidence"] == pytest.approx(evidence, abs=RECORDED_DIGITS)


def test_the_verdict_is_told_to_people(call: Call) -> None:
    said = call("judge", written(better(400)))
    assert said.code == 0
    assert said.out.startswith("PROMOTED at row ")
    for words in ("✓ evidence, ln", "not asked: ", "cool_down", "needs 220 = 1/alpha", "anytime p"):
        assert words in said.out
    assert "Had the challenger been no better, evidence this strong would ever" in said.out
    held = call("judge", written(PAIRS))
    assert (held.code, held.out.split(":")[0]) == (3, "NOT PROMOTED")
    assert "● evidence, ln" in held.out


def test_segments_and_a_reign_are_told(call: Call) -> None:
    pairs = [*better(400), *better(300, -0.01)]
    said = call("judge", written(pairs), "--segments", "20", "40", "--canary", "401")
    assert said.code == 3  # promoted, and taken back
    assert said.out.startswith("PROMOTED")
    assert "Reign from row 401" in said.out
    assert "TAKEN BACK at row 4" in said.out
    assert "First alarm: row 4" in said.out
    calm = call("judge", written(better(700)), "--canary", "401")
    assert (calm.code, "The crown was not taken back." in calm.out) == (0, True)


def test_a_plot_is_one_file(call: Call) -> None:
    call("judge", written(PAIRS), "--plot", "evidence.svg")
    drawn = Path("evidence.svg").read_text(encoding="utf-8")
    assert drawn.startswith("<svg")
    assert "1/alpha = 220" in drawn


def test_a_plot_replaces_an_earlier_one_and_no_file_of_somebodys(call: Call) -> None:
    Path("evidence.svg").write_text("<svg id='mine'></svg>", encoding="utf-8")
    said = call("judge", written(PAIRS), "--plot", "evidence.svg")
    assert said.code == 2
    assert "--plot: evidence.svg is there already, and was not written by this command" in said.err
    Path("evidence.svg").unlink()
    for _ in range(2):
        call("judge", written(PAIRS), "--plot", "evidence.svg")
    assert "1/alpha = 220" in Path("evidence.svg").read_text(encoding="utf-8")


def test_a_plot_that_cannot_be_written_does_not_cost_the_verdict(call: Call) -> None:
    said = call("judge", written(PAIRS), "--plot", "gone/evidence.svg")
    assert (said.code, said.out.startswith("NOT PROMOTED")) == (1, True)
    assert "--plot: gone/evidence.svg cannot be written: No such file" in said.err


def test_returns_beyond_all_reason_are_judged_and_shown(call: Call) -> None:
    huge = [(c * 1e307, x * 1e307) for c, x in better(200)]
    said, told = call("judge", written(huge)), call("judge", written(huge), "-o", "json")
    assert said.code == told.code == 3
    assert max(map(len, said.out.splitlines())) < 320
    assert "Infinity" not in told.out
    assert "NaN" not in told.out


def test_many_streams_are_summed_up_or_listed(call: Call) -> None:
    table = np.random.default_rng(4).normal(0.0, 0.01, (30, 400, 2))
    table[:20, :, 1] += 0.006
    np.save("streams.npy", table)
    said = call("judge", "streams.npy")
    assert said.code == 0
    assert "30 streams of 400 rows at alpha 0.00455: 20 promoted (66.67%)" in said.out
    lines = call("judge", "streams.npy", "-o", "jsonl").out.splitlines()
    verdicts = [json.loads(line) for line in lines]
    assert [one["stream"] for one in verdicts] == list(range(30))
    alone = call("judge", "streams.npy", "--stream", "3", "-o", "json").json
    assert {**verdicts[3], "remarks": alone["remarks"]} == {**alone, "stream": 3}
    assert call("judge", "streams.npy", "-o", "json").json["promoted"] == 20
    np.save("nulls.npy", table[20:])
    assert call("judge", "nulls.npy").code == 3


def test_what_looks_wrong_is_remarked_on(call: Call) -> None:
    one = call("judge", written([(0.01, 0.02)]))
    assert (one.code, "nothing was bet yet" in one.out) == (3, True)
    constant = call("judge", written([(0.001, 0.002)] * 300))
    assert constant.code == 3
    assert "every return of the challenger is 0.002: a constant" in constant.out
    prices = call("judge", written([(100 + c, 101 + x) for c, x in better(300)]))
    assert "no return of the champion is 0 or below: are these prices?" in prices.out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--alhpa"], "Unknown option: --alhpa. See `kingmaker judge --help`."),
        (["gone.csv"], "gone.csv: it cannot be read: No such file or directory."),
        (["pairs.csv", "--alpha", "0.5"], "alpha is 0.5; it must be between"),
        (["pairs.csv", "--segments", "1"], "row numbers from 2 on"),
        (["pairs.csv", "--canary", "0"], "canary is 0; it must be a row number"),
        (
            ["pairs.csv", "--canary", "9999"],
            "pairs.csv has 30 rows: nothing can begin at row 9,999",
        ),
        (["pairs.csv", "--challenger", "new"], "missing: new"),
        (["streams.npy", "--plot", "x.svg"], "has 2 streams; a plot shows one. Say --stream N."),
        (["streams.npy", "--stream", "2"], "there is no stream 2; there are 0 to 1"),
        (["bad.npy"], "bad.npy: row 2: the champion's return is nan"),
        (["bad_streams.npy"], "bad_streams.npy: row 2: the champion's return is nan"),
        (["bad_streams.npy", "--alpha", "0.5"], "alpha is 0.5; it must be between"),
        (["absurd.npy", "--canary", "2"], "absurd.npy: row 2: a pair needs returns up to 1e+06"),
        (["bad.csv"], "bad.csv: line 3, column challenger: 'x' is not a finite number."),
    ],
)
def test_what_cannot_be_judged_ends_with_two_and_one_paragraph(
    call: Call, words: list[str], said: str
) -> None:
    written(better(30))
    np.save("streams.npy", np.zeros((2, 3, 2)))
    np.save("bad.npy", np.array([[0.0, 1.0], [np.nan, 0.0]]))
    np.save("bad_streams.npy", np.array([[[0.0, 1.0], [np.nan, 0.0]]] * 2))
    np.save("absurd.npy", np.full((2, 3, 2), 2e6))
    Path("bad.csv").write_text("champion,challenger\n1,2\n3,x\n", encoding="utf-8")
    ended = call("judge", *words)
    assert ended.code == 2
    assert said in ended.err
    assert ended.out == ""
