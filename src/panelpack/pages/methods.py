"""The methods in exact words and formulas, once; constants, false alarms and weaknesses are for reviewers.

All figures are computed.
"""

from collections.abc import Iterator

from panelpack.disclosure.grains import NEARLY_ALL
from panelpack.formats import listed, number, percent
from panelpack.indicators.certainty import CLOSE_CALL
from panelpack.indicators.chart_words import grain_words
from panelpack.indicators.control_charts import AFTER_REBASE, PLACES, WINDOW, grain_of
from panelpack.indicators.quarter_report import QuarterReport
from panelpack.pages.control_charts import charts_of_pack, drawn_as, false_alarm_words, label
from panelpack.pages.figure_words import verdict_name, verdicts_told
from panelpack.rendering.prose import Heading, Text
from panelpack.rendering.table import Table, table_row
from panelpack.rules.rule import RULES, Rule
from panelpack.rules.verdict import (
    ASSUMED,
    BY_CHANCE,
    CLEAR,
    HOW_SURE_WORDS,
    INSIDE_FORECAST,
    NOT_LIKE_WITH_LIKE,
    ORDINARY_MOVEMENT,
    PROVISIONAL,
    REASON_WORDS,
    STEADY,
)
from panelpack.statistics import limits, seasonality, significance, spc, steadiness
from panelpack.statistics.attempts import DISPERSION
from panelpack.statistics.past_errors import FARTHEST, MOST_YEARS_AHEAD, PRIOR_YEARS
from panelpack.statistics.point_forecasts import SMOOTHING
from panelpack.statistics.projection import LEVELS, WIDTHS
from panelpack.statistics.significance import FALSE_DISCOVERIES, LEVEL
from panelpack.statistics.volatility import HALF_LIFE, POWER

CHARTS_WEAKNESS = (
    "The level of police figures wanders from year to year, and sets off alarms though nothing in particular happened."
)


def heading(report: QuarterReport) -> Heading:
    """Return the page's heading."""
    return Heading(2, report.parameters.appendix("methods"), "methods")


def rules_table(report: QuarterReport) -> Table | Text:
    """Return how many scored indicators each rule judged, and how; parts of others among them."""
    scored = [figure for figure in report.indicators() if figure.scored]
    if not scored:
        return Text("No indicator is scored.")
    given = verdicts_told(figure.verdict for figure in scored)
    rows = []
    for name, rule in RULES.items():
        verdicts = [figure.verdict for figure in scored if figure.rule == name]
        if verdicts:
            counts = [(verdict_name(report.plan, v), number(verdicts.count(v))) for v in given]
            heads = [("Rule", rule.title or "No rule yet"), ("Indicators", number(len(verdicts)))]
            rows.append(table_row([*heads, *counts]))
    reasons = [figure.reason for figure in scored if figure.reason]
    counted = [
        f"{words} {number(reasons.count(reason))}" for reason, words in REASON_WORDS.items() if reason in reasons
    ]
    notes = [f"Not assessed, by reason: {', '.join(counted)}."] if counted else []
    return Table(rows, "Rules, and what they gave", notes=notes, widths=[3.4, *[1.2] * (1 + len(given))])


def rules_used(report: QuarterReport) -> list[Rule]:
    """Return the rules that the pack's scored indicators have, in the order of the registry."""
    used = {figure.rule for figure in report.indicators() if figure.scored}
    return [rule for name, rule in RULES.items() if name in used]


def rule_texts(report: QuarterReport) -> Text | None:
    """Return what each rule in use says of itself: the rule, its formula and its source."""
    texts = [rule.methods.strip() for rule in rules_used(report) if rule.methods]
    return Text("\n\n".join(texts)) if texts else None


def weaknesses_table(report: QuarterReport) -> Table | None:
    """Return where each method in use fails, for reviewers; None where none is used."""
    rows = [{"Method": rule.title, "Known weakness": rule.weakness} for rule in rules_used(report) if rule.weakness]
    if charts_of_pack(report):
        rows.append({"Method": "Control charts", "Known weakness": CHARTS_WEAKNESS})
    return Table(rows, "Known weakness of each method", widths=[2, 5]) if rows else None


def how_sure_blocks(report: QuarterReport) -> Iterator[Heading | Text]:
    """Yield how it is weighed how sure a verdict is, with the pack's own numbers; nothing where no rule weighs it."""
    if any(figure.how_sure for figure in report.indicators()):
        yield Heading(3, "How sure a result is", "methods-how-sure")
        yield how_sure_text(report)


def how_sure_text(report: QuarterReport) -> Text:
    """Return how it is weighed how sure a verdict is, for the kinds of measure that the pack judges."""
    judged = [figure for figure in report.indicators() if figure.how_sure]
    compared = sum(figure.p_value is not None for figure in judged)
    kinds, used = {figure.kind for figure in judged}, {figure.rule for figure in judged}
    has_counts, has_shares = bool(kinds & {"count", "rate"}), "share" in kinds
    within, stated = report.plan.steady_within, report.plan.ordinary
    plain_words = [NOT_LIKE_WITH_LIKE, PROVISIONAL, *([INSIDE_FORECAST] if "projection" in used else [])]
    steps = [f"**{', '.join(map(_sure_words, plain_words))}**, as the words say"]
    if compared:
        steps.append(
            f"**{_sure_words(BY_CHANCE)}**: among the {number(compared)} comparisons of this pack that have a test it "
            f"does not stand out (Benjamini and Hochberg's procedure at {percent(100 * FALSE_DISCOVERIES, 0)})"
        )
    if has_counts:
        spreads = [f"{percent(spread.percent, 0)} over {years_words(spread.years)}" for spread in stated.spreads]
        steps.append(
            f"**{_sure_words(ORDINARY_MOVEMENT)}**: |log(latest / baseline)| is not more than t × √(ordinary² + "
            "dispersion × (1 / latest + 1 / baseline)), where *ordinary* is the spread between such periods "
            "beyond chance in other forces, or where no counts of theirs are at hand what the plan states "
            f"({listed(spreads)})"
        )
    steps.append(f"else it is **{_sure_words(CLEAR)}**")
    limits = [f"{percent(within.percent, 0)} of a count"] * has_counts
    limits += [f"{number(within.points)} points of a share"] * has_shares
    closing = []
    if limits:
        closing.append(
            f"No clear change is *{_sure_words(STEADY)}* when the whole interval lies within {' or '.join(limits)}; "
            "otherwise a change of that size could have been missed."
        )
    if any(figure.how_sure_basis == ASSUMED for figure in judged):
        closing.append("A result that rests on assumed numbers is only as sure as they are.")
    first = f"Of a result that is better or worse the first thing that speaks against it is named: {'; '.join(steps)}."
    return Text(" ".join([first, *closing]))


def _sure_words(how_sure: str) -> str:
    return HOW_SURE_WORDS[how_sure].lower()


def years_words(years: float) -> str:
    """Return a span of years in words: 'a year', '2.25 years'."""
    return "a year" if years == 1 else f"{years:g} years"


def false_verdicts_table(report: QuarterReport) -> Table | None:
    """Return how often two years of one level are called changed by the rule for counts, as it was simulated.

    By what the points of the pack's counts are; None where it judges none by months or quarters.
    """
    judged = [report.plan.figures[f.indicator].series for f in report.indicators() if f.rule == "significance"]
    grains = {f"{report.office.periodicity(name)}s" for name in judged if name}
    simulated = report.false_verdicts[report.false_verdicts["by"].isin(grains)]
    if simulated.empty:
        return None
    rows = [
        {
            "Counts by": by,
            **{f"{number(row['total'])} a year": percent(100 * row["share"]) for _, row in cases.iterrows()},
        }
        for by, cases in simulated.groupby("by", sort=False)
    ]
    first = simulated.iloc[0]
    notes = [
        f"{number(first['trials'])} simulated pairs of years of one level a case, seed {first['seed']}, that vary "
        f"{number(first['dispersion'])} times as much as Poisson counts. The rule is made for "
        f"{percent(100 * (1 - LEVEL), 0)}. A level that moves between years is called changed more often."
    ]
    return Table(rows, "Counts of one level that the rule calls changed", notes=notes, align={"Counts by": "left"})


def ordinary_table(report: QuarterReport) -> Table | None:
    """Return how often what forces did is called changed, each held to the movement of the others, for reviewers.

    None where no count is judged, which is what it is about.
    """
    if not any(rule.name in ("significance", "projection") for rule in rules_used(report)):
        return None
    rows = [
        {
            "Offence": "All of them" if row["series"] == "all" else row["series"].replace("_", " ").capitalize(),
            "Years apart": number(row["years"], 2),
            "Net of others": "yes" if row["net"] else "no",
            "Spread": percent(100 * row["spread"]),
            "Beyond chance": percent(100 * row["by_chance"]),
            "Beyond ordinary": percent(100 * row["beyond_ordinary"]),
            "Pairs": number(row["pairs"]),
        }
        for row in report.ordinary_movement.to_dict("records")
    ]
    notes = [
        "Each force of the official counts held to the ordinary movement of the others, all pairs of years to "
        f"{report.ordinary_movement['last'].max()}. Forces do change, so these are no pure error rates. Spread: of the "
        "logarithm of the ratio, beyond chance."
    ]
    return Table(rows, "How often forces are called changed", notes=notes, widths=[2.6, 1, 1.2, 1, 1.3, 1.4, 0.9])


def _constants(caption: str, rows: list[tuple[str, str]]) -> Table:
    table = [{"Constant": name, "Value": value} for name, value in rows]
    return Table(table, caption, widths=[5, 1], align={"Value": "right"})


def chart_blocks(report: QuarterReport) -> Iterator[Heading | Text]:
    """Yield how the control charts are drawn and read, and the false alarms to expect; nothing where there are none."""
    charts = {name: points for name, points in charts_of_pack(report).items() if grain_of(points) in WINDOW}
    if not charts:
        return
    has_shares = any(report.plan.series[name].kind == "share" for name in charts)
    there = {grain_of(points) for points in charts.values()}
    grains = list(dict.fromkeys(grain_words(grain) for grain in PLACES if grain in there))
    whens = ["these are too few", "their level moved (Bartels 1982)", "counts are rare"]
    whens += ["percentages vary less than samples can"] * has_shares
    sentences = [
        f"{drawn_as(report, charts)} By the rules of NHS England's Making Data Count a {listed(grains, 'or')} is "
        "unusual when it lies beyond a limit, in a trend, among two of three close to a limit, or in a run on one side "
        "of the average. The usual range, average ± "
        f"{number(limits.LIMIT_FACTOR, 2)} mean moving ranges, rests on the first points of a chart, or on those that "
        "the plan names with a reason, and stands still when a quarter is added. There is a line without a range where "
        f"{listed(whens, 'or')}."
    ]
    if any(points["adjusted"].any() for points in charts.values()):
        sentences.append("A season is taken out where an F test of those points finds one (Fisher 1925).")
    if any(report.plan.series[name].target is not None for name in charts):
        sentences.append("A target is held against what is recorded in each point of the year.")
    sentences.append(f"A chart says that something changed, not what. {false_alarm_words(report)}")
    yield Heading(3, "Control charts", "methods-control-charts")
    yield Text(" ".join(sentences))


def constants(report: QuarterReport) -> Iterator[Table]:
    """Yield the constants of the rules, the charts and the projection, for reviewers, of those that are used."""
    every = (significance_constants(report), chart_constants(report), projection_constants(report))
    yield from (table for table in every if table is not None)


def measured(report: QuarterReport) -> Iterator[Table]:
    """Yield what was measured of the methods, for reviewers: false verdicts and alarms, movement, seasons."""
    verdicts = (false_verdicts_table(report), ordinary_table(report))
    charts = (false_alarms_table(report), seasons_table(report))
    yield from (table for table in (*verdicts, *charts) if table is not None)


def significance_constants(report: QuarterReport) -> Table:
    """Return the constants of the rules for counts and for surveys."""
    return _constants(
        "Constants of the rules for counts and surveys",
        [
            ("Level of the intervals", percent(100 * significance.LEVEL, 0)),
            ("Exact interval up to so many Poisson cases", number(significance.SMALL_COUNT)),
            ("Interval by logarithms from so many on", number(significance.LARGE_COUNT)),
            ("Share of false ones among comparisons that stand out", percent(100 * FALSE_DISCOVERIES, 0)),
            ("Projected change that counts, share of the baseline (plan)", percent(100 * report.plan.material, 0)),
            ("Close call: below so many times what stands out", number(CLOSE_CALL, 1)),
            ("Least dispersion (Poisson)", "1"),
            ("Months of a new recording practice that are no comparator (plan)", number(report.plan.bedding_in_months)),
        ],
    )


def chart_constants(report: QuarterReport) -> Table | None:
    """Return the constants of the control charts and of the season; None where there is no chart."""
    if not charts_of_pack(report):
        return None
    return _constants(
        "Constants of the control charts",
        [
            ("Months that fix mean and limits", number(WINDOW["month"])),
            ("Quarters that fix them", number(WINDOW["quarter"])),
            ("Points that fix the limits after a rebase", number(AFTER_REBASE)),
            ("Fewest points for limits", number(limits.MINIMUM_POINTS)),
            ("Limits: mean moving ranges from the mean", number(limits.LIMIT_FACTOR, 2)),
            ("Moving ranges left out once: from this many times their mean", number(limits.SCREEN_FACTOR, 3)),
            ("Level moved: standard errors of Bartels' ratio below 2", number(steadiness.UNSTEADY, 3)),
            ("Too rare: counts with a mean below", number(limits.RAREST)),
            ("Quarters are shown where fewer months than this are large enough", percent(100 * NEARLY_ALL, 0)),
            ("Smoothed: percentages that vary less than this against samples", number(limits.SMOOTHEST, 1)),
            ("Close to a limit: from this share of the way to it", percent(100 * spc.CLOSE_TO_LIMIT)),
            ("Shift: points in a row on one side of the mean", number(steadiness.SHIFT_POINTS)),
            ("Trend: points in a row, each above (below) the one before", number(spc.TREND_POINTS)),
            ("Season: taken out when chance gives it less often than", percent(100 * seasonality.SIGNIFICANCE, 0)),
            ("Season: fewest years of history", number(seasonality.FEWEST_YEARS)),
            ("Season: a wave counts above this many times chance", number(seasonality.CAUTION)),
            ("Season: standard deviations from which a value is pulled in", number(seasonality.FARTHEST)),
            ("Season: smallest factor; a smaller one, and none is taken out", number(seasonality.LEAST_FACTOR, 1)),
        ],
    )


def projection_constants(report: QuarterReport) -> Table | None:
    """Return the constants of the projection; None where nothing is projected."""
    if all(figure.projected is None for figure in report.indicators()):
        return None
    return _constants(
        "Constants of the projection",
        [
            ("Smoothing: the part of each new quarter that goes into the level", number(SMOOTHING, 2)),
            ("Chance: the variance of a count, in counts", number(DISPERSION, 0)),
            ("Years of errors that the prior is worth", number(PRIOR_YEARS)),
            ("Robust standard deviations from which an error is pulled in", number(FARTHEST, 0)),
            ("Width of the year under way, as a share of what was learned", percent(100 * WIDTHS[0], 0)),
            ("Restless times: quarters after which a move counts half", number(HALF_LIFE, 0)),
            ("Restless times: power of the mean square of moves that scales the errors", number(POWER, 2)),
            ("Levels of the intervals", ", ".join(percent(100 * level, 0) for level in LEVELS)),
            ("Most financial years ahead of the one under way", number(MOST_YEARS_AHEAD)),
        ],
    )


def seasons_table(report: QuarterReport) -> Table | None:
    """Return which series are charted without their season, from which data; None where none is."""
    rows = []
    for name, points in charts_of_pack(report).items():
        places = PLACES[grain_of(points)]
        if not points["adjusted"].any():
            continue
        year = points.head(places)
        known = points[points["knows_season"]]
        low, high = year.loc[year["factor"].idxmin()], year.loc[year["factor"].idxmax()]
        rows.append(
            {
                "Series": report.plan.series[name].title,
                "From": f"{label(known['period'].iloc[0])} to {label(known['period'].iloc[-1])}",
                "Chance": _p_words(seasonality.p_value(known["recorded"].to_numpy(), places)),
                "Lowest": f"{percent(100 * low['factor'], 0)} ({_place_words(low['period'])})",
                "Highest": f"{percent(100 * high['factor'], 0)} ({_place_words(high['period'])})",
            }
        )
    notes = [
        "Chance: how often chance alone would give places of the year that differ as much (F test). Lowest and "
        "highest: the factor of a month or quarter, 100% being the level of the year."
    ]
    caption = "Series charted without their season"
    return Table(rows, caption, notes=notes, widths=[3, 2.2, 1.2, 1.4, 1.4]) if rows else None


def _p_words(value: float) -> str:
    return "below 0.01%" if value < 0.0001 else percent(100 * value, 2)


def _place_words(period: str) -> str:
    """Return a period without its year: 'Jun', 'Q1'."""
    return label(period).split()[0]


def false_alarms_table(report: QuarterReport) -> Table | None:
    """Return how often the latest point of a stable series is flagged, case by case, as it was simulated.

    None where there is no chart.
    """
    if not charts_of_pack(report):
        return None
    rows = [
        {
            "Series in which nothing happens": row["case"],
            "Points": number(row["points"]),
            "Fix limits": number(row["fixing"]),
            "Latest flagged": percent(100 * row["share"]),
            "Budget": "yes" if row["of_pack"] else "",
        }
        for row in report.false_alarms.to_dict("records")
    ]
    simulated = report.false_alarms.iloc[0]
    notes = [
        f"{number(simulated['series'])} simulated series a case, seed {simulated['seed']}; shares are of those whose "
        "chart has limits. Realistic: with a season, more spread than Poisson counts have, and a level that wanders. "
        "Budget: the pack's charts are taken to be such series, and the expected number of false alarms uses the mean "
        "of these shares."
    ]
    caption = "False alarms: share of stable series whose latest point is flagged"
    return Table(rows, caption, notes=notes, widths=[4.5, 0.9, 1.1, 1.4, 1])
