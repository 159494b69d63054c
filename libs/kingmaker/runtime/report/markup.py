"""Writes HTML whose every text is escaped: what comes from the log is never markup."""

import html
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime


@dataclass(frozen=True, slots=True)
class Markup:
    """HTML that this package wrote; any other value is text."""

    html: str


type Content = Markup | str | int | float | None

NOTHING = "-"


def element(name: str, *content: Content, **attributes: str) -> Markup:
    """Return an element; attributes by name, `class_` for class."""
    said = "".join(
        f' {key.rstrip("_")}="{html.escape(value)}"' for key, value in attributes.items()
    )
    return Markup(f"<{name}{said}>{joined(content).html}</{name}>")


def joined(content: Iterable[Content]) -> Markup:
    """Return contents one after the other."""
    return Markup("".join(_markup(part) for part in content))


def section(title: str, *content: Content, note: str = "") -> Markup:
    """Return a titled part of the page."""
    said = (element("p", note, class_="note"),) if note else ()
    return element("section", element("h2", title), *said, *content)


def table(titles: Sequence[str], rows: Iterable[Sequence[Content]]) -> Markup:
    """Return a table, each title over its column."""
    head = element("tr", *(element("th", title, scope="col") for title in titles))
    body = [element("tr", *(element("td", cell) for cell in row)) for row in rows]
    whole = element("table", element("thead", head), element("tbody", *body))
    return element("div", whole, class_="wide")


def facts(rows: Mapping[str, Content]) -> Markup:
    """Return names with their values."""
    cells = [
        element("tr", element("th", name, scope="row"), element("td", value))
        for name, value in rows.items()
    ]
    return element("div", element("table", element("tbody", *cells), class_="facts"), class_="wide")


def code(text: str) -> Markup:
    """Return text as a program reads it: hashes, commands, names."""
    return element("code", text)


def mark(*, passed: bool) -> Markup:
    """Return whether something holds, in words and not only in colour."""
    if passed:
        return element("span", "✓ pass", class_="pass")
    return element("span", "✗ fail", class_="fail")


def moment(time_ms: int) -> str:
    """Return UTC to the second."""
    if not time_ms:
        return NOTHING
    return f"{datetime.fromtimestamp(time_ms / 1000, UTC):%Y-%m-%d %H:%M:%S} UTC"


def number(value: float | None) -> str:
    """Return six digits that count; whole numbers whole."""
    if value is None:
        return NOTHING
    if value == int(value) and abs(value) < 1e15:  # noqa: PLR2004 - beyond it a float is not whole
        return f"{int(value):,}"
    return f"{value:.6g}"


def _markup(part: Content) -> str:
    if isinstance(part, Markup):
        return part.html
    return _text(part)


def _text(part: Content) -> str:
    match part:
        case None | "":
            return NOTHING
        case float():
            return number(part)
        case _:
            return html.escape(str(part), quote=True)
