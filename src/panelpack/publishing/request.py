"""The suppliers' request: a page for each supplier of a quarter, and a template of each file, to be sent to them.

They lie in outputs/requests/<quarter>. The same plan gives the same bytes: no clock is read.
"""

import csv
import io
import json
import re
import shutil
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time
from pathlib import Path

import xlsxwriter

from panelpack.config.configuration import Configuration
from panelpack.config.layout import SEPARATORS, WORKBOOKS
from panelpack.config.parameters import Begun, load_parameters
from panelpack.config.plan_checks import load_plan
from panelpack.config.presets import load_presets
from panelpack.config.sources import SOURCES_FILE
from panelpack.config.strict_yaml import load
from panelpack.errors import ConfigurationError, UsageError, shown
from panelpack.intake.receiving import Awaited, Listed
from panelpack.pages.request.asked import Asked
from panelpack.pages.request.examples import period
from panelpack.pages.request.page import request_blocks, title
from panelpack.pages.request.periods import spans
from panelpack.periods import Quarter, date_words, key_range, latest_keys, months_of
from panelpack.project import Project
from panelpack.rendering.html import html_page
from panelpack.rendering.paper import Paper
from panelpack.rendering.pdf import included, pdf

FOLDER = "requests"  # below outputs
NO_SUPPLIER = "Supplier not named yet"
IN_SET = "expect_column_values_to_be_in_set"
# What a suite says that the page says already, of columns, rows and periods.
SAID = re.compile(
    r"expect_(table_|column_values_to_(be_in_set|match_regex|be_unique)|compound_|no_period|series_to_be)"
)
ENCODINGS = {"utf-8": "utf-8", "utf-16": "utf-16", "windows-1252": "cp1252", "iso-8859-1": "latin-1"}


def request(project: Project, label: str) -> list[str]:
    """Write the pages and templates of a quarter, which need not be started, and return what was written, a line each.

    Raises UsageError for a label that is none or where no quarter has parameters, ConfigurationError for what the plan
    and the office's files may not say.
    """
    quarter = Quarter.parse(label) if label else project.quarter(label)  # that says which label is missing
    office, due = _office(project, quarter)
    folder, suppliers = project.office / "outputs" / FOLDER / str(quarter), _by_supplier(office)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    lines, slugs = [], set[str]()
    for supplier, asked in suppliers.items():
        slug = _unused(_slug(supplier), slugs)
        slugs.add(slug)
        _write_pages(folder / slug, office, supplier, asked, due)
        for one in asked:
            _write_template(folder / slug, office, one)
        lines.append(f"{shown(folder / slug)}.html and .pdf: {', '.join(one.table.pattern for one in asked)}")
    if due is None:
        lines.append(
            f"By when is not set: set data_due in {shown(project.params(quarter))} and make the request again."
        )
    return lines


def _office(project: Project, quarter: Quarter) -> tuple[Configuration, date | None]:
    """Return what is declared for a quarter, and when its data are due.

    For a quarter that is not started it is what was declared for the latest before.
    """
    plan = load_plan(project.plan(quarter), *project.layouts)
    if project.params(quarter).exists():
        parameters = load_parameters(project.params(quarter), quarter, plan, Begun)
        office, due = Configuration(project, quarter, plan, parameters), parameters.data_due
        if due and due.isoformat()[:7] <= quarter.months[-1]:
            raise ConfigurationError(
                f"{shown(project.params(quarter))}: data_due is {date_words(due)}, expected a day after the end of the "
                f"quarter in {quarter.months[-1]}. Correct the date, or remove it."
            )
        return office, due
    before = next((q for q in _before(project, quarter) if project.params(q).exists()), None)
    if before is None:
        raise UsageError(
            f"Q={quarter}: neither it nor an earlier quarter has a file of parameters, expected params/YYYYQn.yml. "
            "Write them for a first quarter, as docs/how-to/another-office.md says."
        )
    parameters = load_parameters(project.params(before), before, plan, Begun)
    return Configuration(project, quarter, plan, parameters), None


def _before(project: Project, quarter: Quarter) -> Iterable[Quarter]:
    """Yield the quarters before one that have parameters or a raw folder, the latest first."""
    named = {path.stem for path in (project.office / "params").glob("????Q?.yml")} | set(project.quarters())
    return sorted((q for q in map(Quarter.parse, sorted(named)) if q < quarter), reverse=True)


def _by_supplier(office: Configuration) -> dict[str, list[Asked]]:
    """Return the files asked of each supplier, in the order of the plan."""
    project, quarter = office.project, office.quarter
    drops = [q for q in (quarter, *_before(project, quarter)) if (project.raw(q) / SOURCES_FILE).exists()]
    # Of a quarter that is begun nothing has come yet.
    declared = {q: _by_table(load(project.raw(q) / SOURCES_FILE, Listed)) for q in drops[:2]}
    now: Mapping[str, Awaited] = declared[drops[0]] if drops else {}
    last: Mapping[str, Awaited] = next((declared[q] for q in drops[:2] if q < quarter), {})
    presets = load_presets(*project.layouts, of=office.plan)
    suppliers: dict[str, list[Asked]] = {}
    # What is awaited is asked for, though its entry may not be there; what comes no more is not.
    availability = office.parameters.availability if office.parameters.quarter == str(quarter) else {}
    no_more = {name for name, entry in availability.items() if entry.status == "discontinued"}
    for name, table in ((name, table) for name, table in office.plan.tables.items() if name not in no_more):
        before = last.get(name)
        source = now.get(name) or before
        categories, checks = _suite(office, name)
        asked = Asked(
            name,
            table,
            source,
            presets.get(table.preset or ""),
            categories,
            checks,
            before.received if before else None,
        )
        suppliers.setdefault(source.supplier if source else NO_SUPPLIER, []).append(asked)
    return suppliers


def _by_table(listed: Listed) -> dict[str, Awaited]:
    return {source.table: source for source in listed.files.values()}


def _suite(office: Configuration, name: str) -> tuple[dict[str, list[str]], list[str]]:
    """Return the values that a table's columns may have, and what else its suite holds it to, a sentence each.

    The values are those of the suite; where it lists none, those that the series pick, if every series of the table
    does: one that picks none adds up the others too.
    """
    picked: dict[str, list[str]] = {}
    chosen = [office.categories(series) for series in office.plan.series.values() if series.table == name]
    for column in dict.fromkeys(column for categories in chosen for column in categories):
        if all(column in categories for categories in chosen):
            picked[column] = list(dict.fromkeys(value for categories in chosen for value in categories[column]))
    path = office.project.expectations / f"{name}.json"
    try:
        entries = json.loads(path.read_text(encoding="utf-8"))["expectations"] if path.exists() else []
        sets = {entry["kwargs"]["column"]: entry["kwargs"]["value_set"] for entry in entries if entry["type"] == IN_SET}
        notes = [entry.get("meta", {}).get("notes", "") for entry in entries if not SAID.match(entry["type"])]
    except (ValueError, KeyError, TypeError):
        raise ConfigurationError(
            f"{shown(path)}: this is no suite. make validate says what is wrong with it."
        ) from None
    return picked | {column: list(map(str, values)) for column, values in sets.items()}, [n for n in notes if n]


# ------------------------------------------------------------------------------------------------ files
def _write_pages(path: Path, office: Configuration, supplier: str, asked: Sequence[Asked], due: date | None) -> None:
    about = Paper(
        title=title(office.quarter),
        office=office.plan.office.commissioner,
        date_text=f"due {date_words(due)}" if due else "",
        document_date=due,
    )
    blocks = list(request_blocks(office, supplier, asked, due))
    page = html_page("\n".join(block.html() for block in blocks), about)
    path.with_name(f"{path.name}.html").write_text(page, encoding="utf-8")
    markup = "\n\n".join(block.typst() for block in blocks)
    path.with_name(f"{path.name}.pdf").write_bytes(pdf(included(path.name), {path.name: markup}, about))


def _write_template(folder: Path, office: Configuration, one: Asked) -> None:
    """Write an empty file of a table's form: the heads, and a row of examples to be replaced."""
    folder.mkdir(exist_ok=True)
    heads, cells = _template_row(office, one)
    layout = one.table.layout
    above = layout.header_row - 1 if isinstance(layout.header_row, int) else 0
    name = re.sub(r"[*?]+", "x", one.table.pattern) or one.name
    rows = [*([[]] * above), heads, cells]
    stem = re.sub(r"\.(csv\.gz|csv|xlsx|xls|ods|parquet)$", "", name)
    if one.format in WORKBOOKS:
        _write_workbook(folder / f"{stem}.template.xlsx", layout.sheet, rows, office.quarter)
        return
    text = io.StringIO()
    separator = SEPARATORS[layout.separator]
    csv.writer(text, delimiter=separator, lineterminator="\n").writerows(rows)
    content = text.getvalue().encode(ENCODINGS[layout.encoding], errors="replace")
    (folder / f"{stem}.template.csv").write_bytes(content)


def _template_row(office: Configuration, one: Asked) -> tuple[list[str], list[str]]:
    heads, cells = [], []
    wide = one.table.layout.wide
    for head, column, cell in one.written_columns(office.quarter):
        if wide and column == wide.period:
            periods = _wide_heads(office, one, column)
            heads += periods
            cells += [cell] * len(periods)
        else:
            heads.append(head)
            cells.append(cell)
    return heads, cells


def _wide_heads(office: Configuration, one: Asked, column: str) -> list[str]:
    """Return the head of every period that a table with a column a period needs."""
    kind, form = one.table.columns[column], one.table.layout.forms.get(column)
    last = latest_keys(office.quarter, "month" if kind == "date" else kind)[-1]
    firsts = [span.first for span in spans(office, one.name)]
    return [period(kind, form, months_of(key)[-1]) for key in key_range(min(firsts, default=last), last)]


def _write_workbook(path: Path, sheet: str | None, rows: Sequence[Sequence[str]], quarter: Quarter) -> None:
    created = datetime.combine(date.fromisoformat(f"{quarter.months[-1]}-01"), time())
    name = sheet if sheet and not re.search(r"[*?\[\]:/\\]", sheet) else None
    with xlsxwriter.Workbook(str(path), {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        book.set_properties({"created": created})
        page = book.add_worksheet(name)
        for place, row in enumerate(rows):
            for column, cell in enumerate(row):
                page.write_string(place, column, cell)


def _slug(supplier: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", supplier.lower()).strip("-")[:60].rstrip("-") or "supplier"


def _unused(slug: str, taken: set[str]) -> str:
    number, candidate = 1, slug
    while candidate in taken:
        number += 1
        candidate = f"{slug}-{number}"
    return candidate
