"""Numbers as suppliers write them, read into digits: '-1234.5'. Nothing is guessed, and no digit is ever changed."""

import re
from collections.abc import Callable, Iterable
from functools import lru_cache

from panelpack.config.layout import Layout

OWN_FORM = re.compile(r"-?[0-9]+(\.[0-9]+)?")
OWN_WHOLE = re.compile(r"-?[0-9]+")
MINUS_SIGNS = "-−"
# Blanks and apostrophes that look like the declared one: a reader cannot tell them apart.
LOOKS_LIKE = {" ": "[ \u00a0\u2007\u2009\u202f]", "'": "['’]", ",": ",", ".": r"\."}


def is_digits(cells: Iterable[str], layout: Layout, kind: str) -> bool:
    """Whether every cell is already what it would be read as, as those of most tables are."""
    own = OWN_FORM if kind == "decimal" and layout.decimal == "." else OWN_WHOLE
    return all(map(own.fullmatch, cells))


def number_reader(layout: Layout, kind: str) -> Callable[[str], str]:
    """Return a function that reads a text as a number of a kind (count or decimal); '' where it is none.

    Read are: digits, in groups of three if the layout declares what groups them (all of a number's digits or none);
    after its decimal sign more digits, which of a count are noughts and left out (12.0 is 12); a minus before it, also
    a typographic one; and at most one of the declared signs before or after it. A plus, a number in brackets and one
    with a minus behind it are not read.
    """
    return _number_reader(layout.thousands, layout.decimal, tuple(layout.signs), kind)


@lru_cache(maxsize=64)
def _number_reader(thousands: str | None, decimal: str, signs: tuple[str, ...], kind: str) -> Callable[[str], str]:
    sign = "|".join(re.escape(sign) for sign in sorted(signs, key=len, reverse=True))
    grouped = rf"[0-9]{{1,3}}(?:{LOOKS_LIKE[thousands]}[0-9]{{3}})+|" if thousands else ""
    before = rf"(?:(?P<before>{sign})\s*)?" if signs else ""
    after = rf"(?:\s*(?P<after>{sign}))?" if signs else ""
    # The minus may stand on either side of the sign: -£5 and £-5.
    number = re.compile(
        rf"(?P<outer>[{MINUS_SIGNS}])?{before}(?P<inner>[{MINUS_SIGNS}])?"
        rf"(?P<whole>{grouped}[0-9]+)(?:{LOOKS_LIKE[decimal]}(?P<part>[0-9]+))?{after}"
    )

    def read(text: str) -> str:
        parts = number.fullmatch(text.strip())
        if parts is None or (parts["outer"] and parts["inner"]) or (signs and parts["before"] and parts["after"]):
            return ""
        whole, part = parts["whole"], parts["part"] or ""
        if thousands and not whole.isdigit():
            whole = re.sub("[^0-9]", "", whole)
        if kind == "count" and part:
            if part.strip("0"):
                return ""
            part = ""
        return f"{'-' if parts['outer'] or parts['inner'] else ''}{whole}{'.' * bool(part)}{part}"

    return read
