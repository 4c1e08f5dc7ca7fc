"""The new start of limits that a control chart suggests, as a line for the plan. An analyst accepts it, with a reason.

Making Data Count advises to recalculate limits when a change has lasted and is expected to last, and its cause is
known. Whether it has lasted is computed here. The rest nobody but the analyst can say.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from panelpack.indicators.control_charts import WINDOW, grain_of
from panelpack.statistics.limits import MINIMUM_POINTS
from panelpack.statistics.steadiness import is_steady

FEWEST = MINIMUM_POINTS  # points of a new level: as many as its own limits need


@dataclass(frozen=True)
class ProposedRebase:
    """From which period a chart would have new limits, the last that would fix them ('' by default), and why."""

    first: str
    limits_until: str
    why: str

    @property
    def entry(self) -> dict[str, str]:
        """The rebase as the plan has it, its reason still to be written."""
        until = {"limits_until": self.limits_until} if self.limits_until else {}
        return {"from": self.first, **until, "reason": "..."}

    @property
    def plan_line(self) -> str:
        """The line to paste under the series in the plan."""
        parts = (f'{key}: "{words}"' if key == "reason" else f"{key}: {words}" for key, words in self.entry.items())
        return f"rebase: [{{{', '.join(parts)}}}]"


def propose(table: pd.DataFrame) -> ProposedRebase | None:
    """Return the rebase that a series' control chart suggests, None where it suggests none.

    Of a chart whose latest part has limits: from the start of the run on one side of the mean that its latest point
    ends, once the run has FEWEST points. Of one without, for its level moved: from the first point since when it has
    been steady. Both the part that would end and the one that would start must have FEWEST points.
    """
    part = table[table["segment"] == table["segment"].max()].reset_index(drop=True) if len(table) else table
    if len(part) < 2 * FEWEST:
        return None
    why_none = part["no_limits"].iloc[0]
    if why_none == "unsteady":
        place, why = _steady_since(part), "the level has been steady"
    elif why_none == "":
        place, why = _run_since(part), "all points lie on one side of the mean"
    else:
        return None
    points = len(part) - place
    if points < FEWEST or place < FEWEST:
        return None
    is_short = points < WINDOW[grain_of(table)]
    last = part["period"].iloc[place + FEWEST - 1] if is_short else ""
    return ProposedRebase(part["period"].iloc[place], last, why)


def _run_since(part: pd.DataFrame) -> int:
    """Return where the run on one side of the mean starts that the latest point ends."""
    side = np.sign(part["value"] - part["mean"])
    unlike = np.flatnonzero(side != side.iloc[-1])
    return int(unlike[-1]) + 1 if len(unlike) else 0


def _steady_since(part: pd.DataFrame) -> int:
    """Return the first place from which all points to the latest vary round one level; the end where none does."""
    values = part["value"].to_numpy()
    later = range(FEWEST, len(part) - FEWEST + 1)
    return next((place for place in later if is_steady(values[place:])), len(part))
