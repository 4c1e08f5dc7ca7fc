"""What a pack takes for granted, who owns each assumption, and what it rests on."""

from collections.abc import Iterator
from typing import NamedTuple

import pandas as pd

from panelpack.formats import listed, number, percent
from panelpack.indicators.quarter_report import QuarterReport

ASSUMPTIONS = ["assumption", "owner", "rests_on"]
SOFTWARE = "The software's methods"
NOT_STATED = "No reason is stated."


class Assumption(NamedTuple):
    """What is taken for granted, whose decision it is, and what it rests on."""

    assumption: str
    owner: str
    rests_on: str


def assumptions_table(report: QuarterReport) -> pd.DataFrame:
    """Return the assumptions: of the data, of the plan, of the rules in use. Columns: ASSUMPTIONS."""
    return pd.DataFrame([*_of_data(report), *_of_plan(report), *_of_rules(report)], columns=ASSUMPTIONS)


def _of_data(report: QuarterReport) -> Iterator[Assumption]:
    """Yield the columns that were assumed, those of a file together, and what is provisional."""
    for source in report.office.sources.files.values():
        table = source.table.replace("_", " ")
        assumed = [name for name, described in source.columns.items() if described.origin == "assumed"]
        if assumed:
            how = next(iter(dict.fromkeys(source.columns[name].how for name in assumed)))
            names = listed([name.replace("_", " ").lower() for name in assumed])
            what = f"In the reconstructed file of {table}: {names}"
            yield Assumption(what, _office(report), f"{how[:1].upper()}{how[1:]}." if how else NOT_STATED)
    for table, entry in report.parameters.availability.items():
        if entry.status == "provisional":
            source = report.office.sources.by_table.get(table)
            owner = source.supplier if source else _office(report)
            yield Assumption(f"The figures of {table.replace('_', ' ')} will not change much", owner, entry.reason)


def _of_plan(report: QuarterReport) -> Iterator[Assumption]:
    """Yield what the office decided in its plan, with its authority or reason."""
    plan, owner, limits = report.plan, _office(report), report.plan.disclosure
    for words, limit in (
        ("Survey figures are reported from {} answers on", limits.reported),
        ("Points and cells are shown from {} answers on", limits.shown),
        ("Counts of people are shown from {} on", limits.people),
    ):
        yield Assumption(words.format(number(limit.fewest)), owner, limit.authority)
    if any(figure.rule == "projection" for figure in plan.figures.values()):
        what = (
            f"A projected total that differs by more than {percent(100 * plan.material, 0)} of the baseline has changed"
        )
        yield Assumption(what, owner, "The office's plan (material); no published rule gives a share.")
    spreads = ", ".join(
        f"{percent(s.percent, 0)} over {s.years:g} year{'s' * (s.years != 1)}" for s in plan.ordinary.spreads
    )
    yield Assumption(f"Counts move anyway by a standard deviation of {spreads}", owner, plan.ordinary.reason)
    yield Assumption(
        f"Counts of the first {number(plan.bedding_in_months)} months of a new recording practice are no comparator",
        owner,
        "The office's plan (bedding_in_months).",
    )


def _of_rules(report: QuarterReport) -> Iterator[Assumption]:
    """Yield what the tests take for granted."""
    rules = {result.rule for result in report.indicators() if result.p_value is not None}
    if rules:
        yield Assumption(
            "Events are independent of each other within two periods that were recorded alike",
            SOFTWARE,
            "A change of recording that nobody declared looks like a change of what is counted.",
        )
    if any(result.unit == "percent" and result.p_value is not None for result in report.indicators()):
        yield Assumption(
            "Surveys are simple random samples, with non-response alike in both periods",
            SOFTWARE,
            "No design effect is known; with weights or clusters the intervals are wider.",
        )
    if any(result.projected is not None for result in report.indicators()):
        yield Assumption(
            "The force errs as other forces did, and recording does not change",
            SOFTWARE,
            "Errors of past forecasts for the other forces, as far as they were published by the meeting.",
        )


def _office(report: QuarterReport) -> str:
    return report.parameters.author
