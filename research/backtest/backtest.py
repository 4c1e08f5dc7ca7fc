"""The back-test: from every quarter, what the pack would have said of each force's year, and what came.

Each force is left out in turn: its intervals are learned from the other forces, as those of a pack are, and from what
had been published by then. The official figures of a quarter come out after the next one has ended, so a forecast made
at a quarter's end knows the force's own counts of it, and of other forces those up to the quarter before.
"""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from panelpack.comparators.counts import OfficialCounts, read_official_counts_of_forces
from panelpack.comparators.moves import why_refused
from panelpack.config.study import (
    INPUTS,
    MADE_FROM,
    Break,
    MadeFrom,
    OffenceSeries,
    Split,
    load_offences,
    load_split,
    made_from_text,
)
from panelpack.errors import SourceError
from panelpack.indicators.reference_tables import counts_by_series
from panelpack.periods import Quarter
from panelpack.project import Project, digest
from panelpack.statistics.attempts import Attempts
from panelpack.statistics.backtest_scores import BEFORE, HORIZONS, SHIPPED
from panelpack.statistics.past_errors import PastErrors
from panelpack.statistics.point_forecasts import SEASON, SMALLEST, Counts
from panelpack.statistics.projection import interval
from research.backtest.before import damped_growth, learned_interval
from research.backtest.scores import by_year, score, summarise

FEWEST_YEARS = 3  # of history before a forecast is scored
LATE = 1  # quarters by which other forces' counts are published later than a force knows its own


@dataclass(frozen=True)
class Results:
    """All of a back-test: the counts, every scored forecast, and its two summaries.

    `split` and `breaks` are what it was run by; `left_out` the forces that the table has, but not in every quarter or
    under a name that offences.yml does not have.
    """

    counts: pd.DataFrame
    forecasts: pd.DataFrame
    summary: pd.DataFrame
    by_year: pd.DataFrame
    split: Split
    breaks: tuple[Break, ...]
    left_out: tuple[str, ...] = field(default=())


def measure(project: Project) -> Results:
    """Back-test the official counts of data/comparators by offences.yml and split.yml of data/projection.

    Raises ConfigurationError for one of the two, SourceError for counts that are not of one run, or in which a series
    comes to count something else.
    """
    study, split = load_offences(project.projection), load_split(project.projection)
    of = read_official_counts_of_forces(project)
    refuse_redefined(of, study)
    counts = counts_by_series(of, study)
    left_out = sorted(set(of.forces) - set(counts.columns.get_level_values("force")))
    return run(counts, split, study.breaks, tuple(left_out))


def refuse_redefined(of: OfficialCounts, study: OffenceSeries) -> None:
    """Raise SourceError where a series counts something else from a quarter on in which offences.yml has no break.

    That is where offences moved into or out of it (moves.csv), or where a break is declared for comparisons.
    """
    quarters = sorted(of.counts.index.unique("quarter"))
    after = str(Quarter.parse(quarters[-1]).shift(1))
    for name, offences in study.series.items():
        breaks = sorted(change.first for change in study.breaks if change.series == name)
        for first, end in pairwise([quarters[0], *breaks, after]):
            why = why_refused(offences, of, first, str(Quarter.parse(end).shift(-1)))
            if why or not offences.kinds(of.counts):
                raise SourceError(
                    f"data/projection/offences.yml, series {name!r}: {why or 'The table has no such offences.'} "
                    "Correct its subgroups, or declare a break."
                )


def run(counts: pd.DataFrame, split: Split, breaks: tuple[Break, ...] = (), left_out: tuple[str, ...] = ()) -> Results:
    """Forecast from every origin and score it.

    counts: a row a quarter label, a column a (series, force), as `counts_by_series` returns them.
    Raises SourceError where a quarter is missing, or there are too few forces or quarters to learn from.
    """
    _check(counts)
    forecasts = pd.DataFrame(_forecasts(counts, breaks)).pipe(_placed, split)
    return Results(counts, forecasts, summarise(forecasts), by_year(forecasts), split, breaks, left_out)


def save(results: Results, project: Project, outputs: Path) -> list[Path]:
    """Write the tables of a back-test and what they were made from to the folder `outputs`; return their paths."""
    outputs.mkdir(parents=True, exist_ok=True)
    tables = {"summary": results.summary, "by_year": results.by_year}
    paths = [outputs / f"{name}.csv" for name in tables]
    for path, table in zip(paths, tables.values(), strict=True):
        table.to_csv(path, index=False, float_format="%.4f", lineterminator="\n")
    made_from = MadeFrom(
        counts=digest(project.official_counts),
        inputs={name: digest(project.projection / name) for name in INPUTS},
        tables={path.name: digest(path) for path in paths},
    )
    (outputs / MADE_FROM).write_text(made_from_text(made_from), encoding="utf-8")
    return [*paths, outputs / MADE_FROM]


def _check(counts: pd.DataFrame) -> None:
    labels = [Quarter.parse(label) for label in counts.index]
    for before, after in pairwise(labels):
        if after != before.shift(1):
            raise SourceError(
                f"the table of recorded crime: {after} follows {before}, expected {before.shift(1)}. "
                "Give a table without gaps."
            )
    forces, fewest = counts.columns.get_level_values("force").nunique(), FEWEST_YEARS * SEASON + SEASON
    if forces < 2 or len(labels) <= fewest:
        raise SourceError(
            f"the table of recorded crime: found {len(labels)} quarters of {forces} forces without gaps, expected more "
            f"than {fewest} of at least 2, since a force never learns from itself. Give a longer or a wider table."
        )


# -------------------------------------------------------------------------------------------------- forecasts
def _forecasts(counts: pd.DataFrame, breaks: tuple[Break, ...]) -> Iterator[dict[str, Any]]:
    """Yield every scored forecast, of the present method and of the one before."""
    past = PastErrors.of_counts(counts, [(one.series, one.first) for one in breaks])
    earlier = {ahead: _totals_before(past, ahead) for ahead in HORIZONS}
    for place, force in enumerate(past.forces):
        others = past.without(force)
        for origin in range(FEWEST_YEARS * SEASON - 1, len(past.quarters)):
            known = others.until(past.quarters[origin - LATE])
            for ahead in HORIZONS:
                if past.attempts[ahead].end[origin] < len(past.quarters):
                    yield from _of_force(past, known, earlier[ahead], (origin, ahead, place))


def _of_force(
    past: PastErrors, known: PastErrors, totals_before: Counts, key: tuple[int, int, int]
) -> Iterator[dict[str, Any]]:
    """Yield a force's forecasts of every series from one origin. key: its place, the years ahead, the force's place."""
    origin, ahead, force = key
    attempts, quarter = past.attempts[ahead], past.quarters[origin]
    errors_before, years_before = _errors_before(past, totals_before, key)
    for place, name in enumerate(past.series):
        at = origin, place, force
        to_come, latest, so_far, rest = (
            float(array[at]) for array in (attempts.forecast, attempts.latest, attempts.counted, attempts.actual)
        )
        forecasts = {
            SHIPPED: interval(to_come, latest, so_far, known.learn(name, quarter, ahead)),
            BEFORE: learned_interval(float(totals_before[at]), errors_before, place, years_before),
        }
        kept: dict[str, Any] = {
            "horizon": HORIZONS[ahead],
            "series": name,
            "force": past.forces[force],
            "origin": str(quarter),
            "year": quarter.year + ahead,
            "crosses": bool(attempts.crosses[origin, place]),
            "actual": so_far + rest,
            "latest": max(latest, SMALLEST),
        }
        for method, forecast in forecasts.items():
            yield {"method": method, **kept, **asdict(forecast), **score(forecast, kept["actual"], kept["latest"])}


def _totals_before(past: PastErrors, years_ahead: int) -> Counts:
    """Return the total that the method before forecasts, by origin, series and force; NaN where there is none."""
    totals = np.full(past.counts.shape, np.nan)
    for place in np.flatnonzero(past.attempts[years_ahead].end < np.iinfo(int).max):
        totals[place] = damped_growth(past.counts[: place + 1], past.quarters[place].number, years_ahead)
    return totals


def _errors_before(past: PastErrors, totals: Counts, key: tuple[int, int, int]) -> tuple[list[Counts], Any]:
    """Return by series the errors that the method before learned from, and the number of years they are of."""
    origin, ahead, force = key
    attempts: Attempts = past.attempts[ahead]
    number = past.quarters[origin].number
    rows = [place for place in np.flatnonzero(attempts.end <= origin - LATE) if past.quarters[place].number == number]
    actual = np.delete((attempts.actual + attempts.counted)[rows], force, axis=2)
    errors = np.log(np.maximum(actual, SMALLEST) / np.maximum(np.delete(totals[rows], force, axis=2), SMALLEST))
    errors = np.where(attempts.crosses[rows][:, :, None], np.nan, errors)
    return [errors[:, place] for place in range(len(past.series))], np.isfinite(errors).any(axis=2).sum(axis=0)


def _placed(forecasts: pd.DataFrame, split: Split) -> pd.DataFrame:
    """Say of each forecast to which period its origin belongs, and whether it is of a shock."""
    keys: Mapping[str, Any] = forecasts[["year", "origin"]]
    is_shock = [split.is_shock(year, origin) for year, origin in zip(keys["year"], keys["origin"], strict=True)]
    return forecasts.assign(period=forecasts["origin"].map(split.period), is_shock=is_shock)
