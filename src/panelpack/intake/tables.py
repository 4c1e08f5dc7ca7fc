"""A table of the plan from the files of a drop: found by name, read, laid out as the plan says, corrected."""

from pathlib import Path

from panelpack.config.configuration import Configuration
from panelpack.config.plan_checks import load_plan
from panelpack.config.supplied_table import NUMBER_KINDS, SupplierFile
from panelpack.errors import ConfigurationError, SourceError, about_plan, shown
from panelpack.intake.containers.reading import read_grids
from panelpack.intake.corrections import with_corrections
from panelpack.intake.heads import needed_heads
from panelpack.intake.large_tables.counting import receive_counted
from panelpack.intake.layouts import lay_out
from panelpack.intake.received import ReceivedTable
from panelpack.intake.salts import own_digest
from panelpack.pack_files import is_hidden
from panelpack.periods import Quarter
from panelpack.project import Project


def files_of(folder: Path, table: SupplierFile) -> list[Path]:
    """Return a table's files in a drop's folder, in the order of their names.

    Raises SourceError where there is none, or where several fit a name that is to be one file's.
    """
    paths = files_there(folder, table)
    if not paths:
        raise SourceError(f"{shown(folder / table.pattern)}: the file is missing. Put it there.")
    if table.file and len(paths) > 1:
        names = ", ".join(path.name for path in paths)
        raise SourceError(
            f"{shown(folder)}: {names} all fit {table.file!r}, expected one file. Leave one in the folder, or say "
            "`files:` in params/plan.yml if they are one table."
        )
    return paths


def files_there(folder: Path, table: SupplierFile) -> list[Path]:
    """Return the files of a table that a drop's folder has, in the order of their names; there need be no such folder.

    A file that the system hides (an editor's lock, say) is nobody's.
    """
    named = (path for path in folder.glob("*") if table.holds(path.name) and not is_hidden(path.name))
    return sorted(path for path in named if path.is_file())


def receive_table(project: Project, drop: Quarter, name: str, table: SupplierFile) -> ReceivedTable:
    """Return a table as a drop's files have it, before corrections. Raises SourceError for what cannot be read."""
    with about_plan(project.plan(drop)):
        return _receive_table(project, drop, name, table)


def _receive_table(project: Project, drop: Quarter, name: str, table: SupplierFile) -> ReceivedTable:
    paths = files_of(project.raw(drop), table)
    if table.layout.counted:
        checksums = {path.name: own_digest(path) for path in paths}
        for path in paths:
            path.open("rb").close()  # duckdb opens files unseen: whoever tracks what is read hears of it here
        return receive_counted(paths, name, table, drop, project.large_tables, checksums)
    heads = list(needed_heads(table))
    grids = [(path.name, grid) for path in paths for grid in read_grids(path, table.layout, heads)]
    return lay_out(name, table, grids, drop, f"{shown(paths[0].parent)}/")


def corrected(office: Configuration, name: str) -> ReceivedTable:
    """Return a table of the quarter with the office's corrections applied, before anything else reads it.

    Raises SourceError for a file that cannot be read, ConfigurationError for a correction whose cell is not there or
    does not hold its old value.
    """
    return with_corrections(office, receive_table(office.project, office.quarter, name, office.plan.tables[name]))


def received_tables(office: Configuration) -> tuple[dict[str, ReceivedTable], list[str]]:
    """Return every table of the quarter that can be read, but for those awaited, and a sentence for each that cannot.

    All files are read before anything is said, so that one mistake does not hide the next.
    """
    tables, problems = {}, []
    for name, table in office.plan.tables.items():
        if name in office.parameters.not_supplied or not files_there(office.project.raw(office.quarter), table):
            continue  # what is awaited need not be there; a file that is missing has its sentence in check_sources
        try:
            tables[name] = corrected(office, name)
        except (SourceError, ConfigurationError) as error:
            problems.append(str(error))
    return tables, problems


def comparable_tables(office: Configuration, before: Quarter) -> dict[str, SupplierFile]:
    """Return the tables that an earlier drop may be compared in, each as the plan that counted then describes it.

    Those are all, unless another plan counts by now: then those of the same key and the same columns of numbers.
    """
    now = office.plan.tables
    try:
        path = office.project.plan(before)
        if path == office.project.plan(office.quarter):
            return dict(now)
        then = load_plan(path, *office.project.layouts).tables
    except ConfigurationError:
        return {}  # what that plan says is not known, so neither is what its files were
    return {name: table for name, table in then.items() if name in now and _compared(table) == _compared(now[name])}


def _compared(table: SupplierFile) -> tuple[object, ...]:
    """Return what two descriptions of a table must share: its key, and the kinds of what is compared."""
    kinds = {column: kind for column, kind in table.columns.items() if column in table.key or kind in NUMBER_KINDS}
    return table.key, kinds


def earlier_tables(office: Configuration) -> dict[str, ReceivedTable]:
    """Return the tables of the drop of the quarter before that can be read; none where it has no folder."""
    before, tables = office.quarter.shift(-1), {}
    for name, table in comparable_tables(office, before).items():
        try:
            tables[name] = receive_table(office.project, before, name, table)
        except SourceError:
            continue  # what was wrong then has been said then; that files vanished is a query's matter
    return tables


def rows_received(office: Configuration, name: str) -> int:
    """Return how many rows of data a table's files hold. Raises SourceError for what cannot be read."""
    return receive_table(office.project, office.quarter, name, office.plan.tables[name]).rows
