"""How projections were studied, as declared beside their tables: periods, shocks, series, breaks, what made them."""

import pytest

from panelpack.config.strict_yaml import load
from panelpack.config.study import MadeFrom, check_made_from, load_offences, load_split, made_from_text
from panelpack.errors import ConfigurationError, SourceError

SPLIT = """\
periods:
  - {name: early, last: 2018Q4}
  - {name: late, first: 2019Q2}
shocks:
  - {year: 2020/21, seen_until: 2019Q4, reason: A lockdown.}
"""


def test_an_origin_is_in_one_period_and_a_shock_is_a_year_as_it_was_seen_before(tmp_path):
    (tmp_path / "split.yml").write_text(SPLIT, encoding="utf-8")
    split = load_split(tmp_path)
    origins = ("2001Q1", "2018Q4", "2019Q1", "2019Q2", "2030Q1")
    assert [split.period(origin) for origin in origins] == ["early", "early", "", "late", "late"]
    seen = ((2020, "2019Q1"), (2020, "2019Q4"), (2020, "2020Q1"), (2019, "2019Q1"), (2021, "2019Q4"))
    assert [split.is_shock(year, origin) for year, origin in seen] == [True, True, False, False, False]


@pytest.mark.parametrize(
    ("before", "after", "line", "said"),
    [
        (
            "periods:\n  - {name: early, last: 2018Q4}\n  - {name: late, first: 2019Q2}",
            "periods: []",
            1,
            "at least one",
        ),
        ("2019Q2", "2019Q5", 3, "periods.1.first: '2019Q5': this is not a quarter, expected YYYYQn."),
        ("2020/21", "2020/22", 5, "shocks.0.year: '2020/22' is not a financial year: expected two years in a row, "),
        ("periods:", "choose: []\nperiods:", 1, "choose: there is no such key here."),
    ],
)
def test_a_split_that_would_spoil_the_test_is_refused(before, after, line, said, tmp_path):
    (tmp_path / "split.yml").write_text(SPLIT.replace(before, after), encoding="utf-8")
    with pytest.raises(ConfigurationError) as caught:
        load_split(tmp_path)
    assert str(caught.value).startswith(f"{tmp_path / 'split.yml'}, line {line}: {said}")


# ------------------------------------------------------------------------------------- tables and what made them
def changed(path):
    path.write_text(path.read_text(encoding="utf-8") + "\n", encoding="utf-8")


def test_tables_that_were_made_by_the_files_beside_them_are_taken(project):
    check_made_from(project, "summary.csv", "by_year.csv")


@pytest.mark.parametrize(
    "name", ["comparators/counts.csv", "projection/offences.yml", "projection/split.yml", "projection/summary.csv"]
)
def test_a_table_of_another_run_is_refused_by_name(name, project_copy):
    changed(project_copy.root / "data" / name)
    with pytest.raises(SourceError) as caught:
        check_made_from(project_copy, "summary.csv")
    assert str(caught.value) == (
        f"data/{name}: this is not the file that data/projection/made_from.yml names, expected tables, offences.yml, "
        "split.yml and official counts of one run. Run make backtest and take over all that it writes."
    )


def test_a_table_that_is_not_named_or_not_there_is_refused(project_copy):
    with pytest.raises(SourceError, match=r"^data/projection/other\.csv: this is not the file"):
        check_made_from(project_copy, "other.csv")
    (project_copy.projection / "made_from.yml").unlink()
    with pytest.raises(ConfigurationError, match=r"made_from\.yml"):
        check_made_from(project_copy)


def test_what_was_made_from_what_is_read_as_it_was_written(tmp_path):
    made_from = MadeFrom(counts="a" * 64, inputs={"offences.yml": "b" * 64}, tables={"summary.csv": "1" * 64})
    (tmp_path / "made_from.yml").write_text(made_from_text(made_from), encoding="utf-8")
    assert load(tmp_path / "made_from.yml", MadeFrom) == made_from


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        (
            "  - series: domestic_burglary\n",
            "  - series: piracy\n",
            "'piracy' is not a series of this file. Correct the",
        ),
        ("    from: 2017Q1\n", "    from: 2017\n", "breaks.0.from: 2017 is read as a number, expected a text."),
        (
            "    from: 2017Q1\n",
            "    from: 2017Q9\n",
            "breaks.0.from: '2017Q9': this is not a quarter, expected YYYYQn.",
        ),
    ],
)
def test_a_mistake_in_the_offences_is_named_with_its_line(before, after, said, project_copy):
    path = project_copy.projection / "offences.yml"
    text = path.read_text(encoding="utf-8")
    assert text.count(before) == 1
    path.write_text(text.replace(before, after), encoding="utf-8")
    with pytest.raises(ConfigurationError) as caught:
        load_offences(project_copy.projection)
    line = text[: text.index(before)].count("\n") + 1
    assert str(caught.value).startswith(f"data/projection/offences.yml, line {line}: {said}")


def test_the_study_of_the_shipped_tables_is_read(project):
    offences, split = load_offences(project.projection), load_split(project.projection)
    assert [(one.series, one.first) for one in offences.breaks] == [("domestic_burglary", "2017Q1")]
    assert offences.series["all_crime"].groups == offences.series["all_crime"].subgroups == ()
    origins = ("2014Q4", "2018Q4", "2019Q1", "2020Q4", "2022Q3")
    assert [split.period(origin) for origin in origins] == ["to 2018Q4", "to 2018Q4", "2019", "2020", "2021 to 2022"]
    assert [(shock.year, shock.seen_until) for shock in split.shocks] == [("2020/21", "2019Q4")]
