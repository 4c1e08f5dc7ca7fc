"""All that a quarter's figures are computed from: configuration, series, and the official counts of other forces."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd

from panelpack.config.configuration import Configuration
from panelpack.config.parameters import Parameters
from panelpack.config.plan import Plan
from panelpack.config.series import Rebase, Series
from panelpack.errors import ConfigurationError, SourceError, shown
from panelpack.formats import settled
from panelpack.indicators import control_charts, series
from panelpack.indicators.added_rows import check_added_rows, check_shares, check_supplied
from panelpack.indicators.areas import (
    EVERY_AREA,
    areas_of,
    base_name,
    extract_areas,
    has_areas,
    name_of,
    with_every_area,
)
from panelpack.indicators.rebases import ProposedRebase, propose
from panelpack.indicators.reference_tables import read_official_counts
from panelpack.intake.files import read_table
from panelpack.intake.tables import corrected
from panelpack.intake.typed import typed
from panelpack.intake.unfit import made_of
from panelpack.named_periods import Period, keys_of
from panelpack.periods import (
    Quarter,
    date_words,
    last_day,
    last_month_of,
    latest_keys,
    parse_year,
    shift_month,
    year_label,
)
from panelpack.rules.verdict import PeriodTotal
from panelpack.statistics.past_errors import PastErrors, UnknownSeriesError
from panelpack.statistics.projection import Projection, project_year

SERIES_FOLDER, ORIGINS_FILE, GAPS_FILE = "series", "origins.csv", "gaps.csv"  # below data/processed/<quarter>
ORIGINS = ["table", "column", "origin"]
NO_POINTS = pd.DataFrame(columns=series.SERIES_COLUMNS).astype({"value": float, "base": float})
PROJECTED_NUMBERS = ("total", "lower_95", "upper_95", "lower_80", "upper_80")  # of a projection


@dataclass(frozen=True)
class QuarterData:
    """All that a quarter's figures are computed from.

    points: the series that may be shown, by name, each with the columns of series.COLUMNS. origins: where each column
    of the reconstructed tables is from ('printed', 'official' or 'assumed'), by table and column. gaps: the periods of
    which the supplier gave no number, and why, with the columns of series.GAP_COLUMNS.
    """

    office: Configuration
    points: Mapping[str, pd.DataFrame]
    origins: Mapping[tuple[str, str], str]
    gaps: pd.DataFrame
    _charts: dict[str, pd.DataFrame] = field(init=False, default_factory=dict, repr=False)  # once drawn up, by series

    @property
    def plan(self) -> Plan:
        """params/plan.yml."""
        return self.office.plan

    @property
    def parameters(self) -> Parameters:
        """params/<quarter>.yml."""
        return self.office.parameters

    @property
    def quarter(self) -> Quarter:
        """The reported quarter."""
        return self.office.quarter

    @property
    def reconstructed(self) -> frozenset[str]:
        """The tables whose files were reconstructed rather than received."""
        return frozenset(table for table, _ in self.origins)

    @cached_property
    def other_forces(self) -> pd.DataFrame:
        """The official counts of other forces that had been published by the meeting, as read_official_counts has them.

        The office's own force is left out, so that nothing it is held to was made from its own counts. What is
        published after the meeting is not used. Raises ConfigurationError for a force that the publisher does not name.
        """
        own, source = self.office.official_force, self.office.offences.source
        counts = read_official_counts(self.office.project.official_counts)
        known = [source.is_released(quarter, self.parameters.meeting_date) for quarter in counts.index]
        return counts.loc[known].drop(columns=own, level="force", errors="ignore")

    @cached_property
    def past_errors(self) -> PastErrors:
        """What forecasts for the other forces missed by, as far as it was known at the meeting."""
        breaks = [(one.series, one.first) for one in self.office.offences.breaks]
        return PastErrors.of_counts(self.other_forces, breaks)

    def redefinitions(self, series_name: str) -> list[tuple[str, str]]:
        """Return from which months a series counts something else than before, and what, as plan and study say."""
        stated = [(change.first, change.reason) for change in self.plan.series[series_name].redefined]
        breaks = (one for one in self.office.offences.breaks if one.series == series_name)
        return sorted(stated + [(Quarter.parse(one.first).months[0], one.reason) for one in breaks])

    def unbroken(self, series_name: str) -> list[pd.DataFrame]:
        """Return the other forces' counts of a series, a table for each stretch without a break of its definition."""
        counts = self.other_forces[series_name]
        breaks = [one.first for one in self.office.offences.breaks if one.series == series_name]
        ends = sorted({0, len(counts), *(int(counts.index.searchsorted(first)) for first in breaks)})
        return [counts.iloc[start:end] for start, end in pairwise(ends)]

    def period(self, series_name: str, period_name: str) -> Period:
        """Return the period that a name means for a series: one that may lag ends with its latest point."""
        return self.office.period(period_name, self.last_month(series_name))

    def last_month(self, series_name: str) -> str:
        """Return the month with which the relative periods of a series end: the quarter's last, or its latest point's.

        The latest point counts where the plan lets the table lag, and no further back than it may.
        """
        spec = self.plan.series[base_name(series_name)]
        points = self.points[series_name]["period"] if series_name in self.points else ()
        return last_month_of(points, self.plan.periodicity(spec), self.plan.tables[spec.table].lag_months, self.quarter)

    def total(self, series_name: str | None, period_name: str | None) -> PeriodTotal | None:
        """Return a series over a period; None where it has none, or where the latest position lacks a number."""
        if series_name is None or period_name is None or series_name not in self.points:
            return None
        period = self.period(series_name, period_name)
        if not period.months and self.why_no_number(series_name, period_name)[0]:
            return None  # an earlier position would stand there as if it were the latest
        spec = self.plan.series[base_name(series_name)]
        total = series.period_total(
            self.points[series_name],
            period,
            self.plan.periodicity(spec),
            self.quarter.months[-1],
            spec.kind,
            self.plan.over_time(spec),
            is_worked_out=self.plan.is_worked_out(spec),
        )
        return total and replace(total, statistic=spec.statistic or "")

    def is_bedding_in(self, series_name: str, month: str) -> bool:
        """Whether a month is one of the first of a new recording practice, whose counts are no comparator yet."""
        began = self.plan.series[base_name(series_name)].began
        return began is not None and month <= shift_month(began, self.plan.bedding_in_months - 1)

    def areas(self, series_name: str) -> list[str]:
        """Return the areas of a series that can be shown apart, in alphabetical order."""
        if series_name not in self.points or not has_areas(self.plan, series_name):
            return []
        return areas_of(self.points.get(name_of(series_name, EVERY_AREA), NO_POINTS))

    def why_no_number(self, series_name: str | None, period_name: str | None) -> tuple[str, str]:
        """Return the meaning of the first gap of a series in a period and the point that it is of; '' for none.

        Of a position it is the first gap after the latest one that is whole.
        """
        if series_name is None or period_name is None or series_name not in self.points:
            return "", ""
        period = self.period(series_name, period_name)
        if period.months:
            keys = keys_of(period, self.office.periodicity(base_name(series_name))) or ()
            return self._first_gap(series_name, lambda point: point in keys)
        last = period.day.isoformat() if period.day else last_day(self.quarter).isoformat()
        latest = max((day for day in self.points[series_name]["period"] if day <= last), default="")
        return self._first_gap(series_name, lambda day: latest < day <= last)

    def why_not_projected(self, series_name: str) -> tuple[str, str]:
        """Return the first gap since a series' first point, as `why_no_number` does; '' where nothing is missing."""
        first = self.points[series_name]["period"].min()
        last = latest_keys(self.quarter, self.office.periodicity(series_name))[-1]
        return self._first_gap(series_name, lambda point: first < point <= last)

    def _first_gap(self, series_name: str, is_meant: Callable[[str], bool]) -> tuple[str, str]:
        for name, point, meaning in self.gaps.itertuples(index=False):
            if name == series_name and is_meant(point):
                return str(meaning), str(point)
        return "", ""

    def projection(self, series_name: str, year: str) -> Projection:
        """Return the projected total of a series for a financial year, from its points up to the quarter's end.

        Raises ConfigurationError where it cannot be projected, or no errors of it are known.
        """
        last = latest_keys(self.quarter, self.office.periodicity(series_name))[-1]
        charted = series.charted(self.points[series_name], self.plan.series[series_name].kind)
        counts = charted[charted.index <= last].rename(series_name)
        where = f"params/plan.yml, series {series_name!r}, projection to {year}"
        try:
            projected = project_year(counts, year, self.past_errors)
        except UnknownSeriesError as error:
            raise ConfigurationError(
                f"{where}: {error}, so no interval is known for it. Add it to the series of "
                "data/projection/offences.yml and write the counts again with make backtest, or give the indicator "
                "another rule."
            ) from None
        except ValueError as error:
            raise ConfigurationError(f"{where}: {error}. Give another rule or year, or mend the series.") from None
        numbers: dict[str, Any] = {name: settled(getattr(projected, name)) for name in PROJECTED_NUMBERS}
        return replace(projected, **numbers)

    def projections(self, series_name: str, year: str) -> list[Projection]:
        """Return the projections from the year under way to `year`; a year that is complete is left out before it."""
        last = parse_year(year)
        first = min(self.quarter.shift(1).year, last)
        return [self.projection(series_name, year_label(one)) for one in range(first, last + 1)]

    def control_chart(self, series_name: str) -> pd.DataFrame:
        """Return the control chart of a series of months or quarters, as control_charts.draw_up does."""
        if series_name not in self._charts:
            self._charts[series_name] = self._draw(series_name, self.plan.series[series_name])
        return self._charts[series_name]

    def proposed_rebase(self, series_name: str) -> ProposedRebase | None:
        """Return the new start of limits that a series' control chart suggests, where the chart would then have any."""
        proposed = propose(self.control_chart(series_name))
        if proposed is None:
            return None
        spec = self.plan.series[series_name]
        new = Rebase.model_validate(proposed.entry)
        redrawn = self._draw(series_name, spec.model_copy(update={"rebase": [*spec.rebase, new]}))
        return None if redrawn["no_limits"].iloc[-1] else proposed

    def _draw(self, series_name: str, spec: Series) -> pd.DataFrame:
        periodicity, polarity = self.office.periodicity(series_name), self.plan.polarity(series_name)
        first = self.plan.first_fixing_month
        table = control_charts.draw_up(self.points[series_name], self.quarter, periodicity, spec, polarity, first)
        numbers = table.select_dtypes("float").columns
        return table.assign(**{name: table[name].map(settled) for name in numbers})


class Prepared(NamedTuple):
    """What the prepare notebook makes of the raw tables: the points of each table's series, and their gaps.

    points: of each table that may be shown, with the columns of series.SERIES_COLUMNS. gaps: series.GAP_COLUMNS.
    """

    points: Mapping[str, pd.DataFrame]
    gaps: pd.DataFrame


def prepare_series(office: Configuration) -> Prepared:
    """Return the series of each raw table that may be shown."""
    tables, gaps = {}, [pd.DataFrame(columns=series.GAP_COLUMNS, dtype=str)]
    shown = office.shown_tables
    for table in shown:
        every_name = (name for name, spec in office.plan.series.items() if spec.table == table)
        # A rate whose residents may not be shown, or are not there, has no point.
        names = [name for name in every_name if (per := office.plan.series[name].per) is None or per.table in shown]
        if names:
            with made_of(office, table):
                tables[table], missing = _series_of(office, table, names)
            gaps += missing
    return Prepared(tables, pd.concat(gaps, ignore_index=True))


def _series_of(office: Configuration, table: str, names: list[str]) -> tuple[pd.DataFrame, list[pd.DataFrame]]:
    """Return the points of the series that a table has, and the gaps of each."""
    received = corrected(office, table)
    frame = typed(received)
    of = {name: residents(office, name) for name in names}
    for name in names:
        check_added_rows(frame, name, office)
        check_supplied(frame, name, office)
    every = [series.extract(frame, name, office, of[name]) for name in names]
    for name, points in zip(names, every, strict=True):
        check_shares(points, name, office)
    every += [points for name in names for points in extract_areas(frame, name, office, of[name])]
    return pd.concat(every, ignore_index=True), [
        series.gaps(frame, received, name, office) for name in names if received.gaps
    ]


def residents(office: Configuration, name: str) -> float | None:
    """Return the residents that a series' rate is per, of the vintage that the plan names; None for no rate.

    Raises SourceError where the population table has no such figure, or more than one.
    """
    per = office.plan.series[name].per
    if per is None:
        return None
    file = series.file_of(office, per.table)
    if per.on > last_day(office.quarter):
        raise SourceError(
            f"{shown(office.project.plan(office.quarter))}, series {name!r}, `per`: found the residents of "
            f"{date_words(per.on)}, expected those of a day up to the quarter's end. Name the latest that were counted."
        )
    frame, table = typed(corrected(office, per.table)), office.plan.tables[per.table]
    rows = frame[frame[table.column_of("date")] == per.on.isoformat()]
    for column, category in per.where.items():
        rows = rows[rows[column] == category]
    found = rows[per.value].dropna()
    if len(found) != 1 or found.iloc[0] <= 0:
        picked = "".join(f", {column} {category!r}" for column, category in per.where.items())
        raise SourceError(
            f"{file}, {per.value!r} on {date_words(per.on)}{picked}: found {len(found)} figures above 0, "
            f"expected one. Correct `per` of series {name!r} in the plan, or the file."
        )
    return float(found.iloc[0])


def data_of_series(office: Configuration, prepared: Prepared) -> QuarterData:
    """Return the data of a quarter from its prepared series."""
    by_name = with_every_area(
        {str(name): rows for frame in prepared.points.values() for name, rows in frame.groupby("series")}
    )
    # A series that has no point at all is one of the quarter all the same.
    every = (name for name, spec in office.plan.series.items() if spec.table in prepared.points)
    points = {name: by_name.get(name, NO_POINTS) for name in every} | by_name
    return QuarterData(office, points, office.sources.origins, prepared.gaps)


def data_of_raw_files(office: Configuration) -> QuarterData:
    """Return the data of a quarter straight from its raw files, whatever the notebooks wrote."""
    return data_of_series(office, prepare_series(office))


def save_series(office: Configuration, prepared: Prepared) -> None:
    """Write the series of each table, their gaps and their origins to data/processed for later notebooks."""
    folder = office.project.processed(office.quarter)
    (folder / SERIES_FOLDER).mkdir(parents=True, exist_ok=True)
    for path in (folder / SERIES_FOLDER).glob("*.csv"):
        if path.stem not in prepared.points:
            path.unlink()  # a table embargoed since the last run must not linger
    origins = pd.DataFrame([(*key, origin) for key, origin in office.sources.origins.items()], columns=ORIGINS)
    written = {f"{SERIES_FOLDER}/{table}.csv": frame for table, frame in prepared.points.items()}
    written |= {ORIGINS_FILE: origins, GAPS_FILE: prepared.gaps}
    for name, frame in written.items():
        frame.to_csv(folder / name, index=False, lineterminator="\n")


def read_prepared(office: Configuration) -> QuarterData:
    """Return the data of a quarter from what the prepare notebook wrote. Raises SourceError where it has not run.

    A table is read when one of its series is asked for, so that a notebook depends on no table that it does not use.
    """
    folder = office.project.processed(office.quarter)
    shown = set(office.shown_tables)
    points = _PreparedSeries(
        folder / SERIES_FOLDER, {n: s.table for n, s in office.plan.series.items() if s.table in shown}
    )
    frame = _read_prepared(folder / ORIGINS_FILE, ORIGINS)
    origins = {(table, column): origin for table, column, origin in frame.itertuples(index=False)}
    return QuarterData(office, points, origins, _read_prepared(folder / GAPS_FILE, series.GAP_COLUMNS))


class _PreparedSeries(Mapping[str, pd.DataFrame]):
    """The series that the prepare notebook wrote, by name. A lookup raises SourceError where it has not run."""

    def __init__(self, folder: Path, table_of: Mapping[str, str]):
        """Stand for the tables in `folder`; `table_of` names the table of each series."""
        self._folder, self._table_of = folder, table_of
        self._tables: dict[str, dict[str, pd.DataFrame]] = {}

    def __getitem__(self, name: str) -> pd.DataFrame:
        table = self._table_of[base_name(name)]
        if table not in self._tables:
            frame = _read_prepared(self._folder / f"{table}.csv", series.SERIES_COLUMNS).astype(
                {"series": str, "period": str}
            )
            self._tables[table] = with_every_area(
                {str(name): rows for name, rows in frame.groupby("series", sort=False)}
            )
        return self._tables[table].get(name, NO_POINTS)

    def __iter__(self) -> Iterator[str]:
        return (name for name in self._table_of if name in self)

    def __len__(self) -> int:
        return sum(1 for _ in self)


def _read_prepared(path: Path, columns: list[str]) -> pd.DataFrame:
    remedy = "Run the prepare notebook, or make quarter."
    return read_table(path, columns, remedy, what="a table of the prepare notebook")
