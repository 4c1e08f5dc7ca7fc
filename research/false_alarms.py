"""How often a control chart of a series in which nothing happened flags its latest point: a seeded simulation.

    python -m research.false_alarms     prints the shares and writes data/spc/false_alarms.csv

The pack shows many charts at once, so some signals are chance; it says how many are to be expected, by that table.
"""

import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from panelpack.errors import UsageError
from panelpack.indicators.reference_tables import FALSE_ALARMS
from panelpack.project import Project
from panelpack.statistics import seasonality, spc

SERIES = 2_000  # a case; the standard error of a share of 2% is then 0.3 points
SEED = 1
MONTHS, QUARTERS = 39, 13  # three years and a quarter: the history of a first paper after a baseline year
LOWEST, HIGHEST = 100, 400  # mean counts a period, spread evenly on the log scale
SEASON = 0.15  # how far a seasonal level goes up and down
LEAST_SATISFIED, MOST_SATISFIED, FEWEST_ASKED = 0.6, 0.95, 20  # of a survey: the true share, and people a month
DISPERSION = 3  # variance of the over-dispersed counts, as a multiple of their mean
CARRIED_OVER = 0.5  # correlation of an autocorrelated level with the one of the month before
WANDER = 0.1  # its standard deviation, relative to the mean
STEP, STEP_POINTS = 1.3, 3  # a real change: the level of the latest points, as a multiple

Series = Callable[[np.random.Generator, int], np.ndarray]


@dataclass(frozen=True)
class Case:
    """A way in which series come about, and how they are charted; without a period they are not adjusted.

    A case is of the pack when its charts are taken to be so: months or quarters, seasonal or not, always adjusted
    where a season shows, and chance without memory.
    """

    name: str
    series: Series
    points: int = MONTHS
    period: int | None = None
    of_pack: bool = False


def _mean(chance: np.random.Generator) -> float:
    return float(np.exp(chance.uniform(np.log(LOWEST), np.log(HIGHEST))))


def _independent(chance: np.random.Generator, points: int) -> np.ndarray:
    return chance.poisson(_mean(chance), points)


def _wave(chance: np.random.Generator, points: int) -> np.ndarray:
    """Return a level of one wave a year, with its summer anywhere."""
    return 1 + SEASON * np.sin(2 * np.pi * (np.arange(points) + chance.uniform(0, 12)) / 12)


def _seasonal(chance: np.random.Generator, points: int) -> np.ndarray:
    return chance.poisson(_mean(chance) * _wave(chance, points))


def _surveyed(chance: np.random.Generator, points: int) -> np.ndarray:
    """Return percentages of people asked, a different number each month; the share itself never changes."""
    asked = chance.poisson(_mean(chance), points).clip(FEWEST_ASKED)
    satisfied = chance.binomial(asked, chance.uniform(LEAST_SATISFIED, MOST_SATISFIED))
    return np.asarray(100 * satisfied / asked)


def _irregular_season(chance: np.random.Generator, points: int) -> np.ndarray:
    """Return counts of which each month of the year has a level of its own, in no order; as strong as the wave."""
    level = 1 + SEASON / np.sqrt(2) * chance.standard_normal(12).clip(-2, 2)
    return chance.poisson(_mean(chance) * np.resize(level, points))


def _over_dispersed(chance: np.random.Generator, points: int) -> np.ndarray:
    """Return counts whose level is gamma distributed, so that their variance is DISPERSION times the mean."""
    scale = DISPERSION - 1
    return chance.poisson(chance.gamma(_mean(chance) / scale, scale, points))


def _autocorrelated(chance: np.random.Generator, points: int) -> np.ndarray:
    """Return counts whose level wanders: what it is one month is half of what it is the next."""
    level = chance.standard_normal(points)
    for month in range(1, points):
        level[month] = CARRIED_OVER * level[month - 1] + np.sqrt(1 - CARRIED_OVER**2) * level[month]
    return chance.poisson(_mean(chance) * np.exp(WANDER * level))


def _rolling_totals(chance: np.random.Generator, points: int) -> np.ndarray:
    return np.convolve(_independent(chance, points + 11), np.ones(12), mode="valid")


def _stepped(series: Series) -> Series:
    """Return series whose latest points are of a higher level; rounded, for only the size matters here."""

    def with_step(chance: np.random.Generator, points: int) -> np.ndarray:
        counts = series(chance, points).astype(float)
        counts[-STEP_POINTS:] = np.round(STEP * counts[-STEP_POINTS:])
        return counts

    return with_step


def _both_ways(name: str, series: Series, of_pack: bool = False) -> list[Case]:
    return [Case(name, series), Case(f"{name}: adjusted", series, period=12, of_pack=of_pack)]


STABLE = [
    *_both_ways("independent counts", _independent, of_pack=True),
    *_both_ways(f"season of ±{SEASON:.0%}", _seasonal, of_pack=True),
    *_both_ways("irregular season as strong", _irregular_season, of_pack=True),
    *_both_ways("percentages of a survey", _surveyed, of_pack=True),
    *_both_ways(f"over-dispersed counts (variance {DISPERSION} times the mean)", _over_dispersed),
    *_both_ways(f"autocorrelated level ({CARRIED_OVER} from month to month)", _autocorrelated),
    Case("independent counts by quarter: adjusted", _independent, points=QUARTERS, period=4, of_pack=True),
    Case("rolling 12-month totals (never charted)", _rolling_totals),
]
CHANGED = [
    *_both_ways("independent counts", _stepped(_independent)),
    *_both_ways(f"season of ±{SEASON:.0%}", _stepped(_seasonal)),
]


def flagged(case: Case, series: int = SERIES, seed: int = SEED) -> float:
    """Return the share (0 to 1) of a case's simulated series whose latest point is a special cause."""
    chance = np.random.default_rng(seed)  # the same in each case: adjusted or not, the series are the same
    special = sum(_latest_is_special(case.series(chance, case.points), case.period) for _ in range(series))
    return special / series


def _latest_is_special(values: np.ndarray, period: int | None) -> bool:
    charted = values if period is None else seasonality.adjust(values, period)["value"]
    return bool(spc.xmr(charted)["special_cause"].iloc[-1] != "")


def simulate(cases: Iterable[Case], series: int = SERIES, seed: int = SEED) -> pd.DataFrame:
    """Return a row a case, the columns FALSE_ALARMS, as `read_false_alarms` reads them."""
    rows = [(case.name, case.of_pack, flagged(case, series, seed), series, case.points, seed) for case in cases]
    return pd.DataFrame(rows, columns=FALSE_ALARMS)


def main() -> int:
    """Print the share of stable series that are flagged, and of changed ones; write the table of the former.

    Returns the exit code: 0 done, 2 outside a project.
    """
    try:
        project = Project.here()
    except UsageError as error:
        print(f"panelpack: {error}", file=sys.stderr)
        return error.exit_code
    stable = simulate(STABLE)
    file = project.false_alarms
    file.parent.mkdir(parents=True, exist_ok=True)
    stable.to_csv(file, index=False, lineterminator="\n")
    print(f"Latest point flagged, nothing changed ({SERIES:,} series a case, seed {SEED})")
    print(_listed(stable))
    print(f"\nLatest point flagged, the last {STEP_POINTS} of {MONTHS} months {STEP - 1:+.0%}")
    print(_listed(simulate(CHANGED)))
    print(f"\nwrote {file.relative_to(project.root)}")
    return 0


def _listed(table: pd.DataFrame) -> str:
    width = table["case"].str.len().max()
    return "\n".join(f"  {row.case:<{width}}  {row.share:6.1%}  {row.points} points" for row in table.itertuples())


if __name__ == "__main__":
    sys.exit(main())
