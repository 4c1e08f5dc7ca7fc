"""An office made for tests whose tables are of twelve districts with residents of their own, with two surveys."""

import hashlib
import shutil

from notebook_pages import write
from panelpack.periods import month_range
from panelpack.project import Project
from running import OFFICE

QUARTER = "2022Q4"
MONTHS = month_range("2020-04", "2023-03")
QUARTERS = [f"{year}Q{quarter}" for year in (2020, 2021, 2022) for quarter in (1, 2, 3, 4)]
LATEST = MONTHS[-12:]
# Residents, and offences a month for each 10,000 of them.
DISTRICTS = {
    "Ardlow": (312_400, 52), "Brackset": (148_900, 61), "Corvell": (96_300, 44), "Dunhollow": (205_700, 57),
    "Ettlewick": (61_200, 49), "Farnbrook": (118_500, 55), "Gossmere": (83_100, 63), "Hexholt": (134_600, 148),
    "Ivelstow": (47_800, 12), "Jarrowfen": (172_000, 51), "Kestwell": (74_400, 58), "Lornby": (55_900, 47),
}  # fmt: skip
COUNTY = 1_510_900  # a hundred more than the districts have together
DAY = "2021-03-21"
PLAN = """\
version: 1
office:
  commissioner: Commissioner for Thornmark
  short: Commissioner
  panel: Thornmark Panel
  force: Thornmark Police
  official_force: none
  plan: Plan for Thornmark
baseline_year: 2020/21
disclosure: {reported: {fewest: 100, authority: assumed}, people: {fewest: 5, authority: assumed}}
bedding_in_months: 12
tables:
  crime:
    file: crime.csv
    columns: {month: month, district: category, offences: count}
    key: [month, district]
    by: {column: district, total: All}
  burglary:
    file: burglary.csv
    columns: {month: month, place: category, offences: count}
    key: [month, place]
    by: {column: place, total: All, why_not_total: Some homes are on the border and of no district.}
  people:
    file: people.csv
    columns: {day: date, area: category, residents: count, households: count}
    key: [day, area]
  satisfaction:
    file: satisfaction.csv
    columns: {quarter: quarter, district: category, asked: count, satisfied: count}
    key: [quarter, district]
    by: {column: district, total: All}
  hurt:
    file: hurt.csv
    columns: {month: month, district: category, victims: count}
    key: [month, district]
    by: {column: district}
  survey:
    file: survey.csv
    columns: {quarter: quarter, asked: count, percent: decimal}
    key: [quarter]
  national:
    file: national.csv
    columns: {year: financial_year, percent: decimal, lower: decimal, upper: decimal}
    key: [year]
series:
  crime: {title: Recorded crime, table: crime, value: offences, per:
    {table: people, value: residents, area: area, on: 2021-03-21, where: {area: Thornmark}}}
  crime_rate: {title: Crime per head, table: crime, value: offences, kind: rate, per:
    {table: people, value: residents, area: area, on: 2021-03-21, where: {area: Thornmark}}}
  burglary: {title: Burglary of homes, table: burglary, value: offences, per:
    {table: people, value: households, who: households, area: area, on: 2021-03-21, without: [Not known]}}
  satisfaction: {title: Satisfaction, table: satisfaction, value: satisfied, base: asked, population: victims}
  hurt: {title: People hurt, table: hurt, value: victims, people: true, per:
    {table: people, value: residents, area: area, on: 2021-03-21}}
  safe: {title: Residents who feel safe, table: survey, value: percent, base: asked, kind: share,
    question: How safe do you feel after dark?, population: residents aged 16 or over}
  safe_elsewhere: {title: Feel safe in the national survey, table: national, value: percent, kind: share,
    interval: {lower: lower, upper: upper}, question: Do you feel safe walking alone?, population: adults in homes}
updates:
- {id: D1, number: 1}
- {id: D2, number: 2}
priorities:
- id: D1
  number: "1"
  update: D1
  title: Districts
  indicators:
  - {id: D1.crime, title: Crime falls, polarity: lower, rule: significance, series: crime,
     compare: {baseline: baseline_year, latest: rolling_12_months}}
  - {id: D1.rate, title: Crime a head falls, polarity: lower, rule: significance, series: crime_rate,
     compare: {baseline: baseline_year, latest: rolling_12_months}}
  - {id: D1.burglary, title: Burglary falls, polarity: lower, rule: significance, series: burglary,
     compare: {baseline: baseline_year, latest: rolling_12_months}}
  - {id: D1.satisfaction, title: Victims are satisfied, polarity: higher, rule: target, series: satisfaction,
     target: {value: 80}, compare: {baseline: baseline_year, latest: rolling_12_months}}
  - {id: D1.hurt, title: Fewer are hurt, polarity: lower, rule: significance, series: hurt,
     compare: {baseline: baseline_year, latest: rolling_12_months}}
- id: D2
  number: "2"
  update: D2
  title: Safe
  indicators:
  - {id: D2.safe, title: Residents feel safe, polarity: higher, rule: printed_precision, series: safe,
     compare: {baseline: quarter-4, latest: quarter}}
  - {id: D2.crime, title: Crime falls, polarity: lower, rule: significance, series: crime,
     compare: {baseline: baseline_year, latest: rolling_12_months}}
  measures:
  - {id: D2.elsewhere, title: Feel safe in the national survey, series: safe_elsewhere, polarity: higher,
     compare: {baseline: financial_year-1, latest: financial_year}, second_source_of: D2.safe}
  - {id: D2.perceived, title: Residents who feel safe, series: safe, polarity: higher,
     compare: {baseline: quarter-4, latest: quarter}, perception_of: D2.crime}
"""
PARAMETERS = """\
version: 1
quarter: 2022Q4
subject: Performance
marking: PUBLIC
report_of: Commissioner for Thornmark
author: Analyst
meeting_date: 2023-06-14
implications: [{heading: Financial, text: None.}]
contacts: [{role: Analyst, organisation: Office of the Commissioner}]
"""
COMMENTARY = """\
# Updates

## D1

Crime: {{ D1.crime.verdict }}.

## D2

Feeling safe: {{ D2.safe.verdict }}.
"""


def month_counts(name, place):
    """The offences of a district in a month, the number of which is `place`."""
    residents, rate = DISTRICTS[name]
    return residents * rate // 10_000 + (place * 7 + rate) % 13 - place // 3


def tables():
    """The files by name."""
    crime, burglary = ["month,district,offences"], ["month,place,offences"]
    hurt, satisfaction = ["month,district,victims"], ["quarter,district,asked,satisfied"]
    for place, month in enumerate(MONTHS):
        counts = {name: month_counts(name, place) for name in DISTRICTS}
        crime += [f"{month},{name},{count}" for name, count in counts.items()]
        crime.append(f"{month},All,{sum(counts.values())}")
        homes = {name: count // 7 for name, count in counts.items()} | {"Not known": 3}
        burglary += [f"{month},{name},{count}" for name, count in homes.items()]
        burglary.append(f"{month},All,{sum(homes.values()) + 5}")
        hurt += [f"{month},{name},{6 + (place + n) % 5}" for n, name in enumerate(DISTRICTS)]
    for place, quarter in enumerate(QUARTERS):
        asked = {name: 60 + (place * 5 + n) % 9 for n, name in enumerate(DISTRICTS)}
        happy = {name: n * (95 if name == "Ivelstow" else 74 + (place + n) % 7) // 100 for name, n in asked.items()}
        satisfaction += [f"{quarter},{name},{n},{happy[name]}" for name, n in asked.items()]
        satisfaction.append(f"{quarter},All,{sum(asked.values())},{sum(happy.values())}")
    people = ["day,area,residents,households"]
    for day, more in (("2011-03-27", -9_000), (DAY, 0)):
        people += [f"{day},{name},{n + more},{(n + more) * 10 // 23}" for name, (n, _) in DISTRICTS.items()]
        homes = sum((n + more) * 10 // 23 for n, _ in DISTRICTS.values())
        people.append(f"{day},Thornmark,{COUNTY + more},{homes}")
    return {
        "crime.csv": crime,
        "burglary.csv": burglary,
        "people.csv": people,
        "satisfaction.csv": satisfaction,
        "hurt.csv": hurt,
        "survey.csv": [
            "quarter,asked,percent",
            *(f"{quarter},{1_200 + n},{64 - n * 0.9:.1f}" for n, quarter in enumerate(QUARTERS)),
        ],
        "national.csv": [
            "year,percent,lower,upper", "2020/21,71.0,69.1,72.9", "2021/22,70.0,68.2,71.8", "2022/23,67.0,65.0,69.0",
        ],
    }  # fmt: skip


def make_districts_office(folder, *, plan=PLAN, files=None, parameters=PARAMETERS, commentary=COMMENTARY):
    """Write the office into a folder, and return its project. files: instead of those of `tables`."""
    raw, sources = folder / "data" / "raw" / QUARTER, ["files:"]
    for name, rows in (files or tables()).items():
        text = "\n".join(rows) + "\n"
        write(raw / name, text)
        sources.append(
            f"  {name}: {{table: {name.removesuffix('.csv')}, supplier: Thornmark Police, received: 2023-05-02, "
            f"licence: Open Government Licence v3.0, sensitivity: public, reconstructed: false, rows: {len(rows) - 1}, "
            f"sha256: {hashlib.sha256(text.encode()).hexdigest()}}}"
        )
    write(raw / "sources.yml", "\n".join(sources) + "\n")
    write(folder / "params" / "plan.yml", plan)
    write(folder / "params" / f"{QUARTER}.yml", parameters)
    write(folder / "params" / f"{QUARTER}.md", commentary)
    write(folder / "params" / "corrections.yml", "corrections: []\n")
    for name in ("spc", "comparators", "projection", "verdicts"):
        shutil.copytree(OFFICE / "data" / name, folder / "data" / name)
    return Project(folder)
