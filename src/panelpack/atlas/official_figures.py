"""What the official table says of every force at once: offences a year, their rate, their change, and the funnel.

One group-by serves all forces, quarters and measures. The order of forces is that of regions, then of names; nothing
here is put in the order of a value.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from math import isnan, nan

import numpy as np
import pandas as pd

from panelpack.comparators.counts import MOVES_FILE
from panelpack.comparators.forces import PER, REGION, Denominator, denominator, read_forces
from panelpack.config.official import Columns, ComparatorTable, OfficialOffences, load_comparator_table
from panelpack.config.study import load_offences
from panelpack.formats import percent, rounded
from panelpack.intake.published_table import PublishedTable
from panelpack.new_office.measure_list import Measure
from panelpack.new_office.offences import began, count_offences, redefinitions
from panelpack.periods import Quarter, month_words, shift_month, year_label
from panelpack.project import Project
from panelpack.statistics.funnel import FEWEST_UNITS, Funnel, centiles, ratio_funnel

QUARTERS_A_YEAR = 4
NO_REGION = "No region known"


@dataclass(frozen=True)
class Figures:
    """One measure's offences in every force, in the order of regions and names.

    rates: per 1,000 people or households (`per`), the 12 months to the end of each quarter; a row a quarter label, a
    column a force, nan where a quarter is lacking or too few live there. together: the same of the forces that have all
    those quarters, `whole` of them. forces: a row a force with region, before and latest (offences a year), pct_change,
    size, rate, z (standard deviations of the funnel) and position (within, above, below; '' where it has none). before:
    the year compared with, in words, '' where there is none. breaks: from which quarters on something else is counted,
    and why. cautions: what a reader must know of the offences.
    """

    id: str
    title: str
    per: Denominator
    rates: pd.DataFrame
    together: pd.Series
    whole: int
    forces: pd.DataFrame
    before: str
    breaks: tuple[tuple[str, str], ...]
    cautions: tuple[str, ...]
    funnel: Funnel | None

    @property
    def compared(self) -> pd.DataFrame:
        """The forces that have a rate of the latest 12 months."""
        return self.forces[self.forces["rate"].notna()]

    @property
    def common_rate(self) -> float:
        """The rate of the compared forces together."""
        compared = self.compared
        return float(PER * compared["latest"].sum() / compared["size"].sum()) if len(compared) else nan

    @property
    def change_together(self) -> float:
        """The change of all forces together that have both years, in percent; nan where there is none."""
        both = self.forces.dropna(subset=["before", "latest"])
        before = both["before"].sum()
        return float(100 * (both["latest"].sum() / before - 1)) if before > 0 else nan

    @property
    def changes_anyway(self) -> tuple[float, float]:
        """The changes, in percent, that the middle eight in ten of forces lie between; nan where there are too few."""
        known = self.forces["pct_change"].dropna()
        low, high = centiles(known.to_numpy(float)) if len(known) >= FEWEST_UNITS else (nan, nan)
        return low, high


@dataclass(frozen=True)
class OfficialFigures:
    """The figures of every measure up to a quarter. forces: each force's region, in the order of the page."""

    source: ComparatorTable
    last: Quarter
    forces: Mapping[str, str]
    measures: tuple[Figures, ...]
    left_out: tuple[str, ...]

    @property
    def latest(self) -> str:
        """The latest 12 months, in words."""
        return f"12 months to {month_words(self.last.months[-1])}"


def read_figures(
    software: Project, table: PublishedTable, measures: Sequence[Measure], last: str, baseline: int
) -> OfficialFigures:
    """Return the figures of measures that count offences, the latest 12 months being those to the quarter `last`.

    last: a quarter of the table. baseline: the financial year compared with, or where offences were counted otherwise
    then the first whole one after. Raises SourceError and ConfigurationError for the tables of data/comparators.
    """
    columns, period = table.columns, table.spec.period_column
    until = Quarter.parse(last)
    source = load_comparator_table(software.comparators)
    gone = [subgroup for one in source.left_out for subgroup in one.subgroups]
    rows = table.rows[(table.rows[period] <= last) & ~table.rows[columns.subgroup].isin(gone)]
    named = [measure for measure in measures if measure.where is not None]
    picked_by = list(dict.fromkeys([columns.group, columns.subgroup, *(c for m in named for c in m.where or ())]))
    counts = _counted(rows, columns, period, picked_by)
    present = counts.groupby([period, columns.force])["count"].sum().unstack(columns.force)
    known = read_forces(software, source)
    regions = {str(force): str(known[REGION].get(force, NO_REGION)) for force in present.columns}
    order = {force: regions[force] for force in sorted(regions, key=lambda name: (regions[name], name))}
    present = present.reindex(columns=list(order)).notna()
    breaks = _breaks(software, rows, columns, period, named)
    study_day = _known_on(until, source)
    made = []
    for measure in named:
        of = _picked(counts, measure)
        quarterly = of.groupby([period, columns.force])["count"].sum().unstack(columns.force)
        quarterly = quarterly.reindex(index=present.index, columns=present.columns)
        if not len(of):
            continue
        # A force's quarter without such an offence counts none; but where no force has one, none was counted at all.
        there = quarterly.notna().any(axis="columns").to_numpy()[:, None] & present.to_numpy()
        quarterly = quarterly.fillna(0).where(there)
        official = _official(measure, columns)
        households = official is not None and source.is_per_household(official)
        per = denominator(known, source, study_day, households=households)
        kinds = sorted({f"{g}: {s}" for g, s in zip(of[columns.group], of[columns.subgroup], strict=True)})
        begun, changed = breaks[measure.id]
        made.append(
            _figures(measure, quarterly, per, order, until, baseline, begun, changed, source.cautions_of(kinds))
        )
    return OfficialFigures(source, until, order, tuple(made), tuple(one.reason for one in source.left_out))


def _counted(rows: pd.DataFrame, columns: Columns, period: str, picked_by: list[str]) -> pd.DataFrame:
    """Return how many offences there are, by force, quarter and what measures are picked by."""
    keys = [period, columns.force, *picked_by]
    numbers = pd.to_numeric(rows[columns.offences])
    counted: pd.DataFrame = rows[keys].assign(count=numbers).groupby(keys, as_index=False, sort=True)["count"].sum()
    return counted


def _picked(counts: pd.DataFrame, measure: Measure) -> pd.DataFrame:
    picked = pd.Series(True, index=counts.index)
    for column, values in (measure.where or {}).items():
        picked &= counts[column].isin(values)
    return counts[picked]


def _official(measure: Measure, columns: Columns) -> OfficialOffences | None:
    """Return what a measure counts as comparisons name it; None for one that picks single offences."""
    where = dict(measure.where or {})
    groups, subgroups = where.pop(columns.group, ()), where.pop(columns.subgroup, ())
    if where or (groups and subgroups):
        return None
    return OfficialOffences(groups=tuple(groups), subgroups=tuple(subgroups)) if groups or subgroups else None


def _breaks(
    software: Project, rows: pd.DataFrame, columns: Columns, period: str, measures: Sequence[Measure]
) -> dict[str, tuple[str, list[tuple[str, str]]]]:
    """Return of each measure its first quarter, if the table begins before, and where it counts something else."""
    study = load_offences(software.projection)
    keys = [columns.description, columns.code, columns.group, columns.subgroup, period]
    together = rows[keys].assign(**{columns.offences: pd.to_numeric(rows[columns.offences])})
    together = together.groupby(keys, as_index=False)[columns.offences].sum()
    offences = count_offences(together, columns, study, measures)
    in_table = sorted(rows[period].unique())
    declared, moves = load_comparator_table(software.comparators).breaks, _moves(software)
    found: dict[str, tuple[str, list[tuple[str, str]]]] = {}
    for measure in measures:
        if not offences.of[measure.id]:
            found[measure.id] = "", []
            continue
        first = began(measure, offences, in_table)
        changes = {str(Quarter.of_month(m)): reason for m, reason in redefinitions(measure, offences, in_table)}
        subgroups = set(offences.counted(measure)[columns.subgroup])
        whole = set(offences.rows[columns.subgroup]) == subgroups
        for one in declared:
            if not whole and subgroups & set(one.subgroups) and in_table[0] < one.first <= in_table[-1]:
                changes[one.first] = one.reason  # in a person's words
        changes = {
            quarter: f"{reason.strip()}{_share_moved(moves, quarter, subgroups)}" for quarter, reason in changes.items()
        }
        found[measure.id] = str(Quarter.of_month(first)) if first else "", sorted(changes.items())
    return found


def _moves(software: Project) -> pd.DataFrame:
    """Return the offences that the shipped table found to have changed their subgroup; none where there is no table."""
    path = software.comparators / MOVES_FILE
    if not path.is_file():
        return pd.DataFrame(columns=["from", "to", "quarter", "share_low", "share_high"])
    return pd.read_csv(path, keep_default_na=False)


def _share_moved(moves: pd.DataFrame, quarter: str, subgroups: set[str]) -> str:
    """Return what share of a force's offences left the subgroups in a quarter, as a further sentence; '' if unknown."""
    left = moves[(moves["quarter"] == quarter) & (moves["to"] != "")]
    inside = [side.str.partition(": ")[2].isin(subgroups) for side in (left["from"], left["to"])] if len(left) else []
    left = left[inside[0] & ~inside[1]] if inside else left
    if len(left) != 1 or len(subgroups) > 1:
        return ""
    low, high = (100 * float(left[name].iloc[0]) for name in ("share_low", "share_high"))
    share = f"up to {percent(high)}" if rounded(low) == 0 else f"{percent(low, 0)} to {percent(high, 0)}"
    return f" They were {share} of a force's offences in the year before."


def _figures(
    measure: Measure,
    quarterly: pd.DataFrame,
    per: Denominator,
    regions: Mapping[str, str],
    last: Quarter,
    baseline: int,
    begun: str,
    changes: list[tuple[str, str]],
    cautions: Sequence[str],
) -> Figures:
    """Return the figures of a measure. quarterly: offences, a row a quarter label in order, a column a force."""
    yearly = _yearly(quarterly)
    size = per.of.reindex(yearly.columns)
    rates = (PER * yearly / size).dropna(how="all")
    whole = [str(force) for force in rates.columns if rates[force].notna().all()]
    together = PER * yearly.loc[rates.index, whole].sum(axis="columns") / size[whole].sum() if whole else pd.Series()
    latest = yearly.loc[str(last)] if str(last) in yearly.index else pd.Series(nan, index=yearly.columns)
    year = _year_compared(baseline, last, [quarter for quarter in (begun, *(q for q, _ in changes)) if quarter])
    end = f"{year}Q4"
    before = yearly.loc[end] if year and end in yearly.index else pd.Series(nan, index=yearly.columns)
    if before.isna().all():
        year = 0
    forces = pd.DataFrame({"region": pd.Series(dict(regions)), "before": before, "latest": latest, "size": size})
    forces = forces.reindex(list(regions)).rename_axis("force")
    forces["pct_change"] = 100 * (forces["latest"] / forces["before"].where(forces["before"] > 0) - 1)
    forces["rate"] = PER * forces["latest"] / forces["size"]
    funnel, forces["z"], forces["position"] = _funnel(forces)
    return Figures(
        measure.id,
        measure.title,
        per,
        rates,
        together,
        len(whole),
        forces,
        year_label(year) if year else "",
        tuple(changes),
        tuple(cautions),
        funnel,
    )


def _yearly(quarterly: pd.DataFrame) -> pd.DataFrame:
    """Return the sums over each quarter and the three before it; nan where one of the four is lacking."""
    first, last = (Quarter.parse(str(label)) for label in (quarterly.index[0], quarterly.index[-1]))
    labels = [str(first)]
    while labels[-1] != str(last):
        labels.append(str(Quarter.parse(labels[-1]).shift(1)))
    every = quarterly.reindex(labels)
    return every.rolling(QUARTERS_A_YEAR, min_periods=QUARTERS_A_YEAR).sum()


def _year_compared(baseline: int, last: Quarter, changes: Sequence[str]) -> int:
    """Return the financial year that the latest 12 months are compared with, 0 where there is none.

    That is the baseline, or the first whole year after the last quarter from which something else is counted. It ends
    before the latest 12 months begin.
    """
    year = baseline
    if changes and (since := Quarter.parse(max(changes))) > Quarter(baseline, 1):
        year = since.year if since.number == 1 else since.year + 1
    return year if Quarter(year, 4) <= last.shift(-QUARTERS_A_YEAR) else 0


def _funnel(forces: pd.DataFrame) -> tuple[Funnel | None, pd.Series, pd.Series]:
    z, position = pd.Series(nan, index=forces.index), pd.Series("", index=forces.index)
    rated = forces[forces["rate"].notna()]
    counts = np.maximum(rated["latest"].to_numpy(float), 0)  # a correction may take back more than there was
    if len(rated) < FEWEST_UNITS or not counts.sum():
        return None, z, position
    funnel = ratio_funnel(counts, rated["size"].to_numpy(float) * counts.sum() / rated["size"].sum())
    z[rated.index] = funnel.z
    position[rated.index] = [funnel.position(place) for place in range(len(rated))]
    return funnel, z, position


def _known_on(last: Quarter, source: ComparatorTable) -> date:
    """Return the day by which the last quarter was released: rates are per the residents that were known then."""
    return date.fromisoformat(f"{shift_month(last.months[-1], source.source.released_after_months)}-01")


def rate_decimals(rate: float) -> int:
    """Return with how many decimals rates of this size are printed, so that two digits of them are seen."""
    return 1 if isnan(rate) or rate >= 1 else 2 if rate >= 0.1 else 3
