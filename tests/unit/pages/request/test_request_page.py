"""A supplier's page: what it says of layouts that suppliers have, and of which periods it asks for which rows."""

from datetime import date

import pytest

from page_blocks import words_of
from panelpack.config.layout import Layout
from panelpack.config.parameters import Contact
from panelpack.config.presets import Preset
from panelpack.config.sources import Source
from panelpack.config.supplied_table import SupplierFile
from panelpack.pages.request import page
from panelpack.pages.request.asked import Asked
from panelpack.pages.request.periods import Span, spans
from panelpack.pages.request.words import (
    column_words,
    empty_words,
    later_words,
    names_words,
    numbers_words,
    periods_words,
    picked_words,
    place_words,
    rows_words,
    terms_words,
)
from panelpack.periods import Quarter
from panelpack.rendering.html import html_page
from panelpack.rendering.paper import Paper
from panelpack.rendering.table import Table

COLUMNS = {"month": "month", "area": "category", "incidents": "count", "rate": "decimal"}
Q = Quarter(2015, 2)


def asked(name="asb", *, categories=None, source=None, preset=None, checks=(), **declared) -> Asked:
    layout = {key: declared.pop(key) for key in list(declared) if key in Layout.model_fields}
    table = {"file": "asb.csv", "columns": COLUMNS, "key": ["month", "area"]} | declared
    return Asked(name, SupplierFile(**table, layout=Layout(**layout)), source, preset, categories or {}, checks)


def source(**changes) -> Source:
    known = {"table": "asb", "supplier": "A force", "received": date(2015, 7, 1), "sensitivity": "public"}
    return Source(**known | {"reconstructed": False, "sha256": "0" * 64, "licence": "OGL"} | changes)


def rows(one: Asked, office) -> dict[str, dict[str, str]]:
    return {row["Column"].strip("`"): row for row in page.columns_table(office, one).rows}


# ------------------------------------------------------------------------------------------------ columns
def test_columns_are_headed_as_the_supplier_heads_them(office):
    one = asked(heads={"area": "Local authority", "incidents": "No. of incidents"}, categories={"area": ["A", "B"]})
    table = rows(one, office)
    assert list(table) == ["month", "Local authority", "No. of incidents", "rate"]
    assert table["Local authority"]["What stands in it"] == "one of `A`, `B`"
    assert table["Local authority"]["Example"] == "`A`" and table["rate"]["Example"] == "`12.5`"
    assert page.columns_table(office, one).caption == "Columns of `asb.csv`, these and no others"


def test_a_wide_table_has_a_column_for_each_period(office):
    one = asked(columns={"month": "month", "area": "category", "n": "count"}, forms={"month": "Apr-22"},
                wide={"period": "month", "value": "n"}, thousands=",")  # fmt: skip
    table = rows(one, office)
    assert list(table) == ["area", "Jun-15"]
    assert table["Jun-15"]["What stands in it"] == (
        "a column for each month, headed like this one: a whole number, 0 or more"
    )
    assert table["Jun-15"]["Example"] == "`1,234`"
    assert rows_words(one) == "One row for each `area`, none twice."


def test_a_column_in_two_parts_is_shown_in_its_parts(office):
    one = asked(columns={"quarter": "quarter", "n": "count"}, key=["quarter"], forms={"quarter": "2022/23 Q1"},
                join={"quarter": ["Year", "Qtr"]}, heads={"Qtr": "Quarter no."}, other_columns="unread")  # fmt: skip
    table = rows(one, office)
    assert [row["Example"] for row in table.values()] == ["`2015/16`", "`Q1`", "`1234`"]
    assert list(table) == ["Year", "Quarter no.", "n"]
    assert table["Year"]["What stands in it"].startswith("with `Quarter no.`: the quarter of the financial year")
    assert rows_words(one) == "One row for each `Year` and `Quarter no.`, none twice."
    assert "in any order; others are not read" in page.columns_table(office, one).caption


@pytest.mark.parametrize(
    ("column", "declared", "empty"),
    [
        ("incidents", {}, "no"),
        ("incidents", {"optional": ["incidents"]}, "yes"),
        ("incidents", {"marks": {"": "missing"}}, "yes: not known, or not supplied"),
        ("area", {"marks": {"": "missing"}}, "no"),
        ("note", {"columns": {"month": "month", "note": "text"}, "key": ["month"]}, "yes"),
        ("note", {"columns": {"month": "month", "note": "text"}, "key": ["note"]}, "no"),
    ],
)
def test_what_may_be_empty(column, declared, empty):
    assert empty_words(asked(**declared), column) == empty


@pytest.mark.parametrize(
    ("kind", "form", "words"),
    [
        ("quarter", "calendar 2022 Q2", "the quarter of the calendar year (Q1 is January to March)"),
        ("quarter", "Q1 2022/23", "the quarter of the financial year (Q1 is April to June)"),
        ("quarter", "April 2022", "any month of the quarter"),
        ("month", "01/04/2022", "any day of the month"),
        ("month", "202204", "the month"),
    ],
)
def test_periods_are_described_as_they_are_written(kind, form, words):
    assert column_words(asked(columns={"p": kind, "n": "count"}, key=["p"], forms={"p": form}), "p") == words


# ------------------------------------------------------------------------------------------------ the file
@pytest.mark.parametrize(
    ("declared", "words"),
    [
        ({}, ""),
        ({"separator": "tab", "encoding": "windows-1252"}, "Cells separated by tabs. Saved as windows-1252."),
        ({"file": "a.xlsx"}, "The first sheet. Column heads in row 1."),
        ({"file": "a.ods", "sheet": "Data", "header_row": 4, "header_rows": 2},
         "Sheet `Data`. Column heads in row 4. The heads fill 2 rows."),
        ({"file": "a.xls", "sheets": "20??", "header_row": "find"},
         "Sheets named like `20??`. Lines may stand above the column heads."),
        ({"until": "Source:"}, "From a line that begins `Source:` on nothing is read."),
        ({"until": "blank"}, "From an empty line on nothing is read."),
    ],
)  # fmt: skip
def test_where_the_table_stands(declared, words):
    assert place_words(asked(**declared)) == words


@pytest.mark.parametrize(
    ("name", "form", "expected"),
    [("A.CSV.GZ", None, "csv.gz"), ("a.xlsx", None, "xlsx"), ("a.txt", None, "csv"), ("a.txt", "parquet", "parquet")],
)
def test_the_format_is_the_layout_s_or_that_of_the_name(name, form, expected):
    assert asked(file=name, format=form).format == expected


def test_names_by_pattern_say_what_the_signs_stand_for():
    assert names_words(asked()) == ""
    assert names_words(asked(file="asb_????.csv")) == "In the name ? stands for one letter."
    assert names_words(asked(file=None, files="*-street.csv")).startswith("Several files, named like `*-street.csv`")


def test_rows_that_are_picked_are_named():
    one = asked(only={"area": ["City", "County"]}, leave_out={"kind": "Total"}, heads={"area": "District"})
    assert list(picked_words(one)) == [
        "We read only rows with `City`, `County` in `District`.",
        "Rows are left unread with `Total` in `kind`.",
    ]


@pytest.mark.parametrize(
    ("declared", "expected"),
    [
        ({}, "Digits only, without separators or signs. No mark such as `*` or `-` in the place of a number: if a "
             "figure may not be given, ask us first."),
        ({"thousands": " ", "decimal": ",", "marks": {"*": "suppressed", "": "zero"}},
         "Thousands are parted by blanks. Decimals follow `,`. In the place of a number we understand `*`: too few to "
         "be told; an empty cell: nothing happened (0)."),
        ({"signs": ["£"], "marks": {"n/a": "not_applicable"}},
         "`£` beside a number is not read. In the place of a number we understand `n/a`: there can be no such figure."),
        ({"columns": {"when": "date", "board": "text"}, "key": ["when"]}, ""),
    ],
)  # fmt: skip
def test_how_numbers_are_written_and_what_marks_mean(declared, expected):
    assert numbers_words(asked(**declared)) == expected


# ------------------------------------------------------------------------------------------------ periods
def test_what_is_dated_later_is_refused_or_left_unread():
    assert later_words(asked(), Q) == "Nothing dated after 30 September 2015."
    unread = "What is dated after 30 September 2015 may stand in it and is not read."
    assert later_words(asked(later="unread"), Q) == unread


@pytest.mark.parametrize(
    ("declared", "needed", "words"),
    [
        ({}, [("2014-01", "2015-06")],
         "**Every month from January 2014 to June 2015**. A count that began later starts where it began."),
        ({}, [("2014-01", "2015-06"), ("2015-04", "2015-06")],
         "**Every month from January 2014 to June 2015**, as the table below says. A count that began later starts "
         "where it began."),
        ({"columns": {"quarter": "quarter", "n": "count"}, "key": ["quarter"]}, [("2015Q1", "2015Q1")],
         "**The figures of Quarter 1 2015/16**."),
        ({"columns": {"id": "text", "month": "month"}, "key": ["id"]}, [("2015-04", "2015-06")],
         "**All records of April 2015 to June 2015**."),
        ({"columns": {"line": "category", "as_at": "date"}, "key": ["line"]}, [],
         "The latest position, and the day that it is of."),
    ],
)  # fmt: skip
def test_which_periods_are_asked_for(office, declared, needed, words):
    assert periods_words(office, asked(**declared), [Span({}, *ends) for ends in needed]) == words


def test_rows_of_the_same_periods_stand_together_and_a_later_beginning_apart(office):
    found = {tuple(span.where["victim_group"]): (span.first, span.last) for span in spans(office, "victim_survey")}
    by_group = {group: ends for groups, ends in found.items() for group in groups}
    assert by_group["vehicle_crime"] == ("2013-04", "2015-06"), "began in April 2013"
    assert by_group["theft_of_vehicle"] == ("2012-04", "2013-03"), "only the baseline is compared"
    assert by_group["hate_crime"] == ("2012-04", "2015-06")


def test_without_a_stated_beginning_a_table_is_needed_from_its_earliest_comparison(office):
    assert [(span.first, span.last) for span in spans(office, "recorded_crime")] == [("2012-04", "2015-06")]
    assert [(span.first, span.last) for span in spans(office, "missing_people")] == [("2015-04", "2015-06")]


def test_a_chart_asks_for_its_first_months_unless_the_table_is_about_persons(project_copy, quarter):
    path = project_copy.root / "params/plan.yml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("tables:\n", "limits_from: 2011-10\ntables:\n", 1), encoding="utf-8")
    office = page.Configuration.read(project_copy, quarter)
    assert {span.first for span in spans(office, "recorded_crime")} == {"2011-10"}
    assert {span.first for span in spans(office, "first_time_entrants")} == {"2011Q3"}
    assert [(span.first, span.last) for span in spans(office, "night_time_economy")] == [("2014-01", "2015-06")]
    assert [(span.first, span.last) for span in spans(office, "missing_people")] == [("2015-04", "2015-06")]
    assert spans(office, "savings") == []


# ------------------------------------------------------------------------------------------------ terms and the whole
@pytest.mark.parametrize(
    ("known", "words"),
    [
        (None, ""),
        (source(), "Its figures may be published. Licence: OGL."),
        (source(sensitivity="internal", licence=""), "Only totals that identify nobody leave the office."),
        (source(sensitivity="embargoed", embargoed_until=date(2015, 11, 5), licence=""),
         "Under embargo: nothing is said of its figures before 5 November 2015; tell us the day of the release."),
        # That was the release of the figures before.
        (source(sensitivity="embargoed", embargoed_until=date(2015, 8, 6), licence=""),
         "Under embargo: nothing is said of its figures before their national release; tell us the day of the "
         "release."),
        (source(reconstructed=True, basis="A guess."), "Its figures may be published."),
    ],
)  # fmt: skip
def test_what_may_be_done_with_the_figures(known, words):
    assert terms_words(asked(source=known), Q) == words


def test_the_page_says_to_whom_by_when_and_whom_to_ask_and_is_a_sound_page(office):
    table = office.plan.tables["recorded_crime"]
    one = Asked("recorded_crime", table, None, None, {}, ["Parts add up."], date(2015, 4, 17))
    blocks = list(page.request_blocks(office, "Westmoor Police", [one], date(2015, 10, 16)))
    words = " ".join(map(words_of, blocks))
    for expected in (
        "Westmoor Police",
        "Friday 16 October 2015",
        "Quarter 1 2015/16 (April to June 2015)",
        "Performance and Evaluation Coordinator",
        "received 17 April 2015",
        "Parts add up.",
        "Before you send it",
    ):
        assert expected in words, expected
    html = html_page("\n".join(block.html() for block in blocks), Paper(page.title(office.quarter)))
    tables = sum(isinstance(block, Table) for block in blocks)
    assert html.count("<h1>") == 1 and html.count('scope="col"') == 4 * tables and html.count("<caption>") == tables
    assert "date not set" in words_of(page.facts(office, "A force", [one], None))


def test_contacts_are_roles(office):
    contacts = [Contact(role="Analyst", organisation="Office"), Contact(role="Finance", organisation="Force")]
    changed = office.parameters.model_copy(update={"contacts": contacts})
    facts = page.facts(page.Configuration(office.project, Q, office.plan, changed), "A", [asked()], None)
    assert "Analyst, Office; Finance, Force" in words_of(facts)


def test_of_a_public_file_nothing_is_asked(office):
    preset = Preset(version=1, title="Open data tables", publisher="A department", licence="OGL", acknowledgement="A.",
                    columns=COLUMNS, key=["month"])  # fmt: skip
    table = office.plan.tables["recorded_crime"]
    words = " ".join(map(words_of, page.file_blocks(office, Asked("recorded_crime", table, None, preset, {}))))
    assert "A public file" in words and "Nothing need be sent" in words and "Licence: OGL." in words


def test_records_about_persons_are_sent_by_an_agreed_way(office):
    persons = asked(columns={"id": "text", "month": "month", "person": "pseudonym"}, key=["id"], file="p.csv")
    lines = list(page.before_sending(office, [persons]))
    assert any(line.startswith("Send `p.csv` only by the way that was agreed") for line in lines)
    assert not any("Send all periods" in line for line in lines)
    assert not any("only by the way" in line for line in page.before_sending(office, [asked()]))
