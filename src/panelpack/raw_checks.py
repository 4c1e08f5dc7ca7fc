"""Check a quarter's raw data: the files against sources.yml, the tables against their suites, the boards' words."""

from dataclasses import dataclass

import pandas as pd

from panelpack import evidence, series, sources, validation
from panelpack.configuration import shown
from panelpack.corrections import corrected
from panelpack.errors import SourceError, ValidationFailed
from panelpack.formats import number
from panelpack.params import Params
from panelpack.plan import Plan
from panelpack.project import Project
from panelpack.quarters import Quarter, parse_year, resolve_period
from panelpack.sources import Sources
from panelpack.validation import Check

PERSON_KINDS = {"pseudonym"}  # a table with such a column is about persons: its values are not quoted


@dataclass(frozen=True)
class Checked:
    """What was checked: the sources, their problems, and the checks of the tables."""

    project: Project
    quarter: Quarter
    plan: Plan
    params: Params
    sources: Sources
    problems: tuple[str, ...]
    checks: tuple[Check, ...]

    @property
    def failures(self) -> list[str]:
        """Every violation: the files first, then the tables."""
        return [*self.problems, *validation.failures(self.checks)]


def run(quarter: str) -> Checked:
    """Check a quarter's raw files and tables. Nothing is raised for bad data: see `stop_if_failed`."""
    project, label = Project.here(), Quarter.parse(quarter)
    plan, params, known = evidence.configuration(project, label)
    problems = sources.check_sources(project.raw(label), known, plan, params)
    frames = {}
    for name, table in plan.tables.items():
        if (project.raw(label) / table.file).exists():  # a file that is missing has its sentence already
            try:
                frames[name] = corrected(project, label, table, plan)
            except SourceError as error:
                problems.append(str(error))
    problems += _disagreeing_assessments(frames, project, label, plan, params)
    checks = validation.validate_tables(
        frames,
        {name: shown(project.raw(label) / plan.tables[name].file) for name in frames},
        project.expectations,
        _parameters(plan, params, label),
        withheld=_withheld(plan, params),
        unread=set(plan.tables) - set(frames),
    )
    return Checked(project, label, plan, params, known, tuple(dict.fromkeys(problems)), tuple(checks))


def _withheld(plan: Plan, params: Params) -> set[str]:
    persons = {name for name, table in plan.tables.items() if PERSON_KINDS & set(table.columns.values())}
    return persons | {name for name in plan.tables if params.withheld(name)}


def _parameters(plan: Plan, params: Params, quarter: Quarter) -> dict[str, object]:
    """Return the run-time values of the suites: the quarter's end, and the periods that figures compare."""
    periods: dict[str, list] = {}
    for figure in plan.figures.values():
        names = {"latest": figure.series, "baseline": getattr(figure, "baseline_series", None) or figure.series}
        for side, name in names.items():
            period = figure.compare and getattr(figure.compare, side)
            if (
                name
                and period
                and not (side == "baseline" and getattr(figure, "population_change", "") == "not_comparable")
            ):
                periods.setdefault(name, []).append(resolve_period(period, quarter, parse_year(plan.baseline_year)))
    return {
        "last_month": quarter.months[-1],
        "last_quarter": str(quarter),
        "coverage": series.coverage(plan, params, periods),
    }


def _disagreeing_assessments(
    frames: dict[str, pd.DataFrame], project: Project, quarter: Quarter, plan: Plan, params: Params
) -> list[str]:
    """Hold what the office accepted (parameters) to what the boards sent (the raw table of assessments)."""
    for name, sent in frames.items():
        if not {"indicator", "assessment"} <= set(sent.columns):
            continue
        path = shown(project.raw(quarter) / plan.tables[name].file)
        by_id = sent.set_index("indicator")["assessment"].to_dict()
        return [
            f"{path}: {indicator} is {by_id.get(indicator)!r}, params/{quarter}.yml accepts {accepted.assessment!r}. "
            "Make them agree."
            for indicator, accepted in params.assessments.items()
            if by_id.get(indicator) != accepted.assessment
        ]
    return []


def stop_if_failed(checked: Checked) -> None:
    """Raise ValidationFailed with every violation when there is one."""
    if checked.failures:
        found = number(len(checked.failures))
        raise ValidationFailed(
            f"The raw data of {checked.quarter} did not pass: {found} violation{'' if found == '1' else 's'}.",
            tuple(checked.failures),
        )
