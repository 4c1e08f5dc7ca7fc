"""The heads of a supplier's table: in which row they stand, what they are, and which one a column probably has."""

import difflib
import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from panelpack.config.layout_checks import layout_line
from panelpack.config.supplied_table import SupplierFile
from panelpack.errors import SourceError
from panelpack.formats import listed
from panelpack.intake.grid import column_letters
from panelpack.intake.number_forms import OWN_FORM
from panelpack.intake.period_forms import accepted_words, likely_forms, read_period
from panelpack.periods import POINT_WORDS

WITHIN = 40  # rows from the top of a file in which heads are looked for
HEADS_SHOWN = 12
Cells = Sequence[Sequence[str]]


class Heads(NamedTuple):
    """The heads of a table, one a column ('' where there is none), and the number of the last row that they fill."""

    names: list[str]
    row: int


class Table(NamedTuple):
    """What messages about a table's heads know of it: its name in the plan, its declaration, and where it stands."""

    name: str
    spec: SupplierFile
    where: str

    def is_period(self, head: str) -> bool:
        """Whether a head is the period of a column, in a table with a column a period."""
        wide = self.spec.layout.wide
        return bool(wide and read_period(head, self.spec.layout.forms.get(wide.period), self.spec.columns[wide.period]))

    @property
    def in_layout(self) -> str:
        """Where the person who mends it must write."""
        return f"in the layout of table {self.name!r} in params/plan.yml"


def needed_heads(spec: SupplierFile) -> dict[str, tuple[str, str]]:
    """Return each head that must be there as the supplier writes it, with where the layout may name it.

    That is `heads` and a column, or `join` and the column that is joined from it.
    """
    layout = spec.layout
    made = {*layout.join, *((layout.wide.period, layout.wide.value) if layout.wide else ())}
    made |= {layout.counted.column} if layout.counted else set()
    columns = [column for column in (*spec.columns, *layout.only, *layout.leave_out) if column not in made]
    needed = {layout.heads.get(part, part): ("join", target) for target, parts in layout.join.items() for part in parts}
    return needed | {layout.heads.get(column, column): ("heads", column) for column in columns}


def find_heads(table: Table, cells: Cells) -> Heads:
    """Return the heads of a table, in the row that its layout names or in the first that has all that are needed.

    Several rows of heads are joined by a blank, with cells that reach over several columns read for each of them.
    Blanks and line breaks inside a head are single blanks. Raises SourceError where no such row is, and where the
    layout's row has none of the heads but another has them all.
    """
    needed, depth = needed_heads(table.spec), table.spec.layout.header_rows
    periods = table.spec.layout.wide.periods if table.spec.layout.wide else {}

    def heads_at(start: int) -> list[str]:
        return [periods.get(name, name) for name in _joined(cells[start : start + depth])]

    near = [heads_at(start) for start in range(min(WITHIN, len(cells)))]

    def has_all(names: Sequence[str]) -> bool:
        return set(needed) <= set(names) and (not table.spec.layout.wide or any(map(table.is_period, names)))

    first = table.spec.layout.header_row
    if first == "find":
        found = next((start for start, names in enumerate(near) if has_all(names)), None)
        if found is None:
            raise _nowhere(table, near, needed)
        return Heads(near[found], found + depth)
    names = near[first - 1] if first <= len(near) else heads_at(first - 1)
    if not any(names):
        raise SourceError(
            f"{table.where}, row {first}: found no column heads, expected {_expected(table, needed)}. Correct "
            f"`header_row` {table.in_layout}, or say `header_row: find`."
        )
    if needed and not set(names) & set(needed):
        elsewhere = next((start + 1 for start, other in enumerate(near) if has_all(other)), None)
        if elsewhere is not None:
            raise SourceError(
                f"{table.where}, row {first}: found none of the heads {_expected(table, needed)}, which stand in row "
                f"{elsewhere}. Say `header_row: {elsewhere}` or `header_row: find` {table.in_layout}."
            )
    return Heads(names, first - 1 + depth)


def missing_heads(table: Table, row: int, names: Sequence[str], missing: Mapping[str, tuple[str, str]]) -> SourceError:
    """Return the error that heads are missing, with those that were found and what to write where one is likely."""
    likely = {
        head: likely_head(head, [name for name in names if name not in needed_heads(table.spec)]) for head in missing
    }
    heads = {column: likely[head] for head, (key, column) in missing.items() if key == "heads" and likely[head]}
    lines = [layout_line("heads", heads)] if heads else []
    for target, parts in table.spec.layout.join.items():
        wanted = [table.spec.layout.heads.get(part, part) for part in parts]
        if any(likely.get(head) for head in wanted):
            lines.append(layout_line("join", {target: [likely.get(head) or head for head in wanted]}))
    unknown = [head for head in missing if not likely[head]]
    advice = [f"Say {listed([f'`{line}`' for line in lines])} {table.in_layout}."] if lines else []
    if unknown:
        advice.append(
            f"Say how the supplier heads {listed([repr(head) for head in unknown])}, or in which row the heads stand "
            f"(`header_row`), {table.in_layout}; ask the supplier if it is not in the file."
        )
    wanted_words = listed([repr(head) for head in missing])
    return SourceError(
        f"{table.where}, row {row}: found {heads_words(table, names)}, expected {wanted_words}. {' '.join(advice)}"
    )


def likely_head(expected: str, names: Sequence[str]) -> str | None:
    """Return the head that is probably meant: the same but for capitals, blanks and dashes, else one much like it."""
    alike = {_plain(name): name for name in reversed(names) if name}
    close = difflib.get_close_matches(_plain(expected), alike, n=1)
    return alike[close[0]] if close else None


def heads_words(table: Table, names: Sequence[str]) -> str:
    """Name the heads that were found, unless they may be values: of a table about persons, or of a row of data."""
    shown = [name for name in names if name]
    known = set(needed_heads(table.spec)) & set(shown)
    has_numbers = any(OWN_FORM.fullmatch(name) for name in shown)
    if not known and (table.spec.is_about_persons or has_numbers):
        return f"{len(shown)} cells that are none of its heads"
    if table.spec.is_about_persons:
        return f"the heads {listed([repr(name) for name in shown if name in known])} and {len(shown) - len(known)} more"
    words = [repr(name) for name in shown[:HEADS_SHOWN]]
    more = len(shown) - len(words)
    return (
        f"the heads {', '.join(words)} and {more} more" if more else f"the head{'s' * (len(words) > 1)} {listed(words)}"
    )


def column_words(place: int) -> str:
    """Return what a spreadsheet and a person call a column: 'column C (number 3)'; `place` counts from 0."""
    return f"column {column_letters(place)} (number {place + 1})"


def likely_period_forms(names: Sequence[str], kind: str) -> list[str]:
    """Return the forms that the most heads have, of a kind."""
    fitting = [form for name in names if name for form in likely_forms(name, kind)]
    most = max(map(fitting.count, fitting), default=0)
    return list(dict.fromkeys(form for form in fitting if fitting.count(form) == most))


def _plain(head: str) -> str:
    return " ".join(re.sub(r"[-_]", " ", head).casefold().split())


def _joined(rows: Cells) -> list[str]:
    """Return the heads that rows make together, read from above.

    A cell of an upper row that has a head below it reaches over the empty cells to its right, as merged cells do: as
    far as there are heads below, and no further than a cell of a row above it.
    """
    width = max(map(len, rows), default=0)
    lines = [[" ".join(cell.split()) for cell in row] + [""] * (width - len(row)) for row in rows]
    if len(lines) < 2:
        return lines[0] if lines else []
    above: list[list[str]] = []
    for depth, line in enumerate(lines[:-1]):
        filled, reaching = [], ""
        for place, cell in enumerate(line):
            has_head_below = any(other[place] for other in lines[depth + 1 :])
            if cell:
                reaching = cell if has_head_below else ""
            elif any(other[place] for other in lines[:depth]):
                reaching = ""
            filled.append(cell or (reaching if has_head_below else ""))
        above.append(filled)
    return [" ".join(filter(None, column)) for column in zip(*above, lines[-1], strict=True)]


def _expected(table: Table, needed: Mapping[str, object]) -> str:
    wide = table.spec.layout.wide
    return listed([*map(repr, needed), *([f"one a {POINT_WORDS[table.spec.columns[wide.period]]}"] if wide else [])])


def _nowhere(table: Table, near: Sequence[list[str]], needed: Mapping[str, tuple[str, str]]) -> SourceError:
    """Return the error that no row has all heads: by the row that has the most of them."""
    most = max(range(len(near)), key=lambda start: _likeness(near[start], needed), default=None)
    if most is None or not _likeness(near[most], needed):
        return SourceError(
            f"{table.where}: found no row among the first {WITHIN} with the heads {_expected(table, needed)}. Say how "
            f"the supplier heads them under `heads` {table.in_layout}."
        )
    missing = {head: origin for head, origin in needed.items() if head not in near[most]}
    return missing_heads(table, most + 1, near[most], missing) if missing else no_periods(table, most + 1, near[most])


def _likeness(names: Sequence[str], needed: Mapping[str, object]) -> float:
    return sum(1 if head in names else 0.5 if likely_head(head, names) else 0 for head in needed)


def no_periods(table: Table, row: int, names: Sequence[str]) -> SourceError:
    """Return the error that a table with a column a period has none, with the form that its heads probably have."""
    wide = table.spec.layout.wide
    period = wide.period if wide else ""
    kind = table.spec.columns[period]
    others = [name for name in names if name not in needed_heads(table.spec)]
    lines = [f"`{layout_line('forms', {period: form})}`" for form in likely_period_forms(others, kind)]
    advice = f"Say {' or '.join(lines)}" if lines else "Say under `forms` how they are written"
    expected = accepted_words(table.spec.layout.forms.get(period), kind)
    return SourceError(
        f"{table.where}, row {row}: found {heads_words(table, names)}, expected at least one that is {expected}. "
        f"{advice} {table.in_layout}."
    )
