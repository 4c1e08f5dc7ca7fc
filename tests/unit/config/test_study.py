"""How projections were studied, as declared beside their tables: forces, periods of origins, series and breaks."""

import pytest

from panelpack.config.study import load_offences, load_split
from panelpack.errors import ConfigurationError

SPLIT = """\
choose: [Avon, Surrey]
hold_out: [Kent]
periods:
  - {name: early, last: 2018Q4}
  - {name: late, first: 2019Q2}
"""


def test_a_force_is_on_one_side_and_an_origin_in_one_period(tmp_path):
    (tmp_path / "split.yml").write_text(SPLIT, encoding="utf-8")
    split = load_split(tmp_path)
    assert [split.side(force) for force in ("Avon", "Kent", "Cumbria")] == ["choose", "hold_out", "hold_out"]
    origins = ("2001Q1", "2018Q4", "2019Q1", "2019Q2", "2030Q1")
    assert [split.period(origin) for origin in origins] == ["early", "early", "", "late", "late"]


@pytest.mark.parametrize(
    ("before", "after", "line", "said"),
    [
        ("[Kent]", "[Kent, Surrey]", 2, "'Surrey' stands in 'choose' too. Remove one."),
        ("[Avon, Surrey]", "[Avon]", 1, "at least two forces are needed, since a force never learns from itself. Add"),
        ("last: 2018Q4", "first: 2018Q4", 3, "the first period needs a last origin. Add it."),
        ("2019Q2", "2019Q5", 5, "periods.1.first: '2019Q5': this is not a quarter, expected YYYYQn."),
        ("choose:", "chose: []\nchoose:", 1, "chose: there is no such key here. Did you mean 'choose'?"),
    ],
)
def test_a_split_that_would_spoil_the_test_is_refused(before, after, line, said, tmp_path):
    (tmp_path / "split.yml").write_text(SPLIT.replace(before, after), encoding="utf-8")
    with pytest.raises(ConfigurationError) as caught:
        load_split(tmp_path)
    assert str(caught.value).startswith(f"{tmp_path / 'split.yml'}, line {line}: {said}")


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        (
            "  - series: domestic_burglary\n",
            "  - series: piracy\n",
            "'piracy' is not a series of this file. Correct the",
        ),
        ("    from: 2017Q1\n", "    from: 2017\n", "breaks.0.from: 2017: input should be a valid string."),
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
    assert len(split.choose) == len(split.hold_out) == 6
