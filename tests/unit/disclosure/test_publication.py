"""Reading for publication: nothing withheld, nothing finer than may be shown, and figures as they were."""

import pandas as pd
import pytest

from made_tables import exact_of, office_of, table_of
from panelpack.disclosure.publication import prepare_series, publish, read_published
from panelpack.disclosure.quoting import fewest_quoted, number_words, shows_cells, without_small
from panelpack.disclosure.restated import _masked
from panelpack.disclosure.thresholds import is_reported
from panelpack.errors import SourceError
from panelpack.indicators.compute import compute_every
from panelpack.indicators.quarter_data import SERIES_FOLDER, TOTALS_FOLDER, read_prepared, save_series
from panelpack.periods import key_range
from panelpack.rules.verdict import PeriodTotal

OF_CHARTS = {
    "mean",
    "level",
    "signal",
    "variation",
    "assurance",
    "adjusted",
    "low",
    "low_period",
    "high",
    "high_period",
}


def test_a_withheld_table_is_refused_where_it_is_read(office):
    with pytest.raises(SourceError, match="table 'drug_treatment' is embargoed: nothing of it may be read"):
        read_published(office, "drug_treatment")
    assert "drug_treatment" not in prepare_series(office).points


def test_figures_are_those_of_the_exact_points(data, exact_data, results):
    assert len(data.protected) >= 2
    for figure in compute_every(exact_data):
        shown = results[figure.indicator]
        of_chart = OF_CHARTS & set(vars(figure))
        assert {name: value for name, value in vars(shown).items() if name not in of_chart} == {
            name: value for name, value in vars(figure).items() if name not in of_chart
        }, figure.indicator


def test_nothing_finer_is_written_than_may_be_shown(project_copy, quarter, office):
    prepared = prepare_series(office)
    copied = office.__class__.read(project_copy, quarter)
    save_series(copied, prepared)
    folder = project_copy.processed(quarter)
    survey = pd.read_csv(folder / SERIES_FOLDER / "victim_survey.csv")
    assert (survey["base"] >= 30).all()
    assert set(survey["period"][survey["series"] == "satisfaction_theft_of_vehicle"]) == {"2012/13"}
    totals = pd.read_csv(folder / TOTALS_FOLDER / "victim_survey.csv")
    assert "points" not in totals and (totals["base"].isna() == totals["withheld"].notna()).all()
    again = read_prepared(copied)
    for series, period in totals[["series", "period"]].itertuples(index=False):
        assert again.total(series, period) == (prepared_total := again.total(series, period))
        assert prepared_total is None or prepared_total.points == ()


@pytest.mark.parametrize(("asked", "people", "is_shown"), [(99, False, False), (100, False, True)])
def test_a_reported_share_needs_its_responses(asked, people, is_shown):
    office = office_of(table_of(columns=("asked", "n")), {"s": {"value": "n", "base": "asked"}})
    total = PeriodTotal(50, "w", asked / 2, asked, kind="share")
    assert is_reported(total, office.plan.series["s"], office.plan) is is_shown


@pytest.mark.parametrize(("count", "is_shown"), [(0, True), (1, False), (4, False), (5, True)])
def test_a_figure_of_a_few_people_is_none(count, is_shown):
    office = office_of(table_of(), {"s": {"value": "n", "people": True}})
    assert is_reported(PeriodTotal(count, "w", kind="count"), office.plan.series["s"], office.plan) is is_shown


def test_a_count_of_cases_is_shown_however_small():
    frame = pd.DataFrame({"when": key_range("2014-04", "2015-06"), "n": 1})
    office = office_of(table_of(), {"s": {"value": "n"}})
    assert len(publish(exact_of(frame, office), office).points["t"]) == 15


# --------------------------------------------------------------------------------------------------- single cells
def test_a_restated_cell_of_people_is_shown_where_it_is_a_point_and_was_none_of_a_few():
    office = office_of(table_of("month", "area"), {"s": {"value": "n", "people": True, "where": {"area": "A"}}})
    changes = pd.DataFrame(
        [
            ("t", "when 2015-04, area A", "2015-04", "n", "9", "8", ""),
            ("t", "when 2015-05, area A", "2015-05", "n", "3", "9", ""),
            ("t", "when 2015-06, area A", "2015-06", "n", "9", "3", ""),
            ("t", "when 2015-04, area B", "2015-04", "n", "40", "41", ""),
        ],
        columns=["table", "key", "period", "column", "old", "new", "reason"],
    )
    points = pd.DataFrame({"series": "s", "period": ["2015-04", "2015-05"]})
    masked = _masked(changes, "t", points, office)
    assert masked[["old", "new"]].to_numpy().tolist() == [["9", "8"], ["[c]", "9"], ["[c]", "[c]"], ["[c]", "[c]"]]


@pytest.mark.parametrize(
    ("words", "shown"), [("'4'", "a small number"), ("'5'", "'5'"), ("'0'", "'0'"), ("'x4'", "'x4'")]
)
def test_a_message_repeats_no_number_of_a_few(words, shown):
    assert without_small(words, 5) == shown


def test_of_a_table_of_answers_a_message_repeats_numbers_from_the_threshold_of_answers_on(office):
    names = ("victim_survey", "first_time_entrants", "recorded_crime")
    assert [fewest_quoted(office.plan, name) for name in names] == [30, 5, 0]
    assert number_words(29, office.plan, "victim_survey") == "a small number"
    assert number_words(29, office.plan, "recorded_crime") == "29"


def test_single_cells_are_shown_of_public_tables_of_cases_alone(office):
    shown = {name for name in office.plan.tables if shows_cells(office, name)}
    assert "recorded_crime" in shown and not shown & {"victim_survey", "missing_people", "drug_treatment"}
