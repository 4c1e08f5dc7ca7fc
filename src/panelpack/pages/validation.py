"""The validation notebook's page: what was checked, what was found, where the files come from."""

from panelpack.config.sources import Source
from panelpack.formats import number
from panelpack.periods import date_words
from panelpack.rendering.prose import Callout, Text
from panelpack.rendering.table import Table
from panelpack.validation.raw_data import Checked


def validation_outcome(checked: Checked) -> Callout:
    """Return whether the data may be used, in a sentence."""
    passed = sum(check.passed for check in checked.checks)
    skipped = sum(bool(check.skipped) for check in checked.checks)
    not_run = f", {number(skipped)} could not be run" if skipped else ""
    text = (
        f"{number(passed)} of {number(len(checked.checks))} checks of {number(len(checked.tables))} tables "
        f"passed{not_run}; {number(len(checked.file_problems))} problems with the files."
    )
    if checked.failures:
        return Callout("warning", "The data did not pass", text + " Nothing is published from them.")
    return Callout("note", "The data passed", text)


def sources_table(checked: Checked) -> Table | Text:
    """Return who sent each file, when, and what may be done with it."""
    rows = [
        {
            "File": name,
            "Supplier": source.supplier,
            "Received": date_words(source.received),
            "Licence": source.licence or _licence(checked, source),
            "Sensitivity": source.sensitivity
            + (f" until {date_words(source.embargoed_until)}" if source.embargoed_until else ""),
            "Made from": _made_from(source),
            "Read": _read(checked, source),
        }
        for name, source in checked.office.sources.files.items()
    ]
    if not rows:
        return Text("No file was received.")
    return Table(rows, "Files received", widths=[2.2, 2.2, 1.5, 2, 1.7, 3.4, 2])


def _read(checked: Checked, source: Source) -> str:
    """Say how many rows a table's files hold and what of them the layout leaves unread; of some tables nothing."""
    table, office = checked.tables.get(source.table), checked.office
    if table is None or office.why_guarded(source) or office.withheld(source.table):
        return ""
    unread = [remark.words for remark in table.remarks if not remark.asks]
    return "; ".join([f"{number(table.rows)} row{'' if table.rows == 1 else 's'}", *unread])


def _licence(checked: Checked, source: Source) -> str:
    """Return the licence that the preset of a source's table knows; '' where it has none."""
    table = checked.office.plan.tables.get(source.table)
    preset = checked.office.presets.get(table.preset or "") if table else None
    return preset.licence if preset else ""


def _made_from(source: Source) -> str:
    """Say what a file was reconstructed or derived from; that it is as received where it was neither."""
    derived = source.derived_from
    words = f"{derived.named}, by {derived.by}." if derived else ""
    return f"{words} {source.basis if source.reconstructed else ''}".strip() or "as received"


def columns_table(checked: Checked) -> Table | Text:
    """Return where each column of a reconstructed file is from; intervals that rest on an assumed one say so."""
    rows = [
        {"File": name, "Column": column, "From": described.origin, "How": described.how}
        for name, source in checked.office.sources.files.items()
        for column, described in source.columns.items()
    ]
    caption = "Columns of the reconstructed files"
    return Table(rows, caption, widths=[2.4, 2, 1, 5]) if rows else Text("No file is reconstructed.")


def violations(checked: Checked) -> Text:
    """Return every violation, a line each."""
    return Text("\n".join(f"- `{failure}`" for failure in checked.failures) or "Nothing.")


def checks_table(checked: Checked) -> Table | Text:
    """Return every check: of which table, what it expects, what it looked at, what it found, and what came of it."""
    rows = [
        {
            "Table": check.table,
            "Check": check.says,
            "Looked at": check.looked_at,
            "Found": check.observed,
            "Outcome": "passed" if check.passed else "not run" if check.skipped else "FAILED",
        }
        for check in checked.checks
    ]
    if not rows:
        return Text("No table is there to be checked.")
    return Table(rows, "Checks", widths=[2.2, 5.4, 2.4, 2, 1.2])
