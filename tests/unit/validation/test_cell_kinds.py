"""Every cell is of its column's kind, or a sentence says what was read, what is accepted and how to have it read."""

import pytest

from panelpack.config.layout import Layout
from panelpack.validation.derived import CELLS
from table_checking import check, received, rows, spec_of, violations

CORRECT = "Correct what is wrong in params/corrections.yml."
LAYOUT = "in the table's layout in params/plan.yml."
MEANINGS = "(zero, suppressed, missing or not_applicable)"


def one(tmp_path, column, kind, text, **spec):
    """Return the messages for one cell of a table that has a column of a kind beside its key."""
    table = received([{"id": "a", column: text}], spec_of({"id": "category", column: kind}, ["id"], **spec))
    return violations(tmp_path, table, has_series=False)


SOUND = [
    ("month", "2015-01"), ("month", "1998-12"), ("quarter", "2014Q4"), ("date", "2016-02-29"), ("date", "2015-06-30"),
    ("count", "0"), ("count", "-52"), ("count", "007"), ("count", "123456789012345"), ("decimal", "-0.75"),
    ("decimal", "12"), ("decimal", "0.000123456789012345"),
    ("decimal", "78.26086956521739"), ("decimal", "0.30000000000000004"), ("category", "theft"), ("pseudonym", "P7"),
    ("text", ""),
    ("text", "  "), ("text", "£4, *"),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "text"), SOUND)
def test_a_cell_of_its_kind_passes(tmp_path, kind, text):
    assert one(tmp_path, "x", kind, text) == []


MONTH, DATE = "a month such as 2022-04", "a date such as 2022-04-01"
QUARTER = "a quarter of the financial year such as 2022Q1 (Q1 is April to June)"
WHOLE, NUMBER = "a whole number such as 1234", "a number such as 12.5"
WRITES = "If the supplier writes {} so, say {} " + LAYOUT
READ = "If the supplier writes {}s so, say `forms: {{x: {}}}` (which makes it {}) in the table's layout."
MARK = "If it stands for something, say so in the table's layout in params/plan.yml: `marks: {}` " + MEANINGS
ROW = (
    "If this is a row of totals or a note, say `{}` in the table's layout in params/plan.yml, or `{}` if the table "
    "ends there; else correct it in params/corrections.yml."
)
NARROW = "So a workbook shows what a column is too narrow for: ask the supplier for the number."
FORMULA = f"A formula failed there: ask the supplier for the number, or say what it means under `marks` {LAYOUT}"
SERIAL = "So a workbook counts days: ask the supplier for dates that are written as dates."
FAULTS = [
    ("month", "Nov-14", MONTH, READ.format("month", "Apr-22", "November 2014")),
    ("month", "November 2014", MONTH, READ.format("month", "April 2022", "November 2014")),
    ("month", "2014/11", MONTH, READ.format("month", "2022/04", "November 2014")),
    ("month", "2014-11-01", MONTH, READ.format("month", "'2022-04-01'", "November 2014")),
    ("month", "2014-13", MONTH, CORRECT),
    ("month", "0214-11", MONTH, CORRECT),
    ("month", "All months", MONTH, ROW.format("leave_out: {x: All months}", "until: All months")),
    ("month", "Nov 2014 to Dec 2014", MONTH,
     ROW.format("leave_out: {x: Nov 2014 to Dec 2014}", "until: Nov 2014 to Dec 2014")),
    ("date", "01-Dec-17", DATE, READ.format("date", "1 April 2022", "1 December 2017")),
    ("date", "Note: revised", DATE, ROW.format("leave_out: {x: 'Note: revised'}", "until: 'Note: revised'")),
    ("count", "<5", WHOLE, MARK.format('{"<5": suppressed}') + "; else correct it."),
    ("count", "fewer than 10", WHOLE, MARK.format('{"fewer than 10": suppressed}') + "; else correct it."),
    ("count", "307 (r)", WHOLE, WRITES.format("numbers", '`signs: ["(r)"]`')),
    ("count", "3,071*", WHOLE, WRITES.format("numbers", '`signs: ["*"]` and `thousands: ","`')),
    ("decimal", "12k", NUMBER, CORRECT),
    ("quarter", "2014/15 Q3", QUARTER, READ.format("quarter", "2022/23 Q1", "October to December 2014")),
    ("quarter", "2014Q5", QUARTER, CORRECT),
    ("date", "03/02/2015", DATE, READ.format("date", "01/04/2022", "3 February 2015")),
    ("date", "3rd February", DATE, CORRECT),
    ("count", "3,071", WHOLE, WRITES.format("numbers", '`thousands: ","`')),
    ("count", "3'071", WHOLE, WRITES.format("numbers", '`thousands: "\'"`')),
    ("count", "1 203 071", WHOLE, WRITES.format("numbers", '`thousands: " "`')),
    ("count", "3.071", WHOLE, WRITES.format("numbers", '`thousands: "."` and `decimal: ","`')),
    ("count", "61.5", WHOLE, "If the column holds decimals, say `x: decimal` in params/plan.yml; else correct it."),
    ("count", "1e5", WHOLE, CORRECT),
    ("count", "٣٠٧", WHOLE, CORRECT),
    ("count", "#####", WHOLE, NARROW),
    ("decimal", "##", NUMBER, NARROW),
    ("decimal", "#DIV/0!", NUMBER, FORMULA),
    ("count", " #N/A", WHOLE, FORMULA),
    ("month", "41944", MONTH, SERIAL),
    ("date", "42000.0", DATE, SERIAL),
    ("month", "61944", MONTH, CORRECT),
    ("count", "(52)", WHOLE, CORRECT),
    ("count", "18\n", WHOLE, CORRECT),
    ("count", "-", WHOLE, MARK.format('{"-": suppressed}') + "; else correct it."),
    ("count", "..", WHOLE, MARK.format('{"..": suppressed}') + "; else correct it."),
    ("count", "[low]", WHOLE, MARK.format('{"[low]": suppressed}') + "; else correct it."),
    ("decimal", "nan", NUMBER, MARK.format('{"nan": suppressed}') + "; else correct it."),
    ("decimal", "inf", NUMBER, MARK.format('{"inf": suppressed}') + "; else correct it."),
    ("decimal", "91.4%", NUMBER, WRITES.format("numbers", '`signs: ["%"]`')),
    ("decimal", "£ 1,250.40", NUMBER, WRITES.format("numbers", '`signs: ["£"]` and `thousands: ","`')),
    ("decimal", "91,4", NUMBER, WRITES.format("numbers", '`decimal: ","`')),
    ("decimal", "4.", NUMBER, CORRECT),
    ("decimal", "see the note below the table", NUMBER, CORRECT),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "text", "accepted", "advice"), FAULTS, ids=lambda value: str(value)[:24])
def test_a_cell_of_another_form_is_told_with_what_would_have_it_read(tmp_path, kind, text, accepted, advice):
    assert one(tmp_path, "x", kind, text) == [f", column 'x', row 2: {text!r} is not {accepted}. {advice}"]


def test_a_day_that_no_calendar_has_is_refused(tmp_path):
    assert one(tmp_path, "x", "date", "2015-06-31") == [
        f", column 'x', row 2: '2015-06-31' is no day of the calendar. {CORRECT}"
    ]


@pytest.mark.parametrize("text", ["1234567890123456", "0.12345678901234567", "-9999999999999999"])
def test_more_digits_than_a_computer_tells_apart_are_refused(tmp_path, text):
    assert one(tmp_path, "x", "decimal", text) == [
        f", column 'x', row 2: {text!r} is a number of more than 15 digits. "
        "If it is a name, say `x: text` in params/plan.yml; else correct it."
    ]


def test_an_empty_number_needs_a_meaning_and_an_empty_category_a_word_in_the_plan(tmp_path):
    assert one(tmp_path, "x", "count", " ") == [
        f", column 'x', row 2: the cell is empty, expected {WHOLE}. If an empty cell stands for something, say so in "
        f'the table\'s layout in params/plan.yml: `marks: {{"": missing}}` {MEANINGS}; else ask the supplier for it.'
    ]
    for kind, accepted in {"category": "a category", "pseudonym": "a pseudonym", "month": MONTH}.items():
        assert one(tmp_path, "x", kind, "") == [
            f", column 'x', row 2: the cell is empty, expected {accepted}. If it may "
            "be empty, add the column to `optional` of the table in params/plan.yml; else ask the supplier for it."
        ]


@pytest.mark.parametrize("kind", ["month", "date", "count", "decimal", "category", "pseudonym"])
def test_an_optional_cell_may_be_empty(tmp_path, kind):
    assert one(tmp_path, "x", kind, "", optional=["x"]) == []


def test_a_number_that_is_a_gap_may_be_empty_where_the_gap_is(tmp_path):
    cells = rows({"hours": ""}, {"hours": ""}, {})
    found = violations(tmp_path, received(cells, gaps={(2, "hours"): "suppressed", (3, "cost"): "missing"}))
    assert [message.split(": ")[0] for message in found] == [", column 'hours', row 3"]


def test_cells_that_are_wrong_in_one_way_are_one_finding_and_each_is_named(tmp_path):
    cells = rows({"hours": "1,040"}, {"hours": "*"}, {"hours": "2,555"}, {"hours": ".."}, {"hours": "*"})
    assert violations(tmp_path, received(cells)) == [
        f", column 'hours': 2 cells are not {WHOLE}: row 2: '1,040'; row 4: '2,555'. "
        + WRITES.format("numbers", '`thousands: ","`'),
        f", column 'hours': 3 cells are not {WHOLE}: row 3: '*'; row 5: '..'; row 6: '*'. "
        + MARK.format('{"*": suppressed, "..": suppressed}')
        + "; else correct it.",
    ]


def test_of_a_row_that_is_a_total_or_a_note_only_that_is_told(tmp_path):
    note = {"month": " Source: payroll", "hours": "n/a"}
    table = received(rows({}, {}, {"month": "All months", "hours": "", "cost": "1,2,3"}, note))
    (found,) = violations(tmp_path, table)
    assert found.startswith(
        f", column 'month': 2 cells are not {MONTH}: row 4: 'All months'; row 5: ' Source: payroll'."
    )
    assert "`leave_out: {month: [All months, 'Source: payroll']}`" in found
    (withheld,) = violations(tmp_path, table, withheld=True)
    assert "payroll" not in withheld


def test_many_cells_are_capped_and_the_last_is_named(tmp_path):
    cells = [{**row, "month": f"{1990 + number}-01"} for number, row in enumerate(rows(*[{"hours": "?1"}] * 25))]
    (found,) = violations(tmp_path, received(cells))
    assert found.startswith(f", column 'hours': 25 cells are not {WHOLE}: row 2: '?1'; row 3: '?1'; ")
    assert found.endswith(f"row 11: '?1'; and 15 more, the last in row 26. {CORRECT}")


def test_periods_that_no_form_reads_are_the_supplier_s_to_write_otherwise(tmp_path):
    cells = [{**row, "month": f"2014M{number:02d}"} for number, row in enumerate(rows(*[{}] * 5), start=1)]
    (found,) = violations(tmp_path, received(cells), has_series=False)
    assert "5 cells are not a month" in found and "No form reads them. Ask the supplier to write them as" in found


def test_a_place_in_words_stands_as_it_is(tmp_path):
    table = received(rows({"hours": "x1"}), index=["2015-04-wards.csv, row 7"])
    assert violations(tmp_path, table) == [
        f", column 'hours', 2015-04-wards.csv, row 7: 'x1' is not {WHOLE}. {CORRECT}"
    ]


def test_a_form_that_the_layout_declares_is_what_is_accepted(tmp_path):
    layout = Layout(forms={"x": "Apr-22"})
    (found,) = one(tmp_path, "x", "month", "2014/11", layout=layout)
    assert "'2014/11' is not a month such as Apr-22." in found


def test_a_column_with_signs_in_its_name_is_quoted_in_the_advice(tmp_path):
    (found,) = one(tmp_path, "month: of", "month", "Nov-14")
    assert "`forms: {'month: of': Apr-22}`" in found


def test_nothing_of_a_withheld_table_is_shown_but_the_place_and_the_remedy(tmp_path):
    cells = rows({"hours": "4,471"}, {"hours": "[x99]"}, {"hours": "~~"}, {"month": "Jan-88"})
    found = violations(tmp_path, received(cells), withheld=True)
    assert len(found) == 4
    assert all("a withheld value" in message for message in found)
    assert not any(text in " ".join(found) for text in ("4,471", "x99", "~~", "Jan-88"))
    assert "1988" not in " ".join(found) and "`forms: {month: Apr-22}`" in " ".join(found)
    assert "under `marks`" in " ".join(found) and '`thousands: ","`' in " ".join(found)


def test_many_cells_of_a_withheld_table_are_places_alone(tmp_path):
    (found,) = violations(tmp_path, received(rows({"hours": "?1"}, {"hours": "?2"})), withheld=True)
    assert found == f", column 'hours': 2 cells are not {WHOLE}: row 2; row 3. {CORRECT}"


def test_each_column_has_its_check_which_says_its_kind(tmp_path):
    checks, _ = check(tmp_path, received(rows({}, {})))
    says = {one.looked_at: one.says for one in checks if one.expectation == CELLS}
    assert len(says) == 10
    assert says["closed: 2 rows"] == "Every cell of column 'closed' is a date such as 2022-04-01 or empty."
    assert says["hours: 2 rows"] == "Every cell of column 'hours' is a whole number such as 1234."
