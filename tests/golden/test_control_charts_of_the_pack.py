"""The control charts of this office's packs: few points flagged, by the rules, and each sentence true of its months."""

import re
from itertools import pairwise

import numpy as np
import pytest

from panelpack.config.configuration import Configuration
from panelpack.formats import Form
from panelpack.indicators.chart_titles import LONGEST_ALT, MOST_WORDS, alt_text, headline, note_words
from panelpack.indicators.chart_words import signal_runs, signal_words
from panelpack.indicators.quarter_data import data_of_raw_files
from panelpack.pages import control_charts
from panelpack.periods import Quarter
from panelpack.rendering.charts import Reference, run_chart
from picture_checking import check_pictures

QUARTERS = ("2014Q4", "2015Q1")


@pytest.fixture(scope="module")
def charts(real_project, need_paper_of):
    """Every control chart with points, by quarter and series."""
    need_paper_of("Leicestershire Police", "2015Q1")
    drawn = {}
    for label in QUARTERS:
        data = data_of_raw_files(Configuration.read(real_project, Quarter.parse(label)))
        names = dict.fromkeys(name for box in data.plan.priorities for name in box.series)
        for name in names:
            if name in data.points and data.office.periodicity(name) != "date":
                table = data.control_chart(name)
                if len(table) >= 3:
                    drawn[label, name] = table
    return drawn


@pytest.mark.parametrize("label", QUARTERS)
def test_fewer_than_a_fifth_of_the_points_are_flagged(charts, label):
    tables = [table for (quarter, _), table in charts.items() if quarter == label]
    points = sum(table["recorded"].notna().sum() for table in tables)
    limited = sum(table["lower"].notna().sum() for table in tables)
    flagged = sum((table["special_cause"] != "").sum() for table in tables)
    assert len(tables) > 25 and flagged > 20
    assert flagged / points < 0.2 and flagged / limited < 0.25
    assert limited / points > 0.7, "and that is not because hardly any chart has limits"


def test_every_flagged_run_has_its_sentence(charts):
    for key, table in charts.items():
        kind = table[["special_cause", "side", "segment"]]
        starts = (kind != kind.shift()).any(axis=1) & (table["special_cause"] != "")
        assert len(list(signal_runs(table, Form("count")))) == starts.sum(), key


def test_every_sentence_of_several_months_is_true_of_each(charts):
    counted = 0
    for key, table in charts.items():
        words = signal_words(table)
        if "than usual in " in words:
            named = len(re.findall("January|February|March|April|May|June", words.split(" (")[0])) or 1
            last = table.tail(named)
            assert (last["special_cause"] != "").all(), key
            assert set(last["side"]) == {"high" if words.startswith("higher") else "low"}, key
            counted += named > 1
    assert counted > 3


def test_every_chart_has_a_short_title_and_one_sentence_for_those_who_do_not_see_it(charts, real_project):
    for (label, name), table in charts.items():
        spec = Configuration.read(real_project, Quarter.parse(label)).plan.series[name]
        title, alt = headline(table, spec.title, spec.form), alt_text(table, spec.title, spec.form)
        assert len(title.split()) <= MOST_WORDS and len(alt) <= LONGEST_ALT, (label, name)


@pytest.mark.parametrize("label", QUARTERS)
def test_every_picture_of_the_quarter_is_whole(charts, real_project, label):
    """The extents of every mark and word of every chart, those of both quarters' shapes, on a page and a telephone."""
    plan = Configuration.read(real_project, Quarter.parse(label)).plan
    for (quarter, name), table in charts.items():
        if quarter == label:
            form = plan.series[name].form
            points = table.assign(label=[control_charts.label(key) for key in table["period"]])
            words = {"title": headline(table, plan.series[name].title, form), "subtitle": "", "alt": "A chart."}
            mean = float(points["recorded"].mean())
            reference = Reference(mean, "2012/13 average")
            check_pictures(run_chart(points, form=form, run=note_words(table, form), reference=reference, **words))


# ------------------------------------------------------------------- NHSRplotthedots' rules, written here anew
def runs(marks, length):
    return {
        place
        for start in range(len(marks) - length + 1)
        if all(marks[start : start + length])
        for place in range(start, start + length)
    }


def flagged_by_the_rules(values, mean, width):
    """The places that the four rules flag, from a mean and the distance of the limits from it."""
    places = set()
    for sign in (1, -1):
        above = [sign * (value - mean) for value in values]
        near = [2 / 3 * w < a <= w for a, w in zip(above, width, strict=True)]
        moves = runs([sign * (b - a) > 0 for a, b in pairwise(values)], 6)
        places |= {place for place, (a, w) in enumerate(zip(above, width, strict=True)) if a > w}
        places |= runs([a > 0 for a in above], 7) | moves | {place + 1 for place in moves}
        for start in range(len(values) - 2):
            three = range(start, start + 3)
            if sum(near[place] for place in three) >= 2 and min(above[place] for place in three) > 0:
                places |= {place for place in three if near[place]}
    return places


def test_every_flag_is_that_of_the_rules(charts):
    compared = 0
    for key, table in charts.items():
        for _, part in table.groupby("segment"):
            part = part.reset_index(drop=True)
            if part["no_limits"].iloc[0] or part["recorded"].isna().any():
                continue
            mean = part["mean"].iloc[0]
            width = np.maximum(part["upper"] - mean, mean - part["lower"])  # the one that 0 or 100 did not cut
            expected = flagged_by_the_rules(part["value"].tolist(), mean, width.tolist())
            assert set(np.flatnonzero(part["special_cause"] != "")) == expected, key
            compared += len(part)
    assert compared > 1000
