"""What a commentary may refer to, how it comes out as words, and the periods that a plan may compare."""

from collections.abc import Iterator
from typing import Any

from panelpack import formats
from panelpack.config.configuration import Configuration
from panelpack.errors import CommentaryError
from panelpack.formats import Form, decimals_of
from panelpack.indicators import references, results
from panelpack.indicators.references import Resolver, number_words
from panelpack.named_periods import FIXED_FORMS, PERIOD_NAMES, SHIFTED, resolve_period, split_period
from panelpack.rules.verdict import REASON_WORDS, VERDICT_WORDS
from tools.reference.markdown import NO_PLAN, code, page, sentence, table
from tools.reference.meanings import Meanings

# Numbers as a figure may have them (unit, field, value), to show what the formats make of them.
SAMPLES = {
    "count": ("count", "latest", 58318),
    "percent": ("percent", "latest", 83.456),
    "£ million": ("gbp_million", "latest", 27.84),
    "change of a count": ("count", "change", -487),
    "change of a percentage": ("percent", "change", 2.31),
    "pct_change": ("count", "pct_change", -0.83),
}
STYLES = ("", "count", "percent", "percent0", "gbp_m", "signed", "signed_percent", "magnitude", "magnitude_percent")


def references_page(office: Configuration | None, meanings: Meanings) -> str:
    """Return the page of what a commentary may refer to, and how a reference is written as words."""
    fields = [*references.IN_UNIT, *references.CHANGES, *references.BASES, *references.TEXTS, *references.ALIASES]
    field_rows = [[code(f), sentence(meanings.of("tables", ("figures", f)) if f not in references.ALIASES
                                     else meanings.of("fields", (f,)))] for f in fields]  # fmt: skip
    headline = [code(f"headline.{name}") for name in results.count_verdicts([])]
    return page(
        "References and formats of the commentary",
        "How to write a commentary is told in [Write the commentary](../how-to/commentary.md); this page lists all "
        "that a reference may name.",
        "## Fields of a figure",
        "After the id of an indicator or measure, and a full stop. A field that has no value stops the run.",
        table(["Field", "Meaning"], field_rows),
        "## Formats of a number",
        f"After {code('|')}. Without a format a number is written in its unit. An empty cell: the format is not for "
        "such a number.",
        table(["Format", *(f"{value:,} ({words})" for words, (_, _, value) in SAMPLES.items())], _format_rows()),
        "## Words for a change",
        "The change is taken as it is printed: one that rounds to nothing did not change.",
        table(
            ["Format", "below", "none", "above"],
            [[code(name), *words] for name, words in formats.DIRECTION_WORDS.items()],
        ),
        "## The headline",
        "Counts of scored indicators. Each takes `_share` at its end, for its share in percent.",
        ", ".join(headline) + ".",
        "## Periods, dates, the office",
        _context_examples(office),
        "## Verdicts and reasons",
        table(["Verdict", "In words"], [[code(name), words] for name, words in VERDICT_WORDS.items()]),
        table(["Reason", "In words"], [[code(name), words] for name, words in REASON_WORDS.items()]),
    )


def _format_rows() -> Iterator[list[str]]:
    for style in STYLES:
        cells = []
        for unit, field, value in SAMPLES.values():
            try:
                cells.append(number_words(value, field, Form(unit, decimals_of(unit)), style))
            except CommentaryError:
                cells.append("")
        yield [code(style) if style else "none", *cells]


def _context_examples(office: Configuration | None) -> str:
    """Return what references to periods, dates and the office become in the latest quarter."""
    if office is None:
        return NO_PLAN
    names = [
        *("quarter", "quarter-1", "quarter.months", "quarter-4.months", "month", "month-5", "span:month-5..month"),
        *("financial_year", "financial_year-1", "baseline_year", "meeting_date", "meeting_date | weekday"),
        *(f"date:{label}" for label in list(office.parameters.dates)[:1]),
        *(f"date:{label} | month" for label in list(office.parameters.dates)[:1]),
        *(f"office.{name}" for name in office.plan.office.model_dump()),
    ]

    def nothing(*_: object) -> Any:
        raise AssertionError("a reference to a period needs no figure")

    resolver = Resolver(office, nothing, nothing)
    written = [f"{{{{ {name} }}}}" for name in names]
    rows = [[code(text), resolver.resolve(text, lambda at: "tools/reference").text] for text in written]
    return f"In {office.quarter.words}:\n\n" + table(["Reference", "Becomes"], rows)


def periods_page(office: Configuration | None, meanings: Meanings) -> str:
    """Return the page of the period names that a plan compares."""
    rows = []
    for name in PERIOD_NAMES:
        kind, _ = split_period(name)
        shifted = code(f"{name}-1") if kind in SHIFTED else ""
        rows.append([code(name), sentence(meanings.of("periods", (name,))), shifted, *_periods_now(office, name)])
    now = [f"In {office.quarter.words}"] if office else []
    return page(
        "Periods",
        "The periods that an indicator or measure may compare, under `compare` in the plan. A number after a name goes "
        "back so many months (month, rolling_12_months, position), quarters, halves or years (financial_year, "
        "calendar_year, ytd). For a table with `lag_months` they end with the latest period that it has.",
        table(["Period", "Meaning", "Earlier", *now], rows),
        "" if office else NO_PLAN,
        "## The same in every report",
        table(
            ["Period", "Meaning"],
            [[code(name), resolve_period(name, "2022-06", 2022).words] for name in FIXED_FORMS],
        ),
        "Counts are compared over periods of equal length: a mean of years is as long as one of them.",
    )


def _periods_now(office: Configuration | None, name: str) -> list[str]:
    return [office.period(name).words] if office else []
