"""An office made for tests that has little: quarterly counts, no printed paper, no survey, no projection, no board."""

import hashlib
import shutil

from notebook_pages import write
from panelpack.project import Project
from running import OFFICE

QUARTER = "2022Q4"
OFFENCES = {"Robbery": 300, "Personal robbery": 200, "Shoplifting": 900, "Burglary": 1500}
PLAN = """\
version: 1
office:
  commissioner: Commissioner for Eastmoor
  short: Commissioner
  panel: Eastmoor Panel
  force: Eastmoor Police
  official_force: none
  plan: Plan for Eastmoor
  priority_word: Outcome
baseline_year: 2019/20
disclosure: {reported: {fewest: 100, authority: assumed}}
bedding_in_months: 12
tables:
  crime:
    file: crime.csv
    columns: {quarter: quarter, offence: category, offences: count}
    key: [quarter, offence]
series:
  robbery: {title: Robbery, table: crime, value: offences, where: {offence: Robbery}}
  personal: {title: Personal robbery, table: crime, value: offences, where: {offence: Personal robbery}}
  shoplifting: {title: Shoplifting, table: crime, value: offences, where: {offence: Shoplifting}}
  burglary: {title: Burglary, table: crime, value: offences, where: {offence: Burglary}}
updates:
- {id: O1, number: 1}
- {id: O2, number: 2}
- {id: O3, number: 3, title: Homes}
priorities:
- id: O1
  number: "1"
  update: O1
  title: Streets
  indicators:
  - {id: O1.robbery, title: Robbery falls, polarity: lower, rule: significance, series: robbery,
     compare: {baseline: baseline_year, latest: rolling_12_months}}
  - {id: O1.personal, title: Personal robbery falls, polarity: lower, rule: significance, series: personal,
     part_of: O1.robbery, compare: {baseline: baseline_year, latest: rolling_12_months}}
  - {id: O1.shops, title: Shoplifting, polarity: neither, rule: none, scored: false, series: shoplifting,
     compare: {latest: quarter}}
- id: O2
  number: "2"
  update: O2
  title: Trust
  indicators:
  - {id: O2.confidence, title: Confidence rises, polarity: higher, rule: none}
  - {id: O2.searches, title: Searches are fair, polarity: higher, rule: none}
- id: O3
  number: "3"
  update: O3
  title: Homes
  indicators:
  - {id: O3.burglary, title: Burglary falls, polarity: lower, rule: significance, series: burglary,
     compare: {baseline: quarter-4, latest: quarter}}
- {id: O3A, number: 3A, update: O3, title: Nothing yet, indicators: []}
- id: O3B
  number: 3B
  update: O3
  title: A story
  indicators:
  - {id: O3B.story, title: How homes are kept safe, unit: narrative, polarity: neither, rule: none, scored: false}
"""
PARAMETERS = """\
version: 1
quarter: 2022Q4
subject: Performance
marking: PUBLIC
report_of: Commissioner for Eastmoor
author: Analyst
meeting_date: 2023-06-14
implications: [{heading: Financial, text: None.}]
contacts: [{role: Analyst, organisation: Office of the Commissioner}]
"""
COMMENTARY = """\
# Updates

## O1

Robbery was {{ O1.robbery.latest }} in the {{ O1.robbery.latest_period }}: {{ O1.robbery.verdict }}.

## O2

Trust is measured by a survey to come.

## O3

Burglary was {{ O3.burglary.latest }}.
"""
SOURCES = """\
files:
  crime.csv:
    table: crime
    supplier: Eastmoor Police
    received: 2023-05-02
    licence: Open Government Licence v3.0
    sensitivity: public
    reconstructed: false
    sha256: {sha256}
    rows: {rows}
"""
QUARTERS = [f"{2014 + n // 4}Q{n % 4 + 1}" for n in range(36)]


def crime_rows():
    """The counts of every quarter, each a little other than the one before."""
    for place, quarter in enumerate(QUARTERS):
        for offence, level in OFFENCES.items():
            yield f"{quarter},{offence},{level + (place * 37 + len(offence) * 11) % 41 - 20}"


def make_plain_office(folder, *, plan=PLAN, table=None, parameters=PARAMETERS, commentary=COMMENTARY):
    """Write the office into a folder, and return its project."""
    rows = table or "\n".join(["quarter,offence,offences", *crime_rows()]) + "\n"
    raw = folder / "data" / "raw" / QUARTER
    write(raw / "crime.csv", rows)
    digest = hashlib.sha256(rows.encode()).hexdigest()
    write(raw / "sources.yml", SOURCES.format(sha256=digest, rows=rows.count("\n") - 1))
    write(folder / "params" / "plan.yml", plan)
    write(folder / "params" / f"{QUARTER}.yml", parameters)
    write(folder / "params" / f"{QUARTER}.md", commentary)
    write(folder / "params" / "corrections.yml", "corrections: []\n")
    for name in ("spc", "comparators", "projection", "verdicts"):
        shutil.copytree(OFFICE / "data" / name, folder / "data" / name)
    return Project(folder)
