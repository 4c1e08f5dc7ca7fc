"""What reviewers said of a pack, and what the office answered: `comments` of params/<quarter>.yml."""

import datetime
from collections.abc import Iterator
from typing import Annotated

from pydantic import BeforeValidator, Field

from panelpack.config.day import Day
from panelpack.config.strict_yaml import Mistake, Role, Strict
from panelpack.periods import date_words


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
