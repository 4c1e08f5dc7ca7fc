"""What to look at first: whatever makes a figure or a verdict of this pack less sure than it looks.

Each warning is a row: of what kind, which figures, what is the matter, and at which boxes to look.
"""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

import pandas as pd

from panelpack.formats import number, percent, percent_change
from panelpack.indicators.quarter_report import QuarterReport
from panelpack.indicators.results import IndicatorResult
from panelpack.pages.forces_methods import POSITIONS, every_comparison
from panelpack.pages.reviewing.charts import share_by_chance, signal_counts
from panelpack.pages.reviewing.movements import revised_baselines
from panelpack.pages.reviewing.names import SEPARATOR, figure_name
from panelpack.pages.reviewing.typed import WARNINGS
from panelpack.rules.verdict import (
    ASSUMED,
    BY_CHANCE,
    CANNOT_TELL,
    CLEAR,
    HOW_SURE_WORDS,
    INSIDE_FORECAST,
    NO_CHANGE,
    NOT_LIKE_WITH_LIKE,
    NOT_TESTED,
    ORDINARY_MOVEMENT,
    PROVISIONAL,
    STEADY,
    VERDICT_WORDS,
)

# What speaks against a verdict, what most does so first.
FIRST = (
    *(NOT_LIKE_WITH_LIKE, INSIDE_FORECAST, BY_CHANCE, ORDINARY_MOVEMENT, PROVISIONAL),
    *(CANNOT_TELL, CLEAR, STEADY, NOT_TESTED),
)
NEAR = 2  # a base of less than so many times the fewest that are reported is small
OFTEN = 0.5  # a chart that flags more than this share of its points says little of any one of them
MOST_NAMED = 6  # charts that a sentence names


class Warning(NamedTuple):
    """A warning: what kind it is, which figures it is about, what is the matter, and the boxes to look at."""

    kind: str
    figures: str
    matter: str
    boxes: str = ""


def warnings_table(report: QuarterReport) -> pd.DataFrame:
    """Return every warning, those first that touch a verdict of change. Columns: WARNINGS."""
    results = report.indicators()
    found = [
        *_unsure(report, [result for result in results if result.verdict != NO_CHANGE]),
        *_other_on_year(report, results),
        *_on_assumed(report, results),
        *_small_bases(report, results),
        *_restated(report),
        *_beside_others(report),
        *_signals(report),
        *_unsure(report, [result for result in results if result.verdict == NO_CHANGE]),
    ]
    return pd.DataFrame(found, columns=WARNINGS)


def _unsure(report: QuarterReport, results: Iterable[IndicatorResult]) -> Iterator[Warning]:
    """Yield the verdicts that something speaks against, those of one reason together."""
    alike: dict[tuple[str, str, str], list[IndicatorResult]] = {}
    for result in results:
        is_close = result.how_sure == CLEAR and "close call" in result.how_sure_reason
        if result.scored and result.how_sure and (result.how_sure not in (CLEAR, STEADY) or is_close):
            alike.setdefault((result.verdict, result.how_sure, result.how_sure_reason), []).append(result)
    for (verdict, how_sure, reason), same in sorted(alike.items(), key=lambda pair: FIRST.index(pair[0][1])):
        kind = HOW_SURE_WORDS[how_sure] if how_sure != CLEAR else "A close call"
        if verdict == NO_CHANGE:
            kind = "No change, and not tested" if how_sure == NOT_TESTED else "No change, by how little it would show"
        matter = (same[0].word or VERDICT_WORDS[verdict]) + reason.removeprefix(
            HOW_SURE_WORDS[how_sure]
        )  # ': why', ', if right: why'
        yield Warning(kind, _named(report, same), matter, _boxes(same))


def _named(report: QuarterReport, results: Iterable[IndicatorResult]) -> str:
    return "; ".join(figure_name(report, result) for result in results)


def _other_on_year(report: QuarterReport, results: Iterable[IndicatorResult]) -> Iterator[Warning]:
    """Yield the verdicts beside which the same quarter a year before tells something else."""
    for result in results:
        for words in result.notes_of("year_before"):
            yield Warning("The year before tells otherwise", figure_name(report, result), words, result.priority)


def _boxes(results: Iterable[IndicatorResult]) -> str:
    return SEPARATOR.join(dict.fromkeys(result.priority for result in results))


def _on_assumed(report: QuarterReport, results: Iterable[IndicatorResult]) -> Iterator[Warning]:
    """Yield the verdicts against which nothing speaks if what was assumed is right, by what that is."""
    alike: dict[str, list[IndicatorResult]] = {}
    for result in results:
        if result.how_sure in (CLEAR, STEADY) and result.how_sure_basis == ASSUMED:
            alike.setdefault(result.how_sure_reason.partition(":")[0], []).append(result)
    for words, same in alike.items():
        yield Warning("Rests on assumed numbers", _named(report, same), f"{words}.", _boxes(same))


def _small_bases(report: QuarterReport, results: Iterable[IndicatorResult]) -> Iterator[Warning]:
    """Yield the figures that are shown and whose base is not far above the fewest that are reported."""
    fewest = report.plan.disclosure.reported.fewest
    for result in results:
        bases = {"baseline": result.baseline_base, "latest figure": result.latest_base}
        shown = {"baseline": result.baseline, "latest figure": result.latest}
        small = [
            f"{number(base)} behind the {which}"
            for which, base in bases.items()
            if base is not None and shown[which] is not None and base < NEAR * fewest
        ]
        if small:
            words = f"{' and '.join(small)}; figures are reported from {number(fewest)} on."
            yield Warning("Small base", figure_name(report, result), words, result.priority)


def _restated(report: QuarterReport) -> Iterator[Warning]:
    """Yield what suppliers restated without a reason, and baselines that are others than in the last pack."""
    for table in report.office.shown_tables:
        changes = report.restated(table)
        unexplained = int(changes["reason"].eq("").sum())
        if unexplained:
            words = f"{number(unexplained)} of {number(len(changes))} restated figures have no reason in sources.yml."
            yield Warning("Restated without a reason", table.replace("_", " "), words)
    for result, before in revised_baselines(report):
        said = f"The baseline ({result.baseline_period}) was {before}, and is {result.form.words(result.baseline)} now."
        yield Warning("Baseline is not that of the last pack", figure_name(report, result), said, result.priority)


def _beside_others(report: QuarterReport) -> Iterator[Warning]:
    """Yield the figures that are called unchanged though other forces went another way, and comparisons refused."""
    for figure, of in every_comparison(report):
        result = report.result(figure.id)
        name, change = figure_name(report, result), of.change
        if not of.is_compared:
            yield Warning("Not compared with other forces", name, of.why_not, result.priority)
        elif result.verdict == NO_CHANGE and change.position in ("above", "below"):
            words = (
                f"Called {VERDICT_WORDS[NO_CHANGE].lower()}, and by the official table the force's own change from "
                f"{of.before.words} to the {of.latest.words}, {percent_change(change.own)}, is "
                f"{POSITIONS[change.position]}: the others together {percent_change(change.others)}, eight in ten of "
                f"them between {percent_change(change.low)} and {percent_change(change.high)}."
            )
            yield Warning("Other forces went another way", name, words, result.priority)


def _signals(report: QuarterReport) -> Iterator[Warning]:
    """Yield that the control charts flag more than chance would, of all points and of the latest ones."""
    charts, by_chance = signal_counts(report), share_by_chance(report)
    if charts.empty:
        return
    flagged, points = int(charts["flagged"].sum()), int(charts["points"].sum())
    latest = int(charts["is_latest_flagged"].sum())
    if latest > 2 * max(1.0, by_chance * len(charts)) or flagged / points > 2 * by_chance:
        words = (
            f"{number(flagged)} of {number(points)} points are flagged ({percent(100 * flagged / points, 0)}), and the "
            f"latest point of {number(latest)} of {number(len(charts))} charts; chance and ordinary wandering would "
            f"flag about {percent(100 * by_chance, 0)} of latest points. Limits that a level has left for good say "
            "nothing new: consider new limits."
        )
        yield Warning("Unusually many signals", "All control charts", words)
    often = charts[charts["flagged"] > OFTEN * charts["points"]].sort_values("flagged", ascending=False)
    if len(often):
        every = [
            f"{title} ({number(flagged)} of {number(points)})"
            for title, flagged, points in often[["title", "flagged", "points"]].itertuples(index=False)
        ]
        more = f"; and {number(len(every) - MOST_NAMED)} more" * (len(every) > MOST_NAMED)
        words = f"More than half of the points are flagged: {'; '.join(every[:MOST_NAMED])}{more}."
        yield Warning("Unusually many signals", f"{number(len(often))} control charts", words)
