"""What a new office is to be: asked for on the command line, and at a terminal where something is left out."""

import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from panelpack.errors import ConfigurationError, UsageError
from panelpack.periods import Quarter, parse_year, year_label

# What must be given: the name that make knows it by, and what it is.
NEEDED = {
    "FORCE": "the force, as the official table names it",
    "Q": "the quarter of the first pack, YYYYQn (Q1 is April to June)",
    "BASELINE": "the financial year that figures are compared with, YYYY/YY",
    "DATA": "the file of the official table: police recorded crime by police force area",
    "TO": "the folder of the new office",
}
EXAMPLE = 'make new-office FORCE="..." Q=YYYYQn BASELINE=YYYY/YY DATA=FILE TO=FOLDER'


@dataclass(frozen=True)
class Order:
    """The office that is asked for.

    measures: a list of measures, or None for the list that is shipped. release: of the table, where it is known by
    another way than its checksum.
    """

    force: str
    quarter: Quarter
    baseline: str
    data: Path
    folder: Path
    measures: Path | None = None
    release: str = ""

    @property
    def baseline_year(self) -> int:
        """The year in which the baseline year starts."""
        return parse_year(self.baseline)


def read_order(given: Mapping[str, str], ask: Callable[[str], str] | None = None) -> Order:
    """Return the order from what was given by name; what is left out is asked for.

    ask: how a person is asked, by default at the terminal if there is one. Raises UsageError that lists what is missing
    where nobody can be asked, and what is not a quarter or a year.
    """
    answers = {name: given.get(name, "").strip() for name in (*NEEDED, "MEASURES")}
    missing = [name for name in NEEDED if not answers[name]]
    if missing:
        ask = ask or (_ask if sys.stdin.isatty() else None)
        if ask is None:
            words = "; ".join(f"{name} ({NEEDED[name]})" for name in missing)
            raise UsageError(f"missing: {words}. Type {EXAMPLE}")
        answers |= {name: ask(f"{NEEDED[name]} ({name}): ").strip() for name in missing}
        if still := [name for name in missing if not answers[name]]:
            raise UsageError(f"{', '.join(still)}: nothing was typed. Type {EXAMPLE}")
    return Order(
        answers["FORCE"],
        Quarter.parse(answers["Q"]),
        _year(answers["BASELINE"]),
        Path(answers["DATA"]).expanduser(),
        Path(answers["TO"]).expanduser(),
        Path(answers["MEASURES"]).expanduser() if answers["MEASURES"] else None,
    )


def _ask(question: str) -> str:
    try:
        return input(question)
    except EOFError:
        return ""


def _year(text: str) -> str:
    try:
        return year_label(parse_year(text))
    except ConfigurationError as error:
        raise UsageError(f"BASELINE={str(error).removesuffix('.')}. Write it as in 2022/23.") from None


def find_faults(order: Order, force: str, quarters: list[str]) -> Iterator[str]:
    """Yield why a table that covers these quarters of the force cannot serve the order: a sentence each."""
    first, last = quarters[0], quarters[-1]
    covers = f"{order.data} covers {first} to {last} of {force}"
    lacking = [str(order.quarter.shift(by)) for by in range(-3, 1) if str(order.quarter.shift(by)) not in quarters]
    if str(order.quarter) in lacking:
        yield f"Q={str(order.quarter)!r}: {covers}, expected one of these. Name another, or give a later release."
    elif lacking:
        yield (
            f"Q={str(order.quarter)!r}: {covers} without {', '.join(lacking)}, expected the twelve months to the "
            "quarter's end. Name a later quarter, or give a table without gaps."
        )
    of_year = [str(Quarter(order.baseline_year, number)) for number in range(1, 5)]
    if missing := [label for label in of_year if label not in quarters]:
        yield (
            f"BASELINE={order.baseline!r}: {covers}, without {', '.join(missing)}, expected the whole year. Name a "
            "year among them."
        )
    elif of_year[-1] >= str(order.quarter):
        yield (
            f"BASELINE={order.baseline!r}: it ends with {of_year[-1]}, expected a year that ends before "
            f"{order.quarter}. Name an earlier year."
        )
