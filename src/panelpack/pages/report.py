"""The report: title block, numbered paragraphs section by section, implications, appendices, contacts."""

from collections.abc import Iterator, Mapping
from itertools import zip_longest

import pandas as pd

from panelpack.config.commentary import Section
from panelpack.config.plan import Update
from panelpack.indicators.quarter_report import QuarterReport
from panelpack.pages.glossary import FirstUse, words
from panelpack.periods import date_words
from panelpack.rendering.prose import Facts, Heading, Paragraphs, Text
from panelpack.rendering.table import Table


def heading(report: QuarterReport) -> Heading:
    """Return the report's heading."""
    return Heading(2, f"Report to the {report.plan.office.panel}", "report")


def title_block(report: QuarterReport) -> Facts:
    """Return who reports what to whom, and when; the weekday is computed."""
    params, office = report.parameters, report.plan.office
    return Facts(
        [
            ("Report to", office.report_to or office.panel),
            ("Report of", params.report_of),
            ("Date", date_words(params.meeting_date, weekday=True)),
            ("Subject", params.title),
            ("Author", params.author),
            ("Paper marked", report.office.marking),
        ]
    )


def section_blocks(report: QuarterReport) -> Iterator[Heading | Paragraphs]:
    """Yield the numbered sections of the commentary: heading, then paragraphs numbered through the report.

    The first use of each word of the glossary is a link to it.
    """
    first_use = FirstUse(words(report))
    updates = {update.id: update for update in report.plan.updates}
    numbered = [section for section in report.office.commentary.sections if section.numbered]
    for section, following in zip_longest(numbered, numbered[1:]):
        if not section.paragraphs and not (following and following.update):
            continue  # nothing stands below its heading
        yield Heading(4 if section.update else 3, _title(report, section, updates), _anchor(section))
        if section.paragraphs:
            texts = [(p, first_use.linked(report.resolver.paragraph(p).linked)) for p in section.paragraphs]
            yield Paragraphs([(str(p.number), p.anchor, text) for p, text in texts])


def _title(report: QuarterReport, section: Section, updates: Mapping[str, Update]) -> str:
    if section.update:
        update = updates[section.update]
        return f"{report.plan.office.priority_word} {update.number} – {report.plan.heading(update)}"
    where = f"{report.office.commentary.source}, line {section.line}"
    return report.resolver.resolve(section.heading, lambda at: where).text


def _anchor(section: Section) -> str:
    return f"update-{section.update}" if section.update else f"section-{section.line}"


def closing_blocks(report: QuarterReport) -> Iterator[Heading | Table | Text]:
    """Yield implications, appendices, background papers and contacts, each where there are any."""
    params = report.parameters
    if rows := [{"Implication": i.heading, "Assessment": i.text} for i in params.implications]:
        yield Heading(3, "Implications", "implications")
        yield Table(rows, "Implications of this report", widths=[1, 2], align={"Assessment": "left"})
    if params.appendices:
        yield Heading(3, "List of appendices", "appendices")
        yield Text("\n".join(f"- [Appendix {a.letter} – {a.title}](#{a.content})" for a in params.appendices))
    if params.background_papers:
        yield Heading(3, "Background papers", "background-papers")
        yield Text("\n".join(f"- {paper}" for paper in params.background_papers))
    if rows := [{"Role": c.role, "Organisation": c.organisation} for c in params.contacts]:
        yield Heading(3, "Persons to contact", "contacts")
        yield Table(rows, "Persons to contact, by role", align={"Organisation": "left"})


def commentary_rows(report: QuarterReport) -> pd.DataFrame:
    """Return every numbered paragraph as the pack's commentary.csv has it."""
    return report.commentary_rows(report.office.commentary.paragraphs)
