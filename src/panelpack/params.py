"""What changes each quarter: the shape of params/<quarter>.yml."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Literal

from pydantic import Field

from panelpack.configuration import Location, Strict, load
from panelpack.errors import ConfigurationError
from panelpack.plan import FigureId, Plan
from panelpack.quarters import MONTH_NAMES, Quarter

Assessed = Literal["improved", "no_change", "deteriorated"]
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def date_words(day: date, weekday: bool = False) -> str:
    """'16 September 2015', or with its computed weekday 'Wednesday 16 September 2015' (in any locale)."""
    words = f"{day.day} {MONTH_NAMES[day.month - 1]} {day.year}"
    return f"{WEEKDAYS[day.weekday()]} {words}" if weekday else words


class Availability(Strict):
    """Why a table is not simply available, and from when it may be shown."""

    status: Literal["embargoed", "suppressed", "provisional"]
    reason: str
    release_date: date | None = None


class Assessment(Strict):
    """What the office accepted from a partner board."""

    assessment: Assessed
    board: str
    note: str = ""


class Implication(Strict):
    """A row of the implications table."""

    heading: str
    text: str


class Appendix(Strict):
    """An appendix named in the report, and which part of the pack it is."""

    letter: str
    title: str
    content: Literal["dashboard", "reconciliation", "priorities"]


class Contact(Strict):
    """Whom to ask: by role, never by name."""

    role: str
    organisation: str


class Params(Strict):
    """params/<quarter>.yml."""

    quarter: str
    subject: str
    marking: str
    report_of: str
    author: str
    meeting_date: date
    dates: dict[str, date] = {}
    availability: dict[str, Availability] = {}
    assessments: dict[FigureId, Assessment] = {}
    key_locations: dict[str, str] = {}
    implications: list[Implication] = Field(min_length=1)
    appendices: list[Appendix] = []
    background_papers: list[str] = []
    contacts: list[Contact] = Field(min_length=1)
    flags: dict[str, str] = {}

    @property
    def title(self) -> str:
        """'Quarter 1 2015/16 – Performance report'."""
        return f"{Quarter.parse(self.quarter).words} – {self.subject}"

    def appendix(self, content: str) -> str:
        """Return 'Appendix A – Title' of a part of the pack; its plain name where the paper lists no such appendix."""
        named = (f"Appendix {a.letter} – {a.title}" for a in self.appendices if a.content == content)
        return next(named, content.capitalize())

    def withheld(self, table: str) -> str:
        """Return why nothing of a table may be shown at the meeting ('embargoed', 'suppressed'), or ''.

        An embargo counts until its release date, against the date of the meeting: the pack knows no clock.
        """
        entry = self.availability.get(table)
        if entry is None or entry.status == "provisional":
            return ""
        released = entry.release_date is not None and entry.release_date <= self.meeting_date
        return "" if released else entry.status

    def problems(self) -> Iterator[tuple[Location, str]]:
        """Yield what contradicts itself inside the file."""
        for table, entry in self.availability.items():
            if entry.status == "embargoed" and entry.release_date is None:
                yield ("availability", table), "an embargo needs a release_date. Add it."
        if self.meeting_date < date.fromisoformat(Quarter.parse(self.quarter).months[-1] + "-28"):
            yield ("meeting_date",), f"the meeting is before the end of {self.quarter}. Correct the date."


def load_params(path: Path, quarter: Quarter, plan: Plan) -> Params:
    """Read the quarter's parameters and hold them to the plan. Raises ConfigurationError."""
    params = load(path, Params)
    mistakes = [] if params.quarter == str(quarter) else [f"quarter: found {params.quarter!r}, expected {quarter}."]
    mistakes += [
        f"availability: there is no table {table!r} in the plan."
        for table in params.availability
        if table not in plan.tables
    ]
    boards = {f.id for f in plan.figures.values() if getattr(f, "rule", None) == "assessment"}
    mistakes += [f"assessments: {key} has no assessment. Add it." for key in sorted(boards - set(params.assessments))]
    mistakes += [
        f"assessments: {key} is not an indicator whose rule is 'assessment'. Remove it."
        for key in sorted(set(params.assessments) - boards)
    ]
    if mistakes:
        raise ConfigurationError("\n".join(f"params/{path.name}: {mistake}" for mistake in mistakes))
    return params
