"""Reviewers' comments: what each is about, which are open, and those that were answered, for the review copies alone.

They stand in params/reviews.yml with what was checked and signed, and no notebook reads it: so none is run again for
what a reviewer writes. A comment is about something that is there in this quarter. What it says of a figure that may
not be shown is told by make validate, and by no page.
"""

import difflib
from collections.abc import Iterator

from panelpack.config.configuration import Configuration
from panelpack.config.reviews import Comment
from panelpack.config.strict_yaml import read_yaml
from panelpack.errors import ConfigurationError, shown
from panelpack.open_points.kinds import AnsweredComment, CheckDone, OpenPoint, Reviewed, Signed
from panelpack.periods import date_words
from panelpack.project import measured

# Parts of a pack that a comment may be about, as appendices name them.
PARTS = ("report", "dashboard", "priorities", "methods")


def reviewed(office: Configuration) -> Reviewed:
    """Return all that reviewers said, checked and signed of a quarter. Raises ConfigurationError as open_comments."""
    path, said = office.project.reviews, office.reviews
    return Reviewed(
        comments=tuple(open_comments(office)),
        answered=tuple(answered_comments(office)),
        checks=tuple(CheckDone(c.what, c.role, c.date, c.outcome, c.note, c.seal) for c in said.checks),
        sign_offs=tuple(Signed(s.part, s.role, s.date, s.outcome, s.note, s.seal) for s in said.sign_offs),
        file=office.project.name(path) if path.exists() else "",
        measured=measured(path) if path.exists() else {},
    )


def open_comments(office: Configuration) -> Iterator[OpenPoint]:
    """Yield the comments without an answer. Raises ConfigurationError by line for those that are about nothing here."""
    _check_subjects(office)
    path = shown(office.project.reviews)
    for place, comment in enumerate(office.reviews.comments):
        if comment.answer is None:
            yield OpenPoint(
                "comment",
                f"comment {comment.about} {place + 1}",
                f"{comment.about}: {comment.comment} ({comment.role}, {date_words(comment.date)})",
                f"See to it, and answer it in {path}: answer, with what, role and date.",
                _may_be_told(office, comment),
                at=("reviews", str(office.quarter), "comments", place),
            )


def answered_comments(office: Configuration) -> list[AnsweredComment]:
    """Return the comments that were answered and may be told, for reviewers: no part of the pack shows them."""
    return [
        AnsweredComment(one.about, one.comment, one.role, one.date, one.answer.what, one.answer.role, one.answer.date)
        for one in office.reviews.comments
        if one.answer and _may_be_told(office, one)
    ]


def _check_subjects(office: Configuration) -> None:
    """Raise ConfigurationError that names every comment that is about nothing in this quarter, with what is closest."""
    comments = office.reviews.comments
    if not comments:
        return
    known = {
        *office.plan.figures,
        *(box.id for box in office.plan.priorities),
        *PARTS,
        *office.commentary.numbers,
        *(str(paragraph.number) for paragraph in office.commentary.paragraphs),
    }
    path = office.project.reviews
    lines, mistakes = read_yaml(path)[1], []
    for place, comment in enumerate(comments):
        if comment.about not in known:
            closest = difflib.get_close_matches(comment.about, sorted(known), n=1)
            meant = f" Write {closest[0]!r} if that is meant." if closest else " Correct it, or remove the comment."
            line = lines["reviews", str(office.quarter), "comments", place, "about"]
            mistakes.append(
                f"{shown(path)}, line {line}: comments: about {comment.about!r}, expected "
                f"a figure, a priority, a paragraph's label or number, or one of {', '.join(PARTS)}.{meant}"
            )
    if mistakes:
        raise ConfigurationError("\n".join(mistakes))


def _may_be_told(office: Configuration, comment: Comment) -> bool:
    """Whether a comment may be told outside the terminal: not one about a figure of a table that may not be shown."""
    figure = office.plan.figures.get(comment.about)
    names = (figure.series, figure.baseline_series) if figure else ()
    specs = [office.plan.series[name] for name in names if name in office.plan.series]
    tables = {table for spec in specs for table in (spec.table, spec.per and spec.per.table) if table}
    return not any(office.withheld(table) for table in tables)
