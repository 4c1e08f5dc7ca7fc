"""What is not shown so that nobody is recognised: the plan's thresholds with their authority, and what they hide."""

from collections.abc import Iterator

from panelpack.config.plan import Plan
from panelpack.disclosure.areas import base_name
from panelpack.disclosure.grains import NOTHING
from panelpack.disclosure.thresholds import is_of_answers, is_of_people, is_survey
from panelpack.formats import number
from panelpack.indicators.quarter_report import QuarterReport
from panelpack.periods import POINT_WORDS
from panelpack.rendering.prose import Heading, Text
from panelpack.rendering.table import Table

WHAT = {
    "reported": "Responses behind a survey figure",
    "shown": "Answers behind any point or cell",
    "people": "People that a count is of, unless it is 0",
}


def blocks(report: QuarterReport) -> Iterator[Heading | Text | Table]:
    """Yield the thresholds, and which series are shown otherwise than their table has them.

    Only of the thresholds that hold for a series of the plan; nothing where there is none.
    """
    held = thresholds_held(report.plan)
    if not held:
        return
    yield Heading(3, "Numbers that are not shown", "methods-hidden-numbers")
    yield Text(
        "A number that would tell of too few is left out. Where more than one month in ten of a series is so small, "
        "its quarters are shown, else its years, else only the figures of the plan. What would let somebody work a "
        "hidden number out is left out too. Figures are made of the exact numbers; one that would itself give a hidden "
        f"number away is withheld.{_coarser_words(report)}"
    )
    rows = [
        {"What must be so many": WHAT[name], "Fewest": number(limit.fewest), "On whose authority": limit.authority}
        for name, limit in report.plan.disclosure
        if name in held
    ]
    yield Table(rows, "From how many on a number is shown", widths=[3, 1, 5])


def protected_table(report: QuarterReport) -> Table | None:
    """Return the series of which something is hidden and why, for reviewers; None where there is none."""
    rows = protected_series(report)
    caption = "Series that are not shown month by month, or with points left out"
    return Table(rows, caption, widths=[4, 2, 4]) if rows else None


def _coarser_words(report: QuarterReport) -> str:
    """Say which series are shown otherwise than their table has them: ' Of some series less is shown. ...'."""
    by_grain: dict[str, list[str]] = {}
    for row in protected_series(report):
        by_grain.setdefault(row["Shown"], []).append(row["Series"])
    said = [f"{shown[:1].upper()}{shown[1:]}: {'; '.join(series)}." for shown, series in by_grain.items()]
    return f" Of some series less is shown. {' '.join(said)}" if said else ""


def thresholds_held(plan: Plan) -> set[str]:
    """Return the thresholds that hold for a series of the plan."""
    held = set()
    for spec in plan.series.values():
        held |= {"reported"} if is_survey(spec) else set()
        held |= {"shown"} if is_of_answers(spec) else set()
        held |= {"people"} if is_of_people(spec, plan) else set()
    return held


def protected_series(report: QuarterReport) -> list[dict[str, str]]:
    """Return a row for each series of which something is hidden: what is shown of it, and why not more."""
    rows: dict[str, dict[str, str]] = {}
    for name in report.data.protected["series"]:
        title, is_area = report.plan.series[base_name(name)].title, name != base_name(name)
        grain = report.data.grain(name)
        shown = "no point, only figures" if grain == NOTHING else f"each {POINT_WORDS[grain]}"
        if grain != NOTHING and not report.data.is_coarsened(name):
            shown = f"{shown}, some left out"
        why = "else others could be worked out" if report.data.is_for_others(name) else "too few in what is shorter"
        row = {"Series": f"{title}, by area" if is_area else title, "Shown": shown, "Why": why}
        rows.setdefault(row["Series"], row)
    return list(rows.values())
