"""The control charts of a priority's series: each with its words; for reviewers the data and what all of them say."""

from collections.abc import Iterable, Iterator, Mapping
from weakref import WeakKeyDictionary

import pandas as pd

from panelpack.config.plan import Priority
from panelpack.disclosure.thresholds import is_of_answers, is_survey
from panelpack.formats import number, percent
from panelpack.indicators import series
from panelpack.indicators.chart_titles import alt_text, headline, note_words
from panelpack.indicators.chart_words import (
    assurance_words,
    grain_words,
    level_words,
    signal_runs,
    signal_words,
    variation_words,
)
from panelpack.indicators.control_charts import PLACES, grain_of, in_grain
from panelpack.indicators.missing import missing_points
from panelpack.indicators.quarter_report import QuarterReport
from panelpack.indicators.reference_tables import expected_false_alarms
from panelpack.periods import key_of, month_words, parse_year, period_words, periodicity_of, year_label, year_months
from panelpack.rendering import chart_text
from panelpack.rendering.charts import Chart, Reference, run_chart
from panelpack.rendering.prose import Callout, Heading, Text
from panelpack.rendering.table import Table
from panelpack.statistics import limits

# A page shows a chart and its data, and its reviewers' copy shows them once more.
_DRAWN: WeakKeyDictionary[QuarterReport, dict[tuple[str, bool], Chart]] = WeakKeyDictionary()
_LABELLED: WeakKeyDictionary[QuarterReport, dict[str, pd.DataFrame]] = WeakKeyDictionary()
_TABLES: WeakKeyDictionary[QuarterReport, dict[tuple[str, str], list[Table]]] = WeakKeyDictionary()
FEWEST_POINTS = 3  # fewer points than this make no chart
UNIT_WORDS = {"percent": "percent", "": "score"}  # in a caption; else the title of the axis


def heading(report: QuarterReport, box: Priority) -> Heading | None:
    """Return the heading above the charts; None where the box has no series that a chart can show."""
    return Heading(3, "Charts") if series_names(report, box) else None


def series_names(report: QuarterReport, box: Priority) -> list[str]:
    """Return the series that a box's figures read and a chart can show, each once: of periods, and of numbers."""
    series = report.plan.series
    return [name for name in box.series if report.office.periodicity(name) != "date" and series[name].kind != "grade"]


def blocks(report: QuarterReport, box: Priority) -> Iterator[Heading | Chart | Table | Text | Callout]:
    """Yield for reviewers what the control charts say, then each of them with the data beside it."""
    drawn = {
        name: chart_points(report, name) for name in series_names(report, box) if not why_not_charted(report, name)
    }
    if drawn:
        yield _words_table(report, box, drawn)
    for name in series_names(report, box):
        spec = report.plan.series[name]
        if name not in drawn:
            yield Text(f"{spec.title}: no chart, {why_not_charted(report, name)}.")
            continue
        yield chart(report, name)
        # The box's number keeps captions apart where two boxes show one series.
        yield from data_tables(report, name, drawn[name], f"{spec.title} ({report.name_of(box)})")
        yield from _smoothed(report, name, drawn[name])


def chart(report: QuarterReport, name: str, *, low: bool = False) -> Chart:
    """Return the chart of a series, which must be one that `why_not_charted` lets through; drawn once a report.

    low: for a page that has another picture too.
    """
    drawn = _DRAWN.setdefault(report, {})
    if (name, low) not in drawn:
        drawn[name, low] = _drawn(report, name, low=low)
    return drawn[name, low]


def _drawn(report: QuarterReport, name: str, *, low: bool) -> Chart:
    spec, points = report.plan.series[name], chart_points(report, name)
    missing = missing_points(report.data, name, points.assign(value=points["recorded"]))
    below = chart_text.caption(points, {label(key): sign for key, sign in missing.items()})
    new = [f"New usual range from {period_words(start.first)}: {start.reason}" for start in spec.rebase]
    return run_chart(
        points,
        title=headline(points, spec.title, spec.form, _short_name(report, name)),
        subtitle=subtitle(report, name, points),
        form=spec.form,
        alt=alt_text(points, spec.title, spec.form),
        caption=" ".join([below, *new]),
        run=note_words(points, spec.form),
        reference=_reference(report, points),
        low=low,
    )


def subtitle(report: QuarterReport, name: str, points: pd.DataFrame) -> str:
    """Say what a chart is of: measure, unit and how often, where, and from when to when."""
    spec, grain = report.plan.series[name], grain_words(grain_of(points))
    first, last = (period_words(points["period"].iloc[end]) for end in (0, -1))
    unit = f"{spec.form.axis[:1].lower()}{spec.form.axis[1:]} by {grain}"
    return f"{spec.title}, {unit}, {place_words(report)}, {first} to {last}."


def _short_name(report: QuarterReport, name: str) -> str:
    """Return what a series is called in few words: the short name of the first figure that reads it; '' for none."""
    return next((figure.name for figure in report.plan.figures.values() if figure.series == name), "")


def place_words(report: QuarterReport) -> str:
    """Return where the office's figures are of."""
    return report.plan.office.official_force or report.plan.office.force


def _reference(report: QuarterReport, points: pd.DataFrame) -> Reference | None:
    """Return the average of the baseline year, for a chart without a usual range; None where the year is not whole."""
    grain, year = grain_of(points), report.plan.baseline_year
    keys = {key_of(month, grain) for month in year_months(parse_year(year))}
    known = points[points["period"].isin(keys) & points["recorded"].notna()]
    if len(known) != len(keys) or len(known) == len(points):
        return None
    return Reference(float(known["recorded"].mean()), f"{year} average" if len(keys) > 1 else year)


def why_not_charted(report: QuarterReport, name: str) -> str:
    """Return why a series is not drawn: withheld, of too few people asked, or of too few points; else ''."""
    spec, points, grain = report.plan.series[name], report.data.points.get(name), report.data.grain(name)
    if withheld := report.office.withheld(spec.table):
        return f"the data are {withheld}"
    if points is not None and report.data.is_coarsened(name) and (not grain or len(points) < FEWEST_POINTS):
        return why_coarse(report, name)
    points = None if points is None else series.up_to(points, report.quarter, grain)
    if points is None or len(points) < FEWEST_POINTS:
        return "too few points"
    if is_survey(spec):
        last_year = points.tail(PLACES[grain])
        if last_year["base"].sum() < report.plan.disclosure.reported.fewest:
            return "too few responses"
    return ""


def why_coarse(report: QuarterReport, name: str) -> str:
    """Say why the points of a series are longer than those of its table, or why there are too few or none."""
    spec, limits = report.plan.series[name], report.plan.disclosure
    if report.data.is_for_others(name):
        return "from its points others could be worked out that are too small to be shown"
    if is_of_answers(spec):
        return f"a point needs {number(limits.shown.fewest)} answers, and its points have fewer"
    return f"a point of 1 to {number(limits.people.fewest - 1)} people is not shown, and too many are so small"


def chart_points(report: QuarterReport, name: str) -> pd.DataFrame:
    """Return a series' control chart with the labels that a reader sees, a row a period."""
    labelled = _LABELLED.setdefault(report, {})
    if name not in labelled:
        points = report.data.control_chart(name)
        labelled[name] = points.assign(label=[label(key) for key in points["period"]])
    return labelled[name]


def label(key: str) -> str:
    """Return a period as an axis shows it: 'Jun YYYY', 'Q1 YYYY/YY', 'H1 YYYY/YY'; a year as it is."""
    grain = periodicity_of(key)
    if grain == "month":
        month, year = month_words(key).split()
        return f"{month[:3]} {year}"
    return f"{key[4:]} {year_label(int(key[:4]))}" if grain in ("quarter", "half_year") else key


def charts_of_pack(report: QuarterReport) -> dict[str, pd.DataFrame]:
    """Return the points of every control chart of the pack, by series, each once."""
    names = dict.fromkeys(name for box in report.plan.priorities for name in series_names(report, box))
    return {name: chart_points(report, name) for name in names if not why_not_charted(report, name)}


def false_alarm_words(report: QuarterReport) -> str:
    """Say how many of the pack's control charts raise an alarm, and how many would by chance alone."""
    tables = charts_of_pack(report).values()
    limited = [table for table in tables if not table["no_limits"].iloc[-1]]
    flagged = sum(table["special_cause"].iloc[-1] != "" for table in limited)
    share = expected_false_alarms(1, report.false_alarms)
    expected = expected_false_alarms(len(limited), report.false_alarms)
    return (
        f"{number(flagged)} of {number(len(limited))} charts with a usual range show an unusual latest point, each "
        f"series counted once; chance and the ordinary wandering of levels alone would give about {number(expected)} "
        f"({percent(100 * share, 0)})."
    )


def drawn_as(report: QuarterReport, names: Iterable[str]) -> str:
    """Say as which charts series are drawn, of the kinds that are among them."""
    kinds = {report.plan.series[name].kind for name in names}
    others = "Counts" if kinds <= {"share", "count"} else "Other series"
    if "share" not in kinds:
        return f"{'Counts' if kinds == {'count'} else 'The series'} are drawn as XmR charts."
    shares = "percentages as Laney's p′ charts (Laney 2002), by their bases."
    return (
        shares[:1].upper() + shares[1:].replace(" as ", " are drawn as ", 1)
        if kinds == {"share"}
        else (f"{others} are drawn as XmR charts, {shares}")
    )


def _words_table(report: QuarterReport, box: Priority, drawn: dict[str, pd.DataFrame]) -> Table:
    """Return what each control chart says: average and usual range, the reported quarter, what that means."""
    rows = []
    for name, points in drawn.items():
        form = report.plan.series[name].form
        last, quarter = points.iloc[-1], points[points["latest"]]
        meaning = [variation_words(points), assurance_words(points, form)]
        level = level_words(quarter, form)
        rows.append(
            {
                "Series": report.plan.series[name].title,
                "Average": "" if last["no_limits"] else form.cell(last["mean"]),
                "Usual range": ""
                if pd.isna(last["lower"])
                else f"{form.words(last['lower'])} to {form.words(last['upper'])}",
                "Reported quarter": f"{level[:1].upper()}{level[1:]}; {signal_words(points)}"
                if level
                else f"{'Survey ended' if is_survey(report.plan.series[name]) else 'No figures after'} "
                f"{'in ' * is_survey(report.plan.series[name])}{period_words(last['period'])}",
                "Meaning": "; ".join(filter(None, meaning)),
            }
        )
    caption = f"{report.name_of(box)}: what the control charts say"
    return Table(rows, caption, widths=[3, 1.4, 1.6, 4, 2.6], align={"Usual range": "right"})


def data_tables(report: QuarterReport, name: str, points: pd.DataFrame, title: str) -> list[Table]:
    """Return the recorded values of a chart, and those without their season where it draws them; once a report."""
    made = _TABLES.setdefault(report, {})
    if (name, title) not in made:
        made[name, title] = list(_data_tables(report, name, points, title))
    return made[name, title]


def _data_tables(report: QuarterReport, name: str, points: pd.DataFrame, title: str) -> Iterator[Table]:
    missing: Mapping[str, str] = missing_points(report.data, name, points.assign(value=points["recorded"]))
    revised = {in_grain(period, grain_of(points)) for period in report.revised(name).values()}
    spec = report.plan.series[name]
    unit = "" if spec.form.unit == "count" else f" ({UNIT_WORDS.get(spec.form.unit, spec.form.axis.lower())})"
    wanted = {"recorded": f"{title}: data{unit}"}
    if points["adjusted"].any():
        wanted["value"] = f"{title}: without the season{unit}"
    for column, caption in wanted.items():
        table = points.assign(value=points[column])
        # Without its season a year does not add up to what was recorded, and most measures do not add up at all.
        total = column == "recorded" and report.plan.over_time(spec) == "sum"
        rows = chart_text.data_table(table, spec.form, total, revised, missing)
        yield Table(rows, caption, align={"Year": "left"}, why="no number was supplied")


def _smoothed(report: QuarterReport, name: str, points: pd.DataFrame) -> Iterator[Callout]:
    """Yield the warning of a chart whose percentages are smoothed."""
    if points["no_limits"].iloc[-1] == "smoothed":
        ratio, least = number(points["sample_ratio"].iloc[0], 2), number(limits.SMOOTHEST, 1)
        text = (
            f"{report.plan.series[name].title}: the points vary {ratio} times as much as samples of their size do. "
            f"Below {least} they are taken for rolling or smoothed figures. Of these neighbours share most of their "
            "answers, and nearly every run would be flagged, so no signal is drawn. Ask the supplier for each month's "
            "answers."
        )
        yield Callout("warning", "Points that vary too little", text)


# ------------------------------------------------------------------------------------------------ for reviewers
def signals_explained(report: QuarterReport, box: Priority) -> Table | Text:
    """Return every run of points that a box's charts flag, and why."""
    rows = [
        {"Series": report.plan.series[name].title, "When": when, "Why it is flagged": why}
        for name in _charted(report, box)
        for when, why in signal_runs(report.data.control_chart(name), report.plan.series[name].form)
    ]
    if not rows:
        return Text(f"No point of the control charts of {report.name_of(box)} is flagged.")
    return Table(rows, f"{report.name_of(box)}: every signal of the control charts", widths=[3, 2.4, 5])


def rebases_proposed(report: QuarterReport, box: Priority) -> Table | Text:
    """Return the new starts of limits that a box's charts suggest, as lines for the plan."""
    rows = []
    for name in _charted(report, box):
        if proposed := report.data.proposed_rebase(name):
            why = f"Since {period_words(proposed.first)} {proposed.why}."
            rows.append({"Series": name, "Why": why, "Line for the plan, with a reason": proposed.plan_line})
    if not rows:
        return Text(f"No control chart of {report.name_of(box)} suggests new limits.")
    plan = report.project.name(report.project.plan(report.quarter))
    notes = [
        "New limits suit a change that has lasted, is expected to last, and whose cause is known. To accept one, put "
        f"the line under the series in {plan} and write the reason; until then the chart keeps its limits."
    ]
    return Table(rows, f"{report.name_of(box)}: new limits to consider", notes=notes, widths=[2.4, 3, 5])


def _charted(report: QuarterReport, box: Priority) -> list[str]:
    return [name for name in series_names(report, box) if not why_not_charted(report, name)]
