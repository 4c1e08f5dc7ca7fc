"""The list of measures: what a line can say, and one sentence for each that says something else."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from panelpack.errors import ConfigurationError
from panelpack.new_office.measure_list import COLUMNS, MISTAKES_SHOWN, read_measures

CHOICES = {
    "Offence Subgroup": ("Domestic burglary", "Rape offences", "Robbery of personal property", "Shoplifting"),
    "Offence Group": ("Robbery", "Theft offences"),
    "Offence Description": ("Burglary in a dwelling",),
}
GOOD = {"id": "burglary", "priority": "Homes", "title": "Burglary", "series": "Offence Subgroup=Domestic burglary"}


def write(folder, *lines: dict[str, str], heads=COLUMNS):
    out = io.StringIO()
    csv.writer(out).writerows([heads, *([line.get(name, "") for name in heads] for line in lines)])
    (folder / "measures.csv").write_text(out.getvalue(), encoding="utf-8")
    return folder / "measures.csv"


def read(folder, **changes: str):
    (measure,), _ = read_measures(write(folder, {**GOOD, **changes}), CHOICES)
    return measure


def test_a_line_of_the_fewest_words_is_a_count_compared_with_the_baseline_year(tmp_path):
    measure = read(tmp_path)
    assert (measure.kind, measure.polarity, measure.rule) == ("count", "neither", "significance")
    assert (measure.baseline, measure.latest) == ("baseline_year", "rolling_12_months")
    assert measure.where == {"Offence Subgroup": ("Domestic burglary",)}


@pytest.mark.parametrize(
    ("typed", "where"),
    [
        ("all", {}),
        ("Offence Group=Robbery", {"Offence Group": ("Robbery",)}),
        ("offence group = robbery;theft OFFENCES", {"Offence Group": ("Robbery", "Theft offences")}),
        (
            "Offence Group=Theft offences | Offence Subgroup=Shoplifting; Domestic burglary",
            {"Offence Group": ("Theft offences",), "Offence Subgroup": ("Shoplifting", "Domestic burglary")},
        ),
    ],
)
def test_a_series_is_picked_by_one_column_or_several(tmp_path, typed, where):
    assert read(tmp_path, series=typed).where == where


@pytest.mark.parametrize(
    ("typed", "target"),
    [
        ("90", {"value": 90}),
        ("7.5", {"value": 7.5}),
        ("90 by 2024/25", {"value": 90, "by": "2024/25"}),
        ("2023/24=85; 2024/2025=90", {"path": {"2023/24": 85, "2024/25": 90}}),
        ("lower", {"direction": "lower"}),
    ],
)
def test_a_target_brings_its_rule(tmp_path, typed, target):
    measure = read(tmp_path, target=typed)
    assert (measure.target, measure.rule) == (target, "target")


@pytest.mark.parametrize(
    ("typed", "latest"),
    [
        ("2019/20", "rolling_12_months"),
        ("12 months to 2019-06", "rolling_12_months"),
        ("mean of 2017/18 to 2019/20", "rolling_12_months"),
        ("quarter-4", "quarter"),
        ("2019Q4", "quarter"),
        ("lytd", "ytd"),
    ],
)
def test_the_latest_period_is_as_long_as_the_baseline(tmp_path, typed, latest):
    measure = read(tmp_path, baseline=typed)
    assert (measure.baseline, measure.latest) == (typed, latest)


def test_what_has_no_public_figures_is_awaited_in_the_lines_own_words(tmp_path):
    measure = read(tmp_path, series="awaited: the survey is not public, yet", kind="share", polarity="higher")
    assert (measure.where, measure.awaited) == (None, "the survey is not public, yet")


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"id": ""}, "id: nothing stands there"),
        ({"id": "Burglary"}, "id: found 'Burglary'"),
        ({"id": "1st"}, "id: found '1st'"),
        ({"priority": ""}, "priority: nothing"),
        ({"title": ""}, "title: nothing"),
        ({"title": "# Burglary"}, "title: found '# Burglary'"),
        ({"title": "Burglary {{ x }}"}, "title: found a brace"),
        ({"kind": "counts"}, "Did you mean 'count'?"),
        ({"kind": "median"}, "kind: found 'median'"),
        ({"kind": "stock"}, "the table counts offences"),
        ({"series": ""}, "series: nothing stands there"),
        ({"series": "Domestic burglary"}, "Write Offence Subgroup=Domestic burglary"),
        ({"series": "nonsense"}, "expected all, or a column"),
        ({"series": "Offence Subgroop=Shoplifting"}, "Did you mean 'Offence Subgroup'?"),
        ({"series": "Offence Code=46"}, "no column 'Offence Code' to pick by"),
        ({"series": "Offence Subgroup="}, "no value stands behind"),
        ({"series": "Offence Subgroup=Shoplifing"}, "Did you mean 'Shoplifting'?"),
        ({"series": "Offence Subgroup=Robbery"}, "Write Offence Group=Robbery"),
        ({"series": "Offence Subgroup=Shoplifting; shoplifting"}, "stands twice"),
        ({"series": "Offence Group=Robbery | Offence Group=Theft offences"}, "stands twice"),
        ({"series": "awaited:"}, "no words after 'awaited:'"),
        ({"polarity": "down"}, "polarity: found 'down'"),
        ({"polarity": "lowre"}, "Did you mean 'lower'?"),
        ({"baseline": "2019-13"}, "baseline: "),
        ({"baseline": "last year"}, "baseline: 'last year' is not a period"),
        ({"baseline": "position"}, "is a day"),
        ({"rule": "bands"}, "rule: found 'bands'"),
        ({"rule": "significant"}, "Did you mean 'significance'?"),
        ({"rule": "target"}, "no target is given"),
        ({"rule": "significance", "target": "90"}, "a target is given"),
        ({"target": "ninety"}, "target: found 'ninety'"),
        ({"target": "90 by 2024"}, "Write the year"),
        ({"target": "2024/25=many"}, "target: found"),
        ({"part_of": "theft"}, "there is no measure 'theft'"),
        ({"part_of": "burglary"}, "cannot be part of itself"),
    ],
)
def test_each_malformed_line_gets_one_sentence(tmp_path, changes, words):
    with pytest.raises(ConfigurationError) as error:
        read(tmp_path, **changes)
    message = str(error.value)
    assert message.startswith(f"{tmp_path / 'measures.csv'}, row 2: ") and words in message
    assert "\n" not in message and message.endswith((".", "?"))


def test_every_line_that_is_wrong_is_told_up_to_a_number(tmp_path):
    lines = [{**GOOD, "id": f"m{number}", "kind": "nothing"} for number in range(MISTAKES_SHOWN + 5)]
    with pytest.raises(ConfigurationError) as error:
        read_measures(write(tmp_path, *lines), CHOICES)
    assert str(error.value).count("\n") == MISTAKES_SHOWN and "5 more rows" in str(error.value)


def test_an_id_stands_once(tmp_path):
    with pytest.raises(ConfigurationError, match="row 3: id: 'burglary' stands in row 2 too"):
        read_measures(write(tmp_path, GOOD, GOOD), CHOICES)


@pytest.mark.parametrize(
    ("heads", "words"),
    [
        (("id", "title", "series"), "no column 'priority'"),
        ((*COLUMNS, "colour"), "found the column 'colour'"),
        (("id", "priority", "title", "serie"), "Did you mean 'series'?"),
        ((*COLUMNS, "id"), "'id' stands twice"),
    ],
)
def test_heads_that_are_not_those_of_a_list_are_one_sentence(tmp_path, heads, words):
    with pytest.raises(ConfigurationError, match="row 1: ") as error:
        read_measures(write(tmp_path, GOOD, heads=heads), CHOICES)
    assert words in str(error.value) and "\n" not in str(error.value)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\n\n",
        b"id;priority;title\na;b;c\n",
        "id,priority,title\nä,b,c\n".encode("cp1252"),
        b"PK\x03\x04 zip",
        b"\x00\x01",
    ],
)
def test_a_file_that_is_no_list_is_one_sentence(tmp_path, content):
    (tmp_path / "measures.csv").write_bytes(content)
    with pytest.raises(ConfigurationError) as error:
        read_measures(tmp_path / "measures.csv", CHOICES)
    assert "\n" not in str(error.value) and "params/plan.yml" not in str(error.value)


def test_a_comma_in_a_title_without_quotation_marks_is_told(tmp_path):
    (tmp_path / "measures.csv").write_text(
        f"{','.join(COLUMNS)}\nb,Homes,Theft, all,count,all,,,,,,,\n", encoding="utf-8"
    )
    with pytest.raises(ConfigurationError, match="row 2: "):
        read_measures(tmp_path / "measures.csv", CHOICES)


def test_lines_for_any_force_are_left_out_where_it_has_no_rows(tmp_path):
    path = write(tmp_path, GOOD, {**GOOD, "id": "other", "title": "Other", "series": "Offence Subgroup=Piracy"})
    measures, left_out = read_measures(path, CHOICES, any_force=True)
    assert [measure.id for measure in measures] == ["burglary"]
    assert left_out == ["Other: the force has no rows with Offence Subgroup 'Piracy'."]


def test_a_list_may_be_a_sheet_of_a_workbook(tmp_path):
    import openpyxl

    book = openpyxl.Workbook()
    book.active.append(COLUMNS)
    book.active.append([GOOD.get(name) for name in COLUMNS])
    book.save(tmp_path / "measures.xlsx")
    assert read_measures(tmp_path / "measures.xlsx", CHOICES)[0][0].id == "burglary"


@given(st.dictionaries(st.sampled_from(COLUMNS), st.text(max_size=30)))
def test_whatever_a_line_says_it_is_read_or_refused_in_sentences(tmp_path_factory, changes):
    folder = tmp_path_factory.mktemp("fuzz")
    try:
        read_measures(write(folder, {**GOOD, **changes}), CHOICES)
    except ConfigurationError as error:
        for line in str(error).splitlines():
            assert line.startswith(str(folder / "measures.csv"))
