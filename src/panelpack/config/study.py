"""How projections were studied: the series, the periods that test a method, and what was made.

The shapes of data/projection/offences.yml, split.yml and made_from.yml. The back-test (research/backtest) works by the
first two and writes the third, and the methods page of a pack tells of them.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path

from pydantic import Field

from panelpack.config.official import OfficialOffences
from panelpack.config.period_types import FinancialYear, Label
from panelpack.config.strict_yaml import Mistake, Strict, load
from panelpack.errors import SourceError, shown
from panelpack.periods import parse_year
from panelpack.project import Project, digest

INPUTS = ("offences.yml", "split.yml")
MADE_FROM = "made_from.yml"


class Offences(OfficialOffences):
    """The offences that make a series."""

    title: str


class Break(Strict):
    """From the quarter `first` on, a series counts something else, and why."""

    series: str
    first: Label = Field(alias="from")
    reason: str


class OffenceSeries(Strict):
    """Which offences of the official table make which series, and where one breaks.

    forces: every force that the publisher's tables name, whether or not the table at hand has it.
    """

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


class Shock(Strict):
    """A financial year that nobody could foresee, as it was forecast up to the quarter `seen_until`, and why."""

    year: FinancialYear
    seen_until: Label
    reason: str

    def holds(self, year: int, origin: str) -> bool:
        """Whether a forecast of the year that starts in `year`, made at `origin`, is of the shock."""
        return year == parse_year(self.year) and origin <= self.seen_until


class Split(Strict):
    """The periods that the back-test's origins are split into, and the shocks that are named and judged apart."""

    periods: tuple[Origins, ...]
    shocks: tuple[Shock, ...] = ()

    def find_mistakes(self) -> Iterator[Mistake]:
        """Yield that there is no period."""
        if not self.periods:
            yield ("periods",), "at least one period of origins is needed. Add one."

    def period(self, origin: str) -> str:
        """Return the name of the period that holds an origin, or ''."""
        return next((period.name for period in self.periods if period.holds(origin)), "")

    def is_shock(self, year: int, origin: str) -> bool:
        """Whether a forecast of the year that starts in `year`, made at `origin`, is of a shock."""
        return any(shock.holds(year, origin) for shock in self.shocks)


class MadeFrom(Strict):
    """What the tables of the back-test were made from, and what they are: the sha256 of each file.

    counts: of the official counts in data/comparators; inputs: of offences.yml and split.yml; tables: of each table
    written.
    """

    counts: str
    inputs: dict[str, str]
    tables: dict[str, str]


def check_made_from(project: Project, *tables: str) -> None:
    """Raise SourceError where the official counts, or tables of the back-test, do not belong to the files of its run.

    tables: names of files in the folder data/projection. Raises ConfigurationError where made_from.yml is missing or
    wrong.
    """
    folder = project.projection
    made_from = load(folder / MADE_FROM, MadeFrom)
    named = {**dict.fromkeys(INPUTS, ""), **made_from.inputs, **{name: made_from.tables.get(name) for name in tables}}
    files = {project.official_counts: made_from.counts} | {folder / name: named[name] for name in named}
    for path, expected in files.items():
        if digest(path) != expected:
            raise SourceError(
                f"{shown(path)}: this is not the file that {shown(folder / MADE_FROM)} names, expected tables, "
                f"{', '.join(INPUTS)} and official counts of one run. Run make backtest and take over all that it "
                "writes."
            )


def made_from_text(made_from: MadeFrom) -> str:
    """Return made_from.yml."""

    def block(name: str, of: Mapping[str, str]) -> str:
        return "\n".join([f"{name}:", *(f'  {file}: "{checksum}"' for file, checksum in of.items())])

    head = (
        "# Written by make backtest: the sha256 of data/comparators/counts.csv, of the other inputs, and of the tables."
    )
    parts = [f'counts: "{made_from.counts}"', block("inputs", made_from.inputs), block("tables", made_from.tables)]
    return "\n".join([head, *parts, ""])


def load_offences(folder: Path) -> OffenceSeries:
    """Read offences.yml of the folder data/projection. Raises ConfigurationError with file and line."""
    return load(folder / "offences.yml", OffenceSeries)


def load_split(folder: Path) -> Split:
    """Read split.yml of the folder data/projection. Raises ConfigurationError with file and line."""
    return load(folder / "split.yml", Split)
