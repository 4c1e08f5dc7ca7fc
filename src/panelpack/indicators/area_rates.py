"""The areas of a measure beside each other: each area's own rate or share, and whether it is out of the ordinary.

Areas differ anyway, for they are different places. So an area is held to all areas together by a funnel with
over-dispersion (statistics.funnel), of ten areas or more; none has a rank, and no verdict comes from it. Only what is
shown takes part: of an area that is hidden nothing enters, neither its own figure nor the level of all.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from panelpack.config.plan import Indicator
from panelpack.config.series import PerResidents, Series
from panelpack.disclosure.areas import base_name, name_of
from panelpack.disclosure.residents import WHOLE
from panelpack.disclosure.thresholds import is_reported
from panelpack.formats import Form
from panelpack.indicators.missing import sign_of_total
from panelpack.indicators.quarter_data import QuarterData
from panelpack.rules.verdict import PeriodTotal
from panelpack.shorthand import CONFIDENTIAL
from panelpack.statistics.funnel import (
    FEWEST_UNITS,
    LEVEL,
    Funnel,
    chance_of_count,
    chance_of_share,
    ratio_funnel,
    share_funnel,
)

HIDDEN, ABSENT, NOBODY, NEGATIVE = (
    "not shown, to protect people",
    "no figure of the same months",
    "nobody lives there",
    "corrections took off more than was counted",
)
COLUMNS = ["size", "cases", "value"]
PERCENT = 100


@dataclass(frozen=True)
class AreaRates:
    """The latest rates, or shares, of a measure's areas.

    per: whose rates they are; None of shares. is_of_counts: whether the measure itself is a count. period: in words.
    areas: a row an area that is shown, in alphabetical order, with size (residents, or answers), cases (or those of the
    answers that count) and value (per `per.of`, or percent); with a funnel also position, and low and high, the 95%
    limits of what differs between areas anyway. together: the value of these areas together. residents: of each area
    and, as '', of the whole; none of shares. left_out: by area why it is not among them.
    """

    per: PerResidents | None
    is_of_counts: bool
    period: str
    areas: pd.DataFrame
    together: float
    form: Form
    residents: Mapping[str, float] = field(default_factory=dict)
    left_out: Mapping[str, str] = field(default_factory=dict)
    funnel: Funnel | None = None

    @property
    def whole_residents(self) -> float | None:
        """The residents of the whole; None of shares."""
        return self.residents.get(WHOLE)

    @property
    def every_resident(self) -> float:
        """The residents of all areas, of those too that are left out."""
        return sum(number for area, number in self.residents.items() if area != WHOLE)

    @property
    def outside(self) -> pd.DataFrame:
        """The areas outside what differs between areas anyway, in alphabetical order; none without a funnel."""
        return self.areas[self.areas["position"] != "within"] if self.funnel else self.areas.iloc[:0]

    def value_of(self, area: str) -> float | None:
        """Return the rate or share of an area; None of one that is left out."""
        return float(self.areas.loc[area, "value"]) if area in self.areas.index else None

    def limits(self, sizes: np.ndarray, level: float = LEVEL) -> tuple[np.ndarray, np.ndarray]:
        """Return the limits of what differs between areas of these sizes anyway, in the unit of the values."""
        assert self.funnel is not None
        if self.per is None:
            low, high = self.funnel.limits(chance_of_share(sizes), level)
            return PERCENT * low, PERCENT * high
        cases = self.areas["cases"].sum() / self.areas["size"].sum() * sizes
        low, high = self.funnel.limits(chance_of_count(cases), level)
        return self.together * low, self.together * high


def has_rates(spec: Series) -> bool:
    """Whether the areas of a series have rates by their own residents, or shares of their own answers."""
    return (spec.per is not None and spec.per.area is not None) or (spec.kind == "share" and spec.base is not None)


def area_rates(data: QuarterData, figure: Indicator) -> AreaRates | None:
    """Return the latest rates or shares of a figure's areas; None where it has no areas, or no figure of the whole."""
    if figure.series is None or figure.compare is None or not has_rates(data.plan.series[figure.series]):
        return None
    name, spec = figure.series, data.plan.series[figure.series]
    whole = data.total(name, figure.compare.latest)
    if whole is None or not data.areas(name):
        return None
    living = data.residents.get(name, {}) if spec.per else {}
    if spec.per and not living:
        return None  # the table of residents may not be shown
    rows, left_out = {}, {}
    for area in data.areas(name):
        total = data.total(name_of(name, area), figure.compare.latest)
        why = _why_left_out(total, whole, data, name_of(name, area), figure.compare.latest)
        if not why and spec.per and area not in living:
            why = NOBODY
        if why or total is None:
            left_out[area] = why
        else:
            rows[area] = _row(total, spec, living.get(area))
    areas = pd.DataFrame.from_dict(rows, orient="index", columns=COLUMNS).astype(float)
    scale = spec.per.of if spec.per else PERCENT
    exposure = whole.exposure if spec.per else 1
    together = scale * areas["cases"].sum() / areas["size"].sum() / exposure if len(areas) else float("nan")
    found = AreaRates(
        spec.per, spec.kind == "count", whole.words, areas, float(together), _form(spec, together), living, left_out
    )
    return _with_funnel(found)


def _why_left_out(total: PeriodTotal | None, whole: PeriodTotal, data: QuarterData, name: str, period: str) -> str:
    """Return why an area has no figure that may stand beside the others; '' where it has."""
    spec = data.plan.series[base_name(name)]
    if total is None:
        return HIDDEN if sign_of_total(data, name, period) == CONFIDENTIAL else ABSENT
    if not is_reported(total, spec, data.plan):
        return HIDDEN
    if total.words != whole.words:
        return ABSENT
    return NEGATIVE if total.value < 0 else ""


def _row(total: PeriodTotal, spec: Series, residents: float | None) -> tuple[float, float, float]:
    """Return the size, the cases and the value of an area."""
    if spec.per is None:
        assert total.base is not None
        hits = total.successes if total.successes is not None else total.value * total.base / PERCENT
        return total.base, hits, total.value
    assert residents is not None
    return residents, total.counted, spec.per.of * total.counted / residents / total.exposure


def _form(spec: Series, together: float) -> Form:
    """Return how a rate is printed beside its head, which names the unit: with a decimal more where rates are small."""
    if spec.per is None:
        return spec.form
    decimals = spec.form.decimals if spec.kind == "rate" else 1 if together >= 1 else 2
    return Form("", decimals)


def _with_funnel(rates: AreaRates) -> AreaRates:
    """Return rates with the position of each area, where there are enough of them and something was counted."""
    areas = rates.areas
    if len(areas) < FEWEST_UNITS or not areas["cases"].sum():
        return rates
    size, cases = areas["size"].to_numpy(float), areas["cases"].to_numpy(float)
    is_share = rates.per is None
    funnel = share_funnel(cases, size) if is_share else ratio_funnel(cases, size * cases.sum() / size.sum())
    placed = AreaRates(**{**vars(rates), "funnel": funnel})
    low, high = placed.limits(size)
    positions = [funnel.position(place) for place in range(len(areas))]
    return AreaRates(**{**vars(placed), "areas": areas.assign(low=low, high=high, position=positions)})
