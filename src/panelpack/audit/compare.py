"""Two quarters side by side: what changed between their packs in figures, verdicts and restated history."""

from collections.abc import Collection, Mapping
from pathlib import Path

import pandas as pd

from panelpack.config.configuration import Configuration
from panelpack.disclosure.restated import restated_figures
from panelpack.errors import UsageError, about_plan
from panelpack.formats import number
from panelpack.indicators.compute import compute_every
from panelpack.indicators.quarter_data import data_of_raw_files
from panelpack.indicators.results import IndicatorResult, count_verdicts, headline_sentence
from panelpack.named_periods import period_length
from panelpack.pages.figure_words import latest_words
from panelpack.pages.restated import restated_table
from panelpack.pages.sources import title_of
from panelpack.periods import Quarter
from panelpack.project import Project
from panelpack.rendering.html import html_page
from panelpack.rendering.paper import Paper
from panelpack.rendering.prose import Heading, Text
from panelpack.rendering.table import Table

MOVED_COLUMNS = ["indicator", "field", "earlier", "later"]
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
    "how_sure",
    "signal",
)


def compare_quarters(project: Project, earlier: Quarter, later: Quarter) -> Path:
    """Write what changed from one quarter to another to outputs/compare, and return the page's path.

    Both are computed from their raw data by the code at hand, each by the plan that counted for it. Raises UsageError
    when the earlier is not earlier.
    """
    if not earlier < later:
        raise UsageError(f"A={str(earlier)!r}, B={str(later)!r}: expected A to be the earlier quarter. Swap the two.")
    folder = project.office / "outputs" / "compare" / f"{earlier}-{later}"
    folder.mkdir(parents=True, exist_ok=True)
    offices = [Configuration.read(project, quarter) for quarter in (earlier, later)]
    before, now = map(results_by_id, offices)
    changes = restated_figures(offices[1], earlier)
    moved(before, now).to_csv(folder / "figures.csv", index=False, lineterminator="\n")
    changes.to_csv(folder / "revisions.csv", index=False, lineterminator="\n")
    about = Paper(f"{earlier} and {later} side by side", office=offices[1].plan.office.commissioner)
    plans, unlike = _plans(project, earlier, later), _unlike(*offices)
    releases = _releases(*offices)
    page = comparison_page(earlier, later, before, now, changes, about, plans=plans, unlike=unlike, releases=releases)
    (folder / "index.html").write_text(page, encoding="utf-8")
    return folder / "index.html"


def _plans(project: Project, *quarters: Quarter) -> str:
    """Say which plan each of two quarters is reported by; '' where it is one."""
    names = [project.name(project.plan(quarter)) for quarter in quarters]
    if len(set(names)) == 1:
        return ""
    return " ".join(f"{quarter} is reported by {name}." for quarter, name in zip(quarters, names, strict=True))


def _releases(earlier: Configuration, later: Configuration) -> str:
    """Say which release of its publisher's each table is of, where the two quarters have two; '' where none has."""
    releases = [
        {table: source.release for table, source in office.sources.by_table.items() if source.release}
        for office in (earlier, later)
    ]
    lines = [
        f"- {title_of(table, later.plan.tables[table])}: {earlier.quarter} has the release of {releases[0][table]}, "
        f"{later.quarter} that of {release}. Its publisher revises earlier figures with each."
        for table, release in releases[1].items()
        if table in later.plan.tables and releases[0].get(table, release) != release
    ]
    return "\n".join(lines)


def results_by_id(office: Configuration) -> dict[str, IndicatorResult]:
    """Return every result of a quarter by its indicator, computed from the raw data."""
    with about_plan(office.project.plan(office.quarter)):
        return {result.indicator: result for result in compute_every(data_of_raw_files(office))}


def moved(before: Mapping[str, IndicatorResult], now: Mapping[str, IndicatorResult]) -> pd.DataFrame:
    """Return a row for each field that two quarters give differently; '' where one has none. Columns: COLUMNS."""
    rows = []
    for name in {**before, **now}:
        for field in FIELDS:
            pair = [getattr(side.get(name), field, None) for side in (before, now)]
            if pair[0] != pair[1]:
                rows.append((name, field, *("" if value is None else value for value in pair)))
    return pd.DataFrame(rows, columns=MOVED_COLUMNS)


def _unlike(earlier: Configuration, later: Configuration) -> set[str]:
    """Return the figures whose latest periods are not of one length in the two quarters."""
    lengths = [
        {name: period_length(figure.compare.latest) for name, figure in office.plan.figures.items() if figure.compare}
        for office in (earlier, later)
    ]
    same_quarter = earlier.quarter.number == later.quarter.number
    return {
        name
        for name, length in lengths[1].items()
        if lengths[0].get(name) != length or (length == period_length("ytd") and not same_quarter)
    }


def comparison_page(
    earlier: Quarter,
    later: Quarter,
    before: Mapping[str, IndicatorResult],
    now: Mapping[str, IndicatorResult],
    changes: pd.DataFrame,
    about: Paper,
    plans: str = "",
    unlike: Collection[str] = (),
    releases: str = "",
) -> str:
    """Return the comparison as one web page. plans: which plan each quarter is reported by, where they are two.

    unlike: the figures whose latest periods are not of one length, as those of two years to date. releases: which
    release of its publisher's a table is of in each quarter, where they are two.
    """
    heads = (f"Latest in {earlier}", f"Latest in {later}")
    verdicts, values = [], []
    for name in (name for name in now if name in before):
        a, b = before[name], now[name]
        judged = [(side.verdict, side.reason, side.how_sure) for side in (a, b)]
        if judged[0] != judged[1]:
            verdicts.append({"Indicator": f"{name} {b.title}", str(earlier): _judged(a), str(later): _judged(b)})
        if a.latest != b.latest:
            change = None if a.latest is None or b.latest is None or a.unit != b.unit else b.latest - a.latest
            if name in unlike:
                change = None
            values.append(
                {
                    "Figure": f"{name} {b.title}",
                    heads[0]: f"{latest_words(a)} ({a.latest_period})",
                    heads[1]: f"{latest_words(b)} ({b.latest_period})",
                    "Change": "" if change is None else b.form.change_cell(change),
                }
            )
    counts = [count_verdicts([f for f in side.values() if not f.measure]) for side in (before, now)]
    blocks = [
        Heading(2, "Headlines", "headlines"),
        Text(f"- {earlier}: {headline_sentence(counts[0])}\n- {later}: {headline_sentence(counts[1])}"),
        Heading(2, "Verdicts that changed, or how sure they are", "verdicts"),
        _table(verdicts, "Verdicts that changed, or how sure they are", {str(earlier): "left", str(later): "left"}),
        Heading(2, "Figures that changed", "figures"),
        _table(values, f"{number(len(values))} figures that changed", {}),
        Heading(2, "History that was restated", "revisions"),
        *([Text(releases)] if releases else []),
        restated_table(changes, f"Figures that {later} gives differently for earlier periods") or Text("Nothing."),
    ]
    only = [_only(earlier, before, now), _only(later, now, before)]
    if plans or any(only):
        words = "\n".join(filter(None, only)) or "Nothing."
        blocks += [Heading(2, "What is in one of the two only", "only"), Text(words), *([Text(plans)] if plans else [])]
    return html_page("\n".join(block.html() for block in blocks), about)


def _only(quarter: Quarter, own: Mapping[str, IndicatorResult], others: Mapping[str, IndicatorResult]) -> str:
    """Return a line of what only one quarter has, '' where the other has it all."""
    names = [f"{name} {result.title}" for name, result in own.items() if name not in others]
    return f"- Only in {quarter}: {'; '.join(names)}." if names else ""


def _judged(result: IndicatorResult) -> str:
    return ", ".join(filter(None, (result.verdict_words, result.how_sure_words.lower())))


def _table(rows: list[dict[str, str]], caption: str, align: dict[str, str]) -> Table | Text:
    return Table(rows, caption, align=align) if rows else Text("Nothing.")
