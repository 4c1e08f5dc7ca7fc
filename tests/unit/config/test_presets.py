"""The presets of params/layouts: each loads, states what its source asks to be said, and fits the public file."""

import csv
import re
from pathlib import Path
from types import SimpleNamespace

import pytest

from panelpack.config.presets import Preset, load_presets, with_presets
from panelpack.config.supplied_table import PERIOD_KINDS, SupplierFile
from panelpack.errors import ConfigurationError
from panelpack.intake.containers.reading import read_grids
from panelpack.intake.large_tables.counting import count_rows
from panelpack.intake.layouts import lay_out
from panelpack.periods import Quarter

LAYOUTS = Path(__file__).parents[3] / "params" / "layouts"
EXCERPTS = Path(__file__).parent / "public_files"
OFFICIAL, STREET, POPULATION = "official_table_by_force", "street_level_months", "population_by_force"
# What each public file must be given to its preset as, and the columns of it that the preset leaves unread.
FILES = {
    OFFICIAL: ("official_table_by_force.csv", set()),
    STREET: (
        "2014-01-leicestershire-street.csv",
        {
            *("Crime ID", "Reported by", "Longitude", "Latitude", "Location", "LSOA code", "LSOA name"),
            *("Last outcome category", "Context"),
        },
    ),
    POPULATION: ("population_by_force.csv", {"households2021"}),
}


@pytest.fixture(scope="module")
def presets() -> dict[str, Preset]:
    return load_presets(LAYOUTS)


def rows_of(name):
    with (EXCERPTS / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def read_columns(preset):
    """The columns of the file that a preset reads."""
    layout = preset.layout
    made = {*layout.join, *((layout.wide.period, layout.wide.value) if layout.wide else ())}
    made |= {layout.counted.column} if layout.counted else set()
    joined = {part for parts in layout.join.values() for part in parts}
    return {layout.heads.get(name, name) for name in {*preset.columns, *joined} - made} | set(
        layout.wide.periods if layout.wide else ()
    )


def test_three_public_files_are_known(presets):
    assert set(presets) == set(FILES)


@pytest.mark.parametrize("name", FILES)
def test_every_column_of_the_public_file_is_read_or_left_unread_on_purpose(presets, name):
    file, unread = FILES[name]
    heads = set(rows_of(file)[0])
    assert read_columns(presets[name]) == heads - unread
    assert presets[name].layout.other_columns == ("unread" if unread else "refuse")


@pytest.mark.parametrize("name", FILES)
def test_a_plan_can_use_it_as_it_is(presets, name):
    preset = presets[name]
    assert set(preset.key) <= set(preset.columns)
    assert any(kind in PERIOD_KINDS for kind in preset.columns.values())
    assert set(preset.layout.forms) <= set(preset.columns)
    assert not preset.layout.only, "which force's rows are read is the plan's to say"


@pytest.mark.parametrize("name", FILES)
def test_what_the_source_asks_for_is_said(presets, name):
    preset = presets[name]
    assert preset.licence == "Open Government Licence v3.0"
    assert re.search(r"licensed under the Open Government Licence v\.?3\.0\.$", preset.acknowledgement)
    assert all(note.endswith((".", ")")) for note in preset.notes)


def test_the_official_table_says_that_it_lost_its_designation(presets):
    assert any("National Statistics" in note and "January 2014" in note for note in presets[OFFICIAL].notes)


def test_the_official_table_has_a_quarter_in_two_columns(presets):
    layout = presets[OFFICIAL].layout
    joined = [" ".join(row[part] for part in layout.join["Quarter"]) for row in rows_of(FILES[OFFICIAL][0])]
    assert {"2012/13 1", "2014/15 4", "2015/16 1"} <= set(joined)
    assert all(re.fullmatch(r"\d{4}/\d\d [1-4]", text) for text in joined), layout.forms["Quarter"]


def test_the_key_of_the_official_table_tells_its_rows_apart(presets):
    parts = ["Financial Year", "Financial Quarter", *presets[OFFICIAL].key[1:]]
    keys = [tuple(row[part] for part in parts) for row in rows_of(FILES[OFFICIAL][0])]
    assert len(set(keys)) == len(keys) > 10


def received(presets, name, file, quarter, **layout):
    """A public file as a plan that names the preset receives it."""
    table = SupplierFile.model_validate({"file": file, "preset": name, "layout": layout})
    filled = with_presets(SimpleNamespace(tables={"table": table}, model_copy=lambda update: update["tables"]), presets)
    spec = filled["table"]
    grids = [(file, grid) for grid in read_grids(EXCERPTS / file, spec.layout, list(spec.columns))]
    return lay_out("table", spec, grids, Quarter.parse(quarter))


def test_the_official_table_is_read_for_one_force_and_up_to_the_quarter(presets):
    table = received(presets, OFFICIAL, FILES[OFFICIAL][0], "2014Q4", only={"Force Name": "Leicestershire"})
    assert list(table.text.columns) == list(presets[OFFICIAL].columns)
    assert set(table.text["Quarter"]) == {"2014Q4"} and set(table.text["Force Name"]) == {"Leicestershire"}
    offences = dict(zip(table.text["Offence Description"], table.text["Number of Offences"], strict=True))
    assert offences["Shoplifting"] == "1500" and offences["Murder"] == "3" and len(offences) == 6
    every = received(presets, OFFICIAL, FILES[OFFICIAL][0], "2014Q4")
    assert "2015Q1" not in set(every.text["Quarter"]), "a release goes on after the quarter"
    assert every.rows == 14 and {remark.kind for remark in every.remarks} == {"rows_later"}
    assert "-15" in set(every.text["Number of Offences"]), "counts that take offences back stay"
    assert "37.200000000000003" in set(every.text["Offence Code"])


def test_the_layout_that_the_guide_gives_for_another_official_table_reads_a_file_of_it(tmp_path):
    """What docs/how-to/compare-with-others.md says to copy; the file is made up, since none is at hand."""
    guide = (Path(__file__).parents[3] / "docs" / "how-to" / "compare-with-others.md").read_text(encoding="utf-8")
    examples = re.findall(r"```yaml\n(.*?)```", guide, re.DOTALL)
    (layout,) = (text for text in examples if text.startswith("version:"))
    (tmp_path / "recorded_crime_by_partnership.yml").write_text(layout, encoding="utf-8")
    made = load_presets(tmp_path)
    assert made["recorded_crime_by_partnership"].revised_in_releases
    heads = "Financial Year,Financial Quarter,Region,Force Name,CSP Name,Offence Description,Offence Group,"
    heads += "Offence Subgroup,Offence Code,Number of Offences"
    rows = [
        f"{year},{number},A region,{force},{partnership},Shoplifting,Theft offences,Shoplifting,46,{count}"
        for year, number in (("2022/23", 4), ("2023/24", 1))
        for force, partnership, count in (("Westmoor", "Moor", 40), ("Westmoor", "Dale", -2), ("Other", "Town", 7))
    ]
    file = tmp_path / "recorded_crime_by_partnership.csv"
    file.write_text("\n".join([heads, *rows, ""]), encoding="utf-8")
    table = received(made, "recorded_crime_by_partnership", str(file), "2022Q4", only={"force": "Westmoor"})
    assert list(table.text.columns) == list(made["recorded_crime_by_partnership"].columns)
    assert dict(zip(table.text["partnership"], table.text["offences"], strict=True)) == {"Moor": "40", "Dale": "-2"}
    assert set(table.text["quarter"]) == {"2022Q4"}


def test_the_population_is_read_as_a_row_a_force_and_day(presets):
    table = received(presets, POPULATION, FILES[POPULATION][0], "2021Q4", only={"pfa": "Gwent"})
    assert table.text[["pfa_code", "day", "residents"]].to_numpy().tolist() == [
        ["W15000002", "2011-03-27", "576754"],
        ["W15000002", "2019-06-30", "594164"],
        ["W15000002", "2020-06-30", "598194"],
        ["W15000002", "2021-03-21", "587655"],
    ]


def test_the_two_street_level_months_are_one_table_of_counts(presets, tmp_path):
    preset = presets[STREET]
    table = SupplierFile(files="*-street.csv", preset=STREET)
    paths = [path for path in sorted(EXCERPTS.iterdir()) if table.holds(path.name)]
    counts = count_rows(paths, preset.layout, preset.layout.counted.by, tmp_path, {})
    frame = counts.frame(preset.layout.counted.column)
    assert list(frame.columns) == list(preset.columns)
    assert counts.rows == {"2014-01-leicestershire-street.csv": 15, "2014-02-leicestershire-street.csv": 7}
    crimes = {(row["Month"], row["Crime type"]): row["crimes"] for row in frame.to_dict("records")}
    assert crimes["2014-01", "Anti-social behaviour"] == "4"
    assert crimes["2014-01", "Burglary"] == "6"
    assert crimes["2014-02", "Anti-social behaviour"] == "3"
    assert set(frame["Falls within"]) == {"Leicestershire Police"}


def test_the_columns_of_the_population_are_days(presets):
    preset = presets[POPULATION]
    periods = preset.layout.wide.periods
    assert periods["census2021"] == "2021-03-21" and periods["mid2019"] == "2019-06-30"
    city = next(row for row in rows_of(FILES[POPULATION][0]) if row["pfa"] == "London, City of")
    assert {day: city[head] for head, day in periods.items()} == {
        "2011-03-27": "7375",
        "2019-06-30": "9721",
        "2020-06-30": "10938",
        "2021-03-21": "8584",
    }


def test_what_a_table_states_itself_comes_before_its_preset(presets):
    own = {"preset": OFFICIAL, "layout": {"only": {"Force Name": "North"}, "later": "refuse"}}
    table = SupplierFile.model_validate({"file": "table.csv", **own})
    filled = with_presets(SimpleNamespace(tables={"crime": table}, model_copy=lambda update: update["tables"]), presets)
    filled = filled["crime"]
    assert filled.columns == presets[OFFICIAL].columns and filled.key == presets[OFFICIAL].key
    assert filled.layout.only == {"Force Name": "North"} and filled.layout.later == "refuse"
    assert filled.layout.join == presets[OFFICIAL].layout.join


def test_a_preset_that_is_none_is_refused_by_file_and_line(tmp_path):
    path = tmp_path / "params" / "layouts" / "mine.yml"
    path.parent.mkdir(parents=True)
    (tmp_path / "params" / "plan.yml").touch()
    text = (LAYOUTS / f"{STREET}.yml").read_text(encoding="utf-8").replace("licence:", "license:")
    path.write_text(text, encoding="utf-8")
    line = text[: text.index("license:")].count("\n") + 1
    with pytest.raises(ConfigurationError, match=rf"params/layouts/mine\.yml, line {line}: .*license"):
        load_presets(path.parent)
