"""A figure: everything that is known of one indicator or measure, and the table of figures on disk."""

import math
from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path

import pandas as pd

from panelpack.configuration import shown
from panelpack.errors import SourceError
from panelpack.formats import rounded, settled


@dataclass(frozen=True)
class Figure:
    """One indicator or measure, computed. Numbers are unrounded; None where there is none.

    `change` is in the unit (percentage points for percent), `pct_change` in percent of the baseline, the interval in
    the unit of what `interval_of` names: change, pct_change or projected. `low` and `high` are those of the latest 12
    months; `mean`, `level`, `signal`, `variation` and `assurance` describe the control chart, `adjusted` says whether
    its season was taken out.
    """

    indicator: str
    priority: str
    title: str
    unit: str | None
    polarity: str
    scored: bool
    baseline_period: str
    baseline: float | None
    latest_period: str
    latest: float | None
    change: float | None
    pct_change: float | None
    rule: str
    verdict: str
    reason: str
    evidence: str
    lower_95: float | None
    upper_95: float | None
    reconstructed: bool
    note: str
    interval_of: str = ""
    projection_year: str = ""
    projected: float | None = None
    baseline_base: float | None = None
    latest_base: float | None = None
    measure: bool = False
    mean: float | None = None
    level: str = ""
    signal: str = ""
    variation: str = ""
    assurance: str = ""
    adjusted: bool = False
    low: float | None = None
    low_period: str = ""
    high: float | None = None
    high_period: str = ""

    @property
    def printed_change(self) -> float | None:
        """The change that a reader can check: of a percentage, the difference of the two as printed."""
        if self.change is None or self.unit != "percent":
            return self.change
        return float(rounded(self.latest, 1) - rounded(self.baseline, 1))


NUMBERS = tuple(field.name for field in fields(Figure) if "float" in str(field.type))
FLAGS = ("scored", "reconstructed", "measure", "adjusted")


def to_frame(figures: Iterable[Figure]) -> pd.DataFrame:
    """Return figures as a table, a row each, columns as the fields."""
    return pd.DataFrame([asdict(figure) for figure in figures], columns=[field.name for field in fields(Figure)])


def write(figures: Iterable[Figure], path: Path) -> None:
    """Write figures as csv; numbers keep every digit."""
    path.parent.mkdir(parents=True, exist_ok=True)
    to_frame(figures).to_csv(path, index=False, lineterminator="\n")


def read(path: Path) -> list[Figure]:
    """Read what `write` wrote. Raises SourceError where the file is missing."""
    try:
        frame = pd.read_csv(path, dtype=str, keep_default_na=False)
    except FileNotFoundError:
        raise SourceError(f"{shown(path)}: the file is missing. Run the notebook that writes it first.") from None
    return [_from_text(row) for row in frame.to_dict("records")]


def _from_text(row: dict[str, str]) -> Figure:
    values: dict[str, object] = dict(row)
    values |= {name: float(row[name]) if row[name] else None for name in NUMBERS}
    values |= {name: row[name] == "True" for name in FLAGS}
    return Figure(**values | {"unit": row["unit"] or None})


def settle(figure: Figure) -> Figure:
    """Return a figure with every number settled (formats.settled)."""
    numbers = {name: getattr(figure, name) for name in NUMBERS}
    return replace(figure, **{name: settled(value) for name, value in numbers.items() if value is not None})


def finite(value: float | None) -> float | None:
    """Return None for a number that is none."""
    return None if value is None or math.isnan(value) else float(value)
