"""Corrections to raw figures: applied before anything reads a file, refused in words, listed in the pack."""

import pandas as pd
import pytest
import yaml

from panelpack.audit.compare import figures_of
from panelpack.errors import ConfigurationError
from panelpack.indicators.quarter_data import configuration
from panelpack.intake import corrections
from panelpack.pages import data_quality
from panelpack.periods import Quarter
from panelpack.project import Project
from panelpack.rendering.table import Table
from panelpack.validation import raw_data
from running import QUARTER, copy_project

LABEL = Quarter.parse(QUARTER)
ROBBERY = {"month": "2015-06", "offence": "robbery"}


@pytest.fixture
def project(tmp_path, monkeypatch) -> Project:
    monkeypatch.chdir(copy_project(tmp_path))
    return Project(tmp_path)


def cell(project, file="recorded_crime.csv", column="offences", **key) -> str:
    """Return what the supplier's file has."""
    frame = pd.read_csv(project.raw(LABEL) / file, dtype=str)
    for name, value in (key or ROBBERY).items():
        frame = frame[frame[name] == value]
    return frame[column].item()


def entry(project, **changes) -> dict:
    made = {
        "file": f"{QUARTER}/recorded_crime.csv",
        "key": ROBBERY,
        "column": "offences",
        "old": int(cell(project)),
        "new": int(cell(project)) + 5,
        "reason": "Five were keyed under another offence.",
        "decided_by": "Performance and Evaluation Coordinator",
        "decided_on": "2015-08-20",
    }
    return made | changes


def write(project, *entries) -> None:
    text = yaml.safe_dump({"corrections": list(entries)}, sort_keys=False)
    corrections.path(project).write_text(f"# A comment\n{text.replace(chr(39), '')}", encoding="utf-8")


def read(project, table="recorded_crime"):
    plan = configuration(project, LABEL)[0]
    return corrections.corrected(project, LABEL, plan.tables[table], plan)


def test_the_shipped_file_corrects_nothing(project):
    plan = configuration(project, LABEL)[0]
    assert corrections.of_quarter(project, LABEL, plan) == []
    assert data_quality.table(project, LABEL).markdown == data_quality.NONE


def test_a_correction_changes_its_cell_and_no_other(project):
    before = read(project)
    write(project, entry(project))
    after = read(project)
    changed = before["offences"] != after["offences"]
    assert changed.sum() == 1
    assert after.loc[changed, "offences"].item() == str(int(cell(project)) + 5)
    assert after.drop(columns="offences").equals(before.drop(columns="offences"))


def test_a_figure_follows_and_the_suppliers_file_stays(project):
    raw = (project.raw(LABEL) / "recorded_crime.csv").read_bytes()
    before = figures_of(project, LABEL)[1]
    write(project, entry(project))
    after = figures_of(project, LABEL)[1]
    moved = {name for name in after if after[name] != before[name]}
    assert moved == {name for name in after if name.startswith("SP11.robbery")}
    assert (project.raw(LABEL) / "recorded_crime.csv").read_bytes() == raw


def test_a_bad_cell_that_is_corrected_passes_the_checks(project):
    path = project.raw(LABEL) / "asb_incidents.csv"
    text = path.read_text(encoding="utf-8")
    good = cell(project, "asb_incidents.csv", "incidents", month="2014-05")
    path.write_text(text.replace(f"2014-05,{good}", "2014-05,-3"), encoding="utf-8")
    from panelpack.intake.receiving import receive

    receive(project.raw(LABEL))
    assert any("'-3'" in failure for failure in raw_data.run(QUARTER).failures)
    asb = {"file": f"{QUARTER}/asb_incidents.csv", "key": {"month": "2014-05"}, "column": "incidents"}
    write(project, entry(project, **asb, old=-3, new=int(good)))
    assert raw_data.run(QUARTER).failures == []


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"old": 1}, "expected the old value '1': the supplier may have corrected it"),
        (
            {"key": {"month": "2015-06", "offence": "piracy"}},
            "0 rows of recorded_crime.csv have this key, expected one",
        ),
        ({"key": {"month": "2015-06"}}, "expected the key month, offence"),
        ({"column": "month_of"}, "expected the key month, offence and one of month, offence, offences"),
        ({"file": f"{QUARTER}/no_such.csv"}, "the plan has no file 'no_such.csv'"),
        ({"file": "2031Q2/recorded_crime.csv"}, "there is no folder data/raw/2031Q2"),
        ({"file": "recorded_crime.csv"}, "file"),
        ({"decided_by": "A. N. Other 01234"}, "decided_by"),
        ({"reason": ""}, "reason"),
        ({"surprise": 1}, "there is no such key here"),
        ({"new": ["1"]}, "new: input should be a valid string"),
        ({"decided_on": "20.08.2015"}, "decided_on: '20.08.2015': input should be a valid date"),
        ({"decided_on": "2015-02-30"}, "decided_on: '2015-02-30': input should be a valid date"),
        ({"decided_on": "soon"}, "decided_on: 'soon': input should be a valid date"),
    ],
)
def test_what_cannot_be_applied_is_refused_with_file_and_line(project, changes, words):
    write(project, entry(project, **changes))
    with pytest.raises(ConfigurationError) as told:
        read(project)
    assert "params/corrections.yml, line " in str(told.value) and words in str(told.value)


def test_a_correction_that_changes_nothing_or_stands_twice_is_refused(project):
    same = int(cell(project))
    write(project, entry(project, new=same))
    with pytest.raises(ConfigurationError, match="line 3: old and new are the same"):
        read(project)
    write(project, entry(project), entry(project, new=same + 9))
    with pytest.raises(ConfigurationError, match="corrected above already"):
        read(project)


def fields(file, key, column, old, new, **others) -> str:
    """Return a corrections file with one entry whose fields are written just as they are given."""
    lines = {"file": f"{QUARTER}/{file}", "key": key, "column": column, "old": old, "new": new} | {
        "reason": "The supplier said so.",
        "decided_by": "Performance and Evaluation Coordinator",
        "decided_on": "2015-08-20",
    }
    first, *rest = (f"{name}: {text}".rstrip() for name, text in (lines | others).items())
    return "\n".join(["corrections:", f"  - {first}", *(f"    {line}" for line in rest), ""])


def write_as_is(project, *entry, **others) -> None:
    corrections.path(project).write_text(fields(*entry, **others), encoding="utf-8")


def put(project, file, before, after) -> None:
    """Have the supplier send a file in which a line is another."""
    path = project.raw(LABEL) / file
    text = path.read_text(encoding="utf-8")
    assert text.count(before) == 1
    path.write_text(text.replace(before, after), encoding="utf-8")


@pytest.mark.parametrize(
    ("sent", "old"),
    [
        ("010", "010"),
        ("8", "8"),
        ("28.00", "28.00"),
        ("0.00001", "0.00001"),
        ("1_000", "1_000"),
        ("12:30", "12:30"),
        ("no", "no"),
        ("No", "No"),
        ("null", "null"),
        ("~", "~"),
        ("2014-12-31", "2014-12-31"),
        (" 54", '" 54"'),
        ("54 ", "'54 '"),
        ("  ", '"  "'),
        ("", '""'),
        ("", "''"),
    ],
)
def test_a_cell_is_the_text_that_stands_in_the_file(project, sent, old):
    put(project, "asb_incidents.csv", f"2014-05,{cell(project, 'asb_incidents.csv', 'incidents', month='2014-05')}",
        f"2014-05,{sent}")  # fmt: skip
    place = "asb_incidents.csv", "{month: 2014-05}", "incidents"
    write_as_is(project, *place, old, "0090")
    after = read(project, "asb_incidents").set_index("month")["incidents"]
    assert after["2014-05"] == "0090"
    write_as_is(project, *place, "0090", old)
    with pytest.raises(ConfigurationError, match="expected the old value '0090'"):
        read(project, "asb_incidents")


@pytest.mark.parametrize(("sent", "old"), [("8", "010"), ("28", "28.0"), ("1e-05", "0.00001"), ("False", "no"),
                                           ("54", '" 54"'), (" 54", "54"), ("", '" "')])  # fmt: skip
def test_a_text_that_only_means_the_same_is_another(project, sent, old):
    put(project, "asb_incidents.csv", f"2014-05,{cell(project, 'asb_incidents.csv', 'incidents', month='2014-05')}",
        f"2014-05,{sent}")  # fmt: skip
    write_as_is(project, "asb_incidents.csv", "{month: 2014-05}", "incidents", old, "90")
    with pytest.raises(ConfigurationError, match="expected the old value"):
        read(project, "asb_incidents")


@pytest.mark.parametrize("line", ["no", "007", "1.50", "2014-12-31", '" to_find"'])
def test_a_key_is_the_text_that_stands_in_the_file(project, line):
    put(project, "savings.csv", "\nto_find,", f"\n{line.strip(chr(34))},")
    write_as_is(project, "savings.csv", f"{{line: {line}, as_at: 2014-12-31}}", "gbp_million", "4.0", "4.10")
    after = read(project, "savings").set_index("line")["gbp_million"]
    assert after[line.strip('"')] == "4.10"


@pytest.mark.parametrize("key", ["{line: realised, as_at: 2014-12-31}", "{line: realised, as_at: '2014-12-31'}"])
def test_the_row_of_a_date_is_corrected_and_its_figure_follows(project, key):
    before = figures_of(project, LABEL)[1]
    write_as_is(project, "savings.csv", key, "gbp_million", "21.7", "21.8")
    after = figures_of(project, LABEL)[1]
    assert "SP18.realised" in {name for name in after if after[name] != before[name]}
    cells = read(project, "savings").set_index(["line", "as_at"])["gbp_million"]
    assert cells["realised", "2014-12-31"] == "21.8"
    (row,) = data_quality.table(project, LABEL).rows.to_dict("records")
    assert row["Figure"] == "line realised, as_at 2014-12-31: gbp_million"
    assert (row["As received"], row["Corrected"]) == ("21.7", "21.8")


@pytest.mark.parametrize("kind", ["old", "new", "key"])
def test_a_value_that_is_not_written_is_asked_for(project, kind):
    entry = {"key": "{month: 2014-05}", "old": "1", "new": "2", kind: "{month: }" if kind == "key" else ""}
    write_as_is(project, "asb_incidents.csv", entry["key"], "incidents", entry["old"], entry["new"])
    with pytest.raises(ConfigurationError, match=rf"line \d: .*{kind}.*: nothing stands here, expected the text"):
        read(project, "asb_incidents")


QUIET = {  # what stands in the file, and how a correction of it is written
    "drug_treatment": ("drug_treatment.csv", "{quarter: 2013Q1}", "completions", "282"),
    "missing_people": ("missing_people.csv", "{report: R001}", "person", "P16"),
}


@pytest.mark.parametrize("table", QUIET)
@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"old": "P7070"}, "found another value in {file}, expected the old value: the supplier may have corrected it"),
        ({"key": "{{{column}: P7171}}"}, "0 rows of {file} have this key, expected one"),
        ({"key": "{{P7171: {value}}}"}, "found another key or column, expected the key {column} and one of "),
        ({"column": "P7171"}, "found another key or column, expected the key {column} and one of "),
        ({"new": "{value}"}, "old and new are the same"),
        ({"key": "P7171"}, "key: input should be a valid dictionary"),
        ({"key": "[P7171]"}, "key: input should be a valid dictionary"),
        ({"old": "[{value}, P7171]"}, "old: input should be a valid string"),
        ({"new": "{{P7171: {value}}}"}, "new: input should be a valid string"),
        ({"new": "!P7171 {value}", "old": "!!int P7171"}, "expected the old value: the supplier"),
        ({"old": "'P7171"}, "this is not YAML"),
    ],
)
def test_no_message_quotes_a_value_of_an_embargoed_table_or_of_one_about_persons(project, table, change, told):
    file, key, column, value = QUIET[table]
    given = {"key": key, "column": column, "old": value, "new": "P7171"}
    words = {"file": file, "value": value, "column": key.strip("{").partition(":")[0]}
    given |= {name: text.format(**words) for name, text in change.items()}
    write_as_is(project, file, *given.values())
    with pytest.raises(ConfigurationError) as raised:
        read(project, table)
    message = str(raised.value)
    assert told.format(**words) in message
    assert not [held for held in ("P7171", "P7070", value, "R001", "2013Q1") if held in message]


def test_an_entry_that_is_only_a_value_is_not_quoted(project):
    corrections.path(project).write_text("corrections:\n  - P7171\n", encoding="utf-8")
    with pytest.raises(ConfigurationError, match=r"corrections\.0: input should be") as told:
        read(project)
    assert "P7171" not in str(told.value)


def test_a_withheld_table_is_not_quoted_either(project):
    path = project.params(LABEL)
    text = path.read_text(encoding="utf-8")
    held = "availability:\n  asb_incidents: {status: suppressed, reason: Under review.}\n"
    path.write_text(text.replace("availability:\n", held, 1), encoding="utf-8")
    write_as_is(project, "asb_incidents.csv", "{month: 2014-05}", "incidents", "7171", "7272")
    with pytest.raises(ConfigurationError, match="expected the old value: ") as told:
        read(project, "asb_incidents")
    assert "7171" not in str(told.value)


def test_another_quarters_correction_is_left_alone(project):
    write(project, entry(project, file="2014Q4/recorded_crime.csv"))
    assert (
        read(project).loc[:, "offences"].tolist()
        == pd.read_csv(project.raw(LABEL) / "recorded_crime.csv", dtype=str)["offences"].tolist()
    )


def test_every_correction_is_listed_and_one_that_may_not_be_shown_without_its_figures(project):
    first = pd.read_csv(project.raw(LABEL) / "drug_treatment.csv", dtype=str).iloc[0]
    drug = {"file": f"{QUARTER}/drug_treatment.csv", "key": {"quarter": first["quarter"]}, "column": "completions"}
    old = int(first["completions"])
    write(project, entry(project), entry(project, **drug, old=old, new=old + 1))
    table = data_quality.table(project, LABEL)
    assert isinstance(table, Table)
    rows = table.rows.to_dict("records")
    assert [row["Figure"] for row in rows] == ["month 2015-06, offence robbery: offences", "not shown"]
    assert rows[0]["As received"] == cell(project) and rows[1]["As received"] == "not shown"
    assert rows[0]["Decided by"] == "Performance and Evaluation Coordinator, 20 August 2015"
    assert str(old) not in str(rows[1].values())


def test_a_table_about_persons_has_its_figures_hidden_even_where_its_file_is_public(project):
    path = project.raw(LABEL) / "sources.yml"
    text = path.read_text(encoding="utf-8")
    before, entry = text.split("  missing_people.csv:\n")
    path.write_text(
        f"{before}  missing_people.csv:\n{entry.replace('sensitivity: internal', 'sensitivity: public', 1)}",
        encoding="utf-8",
    )
    write_as_is(project, "missing_people.csv", "{report: R001}", "person", "P16", "P17")
    (row,) = data_quality.table(project, LABEL).rows.to_dict("records")
    assert {row[name] for name in ("Figure", "As received", "Corrected")} == {"not shown"}
    assert row["File"] == "missing_people.csv" and row["Reason"] == "The supplier said so."
    assert row["Decided by"] == "Performance and Evaluation Coordinator, 20 August 2015"
