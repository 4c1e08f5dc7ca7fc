"""The expectations: what the plan has checked by itself, and what a suite may name, from the list that is in force."""

from collections.abc import Iterable

from panelpack.validation.expectation_list import ANY, DERIVED, KINDS_IN_WORDS, LISTED, REFUSED, Listed
from tools.reference.markdown import code, page, sentence, table

UNITS = {
    "rows": "Row by row",
    "column": "A column as a whole",
    "table": "The table",
}
EXAMPLE = """```json
{
  "name": "asb_incidents",
  "expectations": [
    {
      "type": "expect_column_values_to_be_between",
      "kwargs": {"column": "incidents", "min_value": 0, "max_value": 10000},
      "meta": {"notes": "No month had more incidents."}
    }
  ]
}
```"""


def expectations_page() -> str:
    """Return the page of the expectations, those of the plan and those of suites."""
    native = {name: listed for name, listed in LISTED.items() if not listed.own}
    parts = [
        "Every table is checked in three steps. Each cell must be of its column's kind ([supplied tables]"
        "(supplied-tables.md)); then the table is typed, an empty cell is a null, and Great Expectations holds it to "
        "what the plan knows; last come the lines of its suite, `expectations/<table>.json`, with what only people "
        "know. A table needs no suite.",
        "**Suites run only through `make validate` and `make quarter`.** Great Expectations' own tools drop "
        "expectations that they do not know, ours among them, and still report success.",
        "## What the plan has checked",
        table(["Check", "What it asks"], [[code(name), sentence(line)] for name, line in DERIVED.items()]),
        "## How a suite is written",
        EXAMPLE,
        "`notes` is what the page of checks says, `expected` (beside `notes`) what a message says is expected. Days "
        "are written as the plan writes them. An empty cell is passed over by all but "
        "`expect_column_values_to_not_be_null` and `expect_column_values_to_be_null`; in expectations of several "
        "columns, a row with an empty cell is, unless `ignore_row_if` says otherwise. `mostly` lets a share of rows "
        "through, and the page of checks says how many; it lets no cell through that is not of its kind. "
        "`row_condition` picks rows, such as `ward == 'north'`.",
    ]
    for unit, title in UNITS.items():
        parts += [f"## {title}", _listed((name, one) for name, one in native.items() if one.unit == unit)]
    parts += [
        "## Our own",
        "They compare decimals exactly.",
        _listed((name, one) for name, one in LISTED.items() if one.own),
        "## What is refused",
        "All else is refused by file and line. Of Great Expectations' own these have a reason:",
        table(["Expectations", "Why not"], _refused()),
    ]
    return page("Expectations", *parts)


def _listed(expectations: Iterable[tuple[str, Listed]]) -> str:
    rows = [[code(name), sentence(one.line), _kinds(one)] for name, one in expectations]
    return table(["Expectation", "What it asks, and what for", "Looks at"], rows)


def _kinds(listed: Listed) -> str:
    if not listed.kinds:
        return "rows"
    return "any column" if listed.kinds == ANY else KINDS_IN_WORDS[listed.kinds]


def _refused() -> list[list[str]]:
    reasons = dict.fromkeys(REFUSED.values())
    return [[", ".join(code(name) for name in REFUSED if REFUSED[name] == why), sentence(why)] for why in reasons]
