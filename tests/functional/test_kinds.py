"""Every kind of measure that plans have, by a made-up office: its row, and what a wrong use of it gets.

The figures are worked out here again from the raw files by plain sums, so that a wrong one would be seen.
"""

import csv
import os
import re
import shutil
import sys
from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal

import pytest
import yaml

import running
from panelpack.config.configuration import Configuration
from panelpack.config.strict_yaml import read_yaml
from panelpack.disclosure.areas import name_of
from panelpack.indicators.compute import compute_every
from panelpack.indicators.quarter_data import data_of_raw_files
from panelpack.indicators.rehearsal import find_failures
from panelpack.indicators.results import count_verdicts
from panelpack.intake.tables import earlier_tables
from panelpack.make_quarter import paper_of
from panelpack.periods import Quarter
from panelpack.plausibility.queries import find_queries
from panelpack.project import Project
from panelpack.validation.raw_data import check_raw_data
from tools.reference.kinds_of_measure import KINDS_OFFICE, PLAN, kinds_shown, use_wrongly

OFFICE = running.ROOT / KINDS_OFFICE
QUARTERS = ("2022Q4", "2023Q1")
EVERY = kinds_shown(OFFICE)
TWENTY = [kind for kind in EVERY if kind.is_of_twenty]


@pytest.fixture(scope="module")
def offices():
    return {quarter: Configuration.read(Project(running.ROOT, OFFICE), Quarter.parse(quarter)) for quarter in QUARTERS}


@pytest.fixture(scope="module")
def data(offices):
    return {quarter: data_of_raw_files(office) for quarter, office in offices.items()}


@pytest.fixture(scope="module")
def results(data):
    return {quarter: {r.indicator: r for r in compute_every(of)} for quarter, of in data.items()}


# ------------------------------------------------------------------------------------- the raw files, by plain sums
def rows(quarter: str, table: str) -> list[dict[str, str]]:
    with (OFFICE / "data" / "raw" / quarter / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def total(quarter: str, table: str, column: str, when: list[str], **picked: str) -> float:
    """Add up a column over the rows of some months, quarters or years; each of them must be there."""
    found = [row for row in rows(quarter, table) if next(iter(row.values())) in when]
    found = [row for row in found if all(row[key] in allowed.split("|") for key, allowed in picked.items())]
    assert {next(iter(row.values())) for row in found} == set(when)
    return sum(float(row[column]) for row in found)


def one(quarter: str, table: str, column: str, when: str, **picked: str) -> float:
    return total(quarter, table, column, [when], **picked)


def text(quarter: str, table: str, column: str, when: str) -> str:
    (row,) = [row for row in rows(quarter, table) if next(iter(row.values())) == when]
    return row[column]


def twelve(last: str) -> list[str]:
    """The twelve months that end with a month."""
    end = int(last[:4]) * 12 + int(last[5:]) - 1
    return [f"{month // 12}-{month % 12 + 1:02d}" for month in range(end - 11, end + 1)]


def weighted(quarter: str, table: str, value: str, base: str, when: list[str]) -> float:
    """The mean of a column, weighted by another."""
    found = [row for row in rows(quarter, table) if next(iter(row.values())) in when]
    assert len(found) == len(when)
    return sum(float(r[value]) * int(r[base]) for r in found) / sum(int(r[base]) for r in found)


def share(quarter: str, table: str, value: str, base: str, when: list[str]) -> float:
    return 100 * total(quarter, table, value, when) / total(quarter, table, base, when)


def printed(value: float, decimals: int = 0) -> str:
    """A number as the pack prints it: half away from zero, with separators and a minus sign."""
    exact = Decimal(repr(value)).quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)
    return f"{exact:,}".replace("-", "−")


NEIGHBOURHOOD = "residential_burglary|personal_robbery|theft_from_person|vehicle_offences"
QUARTER_MONTHS = {"2021Q4": ["2022-01", "2022-02", "2022-03"], "2022Q4": ["2023-01", "2023-02", "2023-03"]}
FOUR = {
    "2021/22": ["2021Q1", "2021Q2", "2021Q3", "2021Q4"],
    "2022/23": ["2022Q1", "2022Q2", "2022Q3", "2022Q4"],
    "2019/20": ["2019Q1", "2019Q2", "2019Q3", "2019Q4"],
}
Q = "2022Q4"


def crimes(when: list[str], offence: str) -> float:
    return total(Q, "recorded_crime", "offences", when, offence=offence)


def per_thousand(when: list[str]) -> float:
    incidents = total(Q, "antisocial_behaviour", "incidents", when, district="Quillshire")
    return 1000 * incidents / one(Q, "population", "residents", "2021-06-30", area="Quillshire")


def judged(results):
    """The indicators, without the measures that stand beside them."""
    return {name: result for name, result in results[Q].items() if not result.measure}


def casualties(year: int) -> float:
    return one(Q, "road_casualties", "killed_or_seriously_injured", str(year))


# Of each indicator in 2022Q4: the figures of the baseline and of the latest period, how they are printed, which verdict
# stands beside them and how sure it is.
Row = tuple[Callable[[], float | str], Callable[[], float | str], int, str, str, str, str]
BETTER, SAME, WORSE = "Better", "About the same", "Worse"
FTE = " full-time equivalents"
ROWS: dict[str, Row] = {
    "P1.neighbourhood": (
        lambda: crimes(twelve("2020-03"), NEIGHBOURHOOD),
        lambda: crimes(twelve("2023-03"), NEIGHBOURHOOD),
        0,
        "",
        "",
        BETTER,
        "Moves as much anyway",
    ),
    "P1.burglary": (
        lambda: crimes(QUARTER_MONTHS["2021Q4"], "residential_burglary"),
        lambda: crimes(QUARTER_MONTHS["2022Q4"], "residential_burglary"),
        0,
        "",
        "",
        SAME,
        "Cannot tell",
    ),
    "P1.robbery": (
        lambda: crimes(twelve("2022-03"), "personal_robbery"),
        lambda: crimes(twelve("2023-03"), "personal_robbery"),
        0,
        "",
        "",
        SAME,
        "Cannot tell",
    ),
    "P1.vehicle_crime": (
        lambda: crimes(twelve("2020-03"), "vehicle_offences"),
        lambda: crimes(twelve("2023-03"), "vehicle_offences"),
        0,
        "",
        "",
        SAME,
        "Cannot tell",
    ),
    "P1.violence": (
        lambda: crimes(twelve("2019-06"), "violence_with_injury"),
        lambda: crimes(twelve("2023-03"), "violence_with_injury"),
        0,
        "",
        "",
        WORSE,
        "Could be chance",
    ),
    "P1.knife_crime": (
        lambda: sum(crimes(twelve(f"{year}-03"), "knife_crime") for year in (2018, 2019, 2020)) / 3,
        lambda: crimes(twelve("2023-03"), "knife_crime"),
        0,
        "",
        "",
        BETTER,
        "Could be chance",
    ),
    "P1.severity": (
        lambda: one(Q, "crime_severity", "score", "2021Q4"),
        lambda: one(Q, "crime_severity", "score", "2022Q4"),
        1,
        "",
        "",
        "Missed",
        "Not tested",
    ),
    "P2.shoplifting": (
        lambda: total(Q, "shoplifting_by_district", "offences", FOUR["2021/22"], district="Quillshire"),
        lambda: total(Q, "shoplifting_by_district", "offences", FOUR["2022/23"], district="Quillshire"),
        0,
        "",
        "",
        WORSE,
        "Clear",
    ),
    "P2.asb": (
        lambda: total(Q, "antisocial_behaviour", "incidents", FOUR["2021/22"], district="Quillshire"),
        lambda: total(Q, "antisocial_behaviour", "incidents", FOUR["2022/23"], district="Quillshire"),
        0,
        "",
        "",
        BETTER,
        "Moves as much anyway",
    ),
    "P2.asb_rate": (
        lambda: per_thousand(FOUR["2019/20"]),
        lambda: per_thousand(FOUR["2022/23"]),
        1,
        " per 1,000 people",
        " per 1,000 people",
        BETTER,
        "Moves as much anyway",
    ),
    "P2.casualties": (
        lambda: sum(map(casualties, (2017, 2018, 2019))) / 3,
        lambda: casualties(2022),
        0,
        "",
        "",
        SAME,
        "Cannot tell",
    ),
    "P3.emergency_calls": (
        lambda: share(Q, "emergency_calls", "answered_within_10_seconds", "calls", twelve("2022-03")),
        lambda: share(Q, "emergency_calls", "answered_within_10_seconds", "calls", twelve("2023-03")),
        1,
        "%",
        " pts",
        WORSE,
        "Clear",
    ),
    "P3.abandoned": (
        lambda: one(Q, "non_emergency_calls", "abandoned_percent", "2021Q4"),
        lambda: one(Q, "non_emergency_calls", "abandoned_percent", "2022Q4"),
        1,
        "%",
        " pts",
        WORSE,
        "Not tested",
    ),
    "P3.minutes": (
        lambda: one(Q, "attendance", "median_minutes", "2021Q4"),
        lambda: one(Q, "attendance", "median_minutes", "2022Q4"),
        1,
        " minutes",
        " minutes",
        "Missed",
        "Not tested",
    ),
    "P3.in_time": (
        lambda: share(Q, "attendance", "attended_in_time", "priority_calls", FOUR["2021/22"]),
        lambda: share(Q, "attendance", "attended_in_time", "priority_calls", FOUR["2022/23"]),
        1,
        "%",
        " pts",
        "Missed",
        "Clear",
    ),
    "P4.confidence": (
        lambda: one(Q, "confidence_survey", "percent", "2019Q4"),
        lambda: one(Q, "confidence_survey", "percent", "2022Q4"),
        1,
        "%",
        " pts",
        WORSE,
        "Clear",
    ),
    "P4.satisfaction": (
        lambda: weighted(Q, "victim_survey", "satisfied_percent", "answers", twelve("2020-03")),
        lambda: weighted(Q, "victim_survey", "satisfied_percent", "answers", twelve("2022-12")),
        1,
        "%",
        " pts",
        "■ Meets",
        "Could be chance",
    ),
    "P4.domestic_abuse": (
        lambda: crimes(twelve("2020-03"), "domestic_abuse"),
        lambda: crimes(twelve("2023-03"), "domestic_abuse"),
        0,
        "",
        "",
        "Changed",
        "Moves as much anyway",
    ),
    "P4.days_to_charge": (
        lambda: weighted(Q, "charges", "mean_days", "charges", twelve("2020-03")),
        lambda: weighted(Q, "charges", "mean_days", "charges", twelve("2023-03")),
        1,
        " days",
        " days",
        "Missed",
        "Not tested",
    ),
    "P4.searches": (
        lambda: share(Q, "stop_and_search", "found_reasonable", "records_reviewed", ["2021H2"]),
        lambda: share(Q, "stop_and_search", "found_reasonable", "records_reviewed", ["2022H2"]),
        1,
        "%",
        " pts",
        BETTER,
        "Could be chance",
    ),
    "P4.missing": (
        lambda: total(Q, "missing_people", "episodes", twelve("2020-03"), definition="now"),
        lambda: total(Q, "missing_people", "episodes", twelve("2023-03"), definition="now"),
        0,
        "",
        "",
        "Changed",
        "Not like with like",
    ),
    "P5.entrants": (
        lambda: one(Q, "first_time_entrants", "entrants", "2019/20"),
        lambda: one(Q, "first_time_entrants", "entrants", "2022/23"),
        0,
        "",
        "",
        BETTER,
        "Moves as much anyway",
    ),
    "P6.officers": (
        lambda: one(Q, "workforce", "officers", "2022-03-31"),
        lambda: one(Q, "workforce", "officers", "2023-03-31"),
        0,
        FTE,
        FTE,
        "On course",
        "Not tested",
    ),
    "P6.savings": (
        lambda: total(Q, "savings", "saved_gbp", FOUR["2021/22"]),
        lambda: total(Q, "savings", "saved_gbp", FOUR["2022/23"]),
        0,
        "£",
        "£",
        "Met",
        "Not tested",
    ),
    "P6.grade": (
        lambda: text(Q, "inspections", "grade", "2021-09-30"),
        lambda: text(Q, "inspections", "grade", "2023-02-14"),
        0,
        "",
        "",
        BETTER,
        "Not tested",
    ),
}
# Why the others have no figure.
WITHOUT = {
    "P2.other_forces": ("awaited", "The comparison with other forces is to come."),
    "P5.admissions": (
        "awaited",
        "The hospitals' figures had not come when the report was written. Expected on 1 July 2023.",
    ),
    "P5.reprimands": ("replaced", "In its place: First-time entrants to the youth justice system."),
    "P6.abstraction": ("redacted", "Decided by the Chief Constable. Until: the review of rosters in March 2024."),
}


def written(value: float | str, decimals: int, unit: str) -> str:
    if isinstance(value, str):
        return value
    return f"£{printed(value, decimals)}" if unit == "£" else printed(value, decimals) + unit


def test_there_are_twenty_kinds_and_each_has_an_indicator_of_the_plan(results):
    assert len(TWENTY) == 20
    shown = {name for kind in TWENTY for name in kind.indicators}
    assert shown <= set(ROWS) | set(WITHOUT)
    for kind in TWENTY:
        assert any(name in results[Q] for name in kind.indicators), kind.title


@pytest.mark.parametrize("name", ROWS)
def test_the_row_of_an_indicator_is_what_plain_sums_give(results, name):
    before, now, decimals, unit, unit_of_change, verdict, how_sure = ROWS[name]
    result, baseline, latest = results[Q][name], before(), now()
    form = result.form
    assert form.words(result.baseline) == written(baseline, decimals, unit)
    assert form.words(result.latest) == written(latest, decimals, unit)
    if not isinstance(latest, str):
        change = latest - baseline
        if result.kind not in ("count", "stock"):  # a reader checks what is printed
            change = float(printed(latest, decimals).replace(",", "")) - float(
                printed(baseline, decimals).replace(",", "")
            )
        sign = "+" if round(change, decimals) > 0 else "−"
        amount = printed(abs(change), decimals)
        expected = f"{sign}£{amount}" if unit == "£" else sign + amount + unit_of_change
        assert form.change(result.printed_change) == expected
        if result.pct_change is not None:
            assert result.pct_change == pytest.approx(100 * (latest / baseline - 1))
    assert (result.verdict_words, result.how_sure_words) == (verdict, how_sure)


@pytest.mark.parametrize("name", WITHOUT)
def test_an_indicator_without_a_figure_says_why(results, name):
    result = results[Q][name]
    assert (result.verdict, result.reason, result.latest, result.baseline) == (
        "not_assessed",
        WITHOUT[name][0],
        None,
        None,
    )
    assert WITHOUT[name][1] in result.evidence


def test_every_indicator_is_of_one_of_the_two_tables(results):
    assert set(judged(results)) == {*ROWS, *WITHOUT, "P1.theft_from_person"}


# What the same quarter a year before was, where a member would ask: of months the quarters, of slower data their own.
YEAR_BEFORE = {
    "P1.neighbourhood": (
        lambda: crimes(QUARTER_MONTHS["2021Q4"], NEIGHBOURHOOD),
        lambda: crimes(QUARTER_MONTHS["2022Q4"], NEIGHBOURHOOD),
    ),
    "P2.casualties": (lambda: casualties(2021), lambda: casualties(2022)),
    "P2.asb_rate": (lambda: per_thousand(["2021Q4"]), lambda: per_thousand(["2022Q4"])),
    "P4.satisfaction": (
        lambda: weighted(Q, "victim_survey", "satisfied_percent", "answers", ["2021-10", "2021-11", "2021-12"]),
        lambda: weighted(Q, "victim_survey", "satisfied_percent", "answers", ["2022-10", "2022-11", "2022-12"]),
    ),
    "P4.days_to_charge": (
        lambda: weighted(Q, "charges", "mean_days", "charges", QUARTER_MONTHS["2021Q4"]),
        lambda: weighted(Q, "charges", "mean_days", "charges", QUARTER_MONTHS["2022Q4"]),
    ),
    "P5.entrants": (
        lambda: one(Q, "first_time_entrants", "entrants", "2021/22"),
        lambda: one(Q, "first_time_entrants", "entrants", "2022/23"),
    ),
    "P6.officers": (
        lambda: one(Q, "workforce", "officers", "2022-03-31"),
        lambda: one(Q, "workforce", "officers", "2023-03-31"),
    ),
    "P6.savings": (lambda: one(Q, "savings", "saved_gbp", "2021Q4"), lambda: one(Q, "savings", "saved_gbp", "2022Q4")),
}


@pytest.mark.parametrize("name", YEAR_BEFORE)
def test_the_same_quarter_a_year_before(results, name):
    before, now = YEAR_BEFORE[name]
    assert results[Q][name].year_before == pytest.approx(before())
    assert results[Q][name].year_latest == pytest.approx(now())


def test_a_quarter_later_periods_move_on_and_what_is_slow_stays(results):
    latest = {name: result.latest_period for name, result in results["2023Q1"].items()}
    assert latest["P1.neighbourhood"] == "12 months to June 2023"
    assert latest["P1.robbery"] == "YTD (April to June 2023)"
    assert latest["P2.casualties"] == "calendar year 2022"
    assert latest["P4.satisfaction"] == "12 months to March 2023"
    assert latest["P4.searches"] == "half year October 2022 to March 2023"
    assert latest["P5.entrants"] == "2022/23"
    assert latest["P6.officers"] == "31 March 2023"
    found = results["2023Q1"]["P5.admissions"]  # they have come
    assert found.latest == total(
        "2023Q1", "hospital_admissions", "admissions", ["2022Q2", "2022Q3", "2022Q4", "2023Q1"]
    )


def test_from_its_quarter_on_the_next_plan_counts(results):
    assert results["2022Q4"]["P4.days_to_charge"].target == "40.0 days or less"
    assert results["2023Q1"]["P4.days_to_charge"].target == "45.0 days or less"
    assert (results["2023Q1"]["P4.days_to_charge"].verdict, results["2023Q1"]["P4.days_to_charge"].latest) == (
        "met",
        pytest.approx(weighted("2023Q1", "charges", "mean_days", "charges", twelve("2023-06"))),
    )


def test_a_headline_counts_a_whole_and_not_its_parts(results):
    every = judged(results).values()
    parts = [result.indicator for result in every if result.part_of]
    assert parts == ["P1.burglary", "P1.robbery", "P1.theft_from_person", "P1.vehicle_crime"]
    counts = count_verdicts(every)
    assert counts["scored"] == len(judged(results)) - len(parts)
    told = [r.verdict for r in every if r.indicator not in parts]
    assert counts["no_change"] == told.count("no_change") == 1
    assert (counts["awaited"], counts["replaced"], counts["redacted"]) == (2, 1, 1)


def test_twelve_districts_add_up_or_the_plan_says_why_not(data):
    of = data[Q]
    for name, table, column, adds_up in (
        ("thefts_from_shops", "shoplifting_by_district", "offences", True),
        ("asb_incidents", "antisocial_behaviour", "incidents", False),
    ):
        districts = sorted({row["district"] for row in rows(Q, table)} - {"Quillshire"})
        assert of.areas(name) == districts and len(districts) == 12
        by_district = {district: of.total(name_of(name, district), "rolling_12_months").value for district in districts}
        assert by_district == {
            district: total(Q, table, column, FOUR["2022/23"], district=district) for district in districts
        }
        whole = of.total(name, "rolling_12_months").value
        assert (sum(by_district.values()) == whole) == adds_up
        assert bool(of.plan.tables[table].by.why_not_total) != adds_up


def test_of_honest_data_only_what_ended_is_asked_about(offices):
    for quarter, asked in (("2022Q4", []), ("2023Q1", ["missing_people 2023-04 rows_missing before"])):
        office = offices[quarter]
        found = find_queries(office, check_raw_data(office).tables, earlier_tables(office))
        assert [query.name for query in found] == asked == [answer.what for answer in office.parameters.answers]


def test_nothing_of_the_pack_stops_at_these_data(offices):
    assert [failure for office in offices.values() for failure in find_failures(office)] == []


def test_every_page_says_that_the_figures_are_made_up(offices):
    for office in offices.values():
        about = paper_of(office)
        assert about.notice == about.at_foot == office.plan.office.notice
        assert "Every figure of this pack is made up" in about.at_foot


def test_the_raw_files_are_what_their_script_writes(tmp_path):
    script = running.ROOT / KINDS_OFFICE / "make_data.py"
    code = f"import runpy, pathlib; runpy.run_path({str(script)!r})['main'](pathlib.Path({str(tmp_path)!r}))"
    assert os.system(f'"{sys.executable}" -c "{code}"') == 0
    for quarter in QUARTERS:
        made, here = (folder / "data" / "raw" / quarter for folder in (tmp_path, OFFICE))
        names = {path.name for path in made.iterdir()}
        assert names == {path.name for path in here.iterdir()} - {"sources.yml"}
        for name in names:
            assert (made / name).read_bytes() == (here / name).read_bytes(), f"{quarter}/{name}"


# ------------------------------------------------------------------------------------------------------- wrong uses
USES = [(kind.title, use) for kind in EVERY for use in kind.wrong]
AT_LINE = re.compile(r"^params/plan\.yml, line (\d+): ", re.MULTILINE)


def block(plan, lines, place: str) -> tuple[int, int]:
    """Return the first and the last line of the series, table or indicator that a place of the plan is in."""
    first, *keys = place.split("/")
    if first in plan:
        at, siblings = (first, keys[0]), [(first, name) for name in plan[first]]
    else:
        places = [(i, j) for i, box in enumerate(plan["priorities"]) for j in range(len(box["indicators"]))]
        siblings = [("priorities", i, "indicators", j) for i, j in places]
        (at,) = (p for p in siblings if plan["priorities"][p[1]]["indicators"][p[3]]["id"] == first)
    starts = sorted(lines[other] for other in siblings)
    after = [start for start in starts if start > lines[at]]
    return lines[at], (after[0] if after else 10**6)


@pytest.mark.parametrize(("title", "use"), USES, ids=[f"{title}: {use.what}" for title, use in USES])
def test_a_wrong_use_is_refused_where_it_stands(tmp_path, title, use):
    for name in ("params", "data/raw"):
        shutil.copytree(OFFICE / name, tmp_path / name)
    said = use_wrongly(Project(running.ROOT, tmp_path), use)
    assert AT_LINE.sub("", said) == use.message
    if not use.in_file and not use.message.startswith("data/raw"):
        plan, lines = read_yaml(tmp_path / PLAN)
        found = [int(line) for line in AT_LINE.findall(said)]
        assert len(found) == len(said.splitlines())
        blocks = [block(plan, lines, place) for place in use.put]
        indicators = {indicator for kind in EVERY if kind.title == title for indicator in kind.indicators}
        blocks += [block(plan, lines, name) for name in indicators]
        assert all(any(start <= line <= end for start, end in blocks) for line in found)


def test_each_kind_has_a_wrong_use():
    assert all(kind.wrong for kind in EVERY)
    assert len(yaml.safe_load((OFFICE / "twenty_kinds.yml").read_text(encoding="utf-8"))["kinds"]) == 20


# --------------------------------------------------------------------------------------------------- the whole pack
@pytest.mark.slow
@pytest.mark.skipif(not os.environ.get("PANELPACK_LONG"), reason="two whole runs: PANELPACK_LONG=1 make test")
def test_both_quarters_make_a_pack_that_reproduces(tmp_path):
    office = shutil.copytree(OFFICE, tmp_path / "kinds", ignore=shutil.ignore_patterns("outputs", "processed"))
    env = {"OFFICE": str(office)}
    for quarter in QUARTERS:
        done = running.run(running.ROOT, "quarter", quarter, env=env)
        assert done.returncode == 0, done.stderr
        page = (office / "outputs" / quarter / "pack" / "panel-pack.html").read_text(encoding="utf-8")
        assert page.count("Quillshire does not exist.") >= 2  # at the head and at the foot
    for quarter in QUARTERS:
        done = running.run(running.ROOT, "verify", quarter, env=env)
        assert done.returncode == 0, done.stdout + done.stderr
