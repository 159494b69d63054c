"""Axes put values where they belong; a figure says aloud what it shows."""

from kingmaker.runtime.report.chart import BOTTOM, LEFT, RIGHT, TOP, Axes, around, figure, key


def test_bounds_lie_on_the_edges_of_the_paper() -> None:
    axes = Axes("R", "net", -1.0, 3.0, 0.0, 2.0)
    assert (axes.x(-1.0), axes.x(3.0)) == (LEFT, axes.width - RIGHT)
    assert (axes.y(2.0), axes.y(0.0)) == (TOP, axes.height - BOTTOM)


def test_one_value_alone_has_room_around_it() -> None:
    assert around([2.0]) == (1.0, 3.0)
    low, high = around([0.2, 0.4], 1.0)
    assert low < 0.2
    assert high > 1.0


def test_time_is_marked_with_dates() -> None:
    day = 86_400_000.0
    marks = "".join(
        part.html for part in Axes("UTC", "%", 0.0, 8 * day, 0.0, 1.0, of_time=True).grid()
    )
    assert "1970-01-01" in marks
    assert "1970-01-09" in marks


def test_a_figure_names_its_title_and_description_and_escapes_what_is_text() -> None:
    axes = Axes("x", "y", 0.0, 1.0, 0.0, 1.0)
    said = axes.dot((0.5, 0.5), "won", "<script>")
    text = figure(axes, "Equity of <b>", "told & described", [said], [key("<i>", "won")]).html
    assert 'aria-labelledby="equity-of-b-title equity-of-b-desc"' in text
    assert '<desc id="equity-of-b-desc">told &amp; described</desc>' in text
    assert "<script>" not in text
    assert "<i>" not in text
