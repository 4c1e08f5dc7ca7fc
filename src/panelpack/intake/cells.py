"""The cells of a column in the plan's form of its kind: periods, numbers, and why a number is not there.

A cell that is not in the form that is declared stays as it was supplied, and validation refuses it; one that could
pass there for something else is refused here. No cell is quoted, for a table may be about persons.
"""

from collections.abc import Callable, Mapping, Sequence

from panelpack.config.layout import Layout, Meaning
from panelpack.config.supplied_table import NUMBER_KINDS, PERIOD_KINDS, SupplierFile
from panelpack.errors import SourceError
from panelpack.intake.grid import seen_text
from panelpack.intake.heads import Table
from panelpack.intake.number_forms import OWN_FORM, is_digits, number_reader
from panelpack.intake.period_forms import OWN_FORMS, accepted_words, read_period
from panelpack.periods import POINT_WORDS, Quarter, latest_keys


def read_periods(table: Table, column: str, cells: Sequence[str], index: Sequence[object]) -> Sequence[str]:
    """Return a column's cells as the plan writes its periods; without a declared form, as they are.

    index: where each cell stands, for the message. Raises SourceError for a quarter or half in the plan's own form
    where another form of them is declared.
    """
    form, kind = table.spec.layout.forms.get(column), table.spec.columns[column]
    if form is None:
        return cells
    read = {text: read_period(text, form, kind) for text in set(cells)}
    if kind in ("quarter", "half_year") and form != OWN_FORMS[kind]:
        # Another form of them is declared, so nothing says of which year one in the plan's form is.
        doubtful = {text for text, period in read.items() if not period and read_period(text.strip(), None, kind)}
        _refuse_doubtful(
            table,
            column,
            cells,
            index,
            doubtful,
            f"a {POINT_WORDS[kind]} such as {OWN_FORMS[kind]}",
            accepted_words(form, kind),
        )
    return [read[text] or text for text in cells]


def cell_as_read(spec: SupplierFile, column: str, text: str) -> str:
    """Return what a cell with this text becomes in the plan's form; a text that is none in it stays as it is."""
    seen, kind = seen_text(text), spec.columns.get(column)
    if kind in PERIOD_KINDS:
        form = spec.layout.forms.get(column)
        return (read_period(seen, form, kind) if form else "") or seen
    return _read_number(seen, spec.layout, number_reader(spec.layout, kind)) if kind in NUMBER_KINDS else seen


def is_after(text: str, quarter: Quarter) -> bool:
    """Whether a period in the plan's form is not over by a quarter's end (a date by its month); what is none is not."""
    kind = next((kind for kind in PERIOD_KINDS if read_period(text, None, kind)), None)
    if kind is None:
        return False
    return text[:7] > quarter.months[-1] if kind == "date" else text > latest_keys(quarter, kind)[-1]


def gaps_of(
    table: Table, column: str, cells: Sequence[str], index: Sequence[object]
) -> Mapping[tuple[object, str], Meaning]:
    """Return why a number is not there, by where its cell stands and the column: what its mark means."""
    layout = table.spec.layout
    marked = {text: layout.marks.get(text.strip()) for text in set(cells)} if layout.marks else {}
    gaps = {text: meaning for text, meaning in marked.items() if meaning and meaning != "zero"}
    if not gaps:
        return {}
    return {(label, column): gaps[text] for label, text in zip(index, cells, strict=True) if text in gaps}


def read_numbers(table: Table, column: str, cells: Sequence[str], index: Sequence[object]) -> Sequence[str]:
    """Return a column's cells as digits; those that are no numbers as they are, and marks as what they mean.

    Raises SourceError for a number with a point where a comma is declared as the decimal sign, and no grouping by it.
    """
    layout, kind, texts = table.spec.layout, table.spec.columns[column], set(cells)
    if not layout.marks and is_digits(texts, layout, kind):
        return cells
    read = number_reader(layout, kind)
    values = {text: _read_number(text, layout, read) for text in texts}
    if layout.decimal != ".":
        doubtful = {text for text in texts if values[text] == text and "." in text and OWN_FORM.fullmatch(text.strip())}
        expected = "one with a decimal comma such as 1234,5"
        _refuse_doubtful(table, column, cells, index, doubtful, "a number with a point", expected)
    return [values[text] for text in cells]


def _read_number(text: str, layout: Layout, read: Callable[[str], str]) -> str:
    mark = text.strip()
    if mark in layout.marks:
        return "0" if layout.marks[mark] == "zero" else ""
    return (read(text) or text) if mark else ""


def _refuse_doubtful(
    table: Table,
    column: str,
    cells: Sequence[str],
    index: Sequence[object],
    doubtful: set[str],
    found: str,
    expected: str,
) -> None:
    """Refuse cells that are not in the declared form, but would pass for something else in the plan's."""
    if not doubtful:
        return
    places = [label for label, text in zip(index, cells, strict=True) if text in doubtful]
    at = f"row {places[0]}" if isinstance(places[0], int) else str(places[0])
    raise SourceError(
        f"{table.where}, {at}, column {column!r}: found {found}{and_more(len(places) - 1)}, expected {expected}. "
        f"Correct how they are written {table.in_layout}, or ask the supplier what is meant."
    )


def and_more(count: int) -> str:
    """Return how many more there are than the one or ones named: ' and 3 more', '' for none."""
    return f" and {count} more" if count > 0 else ""
