"""The methods of projection: what the intervals were learned from, how the method was tested, where it is weak."""

from collections.abc import Iterator
from dataclasses import replace

import pandas as pd

from panelpack import verdicts
from panelpack.backtest_blocks import failures, judged_table, outcome, series_table
from panelpack.backtest_split import load_split
from panelpack.configuration import shown
from panelpack.errors import ConfigurationError
from panelpack.formats import listed, number, percent
from panelpack.headline import WORDS
from panelpack.offence_series import load_mapping
from panelpack.plan import Indicator
from panelpack.priority_projections import basis, later_box
from panelpack.projection import KEY
from panelpack.prose import Callout, Text
from panelpack.quarters import parse_year, year_label
from panelpack.tables import Table
from panelpack.work import Work

MARGIN = (
    "Margin: how far the baseline lies from the nearer end of the interval, in percent of the baseline; a small one is "
    "a close call."
)


def judged(work: Work) -> list[Indicator]:
    """Return the indicators that were judged by a projection."""
    every = (spec for box in work.plan.priorities for spec in box.indicators)
    return [spec for spec in every if work.figure(spec.id).projected is not None]


def learned_from(work: Work) -> Text:
    """Say which table the intervals were learned from, and how its forces were split."""
    source, split = load_mapping(work.project.projection / "offences.yml").source, _split(work)
    return Text(
        f"Source: {source.title}, release of {source.release}. {source.licence}. sha256 of the table: "
        f"`{source.sha256}`. Methods were compared, and intervals are learned, on {listed(list(split.choose))}. "
        f"Held out until the choice was made: {listed(list(split.hold_out))}."
    )


def learned_table(work: Work) -> Table:
    """Return the row of past errors behind each interval of this pack."""
    rows = [
        {
            "Series": work.plan.series[series].title,
            "Year": year_label(work.quarter.year + ahead),
            "Bias": percent(100 * row["bias"], plus=True),
            "Spread": percent(100 * row["spread"]),
            "Freedom": number(row["freedom"]),
            "Forecasts": number(row["n"]),
            "Years": number(row["years"]),
            "Made at": f"{row['first_origin']} to {row['last_origin']}",
        }
        for (series, ahead, _), row in basis(work, judged(work)).iterrows()
    ]
    notes = [
        "Bias and spread of log(recorded / projected), in hundredths; degrees of freedom of the Student t; forecasts "
        "learned from, different years among them, and the quarters they were made at."
    ]
    widths = [3, 1.2, 1, 1, 1.2, 1.3, 0.9, 2.4]
    return Table(pd.DataFrame(rows), "What the intervals of this pack rest on", notes=notes, widths=widths)


def backtest(work: Work) -> Iterator[Callout | Table]:
    """Yield the back-test: whether the method passes, every method on both sides, series by series, where it fails."""
    split, breaks = _split(work), load_mapping(work.project.projection / "offences.yml").breaks
    held_out, choosing = (_read(work, f"{name}.csv") for name in ("summary", "summary_choosing"))
    yield outcome(held_out, split)
    yield judged_table(held_out, split, "Forces held out")
    yield judged_table(choosing, split, "Forces that the choice was made on")
    yield series_table(held_out)
    yield from failures(held_out, split, breaks)


def hindsight(work: Work) -> Table | None:
    """Return each verdict beside the one that the errors known at the time would have given; None where unknown."""
    known = _read(work, "calibration_then.csv")
    known = known[known["origin"] == str(work.quarter)].set_index(KEY).sort_index()
    then = replace(work.evidence, calibration=known)
    rows = []
    for spec in judged(work):
        figure, quarter = work.figure(spec.id), work.quarter
        if (spec.series, parse_year(spec.projection_year) - quarter.year, quarter.number) not in known.index:
            continue
        future = then.projection(spec.series, spec.projection_year)
        ends = (figure.lower_95, figure.upper_95)
        margin = min(abs(figure.baseline - end) for end in ends) / figure.baseline
        rows.append(
            {
                "Indicator": f"{work.plan.series[spec.series].title} ({figure.priority})",
                "Baseline": number(figure.baseline),
                "95% interval": f"{number(ends[0])} to {number(ends[1])}",
                "Verdict": WORDS[figure.verdict],
                "Margin": percent(100 * margin),
                "Interval as known then": f"{number(future.lower_95)} to {number(future.upper_95)}",
                "Verdict then": WORDS[verdicts.projection(figure.baseline, future, spec.polarity)],
            }
        )
    widths, align = [2.8, 1.2, 2, 1.4, 1.1, 2, 1.4], {"Verdict": "left", "Verdict then": "left"}
    caption = "Verdicts by projection, and what the errors known at the time would have given"
    return Table(pd.DataFrame(rows), caption, notes=[MARGIN], widths=widths, align=align) if rows else None


def later(work: Work) -> Callout | None:
    """Return the reviewers' box of every projection together; None where nothing later is known."""
    return later_box(work, judged(work))


def _split(work: Work):
    return load_split(work.project.projection / "split.yml")


def _read(work: Work, name: str) -> pd.DataFrame:
    """Read a table that the back-test wrote. Raises ConfigurationError when it is not there."""
    path = work.project.projection / name
    try:
        return pd.read_csv(path)
    except (OSError, ValueError) as error:
        raise ConfigurationError(f"{shown(path)}: the back-test's table cannot be read: {error}.") from None
