"""An office made for tests that has much: areas, targets, bands, grades, changed definitions, lags and next steps."""

import hashlib
import shutil

from notebook_pages import write
from panelpack.periods import month_range
from panelpack.project import Project
from running import OFFICE

QUARTER = "2022Q4"
DISTRICTS = {"Northside": 60, "Harbour and the Islands": 40, "Old Town": 25, "Moors": 8}
MONTHS = month_range("2019-04", "2023-03")
PLAN = """\
version: 1
office:
  commissioner: Commissioner for Eastmoor
  short: Commissioner
  panel: Eastmoor Panel
  force: Eastmoor Police
  official_force: none
  plan: Plan for Eastmoor
baseline_year: 2019/20
disclosure: {reported: {fewest: 100, authority: assumed}}
bedding_in_months: 12
verdict_words: {improved: Better, deteriorated: Worse}
tables:
  crime:
    file: crime.csv
    columns: {month: month, district: category, offences: count}
    key: [month, district]
    by: {column: district, total: All}
  survey:
    file: survey.csv
    columns: {month: month, district: category, asked: count, satisfied: count}
    key: [month, district]
    by: {column: district, total: All, why_not_total: Some people live in no district.}
  calls:
    file: calls.csv
    columns: {month: month, median: decimal, answered: decimal, calls: count}
    key: [month]
  graded:
    file: graded.csv
    columns: {inspected: date, grade: category}
    key: [inspected]
  roads:
    file: roads.csv
    columns: {year: calendar_year, killed: count}
    key: [year]
    lag_months: 12
  harm:
    file: harm.csv
    columns: {half: half_year, score: decimal, pounds: decimal}
    key: [half]
series:
  violence: {title: Violence, table: crime, value: offences, redefined: [
    {from: 2022-04, reason: Two offences are counted with it now., decided_by: Head of Performance,
     before: old_violence}]}
  old_violence:
    {title: Violence as it was counted before, table: crime, value: offences, where: {district: Old Town}}
  satisfaction: {title: Satisfaction, table: survey, value: satisfied, base: asked, population: victims}
  median: {title: Median time to attend, table: calls, value: median, kind: duration, unit: minutes, statistic: median}
  answered: {title: Calls answered in time, table: calls, value: answered, kind: share, base: calls, population: calls}
  grade: {title: Grade for investigating, table: graded, value: grade,
    grades: [Inadequate, Requires improvement, Good, Outstanding]}
  killed: {title: Killed on the roads, table: roads, value: killed}
  harm: {title: Harm score, table: harm, value: score, kind: index}
  pounds: {title: Recovered, table: harm, value: pounds, kind: money, over_time: sum}
updates:
- {id: A1, number: 1, title: Streets}
priorities:
- id: A1
  number: "1"
  update: A1
  title: Streets
  indicators:
  - {id: A1.violence, title: Violence falls, polarity: lower, rule: significance, series: violence,
     compare: {baseline: baseline_year, latest: rolling_12_months}}
  - {id: A1.satisfaction, title: Victims are satisfied, polarity: higher, rule: target, series: satisfaction,
     target: {value: 80}, compare: {latest: rolling_12_months}}
- id: A2
  number: "2"
  update: A1
  title: Calls
  indicators:
  - {id: A2.median, title: Time to attend, polarity: lower, rule: bands, series: median, compare: {latest: month},
     bands: {of: latest, steps: [{word: Fast, at_most: 8, counts_as: met, mark: ★},
       {word: Fair, at_most: 11, counts_as: on_course}, {word: Slow, counts_as: missed}]}}
  - {id: A2.answered, title: Answered, polarity: higher, rule: target, series: answered,
     target: {path: {2022/23: 85, 2023/24: 90}}, compare: {latest: rolling_12_months}}
  - {id: A2.grade, title: Investigating, polarity: higher, rule: grade, series: grade,
     compare: {baseline: position-12, latest: position}}
  - {id: A2.killed, title: Killed on the roads, polarity: lower, rule: significance, series: killed,
     compare: {baseline: mean of 2016 to 2018, latest: calendar_year}}
  - {id: A2.harm, title: Harm, polarity: lower, rule: none, scored: false, series: harm,
     compare: {baseline: half_year-2, latest: half_year}}
  - {id: A2.pounds, title: Recovered, polarity: higher, rule: none, scored: false, series: pounds,
     compare: {latest: half_year}}
- id: A3
  number: "3"
  update: A1
  title: Not yet
  indicators:
  - {id: A3.awaited, title: Confidence, polarity: higher, rule: none,
     status: {reason: awaited, words: The survey is agreed., until: October 2023}}
  - {id: A3.replaced, title: Old confidence, polarity: higher, rule: none,
     status: {reason: replaced, words: The old survey has ended., replaced_by: A3.awaited}}
  - {id: A3.redacted, title: Armed incidents, polarity: lower, rule: none,
     status: {reason: redacted, words: A trial is under way., by: Head of Legal Services, until: the verdict}}
"""
PARAMETERS = """\
version: 1
quarter: 2022Q4
subject: Performance
marking: PUBLIC
report_of: Commissioner for Eastmoor
author: Analyst
meeting_date: 2023-06-14
next_steps:
  A1.violence: {what: Patrols at the harbour, who: Head of Local Policing, by: 2023-09-30}
implications: [{heading: Financial, text: None.}]
contacts: [{role: Analyst, organisation: Office of the Commissioner}]
"""
COMMENTARY = """\
# Updates

## A1

Violence: {{ A1.violence.verdict }}, {{ A1.violence.year_pct_change }} on {{ A1.violence.year_before_period }}.
Satisfaction is to be {{ A1.satisfaction.target }}; it is {{ A1.satisfaction.verdict }}. Attending was
{{ A2.median.verdict }}. Investigating is {{ A2.grade.latest }}.
"""


def tables():
    """The files by name."""
    crime, survey = ["month,district,offences"], ["month,district,asked,satisfied"]
    calls = ["month,median,answered,calls"]
    for place, month in enumerate(MONTHS):
        counts = {name: level + (place * 7 + level) % 13 + place // 2 for name, level in DISTRICTS.items()}
        counts |= {"All": sum(counts.values())}
        crime += [f"{month},{name},{count}" for name, count in counts.items()]
        asked = {name: 20 + level for name, level in DISTRICTS.items()} | {"All": 240}
        survey += [f"{month},{name},{n},{n * (70 + (place * 5 + n) % 11) // 100}" for name, n in asked.items()]
        calls.append(f"{month},{9 + (place * 3) % 7 / 2},{84 + (place * 11) % 9 / 2},{4000 + place}")
    halves = [f"{year}H{half}" for year in range(2016, 2023) for half in (1, 2)]
    return {
        "crime.csv": crime,
        "survey.csv": survey,
        "calls.csv": calls,
        "graded.csv": ["inspected,grade", "2021-05-01,Requires improvement", "2022-11-20,Good"],
        "roads.csv": ["year,killed", *(f"{year},{40 - year % 7}" for year in range(2012, 2023))],
        "harm.csv": [
            "half,score,pounds",
            *(f"{half},{100 + n % 5}.5,{12000 + 400 * n}" for n, half in enumerate(halves)),
        ],
    }


def make_rich_office(folder, *, plan=PLAN, parameters=PARAMETERS):
    """Write the office into a folder, and return its project."""
    raw, sources = folder / "data" / "raw" / QUARTER, ["files:"]
    for name, rows in tables().items():
        text = "\n".join(rows) + "\n"
        write(raw / name, text)
        sources.append(
            f"  {name}: {{table: {name.removesuffix('.csv')}, supplier: Eastmoor Police, received: 2023-05-02, "
            f"licence: Open Government Licence v3.0, sensitivity: public, reconstructed: false, rows: {len(rows) - 1}, "
            f"sha256: {hashlib.sha256(text.encode()).hexdigest()}}}"
        )
    write(raw / "sources.yml", "\n".join(sources) + "\n")
    write(folder / "params" / "plan.yml", plan)
    write(folder / "params" / f"{QUARTER}.yml", parameters)
    write(folder / "params" / f"{QUARTER}.md", COMMENTARY)
    write(folder / "params" / "corrections.yml", "corrections: []\n")
    for name in ("spc", "comparators", "projection", "verdicts"):
        shutil.copytree(OFFICE / "data" / name, folder / "data" / name)
    return Project(folder)
