"""The data dictionary: what suppliers send, from the plan, and what is written, from the code."""

import html
import re
from collections.abc import Sequence
from typing import NamedTuple

from panelpack.config.configuration import Configuration
from panelpack.disclosure import points, publication, residents
from panelpack.indicators import (
    comparator_tables,
    compared_totals,
    quarter_report,
    reconciliation,
    reference_tables,
    results,
    shown_series,
)
from panelpack.indicators.dictionary import DICTIONARY_COLUMNS
from panelpack.intake import restated
from panelpack.statistics.backtest_scores import BY_YEAR, SUMMARY
from panelpack.validation.messages import summary
from tools.reference.markdown import NO_PLAN, code, page, sentence, table
from tools.reference.meanings import Meanings


class Written(NamedTuple):
    """A table that the software or the office writes: the name of its meanings, where it lies, and who writes it."""

    meanings: tuple[str, ...]
    path: str
    columns: Sequence[str]
    writer: str


def written_tables() -> list[Written]:
    """Return every table of data/processed, of the pack, and of what research left, with the columns of the code."""
    indicators = list(results.dashboard_rows([]).columns)
    return [
        Written(("checks",), "data/processed/<quarter>/checks.csv", list(summary([]).columns), "1_validate"),
        Written(("series",), "data/processed/<quarter>/series/<table>.csv", points.SERIES_COLUMNS, "2_prepare"),
        Written(
            ("totals", "series"), "data/processed/<quarter>/totals/<table>.csv", publication.TOTAL_COLUMNS, "2_prepare"
        ),
        Written(
            ("protected", "series"),
            "data/processed/<quarter>/protected.csv",
            publication.PROTECTED_COLUMNS,
            "2_prepare",
        ),
        Written(
            ("residents",),
            "data/processed/<quarter>/residents.csv",
            residents.RESIDENTS_COLUMNS,
            "2_prepare, where residents are named by area",
        ),
        Written(("reconstructed",), "data/processed/<quarter>/reconstructed.csv", ["table"], "2_prepare"),
        Written(
            ("revisions",), "data/processed/<quarter>/revisions/<table>.csv", restated.RESTATED_COLUMNS, "2_prepare"
        ),
        Written(("figures",), "data/processed/<quarter>/figures/<box>.csv", results.RESULT_COLUMNS, "3_priority"),
        Written(
            ("commentary",), "data/processed/<quarter>/commentary/<box>.csv", quarter_report.COMMENTARY, "3_priority"
        ),
        Written(("figures", "indicators"), "outputs/<quarter>/pack/indicators.csv", indicators, "4_dashboard"),
        Written(
            ("compared",), "data/processed/<quarter>/compared/<box>.csv", compared_totals.COMPARED_COLUMNS, "3_priority"
        ),
        Written(("shown",), "data/processed/<quarter>/shown/<box>.csv", shown_series.SHOWN_COLUMNS, "3_priority"),
        Written(("shown",), "outputs/<quarter>/pack/series.csv", shown_series.SHOWN_COLUMNS, "4_dashboard"),
        Written(("compared",), "outputs/<quarter>/pack/periods.csv", compared_totals.COMPARED_COLUMNS, "4_dashboard"),
        Written(("dictionary",), "outputs/<quarter>/pack/dictionary.csv", DICTIONARY_COLUMNS, "4_dashboard"),
        Written(
            ("comparators",),
            "outputs/<quarter>/pack/comparators.csv",
            comparator_tables.COMPARATOR_COLUMNS,
            "4_dashboard, where a plan compares with other forces",
        ),
        Written(
            ("other_forces",),
            "outputs/<quarter>/pack/other_forces.csv",
            comparator_tables.OTHER_FORCES_COLUMNS,
            "4_dashboard, where a plan compares with other forces",
        ),
        Written(("headline",), "data/processed/<quarter>/headline.csv", ["name", "value"], "4_dashboard"),
        Written(
            ("reconciliation",),
            "data/processed/<quarter>/reconciliation.csv",
            reconciliation.RECONCILIATION_COLUMNS,
            "4_dashboard, where a printed paper is at hand",
        ),
        Written(("commentary",), "outputs/<quarter>/pack/commentary.csv", quarter_report.COMMENTARY, "5_report"),
        Written(
            ("published",),
            "data/published/<quarter>.csv",
            reconciliation.PRINTED_COLUMNS,
            "the office, from a printed paper",
        ),
        Written(("summary",), "data/projection/summary.csv", SUMMARY, "make backtest"),
        Written(("by_year", "summary"), "data/projection/by_year.csv", BY_YEAR, "make backtest"),
        Written(("false_alarms",), "data/spc/false_alarms.csv", reference_tables.FALSE_ALARMS, "make bench-statistics"),
        Written(
            ("recorded_later",), "data/recorded_later/<quarter>.csv", reference_tables.RECORDED_LATER, "the office"
        ),
    ]


def supplied_tables_page(office: Configuration | None, meanings: Meanings) -> str:
    """Return the data dictionary of what the suppliers send, from the plan and the latest drop's sources."""
    names = list(meanings.known["kinds"])
    kinds = table(["Kind", "Meaning"], [[code(name), sentence(meanings.of("kinds", (name,)))] for name in names])
    if office is None:
        return page("Supplied tables", NO_PLAN, "## Kinds of columns", kinds)
    plan, sources = office.plan, office.sources.by_table
    parts = [
        f"The tables of {plan.office.plan}, as {code('params/plan.yml')} declares them. Supplier and sensitivity are "
        f"those of the drop of {office.quarter}.",
        "## Kinds of columns",
        kinds,
    ]
    for name, supplied in plan.tables.items():
        source = sources.get(name)
        layout = supplied.layout
        where = f"sheet {layout.sheet!r}, heads in row {layout.header_row}" if layout.sheet else ""
        drawn = [code(series) for series, spec in plan.series.items() if spec.table == name]
        facts = {
            "File": code(supplied.pattern) + (f", {where}" if where else ""),
            "Supplier": source.supplier if source else "not known",
            "Sensitivity": source.sensitivity if source else "not known",
            "Key": ", ".join(map(code, supplied.key)),
            "Series drawn from it": ", ".join(drawn) or "none",
        }
        parts += [
            f"## {name}",
            "\n".join(f"- **{head}.** {words}" for head, words in facts.items()),
            table(["Column", "Kind"], [[code(column), code(kind)] for column, kind in supplied.columns.items()]),
        ]
    return page("Supplied tables", *parts)


def written_tables_page(meanings: Meanings) -> str:
    """Return the data dictionary of what notebooks, the pack and research write."""
    parts = [
        "Tables are UTF-8 csv with a head. A number that is not known is an empty cell. "
        "`pack/indicators.xlsx` has them as sheets, by the Government's rules for accessible spreadsheets: no cell of "
        "a table is empty there, and what an empty cell means has its sign."
    ]
    for written in written_tables():
        rows = [
            [code(column), sentence(meanings.of("tables", *((name, column) for name in written.meanings)))]
            for column in written.columns
        ]
        title = re.sub(r"^(data/processed|outputs)/<quarter>/", "", written.path)
        parts += [
            f"## {html.escape(title)}",
            f"{code(written.path)}, written by {written.writer}.",
            table(["Column", "Meaning"], rows),
        ]
    return page("Written tables", *parts)
