"""The sheet of a second reader: warnings, movements, arrivals and assumptions of the made-up office's quarter."""

import re
from dataclasses import replace

import pandas as pd
import pytest

from page_blocks import EMBARGOED
from panelpack.indicators.last_pack import LastPack
from panelpack.pages.reviewing import arrivals, charts, movements, sheet, warnings
from panelpack.rules.verdict import DETERIORATED, IMPROVED, NOT_ASSESSED


@pytest.fixture(scope="module")
def report(quarter_report):
    return quarter_report


@pytest.fixture
def last(report, monkeypatch):
    """Return a function that gives the pack of the quarter before, made of this one's results with some changed."""

    def give(**changes):
        of = {one.indicator: replace(one, **changes) for one in report.indicators()}
        before = LastPack(report.quarter.shift(-1), of)
        monkeypatch.setattr(movements, "read_last_pack", lambda office: before)
        return before

    return give


def test_every_verdict_that_something_speaks_against_is_named_with_its_box(report):
    found = warnings.warnings_table(report)
    boxes = {box for cell in found["boxes"] for box in cell.split(";") if box}
    unsure = {r.priority for r in report.indicators() if r.scored and r.how_sure not in ("", "clear", "steady")}
    assert unsure and unsure <= boxes
    assert list(found.columns) == warnings.WARNINGS and found["matter"].str.len().min() > 10


def test_what_touches_a_verdict_of_change_stands_before_what_is_no_change(report):
    kinds = list(warnings.warnings_table(report)["kind"])
    unchanged = [place for place, kind in enumerate(kinds) if kind.startswith("No change")]
    assert unchanged == list(range(len(kinds) - len(unchanged), len(kinds)))


def test_a_base_near_the_fewest_that_are_reported_is_small_and_one_far_above_is_not(report, monkeypatch):
    result = next(one for one in report.indicators() if one.latest is not None)
    fewest = report.plan.disclosure.reported.fewest
    for base, expected in ((fewest + 1, 1), (2 * fewest, 0)):
        monkeypatch.setattr(report, "indicators", lambda base=base: [replace(result, latest_base=base)])
        found = warnings.warnings_table(report)
        assert (found["kind"] == "Small base").sum() == expected


def test_a_restated_figure_without_a_reason_is_a_warning(report, monkeypatch):
    name = report.office.shown_tables[0]
    row = {"table": name, "key": "month 2015-01", "period": "2015-01", "column": "incidents"}
    lines = pd.DataFrame([row | {"old": "1", "new": "2", "reason": why} for why in ("", "Late records.")])
    monkeypatch.setattr(report, "restated", lambda table: lines if table == name else lines.iloc[:0])
    (said,) = warnings.warnings_table(report).query("kind == 'Restated without a reason'")["matter"]
    assert said == "1 of 2 restated figures have no reason in sources.yml."


def test_charts_that_flag_more_than_chance_would_are_told_and_those_that_do_not_are_not(report, monkeypatch):
    for flagged, expected in ((15, 2), (0, 0)):
        rows = [("a", "Thefts", 20, flagged, bool(flagged))] * 4
        table = pd.DataFrame(rows, columns=charts.SIGNALS)
        monkeypatch.setattr(warnings, "signal_counts", lambda report, table=table: table)
        assert (warnings.warnings_table(report)["kind"] == "Unusually many signals").sum() == expected


def test_a_chart_is_counted_point_by_point_and_each_series_once(report):
    every = charts.signal_counts(report)
    assert len(every) > 5 and every["series"].is_unique
    assert (every["flagged"] <= every["points"]).all()
    name = every["series"].iloc[0]
    drawn = report.data.control_chart(name)
    assert every["flagged"].iloc[0] == ((drawn["special_cause"] != "") & (drawn["no_limits"] == "")).sum()


def test_without_a_pack_before_no_verdict_changed_and_only_the_year_before_is_compared(report, monkeypatch):
    monkeypatch.setattr(movements, "read_last_pack", lambda office: None)
    assert movements.changed_verdicts(report).empty
    assert set(movements.movers(report)["against"]) == {movements.YEAR_BEFORE}


def test_a_verdict_that_was_another_is_told_with_both(report, last):
    last(verdict=NOT_ASSESSED, word="", reason="")
    found = movements.changed_verdicts(report)
    assert len(found) == sum(one.scored and one.verdict != NOT_ASSESSED for one in report.indicators())
    assert set(found["before"]) == {"Not assessed"} and found["now"].ne("").all()


def test_the_figures_that_moved_most_come_first_and_only_periods_of_one_length_are_compared(report, last):
    last(latest_period="the months before", latest=50.0)
    found = movements.movers(report).query("against != @movements.YEAR_BEFORE")
    percents = [word for word in found["movement"] if word.endswith("%")]
    sizes = [abs(float(word.strip("+%").replace("−", "-").replace(",", ""))) for word in percents]
    assert 0 < len(percents) <= movements.MOST and sizes == sorted(sizes, reverse=True)
    to_date = [f.id for f in report.plan.figures.values() if f.compare and f.compare.latest == "year_to_date"]
    names = [movements.figure_name(report, report.result(name)) for name in to_date]
    assert not set(names) & set(found["figure"])


def test_a_baseline_of_the_same_period_that_was_another_is_a_warning(report, last):
    last(baseline=1.0)
    kinds = warnings.warnings_table(report)["kind"]
    known = sum(one.baseline is not None for one in report.indicators())
    assert (kinds == "Baseline is not that of the last pack").sum() == known


def test_a_table_that_may_not_be_shown_says_when_it_came_and_why_and_no_more(report):
    rows = {row["table"]: row for row in arrivals.arrivals_table(report).to_dict("records")}
    assert len(rows) == len(report.plan.tables)
    hidden = rows["drug treatment"]
    assert hidden["status"].startswith("embargoed, until 5 November 2015") and hidden["restated"] == ""
    assert hidden["received"] != "not received"


def test_every_assumption_has_an_owner(report):
    found = sheet.TABLES["assumptions"](report)
    assert len(found) > 5 and (found != "").all(axis=None)


def test_nothing_embargoed_and_no_unknown_number_is_in_any_table(report):
    made = sheet.tables(report)
    assert set(made) == {f"{sheet.FOLDER}/{name}.csv" for name in sheet.TABLES}
    text = "".join(table.to_csv(index=False) for table in made.values())
    assert EMBARGOED not in text and "98,765" not in text and not re.search(r"\bnan\b|\bNone\b", text)
    assert {IMPROVED, DETERIORATED}.isdisjoint(text.split(","))  # verdicts in words, not codes
