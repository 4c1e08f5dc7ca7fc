"""The glossary: words of this pack that a lay reader may not know, and the link from the first use of each."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from panelpack.config.glossary import slug
from panelpack.config.plan import Plan
from panelpack.indicators.quarter_report import QuarterReport
from panelpack.pages.forces_methods import compared
from panelpack.periods import month_words
from panelpack.rendering.prose import Heading
from panelpack.rendering.table import Table
from panelpack.rules.verdict import INSIDE_FORECAST, NOT_LIKE_WITH_LIKE, PROVISIONAL

# Of a Markdown text what no link may be put into: links, code, and references to the web.
_KEPT = re.compile(r"(\[[^\]]*\]\([^)]*\)|`[^`]*`|<[^>]*>|https?://\S+)")


@dataclass(frozen=True)
class Word:
    """A word with its meaning (inline Markdown), and the other forms by which a text may have it."""

    word: str
    meaning: str
    also: tuple[str, ...] = ()

    @property
    def anchor(self) -> str:
        """What a link to it names."""
        return f"term-{slug(self.word)}"

    @property
    def forms(self) -> tuple[str, ...]:
        """The word and its other forms."""
        return (self.word, *self.also)


def blocks(report: QuarterReport) -> Iterator[Heading | Table]:
    """Yield the words in alphabetical order, a row each that links can name; nothing where there is none."""
    every = words(report)
    rows = [{"Word": f"**{word.word}**", "What it means": word.meaning} for word in every]
    if rows:
        yield Heading(2, "Glossary", "glossary")
        caption = "Words of this pack, and what they mean"
        yield Table(rows, caption, widths=[1, 4], anchors=[word.anchor for word in every])


def words(report: QuarterReport) -> list[Word]:
    """Return the words that this pack uses, in alphabetical order.

    Those of the code stand where the pack's figures are such that a page uses them; the office's own where they stand
    in its commentary or in the titles and footnotes of its plan. An office's own meaning comes before that of the code.
    """
    own = {word: Word(word, entry.meaning, tuple(entry.also)) for word, entry in report.plan.glossary.items()}
    anchors = {word.anchor for word in own.values()}
    printed = list(_printed(report.plan))
    used = [word for word in own.values() if any(_is_used(form, report, printed) for form in word.forms)]
    used += [word for word, is_used in _of_the_code(report) if word.anchor not in anchors and is_used()]
    return sorted(used, key=lambda word: word.word.casefold())


def _is_used(form: str, report: QuarterReport, printed: Iterable[str]) -> bool:
    return report.office.commentary.mentions(form) or any(map(_whole(form).search, printed))


def _whole(form: str) -> re.Pattern[str]:
    """Return what finds a form as whole words. Its capitals count, but for the one that may begin a sentence."""
    first = re.escape(form[0])
    if form[:1].islower():
        first = f"[{form[0]}{form[0].upper()}]"
    return re.compile(rf"(?<![\w-]){first}{re.escape(form[1:])}(?![\w-])")


def _printed(plan: Plan) -> Iterator[str]:
    """Yield the texts of a plan that a reader meets, without those of tables."""
    yield from (series.title for series in plan.series.values())
    yield from plan.footnotes.values()
    yield from (update.title for update in plan.updates)
    for box in plan.priorities:
        yield box.title
        yield from (figure.title for figure in box.figures)


def _of_the_code(report: QuarterReport) -> Iterator[tuple[Word, Callable[[], bool]]]:
    """Yield the words that pages use for what the code works out, each with whether this pack does."""
    figures, quarter = report.indicators(), report.quarter
    sure = {figure.how_sure for figure in figures}
    compared = [spec.compare for box in report.plan.priorities for spec in box.figures if spec.compare]
    periods = {period for compare in compared for period in (compare.latest, compare.baseline) if period}
    first, last = (month_words(quarter.months[place]) for place in (0, -1))
    yield (
        Word(
            "quarter",
            f"Three months. The financial year runs from April to March, so {quarter.words} is {first} to {last}.",
        ),
        lambda: True,
    )
    yield (
        Word(
            "baseline",
            f"What the latest figure is compared with: the financial year {report.plan.baseline_year}, unless a row "
            "names another period.",
            ("baseline year",),
        ),
        lambda: "baseline_year" in periods,
    )
    yield (
        Word(
            "12 months to",
            "The twelve months that end with the month named. Each month of the year is in them once, so that they can "
            "be compared with a year.",
            ("rolling 12 months", "rolling total", "rolling figure"),
        ),
        lambda: any(period.startswith("rolling_12_months") for period in periods),
    )
    yield (
        Word(
            "control chart",
            "A line of months or quarters with a pale band, the usual range: where nearly all points lie while nothing "
            "changes. A point outside it, or a long run of points on one side of the average, is unusual: something "
            "has probably changed. [Methods](#methods-control-charts) has the exact rules.",
            ("control charts", "usual range"),
        ),
        lambda: any(figure.signal or figure.level for figure in figures),
    )
    yield (
        Word(
            "allowing for the season",
            "Compared with what is usual for that time of the year, not with the average of the whole year.",
            ("for the season",),
        ),
        lambda: any(figure.adjusted for figure in figures),
    )
    yield (
        Word(
            "95% range",
            "How far off the figure may be. If it were worked out in the same way many times, the range would hold the "
            "true value about 95 times in 100. A wide range means that little is known.",
            ("95% interval",),
        ),
        lambda: any(figure.lower_95 is not None for figure in figures),
    )
    yield (
        Word(
            "forecast",
            "The total that a year would have if it went on as now, with the range in which such forecasts have ended "
            "for other police forces.",
            ("projection",),
        ),
        lambda: INSIDE_FORECAST in sure or any(figure.projected is not None for figure in figures),
    )
    yield (
        Word(
            "percentage point",
            "The difference between two percentages: from 80% to 82% is a rise of 2 percentage points (pts).",
            ("percentage points",),
        ),
        lambda: any(figure.kind == "share" for figure in figures),
    )
    yield from _of_other_forces(report)
    yield (
        Word("provisional", "Not final: whoever supplied the figure may still change it."),
        lambda: PROVISIONAL in sure or any(figure.notes_of("provisional") for figure in figures),
    )
    yield (
        Word(
            "not like with like",
            "The two figures are of different people, or count different things, so that their difference need not be "
            "a change.",
        ),
        lambda: NOT_LIKE_WITH_LIKE in sure,
    )


def _of_other_forces(report: QuarterReport) -> Iterator[tuple[Word, Callable[[], bool]]]:
    """Yield the words by which forces are compared."""
    levels = [of.level for _, of in compared(report) if of.level]
    has_group = any(of.group for _, of in compared(report))
    per = [level.of.words for level in levels]
    yield (
        Word(
            "rate per 1,000",
            "How many offences there are in a year for every 1,000 people who live there, or every 1,000 households. "
            "So places with many people and with few can be set side by side.",
            tuple(dict.fromkeys(("rates per 1,000", *per))),
        ),
        lambda: bool(per),
    )
    yield (
        Word(
            "funnel",
            "A drawing of every force by how many people live there and by its rate, with limits that are wide where "
            "few live and narrow where many do. Between the limits forces differ no more than forces do anyway. It "
            "gives no force a rank. [Methods](#methods-forces) has the formula.",
            ("funnel plot", "funnel plots", "funnels"),
        ),
        lambda: any(level.funnel for level in levels),
    )
    yield (
        Word(
            "most similar forces",
            "Forces whose areas are most like this one in who lives there and how, as the source named beside them "
            "worked it out. A force need not be among those most similar to one of its own.",
            ("most similar force", "most similar group"),
        ),
        lambda: has_group,
    )


class FirstUse:
    """Links the first use of each word, through all the texts that it is given in turn."""

    def __init__(self, every: Iterable[Word]):
        """Link these words, each once."""
        by_form = {form: word for word in every for form in word.forms}
        # The longest first, so that a word that begins like another is not taken for it.
        self._forms = [(form, _whole(form), by_form[form]) for form in sorted(by_form, key=len, reverse=True)]
        self._linked: set[str] = set()

    def linked(self, markdown: str) -> str:
        """Return a text with links to the words that it is the first to use; what is a link or code stays as it is."""
        for form, pattern, word in self._forms:
            if word.anchor in self._linked or form.casefold() not in markdown.casefold():
                continue
            pieces = _KEPT.split(markdown)
            for place in range(0, len(pieces), 2):  # every other one is what no link may be put into
                if found := pattern.search(pieces[place]):
                    before, after = pieces[place][: found.start()], pieces[place][found.end() :]
                    pieces[place] = f"{before}[{found[0]}](#{word.anchor}){after}"
                    self._linked.add(word.anchor)
                    break
            markdown = "".join(pieces)
        return markdown
