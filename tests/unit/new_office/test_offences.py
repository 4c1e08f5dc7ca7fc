"""What measures count: parts of others, and offences that move, end or are redefined between the periods compared."""

import pytest

import official_rows
import running
from panelpack.config.official import load_comparator_table, official_text
from panelpack.config.study import Break, Offences, load_offences
from panelpack.intake.published_table import read_published
from panelpack.new_office import offences as counted
from panelpack.new_office.measure_list import Measure
from panelpack.periods import Quarter
from panelpack.project import Project

SOFTWARE = Project(running.ROOT)
STUDY = load_offences(SOFTWARE.projection)
COLUMNS = load_comparator_table(SOFTWARE.comparators).columns
QUARTER = Quarter(2014, 4)
SUBGROUP, GROUP = "Offence Subgroup", "Offence Group"


@pytest.fixture(scope="module")
def rows(tmp_path_factory):
    path = official_rows.write(tmp_path_factory.mktemp("published") / "table.csv.gz")
    return read_published(SOFTWARE, path).of_force("Westmoor", QUARTER)


def measure(name, where, **more):
    return Measure(2, name, "Box", name, where=where, **more)


def of(rows, *measures, study=STUDY):
    return counted.count_offences(rows, COLUMNS, study, measures)


def in_table(rows):
    return sorted(rows["Quarter"].unique())


def redefined(rows, where, study=STUDY):
    one = measure("one", where)
    return counted.redefinitions(one, of(rows, one, study=study), in_table(rows))


@pytest.mark.parametrize(
    ("where", "months", "words"),
    [
        ({SUBGROUP: ("Violence without injury",)}, ["2013-04"], "without Harassment, which the table counts under"),
        ({SUBGROUP: ("Violence without injury", "Stalking and harassment")}, [], ""),
        ({GROUP: ("Violence against the person",)}, [], ""),
        ({SUBGROUP: ("Violence with injury",)}, [], ""),
        ({SUBGROUP: ("Stalking and harassment",)}, [], ""),  # before, it does not exist, so nothing is compared
        ({SUBGROUP: ("Stalking and harassment", "Homicide")}, ["2013-04"], "with Harassment, which the table counted"),
        ({}, ["2013-04"], "the table has no Fraud offences to 2012/13"),
    ],
)
def test_offences_that_move_or_end_are_found_in_the_table_itself(rows, where, months, words):
    found = redefined(rows, where)
    assert [month for month, _ in found] == months
    assert words in " ".join(reason for _, reason in found)


@pytest.mark.parametrize(
    ("where", "is_said"),
    [
        ({SUBGROUP: ("Domestic burglary",)}, True),
        ({SUBGROUP: ("Domestic burglary", "Shoplifting")}, True),
        ({GROUP: ("Theft offences",)}, False),  # both sides of it
        ({SUBGROUP: ("Shoplifting",)}, False),
    ],
)
def test_a_declared_break_is_said_of_what_it_changes(rows, where, is_said):
    series = {"burglary": Offences(title="Burglary", subgroups=("Domestic burglary", "Its new name"))}
    breaks = (Break.model_validate({"series": "burglary", "from": "2013Q3", "reason": "Sheds count too."}),)
    study = STUDY.model_copy(update={"series": series, "breaks": breaks})
    assert (("2013-10", "Sheds count too.") in redefined(rows, where, study)) is is_said


def test_a_break_after_the_quarter_is_not_known_yet(rows):
    assert any(one.first > str(QUARTER) for one in STUDY.breaks)
    assert redefined(rows, {SUBGROUP: ("Domestic burglary",)}) == []


THEFT = measure("theft", {GROUP: ("Theft offences",)})
BURGLARY = measure("burglary", {SUBGROUP: ("Domestic burglary",)})
HOMES = measure("homes", {SUBGROUP: ("Domestic burglary", "Non-domestic burglary")})
AGAIN = measure("again", {SUBGROUP: ("Domestic burglary",)})
ROBBERY = measure("robbery", {GROUP: ("Robbery",)})
ACROSS = measure("across", {SUBGROUP: ("Shoplifting", "Robbery of personal property")})
ALL = measure("all", {})


@pytest.mark.parametrize(
    ("measures", "parts"),
    [
        ([THEFT, BURGLARY, ROBBERY], {"burglary": "theft"}),
        ([BURGLARY, THEFT], {"burglary": "theft"}),
        ([THEFT, HOMES, BURGLARY], {"homes": "theft", "burglary": "homes"}),
        ([BURGLARY, AGAIN], {"again": "burglary"}),
        ([THEFT, ROBBERY], {}),
        ([ALL, THEFT], {"theft": "all"}),
        ([measure("all", {}, rule="none"), THEFT], {}),  # what is not judged counts in no headline
        ([THEFT, measure("burglary", {SUBGROUP: ("Domestic burglary",)}, part_of="none")], {}),
        ([THEFT, measure("robbery", {GROUP: ("Robbery",)}, part_of="theft")], {"robbery": "theft"}),
        ([measure("awaited", None), THEFT], {}),
    ],
)
def test_what_is_contained_in_another_is_a_part_of_the_smallest_that_contains_it(rows, measures, parts):
    assert counted.wholes(measures, of(rows, *measures)) == parts


def test_measures_that_share_offences_without_one_containing_the_other_are_told(rows):
    measures = [THEFT, ROBBERY, ACROSS]
    found = of(rows, *measures)
    parts = counted.wholes(measures, found)
    assert parts == {"robbery": "across"}
    assert list(counted.overlaps(measures, found, parts)) == [("theft", "across")]


@pytest.mark.parametrize(
    ("where", "baseline", "words"),
    [
        (
            {SUBGROUP: ("Stalking and harassment",)},
            "baseline_year",
            "no row of the table is of these offences in 2012Q1",
        ),
        ({SUBGROUP: ("Fraud offences to 2012/13",)}, "baseline_year", "the latest period is 12 months to March 2015"),
        ({SUBGROUP: ("Shoplifting",)}, "2010/11", "the table covers 2012Q1 to 2014Q4"),
        ({SUBGROUP: ("Shoplifting",)}, "mean of 2011/12 to 2013/14", "without 2011Q1"),
        ({SUBGROUP: ("Shoplifting",)}, "12 months to 2013-05", "does not consist of quarters"),
        ({SUBGROUP: ("Shoplifting",)}, "baseline_year", ""),
        ({SUBGROUP: ("Stalking and harassment",)}, "2013/14", ""),
    ],
)
def test_a_period_that_the_table_cannot_give_is_a_sentence(rows, where, baseline, words):
    one = measure("one", where, baseline=baseline)
    found = counted.find_gap(one, of(rows, one), counted.periods_of(one, QUARTER, 2012), in_table(rows))
    assert words in found and bool(found) is bool(words)


def test_what_begins_later_than_the_table_says_when(rows):
    for name, month in (("Stalking and harassment", "2013-04"), ("Shoplifting", "")):
        one = measure("one", {SUBGROUP: (name,)})
        assert counted.began(one, of(rows, one), in_table(rows)) == month


KINDS = ["Theft offences: Domestic burglary", "Theft offences: Shoplifting", "Robbery: Robbery of personal property"]


@pytest.mark.parametrize(
    ("where", "official"),
    [
        ({}, "all"),
        ({GROUP: ("Theft offences",)}, {"groups": ["Theft offences"]}),
        ({SUBGROUP: ("Shoplifting", "Domestic burglary")}, {"subgroups": ["Shoplifting", "Domestic burglary"]}),
        ({GROUP: ("Theft offences",), SUBGROUP: ("Shoplifting", "Robbery of personal property")},
         {"subgroups": ["Shoplifting"]}),  # what is in both
        ({GROUP: ("Robbery",), "Offence Description": ("Robbery of personal property",)}, None),
        ({SUBGROUP: ("Non-domestic burglary",)}, None),  # which the table of all forces does not have
        (None, None),
    ],
)  # fmt: skip
def test_what_picks_rows_by_group_and_subgroup_alone_is_compared_with_other_forces(rows, where, official):
    one = measure("one", where)
    found = counted.official_of(one, of(rows, one), KINDS)
    assert (found and official_text(found)) == official
