"""Every kind of mistake in plan.yml: named with its line, and what to do."""

import pytest

from panelpack.config.plan import VERSION
from panelpack.config.plan_checks import load_plan
from panelpack.errors import ConfigurationError

PLAN = "params/plan.yml"
# What is wrong: before, after, how many lines below the edit's start the mistake stands, what is said of it.
MISTAKES = {
    # -------------------------------------------------------------------------- keys and types
    "unknown key": (
        "bedding_in_months: 12", "surprise: 12\nbedding_in_months: 12", 0,
        "surprise: there is no such key here. Remove it or correct its spelling.",
    ),
    "misspelt key": (
        "bedding_in_months: 12", "bedding_in_month: 12\nbedding_in_months: 12", 0,
        "bedding_in_month: there is no such key here. Did you mean 'bedding_in_months'?",
    ),
    "misspelt key inside": (
        "layout: {sheet: First", "layout: {shet: First", 0,
        "tables.first_time_entrants.layout.shet: there is no such key here. Did you mean 'sheet'?",
    ),
    "misspelt key in a list": (
        "    polarity: lower\n", "    polarty: lower\n", 0,
        "priorities.0.indicators.0.polarty: there is no such key here. Did you mean 'polarity'?",
    ),
    "missing key": ("bedding_in_months: 12\n", "", None, "bedding_in_months: this key is missing. Add it."),
    "missing key inside": (
        "    file: recorded_crime.csv\n", "", -1,
        "expected either `file` (one) or `files` (a pattern of several). Give one of them.",
    ),
    "key that stands twice": (
        "bedding_in_months: 12", "bedding_in_months: 12\nbedding_in_months: 50", 1,
        "'bedding_in_months' stands twice, first in line ",
    ),
    "table that stands twice": (
        "  victim_survey:\n    file", "  recorded_crime:\n    file", 0,
        "'recorded_crime' stands twice, first in line 17. Remove one.",
    ),
    "broken YAML": ("bedding_in_months: 12", "bedding_in_months: [12", None, "this is not YAML: "),
    "tab": (
        "bedding_in_months: 12", "\tbedding_in_months: 12", 0,
        "a tab stands at the beginning of the line, expected blanks.",
    ),
    "wrong type": (
        "bedding_in_months: 12", "bedding_in_months: many", 0,
        "bedding_in_months: 'many': input should be a valid integer",
    ),
    "out of range": (
        "bedding_in_months: 12", "bedding_in_months: -1", 0,
        "bedding_in_months: -1: input should be greater than or equal to 0.",
    ),
    "wrong year": (
        "baseline_year: 2012/13", "baseline_year: 2012/14", 0, "baseline_year: '2012/14' is not a financial year",
    ),
    # ---------------------------------------------------------------------- from how many on a number is shown
    "threshold at its old place": (
        "bedding_in_months: 12", "minimum_base: 100\nbedding_in_months: 12", 0,
        "minimum_base: there is no such key here. It is called 'disclosure.reported.fewest' now. Rename it.",
    ),
    "threshold that hides one number": (
        "people: {fewest: 5", "people: {fewest: 2", 0,
        "found 2, which hides the number 1 alone, so that a hidden cell says what it is. Write 1 to hide nothing, or 3",
    ),
    "threshold without authority": (
        "people: {fewest: 5, authority: The office's own rule}", "people: {fewest: 5}", 0,
        "disclosure.people.authority: this key is missing. Add it (who set it, or what it rests on).",
    ),
    "points that need more than a figure": (
        "shown: {fewest: 30", "shown: {fewest: 101", 0, "found 101, more than the 100 of a figure that is reported.",
    ),
    "people that are no count": (
        "    table: savings\n", "    table: savings\n    people: true\n", 1,
        "`people` is for the kind count, stock, share and rate, found money. Remove it, or change the kind.",
    ),
    # ----------------------------------------------------------------------------- the version
    "no version": ("version: 1\n", "", None, "version: this key is missing. Add it (version of the shape of this"),
    "later version": (
        "version: 1\n", "version: 2\n", 0,
        "version: 2: this software reads version 1. Bring the file up to date by CHANGELOG.md, or use the release that "
        "the file was written for.",
    ),
    "version that is no number": ("version: 1\n", "version: one\n", 0, "version: 'one': input should be a valid"),
    # ------------------------------------------------------------------------- what makes a verdict sure
    "nothing is material": (
        "bedding_in_months: 12", "material: 0\nbedding_in_months: 12", 0, "material: 0: input should be",
    ),
    "redefined from a quarter": (
        "    table: first_time_entrants\n",
        "    table: first_time_entrants\n    redefined: [{from: 2014Q1, reason: Cautions count too.}]\n", 1,
        "series.first_time_entrants.redefined.0.from: '2014Q1': ",
    ),
    "movement without its reason": (
        "bedding_in_months: 12", "ordinary: {spreads: [{years: 1, percent: 9}]}\nbedding_in_months: 12", 0,
        "ordinary.reason: this key is missing. Add it.",
    ),
    # ----------------------------------------------------------------------------- words and sources
    "word without a meaning": (
        "bedding_in_months: 12", "glossary: {Gold Group: {also: [Gold]}}\nbedding_in_months: 12", 0,
        "glossary.Gold Group.meaning: this key is missing. Add it.",
    ),
    "word that is none": (
        "bedding_in_months: 12", "glossary: {'--': {meaning: Nothing.}}\nbedding_in_months: 12", 0,
        "found the word '--', expected letters or digits. Write the word that is explained.",
    ),
    "words with one anchor": (
        "bedding_in_months: 12",
        "glossary:\n  Gold Group: {meaning: A.}\n  gold-group: {meaning: B.}\nbedding_in_months: 12", 2,
        "'gold-group' has the anchor of 'Gold Group', expected words that differ. Remove one.",
    ),
    "form of two words": (
        "bedding_in_months: 12",
        "glossary:\n  STORM: {meaning: A.}\n  COMPACT: {meaning: B., also: [storm]}\nbedding_in_months: 12", 2,
        "the form 'storm' stands twice, first of 'STORM'. Remove one.",
    ),
    "grade without its month": (
        "    file: recorded_crime.csv\n",
        "    file: recorded_crime.csv\n    data_integrity: {grade: Good, by: An inspectorate}\n", 1,
        "tables.recorded_crime.data_integrity.published: this key is missing. Add it (the month in which the grade was",
    ),
    "grade of no month": (
        "    file: recorded_crime.csv\n",
        "    file: recorded_crime.csv\n    data_integrity: {grade: Good, by: An inspectorate, published: 2014}\n", 1,
        "tables.recorded_crime.data_integrity.published: 2014 is read as a number, expected a text.",
    ),
    "limits that are no list": (
        "    file: recorded_crime.csv\n", "    file: recorded_crime.csv\n    limits: Crime that is not reported.\n", 1,
        "tables.recorded_crime.limits: found a single value, expected a list. Correct it.",
    ),
    # ------------------------------------------------------------------------------- the tables
    "unknown kind of column": (
        "      incidents: count\n", "      incidents: number\n", 0,
        "tables.night_time_economy.columns.incidents: 'number': input should be 'month'",
    ),
    "table without a period": (
        "    columns:\n      month: month\n      incidents", "    columns:\n      month: text\n      incidents", 0,
        "no column says of when a row is: a month, quarter, half or year, or a date. Say which one does.",
    ),
    "unknown key column": (
        "    key:\n    - month\n    - offence\n", "    key:\n    - month\n    - crime\n", 0,
        "key column 'crime' is not among the columns.",
    ),
    # ------------------------------------------------------------------------------- the series
    "unknown table": (
        "    table: first_time_entrants\n", "    table: entrants\n", 0,
        "there is no table 'entrants'; expected one of recorded_crime, victim_survey, ",
    ),
    "unknown value column": (
        "    value: First time entrants\n", "    value: Entrants\n", 0,
        "table 'first_time_entrants' has no column 'Entrants'; it has Quarter, Area, First time entrants.",
    ),
    "unknown column in where": (
        "    where:\n      Area: Moorland", "    where:\n      Region: Moorland", 0,
        "table 'first_time_entrants' has no column 'Region'; it has Quarter, Area, First time entrants.",
    ),
    "unknown base column": (
        "    value: satisfied\n    base: respondents\n", "    value: satisfied\n    base: asked\n", 1,
        "table 'victim_survey' has no column 'asked'",
    ),
    "unknown column of an aggregate": (
        "    value:\n      how: distinct\n      column: person",
        "    value:\n      how: distinct\n      column: people", 0,
        "table 'missing_people' has no column 'people'",
    ),
    "base without population": (
        "    population: victims of racist incidents and hate crime\n", "", -2,
        "a series with a base needs `population`: who or what the base counts.",
    ),
    "month that is none": (
        "    began: 2014-01\n", "    began: 2014-13\n", 0, "series.night_time_economy.began: '2014-13': string should",
    ),
    "period of a chart that is none": (
        "    limits_until: 2013-03\n", "    limits_until: 2013-3\n", 0,
        "series.theft_from_person.limits_until: '2013-3': string should match",
    ),
    "limits that end after new ones start": (
        "    rebase:\n    - from: 2013-04\n", "    limits_until: 2013-04\n    rebase:\n    - from: 2013-04\n", 0,
        "`limits_until` is 2013-04, but new limits start at 2013-04. End it sooner, or write it under ",
    ),
    "limits of a rebase that end after the next one starts": (
        "    - from: 2014-01\n      reason: The level moved then.\n",
        "    - from: 2014-01\n      limits_until: 2014-12\n      reason: The level moved then.\n"
        "    - from: 2014-06\n      reason: And then.\n", 1,
        "`limits_until` is 2014-12, but new limits start at 2014-06.",
    ),
    "limits that start after new ones do": (
        "    rebase:\n    - from: 2013-04\n", "    limits_from: 2014-04\n    rebase:\n    - from: 2013-04\n", 0,
        "`limits_from` is 2014-04, but new limits start at 2013-04. Start it sooner.",
    ),
    "limits that end before they start": (
        "    limits_until: 2013-03\n", "    limits_from: 2013-05\n    limits_until: 2013-03\n", 1,
        "`limits_until` is 2013-03, before 2013-05, where its limits start.",
    ),
    "new limits out of order": (
        "    - from: 2014-01\n", "    - from: 2014-04\n      reason: Later.\n    - from: 2014-01\n", None,
        "the rebases start at 2014-04, 2014-01. Put them in the order of time, each once.",
    ),
    "new limits whose reason nobody wrote": (
        "      reason: The level moved then.\n", '      reason: "..."\n', 0,
        "`reason` is '...'. Write the change that is the reason.",
    ),
    "two polarities on one chart": (
        "  - id: SP01.quarter\n    title: ", "  - id: SP01.other\n    title: Again\n    series: offending_18_24\n"
        "    polarity: higher\n    compare:\n      latest: quarter\n  - id: SP01.quarter\n    title: ", None,
        "its chart can have one polarity, but SP02.offending_18_24 says lower, SP01.other says higher. Give ",
    ),
    "first month of all limits that is none": (
        "bedding_in_months: 12", "limits_from: spring\nbedding_in_months: 12", 0, "limits_from",
    ),
    # ------------------------------------------------------------------------ names and references
    "unknown series": (
        "    series: offending_18_24\n", "    series: offending\n", 0,
        "there is no series 'offending'. Correct the name or add the series.",
    ),
    "unknown baseline series": (
        "    baseline_series: savings_required\n", "    baseline_series: savings\n", 0,
        "there is no series 'savings'. Correct the name or add the series.",
    ),
    "unknown period": (
        "      baseline: quarter-1\n", "      baseline: week-1\n", 0,
        "priorities.0.measures.0.compare.baseline: 'week-1' is not a period: expected one of ",
    ),
    "shift that would be ignored": (
        "      latest: position\n", "      latest: lytd-1\n", 0,
        "priorities.10.indicators.0.compare.latest: 'lytd-1': lytd takes no shift; month, quarter, ",
    ),
    "unknown footnote of an indicator": (
        "    footnotes:\n    - cohort_in_prison", "    footnotes:\n    - prison", 0,
        "there is no footnote 'prison'. Add it under `footnotes`.",
    ),
    "unknown footnote of a box": (
        "  footnotes:\n  - cohort_at_risk", "  footnotes:\n  - risk", 0, "there is no footnote 'risk'.",
    ),
    "unknown update": (
        "  update: SP02\n", "  update: SP99\n", 0, "there is no update 'SP99'; expected one of SP01, SP02, SP03, ",
    ),
    "two figures of one id": (
        "  - id: SP02.reoffending_18_24\n", "  - id: SP02.offending_18_24\n", 0,
        "the id 'SP02.offending_18_24' is used twice.",
    ),
    "two updates of one id": ("- id: SP02\n  number: 2", "- id: SP01\n  number: 2", 0, "the id 'SP01' is used twice."),
    "figure of another box": (
        "  - id: SP02.reoffending_18_24\n", "  - id: SP03.reoffending_18_24\n", 0,
        "the id 'SP03.reoffending_18_24' does not start with its priority's id 'SP02'.",
    ),
    "id that is none": (
        "  - id: SP02.reoffending_18_24\n", "  - id: reoffending\n", 0,
        "priorities.1.indicators.1.id: 'reoffending': string should match",
    ),
    # --------------------------------------------------------------------------------- the rules
    "unknown rule": (
        "    rule: significance\n", "    rule: significant\n", 0,
        "priorities.0.indicators.0.rule: 'significant': there is no such rule, expected one of significance, "
        "printed_precision, projection, target, bands, grade, assessment, none.",
    ),
    "rule that does not fit the kind": (
        "    rule: significance\n", "    rule: printed_precision\n", 0,
        "the rule 'printed_precision' does not fit the kind 'count'; it fits share.",
    ),
    "rule without a series": (
        "    series: reoffending_18_24\n", "", 3, "the rule 'significance' needs a series.",
    ),
    "rule without a baseline": (
        "      baseline: lytd\n      latest: ytd\n    rule: significance\n",
        "      latest: ytd\n    rule: significance\n", -5,
        "the rule 'significance' needs a baseline period under `compare`.",
    ),
    "scored without a polarity": (
        "    polarity: lower\n    series: all_crime\n", "    polarity: neither\n    series: all_crime\n", 0,
        "the rule 'projection' needs the polarity lower or higher.",
    ),
    "projection without a year": (
        "    projection_year: 2016/17\n", "", -8, "the rule 'projection' needs `projection_year`. Add it.",
    ),
    "year without a projection": (
        "    rule: projection\n    projection_year", "    rule: significance\n    projection_year", -7,
        "`projection_year` is for the rule 'projection', found 'significance'. Remove it, or change the rule.",
    ),
    "scored series without a rule": (
        "    rule: projection\n    projection_year: 2016/17\n", "    rule: none\n", 0,
        "a scored indicator with a series needs a rule. Give one, or set `scored: false`.",
    ),
    # --------------------------------------------------------------------- what is set side by side
    "a quarter against a year": (
        "    series: all_crime\n    compare:\n      baseline: baseline_year\n      latest: rolling_12_months\n",
        "    series: all_crime\n    compare:\n      baseline: baseline_year\n      latest: quarter\n", 1,
        "quarter is a quarter and baseline_year 12 months: a count is compared over periods of equal length. Name",
    ),
    "the year to date against a year": (
        "    series: all_crime\n    compare:\n      baseline: baseline_year\n      latest: rolling_12_months\n",
        "    series: all_crime\n    compare:\n      baseline: financial_year-1\n      latest: ytd\n", 1,
        "ytd is the year to date and financial_year-1 12 months: a count is compared over periods of equal length.",
    ),
    "a count of decimals": (
        "      month: month\n      incidents: count\n", "      month: month\n      incidents: decimal\n", None,
        "column 'incidents' is of the kind decimal, and a count needs a column of count. Name the kind of the series ",
    ),
    "series without compare": (
        "    series: all_crime\n    compare:\n      baseline: baseline_year\n      latest: rolling_12_months\n",
        "    series: all_crime\n", -3,
        "SP11.offences has a series but no `compare`. Say which periods it compares.",
    ),
    "unit of a figure whose series has one": (
        "    polarity: higher\n    series: satisfaction_hate_crime",
        "    unit: count\n    polarity: higher\n    series: satisfaction_hate_crime", 0,
        "its series says the kind and unit: percent. Remove it here.",
    ),
    "other baseline population without its meaning": (
        "    population_change: flag\n", "", -5,
        "`baseline_series` and `population_change` belong together. Say what a changed population means.",
    ),
    "changed population of one series": (
        "    series: all_crime\n", "    series: all_crime\n    population_change: flag\n", -3,
        "`baseline_series` and `population_change` belong together. Say what a changed population means.",
    ),
}  # fmt: skip


@pytest.mark.parametrize("mistake", MISTAKES.values(), ids=MISTAKES)
def test_a_mistake_is_named_with_its_line(mistake, check_mistake):
    check_mistake(load_plan, PLAN, *mistake)


def test_several_mistakes_are_listed_at_once_in_the_order_of_their_lines(edited, mistakes_of):
    path, _ = edited(
        PLAN,
        ("    series: reoffending_18_24\n", "    series: reoffending\n"),
        ("    - cohort_in_prison\n", "    - prison\n"),
        ("    table: night_time_economy\n", "    table: night\n"),
    )
    found = mistakes_of(load_plan, path)
    lines = [line for line, _ in found]
    assert len(found) == 3 and lines == sorted(lines)
    assert all(name in said for name, (_, said) in zip(("'night'", "'prison'", "'reoffending'"), found, strict=True))


def test_the_plan_of_this_version_is_read(project):
    plan = load_plan(project.root / "params/plan.yml")
    assert plan.version == VERSION == 1
    assert plan.priority("SP14B").title == "To reduce Theft of Motor Vehicles"
    with pytest.raises(ConfigurationError) as caught:
        plan.priority("SP99")
    assert str(caught.value).startswith("params/plan.yml: there is no priority 'SP99'; expected one of SP01, SP02, ")


def test_what_a_plan_leaves_out_follows_from_the_series(project):
    plan = load_plan(project.root / "params/plan.yml")
    figures, series = plan.figures, plan.series
    assert [
        plan.form(figures[name]).unit for name in ("SP01.quarter", "SP14A.satisfaction_on_year", "SP07.awareness")
    ] == [
        "count",
        "percent",
        None,
    ]
    assert [plan.periodicity(series[name]) for name in ("robbery", "missing_people_of_quarter", "savings_found")] == [
        "month",
        "quarter",
        "date",
    ]
    assert plan.polarity("shoplifting") == "lower" and plan.polarity("missing_reports_of_quarter") == "lower"
    assert plan.polarity("satisfaction_theft_of_vehicle") == "neither", "no figure reads it but as a baseline"
    assert plan.parameter_lists == {"key_locations"}


def test_a_measure_that_states_no_polarity_takes_none_away_from_an_indicator(project_copy):
    text = (project_copy.root / "params/plan.yml").read_text(encoding="utf-8")
    assert load_plan(project_copy.root / "params/plan.yml").polarity("offending_18_24") == "lower"
    silent = "  - id: SP01.other\n    title: Again\n    series: offending_18_24\n    compare:\n      latest: quarter\n"
    at = text.index("  - id: SP01.quarter\n")
    (project_copy.root / "params/plan.yml").write_text(text[:at] + silent + text[at:], encoding="utf-8")
    plan = load_plan(project_copy.root / "params/plan.yml")
    assert list(plan.figures).index("SP01.other") < list(plan.figures).index("SP02.offending_18_24")
    assert plan.polarity("offending_18_24") == "lower"


@pytest.mark.parametrize(
    ("written", "month"),
    [("", None), ("limits_from: baseline_year\n", "2012-04"), ("limits_from: 2013-07\n", "2013-07")],
)
def test_the_plan_may_say_from_which_month_every_chart_has_its_limits(project_copy, written, month):
    text = (
        (project_copy.root / "params/plan.yml")
        .read_text(encoding="utf-8")
        .replace("bedding_in_months: 12\n", f"{written}bedding_in_months: 12\n")
    )
    (project_copy.root / "params/plan.yml").write_text(text, encoding="utf-8")
    assert load_plan(project_copy.root / "params/plan.yml").first_fixing_month == month
