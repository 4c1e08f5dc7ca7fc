"""The points of the series as they are published: what each is made of, a sign for what is hidden, nothing later."""

import dataclasses

import pandas as pd
import pytest

from panelpack.disclosure.points import GAP_COLUMNS
from panelpack.indicators.shown_series import SHOWN_COLUMNS, has_sheet, shown_series
from panelpack.shorthand import CONFIDENTIAL, NOT_APPLICABLE, NOT_AVAILABLE


@pytest.fixture(scope="module")
def shown(data):
    return shown_series(data, data.plan.series)


def changed(data, name, points=None, gaps=None):
    """Return the data with other points of a series, and with other gaps."""
    return dataclasses.replace(
        data,
        points=dict(data.points) | ({name: points} if points is not None else {}),
        gaps=data.gaps if gaps is None else pd.DataFrame(gaps, columns=GAP_COLUMNS, dtype=str),
    )


def of(data, name):
    return shown_series(data, [name]).set_index("period")


@pytest.fixture(scope="module")
def share(data):
    """A percentage that is worked out here, by month or quarter."""
    return next(
        name for name, spec in data.plan.series.items() if spec.kind == "share" and has_sheet(data, name) and spec.base
    )


@pytest.fixture(scope="module")
def monthly(data):
    return next(name for name, spec in data.plan.series.items() if spec.kind == "count" and data.grain(name) == "month")


def test_a_point_has_its_value_what_it_is_made_of_its_unit_and_its_supplier(shown, data, share):
    assert list(shown.columns) == SHOWN_COLUMNS
    rows = shown[shown["series"] == share]
    assert len(rows) == len(data.points[share])
    assert rows["value"].tolist() == pytest.approx((100 * rows["numerator"] / rows["base"]).tolist())
    assert set(rows["unit"]) == {"percent"} and set(rows["shorthand"]) == {""}
    assert set(rows["source"]) == {data.office.sources.by_table[data.plan.series[share].table].supplier}


def test_a_count_is_its_own_value(shown, data, monthly):
    rows = shown[shown["series"] == monthly]
    assert rows["value"].tolist() == data.points[monthly]["value"].tolist()
    assert rows["numerator"].isna().all() and rows["base"].isna().all() and set(rows["unit"]) == {"number"}
    assert rows["period_words"].iloc[0].split()[1] == rows["period"].iloc[0][:4]


def test_nothing_is_shown_of_what_comes_after_the_quarter(data, monthly):
    later = data.points[monthly].tail(1).assign(period="2099-01", value=9.0)
    assert "2099-01" not in of(changed(data, monthly, pd.concat([data.points[monthly], later])), monthly).index


@pytest.mark.parametrize(
    ("meaning", "sign"),
    [
        ("confidential", CONFIDENTIAL),
        ("suppressed", CONFIDENTIAL),
        ("missing", NOT_AVAILABLE),
        ("not_applicable", NOT_APPLICABLE),
    ],
)
def test_a_point_that_is_not_shown_has_a_sign_and_no_number(meaning, sign, data, monthly):
    gone, rest = data.points[monthly].iloc[3], data.points[monthly].drop(data.points[monthly].index[3])
    rows = of(changed(data, monthly, rest, [(monthly, gone["period"], meaning)]), monthly)
    assert rows.loc[gone["period"], "shorthand"] == sign
    assert rows.loc[gone["period"], ["value", "numerator", "base"]].isna().all()
    assert len(rows) == len(data.points[monthly])


def test_a_percentage_of_nobody_has_a_sign(data, share):
    points = data.points[share].copy()
    points.loc[points.index[2], ["value", "base"]] = 0
    row = of(changed(data, share, points), share).iloc[2]
    assert (row["shorthand"], row["base"]) == (NOT_APPLICABLE, 0) and pd.isna(row["value"])


def test_nothing_is_shown_of_what_is_withheld_or_of_too_few_answers(shown, data, share):
    withheld = {name for name, spec in data.plan.series.items() if data.office.withheld(spec.table)}
    assert withheld and not withheld & set(shown["series"])
    assert not [name for name in data.protected["series"] if not data.grain(name) and name in set(shown["series"])]
    few = data.points[share].assign(base=1.0, value=1.0)
    assert not has_sheet(changed(data, share, few), share)
