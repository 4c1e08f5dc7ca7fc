"""What is said of a force beside made-up others: change and rate, within and outside, few forces, refused."""

from dataclasses import replace
from math import nan

import pytest

from made_up_forces import FORCES, OWN, counts_of_forces, office_among_forces
from panelpack.comparators.comparison import compare_with_others
from panelpack.comparators.counts import read_official_counts_of_forces
from panelpack.config.configuration import Configuration
from panelpack.config.groups import Group
from panelpack.named_periods import Period
from panelpack.pages import comparison_words as words
from panelpack.periods import month_range

NO_WORDS_OF = ("z-score", "phi", "tau", "winsor", "dispersion", "rank", "league", "best", "worst")


@pytest.fixture(scope="module")
def made(tmp_path_factory, quarter):
    """Return a function that compares the thefts from vehicles of the made-up force with those of others."""

    def make(figure="SP14A.offences", **given):
        project = office_among_forces(tmp_path_factory.mktemp("forces") / "office", **given)
        office = Configuration.read(project, quarter)
        return compare_with_others(office, read_official_counts_of_forces(project), office.plan.figures[figure])

    return make


@pytest.fixture(scope="module")
def usual(made):
    return made()


def changed(of, *, before=5236.0, latest=5767.0, **change):
    """The comparison with another change, and the own force's numbers."""
    forces = of.forces.copy()
    forces.loc[of.force, ["before", "latest"]] = before, latest
    return replace(of, forces=forces, change=replace(of.change, **change))


def levelled(of, **level):
    return replace(of, level=replace(of.level, **{"region": nan, "nation": nan, **level}))


# ------------------------------------------------------------------------------------------------ the change
def test_a_rise_beside_a_fall_is_told_in_whole_sentences(usual):
    of = changed(usual, own=10.14, others=-17.6, low=-32.2, high=-0.25, position="above")
    assert words.change_words(of) == (
        "in the official table offences here rose by 10%, from 5,236 in 2012/13 to 5,767 in the 12 months to March "
        "2015; in the 11 other forces together they fell by 18%, and 8 in 10 forces lie between −32% and 0%. Allowing "
        "for chance, the change here is **outside what differs between forces anyway**, above it."
    )


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"own": -24.0, "others": 3.0, "position": "below"}, ["here fell by 24%", "they rose by 3%", "below it."]),
        ({"own": -1.2, "others": -0.3, "position": "within"},
         ["here fell by 1%", "they changed by less than 1%", "the change here is within what differs between forces"]),
        ({"own": 0.0, "others": 0.0, "position": "within"}, ["here did not change, from", "they did not change"]),
        ({"own": 0.4, "others": 0.4, "position": ""}, ["here changed by less than 1%", words.FEW_OFFENCES]),
        ({"own": nan, "others": 4.0, "position": ""}, ["the official table has 5,236 in 2012/13 and 5,767 in the 12",
                                                       words.FEW_OFFENCES]),
        ({"own": 4.0, "others": nan, "low": nan, "high": nan, "position": ""},
         ["the 11 other forces together had none in 2012/13. "]),
    ],
)  # fmt: skip
def test_a_change_of_any_kind_is_told(usual, change, said):
    told = words.change_words(changed(usual, **{"low": -10.0, "high": 10.0, **change}))
    assert all(part in told for part in said) and "nan" not in told
    assert ("**" in told) == (change["position"] in ("above", "below"))


def test_of_several_years_it_is_the_number_a_year(usual):
    of = replace(usual, before=Period(month_range("2011-04", "2013-03"), "2011/12 to 2012/13"))
    assert " a year in 2011/12 to 2012/13 to " in words.change_words(of)


def test_of_few_forces_nothing_is_said_of_what_differs_anyway(made):
    of = made(counts=counts_of_forces(FORCES[:9]))
    told = words.told(of)
    assert words.has_few_forces(of) and words.FEW_FORCES in told
    assert "8 in 10" not in told and "within" not in told and "outside" not in told
    alone = made(counts=counts_of_forces(FORCES[:2]))
    assert "; in the one other force they " in words.told(alone)


def test_what_is_refused_is_told_with_its_reason(usual):
    of = replace(usual, why_not="The table counts roofs too from 2013 on.", change=None, level=None)
    assert words.told(of) == "not possible. The table counts roofs too from 2013 on."


# ------------------------------------------------------------------------------------------------ the rate
def test_rates_stand_beside_each_other_with_where_they_are_of(usual):
    of = levelled(usual, own=5.67, others=4.17, region=3.9, nation=4.21, position="within")
    of = replace(of, region="East Midlands", nation="England")
    assert words.level_words(of) == (
        "Per 1,000 people: 5.7 here, 4.2 in the others, 3.9 in the East Midlands, 4.2 in England: the rate is within "
        "it."
    )


@pytest.mark.parametrize(
    ("change", "level", "end"),
    [
        ("within", "below", ": the rate is **outside it**, below."),
        ("above", "above", ": the rate is **outside it**, above."),
        ("", "within", ": the rate is within what differs between forces anyway."),
        ("", "above", ": the rate is **outside what differs between forces anyway**, above it."),
        ("within", "", "4.2 in the others."),
    ],
)
def test_a_rate_is_within_or_outside_the_same(usual, change, level, end):
    of = levelled(changed(usual, position=change), own=5.67, others=4.17, position=level)
    assert words.level_words(of).endswith(end)


def test_a_country_that_is_a_region_is_told_once(usual):
    of = replace(levelled(usual, region=3.0, nation=3.0), region="Wales", nation="Wales")
    assert words.level_words(of).count("Wales") == 1


@pytest.mark.parametrize(
    ("region", "called"),
    [("North East", "the North East"), ("East of England", "the East of England"), ("London", "London"),
     ("Yorkshire and the Humber", "Yorkshire and the Humber"), ("", "")],
)  # fmt: skip
def test_a_region_is_called_as_people_call_it(region, called):
    assert words.called(region) == called


@pytest.mark.parametrize(
    ("rates", "decimals"), [([58.2, 62.9], 1), ([1.0], 1), ([1.32, 0.95], 2), ([0.03], 3), ([0.0], 1), ([], 1)]
)
def test_small_rates_have_more_decimals(rates, decimals):
    assert words.rate_decimals(rates) == decimals


def test_where_few_live_no_rate_is_told(usual):
    told = words.level_words(levelled(usual, own=nan))
    assert told == "No rate is told here: too few people live where the force serves."


def test_without_any_rate_there_is_no_sentence(usual):
    assert words.level_words(levelled(usual, others=nan)) == ""
    assert words.level_words(replace(usual, level=None)) == ""


def test_the_most_similar_forces_are_named_with_who_says_so_or_there_is_no_list(usual):
    assert words.group_words(usual) == words.NO_GROUP
    group = Group(force=OWN, others=["Force A", "Town, Old"], source="The inspectorate", year=2014)
    known = replace(levelled(usual, group=3.4), group=group)
    assert words.group_words(known) == "Most similar forces: Force A and Old Town (The inspectorate, 2014)."
    assert "3.4 in the 2 most similar forces" in words.level_words(known)
    lacking = replace(levelled(usual, group=nan), group=group)
    assert words.group_words(lacking).endswith("Not all of them have a rate.")
    assert "most similar" not in words.level_words(lacking)


# ------------------------------------------------------------------------------------------------ what must be known
def test_what_must_be_known_stands_beside_the_figures(usual):
    of = replace(usual, cautions=("Recording differs.",))
    assert words.told(of).endswith(" Recording differs.")


def test_the_source_says_the_release_and_that_the_forces_own_may_differ(usual):
    assert words.source_words(usual) == (
        "Official table (Theft from a vehicle), as revised by May 2016; the force’s own may differ."
    )


def test_who_is_left_out_is_said(usual):
    assert words.left_out_words(usual) == "Old Town, where few people live, is left out."
    assert "both periods: Force A and Force B." in words.left_out_words(replace(usual, absent=("Force A", "Force B")))
    assert words.left_out_words(replace(usual, small=())) == ""


def test_members_read_no_word_of_the_method(usual):
    told = " ".join([words.told(usual), words.source_words(usual), words.left_out_words(usual)]).lower()
    assert not any(word in told for word in NO_WORDS_OF)
