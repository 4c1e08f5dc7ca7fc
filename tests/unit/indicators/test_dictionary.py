"""The data dictionary that is published says of every column of every published table what it holds."""

import pytest
import yaml

import running
from panelpack.indicators.compared_totals import COMPARED_COLUMNS
from panelpack.indicators.dictionary import DICTIONARY_COLUMNS, TABLES, dictionary_rows
from panelpack.indicators.quarter_report import COMMENTARY
from panelpack.indicators.results import dashboard_rows
from panelpack.indicators.shown_series import SHOWN_COLUMNS
from panelpack.publishing.pack import PUBLISHED_TABLES

COLUMNS = {
    "indicators.csv": list(dashboard_rows([]).columns),
    "commentary.csv": COMMENTARY,
    "series.csv": SHOWN_COLUMNS,
    "periods.csv": COMPARED_COLUMNS,
    "dictionary.csv": DICTIONARY_COLUMNS,
}


@pytest.mark.parametrize("table", PUBLISHED_TABLES)
def test_every_column_of_a_published_table_has_its_meaning(table):
    assert list(TABLES[table]) == COLUMNS[table]
    assert all(meaning and not meaning.endswith(".") for meaning in TABLES[table].values())


def test_it_is_a_table_of_its_own_columns_too():
    rows = dictionary_rows()
    assert list(rows.columns) == DICTIONARY_COLUMNS
    assert len(rows) == sum(map(len, COLUMNS.values()))
    kinds = {(row["table"], row["column"]): row["kind"] for row in rows.to_dict("records")}
    assert kinds["indicators.csv", "latest"] == kinds["series.csv", "value"] == "number"
    assert kinds["indicators.csv", "scored"] == "true or false" and kinds["series.csv", "period"] == "text"


def test_it_says_what_the_documentation_says():
    known = yaml.safe_load((running.ROOT / "docs/reference/meanings.yml").read_text(encoding="utf-8"))["tables"]
    documented = known["figures"] | known["indicators"]
    assert {name: documented[name] for name in TABLES["indicators.csv"]} == TABLES["indicators.csv"]
    for table, name in (("commentary", "commentary"), ("series", "shown"), ("periods", "compared")):
        assert TABLES[f"{table}.csv"] == known[name]
    assert TABLES["dictionary.csv"] == known["dictionary"]
