"""What the types of a layout cannot say: columns that are none, forms that do not fit; and its lines in messages."""

from collections.abc import Iterator
from typing import get_args

import yaml

from panelpack.config.layout import DateForm, MonthForm, QuarterForm
from panelpack.config.plan import PERIOD_KINDS, SupplierFile
from panelpack.config.strict_yaml import Mistake

NUMBER_KINDS = ("count", "decimal")
# The forms that a column of a kind may have: a day lies in one month and one quarter, a month in one quarter; nothing
# else can be told from another period.
FORMS_OF = {
    "month": (*get_args(MonthForm), *get_args(DateForm)),
    "quarter": (*get_args(QuarterForm), *get_args(MonthForm), *get_args(DateForm)),
    "date": get_args(DateForm),
}


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
