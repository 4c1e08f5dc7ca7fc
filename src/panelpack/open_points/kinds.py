"""What an open point is, what kinds there are, and how many of each, in words. It knows no configuration."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from panelpack.formats import number

# Each kind of point, in the order of lists, and what one and several of it are called. Of `other` nothing may be said
# outside the office, not even how many there are.
KINDS = {
    "query": ("1 query of the data", "{} queries of the data"),
    "carried": ("paragraphs carried over", "paragraphs carried over"),
    "date": ("1 date not set", "{} dates not set"),
    "figure": ("1 text that names awaited figures", "{} texts that name awaited figures"),
    "step": ("1 indicator without a next step", "{} indicators without a next step"),
    "became": ("1 next step of which nothing is told", "{} next steps of which nothing is told"),
    "comment": ("1 reviewer's comment", "{} reviewers' comments"),
    "other": ("points that are not listed here", "points that are not listed here"),
}


@dataclass(frozen=True)
class OpenPoint:
    """Something still to be done: its kind, by what name an answer calls it, what it is, and what to do.

    is_shown: whether it may be named outside the office. at: where it stands in the parameters or, from `reviews` on,
    in the file of reviews, for the terminal.
    """

    kind: str
    name: str
    words: str
    remedy: str = ""
    is_shown: bool = True
    at: tuple[str | int, ...] = field(default=(), compare=False)


@dataclass(frozen=True)
class Answered:
    """A query of a table that may be shown, and the answer that holds."""

    table: str
    name: str
    words: str
    reason: str
    role: str
    date: date


@dataclass(frozen=True)
class AnsweredComment:
    """A reviewer's comment that was answered: what it is about, comment and answer, each by which role and when."""

    about: str
    comment: str
    role: str
    made_on: date
    answer: str
    answered_by: str
    answered_on: date


def count_kinds(points: Iterable[OpenPoint]) -> dict[str, int]:
    """Return how many points of each kind there are; of those that may not be shown only that there are some, as 1."""
    kinds = [point.kind if point.is_shown else "other" for point in points]
    return {kind: 1 if kind == "other" else kinds.count(kind) for kind in KINDS if kind in kinds}


def count_words(counts: Mapping[str, int]) -> str:
    """Return counts of kinds in words: '2 queries of the data, paragraphs carried over, 1 date not set'."""
    words = ((KINDS[kind], counts[kind]) for kind in KINDS if counts.get(kind))
    return ", ".join((one if count == 1 else several).format(number(count)) for (one, several), count in words)


@dataclass(frozen=True)
class CheckDone:
    """One thing that was checked: what, by which role, when, what came of it, and the seal of that pack (a part)."""

    what: str
    role: str
    day: date
    outcome: str
    note: str
    seal: str


@dataclass(frozen=True)
class Signed:
    """One role's word on one pack: its part (of reviews.PARTS), which role, when, signed or not, and that seal."""

    part: str
    role: str
    day: date
    outcome: str
    note: str
    seal: str


@dataclass(frozen=True)
class Reviewed:
    """What reviewers said, checked and signed of a quarter.

    comments: those that are open. file: the name, sha256 and size of the file that says so; '' and nothing without one.
    """

    comments: tuple[OpenPoint, ...] = ()
    answered: tuple[AnsweredComment, ...] = ()
    checks: tuple[CheckDone, ...] = ()
    sign_offs: tuple[Signed, ...] = ()
    file: str = ""
    measured: Mapping[str, str | int] = field(default_factory=dict)

    @property
    def listed(self) -> dict[str, object]:
        """What a manifest says of the file, beside the seal, with how many points it opens; nothing without a file."""
        if not self.file:
            return {}
        return {"file": self.file, **self.measured, "open_points": count_kinds(self.comments)}


NOTHING_REVIEWED = Reviewed()
