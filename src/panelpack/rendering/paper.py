"""What the pages of a quarter are told: the paper they belong to, and the parts of a pack."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path


@dataclass(frozen=True)
class Paper:
    """What every page says about itself. document_date dates the PDF: the paper's date, never the clock.

    `edition` says which edition it is and which it replaces, '' for a first one. `notice` stands at the head of a
    document, `at_foot` at the foot of each of its pages. `state` is DRAFT, APPROVED or EMBARGOED, `why` a sentence;
    both are empty where pages are not marked. `period` is the reported quarter in words.
    """

    title: str
    office: str = ""
    panel: str = ""
    marking: str = ""
    date_text: str = ""
    edition: str = ""
    notice: str = ""
    at_foot: str = ""
    state: str = ""
    why: str = ""
    document_date: datetime.date | None = None
    period: str = ""

    def called(self, what: str) -> "Paper":
        """Return the same for a document of its own, such as one notebook: its title says what it is, and of when."""
        return replace(self, title=" · ".join(filter(None, [what, self.period]))) if what else self


@dataclass(frozen=True)
class Fragment:
    """The cells of one notebook as a panel member reads them: as HTML, and as Typst for print.

    name: the file of the notebook, which messages give as the place; no two of a pack have the same.
    """

    name: str
    html: str
    typst: str


@dataclass(frozen=True)
class FiledFragment:
    """A Fragment in two files, read each time that it is asked for: a large pack is never held as a whole."""

    name: str
    html_file: Path
    typst_file: Path

    @property
    def html(self) -> str:
        """The cells as HTML."""
        return self.html_file.read_text(encoding="utf-8")

    @property
    def typst(self) -> str:
        """The cells as Typst."""
        return self.typst_file.read_text(encoding="utf-8")


@dataclass(frozen=True)
class Part:
    """Notebooks that follow each other in a pack.

    With a title the part has a heading of its own, and the notebooks' headings go one level down; with ''
    the notebooks bring their own headings of level 2.
    """

    title: str
    anchor: str
    notebooks: Sequence[Fragment | FiledFragment]
    new_page: bool = False
