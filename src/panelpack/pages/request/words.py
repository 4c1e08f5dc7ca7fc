"""What a supplier's specification says of a file, in words; what must be typed as it stands is marked as code."""

from collections.abc import Iterator, Sequence
from typing import get_args

from panelpack.config.configuration import Configuration
from panelpack.config.layout import WORKBOOKS, DateForm, DayOfYearForm, MonthForm
from panelpack.formats import listed, number
from panelpack.pages.request.asked import Asked, code
from panelpack.pages.request.periods import Span, earlier_positions
from panelpack.periods import POINT_WORDS, Quarter, date_words, last_day, latest_keys, period_words

FORMATS = {
    "csv": "Text, comma-separated (.csv)",
    "csv.gz": "Text, compressed (.csv.gz)",
    "xlsx": "Excel workbook (.xlsx)",
    "xls": "Old Excel workbook (.xls)",
    "ods": "OpenDocument workbook (.ods)",
    "parquet": "Parquet",
}
SEPARATORS = {",": "commas", ";": "semicolons", "tab": "tabs", "|": "upright lines (|)"}
MEANINGS = {
    "zero": "nothing happened (0)",
    "suppressed": "too few to be told",
    "missing": "not known, or not supplied",
    "not_applicable": "there can be no such figure",
}
SENSITIVITY = {
    "public": "Its figures may be published.",
    "internal": "Only totals that identify nobody leave the office.",
}
KINDS = {
    "month": "the month",
    "half_year": "the half of the financial year (H1 is April to September)",
    "financial_year": "the financial year",
    "calendar_year": "the calendar year",
    "date": "the day",
    "count": "a whole number, 0 or more",
    "decimal": "a number",
    "text": "words",
    "pseudonym": "a code for the person, the same in every row; never a name, a birthday or a number used elsewhere",
}
REFERENCE = "a reference, another in each row"
FINANCIAL = "the quarter of the financial year (Q1 is April to June)"
CALENDAR = "the quarter of the calendar year (Q1 is January to March)"
SERIES_NAMED = 4  # of what a file is for


def names_words(one: Asked) -> str:
    """Say how files are named, where that is by a pattern; else nothing."""
    stands = {"*": "* stands for any letters", "?": "? stands for one letter"}
    signs = " and ".join(words for sign, words in stands.items() if sign in one.table.pattern)
    if one.table.files:
        return f"Several files, named like {one.called}, where {signs}."
    return f"In the name {signs}." * bool(signs)


def place_words(one: Asked) -> str:
    """Say where the table stands in the file."""
    layout = one.table.layout
    words = []
    if one.format in WORKBOOKS:
        sheet = f"Sheet {code(layout.sheet)}" if layout.sheet else "The first sheet"
        words.append(f"Sheets named like {code(layout.sheets)}" if layout.sheets else sheet)
    elif one.format != "parquet":
        if layout.separator != ",":
            words.append(f"Cells separated by {SEPARATORS[layout.separator]}")
        if layout.encoding != "utf-8":
            words.append(f"Saved as {layout.encoding}")
    if layout.header_row == "find":
        words.append("Lines may stand above the column heads")
    elif layout.header_row > 1 or one.format in WORKBOOKS:
        words.append(f"Column heads in row {layout.header_row}")
    if layout.header_rows > 1:
        words.append(f"The heads fill {layout.header_rows} rows")
    if layout.until:
        end = "an empty line" if layout.until == "blank" else f"a line that begins {code(layout.until)}"
        words.append(f"From {end} on nothing is read")
    return " ".join(f"{phrase}." for phrase in words)


def periods_words(office: Configuration, one: Asked, needed: Sequence[Span]) -> str:
    """Say which periods must be there."""
    kind, quarter = one.table.columns[one.table.period_column], office.quarter
    if kind == "date" and not needed:
        earlier = [date_words(day) for day in earlier_positions(office, one.name)]
        more = f" Also the last position up to {listed(earlier)}." * bool(earlier)
        return f"The latest position, and the day that it is of.{more}{_lag_words(one)}"
    last = latest_keys(quarter, "month" if kind == "date" else kind)[-1]
    first = min((span.first for span in needed), default=last)
    if one.is_of_records:
        what = "all records of"
    elif first == last:
        what = "the figures of"
    else:
        what = f"every {POINT_WORDS['month' if kind == 'date' else kind]} from"
    spanned = period_words(first) if first == last else f"{period_words(first)} to {period_words(last)}"
    later = " A count that began later starts where it began." * (first != last and not one.is_of_records)
    more = ", as the table below says" * (len(needed) > 1)
    return f"**{what[0].upper()}{what[1:]} {spanned}**{more}.{later}{_lag_words(one)}"


def _lag_words(one: Asked) -> str:
    """Say how far before the quarter's end the latest figures may lie, where the office allows for that."""
    months = one.table.lag_months
    return (
        f" The latest may lie up to {number(months)} month{'s' * (months != 1)} before the quarter's end."
        if months
        else ""
    )


def later_words(one: Asked, quarter: Quarter) -> str:
    """Say what becomes of what is dated after the quarter."""
    last = date_words(last_day(quarter))
    if one.table.layout.later == "unread":
        return f"What is dated after {last} may stand in it and is not read."
    return f"Nothing dated after {last}."


def rows_words(one: Asked) -> str:
    """Say what a row is."""
    wide = one.table.layout.wide
    if one.table.layout.counted:
        by = listed([code(one.head(column)) for column in one.table.layout.counted.by])
        return f"A row for each record; we only use how many there are by {by}."
    columns = [column for column in one.table.key if not (wide and column == wide.period)]
    key = [code(head) for column in columns for head in one.heads_of(column)]
    return f"One row for each {listed(key)}, none twice." if key else ""


def picked_words(one: Asked) -> Iterator[str]:
    """Yield which rows are read or left unread, where not all are."""
    for words, picked in (
        ("We read only rows with", one.table.layout.only),
        ("Rows are left unread with", one.table.layout.leave_out),
    ):
        for column, names in picked.items():
            values = [names] if isinstance(names, str) else names
            yield f"{words} {', '.join(map(code, values))} in {code(one.head(column))}."


def numbers_words(one: Asked) -> str:
    """Say how numbers are written, and what may stand in their place; nothing of a table without any."""
    layout = one.table.layout
    numbers = [column for column, kind in one.table.columns.items() if kind in ("count", "decimal")]
    if not numbers:
        return ""
    written = []
    if layout.thousands:
        between = "blanks" if layout.thousands == " " else code(layout.thousands)
        written.append(f"thousands are parted by {between}")
    if layout.decimal != ".":
        written.append(f"decimals follow {code(layout.decimal)}")
    if layout.signs:
        written.append(f"{', '.join(map(code, layout.signs))} beside a number is not read")
    marks = [
        f"{code(mark) if mark else 'an empty cell'}: {MEANINGS[meaning]}" for mark, meaning in layout.marks.items()
    ]
    if marks:
        written.append("In the place of a number we understand " + "; ".join(marks))
    else:
        plain = ", without separators or signs" * (not layout.thousands and not layout.signs)
        no_marks = f"No mark such as {code('*')} or {code('-')} in the place of a number"
        written += [f"digits only{plain}", f"{no_marks}: if a figure may not be given, ask us first"]
    words = ". ".join(f"{phrase[0].upper()}{phrase[1:]}" for phrase in written)
    return f"{words}."


def used_words(office: Configuration, name: str) -> str:
    """Say what a table is for."""
    titles = [series.title for series in office.plan.series.values() if series.table == name]
    more = len(titles) - SERIES_NAMED
    named = "; ".join(titles if more <= 1 else titles[:SERIES_NAMED])
    return f"{named}{f'; and {number(more)} more' if more > 1 else ''}." if titles else ""


def terms_words(one: Asked, quarter: Quarter) -> str:
    """Say what may be done with the figures."""
    source, words = one.source, []
    if source and source.sensitivity == "embargoed":
        last = source.embargoed_until
        until = f"before {date_words(last)}" if last and last > last_day(quarter) else "before their national release"
        words.append(f"Under embargo: nothing is said of its figures {until}; tell us the day of the release.")
    elif source:
        words.append(SENSITIVITY[source.sensitivity])
    licence = (source.licence if source else "") or (one.preset.licence if one.preset else "")
    if licence and not (source and source.reconstructed):
        words.append(f"Licence: {licence}.")
    return " ".join(words)


def column_words(one: Asked, column: str) -> str:
    """Say what stands in a column."""
    kind, form = one.table.columns[column], one.table.layout.forms.get(column, "")
    if kind in ("month", "quarter") and form in get_args(DateForm):
        return f"any day of the {kind}"
    if kind == "quarter" and form in get_args(MonthForm):
        return "any month of the quarter"
    if kind == "quarter":
        return CALENDAR if form.startswith("calendar") else FINANCIAL
    if form in get_args(DayOfYearForm):
        return f"the year, for its {form.removesuffix(')').split(' (')[1]}"
    if kind == "category":
        values = one.categories.get(column, ())
        return f"one of {', '.join(map(code, values))}" if values else "a name, spelled as before"
    return REFERENCE if kind == "text" and column in one.table.key else KINDS[kind]


def empty_words(one: Asked, column: str) -> str:
    """Say whether a cell of a column may be empty."""
    kind, means = one.table.columns[column], one.table.layout.marks.get("")
    if means and kind in ("count", "decimal"):
        return f"yes: {MEANINGS[means]}"
    return "yes" if column in one.table.optional or (kind == "text" and column not in one.table.key) else "no"
