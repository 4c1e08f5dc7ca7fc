"""The rules of a layout one by one, and the sentences that refuse; whole tables are in layouts_tried.yml."""

import csv
from dataclasses import dataclass, field
from io import StringIO

import pandas as pd
import pytest

from panelpack.config.supplied_table import SupplierFile
from panelpack.errors import SourceError
from panelpack.intake.heads import column_words, likely_head
from panelpack.intake.layouts import lay_out
from panelpack.intake.received import REMARKS, Remark
from panelpack.periods import Quarter

MONTHLY = {"month": "month", "n": "count"}
IN_LAYOUT = "in the layout of table 'asb' in params/plan.yml"


@dataclass
class Grid:
    cells: list[list[str]]
    sheet: str = ""
    remarks: list[Remark] = field(default_factory=list)


def grid(text, **rest):
    return Grid(list(csv.reader(StringIO(text))), **rest)


def spec(columns=MONTHLY, file="asb.csv", **layout):
    given = {"files": file} if "*" in file else {"file": file}
    return SupplierFile(**given, columns=columns, key=[next(iter(columns))], layout=layout)


def read(text, columns=MONTHLY, quarter="2022Q1", **layout):
    """Lay out one csv."""
    return lay_out("asb", spec(columns, **layout), [("asb.csv", grid(text))], Quarter.parse(quarter))


def refusal(text, columns=MONTHLY, **layout):
    with pytest.raises(SourceError) as caught:
        read(text, columns, **layout)
    return str(caught.value)


def rows(table):
    return [[label, *row] for label, row in zip(table.text.index, table.text.to_numpy().tolist(), strict=True)]


def words(table):
    return [remark.words for remark in table.remarks]


# ------------------------------------------------------------------------------------------------ heads
def test_heads_are_found_below_a_title_that_names_some_of_them():
    text = "month\nn and month\n\nmonth,n\n2022-04,5\n"
    assert rows(read(text, header_row="find")) == [[5, "2022-04", "5"]]


def test_heads_are_looked_for_in_forty_rows_and_no_further():
    assert rows(read("title\n" * 39 + "month,n\n2022-04,5\n", header_row="find")) == [[41, "2022-04", "5"]]
    assert refusal("title\n" * 40 + "month,n\n2022-04,5\n", header_row="find") == (
        "asb.csv: found no row among the first 40 with the heads 'month' and 'n'. Say how the supplier heads them "
        f"under `heads` {IN_LAYOUT}."
    )


def test_the_row_that_comes_nearest_is_named_where_none_has_all_heads():
    assert refusal("title\nMonth,Offences\n2022-04,5\n", {"month": "month", "offence": "count"}, header_row="find") == (
        "asb.csv, row 2: found the heads 'Month' and 'Offences', expected 'month' and 'offence'. Say "
        f"`heads: {{month: Month, offence: Offences}}` {IN_LAYOUT}."
    )


def test_a_row_without_heads_is_refused():
    assert refusal("month,n\n,\n2022-04,5\n", header_row=2) == (
        f"asb.csv, row 2: found no column heads, expected 'month' and 'n'. Correct `header_row` {IN_LAYOUT}, or say "
        "`header_row: find`."
    )
    assert "row 9: found no column heads" in refusal("month,n\n2022-04,5\n", header_row=9)
    assert "row 1: found no column heads" in refusal("")


def test_heads_without_rows_are_an_empty_table_with_the_plans_columns():
    table = read("month,n\n")
    assert list(table.text.columns) == ["month", "n"] and len(table.text) == table.rows == 0


def test_heads_of_three_rows_reach_as_far_as_the_cells_above_and_below_say():
    text = (
        "Area,2021/22,,2022/23,,Remark\n"
        ",Crime,,Crime,,\n"
        ",All,Solved,All,Solved,\n"
        "North,5,1,6,2,late\n"
    )  # fmt: skip
    heads = ["Area", "2021/22 Crime All", "2021/22 Crime Solved", "2022/23 Crime All", "2022/23 Crime Solved", "Remark"]
    table = read(text, {"Area": "category", "month": "month"}, header_rows=3)
    assert list(table.text.columns) == heads and rows(table) == [[4, "North", "5", "1", "6", "2", "late"]]


def test_a_cell_of_a_lower_row_ends_where_the_row_above_begins_anew():
    table = read("A,,B,\nx,,,\n1,2,1,2\n2022-04,5,6,7\n", header_rows=3)
    assert list(table.text.columns) == ["A x 1", "A x 2", "B 1", "B 2"]


def test_a_head_that_stands_over_nothing_does_not_reach_over_its_neighbour():
    assert list(read("month,,\n,n,m\n2022-04,5,6\n", header_rows=2).text.columns) == ["month", "n", "m"]


def test_a_head_that_stands_twice_is_refused_with_both_places():
    assert refusal("month,n,n\n2022-04,5,6\n") == (
        "asb.csv: found 'n' at the head of column B (number 2) and column C (number 3), expected each head once. If "
        f"rows of heads above tell them apart, say `header_rows` {IN_LAYOUT}; else ask the supplier what each is."
    )


def test_a_head_that_stands_twice_among_unread_columns_does_not_matter():
    table = read("note,month,note,n\na,2022-04,b,5\n", other_columns="unread")
    assert rows(table) == [[2, "2022-04", "5"]] and words(table) == ["1 column is unread: 'note'"]


def test_a_column_without_head_is_refused_by_its_letter_or_unread():
    text = "month,n,\n2022-04,5,\n2022-05,6,x\n2022-06,7,y\n"
    assert refusal(text) == (
        "asb.csv: column C (number 3) has no head, but row 3 has a cell there and 1 more. If it is not needed, say "
        f"`other_columns: unread` {IN_LAYOUT}; if a sign inside a cell was taken for its end, ask the supplier for "
        "quotation marks around the cell."
    )
    table = read(text, other_columns="unread")
    assert list(table.text.columns) == ["month", "n"] and words(table) == ["1 column is unread: column C (number 3)"]


def test_cells_beyond_the_heads_are_a_column_without_head():
    assert refusal("month,n\n2022-04,1,234\n").startswith("asb.csv: column C (number 3) has no head, but row 2 has a")


def test_a_short_row_is_filled_up():
    assert rows(read("month,n\n2022-04\n2022-05,6\n")) == [[2, "2022-04", ""], [3, "2022-05", "6"]]


def test_columns_are_called_as_a_spreadsheet_calls_them():
    assert [column_words(place) for place in (0, 25, 26, 701, 702)] == [
        "column A (number 1)", "column Z (number 26)", "column AA (number 27)", "column ZZ (number 702)",
        "column AAA (number 703)",
    ]  # fmt: skip


def test_the_likely_head():
    names = ["Reporting Month", "crime_type", "NUMBER", ""]
    assert likely_head("reporting_month", names) == "Reporting Month"
    assert likely_head("Crime type", names) == "crime_type"
    assert likely_head("numbers", names) == "NUMBER"
    assert likely_head("age", names) is None


def test_a_missing_column_is_left_to_validation_unless_the_layout_needs_it():
    assert list(read("month,Offences\n2022-04,5\n").text.columns) == ["month", "Offences"]
    assert refusal("month,Number\n2022-04,5\n", {"month": "month", "numbers": "count"}, other_columns="unread") == (
        "asb.csv, row 1: found the heads 'month' and 'Number', expected 'numbers'. Say `heads: {numbers: Number}` "
        f"{IN_LAYOUT}."
    )
    assert refusal("month,k\n2022-04,5\n", heads={"n": "Total"}) == (
        "asb.csv, row 1: found the heads 'month' and 'k', expected 'Total'. Say how the supplier heads 'Total', or in "
        f"which row the heads stand (`header_row`), {IN_LAYOUT}; ask the supplier if it is not in the file."
    )


def test_a_join_names_the_head_that_one_of_its_parts_probably_has():
    columns = {"quarter": "quarter", "n": "count"}
    assert refusal(
        "financial_year,Quarter,n\n2022/23,1,5\n", columns, join={"quarter": ["Financial Year", "Quarter"]}
    ) == (
        "asb.csv, row 1: found the heads 'financial_year', 'Quarter' and 'n', expected 'Financial Year'. Say "
        f"`join: {{quarter: [financial_year, Quarter]}}` {IN_LAYOUT}."
    )


def test_two_columns_that_would_have_one_name_are_refused():
    assert refusal("month,n,Total\n2022-04,5,6\n", heads={"n": "Total"}) == (
        "asb.csv: found both 'n' and 'Total' among the heads, and `heads` calls 'Total' 'n'. Correct `heads` "
        f"{IN_LAYOUT}."
    )


def test_columns_may_change_their_names_with_each_other():
    table = read("n,month\n2022-04,5\n", heads={"month": "n", "n": "month"})
    assert list(table.text.columns) == ["month", "n"] and rows(table) == [[2, "2022-04", "5"]]


# ------------------------------------------------------------------------------------------------ rows
def test_the_end_is_the_first_line_that_begins_so_and_is_looked_for_below_the_first_row():
    table = read("month,n\n\n2022-04,5\nNotes,\nNotes 2,\n", until="Notes")
    assert rows(table) == [[3, "2022-04", "5"]] and table.rows == 1
    assert words(table) == ["2 lines below the table are unread"]


def test_a_line_that_fills_several_cells_is_one_line():
    table = read("month,n\n2022-04,5\nSource: calls,as recorded\n", until="Source: calls as")
    assert rows(table) == [[2, "2022-04", "5"]]


def test_rows_below_that_look_like_the_tables_must_be_answered():
    table = read("month,n\nApr-22,5\n\nMay-22,6\nJune-22,7\nnote\n", until="blank", forms={"month": "Apr-22"})
    assert table.remarks == (
        Remark("lines_below", "asb.csv", "3 lines below the table are unread, of which 2 look like rows of it", True),
    )


def test_empty_rows_inside_a_table_are_refused_together():
    assert refusal("month,n\n2022-04,5\n,\n2022-05,6\n , \n2022-06,7\n") == (
        "asb.csv: rows 3 and 5 are empty, but rows follow. If the table ends there, say `until: blank` "
        f"{IN_LAYOUT}; if it goes on, say `leave_out: {{month: ''}}`."
    )


def test_empty_rows_may_be_left_out():
    table = read("month,n\n2022-04,5\n,\n2022-05,6\n", leave_out={"month": ""})
    assert rows(table) == [[2, "2022-04", "5"], [4, "2022-05", "6"]] and table.rows == 2


def test_rows_are_picked_by_their_text_as_supplied():
    columns = {"area": "category", "month": "month", "n": "count"}
    text = "Where,month,n\nNorth ,Apr-22,5\nEast,Apr-22,6\nnorth,Apr-22,7\nSouth,May-22,8\nSouth,Apr-22,9\n"
    layout = {"heads": {"area": "Where"}, "forms": {"month": "Apr-22"}}
    table = read(text, columns, only={"area": ["North", "South", "West"]}, leave_out={"month": "May-22"}, **layout)
    assert rows(table) == [[2, "North ", "2022-04", "5"], [6, "South", "2022-04", "9"]] and table.rows == 5
    assert table.remarks == (
        Remark(
            "rows_left_out",
            "asb.csv",
            "3 rows are left unread by `only` and `leave_out`; no row has 'West' in column 'area', which `only` names",
            asks=True,
        ),
        Remark(
            "rows_left_out",
            "asb.csv",
            "1 row has 'North' in column 'area' written otherwise, so `only` does not pick it",
            asks=True,
        ),
    )


def test_a_layout_that_leaves_no_row_is_refused():
    assert refusal("month,n,a\n2022-04,5,x\n2022-05,5,x\n", only={"a": "y"}) == (
        "asb.csv: none of the 2 rows is left by `only`, expected rows. Correct the values "
        f"{IN_LAYOUT}: they are compared as they stand in the file."
    )


@pytest.mark.parametrize(
    ("kind", "periods", "left"),
    [
        ("month", ["2021-12", "2022-06", "2022-07", "soon"], ["2021-12", "2022-06", "soon"]),
        ("quarter", ["2021Q4", "2022Q1", "2022Q2"], ["2021Q4", "2022Q1"]),
        ("date", ["2022-06-30", "2022-07-01", "2023-01-01"], ["2022-06-30"]),
    ],
)
def test_rows_after_the_quarters_last_month_are_left_unread(kind, periods, left):
    text = "when,n\n" + "".join(f"{period},*\n" for period in periods)
    table = read(text, {"when": kind, "n": "count"}, later="unread", marks={"*": "suppressed"})
    count = len(periods) - len(left)
    assert list(table.text["when"]) == left and table.rows == len(periods)
    assert set(table.gaps) == {(row, "n") for row, period in enumerate(periods, start=2) if period in left}
    assert words(table) == [f"{count} row{'s' * (count > 1)} {'are' if count > 1 else 'is'} dated after the quarter"]


def test_later_rows_stay_where_nothing_is_declared():
    assert len(read("month,n\n2022-04,5\n2024-04,5\n").text) == 2


# ------------------------------------------------------------------------------------------------ columns a period
WIDE = {"area": "category", "month": "month", "n": "count"}
MELTED = {"wide": {"period": "month", "value": "n"}, "forms": {"month": "Apr-22"}}


def test_cells_under_periods_may_be_later_or_left_out_or_marked():
    text = "area,May-22,Jun-22,Jul-22,Aug-22\nNorth,5,*,,\nTotal,5,*,,\n"
    layout = {**MELTED, "leave_out": {"area": "Total", "month": "Aug-22"}, "marks": {"*": "suppressed", "": "missing"}}
    table = read(text, WIDE, later="unread", **layout)
    assert rows(table) == [
        ["row 2, column 'May-22'", "North", "2022-05", "5"],
        ["row 2, column 'Jun-22'", "North", "2022-06", ""],
    ]
    assert table.gaps == {("row 2, column 'Jun-22'", "n"): "suppressed"} and table.rows == 2
    assert words(table) == ["1 row and 1 cell are left unread by `leave_out`", "1 cell is dated after the quarter"]


def test_a_head_that_is_neither_a_column_nor_a_period_is_refused():
    assert refusal("area,Apr-22,Total\nNorth,5,5\n", WIDE, **MELTED) == (
        "asb.csv, row 1: found the head 'Total', expected columns of the plan or a month such as Apr-22. If they are "
        f"not needed, say `other_columns: unread` {IN_LAYOUT}."
    )


def test_a_period_that_heads_two_columns_is_refused():
    assert refusal("area,Apr-22,APR-22\nNorth,5,5\n", WIDE, **MELTED) == (
        "asb.csv, row 1: found 2 heads that are 2022-04, expected each month once. Ask the supplier which is which."
    )


def test_columns_of_periods_alone_are_found_below_a_title():
    table = read("About May-22\nApr-22,May-22\n5,6\n", {"month": "month", "n": "count"}, header_row="find", **MELTED)
    assert list(table.text["n"]) == ["5", "6"] and table.text.index[1] == "row 3, column 'May-22'"


def test_a_table_with_a_column_a_period_lacks_its_other_column():
    assert refusal("Area,Apr-22\nNorth,5\n", WIDE, **MELTED) == (
        f"asb.csv, row 1: found the heads 'Area' and 'Apr-22', expected 'area'. Say `heads: {{area: Area}}` "
        f"{IN_LAYOUT}."
    )


def test_no_form_is_named_where_no_head_is_like_a_period():
    assert refusal("area,n1,n2\nNorth,5,6\n", WIDE, **MELTED) == (
        "asb.csv, row 1: found the heads 'area', 'n1' and 'n2', expected at least one that is a month such as Apr-22. "
        f"Say under `forms` how they are written {IN_LAYOUT}."
    )


# ------------------------------------------------------------------------------------------------ cells
def test_cells_of_other_kinds_stand_as_they_were_supplied():
    columns = {"month": "month", "what": "category", "says": "text"}
    assert rows(read('month,what,says\n2022-04, 1.0,"£5, −"\n', columns)) == [[2, "2022-04", " 1.0", "£5, −"]]


def test_a_cell_of_blanks_is_an_empty_number_and_nothing_is_repaired_besides():
    table = read("month,n\n 2022-04,  \n2022-05,n/a\n2022-06,1 234\n")
    assert rows(table) == [[2, " 2022-04", ""], [3, "2022-05", "n/a"], [4, "2022-06", "1 234"]] and not table.gaps


def test_a_mark_counts_only_as_it_is_written_and_only_in_numbers():
    columns = {"month": "month", "area": "category", "n": "count"}
    table = read("month,area,n\n2022-04,c,c\n2022-05,c,cc\n", columns, marks={"c": "suppressed"})
    assert rows(table) == [[2, "2022-04", "c", ""], [3, "2022-05", "c", "cc"]]
    assert table.gaps == {(2, "n"): "suppressed"}


def test_joined_parts_that_are_columns_of_the_plan_stay():
    columns = {"quarter": "quarter", "Year": "category", "n": "count"}
    layout = {"join": {"quarter": ["Year", "Q"]}, "forms": {"quarter": "2022/23 1"}}
    table = read("Year,Q,n\n2022/23,1,5\n2022/23,,5\n", columns, **layout)
    assert rows(table) == [[2, "2022Q1", "2022/23", "5"], [3, "2022/23", "2022/23", "5"]]


# ------------------------------------------------------------------------------------------------ several grids
def test_files_and_sheets_stand_one_below_the_other_each_row_with_its_place():
    given = [
        ("a.xlsx", grid("month,n\n2022-04,5\n", sheet="North")),
        ("a.xlsx", grid("n,month\n6,2022-04\n", sheet="South")),
        ("b.xlsx", grid("month,n\n2022-05,*\n", sheet="Data")),
    ]
    table = lay_out("asb", spec(file="*.xlsx", marks={"*": "missing"}), given, Quarter(2022, 1))
    assert rows(table) == [
        ["a.xlsx, sheet 'North', row 2", "2022-04", "5"],
        ["a.xlsx, sheet 'South', row 2", "2022-04", "6"],
        ["b.xlsx, row 2", "2022-05", ""],
    ]
    assert table.gaps == {("b.xlsx, row 2", "n"): "missing"} and table.text.index.is_unique and table.rows == 3


def test_columns_a_period_of_several_files_are_one_table():
    given = [("a.csv", grid("area,Apr-21\nN,5\n")), ("b.csv", grid("area,Apr-22,May-22\nN,6,7\n"))]
    table = lay_out("asb", spec(WIDE, file="*.csv", **MELTED), given, Quarter(2022, 1))
    assert rows(table)[0] == ["a.csv, row 2, column 'Apr-21'", "N", "2021-04", "5"] and len(table.text) == 3


def test_a_sheet_with_other_heads_is_refused():
    given = [
        ("a.xlsx", grid("month,n\n2022-04,5\n", sheet="North")),
        ("a.xlsx", grid("month\n2022-04\n", sheet="South")),
    ]
    with pytest.raises(SourceError) as caught:
        lay_out("asb", spec(file="a.xlsx"), given, Quarter(2022, 1))
    assert str(caught.value) == (
        "a.xlsx, sheet 'South': found no column 'n', expected the columns of sheet 'North'. Ask the supplier for one "
        "layout in all files."
    )


def test_files_may_differ_in_columns_that_are_unread():
    given = [("a.csv", grid("month,n,x\n2022-04,5,1\n")), ("b.csv", grid("y,month,n\n1,2022-05,6\n"))]
    table = lay_out("asb", spec(file="*.csv", other_columns="unread"), given, Quarter(2022, 1))
    assert list(table.text["n"]) == ["5", "6"]
    assert table.remarks == (Remark("columns_unread", "*.csv", "2 columns are unread: 'x' and 'y'"),)


def test_what_the_reader_of_the_file_noticed_is_told_with_the_files_name():
    noticed = [Remark("hidden_rows", "rows 3 to 5", "3 hidden rows were read", True), Remark("no_line_end", "", "cut")]
    noticed.append(Remark("hidden_rows", "raw/a.csv, row 9", "1 hidden row was read"))
    given = [("a.csv", grid("month,n\n2022-04,5\nnote\n", remarks=noticed))]
    table = lay_out("asb", spec(file="a.csv", until="note"), given, Quarter(2022, 1))
    assert table.remarks == (
        Remark("hidden_rows", "a.csv, rows 3 to 5", "3 hidden rows were read", True),
        Remark("no_line_end", "a.csv", "cut"),
        Remark("hidden_rows", "raw/a.csv, row 9", "1 hidden row was read"),
        Remark("lines_below", "a.csv", "1 line below the table is unread"),
    )
    assert {remark.kind for remark in table.remarks} <= set(REMARKS)


@pytest.mark.parametrize("key", ["only", "leave_out"])
def test_values_that_are_picked_but_for_their_capitals_are_asked_about(key):
    text = "month,area,n\n2022-04,Total,5\n2022-05,TOTAL,6\n2022-05,North  East,7\n2022-06,Total,8\n"
    columns = {"month": "month", "area": "category", "n": "count"}
    table = lay_out(
        "asb", spec(columns, **{key: {"area": ["Total", "North East"]}}), [("a.csv", grid(text))], Quarter(2022, 1)
    )
    asked = [remark.words for remark in table.remarks if remark.asks and "written otherwise" in remark.words]
    assert asked == [
        f"1 row has 'North East' in column 'area' written otherwise, so `{key}` does not pick it",
        f"1 row has 'Total' in column 'area' written otherwise, so `{key}` does not pick it",
    ]


# ------------------------------------------------------------------------------------------------ persons
PERSONS = {"person": "pseudonym", "month": "month", "n": "count"}


@pytest.mark.parametrize(
    "text",
    [
        "J Smith,Leeds,4\nA Jones,York,5\n",  # a file without a head: its first row takes the head's place
        "person,month,n,J Smith,J Smith\nx,2022-04,5,6,7\n",
        "person,month,J Smith\nx,2022-04,5\n",
    ],
)
@pytest.mark.parametrize(
    "layout", [{}, {"header_row": "find"}, {"heads": {"n": "Number"}}, {"other_columns": "unread"}]
)
def test_nothing_of_a_table_about_persons_is_quoted(text, layout):
    try:
        table = read(text, PERSONS, **layout)
    except SourceError as error:
        assert "Smith" not in str(error) and "Jones" not in str(error)
    else:
        assert not any("Smith" in remark.words for remark in table.remarks)


def test_heads_of_a_table_about_persons_are_counted_where_they_are_not_the_plans():
    table = read("person,month,n,J Smith,\nx,2022-04,5,6,\n", PERSONS, other_columns="unread")
    assert words(table) == ["1 column is unread: one that is not shown"]
    assert refusal("person,month,J Smith\nx,2022-04,5\n", PERSONS, heads={"n": "Number"}) == (
        "asb.csv, row 1: found the heads 'person' and 'month' and 1 more, expected 'Number'. Say how the supplier "
        f"heads 'Number', or in which row the heads stand (`header_row`), {IN_LAYOUT}; ask the supplier if it is "
        "not in the file."
    )
    assert refusal("J Smith,Leeds\nA Jones,York\n", PERSONS, other_columns="unread").startswith(
        "asb.csv, row 1: found 2 cells that are none of its heads, expected 'person', 'month' and 'n'. Say how"
    )


def test_a_row_of_numbers_is_not_quoted_as_heads():
    assert "'97'" not in refusal("2022-04,97\n2022-05,5\n", other_columns="unread")


# ------------------------------------------------------------------------------------------------ the frame
def test_the_frame_is_text_under_the_numbers_of_its_rows():
    table = read("month,n\n2022-04,5\n2022-05,\n")
    pd.testing.assert_frame_equal(
        table.text,
        pd.DataFrame({"month": ["2022-04", "2022-05"], "n": ["5", ""]}, index=[2, 3], dtype="str"),
    )
    assert (table.name, table.rows, table.remarks, dict(table.gaps)) == ("asb", 2, (), {})
