"""The index of the review copies: what ran, which checks passed, the headline, and links to everything."""

from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from panelpack.formats import number
from panelpack.html_document import html_page
from panelpack.paper import Paper
from panelpack.prose import Heading, Text
from panelpack.runner import Step
from panelpack.tables import Table

TABLES = {
    "indicators.csv": "Every row of the dashboard, unrounded",
    "indicators.xlsx": "The same as a workbook",
    "commentary.csv": "Every paragraph and the figures it cites",
}


def write_index(
    staging: Path, about: Paper, steps: Sequence[Step], checks: pd.DataFrame, headline: str, printed: Sequence[str]
) -> None:
    """Write review/index.html. It holds no clock: the same run gives the same page. printed: the names of the PDFs."""
    ran = [
        {
            "Notebook": step.name,
            "Parameters": ", ".join(f"{name} = {value}" for name, value in step.parameters.items()),
            "Pages": " · ".join(f"[{kind}]({step.name}.{kind})" for kind in ("html", "pdf", "ipynb")),
        }
        for step in steps
    ]
    by_table = checks.groupby("table", sort=True)["passed"].agg(["sum", "size"])
    passed = [
        {"Table": str(table), "Checks passed": number(row["sum"]), "Checks": number(row["size"])}
        for table, row in by_table.iterrows()
    ]
    volumes = {
        name: f"The pack as a PDF{f', volume {number}' * (len(printed) > 1)}"
        for number, name in enumerate(printed, start=1)
    }
    what_is = {"panel-pack.html": "The pack as a web page", **volumes, **TABLES}
    files = [{"File": f"[{name}](../pack/{name})", "What it is": what} for name, what in what_is.items()]
    files.append(
        {"File": "[manifest.json](../manifest.json)", "What it is": "Inputs, code and outputs with their sha256"}
    )
    blocks = [
        Heading(2, "Review copies", "review"),
        Text(f"**Headline.** {headline}."),
        Table(pd.DataFrame(files), "The pack"),
        Heading(3, "What ran", "ran"),
        Table(pd.DataFrame(ran), "Notebooks executed", align={"Pages": "left"}),
        Heading(3, "Checks passed", "checks"),
        Table(pd.DataFrame(passed), "Checks of the raw data, by table"),
    ]
    body = "\n".join(block._repr_mimebundle_()["text/html"] for block in blocks)
    (staging / "review" / "index.html").write_text(html_page(body, about), encoding="utf-8")
