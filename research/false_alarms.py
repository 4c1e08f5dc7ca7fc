"""How often a control chart flags its latest point though nothing in particular happened: a seeded simulation.

    python -m research.false_alarms     prints the shares and writes data/spc/false_alarms.csv

The pack shows many charts at once, so some signals are chance; it says how many are to be expected, by that table. The
budget rests on series as police counts are: with a season, with more spread than Poisson counts have, and with a level
that wanders a little from year to year. Other cases show what the charts do with series that are simpler or harder.
"""

import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from panelpack.errors import UsageError
from panelpack.indicators.control_charts import PLACES, WINDOW, chart
from panelpack.indicators.reference_tables import FALSE_ALARMS
from panelpack.project import Project
from panelpack.statistics.limits import MINIMUM_POINTS

SERIES = 2_000  # a case; the standard error of a share of 8% is then 0.6 points
SEED = 1
LOWEST, HIGHEST = 20, 400  # mean counts a month, spread evenly on the log scale
SEASON = 0.1  # how far a seasonal level goes up and down
STRONG_SEASON = 0.15
DISPERSION = 3  # variance of the counts, as a multiple of their mean
LEAST_SATISFIED, MOST_SATISFIED, FEWEST_ASKED = 0.6, 0.95, 30  # of a survey: the true share, and people a month
CARRIED_OVER = 0.5  # correlation of an autocorrelated level with the one of the month before
AUTOCORRELATED = 0.1  # its standard deviation, relative to the mean
GROWTH = 0.05  # a steady trend, a year
STEP, STEP_POINTS = 1.3, 3  # a real change: the level of the latest points, as a multiple

Counts = np.ndarray
Series = Callable[[np.random.Generator, int, str], Counts | tuple[Counts, Counts]]


@dataclass(frozen=True)
class Case:
    """A way in which series come about, and how they are charted: how many points, and how many of them fix limits.

    The points that fix the limits are the first ones. A series is a count a period, or a percentage and its base. A
    case is of the pack when the pack's charts are taken to be so.
    """

    name: str
    series: Series
    points: int = 39  # three years and a quarter: the history of a first paper after a baseline year
    fixing: int = WINDOW["month"]
    grain: str = "month"
    of_pack: bool = False


def _mean(chance: np.random.Generator) -> float:
    return float(np.exp(chance.uniform(np.log(LOWEST), np.log(HIGHEST))))


def _independent(chance: np.random.Generator, points: int, grain: str) -> Counts:
    return chance.poisson(_mean(chance), points).astype(float)


def _wave(chance: np.random.Generator, points: int, height: float, grain: str) -> np.ndarray:
    """Return a level of one wave a year, with its summer anywhere."""
    places = PLACES[grain]
    return 1 + height * np.sin(2 * np.pi * (np.arange(points) + chance.uniform(0, places)) / places)


def _seasonal(chance: np.random.Generator, points: int, grain: str) -> Counts:
    return chance.poisson(_mean(chance) * _wave(chance, points, STRONG_SEASON, grain)).astype(float)


def _surveyed(chance: np.random.Generator, points: int, grain: str) -> tuple[Counts, Counts]:
    """Return percentages of people asked, a different number each month; the share itself never changes."""
    asked = chance.poisson(_mean(chance), points).clip(FEWEST_ASKED)
    satisfied = chance.binomial(asked, chance.uniform(LEAST_SATISFIED, MOST_SATISFIED))
    return np.asarray(100 * satisfied / asked), asked.astype(float)


def _dispersed(chance: np.random.Generator, level: np.ndarray) -> Counts:
    """Return counts whose level is gamma distributed, so that their variance is DISPERSION times the mean."""
    scale = DISPERSION - 1
    return chance.poisson(chance.gamma(level / scale, scale)).astype(float)


def _realistic(wander: float) -> Series:
    """Return series with a season and dispersion, whose level wanders by `wander` (relative) a year, at random."""

    def of(chance: np.random.Generator, points: int, grain: str) -> Counts:
        steps = wander / np.sqrt(PLACES[grain]) * chance.standard_normal(points)
        level = np.exp(np.cumsum(steps)) * _wave(chance, points, SEASON, grain)
        return _dispersed(chance, _mean(chance) * 12 / PLACES[grain] * level)

    return of


def _autocorrelated(chance: np.random.Generator, points: int, grain: str) -> Counts:
    """Return counts whose level wanders: what it is one month is half of what it is the next."""
    level = chance.standard_normal(points)
    for month in range(1, points):
        level[month] = CARRIED_OVER * level[month - 1] + np.sqrt(1 - CARRIED_OVER**2) * level[month]
    return chance.poisson(_mean(chance) * np.exp(AUTOCORRELATED * level)).astype(float)


def _growing(chance: np.random.Generator, points: int, grain: str) -> Counts:
    return _dispersed(chance, _mean(chance) * (1 + GROWTH) ** (np.arange(points) / PLACES[grain]))


def _stepped(series: Callable[[np.random.Generator, int, str], Counts]) -> Series:
    """Return series whose latest points are of a higher level; rounded, for only the size matters here."""

    def with_step(chance: np.random.Generator, points: int, grain: str) -> Counts:
        counts = series(chance, points, grain)
        counts[-STEP_POINTS:] = np.round(STEP * counts[-STEP_POINTS:])
        return counts

    return with_step


def _realistic_cases(wander: float) -> list[Case]:
    name, of = f"realistic: level wandering {wander:.0%} a year", _realistic(wander)
    return [
        Case(name, of, of_pack=True),
        Case(f"{name}, two years and a quarter", of, points=27, of_pack=True),
        Case(f"{name}, limits of one year", of, points=18, fixing=MINIMUM_POINTS, of_pack=True),
        Case(f"{name}, by quarter", of, points=13, fixing=WINDOW["quarter"], grain="quarter", of_pack=True),
    ]


STABLE = [
    *_realistic_cases(0.04),
    *_realistic_cases(0.06),
    Case("independent counts", _independent),
    Case(f"season of ±{STRONG_SEASON:.0%}", _seasonal),
    Case("percentages of a survey", _surveyed),
    Case(f"autocorrelated level ({CARRIED_OVER} from month to month)", _autocorrelated),
    Case(f"steady growth of {GROWTH:.0%} a year", _growing),
]
CHANGED = [Case("independent counts", _stepped(_independent)), Case("season", _stepped(_seasonal))]


def flagged(case: Case, series: int = SERIES, seed: int = SEED) -> float:
    """Return the share (0 to 1) of a case's simulated series with limits whose latest point is a special cause."""
    chance = np.random.default_rng(seed)
    charts = [_chart(case, chance) for _ in range(series)]
    limited = [drawn for drawn in charts if not drawn["no_limits"].iloc[-1]]
    return sum(drawn["special_cause"].iloc[-1] != "" for drawn in limited) / max(len(limited), 1)


def _chart(case: Case, chance: np.random.Generator) -> pd.DataFrame:
    """Return the control chart of one simulated series, drawn as the pack draws its own."""
    made = case.series(chance, case.points, case.grain)
    values, bases = made if isinstance(made, tuple) else (made, None)
    return chart(values, bases, case.grain, [0], np.arange(case.points) < case.fixing)


def simulate(cases: Iterable[Case], series: int = SERIES, seed: int = SEED) -> pd.DataFrame:
    """Return a row a case, the columns FALSE_ALARMS, as `read_false_alarms` reads them."""
    rows = [
        (case.name, case.of_pack, round(flagged(case, series, seed), 4), series, case.points, case.fixing, seed)
        for case in cases
    ]
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
    print(f"Latest point flagged, nothing in particular changed ({SERIES:,} series a case, seed {SEED})")
    print(_listed(stable))
    print(f"\nLatest point flagged, the last {STEP_POINTS} points {STEP - 1:+.0%}")
    print(_listed(simulate(CHANGED)))
    print(f"\nwrote {file.relative_to(project.root)}")
    return 0


def _listed(table: pd.DataFrame) -> str:
    width = table["case"].str.len().max()
    return "\n".join(f"  {row.case:<{width}}  {row.share:6.1%}  {row.points} points" for row in table.itertuples())


if __name__ == "__main__":
    sys.exit(main())
