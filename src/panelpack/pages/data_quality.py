"""What was done to the data and how well they agree: corrections, restated figures, the printed paper."""

from collections.abc import Iterator
from dataclasses import dataclass

import pandas as pd

from panelpack.config.configuration import Configuration
from panelpack.config.sources import Source
from panelpack.disclosure.quoting import shows_cells
from panelpack.formats import number
from panelpack.indicators.quarter_report import QuarterReport
from panelpack.indicators.reconciliation import NOT_PRINTED, compare_with_print, read_printed
from panelpack.pages.working import breakable
from panelpack.periods import date_words
from panelpack.rendering.prose import Callout, Heading, Text
from panelpack.rendering.table import Table

NOT_SHOWN = "not shown"
NONE = "No raw figure was corrected: every figure comes from the files as they were received."
NONE_BUT_MADE = "No raw figure was corrected: every figure comes from the files as they stand in the record."


def corrections_table(office: Configuration) -> Table | Text:
    """Return every correction with its reason; single figures are shown of tables of which cells may be shown alone."""
    open_tables = [table for name, table in office.plan.tables.items() if shows_cells(office, name)]
    rows = []
    for _, correction in office.corrections:
        cell = ", ".join(f"{column} {value}" for column, value in correction.key.items())
        figures = (
            (f"{cell}: {correction.column}", correction.old, correction.new)
            if any(table.holds(correction.name) for table in open_tables)
            else (NOT_SHOWN,) * 3
        )
        rows.append(
            {
                "File": correction.name,
                **dict(zip(("Figure", "As received", "Corrected"), figures, strict=True)),
                "Reason": correction.reason,
                "Decided by": f"{correction.decided_by}, {date_words(correction.decided_on)}",
            }
        )
    widths, align = [2, 3, 1.2, 1.2, 3, 2.4], {"As received": "right", "Corrected": "right"}
    if rows:
        return Table(rows, "Corrections to raw figures", widths=widths, align=align)
    return Text(NONE_BUT_MADE if derivations(office) or office.sources.reconstructed else NONE)


def derivation(name: str, source: Source) -> str:
    """Say from which file one was made, and by what; '' for one that was not."""
    derived = source.derived_from
    return f"{name} was made from {derived.named} by {derived.by}." if derived else ""


def derivations(office: Configuration) -> list[str]:
    """Return a sentence for each file that may be shown and was made from another: from which, and by what."""
    shown = {name: source for name, source in office.sources.files.items() if source.table in office.shown_tables}
    return [words for words in (derivation(name, source) for name, source in shown.items()) if words]


@dataclass(frozen=True)
class Reconciliation:
    """The printed figures of a paper beside the computed ones: the table, and how it is shown."""

    report: QuarterReport
    table: pd.DataFrame

    def blocks(self) -> Iterator[Heading | Callout | Text | Table]:
        """Yield the table of printed and computed figures, and which comparisons are of different populations."""
        equal = int((self.table["equal"] == "equal").sum())
        yield Heading(2, "Reconciliation with the printed paper", "reconciliation")
        kind = "note" if equal == len(self.table) else "warning"
        words = f"{number(equal)} of {number(len(self.table))} printed figures and verdicts equal the computed ones."
        yield Callout(kind, "Printed and computed", words)
        results = self.report.indicators()
        changed = [f"{result.indicator}: {result.note}" for result in results if result.notes_of("populations")]
        if changed:
            yield Callout("warning", "Comparisons of different populations", " ".join(changed))
        names = self.table["indicator"].map(breakable)
        shown = self.table.assign(indicator=names).rename(columns=str.capitalize).to_dict("records")
        widths, align = [3, 1.2, 2.6, 2.6, 1], {"Printed": "right", "Computed": "right"}
        notes = ["Printed: as the paper has it, with NA, - or * where it gives no figure; computed there is then none."]
        if not set(self.table["printed"]) & NOT_PRINTED:
            notes = []
        yield Table(shown, "Each printed figure beside the computed one", notes=notes, widths=widths, align=align)


def reconcile(report: QuarterReport) -> Reconciliation | None:
    """Hold the results to the printed paper; None for a quarter that has none."""
    if not report.has_printed_paper:
        return None
    printed = read_printed(report.project.published(report.quarter))
    return Reconciliation(report, compare_with_print(printed, report.indicators()))
