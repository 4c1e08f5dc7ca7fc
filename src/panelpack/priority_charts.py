"""The control charts of a priority's own page, what they say in words, and the data beside them."""

from collections.abc import Iterator

import pandas as pd

from panelpack import chart_words, charts, false_alarms, indicators, levels, series, signals, spc
from panelpack.formats import in_unit, number
from panelpack.plan import Priority
from panelpack.prose import Heading, Text
from panelpack.quarters import Quarter, month_words
from panelpack.tables import Table
from panelpack.work import Work

FEWEST_POINTS = 3  # fewer points than this make no chart


def heading(work: Work, box: Priority) -> Heading | None:
    """Return the heading above the charts; None where the box has no series of months or quarters."""
    return Heading(3, "Charts") if series_names(work, box) else None


def series_names(work: Work, box: Priority) -> list[str]:
    """Return the series of months or quarters that a box's figures read, each once."""
    names = (name for figure in box.figures for name in (figure.series, getattr(figure, "baseline_series", None)))
    return [name for name in dict.fromkeys(filter(None, names)) if work.evidence.periodicity(name) != "date"]


def blocks(work: Work, box: Priority) -> Iterator[Heading | charts.Figure | Table | Text]:
    """Yield what the control charts say, then each of them with the data beside it."""
    drawn = {name: chart_points(work, name) for name in series_names(work, box) if not why_not_charted(work, name)}
    if drawn:
        yield _words_table(work, box, drawn)
    for name in series_names(work, box):
        spec, unit = work.plan.series[name], _unit(work, name)
        # The box's number keeps captions apart where two boxes show one series.
        title = f"{spec.title} (priority {box.number})"
        if name not in drawn:
            yield Text(f"{spec.title}: no chart, {why_not_charted(work, name)}.")
            continue
        yield charts.run_chart(drawn[name], title=title, unit=unit)
        yield from _data_tables(drawn[name], title, unit, set(work.revised(name).values()))
    if drawn:
        yield _note(work)


def why_not_charted(work: Work, name: str) -> str:
    """Return why a series is not drawn: withheld, of too few people asked, or of too few points; else ''."""
    spec, points, periodicity = work.plan.series[name], work.evidence.points.get(name), work.evidence.periodicity(name)
    if withheld := work.params.withheld(spec.table):
        return f"the data are {withheld}"
    points = None if points is None else series.up_to(points, work.quarter, periodicity)
    if points is None or len(points) < FEWEST_POINTS:
        return "too few points"
    if isinstance(spec.base, str):
        last_year = points.tail(signals.PLACES[periodicity])
        if last_year["base"].sum() < work.plan.minimum_base:
            return "too few responses"
    return ""


def chart_points(work: Work, name: str) -> pd.DataFrame:
    """Return a series' control chart with the labels that a reader sees, a row a period."""
    points = indicators.control_chart(name, work.evidence)
    return points.assign(label=[label(key) for key in points["period"]])


def label(key: str) -> str:
    """Return a month or a quarter as an axis shows it: 'Jun YYYY', 'Q1 YYYY/YY'."""
    if "Q" in key:
        return Quarter.parse(key).words.replace("Quarter ", "Q")
    month, year = month_words(key).split()
    return f"{month[:3]} {year}"


def false_alarm_words(work: Work) -> str:
    """Say how many of the pack's control charts raise an alarm, and how many would by chance alone."""
    names = dict.fromkeys(name for box in work.plan.priorities for name in series_names(work, box))
    tables = [chart_points(work, name) for name in names if not why_not_charted(work, name)]
    limited = [table for table in tables if table["lower"].notna().iloc[-1]]
    found = sum(table["special_cause"].iloc[-1] != "" for table in limited)
    expected = false_alarms.expected_false_alarms(len(limited), work.false_alarms)
    return (
        f"This pack has {number(len(limited))} control charts with limits, each series counted once. If nothing had "
        f"changed anywhere, chance alone would be expected to flag the latest point of {number(expected, 1)} of them; "
        f"{number(found)} are flagged."
    )


def _unit(work: Work, name: str) -> str:
    return "percent" if work.plan.series[name].base is not None else "count"


def _words_table(work: Work, box: Priority, drawn: dict[str, pd.DataFrame]) -> Table:
    """Return what each control chart says: mean and limits, the reported quarter, the meaning of its icons."""
    rows = []
    for name, points in drawn.items():
        unit, periodicity = _unit(work, name), work.evidence.periodicity(name)
        last, quarter = points.iloc[-1], points[points["latest"]]
        meaning = [signals.variation_words(points), signals.assurance_words(points, unit)]
        level = levels.level_words(quarter, unit, periodicity)
        rows.append(
            {
                "Series": work.plan.series[name].title,
                "Mean expected level": in_unit(last["mean"], unit),
                "Limits": ""
                if pd.isna(last["lower"])
                else f"{in_unit(last['lower'], unit)} to {in_unit(last['upper'], unit)}",
                "Reported quarter": f"{level[:1].upper()}{level[1:]}; {signals.signal_words(points, periodicity)}"
                if level
                else f"The series has no points in it: it ends with {signals.period_words(last['period'])}",
                "Meaning": "; ".join(filter(None, meaning)),
            }
        )
    caption = f"Priority {box.number}: what the control charts say"
    return Table(pd.DataFrame(rows), caption, widths=[3, 1.4, 1.6, 4, 2.6], align={"Limits": "right"})


def _data_tables(points: pd.DataFrame, title: str, unit: str, revised: set[str]) -> Iterator[Table]:
    """Yield the recorded values of a chart, and those without their season where it draws them."""
    decimals, of_percent = (1, " (percent)") if unit == "percent" else (0, "")
    wanted = {"recorded": f"{title}: data{of_percent}"}
    if points["adjusted"].any():
        wanted["value"] = f"{title}: without the season{of_percent}"
    for column, caption in wanted.items():
        table = points.assign(value=points[column])
        total = column == "recorded"  # without its season a year does not add up to what was recorded
        notes = ["[r] revised since the report of the quarter before."] if revised & set(points["period"]) else []
        yield Table(chart_words.data_table(table, unit, caption, decimals, total, revised), caption, notes=notes)


def _note(work: Work) -> Text:
    """State the assumptions of the control charts, and that their points are reconstructed where they are."""
    made_up = f"Their monthly and quarterly points are reconstructed{' to the published totals' * work.printed}. "
    return Text(
        (made_up if work.evidence.reconstructed else "")
        + f"The charts are XmR control charts: limits stand {number(spc.LIMIT_FACTOR, 2)} mean moving ranges from the "
        "mean. A series with evidence of a season is charted without it. The charts take the points as independent of "
        "each other. A signal says that something changed, not what; some signals are chance, and "
        f"{work.params.appendix('methods')} says how many to expect."
    )
