"""Every row of specification.yml, judged by its rule."""

from pathlib import Path

import pytest
import yaml

from panelpack.formats import Form
from panelpack.rules.milestones import TargetAt
from panelpack.rules.rule import RULES, Context
from panelpack.rules.steps import Bands, Step
from panelpack.rules.verdict import REASON_WORDS, VERDICTS, PeriodTotal
from panelpack.statistics.projection import Projection

SPECIFICATION = yaml.safe_load(Path(__file__).with_name("specification.yml").read_text(encoding="utf-8"))
OPPOSITE = {"improved": "deteriorated", "deteriorated": "improved", "no_change": "no_change"}
INTERVAL_OF = {"significance": "pct_change", "printed_precision": "change", "projection": "projected"}
FORMS = {
    "share": Form("percent", 1),
    "rate": Form("per 1,000 people", 1),
    "duration": Form("minutes", 1),
    "money": Form("gbp_million", 1),
    "index": Form("", 1),
    "grade": Form("grade", 0, ("Inadequate", "Requires improvement", "Good", "Outstanding")),
}
ROWS = [(rule, row) for rule, rows in SPECIFICATION.items() for row in rows]


def total(given):
    """Return the total of a period as specification.yml writes it: its first lines say how."""
    if given is None:
        return None
    if isinstance(given, list):
        return PeriodTotal(float(sum(given)), "a period", points=tuple(map(float, given)), kind="count")
    if "years" in given:
        points = tuple(float(point) for year in given["years"] for point in year)
        years = len(given["years"])
        return PeriodTotal(sum(points) / years, "mean of years", points=points, exposure=years, kind="count")
    if "cases" in given:
        per, cases = given["residents"] / 1000, float(sum(given["cases"]))
        points = tuple(map(float, given["cases"]))
        return PeriodTotal(cases / per, "a period", points=points, per=per, count=cases, kind="rate")
    if "satisfied" in given:
        satisfied, asked = float(given["satisfied"]), float(given["asked"])
        return PeriodTotal(100 * satisfied / asked, "a period", successes=satisfied, base=asked, kind="share")
    kind = next(kind for kind in (*FORMS, "stock") if kind in given)
    value = FORMS[kind].labels.index(given[kind]) if kind == "grade" else given[kind]
    rest = {name: given.get(name) for name in ("lower", "upper")} | {"base": given.get("asked")}
    return PeriodTotal(float(value), "a period", kind=kind, statistic=given.get("statistic", ""), **rest)


def judge(rule, row, polarity):
    projected, assessed, latest = row.get("projected"), row.get("assessed"), total(row.get("latest"))
    rest = {"lower_80": 0.0, "upper_80": 0.0, "origin": "2015Q1", "learned_from": "a"}
    bands = row.get("bands")
    context = Context(
        polarity,
        project=(lambda: Projection(**projected, **rest)) if projected else None,
        assessed=tuple(assessed.values()) if assessed else None,
        material=row.get("material", 0.25),
        assumed=frozenset(row.get("assumed", ())),
        form=FORMS.get(latest.kind if latest else "", Form("count", 0)),
        target=TargetAt(**row["target"]) if "target" in row else None,
        bands=Bands(bands["of"], tuple(Step(**step) for step in bands["steps"])) if bands else None,
    )
    return RULES[rule].judge(total(row.get("baseline")), latest, context)


def verdicts_of(row):
    """Return the verdict of a row by polarity: the opposite one the other way round, where there is one."""
    if row["polarity"] == "either":
        return dict.fromkeys(("lower", "higher"), row["verdict"])
    found = {row["polarity"]: row["verdict"]}
    if row["polarity"] == "lower" and row["verdict"] in OPPOSITE:
        found["higher"] = OPPOSITE[row["verdict"]]
    return found


@pytest.mark.parametrize(("rule", "row"), ROWS, ids=[f"{rule}: {row['example']}" for rule, row in ROWS])
def test_a_rule_gives_the_verdict_and_the_evidence_of_its_row(rule, row):
    for polarity, verdict in verdicts_of(row).items():
        found = judge(rule, row, polarity)
        assert (found.verdict, found.reason, found.evidence) == (verdict, row.get("reason", ""), row["evidence"])
        assert (found.word, found.mark) == (row.get("word", ""), row.get("mark", ""))


@pytest.mark.parametrize(("rule", "row"), ROWS, ids=[f"{rule}: {row['example']}" for rule, row in ROWS])
def test_the_interval_is_the_one_that_the_sentence_tells_of(rule, row):
    found = judge(rule, row, "higher" if row["polarity"] == "higher" else "lower")
    has_interval = "% interval" in row["evidence"] or "prediction interval" in row["evidence"]
    assert (found.lower_95 is not None) is (found.upper_95 is not None) is has_interval
    assert found.projected == (row.get("projected", {}).get("total") if has_interval else None)
    if rule in INTERVAL_OF:
        assert found.interval_of == (INTERVAL_OF[rule] if has_interval else "")
    if has_interval and rule == "projection":
        assert (found.lower_95, found.upper_95) == (row["projected"]["lower_95"], row["projected"]["upper_95"])
        return
    says_beyond = any(words in row["evidence"] for words in ("would not be expected", "outside it", "all of it in"))
    if found.p_value is not None:
        assert (found.p_value < 0.05) is says_beyond
    if has_interval and found.interval_of in ("change", "pct_change") and rule != "bands":
        assert (not found.lower_95 <= 0 <= found.upper_95) is says_beyond


def test_the_specification_shows_every_rule_with_each_verdict_that_it_can_give():
    assert set(SPECIFICATION) == set(RULES)
    can_give = {
        "significance": {"improved", "no_change", "deteriorated", "changed"},
        "printed_precision": {"improved", "no_change", "deteriorated", "changed"},
        "projection": {"improved", "no_change", "deteriorated", "not_assessed"},
        "target": {"met", "on_course", "missed", "not_assessed"},
        "bands": {"improved", "no_change", "deteriorated", "met", "on_course", "missed", "not_assessed"},
        "grade": {"improved", "no_change", "deteriorated"},
    }
    for rule, verdicts in can_give.items():
        assert {row["verdict"] for row in SPECIFICATION[rule]} == verdicts <= set(VERDICTS)
    assert {row.get("reason", "") for _, row in ROWS} - {""} <= set(REASON_WORDS)
