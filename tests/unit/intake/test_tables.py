"""A table from the files of a drop: found by name, read, laid out, corrected; large ones counted."""

import gzip

import pytest

from panelpack.config.supplied_table import SupplierFile
from panelpack.errors import SourceError
from panelpack.intake.tables import earlier_tables, files_of, receive_table, received_tables
from panelpack.intake.typed import typed
from panelpack.periods import Quarter
from panelpack.project import Project, digest

DROP = Quarter(2019, 2)


@pytest.fixture
def receive(tmp_path):
    """Return a function that puts files into a drop and receives a table from them."""
    folder = Project(tmp_path).raw(DROP)
    folder.mkdir(parents=True)
    (tmp_path / "params").mkdir()
    (tmp_path / "params" / "plan.yml").touch()
    (folder / "sources.yml").write_text("files: {}\n", encoding="utf-8")

    def receive(sent, **table):
        for name, content in sent.items():
            (folder / name).write_bytes(content if isinstance(content, bytes) else content.encode())
        given = {"columns": {"month": "month", "area": "category", "n": "count"}, "key": ["month", "area"]}
        return receive_table(Project(tmp_path), DROP, "t", SupplierFile.model_validate(given | table))

    return receive


def rows(received):
    return {place: list(cells) for place, *cells in received.text.itertuples()}


def test_one_file_a_month_is_one_table(receive):
    files = {"b-2019-08.csv": "month,area,n\n2019-08,North,5\n", "a-2019-07.csv": "month,area,n\n2019-07,North,4\n"}
    received = receive(files, files="*-2019-*.csv")
    assert rows(received) == {
        "a-2019-07.csv, row 2": ["2019-07", "North", "4"],
        "b-2019-08.csv, row 2": ["2019-08", "North", "5"],
    }
    assert received.rows == 2


def test_a_name_that_carries_a_date_is_found_by_its_pattern(receive):
    received = receive({"asb 2019-10-03.csv": "month,area,n\n2019-07,North,4\n"}, file="asb *.csv")
    assert rows(received) == {2: ["2019-07", "North", "4"]}


def test_two_files_that_fit_a_name_of_one_are_named(receive):
    files = {"asb 1.csv": "month,area,n\n", "asb 2.csv": "month,area,n\n"}
    with pytest.raises(SourceError) as caught:
        receive(files, file="asb *.csv")
    assert str(caught.value) == (
        "data/raw/2019Q2: asb 1.csv, asb 2.csv all fit 'asb *.csv', expected one file. Leave one in the folder, or say "
        "`files:` in params/plan.yml if they are one table."
    )


def test_a_file_that_is_not_there_is_named_by_its_pattern(receive):
    with pytest.raises(SourceError) as caught:
        receive({}, files="*-street.csv")
    assert str(caught.value) == "data/raw/2019Q2/*-street.csv: the file is missing. Put it there."


def test_files_come_in_the_order_of_their_names(tmp_path):
    for name in ("c.csv", "a.csv", "b.csv", "b.xlsx"):
        (tmp_path / name).touch()
    found = files_of(tmp_path, SupplierFile(files="*.csv"))
    assert [path.name for path in found] == ["a.csv", "b.csv", "c.csv"]


def test_what_the_supplier_left_out_has_its_reason_and_no_number(receive):
    table = "month,area,n\n2019-07,North,*\n2019-07,South,-\n2019-08,North,12\n2019-08,South,\n"
    marks = {"*": "suppressed", "-": "zero", "": "missing"}
    received = receive({"t.csv": table}, file="t.csv", layout={"marks": marks})
    assert received.gaps == {(2, "n"): "suppressed", (5, "n"): "missing"}
    numbers = typed(received)["n"]
    assert numbers[[3, 4]].tolist() == [0, 12] and numbers[[2, 5]].isna().all()


# -------------------------------------------------------------------------------------------------- large tables
INCIDENTS = """\
id,Month,Kind,Street
,2019-07,Burglary,On or near A
a1,2019-07,Burglary,"On, or near B"
,2019-07,Robbery,
,2019-09,Burglary,On or near A
,2019-10,Burglary,On or near A
"""


def incidents(**layout):
    counted = {"by": ["Month", "Kind"], "column": "crimes"}
    columns = {"Month": "month", "Kind": "category", "crimes": "count"}
    return {
        "columns": columns,
        "key": ["Month", "Kind"],
        "layout": {"counted": counted, "other_columns": "unread"} | layout,
    }


def test_a_table_of_incidents_is_counted(receive):
    received = receive({"s.csv": INCIDENTS}, file="s.csv", **incidents())
    assert rows(received) == {
        2: ["2019-07", "Burglary", "2"],
        4: ["2019-07", "Robbery", "1"],
        5: ["2019-09", "Burglary", "1"],
        6: ["2019-10", "Burglary", "1"],
    }
    assert received.rows == 5


def test_its_layout_is_applied_to_the_counts(receive):
    written = INCIDENTS.replace("2019-07", "Jul-19").replace("2019-09", "Sep-19").replace("2019-10", "Oct-19")
    layout = {"later": "unread", "forms": {"Month": "Apr-22"}, "leave_out": {"Kind": ["Robbery"]}}
    received = receive({"s.csv.gz": gzip.compress(written.encode())}, file="s.csv.gz", **incidents(**layout))
    assert rows(received) == {2: ["2019-07", "Burglary", "2"], 5: ["2019-09", "Burglary", "1"]}
    assert received.rows == 5
    assert [(one.kind, one.words) for one in received.remarks] == [
        ("columns_unread", "2 columns are unread: 'id', 'Street'"),
        ("rows_left_out", "1 row is left unread by `leave_out`"),
        ("rows_later", "1 row is dated after the quarter"),
    ]


def test_what_is_picked_by_another_column_is_added_up(receive):
    layout = {"only": {"Street": ["On or near A", ""]}}
    received = receive({"s.csv": INCIDENTS}, file="s.csv", **incidents(**layout))
    assert rows(received)[2] == ["2019-07", "Burglary", "1"] and len(received.text) == 4
    counted = {"by": ["Month"], "column": "crimes"}
    table = {"columns": {"Month": "month", "crimes": "count"}, "key": ["Month"]}
    layout = {"counted": counted, "only": {"Kind": ["Burglary", "Robbery"]}, "other_columns": "unread"}
    received = receive({}, file="s.csv", **table, layout=layout)
    assert rows(received) == {2: ["2019-07", "3"], 5: ["2019-09", "1"], 6: ["2019-10", "1"]}


def test_a_file_of_another_month_than_its_name_says_is_remarked(receive):
    received = receive({"2019-07-street.csv": INCIDENTS}, file="*-street.csv", **incidents())
    (remark,) = (remark for remark in received.remarks if remark.asks)
    assert remark.kind == "other_month" and remark.asks
    assert remark.where == "data/raw/2019Q2/2019-07-street.csv, row 5"
    assert remark.words == "2 of 5 rows are of 2019-09, 2019-10, the file's name says 2019-07"


# --------------------------------------------------------------------------------------------------- a whole drop
def test_every_file_is_read_before_anything_is_said(project_copy, quarter, read_office):
    folder = project_copy.raw(quarter)
    (folder / "recorded_crime.csv").write_bytes(b"\xff\xfe")
    (folder / "savings.csv").write_text('line,"gbp_million\n', encoding="utf-8")
    (folder / "assessments.csv").unlink()
    office = read_office()
    tables, problems = received_tables(office)
    assert len(problems) == 2
    assert problems[0].startswith("data/raw/2015Q1/recorded_crime.csv")
    assert problems[1].startswith("data/raw/2015Q1/savings.csv")
    assert set(office.plan.tables) - set(tables) == {"recorded_crime", "savings", "assessments"}


def test_the_drop_before_gives_what_it_has(project_copy, read_office):
    before = project_copy.raw(Quarter.parse("2014Q4"))
    (before / "savings.csv").write_bytes(b"")
    office = read_office()
    assert set(office.plan.tables) - set(earlier_tables(office)) == {"savings"}
    for path in before.glob("*"):
        path.unlink()
    before.rmdir()
    assert earlier_tables(office) == {}


def test_refusals_name_the_file_from_the_projects_folder(receive):
    with pytest.raises(SourceError) as caught:
        receive({"t.csv": "month,n,n\n2019-07,1,2\n"}, file="t.csv")
    assert str(caught.value).startswith("data/raw/2019Q2/t.csv: found 'n' at the head of column B (number 2) and ")


def test_a_file_that_may_not_be_read_is_a_sentence(monkeypatch):
    def refuse(path, *_):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("pathlib.Path.open", refuse)
    with pytest.raises(SourceError) as caught:
        digest(Project.here().root / "params" / "plan.yml")
    assert str(caught.value) == "params/plan.yml: the file cannot be read: Permission denied. Make it readable."
