"""References in a text, `{{ ... }}`: figures, the headline, paragraphs, periods and dates, resolved to words.

The syntax is described in the README; each kind of reference has a function here.
"""

import re
from collections.abc import Callable, Mapping
from functools import cached_property

from panelpack import formats
from panelpack.citations import Cited, Resolved
from panelpack.commentary import Commentary, Paragraph
from panelpack.errors import CommentaryError, ConfigurationError
from panelpack.figure_words import number_words
from panelpack.figures import Figure
from panelpack.headline import REASON_WORDS, WORDS, share_words
from panelpack.params import Params, date_words
from panelpack.plan import Plan
from panelpack.quarters import (
    MONTH_NAMES,
    Quarter,
    month_range,
    month_words,
    parse_year,
    resolve_period,
    span_words,
    year_label,
)

REFERENCE = re.compile(r"\{\{\s*(.*?)\s*\}\}", re.DOTALL)
FIGURE = re.compile(r"([A-Z]+\d+[A-Z]?\.[a-z0-9_]+)\.([a-z_]+)")
PERIOD = re.compile(r"(quarter|month|financial_year)([+-]\d+)?(\.months)?")
TEXTS = ("latest_period", "baseline_period", "verdict", "reason", "level", "signal", "low_period", "high_period")
ALIASES = {"low_month": "low_period", "high_month": "high_period"}
BASES = ("latest_base", "baseline_base")
IN_UNIT = ("latest", "baseline", "mean", "low", "high", "projected")


class Resolver:
    """Replaces references. Figures and the headline are computed when the first text asks for them."""

    def __init__(
        self,
        plan: Plan,
        params: Params,
        quarter: Quarter,
        commentary: Commentary,
        figure: Callable[[str], Figure],
        headline: Callable[[], Mapping[str, float]],
    ):
        self.plan, self.params, self.quarter, self.commentary = plan, params, quarter, commentary
        self._figure, self._headline = figure, headline

    def paragraph(self, paragraph: Paragraph) -> Resolved:
        """Resolve a paragraph of the commentary. Raises CommentaryError with file and line."""
        return self.resolve(paragraph.text, lambda at: f"{self.commentary.source}, line {paragraph.line + at}")

    def resolve(self, text: str, where: Callable[[int], str]) -> Resolved:
        """Resolve a text; `where` names the file and line from the number of line breaks before a reference."""
        cited: list[Cited] = []

        def replace(match: re.Match) -> str:
            reference = " ".join(match[1].split())
            try:
                words, citation = self._words(reference)
            except (CommentaryError, ConfigurationError) as error:
                at = where(text[: match.start()].count("\n"))
                raise CommentaryError(f"{at}: {{{{ {reference} }}}}: {error}") from None
            if citation:
                cited.append(citation)
            return words

        resolved = REFERENCE.sub(replace, text)
        # Whole references are masked, line breaks kept, to find the brace that stands alone.
        masked = REFERENCE.sub(lambda match: re.sub(r"[^\n]", " ", match[0]), text)
        if lone := re.search(r"\{\{|\}\}", masked):
            at = where(masked[: lone.start()].count("\n"))
            raise CommentaryError(f"{at}: a reference is opened or closed but not both. Write {{{{ ... }}}}.")
        return Resolved(" ".join(resolved.split()), tuple(cited))

    def _words(self, reference: str) -> tuple[str, Cited | None]:
        """Return the words of a reference, and what it cites (None when that is no figure)."""
        name, _, style = (part.strip() for part in reference.partition("|"))
        if found := FIGURE.fullmatch(name):
            words = self._figure_words(found[1], found[2], style)
            is_number = found[2] not in (*TEXTS, *ALIASES) and style not in formats.WORDS
            return words, Cited(found[1], found[2], words, is_number)
        if name.startswith("headline."):
            name = name.removeprefix("headline.")
            words = self._headline_words(name, style)
            return words, Cited("headline", name, words, True)
        if name.startswith("date:") or name == "meeting_date":
            return self._date_words(name.removeprefix("date:"), style), None
        if style:
            raise CommentaryError(f"the format {style!r} is for figures and dates only. Remove it.")
        if name.startswith(("para:", "paras:")):
            return self._paragraph_words(name), None
        return self._context_words(name), None

    def _figure_words(self, indicator: str, field: str, style: str) -> str:
        if indicator not in self.plan.figures:
            raise CommentaryError(f"the plan has no indicator or measure {indicator!r}. Correct the name.")
        figure, field = self._figure(indicator), ALIASES.get(field, field)
        if field not in (*TEXTS, *IN_UNIT, "change", "pct_change", *BASES):
            fields = ", ".join((*IN_UNIT, "change", "pct_change", *TEXTS))
            raise CommentaryError(f"{field!r} is not a field of a figure; expected one of {fields}.")
        value = figure.printed_change if field == "change" else getattr(figure, field)
        if value is None or value == "":
            why = f" ({REASON_WORDS[figure.reason]})" if figure.reason else ""
            raise CommentaryError(f"the figure is not available{why}. Say so in words instead.")
        if field in TEXTS:
            if style:
                raise CommentaryError(f"the format {style!r} is for numbers; {field} is a text. Remove it.")
            return WORDS[value].lower() if field == "verdict" else str(value)
        return number_words(value, field, "count" if field in BASES else figure.unit, style)

    def _headline_words(self, name: str, style: str) -> str:
        counts = self._headline()
        if name not in counts:
            raise CommentaryError(f"the headline has no {name!r}; expected one of {', '.join(sorted(counts))}.")
        if style:
            raise CommentaryError(f"the headline takes no format, found {style!r}. Remove it.")
        return share_words(counts[name]) if name.endswith("_share") else formats.number(counts[name])

    def _date_words(self, label: str, style: str) -> str:
        dates = {**self.params.dates, "meeting_date": self.params.meeting_date}
        if label not in dates:
            raise CommentaryError(f"there is no date {label!r}; expected one of {', '.join(sorted(dates))}.")
        day = dates[label]
        styles = {
            "": date_words(day),
            "weekday": date_words(day, weekday=True),
            "month": f"{MONTH_NAMES[day.month - 1]} {day.year}",
        }
        if style not in styles:
            raise CommentaryError(f"{style!r} is not a format of a date; expected weekday or month.")
        return styles[style]

    def _paragraph_words(self, name: str) -> str:
        kind, _, labels = name.partition(":")
        numbers = self.commentary.numbers
        ends = [label.strip() for label in labels.split("..")]
        for label in ends:
            if label not in numbers:
                raise CommentaryError(f"no paragraph has the label {label!r}. Add {{#{label}}} or correct it.")
        if len(ends) != (2 if kind == "paras" else 1):
            raise CommentaryError("expected para:label or paras:first..last.")
        found = [numbers[label] for label in ends]
        if found[0] > found[-1]:
            raise CommentaryError("the first paragraph comes after the last. Swap the two labels.")
        if found[0] == found[-1]:
            return f"[paragraph {found[0]}](#para-{found[0]})"
        return f"[paragraphs {found[0]} to {found[-1]}](#para-{found[0]})"

    @cached_property
    def _names(self) -> dict[str, str]:
        office = self.plan.office.model_dump()
        return {f"office.{key}": value for key, value in office.items()} | {"baseline_year": self.plan.baseline_year}

    def _context_words(self, name: str) -> str:
        """Return the words of the office, a period, or a span of months."""
        if name in self._names:
            return self._names[name]
        if name.startswith("span:"):
            first, _, last = name.removeprefix("span:").partition("..")
            months = month_range(self._month(first), self._month(last))
            if not months:
                raise CommentaryError("the span ends before it starts. Swap its two months.")
            if len(months) == 1:
                return f"one month, {span_words(months)}"
            return f"{formats.count_words(len(months))} months from {span_words(months)}"
        found = PERIOD.fullmatch(name)
        if not found:
            raise CommentaryError("there is no such reference. The README lists those that there are.")
        if found[1] == "month":
            return month_words(self._month(name))
        if found[1] == "financial_year":
            return year_label(self.quarter.year + int(found[2] or 0))
        quarter = self.quarter.shift(int(found[2] or 0))
        return span_words(quarter.months) if found[3] else quarter.words

    def _month(self, name: str) -> str:
        months = resolve_period(name.strip(), self.quarter, parse_year(self.plan.baseline_year)).months
        if len(months) != 1:
            raise CommentaryError(f"{name!r} is not a month: expected month or month-N.")
        return months[0]
