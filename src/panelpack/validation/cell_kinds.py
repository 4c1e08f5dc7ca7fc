"""Is every cell of its column's kind: the first check of a table, after which its cells are values and no text.

A cell that is not is told with the forms that are accepted and the layout that would have it read: first the cell,
then what to do. Cells of a column that are wrong in the same way are one group.
"""

import json
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NamedTuple, get_args

import pandas as pd

from panelpack.config.layout import Layout, Meaning
from panelpack.config.layout_checks import layout_line
from panelpack.config.supplied_table import NUMBER_KINDS, PERIOD_KINDS
from panelpack.intake.number_forms import number_reader
from panelpack.intake.period_forms import accepted_words, form_advice, kind_advice, likely_forms, read_period
from panelpack.intake.received import ReceivedTable
from panelpack.intake.typed import is_blank
from panelpack.periods import KEY_FORMS, POINT_WORDS
from panelpack.validation.findings import CORRECT, LAYOUT

DIGITS = 15  # what a number may have: more than a computer's own numbers can tell apart
PATTERNS = {
    "count": "-?[0-9]+",
    "decimal": r"-?[0-9]+(?:\.[0-9]+)?",
}
ACCEPTED = {
    "count": "a whole number such as 1234",
    "decimal": "a number such as 12.5",
    "category": "a category",
    "pseudonym": "a pseudonym",
    "text": "a text",
}
MEANINGS = f"{', '.join(get_args(Meaning)[:-1])} or {get_args(Meaning)[-1]}"
THOUSANDS = re.compile(
    r"-?[0-9]{1,3}(?P<mark>[,. '’\u00a0\u2009\u202f])[0-9]{3}(?:(?P=mark)[0-9]{3})*(?P<rest>[.,][0-9]+)?"
)
DECIMAL_COMMA = re.compile(r"-?[0-9]+,[0-9]+")
SIGNS = re.compile(r"[£€$%¢‰]")
NARROW = re.compile("#{2,}")
SERIAL = re.compile(r"[2-5][0-9]{4}(?:\.0)?")  # a day as workbooks count them, of the last decades
FORMULA_ERRORS = {"#N/A", "#REF!", "#DIV/0!", "#VALUE!", "#NAME?", "#NUM!", "#NULL!"}
MARK_LENGTH = 20  # a longer text is no mark
FEW_NOTES = 3  # more different texts in the place of periods are no totals and notes
NO_FORM = "Ask the supplier to write them as is expected here, or in a form that docs/how-to/suppliers-files.md has."
FEWER_THAN = re.compile(r"(?:[<≤]|fewer than |less than )\s*[0-9]{1,2}", re.IGNORECASE)
# What refers to a note behind a number: *, (r), [p]. Letters alone may be part of it: 12k.
REFERENCE = re.compile(r"(?<=[0-9])\s*([*†‡#]+|\([a-z]\)|\[[a-z]\])$", re.IGNORECASE)


class Fault(NamedTuple):
    """What is wrong with a cell and what to do; cells with the same fault are one group.

    `advice` shows nothing of the cell. `mark`: the cell is one; `period`: the kind of a period in another form;
    `note`: the cell may stand in a row of totals or a note.
    """

    found: str
    advice: str
    mark: bool = False
    period: str = ""
    note: bool = False


@dataclass(frozen=True)
class Group:
    """Cells of one column that are wrong in the same way: their positions and texts, in the order of the rows."""

    column: str
    fault: Fault
    rows: tuple[int, ...]
    texts: tuple[str, ...]

    def advice(self, *, quiet: bool) -> str:
        """Return what to do; with `quiet`, without a text of the supplier's."""
        if quiet or not (self.fault.mark or self.fault.period or self.fault.note):
            return self.fault.advice
        if self.fault.note:
            return self._row_advice()
        if self.fault.period:  # with how the first is then read, so that nobody declares a form unseen
            kind = self.fault.period
            of_another = kind_advice(self.texts[0], self.column, kind) if kind == "date" else ""
            return f"{form_advice(self.texts[0], self.column, kind)} {of_another}".strip()
        marks = ", ".join(f"{_quoted(text)}: suppressed" for text in dict.fromkeys(self.texts))
        return f"If it stands for something, say so {LAYOUT}: `marks: {{{marks}}}` ({MEANINGS}); else correct it."

    @property
    def is_of_notes(self) -> bool:
        """Whether the cells stand where periods should and are words: of totals, or of notes below the table."""
        texts = self._different
        return self.fault.note and len(texts) <= FEW_NOTES and not any(text[0].isdigit() for text in texts)

    @property
    def _different(self) -> list[str]:
        return list(dict.fromkeys(text.strip() for text in self.texts))

    def _row_advice(self) -> str:
        """Say how a row is left out that is none of the table's; many such cells are periods that no form reads."""
        texts = self._different
        if not self.is_of_notes:
            return f"No form reads them. {NO_FORM}" if len(texts) > FEW_NOTES else CORRECT
        left_out = layout_line("leave_out", {self.column: texts[0] if len(texts) == 1 else texts})
        return (
            f"If this is a row of totals or a note, say `{left_out}` {LAYOUT}, or `{layout_line('until', texts[0])}` "
            "if the table ends there; else correct it in params/corrections.yml."
        )


def accepted(received: ReceivedTable, column: str) -> str:
    """Return what the cells of a column must be, in words."""
    kind = received.spec.columns[column]
    if kind in PERIOD_KINDS:
        return accepted_words(received.spec.layout.forms.get(column), kind)
    return ACCEPTED[kind]


def faulty_cells(received: ReceivedTable, column: str) -> list[Group]:
    """Return the cells of a column that are not of its kind, in groups, in the order of their first rows."""
    kind, cells = received.spec.columns[column], received.text[column].reset_index(drop=True)
    blank = is_blank(cells)
    wrong = ~_fitting(cells, kind) & ~blank
    if not _may_be_blank(received, column):
        wrong |= blank & ~_gaps(received, column)
    groups: dict[Fault, list[int]] = {}
    for text, rows in cells[wrong].groupby(cells, sort=False).groups.items():
        groups.setdefault(_fault(received, column, str(text)), []).extend(rows)
    found = [Group(column, fault, tuple(sorted(rows)), tuple(cells[sorted(rows)])) for fault, rows in groups.items()]
    return sorted(found, key=lambda group: group.rows[0])


def without_rows(groups: Sequence[Group], rows: Collection[int]) -> list[Group]:
    """Return groups without the cells of some rows, and without those of which nothing is left."""
    left = []
    for group in groups:
        kept = [(row, text) for row, text in zip(group.rows, group.texts, strict=True) if row not in rows]
        if kept:
            left.append(Group(group.column, group.fault, *zip(*kept, strict=True)))
    return left


def _may_be_blank(received: ReceivedTable, column: str) -> bool:
    return received.spec.columns[column] == "text" or column in received.spec.optional


def _gaps(received: ReceivedTable, column: str) -> pd.Series:
    """Return in which rows a gap of this column has its reason."""
    there = {place for place, name in received.gaps if name == column}
    return pd.Series(received.text.index.isin(list(there)), dtype=bool)


def _fitting(cells: pd.Series, kind: str) -> pd.Series:
    if kind in PERIOD_KINDS:
        return cells.isin([text for text in cells.unique() if read_period(text, None, kind)])
    if kind not in PATTERNS:
        return pd.Series(True, index=cells.index)
    fitting = cells.str.fullmatch(PATTERNS[kind])
    if kind in NUMBER_KINDS:
        digits = cells.str.replace(r"^-?[0.]*|[^0-9]", "", regex=True).str.len()
        exact = {text for text in cells[fitting & (digits > DIGITS)].unique() if _is_kept(text)}
        return fitting & ((digits <= DIGITS) | cells.isin(exact))
    return fitting


def _is_kept(text: str) -> bool:
    """Return whether a decimal of many digits is one as computers write it, so that none is lost."""
    whole, point, _ = text.lstrip("-").partition(".")
    return bool(point) and len(whole) <= DIGITS and Decimal(repr(float(text))) == Decimal(text)


def _fault(received: ReceivedTable, column: str, text: str) -> Fault:
    kind = received.spec.columns[column]
    if not text.strip():
        return _blank_fault(received, column)
    found = f"not {accepted(received, column)}"
    if kind in NUMBER_KINDS:
        return _number_fault(text, kind, found, column)
    if kind == "date" and KEY_FORMS["date"].fullmatch(text):
        return Fault("no day of the calendar", CORRECT)
    if kind not in PERIOD_KINDS:
        return Fault(found, CORRECT)
    if SERIAL.fullmatch(text.strip()) and not form_advice(text, column, kind):
        return Fault(found, "So a workbook counts days: ask the supplier for dates that are written as dates.")
    of_another = kind_advice(text, column, kind)
    if not form_advice(text, column, kind):
        if of_another:
            return Fault(found, of_another)
        says = f"If the row is a total or a note, say so under `leave_out` {LAYOUT}; else correct it."
        return Fault(found, says, note=True)
    said = " or ".join(f"`{layout_line('forms', {column: form})}`" for form in likely_forms(text, kind))
    says = f"If the supplier writes {POINT_WORDS[kind]}s so, say {said} {LAYOUT}."
    return Fault(found, f"{says} {of_another}".strip() if kind == "date" else says, period=kind)


def _blank_fault(received: ReceivedTable, column: str) -> Fault:
    found = f"empty, expected {accepted(received, column)}"
    if received.spec.columns[column] in NUMBER_KINDS:
        means = f'If an empty cell stands for something, say so {LAYOUT}: `marks: {{"": missing}}` ({MEANINGS})'
        return Fault(found, f"{means}; else ask the supplier for it.")
    may = "If it may be empty, add the column to `optional` of the table in params/plan.yml"
    return Fault(found, f"{may}; else ask the supplier for it.")


def _number_fault(text: str, kind: str, found: str, column: str) -> Fault:
    """Return what would have a cell read as a number: signs, separators, a mark, another kind."""
    if re.fullmatch(PATTERNS[kind], text):
        is_name = f"If it is a name, say `{layout_line(column, 'text')}` in params/plan.yml; else correct it."
        return Fault(f"a number of more than {DIGITS} digits", is_name)
    if kind == "count" and re.fullmatch(PATTERNS["decimal"], text) and not THOUSANDS.fullmatch(text):
        is_decimal = f"`{layout_line(column, 'decimal')}`"
        return Fault(found, f"If the column holds decimals, say {is_decimal} in params/plan.yml; else correct it.")
    layout = _number_layout(text.strip())
    if layout and number_reader(Layout(**layout), kind)(text):
        said = " and ".join(f"`{name}: {_quoted(value)}`" for name, value in layout.items())
        return Fault(found, f"If the supplier writes numbers so, say {said} {LAYOUT}.")
    if NARROW.fullmatch(text.strip()):
        return Fault(found, "So a workbook shows what a column is too narrow for: ask the supplier for the number.")
    if text.strip() in FORMULA_ERRORS:
        says = f"A formula failed there: ask the supplier for the number, or say what it means under `marks` {LAYOUT}."
        return Fault(found, says)
    is_mark = not re.search(r"\d", text) or FEWER_THAN.fullmatch(text.strip())
    if is_mark and len(text) <= MARK_LENGTH:
        says = f"If it stands for something, say so under `marks` {LAYOUT} ({MEANINGS}); else correct it."
        return Fault(found, says, mark=True)
    return Fault(found, CORRECT)


def _quoted(value: object) -> str:
    """Return signs as a person writes them in YAML: in quotation marks that cannot be taken for them."""
    return json.dumps(value, ensure_ascii=False)


def _number_layout(text: str) -> dict[str, Any]:
    """Return what a layout would have to say for a text to be read as a number; nothing if it looks like none."""
    layout: dict[str, Any] = {}
    if signs := list(dict.fromkeys(SIGNS.findall(text))):
        layout["signs"] = signs
    if reference := REFERENCE.search(text):
        layout["signs"] = [*signs, reference[1]]
        text = text[: reference.start()]
    number = SIGNS.sub("", text).strip()
    if match := THOUSANDS.fullmatch(number):
        layout["thousands"] = " " if match["mark"].isspace() else match["mark"].replace("’", "'")
        if match["mark"] == "." or (match["rest"] or "").startswith(","):
            layout["decimal"] = ","
    elif DECIMAL_COMMA.fullmatch(number):
        layout["decimal"] = ","
    return layout
