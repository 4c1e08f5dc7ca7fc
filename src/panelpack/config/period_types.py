"""Names of periods as the plan writes them: months, years, the periods that figures compare."""

from collections.abc import Callable
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field

from panelpack.errors import ConfigurationError, UsageError
from panelpack.named_periods import check_period
from panelpack.periods import Quarter, parse_year, year_label


def _checked(read: Callable[[str], object]) -> AfterValidator:
    def check(text: str) -> str:
        try:
            read(text)
        except ConfigurationError as error:
            raise ValueError(str(error)) from None
        return text

    return AfterValidator(check)


def _quarter(label: str) -> str:
    try:
        return str(Quarter.parse(label))
    except UsageError:
        raise ValueError("this is not a quarter, expected YYYYQn") from None


def _year_as_text(value: object) -> object:
    """Return a calendar year, which YAML takes for a number, as the name of a period."""
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


PeriodName = Annotated[str, BeforeValidator(_year_as_text), _checked(check_period)]
FinancialYear = Annotated[str, _checked(parse_year), AfterValidator(lambda year: year_label(parse_year(year)))]
Label = Annotated[str, AfterValidator(_quarter)]
Month = Annotated[str, Field(pattern=r"^\d{4}-(0[1-9]|1[0-2])$")]
ChartPeriod = Annotated[
    str,
    BeforeValidator(_year_as_text),
    Field(pattern=r"^\d{4}(-(0[1-9]|1[0-2])|Q[1-4]|H[12]|/\d{2})?$"),
    _checked(check_period),
]
