"""A table of the plan from the files of a drop: found by name, read, laid out as the plan says, corrected."""

from pathlib import Path

from panelpack.config.configuration import Configuration
from panelpack.config.plan import SupplierFile
from panelpack.config.sources import load_sources
from panelpack.errors import ConfigurationError, SourceError, shown
from panelpack.intake.containers import Grid, read_grids
from panelpack.intake.corrections import with_corrections
from panelpack.intake.heads import needed_heads
from panelpack.intake.large_tables import Counts, count_rows, month_remarks
from panelpack.intake.layouts import lay_out
from panelpack.intake.period_forms import read_period
from panelpack.intake.received import ReceivedTable, Remark
from panelpack.periods import Quarter
from panelpack.project import Project, digest

FIRST_BELOW_HEADS = 2
OF_ROWS = ("rows_left_out", "rows_later")  # remarks that say how many rows are unread


def files_of(folder: Path, table: SupplierFile) -> list[Path]:
    """Return a table's files in a drop's folder, in the order of their names.

    Raises SourceError where there is none, or where several fit a name that is to be one file's.
    """
    paths = sorted(path for path in folder.glob("*") if path.is_file() and table.holds(path.name))
    if not paths:
        raise SourceError(f"{shown(folder / table.pattern)}: the file is missing. Put it there.")
    if table.file and len(paths) > 1:
        names = ", ".join(path.name for path in paths)
        raise SourceError(
            f"{shown(folder)}: {names} all fit {table.file!r}, expected one file. Leave one in the folder, or say "
            "`files:` in params/plan.yml if they are one table."
        )
    return paths


def has_files(folder: Path, table: SupplierFile) -> bool:
    """Whether a drop's folder has a file of a table; there need be no such folder."""
    return any(table.holds(path.name) for path in folder.glob("*"))


def receive_table(project: Project, drop: Quarter, name: str, table: SupplierFile) -> ReceivedTable:
    """Return a table as a drop's files have it, before corrections. Raises SourceError for what cannot be read."""
    paths = files_of(project.raw(drop), table)
    if table.layout.counted:
        return _counted(project, drop, name, table, paths)
    heads = list(needed_heads(table))
    grids = [(path.name, grid) for path in paths for grid in read_grids(path, table.layout, heads)]
    return lay_out(name, table, grids, drop)


def _counted(project: Project, drop: Quarter, name: str, table: SupplierFile, paths: list[Path]) -> ReceivedTable:
    """Return the numbers of rows of a large table, laid out like any other: a row a combination of what it counts by.

    duckdb counts the texts as supplied; what the layout says of rows and forms is done to the few that there are.
    """
    layout = table.layout
    assert layout.counted is not None
    for path in paths:
        path.open("rb").close()  # duckdb opens files unseen; whoever tracks what is read hears of it here
    column, heads = layout.counted.column, list(needed_heads(table))
    checksums = load_sources(project.raw(drop)).checksums
    current = {path.name: checksums[path.name] for path in paths if checksums.get(path.name) == digest(path)}
    counts = count_rows(paths, layout, heads, project.large_tables, current)
    numbers = counts.frame(column)
    plain = layout.model_copy(update={"counted": None, "header_row": 1, "other_columns": "unread"})
    grid = Grid("", [[*heads, column], *numbers.values.tolist()], ())
    laid = lay_out(name, table.model_copy(update={"layout": plain}), [(table.pattern, grid)], drop)
    text = laid.text.set_axis([numbers.index[row - FIRST_BELOW_HEADS] for row in laid.text.index])
    read = text[column].astype("int64")
    together = read.groupby([text[by] for by in layout.counted.by], sort=False).transform("sum").astype(str)
    text = text.assign(**{column: together})[~text.duplicated(layout.counted.by)]
    left = counts.total - int(read.sum())
    kept = [remark for remark in laid.remarks if remark.kind not in OF_ROWS]
    if left:
        words = f"{left:,} of {counts.total:,} rows are left unread, as the layout says"
        kept.append(Remark("rows_left_out", table.pattern, words))
    remarks = (*counts.remarks, *_other_months(counts, table), *kept)
    return ReceivedTable(name, table, text[list(table.columns)], counts.total, {}, remarks)


def _other_months(counts: Counts, table: SupplierFile) -> list[Remark]:
    """Return which files have rows of another month than their names say."""
    month = table.column_of("month")
    if month is None:
        return []
    head, form = table.layout.heads.get(month, month), table.layout.forms.get(month)
    return month_remarks(counts, head, lambda text: read_period(text, form, "month") or None)


def corrected(office: Configuration, name: str) -> ReceivedTable:
    """Return a table of the quarter with the office's corrections applied, before anything else reads it.

    Raises SourceError for a file that cannot be read, ConfigurationError for a correction whose cell is not there or
    does not hold its old value.
    """
    return with_corrections(office, receive_table(office.project, office.quarter, name, office.plan.tables[name]))


def received_tables(office: Configuration) -> tuple[dict[str, ReceivedTable], list[str]]:
    """Return every table of the quarter that can be read, and a sentence for each that cannot.

    All files are read before anything is said, so that one mistake does not hide the next.
    """
    tables, problems = {}, []
    for name, table in office.plan.tables.items():
        if not has_files(office.project.raw(office.quarter), table):
            continue  # a file that is missing has its sentence in check_sources
        try:
            tables[name] = corrected(office, name)
        except (SourceError, ConfigurationError) as error:
            problems.append(str(error))
    return tables, problems


def earlier_tables(office: Configuration) -> dict[str, ReceivedTable]:
    """Return the tables of the drop of the quarter before that can be read; none where it has no folder."""
    before, tables = office.quarter.shift(-1), {}
    for name, table in office.plan.tables.items():
        try:
            tables[name] = receive_table(office.project, before, name, table)
        except SourceError:
            continue  # what was wrong then has been said then; that files vanished is a query's matter
    return tables
