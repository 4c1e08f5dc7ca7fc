"""What the types of a layout cannot say: columns that are none, forms that do not fit; and its lines in messages."""

from collections.abc import Iterator, Mapping
from typing import get_args

import yaml

from panelpack.config.layout import (
    ENDINGS_IN_WORDS,
    WORKBOOKS,
    CalendarYearForm,
    DateForm,
    DayOfYearForm,
    FinancialYearForm,
    HalfForm,
    Layout,
    MonthForm,
    Name,
    QuarterForm,
    format_by_name,
)
from panelpack.config.strict_yaml import Mistake
from panelpack.config.supplied_table import NUMBER_KINDS, PERIOD_KINDS, SupplierFile
from panelpack.periods import MONTHS_IN, POINT_WORDS, is_key, periodicity_of

# The forms that a column of a kind may have: a day lies in one month and one quarter, a month in one quarter; nothing
# else can be told from another period.
FORMS_OF = {
    "month": (*get_args(MonthForm), *get_args(DateForm)),
    "quarter": (*get_args(QuarterForm), *get_args(MonthForm), *get_args(DateForm)),
    "half_year": get_args(HalfForm),
    "financial_year": get_args(FinancialYearForm),
    "calendar_year": get_args(CalendarYearForm),
    "date": (*get_args(DateForm), *get_args(DayOfYearForm)),
}


def format_of(table: SupplierFile) -> str | None:
    """Return the format of a table's files: as its layout says, else as their name ends; None where neither tells."""
    return table.layout.format or format_by_name(table.pattern)


def find_table_mistakes(table: SupplierFile) -> Iterator[Mistake]:
    """Yield what is wrong with a table's file, its layout and what it says of its columns: where, and a sentence."""
    layout, found, known = table.layout, format_of(table), ", ".join(table.columns)
    if table.pattern and found is None:
        remedy = "Name the file in full, or say `format` in its layout."
        yield (), f"the name {table.pattern!r} should end in {ENDINGS_IN_WORDS}. {remedy}"
    if found:
        yield from _format_mistakes(layout, found)
    for column in table.optional:
        if column not in table.columns:
            yield ("optional",), f"{column!r} is no column of the table, expected one of {known}."
        elif column in table.key:
            yield ("optional",), f"{column!r} is part of the key, so no cell of it may be empty. Remove it here."
    if table.supplied_since and (period := table.column_of(*MONTHS_IN)):
        kind = table.columns[period]
        if periodicity_of(table.supplied_since) != kind:
            name = POINT_WORDS[kind]
            yield ("supplied_since",), f"{table.supplied_since!r} is no {name}, as {period!r} is. Write a {name}."
    for place, words in find_layout_mistakes(table):
        yield ("layout", *place), words


def _format_mistakes(layout: Layout, found: str) -> Iterator[Mistake]:
    """Yield what a layout says that a file of this format cannot have."""
    if found not in WORKBOOKS:
        for key in ("sheet", "sheets"):
            if getattr(layout, key):
                yield ("layout", key), f"a {found} file has no sheets. Remove `{key}`."
    if found != "csv":
        for key in ("encoding", "separator"):
            if key in layout.model_fields_set:
                yield ("layout", key), f"{found} files have none. Remove `{key}`, or correct `format`."
    if layout.counted and found not in ("csv", "parquet"):
        yield ("layout", "counted"), f"rows are counted in csv and parquet files, found {found}. Remove `counted`."


def find_layout_mistakes(table: SupplierFile) -> Iterator[Mistake]:
    """Yield what is wrong with a table's layout: where in the layout, and a sentence."""
    layout, columns = table.layout, table.columns
    for column, form in layout.forms.items():
        kind = columns.get(column)
        if kind not in PERIOD_KINDS:
            found = "is no column of the table" if kind is None else f"is a {kind}"
            yield ("forms", column), f"{column!r} {found}, expected a column of months, quarters, years or dates."
        elif form not in FORMS_OF[kind]:
            yield (
                ("forms", column),
                f"a {POINT_WORDS[kind]} cannot be told from {form!r}; expected one of {', '.join(FORMS_OF[kind])}.",
            )
    yield from _column_mistakes(layout, columns)
    yield from _shape_mistakes(layout, columns)
    yield from _picking_mistakes(layout)
    yield from _number_mistakes(layout)
    yield from _place_mistakes(layout)


def _column_mistakes(layout: Layout, columns: Mapping[str, str]) -> Iterator[Mistake]:
    """Yield columns that are none or are had twice, in `heads` and `join`."""
    expected = f"expected one of {', '.join(columns)}"
    joined = {part for parts in layout.join.values() for part in parts}
    for column in layout.heads:
        if column not in {*columns, *joined, *layout.only, *layout.leave_out}:
            yield ("heads", column), f"{column!r} is no column of the table, {expected}."
    heads = list(layout.heads.values())
    for column, head in layout.heads.items():
        if heads.count(head) > 1:
            yield ("heads", column), f"two columns have the head {head!r}. Give each its own."
    for column, parts in layout.join.items():
        if column not in columns:
            yield ("join", column), f"{column!r} is no column of the table, {expected}."
        if not parts:
            yield ("join", column), "no columns are named. Name those whose texts make it."
    made = _made(layout)
    for column in layout.heads:
        if column in made and column not in joined:
            yield (
                ("heads", column),
                f"{column!r} has no head of its own, for `{made[column]}` makes it. Remove it here.",
            )
    if layout.wide and layout.wide.period in layout.join:
        yield ("join", layout.wide.period), f"both `join` and `wide` make {layout.wide.period!r}. Remove one."


def _made(layout: Layout) -> dict[str, str]:
    """Return the columns that stand in no file, each with the key of the layout that makes it."""
    made = dict.fromkeys(layout.join, "join")
    made |= dict.fromkeys((layout.wide.period, layout.wide.value), "wide") if layout.wide else {}
    return made | ({layout.counted.column: "counted"} if layout.counted else {})


def _shape_mistakes(layout: Layout, columns: Mapping[str, str]) -> Iterator[Mistake]:
    """Yield what is wrong with how rows are made: of columns that are periods, or by counting."""
    expected = f"expected one of {', '.join(columns)}"
    if layout.wide:
        if columns.get(layout.wide.period) not in PERIOD_KINDS:
            yield (
                ("wide", "period"),
                f"{layout.wide.period!r} is no column of months, quarters, years or dates, {expected}.",
            )
        if columns.get(layout.wide.value) not in NUMBER_KINDS:
            yield ("wide", "value"), f"{layout.wide.value!r} is no column of counts or decimals, {expected}."
        kind = columns.get(layout.wide.period, "")
        if kind in PERIOD_KINDS and layout.wide.period not in layout.forms:
            for head, period in layout.wide.periods.items():
                if not is_key(period, kind):
                    name = POINT_WORDS[kind]
                    yield ("wide", "periods", head), f"{period!r} is no {name} in the plan's form. Correct it."
    if layout.counted:
        by, counted = layout.counted.by, layout.counted.column
        if layout.wide:
            yield ("counted",), "a table is either `wide` or `counted`. Remove one."
        if layout.until or layout.header_rows > 1:
            key = "until" if layout.until else "header_rows"
            yield (key,), f"rows are counted in a file with one row of heads and nothing below. Remove `{key}`."
        if columns.get(counted) != "count":
            yield ("counted", "column"), f"{counted!r} is no column of counts, {expected}."
        if counted in by:
            yield ("counted", "by"), f"{counted!r} is the number of rows, so nothing is counted by it. Remove it here."
        if counted in layout.heads.values():
            yield ("counted", "column"), f"{counted!r} is a head of the file, expected another name. Change it."
        for column in by:
            if column not in columns:
                yield ("counted", "by"), f"{column!r} is no column of the table, {expected}."
        if other := [column for column in columns if column not in (*by, counted)]:
            yield ("counted",), f"{other[0]!r} is neither counted by nor the number counted. Remove the column."


def _picking_mistakes(layout: Layout) -> Iterator[Mistake]:
    """Yield rows that `only` and `leave_out` pick by a column without a value, or both ways."""
    made, joined = _made(layout), {part for parts in layout.join.values() for part in parts}
    made = {column: key for column, key in made.items() if column not in joined}
    for key in ("only", "leave_out"):
        for column, names in getattr(layout, key).items():
            if names == []:
                yield (key, column), "no value is named. Name the values, or remove the column."
            if column in made and not (layout.wide and column == layout.wide.period):
                yield (
                    (key, column),
                    f"{column!r} is made by `{made[column]}` after rows are picked. Pick them by a column of the file.",
                )
    for column in layout.only.keys() & layout.leave_out.keys():
        both = _values(layout.only[column]) & _values(layout.leave_out[column])
        for value in sorted(both):
            yield ("leave_out", column), f"{value!r} is under `only` and `leave_out`. Remove it from one of them."


def _number_mistakes(layout: Layout) -> Iterator[Mistake]:
    """Yield signs and marks by which a number would be another."""
    if layout.thousands == layout.decimal:
        yield ("thousands",), f"thousands and decimal are both {layout.decimal!r}. Say `decimal` too."
    for i, sign in enumerate(layout.signs):
        if not sign or set(sign) & set("0123456789-−.,"):
            yield ("signs", i), f"{sign!r} would change a number, expected a sign beside it such as £ or %."
        elif layout.thousands is not None and layout.thousands in sign:
            yield ("signs", i), f"{sign!r} holds what groups thousands. Remove it here."


def _place_mistakes(layout: Layout) -> Iterator[Mistake]:
    """Yield what is wrong with where the table stands."""
    if isinstance(layout.header_row, int) and layout.header_row < 1:
        yield ("header_row",), f"it is {layout.header_row}, expected the number of a row. The first is 1."
    if layout.until == "":
        yield ("until",), "it is empty, expected how the line begins. For an empty line say `until: blank`."
    if layout.sheet and layout.sheets:
        yield ("sheets",), "both `sheet` and `sheets` are given. Give `sheet` for one, `sheets` for several."


def _values(names: Name) -> set[str]:
    return {names} if isinstance(names, str) else set(names)


def layout_line(key: str, value: object) -> str:
    """Return a line of a layout as it is typed into the plan: 'forms: {month: Apr-22}', quoted where YAML needs it."""
    text = yaml.safe_dump(value, default_flow_style=True, allow_unicode=True, sort_keys=False, width=10_000)
    text = text.replace("? '' :", "'':")  # as a person types an empty key
    return f"{key}: {text.strip().removesuffix('...').strip()}"
