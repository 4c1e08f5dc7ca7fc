"""What the checks of a table found, in words: every violation in one plain sentence.

It knows no table and no column.
"""

import difflib
import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import pandas as pd

from panelpack.config.configuration import Configuration
from panelpack.config.layout_checks import layout_line
from panelpack.config.supplied_table import NUMBER_KINDS, PERIOD_KINDS
from panelpack.disclosure.quoting import without_small
from panelpack.formats import number
from panelpack.intake.heads import likely_period_forms
from panelpack.intake.period_forms import likely_forms
from panelpack.intake.received import ReceivedTable
from panelpack.validation.cell_kinds import Group, accepted
from panelpack.validation.derived import CELLS, COLUMNS, ROWS
from panelpack.validation.expectation_list import LISTED, some
from panelpack.validation.findings import COMPLETE, CORRECT, LAYOUT, Entry, Outcome, Row, Value, quoted

VIOLATIONS_SHOWN = 20  # messages of one check
CELLS_SHOWN = 10  # cells that one message names
TOTAL = re.compile(r"\b(?:sub|grand )?totals?\b", re.IGNORECASE)
Show = Callable[[str], str]


@dataclass(frozen=True)
class Check:
    """One expectation of one table, and what came of it.

    `says` is what is expected, `looked_at` at what, `observed` what was found, in words. `checked` is the number of
    rows looked at (0 of a table of which nothing may be shown), `found` the number of cells, rows or series at fault;
    of a check that passed, how many its `mostly` let through. `violations` holds a message each, in the order of the
    rows; at most VIOLATIONS_SHOWN, then one line that says how many more there are. `skipped`: why it could not be run;
    then it neither passed nor found anything.
    """

    table: str
    file: str
    expectation: str
    says: str
    passed: bool
    checked: int
    violations: tuple[str, ...] = ()
    found: int = 0
    looked_at: str = ""
    observed: str = ""
    skipped: str = ""


def every_violation(checks: Sequence[Check]) -> list[str]:
    """Return the messages of all violations, in the order of the checks."""
    return [line for check in checks for line in check.violations]


def summary(checks: Sequence[Check]) -> pd.DataFrame:
    """Return one row a check: table, file, expectation, says, passed, checked, found."""
    columns = ["table", "file", "expectation", "says", "passed", "checked", "found"]
    return pd.DataFrame([[getattr(check, name) for name in columns] for check in checks], columns=columns)


def save_checks(checks: Sequence[Check], office: Configuration) -> None:
    """Write the outcome of each check to data/processed, for the review index."""
    path = office.project.processed(office.quarter) / "checks.csv"
    path.parent.mkdir(parents=True, exist_ok=True)
    summary(checks).to_csv(path, index=False, lineterminator="\n")


class Words:
    """What was found in one table, in words: `file` is the path that messages show, `show` masks what is withheld."""

    def __init__(self, received: ReceivedTable, file: str, show: Show):
        """Put what is found in a table into words."""
        self.received, self.file, self.show = received, file, show
        self.text = received.text.reset_index(drop=True)
        self.rows = len(self.text)

    def of_cells(self, column: str, groups: Sequence[Group]) -> Check:
        """Return the check of a column's kind, from the groups of cells that are not of it."""
        lines = [
            self._cells(column, group.rows, group.fault.found, group.advice(quiet=self.show is masked))
            for group in groups
        ]
        found = sum(len(group.rows) for group in groups)
        says = f"Every cell of column {column!r} is {accepted(self.received, column)}{self._or_empty(column)}."
        entry = Entry(CELLS, {}, {"notes": says}, columns=(column,))
        return self._check(entry, lines, self.rows, found, passed=not groups)

    def of_skipped(self, entry: Entry, why: str) -> Check:
        """Return the check of an expectation that could not be run."""
        return Check(
            table=self.received.name,
            file=self.file,
            expectation=entry.type,
            says=_says(entry),
            passed=False,
            checked=0,
            looked_at="nothing",
            observed=why,
            skipped=why,
        )

    def of_outcome(self, outcome: Outcome, unreadable: Mapping[str, Collection[int]]) -> Check:
        """Return the check of an expectation that was run; cells that cannot be read have their own."""
        entry = outcome.entry
        if outcome.rows is not None and not outcome.passed:
            passed_over = {row for column in entry.columns for row in unreadable.get(column, ())}
            rows = tuple(row for row in outcome.rows if row not in passed_over)
            let_through = (1 - entry.kwargs.get("mostly", 1)) * outcome.checked
            outcome = Outcome(entry, len(rows) <= let_through, outcome.checked, rows=rows)
        if outcome.rows is not None:
            lines, found = list(self._row_lines(outcome)), len(outcome.rows)
        elif outcome.findings is not None:
            lines, found = list(self._finding_lines(outcome)), sum(finding.rows for finding in outcome.findings)
        else:
            lines = list(self._whole_lines(outcome))
            found = 0 if outcome.passed else len(lines)
        return self._check(entry, [] if outcome.passed else lines, outcome.checked, found, outcome.passed, outcome)

    def _check(
        self, entry: Entry, lines: Sequence[str], checked: int, found: int, passed: bool, outcome: Outcome | None = None
    ) -> Check:
        shown = [self.file + line for line in lines[:VIOLATIONS_SHOWN]]
        if more := len(lines) - len(shown):
            shown.append(f"{self.file}: {more} more violations of this check are not shown. Correct these first.")
        is_quiet = self.show is masked  # how many records a table has may be the very figure that is withheld
        rows = "every row" if is_quiet else f"{number(checked)} row{'s' * (checked != 1)}"
        return Check(
            table=self.received.name,
            file=self.file,
            expectation=entry.type,
            says=_says(entry),
            passed=passed,
            checked=0 if is_quiet else checked,
            violations=tuple(shown),
            found=found,
            looked_at=f"{', '.join(entry.columns)}: {rows}" if entry.columns else rows,
            observed=self._observed(entry, found, passed, outcome),
        )

    def _observed(self, entry: Entry, found: int, passed: bool, outcome: Outcome | None) -> str:
        """Return what a check found, for the table of checks."""
        if outcome and entry.type == COLUMNS:
            return f"{len(self.text.columns)} column{'s' * (len(self.text.columns) != 1)}"
        if outcome and entry.type.startswith("expect_table_row_count_"):
            return "as many rows as expected" if passed and self.show is masked else self._rows_there()
        if outcome and outcome.rows is None and outcome.findings is None and outcome.observed is not None:
            return _number_words(outcome.observed, self.show)
        if found and passed:
            return f"{number(found)} let through (mostly {entry.kwargs.get('mostly')})"
        return f"{number(found)} at fault" if found else "nothing amiss"

    def _rows_there(self) -> str:
        """Say how many rows there are; of a table of which nothing is told only that they are not as many."""
        if self.show is masked and self.rows:
            return "another number of rows"
        return f"{number(self.rows)} row{'s' * (self.rows != 1)}"

    def _or_empty(self, column: str) -> str:
        spec = self.received.spec
        return " or empty" if spec.columns[column] == "text" or column in spec.optional else ""

    # ------------------------------------------------------------------------------------ lines

    def _cells(self, column: str, rows: Sequence[int], fault: str, advice: str) -> str:
        """Return the line for cells of one column that are at fault in the same way."""
        if len(rows) == 1:
            shown = self._cell(column, rows[0])
            return f", column {column!r}, {self._place(rows[0])}: {shown or 'the cell'} is {fault}. {advice}"
        cells = self._several(rows, lambda row: self._place(row) + self._cell_after(column, row))
        return f", column {column!r}: {number(len(rows))} cells are {fault}: {cells}. {advice}"

    def _several(self, rows: Sequence[int], words: Callable[[int], str]) -> str:
        first, more = "; ".join(map(words, rows[:CELLS_SHOWN])), len(rows) - CELLS_SHOWN
        return first if more <= 0 else f"{first}; and {number(more)} more, the last in {self._place(rows[-1])}"

    def _cell_after(self, column: str, row: int) -> str:
        """Return a cell as it stands after its place in a list; nothing where nothing is written or may be shown."""
        cell = self._cell(column, row)
        return f": {cell}" if cell and self.show is not masked else ""

    def _cell(self, column: str, row: int) -> str:
        """Return a cell in quotation marks, '' for one in which nothing is written."""
        text = str(self.text.at[row, column])
        return self.show(quoted(text)) if text.strip() else ""

    def _named(self, columns: Sequence[str], row: int) -> str:
        cells = ((column, self.show(quoted(str(self.text.at[row, column])))) for column in columns)
        return ", ".join(f"{column} {cell}" for column, cell in cells)

    def _place(self, row: int) -> str:
        """Return where a row stands, in words."""
        label = self.received.text.index[row]
        return label if isinstance(label, str) else f"row {label}"

    def _row_lines(self, outcome: Outcome) -> Iterator[str]:
        entry, rows = outcome.entry, sorted(outcome.rows or ())
        advice = _advice(entry)
        if entry.type.endswith("_to_be_unique"):
            yield from self._double_lines(entry, rows)
        elif len(entry.columns) == 1:
            (column,) = entry.columns
            totals = self._totals(column, rows) if entry.type == "expect_column_values_to_be_in_set" else []
            if rows := [row for row in rows if row not in totals]:
                yield self._cells(column, rows, _fault(entry), advice)
            if totals:
                line = layout_line("leave_out", {column: str(self.text.at[totals[0], column]).strip()})
                instead = f"If it adds up other rows, say `{line}` {LAYOUT}; else {_lower(CORRECT)}"
                yield self._cells(column, totals, _fault(entry), instead)
        elif len(rows) == 1:
            found = self._named(entry.columns, rows[0])
            yield f", {self._place(rows[0])}: found {found}, expected {_expected(entry)}. {advice}"
        elif rows:
            named = self._several(rows, lambda row: f"{self._place(row)} ({self._named(entry.columns, row)})")
            yield f": {number(len(rows))} rows are not as expected ({_expected(entry)}): {named}. {advice}"

    def _totals(self, column: str, rows: Sequence[int]) -> list[int]:
        """Return the rows that call themselves by one name of a total, where cells may be shown."""
        texts = {row: str(self.text.at[row, column]).strip() for row in rows if self.show is not masked}
        found = [text for text in texts.values() if TOTAL.search(text)]
        return [row for row, text in texts.items() if found and text == found[0]]

    def _double_lines(self, entry: Entry, rows: Sequence[int]) -> Iterator[str]:
        first: dict[tuple[str, ...], int] = {}
        for row in rows:
            cells = tuple(map(str, self.text.loc[row, list(entry.columns)]))
            if first.setdefault(cells, row) != row:
                words = f"{self._named(entry.columns, row)} occurs more than once (first in "
                yield f", {self._place(row)}: {words}{self._place(first[cells])}). {_double_advice(entry)}"

    def _finding_lines(self, outcome: Outcome) -> Iterator[str]:
        for finding in sorted(outcome.findings or (), key=lambda finding: finding.row or 0):
            where = "" if finding.row is None else f", {self._place(finding.row)}"
            text = "".join(map(self._piece, finding.pieces))
            yield f"{where}: {text}. {finding.advice or _advice(outcome.entry)}"

    def _piece(self, piece: str | Value | Row) -> str:
        if isinstance(piece, Row):
            return self._place(piece.position)
        return piece if isinstance(piece, str) else self.show(piece.words)

    def _whole_lines(self, outcome: Outcome) -> Iterator[str]:
        """Yield the line of an expectation that looks at a column or the table as a whole."""
        entry = outcome.entry
        if entry.type == COLUMNS:
            yield from self._column_lines(entry.kwargs["column_set"])
        elif entry.type in (ROWS, "expect_table_row_count_to_equal"):
            advice = _advice(entry) if self.rows and entry.where else COMPLETE
            yield f": found {self._rows_there()}, expected {_expected(entry)}. {advice}"
        elif "_distinct_values_" in entry.type:
            yield from self._distinct_lines(entry)
        else:
            found = f"{LISTED[entry.type].noun} {_number_words(outcome.observed, self.show)}"
            yield f", column {entry.columns[0]!r}: {found}, expected {_expected(entry)}. {_advice(entry)}"

    def _distinct_lines(self, entry: Entry) -> Iterator[str]:
        (column,) = entry.columns
        cells = self.text[column]
        numbers = self.received.spec.columns[column] in ("count", "decimal")
        found = {text: float(text) if numbers else text for text in cells[cells.str.strip() != ""].unique()}
        wanted = entry.kwargs["value_set"]
        absent = [repr(value) for value in wanted if value not in found.values()]
        if absent and not entry.type.endswith("to_be_in_set"):
            yield f", column {column!r}: {some(absent)} {_is(absent)} missing. {COMPLETE}"
        strange = [self.show(quoted(text)) for text, value in found.items() if value not in wanted]
        if strange and not entry.type.endswith("to_contain_set"):
            yield f", column {column!r}: found {some(strange)}, expected only {some(wanted)}. {_advice(entry)}"

    def _column_lines(self, expected: Sequence[str]) -> Iterator[str]:
        # Heads are masked too: in a file without a head, the first row takes its place.
        found = list(map(str, self.text.columns))
        heads, wanted = self.show(", ".join(found)), ", ".join(expected)
        strange = [column for column in found if column not in expected]
        lacking = [column for column in expected if column not in found]
        if self.show is not masked and (periods := self._wide_heads(lacking, strange)):
            period, value = (self._lacking(lacking, kinds) for kinds in (PERIOD_KINDS, NUMBER_KINDS))
            forms = likely_period_forms(periods, self.received.spec.columns[period])
            declared = {"wide": {"period": period, "value": value}, "forms": {period: forms[0]}}
            said = " and ".join(f"`{layout_line(key, line)}`" for key, line in declared.items())
            yield (
                f": found a column for each of {number(len(periods))} {self.received.spec.columns[period]}s, "
                f"{periods[0]} to {periods[-1]}, expected the columns {period!r} and {value!r}. Say {said} {LAYOUT}."
            )
            strange = [head for head in strange if head not in periods]
            lacking = [column for column in lacking if column not in (period, value)]
        likely = {} if self.show is masked else _likely_heads(lacking, strange)
        for column, head in likely.items():
            what = f"column {column!r} is missing, and {head!r} is there"
            yield f": {what}. If it is the same, say `heads: {{{column}: {head}}}` {LAYOUT}."
        if lost := [repr(column) for column in lacking if column not in likely]:
            what = f"{_columns(lost)} {_is(lost)} missing; columns found: {heads}"
            otherwise = f"If the supplier heads {_it(lost)} otherwise, say so under `heads` {LAYOUT}"
            yield f": {what}. {otherwise}; else {_lower(COMPLETE)}"
        if others := [self.show(repr(column)) for column in strange if column not in likely.values()]:
            advice = f"If nothing is drawn from {_it(others)}, say `other_columns: unread` {LAYOUT}."
            yield f": {_columns(others)} {_is(others)} not expected; columns expected: {wanted}. {advice}"

    def _lacking(self, lacking: Sequence[str], kinds: Sequence[str]) -> str:
        """Return the first column of some kinds that the file lacks; '' where it lacks none."""
        return next((column for column in lacking if self.received.spec.columns.get(column) in kinds), "")

    def _wide_heads(self, lacking: Sequence[str], strange: Sequence[str]) -> list[str]:
        """Return the heads that are periods, where a column of periods and one of numbers are missing for them."""
        period = self._lacking(lacking, PERIOD_KINDS)
        if not period or not self._lacking(lacking, NUMBER_KINDS):
            return []
        kind = self.received.spec.columns[period]
        heads = [head for head in strange if likely_forms(head, kind)]
        return heads if len(heads) > 1 else []


def _likely_heads(columns: Sequence[str], heads: Sequence[str]) -> dict[str, str]:
    """Return for each column of the plan the head that is likely to be it, where there is one."""
    by_folded = {head.strip().casefold(): head for head in heads}
    likely = {}
    for column in columns:
        if close := difflib.get_close_matches(column.casefold(), by_folded, n=1, cutoff=0.75):
            likely[column] = by_folded.pop(close[0])
    return likely


def _says(entry: Entry) -> str:
    if notes := entry.meta.get("notes"):
        return notes if isinstance(notes, str) else " ".join(notes)
    words = entry.type.replace("_", " ").capitalize()
    return f"{words}: {', '.join(f'{name} {value!r}' for name, value in sorted(entry.kwargs.items()))}."


def _expected(entry: Entry) -> str:
    return str(entry.meta.get("expected") or LISTED[entry.type].expected(entry.kwargs))


def _fault(entry: Entry) -> str:
    listed_as = LISTED[entry.type]
    if listed_as.fault and not entry.meta.get("expected"):
        return listed_as.fault(entry.kwargs)
    return f"not {_expected(entry)}"


def _advice(entry: Entry) -> str:
    """Return what to do about what a suite's line found."""
    if entry.type == "expect_column_values_to_not_be_null":
        return f"Ask the supplier for it, or correct the check in {entry.where}."
    return f"Correct it in params/corrections.yml, or the check in {entry.where}."


def _double_advice(entry: Entry) -> str:
    if entry.where:
        return _advice(entry)
    return (
        "If another column tells the rows apart, add it to the table's key in params/plan.yml; else ask the supplier."
    )


def _number_words(observed: Any, show: Show) -> str:
    """Return what the library observed of a column, in words."""
    if isinstance(observed, Mapping):  # of quantiles
        pairs = zip(observed["quantiles"], observed["values"], strict=True)
        return ", ".join(f"{quantile}: {_number_words(value, show)}" for quantile, value in pairs)
    if isinstance(observed, list | tuple | set):
        return some(_number_words(value, show) for value in observed)
    if isinstance(observed, pd.Timestamp):
        return show(observed.date().isoformat())
    if isinstance(observed, str):
        return show(repr(observed))
    return show(f"{observed:.6g}" if isinstance(observed, float) else str(observed))


def _columns(names: Sequence[str]) -> str:
    return f"column{'s' * (len(names) > 1)} {', '.join(names)}"


def _is(items: Sequence[object]) -> str:
    return "is" if len(items) == 1 else "are"


def _it(items: Sequence[object]) -> str:
    return "it" if len(items) == 1 else "them"


def _lower(sentence: str) -> str:
    return sentence[0].lower() + sentence[1:]


def plain(words: str) -> str:
    """Show what the supplier wrote."""
    return words


def showing(fewest: int) -> Show:
    """Return how what the supplier wrote is shown: numbers below a threshold are not; 0 for none."""
    return partial(without_small, fewest=fewest) if fewest else plain


def masked(words: str) -> str:
    """Show nothing of what the supplier wrote."""
    return "a withheld value"
