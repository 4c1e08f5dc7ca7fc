"""The verdict rules, from their registry and the specification that their tests read."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from panelpack import formats
from panelpack.rules.rule import RULES
from tools.reference.markdown import code, page, sentence, table

SPECIFICATION = "tests/unit/rules/specification.yml"
MOST_POINTS = 4  # of a period are listed one by one


def rules_page(root: Path) -> str:
    """Return the page of the verdict rules, with the table of examples that their tests are made of."""
    parts = [
        "An indicator names its rule in the plan. How a verdict comes about is told in "
        "[How verdicts are given](../explanation/verdicts.md).",
        table(
            ["Rule", "Judges", "Fits the kinds", "Needs"],
            [
                [code(name), rule.title or "nothing", ", ".join(sorted(rule.kinds)) or "any", ", ".join(_needs(rule))]
                for name, rule in RULES.items()
            ],
        ),
        *(_methods(rule) for rule in RULES.values()),
    ]
    path = root / SPECIFICATION
    if path.exists():
        parts += ["## Examples", f"Each is a test ({code(SPECIFICATION)}).", *_examples(path)]
    return page("Rules", *parts)


def _methods(rule: Any) -> str:
    """Return what a rule says of itself, and where it fails."""
    weakness = f"\n\nKnown weakness: {sentence(rule.weakness)}" if rule.weakness else ""
    return f"{rule.methods.replace('### ', '## ', 1).rstrip()}{weakness}"


def _needs(rule: Any) -> Iterator[str]:
    wanted = {
        "needs_series": "a series",
        "needs_baseline": "a baseline",
        "needs_target": "a target",
        "needs_bands": "bands",
        "needs_projection_year": "a projection year",
        "needs_assessment": "an assessment of a board",
    }
    yield from (words for name, words in wanted.items() if getattr(rule, name) and rule.kinds)


def _examples(path: Path) -> Iterator[str]:
    """Yield a heading and a table for each rule of the specification: a list of examples, each a mapping."""
    ends = ("example", "verdict", "reason", "evidence", "word", "mark")  # all else is what the rule is given
    for rule, examples in yaml.safe_load(path.read_text(encoding="utf-8")).items():
        rows: list[list[str]] = []
        for row in examples:
            given = "; ".join(f"{name} {_given(value)}" for name, value in row.items() if name not in ends)
            verdict = ", ".join(filter(None, (row["verdict"], row.get("reason"), row.get("word")))) or "none"
            rows.append([sentence(row["example"]), sentence(given), verdict, row["evidence"]])
        yield f"### Examples of {rule}"
        yield table(["Example", "Given", "Verdict", "Evidence"], rows)


def _given(value: object) -> str:
    """Return a value of an example in words: a list is the points of a period."""
    if isinstance(value, dict):
        return ", ".join(f"{name} {_given(inner)}" for name, inner in value.items())
    if isinstance(value, list) and len(value) > MOST_POINTS:
        return f"{sum(value):,} in {len(value)} points"
    if isinstance(value, list):
        return formats.listed(list(map(_given, value)))
    return "none" if value is None else f"{value:,}" if isinstance(value, int | float) else str(value)
