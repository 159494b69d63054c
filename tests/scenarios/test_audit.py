"""An audit recomputes every coronation with the same bits, and names one flipped byte anywhere."""

import sqlite3
from collections.abc import Callable

import pytest

from kingmaker.kernel.lane import Lane
from kingmaker.runtime.anchors import Anchors
from kingmaker.runtime.assembly import answering
from kingmaker.runtime.audit import Auditor, Report
from kingmaker.runtime.audited import UnknownPromotionError
from kingmaker.runtime.models.store import ArtifactStore
from kingmaker.runtime.services import build_services
from tests.scenarios.playing import Stage

type Copy = Callable[[Stage], Stage]


def audit(stage: Stage, promotion: str) -> Report:
    with stage.log() as log, answering(stage.home) as answer:
        auditor = Auditor(
            log=log,
            lanes=log.lanes(),
            desks=stage.desks,
            build=build_services,
            answer=answer,
            check_models=ArtifactStore(stage.home.artifacts).fault_of,
            anchors=Anchors(stage.home.anchors),
        )
        return auditor.audit(promotion)


def earned(stage: Stage) -> list[str]:
    return [
        crown.promotion
        for desk in range(len(stage.desks))
        for crown in stage.events("promotion", desk, "ChampionCrowned")
        if crown.how == "promoted"
    ]


def flip(stage: Stage, lane: Lane, kind: str, column: str = "value") -> int:
    """Flip one bit in the middle of a record's bytes; return its seq."""
    with sqlite3.connect(stage.home.log) as db:
        (identity,) = db.execute(
            "SELECT id FROM lanes WHERE topic = ? AND lane = ?", (lane.topic, lane.index)
        ).fetchone()
        seq, content = db.execute(
            f"SELECT seq, {column} FROM records WHERE lane = ? AND kind LIKE ? LIMIT 1",  # noqa: S608 - our own columns
            (identity, f"%{kind}"),
        ).fetchone()
        damaged = bytearray(content)
        damaged[len(damaged) // 2] ^= 1
        db.execute(
            f"UPDATE records SET {column} = ? WHERE lane = ? AND seq = ?",  # noqa: S608 - our own columns
            (bytes(damaged), identity, seq),
        )
    db.close()
    return int(seq)


def test_every_earned_coronation_is_recomputed_bit_by_bit(demo: Stage) -> None:
    promotions = earned(demo)
    assert promotions
    for promotion in promotions:
        report = audit(demo, promotion)
        assert (report.level, report.identical, report.first_difference) == ("models", True, "")
        assert report.events > 10_000


@pytest.mark.parametrize(
    ("lane", "kind", "column"),
    [
        (Lane("km.trader.v1", 0), "PairResolved", "value"),
        (Lane("km.shadow.v1", 0), "EvidenceMeasured", "value"),
        (Lane("km.promotion.v1", 0), "ChampionCrowned", "value"),
        (Lane("km.feed.v1", 1), "BarClosed", "value"),
        (Lane("km.shadow.v1", 0), "EvidenceMeasured", "consumed"),
    ],
)
def test_one_flipped_bit_is_found_and_named(
    demo: Stage, copy_of: Copy, lane: Lane, kind: str, column: str
) -> None:
    stage = copy_of(demo)
    seq = flip(stage, lane, kind, column)
    report = audit(stage, earned(demo)[0])
    assert not report.identical
    assert f"{lane}: record {seq}" in report.first_difference


def test_a_flipped_bit_in_a_model_is_found_and_named(demo: Stage, copy_of: Copy) -> None:
    stage = copy_of(demo)
    (promotion, *_) = earned(demo)
    crowns = demo.events("promotion", 0, "ChampionCrowned")
    digest = next(crown.digest for crown in crowns if crown.promotion == promotion)
    model = stage.home.artifacts / digest / "model.onnx"
    content = bytearray(model.read_bytes())
    content[len(content) // 2] ^= 1
    model.write_bytes(bytes(content))
    report = audit(stage, promotion)
    assert (report.level, report.identical) == ("evidence and gates", False)
    assert digest in report.first_difference


def test_a_cut_tail_is_found(demo: Stage, copy_of: Copy) -> None:
    stage = copy_of(demo)
    lane = Lane("km.alerting.v1", 0)
    with sqlite3.connect(stage.home.log) as db:
        db.execute(
            "DELETE FROM records WHERE lane = (SELECT id FROM lanes WHERE topic = ?) AND seq ="
            " (SELECT max(seq) FROM records WHERE lane = (SELECT id FROM lanes WHERE topic = ?))",
            (lane.topic, lane.topic),
        )
    db.close()
    report = audit(stage, earned(demo)[0])
    assert not report.identical
    assert str(lane) in report.first_difference


def test_an_unknown_promotion_says_where_to_look(demo: Stage) -> None:
    with pytest.raises(UnknownPromotionError, match=r"kingmaker champion history"):
        audit(demo, "p-9999@btc-1h")
    with pytest.raises(UnknownPromotionError, match=r"no desk is called 'moon'"):
        audit(demo, "p-0001@moon")
