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
    "flag for review that is none": (
        "marking: PUBLIC\n", "marking: PUBLIC\nflags_for_review: [weather]\n", 1,
        "there is no flag 'weather'. Correct the name, or remove it.",
    ),
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
    "release date that is not set": (
        "release_date: 2015-11-05", "release_date:", 0,
        "release_date: not set yet. Write the day from which it may be shown, as in 2022-12-16.",
    ),
    "release date of what is awaited": (
        "status: embargoed", "status: awaited", 1, "release_date says nothing of a table that is awaited. Remove it,",
    ),
    "day that is expected of what is provisional": (
        "status: provisional", "status: provisional\n    expected: 2015-10-01", 1,
        "expected says nothing of a table that is provisional. Remove it,",
    ),
    "redacted by nobody": (
        "status: provisional", "status: redacted\n    until: the inquest ends", -1,
        "what is redacted needs 'by': by which role, and until when. Add it.",
    ),
    "redacted by a person": (
        "status: provisional", "status: redacted\n    until: 2016-01-01\n    by: a.b@c", 2,
        "availability.reoffending_cohorts.by: 'a.b@c': string should match pattern",
    ),
    "redacted for ever": (
        "status: provisional", "status: redacted\n    by: Chief Executive", -1,
        "what is redacted needs 'until': by which role, and until when. Add it.",
    ),
    "redacted until nothing": (
        "status: provisional", "status: redacted\n    by: Chief Executive\n    until:", 2,
        "until: not set yet. Write the day on which it ends, or what ends it in words.",
    ),
    "redacted until before the meeting": (
        "status: provisional", "status: redacted\n    by: Chief Executive\n    until: 2015-09-16", 2,
        "redacted until 16 September 2015, which is over at the meeting on 16 September 2015. Remove the entry,",
    ),
    "availability without a reason": (
        "    reason: Public Health England allows use inside the office only until "
        "the figures are released nationally, "
        "and nothing\n      may be said in public about what they show.", "    reason: ''", 0,
        "availability.drug_treatment.reason: '': string should have at least 1 character",
    ),
    "data due after the meeting": (
        "meeting_date: 2015-09-16", "meeting_date: 2015-09-16\ndata_due: 2015-09-17", 1,
        "the data are due after the meeting on 16 September 2015. Correct the date.",
    ),
    "data due that is not set": (
        "meeting_date: 2015-09-16", "meeting_date: 2015-09-16\ndata_due:", 1, "data_due: not set yet. Write ",
    ),
    "assessment that is not set": (
        "    assessment: no_change\n", "    assessment:\n", 0,
        "assessment: not set yet. Write improved, no_change or deteriorated, as the board says;",
    ),
    "next step due at the meeting": (
        "by: 2015-12-01", "by: 2015-09-16", 0,
        "SP14A.satisfaction: the next step is due by 16 September 2015, expected a day after the meeting on 16 Sept",
    ),
    "next step of nobody": (
        "    who: Head of the contact centre\n", "", -2,
        "SP14A.satisfaction: a next step needs what, who and by; found no who.",
    ),
    "next step of a person": (
        "who: Head of the contact centre", "who: 0116 496", 0, "next_steps.SP14A.satisfaction.who: '0116 496': string",
    ),
    "next step that is two": (
        "    who: Head of the contact centre\n", "    who: Head of the contact centre\n    paragraph: niche\n", -2,
        "SP14A.satisfaction: a next step is what, who and by, or the paragraph that says it. Remove one of the two.",
    ),
    "next step that is none": (
        "{paragraph: satisfaction-board}", "{}", 0,
        "SP07.satisfaction: nothing stands here, expected what, who and by,",
    ),
    "next step of no indicator": (
        "  SP14A.satisfaction:\n    what", "  SP14A.pride:\n    what", 0,
        "the plan has no scored indicator 'SP14A.pride', so it needs no next step. Correct the name.",
    ),
    "next step that is a word": (
        "{paragraph: satisfaction-board}", "soon", 0, "next_steps.SP07.satisfaction: found a single value, expected a",
    ),
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
    "embargo that ended before the quarter": (
        "release_date: 2015-11-05", "release_date: 2015-06-30", 0,
        "released on 30 June 2015, before 2015Q1 is over, so that it would hide nothing. Correct the date, or remove",
    ),
    "awaited on a day that is over": (
        "status: provisional", "status: awaited\n    expected: 2015-09-16", 1,
        "expected on 16 September 2015, which is over on 16 September 2015, the day of the edition. Say when it is",
    ),
    "data due before the quarter is over": (
        "meeting_date: 2015-09-16", "meeting_date: 2015-09-16\ndata_due: 2015-06-30", 1,
        "the data are due before 2015Q1 is over. Correct the date.",
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
    assert parameters.appendix("priorities") == "Priority pages (Appendix B)"
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


@pytest.mark.parametrize("more", ["suppressed", "awaited", "discontinued", "redacted"])
@pytest.mark.parametrize("meeting", ["2015-07-01", "2015-09-16", "2015-11-20"])
def test_what_hides_a_table_hides_it_whenever_the_panel_meets(more, meeting, edited, load):
    keys = "\n    by: Chief Executive\n    until: the inquest ends" if more == "redacted" else ""
    path, _ = edited(
        FILE, ("meeting_date: 2015-09-16", f"meeting_date: {meeting}"),
        ("status: provisional", f"status: {more}{keys}"),
    )  # fmt: skip
    parameters = load(path)
    assert parameters.withheld("reoffending_cohorts") == more
    assert parameters.not_supplied == ({"reoffending_cohorts"} if more in ("awaited", "discontinued") else set())


def test_of_what_is_redacted_it_is_said_by_whom_and_until_when(edited, load):
    path, _ = edited(FILE, ("status: provisional", "status: redacted\n    by: Chief Executive\n    until: 2016-02-01"))
    words = load(path).availability["reoffending_cohorts"].words
    assert words.endswith("being developed. Redacted by the Chief Executive until 1 February 2016.")
