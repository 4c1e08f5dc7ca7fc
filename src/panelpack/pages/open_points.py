"""What is still open before approval, for reviewers; and what the office was asked about its data, for everyone."""

from collections.abc import Sequence

from panelpack.open_points.kinds import Answered, AnsweredComment, OpenPoint, count_kinds, count_words
from panelpack.periods import date_words
from panelpack.rendering.prose import Text
from panelpack.rendering.table import Table

CAPTION = "What was asked about the data, and the office's answers"
# Whether nothing was asked, nothing is answered yet, or what was asked may not be shown: this is true of each.
NOTHING_ASKED = "The office has given no answer about the data that is to be shown here."
NOTHING_OPEN = "Nothing is open."
NO_COMMENT = "No comment was answered."


def answers_table(answers: Sequence[Answered]) -> Table | Text:
    """Return the queries of the data that were answered, each with the answer, role and date: for publication."""
    rows = [
        {
            "Table": answer.table.replace("_", " "),
            "What was asked": answer.words,
            "The office's answer": answer.reason,
            "Answered by": f"{answer.role}, {date_words(answer.date)}",
        }
        for answer in answers
    ]
    return Table(rows, CAPTION, widths=[1.6, 4, 4, 2]) if rows else Text(NOTHING_ASKED)


def comments_table(comments: Sequence[AnsweredComment]) -> Table | Text:
    """Return the reviewers' comments that were answered, each with its answer: never for publication."""
    rows = [
        {
            "About": one.about,
            "Comment": f"{one.comment} ({one.role}, {date_words(one.made_on)})",
            "The office's answer": one.answer,
            "Answered by": f"{one.answered_by}, {date_words(one.answered_on)}",
        }
        for one in comments
    ]
    return Table(rows, "Reviewers' comments that were answered", widths=[1.6, 4, 4, 2]) if rows else Text(NO_COMMENT)


def open_points_table(points: Sequence[OpenPoint]) -> Table | Text:
    """Return the open points that may be shown and what to do about each, for reviewers: never for publication."""
    kinds = {
        "query": "Query of the data",
        "carried": "Paragraphs carried over",
        "date": "Date not set",
        "figure": "Figure awaited",
        "step": "No next step",
        "became": "Last step not followed up",
        "comment": "Reviewer's comment",
    }
    rows = [
        {"Point": kinds.get(point.kind, "Other"), "What it is": point.words, "What to do": point.remedy}
        for point in points
        if point.is_shown
    ]
    words = count_words(count_kinds([point for point in points if point.is_shown]))
    return Table(rows, f"Open points: {words}", widths=[1.6, 5, 3]) if rows else Text(NOTHING_OPEN)
