"""What suppliers send by mistake, through the commands: what is fed in, the exit code, the sentence.

Each case changes one file of a copy of the made-up office, has it received and validated, and puts it back. Slips of
form are refused with what would have the file read, or are read right; figures that are right in form and hard to
believe are queries. Whatever is said, the last good outputs stay as they are.
"""

import calendar
import csv
import io
import json
import os
import re
import subprocess
import zipfile
from collections.abc import Callable
from pathlib import Path
from xml.sax.saxutils import escape

import openpyxl
import pytest
from openpyxl.styles import Font

from panelpack.__main__ import main
from running import QUARTER, by_turns, copy_office, copy_project, digests, run

RAW = Path("data") / "raw" / QUARTER
LAYOUT = "in the table's layout in params/plan.yml"
PASSED = "The raw data of 2015Q1 passed 115 checks of 10 tables.\n"
EMBARGO = (
    "Under embargo until 5 November 2015: drug_treatment. After that: "
    'make reissue Q=2015Q1 DAY=2015-11-05 REASON="..."\n'
)
LONG = pytest.mark.skipif(not os.environ.get("PANELPACK_LONG"), reason="takes a minute; set PANELPACK_LONG=1 to run it")


class Copy:
    """A copy of the office in which a test changes files; what was changed is put back."""

    def __init__(self, root: Path):
        self.root = root
        self.before: dict[Path, bytes | None] = {}

    def keep(self, path: Path) -> None:
        self.before.setdefault(path, path.read_bytes() if path.exists() else None)

    def write(self, name: str | Path, content: str | bytes) -> None:
        path = self.root / name
        self.keep(path)
        path.write_bytes(content.encode() if isinstance(content, str) else content)

    def read(self, name: str | Path) -> bytes:
        return (self.root / name).read_bytes()

    def edit(self, name: str, old: str, new: str) -> None:
        text = self.read(name).decode()
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times"
        self.write(name, text.replace(old, new))

    def put_back(self) -> None:
        for path, content in self.before.items():
            if content is None:
                path.unlink(missing_ok=True)
            else:
                path.write_bytes(content)
        self.before = {}


@pytest.fixture(scope="module")
def copied(tmp_path_factory):
    """One copy for all tests of a worker, with outputs that must stay (small stand-ins: a run takes half a minute)."""
    root = copy_office(tmp_path_factory.mktemp("slips") / "office")
    pack = root / "outputs" / QUARTER / "pack"
    pack.mkdir(parents=True)
    (pack / "panel-pack.pdf").write_bytes(b"the last good pack")
    return Copy(root)


@pytest.fixture
def office(copied, monkeypatch):
    """The copy, as the folder in which commands are typed."""
    monkeypatch.chdir(copied.root)
    copied.keep(copied.root / RAW / "sources.yml")
    outputs = digests(copied.root / "outputs")
    yield copied
    copied.put_back()
    assert digests(copied.root / "outputs") == outputs


@pytest.fixture
def typed(office, capsys):
    """Return a function that types a command, and returns its exit code and what it says."""

    def type_command(*words):
        capsys.readouterr()
        code = main(list(words))
        said = capsys.readouterr()
        assert "Traceback" not in said.out + said.err
        return code, said.out, said.err

    return type_command


@pytest.fixture
def validated(typed):
    """Return a function that receives the files as they now are and validates them."""

    def validate():
        assert typed("receive", QUARTER)[0] == 0
        return typed("validate", QUARTER)

    return validate


def cells(change: Callable[[list[list[str]]], list[list[str]] | None]) -> Callable[[bytes], bytes]:
    """Return a change of a csv by its rows; the first has the heads."""

    def changed(content: bytes) -> bytes:
        rows = list(csv.reader(io.StringIO(content.decode())))
        rows = change(rows) or rows
        text = io.StringIO()
        csv.writer(text, lineterminator="\n").writerows(rows)
        return text.getvalue().encode()

    return changed


def setting(column: int, value: Callable[[list[str]], str], where: Callable[[list[str]], bool] = lambda row: True):
    """Return a change that writes a value into a column of the rows that fit."""

    def change(rows):
        chosen = [row for row in rows[1:] if where(row)]
        assert chosen
        for row in chosen:
            row[column] = value(row)

    return cells(change)


def replacing(old: bytes, new: bytes, count: int = -1) -> Callable[[bytes], bytes]:
    """Return a change of bytes that must be there."""

    def change(content):
        assert old in content
        return content.replace(old, new, count)

    return change


def copied_month(old: str, new: str) -> Callable[[bytes], bytes]:
    """Return a change that gives a month the numbers of another."""

    def change(rows):
        numbers = {tuple(row[1:-1]): row[-1] for row in rows if row[0] == old}
        for row in rows:
            if row[0] == new:
                row[-1] = numbers[tuple(row[1:-1])]

    return cells(change)


def sorted_apart(rows):
    for row, number in zip(rows[1:], sorted((row[-1] for row in rows[1:]), key=int), strict=True):
        row[-1] = number


def many_rows(rows):
    return [*rows, *([f"R{n:05d}", "2015-06", f"P{n % 900}"] for n in range(1000, 1000 + 65_536 - len(rows)))]


def excel_month(row):
    return f"{calendar.month_abbr[int(row[0][5:])]}-{row[0][2:4]}"


# ------------------------------------------------------------------------------------ right in form, hard to believe
QUERIES = {
    "a number with its digits twice": (
        "night_time_economy.csv",
        setting(1, lambda row: row[1] * 2, lambda row: row[0] == "2015-05"),
        "night_time_economy, incidents: 16,121,612 in 2015-05 is one number written twice; without that it is what its "
        "history makes credible.",
    ),
    "no incident for two months": (
        "night_time_economy.csv",
        setting(1, lambda row: "0", lambda row: row[0] in ("2015-05", "2015-06")),
        "night_time_economy, incidents: 0 in 2015-05 and 2015-06, where every other period has 910 or more.",
    ),
    "no offence of a kind for two months": (
        "recorded_crime.csv",
        setting(2, lambda row: "0", lambda row: row[:2] in (["2015-04", "shoplifting"], ["2015-05", "shoplifting"])),
        "recorded_crime, offences of shoplifting: 0 in 2015-04 and 2015-05, where every other period has 383 or more.",
    ),
    "a month copied from the one before": (
        "recorded_crime.csv",
        copied_month("2015-04", "2015-05"),
        "recorded_crime, 12 of 12 numbers of 2015-05 (offences) are equal to those of 2015-04; by chance hardly any "
        "would be.",
    ),
    "a month copied in a table whose figures may not be shown": (
        "missing_reports.csv",
        copied_month("2015-04", "2015-05"),
        "missing_reports: Most numbers of 2015-05 (reports) are equal to those of 2015-04; by chance hardly any would "
        "be.",
    ),
    "counts sorted apart from their months": (
        "night_time_economy.csv",
        cells(sorted_apart),
        "night_time_economy, incidents: the numbers are those of the file of the quarter before in order of size, as "
        "if they had been sorted apart from their rows.",
    ),
    "amounts times a thousand": (
        "savings.csv",
        setting(1, lambda row: f"{float(row[1]) * 1000:.0f}"),
        "savings, gbp_million of required, realised, identified and to_find: 27,800 in 2014-12-31 is 1,000 times what "
        "the file of the quarter before had (so too three more).",
    ),
    "nobody satisfied": (
        "victim_survey.csv",
        setting(3, lambda row: "0", lambda row: row[:2] == ["2015-06", "burglary"]),
        "victim_survey, satisfied of burglary: nothing in 2015-06, where every other period has a number above 0.",
    ),
    "rows of a group that no series needs in those months": (
        "victim_survey.csv",
        cells(lambda rows: [row for row in rows if row[0] not in ("2013-09", "2013-10") or row[1] != "violent_crime"]),
        "victim_survey: Rows of violent_crime of 2013-09 to 2013-10, which the file of the quarter before had, are "
        "gone; sources.yml gives no reason.",
    ),
    "a table that ends where an old workbook does": (
        "missing_people.csv",
        cells(many_rows),
        "missing_people cut_at_row_limit: its figures may not be shown.",
    ),
    "a file cut inside its last figure": (
        "night_time_economy.csv",
        lambda content: content[:-2],
        "night_time_economy, data/raw/2015Q1/night_time_economy.csv, row 19: the last line has no line end, as if the "
        "file were cut inside its last cell.",
    ),
}


@pytest.mark.parametrize("name", by_turns(QUERIES))
def test_figures_that_are_hard_to_believe_are_a_query(name, office, validated):
    file, change, sentence = QUERIES[name]
    office.write(RAW / file, change(office.read(RAW / file)))
    code, said, failure = validated()
    assert (code, failure) == (0, "")
    heads, *lines = said.removeprefix(PASSED).splitlines()
    assert said.startswith(PASSED)
    assert re.fullmatch(r"Queries of the data: \d+ open, \d+ answered\.", heads)
    assert f"  {sentence}" in lines
    assert sum(line.startswith(f"  {Path(file).stem}") for line in lines) == int(re.search(r"\d+", heads)[0])


def test_a_query_that_is_answered_is_not_open(office, validated):
    file, change, _ = QUERIES["no incident for two months"]
    office.write(RAW / file, change(office.read(RAW / file)))
    _, said, _ = validated()
    (named,) = re.findall(r"  - what: (night_time_economy .*)", said)
    office.edit(
        f"params/{QUARTER}.yml",
        "answers:\n",
        f"answers:\n  - what: {named}\n    reason: The log was closed; the supplier confirms.\n"
        "    role: Performance analyst\n    date: 2015-08-20\n",
    )
    code, said, _ = validated()
    assert (code, said) == (0, f"{PASSED}Queries of the data: none open, 2 answered.\n{EMBARGO}")


# -------------------------------------------------------------------------------------------------- read all the same
def quoted_as_excel_does(content):
    rows = csv.reader(io.StringIO(content.decode()))
    return b"\xef\xbb\xbf" + "".join(",".join(f'"{cell}"' for cell in row) + "\r\n" for row in rows).encode()


def with_book(change):
    def changed(content):
        book = openpyxl.load_workbook(io.BytesIO(content))
        change(book.active)
        out = io.BytesIO()
        book.save(out)
        return out.getvalue()

    return changed


def with_sheet_xml(change):
    def changed(content):
        with zipfile.ZipFile(io.BytesIO(content)) as old:
            parts = {info.filename: old.read(info.filename) for info in old.infolist()}
        sheet = next(name for name in parts if name.startswith("xl/worksheets/sheet"))
        before = parts[sheet].decode()
        parts[sheet] = change(before).encode()
        assert parts[sheet] != before.encode()
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
            for name, part in parts.items():
                new.writestr(name, part)
        return out.getvalue()

    return changed


def formatted_nothing(sheet):
    sheet.cell(9, 6).font = Font(bold=True, italic=True)
    sheet.cell(40, 2).font = Font(bold=True)


READ = {
    "Excel's CSV UTF-8": ("victim_survey.csv", quoted_as_excel_does),
    "lines that end with CR alone": ("drug_treatment.csv", replacing(b"\n", b"\r")),
    "a line sep=;": ("savings.csv", lambda content: b"sep=;\n" + content.replace(b",", b";")),
    "Ctrl-Z at the end": ("drug_treatment.csv", lambda content: content + b"\x1a"),
    "a blank beside each number that breaks no line": ("savings.csv", replacing(b"27.8", "\u00a027.8\u00a0".encode())),
    "blanks around heads and cells": ("savings.csv", replacing(b",", b" , ")),
    "empty cells at the ends of rows": ("savings.csv", replacing(b"\n", b",,\n")),
    "blank lines at the end": ("drug_treatment.csv", lambda content: content + b"\n,,\n\n"),
    "a used range that is too small": (
        "first_time_entrants.xlsx",
        with_sheet_xml(lambda xml: re.sub(r'<dimension ref="[^"]*" ?/>', '<dimension ref="A1:B9"/>', xml)),
    ),
    "a used range of one cell": (
        "first_time_entrants.xlsx",
        with_sheet_xml(lambda xml: re.sub(r'<dimension ref="[^"]*" ?/>', '<dimension ref="A1"/>', xml)),
    ),
    "a formatted column and row with nothing in them": ("first_time_entrants.xlsx", with_book(formatted_nothing)),
}


@pytest.mark.parametrize("name", by_turns(READ))
def test_what_a_person_reads_without_trouble_is_read(name, office, validated):
    file, change = READ[name]
    office.write(RAW / file, change(office.read(RAW / file)))
    assert validated() == (0, f"{PASSED}Queries of the data: none open, 1 answered.\n{EMBARGO}", "")


def test_an_ods_that_the_plan_names_is_read(office, validated):
    book = openpyxl.load_workbook(office.root / RAW / "first_time_entrants.xlsx", data_only=True)
    rows = [row for row in book.active.iter_rows(min_row=8, values_only=True) if any(row)]

    def cell(value):
        if isinstance(value, int | float):
            kind = f'office:value-type="float" office:value="{value}"'
        else:
            kind = 'office:value-type="string"'
        return f"<table:table-cell {kind}><text:p>{escape(str(value))}</text:p></table:table-cell>"

    table = "".join(f"<table:table-row>{''.join(map(cell, row))}</table:table-row>" for row in rows)
    names = "urn:oasis:names:tc:opendocument:xmlns:"
    content = (
        f'<office:document-content xmlns:office="{names}office:1.0" xmlns:table="{names}table:1.0" '
        f'xmlns:text="{names}text:1.0"><office:body><office:spreadsheet><table:table table:name="Entrants">{table}'
        "</table:table></office:spreadsheet></office:body></office:document-content>"
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as new:
        new.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        new.writestr("content.xml", content)
    office.edit("params/plan.yml", "file: first_time_entrants.xlsx", "file: entrants.ods")
    office.edit("params/plan.yml", "{sheet: First time entrants, header_row: 8}", "{sheet: Entrants}")
    office.edit(str(RAW / "sources.yml"), "  first_time_entrants.xlsx:\n", "  entrants.ods:\n")
    office.keep(office.root / RAW / "first_time_entrants.xlsx")
    (office.root / RAW / "first_time_entrants.xlsx").unlink()
    office.write(RAW / "entrants.ods", out.getvalue())
    code, said, failure = validated()
    assert (code, failure) == (0, "")
    assert said.startswith(PASSED)


# --------------------------------------------------------------------------------------------------------- refused
REFUSED = {
    "a null byte": (
        "missing_reports.csv", replacing(b"missing,KL2,18", b"missing,KL2,1\x008"),
        "data/raw/2015Q1/missing_reports.csv, row 4: a null byte stands inside the text, so the file is damaged there. "
        "Ask the supplier for the file again.",
    ),
    "UTF-16": (
        "savings.csv", lambda content: content.decode().encode("utf-16"),
        f"data/raw/2015Q1/savings.csv: the file is utf-16 text, expected utf-8. Say encoding: utf-16 {LAYOUT}.",
    ),
    "Windows' signs": (
        "assessments.csv", replacing(b"policy", "policy – £".encode("windows-1252")),
        "data/raw/2015Q1/assessments.csv, line 4: found bytes that are no utf-8 text, expected what the layout says; "
        f"it looks like windows-1252. Say encoding: windows-1252 {LAYOUT}.",
    ),
    "a quotation mark that is not closed": (
        "savings.csv", replacing(b"identified", b'"identified'),
        "data/raw/2015Q1/savings.csv, row 4: a quotation mark opens here that nothing closes. Ask the supplier for the "
        "file again.",
    ),
    "a row with a cell too many": (
        "savings.csv", replacing(b"2.1,2014-12-31", b"2.1,2014-12-31,est."),
        "data/raw/2015Q1/savings.csv: column D (number 4) has no head, but row 4 has a cell there. If it is not "
        "needed, say `other_columns: unread` in the layout of table 'savings' in params/plan.yml; if a sign inside a "
        "cell was taken for its end, ask the supplier for quotation marks around the cell.",
    ),
    "a thousands separator that is a blank": (
        "night_time_economy.csv", replacing(b"1009", "1\u00a0009".encode()),
        "data/raw/2015Q1/night_time_economy.csv, column 'incidents', row 3: '1 009' is not a whole number such as "
        f'1234. If the supplier writes numbers so, say `thousands: " "` {LAYOUT}.',
    ),
    "digits of another script": (
        "night_time_economy.csv", replacing(b"1009", "١٠٠٩".encode()),
        "data/raw/2015Q1/night_time_economy.csv, column 'incidents', row 3: '١٠٠٩' is not a whole number such as 1234. "
        "Correct what is wrong in params/corrections.yml.",
    ),
    "a column that was too narrow": (
        "night_time_economy.csv", replacing(b"1009", b"####"),
        "data/raw/2015Q1/night_time_economy.csv, column 'incidents', row 3: '####' is not a whole number such as 1234. "
        "So a workbook shows what a column is too narrow for: ask the supplier for the number.",
    ),
    "semicolons": (
        "missing_reports.csv", replacing(b",", b";"),
        'data/raw/2015Q1/missing_reports.csv: the cells are separated by ";", expected ",". Say separator: ";" '
        f"{LAYOUT}.",
    ),
    "a head in capitals": (
        "night_time_economy.csv", replacing(b"incidents", b"INCIDENTS"),
        "data/raw/2015Q1/night_time_economy.csv: column 'incidents' is missing, and 'INCIDENTS' is there. If it is the "
        f"same, say `heads: {{incidents: INCIDENTS}}` {LAYOUT}.",
    ),
    "months as Excel saves them": (
        "night_time_economy.csv", setting(0, excel_month),
        "data/raw/2015Q1/night_time_economy.csv, column 'month': 18 cells are not a month such as 2022-04: row 2: "
        "'Jan-14'; row 3: 'Feb-14'; row 4: 'Mar-14'; row 5: 'Apr-14'; row 6: 'May-14'; row 7: 'Jun-14'; row 8: "
        "'Jul-14'; row 9: 'Aug-14'; row 10: 'Sep-14'; row 11: 'Oct-14'; and 8 more, the last in row 19. If the "
        "supplier writes months so, say `forms: {month: Apr-22}` (which makes it January 2014) in the table's layout.",
    ),
    "a total below the table": (
        "recorded_crime.csv", lambda content: content + b"Total,,230123\n\n",
        "data/raw/2015Q1/recorded_crime.csv, column 'month', row 470: 'Total' is not a month such as 2022-04. If this "
        f"is a row of totals or a note, say `leave_out: {{month: Total}}` {LAYOUT}, or `until: Total` if the table "
        "ends there; else correct it in params/corrections.yml.",
    ),
    "a note below a blank line": (
        "night_time_economy.csv", lambda content: content + b"\nSource: the control room\n",
        "data/raw/2015Q1/night_time_economy.csv: row 20 is empty, but rows follow. If the table ends there, say "
        "`until: blank` in the layout of table 'night_time_economy' in params/plan.yml; if it goes on, say "
        "`leave_out: {month: ''}`.",
    ),
    "a workbook that is called a csv": (
        "night_time_economy.csv", lambda content: b"<html><table><tr><td>month</td></tr></table></html>",
        "data/raw/2015Q1/night_time_economy.csv: the name ends in '.csv', but the file is a web page (html), as some "
        "systems call a workbook, expected text. Ask the supplier for an xlsx or a csv.",
    ),
    "rows of a group that a sum needs": (
        "victim_survey.csv",
        cells(lambda rows: [row for row in rows if row[:2] not in (["2012-09", "theft_of_vehicle"],
                                                                   ["2012-10", "theft_of_vehicle"])]),
        "data/raw/2015Q1/victim_survey.csv: month '2012-09' is missing for victim_group 'theft_of_vehicle' (series "
        "'satisfaction_theft_of_vehicle'); 2 months are missing in all. Ask the supplier for a complete file.",
    ),
    "the last month of one offence": (
        "recorded_crime.csv", cells(lambda rows: [r for r in rows if r[:2] != ["2015-06", "robbery"]]),
        "data/raw/2015Q1/recorded_crime.csv: month '2015-06' is missing for offence 'robbery' (series 'robbery'); 1 "
        "month is missing in all. Ask the supplier for a complete file.",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", by_turns(REFUSED))
def test_a_slip_of_form_is_refused_with_what_to_do(name, office, validated):
    file, change, sentence = REFUSED[name]
    office.write(RAW / file, change(office.read(RAW / file)))
    code, said, failure = validated()
    assert (code, said) == (1, "")
    assert failure == f"panelpack: The raw data of 2015Q1 did not pass: 1 violation.\n{sentence}\n"


def test_what_the_sentence_advises_has_the_file_read(office, validated):
    office.write(RAW / "recorded_crime.csv", office.read(RAW / "recorded_crime.csv") + b"Total,,230123\n\n")
    assert validated()[0] == 1
    key = "    file: recorded_crime.csv\n"
    office.edit("params/plan.yml", key, f"{key}    layout: {{leave_out: {{month: Total}}}}\n")
    assert validated()[:2] == (0, f"{PASSED}Queries of the data: none open, 1 answered.\n{EMBARGO}")


# ------------------------------------------------------------------------------------------- what is expected of them
def add_expectation(office, table, **entry):
    path = f"expectations/{table}.json"
    suite = json.loads(office.read(path))
    suite["expectations"].append({"meta": {"notes": "A check of this test."}, **entry})
    office.write(path, json.dumps(suite, indent=2))


def test_a_range_of_the_library_runs_on_numbers(office, validated):
    limits = {"column": "gbp_million", "min_value": 0, "max_value": 27.8}
    add_expectation(office, "savings", type="expect_column_values_to_be_between", kwargs=limits)
    assert validated()[0] == 0
    add_expectation(office, "savings", type="expect_column_values_to_be_between", kwargs={**limits, "max_value": 20})
    code, _, failure = validated()
    assert code == 1
    assert "column 'gbp_million': 2 cells are not 0 to 20: row 2: '27.8'; row 3: '21.7'. " in failure


def test_an_empty_cell_is_null_for_the_library(office, validated):
    office.write(RAW / "assessments.csv", setting(1, lambda row: "")(office.read(RAW / "assessments.csv")))
    code, _, failure = validated()
    assert code == 1
    assert "column 'board': 3 cells are empty, expected a cell that is filled in: row 2; row 3; row 4. " in failure


def test_mostly_lets_no_text_through_where_a_number_is_needed(office, validated):
    limits = {"column": "incidents", "min_value": 1, "mostly": 0.9}
    add_expectation(office, "night_time_economy", type="expect_column_values_to_be_between", kwargs=limits)
    path = RAW / "night_time_economy.csv"
    office.write(path, replacing(b"1009", b"n/k")(office.read(path)))
    code, _, failure = validated()
    assert code == 1
    assert failure.splitlines()[1:] == [
        "data/raw/2015Q1/night_time_economy.csv, column 'incidents', row 3: 'n/k' is not a whole number such as 1234. "
        f'If it stands for something, say so {LAYOUT}: `marks: {{"n/k": suppressed}}` (zero, suppressed, missing or '
        "not_applicable); else correct it."
    ]


# ---------------------------------------------------------------------------------------- what a person types or leaves
@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("2015-02-29", "2015-02-29 is no day of the calendar: February 2015 has 28 days. Write 2015-02-28 or "
         "another day."),
        ("'07/10/2015'", "'07/10/2015' is not written as a day: expected the year first, as in 2022-12-16. Write "
         "2015-10-07 for 7 October 2015 or 2015-07-10 for 10 July 2015."),
    ],
)  # fmt: skip
def test_a_day_is_told_with_the_day_to_write(written, told, office, typed):
    office.edit(f"params/{QUARTER}.yml", "meeting_date: 2015-09-16", f"meeting_date: {written}")
    code, _, failure = typed("validate", QUARTER)
    told = re.sub("as in [0-9-]*", lambda _: "as in [0-9-]*", re.escape(told).replace(r"\-", "-"))
    assert code == 1
    assert re.fullmatch(rf"panelpack: params/2015Q1\.yml, line 7: meeting_date: {told}\n", failure)


def test_a_quarter_that_was_not_started_says_what_to_type(typed):
    code, _, failure = typed("quarter", "2015Q4")
    assert code == 2
    assert failure.startswith(
        "panelpack: Q='2015Q4': there is no folder data/raw/2015Q4. Type make new-quarter Q=2015Q4 to start it."
    )


@pytest.mark.parametrize("setting", [("ENGINE", "fsat"), ("JOBS", "all")])
def test_a_setting_that_is_none_is_all_that_is_said(setting, monkeypatch, typed):
    monkeypatch.setenv(*setting)
    code, said, failure = typed("quarter", QUARTER)
    assert (code, said) == (2, "")
    assert failure.startswith(f"panelpack: {setting[0]}={setting[1]!r}: expected ")


def test_a_plan_that_is_gone_is_restored_from_git(office, typed):
    office.keep(office.root / "params" / "plan.yml")
    (office.root / "params" / "plan.yml").unlink()
    told = (
        "panelpack: params/plan.yml: there is no such file. Restore it (git checkout params/plan.yml) or create it.\n"
    )
    assert typed("validate", QUARTER) == (1, "", told)


def test_a_file_that_nobody_named_is_told_by_receive_and_by_validate(office, typed):
    office.write(RAW / "savings (1).csv", office.read(RAW / "savings.csv"))
    told = (
        "data/raw/2015Q1/savings (1).csv: sources.yml has no entry for this file. It has the columns of savings.csv: "
        "if it replaces that file, put it in its place under the name savings.csv and type make receive Q=2015Q1; else "
        "remove it, or add an entry for it."
    )
    assert typed("receive", QUARTER)[1].splitlines()[-1] == told
    assert typed("validate", QUARTER)[2].splitlines()[1:] == [told]


def test_what_a_program_left_in_the_folder_is_not_spoken_of(office, validated):
    for name in ("~$first_time_entrants.xlsx", "Thumbs.db", ".~lock.savings.csv#"):
        office.write(RAW / name, b"locked")
    assert validated()[:2] == (0, f"{PASSED}Queries of the data: none open, 1 answered.\n{EMBARGO}")


def test_a_file_that_never_came_and_one_that_was_replaced(office, typed):
    office.write(RAW / "savings.csv", replacing(b"27.8", b"27.80")(office.read(RAW / "savings.csv")))
    (old,) = re.findall(rb"savings\.csv:(?:\n    .*)*?\n    sha256: (\w{12})", office.read(RAW / "sources.yml"))
    code, said, _ = typed("receive", QUARTER)
    assert code == 0
    assert re.match(rf"savings\.csv: replaced, sha256 {old.decode()} before, now \w{{12}}, rows: 4 before, now 4", said)
    office.keep(office.root / RAW / "savings.csv")
    (office.root / RAW / "savings.csv").unlink()
    assert "data/raw/2015Q1/savings.csv: the file is missing. It was received (sha256 " in typed("validate", QUARTER)[2]
    text = re.sub(
        r"(savings\.csv:(?:\n    .*)*?\n    sha256: )\w+",
        rf"\g<1>{'f' * 64}",
        office.read(RAW / "sources.yml").decode(),
    )
    office.write(RAW / "sources.yml", text)
    assert typed("validate", QUARTER)[2].splitlines()[1:] == [
        "data/raw/2015Q1/savings.csv: not received yet. Put the file of Office of the Police and Crime Commissioner, "
        "finance there under this name, and type make receive Q=2015Q1"
    ]


def test_welsh_and_polish_can_be_printed(office, typed):
    office.edit(
        f"params/{QUARTER}.md",
        "# Recommendation\n",
        "# Recommendation\n\nYr heddlu: tŷ, ŵyl; Łódź, Świdnica; ≥ ½, €.\n",
    )
    assert typed("check", QUARTER)[::2] == (0, "")


# ------------------------------------------------------------------------------------------------------ whole runs
@LONG
@pytest.mark.slow
def test_welsh_and_polish_stand_in_the_pdf(tmp_path):
    root = copy_project(tmp_path / "project")
    path, words = root / "params" / f"{QUARTER}.md", "Yr heddlu: tŷ, ŵyl; Łódź, Świdnica; ≥ ½, €"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("# Recommendation\n", f"# Recommendation\n\n{words}\n", 1), encoding="utf-8")
    done = run(root, "quarter", QUARTER)
    assert done.returncode == 0, done.stderr
    pdf = root / "outputs" / QUARTER / "pack" / "panel-pack.pdf"
    printed = subprocess.run(["pdftotext", pdf, "-"], capture_output=True, text=True, check=True).stdout
    assert words in " ".join(printed.split())


@LONG
@pytest.mark.slow
@pytest.mark.parametrize("name", ["no incident for two months", "amounts times a thousand"])
def test_a_pack_with_an_open_query_is_a_draft_that_lists_it(name, tmp_path):
    file, change, sentence = QUERIES[name]
    root = copy_project(tmp_path / "project")
    (root / RAW / file).write_bytes(change((root / RAW / file).read_bytes()))
    assert run(root, "receive", QUARTER).returncode == 0
    done = run(root, "quarter", QUARTER)
    assert done.returncode == 0, done.stderr
    assert "DRAFT: This pack has not been approved." in done.stdout
    approved = run(root, "approve", QUARTER, "--role", "Chief Executive")
    assert approved.returncode != 0
    assert sentence.partition(": ")[2] in approved.stderr + done.stdout
