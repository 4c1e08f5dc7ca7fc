"""What changes each quarter: the shape of params/<quarter>.yml."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal

from pydantic import BeforeValidator, Field
from pydantic_core import PydanticCustomError

from panelpack.config.day import NOT_SET, Day, DayIfGiven, DayOrNone
from panelpack.config.plan import FigureId, Indicator, Plan, Version
from panelpack.config.sources import Sha256
from panelpack.config.strict_yaml import Mistake, Role, Strict, load
from panelpack.formats import ordinal
from panelpack.periods import Quarter, date_words, last_day
from panelpack.rules.rule import RULES

Status = Literal["provisional", "embargoed", "suppressed", "redacted", "awaited", "discontinued"]
RELEASED = ("embargoed", "suppressed")  # until their release_date, if they have one
NOT_SUPPLIED = ("awaited", "discontinued")  # of such a table no file need be there, and none is read
# Which keys say more of which status.
OF_STATUS = {
    "release_date": RELEASED,
    "expected": ("awaited",),
    "by": ("redacted",),
    "until": ("redacted",),
}
BOARDS_COLUMNS = {"indicator", "assessment"}  # by which the boards' own return is known among the tables


def _set(words: str) -> BeforeValidator:
    """Refuse a key under which nothing stands, and say what to write there."""

    def check(value: object) -> object:
        if value is None or (isinstance(value, str) and not value.strip()):
            raise PydanticCustomError(NOT_SET, "not set yet", {"write": words})
        return value

    return BeforeValidator(check)


Assessed = Annotated[
    Literal["improved", "no_change", "deteriorated"],
    _set("improved, no_change or deteriorated, as the board says; where its return is awaited, remove the entry"),
]


class Availability(Strict):
    """Why a table is not simply available, and from when it may be shown."""

    status: Status
    reason: str = Field(min_length=1)
    release_date: DayIfGiven = Field(default=None, description="the day from which it may be shown")
    expected: DayIfGiven = Field(default=None, description="the day on which an awaited file should come")
    by: Role | None = None
    until: Annotated[date | str | None, _set("the day on which it ends, or what ends it in words")] = Field(
        default=None, description="how long nothing of the table is shown: a day, or words"
    )

    @property
    def words(self) -> str:
        """The office's reason, and with it when an awaited file is expected, or who redacted a table until when."""
        more = ""
        if self.status == "awaited" and self.expected:
            more = f" Expected on {date_words(self.expected)}."
        if self.status == "redacted" and self.until:
            until = date_words(self.until) if isinstance(self.until, date) else self.until
            more = f" Redacted by the {self.by} until {until.rstrip('.')}."
        return f"{self.reason}{more}"

    def find_mistakes(self) -> Iterator[Mistake]:
        """Yield keys that the status needs and that are not there, and those that say nothing of it."""
        if self.status == "embargoed" and self.release_date is None:
            yield (), "an embargo needs a release_date. Add it."
        if self.status == "redacted":
            needed = {"by": self.by, "until": self.until}
            for key in (key for key, value in needed.items() if value is None):
                yield (), f"what is redacted needs {key!r}: by which role, and until when. Add it."
        for key, statuses in OF_STATUS.items():
            if key in self.model_fields_set and self.status not in statuses:
                yield (key,), f"{key} says nothing of a table that is {self.status}. Remove it, or correct the status."


class Assessment(Strict):
    """What the office accepted from a partner board."""

    assessment: Assessed
    board: str
    note: str = ""


class NextStep(Strict):
    """What is done about an indicator: what, who and by when, or the paragraph that says it; and what became of it.

    became: what became of the step that the report before named for the indicator, told in this one.
    """

    what: str = ""
    who: Role | None = None
    by: DayIfGiven = None
    paragraph: str = Field(default="", pattern=r"^[a-z0-9-]*$")
    became: str | None = Field(default="", description="what became of the step of the report before")

    @property
    def is_step(self) -> bool:
        """Whether it names a step, and not only what became of the last one."""
        return bool(self.what or self.paragraph)

    def find_contradictions(self, meeting: date) -> Iterator[Mistake]:
        """Yield what contradicts itself, and a day that is past when the panel meets: such a step is not a next one."""
        given = {"what": self.what, "who": self.who, "by": self.by}
        lacking = [key for key, value in given.items() if not value]
        if self.paragraph and len(lacking) < len(given):
            yield (), "a next step is what, who and by, or the paragraph that says it. Remove one of the two."
        elif lacking and len(lacking) < len(given):
            yield (), f"a next step needs what, who and by; found no {' and no '.join(lacking)}. Add it."
        elif not self.is_step and "became" not in self.model_fields_set:
            yield (), "nothing stands here, expected what, who and by, or the paragraph that says it. Write it."
        if self.by and self.by <= meeting:
            late = f"{date_words(self.by)}, expected a day after the meeting on {date_words(meeting)}"
            yield ("by",), f"the next step is due by {late}. Correct the date."


class Answer(Strict):
    """What the office found when it looked into a query of the data, which role answers for it, and when."""

    what: str = Field(min_length=1, description="the query's name, as make validate prints it")
    reason: str = Field(min_length=1)
    role: Role
    date: Day


class NewEdition(Strict):
    """A pack that was issued in the place of an earlier one: from which day, why, and which one it replaces."""

    edition: int = Field(ge=2, description="2 for the first that replaces the one made for the meeting, then 3 ...")
    day: Day = Field(description="the day from which it counts: what is released up to then is shown")
    reason: str = Field(min_length=1, description="why it was issued, in a sentence for the reader")
    replaces: Sha256 = Field(description="the seal of the edition before")
    commit: str = Field(default="", description="the commit at which the edition before can be verified")


class Implication(Strict):
    """A row of the implications table."""

    heading: str
    text: str


class Appendix(Strict):
    """An appendix named in the report, and which part of the pack it is."""

    letter: str
    title: str
    content: Literal["dashboard", "priorities", "methods"]


class Contact(Strict):
    """Whom to ask: by role, never by name."""

    role: str
    organisation: str


class Parameters(Strict):
    """params/<quarter>.yml."""

    moved: ClassVar = {"comments": "params/reviews.yml, under the quarter: reviews, then its label, then comments"}

    version: Version
    quarter: str
    subject: str
    marking: str
    report_of: str
    author: str
    meeting_date: Day = Field(description="the day of the meeting")
    data_due: DayIfGiven = Field(default=None, description="when the suppliers' files should be here")
    dates: dict[str, DayOrNone] = Field(default={}, description="dates of the commentary; empty: not set yet")
    answers: list[Answer] = []
    availability: dict[str, Availability] = {}
    assessments: dict[FigureId, Assessment] = {}
    next_steps: dict[FigureId, NextStep] = {}
    lists: dict[str, dict[str, str]] = Field(
        default={}, description="categories that the plan names by $list: each with its description"
    )
    implications: list[Implication] = Field(min_length=1)
    appendices: list[Appendix] = []
    background_papers: list[str] = []
    contacts: list[Contact] = Field(min_length=1)
    flags: dict[str, str] = {}
    flags_for_review: list[str] = Field(
        default=[], description="names of flags that only reviewers see, such as remarks about a printed paper"
    )
    editions: list[NewEdition] = Field(default=[], description="written by make reissue; the first needs no entry")

    @property
    def edition(self) -> int:
        """The number of the present edition; 1 is the one for the meeting."""
        return self.editions[-1].edition if self.editions else 1

    @property
    def day(self) -> date:
        """The day that the present edition is for: of the first that of the meeting."""
        return self.editions[-1].day if self.editions else self.meeting_date

    @property
    def edition_words(self) -> str:
        """Which edition it is, for which day, and that it replaces that of an earlier one; '' for the first."""
        if not self.editions:
            return ""
        before = self.days[-2]
        which = f"that of {date_words(before)}" if before != self.day else f"the {ordinal(self.edition - 1)}"
        return f"{ordinal(self.edition).capitalize()} edition, {date_words(self.day)}, replaces {which}"

    @property
    def days(self) -> list[date]:
        """The day of every edition, the first one first."""
        return [self.meeting_date, *(entry.day for entry in self.editions)]

    @property
    def title(self) -> str:
        """The quarter in words, a dash and the subject of the report."""
        return f"{Quarter.parse(self.quarter).words} – {self.subject}"

    def appendix(self, content: str) -> str:
        """Return 'Title (Appendix A)' of a part of the pack; its plain name where the paper lists no such appendix."""
        named = (f"{a.title} (Appendix {a.letter})" for a in self.appendices if a.content == content)
        return next(named, content.capitalize())

    def withheld(self, table: str) -> str:
        """Return why nothing of a table may be shown in this edition, or ''. Ask Configuration.withheld instead.

        That is its status: embargoed, suppressed, redacted, awaited or discontinued. An embargo counts until its
        release date, a redaction until the day that it names, both against the day of the edition (that of the meeting
        in the first): the pack knows no clock.
        """
        entry = self.availability.get(table)
        if entry is None or entry.status == "provisional":
            return ""
        ends = {"redacted": entry.until, **dict.fromkeys(RELEASED, entry.release_date)}.get(entry.status)
        return "" if isinstance(ends, date) and ends <= self.day else entry.status

    @property
    def embargoes(self) -> dict[str, date]:
        """The day on which each embargo ends that still holds in this edition, the earliest first."""
        held = {table: entry for table, entry in self.availability.items() if self.withheld(table) == "embargoed"}
        days = {table: entry.release_date for table, entry in held.items() if entry.release_date}
        return dict(sorted(days.items(), key=lambda pair: (pair[1], pair[0])))

    @property
    def not_supplied(self) -> frozenset[str]:
        """The tables of which no file need be there, since it is awaited or comes no more; none of them is read."""
        return frozenset(table for table, entry in self.availability.items() if entry.status in NOT_SUPPLIED)

    def find_mistakes(self) -> Iterator[Mistake]:
        """Yield what contradicts itself inside the file."""
        meeting = self.meeting_date
        for table, entry in self.availability.items():
            yield from ((("availability", table, *at), words) for at, words in entry.find_mistakes())
            if entry.release_date and entry.release_date <= last_day(Quarter.parse(self.quarter)):
                early = f"released on {date_words(entry.release_date)}, before {self.quarter} is over"
                yield (
                    ("availability", table, "release_date"),
                    f"{early}, so that it would hide nothing. Correct the date, or remove the entry.",
                )
            if entry.expected and entry.expected <= self.day:
                over = f"expected on {date_words(entry.expected)}, which is over on {date_words(self.day)}"
                yield (
                    ("availability", table, "expected"),
                    f"{over}, the day of the edition. Say when it is expected now, or remove the day.",
                )
            if isinstance(entry.until, date) and entry.until <= meeting:
                over = f"until {date_words(entry.until)}, which is over at the meeting on {date_words(meeting)}"
                yield (
                    ("availability", table, "until"),
                    f"redacted {over}. Remove the entry, or say until when it is redacted now.",
                )
        for place, name in enumerate(self.flags_for_review):
            if name not in self.flags:
                yield ("flags_for_review", place), f"there is no flag {name!r}. Correct the name, or remove it."
        yield from self._wrong_editions()
        for indicator, step in self.next_steps.items():
            found = step.find_contradictions(meeting)
            yield from ((("next_steps", indicator, *at), f"{indicator}: {words}") for at, words in found)
        ends = last_day(Quarter.parse(self.quarter))
        if meeting < ends:
            yield ("meeting_date",), f"the meeting is before the end of {self.quarter}. Correct the date."
        if self.data_due and self.data_due > meeting:
            yield ("data_due",), f"the data are due after the meeting on {date_words(meeting)}. Correct the date."
        if self.data_due and self.data_due <= ends:
            yield ("data_due",), f"the data are due before {self.quarter} is over. Correct the date."

    def _wrong_editions(self) -> Iterator[Mistake]:
        """Yield editions that do not follow on each other, by number or by day."""
        before, earliest = 1, self.meeting_date
        for place, entry in enumerate(self.editions):
            if entry.edition != before + 1:
                yield ("editions", place, "edition"), f"found {entry.edition}, expected {before + 1}. Correct it."
            if entry.day < earliest:
                words = f"edition {entry.edition} is for {date_words(entry.day)}, before {date_words(earliest)}"
                yield ("editions", place, "day"), f"{words}, the day of the one that it replaces. Correct the day."
            before, earliest = entry.edition, entry.day


class BegunAvailability(Availability):
    """Why a table is not simply available, where it may still be open until when."""

    release_date: DayOrNone = None
    until: Any = None


class BegunAssessment(Assessment):
    """What a board will have assessed."""

    assessment: Any = None


class Begun(Parameters):
    """params/<quarter>.yml of a quarter of which days and assessments are still to be set."""

    meeting_date: DayOrNone = None  # type: ignore[assignment]
    data_due: DayOrNone = None
    availability: dict[str, BegunAvailability] = {}  # type: ignore[assignment]
    assessments: dict[FigureId, BegunAssessment] = {}  # type: ignore[assignment]

    def find_mistakes(self) -> Iterator[Mistake]:
        """Yield nothing: what is not set yet contradicts nothing."""
        return iter(())


def boards_return(plan: Plan) -> str:
    """Return the table in which the partner boards say what they assessed; '' where the plan has none."""
    return next((name for name, table in plan.tables.items() if set(table.columns) >= BOARDS_COLUMNS), "")


def load_parameters(path: Path, quarter: Quarter, plan: Plan, model: type[Parameters] = Parameters) -> Parameters:
    """Read the quarter's parameters and hold them to the plan. Raises ConfigurationError by file and line.

    model: Begun where the days that are set later are not needed.
    """
    boards = {f.id for f in plan.figures.values() if f.rule and RULES[f.rule].needs_assessment}
    scored = {f.id for f in plan.figures.values() if isinstance(f, Indicator) and f.scored}

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
        awaited = boards_return(plan) in params.not_supplied
        for indicator in sorted(boards - set(params.assessments)) if not awaited else ():
            yield ("assessments",), f"{indicator} has no assessment. Add it."
        for indicator in params.assessments:
            if indicator not in boards:
                yield (
                    ("assessments", indicator),
                    f"{indicator} is not an indicator that a partner board assesses. Remove it.",
                )
            elif awaited:
                words = f"{indicator} is assessed, and the boards' return is not there (availability). Remove one."
                yield ("assessments", indicator), words
        for indicator in params.next_steps:
            if indicator not in scored:
                words = f"the plan has no scored indicator {indicator!r}, so it needs no next step. Correct the name."
                yield ("next_steps", indicator), words

    return load(path, model, find_mistakes)
