"""The index of the review copies: what ran, which checks passed, the headline, and links to everything."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from panelpack.formats import number
from panelpack.open_points.kinds import AnsweredComment, OpenPoint
from panelpack.pages.open_points import comments_table, open_points_table
from panelpack.periods import date_words
from panelpack.pipeline.steps import Step
from panelpack.publishing.tables import rows_of
from panelpack.rendering.html import html_page
from panelpack.rendering.paper import Paper
from panelpack.rendering.prose import Block, Heading, Text
from panelpack.rendering.table import Table

if TYPE_CHECKING:
    from panelpack.publishing.pack import Edition

TABLE_WORDS = {
    "indicators.csv": "Every row of the dashboard, unrounded",
    "indicators.xlsx": "The same as a workbook",
    "commentary.csv": "Every paragraph and the figures it cites",
}


def comments_blocks(comments: Sequence[AnsweredComment]) -> list[Block]:
    """Return the reviewers' comments that were answered; nothing where there is none."""
    return [Heading(3, "Comments answered", "comments"), comments_table(comments)] if comments else []


def editions_blocks(editions: Sequence["Edition"], seal: str) -> list[Block]:
    """Return every edition with its seal, where there is more than one; the last one has `seal`."""
    if len(editions) < 2:
        return []
    rows = [
        {
            "Edition": number(place),
            "Day": date_words(edition.day),
            "Why": edition.reason,
            "Seal": f"`{edition.seal or seal}`",
            "Can be verified at commit": f"`{edition.commit}`" if edition.commit else "",
        }
        for place, edition in enumerate(editions, start=1)
    ]
    align = {"Why": "left", "Seal": "left", "Can be verified at commit": "left"}
    return [Heading(3, "Editions", "editions"), Table(rows, "Editions of this pack", align=align)]


def write_index(
    staging: Path,
    about: Paper,
    steps: Sequence[Step],
    checks: Path,
    headline: str,
    printed: Sequence[str],
    still_open: Sequence[OpenPoint] = (),
    more: Sequence[Block] = (),
) -> None:
    """Write review/index.html. It holds no clock: the same run gives the same page.

    checks: the table of checks that the validation notebook wrote. printed: the names of the PDFs. still_open: the
    points that must be settled before the pack may be approved. more: what is shown after them.
    """
    ran = [
        {
            "Notebook": step.name,
            "Parameters": ", ".join(f"{name} = {value}" for name, value in step.parameters.items()),
            "Pages": " · ".join(f"[{kind}]({step.name}.{kind})" for kind in ("html", "pdf", "ipynb")),
        }
        for step in steps
    ]
    outcomes: dict[str, list[bool]] = {}
    for row in rows_of(checks):
        outcomes.setdefault(row["table"], []).append(row["passed"] == "True")
    passed = [
        {"Table": table, "Checks passed": number(sum(passes)), "Checks": number(len(passes))}
        for table, passes in sorted(outcomes.items())
    ]
    volumes = {
        name: f"The pack as a PDF{f', volume {number}' * (len(printed) > 1)}"
        for number, name in enumerate(printed, start=1)
    }
    what_is = {"panel-pack.html": "The pack as a web page", **volumes, **TABLE_WORDS}
    files = [{"File": f"[{name}](../pack/{name})", "What it is": what} for name, what in what_is.items()]
    files.append(
        {"File": "[manifest.json](../manifest.json)", "What it is": "Inputs, code and outputs with their sha256"}
    )
    blocks = [
        Heading(2, "Review copies", "review"),
        Text(f"**Headline.** {headline}."),
        Table(files, "The pack"),
        Heading(3, "Still open", "open"),
        open_points_table(still_open),
        *more,
        Heading(3, "What ran", "ran"),
        Table(ran, "Notebooks executed", align={"Pages": "left"}),
        Heading(3, "Checks passed", "checks"),
        Table(passed, "Checks of the raw data, by table"),
    ]
    body = "\n".join(block.html() for block in blocks)
    (staging / "review" / "index.html").write_text(html_page(body, about), encoding="utf-8")
