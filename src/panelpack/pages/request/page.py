"""The page of one supplier, as blocks: for the web and for print."""

from collections.abc import Iterator, Sequence
from datetime import date

from panelpack.config.configuration import Configuration
from panelpack.config.layout import WORKBOOKS
from panelpack.formats import number
from panelpack.pages.request.asked import Asked, code
from panelpack.pages.request.periods import Span, spans
from panelpack.pages.request.words import (
    FORMATS,
    column_words,
    empty_words,
    later_words,
    names_words,
    numbers_words,
    periods_words,
    picked_words,
    place_words,
    rows_words,
    terms_words,
    used_words,
)
from panelpack.periods import Quarter, date_words, period_words, span_words
from panelpack.rendering.prose import Block, Callout, Facts, Heading, Text
from panelpack.rendering.table import Table

NOT_SET = "date not set; we will tell you"


def title(quarter: Quarter) -> str:
    """Return the title of a supplier's page."""
    return f"Data request for {quarter.words}"


def request_blocks(office: Configuration, supplier: str, asked: Sequence[Asked], due: date | None) -> Iterator[Block]:
    """Yield a supplier's page."""
    yield facts(office, supplier, asked, due)
    for one in asked:
        yield from file_blocks(office, one)
    yield Heading(2, "Before you send them" if len(asked) > 1 else "Before you send it", "before")
    yield Text("\n".join(f"- {line}" for line in before_sending(office, asked)))


def facts(office: Configuration, supplier: str, asked: Sequence[Asked], due: date | None) -> Facts:
    """Return who asks whom for what, by when, and whom to ask."""
    plan, quarter = office.plan.office, office.quarter
    contacts = "; ".join(f"{contact.role}, {contact.organisation}" for contact in office.parameters.contacts)
    names = ", ".join(one.called for one in asked)
    several = len(asked) > 1
    return Facts(
        [
            ("To", supplier),
            ("From", plan.commissioner),
            ("For", f"the report to the {plan.panel} on {quarter.words} ({span_words(quarter.months)})"),
            ("Please send", f"{number(len(asked))} file{'s' * several}: {names}"),
            ("By", f"**{date_words(due, weekday=True)}**" if due else NOT_SET),
            ("Questions to", contacts),
        ]
    )


def file_blocks(office: Configuration, one: Asked) -> Iterator[Block]:
    """Yield what is to be known of one file."""
    yield Heading(2, one.called, f"file-{one.name.replace('_', '-')}")
    if one.preset:
        yield Callout(
            "note",
            "A public file",
            f"We take it from where {one.preset.publisher} publishes it ({one.preset.title}). Nothing need be sent; "
            "what follows is how we read it, so that a change can be told in time.",
        )
    needed = spans(office, one.name)
    yield Facts(list(file_facts(office, one, needed)))
    yield columns_table(office, one)
    if len(needed) > 1:
        yield spans_table(needed)


def file_facts(office: Configuration, one: Asked, needed: Sequence[Span]) -> Iterator[tuple[str, str]]:
    """Yield name and form of a file, its periods, what a row is, and what becomes of it: inline Markdown."""
    quarter = office.quarter
    yield "Form", " ".join(filter(None, [f"{FORMATS[one.format]}.", names_words(one), place_words(one)]))
    yield "Periods", f"{periods_words(office, one, needed)} {later_words(one, quarter)}"
    yield "Rows", " ".join(filter(None, [rows_words(one), *picked_words(one)]))
    if marks := numbers_words(one):
        yield "Numbers", marks
    if one.checks:
        yield "Also checked", " ".join(one.checks)
    used = used_words(office, one.name)
    yield "Used for", f"{used} {terms_words(one, quarter)}".strip()


def columns_table(office: Configuration, one: Asked) -> Table:
    """Return the columns as the supplier heads them: what stands in each, an example, and whether it may be empty."""
    rows = []
    for head, column, cell in one.written_columns(office.quarter):
        wide = one.table.layout.wide if one.table.layout.wide and column == one.table.layout.wide.period else None
        others = [code(other) for other in one.heads_of(column) if other != head]
        what = column_words(one, column)
        if others and column in one.table.layout.join:
            what = f"with {' and '.join(others)}: {what}"
        if wide:
            what = (
                f"a column for each {one.table.columns[column]}, headed like this one: {column_words(one, wide.value)}"
            )
        rows.append(
            {
                "Column": code(head),
                "What stands in it": what,
                "Example": code(cell),
                "May be empty": empty_words(one, wide.value if wide else column),
            }
        )
    order = "in any order; others are not read" if one.table.layout.other_columns == "unread" else "these and no others"
    return Table(rows, f"Columns of {one.called}, {order}", widths=[2.2, 5, 2, 2], align={"Example": "left"})


def spans_table(needed: Sequence[Span]) -> Table:
    """Return which rows are needed for which periods, where not all are for the same."""
    rows = [
        {
            "Rows": "; ".join(f"{column}: {', '.join(map(code, values))}" for column, values in one.where.items())
            or "all",
            "From": period_words(one.first),
            "To": period_words(one.last),
        }
        for one in needed
    ]
    return Table(rows, "Which rows are needed for which periods", widths=[6, 1.6, 1.6])


def before_sending(office: Configuration, asked: Sequence[Asked]) -> Iterator[str]:
    """Yield what to look at before a file is sent, a line each."""
    formats = {one.format for one in asked}
    if not all(one.is_of_records for one in asked):
        yield (
            "Send all periods each time, not only the new quarter: earlier figures are compared with those of the file "
            "before."
        )
    last = sorted({one.last_received for one in asked if one.last_received})
    since = f" (received {' and '.join(map(date_words, last))})" if last else ""
    yield (
        f"**If a figure of an earlier period is not what it was in your last file{since}, say which ones, and why.** "
        "Without a reason we must ask, and the report waits."
    )
    yield (
        "If what you count, how you record it, a name of a column or a category has changed, say so and from when. A "
        "period in which nothing was recorded is 0; one that is not known is not."
    )
    if formats & {"csv", "csv.gz"}:
        yield (
            "Text files: save as UTF-8 (in Excel: *CSV UTF-8*), with a line end after the last row, and see that the "
            "last rows are there. Do not open and save the file again in a spreadsheet afterwards: it rewrites dates."
        )
    if formats & set(WORKBOOKS):
        yield "Workbooks: no hidden rows or sheets, no merged cells in the table, values rather than formulas."
    if not all(one.table.layout.leave_out for one in asked):
        yield "No rows of totals, no notes among the rows, no blank rows inside the table."
    if persons := [one.called for one in asked if one.table.is_about_persons]:
        yield f"Send {' and '.join(persons)} only by the way that was agreed with you for records about persons."
    yield "No names of persons, no addresses, no numbers of cases, in any column or note."
