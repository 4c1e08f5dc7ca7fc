"""The residents of each area as the prepare notebook handed them on, of the series whose plan names them by area."""

from collections.abc import Iterator, Mapping
from pathlib import Path

import pandas as pd

from panelpack.config.configuration import Configuration
from panelpack.disclosure.residents import RESIDENTS_COLUMNS
from panelpack.intake.files import read_table

RESIDENTS_FILE = "residents.csv"  # below data/processed/<quarter>, only where residents are named by area
REMEDY = "Run the prepare notebook, or make quarter."


class PreparedResidents(Mapping[str, Mapping[str, float]]):
    """The residents by area that the prepare notebook handed on, by series; read when they are asked for."""

    def __init__(self, folder: Path, office: Configuration):
        """Stand for the file in `folder`; the series are those of the plan that name residents by area, and may be."""
        shown = office.shown_tables
        self._names = [
            name
            for name, spec in office.plan.series.items()
            if spec.per and spec.per.area and {spec.table, spec.per.table} <= set(shown)
        ]
        self._path, self._read = folder / RESIDENTS_FILE, dict[str, Mapping[str, float]]()

    def __getitem__(self, name: str) -> Mapping[str, float]:
        if name not in self._names:
            raise KeyError(name)
        if not self._read:
            frame = read_table(self._path, RESIDENTS_COLUMNS, REMEDY, what="a table of the prepare notebook", text=True)
            self._read = by_series(frame.assign(residents=frame["residents"].astype(float)))
        return self._read.get(name, {})

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)


def by_series(residents: pd.DataFrame) -> dict[str, Mapping[str, float]]:
    """Return residents by the name of the series and of the area, '' of the whole."""
    return {
        str(name): dict(zip(rows["area"], rows["residents"].astype(float), strict=True))
        for name, rows in residents.groupby("series", sort=False)
    }
