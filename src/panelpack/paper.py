"""What the pages of a quarter are told: the paper they belong to, and the parts of a pack."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Paper:
    """What every page says about itself. document_date dates the PDF: the paper's date, never the clock.

    `state` is DRAFT or APPROVED, `why` a sentence; both are empty where pages are not marked.
    """

    title: str
    office: str = ""
    panel: str = ""
    marking: str = ""
    date_text: str = ""
    notice: str = ""
    state: str = ""
    why: str = ""
    document_date: datetime.date | None = None


@dataclass(frozen=True)
class Fragment:
    """The cells of one notebook as a panel member reads them: as HTML, and as Typst for print."""

    html: str
    typst: str


@dataclass(frozen=True)
class Part:
    """Notebooks that follow each other in a pack.

    With a title the part has a heading of its own, and the notebooks' headings go one level down; with ''
    the notebooks bring their own headings of level 2.
    """

    title: str
    anchor: str
    notebooks: Sequence[Fragment]
    new_page: bool = False
