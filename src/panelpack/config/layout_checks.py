"""What the types of a layout cannot say: columns that it names and the table has not, forms that do not fit a kind."""

from collections.abc import Iterator
from typing import get_args

from panelpack.config.layout import DateForm, MonthForm, QuarterForm
from panelpack.config.plan import NUMBER_KINDS, PERIOD_KINDS, SupplierFile
from panelpack.config.strict_yaml import Location, Mistake

ENDINGS = {
    ".csv": "csv",
    ".csv.gz": "csv",
    ".txt": "csv",
    ".tsv": "csv",
    ".xlsx": "xlsx",
    ".xlsm": "xlsx",
    ".xls": "xls",
    ".ods": "ods",
    ".parquet": "parquet",
}  # what a file's name ends in, in capitals or not: its format
WORKBOOKS = ("xlsx", "xls", "ods")
MONTH_FORMS, QUARTER_FORMS, DATE_FORMS = (get_args(form) for form in (MonthForm, QuarterForm, DateForm))
FORMS_OF = {
    "month": (*MONTH_FORMS, *DATE_FORMS),
    "quarter": (*QUARTER_FORMS, *MONTH_FORMS, *DATE_FORMS),
    "date": DATE_FORMS,
}  # of a column's kind: how it may be written


def format_of(table: SupplierFile) -> str | None:
    """Return the format of a table's files: as its layout says, else as their name ends; None where neither tells."""
    if table.layout.format:
        return table.layout.format
    name = table.pattern.lower()
    return next((known for ending, known in ENDINGS.items() if name.endswith(ending)), None)


def layout_mistakes(at: Location, table: SupplierFile) -> Iterator[Mistake]:
    """Yield what a table says of its layout that cannot be, each with its place in the plan."""
    yield from _file_mistakes(at, table)
    yield from _column_mistakes(at, table)
    yield from _shape_mistakes((*at, "layout"), table)


def _file_mistakes(at: Location, table: SupplierFile) -> Iterator[Mistake]:
    layout, found = table.layout, format_of(table)
    if table.pattern and found is None:
        endings = ", ".join(ENDINGS)
        yield at, f"{table.pattern!r} ends in none of {endings}. Name the file in full, or say `format` in its layout."
    if layout.sheet and layout.sheets:
        yield (*at, "layout", "sheets"), "`sheet` and `sheets` are given, expected one of them. Remove the other."
    if found and found not in WORKBOOKS and (layout.sheet or layout.sheets):
        yield (*at, "layout"), f"a {found} file has no sheets. Remove `sheet` and `sheets`."
    if found and layout.counted and found not in ("csv", "parquet"):
        yield (*at, "layout", "counted"), f"rows are counted in csv and parquet files, found {found}. Remove `counted`."


def _column_mistakes(at: Location, table: SupplierFile) -> Iterator[Mistake]:
    layout = table.layout
    named: dict[str, list[str]] = {
        "heads": list(layout.heads),
        "join": list(layout.join),
        "forms": list(layout.forms),
        "wide": [layout.wide.period, layout.wide.value] if layout.wide else [],
        "counted": [*layout.counted.by, layout.counted.column] if layout.counted else [],
    }
    for key, columns in named.items():
        for column in columns:
            if column not in table.columns:
                yield (
                    (*at, "layout", key),
                    f"{column!r} is no column of the table, which has {', '.join(table.columns)}.",
                )
    for column in table.optional:
        if column not in table.columns:
            yield (*at, "optional"), f"{column!r} is no column of the table, which has {', '.join(table.columns)}."
        elif column in table.key:
            yield (*at, "optional"), f"{column!r} is part of the key, so no cell of it may be empty. Remove it here."
    for column, form in layout.forms.items():
        kind = table.columns.get(column)
        if kind not in PERIOD_KINDS and column in table.columns:
            yield (*at, "layout", "forms"), f"{column!r} is a {kind}, and only months, quarters and dates have forms."
        elif kind in FORMS_OF and form not in FORMS_OF[kind]:
            fits = ", ".join(FORMS_OF[kind])
            yield (*at, "layout", "forms"), f"{column!r} is a {kind}, which {form!r} cannot be; one of {fits} can."
    if table.supplied_since and (period := table.column_of("month", "quarter")):
        kind = table.columns[period]
        if ("Q" in table.supplied_since) != (kind == "quarter"):
            yield (*at, "supplied_since"), f"{table.supplied_since!r} is no {kind}, as {period!r} is. Write a {kind}."


def _shape_mistakes(at: Location, table: SupplierFile) -> Iterator[Mistake]:
    layout = table.layout
    if layout.thousands and layout.thousands == layout.decimal:
        yield (*at, "thousands"), f"{layout.thousands!r} cannot stand for thousands and for the decimal point."
    if layout.wide and table.columns.get(layout.wide.period) not in (None, *PERIOD_KINDS):
        yield (*at, "wide"), f"{layout.wide.period!r} must be a month, a quarter or a date of the table. Correct it."
    if layout.wide and table.columns.get(layout.wide.value) not in (None, *NUMBER_KINDS):
        yield (*at, "wide"), f"{layout.wide.value!r} must be a count or a decimal of the table. Correct it."
    if layout.counted:
        if layout.wide:
            yield (*at, "counted"), "a table is either `wide` or `counted`. Remove one."
        if table.columns.get(layout.counted.column) not in (None, "count"):
            yield (*at, "counted"), f"{layout.counted.column!r} must be a count of the table. Correct its kind."
        if other := [c for c in table.columns if c not in (*layout.counted.by, layout.counted.column)]:
            yield (*at, "counted"), f"{other[0]!r} is neither counted by nor the number counted. Remove the column."
