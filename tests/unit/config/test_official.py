"""Which offences of the official table a series counts, and what is known of that table."""

import pytest
import yaml
from pydantic import ValidationError

from made_up_forces import TABLE, write_comparators
from panelpack.config.official import (
    ComparatorTable,
    OfficialOffences,
    load_comparator_table,
    load_comparators_made_from,
    official_text,
)
from panelpack.errors import ConfigurationError

KINDS = ["Theft: From a vehicle", "Theft: Of a vehicle", "Violence: Injury", "Robbery: Robbery"]


def official(given):
    return OfficialOffences.model_validate(given)


@pytest.mark.parametrize(("given", "kinds"), [
    ("all", KINDS),
    ({"groups": ["Theft"]}, KINDS[:2]),
    ({"subgroups": ["Injury"]}, KINDS[2:3]),
    ({"groups": ["Robbery"], "subgroups": ["Injury"]}, KINDS[2:]),
    ({"subgroups": ["injury"]}, []),
])  # fmt: skip
def test_offences_are_counted_by_the_names_of_the_table_and_by_no_others(given, kinds):
    assert official(given).kinds(KINDS) == kinds


def test_what_the_table_does_not_have_is_unknown():
    assert official({"groups": ["Theft", "Thefts"], "subgroups": ["Injury", "Robbery", "Violence"]}).unknown(KINDS) == [
        "Thefts",
        "Violence",
    ]
    assert official("all").unknown(KINDS) == []


@pytest.mark.parametrize("given", [{}, "everything", "", {"offences": ["Theft"]}, ["Theft"], None])
def test_what_says_nothing_is_refused(given):
    with pytest.raises(ValidationError):
        official(given)


@pytest.mark.parametrize("given", ["all", {"groups": ["Theft"]}, {"groups": ["A"], "subgroups": ["B", "C"]}])
def test_it_is_written_as_it_is_read(given):
    assert official_text(official(given)) == given


def test_it_has_words():
    assert official("all").words == "all offences"
    assert official({"groups": ["Robbery"], "subgroups": ["Injury", "Arson"]}).words == "Robbery, Injury and Arson"


def test_a_series_that_counts_them_says_so_in_the_plan(office):
    assert all(spec.official is None for spec in office.plan.series.values())  # never by its name


def table(**changes):
    return ComparatorTable.model_validate(TABLE | changes)


def test_a_rate_is_per_household_where_all_offences_are_of_homes():
    of = table(per_household=["Of a vehicle", "Injury"])
    assert of.is_per_household(official({"subgroups": ["Of a vehicle"]}))
    assert of.is_per_household(official({"subgroups": ["Of a vehicle", "Injury"]}))
    assert not of.is_per_household(official({"subgroups": ["Of a vehicle", "From a vehicle"]}))
    assert not of.is_per_household(official({"groups": ["Theft"]})) and not of.is_per_household(official("all"))


def test_a_caution_is_told_where_all_offences_are_of_what_it_is_about():
    of = table(cautions=[{"groups": ["Violence"], "words": "Mind."}, {"subgroups": ["Robbery"], "words": "Too."}])
    assert of.cautions_of(KINDS[2:3]) == ["Mind."] and of.cautions_of(KINDS[3:]) == ["Too."]
    assert of.cautions_of(KINDS[1:3]) == [] and of.cautions_of([]) == []


def test_what_is_left_out_has_its_reason():
    of = table()
    assert of.why_left_out("Old things: Fraud") == "It is counted elsewhere." and of.why_left_out(KINDS[0]) == ""


def test_a_file_is_refused_by_line(tmp_path):
    write_comparators(tmp_path)
    path = tmp_path / "offences.yml"
    for change, says in (
        ({"cautions": [{"words": "Of nothing."}]}, "names neither groups nor subgroups"),
        ({"residents": []}, "residents"),
        ({"breaks": [{"subgroups": ["Injury"], "from": "2013", "reason": "R", "source": "S"}]}, "expected YYYYQn"),
        ({"breaks": [{"subgroups": ["Injury"], "from": "2013Q1", "reason": "R"}]}, "source"),
    ):
        path.write_text(yaml.safe_dump(TABLE | change, sort_keys=False), encoding="utf-8")
        with pytest.raises(ConfigurationError, match=rf"offences\.yml, line \d+.*{says}"):
            load_comparator_table(tmp_path)


def test_what_the_tables_were_made_from_is_read(tmp_path):
    write_comparators(tmp_path)
    made_from = load_comparators_made_from(tmp_path)
    assert set(made_from.tables) == {"counts.csv", "moves.csv", "gaps.csv"} and "offences.yml" in made_from.inputs
    (tmp_path / "made_from.yml").unlink()
    with pytest.raises(ConfigurationError, match=r"made_from\.yml"):
        load_comparators_made_from(tmp_path)
