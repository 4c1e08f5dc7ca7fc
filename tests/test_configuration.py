"""Every kind of mistake in params/: named with its file and line, and what to do."""

import re

import pytest

from panelpack.config.parameters import load_parameters
from panelpack.config.plan import load_plan
from panelpack.config.strict_yaml import MISTAKES_SHOWN
from panelpack.errors import ConfigurationError
from panelpack.periods import Quarter

QUARTER = Quarter.parse("2015Q1")


def edited(source, folder, *edits):
    """Copy a file with text replaced, each once; return the copy and the line where the first edit begins."""
    text = source.read_text(encoding="utf-8")
    line = None
    for before, after in edits:
        assert text.count(before) >= 1, f"{source.name} has no {before!r}"
        place = text.index(before)
        line = line or text[:place].count("\n") + 1
        text = text[:place] + after + text[place + len(before) :]
    path = folder / "params" / source.name
    path.parent.mkdir()
    (path.parent / "plan.yml").touch()  # marks the folder from which messages name files
    path.write_text(text, encoding="utf-8")
    return path, line


def complaint(load, *arguments):
    with pytest.raises(ConfigurationError) as caught:
        load(*arguments)
    return str(caught.value).splitlines()


# --------------------------------------------------------------------------------------------- the plan
# before, after, how many lines below the edit's start the mistake stands, what is said of it
PLAN = {
    "unknown key": (
        "minimum_base: 100", "minimum_bases: 100\nminimum_base: 100", 0,
        "minimum_bases: there is no such key here. Remove it or correct its spelling.",
    ),
    "unknown key inside": (
        "    file: asb_incidents.csv\n", "    file: asb_incidents.csv\n    sheets: 1\n", 1,
        "tables.asb_incidents.sheets: there is no such key here. Remove it or correct its spelling.",
    ),
    "missing key": ("minimum_base: 100\n", "", None, "minimum_base: this key is missing. Add it."),
    "missing key inside": (
        "    file: asb_incidents.csv\n", "", -1, "tables.asb_incidents.file: this key is missing. Add it.",
    ),
    "duplicate key": (
        "minimum_base: 100", "minimum_base: 100\nminimum_base: 50", 1,
        "'minimum_base' stands twice, first in line {first}. Remove one.",
    ),
    "duplicate table": (
        "  asb_incidents:\n    file", "  recorded_crime:\n    file", 0,
        "'recorded_crime' stands twice, first in line {recorded_crime}. Remove one.",
    ),
    "broken YAML": ("minimum_base: 100", "minimum_base: [100", None, "this is not YAML: "),
    "tab": ("minimum_base: 100", "\tminimum_base: 100", 0, "this is not YAML: "),
    "wrong type": (
        "minimum_base: 100", "minimum_base: many", 0, "minimum_base: 'many': input should be a valid integer",
    ),
    "out of range": (
        "minimum_base: 100", "minimum_base: 0", 0, "minimum_base: 0: input should be greater than or equal to 1.",
    ),
    "wrong year": (
        "baseline_year: 2012/13", "baseline_year: 2012/14", 0, "baseline_year: '2012/14': '2012/14' is not a financial",
    ),
    "unknown kind of column": (
        "{month: month, incidents: count}", "{month: month, incidents: number}", 0,
        "tables.asb_incidents.columns.incidents: 'number': input should be 'month'",
    ),
    "table without a period": (
        "{month: month, incidents: count}", "{month: text, incidents: count}", 0,
        "no column is a month, a quarter or a date. Say which one is.",
    ),
    "unknown key column": (
        "    key: [month, offence]", "    key: [month, crime]", 0, "key column 'crime' is not among the columns.",
    ),
    "unknown table": (
        "    table: first_time_entrants\n", "    table: entrants\n", 0,
        "there is no table 'entrants'; expected one of ",
    ),
    "unknown value column": (
        "    value: First time entrants\n", "    value: Entrants\n", 0,
        "table 'first_time_entrants' has no column 'Entrants'; it has Quarter, Area, First time entrants.",
    ),
    "unknown column in where": (
        "    where: {Area: Leicestershire and Rutland}", "    where: {Region: Leicestershire and Rutland}", 0,
        "table 'first_time_entrants' has no column 'Region'; it has Quarter, Area, First time entrants.",
    ),
    "unknown base column": (
        "    value: satisfied\n    base: respondents\n", "    value: satisfied\n    base: asked\n", 1,
        "table 'victim_survey' has no column 'asked'",
    ),
    "unknown column of an aggregate": (
        "value: {how: distinct, column: person}", "value: {how: distinct, column: people}", 0,
        "table 'missing_people' has no column 'people'",
    ),
    "base without population": (
        "    population: victims of all domestic offences\n", "", -2,
        "a series with a base needs `population`: who or what the base counts.",
    ),
    "month that is none": (
        "    began: 2014-01\n", "    began: 2014-13\n", 0, "series.night_time_economy.began: '2014-13': string should",
    ),
    "unknown series": (
        "        series: offending_18_24\n", "        series: offending\n", 0,
        "there is no series 'offending'. Correct the name or add the series.",
    ),
    "unknown baseline series": (
        "        baseline_series: satisfaction_domestic_violence\n", "        baseline_series: satisfaction\n", 0,
        "there is no series 'satisfaction'. Correct the name or add the series.",
    ),
    "unknown period": (
        "compare: {baseline: quarter-1, latest: quarter}", "compare: {baseline: week-1, latest: quarter}", 0,
        "compare.baseline: 'week-1': 'week-1' is not a period: expected one of ",
    ),
    "unknown footnote of an indicator": (
        "footnotes: [cohort_in_prison]", "footnotes: [prison]", 0,
        "there is no footnote 'prison'. Add it under `footnotes`.",
    ),
    "unknown footnote of a box": (
        "footnotes: [cohort_at_risk]", "footnotes: [risk]", 0, "there is no footnote 'risk'.",
    ),
    "unknown update": ("    update: SP02\n", "    update: SP99\n", 0, "there is no update 'SP99'; expected one of "),
    "two figures of one id": (
        "      - id: SP02.reoffending_18_24\n", "      - id: SP02.offending_18_24\n", 0,
        "the id 'SP02.offending_18_24' is used twice.",
    ),
    "two updates of one id": (
        "  - {id: SP02, number: 2", "  - {id: SP01, number: 2", 0, "the id 'SP01' is used twice.",
    ),
    "figure of another box": (
        "      - id: SP02.reoffending_18_24\n", "      - id: SP03.reoffending_18_24\n", 0,
        "the id 'SP03.reoffending_18_24' does not start with its priority's id 'SP02'.",
    ),
    "id that is none": (
        "      - id: SP02.reoffending_18_24\n", "      - id: reoffending\n", 0,
        "id: 'reoffending': string should match",
    ),
    "unknown rule": (
        "        rule: significance\n", "        rule: significant\n", 0, "rule: 'significant': input should be",
    ),
    "rule that does not fit the unit": (
        "        rule: significance\n", "        rule: printed_precision\n", 0,
        "the rule 'printed_precision' does not fit the unit 'count'; it fits percent.",
    ),
    "unit that does not fit the series": (
        "        unit: percent\n        polarity: higher\n        series: satisfaction_hate_crime",
        "        unit: count\n        polarity: higher\n        series: satisfaction_hate_crime", 0,
        "the unit 'count' does not fit series 'satisfaction_hate_crime': percent needs a base.",
    ),
    "rule without a series": (
        "        series: reoffending_18_24\n", "", 1, "the rule 'significance' needs a series.",
    ),
    "series without compare": (
        "        series: all_crime\n        compare: {baseline: baseline_year, latest: rolling_12_months}\n",
        "        series: all_crime\n", -4,
        "SP11.offences has a series but no `compare`. Say which periods it compares.",
    ),
    "rule without a baseline": (
        "        compare: {baseline: baseline_year, latest: rolling_12_months}\n        rule: significance\n",
        "        compare: {latest: rolling_12_months}\n        rule: significance\n", -5,
        "the rule 'significance' needs a baseline period under `compare`.",
    ),
    "scored without a polarity": (
        "        unit: count\n        polarity: lower\n", "        unit: count\n        polarity: neither\n", 1,
        "a scored indicator with a rule needs the polarity lower or higher.",
    ),
    "projection without a year": (
        "        projection_year: 2016/17\n", "", -7,
        "the rule 'projection' and `projection_year` belong together. Add or remove one.",
    ),
    "year without a projection": (
        "        rule: projection\n        projection_year", "        rule: significance\n        projection_year", -6,
        "the rule 'projection' and `projection_year` belong together. Add or remove one.",
    ),
    "other baseline population without its meaning": (
        "        population_change: not_comparable\n", "", -6,
        "`baseline_series` and `population_change` belong together. Say what a changed population means.",
    ),
    "changed population of one series": (
        "        series: all_crime\n", "        series: all_crime\n        population_change: flag\n", -4,
        "population_change",
    ),
    "scored series without a rule": (
        "        rule: projection\n        projection_year: 2016/17\n", "        rule: none\n", None, "rule",
    ),
    "shift that would be ignored": (
        "{latest: position}}\n", "{latest: position-1}}\n", 0, "'position-1'",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("before", "after", "below", "expected"), PLAN.values(), ids=PLAN)
def test_a_mistake_in_the_plan(before, after, below, expected, project, tmp_path):
    path, line = edited(project.plan, tmp_path, (before, after))
    lines = project.plan.read_text(encoding="utf-8").splitlines()
    expected = expected.format(first=line, recorded_crime=lines.index("  recorded_crime:") + 1)
    messages = complaint(load_plan, path)
    found = [message for message in messages if expected in message]
    assert found, messages
    named = re.fullmatch(rf"params/{path.name}, line (\d+): .*", found[0])
    assert named, found[0]
    if below is not None:
        assert int(named[1]) == line + below, found[0]


def test_several_mistakes_are_listed_at_once_by_line(project, tmp_path):
    path, _ = edited(
        project.plan,
        tmp_path,
        ("        series: reoffending_18_24\n", "        series: reoffending\n"),
        ("footnotes: [cohort_in_prison]", "footnotes: [prison]"),
        ("    table: asb_incidents\n", "    table: asb\n"),
    )
    messages = complaint(load_plan, path)
    numbers = [int(re.match(r".*?, line (\d+): ", message)[1]) for message in messages]
    assert len(messages) == 3
    assert numbers == sorted(numbers)
    assert ["'asb'" in messages[0], "'prison'" in messages[1], "'reoffending'" in messages[2]] == [True] * 3


def test_mistakes_beyond_the_cap_are_counted(project, tmp_path):
    wrong = "\n".join(f"key_{number:02d}: 1" for number in range(MISTAKES_SHOWN + 2))
    path, _ = edited(project.plan, tmp_path, ("baseline_year:", f"{wrong}\nbaseline_year:"))
    messages = complaint(load_plan, path)
    assert len(messages) == MISTAKES_SHOWN + 1
    assert messages[-1] == "params/plan.yml: 2 more mistakes are not shown."


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (None, ": there is no such file. Create it."),
        (b"office: caf\xe9\n", ": the file is not UTF-8 text. Save it as UTF-8."),
        (b"", ", line 1: baseline_year: this key is missing. Add it."),
        (b"- 1\n", ", line 1: the file: input should be a valid dictionary or instance of Plan."),
    ],
    ids=["missing", "not UTF-8", "empty", "a list"],
)
def test_a_file_that_is_no_plan(content, expected, tmp_path):
    path = tmp_path / "plan.yml"
    if content is not None:
        path.write_bytes(content)
    assert complaint(load_plan, path)[0] == f"{path}{expected}"


def test_the_plan_itself_is_sound(project):
    plan = load_plan(project.plan)
    with pytest.raises(ConfigurationError) as caught:
        plan.priority("SP99")
    assert str(caught.value).startswith("params/plan.yml: there is no priority 'SP99'; expected one of SP01, SP02, ")


# --------------------------------------------------------------------------------------- the parameters
PARAMS = {
    "unknown key": (
        "marking: PUBLIC", "markings: PUBLIC\nmarking: PUBLIC", 0,
        "markings: there is no such key here. Remove it or correct its spelling.",
    ),
    "missing key": ("marking: PUBLIC\n", "", None, "marking: this key is missing. Add it."),
    "date that is none": (
        "meeting_date: 2015-09-16", "meeting_date: 16 September", 0, "meeting_date: '16 September': input should be",
    ),
    "meeting before the end of the quarter": (
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
    "embargo without a date": (
        "    release_date: 2015-11-05\n", "", -2, "an embargo needs a release_date. Add it.",
    ),
    "unknown table in availability": (
        "  drug_treatment:\n    status", "  drugs:\n    status", 0, "there is no table 'drugs' in the plan.",
    ),
    "missing assessment": (
        "  SP16.training:\n    assessment: no_change\n    board: Strategic Partnership Board executive group\n"
        "    note: The joint training programme is agreed and has yet to start.\n", "", None,
        "SP16.training has no assessment. Add it.",
    ),
    "missing list of categories": (
        "  key_locations:\n", "  locations:\n", None,
        "the plan picks the categories of 'key_locations', and there is no such list. Add it.",
    ),
    "assessment of what has another rule": (
        "  SP16.training:\n", "  SP11.offences:\n", 0,
        "SP11.offences is not an indicator whose rule is 'assessment'. Remove it.",
    ),
    "unknown assessment": (
        "assessment: no_change", "assessment: better", 0, "assessment: 'better': input should be 'improved'",
    ),
    "name of a person's key": (
        "  - {role: Performance", "  - {name: someone, role: Performance", 0, "name: there is no such key here.",
    ),
    "duplicate assessment": (
        "  SP04.asb_families:\n", "  SP04.reoffending_families:\n", 0,
        "'SP04.reoffending_families' stands twice, first",
    ),
    "another quarter": ("quarter: 2015Q1", "quarter: 2014Q4", 0, "'2014Q4'"),
    "no quarter": ("quarter: 2015Q1", "quarter: 2015Q5", 0, "'2015Q5'"),
}  # fmt: skip


@pytest.mark.parametrize(("before", "after", "below", "expected"), PARAMS.values(), ids=PARAMS)
def test_a_mistake_in_the_parameters(before, after, below, expected, project, tmp_path):
    path, line = edited(project.params(QUARTER), tmp_path, (before, after))
    messages = complaint(load_parameters, path, QUARTER, load_plan(project.plan))
    found = [message for message in messages if expected in message]
    assert found, messages
    named = re.fullmatch(rf"params/{path.name}, line (\d+): .*", found[0])
    assert named, f"no file and line: {found[0]}"
    if below is not None:
        assert int(named[1]) == line + below, found[0]


@pytest.mark.parametrize("day", ["2015-06-30", "2015-07-01"])
def test_a_meeting_from_the_last_day_of_the_quarter_on_is_accepted(day, project, tmp_path):
    path, _ = edited(project.params(QUARTER), tmp_path, ("meeting_date: 2015-09-16", f"meeting_date: {day}"))
    assert str(load_parameters(path, QUARTER, load_plan(project.plan)).meeting_date) == day


def test_the_parameters_themselves_are_sound(project):
    params = load_parameters(project.params(QUARTER), QUARTER, load_plan(project.plan))
    assert params.title == "Quarter 1 2015/16 – Performance report"


# ------------------------------------------------------------------------------------------- what is shown
@pytest.mark.parametrize(
    ("meeting", "withheld"),
    [("2015-09-16", "embargoed"), ("2015-11-04", "embargoed"), ("2015-11-05", ""), ("2015-11-06", "")],
)
def test_an_embargo_counts_until_its_release_date(meeting, withheld, project, tmp_path):
    path, _ = edited(project.params(QUARTER), tmp_path, ("meeting_date: 2015-09-16", f"meeting_date: {meeting}"))
    params = load_parameters(path, QUARTER, load_plan(project.plan))
    assert params.withheld("drug_treatment") == withheld
    assert params.withheld("reoffending_cohorts") == ""  # provisional is shown
    assert params.withheld("recorded_crime") == ""
