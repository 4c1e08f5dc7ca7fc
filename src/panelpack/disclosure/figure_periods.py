"""The totals that the plan's figures show: of which series and areas, over which periods."""

from collections.abc import Iterator

from panelpack.config.configuration import Configuration
from panelpack.config.series import Series
from panelpack.periods import key_of

COMPARED = {  # the latest period and the one a year before, by what a point covers
    "quarter": ("quarter", "quarter-4"),
    "half_year": ("half_year", "half_year-2"),
    "calendar_year": ("calendar_year", "calendar_year-1"),
    "date": ("position", "position-12"),
}
MONTHS = ("month", "month-12")


def figure_periods(office: Configuration, last_month: dict[str, str]) -> Iterator[tuple[str, str]]:
    """Yield each series with the name of each period of which a figure, or the year beside it, shows its total.

    last_month: with which the relative periods of each series end; of others nothing is yielded.
    """
    seen = set()
    for figure in office.plan.figures.values():
        name = figure.series
        if name is None:
            continue
        wanted = []
        if figure.compare and figure.compare.baseline:
            wanted.append((figure.baseline_series or name, figure.compare.baseline))
        if figure.compare:
            wanted.append((name, figure.compare.latest))
        if name in last_month:
            wanted += [(name, period) for period in year_apart(office.plan.series[name], office, last_month[name])]
        for one in wanted:
            if one[0] in last_month and one not in seen:
                seen.add(one)
                yield one


def year_apart(spec: Series, office: Configuration, last_month: str) -> tuple[str, str]:
    """Return the latest period of a series and the same one a year before.

    Data that come by half year or year are compared with the half or year before the last; a position with the one of
    twelve months earlier; figures that are of a month alone with that month of the year before.
    """
    plan = office.plan
    periodicity = plan.periodicity(spec)
    if periodicity == "month":
        return MONTHS if plan.over_time(spec) == "none" else COMPARED["quarter"]
    if periodicity == "financial_year":
        year = key_of(last_month, periodicity)
        is_over = office.period(year).months[-1] == last_month
        return ("financial_year", "financial_year-1") if is_over else ("financial_year-1", "financial_year-2")
    return COMPARED[periodicity]
