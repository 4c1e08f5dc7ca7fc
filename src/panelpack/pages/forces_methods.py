"""How forces are compared, in exact words; for reviewers how much they differ, what came later, and whose counts.

All figures are computed. What came after the meeting stands in the review copies alone.
"""

from collections.abc import Iterator

from panelpack.comparators.comparison import Comparison, compare_with_others, forces_words
from panelpack.comparators.forces import FEWEST
from panelpack.config.official import load_comparators_made_from
from panelpack.config.plan import Indicator
from panelpack.disclosure.period_totals import period_total
from panelpack.formats import listed, number, percent, percent_change
from panelpack.indicators.quarter_report import QuarterReport
from panelpack.named_periods import Period
from panelpack.pages.comparison_words import OUTSIDE, WAYS, WITHIN
from panelpack.pages.reviewing.names import figure_name
from panelpack.periods import date_words
from panelpack.rendering.prose import Heading, Text
from panelpack.rendering.table import Table
from panelpack.statistics.funnel import DRAWN_IN, FAR_LEVEL, FEWEST_UNITS, LEVEL, Funnel, half_width

POSITIONS = {"within": WITHIN, **{position: f"{OUTSIDE}, {way}" for position, way in WAYS.items()}, "": ""}
Pair = tuple[Indicator, Comparison]


def every_comparison(report: QuarterReport) -> list[Pair]:
    """Return each indicator that counts official offences with how forces compare, in the plan's order."""
    return [pair for box in report.plan.priorities for pair in report.others_of(box)]


def compared(report: QuarterReport) -> list[Pair]:
    """Return those indicators that are compared."""
    return [(figure, of) for figure, of in every_comparison(report) if of.is_compared]


# ------------------------------------------------------------------------------------------------ for everybody
def blocks(report: QuarterReport) -> Iterator[Heading | Text]:
    """Yield what is compared, by which formula, and what is not said; nothing where no indicator is compared."""
    pairs = compared(report)
    if not pairs:
        return
    yield Heading(3, "How forces are compared", "methods-forces")
    yield Text("\n\n".join([_what(report, pairs), _formula(pairs), _left_out(report, pairs)]))


def _what(report: QuarterReport, pairs: list[Pair]) -> str:
    source = pairs[0][1].source
    ends = dict.fromkeys(of.latest.words for _, of in pairs)
    vintages = dict.fromkeys(_per_words(of) for _, of in pairs if of.level)
    rates = f" Rates are {listed(list(vintages))}, the latest that was known before the meeting." if vintages else ""
    return (
        f"**What is compared.** This force and the others come from one official table, *{source.title}*, release of "
        f"{source.release}, with the same offences and the same periods. So this force's figure here may differ from "
        f"its own supplier's elsewhere in the pack. The later period is the {listed(list(ends))}: the latest whose "
        f"figures had been released before the meeting on {date_words(report.parameters.meeting_date)}, though as "
        f"revised by {source.release}. Beside the change of this force stand that of the other forces together, and "
        f"what eight in ten of them lie between (the 10th and the 90th centile).{rates}"
    )


def _per_words(of: Comparison) -> str:
    return f"{of.level.of.words} ({of.level.of.vintage.words})"


def _formula(pairs: list[Pair]) -> str:
    near, far = (number(half_width(level), 2) for level in (LEVEL, FAR_LEVEL))
    has_changes = any(of.change and of.change.funnel for _, of in pairs)
    has_levels = any(of.level and of.level.funnel for _, of in pairs)
    if not has_changes and not has_levels:
        return (
            f"**Within or outside.** Fewer than {number(FEWEST_UNITS)} forces say too little of how much forces differ "
            "anyway, so none is said to lie within or outside it."
        )
    of_changes = (
        " For a change, log(*O* / *E*) is log(latest / before) less the same of all forces together, and 1 / *E* is "
        "the force's own dispersion × (1 / latest + 1 / before)."
    )
    return (
        "**Within or outside.** Forces are different places that record differently, so nearly all differ by more than "
        "chance. A force is called outside only when it is beyond what differs between forces anyway. That is "
        "the additive model of over-dispersion (Spiegelhalter 2005), drawn as a funnel. Of *n* "
        "forces one has *O* offences where *E* = its people × all offences / all people are expected; "
        "*z* = √*E* × log(*O* / *E*), and those beyond the "
        f"{100 * DRAWN_IN:.0f}th and the {100 - 100 * DRAWN_IN:.0f}th "
        "centile of all *z* are set to these. With φ = Σ*z*² / *n* and "
        "τ² = max(0, (*n*φ − (*n* − 1)) / (Σ*E* − Σ*E*² / Σ*E*)) a "
        f"force is outside where |log(*O* / *E*)| > {near} × √(1 / *E* + τ²), the {percent(100 * LEVEL, 0)} limits; "
        f"the far limits, {percent(100 * FAR_LEVEL, 1)}, have {far}.{of_changes * has_changes}"
    )


def _left_out(report: QuarterReport, pairs: list[Pair]) -> str:
    said = ["**What is not said.** No force has a rank, and no result of this pack rests on a comparison."]
    if small := sorted({name for _, of in pairs for name in of.small}):
        who = "its" if len(small) == 1 else "their"
        said.append(
            f"{forces_words(small)} {'is' if len(small) == 1 else 'are'} left out: fewer than {number(FEWEST)} people "
            f"live in {who} area, and most who may be victims there live elsewhere."
        )
    if absent := sorted({name for _, of in pairs for name in of.absent}):
        said.append(f"The table does not have all of both periods for {forces_words(absent)}.")
    groups = {f"{of.group.source}, {of.group.year}" for _, of in pairs if of.group}
    said.append(
        f"Which forces are most similar to this one is taken from {listed(sorted(groups))}."
        if groups
        else "Which forces are most similar to this one is not told: no list with its source and year is at hand."
    )
    refused = [(figure, of) for figure, of in every_comparison(report) if not of.is_compared]
    said += [f"{figure.title} is not compared. {of.why_not}" for figure, of in refused]
    return " ".join(said)


# ------------------------------------------------------------------------------------------------ for reviewers
def for_review(report: QuarterReport) -> Iterator[Heading | Table | Text]:
    """Yield how much forces differ beyond chance, whose counts these are, and what came later, for reviewers."""
    tables = (spread_table(report), own_counts_table(report), later_table(report), files_table(report))
    if any(table is not None for table in tables):
        yield Heading(3, "For reviewers: other forces", "review-forces")
        yield from (table for table in tables if table is not None)


def spread_table(report: QuarterReport) -> Table | None:
    """Return phi and tau squared of each funnel, and how many forces lie outside by chance alone and by this."""
    rows = []
    for figure, of in compared(report):
        funnels = {"Rate": of.level and of.level.funnel, "Change": of.change and of.change.funnel}
        rows += [_spread_row(report, figure, what, funnel) for what, funnel in funnels.items() if funnel]
    notes = [
        f"By chance alone: beyond {number(half_width(LEVEL), 2)} standard deviations, of a rate those of Poisson "
        "counts, of a change those by the force's own dispersion between quarters. Outside: beyond what differs "
        f"between forces anyway, at {percent(100 * LEVEL, 0)} and, far, at {percent(100 * FAR_LEVEL, 1)}. If nearly "
        "all lie outside by chance alone, limits that know only chance say nothing.",
        _outside_once(report),
    ]
    caption = "How much forces differ beyond chance"
    return Table(rows, caption, notes=notes, widths=[3.4, 1, 1.1, 1.2, 0.9, 1.5, 1.1, 1.1]) if rows else None


def _outside_once(report: QuarterReport) -> str:
    """Say how many forces lie outside in at least one comparison of the pack: many are many chances to."""
    outside: list[set[str]] = []
    every: set[str] = set()
    for _, of in compared(report):
        every |= {*of.forces.index}
        scores = [of.forces[f"{which}_z"].abs() for which in ("rate", "change")]
        outside += [{*z.index[z > half_width(LEVEL)]} for z in scores if z.notna().any()]
    once = number(len(set().union(*outside)))
    many = number(len(outside))
    return f"In at least one of these {many} comparisons {once} of {number(len(every))} forces lie outside."


def _spread_row(report: QuarterReport, figure: Indicator, what: str, funnel: Funnel) -> dict[str, str]:
    return {
        "Figure": figure_name(report, report.result(figure.id)),
        "Of its": what,
        "φ": number(funnel.between.phi, 1),
        "τ²": number(funnel.between.tau2, 5),
        "Forces": number(funnel.between.units),
        "By chance alone": number(int((abs(funnel.z_chance) > half_width(LEVEL)).sum())),
        "Outside": number(int(funnel.outside().sum())),
        "Far outside": number(int(funnel.outside(FAR_LEVEL).sum())),
    }


def own_counts_table(report: QuarterReport) -> Table | None:
    """Return the own force's official counts beside the office's own figures of the same periods."""
    rows = []
    for figure, of in compared(report):
        for which, period in (("before", of.before), ("latest", of.latest)):
            if (own := _own_total(report, figure, period)) is None:
                continue
            official = float(of.own[which])
            rows.append(
                {
                    "Figure": figure_name(report, report.result(figure.id)),
                    "Period": period.words,
                    "Official table": number(official),
                    "The office's own": number(own),
                    "Difference": number(own - official, plus=True),
                    "In percent": percent_change(100 * (own / official - 1)) if official else "",
                }
            )
    notes = [
        "Offences a year, as the office's suppliers sent them and as the official table has them. They differ as far "
        "as one was revised after the other, or counts other offences; far apart, `official:` of the series is wrong, "
        "or the file is."
    ]
    caption = "Official counts and the office's own, of the same periods"
    return Table(rows, caption, notes=notes, widths=[3.4, 2.7, 1.3, 1.4, 1.1, 1]) if rows else None


def _own_total(report: QuarterReport, figure: Indicator, period: Period) -> float | None:
    """Return the office's own count of a year, or the mean of several; None where its points do not show it."""
    series, data = figure.series, report.data
    if series is None or series not in data.points or report.plan.series[series].kind != "count":
        return None
    total = period_total(data.points[series], period, data.grain(series), period.months[-1])
    return None if total is None else total.value


def later_table(report: QuarterReport) -> Table | None:
    """Return what the same comparison says of later quarters that the table has, for reviewers; None without any.

    To the last quarter that every force of the pack's comparison has, and to the last one that at least ten have.
    """
    rows = []
    for figure, of in compared(report):
        counts = report.official_counts
        many = counts.counts.groupby("quarter").size()
        ends = [many[many >= fewest].index.max() for fewest in (len(of.forces), FEWEST_UNITS) if (many >= fewest).any()]
        for last in dict.fromkeys(ends):
            if last <= str(of.latest.quarters[-1]):
                continue
            later = compare_with_others(report.office, counts, figure, last)
            rows.append(_later_row(report, figure, later))
    notes = [
        "From the same period before. None of it had been released before the meeting, so it stands on no public page; "
        "rates are per people of the vintage that the pack uses."
    ]
    caption = "What the same comparison said later"
    return Table(rows, caption, notes=notes, widths=[2.6, 2.6, 0.8, 0.8, 0.8, 1.5, 2.6]) if rows else None


def files_table(report: QuarterReport) -> Table | None:
    """Return the files that the counts of all forces were made from, and what was made, each with its checksum."""
    if not every_comparison(report):
        return None
    made_from = load_comparators_made_from(report.project.comparators)
    kinds = {"Official table": made_from.sources, "Typed by a person": made_from.inputs, "Made": made_from.tables}
    rows = [
        {"What": what, "File": f"`{name}`", "sha256": f"`{digest}`"}
        for what, files in kinds.items()
        for name, digest in files.items()
    ]
    source = report.official_counts.table.source
    notes = [f"{source.title}, release of {source.release}. Another release is another file, and makes other tables."]
    return Table(rows, "The files behind the comparison", notes=notes, widths=[1.2, 2.6, 4], align={"sha256": "left"})


def _later_row(report: QuarterReport, figure: Indicator, of: Comparison) -> dict[str, str]:
    row = {"Figure": figure_name(report, report.result(figure.id)), "To the": of.latest.words}
    if not of.is_compared:
        return row | dict.fromkeys(("Other forces", "Here", "Others", "8 in 10 between"), "") | {"Position": of.why_not}
    between = f"{percent_change(of.change.low)} and {percent_change(of.change.high)}"
    return row | {
        "Other forces": number(of.others),
        "Here": percent_change(of.change.own),
        "Others": percent_change(of.change.others),
        "8 in 10 between": between,
        "Position": POSITIONS[of.change.position],
    }
