"""The validation notebook's work: hold the raw files to sources.yml and their tables to the suites, and show it."""

from dataclasses import dataclass

import pandas as pd

from panelpack import evidence, series, sources, validation
from panelpack.configuration import shown
from panelpack.errors import SourceError, ValidationFailed
from panelpack.formats import number
from panelpack.params import Params, date_words
from panelpack.plan import Plan
from panelpack.project import Project
from panelpack.prose import Callout, Text
from panelpack.quarters import Quarter, parse_year, resolve_period
from panelpack.sources import Sources
from panelpack.tables import Table
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
    problems += _disagreeing_assessments(project, label, plan, params)
    frames = {}
    for name, table in plan.tables.items():
        try:
            frames[name] = sources.read_text(project.raw(label), table)
        except SourceError as error:
            if str(error) not in problems:
                problems.append(str(error))
    checks = validation.validate_tables(
        frames,
        {name: shown(project.raw(label) / plan.tables[name].file) for name in frames},
        project.expectations,
        _parameters(plan, params, label),
        withheld=_withheld(plan, params),
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


def _disagreeing_assessments(project: Project, quarter: Quarter, plan: Plan, params: Params) -> list[str]:
    """Hold what the office accepted (parameters) to what the boards sent (the raw table of assessments)."""
    for table in plan.tables.values():
        if not {"indicator", "assessment"} <= set(table.columns) or not (project.raw(quarter) / table.file).exists():
            continue
        sent = sources.read_text(project.raw(quarter), table)
        if not {"indicator", "assessment"} <= set(sent.columns):
            return []
        path, by_id = shown(project.raw(quarter) / table.file), dict(zip(sent["indicator"], sent["assessment"]))
        return [
            f"{path}: {name} is {by_id.get(name)!r}, params/{quarter}.yml accepts {entry.assessment!r}. Make them agree."
            for name, entry in params.assessments.items()
            if by_id.get(name) != entry.assessment
        ]
    return []


def outcome(checked: Checked) -> Callout:
    """Return whether the data may be used, in a sentence."""
    passed = sum(check.passed for check in checked.checks)
    text = (
        f"{number(passed)} of {number(len(checked.checks))} checks of {number(len(checked.plan.tables))} tables passed; "
        f"{number(len(checked.problems))} problems with the files."
    )
    if checked.failures:
        return Callout("warning", "The data did not pass", text + " Nothing is published from them.")
    return Callout("note", "The data passed", text)


def sources_table(checked: Checked) -> Table:
    """Return who sent each file, when, and what may be done with it."""
    rows = [
        {
            "File": name,
            "Supplier": source.supplier,
            "Received": date_words(source.received),
            "Licence": source.licence,
            "Sensitivity": source.sensitivity
            + (f" until {date_words(source.embargoed_until)}" if source.embargoed_until else ""),
            "Reconstructed": source.basis if source.reconstructed else "no",
        }
        for name, source in checked.sources.files.items()
    ]
    return Table(pd.DataFrame(rows), "Files received", widths=[2.4, 2.4, 1.6, 2, 1.8, 4])


def violations(checked: Checked) -> Text:
    """Return every violation, a line each."""
    return Text("\n".join(f"- `{failure}`" for failure in checked.failures) or "Nothing.")


def checks_table(checked: Checked) -> Table:
    """Return every check: what was expected of which table, and how many violations there are."""
    rows = [
        {
            "Table": check.table,
            "Expected": check.says,
            "Rows": number(check.checked),
            "Violations": number(check.found),
            "Outcome": "passed" if check.passed else "FAILED",
        }
        for check in checked.checks
    ]
    return Table(pd.DataFrame(rows), "Checks", widths=[2.5, 6, 1, 1.4, 1.3])


def write(checked: Checked) -> None:
    """Write the outcome for the review page."""
    frame = validation.summary(checked.checks)
    path = checked.project.processed(checked.quarter) / "checks.csv"
    path.parent.mkdir(parents=True, exist_ok=True)
    frame.to_csv(path, index=False, lineterminator="\n")


def stop_if_failed(checked: Checked) -> None:
    """Raise ValidationFailed with every violation when there is one."""
    if checked.failures:
        found = number(len(checked.failures))
        raise ValidationFailed(
            f"The raw data of {checked.quarter} did not pass: {found} violation{'' if found == '1' else 's'}.",
            tuple(checked.failures),
        )
