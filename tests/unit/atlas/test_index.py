"""The index of an atlas: typed, in order, the same bytes for the same rows, and sentences where it cannot be read."""

import csv
import json
import math
import random

import duckdb
import pytest

from panelpack.atlas.index import COLUMNS, FILE, read_index, row_of_failure, rows_of_pack, write_index
from panelpack.errors import SourceError, UsageError
from panelpack.publishing.manifest import seal

MADE = {
    **{"force": "Westmoor", "region": "North", "quarter": "2015Q1", "indicator": "P1.theft", "title": "Theft, all"},
    **{"priority": "P1", "unit": "count", "value": 120.0, "baseline": 100.0, "pct_change": 20.0, "rate": 1.2},
    **{"verdict": "deteriorated", "how_sure": "clear", "how_sure_reason": "Clear.", "seal": "ab", "fingerprint": "cd"},
    **{"seconds": 20.5, "cpu_seconds": 19.25, "exit": 0, "message": "", "folder": "westmoor/2015Q1"},
}
RED = row_of_failure("Fen & Marsh", "2015Q1", UsageError("It's not there. Look."), region="East", seconds=1.5)


def test_what_was_written_is_read(tmp_path):
    write_index(tmp_path, [MADE, RED])
    red, made = read_index(tmp_path).to_dict("records")
    assert list(made) == list(COLUMNS)
    assert {name: value for name, value in made.items() if name in MADE} == MADE and math.isnan(made["base"])
    assert (red["force"], red["exit"], red["message"]) == ("Fen & Marsh", 2, "It's not there. Look.")
    assert red["indicator"] == "" and math.isnan(red["value"])


def test_the_file_has_types_and_no_nan(tmp_path):
    path = write_index(tmp_path, [MADE, RED])
    with duckdb.connect(":memory:") as connection:
        types = {row[0]: row[1] for row in connection.execute(f"DESCRIBE SELECT * FROM '{path}'").fetchall()}
        count, missing = connection.execute(f"SELECT count(*), count(*) - count(base) FROM '{path}'").fetchone()
    assert types == {name: kind for name, (kind, _) in COLUMNS.items()}
    assert (count, missing) == (2, 2)


def test_the_same_rows_give_the_same_bytes_in_any_order_and_nothing_else_is_left(tmp_path):
    rows = [MADE | {"force": f"Force {force}", "quarter": f"201{q}Q1"} for force in range(40) for q in range(9)]
    first = write_index(tmp_path / "a", rows).read_bytes()
    random.Random(1).shuffle(rows)
    assert write_index(tmp_path / "b", rows).read_bytes() == first
    assert write_index(tmp_path / "b", read_index(tmp_path / "b")).read_bytes() == first
    assert [path.name for path in (tmp_path / "b").iterdir()] == [FILE]


def test_an_index_of_nothing(tmp_path):
    write_index(tmp_path, [])
    assert read_index(tmp_path).empty


@pytest.mark.parametrize(
    ("row", "words"),
    [({"colour": "red"}, "no column 'colour'"), ({"force": ""}, "lacks force"), ({"exit": None}, "lacks force")],
)
def test_a_row_that_cannot_be_is_refused(tmp_path, row, words):
    with pytest.raises(ValueError, match=words):
        write_index(tmp_path, [MADE | row])


def test_a_row_stands_once(tmp_path):
    with pytest.raises(ValueError, match=r"'P1.theft'\] twice"):
        write_index(tmp_path, [MADE, MADE])


def test_no_index_a_damaged_one_and_another_file(tmp_path):
    with pytest.raises(SourceError, match=r"there is no index.* Type make atlas"):
        read_index(tmp_path)
    (tmp_path / FILE).write_bytes(b"no parquet")
    with pytest.raises(SourceError, match="no parquet file that can be read"):
        read_index(tmp_path)
    with duckdb.connect(":memory:") as connection:
        connection.execute(f"COPY (SELECT 1 AS force, 2 AS speed) TO '{tmp_path / FILE}' (FORMAT parquet)")
    with pytest.raises(SourceError, match=r"not those of an index \(speed\)"):
        read_index(tmp_path)


def made_pack(release, indicators):
    outputs = release / "westmoor/2015Q1/outputs/2015Q1"
    (outputs / "pack").mkdir(parents=True)
    manifest = {"quarter": "2015Q1", "notebooks": {}}
    manifest["seal"] = seal(manifest)
    (outputs / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    with (outputs / "pack/indicators.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(indicators[0]))
        writer.writeheader()
        writer.writerows(indicators)
    return manifest["seal"]


def test_the_rows_of_a_pack_come_from_its_outputs(tmp_path):
    count = {"indicator": "P1.theft", "priority": "P1", "title": "Theft, all", "unit": "count", "latest": "120.0"}
    count |= {"baseline": "100.0", "pct_change": "20.0", "verdict": "deteriorated", "how_sure": "clear"}
    share = dict.fromkeys(count, "") | {"indicator": "P1.share", "unit": "percent", "latest": "80.5"}
    seal = made_pack(tmp_path, [count | {"latest_base": ""}, share | {"latest_base": "400.0"}])
    options = {"force": "Westmoor", "region": "North", "residents": 60_000, "fingerprint": "cd", "seconds": 20.5}
    rows = rows_of_pack(tmp_path, "westmoor/2015Q1", "2015Q1", **options)
    write_index(tmp_path, rows)
    of_share, of_count = read_index(tmp_path).to_dict("records")
    assert (of_count["value"], of_count["rate"], of_count["exit"], of_count["seal"]) == (120, 2, 0, seal)
    assert (of_count["verdict"], of_count["folder"], of_count["fingerprint"]) == (
        "deteriorated",
        "westmoor/2015Q1",
        "cd",
    )
    assert of_share["base"] == 400 and math.isnan(of_share["rate"]) and of_share["verdict"] == ""


def test_a_pack_without_its_table_is_named(tmp_path):
    made_pack(tmp_path, [{"indicator": "P1.theft"}])
    (tmp_path / "westmoor/2015Q1/outputs/2015Q1/pack/indicators.csv").unlink()
    with pytest.raises(SourceError, match=r"indicators.csv: it is missing"):
        rows_of_pack(tmp_path, "westmoor/2015Q1", "2015Q1", force="Westmoor")
