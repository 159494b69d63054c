"""A curve stays inside its frame, keeps its last point, and is no larger than the eye needs."""

import re

from kingmaker.runtime.report.curve import HEIGHT, POINTS_MAX, WIDTH, Curve, Line, thinned, ticks


def test_every_point_lies_inside_the_frame() -> None:
    line = Line("a & b", "evidence", [(float(n), (n - 50) * 0.5) for n in range(100)])
    drawn = Curve([line], [("asked for", 60.0)], [("segment 1", 30.0)]).drawn().html
    points = re.search(r'points="([^"]+)"', drawn)
    assert points
    for point in points[1].split():
        x, y = map(float, point.split(","))
        assert 0 <= x <= WIDTH
        assert 0 <= y <= HEIGHT
    assert "a &amp; b" in drawn
    assert "segment 1" in drawn


def test_nothing_to_draw_is_drawn_as_nothing() -> None:
    assert 'points=""' in Curve([Line("a", "mean", [])], []).drawn().html


def test_many_points_are_thinned_and_the_last_is_kept() -> None:
    points = [(float(n), 0.0) for n in range(100_001)]
    kept = thinned(points)
    assert len(kept) <= POINTS_MAX + 1
    assert kept[-1] == points[-1]
    assert thinned(points[:3]) == points[:3]


def test_ticks_are_round_and_few() -> None:
    assert list(ticks(0.0, 840.0)) == [0.0, 200.0, 400.0, 600.0, 800.0]
    assert (
        list(ticks(-0.3, 6.0)) == [0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0]
        or len(list(ticks(-0.3, 6.0))) <= 7
    )
