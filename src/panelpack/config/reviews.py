"""What reviewers said of each quarter's pack, what they checked, and who signed it: params/reviews.yml.

It is no input of a pack. An entry changes no figure, no page of the pack and not the seal; it is shown to reviewers
alone. Only a comment without an answer counts: while there is one, the pack is a draft.
"""

import datetime
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from panelpack.config.day import Day
from panelpack.config.strict_yaml import Location, Mistake, Role, Strict, load
from panelpack.periods import QUARTER_LABEL, Quarter, date_words, last_day

# A seal as a person copies it: whole, or as many of its first signs as the index of the review copies shows.
Seal = Annotated[
    str, Field(pattern=r"^[0-9a-f]{12,64}$", description="the seal of that pack, or its first 12 signs; in quotes")
]
# The parts of assurance after the AQuA Book, and what each is called.
PARTS = {
    "analyst": "Analyst",
    "reviewer": "Reviewer (analytical assurer)",
    "commissioner": "Commissioning role",
}


def _as_text(value: object) -> object:
    """Return the number of a paragraph as YAML reads it as text; all else as it is."""
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


class CommentAnswer(Strict):
    """What the office answers to a comment, which role does so, and when."""

    what: str = Field(min_length=1)
    role: Role
    date: Day


class Comment(Strict):
    """What a reviewer said of a figure, a paragraph or a part of the pack. Without an answer it is open."""

    about: Annotated[str, BeforeValidator(_as_text), Field(min_length=1)] = Field(
        description="a figure's id, a priority's id, a paragraph's label or number, or a part of the pack"
    )
    comment: str = Field(min_length=1)
    role: Role
    date: Day
    answer: CommentAnswer | None = None

    def find_mistakes_of_days(self, quarters_end: datetime.date, last: datetime.date) -> Iterator[Mistake]:
        """Yield days that cannot be: before the end of the quarter, after the edition's day, answered before asked."""
        if self.date <= quarters_end:
            words = f"{date_words(self.date)}, expected a day after the quarter's end on {date_words(quarters_end)}"
            yield ("date",), f"the comment is dated {words}. Correct the date, or remove a comment on an earlier pack."
        if self.date > last:
            words = f"{date_words(self.date)}, expected no day after that of the edition, {date_words(last)}"
            yield ("date",), f"the comment is dated {words}. Correct the date."
        if self.answer and self.answer.date < self.date:
            words = f"{date_words(self.answer.date)}, before the comment of {date_words(self.date)}"
            yield ("answer", "date"), f"the answer is dated {words}. Correct one of the two."
        if self.answer and self.answer.date > last:
            words = f"{date_words(self.answer.date)}, expected no day after that of the edition, {date_words(last)}"
            yield ("answer", "date"), f"the answer is dated {words}. Correct the date."


class Check(Strict):
    """One thing that was checked: what, of which pack, by which role, when, and what came of it."""

    what: str = Field(min_length=1, description="what was checked, and against what")
    role: Role
    date: Day
    outcome: Literal["agreed", "corrected", "commented"] = Field(
        description="found right; found wrong and put right since; or said in a comment"
    )
    note: str = ""
    seal: Seal


class SignOff(Strict):
    """One role's word on one pack: signed, signed with reservations, or refused."""

    part: Literal["analyst", "reviewer", "commissioner"] = Field(description="its part in the assurance")
    role: Role
    date: Day
    outcome: Literal["signed", "signed with reservations", "refused"]
    note: str = Field(default="", description="the reservations, or why it was refused")
    seal: Seal


class QuarterReviews(Strict):
    """What reviewers said, checked and signed of one quarter."""

    comments: list[Comment] = Field(default=[], description="open until it is answered")
    checks: list[Check] = []
    sign_offs: list[SignOff] = []

    def find_mistakes_of(self, quarters_end: datetime.date, last: datetime.date) -> Iterator[Mistake]:
        """Yield what cannot be. last: the day of the edition; checks and signatures may be of a later day."""
        for place, comment in enumerate(self.comments):
            found = comment.find_mistakes_of_days(quarters_end, last)
            yield from ((("comments", place, *at), words) for at, words in found)
        days: dict[Location, datetime.date] = {("checks", n): one.date for n, one in enumerate(self.checks)}
        days |= {("sign_offs", n): one.date for n, one in enumerate(self.sign_offs)}
        for at, day in days.items():
            if day <= quarters_end:
                early = f"{date_words(day)}, expected a day after {date_words(quarters_end)}"
                yield (*at, "date"), f"dated {early}, the end of the quarter. Correct the date."
        signed: dict[tuple[str, str], str] = {}
        for place, one in enumerate(self.sign_offs):
            if one.outcome != "signed" and not one.note:
                yield ("sign_offs", place, "outcome"), f"{one.outcome}, and no note says why. Add a note."
            for (part, seal), role in signed.items():
                is_one_pack = seal.startswith(one.seal) or one.seal.startswith(seal)
                if is_one_pack and {part, one.part} == {"analyst", "reviewer"} and role == one.role:
                    words = f"the {role} signed as analyst and as reviewer, expected two roles"
                    yield ("sign_offs", place, "role"), f"{words}: nobody assures what is their own work. Correct it."
            signed[one.part, one.seal] = one.role


class Reviews(Strict):
    """params/reviews.yml."""

    reviews: dict[Annotated[str, Field(pattern=rf"^{QUARTER_LABEL.pattern}$")], QuarterReviews] = Field(
        default={}, description="by quarter"
    )

    def find_mistakes(self) -> Iterator[Mistake]:
        """Yield what cannot be, whatever the day of a quarter's edition."""
        yield from self.find_mistakes_by(None, datetime.date.max)

    def find_mistakes_by(self, quarter: Quarter | None, last: datetime.date) -> Iterator[Mistake]:
        """Yield what cannot be. last: the day of the edition of `quarter`."""
        for label, of_quarter in self.reviews.items():
            until = last if label == str(quarter) else datetime.date.max
            found = of_quarter.find_mistakes_of(last_day(Quarter.parse(label)), until)
            yield from ((("reviews", label, *at), words) for at, words in found)


def load_reviews(path: Path, quarter: Quarter, day: datetime.date) -> QuarterReviews:
    """Return what reviews.yml says of a quarter whose edition is of a day; nothing where there is no file.

    Raises ConfigurationError that lists every mistake by file and line.
    """
    if not path.exists():
        return QuarterReviews()
    read = load(path, Reviews, lambda reviews: reviews.find_mistakes_by(quarter, day))
    return read.reviews.get(str(quarter), QuarterReviews())
