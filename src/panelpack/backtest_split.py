"""The forces and periods of a back-test: which to choose with, and which to test the choice on."""

from pathlib import Path

from panelpack.configuration import Strict, load
from panelpack.offence_series import Label


class Period(Strict):
    """Origins from `first` to `last`, both included; open where one is missing."""

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
    periods: tuple[Period, ...]

    def problems(self):
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


def load_split(path: Path) -> Split:
    """Read split.yml. Raises ConfigurationError with file and line."""
    return load(Path(path), Split)
