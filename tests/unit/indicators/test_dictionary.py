"""The data dictionary that is published says of every column of every published table what it holds."""

import pytest
import yaml

import running
from panelpack.indicators.comparator_tables import COMPARATOR_COLUMNS, OTHER_FORCES_COLUMNS
from panelpack.indicators.compared_totals import COMPARED_COLUMNS
from panelpack.indicators.dictionary import DICTIONARY_COLUMNS, TABLES, dictionary_rows
from panelpack.indicators.quarter_report import COMMENTARY
from panelpack.indicators.results import dashboard_rows
from panelpack.indicators.sheets import TABLES_OF_EVERY_PACK, TABLES_OF_OTHER_FORCES
from panelpack.indicators.shown_series import SHOWN_COLUMNS

COLUMNS = {
    "indicators.csv": list(dashboard_rows([]).columns),
    "commentary.csv": COMMENTARY,
    "series.csv": SHOWN_COLUMNS,
    "periods.csv": COMPARED_COLUMNS,
    "comparators.csv": COMPARATOR_COLUMNS,
    "other_forces.csv": OTHER_FORCES_COLUMNS,
    "dictionary.csv": DICTIONARY_COLUMNS,
}


@pytest.mark.parametrize("table", [*TABLES_OF_EVERY_PACK, *TABLES_OF_OTHER_FORCES])
def test_every_column_of_a_published_table_has_its_meaning(table):
    assert list(TABLES[table]) == COLUMNS[table]
    assert all(meaning and not meaning.endswith(".") for meaning in TABLES[table].values())


def test_it_is_a_table_of_its_own_columns_too():
    rows = dictionary_rows()
    assert list(rows.columns) == DICTIONARY_COLUMNS
    assert len(rows) == sum(map(len, COLUMNS.values()))
    kinds = {(row["table"], row["column"]): row["kind"] for row in rows.to_dict("records")}
    assert kinds["indicators.csv", "latest"] == kinds["series.csv", "value"] == "number"
    assert kinds["comparators.csv", "others"] == "number" and kinds["other_forces.csv", "is_own"] == "true or false"
    assert kinds["indicators.csv", "scored"] == "true or false" and kinds["series.csv", "period"] == "text"


def test_it_says_what_the_documentation_says():
    known = yaml.safe_load((running.ROOT / "docs/reference/meanings.yml").read_text(encoding="utf-8"))["tables"]
    documented = known["figures"] | known["indicators"]
    assert {name: documented[name] for name in TABLES["indicators.csv"]} == TABLES["indicators.csv"]
    names = {"series": "shown", "periods": "compared"}
    for table in ("commentary", "series", "periods", "comparators", "other_forces", "dictionary"):
        assert TABLES[f"{table}.csv"] == known[names.get(table, table)]


def test_a_pack_without_other_forces_tells_nothing_of_their_tables():
    assert set(dictionary_rows(TABLES_OF_EVERY_PACK)["table"]) == set(TABLES_OF_EVERY_PACK)
