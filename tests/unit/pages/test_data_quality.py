"""What was done to the data and how well they agree: corrections, and the printed paper."""

import pytest
import yaml

from page_blocks import of_kind, prepared, tables
from panelpack.config.configuration import Configuration
from panelpack.pages.data_quality import NONE, NONE_BUT_MADE, corrections_table, derivations, reconcile
from panelpack.rendering.prose import Callout, Heading

HEAD = "indicator,baseline,latest,pct_change,verdict,reason,note\n"


def correct(project, quarter, file, key, column, old, new, *, is_guarded=False):
    about = {"reason": "Keyed twice.", "decided_by": "Performance lead", "decided_on": "2015-09-10"}
    entry = {"file": f"{quarter}/{file}", "key": key, "column": column, "old": old, "new": new, **about}
    path = project.guarded_corrections(quarter) if is_guarded else project.corrections
    path.write_text(yaml.safe_dump({"corrections": [entry]}, sort_keys=False), encoding="utf-8")
    return corrections_table(Configuration.read(project, quarter))


def test_without_corrections_the_page_says_so(office):
    assert corrections_table(office).markdown == NONE_BUT_MADE  # its files are reconstructed, so not as received


@pytest.fixture
def office_of(project_copy, quarter):
    """Return a function that reads the copy with its sources.yml as a function changes it: files of received data."""

    def read(change):
        path = project_copy.raw(quarter) / "sources.yml"
        sources = yaml.safe_load(path.read_text(encoding="utf-8"))
        for entry in sources["files"].values():
            entry.update(reconstructed=False, columns={})
        change(sources["files"])
        path.write_text(yaml.safe_dump(sources, sort_keys=False), encoding="utf-8")
        return Configuration.read(project_copy, quarter)

    return read


DERIVED = {"file": "whole table.ods", "sha256": "ab" * 32, "by": "scripts/cut.py"}


def test_files_as_they_came_are_said_to_be_so(office_of):
    assert corrections_table(office_of(lambda files: None)).markdown == NONE


def test_of_files_that_were_made_from_others_nobody_says_that_they_are_as_received(office_of):
    office = office_of(lambda files: files["recorded_crime.csv"].update(derived_from=DERIVED))
    assert corrections_table(office).markdown == NONE_BUT_MADE
    assert derivations(office) == [
        "recorded_crime.csv was made from whole table.ods (sha256 abababababab) by scripts/cut.py."
    ]


def test_nothing_is_said_of_the_source_of_a_table_that_may_not_be_shown(office_of):
    open_of = {key: value for key, value in DERIVED.items() if key != "sha256"}
    office = office_of(lambda files: files["drug_treatment.csv"].update(derived_from=open_of))
    assert derivations(office) == []


def test_of_a_guarded_file_it_is_said_from_which_without_a_checksum(office_of):
    open_of = {key: value for key, value in DERIVED.items() if key != "sha256"}
    office = office_of(lambda files: files["victim_survey.csv"].update(derived_from=open_of))
    assert derivations(office) == ["victim_survey.csv was made from whole table.ods by scripts/cut.py."]


def test_a_correction_is_listed_with_its_figures_reason_and_role(project_copy, quarter):
    key = {"line": "realised", "as_at": "2014-12-31"}
    (row,) = correct(project_copy, quarter, "savings.csv", key, "gbp_million", "21.7", "21.8").rows
    assert row == {
        "File": "savings.csv",
        "Figure": "line realised, as_at 2014-12-31: gbp_million",
        "As received": "21.7",
        "Corrected": "21.8",
        "Reason": "Keyed twice.",
        "Decided by": "Performance lead, 10 September 2015",
    }


@pytest.mark.parametrize(
    ("file", "key", "column", "old", "new"),
    [
        ("drug_treatment.csv", {"quarter": "2013Q1"}, "completions", "282", "283"),
        ("missing_people.csv", {"report": "R001"}, "person", "P16", "P17"),
        ("night_time_economy.csv", {"month": "2014-01"}, "incidents", "910", "911"),
    ],
    ids=["embargoed", "about persons", "internal"],
)
def test_figures_that_may_not_be_shown_are_not(project_copy, quarter, file, key, column, old, new):
    path = project_copy.raw(quarter) / "sources.yml"
    sources = yaml.safe_load(path.read_text(encoding="utf-8"))
    # A table about persons is hidden even where its file is public, and one of counts where its file is internal.
    sources["files"]["missing_people.csv"]["sensitivity"] = "public"
    sources["files"]["night_time_economy.csv"]["sensitivity"] = "internal"
    path.write_text(yaml.safe_dump(sources), encoding="utf-8")
    (row,) = correct(project_copy, quarter, file, key, column, old, new, is_guarded=True).rows
    assert [row[name] for name in ("Figure", "As received", "Corrected")] == ["not shown"] * 3
    assert row["File"] == file and row["Reason"] == "Keyed twice."


def printed(project, quarter, *rows):
    path = project.published(quarter)
    path.parent.mkdir(parents=True)
    path.write_text(HEAD + "".join(f"{row}\n" for row in rows), encoding="utf-8")
    return reconcile(prepared(project, quarter))


def test_a_quarter_without_a_printed_paper_has_no_reconciliation(quarter_report):
    assert reconcile(quarter_report) is None


def test_printed_figures_that_are_the_computed_ones_are_a_note(project_copy, quarter):
    found = printed(project_copy, quarter, "SP01.first_time_entrants,667,326,-51,improved,,")
    assert found.table["equal"].tolist() == ["equal"] * 4
    heading, callout, populations, table = found.blocks()
    assert isinstance(heading, Heading) and heading.anchor == "reconciliation"
    assert (callout.kind, callout.text) == (
        "note",
        "4 of 4 printed figures and verdicts equal the computed ones.",
    )
    assert populations.kind == "warning" and populations.text.count("SP14") == 2
    assert table.column("Equal") == ["equal"] * 4
    assert table.column("Printed") == ["667", "326", "−51%", "Better"]


def test_a_printed_figure_that_differs_is_a_warning(project_copy, quarter):
    found = printed(project_copy, quarter, "SP01.first_time_entrants,667,327,-51,deteriorated,,")
    callout, *_ = of_kind(list(found.blocks()), Callout)
    assert (callout.kind, callout.text[:7]) == ("warning", "2 of 4 ")
    (table,) = tables(found.blocks())
    assert [row["Figure"] for row in table.rows if row["Equal"] == "differs"] == ["latest", "verdict"]
