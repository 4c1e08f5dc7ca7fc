"""An office's force beside the other forces: the change of both, and the rate of each, from one official table.

Both of the office and of the others, whatever the suppliers' files say, of the latest twelve months that had been
released before the meeting. Whether a force is out of the ordinary is told by a funnel with over-dispersion
(statistics.funnel); no force has a rank, and a comparison decides no verdict.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from math import nan
from typing import Literal

import numpy as np
import pandas as pd

from panelpack.comparators.counts import OfficialCounts
from panelpack.comparators.forces import PER, REGION, Denominator, denominator, read_forces
from panelpack.comparators.moves import said_across, why_refused
from panelpack.config.configuration import Configuration
from panelpack.config.groups import Group, load_groups
from panelpack.config.official import OfficialOffences, Release
from panelpack.config.plan import NO_FORCE, Indicator, Measure
from panelpack.errors import ConfigurationError, shown
from panelpack.formats import listed
from panelpack.named_periods import Period, is_fixed
from panelpack.periods import Quarter, month_words
from panelpack.statistics.funnel import (
    FAR_LEVEL,
    FEWEST_UNITS,
    Funnel,
    Position,
    centiles,
    chance_of_count,
    change_funnel,
    ratio_funnel,
)
from panelpack.statistics.significance import dispersion, log_variance

QUARTERS_A_YEAR = 4


@dataclass(frozen=True)
class Level:
    """How many offences there are per 1,000 people, or households, here and elsewhere.

    own: nan of a force with too few residents. others: of all other forces together; region, nation, group: of the
    other forces of each, nan where there are none. position: '' where fewer than ten forces can be compared.
    """

    of: Denominator
    funnel: Funnel | None
    own: float
    others: float
    region: float
    nation: float
    group: float
    position: Position | Literal[""] = ""


@dataclass(frozen=True)
class Change:
    """How much the yearly number changed from the one period to the other, percent.

    own: of the office's force; others: of the other forces together; low, high: what the middle eight in ten of the
    other forces lie between. position: of the own change among all; '' where fewer than ten forces can be compared.
    """

    funnel: Funnel | None
    own: float
    others: float
    low: float
    high: float
    position: Position | Literal[""] = ""


@dataclass(frozen=True)
class Comparison:
    """What the official table says of a figure's offences, here and elsewhere; or why it is not compared.

    forces: a row a force in the order of regions and names, with region, nation, is_own, before and latest (offences a
    year), pct_change, size (people or households, nan where too few live there), rate (per 1,000), and of rate and
    change the z of the funnel (rate_z, change_z) and the far limits of the rate (rate_low, rate_high). absent: forces
    that the table does not have in both periods, or has in part; small: those with too few residents, left out.
    """

    official: OfficialOffences
    force: str
    before: Period
    latest: Period
    source: Release
    why_not: str = ""
    forces: pd.DataFrame = field(default_factory=pd.DataFrame)
    change: Change | None = None
    level: Level | None = None
    region: str = ""
    nation: str = ""
    group: Group | None = None
    cautions: tuple[str, ...] = ()
    absent: tuple[str, ...] = ()
    small: tuple[str, ...] = ()

    @property
    def is_compared(self) -> bool:
        """Whether there is something to compare with."""
        return not self.why_not

    @property
    def own(self) -> pd.Series:
        """The row of the office's own force."""
        return self.forces.loc[self.force]

    @property
    def others(self) -> int:
        """How many other forces it is compared with."""
        return int((~self.forces["is_own"]).sum())


def latest_released(office: Configuration, of: OfficialCounts, force: str) -> str:
    """Return the last quarter of a force that had been released before the meeting and is not after the report's.

    '' where there is none.
    """
    day = office.parameters.meeting_date
    known = [q for q in of.quarters(force) if of.table.source.is_released(q, day) and q <= str(office.quarter)]
    return known[-1] if known else ""


def compare_with_others(
    office: Configuration, of: OfficialCounts, figure: Indicator | Measure, last: str = ""
) -> Comparison | None:
    """Return how the office's force compares with others in the offences that a figure counts; None if it counts none.

    From the year that the figure has as its baseline to the latest twelve months that had been released; where its
    baseline is no year, from the twelve months before those. last: the quarter with which the latest ones end, for
    reviewers; by default the last one released before the meeting. Raises ConfigurationError for offences that the
    table does not have, and for a group of a force that is none.
    """
    official = office.plan.series[figure.series].official if figure.series else None
    if official is None or figure.compare is None:
        return None
    if unknown := official.unknown(of.counts.columns):
        raise ConfigurationError(
            f"{shown(office.project.plan(office.quarter))}, series {figure.series!r}, official: {unknown[0]!r} was "
            f"found, expected a group or subgroup of the official table, such as {of.kinds[-1].replace(': ', ' or ')}. "
            "Correct it."
        )
    force, source, nothing = office.official_force, of.table.source, Period((), "")
    if force == NO_FORCE:
        return Comparison(official, force, nothing, nothing, source, "The office's force is in no official table.")
    last = last or latest_released(office, of, force)
    if not last:
        return Comparison(official, force, nothing, nothing, source, _nothing_released(of, force))
    latest = _year_to(last)
    before = _before(office, figure, latest)
    quarters_before, quarters_latest = _labels(before), _labels(latest)
    compared = Comparison(official, force, before, latest, source)
    if why := why_refused(official, of, quarters_before[0], last):
        return replace(compared, why_not=why)
    counts = of.of(official, [*quarters_before, *quarters_latest])
    partial = sorted(set(of.gaps[of.gaps["quarter"].isin(set(counts.index))]["force"]))
    counts = counts.drop(columns=partial, errors="ignore")
    if force not in counts:
        why = f"The official table at hand does not have all of {before.words} and the {latest.words} for {force}."
        return replace(compared, why_not=why)
    if counts.shape[1] == 1:
        why = f"No other force's figures of {before.words} and the {latest.words} are at hand."
        return replace(compared, why_not=why)
    return _compared(office, of, compared, counts, len(quarters_before))


def _nothing_released(of: OfficialCounts, force: str) -> str:
    if not of.quarters(force):
        return f"The official table at hand does not have {force}."
    return "No figures of other forces had been released by the meeting."


def _year_to(quarter: str) -> Period:
    months = tuple(month for by in range(-3, 1) for month in Quarter.parse(quarter).shift(by).months)
    return Period(months, f"12 months to {month_words(months[-1])}")


def _before(office: Configuration, figure: Indicator | Measure, latest: Period) -> Period:
    """Return the year, or years, that the latest is compared with: the figure's own baseline if it is whole years."""
    name = figure.compare.baseline if figure.compare else None
    if name is not None and is_fixed(name):
        period = office.period(name)
        if period.quarters and len(period.quarters) % QUARTERS_A_YEAR == 0 and period.months[-1] < latest.months[0]:
            return period
    return _year_to(str(Quarter.parse(_labels(latest)[0]).shift(-1)))


def _labels(period: Period) -> list[str]:
    return [str(quarter) for quarter in period.quarters or ()]


def _compared(
    office: Configuration, of: OfficialCounts, compared: Comparison, counts: pd.DataFrame, quarters_before: int
) -> Comparison:
    """Return the comparison with its numbers. counts: a row a quarter, the earlier period first, a column a force."""
    every = read_forces(office.project, of.table)
    earlier, later = counts.iloc[:quarters_before], counts.iloc[quarters_before:]
    years = quarters_before / QUARTERS_A_YEAR
    forces = pd.DataFrame({"before": earlier.sum() / years, "latest": later.sum()}).join(every[[REGION, "nation"]])
    forces = forces.assign(is_own=forces.index == compared.force).rename_axis("force").reset_index()
    forces = forces.sort_values([REGION, "force"]).set_index("force")
    forces["pct_change"] = 100 * (forces["latest"] / forces["before"].where(forces["before"] > 0) - 1)
    households = of.table.is_per_household(compared.official)
    per = denominator(every, of.table, office.parameters.meeting_date, households=households)
    forces["size"] = per.of.reindex(forces.index)
    forces["rate"] = PER * forces["latest"] / forces["size"]
    own, region = forces.loc[compared.force], forces.loc[compared.force, REGION]
    group = load_groups(office.project.groups, set(every.index)).of(compared.force, office.parameters.meeting_date.year)
    small = tuple(forces.index[forces["size"].isna() & ~forces["is_own"]])
    forces = forces.drop(index=list(small))
    change, forces["change_z"] = _change(forces, earlier, later)
    level, forces[["rate_z", "rate_low", "rate_high"]] = _level(forces, per, region, own["nation"], group)
    absent = sorted(set(of.forces) - set(counts))
    return replace(
        compared,
        forces=forces,
        change=change,
        level=level,
        region=region,
        nation=own["nation"],
        group=group,
        cautions=(
            *of.table.cautions_of(compared.official.kinds(of.kinds)),
            *said_across(compared.official, of, str(counts.index[0]), str(counts.index[-1])),
        ),
        absent=tuple(absent),
        small=small,
    )


def _change(forces: pd.DataFrame, earlier: pd.DataFrame, later: pd.DataFrame) -> tuple[Change, pd.Series]:
    others = forces[~forces["is_own"]]
    low, high = centiles(others["pct_change"].to_numpy(float))
    together = 100 * (others["latest"].sum() / others["before"].sum() - 1) if others["before"].sum() else nan
    own = float(forces.loc[forces["is_own"], "pct_change"].iloc[0])
    usable = forces[(forces["before"] > 0) & (forces["latest"] > 0)]
    z = pd.Series(nan, index=forces.index)
    if len(usable) < FEWEST_UNITS or not usable["is_own"].any():
        return Change(None, own, together, low, high), z
    of_each = zip(earlier[usable.index].to_numpy().T, later[usable.index].to_numpy().T, strict=True)
    variances = [log_variance(last.sum(), first.sum(), dispersion(first, last)) for first, last in of_each]
    funnel = change_funnel(usable["before"].to_numpy(), usable["latest"].to_numpy(), variances)
    z[usable.index] = funnel.z
    return Change(funnel, own, together, low, high, funnel.position(_place(usable))), z


def _level(
    forces: pd.DataFrame, per: Denominator, region: str, nation: str, group: Group | None
) -> tuple[Level, pd.DataFrame]:
    sized = forces[forces["size"].notna()]
    others = sized[~sized["is_own"]]

    def rate(rows: pd.DataFrame) -> float:
        return float(PER * rows["latest"].sum() / rows["size"].sum()) if len(rows) else nan

    own = float(forces.loc[forces["is_own"], "rate"].iloc[0])
    in_group = others[others.index.isin(group.others if group else [])]
    complete = in_group if group and len(in_group) == len(group.others) else others.iloc[:0]
    elsewhere = [others, others[others[REGION] == region], others[others["nation"] == nation], complete]
    in_all, in_region, in_nation, of_group = (rate(rows) for rows in elsewhere)
    columns = pd.DataFrame(nan, index=forces.index, columns=["rate_z", "rate_low", "rate_high"])
    funnel: Funnel | None = None
    position: Position | Literal[""] = ""
    common = sized["latest"].sum() / sized["size"].sum()
    if len(sized) >= FEWEST_UNITS and common > 0:
        expected = sized["size"].to_numpy(float) * common
        funnel = ratio_funnel(sized["latest"].to_numpy(float), expected)
        low, high = funnel.limits(chance_of_count(expected), FAR_LEVEL)
        columns.loc[sized.index] = np.column_stack([funnel.z, PER * common * low, PER * common * high])
        position = funnel.position(_place(sized)) if sized["is_own"].any() else ""
    return Level(per, funnel, own, in_all, in_region, in_nation, of_group, position), columns


def _place(forces: pd.DataFrame) -> int:
    return int(np.flatnonzero(forces["is_own"].to_numpy())[0])


def forces_words(names: Sequence[str]) -> str:
    """Return the names of forces as a reader calls them: 'London, City of' is 'City of London'."""
    return listed([" ".join(reversed(name.split(", "))) for name in names])
