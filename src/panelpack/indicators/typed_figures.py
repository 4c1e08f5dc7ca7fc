"""Find figures that were typed into the commentary although a reference could have given them."""

import re

from panelpack.config.commentary import Commentary
from panelpack.formats import gbp_million, number, percent, percent_change
from panelpack.indicators.references import REFERENCE
from panelpack.indicators.results import IndicatorResult

# "the last 12" and "12 months" name a span of time, "paragraph 12" a paragraph: neither is a figure.
TYPED_NUMBER = re.compile(
    r"(?i)(?<![\d.,])(?<!last\s)(?<!paragraph\s)(?<!paragraphs\s)(?<!para-)"
    r"£?\d+(?:,\d{3})*(?:\.\d+)?(?:%|m\b)?(?!\s+months|,?\d)"
)
VALUES = ("projected", "baseline", "latest")  # where two are equal the last is proposed
SHORTEST = 2  # a single digit matches some figure by accident too often


def spellings(figure: IndicatorResult) -> dict[str, str]:
    """Return each way that a text may write a figure's numbers, with the reference that gives it."""
    by_text: dict[str, str] = {}
    for name in VALUES:
        value = getattr(figure, name)
        if value is not None:
            texts = {figure.form.words(value), number(value), number(value).replace(",", "")}
            texts |= {number(value, figure.decimals)}  # before the words of its unit
            if figure.unit == "percent":
                texts = {percent(value, figure.decimals), percent(value), percent(value, 0)}
            if figure.unit == "gbp_million":
                texts = {gbp_million(value)}
            by_text |= {text: f"{figure.indicator}.{name}" for text in texts}
    if figure.pct_change is not None:
        by_text[percent_change(abs(figure.pct_change), plus=False)] = f"{figure.indicator}.pct_change | magnitude"
    if figure.change is not None and figure.unit != "percent":
        by_text[figure.form.change(abs(figure.change), plus=False)] = f"{figure.indicator}.change | magnitude"
    return {text: reference for text, reference in by_text.items() if sum(map(str.isdigit, text)) >= SHORTEST}


def find_typed(commentary: Commentary, figures: list[IndicatorResult]) -> list[str]:
    """Return a sentence for each number in the text that equals a computed figure, with its line and the reference."""
    known: dict[str, str] = {}
    for figure in reversed(figures):
        known |= spellings(figure)
    typed = []
    for section in commentary.sections:
        for paragraph in section.paragraphs:
            # References are blanked, line breaks kept, so that lines can be counted.
            text = REFERENCE.sub(lambda match: re.sub(r"[^\n]", " ", match[0]), paragraph.text)
            for match in TYPED_NUMBER.finditer(text):
                if match[0] in known:
                    line = paragraph.line + text[: match.start()].count("\n")
                    reference = f"{{{{ {known[match[0]]} }}}}"
                    typed.append(f"{commentary.source}, line {line}: {match[0]!r} is typed. Write {reference}.")
    return typed
