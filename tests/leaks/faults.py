"""What is wrong with a file, of which somebody must be told without a word of what stands in it.

A fault changes the text of a csv whose cells are planted; each puts further planted values where a message may quote
them: in cells, as heads, below the table, between separators.
"""

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator
from itertools import count, pairwise

from leaks.planted import Table
from leaks.search import FIRST, Planted

OF_KIND = {
    "count": ("-{}", "{}.5", "{} people", "{},5", "<{}", "{}e3", "#{}", "7{}000000", "£{}", ""),
    "decimal": ("-{}", "{}%", "{} people", "{},5", "<{}", "{}e3", "#{}", "0.{}{}", "£{}", ""),
    "pseudonym": ("P {}", "Jane Doe {}", " p{}", "P{}-1", "{}", "", "P{}\n", "=P{}", "P{};", "*{}"),
    "text": ("R {}", "Jane Doe {}", " r{}", "R{}-1", "{}", "", "R{}\n", "=R{}", "R{};", "*{}"),
    "category": ("{}", "Total {}", " {} ", "{}-1", "total of {}", "", "{}\n", "={}", "{};", "*{}"),
    "date": ("{}", "2015-02-{}", "31/02/{}", "{}-1", "Total {}", "", "Note {}", "45{}", "{};", "*{}"),
    "month": ("{}", "2015-{}", "Jan {}", "{}-1", "Total {}", "", "Note {}", "45{}", "{};", "2031-01"),
}
OF_PERIODS = OF_KIND["month"]
FORMS = (range(0, 4), range(4, 7), range(7, 10))  # so many that whole rows are left


class Further:
    """Planted values that a fault adds."""

    def __init__(self, planted: Planted):
        """Add them to what is planted already."""
        self.planted, self._numbers = planted, count(10_000_001)

    def value(self, what: str) -> str:
        """Return twelve digits that stand nowhere else."""
        digits = f"{FIRST}{next(self._numbers)}"
        self.planted.values[digits] = what
        return digits


Fault = Callable[[str, Table, Further], str]


def wrong_cells(forms: Iterable[int]) -> Fault:
    """Return what puts a cell of each of some wrong forms into every column, each in another row, and one row twice."""

    def change(text: str, table: Table, further: Further) -> str:
        heads, *rows = csv.reader(io.StringIO(text, newline=""))
        twice, places = list(rows[0]), count(1)
        for form in forms:
            for place, head in enumerate(heads):
                wrong = OF_KIND.get(table.kinds.get(head, "category"), OF_PERIODS)[form]
                digits = further.value(f"{table.name} {head} as {wrong!r}")
                rows[next(places) % len(rows)][place] = wrong.format(digits, digits)
        return _csv([heads, *rows, twice])

    return change


def _csv(rows: list[list[str]]) -> str:
    made = io.StringIO(newline="")
    csv.writer(made, lineterminator="\n").writerows(rows)
    return made.getvalue()


def _head(text: str, new: Callable[[str], str]) -> str:
    head, _, rest = text.partition("\n")
    return f"{new(head)}\n{rest}"


def _row(text: str, new: Callable[[str], str]) -> str:
    lines = text.splitlines()
    lines[2] = new(lines[2])
    return "\n".join([*lines, ""])


# What is wrong with the file as a whole, by a name.
OF_FILES: dict[str, Fault] = {
    "no head": lambda text, table, further: text.partition("\n")[2],
    "other heads": lambda text, table, further: _head(text, lambda head: f"{further.value('a head')},{head}"),
    "a head renamed": lambda text, table, further: _head(
        text, lambda head: f"{further.value('a head')},{head.partition(',')[2]}"
    ),
    "a head twice": lambda text, table, further: _head(text, lambda head: f"{head},{head.partition(',')[0]}"),
    "a longer row": lambda text, table, further: _row(text, lambda row: f"{row},{further.value('one cell more')}"),
    "a shorter row": lambda text, table, further: _row(text, lambda row: row.rpartition(",")[0]),
    "an open quotation mark": lambda text, table, further: _row(text, lambda row: f'"{row}'),
    "a stray quotation mark": lambda text, table, further: _row(text, lambda row: row.replace(",", ',"x"y', 1)),
    "another separator": lambda text, table, further: text.replace(",", ";"),
    "one row of another separator": lambda text, table, further: _row(text, lambda row: row.replace(",", ";")),
    "no text": lambda text, table, further: _row(text, lambda row: f"{row}\udcff"),  # a byte that is none
    "a zero byte": lambda text, table, further: _row(text, lambda row: f"{row}\0"),
    "a control character": lambda text, table, further: _row(text, lambda row: f"\x07{row}"),
    "a sign not seen": lambda text, table, further: _row(text, lambda row: f"\u200b{row}\u200b"),
    "no rows": lambda text, table, further: text.partition("\n")[0] + "\n",
    "no end": lambda text, table, further: text.rstrip("\n")[:-3],
    "lines above": lambda text, table, further: f"Return of {further.value('a title')}\n\n{text}",
    "lines below": lambda text, table, further: (
        f"{text}\nNote: {further.value('a note')} are estimates\nTotal,{further.value('a total')}\n"
    ),
    "every row twice": lambda text, table, further: text + text.partition("\n")[2],
    "a workbook's bytes": lambda text, table, further: f"PK\x03\x04{text}",
    "a page": lambda text, table, further: f"<html><table><tr><td>{text}</td></tr></table></html>",
}


def failing_suite(table: Table) -> str:
    """Return a suite of every expectation about the table's columns that nothing meets, as it stands in a file."""
    entries = [{"type": kind, "kwargs": kwargs} for kind, kwargs in _failing(table.kinds)]
    return json.dumps({"name": table.name, "expectations": entries, "meta": {}})


def _failing(kinds: dict[str, str]) -> Iterator[tuple[str, dict]]:
    columns, low = list(kinds), {"min_value": 1, "max_value": 2}
    texts = [name for name, kind in kinds.items() if kind in ("text", "pseudonym", "category")]
    numbers = [name for name, kind in kinds.items() if kind in ("count", "decimal")]
    for name in columns:
        value = 1 if name in numbers else "none"
        yield "expect_column_values_to_be_null", {"column": name}
        if kinds[name] == "date":
            continue
        yield "expect_column_values_to_be_in_set", {"column": name, "value_set": [value]}
        yield "expect_column_distinct_values_to_be_in_set", {"column": name, "value_set": [value]}
        yield "expect_column_distinct_values_to_equal_set", {"column": name, "value_set": [value]}
        yield "expect_column_most_common_value_to_be_in_set", {"column": name, "value_set": [value]}
        yield "expect_column_unique_value_count_to_be_between", {"column": name, "min_value": 0, "max_value": 0}
    for name in texts:
        yield "expect_column_values_to_match_regex", {"column": name, "regex": "^none$"}
        yield "expect_column_values_to_not_match_regex", {"column": name, "regex": "[0-9]"}
        yield "expect_column_values_to_match_regex_list", {"column": name, "regex_list": ["^none$"]}
        yield "expect_column_value_lengths_to_equal", {"column": name, "value": 1}
        yield "expect_column_value_lengths_to_be_between", {"column": name, **low}
    for name in numbers:
        yield "expect_column_values_to_be_between", {"column": name, **low}
        yield "expect_column_values_to_be_increasing", {"column": name}
        yield "expect_column_values_to_be_decreasing", {"column": name}
        yield "expect_column_value_z_scores_to_be_less_than", {"column": name, "threshold": 0.001, "double_sided": True}
        for of in ("min", "max", "mean", "median", "sum", "stdev"):
            yield f"expect_column_{of}_to_be_between", {"column": name, "min_value": -2, "max_value": -1}
        ranges = {"quantiles": [0.5], "value_ranges": [[1, 2]]}
        yield "expect_column_quantile_values_to_be_between", {"column": name, "quantile_ranges": ranges}
    for a, b in pairwise(columns):
        if kinds[a] == kinds[b]:
            yield "expect_column_pair_values_to_be_equal", {"column_A": a, "column_B": b}
    if len(numbers) > 1:
        a, b = numbers[:2]
        yield "expect_column_pair_values_a_to_be_greater_than_b", {"column_A": a, "column_B": b}
        yield "expect_column_pair_values_a_to_be_greater_than_b", {"column_A": b, "column_B": a}
        yield "expect_multicolumn_sum_to_equal", {"column_list": [a, b], "sum_total": 1}
        yield "expect_column_not_to_exceed", {"column": a, "other": b}
        yield "expect_column_not_to_exceed", {"column": b, "other": a}
    yield "expect_table_row_count_to_equal", {"value": 1}
    yield "expect_table_row_count_to_be_between", {"min_value": 1, "max_value": 2}
