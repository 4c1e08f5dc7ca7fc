"""Two quarters side by side: what changed between their packs in figures, verdicts and restated history."""

from pathlib import Path

import pandas as pd

from panelpack import evidence, headline, indicators, revisions
from panelpack.errors import UsageError
from panelpack.figures import Figure
from panelpack.formats import change_in_unit, number
from panelpack.headline import verdict_words
from panelpack.html_document import html_page
from panelpack.paper import Paper
from panelpack.plan import Plan
from panelpack.priority_page import restated_table, value_words
from panelpack.project import Project
from panelpack.prose import Heading, Text
from panelpack.quarters import Quarter
from panelpack.tables import Table

COLUMNS = ["indicator", "field", "earlier", "later"]
FIELDS = (
    "baseline",
    "latest",
    "change",
    "pct_change",
    "projected",
    "lower_95",
    "upper_95",
    "verdict",
    "reason",
    "signal",
)


def compare(project: Project, earlier: Quarter, later: Quarter) -> Path:
    """Write what changed from one quarter to another to outputs/compare, and return the page's path.

    Both are computed from their raw data by the code at hand. Raises UsageError when the earlier is not earlier.
    """
    if not earlier < later:
        raise UsageError(f"A={str(earlier)!r}, B={str(later)!r}: expected A to be the earlier quarter. Swap the two.")
    folder = project.root / "outputs" / "compare" / f"{earlier}-{later}"
    folder.mkdir(parents=True, exist_ok=True)
    plan, before = figures_of(project, earlier)
    _, now = figures_of(project, later)
    changes = revisions.restated(project, later, earlier)
    moved(before, now).to_csv(folder / "figures.csv", index=False, lineterminator="\n")
    changes.to_csv(folder / "revisions.csv", index=False, lineterminator="\n")
    about = Paper(f"{earlier} and {later} side by side", office=plan.office.commissioner)
    (folder / "index.html").write_text(page(earlier, later, before, now, changes, about), encoding="utf-8")
    return folder / "index.html"


def figures_of(project: Project, quarter: Quarter) -> tuple[Plan, dict[str, Figure]]:
    """Return the plan, and every figure of a quarter by its indicator, computed from the raw data."""
    known = evidence.of_tables(project, quarter, evidence.series_tables(project, quarter))
    every = (indicators.compute(spec, box.id, known) for box in known.plan.priorities for spec in box.figures)
    return known.plan, {figure.indicator: figure for figure in every}


def moved(before: dict[str, Figure], now: dict[str, Figure]) -> pd.DataFrame:
    """Return a row for each field that two quarters give differently; '' where one has none. Columns: COLUMNS."""
    rows = []
    for name in {**before, **now}:
        for field in FIELDS:
            pair = [getattr(side.get(name), field, None) for side in (before, now)]
            if pair[0] != pair[1]:
                rows.append((name, field, *("" if value is None else value for value in pair)))
    return pd.DataFrame(rows, columns=COLUMNS)


def page(earlier: Quarter, later: Quarter, before: dict, now: dict, changes: pd.DataFrame, about: Paper) -> str:
    """Return the comparison as one web page."""
    heads = (f"Latest in {earlier}", f"Latest in {later}")
    verdicts, values = [], []
    for name in (name for name in now if name in before):
        a, b = before[name], now[name]
        if (a.verdict, a.reason) != (b.verdict, b.reason):
            verdicts.append(
                {"Indicator": f"{name} {b.title}", str(earlier): verdict_words(a), str(later): verdict_words(b)}
            )
        if a.latest != b.latest:
            both = a.latest is not None and b.latest is not None
            values.append(
                {
                    "Figure": f"{name} {b.title}",
                    heads[0]: f"{value_words(a.latest, a.unit)} ({a.latest_period})",
                    heads[1]: f"{value_words(b.latest, b.unit)} ({b.latest_period})",
                    "Change": change_in_unit(b.latest - a.latest, b.unit) if both else "",
                }
            )
    counts = [headline.headline([f for f in side.values() if not f.measure]) for side in (before, now)]
    blocks = [
        Heading(2, "Headlines", "headlines"),
        Text(f"- {earlier}: {headline.sentence(counts[0])}\n- {later}: {headline.sentence(counts[1])}"),
        Heading(2, "Verdicts that changed", "verdicts"),
        _table(verdicts, "Verdicts that changed", {str(earlier): "left", str(later): "left"}),
        Heading(2, "Figures that changed", "figures"),
        _table(values, f"{number(len(values))} figures that changed", {}),
        Heading(2, "History that was restated", "revisions"),
        restated_table(changes, f"Figures that {later} gives differently for earlier periods") or Text("Nothing."),
    ]
    gone = [name for name in before if name not in now] + [name for name in now if name not in before]
    if gone:
        blocks.append(Text(f"In one of the two only: {', '.join(gone)}."))
    return html_page("\n".join(block._repr_mimebundle_()["text/html"] for block in blocks), about)


def _table(rows: list[dict], caption: str, align: dict[str, str]) -> Table | Text:
    return Table(pd.DataFrame(rows), caption, align=align) if rows else Text("Nothing.")
