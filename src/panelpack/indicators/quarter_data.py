"""All that a quarter's figures are computed from: configuration, series, and the official counts of other forces."""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from typing import Any

import pandas as pd

from panelpack.config.configuration import Configuration
from panelpack.config.parameters import Parameters
from panelpack.config.plan import Plan
from panelpack.config.series import Rebase, Series
from panelpack.disclosure.areas import EVERY_AREA, SEPARATOR, areas_of, base_name, has_areas, name_of, with_every_area
from panelpack.disclosure.period_totals import period_total
from panelpack.disclosure.points import GAP_COLUMNS, SERIES_COLUMNS
from panelpack.disclosure.publication import (
    CONFIDENTIAL,
    FOR_OTHERS,
    NO_PROTECTED,
    NUMBERS,
    PROTECTED_COLUMNS,
    TOTAL_COLUMNS,
    Prepared,
    prepare_series,
)
from panelpack.errors import ConfigurationError
from panelpack.formats import settled
from panelpack.indicators import control_charts, series
from panelpack.indicators.area_residents import RESIDENTS_FILE, PreparedResidents, by_series
from panelpack.indicators.rebases import ProposedRebase, propose
from panelpack.indicators.reference_tables import read_official_counts
from panelpack.intake.files import read_table
from panelpack.named_periods import Period, keys_of
from panelpack.periods import (
    Quarter,
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

# Below data/processed/<quarter>; of the two folders a file a table.
SERIES_FOLDER, TOTALS_FOLDER = "series", "totals"
ORIGINS_FILE, GAPS_FILE, PROTECTED_FILE = "origins.csv", "gaps.csv", "protected.csv"
ORIGINS = ["table", "column", "origin"]
NO_POINTS = pd.DataFrame(columns=SERIES_COLUMNS).astype({"value": float, "base": float})
PROJECTED_NUMBERS = ("total", "lower_95", "upper_95", "lower_80", "upper_80")  # of a projection


@dataclass(frozen=True)
class QuarterData:
    """All that a quarter's figures are computed from.

    points: of the series what may be shown, by name, each with the columns of points.SERIES_COLUMNS. origins: where
    each column of the reconstructed tables is from ('printed', 'official' or 'assumed'), by table and column. gaps: the
    periods of which no number is there, and why, with the columns of points.GAP_COLUMNS. totals: by table those of
    series that are not shown as the table has them. protected: those series, with the columns of
    publication.PROTECTED_COLUMNS. residents: of the series that have them by area, by its name, '' of the whole.
    """

    office: Configuration
    points: Mapping[str, pd.DataFrame]
    origins: Mapping[tuple[str, str], str]
    gaps: pd.DataFrame
    totals: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    protected: pd.DataFrame = field(default_factory=NO_PROTECTED.copy)
    residents: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    _charts: dict[str, pd.DataFrame] = field(init=False, default_factory=dict, repr=False)  # once drawn up, by series
    _totals: dict[tuple[str, str], PeriodTotal | None] = field(init=False, default_factory=dict, repr=False)  # likewise

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
        own, source = self.office.official_force, self.office.official_release
        counts = read_official_counts(self.office.project)
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

    @cached_property
    def _protected(self) -> dict[str, dict[str, str]]:
        """What is known of each series, and area of one, that is not shown as its table has it, by name."""
        return {row["series"]: row for row in self.protected.to_dict("records")}

    def grain(self, series_name: str) -> str:
        """Return what the points of a series that are shown cover: those of its table, or longer; '' where none is."""
        about = self._protected.get(series_name)
        return about["grain"] if about else self.office.periodicity(base_name(series_name))

    def is_coarsened(self, series_name: str) -> bool:
        """Whether the points of a series are longer than those of its table, or none is shown."""
        return self.grain(series_name) != self.office.periodicity(base_name(series_name))

    def is_for_others(self, series_name: str) -> bool:
        """Whether a series is coarsened so that what is hidden of others cannot be worked out."""
        about = self._protected.get(series_name)
        return about is not None and about["why"] == FOR_OTHERS

    def last_month(self, series_name: str) -> str:
        """Return the month with which the relative periods of a series end: the quarter's last, or its latest point's.

        The latest point counts where the plan lets the table lag, and no further back than it may.
        """
        if about := self._protected.get(series_name):
            return about["last_month"]
        spec = self.plan.series[base_name(series_name)]
        points = self.points[series_name]["period"] if series_name in self.points else ()
        return last_month_of(points, self.plan.periodicity(spec), self.plan.tables[spec.table].lag_months, self.quarter)

    def total(self, series_name: str | None, period_name: str | None) -> PeriodTotal | None:
        """Return a series over a period; None where it has none, or where the latest position lacks a number.

        Of a series that is not shown as its table has it, the total is that of the exact points, where a figure of the
        plan shows it.
        """
        if series_name is None or period_name is None or series_name not in self.points:
            return None
        if (series_name, period_name) not in self._totals:
            self._totals[series_name, period_name] = self._put_together(series_name, period_name)
        return self._totals[series_name, period_name]

    def _put_together(self, series_name: str, period_name: str) -> PeriodTotal | None:
        stated = self._stated(series_name, period_name)
        if stated is not None:
            return None if stated["withheld"] else self._total_of(series_name, period_name, stated)
        period = self.period(series_name, period_name)
        if not period.months and self.why_no_number(series_name, period_name)[0]:
            return None  # an earlier position would stand there as if it were the latest
        spec = self.plan.series[base_name(series_name)]
        total = period_total(
            self.points[series_name],
            period,
            self.grain(series_name),
            self.quarter.months[-1],
            spec.kind,
            self.plan.over_time(spec),
            is_worked_out=self.plan.is_worked_out(spec),
        )
        return total and replace(total, statistic=spec.statistic or "")

    def why_withheld(self, series_name: str | None, period_name: str | None) -> str:
        """Return why a total is not shown although it is there: 'small_sample' or 'suppressed'; '' where it is."""
        if series_name is None or period_name is None or series_name not in self.points:
            return ""
        stated = self._stated(series_name, period_name)
        return str(stated["withheld"]) if stated is not None else ""

    def _stated(self, series_name: str, period_name: str) -> Mapping[str, Any] | None:
        """Return the total that was handed on of a series that is not shown as its table has it."""
        if series_name not in self._protected:
            return None
        totals = self.totals[self.plan.series[base_name(series_name)].table]
        rows = totals[(totals["series"] == series_name) & (totals["period"] == period_name)]
        return rows.to_dict("records")[0] if len(rows) else None

    def _total_of(self, series_name: str, period_name: str, stated: Mapping[str, Any]) -> PeriodTotal:
        """Return a total that was handed on, with those of its points that are shown."""
        spec, points = self.plan.series[base_name(series_name)], self.points[series_name]
        keys = keys_of(self.period(series_name, period_name), self.grain(series_name)) or ()
        known = points[points["period"].isin(keys)]
        numbers = {name: None if pd.isna(stated[name]) else float(stated[name]) for name in NUMBERS}
        return PeriodTotal(
            words=str(stated["words"]),
            kind=spec.kind,
            statistic=spec.statistic or "",
            points=tuple(known["value"].astype(float)) if len(known) == len(keys) and _has_points(numbers) else (),
            **numbers,  # type: ignore[arg-type]  # value and exposure are always there
        )

    def is_bedding_in(self, series_name: str, month: str) -> bool:
        """Whether a month is one of the first of a new recording practice, whose counts are no comparator yet."""
        began = self.plan.series[base_name(series_name)].began
        return began is not None and month <= shift_month(began, self.plan.bedding_in_months - 1)

    def areas(self, series_name: str) -> list[str]:
        """Return the areas of a series that can be shown apart, in alphabetical order."""
        if series_name not in self.points or not has_areas(self.plan, series_name):
            return []
        with_points = areas_of(self.points.get(name_of(series_name, EVERY_AREA), NO_POINTS))
        without = (name for name in self._protected if name.startswith(name_of(series_name, "")))
        return sorted({*with_points, *(name.split(SEPARATOR, 1)[1] for name in without)})

    def why_no_number(self, series_name: str | None, period_name: str | None) -> tuple[str, str]:
        """Return the meaning of the first gap of a series in a period and the point that it is of; '' for none.

        Of a position it is the first gap after the latest one that is whole.
        """
        if series_name is None or period_name is None or series_name not in self.points:
            return "", ""
        period = self.period(series_name, period_name)
        if period.months:
            keys = {
                key
                for grain in (self.office.periodicity(base_name(series_name)), self.grain(series_name))
                for key in keys_of(period, grain) or ()
            }
            return self._first_gap(series_name, lambda point: point in keys)
        last = period.day.isoformat() if period.day else last_day(self.quarter).isoformat()
        latest = max((day for day in self.points[series_name]["period"] if day <= last), default="")
        return self._first_gap(series_name, lambda day: latest < day <= last)

    def why_not_projected(self, series_name: str) -> tuple[str, str]:
        """Return the first gap since a series' first point, as `why_no_number` does; '' where nothing is missing.

        Of a series whose quarters may not be shown it is the reported quarter.
        """
        grain = self.grain(series_name)
        if self.is_coarsened(series_name) and grain != "quarter":
            return CONFIDENTIAL, str(self.quarter)
        first = self.points[series_name]["period"].min()
        last = latest_keys(self.quarter, grain)[-1]
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
        last = latest_keys(self.quarter, self.grain(series_name))[-1]
        charted = series.charted(self.points[series_name], self.plan.series[series_name].kind)
        counts = charted[charted.index <= last].rename(series_name)
        where = f"params/plan.yml, series {series_name!r}, projection to {year}"
        try:
            projected = project_year(counts, year, self.past_errors)
        except UnknownSeriesError as error:
            raise ConfigurationError(
                f"{where}: {error}, so no interval is known for it. Add it to the series of "
                "data/projection/offences.yml and run make backtest, or give the indicator another rule."
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
        grain, polarity = self.grain(series_name), self.plan.polarity(series_name)
        first = self.plan.first_fixing_month
        table = control_charts.draw_up(self.points[series_name], self.quarter, grain, spec, polarity, first)
        numbers = table.select_dtypes("float").columns
        return table.assign(**{name: table[name].map(settled) for name in numbers})


def data_of_series(office: Configuration, prepared: Prepared) -> QuarterData:
    """Return the data of a quarter from its prepared series."""
    by_name = with_every_area(
        {str(name): rows for frame in prepared.points.values() for name, rows in frame.groupby("series")}
    )
    # A series that has no point at all is one of the quarter all the same.
    every = [name for name, spec in office.plan.series.items() if spec.table in prepared.points]
    every += list(prepared.protected["series"])
    points = {name: by_name.get(name, NO_POINTS) for name in every} | by_name
    living = by_series(prepared.residents)
    about = prepared.gaps, prepared.totals, prepared.protected, living
    return QuarterData(office, points, office.sources.origins, *about)


def data_of_raw_files(office: Configuration) -> QuarterData:
    """Return the data of a quarter straight from its raw files, whatever the notebooks wrote."""
    return data_of_series(office, prepare_series(office))


def save_series(office: Configuration, prepared: Prepared) -> None:
    """Write what may be shown of each table's series to data/processed for later notebooks, and nothing finer."""
    folder = office.project.processed(office.quarter)
    for below in (SERIES_FOLDER, TOTALS_FOLDER):
        (folder / below).mkdir(parents=True, exist_ok=True)
        for path in (folder / below).glob("*.csv"):
            if path.stem not in prepared.points:
                path.unlink()  # a table embargoed since the last run must not linger
    origins = pd.DataFrame([(*key, origin) for key, origin in office.sources.origins.items()], columns=ORIGINS)
    written = {f"{SERIES_FOLDER}/{table}.csv": frame for table, frame in prepared.points.items()}
    written |= {f"{TOTALS_FOLDER}/{table}.csv": frame for table, frame in prepared.totals.items()}
    written |= {ORIGINS_FILE: origins, GAPS_FILE: prepared.gaps, PROTECTED_FILE: prepared.protected}
    if len(prepared.residents):
        written[RESIDENTS_FILE] = prepared.residents
    else:
        (folder / RESIDENTS_FILE).unlink(missing_ok=True)
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
    gaps = _read_prepared(folder / GAPS_FILE, GAP_COLUMNS)
    protected = _read_prepared(folder / PROTECTED_FILE, PROTECTED_COLUMNS, text=True)
    totals = _PreparedTotals(folder / TOTALS_FOLDER, shown)
    return QuarterData(office, points, origins, gaps, totals, protected, PreparedResidents(folder, office))


class _PreparedSeries(Mapping[str, pd.DataFrame]):
    """The series that the prepare notebook wrote, by name. A lookup raises SourceError where it has not run."""

    def __init__(self, folder: Path, table_of: Mapping[str, str]):
        """Stand for the tables in `folder`; `table_of` names the table of each series."""
        self._folder, self._table_of = folder, table_of
        self._tables: dict[str, dict[str, pd.DataFrame]] = {}

    def __getitem__(self, name: str) -> pd.DataFrame:
        table = self._table_of[base_name(name)]
        if table not in self._tables:
            frame = _read_prepared(self._folder / f"{table}.csv", SERIES_COLUMNS).astype({"series": str, "period": str})
            self._tables[table] = with_every_area(
                {str(name): rows for name, rows in frame.groupby("series", sort=False)}
            )
        return self._tables[table].get(name, NO_POINTS)

    def __iter__(self) -> Iterator[str]:
        return (name for name in self._table_of if name in self)

    def __len__(self) -> int:
        return sum(1 for _ in self)


class _PreparedTotals(Mapping[str, pd.DataFrame]):
    """The totals that the prepare notebook handed on, by table; each is read when it is asked for."""

    def __init__(self, folder: Path, tables: Collection[str]):
        """Stand for the files of some tables in `folder`."""
        self._folder, self._tables = folder, tables
        self._read: dict[str, pd.DataFrame] = {}

    def __getitem__(self, table: str) -> pd.DataFrame:
        if table not in self._read:
            frame = _read_prepared(self._folder / f"{table}.csv", TOTAL_COLUMNS, text=True)
            numbers = {name: [float(cell or "nan") for cell in frame[name]] for name in NUMBERS}  # as exact as written
            self._read[table] = frame.assign(**numbers)
        return self._read[table]

    def __iter__(self) -> Iterator[str]:
        return iter(self._tables)

    def __len__(self) -> int:
        return len(self._tables)


def _has_points(numbers: Mapping[str, float | None]) -> bool:
    """Whether a total has points that tell how counts vary: it is no percentage and no mean with a base."""
    return numbers["base"] is None


def _read_prepared(path: Path, columns: list[str], *, text: bool = False) -> pd.DataFrame:
    remedy = "Run the prepare notebook, or make quarter."
    return read_table(path, columns, remedy, what="a table of the prepare notebook", text=text)
