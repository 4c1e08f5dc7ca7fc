"""What passes the checks of the plan alone and breaks later is a sentence; what can be made is made."""

import pytest

from panelpack.config.configuration import Configuration
from panelpack.indicators.rehearsal import find_failures
from panelpack.intake.tables import earlier_tables
from panelpack.periods import month_range
from panelpack.plausibility.queries import find_queries
from panelpack.validation.raw_data import check_raw_data
from planting import cells, plant, without_revisions
from running import by_turns

HUGE = "9" * 15
CENTURY = "".join(f"{month},{900 + place % 97}\n" for place, month in enumerate(month_range("1914-01", "2015-06")))


@pytest.fixture
def rehearse(project_copy, quarter):
    """Return a function that changes a file of an office without suites, and gives what is wrong with it."""

    def run(name, change):
        for path in project_copy.expectations.glob("*.json"):
            path.unlink()
        without_revisions(project_copy)
        plant(project_copy, name, change)
        office = Configuration.read(project_copy, quarter)
        checked = check_raw_data(office)
        return checked.failures or find_failures(office) or find_queries(office, checked.tables, earlier_tables(office))

    return run


@pytest.mark.parametrize(
    ("name", "change"),
    by_turns(
        [
            ("recorded_crime.csv", cells("offences", HUGE)),
            ("recorded_crime.csv", cells("offences", HUGE, month="2015-06")),
            ("recorded_crime.csv", cells("offences", "0")),
            ("recorded_crime.csv", cells("offences", "100")),
            ("recorded_crime.csv", cells("offences", "-7", month=["2015-05", "2015-06"])),
            ("recorded_crime.csv", lambda text: f"{text}2015-06,a\x07b\x1b[31m,5\n"),
            ("recorded_crime.csv", lambda text: f"{text}2015-06,{'x' * 10_000},5\n"),
            ("recorded_crime.csv", lambda text: f"{text}9999-12,robbery,5\n"),
            ("victim_survey.csv", cells("respondents", "0")),
            ("victim_survey.csv", cells("satisfied", "5000")),
            ("victim_survey.csv", cells("satisfied", "-5")),
            ("victim_survey.csv", cells("respondents", HUGE)),
            ("savings.csv", cells("as_at", "1600-01-01")),
            ("savings.csv", cells("as_at", "0001-01-01")),
            ("savings.csv", cells("gbp_million", HUGE)),
            ("savings.csv", lambda text: "".join(text.splitlines(keepends=True)[:2])),
            ("night_time_economy.csv", lambda text: f"{text.splitlines()[0]}\n{CENTURY}"),
            ("night_time_economy.csv", cells("incidents", "900")),
            ("night_time_economy.csv", lambda text: f"{text.splitlines()[0]}\n2015-06,900\n"),
            ("night_time_economy.csv", lambda text: f"{text}0001-01,900\n"),
            ("drug_treatment.csv", lambda text: f"{text}0001Q1,5,5\n"),
            ("reoffending_cohorts.csv", lambda text: f"{text}0001Q1,aged_18_24,offending,150,10\n"),
        ]
    ),
)
def test_odd_data_end_in_sentences(rehearse, name, change):
    for found in rehearse(name, change):
        words = found if isinstance(found, str) else found.words
        assert words.rstrip().endswith(".") and "Traceback" not in words and len(words) < 2500


@pytest.mark.parametrize(
    ("name", "change", "figure"),
    [
        ("recorded_crime.csv", cells("offences", HUGE, month="2015-06"), "SP1"),
    ],
)
def test_a_figure_that_cannot_be_made_is_named(rehearse, name, change, figure):
    assert any(words.startswith(f"params/plan.yml: the figure {figure}") for words in rehearse(name, change))


def test_more_answers_than_people_asked_are_told_where_they_stand(rehearse):
    words = rehearse("victim_survey.csv", cells("satisfied", "5000"))
    assert any("victim_survey.csv, " in said and "expected a part of its base" in said for said in words)


@pytest.mark.parametrize("period", ["0001Q1", "0999Q4"])
def test_a_year_before_the_first_is_no_quarter(rehearse, period):
    (words,) = rehearse("drug_treatment.csv", lambda text: f"{text}{period},5,5\n")
    assert "column 'quarter', row 11" in words and "not a quarter" in words
