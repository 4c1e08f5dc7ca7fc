"""Every kind of mistake in <quarter>.yml: named with its line, and what to do; and what the parameters withhold."""

import pytest

from panelpack.config.parameters import load_parameters
from panelpack.config.plan_checks import load_plan

FILE = "params/2015Q1.yml"
# What is wrong: before, after, how many lines below the edit's start the mistake stands, what is said of it.
MISTAKES = {
    "misspelt key": (
        "marking: PUBLIC", "markings: PUBLIC\nmarking: PUBLIC", 0,
        "markings: there is no such key here. Did you mean 'marking'?",
    ),
    "misspelt key inside": (
        "    status: embargoed", "    state: x\n    status: embargoed", 0,
        "availability.drug_treatment.state: there is no such key here. Did you mean 'status'?",
    ),
    "name of a person": (
        "- role: Performance", "- name: someone\n  role: Performance", 0,
        "contacts.0.name: there is no such key here. Remove it or correct its spelling.",
    ),
    "missing key": ("marking: PUBLIC\n", "", None, "marking: this key is missing. Add it."),
    "no version": ("version: 1\n", "", None, "version: this key is missing. Add it (version of the shape of this file"),
    "earlier version": ("version: 1\n", "version: 0\n", 0, "version: 0: this software reads version 1. Bring the file"),
    "date that is none": (
        "meeting_date: 2015-09-16", "meeting_date: 16 September", 0,
        "meeting_date: '16 September' is not written as a day: expected the "
        "year first, as in 2022-12-16.",
    ),
    "meeting long before the end of the quarter": (
        "meeting_date: 2015-09-16", "meeting_date: 2015-05-31", 0,
        "the meeting is before the end of 2015Q1. Correct the date.",
    ),
    "meeting a day before the end of the quarter": (
        "meeting_date: 2015-09-16", "meeting_date: 2015-06-29", 0,
        "the meeting is before the end of 2015Q1. Correct the date.",
    ),
    "unknown status": (
        "status: embargoed", "status: secret", 0, "availability.drug_treatment.status: 'secret': input should be",
    ),
    "embargo without a date": ("    release_date: 2015-11-05\n", "", -2, "an embargo needs a release_date. Add it."),
    "unknown table in availability": (
        "  drug_treatment:\n    status", "  drugs:\n    status", 0, "there is no table 'drugs' in the plan.",
    ),
    "missing assessment": (
        "  SP16.training:\n    assessment: no_change\n    board: Strategic Partnership Board executive group\n"
        "    note: The joint training programme is agreed and has yet to start.\n", "", None,
        "SP16.training has no assessment. Add it.",
    ),
    "assessment of what no board assesses": (
        "  SP16.training:\n", "  SP11.offences:\n", 0,
        "SP11.offences is not an indicator that a partner board assesses. Remove it.",
    ),
    "unknown assessment": (
        "assessment: no_change", "assessment: better", 0,
        "assessments.SP16.conveyance.assessment: 'better': input should be 'improved'",
    ),
    "assessment that stands twice": (
        "  SP16.training:\n", "  SP16.conveyance:\n", 0, "'SP16.conveyance' stands twice, first in line ",
    ),
    "missing list of categories": (
        "  key_locations:\n", "  locations:\n", None,
        "the plan picks the categories of 'key_locations', and there is no such list. Add it.",
    ),
    "another quarter": (
        "quarter: 2015Q1", "quarter: 2014Q4", 0, "found '2014Q4', expected 2015Q1, as the file is named. Correct it.",
    ),
    "no quarter": (
        "quarter: 2015Q1", "quarter: 2015Q5", 0, "found '2015Q5', expected 2015Q1, as the file is named. Correct it.",
    ),
}  # fmt: skip


@pytest.fixture
def load(project, quarter):
    plan = load_plan(project.root / "params/plan.yml")
    return lambda path: load_parameters(path, quarter, plan)


@pytest.mark.parametrize("mistake", MISTAKES.values(), ids=MISTAKES)
def test_a_mistake_is_named_with_its_line(mistake, check_mistake, load):
    check_mistake(load, FILE, *mistake)


@pytest.mark.parametrize("day", ["2015-06-30", "2015-07-01"])
def test_a_meeting_from_the_last_day_of_the_quarter_on_is_accepted(day, edited, load):
    path, _ = edited(FILE, ("meeting_date: 2015-09-16", f"meeting_date: {day}"))
    assert str(load(path).meeting_date) == day


def test_the_parameters_of_this_version_are_read(project, quarter, load):
    parameters = load(project.params(quarter))
    assert parameters.version == 1
    assert parameters.title == "Quarter 1 2015/16 – Performance report"
    assert parameters.appendix("priorities") == "Appendix C – Priority pages"
    assert parameters.appendix("other") == "Other", "the paper lists no such appendix"


@pytest.mark.parametrize(
    ("meeting", "withheld"),
    [("2015-09-16", "embargoed"), ("2015-11-04", "embargoed"), ("2015-11-05", ""), ("2015-11-06", "")],
)
def test_an_embargo_counts_until_its_release_date(meeting, withheld, edited, load):
    path, _ = edited(FILE, ("meeting_date: 2015-09-16", f"meeting_date: {meeting}"))
    parameters = load(path)
    assert parameters.withheld("drug_treatment") == withheld
    assert parameters.withheld("reoffending_cohorts") == "", "what is provisional is shown"
    assert parameters.withheld("recorded_crime") == ""


def test_what_is_suppressed_is_withheld_whenever_the_panel_meets(edited, load):
    path, _ = edited(FILE, ("status: provisional", "status: suppressed"))
    assert load(path).withheld("reoffending_cohorts") == "suppressed"
