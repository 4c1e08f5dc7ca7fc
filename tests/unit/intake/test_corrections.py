"""Corrections to raw figures: applied before anything reads a file, refused in words, listed in the pack."""

import pytest

from panelpack.errors import ConfigurationError
from panelpack.intake.files import check_sources
from panelpack.intake.receiving import receive
from panelpack.intake.tables import corrected
from panelpack.pages.data_quality import NONE_BUT_MADE, corrections_table
from panelpack.publishing.inputs import describe_inputs
from panelpack.rendering.table import Table
from panelpack.validation.raw_data import check_raw_data

ROBBERY = ("recorded_crime.csv", "{month: 2015-06, offence: robbery}", "offences")
GUARDED = ("drug_treatment.csv", "missing_people.csv")
INCIDENTS = ("night_time_economy.csv", "{month: 2014-07}", "incidents")


@pytest.fixture
def write(project_copy, quarter):
    """Return a function that writes entries into corrections.yml, each field just as it is given.

    Those of guarded files go into the file beside them.
    """

    def write(*entries, guarded=GUARDED):
        for path in (project_copy.corrections, project_copy.guarded_corrections(quarter)):
            is_public = path == project_copy.corrections
            write_to(path, [entry for entry in entries if (entry[0] in guarded) != is_public])

    def write_to(path, entries):
        text = "corrections:\n"
        for file, key, column, old, new in entries:
            file = file if "/" in file else f"2015Q1/{file}"
            text += f"  - file: {file}\n    key: {key}\n    column: {column}\n    old: {old}\n    new: {new}\n"
            text += "    reason: The supplier said so.\n    decided_by: Performance and Evaluation Coordinator\n"
            text += "    decided_on: 2015-09-10\n"
        path.unlink(missing_ok=True)
        if entries:
            path.write_text(text, encoding="utf-8")

    return write


@pytest.fixture
def read(read_office):
    """Return a function that reads a table as everything else does: corrected."""

    def read(table="recorded_crime"):
        office = read_office()
        return corrected(office, table).text

    return read


@pytest.fixture
def put(project_copy, quarter):
    """Have the supplier send a file in which a text is another."""

    def put(file, before, after):
        path = project_copy.raw(quarter) / file
        text = path.read_text(encoding="utf-8")
        assert text.count(before) == 1
        path.write_text(text.replace(before, after), encoding="utf-8")

    return put


@pytest.fixture
def listed(read_office):
    """Return a function that gives the rows of the pack's table of corrections."""
    return lambda: corrections_table(read_office()).rows


def refused(read, table="recorded_crime"):
    with pytest.raises(ConfigurationError) as caught:
        read(table)
    return str(caught.value)


def robberies(read):
    frame = read()
    return frame.loc[(frame["month"] == "2015-06") & (frame["offence"] == "robbery"), "offences"].item()


def test_an_office_without_corrections_says_so(office):
    assert office.corrections == []
    assert corrections_table(office).markdown == NONE_BUT_MADE  # its data are reconstructed


def test_a_correction_changes_its_cell_and_no_other(write, read):
    before, old = read(), robberies(read)
    write((*ROBBERY, old, int(old) + 5))
    after = read()
    changed = before["offences"] != after["offences"]
    assert changed.sum() == 1
    assert robberies(read) == str(int(old) + 5)
    assert after.drop(columns="offences").equals(before.drop(columns="offences"))


def test_a_figure_follows_and_the_suppliers_file_stays(write, read, project_copy, quarter, results, results_of):
    raw, old = (project_copy.raw(quarter) / "recorded_crime.csv").read_bytes(), robberies(read)
    write((*ROBBERY, old, int(old) + 5))
    after = results_of(project_copy)
    assert {name for name in after if after[name] != results[name]} == {"SP11.robbery"}
    assert after["SP11.robbery"].latest == results["SP11.robbery"].latest + 5
    assert (project_copy.raw(quarter) / "recorded_crime.csv").read_bytes() == raw


def test_a_bad_cell_that_is_corrected_passes_the_checks(write, put, project_copy, quarter, read_office):
    put("night_time_economy.csv", "2014-07,", "2014-07,-")
    receive(project_copy.raw(quarter))
    (failure,) = check_raw_data(read_office()).failures
    old = failure.partition("'-")[2].partition("'")[0]
    write((*INCIDENTS, f"-{old}", old))
    assert check_raw_data(read_office()).failures == []


def test_a_correction_of_another_quarter_is_left_alone(write, read):
    before = read()
    write(("2014Q4/recorded_crime.csv", *ROBBERY[1:], "1", "2"))
    assert read().equals(before)


# ------------------------------------------------------------------------------------ what cannot be applied
@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"old": "1"}, "in recorded_crime.csv, expected the old value '1': the supplier may have corrected it. Remove"),
        ({"key": "{month: 2015-06, offence: piracy}"}, "0 rows of recorded_crime.csv have this key, expected one."),
        ({"key": "{month: 2015-06}"}, "found the key month and the column 'offences', expected the key month, offence"),
        ({"column": "month_of"}, "and the column 'month_of', expected the key month, offence and one of month, "),
    ],
)
def test_what_cannot_be_applied_is_refused_with_file_and_line(change, words, write, read):
    entry = dict(zip(("file", "key", "column"), ROBBERY, strict=True)) | {"old": robberies(read), "new": "9"}
    write(tuple((entry | change).values()))
    message = refused(read)
    assert message.startswith("params/corrections.yml, line 2: ") and words in message


def test_a_column_that_the_suppliers_file_lacks_is_named(write, read, put):
    put("recorded_crime.csv", "month,offence,offences", "month,offence,number")
    write((*ROBBERY, "1", "2"))
    assert refused(read) == (
        "params/corrections.yml, line 2: recorded_crime.csv has no column 'offences'. Check the file."
    )


@pytest.mark.parametrize(
    ("sent", "old"),
    [
        ("010", "010"),
        ("8", "8"),
        ("0.00001", "0.00001"),
        ("1_000", "1_000"),
        ("12:30", "12:30"),
        ("no", "no"),
        ("null", "null"),
        ("~", "~"),
        ("2014-12-31", "2014-12-31"),
        ("", '""'),
    ],
)
def test_a_cell_is_the_text_that_stands_in_the_table(sent, old, put, write, read):
    as_received = read("night_time_economy").set_index("month")["incidents"]["2014-07"]
    put("night_time_economy.csv", f"2014-07,{as_received}", f"2014-07,{sent}")
    write((*INCIDENTS, old, "0090"))
    assert read("night_time_economy").set_index("month")["incidents"]["2014-07"] == "0090"
    write((*INCIDENTS, "0090", old))
    assert "expected the old value '0090'" in refused(read, "night_time_economy")


@pytest.mark.parametrize(
    ("sent", "old"),
    [("8", "010"), ("1e-05", "0.00001"), ("False", "no"), ("28", "28.5"), ("54", "5 4")],
)
def test_a_text_that_only_means_the_same_is_another(sent, old, put, write, read):
    as_received = read("night_time_economy").set_index("month")["incidents"]["2014-07"]
    put("night_time_economy.csv", f"2014-07,{as_received}", f"2014-07,{sent}")
    write((*INCIDENTS, old, "90"))
    assert "expected the old value" in refused(read, "night_time_economy")


@pytest.mark.parametrize(
    ("sent", "old"),
    [("28.00", "28"), ("28", "28.0"), (" 54", "54"), ("54", '" 54 "'), ("  ", '""'), ("", '" "')],
)
def test_a_correction_may_write_a_number_as_the_supplier_does_or_as_the_table_has_it(sent, old, put, write, read):
    as_received = read("night_time_economy").set_index("month")["incidents"]["2014-07"]
    put("night_time_economy.csv", f"2014-07,{as_received}", f"2014-07,{sent}")
    write((*INCIDENTS, old, '" 90.0"'))
    assert read("night_time_economy").set_index("month")["incidents"]["2014-07"] == "90"


@pytest.mark.parametrize("line", ["no", "007", "1.50", "2014-12-31", '" to_find"'])
def test_a_key_is_the_text_that_stands_in_the_file(line, put, write, read):
    put("savings.csv", "\nto_find,", f"\n{line.strip(chr(34))},")
    write(("savings.csv", f"{{line: {line}, as_at: 2014-12-31}}", "gbp_million", "4.0", "4.10"))
    assert read("savings").set_index("line")["gbp_million"][line.strip('" ')] == "4.10"


@pytest.mark.parametrize("day", ["2014-12-31", "'2014-12-31'"])
def test_the_row_of_a_date_is_corrected_and_its_figure_follows(day, write, listed, project_copy, results, results_of):
    write(("savings.csv", f"{{line: realised, as_at: {day}}}", "gbp_million", "21.7", "21.8"))
    after = results_of(project_copy)
    assert {name for name in after if after[name] != results[name]} == {"SP18.savings", "SP18.realised", "SP18.found"}
    assert after["SP18.realised"].latest == 21.8
    (row,) = listed()
    assert row["Figure"] == "line realised, as_at 2014-12-31: gbp_million"
    assert (row["As received"], row["Corrected"]) == ("21.7", "21.8")


# --------------------------------------------------------------------------------- what may not be quoted
QUIET = {  # an embargoed table and one about persons: file, key, column and value of a cell that is there
    "drug_treatment": ("drug_treatment.csv", "{quarter: 2013Q1}", "completions", "282"),
    "missing_people": ("missing_people.csv", "{report: R001}", "person", "P16"),
}


@pytest.mark.parametrize("table", QUIET)
@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"old": "P7070"}, "found another value in {file}, expected the old value: the supplier may have corrected it"),
        ({"key": "{{{column}: P7171}}"}, "0 rows of {file} have this key, expected one"),
        ({"key": "{{P7171: {value}}}"}, "found another key or column, expected the key {column} and one of "),
        ({"column": "P7171"}, "found another key or column, expected the key {column} and one of "),
        ({"new": "{value}"}, "old and new are the same"),
        ({"new": "!P7171 {value}", "old": "!!int P7171"}, "expected the old value: the supplier"),
    ],
)
def test_no_message_quotes_a_value_of_an_embargoed_table_or_of_one_about_persons(table, change, said, write, read):
    file, key, column, value = QUIET[table]
    given = {"key": key, "column": column, "old": value, "new": "P7171"}
    words = {"file": file, "value": value, "column": key.strip("{").partition(":")[0]}
    given |= {name: text.format(**words) for name, text in change.items()}
    write((file, *given.values()))
    message = refused(read, table)
    assert said.format(**words) in message
    assert not [held for held in ("P7171", "P7070", value, "R001", "2013Q1") if held in message]


def test_a_withheld_table_is_not_quoted_either(project_copy, quarter, write, read):
    path = project_copy.params(quarter)
    held = "availability:\n  night_time_economy: {status: suppressed, reason: Under review.}\n"
    path.write_text(path.read_text(encoding="utf-8").replace("availability:\n", held, 1), encoding="utf-8")
    write((*INCIDENTS, "7171", "7272"), guarded=INCIDENTS[:1])
    message = refused(read, "night_time_economy")
    assert "expected the old value: " in message and "7171" not in message


def test_a_table_that_no_source_declares_is_not_quoted(put, write, read):
    put("sources.yml", "table: recorded_crime\n", "table: crime\n")
    write((*ROBBERY, "7171", "7272"))
    message = refused(read)
    assert "expected the old value: " in message and "7171" not in message


@pytest.mark.parametrize(
    ("table", "why"),
    [("drug_treatment", "under embargo"), ("missing_people", "about persons"), ("victim_survey", "internal")],
)
def test_a_guarded_file_is_not_corrected_where_everybody_reads_it(table, why, write, read):
    cell = QUIET.get(table, ("victim_survey.csv", "{month: 2015-06, victim_group: burglary}", "satisfied", "7070"))
    write((*cell, "P7171"), guarded=())
    message = refused(read, table)
    assert message == (
        f"params/corrections.yml, line 2: {table}.csv is {why}, and this file is published, expected no cell of such a "
        "file. Move the correction to data/raw/2015Q1/corrections.yml, which is not, and type make receive Q=2015Q1."
    )


def test_a_guarded_file_is_corrected_beside_it(write, read):
    write((*QUIET["drug_treatment"], "283"))
    assert read("drug_treatment").set_index("quarter")["completions"]["2013Q1"] == "283"


def test_corrections_beside_the_files_are_of_that_quarter_and_of_no_cell_that_is_corrected_elsewhere(
    write, read, project_copy, quarter
):
    other = ("2014Q4/drug_treatment.csv", *QUIET["drug_treatment"][1:])
    write((*other, "283"), guarded=(other[0],))
    assert refused(read) == (
        "data/raw/2015Q1/corrections.yml, line 2: found a file of 2014Q4, expected one of 2015Q1, beside which this "
        "file lies. Move the correction."
    )
    write((*ROBBERY, "1", "2"))
    beside = project_copy.guarded_corrections(quarter)
    beside.write_bytes(project_copy.corrections.read_bytes())
    assert refused(read) == (
        "params/corrections.yml, line 2: this cell is corrected in another file too. Remove one of the two."
    )


def test_corrections_beside_the_files_get_a_salt_before_they_count(write, read_office, project_copy, quarter):
    write((*QUIET["drug_treatment"], "283"))
    (problem,) = check_sources(read_office())
    assert problem == ("data/raw/2015Q1/corrections.yml: it has no salt. Type make receive Q=2015Q1, which draws one.")
    assert any("A salt was drawn for corrections.yml." in line for line in receive(project_copy.raw(quarter)))
    assert check_sources(read_office()) == []
    described = describe_inputs(project_copy, quarter)["data/raw/2015Q1/corrections.yml"]
    assert list(described) == ["keyed_sha256"]


# ------------------------------------------------------------------------------------- as the pack lists them
def test_every_correction_is_listed_and_one_that_may_not_be_shown_without_its_figures(write, read, read_office):
    old = robberies(read)
    write((*ROBBERY, old, "99"), (*QUIET["drug_treatment"], "283"))
    table = corrections_table(read_office())
    assert isinstance(table, Table)
    first, second = table.rows
    assert (first["Figure"], first["As received"], first["Corrected"]) == (
        "month 2015-06, offence robbery: offences",
        old,
        "99",
    )
    assert first["Decided by"] == "Performance and Evaluation Coordinator, 10 September 2015"
    assert {second[name] for name in ("Figure", "As received", "Corrected")} == {"not shown"}
    assert "282" not in str(second)


def test_a_table_about_persons_has_its_figures_hidden_even_where_its_file_is_public(
    project_copy, quarter, write, listed
):
    path = project_copy.raw(quarter) / "sources.yml"
    before, entry = path.read_text(encoding="utf-8").split("  missing_people.csv:\n")
    assert "sensitivity: internal" in entry
    entry = entry.replace("sensitivity: internal", "sensitivity: public", 1)
    path.write_text(f"{before}  missing_people.csv:\n{entry}", encoding="utf-8")
    write((*QUIET["missing_people"], "P17"))
    (row,) = listed()
    assert {row[name] for name in ("Figure", "As received", "Corrected")} == {"not shown"}
    assert row["File"] == "missing_people.csv" and row["Reason"] == "The supplier said so."


def test_a_workbook_is_corrected_as_a_csv_is(write, read):
    key = "{Quarter: 2015Q1, Area: Westmoor City}"
    write(("first_time_entrants.xlsx", key, "First time entrants", "34", "35"))
    entrants = read("first_time_entrants").set_index(["Quarter", "Area"])["First time entrants"]
    assert entrants["2015Q1", "Westmoor City"] == "35"
