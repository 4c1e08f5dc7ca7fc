"""The page of the back-test: the method before and the present one, by year, by offence, and the shocks."""

from collections.abc import Iterator

import nbformat.v4 as notebooks
import numpy as np
import pandas as pd
from nbformat import NotebookNode

from panelpack.formats import Form, count_words, number, percent
from panelpack.intake.moved_offences import listed_first
from panelpack.pages.backtest_summary import (
    METHOD_WORDS,
    backtest_outcome,
    before_and_now,
    how_chosen,
    series_table,
    shocks,
    words,
    years_table,
)
from panelpack.periods import Quarter, year_label
from panelpack.rendering.chart_frame import (
    NARROW,
    WIDE,
    Frame,
    Label,
    canvas,
    draw_labels,
    draw_periods,
    scale_of,
)
from panelpack.rendering.chart_text import value_text
from panelpack.rendering.charts import Chart, made
from panelpack.rendering.document import fragment, pack_html
from panelpack.rendering.palette import BAND, BETTER, WORSE
from panelpack.rendering.paper import Paper, Part
from panelpack.rendering.prose import Callout, Heading, Text
from panelpack.rendering.table import Table
from panelpack.statistics.backtest_scores import BEFORE, COVERAGE, HORIZONS, SHIPPED
from research.backtest.backtest import Results

Block = Heading | Text | Callout | Table | Chart
TITLE = "Back-test of projections"
PERCENT = Form("percent", 1)
COLOURS = {SHIPPED: BETTER, BEFORE: WORSE}


def html(results: Results) -> str:
    """Return the page as one web page that fetches nothing."""
    shown = [_output(block) for block in blocks(results)]
    cell = notebooks.new_code_cell("blocks(results)", id="backtest", outputs=shown)
    page = fragment(notebooks.new_notebook(cells=[cell]))
    return "".join(pack_html([Part("", "", [page])], Paper(TITLE)))


def _output(block: Block) -> NotebookNode:
    bundle = block._repr_mimebundle_()
    data, metadata = bundle if isinstance(bundle, tuple) else (bundle, {})
    return NotebookNode(notebooks.new_output("display_data", data=data, metadata=metadata))


def blocks(results: Results) -> Iterator[Block]:
    """Yield the page, top to bottom. Every figure in it is computed from `results`."""
    yield Heading(2, "How often the intervals hold", "backtest")
    yield Text(_what_was_done(results))
    yield backtest_outcome(results.by_year)
    yield before_and_now(results.summary, results.split)
    yield Heading(3, "By the year that was forecast")
    yield years_table(results.by_year)
    for horizon in HORIZONS.values():
        yield coverage_chart(results.forecasts, horizon)
    yield Heading(3, "By offence")
    yield series_table(results.by_year)
    yield Heading(3, "Where it fails, and what it does not show")
    yield from shocks(results.by_year, results.split.shocks)
    yield from _breaks(results)
    yield how_chosen(results.by_year)


def coverage_chart(forecasts: pd.DataFrame, horizon: str) -> Chart:
    """Draw the share of totals inside the 95% interval at each origin: the present method and the one before.

    forecasts: those of the results. The shaded band is the coverage asked for.
    """
    of_horizon = forecasts[(forecasts["horizon"] == horizon) & ~forecasts["crosses"]]
    share = 100 * of_horizon.groupby(["origin", "method"])["covered_95"].mean().unstack("method")
    title = f"Totals inside the 95% interval, {words(horizon).lower()}"
    asked = [100 * bound for bound in COVERAGE]
    scale = scale_of(np.append(share[list(COLOURS)].to_numpy(float), asked), PERCENT)
    labels = [
        Label(
            share[method].iloc[-1], (METHOD_WORDS[method].lower(), value_text(share[method].iloc[-1], PERCENT)), colour
        )
        for method, colour in COLOURS.items()
    ]
    drawn = []
    for size in (WIDE, NARROW):
        frame = Frame.around(size, scale, labels, len(share))
        page = canvas(frame, scale)
        low, high = ([frame.up(bound)] * 2 for bound in asked)
        page.area([frame.left, frame.right], low, high, BAND)
        for method, colour in COLOURS.items():
            page.line(frame.across(np.arange(len(share))), frame.up(share[method].to_numpy(float)), colour, 1.2)
        draw_periods(page, frame, [_tick(Quarter.parse(origin)) for origin in share.index])
        draw_labels(page, frame, labels)
        drawn.append(page)
    alt = _coverage_text(share[list(COLOURS)], title)
    subtitle = "Per cent of totals, by the quarter of the forecast; the band is the coverage asked for."
    return made(drawn, scale, title=title, subtitle=subtitle, alt=alt, caption="")


def _tick(quarter: Quarter) -> str:
    return f"Q{quarter.number} {year_label(quarter.year)[2:]}"


def _coverage_text(share: pd.DataFrame, title: str) -> str:
    """Say what a coverage chart shows. share: a row an origin and a column a method, percent."""
    ranges = (
        f"{METHOD_WORDS[method]} from {percent(share[method].min(), 0)} in {share[method].idxmin()} to "
        f"{percent(share[method].max(), 0)}"
        for method in share
    )
    return f"{title}, {share.index[0]} to {share.index[-1]}: {'; '.join(ranges)}."


def _what_was_done(results: Results) -> str:
    forecasts = results.forecasts
    out = f" Left out of the table, for gaps or an unknown name: {listed_first(results.left_out)}."
    return (
        f"From each of {number(forecasts['origin'].nunique())} quarters, {forecasts['origin'].min()} to "
        f"{forecasts['origin'].max()}, the total of the financial year under way and of the next is forecast, for "
        f"{count_words(forecasts['series'].nunique())} series of {number(forecasts['force'].nunique())} forces. A "
        "force is left out when its own intervals are learned. Nothing is learned that was not published by then: the "
        "counts of other forces end a quarter before the force's own."
        f"{out if results.left_out else ''} After the fourth quarter nothing of the year is left to forecast, so only "
        "the next year is scored there."
    )


def _breaks(results: Results) -> Iterator[Callout]:
    """Yield each break of definition, with how many forecasts were left out for it and what they held."""
    shipped = results.forecasts[results.forecasts["method"] == SHIPPED]
    for one in results.breaks:
        crossing = shipped[shipped["crosses"] & (shipped["series"] == one.series)]
        if crossing.empty:
            continue
        yield Callout(
            "warning",
            f"{words(one.series)} from {one.first}",
            f"{one.reason} {number(len(crossing))} forecasts lean on counts from before and are of counts from after; "
            "they are neither learned from nor scored. Their intervals held "
            f"{percent(100 * crossing['covered_95'].mean())} of the totals.",
        )
