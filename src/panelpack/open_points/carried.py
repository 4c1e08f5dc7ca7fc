"""Paragraphs carried over: those that stand, as they were written, in the commentary of an earlier quarter.

Many may stand as they are (what a report is for); some no longer hold, and nobody noticed. So each is read, and one
answer in the parameters says so of all of them: it names each by a mark of its words. A paragraph that is inserted or
moved changes no mark, and a paragraph that comes to be carried over later is not covered by an earlier answer. Every
earlier commentary counts: a quarter may have been started from another than the last one.
"""

import re
import textwrap
from collections.abc import Iterable
from dataclasses import dataclass

from panelpack.config.commentary import Paragraph, paragraphs_of
from panelpack.config.configuration import Configuration
from panelpack.periods import Quarter
from panelpack.project import sha256

PREFIX = "carried paragraphs"  # how an answer begins that says that paragraphs were read
DIGITS = 6  # of the checksum of a paragraph's words, which is its mark
OPENING = 60  # letters by which a paragraph is known again


@dataclass(frozen=True)
class Carried:
    """A paragraph or comment that is carried over, and the latest quarter in whose commentary it stands."""

    paragraph: Paragraph
    since: Quarter

    @property
    def mark(self) -> str:
        """By what an answer names it."""
        return sha256(_words(self.paragraph.text).encode())[:DIGITS]

    @property
    def place(self) -> str:
        """Its number, or the box or section that it is a comment of."""
        return place_of(self.paragraph)

    @property
    def opening(self) -> str:
        """Where it stands, and its first words."""
        place = self.place if self.paragraph.number else f"comment of {self.place}"
        start = textwrap.shorten(self.paragraph.text, OPENING, placeholder=" …")
        return f"{place}, line {self.paragraph.line}, of {self.since}: {start}"

    @staticmethod
    def name_of(paragraphs: Iterable["Carried"]) -> str:
        """Return what an answer calls these paragraphs together."""
        return " ".join([PREFIX, *dict.fromkeys(carried.mark for carried in paragraphs)])


def carried_paragraphs(office: Configuration) -> list[Carried]:
    """Return the paragraphs and comments of a quarter that are carried over, in order; none of an office's first.

    References count as they are written: around figures that are new, all other words are still the old ones.
    Raises CommentaryError.
    """
    since: dict[str, Quarter] = {}
    for path in office.project.earlier_commentaries(office.quarter):  # the latest first
        for _, text in paragraphs_of(path):
            since.setdefault(_words(text), Quarter.parse(path.stem))
    every = (paragraph for section in office.commentary.sections for paragraph in section.paragraphs)
    return [Carried(one, since[words]) for one in every if (words := _words(one.text)) in since]


def place_of(paragraph: Paragraph) -> str:
    """Return a paragraph's number, or the box or section that it is a comment of."""
    return f"paragraph {paragraph.number}" if paragraph.number else paragraph.update or paragraph.section


def is_of_paragraphs(what: str) -> bool:
    """Whether an answer is of paragraphs, by what it names."""
    return what == PREFIX or what.startswith(f"{PREFIX} ")


def marks_of(what: str) -> list[str]:
    """Return the marks that an answer names; none where one of them is none."""
    marks = what.removeprefix(PREFIX).split()
    return marks if all(re.fullmatch(rf"[0-9a-f]{{{DIGITS}}}", mark) for mark in marks) else []


def _words(text: str) -> str:
    return " ".join(text.split())
