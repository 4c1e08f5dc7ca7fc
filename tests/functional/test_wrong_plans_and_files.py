"""What a plan, or a supplier's file, may get wrong without being noticed: each ends in a sentence, or comes out right.

The office is the made-up one of examples/kinds, so that a mistake is tried on every kind of measure.
"""

import csv
import hashlib
import io
import re
import shutil

import pytest
import yaml

import running
from panelpack.audit.compare import compare_quarters
from panelpack.config.configuration import Configuration
from panelpack.config.strict_yaml import read_yaml
from panelpack.errors import PanelPackError
from panelpack.indicators.compute import compute_every
from panelpack.indicators.quarter_data import data_of_raw_files
from panelpack.named_periods import SAME, SHARED, never_a_baseline, resolve_period, why_no_baseline
from panelpack.periods import Quarter
from panelpack.project import Project
from panelpack.validation.raw_data import check_raw_data
from tools.reference.kinds_of_measure import KINDS_OFFICE, PLAN, changed

OFFICE = running.ROOT / KINDS_OFFICE
REPORTED = Quarter.parse("2022Q4")
YEAR = "rolling_12_months"


@pytest.fixture
def tried(tmp_path):
    """Return what the office's figures become by a changed plan and changed files; of a mistake its sentences."""
    for name in ("params", "data/raw"):
        shutil.copytree(OFFICE / name, tmp_path / name)

    def of(put, files=None):
        plan = changed(read_yaml(tmp_path / PLAN)[0], put)
        (tmp_path / PLAN).write_text(yaml.safe_dump(plan, sort_keys=False, allow_unicode=True), encoding="utf-8")
        raw = tmp_path / "data" / "raw" / str(REPORTED)
        sources = yaml.safe_load((raw / "sources.yml").read_text(encoding="utf-8"))
        for name, change in (files or {}).items():
            content = change((raw / name).read_text(encoding="utf-8"))
            (raw / name).write_text(content, encoding="utf-8")
            sha256 = hashlib.sha256(content.encode()).hexdigest()
            sources["files"][name] |= {"sha256": sha256, "rows": len(content.splitlines()) - 1}
        (raw / "sources.yml").write_text(yaml.safe_dump(sources), encoding="utf-8")
        office = Configuration.read(Project(running.ROOT, tmp_path), REPORTED)
        check_raw_data(office).stop_if_failed()
        return {result.indicator: result for result in compute_every(data_of_raw_files(office))}

    return of


def without(text):
    """Leave out the lines of a file that have a text."""
    return lambda file: "".join(line for line in file.splitlines(keepends=True) if text not in line)


def last(row):
    """Put another row in the place of a file's last."""
    return lambda file: "".join([*file.splitlines(keepends=True)[:-1], f"{row}\n"])


def of_column(column, change):
    def written(file):
        rows = list(csv.DictReader(io.StringIO(file)))
        out = io.StringIO()
        writer = csv.DictWriter(out, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows({**row, column: change(row)} for row in rows)
        return out.getvalue()

    return written


def compared(indicator, baseline, latest):
    return {f"{indicator}/compare": {"baseline": baseline, "latest": latest}}


BAND = {"word": "Good", "at_least": 70, "counts_as": "met"}
ELSE = {"word": "Poor", "counts_as": "missed"}
STEPS = "P4.satisfaction/bands/steps"
WRONG = {
    "periods in the wrong order": (compared("P1.violence", "2021/22", "2019/20"), "not before the other"),
    "a baseline that is always the year under way": (
        compared("P1.violence", "financial_year", "ytd"),
        "the year to date",
    ),
    "a year that always shares months": (compared("P1.violence", f"{YEAR}-3", YEAR), "they share months"),
    "a mean of years that holds the latest": (
        compared("P1.violence", "mean of 2018/19 to 2020/21", "2020/21"),
        "share months",
    ),
    "a direction against what is better": ({"P1.severity/target": {"direction": "higher"}}, "calls lower better"),
    "a year twice in a path": ({"P6.officers/target": {"path": {"2022/23": 1, "2022/2023": 2}}}, "stands twice"),
    "a band for a proportion": ({STEPS: [{**BAND, "at_least": 0.7}, ELSE]}, "Write 90 for 90%"),
    "a band beyond all percentages": ({STEPS: [{**BAND, "at_least": 700}, ELSE]}, "expected a percentage"),
    "a band that is called as another verdict": (
        {STEPS: [BAND, {**ELSE, "word": "better"}]},
        "what improved is called",
    ),
    "two bands of one word": ({STEPS: [BAND, {**ELSE, "word": "GOOD"}]}, "a word stands twice"),
    "bands of a change in percent of a share": ({"P4.satisfaction/bands/of": "pct_change"}, "says nothing of a share"),
    "one word for two verdicts": (
        {"verdict_words/met": "Fine", "verdict_words/improved": "fine"},
        "Give each its own word",
    ),
    "the usual word of another verdict": ({"verdict_words/met": "Missed"}, "Give each its own word"),
    "a part of what has no figure": ({"P1.burglary/part_of": "P2.other_forces"}, "has no figure"),
    "replaced by itself": ({"P5.reprimands/status/replaced_by": "P5.reprimands"}, "no replacement of itself"),
    "awaited and replaced": ({"P2.other_forces/status/replaced_by": "P2.asb"}, "expected replaced"),
    "a grade of which the worst is best": ({"P6.grade/polarity": "lower"}, "Write higher"),
    "old definition of another kind": (
        {"series/missing/redefined": [{"from": "2022-10", "reason": "r.", "before": "minutes_to_attend"}]},
        "a duration",
    ),
    "versions out of order": (
        {"series/missing/redefined": [{"from": "2022-10", "reason": "r."}, {"from": "2021-10", "reason": "s."}]},
        "in the order of time",
    ),
    "a count in percent": ({"series/violence/unit": "percent"}, "is the unit of share"),
    "a stock in pounds": ({"series/officers/unit": "gbp"}, "is the unit of money"),
    "a share in minutes": ({"series/abandoned/unit": "minutes"}, "has no unit of its own"),
    "decimals of a count": ({"series/violence/decimals": 2}, "has no decimals"),
    "residents of a day to come": ({"series/asb_rate/per/on": "2023-06-30"}, "up to the quarter's end"),
    "two populations without names": (
        {
            "series/north": {
                "title": "North",
                "table": "shoplifting_by_district",
                "where": {"district": "Aldrowell"},
                "value": "offences",
            },
            "P2.shoplifting/baseline_series": "north",
            "P2.shoplifting/population_change": "not_comparable",
        },
        "has no `population`",
    ),
    "a category that there is not": (
        {"series/neighbourhood_crimes/where": {"offence": ["residential_burglary", "robbery"]}},
        "no row has offence 'robbery'",
    ),
    "the whole counted with its parts": (
        {"tables/shoplifting_by_district/by": None, "series/thefts_from_shops/per": None},
        "count all of it twice",
    ),
    "the whole as one of the areas": (
        {"tables/shoplifting_by_district/by": {"column": "district"}},
        "count all of it twice",
    ),
    "a whole that no row is of": (
        {"tables/shoplifting_by_district/by/total": "county"},
        "missing for district 'county'",
    ),
}


@pytest.mark.parametrize("wrong", running.by_turns(WRONG.values()), ids=running.by_turns(WRONG))
def test_what_a_plan_gets_wrong_is_told(wrong, tried):
    put, words = wrong
    with pytest.raises(PanelPackError) as told:
        tried(put)
    assert words in str(told.value)
    assert "plan.yml" in str(told.value) or "data/raw/2022Q4/" in str(told.value)


SHOPS = "shoplifting_by_district.csv"
WRONG_FILES = {
    "a whole that ends sooner": (SHOPS, without("2022Q4,Quillshire"), {}, "'2022Q4' is missing for district"),
    "an area that vanishes": (SHOPS, without("2022Q4,Aldrowell"), {}, "add up to"),
    "an area that vanishes where the areas are the whole": (
        SHOPS,
        lambda file: without("Quillshire")(without("2022Q4,Aldrowell")(file)),
        {"tables/shoplifting_by_district/by": {"column": "district"}},
        "'Aldrowell' of 'thefts_from_shops' has no figure for Quarter 4 2022/23",
    ),
    "an area called every area": (
        SHOPS,
        lambda file: file.replace("Aldrowell", "*"),
        {"series/thefts_from_shops/per": None},
        "stands for all areas",
    ),
    "a percentage above 100": ("confidence_survey.csv", last("2022Q4,155.3,150,160"), {}, "from 0 to 100"),
    "a percentage below 0": ("non_emergency_calls.csv", last("2022Q4,-1.5"), {}, "from 0 to 100"),
    "a time below 0": ("attendance.csv", last("2022Q4,-3.5,100,90"), {}, "a duration of 0 or more"),
    "more answered than called": ("emergency_calls.csv", last("2023-03,100,101"), {}, "a part of its base"),
    "fewer than none answered": ("emergency_calls.csv", last("2023-03,100,-1"), {}, "a part of its base"),
    "answers below none": ("victim_survey.csv", last("2022-12,-20,50.0"), {}, "-20"),
    "a part of a sum that ends sooner": (
        "recorded_crime.csv",
        without("2023-03,personal_robbery"),
        {"P1.robbery/series": "vehicle_crimes", "series/robberies": None},
        "its sum would be too small",
    ),
}


@pytest.mark.parametrize("wrong", running.by_turns(WRONG_FILES.values()), ids=running.by_turns(WRONG_FILES))
def test_what_a_file_gets_wrong_is_told(wrong, tried):
    name, change, put, words = wrong
    with pytest.raises(PanelPackError) as told:
        tried(put, {name: change})
    assert words in str(told.value) and f"data/raw/2022Q4/{name}" in str(told.value)


def test_periods_that_share_months_in_one_quarter_have_no_verdict_in_it(tried):
    results = tried(
        compared("P1.violence", "2022/23", YEAR) | compared("P1.knife_crime", "mean of 2020/21 to 2022/23", YEAR)
    )
    for indicator, why in (("P1.violence", SAME), ("P1.knife_crime", SHARED)):
        found = results[indicator]
        assert (found.verdict, found.reason, found.baseline) == ("not_assessed", "no_comparator", None)
        assert found.latest is not None and why in found.evidence


def test_a_position_is_not_compared_with_itself(tried):
    stale = {"inspections.csv": without("2023-02-14")}
    found = tried(compared("P6.grade", "on 2022-03-31", "position"), stale)["P6.grade"]
    assert (found.verdict, found.reason, found.change) == ("not_assessed", "no_comparator", None)
    assert "30 September 2021, which is the baseline's, too: nothing newer was supplied." in found.evidence


def test_a_redefinition_is_told_of_positions_and_of_the_year_before(tried):
    changed_in = [{"from": "2022-10", "reason": "Others are counted."}]
    put = compared("P4.missing", "quarter-1", "quarter") | {"series/officers/redefined": changed_in}
    results = tried(put)
    assert "Redefined from October 2022: Others" in " ".join(results["P6.officers"].notes_of("redefined"))
    assert "so that a year before something else was counted" in " ".join(results["P4.missing"].notes_of("redefined"))
    assert not results["P4.missing"].notes_of("year_before")


def test_quarters_by_quarter_are_quarters(tried):
    assert tried({"series/minutes_to_attend/by": "quarter"})["P3.minutes"].latest == 13.5


def test_a_rise_from_none_has_no_percentage(tried):
    def none_before(row):
        return "0" if row["offence"] == "knife_crime" and row["month"] < "2020-04" else row["offences"]

    found = tried({}, {"recorded_crime.csv": of_column("offences", none_before)})["P1.knife_crime"]
    assert found.baseline == 0 and found.pct_change is None
    assert "a rise from 0 to 264" in found.how_sure_reason and "%" not in found.how_sure_reason


@pytest.mark.parametrize(
    ("baseline", "latest", "why"),
    [
        ("2022/23", "2022/23", SAME),
        ("2022", "2022/23", SHARED),
        ("mean of 2020 to 2022", "2022", SHARED),
        ("on 2022-09-30", "on 2022-09-30", SAME),
        ("2021/22", "2022/23", ""),
        ("on 2021-09-30", "on 2022-09-30", ""),
    ],
)
def test_whether_a_period_is_a_baseline(baseline, latest, why):
    periods = (resolve_period(name, "2023-03", 2020) for name in (baseline, latest))
    assert why_no_baseline(*periods) == why == never_a_baseline(baseline, latest)


def test_what_only_some_quarters_make_the_same_is_no_mistake_of_the_plan():
    assert never_a_baseline("2022/23", YEAR) == ""
    assert never_a_baseline("quarter-4", "quarter") == never_a_baseline("lytd", "ytd") == ""
    assert never_a_baseline(f"{YEAR}-12", YEAR) == never_a_baseline("position-1", "position") == ""


def test_two_quarters_show_no_change_between_years_to_date(tmp_path):
    for name in ("params", "data/raw"):
        shutil.copytree(OFFICE / name, tmp_path / name)
    page = compare_quarters(Project(running.ROOT, tmp_path), REPORTED, REPORTED.shift(1)).read_text("utf-8")
    rows = [re.sub(r"<[^>]+>", "|", row).strip("|") for row in re.findall(r"<tr.*?</tr>", page, re.DOTALL)]
    of_year, of_twelve = (
        next(row for row in rows if row.startswith(name) and "2022/23" not in row and "(" in row)
        for name in ("P1.robbery", "P1.violence")
    )
    assert "136 (YTD" in of_year and "337" not in of_year
    assert of_twelve.split("|")[-1] == "+64"
