"""Why a comparison across two periods is refused: offences moved in or out, or the table counts something else."""

from panelpack.comparators.counts import OfficialCounts
from panelpack.config.official import OfficialOffences


def why_refused(official: OfficialOffences, of: OfficialCounts, first: str, last: str) -> str:
    """Return why counts of a quarter `first` cannot be set beside those of `last`, in a sentence; '' where they can."""
    kinds = [kind.partition(": ")[2] for kind in official.kinds(of.kinds)]
    for one in of.table.breaks:
        if first < one.first <= last and set(one.subgroups) & set(kinds) and not official.is_all:
            return one.reason
    return ""
