"""The section of one measure: what forces recorded in words, a line of each, the funnel, and all of it as a table."""

from collections.abc import Iterator, Mapping
from html import escape
from itertools import groupby
from math import isnan

import pandas as pd

from panelpack.atlas.funnel_picture import funnel_html
from panelpack.atlas.official_figures import NO_REGION, Figures, OfficialFigures, rate_decimals
from panelpack.atlas.small_multiples import multiples_html, plain_number, scale_top
from panelpack.comparators.comparison import forces_words
from panelpack.comparators.forces import PER
from panelpack.formats import number, percent_change
from panelpack.periods import Quarter, month_words, period_words
from panelpack.rules.verdict import HOW_SURE_WORDS, VERDICT_WORDS
from panelpack.shorthand import NOT_APPLICABLE, NOT_AVAILABLE
from panelpack.statistics.funnel import FEWEST_UNITS, Funnel

ANYWAY = "what differs between forces anyway"
POSITIONS = {"within": "within", "above": "outside, above", "below": "outside, below", "": NOT_APPLICABLE}
NO_PACK, NOT_MADE, NOT_JUDGED = "no pack", "not made", "not judged"


def section_html(
    figures: Figures, of: OfficialFigures, verdicts: Mapping[str, str], quarter: str, name: str
) -> Iterator[str]:
    """Yield the section. verdicts: of each force that has one, what its pack of the quarter says, in words.

    name: of what its pictures share, which no other section has.
    """
    decimals = rate_decimals(figures.common_rate)
    yield f'<h2 id="measure-{escape(figures.id)}">{escape(figures.title)}</h2>'
    yield '<div class="opening"><div>'
    yield from _words(figures, of, verdicts, quarter)
    yield "</div>"
    if figures.funnel is not None:
        yield from _funnel(figures, figures.funnel, of)
    yield "</div>"
    yield '<figure class="lines">'
    yield f'<p class="chart-title">{escape(figures.title)}: each force</p>'
    yield f'<p class="chart-subtitle">{_subtitle(figures)}</p>'
    rates = figures.rates.reindex(columns=list(of.forces))
    yield multiples_html(
        rates,
        of.forces,
        figures.together,
        name=name,
        breaks=[quarter for quarter, _ in figures.breaks],
        decimals=decimals,
        notes=_notes(figures, rates),
        marked=set(figures.compared.index[figures.compared["position"].isin(["above", "below"])]),
    )
    yield "</figure>"
    yield from _table(figures, of, verdicts, quarter, decimals)


# ------------------------------------------------------------------------------------------------------- words
def _words(figures: Figures, of: OfficialFigures, verdicts: Mapping[str, str], quarter: str) -> Iterator[str]:
    compared, change = figures.compared, figures.change_together
    if compared.empty:
        yield f"<p>The table has no figures of the {of.latest}.</p>"
        return
    count = compared["latest"].sum()
    with_rate = "" if len(compared) == len(figures.forces) else " with a rate"
    rate = number(figures.common_rate, rate_decimals(figures.common_rate))
    lead = (
        f"In the {of.latest} the {number(len(compared))} forces{with_rate} together recorded "
        f"<strong>{number(count)}</strong> offences, <strong>{rate}</strong> {figures.per.words}"
    )
    if figures.before and not isnan(change):
        lead += f". All forces together changed by <strong>{percent_change(change)}</strong> on {figures.before}"
        low, high = figures.changes_anyway
        if not isnan(low):
            lead += f", the middle eight in ten of them by {percent_change(low)} to {percent_change(high)}"
    yield f"<p>{lead}.</p>"
    yield from _positions(figures)
    for caution in figures.cautions:
        yield f"<p>{escape(caution.strip())}</p>"
    for start, reason in figures.breaks:
        drawn = " (dashed line)" if start in figures.rates.index else ""
        since = f" The change is therefore given on {figures.before}." if figures.before else ""
        if start != figures.breaks[-1][0]:
            since = ""
        yield f"<p><strong>{Quarter.parse(start).words}</strong>{drawn}: {escape(reason.strip())}{since}</p>"
    if not figures.before:
        yield "<p>No change is given: no whole year before the latest 12 months was counted in the same way.</p>"
    if verdicts:
        counts = pd.Series([words.partition(":")[0] for words in verdicts.values()]).value_counts()
        order = [*VERDICT_WORDS.values(), NOT_JUDGED, NOT_MADE]
        said = ", ".join(f"{_lower(word)} {int(counts[word])}" for word in order if word in counts)
        yield f"<p>The packs of {Quarter.parse(quarter).words} judge it, each against its own past: {said}.</p>"


def _positions(figures: Figures) -> Iterator[str]:
    compared = figures.compared
    if figures.funnel is None:
        if len(compared) < FEWEST_UNITS:
            yield (
                f"<p>With fewer than {FEWEST_UNITS} forces nothing can be said of what differs between forces anyway: "
                "they are listed only.</p>"
            )
        return
    of = {
        where: [str(force) for force in compared.index[compared["position"] == where]]
        for where in ("within", "above", "below")
    }
    if len(of["within"]) == len(compared):
        yield f"<p>The rates of all of them lie <strong>within {ANYWAY}</strong>.</p>"
        return
    outside = [
        f"<strong>Outside it, {where}</strong>: {escape(forces_words(of[where]))}."
        for where in ("above", "below")
        if of[where]
    ]
    yield (f"<p>The rates of {number(len(of['within']))} lie <strong>within {ANYWAY}</strong>. {' '.join(outside)}</p>")


def _lower(words: str) -> str:
    return words[:1].lower() + words[1:]


def _subtitle(figures: Figures) -> str:
    rates = figures.rates
    if rates.empty:
        return "No figures."
    first, last = (month_words(Quarter.parse(str(label)).months[-1]) for label in (rates.index[0], rates.index[-1]))
    top = plain_number(scale_top(float(rates.max(axis=None))))
    whole = f" Grey: the {number(figures.whole)} forces with all quarters, together." if figures.whole > 1 else ""
    return (
        f"Offences of 12 months {figures.per.words} ({figures.per.vintage.words}), by quarter from {first} to {last}. "
        f"One scale, 0 to {top}.{whole} Below each line its first and its latest value."
    )


def _notes(figures: Figures, rates: pd.DataFrame) -> dict[str, str]:
    """Return what a reader must know of a force's line: it has no rate, its latest is an earlier one, it is outside."""
    notes = {}
    for force, row in figures.forces.iterrows():
        known = rates[force].dropna()
        if known.empty:
            notes[str(force)] = _why_no_rate(row)
        elif known.index[-1] != rates.index[-1]:
            notes[str(force)] = f"up to {month_words(Quarter.parse(str(known.index[-1])).months[-1])}"
        elif row["position"] in ("above", "below"):
            notes[str(force)] = POSITIONS[row["position"]]
    return notes


def _why_no_rate(row: pd.Series) -> str:
    if not isnan(row["size"]):
        return "no figures"
    return "no rate: residents not known" if row["region"] == NO_REGION else "no rate: too few live there"


# ------------------------------------------------------------------------------------------------------- pictures
def _funnel(figures: Figures, funnel: Funnel, of: OfficialFigures) -> Iterator[str]:
    compared = figures.compared
    within, above, below = (int((compared["position"] == where).sum()) for where in ("within", "above", "below"))
    alt = (
        f"Funnel plot of {number(len(compared))} forces, rate against size: {number(within)} within the limits, "
        f"{number(above)} above and {number(below)} below."
    )
    outside = above + below
    title = f"{number(outside) if outside else 'no'} force{'s' * (outside != 1)} outside {ANYWAY}"
    yield '<figure class="funnel">'
    yield f'<p class="chart-title">{escape(figures.title)}: {title}</p>'
    yield f'<p class="chart-subtitle">Offences {figures.per.words}, {of.latest}, by the size of the force.</p>'
    yield funnel_html(figures.forces, funnel, per=PER, what=figures.per.what, alt=alt)
    yield "</figure>"


# ------------------------------------------------------------------------------------------------------- table
def _table(
    figures: Figures, of: OfficialFigures, verdicts: Mapping[str, str], quarter: str, decimals: int
) -> Iterator[str]:
    title = escape(figures.title)
    heads = [
        "Force",
        figures.before or "Year before",
        of.latest[:1].upper() + of.latest[1:],
        "Change",
        figures.per.words[:1].upper() + figures.per.words[1:],
        "Among the forces",
        f"Pack of {period_words(quarter)}" if quarter else "Pack",
    ]
    rows = list(_rows(figures, of, verdicts, decimals, len(heads)))
    signs = []
    if any(NOT_AVAILABLE in row for row in rows):
        signs.append(f"{NOT_AVAILABLE} not available")
    if any(NOT_APPLICABLE in row for row in rows):
        signs.append(f"{NOT_APPLICABLE} does not apply")
    below = f'<p class="notes">{"; ".join(signs)}.</p>' if signs else ""
    yield f"<details><summary>{title}: the same figures as a table</summary>"
    # The roles keep it a table to every screen reader where, on a telephone, its style makes cards of its rows.
    yield f'<table role="table" class="figures"><caption>{title}: offences by force, in the order of regions</caption>'
    names = "".join(f"<th scope=col role=columnheader>{escape(head)}" for head in heads)
    yield f"<thead role=rowgroup><tr role=row>{names}<tbody role=rowgroup>"
    yield from rows
    yield f"</table>{below}</details>"


def _rows(
    figures: Figures, of: OfficialFigures, verdicts: Mapping[str, str], decimals: int, columns: int
) -> Iterator[str]:
    for region, forces in groupby(of.forces, key=of.forces.__getitem__):
        yield f"<tr role=row class=group><th scope=colgroup role=columnheader colspan={columns}>{escape(region)}"
        for force in forces:
            row = figures.forces.loc[force]
            cells = [
                _cell(row["before"]),
                _cell(row["latest"]),
                NOT_APPLICABLE if isnan(row["pct_change"]) else percent_change(row["pct_change"]),
                (NOT_APPLICABLE if isnan(row["size"]) else NOT_AVAILABLE)
                if isnan(row["rate"])
                else number(row["rate"], decimals),
                POSITIONS[row["position"]],
                verdicts.get(force, NO_PACK),
            ]
            name = escape(forces_words([force]))
            words = "".join(f"<td role=cell>{escape(cell)}" for cell in cells)
            yield f"<tr role=row><th scope=row role=rowheader>{name}{words}"


def _cell(value: float) -> str:
    return NOT_AVAILABLE if isnan(value) else number(value)


# ------------------------------------------------------------------------------------------------------- verdicts
def verdicts_of(index: pd.DataFrame, measure: str, quarter: str) -> dict[str, str]:
    """Return by force what the packs of a quarter say of a measure: 'Worse: clear', or why there is none.

    An indicator of a drafted plan is called by its box and its measure, joined by a dot.
    """
    of_quarter = index[index["quarter"] == quarter]
    made = of_quarter[(of_quarter["exit"] == 0) & (of_quarter["indicator"].str.split(".").str[-1] == measure)]
    said = {str(row.force): NOT_MADE for row in of_quarter[of_quarter["exit"] != 0].itertuples()}
    for row in made.itertuples():
        words = VERDICT_WORDS.get(str(row.verdict), NOT_JUDGED)
        sure = HOW_SURE_WORDS.get(str(row.how_sure), "")
        said[str(row.force)] = f"{words}: {_lower(sure)}" if sure else words
    return said
