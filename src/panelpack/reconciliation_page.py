"""The reconciliation with a printed paper, where a quarter has one."""

from collections.abc import Iterator

from panelpack import reconciliation
from panelpack.formats import number
from panelpack.priority_page import breakable
from panelpack.prose import Callout, Heading, Text
from panelpack.tables import Table
from panelpack.work import Work


def blocks(work: Work) -> Iterator[Heading | Callout | Text | Table]:
    """Yield the table of printed and computed figures, and which comparisons are of different populations."""
    path = work.project.published(work.quarter)
    if not path.exists():
        return
    figures = work.indicators()
    table = reconciliation.compare(reconciliation.read_printed(path), figures)
    equal = int((table["equal"] == "equal").sum())
    yield Heading(2, work.params.appendix("reconciliation"), "reconciliation")
    kind = "note" if equal == len(table) else "warning"
    words = f"{number(equal)} of {number(len(table))} printed figures and verdicts equal the computed ones."
    yield Callout(kind, "Printed and computed", words)
    changed = [f"{f.indicator}: {f.note}" for f in figures if "Different populations" in f.note]
    if changed:
        yield Callout("warning", "Comparisons of different populations", " ".join(changed))
    shown = table.assign(indicator=table["indicator"].map(breakable)).rename(columns=str.capitalize)
    widths, align = [3, 1.2, 2.6, 2.6, 1], {"Printed": "right", "Computed": "right"}
    yield Table(shown, "Each printed figure beside the computed one", widths=widths, align=align)
    work.write(table, "reconciliation.csv")
