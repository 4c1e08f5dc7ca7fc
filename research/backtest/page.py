"""The page of the back-test: what was tried, what came out on the forces held out, and where it fails."""

from collections.abc import Iterator
from pathlib import Path

import nbformat.v4 as notebooks

from panelpack.config.study import Split, load_split
from panelpack.formats import count_words, listed, number
from panelpack.pages.backtest_summary import (
    coverage_chart,
    failures,
    judged_table,
    outcome,
    scored_horizons,
    series_table,
    shipped,
)
from panelpack.rendering.charts import Chart
from panelpack.rendering.document import fragment, pack_html
from panelpack.rendering.paper import Paper, Part
from panelpack.rendering.prose import Callout, Heading, Text
from panelpack.rendering.table import Table
from panelpack.statistics.projection import PRIOR_YEARS
from research.backtest import backtest
from research.backtest.backtest import Results
from research.backtest.offence_series import Break, load_mapping

Block = Heading | Text | Callout | Table | Chart
TITLE = "Back-test of projections"


def write(data: Path, projection: Path, outputs: Path) -> Results:
    """Back-test the table at `data` and write the csv files and index.html to `outputs`.

    projection: the folder of offences.yml and split.yml.
    """
    results = backtest.write(data, projection, outputs)
    breaks = load_mapping(projection / "offences.yml").breaks
    page = html(results, load_split(projection / "split.yml"), breaks)
    (outputs / "index.html").write_text(page, encoding="utf-8")
    return results


def html(results: Results, split: Split, breaks: tuple[Break, ...] = ()) -> str:
    """Return the page as one web page that fetches nothing."""
    shown = [_output(block) for block in blocks(results, split, breaks)]
    cell = notebooks.new_code_cell("blocks(results, split, breaks)", id="backtest", outputs=shown)
    page = fragment(notebooks.new_notebook(cells=[cell]))
    return "".join(pack_html([Part("", "", [page])], Paper(TITLE)))


def _output(block: Block):
    bundle = block._repr_mimebundle_()
    data, metadata = bundle if isinstance(bundle, tuple) else (bundle, {})
    return notebooks.new_output("display_data", data=data, metadata=metadata)


def blocks(results: Results, split: Split, breaks: tuple[Break, ...] = ()) -> Iterator[Block]:
    """Yield the page, top to bottom. Every figure in it is computed from `results`."""
    yield Heading(2, "What was tried, and what came out", "backtest")
    yield Text(_what_was_done(results, split))
    yield outcome(results.held_out, split)
    yield judged_table(results.held_out, split, "Forces held out")
    yield judged_table(results.choosing, split, "Forces that the choice was made on")
    yield Heading(3, "When the intervals hold")
    for horizon in scored_horizons():
        yield coverage_chart(results.forecasts, split, horizon)
    yield Heading(3, "Series by series")
    yield series_table(results.held_out)
    yield Heading(3, "Where it fails")
    yield from failures(results.held_out, split, breaks)
    yield Callout("note", "What the earliest forecasts knew", _first_words(results))


def _what_was_done(results: Results, split: Split) -> str:
    every = results.forecasts
    series = every["series"].nunique()
    return (
        f"From each of {number(every['origin'].nunique())} quarters, {every['origin'].min()} to "
        f"{every['origin'].max()}, {number(every['method'].nunique())} methods forecast the total of the financial "
        f"year under way and of the next, for {count_words(series)} series of {number(every['force'].nunique())} "
        f"forces. The methods were compared on {listed(list(split.choose))}; held out: {listed(list(split.hold_out))}. "
        "A forecast sees the counts up to its quarter. Where it learns its interval, it learns from other forces' "
        "errors for years that were complete by then, and from no others. After the fourth quarter nothing of the "
        "year is left to forecast, so only the next year is scored there."
    )


def _first_words(results: Results) -> str:
    ours = results.forecasts[results.forecasts["method"] == shipped()]
    first = ours[ours["origin"] == ours["origin"].min()]
    years = int(first["years_learned"].max())
    rest = results.calibration
    return (
        f"At {ours['origin'].min()} the errors of {count_words(years)} year{'' if years == 1 else 's'} were known, and "
        f"the intervals are wide for it (a Student t of {number(years + PRIOR_YEARS)} degrees of freedom). "
        "A pack of such an early quarter that takes its errors from calibration.csv uses errors of origins "
        f"{rest['first_origin'].min()} to {rest['last_origin'].max()}, which nobody had then; its page has to say so. "
        "The parameters of the methods were chosen on the same years as the ones they are judged on, of other forces: "
        "the test is of forces never looked at, not of years never looked at."
    )
