"""The rates of areas and what areas differ anyway, worked out here once more from the raw rows by the formulas."""

from math import asin, exp, log, sin, sqrt

import numpy as np
import pytest

import districts_office
from districts_office import DISTRICTS, LATEST, PLAN, QUARTER, make_districts_office
from panelpack.config.configuration import Configuration
from panelpack.indicators.area_rates import area_rates
from panelpack.indicators.quarter_data import data_of_raw_files
from panelpack.periods import Quarter

NEARLY = 1.959963984540054  # of a normal variable 95% lie so many standard deviations either side


def rates_of(folder, name, *, plan=PLAN, files=None):
    project = make_districts_office(folder, plan=plan, files=files)
    data = data_of_raw_files(Configuration.read(project, Quarter.parse(QUARTER)))
    return area_rates(data, data.plan.figures[name])


@pytest.fixture(scope="module")
def usual(tmp_path_factory):
    project = make_districts_office(tmp_path_factory.mktemp("districts"))
    data = data_of_raw_files(Configuration.read(project, Quarter.parse(QUARTER)))
    return lambda name: area_rates(data, data.plan.figures[name])


def latest(file, column, rows=None):
    """The sum of a column over the latest year, by area, from the rows of a file."""
    head, *lines = (line.split(",") for line in (rows or districts_office.tables()[file]))
    found = {}
    for when, area, *numbers in lines:
        if when in LATEST or when.startswith("2022Q"):
            found[area] = found.get(area, 0) + int(numbers[head.index(column) - 2])
    return found


def between(distances, chance):
    """Spiegelhalter's tau squared of areas, from their distances to the common level and what chance gives."""
    z = np.array(distances) / chance
    z = np.clip(z, *np.quantile(z, [0.1, 0.9]))
    phi, w, n = (z**2).mean(), 1 / np.array(chance) ** 2, len(z)
    return max(0.0, (n * phi - (n - 1)) / (w.sum() - (w**2).sum() / w.sum()))


@pytest.mark.parametrize(
    ("name", "file"), [("D1.crime", "crime.csv"), ("D1.rate", "crime.csv"), ("D1.hurt", "hurt.csv")]
)
def test_rates_and_limits_are_those_of_the_formula(usual, name, file):
    found = usual(name)
    counts = latest(file, "victims" if file == "hurt.csv" else "offences")
    areas, living = list(DISTRICTS), [residents for residents, _ in DISTRICTS.values()]
    observed = [counts[area] for area in areas]
    common = sum(observed) / sum(living)
    expected = [common * n for n in living]
    chance = [1 / sqrt(n) for n in expected]
    distance = [log(o / e) for o, e in zip(observed, expected, strict=True)]
    tau2 = between(distance, chance)
    assert list(found.areas.index) == areas  # in alphabetical order, whatever their rates
    assert list(found.areas["value"]) == pytest.approx([1000 * o / n for o, n in zip(observed, living, strict=True)])
    assert found.together == pytest.approx(1000 * common)
    for place, area in enumerate(areas):
        reach = NEARLY * sqrt(chance[place] ** 2 + tau2)
        row = found.areas.loc[area]
        assert (row["low"], row["high"]) == pytest.approx((1000 * common * exp(-reach), 1000 * common * exp(reach)))
        position = "above" if distance[place] > reach else "below" if distance[place] < -reach else "within"
        assert row["position"] == position
    assert found.is_of_counts == (name != "D1.rate")


def test_shares_are_compared_as_angles(usual):
    found = usual("D1.satisfaction")
    asked, happy = (latest("satisfaction.csv", column) for column in ("asked", "satisfied"))
    areas = list(DISTRICTS)
    target = sum(happy[a] for a in areas) / sum(asked[a] for a in areas)
    chance = [1 / (2 * sqrt(asked[a])) for a in areas]
    distance = [asin(sqrt(happy[a] / asked[a])) - asin(sqrt(target)) for a in areas]
    tau2 = between(distance, chance)
    for place, area in enumerate(areas):
        reach = NEARLY * sqrt(chance[place] ** 2 + tau2)
        row = found.areas.loc[area]
        ends = [100 * sin(asin(sqrt(target)) + side * reach) ** 2 for side in (-1, 1)]
        assert [row["value"], row["low"], row["high"]] == pytest.approx([100 * happy[area] / asked[area], *ends])
    assert found.per is None and found.together == pytest.approx(100 * target)
    assert list(found.outside.index) == ["Ivelstow"] and found.outside["position"].item() == "above"


def test_who_is_out_of_the_ordinary_and_who_is_left_out(usual):
    found = usual("D1.burglary")
    assert dict(found.outside["position"]) == {"Hexholt": "above", "Ivelstow": "below"}
    assert found.left_out == {"Not known": "nobody lives there"} and "Not known" not in found.areas.index
    cases = latest("burglary.csv", "offences")
    assert found.areas["cases"].sum() == sum(cases[area] for area in DISTRICTS)
    assert found.form.words(found.value_of("Hexholt")) == "58.2" and found.value_of("Not known") is None


def test_small_rates_have_a_decimal_more(usual):
    assert usual("D1.hurt").form.decimals == 2 and usual("D1.crime").form.decimals == 1


def without(areas):
    """The files of the office without some of its districts."""
    files = districts_office.tables()
    for name, rows in files.items():
        if name in ("hurt.csv", "people.csv"):
            files[name] = [line for line in rows if line.split(",")[1] not in areas]
    return files


@pytest.mark.parametrize(("left", "has_funnel"), [(10, True), (9, False)])
def test_fewer_than_ten_areas_have_no_position(tmp_path, left, has_funnel):
    plan = PLAN[: PLAN.index("- id: D1\n")] + PLAN[PLAN.index("- id: D1\n") :]
    gone = list(DISTRICTS)[left:]
    files = without(gone)
    for name in ("crime.csv", "burglary.csv", "satisfaction.csv"):  # their series are read, too
        files[name] = [line for line in files[name] if line.split(",")[1] not in gone]
    plan = plan.replace("by: {column: district, total: All}", "by: {column: district, total: All, why_not_total: T.}")
    found = rates_of(tmp_path, "D1.hurt", plan=plan, files=files)
    assert len(found.areas) == left and (found.funnel is not None) == has_funnel
    assert ("position" in found.areas) == has_funnel and found.value_of("Ardlow") is not None


def few_hurt(districts):
    """The files of the office with a few people hurt in the latest year in some districts, the others as they are."""
    files, head = districts_office.tables(), "month,district,victims"
    rows = [line.split(",") for line in files["hurt.csv"][1:]]
    changed = [
        (month, area, str(int(month == LATEST[0]) * districts[area]) if area in districts and month in LATEST else n)
        for month, area, n in rows
    ]
    return files | {"hurt.csv": [head, *(",".join(row) for row in changed)]}


def test_where_the_whole_would_tell_of_an_area_with_a_few_people_there_is_none(tmp_path):
    assert rates_of(tmp_path, "D1.hurt", files=few_hurt({"Ivelstow": 3})) is None


def test_areas_with_a_few_people_take_no_part_and_nothing_tells_of_them(tmp_path):
    found = rates_of(tmp_path, "D1.hurt", files=few_hurt({"Ivelstow": 3, "Lornby": 2}))
    assert found.left_out == dict.fromkeys(("Ivelstow", "Lornby"), "not shown, to protect people")
    shown = found.areas
    assert list(shown.index) == [*list(DISTRICTS)[:8], "Jarrowfen", "Kestwell"] and shown["cases"].min() >= 5
    # All that is told of them is worked out from the others, so that it is the same whatever the hidden numbers are.
    other = rates_of(tmp_path / "other", "D1.hurt", files=few_hurt({"Ivelstow": 1, "Lornby": 4}))
    assert found.areas.equals(other.areas) and found.together == other.together
    assert found.together == pytest.approx(1000 * shown["cases"].sum() / shown["size"].sum())
    assert found.whole_residents == sum(residents for residents, _ in DISTRICTS.values())


def test_an_area_without_a_case_takes_part(tmp_path):
    found = rates_of(tmp_path, "D1.hurt", files=few_hurt({"Ivelstow": 0}))
    assert found.value_of("Ivelstow") == 0 and found.areas.loc["Ivelstow", "position"] == "below"
    assert not found.left_out


def test_where_nothing_was_counted_no_area_has_a_position(tmp_path):
    found = rates_of(tmp_path, "D1.hurt", files=few_hurt(dict.fromkeys(DISTRICTS, 0)))
    assert found.together == 0 and found.funnel is None and found.outside.empty


def test_an_area_that_ends_earlier_has_no_figure_of_the_same_months(tmp_path):
    files = districts_office.tables()
    files["crime.csv"] = [
        line for line in files["crime.csv"] if not (line.startswith(LATEST[-1]) and line.split(",")[1] == "Lornby")
    ]
    plan = PLAN.replace("by: {column: district, total: All}", "by: {column: district, total: All, why_not_total: T.}")
    found = rates_of(tmp_path, "D1.crime", plan=plan, files=files)
    assert found.left_out == {"Lornby": "no figure of the same months"}


def test_too_few_answers_take_no_part(tmp_path):
    files = districts_office.tables()
    files["satisfaction.csv"] = [
        ",".join([*line.split(",")[:2], "20", "12"]) if ",Lornby," in line else line
        for line in files["satisfaction.csv"]
    ]
    plan = PLAN.replace("by: {column: district, total: All}", "by: {column: district, total: All, why_not_total: T.}")
    found = rates_of(tmp_path, "D1.satisfaction", plan=plan, files=files)
    assert found.left_out["Lornby"] == "not shown, to protect people" and "Lornby" not in found.areas.index


def test_a_measure_without_areas_or_rates_has_none(usual):
    assert usual("D2.safe") is None
