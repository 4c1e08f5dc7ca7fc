"""The charts of a priority's own page: control charts with their data, and projections."""

from collections.abc import Iterator

import pandas as pd

from panelpack import chart_words, charts, series, signals
from panelpack.figures import Figure
from panelpack.formats import number
from panelpack.plan import Indicator, Priority
from panelpack.prose import Heading, Text
from panelpack.quarters import Quarter, month_words
from panelpack.tables import Table
from panelpack.work import Work

FEWEST_POINTS = 3  # fewer points than this make no chart


def heading(work: Work, box: Priority) -> Heading | None:
    """Return the heading above the charts; None where the box has no series of months or quarters."""
    return Heading(3, "Charts") if _series_names(work, box) else None


def _series_names(work: Work, box: Priority) -> list[str]:
    """Return the series of months or quarters that a box's figures read, each once."""
    names = (name for figure in box.figures for name in (figure.series, getattr(figure, "baseline_series", None)))
    return [name for name in dict.fromkeys(filter(None, names)) if work.evidence.periodicity(name) != "date"]


def blocks(work: Work, box: Priority) -> Iterator[Heading | charts.Figure | Table | Text]:
    """Yield, for each series of months or quarters that may be shown, its control chart and the data beside it."""
    for name in _series_names(work, box):
        spec, why_not = work.plan.series[name], _why_not_charted(work, name)
        if why_not:
            yield Text(f"{spec.title}: no chart, {why_not}.")
            continue
        unit = "percent" if spec.base is not None else "count"
        points = chart_points(work, name)
        # The box's number keeps captions apart where two boxes show one series.
        yield charts.run_chart(points, title=f"{spec.title} (priority {box.number})", unit=unit)
        caption = f"{spec.title} (priority {box.number}): data" + (" (percent)" if unit == "percent" else "")
        yield Table(
            chart_words.data_table(points, unit=unit, caption=caption, decimals=1 if unit == "percent" else 0), caption
        )
    if any(work.figure(figure.id).signal for figure in box.figures):
        yield _spc_note(work)
    yield from _projections(work, box)


def _why_not_charted(work: Work, name: str) -> str:
    """Return why a series is not drawn: withheld, of too few people asked, or of too few points."""
    spec, points = work.plan.series[name], work.evidence.points.get(name)
    if withheld := work.params.withheld(spec.table):
        return f"the data are {withheld}"
    if points is None or len(points) < FEWEST_POINTS:
        return "too few points"
    if isinstance(spec.base, str):
        last_year = points.tail(12 if work.evidence.periodicity(name) == "month" else 4)
        if last_year["base"].sum() < work.plan.minimum_base:
            return "too few responses"
    return ""


def chart_points(work: Work, name: str) -> pd.DataFrame:
    """Return a series' control chart with the labels that a reader sees, a row a period."""
    periodicity = work.evidence.periodicity(name)
    points = signals.chart(work.evidence.points[name], signals.latest_keys(work.quarter, periodicity))
    return points.assign(label=[_label(key, periodicity) for key in points["period"]])


def _label(key: str, periodicity: str) -> str:
    if periodicity == "month":
        month, year = month_words(key).split()
        return f"{month[:3]} {year}"
    return Quarter.parse(key).words.replace("Quarter ", "Q")


def _projections(work: Work, box: Priority) -> Iterator[charts.Figure]:
    """Yield a chart of the projected year for each indicator that is judged by one."""
    for spec in box.indicators:
        figure = work.figure(spec.id)
        if figure.projected is None or figure.baseline is None:
            continue
        yield charts.projection_chart(
            rolling_totals(work, spec),
            title=work.plan.series[spec.series].title,
            unit="count",
            baseline=figure.baseline,
            baseline_label=f"baseline {figure.baseline_period}",
            year_label=figure.projection_year,
            projected=figure.projected,
            lower=figure.lower_95,
            upper=figure.upper_95,
        )
    if note := _projection_note(work.of_box(box), work):
        yield note


def rolling_totals(work: Work, spec: Indicator) -> pd.DataFrame:
    """Return the 12-month totals that end a quarter, as far back as the series goes: label and value."""
    values = series.charted(work.evidence.points[spec.series])
    months = work.evidence.periodicity(spec.series) == "month"
    step, window = (3, 12) if months else (1, 4)
    totals = values.rolling(window).sum()[::-1].iloc[::step][::-1].dropna()
    return pd.DataFrame(
        {"label": [_label(key, "month" if months else "quarter") for key in totals.index], "value": totals.to_numpy()}
    )


def _projection_note(figures: list[Figure], work: Work) -> Text | None:
    """State the assumptions of the projections on this page, or None where it has none."""
    rows = [work.evidence.errors.loc[work.plan.figures[f.indicator].series] for f in figures if f.projected is not None]
    if not rows:
        return None
    first = rows[0]
    return Text(
        "The projection takes the latest 12 months as the total of the coming year. Its interval comes from how far "
        f"that forecast missed for the same offence in {number(first['forces'])} other forces, from "
        f"{first['first_origin']} to {first['last_origin']} ({number(first['n'])} forecasts); it assumes that this "
        "force errs as they did. Where those years are later than the quarter reported, the interval uses knowledge "
        "that was not to be had at the time."
    )


def _spc_note(work: Work) -> Text:
    """State the assumptions of the control charts, and that their points are reconstructed where they are."""
    made_up = f"Their monthly and quarterly points are reconstructed{' to the published totals' * work.printed}. "
    return Text(
        (made_up if work.evidence.reconstructed else "")
        + "The charts are XmR control charts: limits stand 2.66 mean moving ranges from the mean of all points shown. "
        "They take the months as independent and are not adjusted for the season, so a seasonal high or low may be "
        "flagged. A signal says that something changed, not what."
    )
