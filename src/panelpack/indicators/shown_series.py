"""The points of the series as they are published: a row a period, with what each is made of, or a sign in its place."""

from collections.abc import Hashable, Iterable, Iterator, Mapping
from datetime import date

import pandas as pd

from panelpack.config.series import Series
from panelpack.disclosure.areas import name_of
from panelpack.disclosure.thresholds import is_survey
from panelpack.formats import settled
from panelpack.indicators.missing import missing_points
from panelpack.indicators.quarter_data import NO_POINTS, QuarterData
from panelpack.indicators.series import up_to
from panelpack.indicators.sheets import sheet_names
from panelpack.periods import date_words, last_day, period_words
from panelpack.shorthand import NOT_APPLICABLE

SHOWN_COLUMNS = [
    *("series", "title", "sheet", "area", "period", "period_words", "value"),
    *("numerator", "base", "unit", "decimals", "shorthand", "source"),
]
LAST_YEAR = {"month": 12, "quarter": 4, "half_year": 2, "financial_year": 1, "calendar_year": 1}  # points of a year


def has_sheet(data: QuarterData, name: str) -> bool:
    """Whether points of a series are published, so that the workbook has a sheet of them.

    Not of what is withheld or coarsened to nothing, nor of a survey that too few answered in its last year to be shown.
    """
    if name not in data.points or not data.grain(name):
        return False
    points = _published(data, name)
    if points.empty:
        return False
    if not is_survey(data.plan.series[name]):
        return True
    asked = points.tail(LAST_YEAR.get(data.grain(name), 1))["base"].sum()
    return bool(asked >= data.plan.disclosure.reported.fewest)


def shown_series(data: QuarterData, names: Iterable[str]) -> pd.DataFrame:
    """Return the points of some series and of their areas up to the quarter's end, with SHOWN_COLUMNS.

    area: '' of the whole. value: as the series' unit has it, unrounded; NaN where `shorthand` says why there is none.
    numerator and base: what a percentage or a rate is worked out from, of a rate the base in units of so many people;
    of a percentage or a mean that came worked out the base alone. source: the suppliers of the table.
    """
    sheets = sheet_names(data.plan)
    rows = [row for name in names if has_sheet(data, name) for row in _rows_of(data, name, sheets[name])]
    numbers = dict.fromkeys(("value", "numerator", "base"), float)
    return pd.DataFrame(rows, columns=SHOWN_COLUMNS).astype(numbers)


def _rows_of(data: QuarterData, name: str, sheet: str) -> Iterator[dict[str, object]]:
    spec = data.plan.series[name]
    about = {
        "series": name,
        "title": spec.title,
        "sheet": sheet,
        "unit": spec.form.unit_words,
        "decimals": spec.form.decimals,
        "source": supplier(data, spec),
    }
    for area in ("", *data.areas(name)):
        own = name_of(name, area) if area else name
        grain = data.grain(own)
        points = _published(data, own)
        if points.empty:
            continue
        found = {str(row["period"]): _made_of(row, spec, data) for row in points.to_dict("records")}
        signs = {period: {"shorthand": sign} for period, sign in _signs(data, own, points, grain).items()}
        for period, numbers in sorted((signs | found).items()):
            yield {
                **about,
                "area": area,
                "period": period,
                "period_words": words_of(period),
                "shorthand": "",
                **numbers,
            }


def _published(data: QuarterData, name: str) -> pd.DataFrame:
    """Return the points of a series, or of an area of one, that are shown, up to the quarter's end."""
    points, grain = data.points.get(name, NO_POINTS), data.grain(name)
    if grain == "date":
        return points[points["period"] <= last_day(data.quarter).isoformat()]
    return up_to(points, data.quarter, grain) if grain else points.iloc[:0]


def _signs(data: QuarterData, name: str, points: pd.DataFrame, grain: str) -> dict[str, str]:
    """Return the periods without a number, each with its sign; positions have none between them."""
    if grain == "date":
        return {}
    drawn = points.assign(value=points["value"].where(points["base"] != 0))
    return missing_points(data, name, drawn)


def _made_of(row: Mapping[Hashable, object], spec: Series, data: QuarterData) -> dict[str, object]:
    """Return the value of a point with what it is worked out from."""
    value, base = float(str(row["value"])), float(str(row["base"]))
    if base != base:  # NaN: the value stands alone
        return {"value": settled(value)}
    if not base:
        return {"numerator": value, "base": base, "shorthand": NOT_APPLICABLE}
    whole = 100 if spec.kind == "share" else 1
    came_worked_out = data.plan.is_worked_out(spec)
    made: dict[str, object] = {"value": settled(whole * value / base), "base": base}
    return made if came_worked_out else made | {"numerator": value}


def words_of(period: str) -> str:
    """Return a point's period as a reader calls it: 'June YYYY', 'Quarter 1 YYYY/YY', '31 December YYYY'."""
    return date_words(date.fromisoformat(period)) if len(period) == len("2022-04-01") else period_words(period)


def supplier(data: QuarterData, spec: Series) -> str:
    """Return who supplied the table of a series; '' where it is not known."""
    source = data.office.sources.by_table.get(spec.table)
    return source.supplier if source else ""
