"""A figure's number in words: the formats that a reference may ask for."""

from panelpack import formats
from panelpack.errors import CommentaryError


def number_words(value: float, field: str, unit: str | None, style: str) -> str:
    """Write a figure's number in a format; the default follows the unit."""
    change = field == "change"
    decimals = 0 if field == "pct_change" else formats.decimals_of(unit)
    if style in formats.WORDS:
        return formats.direction(value, decimals, style)
    if field == "pct_change":
        size, sign = formats.percent(abs(value), 0), formats.percent(value, 0, plus=True)
        styles = {"": sign, "magnitude": size, "magnitude_percent": size, "signed": sign, "signed_percent": sign}
    else:
        plain = formats.change_in_unit if change else formats.in_unit
        styles = {
            "": plain(value, unit, plus=True) if change else plain(value, unit),
            "count": formats.number(value),
            "percent": formats.percent(value),
            "percent0": formats.percent(value, 0),
            "gbp_m": formats.gbp_million(value),
            "magnitude": plain(abs(value), unit, plus=False),
            "signed": plain(value, unit, plus=True),
        }
    if style not in styles:
        known = ", ".join(sorted({*styles, *formats.WORDS} - {""}))
        raise CommentaryError(f"{style!r} is not a format of this figure; expected one of {known}.")
    return styles[style]
