"""All that a quarter's figures are computed from: configuration, series and what past projections teach."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import pandas as pd

from panelpack import projection, series
from panelpack.configuration import shown
from panelpack.corrections import corrected
from panelpack.errors import ConfigurationError, SourceError
from panelpack.formats import settled
from panelpack.params import Params, load_params
from panelpack.plan import Plan
from panelpack.plan_problems import load_plan
from panelpack.project import Project
from panelpack.projection import NUMBERS, Projection
from panelpack.quarters import Period, Quarter, parse_year, resolve_period
from panelpack.series import Amount
from panelpack.sources import Sources, load_sources, typed

SERIES, RECONSTRUCTED = "series", "reconstructed.csv"  # below data/processed/<quarter>


@dataclass(frozen=True)
class Evidence:
    """All that a quarter's figures are computed from. `points` holds the series that may be shown, by name;
    `reconstructed` the tables whose files were reconstructed rather than received; `calibration` what past errors of
    projections teach (projection.read_calibration).
    """

    plan: Plan
    params: Params
    quarter: Quarter
    points: Mapping[str, pd.DataFrame]
    reconstructed: frozenset[str]
    calibration: pd.DataFrame
    charts: dict[str, pd.DataFrame] = field(init=False, default_factory=dict)  # control charts once drawn up, by series

    def period(self, name: str) -> Period:
        """Return the months of a period name in this quarter's report."""
        return resolve_period(name, self.quarter, parse_year(self.plan.baseline_year))

    def amount(self, series_name: str | None, period_name: str | None) -> Amount | None:
        """Return a series over a period, or None where it has none."""
        if series_name is None or period_name is None or series_name not in self.points:
            return None
        periodicity = self.plan.periodicity(self.plan.series[series_name])
        last = self.quarter.months[-1]
        return series.amount(self.points[series_name], self.period(period_name), periodicity, last)

    def projection(self, series_name: str, year: str) -> Projection:
        """Return the projected total of a series for a financial year, from its points up to the quarter's end.

        Raises ConfigurationError where it cannot be projected, or no errors of it were measured.
        """
        last = series.latest_keys(self.quarter, self.periodicity(series_name))[-1]
        counts = series.charted(self.points[series_name])[lambda values: values.index <= last].rename(series_name)
        where = f"params/plan.yml, series {series_name!r}, projection to {year}"
        try:
            found = projection.project_year(counts, year, self.calibration)
        except ValueError as error:
            raise ConfigurationError(f"{where}: {error}. Give another rule or year, or mend the series.") from None
        if found.learned_from not in ("", series_name):
            raise ConfigurationError(
                f"{where}: the table of past errors has no row for it, so no interval is known for it. Add it to the "
                "back-test's mapping of offences and write the table again, or give the indicator another rule."
            )
        return replace(found, **{name: settled(getattr(found, name)) for name in NUMBERS})

    def periodicity(self, series_name: str) -> str:
        """Return month, quarter or date."""
        return self.plan.periodicity(self.plan.series[series_name])


def shown_tables(plan: Plan, params: Params) -> list[str]:
    """Return the tables of which something may be shown at the meeting."""
    return [table for table in plan.tables if not params.withheld(table)]


def series_tables(project: Project, quarter: Quarter) -> dict[str, pd.DataFrame]:
    """Return the series of each raw table that may be shown, with the columns of series.COLUMNS."""
    plan, params, _ = configuration(project, quarter)
    tables = {}
    for table in shown_tables(plan, params):
        names = [name for name, spec in plan.series.items() if spec.table == table]
        if names:
            frame = typed(corrected(project, quarter, plan.tables[table], plan), plan.tables[table])
            tables[table] = pd.concat([series.extract(frame, name, plan, params) for name in names], ignore_index=True)
    return tables


def configuration(project: Project, quarter: Quarter) -> tuple[Plan, Params, Sources]:
    """Read the plan, the quarter's parameters and the sources. Raises ConfigurationError."""
    plan = load_plan(project.plan)
    return plan, load_params(project.params(quarter), quarter, plan), load_sources(project.raw(quarter))


def of_tables(project: Project, quarter: Quarter, tables: Mapping[str, pd.DataFrame]) -> Evidence:
    """Return the evidence of a quarter from its tables of series."""
    plan, params, sources = configuration(project, quarter)
    points = {str(name): rows for frame in tables.values() for name, rows in frame.groupby("series", sort=False)}
    calibration = projection.read_calibration(project.calibration)
    return Evidence(plan, params, quarter, points, _reconstructed(sources), calibration)


def prepared(project: Project, quarter: Quarter) -> Evidence:
    """Return the evidence from what the prepare notebook wrote. Raises SourceError where it has not run.

    A table is read when one of its series is asked for, so that a notebook depends on no table that it does not use.
    """
    plan = load_plan(project.plan)
    params = load_params(project.params(quarter), quarter, plan)
    folder = project.processed(quarter)
    points = Prepared(folder / SERIES, {n: s.table for n, s in plan.series.items() if not params.withheld(s.table)})
    reconstructed = frozenset(_written(folder / RECONSTRUCTED)["table"])
    calibration = projection.read_calibration(project.calibration)
    return Evidence(plan, params, quarter, points, reconstructed, calibration)


class Prepared(Mapping[str, pd.DataFrame]):
    """The series that the prepare notebook wrote, by name. A lookup raises SourceError where it has not run."""

    def __init__(self, folder: Path, table_of: Mapping[str, str]):
        """Stand for the tables in `folder`; `table_of` names the table of each series."""
        self._folder, self._table_of, self._tables = folder, table_of, {}

    def __getitem__(self, name: str) -> pd.DataFrame:
        table = self._table_of[name]
        if table not in self._tables:
            frame = _written(self._folder / f"{table}.csv")
            self._tables[table] = {str(name): rows for name, rows in frame.groupby("series", sort=False)}
        return self._tables[table][name]

    def __iter__(self) -> Iterator[str]:
        return (name for name in self._table_of if name in self)

    def __len__(self) -> int:
        return sum(1 for _ in self)


def _written(path: Path) -> pd.DataFrame:
    """Read a table of the prepare notebook."""
    try:
        return pd.read_csv(path, dtype={"series": str, "period": str})
    except FileNotFoundError:
        raise SourceError(f"{shown(path)}: the file is missing. Run the prepare notebook, or make quarter.") from None


def _reconstructed(sources: Sources) -> frozenset[str]:
    return frozenset(source.table for source in sources.files.values() if source.reconstructed)


def prepare(project: Project, quarter: Quarter) -> dict[str, pd.DataFrame]:
    """Write the series of each table, and which tables were reconstructed, to data/processed; return the series."""
    tables, folder = series_tables(project, quarter), project.processed(quarter)
    (folder / SERIES).mkdir(parents=True, exist_ok=True)
    for path in (folder / SERIES).glob("*.csv"):
        if path.stem not in tables:
            path.unlink()  # a table embargoed since the last run must not linger
    made_up = pd.DataFrame({"table": sorted(_reconstructed(load_sources(project.raw(quarter))))})
    written = {f"{SERIES}/{table}.csv": frame for table, frame in tables.items()} | {RECONSTRUCTED: made_up}
    for name, frame in written.items():
        frame.to_csv(folder / name, index=False, lineterminator="\n")
    return tables
