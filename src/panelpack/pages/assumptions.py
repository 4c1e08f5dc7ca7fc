"""What the pack takes for granted: each assumption, where it is used, and who answers for it. For reviewers."""

from collections.abc import Iterator

from panelpack.config.parameters import boards_return
from panelpack.config.plan import Indicator
from panelpack.formats import listed, number, percent
from panelpack.indicators.quarter_report import QuarterReport
from panelpack.pages.forces_methods import compared
from panelpack.pages.hidden_numbers import WHAT, thresholds_held
from panelpack.pages.methods import years_words
from panelpack.pages.projections import assumption
from panelpack.periods import period_words
from panelpack.rendering.table import Table
from panelpack.rules.rule import RULES

ASSUMPTION, USED, OWNER = "Assumption", "Where it is used", "Owner or authority"
PLAN = "The office, in its plan"
SOFTWARE = "The software's method"


def assumptions(report: QuarterReport) -> list[dict[str, str]]:
    """Return a row for each assumption of the pack: the assumption, where it is used, and its owner or authority."""
    of_other_forces = _of_other_forces(report)
    every = [*_of_rules(report), *of_other_forces, *_of_thresholds(report), *_of_charts(report), *_of_files(report)]
    return [dict(zip((ASSUMPTION, USED, OWNER), row, strict=True)) for row in every]


def assumptions_table(report: QuarterReport) -> Table | None:
    """Return the assumptions as a table; None where there is none."""
    rows = assumptions(report)
    return Table(rows, "Assumptions, and who answers for them", widths=[5, 3, 3]) if rows else None


def _of_rules(report: QuarterReport) -> Iterator[tuple[str, str, str]]:
    plan, by_rule = report.plan, _figures_by_rule(report)
    if used := by_rule.get("projection"):
        share = percent(100 * plan.material, 0)
        yield f"A projected change counts when it is more than {share} of the baseline.", used, PLAN
        yield assumption(report), used, SOFTWARE
    if used := by_rule.get("printed_precision"):
        yield "A survey's answers are simple random samples of the people named.", used, SOFTWARE
    if used := by_rule.get("significance"):
        spreads = [f"{percent(one.percent, 0)} over {years_words(one.years)}" for one in plan.ordinary.spreads]
        words = f"Counts move between years anyway: {listed(spreads)}. {plan.ordinary.reason.rstrip('.')}."
        yield words, used, PLAN if "ordinary" in plan.model_fields_set else SOFTWARE
    within = plan.steady_within
    yield (
        f"A change within {percent(within.percent, 0)} of a count or {number(within.points)} points of a share is too "
        "small to matter.",
        "Where no clear change is called steady",
        PLAN if "steady_within" in plan.model_fields_set else SOFTWARE,
    )
    if any(series.began for series in plan.series.values()):
        months = number(plan.bedding_in_months)
        words = f"Counts of the first {months} months of a new recording practice are no comparator."
        yield words, "Series whose recording began lately", PLAN
    if boards := boards_return(plan):
        assessed = [f for f in plan.figures.values() if isinstance(f, Indicator) and RULES[f.rule].needs_assessment]
        words = "A partner board's own assessment stands as it was sent."
        yield words, listed([figure.id for figure in assessed]), f"The boards ({boards.replace('_', ' ')})"


def _figures_by_rule(report: QuarterReport) -> dict[str, str]:
    """Return the ids of the scored indicators of each rule, as a list in words."""
    ids: dict[str, list[str]] = {}
    for figure in report.indicators():
        if figure.scored:
            ids.setdefault(figure.rule, []).append(figure.indicator)
    return {rule: listed(figures) for rule, figures in ids.items()}


def _of_other_forces(report: QuarterReport) -> Iterator[tuple[str, str, str]]:
    """Yield what is assumed where forces are compared."""
    used = "How forces are compared"
    pairs = compared(report)
    for figure, of in pairs:
        series = report.plan.series[figure.series].title
        yield f"{series}: what the official table has as {of.official.words}.", used, PLAN
    for per in dict.fromkeys((of.level.of.what, of.level.of.vintage.words) for _, of in pairs if of.level):
        yield f"The {per[0]} of every period are those of the {per[1]}.", used, SOFTWARE
    if any(side and side.funnel for _, of in pairs for side in (of.level, of.change)):
        words = "One variance says how much forces differ beyond chance, whatever their size."
        yield words, used, SOFTWARE
    for source in dict.fromkeys(f"{of.group.source}, {of.group.year}" for _, of in pairs if of.group):
        yield f"The most similar forces are those that a source named: {source}.", used, "The office, in groups.yml"


def _of_thresholds(report: QuarterReport) -> Iterator[tuple[str, str, str]]:
    held = thresholds_held(report.plan)
    for name, limit in report.plan.disclosure:
        if name in held:
            yield f"{WHAT[name]}: shown from {number(limit.fewest)} on.", "What is shown", limit.authority


def _of_charts(report: QuarterReport) -> Iterator[tuple[str, str, str]]:
    if any(figure.signal for figure in report.indicators()):
        words = "The points of a chart are independent of each other."
        yield words, "Control charts", SOFTWARE
    for series in report.plan.series.values():
        for rebase in series.rebase:
            words = f"A new level starts in {period_words(rebase.first)}: {rebase.reason}"
            yield words, f"Control chart: {series.title}", PLAN


def _of_files(report: QuarterReport) -> Iterator[tuple[str, str, str]]:
    """Yield what is assumed in the columns of reconstructed files; nothing of a table that may not be shown."""
    for name, source in report.office.sources.files.items():
        if source.table not in report.office.shown_tables:
            continue
        for column, described in source.columns.items():
            if described.origin == "assumed":
                yield f"Column {column}: {described.how}.", f"File {name}", "sources.yml of the quarter"
