"""Hold the computed figures to a printed paper: each printed figure, the computed one, equal or not."""

from pathlib import Path

import pandas as pd

from panelpack.errors import SourceError
from panelpack.figures import Figure
from panelpack.formats import number, percent, rounded
from panelpack.headline import WORDS

COLUMNS = ["indicator", "figure", "printed", "computed", "equal"]
PRINTED_COLUMNS = ["indicator", "baseline", "latest", "pct_change", "verdict", "reason", "note"]
NOT_PRINTED = {"", "NA", "-", "*"}


def read_printed(path: Path) -> pd.DataFrame:
    """Read the figures of a printed paper as text. Raises SourceError when the file is not one."""
    frame = pd.read_csv(path, dtype=str, keep_default_na=False)
    if list(frame.columns) != PRINTED_COLUMNS:
        raise SourceError(f"{path}: found the columns {list(frame.columns)}, expected {PRINTED_COLUMNS}.")
    return frame


def compare(printed: pd.DataFrame, figures: list[Figure]) -> pd.DataFrame:
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
                f"the printed figures name {row['indicator']!r}, which the plan has not. Correct the name."
            )
        for name in ("baseline", "latest", "pct_change"):
            # An assessment's words are its verdict, which is compared below.
            if row[name] and figure.unit not in (None, "assessment", "narrative"):
                rows.append(_row(figure, name, row[name], getattr(figure, name)))
        if row["verdict"]:
            computed = WORDS[figure.verdict] + (f" ({figure.reason})" if figure.reason else "")
            expected = WORDS[row["verdict"]] + (f" ({row['reason']})" if row["reason"] else "")
            rows.append(
                dict(zip(COLUMNS, (figure.indicator, "verdict", expected, computed, _equal(expected, computed))))
            )
    return pd.DataFrame(rows, columns=COLUMNS)


def _equal(printed: str, computed: str) -> str:
    return "equal" if printed == computed else "differs"


def _row(figure: Figure, name: str, printed: str, value: float | None) -> dict[str, str]:
    words = {"baseline": "baseline", "latest": "latest", "pct_change": "% change"}[name]
    if printed in NOT_PRINTED:
        # The paper printed '-' for a change or value that it did not give; so must we.
        computed, equal = ("none" if value is None else number(value, 1)), "equal" if value is None else "differs"
        return dict(zip(COLUMNS, (figure.indicator, words, printed, computed, equal)))
    decimals = len(printed.partition(".")[2])
    if value is None:
        return dict(zip(COLUMNS, (figure.indicator, words, printed, "none", "differs")))
    equal = _equal(str(rounded(float(printed), decimals)), str(rounded(value, decimals)))
    style = percent if name == "pct_change" else number
    texts = (style(float(printed), decimals), style(value, decimals))
    return dict(zip(COLUMNS, (figure.indicator, words, *texts, equal)))
