"""The new start of limits that a control chart suggests, as a line for the plan. An analyst accepts it, with a reason.

Making Data Count advises to recalculate limits when a change has lasted and is expected to last, and its cause is
known. Whether it has lasted is computed here. The rest nobody but the analyst can say.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from panelpack.indicators.control_charts import AFTER_REBASE
from panelpack.statistics.steadiness import is_steady


@dataclass(frozen=True)
class ProposedRebase:
    """From which period a chart would have new limits, and what has been so since then, in words."""

    first: str
    why: str

    @property
    def entry(self) -> dict[str, str]:
        """The rebase as the plan has it, its reason still to be written."""
        return {"from": self.first, "reason": "..."}

    @property
    def plan_line(self) -> str:
        """The line to paste under the series in the plan."""
        return f'rebase: [{{from: {self.first}, reason: "..."}}]'


def propose(table: pd.DataFrame) -> ProposedRebase | None:
    """Return the rebase that a series' control chart suggests, None where it suggests none.

    Of a chart whose latest part has limits: from the start of the run on one side of the mean that its latest point
    ends. Of one without, for its level moved: from the first point since when it has been steady. Both the part that
    would end and the one that would start must have as many points as new limits need.
    """
    part = table[table["segment"] == table["segment"].max()].reset_index(drop=True) if len(table) else table
    if len(part) < 2 * AFTER_REBASE:
        return None
    why_none = part["no_limits"].iloc[0]
    if why_none == "unsteady":
        place, why = _steady_since(part), "the level has been steady"
    elif why_none == "":
        place, why = _run_since(part), "all points lie on one side of the mean"
    else:
        return None
    if not AFTER_REBASE <= place <= len(part) - AFTER_REBASE:
        return None
    return ProposedRebase(part["period"].iloc[place], why)


def _run_since(part: pd.DataFrame) -> int:
    """Return where the run on one side of the mean starts that the latest point ends."""
    side = np.sign(part["value"] - part["mean"])
    unlike = np.flatnonzero(side != side.iloc[-1])
    return int(unlike[-1]) + 1 if len(unlike) else 0


def _steady_since(part: pd.DataFrame) -> int:
    """Return the first place from which all points to the latest vary round one level; the end where none does."""
    values = part["value"].to_numpy()
    later = range(AFTER_REBASE, len(part) - AFTER_REBASE + 1)
    return next((place for place in later if is_steady(values[place:])), len(part))
