"""The dashboard: every indicator in one table, priority by priority, and below it what its marks mean."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import pandas as pd

from panelpack.config.plan import Indicator, Priority
from panelpack.indicators.control_charts import reaches_quarter
from panelpack.indicators.last_pack import LastPack, read_last_pack
from panelpack.indicators.published_tables import published_tables
from panelpack.indicators.quarter_report import QuarterReport
from panelpack.indicators.results import IndicatorResult, dashboard_rows
from panelpack.pages import others
from panelpack.pages.control_charts import why_not_charted
from panelpack.pages.figure_words import (
    WHY_IN_VERDICT,
    bands_words,
    baseline_words,
    change_words,
    latest_words,
    title_words,
    year_before_notes,
    year_before_words,
)
from panelpack.pages.message import inside, plain_period
from panelpack.pages.priority import indicators_of
from panelpack.pages.sparklines import picture_of
from panelpack.pages.verdict_marks import NO_MEASURE, ON_ASSUMED, judged, mark_of
from panelpack.rendering.inline import Anchored, Cell, Lines
from panelpack.rendering.prose import Heading, NewPage, Text
from panelpack.rendering.table import Table, table_row
from panelpack.rules.verdict import NOT_LIKE_WITH_LIKE, PROVISIONAL, REASON_WORDS

INDICATOR, CHANGE, LINE, RECENT, RESULT = "Indicator", "Change", "Trend", "Recent months", "Result and how sure"
OTHERS = "Other forces"
YEAR = "Quarter on a year before"
WIDTHS = {INDICATOR: 5.1, CHANGE: 1.8, YEAR: 1.7, LINE: 2.4, RECENT: 1.7, RESULT: 3.3}  # these and VALUE in cm
VALUE, LATEST = 1.65, 1.95  # the width of the columns of the two figures, whose heads name their periods
NARROWER = {INDICATOR: 3.9, CHANGE: 1.75, OTHERS: 1.45}  # beside the other forces
NOTE_MARKS = {  # by the kind of the note
    **{"populations": "‡", "provisional": "ᵖ", "gap": "†"},
    **{"year_before": "ʸ", "lag": "ˡ", "redefined": "ᵈ", "residents": "ʳ"},
}
NOTE_KEY = {
    "populations": "the two figures are of different people",
    "provisional": "not final yet",
    "gap": "a number that the figure needs is not there",
    "year_before": "on the same quarter a year before it moved otherwise than the result says",
    "lag": "the latest figures end before the quarter does",
    "redefined": "it counts something else than before",
    "residents": "a rate; its page says of how many residents",
}
# What stands beside the result already, and so needs no mark: by the kind of the note.
SAID_BY_TAG = {"populations": NOT_LIKE_WITH_LIKE, "provisional": PROVISIONAL}
SAID_BY_REASON = {"populations": "not_comparable"}
STATED = ("awaited", "replaced", "discontinued", "redacted")  # reasons that are told in the plan's own words
SAME_MONTHS = re.compile(r"[A-Z][a-z]+( to [A-Z][a-z]+)? \d{4}")  # such as April to June of a year
RECENT_WORDS = {
    "improvement": "{way}: better",
    "concern": "{way}: worse",
    "neither": "{way} than usual",
    "common_cause": "as usual",
}
NO_LIMITS = "no limits"
RESULT_KEY = "Result: by the rule that the plan names for the indicator."
RECENT_KEY = (
    "Recent months: whether the latest ones are unusual for this series by its control chart, which may differ from "
    "the result."
)
NO_LIMITS_KEY = f"{NO_LIMITS.capitalize()}: too little that is steady to say what is usual."
OTHERS_KEY = (
    f"{OTHERS}: by how much the other forces together changed, and whether the change here is within or outside what "
    "differs between forces anyway; it decides no result. The page of each says more."
)
YEAR_KEY = f"{YEAR}: how the quarter compares with the same one a year earlier."
LINE_KEY = "Trend: each line to a scale of its own; the dashed line is the baseline."


def heading(report: QuarterReport) -> Iterator[NewPage | Heading]:
    """Yield the dashboard's heading, at the head of a page."""
    yield NewPage()
    yield Heading(2, report.parameters.appendix("dashboard"), "dashboard")


@dataclass(frozen=True)
class Periods:
    """What the heads of the two columns of figures say: the periods that most rows have, '' where no row has one."""

    before: str
    now: str

    @property
    def heads(self) -> tuple[str, str]:
        """The heads, which always differ."""
        return f"Baseline {self.before}".strip(), f"Latest {self.now}".strip()


def periods_of(results: Sequence[IndicatorResult]) -> Periods:
    """Return the periods that more than half of the rows with a period have; '' where no period has so many."""
    shown = [one for one in results if one.latest is not None or one.latest_shorthand]
    return Periods(*(_usual([getattr(one, name) for one in shown]) for name in ("baseline_period", "latest_period")))


def _usual(periods: Sequence[str]) -> str:
    known = [period for period in periods if period]
    most = max(known, key=known.count, default="")
    return most if 2 * known.count(most) > len(known) else ""


def blocks(report: QuarterReport) -> Iterator[Table | Text]:
    """Yield the dashboard: a row an indicator; those without a measure yet share one a priority.

    Raises SourceError where the last pack cannot be read.
    """
    rows: list[dict[str, Cell]] = []
    anchors: list[str] = []
    groups: dict[int, str] = {}
    results = report.indicators()
    if not results:
        yield Text(f"No {report.plan.office.priority_word.lower()} has an indicator.")
        return
    last, periods = read_last_pack(report.office), periods_of(results)
    has_year = any(year_before_words(one) for one in results)
    for box in report.plan.priorities:
        of_box = indicators_of(report, box)
        if of_box:
            groups[len(rows)] = group_words(report, box)
        for places in _rows_of(of_box):
            rows.append(_row(report, box, places, of_box, periods, last, has_year=has_year))
            anchors.append("" if len(places) > 1 else f"row-{places[0].indicator}")
    rows = _without_empty(rows)
    yield Table(
        rows,
        "Every indicator: baseline, latest figure, change, trend, result and how sure it is",
        widths=_widths(list(rows[0]), periods),
        align={name: "left" if name in (INDICATOR, LINE, RECENT, RESULT) else "right" for name in rows[0]},
        notes=_notes(report, results, rows, last, periods),
        why=WHY_IN_VERDICT,
        anchors=anchors,
        groups=groups,
        dense=True,
    )
    if empty := [report.name_of(box) for box in report.plan.priorities if not box.indicators]:
        yield Text(" ".join(f"{name} has no indicator." for name in empty))


def _widths(columns: list[str], periods: Periods) -> list[float]:
    widths = WIDTHS | NARROWER if OTHERS in columns else WIDTHS
    return [widths.get(name, LATEST if name == periods.heads[1] else VALUE) for name in columns]


def group_words(report: QuarterReport, box: Priority) -> str:
    """Return the heading of a priority's rows, with a link to its page."""
    return f"[{box.number} {box.name}](#priority-{box.id})"


def _rows_of(results: Sequence[IndicatorResult]) -> Iterator[list[IndicatorResult]]:
    """Yield the results of each row of a priority; those without a measure yet share the place of the first."""
    unmeasured = [one for one in results if one.reason == NO_MEASURE]
    for one in results:
        if one.reason != NO_MEASURE:
            yield [one]
        elif one is unmeasured[0]:
            yield unmeasured


def _row(
    report: QuarterReport,
    box: Priority,
    results: list[IndicatorResult],
    of_box: Sequence[IndicatorResult],
    periods: Periods,
    last: LastPack | None,
    *,
    has_year: bool,
) -> dict[str, Cell]:
    one, (before, now) = results[0], periods.heads
    cells: list[tuple[str, Cell]] = [
        (INDICATOR, _named(report, results, of_box, periods, last)),
        (before, baseline_words(one)),
        (now, bold_latest(one)),
        (CHANGE, change_words(one.printed_change, one.pct_change, one.form)),
        *([(YEAR, year_before_words(one))] if has_year else []),
        (OTHERS, others.in_short(report.others(report.plan.figures[one.indicator]))),
        (LINE, picture_of(report, one)),
        (RECENT, recent_words(report, one)),
        (RESULT, judged(one, report.plan)),
    ]
    if one.reason == NO_MEASURE:
        cells = [(head, cell if head in (INDICATOR, RESULT) else "") for head, cell in cells]
    return table_row(cells)


def _without_empty(rows: list[dict[str, Cell]]) -> list[dict[str, Cell]]:
    """Leave out the columns that no row needs, but for the first and the last."""
    kept = [name for name in rows[0] if name in (INDICATOR, RESULT) or any(row[name] != "" for row in rows)]
    return [{name: row[name] for name in kept} for row in rows]


def bold_latest(one: IndicatorResult) -> str:
    """Return the latest figure in bold, or the sign in its place."""
    return f"**{latest_words(one)}**" if one.latest is not None else latest_words(one)


def own_periods(one: IndicatorResult, periods: Periods) -> str:
    """Name the periods of a row where they are not those of the heads: 'April to June, this year against the last'.

    '' where they are, and for a row that shows neither figure.
    """
    if one.latest is None and one.baseline is None:
        return ""
    now, before = (plain_period(period) for period in (one.latest_period, one.baseline_period))
    if one.baseline is not None and one.baseline_period not in ("", periods.before) and before != now:
        is_year_apart = now[:-4] == before[:-4] and SAME_MONTHS.fullmatch(now)
        return f"{now[:-5]}, {now[-4:]} against {before[-4:]}" if is_year_apart else f"{now} against {before}"
    return now if one.latest_period not in ("", periods.now) else ""


def _named(
    report: QuarterReport,
    results: list[IndicatorResult],
    of_box: Sequence[IndicatorResult],
    periods: Periods,
    last: LastPack | None,
) -> Cell:
    """Return the first cell of a row: what it is of, and below that its target and its result in the last pack."""
    if len(results) > 1:
        names = "; ".join(linked(report, one) for one in results)
        return Anchored(tuple(f"row-{one.indicator}" for one in results), names)
    (one,) = results
    marks = [mark for kind, mark in NOTE_MARKS.items() if is_marked(one, kind)]
    name = "\u00a0".join([linked(report, one, of_box), *marks])  # a mark never starts a line
    below = (target_words(report, one), own_periods(one, periods), _last_words(report, one, last))
    return Lines(name, ". ".join(filter(None, below)))


def linked(report: QuarterReport, one: IndicatorResult, of_box: Sequence[IndicatorResult] = ()) -> str:
    """Return an indicator's short name with a link to its figures; among those of its box a part names its whole."""
    short = report.plan.figures[one.indicator].name
    named = title_words(replace(one, title=short), of_box, report.plan) if one.part_of and of_box else short
    indent = named[: len(named) - len(named.lstrip())]
    return f"{indent}[{named.lstrip()}](#figure-{one.indicator})"


def target_words(report: QuarterReport, one: IndicatorResult) -> str:
    """Return the target of an indicator, or the office's own bands; '' where it has neither."""
    spec = report.plan.figures[one.indicator]
    if isinstance(spec, Indicator) and spec.bands:
        return bands_words(spec.bands, one.form)
    return f"Target: {one.target}" if one.target else ""


def _last_words(report: QuarterReport, one: IndicatorResult, last: LastPack | None) -> str:
    """Return what the last pack's result was; '' where it was the same, and for what is not judged."""
    if last is None or not one.scored:
        return ""
    before = last.before(one)
    if before is None or not before.scored:
        return "New in this pack"
    if (before.verdict, before.word) == (one.verdict, one.word):
        return ""
    return f"Last pack: {inside(plain_result(report, before))}"


def plain_result(report: QuarterReport, one: IndicatorResult) -> str:
    """Return a result in words: 'No clear change', 'Not assessed'."""
    cell = mark_of(replace(one, mark=""), report.plan)
    return cell if isinstance(cell, str) else cell.plain()


def recent_words(report: QuarterReport, one: IndicatorResult) -> str:
    """Return in short what the control chart says of the latest points: 'lower: better', 'as usual', 'no limits'.

    '' for one without a chart, and where the series ends before the quarter.
    """
    name = report.plan.figures[one.indicator].series
    if name is None or one.latest is None or one.labels or report.office.periodicity(name) == "date":
        return ""
    if why_not_charted(report, name) or not reaches_quarter(points := report.data.control_chart(name)):
        return ""
    newest = points.iloc[-1]
    if newest["no_limits"]:
        return NO_LIMITS
    return RECENT_WORDS[newest["variation"]].format(way="higher" if newest["side"] == "high" else "lower")


def is_marked(one: IndicatorResult, kind: str) -> bool:
    """Whether a row carries the mark of a kind of note: it has one, and its result does not say the same."""
    said = one.how_sure == SAID_BY_TAG.get(kind, "-") or one.reason == SAID_BY_REASON.get(kind, "-")
    return bool(one.notes_of(kind)) and not said


def _notes(
    report: QuarterReport,
    results: Sequence[IndicatorResult],
    rows: Sequence[Mapping[str, Cell]],
    last: LastPack | None,
    periods: Periods,
) -> list[str]:
    """Return the lines below the table: each for what the table has, and none for what it has not."""
    cells = {name: [_words(row[name]) for row in rows] for name in rows[0]}
    marks = [
        f"{NOTE_MARKS[kind]} {words}" for kind, words in NOTE_KEY.items() if any(is_marked(r, kind) for r in results)
    ]
    if any(ON_ASSUMED in words for words in cells[RESULT]):
        marks.append(f"{ON_ASSUMED} rests on numbers that were assumed, and holds if those are right")
    if any(" pts" in words for words in cells.get(CHANGE, []) + cells.get(YEAR, [])):
        marks.append("pts: percentage points")
    more = f"The page of each {report.plan.office.priority_word.lower()} says more."
    lines = [f"{'; '.join(marks)}. {more}" if marks else ""]
    charted = [
        RESULT_KEY,
        LINE_KEY if LINE in cells else "",
        RECENT_KEY if RECENT in cells else "",
        NO_LIMITS_KEY if NO_LIMITS in cells.get(RECENT, []) else "",
    ]
    lines.append(" ".join(filter(None, charted)))
    if last:
        lines.append(f"Last pack: that of {last.quarter.words}; its result is named where it was another one.")
    if any(one.part_of for one in results):
        lines.append("A row that is part of another is shown and judged, and the headline counts it with its whole.")
    if YEAR in cells:
        lines.append(YEAR_KEY)
        lines += year_before_notes(_short_titled(report, results), report.quarter.words)
    if OTHERS in cells:
        lines.append(" ".join([OTHERS_KEY, *others.periods_words(report)]))
    stated = [one for one in _short_titled(report, results) if one.reason in STATED]
    lines += [f"{REASON_WORDS[one.reason].capitalize()}: {one.title}. {one.evidence}" for one in stated]
    return list(filter(None, lines))


def _short_titled(report: QuarterReport, results: Sequence[IndicatorResult]) -> list[IndicatorResult]:
    """Return results that are called as page 1 calls them: by their priority and their own short name."""
    boxes = {box.id: box for box in report.plan.priorities}
    return [
        replace(one, title=f"{boxes[one.priority].number} {report.plan.figures[one.indicator].name}") for one in results
    ]


def _words(cell: Cell) -> str:
    return cell if isinstance(cell, str) else cell.plain()


def tables(report: QuarterReport) -> dict[str, pd.DataFrame]:
    """Return the tables of the dashboard by their files: its rows, the headline, and the data behind them."""
    headline = pd.DataFrame(report.headline().items(), columns=["name", "value"])
    rows = {"indicators.csv": dashboard_rows(report.indicators()), "headline.csv": headline}
    return rows | published_tables(report)
