"""What the types of a layout cannot say: columns that are none, forms that do not fit; and its lines in messages."""

from collections.abc import Iterator
from typing import get_args

import yaml

from panelpack.config.layout import (
    ENDINGS_IN_WORDS,
    WORKBOOKS,
    DateForm,
    MonthForm,
    QuarterForm,
    format_by_name,
)
from panelpack.config.plan import NUMBER_KINDS, PERIOD_KINDS, SupplierFile
from panelpack.config.strict_yaml import Mistake

# The forms that a column of a kind may have: a day lies in one month and one quarter, a month in one quarter; nothing
# else can be told from another period.
FORMS_OF = {
    "month": (*get_args(MonthForm), *get_args(DateForm)),
    "quarter": (*get_args(QuarterForm), *get_args(MonthForm), *get_args(DateForm)),
    "date": get_args(DateForm),
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
    if found and found not in WORKBOOKS and (layout.sheet or layout.sheets):
        yield ("layout",), f"a {found} file has no sheets. Remove `sheet` and `sheets`."
    if found and layout.counted and found not in ("csv", "parquet"):
        yield ("layout", "counted"), f"rows are counted in csv and parquet files, found {found}. Remove `counted`."
    for column in table.optional:
        if column not in table.columns:
            yield ("optional",), f"{column!r} is no column of the table, expected one of {known}."
        elif column in table.key:
            yield ("optional",), f"{column!r} is part of the key, so no cell of it may be empty. Remove it here."
    if table.supplied_since and (period := table.column_of("month", "quarter")):
        kind = table.columns[period]
        if ("Q" in table.supplied_since) != (kind == "quarter"):
            yield ("supplied_since",), f"{table.supplied_since!r} is no {kind}, as {period!r} is. Write a {kind}."
    for place, words in find_layout_mistakes(table):
        yield ("layout", *place), words


def find_layout_mistakes(table: SupplierFile) -> Iterator[Mistake]:
    """Yield what is wrong with a table's layout: where in the layout, and a sentence."""
    layout, columns = table.layout, table.columns
    expected = f"expected one of {', '.join(columns)}"
    for column, form in layout.forms.items():
        kind = columns.get(column)
        if kind not in PERIOD_KINDS:
            found = "is no column of the table" if kind is None else f"is a {kind}"
            yield ("forms", column), f"{column!r} {found}, expected a column of months, quarters or dates."
        elif form not in FORMS_OF[kind]:
            yield (
                ("forms", column),
                f"a {kind} cannot be told from {form!r}; expected one of {', '.join(FORMS_OF[kind])}.",
            )
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
    if layout.wide:
        if columns.get(layout.wide.period) not in PERIOD_KINDS:
            yield ("wide", "period"), f"{layout.wide.period!r} is no column of months, quarters or dates, {expected}."
        if columns.get(layout.wide.value) not in NUMBER_KINDS:
            yield ("wide", "value"), f"{layout.wide.value!r} is no column of counts or decimals, {expected}."
    if layout.counted:
        by, counted = layout.counted.by, layout.counted.column
        if layout.wide:
            yield ("counted",), "a table is either `wide` or `counted`. Remove one."
        if layout.until or layout.header_rows > 1:
            key = "until" if layout.until else "header_rows"
            yield (key,), f"rows are counted in a file with one row of heads and nothing below. Remove `{key}`."
        if columns.get(counted) != "count":
            yield ("counted", "column"), f"{counted!r} is no column of counts, {expected}."
        for column in by:
            if column not in columns:
                yield ("counted", "by"), f"{column!r} is no column of the table, {expected}."
        if other := [column for column in columns if column not in (*by, counted)]:
            yield ("counted",), f"{other[0]!r} is neither counted by nor the number counted. Remove the column."
    if isinstance(layout.header_row, int) and layout.header_row < 1:
        yield ("header_row",), f"it is {layout.header_row}, expected the number of a row. The first is 1."
    if layout.thousands == layout.decimal:
        yield ("thousands",), f"thousands and decimal are both {layout.decimal!r}. Say `decimal` too."
    for i, sign in enumerate(layout.signs):
        if not sign or set(sign) & set("0123456789-−.,"):
            yield ("signs", i), f"{sign!r} would change a number, expected a sign beside it such as £ or %."
    if layout.until == "":
        yield ("until",), "it is empty, expected how the line begins. For an empty line say `until: blank`."
    if layout.sheet and layout.sheets:
        yield ("sheets",), "both `sheet` and `sheets` are given. Give `sheet` for one, `sheets` for several."


def layout_line(key: str, value: object) -> str:
    """Return a line of a layout as it is typed into the plan: 'forms: {month: Apr-22}', quoted where YAML needs it."""
    text = yaml.safe_dump(value, default_flow_style=True, allow_unicode=True, sort_keys=False, width=10_000)
    return f"{key}: {text.strip().removesuffix('...').strip()}"
