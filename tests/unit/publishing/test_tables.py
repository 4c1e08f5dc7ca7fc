"""The pack's tables: read as text, and as the numbers, truths and texts that their cells stand for."""

import csv

import pytest

from panelpack.publishing.tables import columns_of, rows_of


@pytest.fixture
def table(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text('title,latest,scored,note\n"a, b",1.5,True,\nc,,False,7\nd,,True,x\n', encoding="utf-8")
    return path


def test_rows_are_read_as_text(table):
    assert next(rows_of(table)) == {"title": "a, b", "latest": "1.5", "scored": "True", "note": ""}


def test_numbers_are_numbers_truths_are_truths_and_a_missing_value_is_none(table):
    assert columns_of(table) == {
        "title": ["a, b", "c", "d"],
        "latest": [1.5, None, None],
        "scored": [True, False, True],
        "note": [None, "7", "x"],
    }


def read(folder, columns, kinds=None):
    """Write columns as a csv and read them as what they stand for."""
    with (folder / "a.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(zip(*columns.values(), strict=True))
    return columns_of(folder / "a.csv", kinds)


@pytest.mark.parametrize(
    ("cells", "meant"),
    [
        (["1", "-2.5", "", "0", "0.25"], [1, -2.5, None, 0, 0.25]),
        (["007", "12"], ["007", "12"]),
        (["1e5", "12"], ["1e5", "12"]),
        (["inf", "12"], ["inf", "12"]),
        (["nan", "12"], ["nan", "12"]),
        (["1_000", "12"], ["1_000", "12"]),
        (["1,000", "12"], ["1,000", "12"]),
        (["\u0661", "12"], ["\u0661", "12"]),  # a digit of another alphabet
        (["12345678901234567", "12"], ["12345678901234567", "12"]),  # a workbook keeps fifteen digits
        (["NA", ""], ["NA", None]),
        (["NA", "x"], ["NA", "x"]),
        (["True", "", "False"], [True, None, False]),
        (["True", "yes"], ["True", "yes"]),
    ],
)
def test_without_kinds_a_column_is_what_all_of_its_cells_are(cells, meant, tmp_path):
    found = read(tmp_path, {"a": cells, "b": ["x"] * len(cells)})["a"]
    assert [(type(value), value) for value in found] == [
        (float if type(value) is int else type(value), value) for value in meant
    ]


def test_a_column_of_numbers_holds_every_finite_number(tmp_path):
    cells = ["1e-05", "", "", "12", "-0.5", "inf", "about 3"]
    found = read(tmp_path, {"p_value": cells, "scored": ["True"] * 6 + [""]}, {"p_value": float, "scored": bool})
    assert found == {"p_value": [1e-05, None, None, 12, -0.5, "inf", "about 3"], "scored": [True] * 6 + [None]}


def test_a_table_without_rows_has_its_columns(tmp_path):
    assert read(tmp_path, {"a": [], "b": []}) == {"a": [], "b": []}
