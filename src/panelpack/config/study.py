"""How projections were studied: the official table, its series, and which forces and periods test a method.

The shapes of data/projection/offences.yml and split.yml. The back-test (research/backtest) works by them, and the
methods page of a pack tells of them.
"""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, Field

from panelpack.config.strict_yaml import Mistake, Strict, load
from panelpack.errors import UsageError
from panelpack.periods import Quarter, shift_month


def _quarter(label: str) -> str:
    try:
        return str(Quarter.parse(label))
    except UsageError:
        raise ValueError("this is not a quarter, expected YYYYQn") from None


Label = Annotated[str, AfterValidator(_quarter)]


class Columns(Strict):
    """What the publisher calls each column of the table."""

    year: str
    number: str
    force: str
    description: str
    group: str
    subgroup: str
    code: str
    offences: str


class Official(Strict):
    """Which table of recorded crime the shipped tables were learned from.

    released_after_months: how long after a quarter's last month its figures are published, counted in whole months.
    """

    title: str
    release: str
    licence: str
    sha256: str
    released_after_months: int = Field(ge=0)

    def is_released(self, quarter: str, day: date) -> bool:
        """Whether the figures of a quarter had been published before the month of a day."""
        published = shift_month(Quarter.parse(quarter).months[-1], self.released_after_months)
        return published < day.isoformat()[:7]


class Offences(Strict):
    """The rows that make a series: of these groups and these subgroups; an empty list allows every one."""

    title: str
    groups: tuple[str, ...] = ()
    subgroups: tuple[str, ...] = ()


class Break(Strict):
    """From the quarter `first` on, a series counts something else, and why."""

    series: str
    first: Label = Field(alias="from")
    reason: str


class OffenceSeries(Strict):
    """Where the table is from, what its columns are called, which rows make which series, and where one breaks.

    forces: every force that the publisher's tables name, whether or not the table at hand has it.
    """

    source: Official
    columns: Columns
    forces: tuple[str, ...]
    series: dict[str, Offences]
    breaks: tuple[Break, ...] = ()

    def find_mistakes(self) -> Iterator[Mistake]:
        """Yield breaks of series that there are not."""
        for place, definition_break in enumerate(self.breaks):
            if definition_break.series not in self.series:
                yield (
                    ("breaks", place, "series"),
                    f"{definition_break.series!r} is not a series of this file. Correct the name.",
                )


class Origins(Strict):
    """A period of origins, from `first` to `last`, both included; open where one is missing."""

    name: str
    first: Label = ""
    last: Label = ""

    def holds(self, origin: str) -> bool:
        """Whether an origin lies in the period."""
        return (not self.first or self.first <= origin) and (not self.last or origin <= self.last)


class Split(Strict):
    """The forces to choose and to calibrate with, the forces that test the choice, and the periods of origins.

    The first period is the one that methods are judged on.
    """

    choose: tuple[str, ...]
    hold_out: tuple[str, ...]
    periods: tuple[Origins, ...]

    def find_mistakes(self) -> Iterator[Mistake]:
        """Yield what would spoil the test: a force on both sides, too few to learn from, no period to judge on."""
        for force in sorted(set(self.choose) & set(self.hold_out)):
            yield ("hold_out",), f"{force!r} stands in 'choose' too. Remove one."
        if len(self.choose) < 2:
            yield ("choose",), "at least two forces are needed, since a force never learns from itself. Add one."
        if not self.periods or not self.periods[0].last:
            yield ("periods",), "the first period needs a last origin. Add it."

    def side(self, force: str) -> str:
        """Return 'choose' or 'hold_out'."""
        return "choose" if force in self.choose else "hold_out"

    def period(self, origin: str) -> str:
        """Return the name of the period that holds an origin, or ''."""
        return next((period.name for period in self.periods if period.holds(origin)), "")


def load_offences(folder: Path) -> OffenceSeries:
    """Read offences.yml of the folder data/projection. Raises ConfigurationError with file and line."""
    return load(folder / "offences.yml", OffenceSeries)


def load_split(folder: Path) -> Split:
    """Read split.yml of the folder data/projection. Raises ConfigurationError with file and line."""
    return load(folder / "split.yml", Split)
