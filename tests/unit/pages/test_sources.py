"""The sources page: every table with supplier, file, licence, checks, quality and limits, and what uses it."""

import re
from dataclasses import replace
from types import SimpleNamespace

import pandas as pd
import pytest
import yaml

import running
from page_blocks import EMBARGOED, of_kind, prepared, row_of, tables, words_of
from panelpack.indicators.quarter_report import QuarterReport
from panelpack.pages import sources
from panelpack.project import Project
from panelpack.rendering.prose import Callout, Facts, Heading, Text


@pytest.fixture(scope="module")
def report(tmp_path_factory, quarter):
    """The quarter in a copy, with two checks of each table, of which one of savings did not pass."""
    report = prepared(Project(running.copy_office(tmp_path_factory.mktemp("sources") / "office")), quarter)
    rows = [(table, "a.csv", "", "It is so.", table != "savings" or n > 0, 9, 0) for table in report.plan.tables
            for n in range(2)]  # fmt: skip
    report.save(pd.DataFrame(rows, columns=sources.CHECKS), "checks.csv")
    return report


@pytest.fixture(scope="module")
def blocks(report):
    return list(sources.blocks(report))


def entries(blocks):
    """The facts of each entry, by its anchor."""
    found, anchor = {}, ""
    for block in blocks:
        if isinstance(block, Heading):
            anchor = block.anchor
        elif isinstance(block, Facts):
            found[anchor] = dict(block.items)
    return found


@pytest.fixture
def report_of(project_copy, quarter):
    """Return a function that changes files of a copy, each by a function, and gives its report: no series prepared."""

    def change(edits):
        for path, edit in edits.items():
            file = project_copy.root / path
            data = yaml.safe_load(file.read_text(encoding="utf-8"))
            edit(data)
            file.write_text(yaml.safe_dump(data, sort_keys=False, allow_unicode=True), encoding="utf-8")
        report = QuarterReport(str(quarter), project=project_copy)
        report.save(pd.DataFrame(columns=sources.CHECKS), "checks.csv")
        return report

    return change


def entry(report, table):
    return dict(of_kind(list(sources.SourcesPage(report).entry(table)), Facts)[0].items)


def test_every_table_that_may_be_shown_has_an_entry_and_every_other_is_named_as_not_shown(report, blocks):
    shown = {f"source-{name}" for name in report.office.shown_tables}
    assert {anchor for anchor in entries(blocks) if anchor != "source-other-forces"} == shown
    (not_shown,) = [table for table in tables(blocks) if table.columns[0] == "What"]
    assert {anchor for anchor in not_shown.anchors if anchor} | shown == {f"source-{n}" for n in report.plan.tables}
    row = row_of(not_shown, "What", "Drug treatment")
    assert row["Until when"] == "Until 5 November 2015." and row["Why"].startswith("Embargoed. Public Health England")
    assert row["What waits for it"] == "[Priority 3](#priority-SP03)"


def test_what_is_redacted_says_by_whom_and_too_few_answers_say_so(report_of, quarter, project_copy):
    def redact(parameters):
        parameters["availability"]["savings"] = {
            "status": "redacted", "reason": "An inquest is open.", "by": "Chief Executive", "until": "the inquest ends",
        }  # fmt: skip

    def ask_for_more(plan):
        plan["disclosure"]["reported"]["fewest"] = 1500

    report_of({f"params/{quarter}.yml": redact, "params/plan.yml": ask_for_more})
    report = prepared(project_copy, quarter)
    not_shown = sources.SourcesPage(report).not_shown()
    row = row_of(not_shown, "What", "Savings")
    assert row["Why"] == "Redacted. An inquest is open."
    assert row["Until when"] == "Until the inquest ends, by the Chief Executive."
    few = [f for f in report.indicators() if f.reason == "small_sample"]
    rows = [row for row in not_shown.rows if row["Why"] == "Too few answers to publish: fewer than 1,500."]
    assert len(rows) == len(few) > 0 and rows[0]["Until when"] == "Until so many people answer."


def test_an_open_file_has_its_rows_and_checksum_and_a_guarded_one_has_neither(report, blocks):
    found, listed = entries(blocks), report.office.sources.by_table
    open_file = found["source-recorded_crime"]["From"]
    digest = listed["recorded_crime"].sha256
    assert (
        f"{listed['recorded_crime'].rows} rows, sha256 begins {digest[:12]}." in open_file and digest not in open_file
    )
    assert open_file.endswith(" 2 of 2 checks passed.")
    assert found["source-savings"]["From"].endswith(" 1 of 2 checks passed.")
    for name in ("missing_people", "victim_survey"):
        said = found[f"source-{name}"]["From"]
        assert "no row count and no checksum, since it is " in said
        assert not re.search(r"\d rows|sha256|[0-9a-f]{12}", said)
    assert "since it is about persons" in found["source-missing_people"]["From"]


def test_nothing_is_said_of_the_file_of_a_table_that_may_not_be_shown(report, blocks):
    said = " ".join(map(words_of, blocks))
    source = report.office.sources.by_table["drug_treatment"]
    assert "drug_treatment.csv" not in said and source.basis not in said and EMBARGOED not in said


def test_quality_limits_grade_and_licence_are_printed_as_the_office_gives_them(report_of):
    def edit(plan):
        plan["tables"]["recorded_crime"] |= {
            "title": "Crime that was recorded",
            "quality": "It lost a badge in 2014",
            "limits": ["It counts what is reported.", "Rules changed in 2013"],
            "data_integrity": {"grade": "Good", "by": "the inspectorate", "published": "2014-11"},
        }

    report = report_of({"params/plan.yml": edit})
    found = entry(report, "recorded_crime")
    heading = next(sources.SourcesPage(report).entry("recorded_crime"))
    assert (heading.text, heading.anchor) == ("Crime that was recorded", "source-recorded_crime")
    assert found["Quality"].startswith(
        "It lost a badge in 2014. How it is recorded was graded Good by the inspectorate (November 2014). "
    )
    assert found["Limits"] == "It counts what is reported. Rules changed in 2013."


def test_without_a_grade_none_is_spoken_of(blocks):
    assert "graded" not in " ".join(map(words_of, blocks))


def test_what_the_licence_asks_to_be_said_stands_behind_it(report_of, quarter):
    def edit(listed):
        listed["files"]["recorded_crime.csv"]["acknowledgement"] = "Contains their information"

    licence = entry(report_of({f"data/raw/{quarter}/sources.yml": edit}), "recorded_crime")["Licence"]
    assert licence.endswith(". Contains their information.")


def test_the_release_of_a_file_stands_beside_it(report_of, quarter):
    def edit(listed):
        listed["files"]["recorded_crime.csv"]["release"] = "July 2015"

    assert (
        "`recorded_crime.csv`, release of July 2015, "
        in entry(report_of({f"data/raw/{quarter}/sources.yml": edit}), "recorded_crime")["From"]
    )


def test_a_file_that_was_made_from_another_says_from_which(report_of, quarter):
    def edit(listed):
        derived = {"file": "whole table.ods", "sha256": "ab" * 32, "by": "scripts/cut.py"}
        listed["files"]["recorded_crime.csv"]["derived_from"] = derived

    quality = entry(report_of({f"data/raw/{quarter}/sources.yml": edit}), "recorded_crime")["Quality"]
    assert quality.endswith("was made from whole table.ods (sha256 abababababab) by scripts/cut.py.")


def test_each_series_says_which_rows_it_takes_and_leads_to_its_figures(report, blocks):
    (taken,) = [table for table in tables(blocks) if table.columns[0] == "Series"]
    head = taken.columns[1]
    used = {name for f in report.plan.figures.values() for name in (f.series, f.baseline_series) if name}
    of_shown = [name for name in used if report.plan.series[name].table in report.office.shown_tables]
    assert sorted(taken.anchors) == sorted(f"taken-{name}" for name in of_shown)
    row = taken.rows[list(taken.anchors).index("taken-robbery")]
    assert row[head] == "Offence is robbery: *offences*" and row["Series"].endswith("(#series-robbery)")
    assert row["Used by"] == "[11](#figure-SP11.robbery)"
    assert taken.rows[list(taken.anchors).index("taken-all_crime")]["Used by"] == "[11](#row-SP11.offences)"
    listed = taken.rows[list(taken.anchors).index("taken-missing_key_locations")][head]
    assert "location is one of the 9 key locations" in listed and "KL1" not in listed
    share = taken.rows[list(taken.anchors).index("taken-missing_repeat_share")][head]
    assert share.startswith("Every row: rows whose *person* stands there more than once out of the rows counted")
    headings = {anchor.split("#")[1][:-1] for anchor in taken.groups.values()}
    assert headings == {f"source-{report.plan.series[name].table}" for name in of_shown}


def test_an_entry_leads_back_to_the_priorities_that_use_it(report, blocks):
    found = entries(blocks)
    assert found["source-assessments"]["Used by"] == "[Priority 16](#priority-SP16)"
    survey = found["source-victim_survey"]["Used by"]
    assert survey.startswith("[Priority 7](#priority-SP07), [14A](#priority-SP14A)")
    assert survey.endswith(" ([rows taken](#taken-satisfaction_hate_crime))")


def test_the_counts_of_other_forces_are_a_source_where_forecasts_learned_from_them(report, blocks):
    other = entries(blocks)["source-other-forces"]
    assert report.office.official_release.release in other["From"]
    assert report.office.official_force not in other["Rows"]


def test_remarks_for_reviewers_are_not_on_the_public_page(report_of, quarter):
    def edit(parameters):
        parameters["flags"] = {"weather": "It rained.", "print": "The printed paper says Thursday."}
        parameters["flags_for_review"] = ["print"]

    report = report_of({f"params/{quarter}.yml": edit})
    heading, public = sources.matters_to_note(report)
    assert (heading.anchor, public.markdown) == ("matters-to-note", "- It rained.")
    (text,) = of_kind(list(sources.remarks_for_review(report)), Text)
    assert text.markdown == "- The printed paper says Thursday."


def test_where_nothing_is_noted_there_is_no_heading(report_of, quarter):
    report = report_of({f"params/{quarter}.yml": lambda parameters: parameters.update(flags={})})
    assert [*sources.matters_to_note(report), *sources.remarks_for_review(report)] == []


def test_reconstructed_detail_is_said(report):
    notice = sources.reconstructed_notice(report)
    assert isinstance(notice, Callout) and notice.kind == "reconstructed"
    assert "no printed paper of this quarter" in notice.text
    printed = SimpleNamespace(data=report.data, has_printed_paper=True)
    assert (
        "so that totals that were printed are met. What was never printed is assumed"
        in sources.reconstructed_notice(printed).text
    )
    received = SimpleNamespace(data=replace(report.data, origins={}))
    assert sources.reconstructed_notice(received) is None
