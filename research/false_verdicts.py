"""How often a verdict is given where nothing happened: simulated counts, and forces that moved as forces do.

    python -m research.false_verdicts     prints the shares and writes the two tables of data/verdicts

false_verdicts.csv: seeded counts of a level that never changes. ordinary_movement.csv: the official counts, each force
in turn held to the ordinary movement of the others. Forces do change, so the latter is no pure error rate: it says how
often what a force did would be called out of the ordinary, by the test of chance alone and with ordinary movement.
"""

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from panelpack.config.study import Break, load_offences
from panelpack.errors import PanelPackError
from panelpack.indicators.reference_tables import FALSE_VERDICTS, ORDINARY, read_official_counts
from panelpack.project import Project
from panelpack.statistics.movement import least_change, log_changes, ordinary_movement
from panelpack.statistics.significance import count_change, dispersion, log_variance

TRIALS = 10_000  # a case; the standard error of a share of 5% is then 0.2 points
SEED = 1
TOTALS = (300, 1_000, 5_000, 60_000)  # a year's count
DISPERSION = 3  # variance of the counts of a month or quarter, as a multiple of their mean
PARTS = {"months": 12, "quarters": 4}
YEAR = 4  # quarters
GAPS = {"1": 4, "2.25": 9}  # years apart, in quarters


def simulate(trials: int = TRIALS, seed: int = SEED) -> pd.DataFrame:
    """Return the share of two years of one level that the test of counts calls changed: the columns FALSE_VERDICTS."""
    rows = []
    for by, parts in PARTS.items():
        for total in TOTALS:
            chance = np.random.default_rng(seed)
            years = _over_dispersed(chance, total / parts, (trials, 2, parts))
            changed = sum(_is_called(latest, baseline) for latest, baseline in years)
            rows.append((by, total, DISPERSION, changed / trials, trials, seed))
    return pd.DataFrame(rows, columns=FALSE_VERDICTS)


def _over_dispersed(chance: np.random.Generator, mean: float, shape: tuple[int, ...]) -> np.ndarray:
    """Draw counts whose level is gamma distributed, so that their variance is DISPERSION times the mean."""
    scale = DISPERSION - 1
    return chance.poisson(chance.gamma(mean / scale, scale, shape)).astype(float)


def _is_called(latest: np.ndarray, baseline: np.ndarray) -> bool:
    spread = dispersion(baseline.tolist(), latest.tolist())
    return count_change(latest.sum(), baseline.sum(), spread).excludes_none


def leave_one_out(counts: pd.DataFrame, breaks: Sequence[Break]) -> pd.DataFrame:
    """Return how often forces are called changed, each held to what the others teach: the columns ORDINARY.

    counts: as read_official_counts returns them. All pairs of yearly totals that end so many quarters apart and do not
    cross a break; by_chance: the share that the test of chance calls, beyond_ordinary: that ordinary movement does not
    cover, clear: both.
    """
    rows = []
    for years, gap in GAPS.items():
        for net in (True, False):
            found = {
                str(series): list(_calls(counts[series], _places(counts.index, breaks, str(series)), gap, net))
                for series in counts.columns.get_level_values("series").unique()
            }
            found["all"] = [call for calls in found.values() for call in calls]
            for series, calls in found.items():
                rows.append((series, years, net, *np.mean(calls, axis=0), len(calls), counts.index[-1]))
    return pd.DataFrame(rows, columns=ORDINARY)


def _places(quarters: pd.Index, breaks: Sequence[Break], series: str) -> list[slice]:
    """Return the stretches of a series between its breaks, as places of the quarters."""
    starts = [0, *(int(quarters.searchsorted(one.first)) for one in breaks if one.series == series)]
    return [slice(start, end) for start, end in zip(starts, [*starts[1:], len(quarters)], strict=True)]


def _calls(counts: pd.DataFrame, stretches: list[slice], gap: int, net: bool) -> Iterator[tuple[float, ...]]:
    """Yield for every pair of years of every force the spread it is held to, and what calls it changed."""
    for force in counts:
        others = [counts.iloc[stretch].drop(columns=force) for stretch in stretches]
        movement = ordinary_movement(others, YEAR, gap, net=net)
        assert movement is not None  # eleven others are enough
        for stretch in stretches:
            own = counts.iloc[stretch]
            if len(own) < YEAR + gap:
                continue
            changes = log_changes(own, YEAR, gap, net=net)[force].to_numpy()
            series = own[force].to_numpy()
            for place, change in enumerate(changes):
                baseline, latest = series[place : place + YEAR], series[place + gap : place + gap + YEAR]
                spread = dispersion(baseline, latest)
                least = least_change(movement, log_variance(latest.sum(), baseline.sum(), spread))
                # The test knows nothing of other forces; it is asked of what they do not explain.
                by_chance = count_change(round(baseline.sum() * np.exp(change)), baseline.sum(), spread).excludes_none
                beyond_ordinary = abs(change) > least
                yield movement.spread, by_chance, beyond_ordinary, by_chance and beyond_ordinary


def main() -> int:
    """Print the shares and write the tables. Returns the exit code: 0 done, else that of what was missing."""
    try:
        project = Project.here()
        counts = read_official_counts(project)
        breaks = load_offences(project.projection).breaks
    except PanelPackError as error:
        print(f"panelpack: {error}", file=sys.stderr)
        return error.exit_code
    simulated, moved = simulate(), leave_one_out(counts, breaks)
    for table, path in ((simulated, project.false_verdicts), (moved, project.ordinary_movement)):
        _write(table, path)
        print(f"{table.to_string(index=False)}\n\nwrote {path.relative_to(project.root)}\n")
    return 0


def _write(table: pd.DataFrame, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    table.to_csv(path, index=False, float_format="%.4f", lineterminator="\n")


if __name__ == "__main__":
    sys.exit(main())
