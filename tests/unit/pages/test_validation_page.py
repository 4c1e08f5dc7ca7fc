"""The page of the validation notebook, for raw data with mistakes in an embargoed, a personal and an open table."""

import re
from dataclasses import replace

import pytest

import running
from page_blocks import EMBARGOED, rewritten, row_of, words_of
from panelpack.config.configuration import Configuration
from panelpack.config.presets import Preset
from panelpack.config.sources import Sources
from panelpack.pages import validation
from panelpack.project import Project
from panelpack.validation.messages import save_checks
from panelpack.validation.raw_data import Checked, check_raw_data

PERSON = "P-of-a-person"


@pytest.fixture(scope="module")
def checked(tmp_path_factory, quarter):
    project = Project(running.copy_office(tmp_path_factory.mktemp("broken") / "office"))
    raw = project.raw(quarter)
    rewritten(raw / "drug_treatment.csv", lambda row: f"{row.split(',')[0]},-{EMBARGOED},-{EMBARGOED}")
    rewritten(raw / "missing_people.csv", lambda row: f"R001,2015-13,{PERSON}")
    rewritten(raw / "savings.csv", lambda row: row.replace("21.7", "open-value"))
    return check_raw_data(Configuration.read(project, quarter))


def test_violations_quote_nothing_of_withheld_tables(checked):
    shown = validation.violations(checked).markdown
    assert "drug_treatment.csv, column 'completions'" in shown and "missing_people.csv, column 'month'" in shown
    assert EMBARGOED not in shown and PERSON not in shown and "R001" not in shown and "2015-13" not in shown
    assert "a withheld value" in shown
    assert "'open-value'" in shown


def test_nothing_withheld_is_in_any_block_or_in_the_table_of_checks(checked):
    blocks = [
        page(checked) for page in (validation.validation_outcome, validation.sources_table, validation.violations)
    ]
    for block in [*blocks, validation.checks_table(checked)]:
        assert not re.search(f"{EMBARGOED}|{PERSON}", words_of(block))
    save_checks(checked.checks, checked.office)
    folder = checked.office.project.processed(checked.office.quarter)
    written = (folder / "checks.csv").read_text(encoding="utf-8")
    assert "drug_treatment" in written and EMBARGOED not in written and PERSON not in written


def test_the_outcome_is_a_warning_and_says_that_nothing_is_published(checked):
    outcome = validation.validation_outcome(checked)
    assert (outcome.kind, outcome.title) == ("warning", "The data did not pass")
    assert outcome.text.endswith("Nothing is published from them.")
    assert "3 problems with the files" in outcome.text, "three checksums"
    table = validation.checks_table(checked)
    assert set(table.column("Outcome")) == {"passed", "FAILED", "not run"}
    row = row_of(table, "Check", "Every cell of column 'gbp_million' is a number such as 12.5.")
    assert list(row.values())[2:] == ["gbp_million: 4 rows", "1 at fault", "FAILED"]
    row = row_of(table, "Check", "Savings realised, identified and still to find add up")
    assert list(row.values())[3:] == ["nothing amiss", "passed"], "a sum without one of its lines says nothing"


def test_data_that_pass_are_a_note(office):
    checked = check_raw_data(office)
    assert (validation.validation_outcome(checked).kind, validation.violations(checked).markdown) == (
        "note",
        "Nothing.",
    )
    assert set(validation.checks_table(checked).column("Outcome")) == {"passed"}


def test_sources_are_dated_and_an_embargo_has_its_day(checked):
    table = validation.sources_table(checked)
    assert row_of(table, "File", "drug_treatment")["Sensitivity"] == "embargoed until 5 November 2015"
    assert row_of(table, "File", "recorded_crime")["Received"] == "17 July 2015"


def test_the_licence_of_a_public_file_is_that_of_its_preset(office):
    table = office.plan.tables["recorded_crime"].model_copy(update={"preset": "public"})
    plan = office.plan.model_copy(update={"tables": office.plan.tables | {"recorded_crime": table}})
    about = {"version": 1, "title": "a", "publisher": "b", "acknowledgement": "c", "columns": {}, "key": []}
    changed = replace(office, plan=plan)
    changed.__dict__["presets"] = {"public": Preset(licence="Open Government Licence v3.0", **about)}
    source = office.sources.files["recorded_crime.csv"].model_copy(update={"licence": ""})
    changed.__dict__["sources"] = Sources(files={"recorded_crime.csv": source})
    shown = validation.sources_table(Checked(changed, {}, [], []))
    assert row_of(shown, "File", "recorded_crime")["Licence"] == "Open Government Licence v3.0"
