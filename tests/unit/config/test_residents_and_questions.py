"""Residents by area and surveys with other questions: what a plan may not say of them, by file and line."""

import re

import pytest

from districts_office import PLAN
from panelpack.config.plan_checks import load_plan
from panelpack.errors import ConfigurationError

LAST = "residents, area: area, on: 2021-03-21}}\n  safe"
RATE = "kind: rate, per:\n    {"
HOMES = "who: households, area: area, on"
SAFE = "series: safe,\n     compare: {baseline: quarter-4, latest: quarter}}\n  - {id: D2.crime"
YEARS = "financial_year-1, latest: financial_year"
ELSEWHERE = f"series: safe_elsewhere, polarity: higher,\n     compare: {{baseline: {YEARS}}}"
OF_CRIME = "crime: {title: Recorded crime, table: crime, value: offences, per:"
# What is changed in the plan, the text in whose line the mistake is told, and what is said.
RESIDENTS = {
    "a count without areas": (
        (LAST, LAST.replace("area: area", "where: {area: Thornmark}")),
        "  hurt: {",
        "a count has rates of its areas alone: name `area`",
    ),
    "a column that is none of the residents' table": (
        (LAST, LAST.replace("area: area", "area: place")),
        "  hurt: {",
        "table 'people' has no column of categories 'place'. Name the one that says of which",
    ),
    "a column of numbers for the areas": (
        (LAST, LAST.replace("area: area", "area: households")),
        "  hurt: {",
        "table 'people' has no column of categories 'households'",
    ),
    "areas of a table without areas": (
        ("    key: [month, district]\n    by: {column: district}\n", "    key: [month, district]\n"),
        "  hurt: {",
        "table 'hurt' has no areas. Say under `by` which column they are, or remove it.",
    ),
    "an area that the series picks itself": (
        (OF_CRIME, OF_CRIME.replace("value: offences,", "where: {district: Ardlow}, value: offences,")),
        "  crime: {",
        "the series picks district itself, so it has no areas that can be shown apart.",
    ),
    "a rate without a part of its areas": (
        (RATE, f"{RATE}without: [Ardlow], "),
        "  crime_rate: {",
        "a rate of an area without residents is none, so that its cases would be lost.",
    ),
    "the whole as an area in which nobody lives": (
        ("without: [Not known]", "without: [All]"),
        "  burglary: {title",
        "'All' is the whole and no area. Remove it.",
    ),
    "areas without residents that are not by area": (
        (HOMES, HOMES.replace("area: area", "where: {area: Thornmark}")),
        "  burglary: {title",
        "it names areas, and `area` does not say which residents are theirs. Add `area`.",
    ),
}
NATIONAL = "question: Do you feel safe walking alone?, population: adults in homes"
SOURCE = "second_source_of: D2.safe"
QUESTIONS = {
    "a second source that does not say its question": (
        (NATIONAL, "population: adults in homes"),
        "  - {id: D2.elsewhere",
        "series 'safe_elsewhere' has no `question`, and the page prints the words that were asked. Add it.",
    ),
    "a second source that does not say whom it asked": (
        (NATIONAL, "question: Do you feel safe walking alone?"),
        "  - {id: D2.elsewhere",
        "series 'safe_elsewhere' has no `population`, and the page prints who was asked. Add it.",
    ),
    "an indicator that does not say its question": (
        ("question: How safe do you feel after dark?, ", ""),
        "  - {id: D2.elsewhere",
        "series 'safe' has no `question`, and the page prints the words that were asked. Add it.",
    ),
    "a second source of nothing": (
        (SOURCE, "second_source_of: D2.none"),
        "  - {id: D2.elsewhere",
        "there is no indicator 'D2.none'.",
    ),
    "a second source of a measure": (
        (SOURCE, "second_source_of: D2.perceived"),
        "  - {id: D2.elsewhere",
        "there is no indicator 'D2.perceived'.",
    ),
    "a second source of another priority": (
        (SOURCE, "second_source_of: D1.satisfaction"),
        "  - {id: D2.elsewhere",
        "D1.satisfaction stands on the page of another priority. Give the measure to that priority.",
    ),
    "a second source that is the indicator's own series": (
        (ELSEWHERE, ELSEWHERE.replace("safe_elsewhere", "safe").replace(YEARS, "quarter-4, latest: quarter")),
        "  - {id: D2.elsewhere",
        "it is of the series 'safe', as D2.safe is. Name the series of another survey.",
    ),
    "records as a second source": (
        (SOURCE, "second_source_of: D2.crime"),
        "  - {id: D2.elsewhere",
        "series 'crime' is a count, and what people said is a share or an index.",
    ),
    "a survey as what is recorded": (
        (SOURCE, "perception_of: D2.safe"),
        "  - {id: D2.elsewhere",
        "D2.safe is a share of a survey, expected a count or a rate of what was recorded.",
    ),
    "both at once": (
        (SOURCE, f"{SOURCE}, perception_of: D2.crime"),
        "  - {id: D2.elsewhere",
        "a measure is a second source, or a perception beside records. Remove one.",
    ),
    "a baseline that asked something else": (
        (SAFE, SAFE.replace("compare", "baseline_series: other, population_change: flag, compare")),
        "  - {id: D2.safe",
        "'other' asks “Is it safe here?” and 'safe' “How safe do you feel after dark?”: one table",
    ),
    "a baseline that does not say what it asked": (
        (SAFE, SAFE.replace("compare", "baseline_series: silent, population_change: flag, compare")),
        "  - {id: D2.safe",
        "'silent' asks no stated question and 'safe' “How safe do you feel after dark?”",
    ),
    "an old definition that asked something else": (
        ("  safe: {", "  safe: {redefined: [{from: 2022-04, reason: New words., before: other}], "),
        "  safe: {",
        "'other' asks “Is it safe here?” and this series “How safe do you feel after dark?”",
    ),
    "the page's chart of the second source": (
        ("  title: Safe\n", "  title: Safe\n  chart: safe_elsewhere\n"),
        "  chart: safe_elsewhere",
        "'safe_elsewhere' is of D2.elsewhere alone, which stands in a line of its own",
    ),
}
OTHERS = """\
  other: {title: Other, table: survey, value: percent, base: asked, kind: share, question: Is it safe here?,
    population: residents}
  silent: {title: Silent, table: survey, value: percent, base: asked, kind: share, population: residents}
updates:
"""


def told(folder, put):
    """Return what is said of the plan with a change, by its lines."""
    old, new = put
    assert PLAN.count(old) == 1
    text = PLAN.replace(old, new).replace("updates:\n", OTHERS, 1)
    (folder / "plan.yml").write_text(text, encoding="utf-8")
    with pytest.raises(ConfigurationError) as error:
        load_plan(folder / "plan.yml")
    found = {}
    for line in str(error.value).splitlines():
        number, words = re.fullmatch(r"\S*plan\.yml, lines? (\d+)[^:]*: (.*)", line).groups()
        found.setdefault(int(number), []).append(words)
    return text, found


@pytest.mark.parametrize("name", [*RESIDENTS, *QUESTIONS])
def test_it_is_refused_where_it_stands(name, tmp_path):
    put, at, words = (RESIDENTS | QUESTIONS)[name]
    text, found = told(tmp_path, put)
    starts = [number for number, line in enumerate(text.splitlines(), 1) if line.startswith(at)]
    assert len(starts) == 1
    lines = [number for number, said in found.items() if any(words in one for one in said)]
    assert len(lines) == 1 and starts[0] <= lines[0] <= starts[0] + 2


def test_a_rate_of_a_table_with_areas_names_one_area_or_the_residents_of_each(tmp_path):
    put = (
        "kind: rate, per:\n    {table: people, value: residents, area: area, on",
        "kind: rate, per:\n    {table: people, value: residents, on",
    )
    said = [one for lines in told(tmp_path, put)[1].values() for one in lines]
    assert said == [
        "the residents are of one area, and its table has several: pick one value of district under `where` of the "
        "series, or name `area`, the column that says whose residents they are."
    ]


def test_the_plan_itself_is_faultless_with_series_that_nothing_compares(tmp_path):
    (tmp_path / "plan.yml").write_text(PLAN.replace("updates:\n", OTHERS, 1), encoding="utf-8")
    plan = load_plan(tmp_path / "plan.yml")
    assert plan.figures["D2.elsewhere"].beside == "D2.safe" and plan.figures["D2.safe"].beside is None
    assert plan.series["burglary"].per.words == "per 1,000 households"
    assert (plan.series["crime"].form.unit, plan.series["crime_rate"].form.unit) == ("count", "per 1,000 people")
