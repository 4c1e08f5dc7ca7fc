"""The report: title block, numbered paragraphs section by section, implications, appendices, contacts."""

from collections.abc import Iterator

import pandas as pd

from panelpack.commentary import Section
from panelpack.params import date_words
from panelpack.prose import Facts, Heading, Paragraphs, Text
from panelpack.tables import Table
from panelpack.work import Work


def heading(work: Work) -> Heading:
    """Return the report's heading."""
    return Heading(2, f"Report to the {work.plan.office.panel}", "report")


def title_block(work: Work) -> Facts:
    """Return who reports what to whom, and when; the weekday is computed."""
    params, office = work.params, work.plan.office
    return Facts(
        [
            ("Report to", f"{office.panel}, {office.commissioner}"),
            ("Report of", params.report_of),
            ("Date", date_words(params.meeting_date, weekday=True)),
            ("Subject", params.title),
            ("Author", params.author),
            ("Paper marked", params.marking),
        ]
    )


def section_blocks(work: Work) -> Iterator[Heading | Paragraphs]:
    """Yield the numbered sections of the commentary: heading, then paragraphs numbered through the report."""
    updates = {update.id: update for update in work.plan.updates}
    for section in work.commentary.sections:
        if not section.numbered:
            continue
        yield Heading(4 if section.update else 3, _title(work, section, updates), _anchor(section))
        if section.paragraphs:
            yield Paragraphs([(str(p.number), p.anchor, work.resolver.paragraph(p).text) for p in section.paragraphs])


def _title(work: Work, section: Section, updates: dict) -> str:
    if section.update:
        update = updates[section.update]
        return f"Strategic Priority {update.number} – {update.title}"
    return work.resolver.resolve(section.heading, lambda at: f"{work.commentary.source}, line {section.line}").text


def _anchor(section: Section) -> str:
    return f"update-{section.update}" if section.update else f"section-{section.line}"


def closing_blocks(work: Work) -> Iterator[Heading | Table | Text]:
    """Yield implications, appendices, background papers and contacts."""
    params = work.params
    yield Heading(3, "Implications", "implications")
    rows = [{"Implication": i.heading, "Assessment": i.text} for i in params.implications]
    yield Table(pd.DataFrame(rows), "Implications of this report", widths=[1, 2], align={"Assessment": "left"})
    yield Heading(3, "List of appendices", "appendices")
    yield Text("\n".join(f"- Appendix {a.letter} – {a.title}" for a in params.appendices) or "None.")
    yield Heading(3, "Background papers", "background-papers")
    yield Text("\n".join(f"- {paper}" for paper in params.background_papers) or "None.")
    yield Heading(3, "Persons to contact", "contacts")
    rows = [{"Role": c.role, "Organisation": c.organisation} for c in params.contacts]
    yield Table(pd.DataFrame(rows), "Persons to contact, by role", align={"Organisation": "left"})


def write(work: Work) -> None:
    """Write every numbered paragraph for the pack."""
    work.write(work.commentary_rows(work.commentary.paragraphs), "commentary.csv")
