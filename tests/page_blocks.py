"""What tests ask of the blocks that pages return."""

import json

from panelpack.config.configuration import Configuration
from panelpack.disclosure.publication import prepare_series
from panelpack.disclosure.restated import restated_figures
from panelpack.indicators.comparisons import compare_together
from panelpack.indicators.quarter_data import data_of_series, save_series
from panelpack.indicators.quarter_report import QuarterReport
from panelpack.rendering.prose import Folded
from panelpack.rendering.table import Table

# Figures that may be shown nowhere. Made unmistakable, so that no other figure can look like them.
EMBARGOED = "98765"


def prepared(project, quarter):
    """Do what the prepare notebook does, and return the quarter's report in the making."""
    office = Configuration.read(project, quarter)
    prepared = prepare_series(office)
    save_series(office, prepared)
    report = QuarterReport(str(quarter), project=project)
    report.save_restated(restated_figures(office, prepared=prepared))
    report.save_comparisons(compare_together(data_of_series(office, prepared)))
    return report


def rewritten(path, change):
    """Change every row of a csv file below its head."""
    head, *rows = path.read_text(encoding="utf-8").splitlines()
    path.write_text("\n".join([head, *map(change, rows)]) + "\n", encoding="utf-8")


def words_of(block):
    """Everything that a block shows in any of its forms, with its metadata."""
    return json.dumps(block._repr_mimebundle_(), ensure_ascii=False)


def of_kind(blocks, *kinds):
    return [block for block in blocks if isinstance(block, kinds)]


def unfolded(blocks):
    """The blocks of a page, with those that stand folded after what holds them."""
    return [one for block in blocks for one in (block, *(unfolded(block.blocks) if isinstance(block, Folded) else ()))]


def tables(blocks):
    return of_kind(blocks, Table)


def cells(table):
    """The words of every cell."""
    return [cell if isinstance(cell, str) else cell.plain() for row in table.rows for cell in row.values()]


def row_of(table, column, start):
    """The only row whose cell in a column begins with some words."""
    (row,) = [row for row in table.rows if row[column].startswith(start)]
    return row
