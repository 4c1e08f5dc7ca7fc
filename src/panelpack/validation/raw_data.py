"""Check a quarter's raw data: the files against sources.yml, the tables against their suites, the boards' words."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from panelpack.config.configuration import Configuration
from panelpack.config.plan import PARAMETER, Series
from panelpack.errors import SourceError, ValidationFailed, shown
from panelpack.formats import number
from panelpack.intake.corrections import corrected
from panelpack.intake.files import check_sources
from panelpack.periods import Period, Quarter, keys_of
from panelpack.validation.messages import Check, every_violation, validate_tables


@dataclass(frozen=True)
class Checked:
    """What was checked: what is wrong with the files, and the checks of the tables."""

    office: Configuration
    file_problems: tuple[str, ...]
    checks: tuple[Check, ...]

    @property
    def failures(self) -> list[str]:
        """Every violation: the files first, then the tables."""
        return [*self.file_problems, *every_violation(self.checks)]

    def stop_if_failed(self) -> None:
        """Raise ValidationFailed with every violation when there is one."""
        if self.failures:
            count = number(len(self.failures))
            raise ValidationFailed(
                f"The raw data of {self.office.quarter} did not pass: {count} violation{'' if count == '1' else 's'}.",
                tuple(self.failures),
            )


def check_raw_data(office: Configuration) -> Checked:
    """Check a quarter's raw files and tables. Nothing is raised for bad data: see `Checked.stop_if_failed`."""
    folder, tables = office.project.raw(office.quarter), office.plan.tables
    problems = check_sources(office)
    frames = {}
    for name, table in tables.items():
        if (folder / table.pattern).exists():  # a file that is missing has its sentence already
            try:
                frames[name] = corrected(office, table)
            except SourceError as error:
                problems.append(str(error))
    problems += _disagreeing_assessments(frames, office)
    checks = validate_tables(
        frames,
        {name: shown(folder / tables[name].pattern) for name in frames},
        office.project.expectations,
        _parameters(office),
        withheld={n for n, table in tables.items() if table.is_about_persons or office.parameters.withheld(n)},
        unread=set(tables) - set(frames),
    )
    return Checked(office, tuple(dict.fromkeys(problems)), tuple(checks))


def _parameters(office: Configuration) -> dict[str, object]:
    """Return the run-time values of the suites: the quarter's end, and the periods that figures compare."""
    return {
        "last_month": office.quarter.months[-1],
        "last_quarter": str(office.quarter),
        "coverage": coverage(office),
    }


def coverage(office: Configuration) -> dict[str, list[dict[str, Any]]]:
    """Return which periods of each series the raw tables must cover, by table: those that figures compare.

    What lies before a series `began` is not asked for.
    """
    plan = office.plan
    asked: dict[str, list[dict[str, Any]]] = {table: [] for table in plan.tables}
    for name, wanted in sorted(_compared_periods(office).items()):
        spec = plan.series[name]
        if plan.periodicity(spec) == "date":
            continue
        table = plan.tables[spec.table]
        row_kind = table.columns[table.period_column]
        keys = {key for period in wanted for key in keys_of(period, row_kind) or ()}
        if spec.began:
            began = spec.began if row_kind == "month" else str(Quarter.of_month(spec.began))
            keys = {key for key in keys if key >= began}
        for where in _each_listed(spec, office):
            row: dict[str, Any] = {
                "series": name,
                "column": table.period_column,
                "where": where,
                "periods": sorted(keys),
            }
            asked[spec.table].append(row)
    return asked


def _compared_periods(office: Configuration) -> dict[str, list[Period]]:
    """Return the periods of each series that some figure compares."""
    periods: dict[str, list[Period]] = {}
    for figure in office.plan.figures.values():
        if not figure.compare:
            continue
        sides: list[tuple[str | None, str | None]] = [(figure.series, figure.compare.latest)]
        if figure.population_change != "not_comparable":
            sides.append((figure.baseline_series or figure.series, figure.compare.baseline))
        for series, period in sides:
            if series and period:
                periods.setdefault(series, []).append(office.period(period))
    return periods


def _each_listed(spec: Series, office: Configuration) -> list[dict[str, list[str]]]:
    """Return the rows that must be there in every period: each category of a `$list` by itself.

    Of categories that the plan names one may follow another (a survey that changed), so any of them will do; a
    category of a list that is not reported would make the sum too small without a word.
    """
    chosen = [office.categories(spec)]
    for column, value in spec.where.items():
        if isinstance(value, str) and value.startswith(PARAMETER):
            chosen = [{**where, column: [category]} for where in chosen for category in where[column]]
    return chosen


def _disagreeing_assessments(frames: Mapping[str, pd.DataFrame], office: Configuration) -> list[str]:
    """Hold what the office accepted (parameters) to what the boards sent (the raw table of assessments)."""
    for name, sent in frames.items():
        if not {"indicator", "assessment"} <= set(sent.columns):
            continue
        path = shown(office.project.raw(office.quarter) / office.plan.tables[name].pattern)
        by_id = sent.set_index("indicator")["assessment"].to_dict()
        return [
            f"{path}: {indicator} is {by_id.get(indicator)!r}, params/{office.quarter}.yml accepts "
            f"{accepted.assessment!r}. Make them agree."
            for indicator, accepted in office.parameters.assessments.items()
            if by_id.get(indicator) != accepted.assessment
        ]
    return []
