"""Every layout of layouts_tried.yml: the table that it gives, or the sentence that refuses it."""

import csv
from dataclasses import dataclass, field
from io import StringIO
from pathlib import Path

import pytest
import yaml

from panelpack.config.layout import Layout
from panelpack.config.layout_checks import find_layout_mistakes
from panelpack.config.supplied_table import PERIOD_KINDS, SupplierFile
from panelpack.errors import SourceError
from panelpack.intake.layouts import lay_out
from panelpack.intake.period_forms import form_advice, read_period
from panelpack.periods import Quarter

TRIED = yaml.safe_load(Path(__file__).with_name("layouts_tried.yml").read_text(encoding="utf-8"))
KEYS = {"name", "input", "sheets", "table", "quarter", "gives", "gaps", "remarks", "rows", "without_layout", "refused"}
SEPARATORS = {"tab": "\t"}


@dataclass
class Grid:
    sheet: str
    cells: list[list[str]]
    remarks: list = field(default_factory=list)


def grids_of(tried, layout):
    def grid(text, sheet=""):
        separator = SEPARATORS.get(layout.separator, layout.separator)
        return Grid(sheet, list(csv.reader(StringIO(text), delimiter=separator)))

    if "sheets" in tried:
        return [("drop.xlsx", grid(text, sheet)) for sheet, text in tried["sheets"].items()]
    files = tried["input"] if isinstance(tried["input"], dict) else {"drop.csv": tried["input"]}
    return [(name, grid(text)) for name, text in files.items()]


def spec_of(tried):
    table = tried["table"]
    file = {} if "files" in table else {"file": "drop.xlsx" if "sheets" in tried else "drop.csv"}
    return SupplierFile(**file, key=list(table["columns"])[:1], **table)


def received(tried, spec):
    quarter = Quarter.parse(tried.get("quarter", "2022Q1"))
    return lay_out("tried", spec, grids_of(tried, spec.layout), quarter)


def said_without_layout(tried):
    """What is said of the input if nothing is declared: the refusal, or the advice on the first period unread."""
    spec = spec_of(tried).model_copy(update={"layout": Layout()})
    try:
        text = received(tried, spec).text
    except SourceError as error:
        return str(error)
    column = spec.period_column
    return next(
        form_advice(cell, column, spec.columns[column])
        for cell in text[column]
        if spec.columns[column] == "quarter" or not read_period(cell, None, spec.columns[column])
    )


def ids(tried):
    return [entry["name"] for entry in tried]


@pytest.mark.parametrize("tried", given := [t for t in TRIED if "gives" in t], ids=ids(given))
def test_a_layout_gives_its_table(tried):
    spec = spec_of(tried)
    table = received(tried, spec)
    heads, *rows = csv.reader(StringIO(tried["gives"]), delimiter="|")
    assert heads == ["where", *table.text.columns]
    assert [[str(label), *row] for label, row in zip(table.text.index, table.text.to_numpy(), strict=True)] == rows
    assert table.rows == tried.get("rows", len(rows))
    assert {f"{row} {column}": why for (row, column), why in table.gaps.items()} == tried.get("gaps", {})
    told = [f"{r.kind}, {r.where}: {r.words}{' (to be answered)' * r.asks}" for r in table.remarks]
    assert told == tried.get("remarks", [])


@pytest.mark.parametrize("tried", refused := [t for t in TRIED if "refused" in t], ids=ids(refused))
def test_a_layout_is_refused_with_its_sentence(tried):
    with pytest.raises(SourceError) as caught:
        received(tried, spec_of(tried))
    assert str(caught.value) == tried["refused"]


@pytest.mark.parametrize("tried", advised := [t for t in TRIED if "without_layout" in t], ids=ids(advised))
def test_without_its_layout_the_sentence_says_what_to_declare(tried):
    assert said_without_layout(tried) == tried["without_layout"]


def test_the_table_is_whole_and_its_layouts_have_no_mistakes():
    assert len(ids(TRIED)) == len(set(ids(TRIED))) >= 28
    for tried in TRIED:
        assert set(tried) <= KEYS and ("gives" in tried) is not ("refused" in tried), tried["name"]
        assert list(find_layout_mistakes(spec_of(tried))) == [], tried["name"]
        assert {spec_of(tried).columns[spec_of(tried).period_column]} <= set(PERIOD_KINDS)
