"""Numbers that are not there: the sign that stands in the place of each, and why the points of a chart are missing."""

import pandas as pd

from panelpack.config.plan import Indicator, Measure
from panelpack.disclosure.areas import base_name
from panelpack.disclosure.publication import CONFIDENTIAL as HIDDEN
from panelpack.indicators.control_charts import in_grain
from panelpack.indicators.quarter_data import QuarterData
from panelpack.periods import key_range, latest_keys, periodicity_of
from panelpack.rules.verdict import PeriodTotal, Verdict
from panelpack.shorthand import CONFIDENTIAL, NOT_APPLICABLE, NOT_AVAILABLE, sign_of_gap

PROTECTS = ("small_sample", "suppressed")  # reasons of a verdict for which a figure is withheld to protect people


def signs_of(
    figure: Indicator | Measure,
    verdict: Verdict,
    known: tuple[PeriodTotal | None, PeriodTotal | None],
    shown: tuple[PeriodTotal | None, PeriodTotal | None],
    data: QuarterData,
    *,
    is_one_period: bool = False,
) -> tuple[str, str]:
    """Return the signs in the place of a figure's baseline and of its latest value; '' for one that is shown.

    '' also where no number belongs: of what is told in words, and of the baseline of a figure that names none. known:
    the two totals as the data have them; shown: as the reader sees them. is_one_period: whether the baseline is left
    out because it is the latest period itself.
    """
    if figure.unit in ("assessment", "narrative"):
        return "", ""
    names = (figure.baseline_series or figure.series, figure.series)
    compare = figure.compare
    periods = (compare.baseline, compare.latest) if compare else (None, None)
    names_none = compare.baseline is None if compare else not verdict.reason
    has_none = (names_none, False)
    whys = (is_one_period, False)
    before, now = (
        "" if total or nothing else _sign(verdict, there, _why_not(data, name, period), is_one=why)
        for name, period, there, total, nothing, why in zip(names, periods, known, shown, has_none, whys, strict=True)
    )
    return before, now


def _why_not(data: QuarterData, name: str | None, period: str | None) -> str:
    """Return why a total is not there: the meaning of its gap, or that it is withheld to protect people."""
    return HIDDEN if data.why_withheld(name, period) else data.why_no_number(name, period)[0]


def _sign(verdict: Verdict, total: PeriodTotal | None, gap: str, *, is_one: bool) -> str:
    if verdict.reason in PROTECTS:
        return CONFIDENTIAL
    if gap:
        return sign_of_gap(gap)
    hidden_as_too_small = total is not None and not verdict.reason and not is_one
    return CONFIDENTIAL if hidden_as_too_small else NOT_AVAILABLE


def missing_points(data: QuarterData, name: str, drawn: pd.DataFrame) -> dict[str, str]:
    """Return the periods up to the quarter's end that a chart should have and has not, each with its sign.

    drawn: the points of a series or of one of its areas, `period` and `value`, NaN for a gap between them. Where the
    data tell of no gap, answers that are there are too few to be shown, and what is not there was not supplied.
    """
    shown = sorted(drawn["period"][drawn["value"].notna()])
    grain = periodicity_of(str(drawn["period"].iloc[0]))
    last = latest_keys(data.quarter, grain)[-1]
    of_series = data.gaps[data.gaps["series"] == name]
    signs: dict[str, str] = {}
    for period, meaning in zip(of_series["period"], of_series["meaning"], strict=True):
        signs.setdefault(in_grain(str(period), grain), sign_of_gap(meaning))
    for key in key_range(shown[0], shown[-1]) if shown else ():
        signs.setdefault(key, "")
    lacking = {key: sign for key, sign in sorted(signs.items()) if key <= last and key not in shown}
    if not lacking:
        return {}
    there = data.points[name]
    asked = there.groupby(there["period"].map(lambda period: in_grain(str(period), grain)))["base"].sum()
    return {key: sign or _sign_of_answers(asked.get(key)) for key, sign in lacking.items()}


def _sign_of_answers(asked: float | None) -> str:
    if asked is None:
        return NOT_AVAILABLE
    return CONFIDENTIAL if asked else NOT_APPLICABLE


def sign_of_total(data: QuarterData, name: str, period: str | None) -> str:
    """Return the sign of a total that a series or one of its areas does not have."""
    meaning = _why_not(data, name, period) or data.why_no_number(base_name(name), period)[0]
    return sign_of_gap(meaning)
