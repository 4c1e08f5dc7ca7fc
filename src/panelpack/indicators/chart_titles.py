"""What a control chart shows, in one short sentence computed from its points: its title, its note, its alt text."""

import numpy as np
import pandas as pd

from panelpack.formats import Form, listed
from panelpack.indicators.chart_words import grain_words
from panelpack.indicators.control_charts import PLACES, grain_of, reaches_quarter
from panelpack.periods import month_words, months_of, period_words, periodicity_of
from panelpack.rendering.chart_text import kinds_of, newest_run
from panelpack.statistics.steadiness import SHIFT_POINTS

MOST_WORDS = 15  # of a title
LONGEST_ALT, ALT = 200, "Line chart of"  # letters; the kind of chart
LONG_RUN, LATELY = 3, 6  # signals, and points since the last of them, of a chart that is called back to usual
MOST_NAMED = 3  # periods of a signal; of more the first is named
MEANINGS = {"better": "better", "worse": "worse", "changed": "changed"}
WAYS = {"high": ("higher", "above", "rising"), "low": ("lower", "below", "falling")}
ONE_YEAR = 1  # points in it: of years there is no season


def headline(table: pd.DataFrame, measure: str, form: Form, short: str = "") -> str:
    """Return the title of a series' chart: what of it, and what happened, in at most MOST_WORDS words.

    measure: the title of the series. What follows a comma or stands in brackets is left to the subtitle. Where the
    sentence would be too long, the short name stands in its place, or nothing.
    """
    what = state_words(table, form)
    for name in (measure.split(",")[0].split(" (")[0], short):
        title = f"{name}{':' * (not _follows(what))} {what}"
        if name and len(title.split()) <= MOST_WORDS:
            return title
    return f"{what[:1].upper()}{what[1:]}"


def alt_text(table: pd.DataFrame, measure: str, form: Form, kind: str = ALT) -> str:
    """Return the alternative text: kind of chart, measure, trend and newest value, at most LONGEST_ALT letters."""
    known = table[table["recorded"].notna()]
    if known.empty:
        return f"{kind} {lower_first(measure)}: no values can be shown."
    last = known.iloc[-1]
    newest = f"newest {form.words(last['recorded'])} in {period_words(last['period'])}"
    text = f"{kind} {lower_first(measure)}: {state_words(table, form)}; {newest}."
    return text if len(text) <= LONGEST_ALT else f"{kind} {_shortened(measure, LONGEST_ALT - len(text))}: {newest}."


def state_words(table: pd.DataFrame, form: Form) -> str:
    """Return what happened, without its subject: 'above average every month since November YYYY'.

    A chart with a usual range says where its newest points lie; one without compares with the year before. A series
    that ends before the quarter says when.
    """
    known = table[table["recorded"].notna()]
    if known.empty:
        return "no values can be shown"
    last, grain = known.iloc[-1], grain_of(table)
    if not reaches_quarter(table):
        return f"no figures after {period_words(last['period'])}"
    if last["no_limits"]:
        return _against_year_before(known, table, form)
    season = " for the season" if last["adjusted"] else ""
    run = newest_run(table)
    if not last["special_cause"]:
        is_back = len(run) >= LONG_RUN and len(table) - run[-1] <= LATELY
        if not is_back:
            return f"as usual{season}{_level_words(table)}"
        first = run[-1] + 1
        when = f"in {period_words(last['period'])}" if first == len(table) - 1 else ""
        return f"back to usual{season} {when or f'since {since_words(str(table.period.iloc[first]))}'}"
    than, place, way = WAYS[last["side"]]
    every = f"every {grain_words(grain)} since"
    if last["special_cause"] == "trend":
        return f"{way}{season} {every} {since_words(table['period'].iloc[_trend_start(table) + 1])}"
    start = _same_side_start(table)
    if len(table) - start >= SHIFT_POINTS:
        return f"{place} average{season} {every} {since_words(table['period'].iloc[start])}"
    if len(run) > MOST_NAMED:
        return f"{than} than usual{season} {every} {since_words(table['period'].iloc[run[0]])}"
    return f"{than} than usual{season} in {periods_words(list(table['period'].iloc[run]))}"


def note_words(table: pd.DataFrame, form: Form) -> str:
    """Return the words beside the newest run of signals, what it means first: 'worse: above average since ...'.

    '' where the chart has no signal.
    """
    run = newest_run(table)
    if not run:
        return ""
    meaning = MEANINGS[kinds_of(table)[run[-1]]]
    if run[-1] == len(table) - 1:
        return f"{meaning}: {state_words(table, form)}"
    periods = list(table["period"].iloc[run])
    when = f"from {period_words(periods[0])} to {period_words(periods[-1])}"
    if len(run) <= MOST_NAMED:
        when = f"in {periods_words(periods)}"
    season = " for the season" if table["adjusted"].iloc[run[-1]] else ""
    return f"{meaning}: {WAYS[table['side'].iloc[run[-1]]][0]} than usual{season} {when}"


def kind_of(table: pd.DataFrame) -> str:
    """Return what a chart's newest point means: better, worse, changed, same; none without a range or a new point."""
    if not reaches_quarter(table) or table["no_limits"].iloc[-1]:
        return "none"
    return kinds_of(table)[-1]


def recent_words(table: pd.DataFrame) -> str:
    """Return it in two words, for a cell: 'lower: better', 'as usual'; '' where there is no range to compare with."""
    kind = kind_of(table)
    if kind in ("none", "same"):
        return "as usual" if kind == "same" else ""
    way = WAYS[table["side"].iloc[-1]][0]
    return way if kind == "changed" else f"{way}: {kind}"


def periods_words(periods: list[str]) -> str:
    """Return some periods as 'May and June YYYY', the year once where they share it."""
    words = [period_words(period) for period in periods]
    years = {word.rsplit(" ", 1)[-1] for word in words}
    if len(years) == 1 and len(words) > 1:
        words = [word.rsplit(" ", 1)[0] for word in words[:-1]] + words[-1:]
    return listed(words)


def since_words(period: str) -> str:
    """Return the month that a period begins with, as a reader dates a change: 'April YYYY'; a year as it is."""
    is_year = periodicity_of(period) in ("financial_year", "calendar_year")
    return period_words(period) if is_year else month_words(months_of(period)[0])


def _level_words(table: pd.DataFrame) -> str:
    """Say of a chart with new limits since when its level is the usual one; '' of others."""
    part = table["segment"].iloc[-1]
    start = table["period"][table["segment"] == part].iloc[0]
    return f" by the level since {since_words(start)}" if part else ""


def _against_year_before(known: pd.DataFrame, table: pd.DataFrame, form: Form) -> str:
    """Say how the newest points stand to those of a year before, the longest time for which that holds."""
    grain = grain_of(table)
    per, values = PLACES[grain], table["recorded"].to_numpy(float)
    moved = np.sign(values[per:] - values[:-per]) if len(values) > per else np.array([])
    length = 0
    while length < len(moved) and moved[-1 - length] == moved[-1] != 0:
        length += 1
    if length >= max(per, 2):
        since = since_words(table["period"].iloc[len(values) - length])
        way = "rising" if moved[-1] > 0 else "falling"
        return f"{way} {'year on year' if per > ONE_YEAR else 'every year'} since {since}"
    last = known.iloc[-1]
    earlier = table[table["recorded"].notna()].iloc[0]
    if len(moved) and np.isfinite(moved[-1]) and np.isfinite(values[-1]):
        earlier = table.iloc[-1 - per]
    now, before = form.words(last["recorded"]), form.words(earlier["recorded"])
    if earlier["period"] == last["period"]:
        return f"{now} in {period_words(last['period'])}"
    when = f"in {period_words(earlier['period'])}"
    if now == before:
        return f"{now}, the same as {when}"
    return f"{now}, {'up' if last['recorded'] > earlier['recorded'] else 'down'} from {before} {when}"


def _same_side_start(table: pd.DataFrame) -> int:
    """Return the place of the first of the newest points that lie on one side of the average."""
    side = np.sign(table["value"] - table["mean"])
    unlike = np.flatnonzero((side != side.iloc[-1]) | (table["segment"] != table["segment"].iloc[-1]))
    return int(unlike[-1]) + 1 if len(unlike) else 0


def _trend_start(table: pd.DataFrame) -> int:
    """Return the place from which on each point lies further in the direction of the newest than the one before."""
    moves = np.sign(np.diff(table["value"].to_numpy(float)))
    same_part = np.diff(table["segment"].to_numpy()) == 0
    start = len(table) - 1
    while start and same_part[start - 1] and moves[start - 1] == moves[-1]:
        start -= 1
    return start


def _follows(what: str) -> bool:
    """Whether words can follow their subject without a colon: they do not begin with a number."""
    return what[:1].isalpha() and not what.startswith("no ")


def lower_first(words: str) -> str:
    """Return words as they stand within a sentence, but for a name in capitals."""
    return words if words[1:2].isupper() else f"{words[:1].lower()}{words[1:]}"


def _shortened(words: str, by: int) -> str:
    return words if by >= 0 else f"{words[: max(by - 1, -len(words) + 20)]}…"
