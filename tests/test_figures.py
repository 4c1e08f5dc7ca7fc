"""Figures on disk: what is written is read back, to the last digit."""

import dataclasses

import pytest

from panelpack.errors import SourceError
from panelpack.indicators.results import FLAGS, NUMBERS, IndicatorResult, finite, read_results, write_results

EMPTY = IndicatorResult(
    indicator="SP01.a", priority="SP01", title="A title", unit=None, polarity="lower", scored=True, baseline_period="",
    baseline=None, latest_period="", latest=None, change=None, pct_change=None, rule="none", verdict="", reason="",
    evidence="", lower_95=None, upper_95=None, reconstructed=False, note="",
)  # fmt: skip


def round_trip(figure, folder):
    path = folder / "figures" / "SP01.csv"
    write_results([figure], path)
    return read_results(path)


def test_nothing_stays_nothing(tmp_path):
    assert round_trip(EMPTY, tmp_path) == [EMPTY]


@pytest.mark.parametrize("value", [1 / 3, -51.12443778110944, 0.1 + 0.2, 1e-9, 58318.0, 0.0, 1e15, 5e-324], ids=str)
@pytest.mark.parametrize("field", NUMBERS)
def test_every_number_keeps_every_digit(field, value, tmp_path):
    figure = dataclasses.replace(EMPTY, **{field: value})
    assert round_trip(figure, tmp_path) == [figure]


@pytest.mark.parametrize(
    "text", ["", "NA", "nan", "None", "True", "1.0", 'a "quoted", comma', "two\nlines", " spaced ", "−51% £4m ▲"]
)
def test_every_text_stays_as_it_is(text, tmp_path):
    figure = dataclasses.replace(EMPTY, title=text, note=text, evidence=text, level=text)
    assert round_trip(figure, tmp_path) == [figure]


@pytest.mark.parametrize("field", FLAGS)
@pytest.mark.parametrize("value", [True, False])
def test_every_flag_stays(field, value, tmp_path):
    figure = dataclasses.replace(EMPTY, **{field: value})
    assert round_trip(figure, tmp_path) == [figure]


def test_every_figure_of_the_quarter_survives(figures_of_the_quarter, tmp_path):
    path = tmp_path / "all.csv"
    write_results(figures_of_the_quarter, path)
    assert read_results(path) == figures_of_the_quarter
    again = tmp_path / "again.csv"
    write_results(read_results(path), again)
    assert again.read_bytes() == path.read_bytes()


@pytest.fixture
def figures_of_the_quarter(request):
    return list(request.getfixturevalue("figures").values())


def test_a_missing_file_is_named(tmp_path):
    path = tmp_path / "SP01.csv"
    with pytest.raises(SourceError) as caught:
        read_results(path)
    assert str(caught.value) == f"{path}: the file is missing. Run the notebook that writes it first."


@pytest.mark.parametrize(("value", "expected"), [(None, None), (float("nan"), None), (0, 0.0), (2.5, 2.5)])
def test_finite(value, expected):
    assert finite(value) == expected
