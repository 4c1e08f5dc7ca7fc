"""The expectations that a suite may name: what each asks, which columns it looks at, and how it says what it found.

Of Great Expectations' own those are here that make sense of a supplier's table and work on typed columns with pandas.
All others are refused, each with its reason where there is a better one than that it is not listed.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from panelpack.periods import MONTHS_IN

NUMBERS = ("count", "decimal")
DATES = ("date",)
TEXTS = (*MONTHS_IN, "category", "text", "pseudonym")
ANY = NUMBERS + DATES + TEXTS
KINDS_IN_WORDS = {
    NUMBERS: "numbers",
    DATES: "dates",
    TEXTS: "texts",
    NUMBERS + DATES: "numbers and dates",
    ("count",): "whole numbers",
}
VALUES_NAMED = 12  # of a set that is spelt out in a message
Kwargs = Mapping[str, Any]
# The arguments that name columns, and those that hold values as the columns do.
COLUMN_ARGUMENTS = ("column", "column_A", "column_B", "column_list")
OWN_ARGUMENTS = ("other", "by", "key", "value")  # of our own expectations
GROUPING = ("by", "key")  # of these, those that tell which rows belong together
VALUE_ARGUMENTS = ("min_value", "max_value", "value_set", "value_pairs_set")


@dataclass(frozen=True)
class Listed:
    """An expectation that works here.

    unit: what it looks at: rows one by one, a whole column, the table. kinds: of the columns it may look at. line: what
    it asks, and for what. expected: what is expected, to stand after 'expected', from its arguments. fault: what a cell
    is that fails, to stand after 'is'; by default 'not' and what is expected. noun: what of a column is looked at, and
    a verb. together: it compares rows with each other, so that no cell may be unreadable. skips: how it passes over
    rows with empty cells, where the suite says nothing else. values: its arguments hold values as the column does.
    """

    unit: Literal["rows", "column", "table"]
    kinds: tuple[str, ...]
    line: str
    expected: Callable[[Kwargs], str]
    fault: Callable[[Kwargs], str] | None = None
    noun: str = ""
    together: bool = False
    skips: str = ""
    values: bool = False
    own: bool = False


def span(kwargs: Kwargs) -> str:
    """Return a range in words: '0 to 10', '0 or more', 'more than 0 and at most 10'."""
    low, high = (kwargs.get(name) for name in ("min_value", "max_value"))
    strict_low, strict_high = kwargs.get("strict_min"), kwargs.get("strict_max")
    if low is not None and high is not None and not strict_low and not strict_high:
        return f"{low} to {high}" if low != high else f"{low}"
    if low is not None and high is not None:
        return (
            f"{'more than' if strict_low else 'at least'} {low} and {'less than' if strict_high else 'at most'} {high}"
        )
    if low is not None:
        return f"more than {low}" if strict_low else f"{low} or more"
    return f"less than {high}" if strict_high else f"{high} or less"


def some(values: Iterable[object]) -> str:
    """Return values in words, the first of many."""
    shown = [str(value) for value in values]
    more = len(shown) - VALUES_NAMED
    return ", ".join(shown) if more <= 0 else f"{', '.join(shown[:VALUES_NAMED])} and {more} more"


def _one_of(kwargs: Kwargs) -> str:
    return f"one of {some(kwargs['value_set'])}"


def _pairs(kwargs: Kwargs) -> str:
    return f"one of the pairs {some(' and '.join(map(repr, pair)) for pair in kwargs['value_pairs_set'])}"


def _pattern(kwargs: Kwargs) -> str:
    return f"a text of the pattern {kwargs['regex']}"


def _characters(kwargs: Kwargs) -> str:
    return f"{span(kwargs)} characters long"


def _order(word: str) -> Callable[[Kwargs], str]:
    return lambda kwargs: f"{word} than the one before" + ("" if kwargs.get("strictly") else " or equal to it")


def _quantiles(kwargs: Kwargs) -> str:
    ranges = kwargs["quantile_ranges"]
    return some(
        f"{quantile}: {span({'min_value': low, 'max_value': high})}"
        for quantile, (low, high) in zip(ranges["quantiles"], ranges["value_ranges"], strict=True)
    )


def _said(text: str) -> Callable[[Kwargs], str]:
    return lambda kwargs: text.format_map(kwargs)


LISTED: dict[str, Listed] = {
    # ---------------------------------------------------------------------- cells, one by one
    "expect_column_values_to_be_between": Listed(
        "rows", NUMBERS + DATES, "Each number or date lies in a range: what is possible, such as no count below 0.",
        span, values=True),
    "expect_column_values_to_be_in_set": Listed(
        "rows", ANY, "Each value is one of those listed: categories that the office knows.", _one_of, values=True),
    "expect_column_values_to_not_be_in_set": Listed(
        "rows", ANY, "No value is one of those listed: categories that were given up, such as `other`.",
        lambda kwargs: f"none of {some(kwargs['value_set'])}",
        lambda kwargs: f"one of {some(kwargs['value_set'])}, expected none of these", values=True),
    "expect_column_values_to_not_be_null": Listed(
        "rows", ANY, "No cell is empty: a text that has to be filled in, a number that may have no gap.",
        _said("a cell that is filled in"), _said("empty, expected a cell that is filled in")),
    "expect_column_values_to_be_null": Listed(
        "rows", ANY, "Every cell is empty: a column that is no longer used.", _said("an empty cell")),
    "expect_column_values_to_be_unique": Listed(
        "rows", ANY, "No value occurs twice: an identifier beside the key, which the plan already holds to that.",
        _said("a value that occurs once"), together=True),
    "expect_column_values_to_match_regex": Listed(
        "rows", TEXTS, "Each text is of a pattern: numbers of reports, pseudonyms.", _pattern),
    "expect_column_values_to_not_match_regex": Listed(
        "rows", TEXTS, "No text is of a pattern: an address, a date of birth in a free text.",
        lambda kwargs: f"no text of the pattern {kwargs['regex']}",
        lambda kwargs: f"of the pattern {kwargs['regex']}, expected none"),
    "expect_column_values_to_match_regex_list": Listed(
        "rows", TEXTS, "Each text is of one of several patterns (or of all): codes of an old and of a new system.",
        lambda kwargs: f"a text of {kwargs.get('match_on', 'any')} of the patterns {some(kwargs['regex_list'])}"),
    "expect_column_value_lengths_to_be_between": Listed(
        "rows", TEXTS, "Each text is so many characters long: a code, a statement that fits the page.", _characters),
    "expect_column_value_lengths_to_equal": Listed(
        "rows", TEXTS, "Each text has exactly so many characters: codes of areas.", _said("{value} characters long")),
    "expect_column_values_to_be_increasing": Listed(
        "rows", NUMBERS + DATES, "Numbers or dates rise from row to row: a total so far, a list in order.",
        _order("more"), together=True),
    "expect_column_values_to_be_decreasing": Listed(
        "rows", NUMBERS + DATES, "Numbers or dates fall from row to row: the latest first, a balance.",
        _order("less"), together=True),
    "expect_column_value_z_scores_to_be_less_than": Listed(
        "rows", NUMBERS, "No number lies so many standard deviations from the column's mean: a slip of the keyboard.",
        _said("less than {threshold} standard deviations from the column's mean"), together=True),
    # ---------------------------------------------------------------------- several cells of a row
    "expect_column_pair_values_a_to_be_greater_than_b": Listed(
        "rows", NUMBERS + DATES, "In each row one number or date is above another: closed after opened.",
        lambda kwargs: f"{kwargs['column_A']} {'at least' if kwargs.get('or_equal') else 'more than'} "
                       f"{kwargs['column_B']}", skips="either_value_is_missing"),
    "expect_column_pair_values_to_be_equal": Listed(
        "rows", ANY, "In each row two columns say the same: a total that is given twice.",
        _said("{column_A} equal to {column_B}"), skips="either_value_is_missing"),
    "expect_column_pair_values_to_be_in_set": Listed(
        "rows", TEXTS, "In each row two categories go together: a district and its area.", _pairs,
        skips="both_values_are_missing", values=True),
    "expect_select_column_values_to_be_unique_within_record": Listed(
        "rows", ANY, "In each row the columns differ from one another: who reported and who was reported.",
        lambda kwargs: f"{some(kwargs['column_list'])} different from one another", skips="any_value_is_missing"),
    "expect_compound_columns_to_be_unique": Listed(
        "rows", ANY, "No combination occurs twice: identifiers beside the key.",
        _said("a combination that occurs once"), together=True),
    "expect_multicolumn_sum_to_equal": Listed(
        "rows", ("count",), "In each row whole numbers add up to a fixed sum. For decimals and for parts in rows "
        "there are expectations of our own, in decimal arithmetic.",
        lambda kwargs: f"{' + '.join(kwargs['column_list'])} = {kwargs['sum_total']}", skips="any_value_is_missing"),
    # ---------------------------------------------------------------------- a column as a whole
    "expect_column_distinct_values_to_be_in_set": Listed(
        "column", ANY, "The values of a column are among those listed: one finding, however many rows.",
        lambda kwargs: f"only {some(kwargs['value_set'])}", noun="the values are", values=True),
    "expect_column_distinct_values_to_contain_set": Listed(
        "column", ANY, "Each of the values listed occurs: every district reports.",
        lambda kwargs: f"each of {some(kwargs['value_set'])}", noun="the values are", values=True),
    "expect_column_distinct_values_to_equal_set": Listed(
        "column", ANY, "The values listed occur, and no others.",
        lambda kwargs: f"each of {some(kwargs['value_set'])} and nothing else", noun="the values are", values=True),
    "expect_column_unique_value_count_to_be_between": Listed(
        "column", ANY, "So many different values occur: nine locations.", span,
        noun="the number of different values is"),
    "expect_column_proportion_of_unique_values_to_be_between": Listed(
        "column", ANY, "Such a share of the values is different: a pseudonym that is one for everybody.",
        span, noun="the share of different values is"),
    "expect_column_proportion_of_non_null_values_to_be_between": Listed(
        "column", ANY, "Such a share of the cells is filled in: outcomes that come late.",
        span, noun="the share of cells that are filled in is"),
    "expect_column_most_common_value_to_be_in_set": Listed(
        "column", ANY, "The value that occurs most is one of those listed.", _one_of, noun="the most common value is",
        values=True),
    "expect_column_min_to_be_between": Listed(
        "column", NUMBERS + DATES, "The smallest number or first date lies in a range.", span, noun="the minimum is",
        values=True),
    "expect_column_max_to_be_between": Listed(
        "column", NUMBERS + DATES, "The largest number or last date lies in a range: a file of last year's.", span,
        noun="the maximum is", values=True),
    "expect_column_mean_to_be_between": Listed(
        "column", NUMBERS, "The mean lies in a range: minutes that came as seconds.", span, noun="the mean is"),
    "expect_column_median_to_be_between": Listed(
        "column", NUMBERS, "The median lies in a range: as the mean, whatever a few cells say.", span,
        noun="the median is"),
    "expect_column_stdev_to_be_between": Listed(
        "column", NUMBERS, "The standard deviation lies in a range: a column that is the same everywhere.", span,
        noun="the standard deviation is"),
    "expect_column_sum_to_be_between": Listed(
        "column", NUMBERS, "The sum lies in a range: the budget, the force's total.", span, noun="the sum is"),
    "expect_column_quantile_values_to_be_between": Listed(
        "column", NUMBERS, "Quantiles lie in ranges: the shape of a column of many rows.", _quantiles,
        noun="quantiles are"),
    # ---------------------------------------------------------------------- the table
    "expect_table_row_count_to_be_between": Listed(
        "table", (), "The table has so many rows: a file that was cut.", span),
    "expect_table_row_count_to_equal": Listed(
        "table", (), "The table has exactly so many rows: a line for each district.", _said("{value}")),
    # ---------------------------------------------------------------------- our own
    "expect_column_not_to_exceed": Listed(
        "rows", NUMBERS, "In each row the number in `column` is at most the number in `other`.",
        _said("{column} at most {other}"), own=True),
    "expect_parts_not_to_exceed_total": Listed(
        "rows", ANY, "In each group of `by`, the rows that `key` names as `parts` add up to at most the row it names "
        "as their `total`, in the column `value`.", _said("parts of {total} that are at most {total}"), own=True),
    "expect_lines_to_add_up": Listed(
        "rows", ANY, "In each group of `by`, the lines that `key` names as `parts` are all there and add up exactly "
        "to the line it names as their `total`, in the column `value`.", _said("lines that add up to {total}"),
        own=True),
}  # fmt: skip

# What the plan knows: a check of every table, and no line of a suite.
DERIVED = {
    "expect_table_columns_to_match_set": "The table has the columns of the plan, in any order, and no others.",
    "expect_table_row_count_to_be_between": "It has at least one row.",
    "expect_cells_to_be_of_their_kind": "Every cell of a column is of its kind: a check each.",
    "expect_compound_columns_to_be_unique": "The key occurs once (`expect_column_values_to_be_unique` for a key of one "
    "column).",
    "expect_no_period_after": "No period lies after the reported quarter.",
    "expect_series_to_be_complete": "Every series has the periods that figures compare, the first that the supplier "
    "sends (`supplied_since`), and no gap.",
}

_TYPED = "cells are typed by the plan's kinds"
_COLUMNS = "the plan names the columns"
_PLAN = "the plan says it, and every table is held to it"
_DATABASE = "it needs a database"
REFUSED = {
    **dict.fromkeys(
        (
            "expect_column_values_to_be_of_type",
            "expect_column_values_to_be_in_type_list",
            "expect_column_type_to_be",
            "expect_column_values_to_match_strftime_format",
            "expect_column_values_to_be_dateutil_parseable",
        ),
        _TYPED,
    ),
    **dict.fromkeys(
        (
            "expect_column_to_exist",
            "expect_table_columns_to_match_ordered_list",
            "expect_table_columns_to_match_set",
            "expect_table_column_count_to_be_between",
            "expect_table_column_count_to_equal",
        ),
        _COLUMNS,
    ),
    **dict.fromkeys(("expect_no_period_after", "expect_series_to_be_complete"), _PLAN),
    **dict.fromkeys(
        (
            "expect_column_values_to_match_like_pattern",
            "expect_column_values_to_not_match_like_pattern",
            "expect_column_values_to_match_like_pattern_list",
            "expect_column_values_to_not_match_like_pattern_list",
            "expect_query_results_to_match_comparison",
            "expect_table_row_count_to_equal_other_table",
            "unexpected_rows_expectation",
        ),
        _DATABASE,
    ),
}
REFERENCE = "docs/reference/expectations"


def columns_of(name: str, kwargs: Kwargs) -> dict[str, tuple[str, ...]]:
    """Return the columns that the arguments of an expectation name, by argument."""
    own = (*OWN_ARGUMENTS,) if name in LISTED and LISTED[name].own else ()
    named = {argument: kwargs[argument] for argument in (*COLUMN_ARGUMENTS, *own) if argument in kwargs}
    return {a: tuple(map(str, given)) if isinstance(given, list) else (str(given),) for a, given in named.items()}


def kinds_of(name: str, argument: str) -> tuple[str, ...]:
    """Return the kinds of columns that an argument may name."""
    return NUMBERS if argument == "value" else LISTED[name].kinds
