"""Every figure and verdict that the paper for Quarter 1 2015/16 printed, at the precision it printed."""

import csv
from decimal import ROUND_HALF_UP, Decimal

import pytest

from conftest import QUARTER, ROOT
from panelpack.indicators.references import number_words
from panelpack.indicators.results import count_verdicts, headline_sentence, share_words

PUBLISHED = ROOT / "data" / "published" / f"{QUARTER}.csv"
DASHBOARD = ROOT.parent / "shared" / "reference" / "published_dashboard.csv"
WITHHELD = {"NA", "-", "*"}  # what the paper printed where it gave no figure
ROWS = list(csv.DictReader(PUBLISHED.open(encoding="utf-8")))


def as_printed(value, decimals):
    return Decimal(repr(value)).quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)


def cells(numeric):
    """Return indicator, column and text of each printed cell: the figures, or the marks where there is none."""
    return [
        pytest.param(row["indicator"], column, row[column], id=f"{row['indicator']}-{column}")
        for row in ROWS
        for column in ("baseline", "latest", "pct_change")
        if row[column] and row[column] != "No change" and (row[column] not in WITHHELD) is numeric
    ]


@pytest.mark.parametrize(("indicator", "column", "printed"), cells(numeric=True))
def test_a_printed_figure(indicator, column, printed, figures):
    computed = getattr(figures[indicator], column)
    assert computed is not None
    assert as_printed(computed, len(printed.partition(".")[2])) == Decimal(printed)


@pytest.mark.parametrize(("indicator", "column", "printed"), cells(numeric=False))
def test_where_the_paper_printed_none_there_is_none(indicator, column, printed, figures):
    assert getattr(figures[indicator], column) is None


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["indicator"])
def test_a_printed_verdict_and_its_reason(row, figures):
    figure = figures[row["indicator"]]
    assert (figure.verdict, figure.reason) == (row["verdict"], row["reason"])


def test_every_row_of_the_dashboard_is_held_to_print(figures):
    assert [row["indicator"] for row in ROWS] == [f.indicator for f in figures.values() if not f.measure]
    assert sum(figure.scored for figure in figures.values()) == 40


def test_every_figure_of_print_is_held_to():
    # 21 figures with a baseline each, three without one (priorities 3, 5 and 17), and seven changes.
    assert len(cells(numeric=True)) == 21 + 21 + 3 + 7


@pytest.mark.skipif(not DASHBOARD.exists(), reason="the transcript of the paper is not beside the checkout")
@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["indicator"])
def test_what_is_said_to_be_printed_was_printed(row):
    with DASHBOARD.open(encoding="utf-8") as file:
        printed = {found["indicator"]: found for found in csv.DictReader(file)}[row["indicator"]]
    verdict, _, reason = printed["verdict"].partition(":")
    assert (row["verdict"], row["reason"]) == (verdict, reason)
    for column in ("baseline", "latest", "pct_change"):
        assert row[column] in (printed[column], printed[column].partition(" ")[0])


# -------------------------------------------------------------------------------------------------- headline
@pytest.fixture(scope="module")
def counts(figures):
    return count_verdicts(figures.values())


@pytest.mark.parametrize(
    ("name", "count", "share"),
    [
        ("scored", 40, "100%"),
        ("improved", 9, "22.5%"),
        ("no_change", 10, "25%"),
        ("deteriorated", 6, "15%"),
        ("not_assessed", 15, "37.5%"),
        ("no_change_or_not_assessed", 25, "62.5%"),
        ("no_metric", 10, "25%"),
        ("embargoed", 2, "5%"),
        ("no_comparator", 1, "2.5%"),
        ("not_comparable", 1, "2.5%"),
        ("small_sample", 1, "2.5%"),
        ("suppressed", 0, "0%"),
    ],
)
def test_headline(name, count, share, counts):
    assert counts[name] == count
    assert share_words(counts[f"{name}_share"]) == share


def test_the_headline_in_one_sentence(counts):
    assert headline_sentence(counts) == (
        "40 indicators: 9 improved (22.5%), 10 no change (25%), 6 deteriorated (15%), 15 not assessed (37.5%)"
    )


@pytest.mark.parametrize(
    ("verdict", "boxes"),
    [
        ("improved", "SP01 SP02 SP02 SP03 SP10 SP14B SP17 SP17 SP17"),
        ("deteriorated", "SP07 SP08 SP09 SP12 SP14A SP14B"),
        ("no_change", "SP04 SP04 SP11 SP12 SP13 SP13 SP14A SP16 SP16 SP16"),
    ],
)
def test_which_boxes_have_which_verdicts(verdict, boxes, figures):
    assert [f.priority for f in figures.values() if f.verdict == verdict] == boxes.split()


# ------------------------------------------------------------------------------------------------ identities
def value(figures, reference):
    indicator, _, field = reference.rpartition(".")
    return getattr(figures[indicator], field)


FACTS = {
    "SP01.first_time_entrants.baseline": 667,
    "SP01.first_time_entrants.latest": 326,
    "SP01.county_on_previous_quarter.latest": 36,
    "SP01.county_on_baseline.baseline": 118,
    "SP01.city_on_previous_quarter.latest": 34,
    "SP01.city_on_previous_quarter.change": -12,
    "SP01.city_on_year.change": -6,
    "SP01.quarter.latest": 70,
    "SP17.people.latest": 22,
    "SP17.reports.latest": 72,
    "SP17.repeats.latest": 59,
    "SP18.required.latest": 27.8,
    "SP18.realised.latest": 21.7,
    "SP18.identified.latest": 2.1,
    "SP18.found.latest": 23.8,
    "SP18.to_find.latest": 4.0,
}


@pytest.mark.parametrize(("reference", "expected"), FACTS.items(), ids=FACTS)
def test_a_figure_of_the_text(reference, expected, figures):
    assert value(figures, reference) == pytest.approx(expected, abs=1e-9)


def test_the_savings_add_up(figures):
    parts = [value(figures, f"SP18.{part}.latest") for part in ("realised", "identified", "to_find")]
    assert sum(parts) == pytest.approx(value(figures, "SP18.required.latest"))
    assert sum(parts[:2]) == pytest.approx(value(figures, "SP18.found.latest"))


def test_the_areas_add_up(figures):
    parts = [value(figures, f"SP01.{area}_on_year.latest") for area in ("county", "city")]
    assert sum(parts) == value(figures, "SP01.quarter.latest") == 70


def test_the_repeats_are_82_percent_of_the_reports_and_of_9_of_the_22_people(figures, evidence, project):
    assert as_printed(value(figures, "SP17.repeat_share.latest"), 0) == 82
    rows = (project.raw(QUARTER) / "missing_people.csv").read_text(encoding="utf-8").splitlines()[1:]
    people = [row.rsplit(",", 1)[1] for row in rows]
    repeated = {person for person in people if people.count(person) > 1}
    assert (len(people), len(set(people)), len(repeated)) == (72, 22, 9)
    assert sum(person in repeated for person in people) == 59


@pytest.mark.parametrize(
    ("indicator", "points"),
    [
        ("SP07.satisfaction", "−0.7"),  # 84.2 to 83.5
        ("SP08.satisfaction", "−6.9"),
        ("SP09.satisfaction", "−3.0"),
        ("SP10.confidence", "+10.2"),
        ("SP12.satisfaction", "−1.1"),
        ("SP13.satisfaction", "0.0"),
        ("SP14A.satisfaction", "−8.1"),
        ("SP14B.satisfaction", "+2.3"),
    ],
)
def test_the_change_of_a_survey_is_that_of_the_printed_percentages(indicator, points, figures):
    figure = figures[indicator]
    words = number_words(figure.printed_change, "change", figure.unit, "")
    assert words == f"{points} percentage points"


@pytest.mark.parametrize(
    ("indicator", "percent"), [("SP13.offences", "+5.6"), ("SP12.offences", "+2.0"), ("SP14A.offences", "+16.3")]
)
def test_a_change_that_the_text_contradicts(indicator, percent, figures):
    assert f"{as_printed(figures[indicator].pct_change, 1):+}" == percent


def test_boxes_14a_and_14b_show_one_figure_against_two_baselines(figures):
    first, second = figures["SP14A.satisfaction"], figures["SP14B.satisfaction"]
    assert first.latest == second.latest
    assert (as_printed(first.baseline, 1), as_printed(second.baseline, 1)) == (Decimal("85.9"), Decimal("75.5"))
    assert "Different populations" in first.note
    assert "Different populations" in second.note


# ------------------------------------------------------------------------------------------- independence
def test_the_figures_are_the_same_without_the_printed_paper(figures, project_copy, evidence_of, compute_all):
    assert not project_copy.published(QUARTER).exists()
    assert compute_all(evidence_of(project_copy)) == figures


def test_the_figures_follow_the_raw_data_and_not_the_printed_paper(figures, project_copy, evidence_of, compute_all):
    path = project_copy.raw(QUARTER) / "night_time_economy.csv"
    lines = path.read_text(encoding="utf-8").splitlines()
    month, incidents = lines[-1].split(",")
    assert month == QUARTER.months[-1]
    path.write_text("\n".join([*lines[:-1], f"{month},{int(incidents) + 25}", ""]), encoding="utf-8")
    changed = compute_all(evidence_of(project_copy))
    assert changed["SP03.night_time_economy"].latest == 5000
    assert {name for name in figures if changed[name] != figures[name]} == {"SP03.night_time_economy"}
