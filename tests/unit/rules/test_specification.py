"""Every row of specification.yml, judged by its rule."""

from pathlib import Path

import pytest
import yaml

from panelpack.rules.rule import RULES, Context
from panelpack.rules.verdict import REASON_WORDS, VERDICTS, PeriodTotal
from panelpack.statistics.projection import Projection

SPECIFICATION = yaml.safe_load(Path(__file__).with_name("specification.yml").read_text(encoding="utf-8"))
OPPOSITE = {"improved": "deteriorated", "deteriorated": "improved", "no_change": "no_change"}
INTERVAL_OF = {"significance": "pct_change", "printed_precision": "change", "projection": "projected"}
ROWS = [(rule, row) for rule, rows in SPECIFICATION.items() for row in rows]


def total(given):
    """Return the total of a period from the points of a count, or from a survey's satisfied and asked."""
    if given is None:
        return None
    if isinstance(given, list):
        return PeriodTotal(float(sum(given)), "a period", points=tuple(map(float, given)))
    satisfied, asked = float(given["satisfied"]), float(given["asked"])
    return PeriodTotal(100 * satisfied / asked, "a period", successes=satisfied, base=asked)


def judge(rule, row, polarity):
    projected, assessed = row.get("projected"), row.get("assessed")
    rest = {"lower_80": 0.0, "upper_80": 0.0, "origin": "2015Q1", "learned_from": "a"}
    context = Context(
        polarity,
        project=(lambda: Projection(**projected, **rest)) if projected else None,
        assessed=tuple(assessed.values()) if assessed else None,
        material=row.get("material", 0.25),
        assumed=frozenset(row.get("assumed", ())),
    )
    return RULES[rule].judge(total(row.get("baseline")), total(row.get("latest")), context)


@pytest.mark.parametrize(("rule", "row"), ROWS, ids=[f"{rule}: {row['example']}" for rule, row in ROWS])
def test_a_rule_gives_the_verdict_and_the_evidence_of_its_row(rule, row):
    verdicts = {"lower": row["verdict"], "higher": OPPOSITE.get(row["verdict"])}
    if row["polarity"] == "either":
        verdicts["higher"] = row["verdict"]
    for polarity, verdict in verdicts.items():
        found = judge(rule, row, polarity)
        assert (found.verdict, found.reason, found.evidence) == (verdict, row.get("reason", ""), row["evidence"])


@pytest.mark.parametrize(("rule", "row"), ROWS, ids=[f"{rule}: {row['example']}" for rule, row in ROWS])
def test_the_interval_is_the_one_that_the_sentence_tells_of(rule, row):
    found = judge(rule, row, "lower")
    has_interval = "interval" in row["evidence"]
    assert found.interval_of == (INTERVAL_OF[rule] if has_interval else "")
    assert (found.lower_95 is not None) is (found.upper_95 is not None) is has_interval
    assert found.projected == (row.get("projected", {}).get("total") if has_interval else None)
    if has_interval and rule != "projection":
        excludes_none = not found.lower_95 <= 0 <= found.upper_95
        assert excludes_none is ("would not be expected by chance" in found.evidence)
    if has_interval and rule == "projection":
        assert (found.lower_95, found.upper_95) == (row["projected"]["lower_95"], row["projected"]["upper_95"])


def test_the_specification_shows_every_rule_with_each_verdict_that_it_can_give():
    assert set(SPECIFICATION) == set(RULES)
    for rule in ("significance", "printed_precision", "projection"):
        given = {row["verdict"] for row in SPECIFICATION[rule]}
        assert {"improved", "no_change"} <= given <= set(VERDICTS)
    assert {row.get("reason", "") for _, row in ROWS} - {""} <= set(REASON_WORDS)
