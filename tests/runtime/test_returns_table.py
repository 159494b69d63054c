"""Whatever a person calls a table of returns: it is read, or refused with place and remedy."""

import gzip
from pathlib import Path

import pytest

from kingmaker.runtime import returns_table
from kingmaker.runtime.returns import open_returns
from kingmaker.runtime.returns_table import BadReturnsError, Names, Part

GOOD = "champion,challenger\n0.01,0.02\n-0.01,0.0\n"


def parts(name: str, names: Names | None = None) -> list[Part]:
    with open_returns(name, names or Names()) as found:
        return list(found.parts())


def table(tmp_path: Path, text: str | bytes, **names: str) -> Part:
    path = tmp_path / "pairs.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    [part] = parts(str(path), Names(**names))
    return part


def fault(tmp_path: Path, text: str | bytes, **names: str) -> str:
    with pytest.raises(BadReturnsError) as caught:
        table(tmp_path, text, **names)
    return str(caught.value).removeprefix(str(tmp_path / "pairs.csv"))


@pytest.mark.parametrize(
    "text",
    [
        GOOD,
        GOOD.replace(",", ";"),
        GOOD.replace(",", "\t"),
        GOOD.replace("\n", "\r\n"),
        "\ufeff" + GOOD,
        "Challenger, CHAMPION ,note\n0.02,0.01,a\n0.0,-0.01,b\n",
        'champion,challenger\n"0.01",0.02\n\n-1e-2, 0.0\n\n',
    ],
    ids=["comma", "semicolon", "tab", "crlf", "bom", "other columns", "quotes and blank lines"],
)
def test_tables_of_many_kinds_are_the_same_pairs(tmp_path: Path, text: str) -> None:
    part = table(tmp_path, text)
    assert part.champion.tolist() == [0.01, -0.01]
    assert part.challenger.tolist() == [0.02, 0.0]
    assert part.champion_taken is None
    assert next(iter(part.lines)) == 2


def test_gzip_is_told_by_its_bytes(tmp_path: Path) -> None:
    assert table(tmp_path, gzip.compress(GOOD.encode())).champion.tolist() == [0.01, -0.01]


def test_flags_and_times_are_read_and_columns_may_be_called_otherwise(tmp_path: Path) -> None:
    text = (
        "time,old,new,champion_taken,challenger_taken\n"
        "2024-05-31T14:00,0,0.02,1,TRUE\n2024-05-31T15:00Z,0,0,0,no\n"
    )
    part = table(tmp_path, text, champion="old", challenger="new")
    assert part.champion_taken is not None
    assert part.challenger_taken is not None
    assert (part.champion_taken.tolist(), part.challenger_taken.tolist()) == (
        [True, False],
        [True, False],
    )


def test_a_long_table_comes_in_parts_and_keeps_its_lines(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(returns_table, "LINES_AT_ONCE", 3)
    path = tmp_path / "long.csv"
    path.write_text("champion,challenger\n1,2\n\n3,4\n5,6\n\n\n7,8\n", encoding="utf-8")
    found = parts(str(path))
    assert [list(part.lines) for part in found] == [[2, 4], [5], [8]]
    path.write_text("champion,challenger\n1,2\n\n3,4\n5,6\n\n\n7,x\n", encoding="utf-8")
    with pytest.raises(BadReturnsError, match="line 8, column challenger: 'x'"):
        parts(str(path))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", ": its first line is empty. Write champion,challenger there."),
        ("\n1,2\n", ": its first line is empty."),
        ("champion,challenger\n", ": there is no row below its header."),
        ("0.1,0.2\n", ": line 1 is numbers; a header is needed."),
        ("champion,chalenger\n1,2\n", "challenger is perhaps chalenger: rename it, or say --ch"),
        ("a,b\n1,2\n", "has the columns a, b; missing: champion, challenger. Say --champion NAME"),
        (GOOD + "0.1\n", ": line 4 has 1 cells, the header 2. Write every row in full"),
        (GOOD + "0,1,0,2\n", ": line 4 has 4 cells, the header 2."),
        (GOOD + "0.1,up\n", ": line 4, column challenger: 'up' is not a finite number. A side"),
        (GOOD + "nan,0\n", ": line 4, column champion: 'nan' is not a finite number."),
        (GOOD + "0,inf\n", ": line 4, column challenger: 'inf' is not a finite number."),
        (GOOD + "0,1e999\n", ": line 4, column challenger: '1e999' is not a finite number."),
        (GOOD + "0,1_0\n", ": line 4, column challenger: '1_0' is not a finite number."),
        (GOOD + "0.1,\n", ": line 4, column challenger: it is empty. A side that stayed out has 0"),
        ("champion;challenger\n0,1;0,2\n", ": line 2, column champion: '0,1': write the decimal"),
        (GOOD + "1%,2\n", ": line 4, column champion: '1%': write the number without its sign."),
        (GOOD + '"a\nb",1\n', "a quoted cell goes over several lines"),
        (GOOD + '"a,1\n', "something that is no CSV"),
        (GOOD + "a" * 70_000, ": line 4 has 65,536 characters or more."),
        (b"\xff\xfe\x00", ": it is no text in UTF-8"),
        (gzip.compress(GOOD.encode(), mtime=0)[:-12], ": the gzip ends too early."),
        (gzip.compress(b"x" * 9, mtime=0)[:10] + b"\xff" * 30, ": the gzip is damaged."),
        (b"\x1f\x8b" + b"x" * 40, ": it cannot be read:"),
    ],
)
def test_what_cannot_be_judged_is_refused_with_its_place_and_the_remedy(
    tmp_path: Path, text: str | bytes, said: str
) -> None:
    assert said in fault(tmp_path, text)


@pytest.mark.parametrize(
    ("times", "said"),
    [
        (("2", "1"), "line 3, column time: '1' is before the row above. Sort the rows"),
        (("1", "1"), "line 3, column time: '1' stands there twice. Sum what was decided"),
        (("2024-01-01", "2024-01-01T00:00Z"), "stands there twice"),
        (("noon", "1"), "line 2, column time: 'noon' is no time. Write 2024-05-31T14:00"),
    ],
)
def test_times_must_grow(tmp_path: Path, times: tuple[str, str], said: str) -> None:
    rows = "".join(f"{time},1,2\n" for time in times)
    assert said in fault(tmp_path, f"time,champion,challenger\n{rows}")


def test_a_flag_must_say_whether_there_was_a_trade(tmp_path: Path) -> None:
    text = "champion,challenger,champion_taken\n1,2,maybe\n"
    assert "line 2, column champion_taken: 'maybe' does not say" in fault(tmp_path, text)
