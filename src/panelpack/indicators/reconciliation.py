"""Hold the computed figures to a printed paper: each printed figure, the computed one, equal or not."""

import re
from pathlib import Path

import pandas as pd

from panelpack.errors import SourceError
from panelpack.formats import number, percent
from panelpack.indicators.results import IndicatorResult
from panelpack.intake.files import read_table
from panelpack.rules.verdict import REASON_WORDS, VERDICT_WORDS

RECONCILIATION_COLUMNS = ["indicator", "figure", "printed", "computed", "equal"]
PRINTED_COLUMNS = ["indicator", "baseline", "latest", "pct_change", "verdict", "reason", "note"]
PRINTED_NUMBER = re.compile(r"-?\d+(\.\d+)?")
NOT_PRINTED = {"", "NA", "-", "*"}


def read_printed(path: Path) -> pd.DataFrame:
    """Read the figures of a printed paper as text. Raises SourceError when the file is not one."""
    return read_table(path, PRINTED_COLUMNS, "Correct the file.", what="the printed figures", text=True)


def compare_with_print(printed: pd.DataFrame, figures: list[IndicatorResult]) -> pd.DataFrame:
    """Return a row for each printed figure and verdict. `equal` is 'equal' or 'differs'.

    A computed figure is rounded to the decimals that the paper printed. Where the paper printed none (NA, -, *), the
    computed one must have none either. Raises SourceError for a printed indicator that the plan does not have.
    """
    by_id = {figure.indicator: figure for figure in figures}
    rows = []
    for row in printed.to_dict("records"):
        figure = by_id.get(row["indicator"])
        if figure is None:
            raise SourceError(
                f"the printed figures name {row['indicator']!r}, which is not in the plan. Correct the name."
            )
        for name in ("baseline", "latest", "pct_change"):
            # An assessment's words are its verdict, which is compared below.
            if row[name] and figure.unit not in (None, "assessment", "narrative"):
                rows.append(_row(figure, name, row[name], _computed(figure, name)))
        if row["verdict"]:
            rows.append(
                _entry(
                    figure, "verdict", _judged(row["verdict"], row["reason"]), _judged(figure.verdict, figure.reason)
                )
            )
    return pd.DataFrame(rows, columns=RECONCILIATION_COLUMNS)


def _computed(figure: IndicatorResult, name: str) -> float | None:
    """Return what stands in the place of a printed figure; a paper prints what is required where baselines stand."""
    value: float | None = getattr(figure, name)
    is_required = name == "baseline" and value is None and not figure.baseline_period
    return figure.target_value if is_required else value


def _judged(verdict: str, reason: str) -> str:
    """Write a verdict with its reason."""
    return VERDICT_WORDS.get(verdict, "Not scored") + (f" ({REASON_WORDS.get(reason, reason)})" if reason else "")


def _entry(
    figure: IndicatorResult, name: str, printed: str, computed: str, equal: bool | None = None
) -> dict[str, str]:
    equal = printed == computed if equal is None else equal
    row = (figure.indicator, name, printed, computed, "equal" if equal else "differs")
    return dict(zip(RECONCILIATION_COLUMNS, row, strict=True))


def _row(figure: IndicatorResult, name: str, printed: str, value: float | None) -> dict[str, str]:
    words = {"baseline": "baseline", "latest": "latest", "pct_change": "% change"}[name]
    if printed in NOT_PRINTED:
        return _entry(figure, words, printed, "none" if value is None else number(value, 1), value is None)
    if not PRINTED_NUMBER.fullmatch(printed):
        raise SourceError(
            f"the printed {words} of {figure.indicator} is {printed!r}, expected a plain number such as 1234.5, "
            f"or one of {', '.join(map(repr, sorted(NOT_PRINTED - {''})))}. Correct it."
        )
    decimals, style = len(printed.partition(".")[2]), percent if name == "pct_change" else number
    if value is None:
        return _entry(figure, words, style(float(printed), decimals), "none")
    return _entry(figure, words, style(float(printed), decimals), style(value, decimals))
