"""The offences that each measure counts: which contain which, and from when one counts something else than before.

The publisher moves offences between subgroups and takes some out of the table, so that a series changes unseen. What
the table itself shows is found here; what it cannot show is declared in data/projection/offences.yml (`breaks`).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from panelpack.config.official import ALL, Columns, OfficialOffences
from panelpack.config.study import OffenceSeries
from panelpack.formats import listed
from panelpack.intake.moved_offences import find_moves, identify, listed_first, plain_names
from panelpack.named_periods import Period, keys_of, resolve_period
from panelpack.new_office.measure_list import NOTHING, Measure
from panelpack.periods import Quarter

INSIDE = "+"  # before the subgroup of a row that a measure counts


@dataclass(frozen=True)
class Offences:
    """The rows that each measure counts, of the rows of one force. of: the rows' labels by the id of the measure."""

    rows: pd.DataFrame
    columns: Columns
    study: OffenceSeries
    of: Mapping[str, frozenset[object]]

    def counted(self, measure: Measure) -> pd.DataFrame:
        """Return the rows of a measure."""
        return self.rows[self.rows.index.isin(self.of[measure.id])]


def choices_of(rows: pd.DataFrame, columns: Columns) -> dict[str, tuple[str, ...]]:
    """Return the columns that rows may be picked by, and the values of each. Codes are damaged in some releases."""
    names = (columns.subgroup, columns.group, columns.description)
    return {name: tuple(sorted(rows[name].unique())) for name in names}


def count_offences(rows: pd.DataFrame, columns: Columns, study: OffenceSeries, measures: Sequence[Measure]) -> Offences:
    """Return which rows of a force each measure counts; one that awaits its figures counts none."""
    of = {}
    for measure in measures:
        picked = pd.Series(measure.where is not None, index=rows.index)
        for column, values in (measure.where or {}).items():
            picked &= rows[column].isin(values)
        of[measure.id] = frozenset(rows.index[picked])
    return Offences(rows, columns, study, of)


# ------------------------------------------------------------------------------------------------ contained
def wholes(measures: Sequence[Measure], offences: Offences) -> dict[str, str]:
    """Return the measure that each one is part of, by id: as its line says, else the smallest that contains it.

    Only what is judged counts in a headline, so only that is a whole. Of two that count the same the later is the part.
    """
    found = {}
    judged = [measure for measure in measures if measure.rule != "none" and measure.where is not None]
    for measure in judged:
        if measure.part_of:
            if measure.part_of != NOTHING:
                found[measure.id] = measure.part_of
            continue
        own = offences.of[measure.id]
        earlier = {other.id for other in judged[: judged.index(measure)]}
        wider = [
            other.id
            for other in judged
            if other is not measure
            and (own < offences.of[other.id] or (own == offences.of[other.id] and other.id in earlier))
        ]
        if wider:
            found[measure.id] = min(wider, key=lambda name: len(offences.of[name]))
    return found


def overlaps(measures: Sequence[Measure], offences: Offences, parts: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Yield pairs of measures that share offences and both count in the headline, though neither contains the other."""
    counted = [m for m in measures if m.rule != "none" and m.where is not None and m.id not in parts]
    for place, measure in enumerate(counted):
        for other in counted[:place]:
            if offences.of[measure.id] & offences.of[other.id]:
                yield other.title, measure.title


# ------------------------------------------------------------------------------------------------ compared
def official_of(measure: Measure, offences: Offences, kinds: Sequence[str]) -> OfficialOffences | None:
    """Return the offences of a measure in the table by which forces are compared; None where that cannot tell them.

    kinds: those of that table, 'Group: Subgroup'. It tells groups and subgroups apart, not descriptions.
    """
    columns, where = offences.columns, measure.where
    if where is None or not set(where) <= {columns.group, columns.subgroup}:
        return None
    if not where:
        return OfficialOffences.model_validate(ALL)
    picked = {"subgroups": where.get(columns.subgroup, ()), "groups": where.get(columns.group, ())}
    if len(where) > 1:  # of a subgroup and a group those in both
        there = set(offences.counted(measure)[columns.subgroup])
        picked = {"subgroups": tuple(name for name in where[columns.subgroup] if name in there)}
    official = OfficialOffences.model_validate({name: values for name, values in picked.items() if values})
    return None if official.unknown(kinds) else official


# ------------------------------------------------------------------------------------------ over the quarters
def periods_of(measure: Measure, quarter: Quarter, baseline_year: int) -> dict[str, Period]:
    """Return the two periods that a measure compares, by what they are."""
    names = {"the baseline": measure.baseline, "the latest period": measure.latest}
    return {what: resolve_period(name, quarter.months[-1], baseline_year) for what, name in names.items()}


def quarters_of(period: Period) -> list[str]:
    """Return the quarters of a period; of a mean of several, those of each."""
    return [key for part in (period.parts or (period,)) for key in keys_of(part, "quarter") or ()]


def find_gap(measure: Measure, offences: Offences, periods: Mapping[str, Period], in_table: Sequence[str]) -> str:
    """Return why the table cannot give a measure's two periods, in a sentence; '' where it can."""
    period_column = _period_column(offences)
    there = set(offences.counted(measure)[period_column])
    for what, period in periods.items():
        wanted = quarters_of(period)
        if not wanted:
            return f"{period.words} does not consist of quarters, as the table has them. Name another baseline."
        if lacking := [label for label in wanted if label not in in_table]:
            return (
                f"{what} is {period.words}, and the table covers {in_table[0]} to {in_table[-1]}, without "
                f"{listed(lacking[:4])}. Name another baseline."
            )
        if lacking := [label for label in wanted if label not in there]:
            return (
                f"{what} is {period.words}, and no row of the table is of these offences in {listed(lacking[:4])}: it "
                f"has them from {min(there)} to {max(there)}. Name another baseline, or count them with those that "
                "they were counted with then."
            )
    return ""


def began(measure: Measure, offences: Offences, in_table: Sequence[str]) -> str:
    """Return the first month of a measure that begins later than the table, as YYYY-MM; else ''."""
    first = min(offences.counted(measure)[_period_column(offences)])
    return Quarter.parse(first).months[0] if first > in_table[0] else ""


def redefinitions(measure: Measure, offences: Offences, in_table: Sequence[str]) -> list[tuple[str, str]]:
    """Return from which months a measure counts something else, as (YYYY-MM, reason), in order."""
    found = [*_moves(measure, offences), *_ends(measure, offences, in_table), *_declared(measure, offences)]
    by_quarter: dict[str, list[str]] = {}
    for label, reason in sorted(found):
        by_quarter.setdefault(label, []).append(reason)
    first = min(offences.counted(measure)[_period_column(offences)])  # before its first quarter there is nothing
    known = {label: reasons for label, reasons in by_quarter.items() if first < label <= in_table[-1]}
    return [(Quarter.parse(label).months[0], " ".join(reasons)) for label, reasons in known.items()]


def _period_column(offences: Offences) -> str:
    """Return the column of quarters: the one that is none of the published ones."""
    published = set(offences.columns.model_dump().values())
    return next(str(column) for column in offences.rows.columns if column not in published)


def _moves(measure: Measure, offences: Offences) -> Iterator[tuple[str, str]]:
    """Yield when offences left for a subgroup that the measure does not count, or came from one."""
    columns, rows = offences.columns, offences.rows
    inside = pd.Series(rows.index.isin(offences.of[measure.id]), index=rows.index)
    places = inside.map({True: INSIDE, False: ""}) + rows[columns.subgroup]
    ids = identify(rows[columns.description], rows[columns.code])
    left: dict[tuple[str, bool, str], list[str]] = {}
    for move in find_moves(ids, plain_names(rows[columns.description]), rows[_period_column(offences)], places):
        leaves, comes = move.before.startswith(INSIDE), move.after.startswith(INSIDE)
        if leaves != comes:
            elsewhere = move.after if leaves else move.before
            left.setdefault((move.first, leaves, elsewhere), []).extend(move.offences)
    for (label, leaves, elsewhere), names in left.items():
        which = listed_first(sorted(set(names)))
        if leaves:
            yield label, f"From here on without {which}, which the table counts under {elsewhere}."
        else:
            yield label, f"From here on with {which}, which the table counted under {elsewhere} before."


def _ends(measure: Measure, offences: Offences, in_table: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Yield when a subgroup that a measure counts ends in the table, and its offences stand nowhere else after."""
    columns, period = offences.columns, _period_column(offences)
    rows = offences.counted(measure)
    last = rows.groupby(columns.subgroup)[period].max()
    for subgroup, label in last.items():
        if label >= in_table[-1]:
            continue
        names = set(plain_names(rows.loc[rows[columns.subgroup] == subgroup, columns.description]))
        after = offences.rows[offences.rows[period] > label]
        if not names & set(plain_names(after[columns.description])):
            yield str(Quarter.parse(label).shift(1)), f"From here on the table has no {subgroup}."


def _declared(measure: Measure, offences: Offences) -> Iterator[tuple[str, str]]:
    """Yield the breaks that are declared for offences which a measure counts, unless it counts their whole group."""
    columns, counted = offences.columns, offences.counted(measure)
    for declared in offences.study.breaks:
        spec = offences.study.series[declared.series]
        is_of_it = offences.rows[columns.group].isin(spec.groups) | offences.rows[columns.subgroup].isin(spec.subgroups)
        rows = offences.rows[is_of_it]
        if not set(rows.index) & offences.of[measure.id]:
            continue
        of_groups = offences.rows[offences.rows[columns.group].isin(rows[columns.group].unique())]
        if not set(of_groups.index) <= set(counted.index):
            yield declared.first, declared.reason
