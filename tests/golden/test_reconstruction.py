"""The raw data of 2015Q1 say what the printed paper says: its totals exactly, its prose as far as it goes.

Those of 2014Q4 say what that paper says of the quarter before. Only committed files are read. What is significantly
high or low is judged by the rules of XmR charts, written here anew.
"""

import subprocess
import sys
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from itertools import pairwise
from pathlib import Path
from statistics import fmean

import pandas as pd
import pytest
import yaml

import running
from panelpack.project import SALT

ROOT = running.ROOT
BESIDE = ROOT / "research" / "reconstruction"
DROPS = ("2014Q4", "2015Q1")
ALL_KEY_LOCATIONS = [f"KL{number}" for number in range(1, 10)]

BASELINE = ("2012-04", "2013-03")
LATEST = ("2014-07", "2015-06")
QUARTER = ("2015-04", "2015-06")
BY_HAND = {"sources.yml"}  # the reconstruction keeps only its hashes


@pytest.fixture(autouse=True)
def _reconstructed_drops(need_paper_of):
    """Skip where the checkout has not the drops that were reconstructed from this office's paper."""
    if not BESIDE.is_dir():
        pytest.skip("research/reconstruction is not there")
    need_paper_of("Leicestershire Police", "2015Q1")
    if not raw("2014Q4").is_dir():
        pytest.skip("data/raw/2014Q4 is not there")


# ------------------------------------------------------------------------------------------------- reading
def raw(drop: str) -> Path:
    return ROOT / "data" / "raw" / drop


@cache
def table(name: str, drop: str = "2015Q1") -> pd.DataFrame:
    if name == "first_time_entrants":
        return pd.read_excel(raw(drop) / f"{name}.xlsx", engine="openpyxl", sheet_name="First time entrants", header=7)
    return pd.read_csv(raw(drop) / f"{name}.csv")


@cache
def official_quarters() -> pd.DataFrame:
    return pd.read_csv(BESIDE / "official_recorded_crime_by_quarter.csv", index_col="quarter").loc[:"2015Q1"]


def offences(name: str, drop: str = "2015Q1") -> pd.Series:
    crime = table("recorded_crime", drop)
    return crime[crime.offence == name].set_index("month").offences


def by_quarter(monthly: pd.Series) -> pd.Series:
    count = [int(m[:4]) * 12 + int(m[5:]) - 4 for m in monthly.index]
    return monthly.groupby([f"{n // 12}Q{n % 12 // 3 + 1}" for n in count]).sum()


def missing(system: str, category: str, locations: list[str], drop: str = "2015Q1") -> pd.Series:
    rows = table("missing_reports", drop)
    chosen = rows[(rows.system == system) & (rows.category == category) & rows.location.isin(list(locations))]
    return chosen.groupby("month").reports.sum()


def survey(*groups: str, drop: str = "2015Q1") -> pd.DataFrame:
    rows = table("victim_survey", drop)
    return rows[rows.victim_group.isin(groups)].groupby("month")[["respondents", "satisfied"]].sum()


def percent(answers: pd.DataFrame, first: str, last: str) -> str:
    """Satisfied in the span, as printed: one decimal, halves up."""
    asked, satisfied = answers.loc[first:last, ["respondents", "satisfied"]].sum()
    return str((Decimal(100 * int(satisfied)) / int(asked)).quantize(Decimal("0.1"), ROUND_HALF_UP))


def rolling(answers: pd.DataFrame) -> pd.Series:
    """The percentage of the 12 months up to each month."""
    sums = answers.rolling(12).sum().dropna()
    return 100 * sums.satisfied / sums.respondents


# -------------------------------------------------------------------------------------------- XmR charts
def runs(marks: list[bool], length: int) -> set[int]:
    """Every point in an unbroken run of marks at least so long."""
    return {
        i
        for start in range(len(marks) - length + 1)
        if all(marks[start : start + length])
        for i in range(start, start + length)
    }


def limits(values: list[float]) -> tuple[float, float]:
    """The mean and the distance of the limits from it; ranges far above the usual are left out once."""
    ranges = [abs(b - a) for a, b in pairwise(values)]
    usual = [r for r in ranges if r < 3.267 * fmean(ranges)]
    return fmean(values), 2.66 * fmean(usual)


def outside(monthly: pd.Series) -> list[str]:
    mean, distance = limits(monthly.tolist())
    return list(monthly.index[(monthly - mean).abs() > distance])


def special_causes(monthly: pd.Series, side: int) -> set[str]:
    """The months with a special cause on one side: 1 high or rising, -1 low or falling."""
    values = (side * monthly).tolist()
    mean, distance = limits(values)
    above = [v - mean for v in values]
    beyond = {i for i, v in enumerate(above) if v > distance}
    shift = runs([v > 0 for v in above], 7)
    moves = runs([b > a for a, b in pairwise(values)], 6)
    trend = moves | {i + 1 for i in moves}
    near = [2 / 3 * distance < v <= distance for v in above]
    threes = [range(i, i + 3) for i in range(len(values) - 2)]
    close = {i for t in threes if sum(near[i] for i in t) >= 2 and min(above[i] for i in t) > 0 for i in t if near[i]}
    return {monthly.index[i] for i in beyond | shift | trend | close}


def high(monthly: pd.Series) -> set[str]:
    return special_causes(monthly, 1)


def low(monthly: pd.Series) -> set[str]:
    return special_causes(monthly, -1)


LAST_THREE = {"2015-04", "2015-05", "2015-06"}


# --------------------------------------------------------------------------------------------- the script
def reconstruct(*arguments: str) -> subprocess.CompletedProcess:
    command = [sys.executable, "-m", "research.reconstruction", *arguments]
    return subprocess.run(command, capture_output=True, text=True, cwd=ROOT)


@pytest.mark.parametrize("drop", DROPS)
def test_the_reconstruction_makes_the_committed_bytes(tmp_path, drop):
    assert reconstruct(drop, "--out", str(tmp_path)).returncode == 0
    made = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    committed = {p.name: p.read_bytes() for p in raw(drop).iterdir() if p.name not in BY_HAND and p.suffix != SALT}
    assert made.keys() == committed.keys()
    assert [name for name in made if made[name] != committed[name]] == []
    checked = reconstruct(drop, "--check")
    assert (checked.returncode, checked.stderr) == (0, "")
    (tmp_path / "savings.csv").write_text("line,gbp_million,as_at\n")
    checked = reconstruct(drop, "--check", "--out", str(tmp_path))
    assert checked.returncode == 1
    assert "savings.csv: the file is not what the reconstruction makes" in checked.stderr
    assert checked.stderr.count("\n") == 1, "and no other file is named"


@pytest.mark.parametrize(
    ("drop", "first", "last", "release"),
    [("2014Q4", "2015-04-01", "2015-06-05", "2015-08-06"), ("2015Q1", "2015-07-01", "2015-09-04", "2015-11-05")],
)
def test_every_file_has_its_source(drop, first, last, release):
    sources = yaml.safe_load((raw(drop) / "sources.yml").read_text(encoding="utf-8"))["files"]
    plan = yaml.safe_load((ROOT / "params" / "plan.yml").read_text(encoding="utf-8"))["tables"]
    assert {name: entry["table"] for name, entry in sources.items()} == {t["file"]: n for n, t in plan.items()}
    assert {first <= str(entry["received"]) <= last for entry in sources.values()} == {True}
    assert {entry["reconstructed"] for entry in sources.values()} == {True}
    embargoed = {n: str(e["embargoed_until"]) for n, e in sources.items() if e["sensitivity"] == "embargoed"}
    assert embargoed == {"drug_treatment.csv": release}


# ---------------------------------------------------------------------------------------- recorded crime
PRINTED_OFFENCES = {  # in the baseline year and in the latest 12 months
    "all_crime": (58805, 58318),
    "domestic_burglary": (3935, 4013),
    "violence_with_injury": (4365, 4609),
    "theft_from_vehicle": (5236, 6092),
    "theft_of_vehicle": (1051, 1376),
}


def test_printed_offences_are_met_exactly_and_official_quarters_between_them():
    totals = {}
    for name in PRINTED_OFFENCES:
        counts = offences(name)
        totals[name] = (counts.loc[slice(*BASELINE)].sum(), counts.loc[slice(*LATEST)].sum())
        between = official_quarters()[name].loc["2013Q1":"2014Q1"]
        assert by_quarter(counts).loc["2013Q1":"2014Q1"].tolist() == between.tolist(), name
    assert totals == PRINTED_OFFENCES


def test_offences_that_were_not_printed_have_their_official_quarters_throughout():
    for name in ("robbery", "theft_from_person", "shoplifting", "rape"):
        assert by_quarter(offences(name)).tolist() == official_quarters()[name].tolist(), name


def test_parts_are_no_more_than_the_whole():
    crime = table("recorded_crime").pivot(index="month", columns="offence", values="offences")
    parts = list(official_quarters().columns.drop("all_crime"))
    assert (crime[parts].sum(axis=1) <= crime.all_crime).all()
    assert (crime.domestic_violence_with_injury <= crime.violence_with_injury).all()


def test_all_crime_is_stable_and_below_its_mean_in_the_quarter():
    counts = offences("all_crime")
    below = counts < counts.mean()
    assert below.loc[slice(*QUARTER)].all()
    assert below.loc["2014-01":].sum() >= 12  # of 18 months
    assert not (high(counts) | low(counts)) & set(counts.loc[slice(*LATEST)].index)


def test_what_the_text_calls_significantly_high_or_low_is():
    for name in ("robbery", "theft_from_person"):
        assert low(offences(name)) >= LAST_THREE, name
    for name in ("theft_from_vehicle", "theft_of_vehicle", "rape"):
        assert high(offences(name)) >= LAST_THREE, name


def test_shoplifting_was_significantly_high_in_2013_but_not_since():
    counts = offences("shoplifting")
    flagged = high(counts)
    assert {m for m in flagged if m.startswith("2013")}
    assert not {m for m in flagged if m >= "2014-04"}
    assert (counts.loc["2014-04":"2014-12"] < counts.mean()).sum() >= 5  # of 9 months


def test_burglary_is_below_its_mean_without_a_special_cause():
    counts = offences("domestic_burglary")
    assert (counts.loc[slice(*QUARTER)] < counts.mean()).all()
    assert not (high(counts) | low(counts)) & LAST_THREE
    year, before = counts.loc["2014-04":"2015-03"], counts.loc["2013-04":"2014-03"]
    assert year.sum() < before.sum()
    assert (year.to_numpy() < before.to_numpy()).sum() >= 8  # of 12 months
    assert year.reset_index(drop=True).corr(before.reset_index(drop=True)) > 0.7


def test_violence_with_injury_is_significantly_low_in_the_last_two_months():
    counts = offences("violence_with_injury")
    assert outside(counts)[-2:] == ["2015-05", "2015-06"]
    assert low(counts) >= {"2015-05", "2015-06"}
    assert counts.loc["2015-01":"2015-06"].is_monotonic_decreasing


def test_rape_has_risen_for_three_years():
    counts = offences("rape")
    years = [counts.loc[f"{y}-07" : f"{y + 1}-06"].sum() for y in (2012, 2013, 2014)]
    assert years == sorted(years)


def test_domestic_violence_with_injury_rose_for_two_years_and_fell_steeply():
    counts = offences("domestic_violence_with_injury")
    assert by_quarter(counts).loc["2013Q1":"2014Q4"].is_monotonic_increasing
    assert counts.loc["2015-03":"2015-06"].is_monotonic_decreasing
    assert counts["2015-06"] < 0.7 * counts["2015-03"]


def test_domestic_violence_without_injury_stays_within_expected_levels():
    counts = offences("domestic_violence_without_injury")
    assert not high(counts) | low(counts)


def test_hate_crime_peaked_in_july_2014_and_is_level_with_the_quarter_before():
    counts = offences("hate_crime")
    assert counts.idxmax() == "2014-07" and (counts == counts.max()).sum() == 1
    quarters = by_quarter(counts)
    assert abs(quarters["2015Q1"] - quarters["2014Q4"]) <= 3
    assert quarters.loc["2014Q2":"2014Q4"].is_monotonic_decreasing


def test_anti_social_behaviour_was_significantly_low_in_winter_and_rises_slowly():
    counts = table("asb_incidents").set_index("month").incidents
    known = pd.read_csv(BESIDE / "official_asb_incidents_2014.csv", index_col="month").incidents
    assert counts.loc[known.index].tolist() == known.tolist()
    quarters = by_quarter(counts)
    assert quarters.idxmin() == "2014Q4"
    assert low(counts) & {"2015-01", "2015-02", "2015-03"}
    spring = counts.loc[slice(*QUARTER)]
    assert (spring < counts.mean()).all() and spring.is_monotonic_increasing
    rises = {year: counts[f"{year}-06"] - counts[f"{year}-04"] for year in (2012, 2013, 2014, 2015)}
    assert min(rises, key=rises.get) == 2015


# --------------------------------------------------------------------------------------------- surveys
ALL_USERS = ("burglary", "theft_from_vehicle", "theft_of_vehicle", "vehicle_crime", "violent_crime")


PRINTED_SATISFACTION = [  # in the baseline year and in the latest 12 months
    (["burglary"], "89.7", "88.6"),
    (["theft_from_vehicle"], "85.9", None),
    (["theft_of_vehicle"], "75.5", None),
    (["vehicle_crime"], None, "77.8"),
    (["violent_crime"], "78.1", "78.1"),
    (ALL_USERS, "84.5", "81.5"),
    (["hate_crime"], "84.2", "83.5"),
    (["asb"], "82.9", "76.0"),
    (["domestic_abuse"], None, "86.3"),
]
SURVEYED = {  # the first and the last month of the surveys of part of the time
    "theft_from_vehicle": ("2012-04", "2013-03"),
    "theft_of_vehicle": ("2012-04", "2013-03"),
    "vehicle_crime": ("2013-04", "2015-06"),
    "domestic_violence": ("2012-04", "2014-03"),
    "domestic_abuse": ("2014-04", "2015-06"),
    "rape": ("2014-07", "2015-06"),
}


def test_printed_satisfaction_is_met_exactly():
    for groups, *printed in PRINTED_SATISFACTION:
        found = [
            text and percent(survey(*groups), *span) for span, text in zip((BASELINE, LATEST), printed, strict=True)
        ]
        assert found == printed, groups


def test_surveys_of_part_of_the_time_have_just_that():
    assert {group: (survey(group).index.min(), survey(group).index.max()) for group in SURVEYED} == SURVEYED


def test_nobody_is_satisfied_without_being_asked():
    rows = table("victim_survey")
    assert (rows.satisfied <= rows.respondents).all()


def test_rape_survey_is_far_too_small():
    asked = survey("rape").respondents
    assert asked.between(2, 4).all() and asked.sum() < 50


def test_burglary_satisfaction_is_lowest_in_january_and_better_since():
    rates = rolling(survey("burglary")).loc[slice(*LATEST)]  # paragraph 63, as the rolling 12 months of paragraph 57
    assert rates.idxmin() == "2015-01" and round(rates.min()) == 86
    assert rates.loc["2015-01":].is_monotonic_increasing and 88 <= rates["2015-06"] < 89


def test_satisfaction_of_asb_victims_recovers_in_part_and_falls_again():
    rates = rolling(survey("asb"))
    assert "2014-01" <= rates.idxmin() <= "2014-06", "the low of the year before"
    assert rates["2014-03"] < rates["2015-03"] and rates["2015-06"] < rates["2015-03"]
    assert rates.min() > 75


def test_satisfaction_with_the_response_to_hate_crime_is_stable_for_a_year():
    rates = rolling(survey("hate_crime")).loc[slice(*LATEST)]
    assert rates.max() - rates.min() < 2


def moving_range_ratio(answers: pd.DataFrame) -> float:
    """How far months differ from each other, against binomial samples of their size: 1 where they differ as those."""
    share = answers.satisfied.sum() / answers.respondents.sum()
    scores = (answers.satisfied / answers.respondents - share) / (share * (1 - share) / answers.respondents) ** 0.5
    return scores.diff().abs().mean() / 1.128


@pytest.mark.parametrize("drop", DROPS)
def test_the_months_of_the_surveys_differ_as_samples_of_their_size_do(drop):
    groups = set(table("victim_survey", drop).victim_group) - {"rape"}  # of two to four people a month
    ratios = {group: moving_range_ratio(survey(group, drop=drop)) for group in groups}
    assert all(0.75 < ratio < 1.3 for ratio in ratios.values()), ratios


def test_satisfaction_of_all_users_falls_in_2014_and_is_stable_since():
    rates = rolling(survey(*ALL_USERS))
    assert rates.loc["2013-12":"2014-12"].is_monotonic_decreasing
    assert rates.loc["2015-01":"2015-06"].between(81.0, 81.95, inclusive="left").all()


def test_satisfaction_of_violence_victims_falls_in_2014_and_turns():
    rates = rolling(survey("violent_crime"))
    assert rates["2014-12"] < rates["2013-12"] - 0.5
    assert rates["2015-06"] > rates.loc["2015-01":"2015-03"].min()


def test_satisfaction_of_vehicle_victims_falls_more_slowly():
    rates = rolling(survey("vehicle_crime"))
    assert rates["2014-06"] > rates["2014-12"] > rates["2015-06"]
    assert rates["2014-06"] - rates["2014-12"] > rates["2014-12"] - rates["2015-06"]


def test_confidence_rises_steadily():
    answers = table("community_survey").set_index("quarter").rename(columns={"confident": "satisfied"})
    assert percent(answers, "2012Q1", "2012Q4") == "75.3"
    assert percent(answers, "2014Q2", "2015Q1") == "85.5"
    assert (answers.satisfied / answers.respondents).is_monotonic_increasing
    assert answers.respondents.between(600, 1000).all()


# ------------------------------------------------------------------------------------- the other returns
def test_first_time_entrants_are_those_of_the_paper():
    counts = table("first_time_entrants").pivot(index="Quarter", columns="Area", values="First time entrants")
    county, city = counts["Leicestershire and Rutland"], counts["Leicester City"]
    assert counts.loc["2012Q1":"2012Q4"].sum().sum() == 667
    assert counts.loc["2014Q2":"2015Q1"].sum().sum() == 326
    assert (county["2012Q1"], county["2015Q1"], city["2015Q1"]) == (118, 36, 34)
    assert (city["2015Q1"] - city["2014Q4"], city["2015Q1"] - city["2014Q1"]) == (-12, -6)
    assert county["2014Q4"] < 36 < county["2014Q1"]


def test_the_cohorts_are_those_of_the_paper():
    counts = table("reoffending_cohorts").pivot(index="quarter", columns=["cohort", "measure"], values="offences")
    offending, again = counts[("aged_18_24", "offending")], counts[("aged_18_24", "reoffending")]
    assert (offending.loc["2012Q1":"2012Q4"].sum(), again.loc["2012Q1":"2012Q4"].sum()) == (407, 372)
    assert (offending.loc["2014Q2":].sum(), again.loc["2014Q2":].sum()) == (133, 133)
    assert (again <= offending).all()
    programme = counts[("drug_programme", "reoffending")]
    assert (programme["2014Q1"], programme["2015Q1"]) == (673, 332)


def test_night_time_incidents_begin_in_2014_and_add_up():
    counts = table("night_time_economy").set_index("month").incidents
    assert counts.index.min() == "2014-01"
    assert counts.loc[slice(*QUARTER)].sum() == 4975


def test_printed_missing_reports():
    printed = {
        ("STORM", "missing", ("all",)): (5929, 4305),
        ("COMPACT", "missing", ("all",)): (5417, 2384),
        ("STORM", "missing", tuple(ALL_KEY_LOCATIONS)): (1162, 267),
        ("STORM", "absent", ("all",)): (0, 248),
    }
    every = {chosen: missing(*chosen) for chosen in printed}
    spans = (slice(*BASELINE), slice(*LATEST))
    assert {chosen: tuple(counts.loc[span].sum() for span in spans) for chosen, counts in every.items()} == printed


def test_missing_reports_agree_with_each_other():
    everywhere = missing("STORM", "missing", ["all"])
    key_locations = missing("STORM", "missing", ALL_KEY_LOCATIONS)
    assert (missing("COMPACT", "missing", ["all"]) <= everywhere).all()
    assert (key_locations <= everywhere).all()
    by_month = table("missing_people").groupby("month").size()
    assert by_month.tolist() == key_locations.loc[slice(*QUARTER)].tolist()


def test_22_people_were_reported_missing_72_times():
    times = table("missing_people").person.value_counts()
    assert (times.sum(), len(times), (times == 1).sum(), times[times > 1].sum()) == (72, 22, 13, 59)


def test_savings_add_up():
    lines = {row.line: Decimal(str(row.gbp_million)) for row in table("savings").itertuples()}
    assert lines["required"] == Decimal("27.8")
    assert lines["realised"] + lines["identified"] + lines["to_find"] == lines["required"]


# ------------------------------------------------- the quarter before, as the printed paper speaks of it: 2014Q4
EARLIER = "2014Q4"
WINTER = {"2015-01", "2015-02", "2015-03"}


def test_the_earlier_drop_ends_with_its_quarter():
    lasts = {"month": set(), "quarter": set()}
    for path in raw(EARLIER).glob("*.csv"):
        frame = table(path.stem, EARLIER)
        for column in lasts.keys() & set(frame.columns):
            lasts[column].add(frame[column].max())
    assert lasts == {"month": {"2015-03"}, "quarter": {EARLIER}}
    assert table("first_time_entrants", EARLIER)["Quarter"].max() == EARLIER


def test_first_time_entrants_of_the_earlier_quarter():
    counts = table("first_time_entrants", EARLIER).pivot(index="Quarter", columns="Area", values="First time entrants")
    assert counts.loc[EARLIER, "Leicester City"] == 34 + 12
    assert 30 <= counts.loc[EARLIER, "Leicestershire and Rutland"] < 36  # "a slight increase" to 36


def test_the_baseline_year_is_the_printed_one_in_the_earlier_drop_too():
    printed = {"all_crime": 58805, "domestic_burglary": 3935, "violence_with_injury": 4365}
    for name, total in printed.items():
        assert offences(name, EARLIER).loc[slice(*BASELINE)].sum() == total
    assert percent(survey(*ALL_USERS, drop=EARLIER), *BASELINE) == "84.5"


def test_what_had_risen_for_years_was_high_in_the_earlier_quarter():
    for name in ("rape", "domestic_violence_with_injury"):
        assert high(offences(name, EARLIER)) >= WINTER, name
    violence = by_quarter(offences("domestic_violence_with_injury", EARLIER))
    assert violence.loc["2013Q1":].is_monotonic_increasing


def test_violence_with_injury_falls_over_the_first_months_of_2015():
    assert offences("violence_with_injury", EARLIER).loc["2015-01":].is_monotonic_decreasing


def test_hate_crime_has_fallen_since_its_peak_and_is_level_with_the_quarter_after():
    counts = offences("hate_crime", EARLIER)
    assert counts.idxmax() == "2014-07"
    assert abs(by_quarter(counts)[EARLIER] - by_quarter(offences("hate_crime"))["2015Q1"]) <= 3


def test_anti_social_behaviour_reached_a_significantly_low_point_in_the_earlier_quarter():
    counts = table("asb_incidents", EARLIER).set_index("month").incidents
    assert by_quarter(counts).idxmin() == EARLIER
    assert low(counts) & WINTER


def test_burglary_is_lower_than_the_year_before_in_the_earlier_drop():
    counts = offences("domestic_burglary", EARLIER)
    assert counts.loc["2014-04":"2015-03"].sum() < counts.loc["2013-04":"2014-03"].sum()


def test_all_crime_is_generally_below_its_mean_in_the_earlier_drop():
    counts = offences("all_crime", EARLIER)
    assert (counts < counts.mean()).loc["2014-01":"2015-03"].mean() > 0.5
    assert not (high(counts) | low(counts)) & WINTER


def test_the_parts_are_no_more_than_the_whole_in_the_earlier_drop():
    crime = table("recorded_crime", EARLIER).pivot(index="month", columns="offence", values="offences")
    assert (crime[list(official_quarters().columns.drop("all_crime"))].sum(axis=1) <= crime.all_crime).all()
    assert (crime.domestic_violence_with_injury <= crime.violence_with_injury).all()


def test_satisfaction_in_the_earlier_drop_moves_as_the_paper_says():
    rates = rolling(survey(*ALL_USERS, drop=EARLIER))
    assert rates.loc["2013-12":"2014-12"].is_monotonic_decreasing
    assert rates.loc["2015-01":].between(81.0, 81.95, inclusive="left").all()  # "stable at 81%"
    assert rolling(survey("burglary", drop=EARLIER)).loc["2014-04":].idxmin() == "2015-01"
    asb = survey("asb", drop=EARLIER)
    assert percent(asb, "2014-04", "2015-03") > percent(asb, "2013-04", "2014-03")
    assert rolling(asb).min() > 75
    asked = table("victim_survey", EARLIER)
    assert (asked.satisfied <= asked.respondents).all()


def test_the_rape_survey_is_a_year_and_far_too_small_in_the_earlier_drop():
    asked = survey("rape", drop=EARLIER).respondents
    assert (asked.index.min(), asked.index.max(), len(asked)) == ("2014-04", "2015-03", 12)
    assert asked.between(2, 4).all() and asked.sum() < 50


def test_missing_people_of_the_earlier_quarter_agree_with_the_reports():
    key_locations = missing("STORM", "missing", ALL_KEY_LOCATIONS, EARLIER)
    people = table("missing_people", EARLIER)
    assert people.groupby("month").size().tolist() == key_locations.loc["2015-01":"2015-03"].tolist()
    times = people.person.value_counts()
    assert times[times > 1].sum() / times.sum() > 59 / 72  # "has fallen over time"
    quarters = by_quarter(missing("STORM", "missing", ALL_KEY_LOCATIONS)).tail(4)
    assert quarters[EARLIER] == len(people) and quarters.max() - quarters.min() <= 10  # "stable for four periods"


def test_the_drugs_programme_has_the_year_in_which_its_cohort_formed():
    rows = table("reoffending_cohorts", EARLIER)
    programme = rows[rows.cohort == "drug_programme"].set_index("quarter").offences
    assert programme.index.tolist() == [f"{year}Q{n}" for year in (2013, 2014) for n in (1, 2, 3, 4)]
    assert programme["2014Q1"] == 673
    assert programme.loc["2013Q1":"2014Q1"].is_monotonic_increasing


def test_savings_are_the_position_that_the_later_paper_still_prints():
    assert (raw(EARLIER) / "savings.csv").read_bytes() == (raw("2015Q1") / "savings.csv").read_bytes()
    assert set(table("savings", EARLIER).as_at) == {"2014-12-31"}


def test_what_was_not_restated_is_the_same_in_both_drops():
    for name in ("community_survey", "night_time_economy", "missing_reports", "drug_treatment"):
        now, before = (raw(drop).joinpath(f"{name}.csv").read_bytes() for drop in ("2015Q1", EARLIER))
        assert now.startswith(before) and len(now) > len(before), name


# --------------------------------------------------------------------------------------- what was recorded later
def test_what_was_recorded_later_is_the_years_sum_of_the_official_quarters():
    later = pd.read_csv(ROOT / "data" / "recorded_later" / "2015Q1.csv")
    official = pd.read_csv(BESIDE / "official_recorded_crime_by_quarter.csv", index_col=0)
    sums = official.loc[["2016Q1", "2016Q2", "2016Q3", "2016Q4"]].sum()
    assert set(later["year"]) == {"2016/17"}
    assert dict(zip(later["series"], later["recorded"], strict=True)) == sums[later["series"]].to_dict()
    assert later["source"].str.contains("Open Government Licence").all()
    plan = yaml.safe_load((ROOT / "params" / "plan.yml").read_text(encoding="utf-8"))
    figures = [figure for box in plan["priorities"] for figure in box["indicators"]]
    projected = [(f["series"], f["projection_year"]) for f in figures if f["rule"] == "projection"]
    assert sorted(zip(later["series"], later["year"], strict=True)) == sorted(projected)
