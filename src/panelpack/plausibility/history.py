"""A table beside its own past: what the file before had, what is new or changed, and what was to be expected."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from panelpack.config.configuration import Configuration
from panelpack.config.series import Series
from panelpack.config.sources import Revision
from panelpack.disclosure.quoting import SMALL_NUMBER, fewest_quoted, is_quiet, is_silent
from panelpack.formats import number
from panelpack.intake.cells import cell_as_read
from panelpack.intake.received import ReceivedTable
from panelpack.periods import latest_keys
from panelpack.plausibility.panel import Mask, Panel, Values, calendar, read_panel, realigned
from panelpack.plausibility.query import Cells, few
from panelpack.statistics.credible_range import USUAL_JUMP, Ranges, chance_of_equal, credible_ranges, season_of


@dataclass(frozen=True)
class History:
    """A table's numbers, those of the file before on the same grid, and which of them are to be asked about.

    panel: with the rows and periods of both files; values NaN where this file has no number. before: the earlier
    file's values, NaN where it has none; None where there is no earlier file. first_new: the position of the first
    period that came with this file. explained: cells that a supplier's reason covers, shape (rows, periods).
    is_quiet: whether no number may stand in a sentence; is_silent: nor what tells the rows apart. parts: pairs of
    columns, of which the first is counted out of the second. read: the columns that a series adds up. is_due: whether a
    period of the table was over since the file before, so that this file should have one more. fewest: from which
    number on one may stand in a sentence, 0 for all. same_rows_all_year: whether every quarter of a financial year has
    the same rows.
    """

    panel: Panel
    before: Values | None
    first_new: int
    explained: Mask
    is_quiet: bool = False
    is_silent: bool = False
    parts: tuple[tuple[int, int], ...] = ()
    read: frozenset[str] = frozenset()
    is_due: bool = True
    fewest: int = 0
    same_rows_all_year: bool = False

    @cached_property
    def asked(self) -> Cells:
        """The numbers that no earlier file had so: what that one had was asked about when it came."""
        values = self.panel.values
        return np.isfinite(values) if self.before is None else np.isfinite(values) & (values != self.before)

    @cached_property
    def changed(self) -> Cells:
        """The numbers that both files have, not alike and without a reason from the supplier."""
        if self.before is None:
            return np.zeros(self.panel.values.shape, dtype=bool)
        return self.asked & np.isfinite(self.before) & ~self.explained

    @cached_property
    def known(self) -> Values:
        """The numbers, and before the first period of this file those of the file before."""
        values = self.panel.values
        if self.before is None or not self.panel.present.any():
            return values
        start = int(np.flatnonzero(self.panel.present.any(axis=0))[0])
        front = np.arange(values.shape[2]) < start
        return np.where(front, self.before, values)

    @cached_property
    def around(self) -> tuple[Ranges, ...]:
        """For each column what was to be expected of each number: by its neighbours, a new one by those before."""
        return self._ranges(before_only=False)

    @cached_property
    def back(self) -> tuple[Ranges, ...]:
        """For each column what was to be expected of each number by those before it."""
        return self._ranges(before_only=True)

    def _ranges(self, before_only: bool) -> tuple[Ranges, ...]:
        year, new = self.panel.season, self.first_new
        return tuple(
            credible_ranges(values, year, latest=new, before_only=before_only, are_counts=counts, season=season)
            for values, counts, season in zip(self.known, self.panel.are_counts, self._seasons, strict=True)
        )

    @cached_property
    def _seasons(self) -> tuple[tuple[Values, Mask], ...]:
        return tuple(season_of(values, self.panel.season, self.first_new) for values in self.known)

    @cached_property
    def equal_by_chance(self) -> Values:
        """How often chance would give a number again that stands near: for each number, by its size and series.

        Of a row that mostly repeats itself, such as the size of a cohort, as often as it does.
        """
        chances = []
        for values, ranges, counts in zip(self.known, self.around, self.panel.are_counts, strict=True):
            spread = np.maximum(ranges.spread, USUAL_JUMP / 2)[:, np.newaxis]
            repeats = (np.diff(values, axis=1) == 0).mean(axis=1) if values.shape[1] > 1 else np.zeros(len(values))
            usual = np.where(repeats > 0.5, repeats, 0)[:, np.newaxis]
            chances.append(np.maximum(chance_of_equal(np.nan_to_num(values), spread, counts), usual))
        return np.array(chances)

    def shown(self, value: float) -> str:
        """Return a number as a sentence gives it; only where `is_quiet` is not set."""
        if 0 < abs(value) < self.fewest:
            return SMALL_NUMBER
        return number(value) if value == round(value) else f"{value:,.6g}"

    def told(self, open_words: str, quiet_words: str) -> str:
        """Return the sentence: the one without any value where none may be shown."""
        return quiet_words if self.is_quiet else open_words

    def subject(self, column: int, rows: Collection[int]) -> str:
        """Return the column and, where they are few and may be named, the rows that a query is about."""
        return self.panel.columns[column] if self.is_silent else self.panel.subject(column, sorted(rows))

    def of_rows(self, rows: Iterable[int], nameless: str = "") -> str:
        """Return the rows' names; `nameless` where they have none, or none may be named."""
        return (
            few([name for row in rows if (name := self.panel.row_name(row))] if not self.is_silent else []) or nameless
        )

    def named(self, column: int, rows: Iterable[int]) -> str:
        """Return 'column of rows', or the column alone where the rows have no names or none may be named."""
        return " of ".join(part for part in (self.panel.columns[column], self.of_rows(rows)) if part)


def read_history(office: Configuration, table: ReceivedTable, earlier: ReceivedTable | None) -> History | None:
    """Return a table's history; None of one whose rows have no period."""
    panel = read_panel(table)
    if panel is None:
        return None
    source = office.sources.by_table.get(table.name)
    # What the office corrected has its reason, and the file of the quarter before is not corrected here.
    corrected = [
        Revision.model_construct(
            where={column: cell_as_read(table.spec, column, cell) for column, cell in correction.key.items()},
            reason=correction.reason,
        )
        for _, correction in office.corrections
        if table.spec.holds(correction.name)
    ]
    series = [spec for spec in office.plan.series.values() if spec.table == table.name]
    new_periods = (str(office.quarter),) if panel.kind == "date" else latest_keys(office.quarter, panel.kind)
    before = read_panel(earlier) if earlier is not None else None
    is_slow = panel.kind not in ("month", "quarter", "date")
    history = join(
        panel,
        before,
        new_periods,
        is_due=not (is_slow and before and (table.spec.lag_months or before.periods[-1] >= new_periods[-1])),
        revisions=[*(source.revisions if source else ()), *corrected],
        period_column=table.spec.period_column,
        is_quiet=is_quiet(office, table.name),
        is_silent=is_silent(office, table.name),
        parts=_parts([spec for spec in series if not office.plan.is_worked_out(spec)]),
        read={name for spec in series if (name := _column(spec.value))},
    )
    preset = office.preset_of(table.name) if panel.kind == "quarter" else None
    same_rows = preset is not None and preset.same_rows_all_year
    return replace(history, fewest=fewest_quoted(office.plan, table.name), same_rows_all_year=same_rows)


def join(
    panel: Panel,
    earlier: Panel | None,
    new_periods: Sequence[str],
    *,
    revisions: Sequence[Revision] = (),
    period_column: str = "",
    is_quiet: bool = False,
    is_silent: bool = False,
    parts: Collection[tuple[str, str]] = (),
    read: Collection[str] = (),
    is_due: bool = True,
) -> History:
    """Set a panel beside that of the file before. `new_periods`: the reported quarter's.

    `parts`: pairs of columns, of which the first is counted out of the second. `read`: columns that a series adds up;
    none where no series is known. `is_due`: whether the file should have a period more than that one.
    """
    if earlier is not None and (earlier.kind != panel.kind or earlier.row_columns != panel.row_columns):
        earlier = None  # the plan changed; nothing can be compared
    place = {column: n for n, column in enumerate(panel.columns)}
    pairs = tuple((place[part], place[base]) for part, base in parts if part in place and base in place)
    known = frozenset(read) if read else frozenset(panel.columns)
    if earlier is None:
        return History(
            panel, None, _first_new(panel, new_periods), _none(panel), is_quiet, is_silent, pairs, known, is_due
        )
    last = earlier.periods[-1]
    rows = tuple(dict.fromkeys((*panel.rows, *earlier.rows)))
    periods = calendar(sorted({*panel.periods, *earlier.periods}), panel.kind)
    offset = periods.index(panel.periods[0])
    present = np.zeros((len(rows), len(periods)), dtype=bool)
    positions = np.array([periods.index(period) for period in panel.periods])
    present[: len(panel.rows), positions] = panel.present
    places = panel.places.copy()
    places[:, 1] = positions[places[:, 1]] if len(positions) else places[:, 1] + offset
    values = realigned(panel, rows, periods, panel.columns)
    both = Panel(panel.kind, periods, panel.row_columns, rows, panel.columns, panel.are_counts, values, present, places)
    first_new = next((n for n, period in enumerate(periods) if period > last), len(periods))
    before = realigned(earlier, rows, periods, panel.columns)
    explained = _explained(both, revisions, period_column)
    return History(both, before, first_new, explained, is_quiet, is_silent, pairs, known, is_due)


def _first_new(panel: Panel, new_periods: Sequence[str]) -> int:
    """Return where the reported quarter begins; of a table that ends before it, where its last quarter does."""
    found = next((n for n, period in enumerate(panel.periods) if period >= new_periods[0]), None)
    if found is None or panel.kind == "date":
        return max(0, len(panel.periods) - panel.in_quarter)
    return found


def _none(panel: Panel) -> Mask:
    return np.zeros(panel.present.shape, dtype=bool)


def _explained(panel: Panel, revisions: Sequence[Revision], period_column: str) -> Mask:
    """Return for which cells the supplier gave a reason for other figures."""
    found = _none(panel)
    for revision in revisions:
        allowed: Mapping[str, list[str]] = {
            column: [value] if isinstance(value, str) else list(value) for column, value in revision.where.items()
        }
        of_rows = np.array(
            [
                all(row[n] in allowed.get(column, [row[n]]) for n, column in enumerate(panel.row_columns))
                for row in panel.rows
            ]
        )
        of_periods = np.array([period in allowed.get(period_column, [period]) for period in panel.periods])
        found |= of_rows[:, np.newaxis] & of_periods
    return found


def _parts(series: Sequence[Series]) -> set[tuple[str, str]]:
    """Return the columns of which one is a part of the other, of series whose values are counts and no percentages."""
    pairs = {(_column(spec.value), _column(spec.base)) for spec in series}
    return {(part, base) for part, base in pairs if part and base}


def _column(part: object) -> str | None:
    """Return the column that a series adds up; None of one that counts rows, or nothing."""
    if isinstance(part, str) or part is None:
        return part
    return getattr(part, "column", None) if getattr(part, "how", "") == "sum" else None
