"""The page of the back-test: what was tried, what came out on the forces held out, and where it fails."""

from collections.abc import Iterator

import nbformat.v4 as notebooks
import numpy as np
import pandas as pd
from nbformat import NotebookNode

from panelpack.config.study import Split
from panelpack.formats import count_words, listed, number, percent
from panelpack.pages.backtest_summary import (
    backtest_outcome,
    judged_table,
    scored_horizons,
    shipped,
    shipped_by_series,
    where_it_fails,
    words,
)
from panelpack.periods import Quarter, year_label
from panelpack.rendering.charts import BLUE, GREY, INK, VERMILION, Chart, canvas, label_ends, periods, scale, svg
from panelpack.rendering.document import fragment, pack_html
from panelpack.rendering.paper import Paper, Part
from panelpack.rendering.prose import Callout, Heading, Text
from panelpack.rendering.table import Table
from panelpack.statistics.backtest_scores import COVERAGE, SHIPPED, YARDSTICK
from panelpack.statistics.projection import PRIOR_YEARS
from research.backtest.backtest import Results

Block = Heading | Text | Callout | Table | Chart
TITLE = "Back-test of projections"


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
    split = results.split
    yield Heading(2, "What was tried, and what came out", "backtest")
    yield Text(_what_was_done(results))
    yield backtest_outcome(results.held_out, split)
    yield judged_table(results.held_out, split, "Forces held out")
    yield judged_table(results.choosing, split, "Forces that the choice was made on")
    yield Heading(3, "When the intervals hold")
    for horizon in scored_horizons():
        yield coverage_chart(results.forecasts, split, horizon)
    yield Heading(3, "Series by series")
    yield shipped_by_series(results.held_out)
    yield Heading(3, "Where it fails")
    yield from where_it_fails(results.held_out, split, results.breaks)
    yield Callout("note", "What the earliest forecasts knew", _what_was_known_first(results))


def coverage_chart(forecasts: pd.DataFrame, split: Split, horizon: str) -> Chart:
    """Draw the share of held-out totals inside the 95% interval at each origin: the shipped method and the yardstick.

    forecasts: those of the results. The shaded band is the coverage asked for; the dotted line ends the first period,
    the one that methods are judged on.
    """
    held_out = forecasts[(forecasts["side"] == "hold_out") & (forecasts["horizon"] == horizon)]
    share = 100 * held_out.groupby(["origin", "method"])["covered_95"].mean().unstack("method")
    title = f"Totals inside the 95% interval, {words(horizon).lower()}, forces held out"
    page, axes = canvas(title, "percent")
    axes.axhspan(*(100 * bound for bound in COVERAGE), color=GREY, alpha=0.25, lw=0)
    looks = {shipped(): (BLUE, "o"), YARDSTICK: (VERMILION, "s")}
    places = np.arange(len(share))
    for method, (colour, marker) in looks.items():
        axes.plot(places, share[method], color=colour, lw=1.2, marker=marker, ms=3)
    judged_until = sum(split.periods[0].holds(origin) for origin in share.index)
    axes.axvline(judged_until - 0.5, color=INK, lw=0.9, ls=":")
    scale(axes, share[list(looks)].to_numpy(float), "percent", 100.0)
    periods(axes, [_tick(Quarter.parse(origin)) for origin in share.index])
    names = (words(SHIPPED), words(YARDSTICK))
    label_ends(axes, [(name, share[method].iloc[-1]) for name, method in zip(names, looks, strict=True)], "percent")
    return Chart(svg(page), _coverage_text(share[list(looks)], title), f"{title}, by the quarter of the forecast")


def _tick(quarter: Quarter) -> str:
    return f"Q{quarter.number} {year_label(quarter.year)[2:]}"


def _coverage_text(share: pd.DataFrame, title: str) -> str:
    """Say what a coverage chart shows. share: a row an origin and a column a method, percent."""
    ranges = (
        f"{words(method)} from {percent(share[method].min(), 0)} in {share[method].idxmin()} to "
        f"{percent(share[method].max(), 0)}"
        for method in share
    )
    return f"{title}, {share.index[0]} to {share.index[-1]}: {'; '.join(ranges)}."


def _what_was_done(results: Results) -> str:
    forecasts, split = results.forecasts, results.split
    return (
        f"From each of {number(forecasts['origin'].nunique())} quarters, {forecasts['origin'].min()} to "
        f"{forecasts['origin'].max()}, {number(forecasts['method'].nunique())} methods forecast the total of the "
        f"financial year under way and of the next, for {count_words(forecasts['series'].nunique())} series of "
        f"{number(forecasts['force'].nunique())} forces. The methods were compared on {listed(list(split.choose))}; "
        f"held out: {listed(list(split.hold_out))}. "
        "A forecast sees the counts up to its quarter. Where it learns its interval, it learns from other forces' "
        "errors for years that were complete by then, and from no others. After the fourth quarter nothing of the "
        "year is left to forecast, so only the next year is scored there."
    )


def _what_was_known_first(results: Results) -> str:
    by_shipped = results.forecasts[results.forecasts["method"] == shipped()]
    first = by_shipped[by_shipped["origin"] == by_shipped["origin"].min()]
    years = int(first["years_learned"].max())
    learned = results.calibration
    return (
        f"At {first['origin'].min()} the errors of {count_words(years)} year{'' if years == 1 else 's'} were known, "
        f"and the intervals are wide for it (a Student t of {number(years + PRIOR_YEARS)} degrees of freedom). "
        "A pack of such an early quarter that takes its errors from calibration.csv uses errors of origins "
        f"{learned['first_origin'].min()} to {learned['last_origin'].max()}, which nobody had then; its page has to "
        "say so. "
        "The parameters of the methods were chosen on the same years as the ones they are judged on, of other forces: "
        "the test is of forces never looked at, not of years never looked at."
    )
