"""How many honest numbers are asked about, and how many slips are found: on official and on this project's data.

    python -m benchmarks.plausibility                 a minute; prints the tables

Honest numbers: the quarterly counts of each force, one table a force with a row an offence, and each offence as a table
of its own; walked through as if each quarter had just come, the file before being the same without it. Slips: twelve
kinds, planted one at a time into such tables and into the project's monthly ones, found where a query is there that the
table without the slip does not have. The thresholds of the package were chosen on every second force; both halves are
printed.
"""

import argparse
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd

from panelpack.config.configuration import Configuration
from panelpack.config.supplied_table import SupplierFile
from panelpack.indicators.reference_tables import read_official_counts
from panelpack.intake.received import ReceivedTable
from panelpack.intake.tables import earlier_tables, received_tables
from panelpack.periods import Quarter
from panelpack.plausibility.history import History, join
from panelpack.plausibility.panel import Mask, Panel, Values, read_panel
from panelpack.plausibility.queries import find_in_history, find_queries
from panelpack.project import Project

SEED = 14
FIRST_WALKED = 8  # quarters of history before the first one that is walked through
LOCKDOWN = ("2019Q4", "2021Q1")  # January to March 2020 up to April to June 2021
PLANTS = 300  # of each kind, half of them with the file before
OFFICIAL_PART = 2 / 3  # of them in the official quarterly tables, the others in the project's monthly ones
# A slip is planted where it changes a number by at least a quarter, and by more than chance does (three times the
# square root): what changes less no one can tell from an honest number. `any change` has no such condition.
LEAST_CHANGE, LEAST_CHANCE = 0.25, 3.0
MONTHLY = ("recorded_crime", "asb_incidents", "victim_survey", "missing_reports", "night_time_economy")
REAL = ("2015Q1", "2014Q4")
HALVES = ("chosen on", "checked on")  # the thresholds of the package


@dataclass(frozen=True)
class Sheet:
    """An honest table: its panel, that of the file before, the new quarter's periods, and which half it belongs to."""

    name: str
    panel: Panel
    earlier: Panel
    new_periods: tuple[str, ...]
    half: int
    parts: tuple[tuple[str, str], ...] = ()

    def history(self, panel: Panel, with_earlier: bool) -> History:
        """Return the panel beside the file before, or alone."""
        return join(panel, self.earlier if with_earlier else None, self.new_periods, parts=self.parts)


# ---------------------------------------------------------------------------------------------- data


def official_counts(project: Project) -> pd.DataFrame:
    """Return the official counts that projections learn from: series, force, quarter, offences."""
    return read_official_counts(project).T.stack().astype(int).rename("offences").reset_index()


def table_of(name: str, counts: pd.DataFrame) -> ReceivedTable:
    """Return counts by quarter and series as a supplier would send them."""
    spec = SupplierFile(
        file=f"{name}.csv",
        columns={"quarter": "quarter", "offence": "category", "offences": "count"},
        key=["quarter", "offence"],
    )
    text = counts.rename(columns={"series": "offence"})[["quarter", "offence", "offences"]]
    text = text.assign(offences=text["offences"].astype(int)).astype(str).sort_values(["quarter", "offence"])
    return ReceivedTable(name, spec, text.reset_index(drop=True), len(text))


def received(project: Project, quarter: Quarter) -> tuple[Configuration, dict[str, ReceivedTable]]:
    """Return a real quarter's configuration and tables."""
    office = Configuration.read(project, quarter)
    tables, problems = received_tables(office)
    assert not problems, problems
    return office, tables


def until(panel: Panel, stop: int) -> Panel:
    """Return a panel's first periods."""
    return replace(
        panel,
        periods=panel.periods[:stop],
        values=panel.values[:, :, :stop],
        present=panel.present[:, :stop],
        places=panel.places[panel.places[:, 1] < stop],
    )


# ---------------------------------------------------------------------------------------------- honest numbers


def walk(name: str, counts: pd.DataFrame, half: int) -> Iterator[dict]:
    """Yield for each quarter how many numbers came, and the queries."""
    panel = read_panel(table_of(name, counts))
    assert panel is not None
    for place in range(FIRST_WALKED, len(panel.periods)):
        quarter = panel.periods[place]
        history = join(until(panel, place + 1), until(panel, place), (quarter,))
        findings = find_in_history(history)
        lockdown = LOCKDOWN[0] <= quarter <= LOCKDOWN[1]
        yield {"table": name, "quarter": quarter, "half": half, "lockdown": lockdown, "points": len(panel.rows)} | {
            "queries": len(findings),
            "kinds": [finding.kind for finding in findings],
            "words": [finding.words for finding in findings],
        }


def honest(counts: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the walks through tables of all offences, and through tables of one offence each."""
    together, alone = [], []
    for number, (force, of_force) in enumerate(counts.groupby("force")):
        together += list(walk(str(force), of_force, number % 2))
        for series, of_series in of_force.groupby("series"):
            alone += [row | {"series": series} for row in walk(f"{force} {series}", of_series, number % 2)]
    return pd.DataFrame(together), pd.DataFrame(alone)


def at_once(counts: pd.DataFrame) -> tuple[int, int]:
    """Return the queries and points of whole histories that come for the first time, without a file before."""
    queries = points = 0
    for force, of_force in counts.groupby("force"):
        panel = read_panel(table_of(str(force), of_force))
        assert panel is not None
        queries += len(find_in_history(join(panel, None, panel.periods[-1:])))
        points += panel.values.size
    return queries, points


# ---------------------------------------------------------------------------------------------- slips


class NothingChanges(Exception):
    """The slip leaves the table as it is, or nearly so: another place is tried."""


def _enough(was: Values, now: Values, any_change: bool) -> None:
    """Raise NothingChanges where no number changes enough."""
    was, now = np.nan_to_num(np.atleast_1d(was)), np.nan_to_num(np.atleast_1d(now))
    moved = np.abs(now - was)
    least = 0.0 if any_change else np.maximum(LEAST_CHANGE * np.abs(was), LEAST_CHANCE * np.sqrt(np.abs(was)))
    if not (moved > least).any():
        raise NothingChanges


def _cell(values: Values, chance: np.random.Generator) -> tuple[int, int, int]:
    """Return a place with a number; half of the time a row's last, where most slips are met."""
    column = int(chance.integers(values.shape[0]))
    row = int(chance.choice(np.flatnonzero(np.isfinite(values[column]).any(axis=1))))
    places = np.flatnonzero(np.isfinite(values[column, row]))
    return column, row, int(places[-1] if chance.random() < 0.5 else chance.choice(places))


def _change_cell(change: Callable[[float], float]) -> Callable:
    def plant(panel: Panel, chance: np.random.Generator) -> Values:
        values = panel.values.copy()
        cell = _cell(values, chance)
        values[cell] = change(values[cell])
        return values

    return plant


def _swapped_cells(panel: Panel, chance: np.random.Generator) -> Values:
    """Two rows of a period, or two periods of a table of one row."""
    values = panel.values.copy()
    column, row, place = _cell(values, chance)
    if len(panel.rows) > 1:
        other = (int(chance.choice(np.delete(np.arange(len(panel.rows)), row))), place)
    else:
        other = (row, int(chance.choice(np.delete(np.arange(len(panel.periods)), place))))
    here, there = (column, row, place), (column, *other)
    if not np.isfinite(values[there]):
        raise NothingChanges
    values[here], values[there] = values[there], values[here]
    return values


def _shifted_column(panel: Panel, chance: np.random.Generator) -> Values:
    """A column's numbers one line of the file lower (or higher) from a random line on; that takes the one lost."""
    values = panel.values.copy()
    column = int(chance.integers(values.shape[0]))
    rows, places = panel.places.T
    lines = values[column][rows, places]
    start = int(chance.integers(len(lines) - 1))
    lines[start:] = np.roll(lines[start:], int(chance.choice([1, -1])))
    values[column][rows, places] = lines
    return values


def _sorted_column(panel: Panel, chance: np.random.Generator) -> Values:
    values = panel.values.copy()
    column = int(chance.integers(values.shape[0]))
    rows, places = panel.places.T
    values[column][rows, places] = np.sort(values[column][rows, places])[:: int(chance.choice([1, -1]))]
    return values


def _all_equal(panel: Panel, chance: np.random.Generator) -> Values:
    """One row's numbers, or the whole column's, filled down from a random place to the end; four numbers or more."""
    values = panel.values.copy()
    column, row, place = _cell(values, chance)
    place = min(place, values.shape[2] - 4)
    rows = [row] if chance.random() < 0.5 else list(range(len(panel.rows)))
    values[column][rows, place:] = np.where(
        np.isfinite(values[column][rows, place:]), values[column, row, place], np.nan
    )
    return values


def _swapped_labels(panel: Panel, chance: np.random.Generator) -> Values:
    """The labels of two rows exchanged from a random period to the end, all columns; of one row, of two columns."""
    values = panel.values.copy()
    _, row, place = _cell(values, chance)
    if len(panel.rows) > 1:
        other = int(chance.choice(np.delete(np.arange(len(panel.rows)), row)))
        values[:, [row, other], place:] = values[:, [other, row], place:]
    elif values.shape[0] > 1:
        values[:, :, place:] = values[::-1, :, place:]
    else:
        raise NothingChanges
    return values


def _copied_period(panel: Panel, chance: np.random.Generator) -> Values:
    values = panel.values.copy()
    _, _, place = _cell(values, chance)
    if place == 0:
        raise NothingChanges
    both = np.isfinite(values[:, :, place]) & np.isfinite(values[:, :, place - 1])
    values[:, :, place] = np.where(both, values[:, :, place - 1], values[:, :, place])
    return values


def _another_year(panel: Panel, chance: np.random.Generator) -> Values:
    """The last quarter's periods hold those of one to three years before."""
    values = panel.values.copy()
    back = panel.season * int(chance.integers(1, 4))
    if back + panel.in_quarter > values.shape[2]:
        raise NothingChanges
    new = slice(values.shape[2] - panel.in_quarter, None)
    old = values[:, :, values.shape[2] - panel.in_quarter - back : values.shape[2] - back]
    values[:, :, new] = np.where(np.isfinite(old) & np.isfinite(values[:, :, new]), old, values[:, :, new])
    return values


def _doubled(value: float) -> float:
    return float(f"{int(value)}{int(value)}")


KINDS: dict[str, Callable[[Panel, np.random.Generator], Values]] = {
    "times 10": _change_cell(lambda value: value * 10),
    "times 100": _change_cell(lambda value: value * 100),
    "divided by 10": _change_cell(lambda value: float(round(value / 10))),
    "zero": _change_cell(lambda value: 0.0),
    "swapped cells": _swapped_cells,
    "shifted column": _shifted_column,
    "sorted column": _sorted_column,
    "all equal": _all_equal,
    "swapped labels": _swapped_labels,
    "copied period": _copied_period,
    "doubled digits": _change_cell(_doubled),
    "another year's file": _another_year,
}
# What a slip should be called; any other query finds it too.
NAMED = {
    "times 10": {"scale"},
    "times 100": {"scale"},
    "divided by 10": {"scale"},
    "doubled digits": {"scale"},
    "zero": {"zero"},
    "swapped cells": {"swapped"},
    "shifted column": {"shifted"},
    "sorted column": {"sorted_apart"},
    "all equal": {"all_equal"},
    "swapped labels": {"swapped"},
    "copied period": {"copied"},
    "another year's file": {"copied"},
}


def official_sheets(counts: pd.DataFrame, chance: np.random.Generator) -> Iterator[Sheet]:
    """Yield without end a random force's table up to a random quarter."""
    panels = {}
    for force, of_force in counts.groupby("force"):
        panels[str(force)] = read_panel(table_of(str(force), of_force))
    names = sorted(panels)
    while True:
        number = int(chance.integers(len(names)))
        panel = panels[names[number]]
        assert panel is not None
        last = int(chance.integers(min(FIRST_WALKED + 4, len(panel.periods) - 1), len(panel.periods)))
        yield Sheet(names[number], until(panel, last + 1), until(panel, last), (panel.periods[last],), number % 2)


def monthly_sheets(project: Project, chance: np.random.Generator) -> Iterator[Sheet]:
    """Yield without end a random monthly table of 2015Q1, with that of 2014Q4 before it."""
    quarter = Quarter.parse(REAL[0])
    tables, before = (received(project, of)[1] for of in (quarter, quarter.shift(-1)))
    parts = {"victim_survey": (("satisfied", "respondents"),)}
    while True:
        name = MONTHLY[int(chance.integers(len(MONTHLY)))]
        panel, earlier = read_panel(tables[name]), read_panel(before[name])
        assert panel is not None and earlier is not None
        yield Sheet(name, panel, earlier, quarter.months, 2, parts.get(name, ()))


def plant(
    sheets: Iterator[Sheet], kind: str, with_earlier: bool, any_change: bool, chance: np.random.Generator
) -> dict:
    """Plant a slip of a kind and return whether it was found, and called what it is."""
    while True:
        sheet = next(sheets)
        try:
            values = KINDS[kind](sheet.panel, chance)
            _enough(sheet.panel.values, values, any_change)
        except NothingChanges:
            continue
        usual = {tuple(f[:3]) for f in find_in_history(sheet.history(sheet.panel, with_earlier))}
        found = find_in_history(sheet.history(_relabelled(sheet.panel, values), with_earlier))
        extra = [finding for finding in found if tuple(finding[:3]) not in usual]
        return {"kind": kind, "table": sheet.name, "half": sheet.half, "with_earlier": with_earlier} | {
            "found": bool(extra),
            "named": any(finding.kind in NAMED[kind] for finding in extra),
            "queries": len(extra),
        }


def _relabelled(panel: Panel, values: Values) -> Panel:
    """Return a panel with other values; where rows came or went with their labels, so do the lines of the file."""
    present: Mask = np.asarray(np.isfinite(values).any(axis=0))
    if (present == panel.present).all():
        return replace(panel, values=values)
    places = np.argwhere(present.T)[:, ::-1]
    return replace(panel, values=values, present=present, places=places)


def plants(project: Project, counts: pd.DataFrame, any_change: bool, number: int) -> pd.DataFrame:
    """Return every slip planted, one a row."""
    rows = []
    for place, kind in enumerate(KINDS):
        chance = np.random.default_rng([SEED, place, any_change])
        sources = official_sheets(counts, chance), monthly_sheets(project, chance)
        for count in range(number):
            monthly = count % 3 >= 3 * OFFICIAL_PART
            row = plant(sources[monthly], kind, count // 3 % 2 == 0, any_change, chance)
            rows.append(row | {"monthly": monthly})
    return pd.DataFrame(rows)


# ---------------------------------------------------------------------------------------------- the tables printed


def print_honest(counts: pd.DataFrame) -> None:
    """Print the queries per 100 honest points."""
    together, alone = honest(counts)
    print("\n(a) queries per 100 honest points, each quarter as it came\n")
    print(f"{'':36}{'points':>8}{'queries':>9}{'per 100':>9}{'without lockdown':>18}")
    groups = [("a table a force, eight offences", together)]
    groups += [(f"  forces {name}", together[together["half"] == half]) for half, name in enumerate(HALVES)]
    groups += [("  in lockdown", together[together["lockdown"]]), ("a table an offence", alone)]
    groups += [(f"  {series}", rows) for series, rows in alone.groupby("series")]
    for name, rows in groups:
        calm = rows[~rows["lockdown"]]
        rate, calm_rate = (100 * r["queries"].sum() / max(r["points"].sum(), 1) for r in (rows, calm))
        shown = f"{calm_rate:18.2f}" if len(calm) else ""
        print(f"{name:36}{rows['points'].sum():8,}{rows['queries'].sum():9}{rate:9.2f}{shown}")
    kinds = together["kinds"].explode().value_counts().to_dict()
    print(f"kinds: {', '.join(f'{kind} {count}' for kind, count in kinds.items())}")
    queries, points = at_once(counts)
    rate = f"{100 * queries / points:.2f} per 100"
    print(f"whole histories at once, no file before: {queries} queries of {points:,} points, {rate}")


def print_plants(project: Project, counts: pd.DataFrame, number: int) -> None:
    """Print which slips were found."""
    for any_change in (False, True):
        rows = plants(project, counts, any_change, number)
        condition = "any change" if any_change else "a quarter or more, beyond chance"
        print(f"\n(b) slips found, percent; planted where a number changes by: {condition}; {len(rows):,} plants\n")
        heads = ("all", "with file", "without", "official", "monthly", "chosen", "checked", "named", "queries")
        print(f"{'':22}" + "".join(f"{head:>10}" for head in heads))
        for kind, of_kind in [*rows.groupby("kind", sort=False), ("all", rows)]:
            cuts = [
                of_kind,
                of_kind[of_kind["with_earlier"]],
                of_kind[~of_kind["with_earlier"]],
                of_kind[~of_kind["monthly"]],
                of_kind[of_kind["monthly"]],
                of_kind[of_kind["half"] == 0],
                of_kind[of_kind["half"] == 1],
            ]
            shares = [100 * cut["found"].mean() for cut in cuts]
            shares.append(100 * of_kind["named"].mean())
            found = of_kind[of_kind["found"]]
            print(f"{kind:22}" + "".join(f"{share:10.1f}" for share in shares) + f"{found['queries'].mean():10.1f}")


def print_real(project: Project) -> None:
    """Print the queries of the project's own quarters."""
    print("\n(c) queries of the quarters at hand")
    for label in REAL:
        quarter = Quarter.parse(label)
        office, tables = received(project, quarter)
        earlier = earlier_tables(office)
        queries = find_queries(office, tables, earlier)
        print(f"\n{label}: {len(queries)}" + ("" if earlier else ", no file before"))
        for query in queries:
            print(f"  {query.name}: {query.words}")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--plants", type=int, default=PLANTS, help="slips of each kind")
    parser.add_argument("--only", choices=("honest", "slips", "real"))
    asked = parser.parse_args()
    project = Project(Path(__file__).resolve().parents[1])
    counts = official_counts(project)
    print(", ".join(f"{counts[what].nunique()} of {what}" for what in ("force", "series", "quarter")))
    if asked.only in (None, "honest"):
        print_honest(counts)
    if asked.only in (None, "slips"):
        print_plants(project, counts, asked.plants)
    if asked.only in (None, "real"):
        print_real(project)


if __name__ == "__main__":
    main()
