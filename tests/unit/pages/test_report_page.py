"""The report: title block, sections, numbered paragraphs, closing tables."""

from page_blocks import of_kind, row_of, tables
from panelpack.pages import report
from panelpack.rendering.prose import Heading, Paragraphs, Text


def test_its_sections_stand_in_order_and_its_paragraphs_are_numbered_through(quarter_report, pages):
    headings = [block.text for block in of_kind(pages["report"], Heading)]
    updates = quarter_report.plan.updates
    assert [text for text in headings if text.startswith("Priority ")] == [
        f"Priority {update.number} – {quarter_report.plan.heading(update)}" for update in updates
    ]
    assert headings[-3:] == ["Implications", "List of appendices", "Persons to contact"]
    numbers = [number for block in of_kind(pages["report"], Paragraphs) for number, _, _ in block.items]
    assert numbers == [str(n) for n in range(1, len(quarter_report.office.commentary.paragraphs) + 1)]
    assert len(numbers) > 40


def test_a_heading_of_the_commentary_may_hold_references(pages):
    assert "Quarter 1 2015/16 performance dashboard" in [block.text for block in of_kind(pages["report"], Heading)]


def test_the_report_names_the_weekday_that_the_date_has(quarter_report):
    assert dict(report.title_block(quarter_report).items)["Date"] == "Wednesday 16 September 2015"


def test_it_closes_with_implications_appendices_papers_and_contacts(quarter_report):
    blocks = list(report.closing_blocks(quarter_report))
    implications, contacts = tables(blocks)
    given = quarter_report.parameters
    assert row_of(implications, "Implication", "Financial")["Assessment"] == given.implications[0].text
    assert contacts.column("Role") == [contact.role for contact in given.contacts]
    (appendices,) = (block.markdown for block in of_kind(blocks, Text))
    there = given.appendices
    assert len(there) == 3
    assert appendices.splitlines() == [f"- [Appendix {one.letter} – {one.title}](#{one.content})" for one in there]


def test_the_table_of_the_commentary_has_every_numbered_paragraph(quarter_report):
    rows = report.commentary_rows(quarter_report)
    assert rows["paragraph"].tolist() == [p.number for p in quarter_report.office.commentary.paragraphs]
    assert not rows["text"].str.contains("{{", regex=False).any()
    assert set(rows["origin"]) == {"computed", "written"}
    cited = rows[rows["priority"].str.contains("SP01")].iloc[0]
    assert cited["indicators"] == "SP01.county_on_baseline;SP01.county_on_previous_quarter;SP01.county_on_year"
