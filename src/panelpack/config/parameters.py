"""What changes each quarter: the shape of params/<quarter>.yml."""

from calendar import monthrange
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

from pydantic import Field

from panelpack.config.day import Day, DayOrNone
from panelpack.config.plan import FigureId, Plan, Version
from panelpack.config.strict_yaml import Mistake, Role, Strict, load
from panelpack.periods import Quarter
from panelpack.rules.rule import RULES

Assessed = Literal["improved", "no_change", "deteriorated"]


class Availability(Strict):
    """Why a table is not simply available, and from when it may be shown."""

    status: Literal["embargoed", "suppressed", "provisional"]
    reason: str
    release_date: DayOrNone = None


class Assessment(Strict):
    """What the office accepted from a partner board."""

    assessment: Assessed
    board: str
    note: str = ""


class Answer(Strict):
    """What the office found when it looked into a query of the data, which role answers for it, and when."""

    what: str = Field(min_length=1, description="the query's name, as make validate prints it")
    reason: str = Field(min_length=1)
    role: Role
    date: Day


class Implication(Strict):
    """A row of the implications table."""

    heading: str
    text: str


class Appendix(Strict):
    """An appendix named in the report, and which part of the pack it is."""

    letter: str
    title: str
    content: Literal["dashboard", "reconciliation", "priorities", "methods"]


class Contact(Strict):
    """Whom to ask: by role, never by name."""

    role: str
    organisation: str


class Parameters(Strict):
    """params/<quarter>.yml."""

    version: Version
    quarter: str
    subject: str
    marking: str
    report_of: str
    author: str
    meeting_date: Day = Field(description="the day of the meeting")
    data_due: DayOrNone = Field(default=None, description="when the suppliers' files should be here")
    dates: dict[str, DayOrNone] = Field(default={}, description="dates of the commentary; empty: not set yet")
    answers: list[Answer] = []
    availability: dict[str, Availability] = {}
    assessments: dict[FigureId, Assessment] = {}
    lists: dict[str, dict[str, str]] = Field(
        default={}, description="categories that the plan names by $list: each with its description"
    )
    implications: list[Implication] = Field(min_length=1)
    appendices: list[Appendix] = []
    background_papers: list[str] = []
    contacts: list[Contact] = Field(min_length=1)
    flags: dict[str, str] = {}

    @property
    def title(self) -> str:
        """The quarter in words, a dash and the subject of the report."""
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

    def find_mistakes(self) -> Iterator[Mistake]:
        """Yield what contradicts itself inside the file."""
        for table, entry in self.availability.items():
            if entry.status == "embargoed" and entry.release_date is None:
                yield ("availability", table), "an embargo needs a release_date. Add it."
        last_month = Quarter.parse(self.quarter).months[-1]
        last_day = monthrange(int(last_month[:4]), int(last_month[5:]))[1]
        if self.meeting_date.isoformat() < f"{last_month}-{last_day}":
            yield ("meeting_date",), f"the meeting is before the end of {self.quarter}. Correct the date."


class Begun(Parameters):
    """params/<quarter>.yml of a quarter of which days are still to be set."""

    meeting_date: DayOrNone = None  # type: ignore[assignment]

    def find_mistakes(self) -> Iterator[Mistake]:
        """Yield nothing: what is not set yet contradicts nothing."""
        return iter(())


def load_parameters(path: Path, quarter: Quarter, plan: Plan, model: type[Parameters] = Parameters) -> Parameters:
    """Read the quarter's parameters and hold them to the plan. Raises ConfigurationError by file and line.

    model: Begun where the days that are set later are not needed.
    """
    boards = {f.id for f in plan.figures.values() if f.rule and RULES[f.rule].needs_assessment}

    def find_mistakes(params: Parameters) -> Iterator[Mistake]:
        if params.quarter != str(quarter):
            yield ("quarter",), f"found {params.quarter!r}, expected {quarter}, as the file is named. Correct it."
            return
        yield from params.find_mistakes()
        for table in params.availability:
            if table not in plan.tables:
                yield ("availability", table), f"there is no table {table!r} in the plan. Correct the name."
        for name in sorted(plan.parameter_lists - set(params.lists)):
            yield ("lists",), f"the plan picks the categories of {name!r}, and there is no such list. Add it."
        for indicator in sorted(boards - set(params.assessments)):
            yield ("assessments",), f"{indicator} has no assessment. Add it."
        for indicator in params.assessments:
            if indicator not in boards:
                yield (
                    ("assessments", indicator),
                    f"{indicator} is not an indicator that a partner board assesses. Remove it.",
                )

    return load(path, model, find_mistakes)
