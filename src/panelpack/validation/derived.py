"""What the plan knows of a table, as expectations: a suite need not say it again, and a table needs no suite for it."""

from collections.abc import Mapping, Sequence
from typing import Any

from panelpack.config.supplied_table import SupplierFile
from panelpack.periods import MONTHS_IN, Quarter, latest_keys
from panelpack.validation.findings import Entry

COLUMNS = "expect_table_columns_to_match_set"
ROWS = "expect_table_row_count_to_be_between"
CELLS = "expect_cells_to_be_of_their_kind"  # not Great Expectations': it comes before the table is typed


def derived(
    spec: SupplierFile, quarter: Quarter, coverage: Sequence[Mapping[str, Any]], has_series: bool
) -> list[Entry]:
    """Return the expectations of a table that follow from the plan.

    `coverage`: as `coverage.coverage` returns it for the table. `has_series`: whether a series is drawn from it; in
    another a date may be a later one, such as that of an assessment.
    """
    entries = [
        Entry(
            COLUMNS,
            {"column_set": list(spec.columns), "exact_match": True},
            _notes("The columns are those of the plan, in any order."),
        ),
        Entry(ROWS, {"min_value": 1}, _notes("The table has at least one row.")),
    ]
    if spec.key:
        entries.append(_unique(spec.key))
    period = spec.column_of(*MONTHS_IN) or (spec.column_of("date") if has_series else None)
    if period:
        kind = spec.columns[period]
        last = latest_keys(quarter, "month" if kind == "date" else kind)[-1]
        says = "Nothing is dated after the end of the reported quarter."
        entries.append(Entry("expect_no_period_after", {"column": period, "last": last}, _notes(says), "", (period,)))
    if coverage:
        columns = tuple(dict.fromkeys(name for row in coverage for name in (row["column"], *row["where"])))
        says = "Every series that the plan draws from this table has each period it needs, without gaps."
        entries.append(
            Entry(
                "expect_series_to_be_complete",
                {"coverage": list(coverage)},
                _notes(says),
                columns=columns,
                whole=columns,
            )
        )
    return entries


def _unique(key: Sequence[str]) -> Entry:
    columns, notes = tuple(key), _notes(f"No row stands twice: {', '.join(key)} occurs once.")
    if len(columns) == 1:
        return Entry("expect_column_values_to_be_unique", {"column": columns[0]}, notes, columns=columns)
    # A record without its number, as a reference may be empty, is no second one of another: one column does so too.
    kwargs = {"column_list": list(columns), "ignore_row_if": "any_value_is_missing"}
    return Entry("expect_compound_columns_to_be_unique", kwargs, notes, columns=columns)


def _notes(text: str) -> dict[str, str]:
    return {"notes": text}
