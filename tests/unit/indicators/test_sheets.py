"""The names of the workbook's sheets: the titles of the series, cut to what a sheet's name may be, each once."""

from types import SimpleNamespace

import pytest

from panelpack.indicators.sheets import LONGEST_NAME, OTHER_SHEETS, sheet_name, sheet_names


def plan_of(titles):
    return SimpleNamespace(series={name: SimpleNamespace(title=title) for name, title in titles.items()})


@pytest.mark.parametrize(
    ("name", "title", "sheet"),
    [
        ("thefts", "Thefts from shops", "Thefts from shops"),
        ("thefts", "Thefts [all]: from/to?", "Thefts all from to"),
        ("thefts_from_shops", "Thefts from shops and from other premises", "Thefts from shops"),
        ("thefts_from_shops_and_other_premises", "Thefts from shops, stalls and more", "Thefts from shops and other"),
        ("x" * 40, "y" * 40, "X" + "x" * (LONGEST_NAME - 1)),
        ("history", "History", "History 2"),
        ("notes", "Notes", "Notes 2"),
    ],
)  # fmt: skip
def test_a_sheet_is_called_as_its_series(name, title, sheet):
    assert sheet_name(plan_of({name: title}), name) == sheet


def test_no_two_sheets_have_one_name_whatever_their_case():
    titles = {"a": "Thefts", "b": "THEFTS", "c": "thefts 2", "d": "'Thefts'"}
    names = sheet_names(plan_of(titles))
    assert names == {"a": "Thefts", "b": "THEFTS 2", "c": "thefts 2 2", "d": "Thefts 3"}
    long = sheet_names(plan_of({"a_" + "x" * 28 + str(n): "t" * 99 for n in range(12)}))
    assert len({name.lower() for name in long.values()}) == 12


def test_every_series_of_a_plan_has_a_name_that_a_workbook_takes(office):
    names = sheet_names(office.plan)
    assert list(names) == list(office.plan.series)
    assert len({*map(str.lower, names.values()), *map(str.lower, OTHER_SHEETS)}) == len(names) + len(OTHER_SHEETS)
    assert not [name for name in names.values() if not 0 < len(name) <= LONGEST_NAME or set(name) & set("[]:*?/\\'")]
