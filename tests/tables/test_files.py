"""Folders are walked, what is left out is told, and nothing is read twice."""

from __future__ import annotations

from pathlib import Path

from checker.problems import errors
from checker.tables import read

CUSTOMERS = "customer_id,country\nc1,US\n"


def told(folder: Path, *paths: Path) -> list[tuple[str, str, str]]:
    problems = read(list(paths) or [folder]).problems
    return [(Path(problem.where.file).name, problem.severity, problem.what) for problem in problems]


def test_a_folder_is_walked_and_what_is_left_out_is_told(tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "customers.csv").write_text(CUSTOMERS)
    (tmp_path / ".hidden.csv").write_text("nothing to see")
    (tmp_path / "contract.yaml").write_text("contract: {}")
    (tmp_path / "picture.png").write_bytes(b"\x89PNG")
    (tmp_path / "lines.xlsx").write_bytes(b"PK")
    report = tmp_path / "checker-report"
    report.mkdir()
    for name in ("run.json", "report.html", "findings.csv"):
        (report / name).write_text("customer_id,country\nc9,US\n")
    catalog = read([tmp_path])
    assert not errors(catalog.problems)
    assert [Path(file.name).name for file in catalog.files] == ["customers.csv"]
    assert told(tmp_path) == [
        ("checker-report", "warning", "left out: a report that checker wrote"),
        ("contract.yaml", "warning", "left out: no data; a contract is given with --contract"),
        ("lines.xlsx", "warning", "left out: a workbook cannot be read"),
        ("picture.png", "warning", "left out: no data file"),
    ]


def test_the_same_file_twice_is_read_once(tmp_path: Path) -> None:
    for name in ("a.csv", "b.csv"):
        (tmp_path / name).write_text(CUSTOMERS)
    catalog = read([tmp_path, tmp_path / "a.csv"])
    assert catalog.tables["customers"].rows == 1
    assert [problem.severity for problem in catalog.problems] == ["warning", "warning"]
    assert "the same file as" in catalog.problems[0].what


def test_what_cannot_be_used_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "odd").mkdir()
    odd = tmp_path / "odd" / "odd.csv"
    odd.write_text("colour,size\nred,3\n")
    binary = tmp_path / "binary.csv"
    binary.write_bytes(b"a,b\n\0\0\0")
    assert told(tmp_path, tmp_path / "empty") == [
        ("empty", "error", "the folder holds no file that can be read")
    ]
    assert told(tmp_path, tmp_path / "none.csv") == [("none.csv", "error", "there is no such file or folder")]
    assert told(tmp_path, odd) == [("odd.csv", "error", "has a header of no known layout")]
    assert told(tmp_path, odd.parent) == [
        ("odd.csv", "warning", "has a header of no known layout"),
        ("odd", "error", "no file here could be read as data"),
    ]
    assert told(tmp_path, binary) == [("binary.csv", "error", "is no text")]


def test_a_table_that_is_none_is_told_with_the_nearest(tmp_path: Path) -> None:
    path = tmp_path / "customers.csv"
    path.write_text(CUSTOMERS)
    (problem,) = errors(read([path], {path: "custmers"}).problems)
    assert (problem.what, problem.hint) == ("no table is called 'custmers'", "did you mean 'customers'?")


def test_progress_counts_bytes(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(CUSTOMERS)
    (tmp_path / "b.csv").write_text(CUSTOMERS + "c2,DE\n")
    seen: list[tuple[int, int]] = []
    read([tmp_path], progress=lambda name, done, total: seen.append((done, total)))
    assert seen == [(26, 58), (58, 58)]


def test_lines_are_numbered_in_a_file_that_is_read_in_parallel(tmp_path: Path) -> None:
    path = tmp_path / "customers.csv"
    long = set(range(5, 200_000, 1_999))
    with path.open("w") as file:
        file.write("customer_id,country\n")
        file.writelines(f"{line},US{',x' if line in long else ''}\n" for line in range(2, 200_000))
    catalog = read([path])
    assert [reject.row for reject in catalog.rejects()] == sorted(long)
    shifted = catalog.connection.execute(
        "SELECT count(*) FROM customers WHERE customer_id <> _row::VARCHAR"
    ).fetchone()
    assert shifted == (0,)
    assert catalog.tables["customers"].rows == 199_998 - len(long)


def test_public_samples_are_read_or_it_is_said_what_they_lack(shared: Path) -> None:
    for path in sorted((shared / "data").rglob("*.csv")):
        (problem,) = read([path]).problems
        assert problem.severity == "error"
        assert problem.hint
