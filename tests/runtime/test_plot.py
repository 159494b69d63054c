"""The drawing of evidence stands by itself and shows what it is told, where it belongs."""

import math
from xml.etree import ElementTree as ET

import pytest

from kingmaker.runtime.plot import BOTTOM, HEIGHT, LEFT, RIGHT, TOP, WIDTH, Drawing, Mark, svg

NAMES = {"s": "http://www.w3.org/2000/svg"}


def drawn(drawing: Drawing) -> ET.Element:
    return ET.fromstring(svg(drawing))  # noqa: S314 - written here


def path(root: ET.Element) -> list[tuple[float, float]]:
    line = root.find("s:polyline", NAMES)
    assert line is not None
    pairs = [point.split(",") for point in line.attrib["points"].split()]
    return [(float(x), float(y)) for x, y in pairs]


def words(root: ET.Element) -> list[str]:
    return [text.text or "" for text in root.findall("s:text", NAMES)]


def test_the_curve_rises_with_the_evidence_and_stays_on_the_paper() -> None:
    heights = [0.0, 1.0, -3.0, 40.0]
    found = path(drawn(Drawing("E", list(enumerate(heights)))))
    assert [x for x, _ in found] == sorted(x for x, _ in found)
    assert sorted(range(4), key=lambda at: -found[at][1]) == sorted(
        range(4), key=lambda at: heights[at]
    )
    assert all(LEFT <= x <= WIDTH - RIGHT and TOP <= y <= HEIGHT - BOTTOM for x, y in found)


def test_the_threshold_lies_at_its_height_and_the_decisive_point_on_the_curve() -> None:
    points = [(1.0, 0.0), (2.0, math.log(220)), (3.0, 9.0)]
    drawing = Drawing(
        "E",
        points,
        thresholds=(Mark(math.log(220), "1/alpha = 220"),),
        marks=(Mark(2.5, "lineup changed"),),
        decisive=Mark(2.0, "promoted at pair 2"),
    )
    root = drawn(drawing)
    circle = root.find("s:circle", NAMES)
    assert circle is not None
    at = float(circle.attrib["cx"]), float(circle.attrib["cy"])
    assert at == path(root)[1]
    lines = [line.attrib for line in root.findall("s:line", NAMES)]
    assert [one["y1"] for one in lines if one["stroke"] == "#b3261e"] == [circle.attrib["cy"]]
    assert {"1/alpha = 220", "lineup changed", "promoted at pair 2"} <= set(words(root))


def test_heights_are_labelled_by_powers_of_ten() -> None:
    said = words(drawn(Drawing("E", [(0, 0.0), (10, math.log(1e9))])))
    assert {"1", "100", "1e6"} <= set(said)
    assert {"0", "2", "10"} <= set(said)
    few = words(drawn(Drawing("E", [(0, -2000.0), (10_000_000, 3.0)])))
    assert "10,000,000" in few
    assert len(few) < 30


@pytest.mark.parametrize("points", [[], [(5.0, 0.0)], [(1.0, 0.0), (2.0, 0.0)]])
def test_hardly_any_points_are_drawn_too(points: list[tuple[float, float]]) -> None:
    assert len(path(drawn(Drawing("E", points)))) == len(points)


def test_words_of_others_are_words_only() -> None:
    root = drawn(Drawing("<script>alert('&')</script>", [(0, 0.0)], marks=(Mark(0, "a<b"),)))
    assert {"<script>alert('&')</script>", "a<b"} <= set(words(root))
    assert not root.findall(".//s:script", NAMES)
