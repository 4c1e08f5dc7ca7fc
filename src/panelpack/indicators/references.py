"""References in a text, `{{ ... }}`: figures, the headline, paragraphs, periods and dates, resolved to words.

docs/how-to/commentary.md lists them; each kind of reference has a function here.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property

from panelpack import formats
from panelpack.config.commentary import Paragraph
from panelpack.config.configuration import Configuration
from panelpack.errors import CommentaryError, ConfigurationError
from panelpack.indicators.results import IndicatorResult, share_words
from panelpack.periods import MONTH_NAMES, date_words, month_range, month_words, span_words, year_label
from panelpack.rules.verdict import HOW_SURE_WORDS, REASON_WORDS, VERDICT_WORDS

HEADLINE = "headline"
GLANCE, ROW, FIGURE = "glance", "row-", "figure-"  # anchors: of page 1, a dashboard's row, a row of a page's figures


@dataclass(frozen=True)
class Cited:
    """What a text cites of the results: whose it is, the field, its raw value, the words it became.

    indicator: its id, or HEADLINE. raw: the value as the results have it, a number with its sign and unrounded. number:
    whether the words are a number.
    """

    indicator: str
    field: str
    raw: str
    words: str
    number: bool

    def __str__(self) -> str:
        """'ID.change = −12 (shown as 12)'; what is printed as it is has no bracket."""
        printed = "" if self.words == self.raw else f" (shown as {self.words})"
        return f"{self.indicator}.{self.field} = {self.raw}{printed}"


@dataclass(frozen=True)
class Resolved:
    """A text with its references replaced, the same with each figure linked to its row, and what it cites."""

    text: str
    linked: str
    cited: tuple[Cited, ...]

    @property
    def figures(self) -> str:
        """Everything cited, each once, in the order of the text: 'ID.latest = 12 (shown as 12); ...'."""
        return "; ".join(dict.fromkeys(map(str, self.cited)))

    @property
    def origin(self) -> str:
        """'computed' when figures stand in it, else 'written'."""
        return "computed" if self.cited else "written"


def without_markdown(text: str) -> str:
    """Return a resolved text without its Markdown: links become their words."""
    return re.sub(r"\*+([^*]+)\*+", r"\1", re.sub(r"\[([^]]+)\]\([^)]*\)", r"\1", text))


def raw_words(value: object) -> str:
    """Return a value as the results have it: a number in full, with its sign, else its own text."""
    if isinstance(value, int | float):
        return f"{value:.{formats.DIGITS}g}".replace("-", formats.MINUS)
    return str(value)


def number_words(value: float, field: str, form: formats.Form, style: str) -> str:
    """Write a figure's number in a format; the default follows the form of the figure."""
    is_change = field in ("change", "year_change")
    is_percent = field in ("pct_change", "year_pct_change")
    decimals = 0 if is_percent else form.decimals
    if style in formats.DIRECTION_WORDS:
        return formats.direction(value, decimals, style)
    if is_percent:
        size, sign = formats.percent_change(abs(value), plus=False), formats.percent_change(value)
        styles = {"": sign, "magnitude": size, "magnitude_percent": size, "signed": sign, "signed_percent": sign}
    else:
        written = form.change if is_change else form.in_text
        styles = {
            "": written(value, plus=is_change),
            "count": formats.number(value),
            "percent": formats.percent(value, form.decimals if form.unit == "percent" else 1),
            "percent0": formats.percent(value, 0),
            "gbp_m": formats.gbp_million(value),
            "magnitude": written(abs(value), plus=False),
            "signed": written(value, plus=True),
        }
    if style not in styles:
        known = ", ".join(sorted({*styles, *formats.DIRECTION_WORDS} - {""}))
        raise CommentaryError(f"{style!r} is not a format of this figure; expected one of {known}.")
    return styles[style]


# A link, or code: what stands in it cannot be a link of its own.
NO_LINK_IN = re.compile(r"!?\[[^\]]*\]\([^)]*\)|`[^`]*`")
NOT_IN_A_LINK = re.compile(r"[\[\]\\`<>]")  # words that hold one of these are not linked
REFERENCE = re.compile(r"\{\{\s*(.*?)\s*\}\}", re.DOTALL)
FIGURE_REFERENCE = re.compile(r"([A-Z]+\d+[A-Z]?\.[a-z0-9_]+)\.([a-z_]+)")
PERIOD_REFERENCE = re.compile(r"(quarter|month|financial_year)([+-]\d+)?(\.months)?")
TEXTS = (
    *("latest_period", "baseline_period", "verdict", "reason", "how_sure", "how_sure_reason"),
    *("level", "signal", "low_period", "high_period", "target", "year_period", "year_before_period"),
)
ALIASES = {"low_month": "low_period", "high_month": "high_period"}
DATE_NOT_SET = "[date not set]"
FIGURE_AWAITED = "[figure awaited]"
BASES = ("latest_base", "baseline_base")
COUNT = formats.Form("count")
IN_UNIT = ("latest", "baseline", "mean", "low", "high", "projected", "year_latest", "year_before")
CHANGES = ("change", "pct_change", "year_change", "year_pct_change")
IN_PERCENT = {"change": "pct_change", "year_change": "year_pct_change"}  # the same change as a share of the earlier
PRINTED = {"change": "printed_change", "year_change": "printed_year_change"}  # what a reader can check


def _in_a_sentence(words: str) -> str:
    """Return words without the capital that begins them; an abbreviation such as RAG keeps its own."""
    return words if words[:2].isupper() else words[:1].lower() + words[1:]


class Resolver:
    """Replaces references. Results and the headline are computed when the first text asks for them."""

    def __init__(
        self,
        office: Configuration,
        result: Callable[[str], IndicatorResult],
        headline: Callable[[], Mapping[str, float]],
    ):
        """Resolve with an office's configuration; `result` returns the result of an indicator or measure by id."""
        self._office, self._result, self._headline = office, result, headline

    def paragraph(self, paragraph: Paragraph) -> Resolved:
        """Resolve a paragraph of the commentary. Raises CommentaryError with file and line."""
        return self.resolve(paragraph.text, lambda at: f"{self._office.commentary.source}, line {paragraph.line + at}")

    def resolve(self, text: str, where: Callable[[int], str]) -> Resolved:
        """Resolve a text; `where` names the file and line from the number of line breaks before a reference."""
        cited: list[Cited] = []
        closed = [found.span() for found in NO_LINK_IN.finditer(text)]
        plain, linked, end = "", "", 0
        for match in REFERENCE.finditer(text):
            reference = " ".join(match[1].split())
            try:
                words, citation = self._words(reference)
            except (CommentaryError, ConfigurationError) as error:
                at = where(text[: match.start()].count("\n"))
                raise CommentaryError(f"{at}: {{{{ {reference} }}}}: {error}") from None
            if citation:
                cited.append(citation)
            before, end = text[end : match.start()], match.end()
            is_free = not any(start < match.start() < last for start, last in closed)
            plain += before + words
            linked += before + (self._linked(citation) if citation and is_free else words)
        # Whole references are masked, line breaks kept, to find the brace that stands alone.
        masked = REFERENCE.sub(lambda match: re.sub(r"[^\n]", " ", match[0]), text)
        if lone := re.search(r"\{\{|\}\}", masked):
            at = where(masked[: lone.start()].count("\n"))
            raise CommentaryError(f"{at}: a reference is opened or closed but not both. Write {{{{ ... }}}}.")
        plain, linked = (" ".join((one + text[end:]).split()) for one in (plain, linked))
        return Resolved(plain, linked, tuple(cited))

    def _linked(self, cited: Cited) -> str:
        """Return the words of a number as a link to its row; other words as they are."""
        if not cited.number or NOT_IN_A_LINK.search(cited.words):
            return cited.words
        if cited.indicator == HEADLINE:
            return f"[{cited.words}](#{GLANCE})"
        is_measure = self._result(cited.indicator).measure
        return f"[{cited.words}](#{FIGURE if is_measure else ROW}{cited.indicator})"

    def _words(self, reference: str) -> tuple[str, Cited | None]:
        """Return the words of a reference, and what it cites (None when that is no figure)."""
        name, _, style = (part.strip() for part in reference.partition("|"))
        if figure := FIGURE_REFERENCE.fullmatch(name):
            words = self._figure_words(figure[1], figure[2], style)
            if words == FIGURE_AWAITED:
                return words, None
            is_number = figure[2] not in (*TEXTS, *ALIASES) and style not in formats.DIRECTION_WORDS
            raw = raw_words(getattr(self._result(figure[1]), ALIASES.get(figure[2], figure[2])))
            return words, Cited(figure[1], figure[2], raw, words, is_number)
        if name.startswith("headline."):
            name = name.removeprefix("headline.")
            words = self._headline_words(name, style)
            return words, Cited(HEADLINE, name, raw_words(self._headline()[name]), words, True)
        if name.startswith("date:") or name == "meeting_date":
            return self._date_words(name.removeprefix("date:"), style), None
        if style:
            raise CommentaryError(f"the format {style!r} is for figures and dates only. Remove it.")
        if name.startswith(("para:", "paras:")):
            return self._paragraph_words(name), None
        return self._context_words(name), None

    def _figure_words(self, indicator: str, field: str, style: str) -> str:
        if indicator not in self._office.plan.figures:
            raise CommentaryError(f"the plan has no indicator or measure {indicator!r}. Correct the name.")
        figure, field = self._result(indicator), ALIASES.get(field, field)
        if field not in (*TEXTS, *IN_UNIT, *CHANGES, *BASES):
            fields = ", ".join((*IN_UNIT, *CHANGES, *TEXTS))
            raise CommentaryError(f"{field!r} is not a field of a figure; expected one of {fields}.")
        value = getattr(figure, PRINTED.get(field, field))
        if value is None or value == "":
            if indicator in self._office.awaited_figures:
                return FIGURE_AWAITED  # an open point: one late supplier stops no draft
            why = f" ({REASON_WORDS[figure.reason]})" if figure.reason else ""
            raise CommentaryError(f"the figure is not available{why}. Say so in words instead.")
        if field in TEXTS:
            if style:
                raise CommentaryError(f"the format {style!r} is for numbers; {field} is a text. Remove it.")
            if field == "verdict":
                return _in_a_sentence(figure.word or VERDICT_WORDS[figure.verdict])
            return HOW_SURE_WORDS[figure.how_sure].lower() if field == "how_sure" else str(value)
        if field in IN_PERCENT and style in formats.DIRECTION_WORDS:
            return formats.direction(value, figure.form.decimals, style, getattr(figure, IN_PERCENT[field]))
        return number_words(value, field, COUNT if field in BASES else figure.form, style)

    def _headline_words(self, name: str, style: str) -> str:
        counts = self._headline()
        if name not in counts:
            raise CommentaryError(f"the headline has no {name!r}; expected one of {', '.join(sorted(counts))}.")
        if style:
            raise CommentaryError(f"the headline takes no format, found {style!r}. Remove it.")
        return share_words(counts[name]) if name.endswith("_share") else formats.number(counts[name])

    def _date_words(self, label: str, style: str) -> str:
        dates = {**self._office.parameters.dates, "meeting_date": self._office.parameters.meeting_date}
        if label not in dates:
            raise CommentaryError(f"there is no date {label!r}; expected one of {', '.join(sorted(dates))}.")
        day = dates[label]
        if day is None:
            return DATE_NOT_SET  # an open point: the pack is a draft while it stands
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
        numbers = self._office.commentary.numbers
        ends = [label.strip() for label in labels.split("..")]
        for label in ends:
            if label not in numbers:
                raise CommentaryError(f"no paragraph has the label {label!r}. Add {{#{label}}} or correct it.")
        if len(ends) != (2 if kind == "paras" else 1):
            raise CommentaryError("expected para:label or paras:first..last.")
        places = [numbers[label] for label in ends]
        if places[0] > places[-1]:
            raise CommentaryError("the first paragraph comes after the last. Swap the two labels.")
        if places[0] == places[-1]:
            return f"[paragraph {places[0]}](#para-{places[0]})"
        return f"[paragraphs {places[0]} to {places[-1]}](#para-{places[0]})"

    @cached_property
    def _names(self) -> dict[str, str]:
        office = self._office.plan.office.model_dump()
        office["report_to"] = office["report_to"] or office["panel"]
        return {f"office.{key}": value for key, value in office.items()} | {
            "baseline_year": self._office.plan.baseline_year
        }

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
        period = PERIOD_REFERENCE.fullmatch(name)
        if not period:
            raise CommentaryError("there is no such reference. docs/how-to/commentary.md lists those that there are.")
        if period[1] == "month":
            return month_words(self._month(name))
        if period[1] == "financial_year":
            return year_label(self._office.quarter.year + int(period[2] or 0))
        quarter = self._office.quarter.shift(int(period[2] or 0))
        return span_words(quarter.months) if period[3] else quarter.words

    def _month(self, name: str) -> str:
        months = self._office.period(name.strip()).months
        if len(months) != 1:
            raise CommentaryError(f"{name!r} is not a month: expected month or month-N.")
        return months[0]
