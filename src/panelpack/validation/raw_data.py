"""Check a quarter's raw data: the files against sources.yml, the tables against plan and suites, the boards' words."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from panelpack.config.configuration import Configuration
from panelpack.config.parameters import BOARDS_COLUMNS
from panelpack.config.sources import SOURCES_FILE
from panelpack.disclosure.quoting import fewest_quoted, is_silent
from panelpack.errors import ValidationFailed, naming_plan, shown
from panelpack.formats import number
from panelpack.intake.files import check_sources
from panelpack.intake.received import ReceivedTable
from panelpack.intake.tables import files_there, received_tables
from panelpack.project import digest
from panelpack.validation.coverage import coverage
from panelpack.validation.messages import Check, every_violation
from panelpack.validation.table_checks import Expected, validate_tables


@dataclass(frozen=True)
class Checked:
    """What was checked: what is wrong with the files, the checks of the tables, and the tables that could be read."""

    office: Configuration
    file_problems: tuple[str, ...]
    checks: tuple[Check, ...]
    tables: Mapping[str, ReceivedTable] = field(default_factory=dict)

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
    """Check a quarter's raw files and tables. Nothing is raised for bad data: see `Checked.stop_if_failed`.

    Every file is read and every suite too, so that one run tells all that is wrong.
    """
    plan = office.plan
    tables, unreadable = received_tables(office)
    problems = [*check_sources(office), *unreadable]
    problems += _other_numbers_of_rows(tables, office)
    problems += _disagreeing_assessments(tables, office)
    expected = Expected(
        of_one_plan=len(office.project.plans()) == 1,
        quarter=office.quarter,
        tables={name: spec.columns for name, spec in plan.tables.items()},
        files={name: _file(office, name) for name in plan.tables},
        coverage=coverage(office, tables),
        with_series={spec.table for spec in plan.series.values()},
        withheld={name for name in plan.tables if is_silent(office, name)},
        fewest={name: fewest_quoted(plan, name) for name in plan.tables},
    )
    checks, mistakes = validate_tables(tables, expected, office.project.expectations)
    path = office.project.plan(office.quarter)
    named = [
        replace(check, violations=tuple(naming_plan(words, path) for words in check.violations)) for check in checks
    ]
    said = [naming_plan(words, path) for words in dict.fromkeys([*problems, *mistakes])]
    return Checked(office, tuple(said), tuple(named), tables)


def _file(office: Configuration, table: str) -> str:
    """Return the path of a table's file as messages show it; of several, their pattern."""
    folder, spec = office.project.raw(office.quarter), office.plan.tables[table]
    paths = files_there(folder, spec)
    return shown(paths[0] if len(paths) == 1 else folder / spec.pattern)


def _other_numbers_of_rows(tables: Mapping[str, ReceivedTable], office: Configuration) -> list[str]:
    """Hold the rows that are read to those that were recorded when the file was received, if it is that file still."""
    folder, sources, checksums = office.project.raw(office.quarter), office.sources.by_table, office.sources.checksums
    listed = shown(folder / SOURCES_FILE)
    return [
        f"{listed}: {sources[name].rows} rows of {table.spec.pattern} are recorded as received, {table.rows} are read. "
        f"Correct the layout in params/plan.yml, or, if it is right, type make receive Q={office.quarter} once more."
        for name, table in tables.items()
        if name in sources
        and sources[name].rows not in (None, table.rows)
        and all(digest(path) == checksums.get(path.name) for path in files_there(folder, table.spec))
    ]


def _disagreeing_assessments(tables: Mapping[str, ReceivedTable], office: Configuration) -> list[str]:
    """Hold what the office accepted (parameters) to what the boards sent (the raw table of assessments)."""
    for name, table in tables.items():
        sent = table.text
        if not set(sent.columns) >= BOARDS_COLUMNS:
            continue
        by_id, is_quoted = sent.set_index("indicator")["assessment"].to_dict(), not is_silent(office, name)
        return [
            f"{_file(office, name)}: {indicator} is {repr(by_id.get(indicator)) if is_quoted else 'another'}, "
            f"params/{office.quarter}.yml accepts {accepted.assessment!r}. Make them agree."
            for indicator, accepted in office.parameters.assessments.items()
            if by_id.get(indicator) != accepted.assessment
        ]
    return []
