"""The index of the review copies: what ran, which checks passed, the headline, and links to everything."""

from collections.abc import Sequence
from pathlib import Path

from panelpack.formats import number
from panelpack.open_points.kinds import OpenPoint
from panelpack.pages.open_points import open_points_table
from panelpack.pipeline.steps import Step
from panelpack.publishing.tables import rows_of
from panelpack.rendering.html import html_page
from panelpack.rendering.paper import Paper
from panelpack.rendering.prose import Heading, Text
from panelpack.rendering.table import Table

TABLE_WORDS = {
    "indicators.csv": "Every row of the dashboard, unrounded",
    "indicators.xlsx": "The same as a workbook",
    "commentary.csv": "Every paragraph and the figures it cites",
}


def write_index(
    staging: Path,
    about: Paper,
    steps: Sequence[Step],
    checks: Path,
    headline: str,
    printed: Sequence[str],
    still_open: Sequence[OpenPoint] = (),
) -> None:
    """Write review/index.html. It holds no clock: the same run gives the same page.

    checks: the table of checks that the validation notebook wrote. printed: the names of the PDFs. still_open: the
    points that must be settled before the pack may be approved.
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
        Heading(3, "What ran", "ran"),
        Table(ran, "Notebooks executed", align={"Pages": "left"}),
        Heading(3, "Checks passed", "checks"),
        Table(passed, "Checks of the raw data, by table"),
    ]
    body = "\n".join(block.html() for block in blocks)
    (staging / "review" / "index.html").write_text(html_page(body, about), encoding="utf-8")
