"""The areas of a measure: the exact series of each district or partnership, and whether they add up to the whole."""

from collections.abc import Iterator
from functools import partial

import pandas as pd

from panelpack.config.configuration import Configuration
from panelpack.config.plan import Plan
from panelpack.config.series import Aggregate
from panelpack.disclosure import points as series
from panelpack.disclosure.quoting import number_words
from panelpack.disclosure.residents import Residents
from panelpack.errors import SourceError
from panelpack.kinds import KINDS
from panelpack.periods import period_words

SEPARATOR = " | "  # between the name of a series and the area, in the name of the area's own series
EVERY_AREA = "*"  # in the place of an area: the points of all
TOLERANCE = 1e-6  # sums of decimals


def has_areas(plan: Plan, name: str) -> bool:
    """Whether a series is of several areas that can be shown apart."""
    spec = plan.series[name]
    areas = plan.tables[spec.table].by
    return areas is not None and areas.column not in spec.where


def name_of(series_name: str, area: str) -> str:
    """Return the name of an area's own series."""
    return f"{series_name}{SEPARATOR}{area}"


def base_name(name: str) -> str:
    """Return the name of the plan's series that an area's own series is a part of; itself for one of the plan."""
    return name.split(SEPARATOR)[0]


def with_every_area(by_name: dict[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """Return points by the name of their series, with those of all areas of a series together under EVERY_AREA."""
    together: dict[str, list[pd.DataFrame]] = {}
    for name, points in by_name.items():
        if SEPARATOR in name:
            together.setdefault(name_of(base_name(name), EVERY_AREA), []).append(points)
    return by_name | {name: pd.concat(parts) for name, parts in together.items()}


def areas_of(points: pd.DataFrame) -> list[str]:
    """Return the areas of the points of all areas of a series, in alphabetical order."""
    return sorted(name.split(SEPARATOR, 1)[1] for name in points["series"].unique())


def extract_areas(
    frame: pd.DataFrame, name: str, office: Configuration, residents: Residents | None = None
) -> Iterator[tuple[str, pd.DataFrame]]:
    """Yield the name and the exact points of each area of a series, as points.extract does.

    residents: whose rates of areas are per their own.

    Raises SourceError where areas that make up the whole do not add up to it, and the plan does not say why.
    """
    areas = office.plan.tables[office.plan.series[name].table].by
    if areas is None or not has_areas(office.plan, name):
        return
    found = sorted(set(frame[areas.column]) - {areas.total, ""})
    if EVERY_AREA in found:
        raise SourceError(
            f"{series.file_of(office, office.plan.series[name].table)}, column {areas.column!r}: found an area "
            f"{EVERY_AREA!r}, which stands for all areas. Say in the plan's `layout` what the mark means, or ask the "
            "supplier for its name."
        )
    living = {area: residents.of(area) if residents else None for area in found}
    parts = {area: series.extract(frame, name, office, living[area], area) for area in found}
    lacking = {area: set(series.periods_lacking(frame, name, office, area)) for area in found}
    if areas.total is None:
        _check_all_there(parts, lacking, name, office)
    elif not areas.why_not_total:
        _check_sum(series.extract(frame, name, office), parts, name, office, set().union(*lacking.values()))
    for area, points in parts.items():
        yield name_of(name, area), points.assign(series=name_of(name, area))


def _check_all_there(
    parts: dict[str, pd.DataFrame], withheld: dict[str, set[str]], name: str, office: Configuration
) -> None:
    """Raise SourceError for an area without a row in a period that others have: the sum, which is the whole, lacks it.

    withheld: by area the periods whose row is there without a number, which the whole then lacks too. An area may begin
    later than others. Rows that are counted may well lack an area: nothing happened there.
    """
    spec = office.plan.series[name]
    if isinstance(spec.value, Aggregate) and spec.value.how != "sum":
        return
    every = sorted({period for points in parts.values() for period in points["period"]})
    for area, points in parts.items():
        first, known = points["period"].min(), {*points["period"], *withheld[area]}
        for period in every:
            if len(points) and first < period and period not in known:
                when = period if len(period) == len("2022-04-01") else period_words(period)
                raise SourceError(
                    f"{series.file_of(office, spec.table)}: the area {area!r} of {name!r} has no figure for {when}, "
                    "expected one, for the areas together are the whole. Ask the supplier for it, or name the rows of "
                    "the whole as `total`."
                )


def _check_sum(
    whole: pd.DataFrame, parts: dict[str, pd.DataFrame], name: str, office: Configuration, lacking: set[str]
) -> None:
    """Raise SourceError for the first period in which the areas do not add up to the whole, or their bases do not."""
    spec = office.plan.series[name]
    areas = office.plan.tables[spec.table].by
    if not KINDS[spec.kind].adds_up or office.plan.is_worked_out(spec) or not parts or areas is None:
        return
    every, words = pd.concat(list(parts.values())), partial(number_words, plan=office.plan, table=spec.table)
    for column, what in (("value", "the areas"), ("base", "the bases of the areas")):
        if column == "base" and spec.base is None:
            continue  # of a rate they are the residents, which need not add up to the last one
        together = every.groupby("period")[column].sum()
        together = together[~together.index.isin(lacking)]  # an area without a number is a gap, told elsewhere
        of_whole = whole.set_index("period")[column].reindex(together.index)
        for period in together.index[(of_whole - together).abs() > TOLERANCE * of_whole.abs().clip(lower=1)]:
            when = period if len(period) == len("2022-04-01") else period_words(period)
            number = words(of_whole[period])
            expected = f"{'the ' * number[:1].isdigit()}{number} of {areas.total!r}"
            raise SourceError(
                f"{series.file_of(office, spec.table)}, {when}: {what} of {name!r} add up to "
                f"{words(together[period])}, expected {expected}. Correct the file, or say "
                "in the plan `why_not_total`."
            )
