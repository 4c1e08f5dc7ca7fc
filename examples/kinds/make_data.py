"""Write the suppliers' files of Quillshire, a county that does not exist: plain formulas, and the same in any run.

    python examples/kinds/make_data.py

A figure is a level that moves in straight lines between stated years, times a season, plus a scatter that is worked
out from the name of the figure and its period, so that nothing is drawn and no clock is read.
"""

import csv
import hashlib
import math
from collections.abc import Iterable, Iterator, Mapping
from itertools import pairwise
from pathlib import Path

OFFICE = Path(__file__).parent
LAST_MONTHS = {"2022Q4": "2023-03", "2023Q1": "2023-06"}  # of each quarter that is reported
NOT_YET = {("2022Q4", "hospital_admissions")}  # files that came too late for their quarter
DISTRICTS = {  # each with its share of the county
    **{"Aldrowell": 0.17, "Bexmarrow": 0.14, "Corvendale": 0.12, "Dunquill": 0.11, "Eltherby": 0.10},
    **{"Farrowmoss": 0.08, "Gadrenham": 0.07, "Hexwold": 0.06, "Ivermarsh": 0.05, "Jessaway": 0.04},
    **{"Kinderholt": 0.035, "Lowmarrow": 0.025},
}
COUNTY = "Quillshire"
RESIDENTS = {  # in the middle of each year, of the county and of each district
    "2021-06-30": {
        **{COUNTY: 812_400, "Aldrowell": 139_600, "Bexmarrow": 118_200, "Corvendale": 97_400, "Dunquill": 91_000},
        **{"Eltherby": 78_300, "Farrowmoss": 70_100, "Gadrenham": 58_800, "Hexwold": 21_400, "Ivermarsh": 44_000},
        **{"Jessaway": 36_900, "Kinderholt": 31_200, "Lowmarrow": 25_500},
    },
    "2022-06-30": {
        **{COUNTY: 819_900, "Aldrowell": 141_000, "Bexmarrow": 119_100, "Corvendale": 98_300, "Dunquill": 91_700},
        **{"Eltherby": 79_100, "Farrowmoss": 70_600, "Gadrenham": 59_200, "Hexwold": 21_900, "Ivermarsh": 44_300},
        **{"Jessaway": 37_200, "Kinderholt": 31_700, "Lowmarrow": 25_800},
    },
}
SUMMER = (0.92, 0.91, 0.98, 1.00, 1.04, 1.06, 1.09, 1.07, 1.01, 1.00, 0.96, 0.96)  # January to December
EVEN = (1.0,) * 12
# Offences a year by the calendar year in whose middle they are so many, their season, and their spread against Poisson.
OFFENCES: dict[str, tuple[dict[int, float], tuple[float, ...], float]] = {
    "residential_burglary": ({2016: 3900, 2019: 3300, 2020: 2700, 2021: 2350, 2022: 2280, 2023: 2190}, EVEN, 1.4),
    "personal_robbery": ({2016: 520, 2019: 610, 2020: 450, 2021: 470, 2022: 505, 2023: 520}, SUMMER, 1.2),
    "theft_from_person": ({2016: 690, 2019: 760, 2020: 420, 2021: 520, 2022: 690, 2023: 730}, SUMMER, 1.3),
    "vehicle_offences": ({2016: 4100, 2019: 4700, 2020: 3500, 2021: 3450, 2022: 4000, 2023: 4250}, EVEN, 1.6),
    "violence_with_injury": ({2016: 6600, 2019: 7600, 2020: 7100, 2021: 7500, 2022: 7750, 2023: 7700}, SUMMER, 1.5),
    "knife_crime": ({2016: 260, 2018: 330, 2019: 345, 2020: 300, 2021: 270, 2022: 262, 2023: 255}, SUMMER, 1.1),
    "domestic_abuse": ({2016: 8200, 2019: 10400, 2020: 11300, 2021: 12100, 2022: 12900, 2023: 13300}, SUMMER, 1.6),
}
HEADS = {
    "recorded_crime": ("month", "offence", "offences"),
    "shoplifting_by_district": ("quarter", "district", "offences"),
    "antisocial_behaviour": ("quarter", "district", "incidents"),
    "population": ("day", "area", "residents"),
    "road_casualties": ("year", "killed_or_seriously_injured"),
    "first_time_entrants": ("year", "entrants"),
    "emergency_calls": ("month", "calls", "answered_within_10_seconds"),
    "non_emergency_calls": ("quarter", "abandoned_percent"),
    "confidence_survey": ("quarter", "percent", "lower", "upper"),
    "community_survey": ("quarter", "asked", "confident_percent", "problem_percent"),
    "attendance": ("quarter", "median_minutes", "priority_calls", "attended_in_time"),
    "crime_severity": ("quarter", "score"),
    "workforce": ("day", "officers"),
    "victim_survey": ("month", "answers", "satisfied_percent"),
    "missing_people": ("month", "definition", "episodes"),
    "stop_and_search": ("half_year", "records_reviewed", "found_reasonable"),
    "charges": ("month", "charges", "mean_days"),
    "savings": ("quarter", "saved_gbp"),
    "inspections": ("day", "question", "grade"),
    "hospital_admissions": ("quarter", "admissions"),
}


# ------------------------------------------------------------------------------------------------ months and levels
def months(first: str, last: str) -> Iterator[str]:
    """Yield the months 'YYYY-MM' from the first to the last."""
    for count in range(_number(first), _number(last) + 1):
        yield f"{count // 12}-{count % 12 + 1:02d}"


def _number(month: str) -> int:
    return int(month[:4]) * 12 + int(month[5:]) - 1


def quarters(first: str, last_month: str) -> dict[str, list[str]]:
    """Return the three months of each whole quarter YYYYQn from the first to a last month; Q1 is April to June."""
    found: dict[str, list[str]] = {}
    for month in months(f"{first[:4]}-04", last_month):
        count = _number(month) - 3
        found.setdefault(f"{count // 12}Q{count % 12 // 3 + 1}", []).append(month)
    return {label: of for label, of in found.items() if label >= first and len(of) == 3}


def level(by_year: Mapping[int, float], month: str) -> float:
    """Return what a level is in a month, on straight lines between the middles of the years stated."""
    time = _number(month) / 12 - 0.5 + 1 / 24
    years = sorted(by_year)
    if time <= years[0]:
        return by_year[years[0]]
    for before, after in pairwise(years):
        if time <= after:
            return by_year[before] + (by_year[after] - by_year[before]) * (time - before) / (after - before)
    return by_year[years[-1]]


def scatter(*names: str) -> float:
    """Return a number around 0, mostly between -2 and 2: the same for the same names, on any machine."""
    drawn = hashlib.sha256(" ".join(names).encode()).digest()
    return (sum(drawn[:12]) - 12 * 127.5) / 256  # the sum of 12 even numbers between 0 and 1, less its mean


def count(expected: float, spread: float, *names: str) -> int:
    """Return a count that scatters around what is expected, `spread` times as much as a Poisson count."""
    return max(0, round(expected + scatter(*names) * math.sqrt(spread * expected)))


def monthly(name: str, month: str) -> int:
    """Return the offences of a kind in a month."""
    by_year, season, spread = OFFENCES[name]
    return count(level(by_year, month) * season[int(month[5:]) - 1] / 12, spread, name, month)


# ------------------------------------------------------------------------------------------------------- the tables
def rows(table: str, last: str) -> Iterable[tuple[object, ...]]:
    """Return the rows of a table as its supplier sends them for the quarter that ends with a month."""
    return {
        "recorded_crime": lambda: (
            (month, name, monthly(name, month)) for month in months("2016-04", last) for name in OFFENCES
        ),
        "shoplifting_by_district": lambda: _by_district(
            "shoplifting", {2018: 5200, 2019: 5400, 2021: 4100, 2022: 5200, 2023: 6300}, last, 1.0
        ),
        # A fiftieth of all incidents is on the motorway, which lies in no district.
        "antisocial_behaviour": lambda: _by_district(
            "antisocial_behaviour", {2018: 24000, 2019: 23500, 2021: 26000, 2022: 19800, 2023: 18600}, last, 0.98
        ),
        "population": lambda: ((day, area, n) for day, areas in RESIDENTS.items() for area, n in areas.items()),
        "road_casualties": lambda: (
            (year, count(level({2015: 410, 2019: 372, 2020: 300, 2022: 352}, f"{year}-07"), 1.2, "road", str(year)))
            for year in range(2015, 2023)
        ),
        "first_time_entrants": lambda: (
            (
                f"{year}/{(year + 1) % 100:02d}",
                count(level({2015: 640, 2019: 455, 2020: 350, 2023: 330}, f"{year}-10"), 1, "entrants", str(year)),
            )
            for year in range(2015, 2023)
        ),
        "emergency_calls": lambda: _answered(
            "emergency",
            {2019: 152_000, 2022: 188_000, 2023: 197_000},
            {2019: 89.2, 2021: 88.4, 2022: 84.0, 2023: 87.5},
            last,
        ),
        "non_emergency_calls": lambda: (
            (label, _decimal(level({2019: 8.5, 2021: 7.1, 2022: 12.4, 2023: 9.6}, of[1]) + 0.6 * scatter("101", label)))
            for label, of in quarters("2018Q1", last).items()
        ),
        "confidence_survey": lambda: _confidence(last),
        "community_survey": lambda: _community(last),
        "attendance": lambda: _attendance(last),
        "crime_severity": lambda: (
            (
                label,
                _decimal(level({2018: 11.2, 2019: 11.9, 2020: 10.4, 2023: 11.3}, of[1]) + 0.08 * scatter("css", label)),
            )
            for label, of in quarters("2018Q1", last).items()
        ),
        "workforce": lambda: (
            (
                f"{month}-{'30' if month.endswith('09') else '31'}",
                _decimal(
                    level({2018: 1702, 2020: 1768, 2022: 1879, 2023: 1931}, month) + 4 * scatter("officers", month)
                ),
            )
            for month in months("2018-03", last)
            if month[5:] in ("03", "09")
        ),
        "victim_survey": lambda: _victims(last),
        "missing_people": lambda: _missing(last),
        "stop_and_search": lambda: _reviews(last),
        "charges": lambda: (
            (
                month,
                count(level({2018: 2900, 2023: 3300}, month) / 12, 1.3, "charges", month),
                _decimal(level({2018: 31, 2020: 42, 2022: 46, 2023: 41}, month) + 1.6 * scatter("days", month)),
            )
            for month in months("2018-04", last)
        ),
        "savings": lambda: (
            (label, 1000 * round(level({2018: 310, 2021: 360, 2023: 420}, of[1]) + 22 * scatter("savings", label)))
            for label, of in quarters("2018Q1", last).items()
        ),
        "inspections": lambda: (
            ("2018-11-06", "Preventing crime", "Good"),
            ("2021-09-30", "Preventing crime", "Requires improvement"),
            ("2023-02-14", "Preventing crime", "Good"),
        ),
        "hospital_admissions": lambda: (
            (label, count(level({2018: 15, 2023: 12}, of[1]), 1, "admissions", label))
            for label, of in quarters("2018Q1", last).items()
        ),
    }[table]()


def _decimal(value: float) -> str:
    return f"{value:.1f}"


def _by_district(
    name: str, by_year: Mapping[int, float], last: str, in_districts: float
) -> Iterator[tuple[object, ...]]:
    """Yield the counts of each district by quarter, and of the county: the districts' sum, or a little more."""
    for label, of in quarters("2018Q1", last).items():
        expected = sum(level(by_year, month) * SUMMER[int(month[5:]) - 1] / 12 for month in of)
        counts = {
            district: count(expected * in_districts * share, 1.4, name, district, label)
            for district, share in DISTRICTS.items()
        }
        elsewhere = 0 if in_districts == 1 else count(expected * (1 - in_districts), 1, name, "motorway", label)
        yield from ((label, district, n) for district, n in counts.items())
        yield label, COUNTY, sum(counts.values()) + elsewhere


def _answered(
    name: str, calls: Mapping[int, float], share: Mapping[int, float], last: str
) -> Iterator[tuple[object, ...]]:
    for month in months("2018-04", last):
        number = count(level(calls, month) * SUMMER[int(month[5:]) - 1] / 12, 4, name, month)
        answered = min(1.0, (level(share, month) + 0.7 * scatter(name, "share", month)) / 100)
        yield month, number, round(number * answered)


def _confidence(last: str) -> Iterator[tuple[object, ...]]:
    """Yield the share of residents who are confident in the police, of the twelve months to each quarter's end."""
    for label, of in quarters("2018Q1", last).items():
        share = level({2018: 63.5, 2020: 66.0, 2022: 58.2, 2023: 54.6}, of[1]) + 0.5 * scatter("trust", label)
        yield label, _decimal(share), _decimal(share - 2.6), _decimal(share + 2.5)


def _community(last: str) -> Iterator[tuple[object, ...]]:
    """Yield what residents said in the county's own survey: of a good job, of anti-social behaviour."""
    for label, of in quarters("2018Q1", last).items():
        asked = count(1100, 1, "community", label)
        good = level({2018: 71.0, 2020: 73.2, 2022: 68.1, 2023: 66.9}, of[1]) + 1.1 * scatter("good job", label)
        problem = level({2018: 21.4, 2021: 26.0, 2023: 29.5}, of[1]) + 1.1 * scatter("a problem", label)
        yield label, asked, _decimal(good), _decimal(problem)


def _attendance(last: str) -> Iterator[tuple[object, ...]]:
    for label, of in quarters("2018Q1", last).items():
        minutes = level({2018: 11.4, 2021: 12.6, 2022: 14.1, 2023: 13.2}, of[1]) + 0.25 * scatter("minutes", label)
        calls = count(level({2018: 14_600, 2023: 16_400}, of[1]) / 4, 3, "priority calls", label)
        share = level({2018: 91.5, 2021: 90.4, 2023: 88.6}, of[1]) + 0.4 * scatter("in time", label)
        yield label, _decimal(minutes), calls, round(calls * share / 100)


def _victims(last: str) -> Iterator[tuple[object, ...]]:
    """Yield the answers of victims, which come three months late."""
    for month in list(months("2018-04", last))[:-3]:
        answers = count(level({2018: 92, 2023: 84}, month), 1, "answers", month)
        share = level({2018: 77.0, 2020: 75.5, 2022: 72.4, 2023: 73.0}, month) + 4.6 * scatter("satisfied", month)
        yield month, answers, _decimal(100 * round(share * answers / 100) / answers)


def _missing(last: str) -> Iterator[tuple[object, ...]]:
    """Yield missing people as they are counted now, all of them from October 2022, and as before until March 2023."""
    for month in months("2018-04", last):
        at_risk = count(level({2018: 2500, 2023: 2650}, month) * SUMMER[int(month[5:]) - 1] / 12, 1.5, "missing", month)
        not_at_risk = count(at_risk * 0.22, 1, "not at risk", month) if month >= "2022-10" else 0
        yield month, "now", at_risk + not_at_risk
        if month <= "2023-03":
            yield month, "before", at_risk


def _reviews(last: str) -> Iterator[tuple[object, ...]]:
    """Yield the records that residents' panels reviewed in each half of a financial year, H1 from April."""
    for year in range(2019, 2023):
        for half, middle in (("H1", f"{year}-06"), ("H2", f"{year}-12")):
            reviewed = count(150, 1, "reviewed", str(year), half)
            yield f"{year}{half}", reviewed, round(reviewed * level({2019: 0.79, 2021: 0.84, 2023: 0.90}, middle))


def main(to: Path = OFFICE) -> None:
    """Write every table of each quarter below data/raw."""
    for quarter, last in LAST_MONTHS.items():
        folder = to / "data" / "raw" / quarter
        folder.mkdir(parents=True, exist_ok=True)
        for table, head in HEADS.items():
            if (quarter, table) in NOT_YET:
                continue
            with (folder / f"{table}.csv").open("w", encoding="utf-8", newline="") as file:
                csv.writer(file, lineterminator="\n").writerows([head, *rows(table, last)])


if __name__ == "__main__":
    main()
