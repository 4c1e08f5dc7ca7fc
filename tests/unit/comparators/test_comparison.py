"""A force beside the others: the numbers of made-up forces, whom they are held to, and what is refused."""

from datetime import date
from math import isnan, log, sqrt

import numpy as np
import pytest
import yaml

from made_up_forces import (
    FORCES,
    KINDS,
    OWN,
    QUARTERS,
    SMALL,
    change_plan,
    counts_of_forces,
    office_among_forces,
    residents_of_forces,
    write_comparators,
)
from panelpack.comparators.comparison import compare_with_others, forces_words, latest_released
from panelpack.comparators.counts import read_official_counts_of_forces
from panelpack.config.configuration import Configuration
from panelpack.errors import ConfigurationError
from panelpack.statistics.significance import dispersion

BEFORE, LATEST = QUARTERS[:4], QUARTERS[8:12]
THEFTS = "SP14A.offences"


@pytest.fixture(scope="module")
def shared(tmp_path_factory, quarter):
    """The made-up office among made-up forces. No test may change it."""
    project = office_among_forces(tmp_path_factory.mktemp("forces") / "office")
    return Configuration.read(project, quarter), read_official_counts_of_forces(project)


def compared(shared, figure=THEFTS, last=""):
    office, of = shared
    return compare_with_others(office, of, office.plan.figures[figure], last)


@pytest.fixture
def made(tmp_path, quarter):
    """Return a function that makes an office among forces, and compares a figure of it."""

    def make(figure=THEFTS, last="", edit=None, **given):
        project = office_among_forces(tmp_path / "office", **given)
        if edit:
            edit(project)
        return compared((Configuration.read(project, quarter), read_official_counts_of_forces(project)), figure, last)

    return make


def yearly(kinds, quarters):
    """Offences of some kinds in some quarters, by force."""
    counts = counts_of_forces()
    return counts[counts["quarter"].isin(quarters)].groupby("force")[list(kinds)].sum().sum(axis="columns")


def without_small(series):
    return series.drop(SMALL)


# ------------------------------------------------------------------------------------------------ the numbers
def test_office_and_others_are_of_the_same_table_and_periods(shared):
    of = compared(shared)
    assert of.is_compared and of.force == OWN and of.source.release == "May 2016"
    assert of.before.words == "2012/13" and of.latest.words == "12 months to March 2015"
    before, latest = yearly(KINDS[:1], BEFORE), yearly(KINDS[:1], LATEST)
    assert of.own["before"] == before[OWN] and of.own["latest"] == latest[OWN]
    assert of.others == len(FORCES) - 2 and of.small == (SMALL,) and of.absent == ()
    others_before, others_latest = (without_small(one).drop(OWN) for one in (before, latest))
    assert of.change.own == pytest.approx(100 * (latest[OWN] / before[OWN] - 1))
    assert of.change.others == pytest.approx(100 * (others_latest.sum() / others_before.sum() - 1))
    changes = 100 * (others_latest / others_before - 1)
    assert (of.change.low, of.change.high) == pytest.approx(tuple(np.quantile(changes, [0.1, 0.9])))


def test_a_change_is_held_to_how_counts_vary_in_time_and_between_forces(shared):
    of, counts = compared(shared), counts_of_forces()
    assert of.change.position == "above"  # it doubled
    names, distance, chance = list(of.forces.index), [], []
    common = of.forces["latest"].sum() / of.forces["before"].sum()
    for name in names:
        quarterly = counts[counts["force"] == name].set_index("quarter")[KINDS[0]]
        spread = dispersion(quarterly[BEFORE], quarterly[LATEST])
        distance.append(log(of.forces.loc[name, "latest"] / of.forces.loc[name, "before"] / common))
        chance.append(sqrt(spread.factor * (1 / quarterly[LATEST].sum() + 1 / quarterly[BEFORE].sum())))
    by_chance = np.array(distance) / np.array(chance)
    assert of.change.funnel.z_chance == pytest.approx(by_chance)
    tau2 = of.change.funnel.between.tau2
    assert of.forces["change_z"].tolist() == pytest.approx(np.array(distance) / np.sqrt(np.square(chance) + tau2))
    assert np.abs(of.forces["change_z"]).idxmax() == OWN


def test_a_rate_is_per_1_000_here_and_elsewhere(shared):
    of, latest, people = compared(shared), yearly(KINDS[:1], LATEST), residents_of_forces().set_index("pfa")
    assert of.level.of.words == "per 1,000 people" and of.level.of.vintage.words == "Census of 2011"
    assert of.level.own == pytest.approx(1000 * latest[OWN] / 200_000)
    assert (of.region, of.nation) == ("North", "England")

    def rate(names):
        return 1000 * latest[names].sum() / people.loc[names, "old"].sum()

    others = [name for name in FORCES if name not in (OWN, SMALL)]
    assert of.level.others == pytest.approx(rate(others))
    assert of.level.region == pytest.approx(rate([n for n in others if people.loc[n, "region"] == "North"]))
    assert of.level.nation == pytest.approx(rate([n for n in others if people.loc[n, "region"] != "Wales"]))
    assert isnan(of.level.group) and of.group is None
    assert of.forces["rate"].tolist() == pytest.approx([rate([name]) for name in of.forces.index])


def test_the_rates_of_all_have_one_funnel_with_far_limits_by_size(shared):
    of = compared(shared)
    common = 1000 * of.forces["latest"].sum() / of.forces["size"].sum()
    assert ((of.forces["rate_low"] < common) & (common < of.forces["rate_high"])).all()
    width = of.forces.sort_values("size")[["rate_low", "rate_high"]]
    assert (width["rate_high"].diff().dropna() <= 1e-9).all() and (width["rate_low"].diff().dropna() >= -1e-9).all()
    place = list(of.forces.index).index(OWN)
    assert of.level.funnel.z[place] == of.own["rate_z"] and of.level.position == of.level.funnel.position(place)


def test_forces_stand_in_the_order_of_regions_and_names_and_have_no_rank(shared):
    of = compared(shared)
    assert list(of.forces.index) == list(of.forces.sort_values(["region", "force"]).index)
    assert not any("rank" in column for column in of.forces.columns)


def test_offences_of_homes_are_told_per_household(shared):
    of = compared(shared, "SP14B.offences")
    assert of.level.of.words == "per 1,000 households" and of.own["size"] == 50_000


def test_all_offences_are_all_but_those_that_are_left_out(shared):
    of = compared(shared, "SP11.offences")
    assert of.official.is_all and of.own["latest"] == yearly(KINDS[:3], LATEST)[OWN]
    assert of.cautions == ()  # they are not all of violence


def test_what_is_compared_with_no_year_is_compared_with_the_twelve_months_before(shared):
    of = compared(shared, "SP14A.offences_quarter")
    assert of.before.words == "12 months to March 2014" and of.own["before"] == yearly(KINDS[:1], QUARTERS[4:8])[OWN]


def test_a_figure_that_counts_none_of_their_offences_is_not_compared_at_all(shared):
    assert compared(shared, "SP11.robbery") is None  # its series counts none
    assert compared(shared, "SP14A.victim_outcome") is None  # it has no series
    assert compared(shared, "SP15.child_sexual_exploitation") is None


def rebased(project, figure, baseline):
    path = project.root / "params" / "plan.yml"
    plan = yaml.safe_load(path.read_text(encoding="utf-8"))
    (spec,) = (one for box in plan["priorities"] for one in box["indicators"] if one["id"] == figure)
    spec |= {"rule": "significance", "compare": {"baseline": baseline, "latest": "rolling_12_months"}}
    del spec["projection_year"]
    path.write_text(yaml.safe_dump(plan, sort_keys=False), encoding="utf-8")


@pytest.mark.parametrize(("baseline", "words", "quarters"), [
    ("2013/14", "2013/14", QUARTERS[4:8]),
    ("2013", "calendar year 2013", QUARTERS[3:7]),
    ("12 months to 2013-09", "12 months to September 2013", QUARTERS[2:6]),
    ("mean of 2012/13 to 2013/14", "mean of 2012/13 to 2013/14", QUARTERS[:8]),
    # One that is no year that ends before the latest begins: the twelve months before these.
    ("rolling_12_months-12", "12 months to March 2014", QUARTERS[4:8]),
    ("12 months to 2014-06", "12 months to March 2014", QUARTERS[4:8]),
])  # fmt: skip
def test_the_earlier_period_is_the_indicators_own_if_it_is_whole_years(made, baseline, words, quarters):
    of = made(edit=lambda project: rebased(project, THEFTS, baseline))
    assert of.before.words == words
    assert of.own["before"] == yearly(KINDS[:1], quarters)[OWN] / (len(quarters) / 4)


# ------------------------------------------------------------------------------------------------ until when
def test_the_latest_year_ends_with_the_quarter_that_had_been_released(shared, quarter):
    office, of = shared
    assert office.parameters.meeting_date == date(2015, 9, 16) and str(quarter) == "2015Q1"
    assert latest_released(office, of, OWN) == "2014Q4"  # the quarter to June comes out in October


def test_a_faster_table_reaches_to_the_reports_own_quarter_and_no_further(made):
    counts = counts_of_forces(quarters=[*QUARTERS, "2015Q2"])
    source = {"source": {"title": "T", "release": "May 2016", "licence": "L", "acknowledgement": "A",
                         "released_after_months": 0}}  # fmt: skip

    def meet_late(project):
        path = project.root / "params" / "2015Q1.yml"
        text = path.read_text(encoding="utf-8").replace("meeting_date: 2015-09-16", "meeting_date: 2015-10-16")
        path.write_text(text, encoding="utf-8")

    of = made(counts=counts, table=source, edit=meet_late)  # the quarter to September is out, and is none of the report
    assert of.latest.words == "12 months to June 2015"


def test_a_reviewer_may_look_at_a_later_year(shared):
    later = compared(shared, last="2015Q1")
    assert later.latest.words == "12 months to June 2015"
    assert later.own["latest"] == yearly(KINDS[:1], QUARTERS[9:13])[OWN]
    assert later.before.words == "2012/13"


def test_nothing_released_is_nothing_to_compare_with(made):
    source = {"source": {"title": "T", "release": "May 2016", "licence": "L", "acknowledgement": "A",
                         "released_after_months": 60}}  # fmt: skip
    of = made(table=source)
    assert not of.is_compared and of.why_not == "No figures of other forces had been released by the meeting."


# ------------------------------------------------------------------------------------------------ with whom
def test_without_a_force_in_the_table_nothing_is_compared(made):
    assert "in no official table" in made(force="none").why_not


def test_a_force_that_the_table_does_not_have_is_named(made):
    assert made(force="Nowhere").why_not == "The official table at hand does not have Nowhere."


def test_a_force_without_the_earlier_period_is_not_compared(made):
    counts = counts_of_forces()
    of = made(counts=counts[(counts["force"] != OWN) | (counts["quarter"] >= "2013Q1")])
    assert of.why_not.startswith("The official table at hand does not have all of 2012/13") and OWN in of.why_not
    assert of.before.words == "2012/13"


def test_a_force_alone_is_compared_with_nobody(made):
    assert made(counts=counts_of_forces([OWN])).why_not.startswith("No other force's figures")


def test_forces_that_lack_a_part_are_named_and_left_out(made):
    counts = counts_of_forces()
    lacks = counts[~((counts["force"] == FORCES[2]) & (counts["quarter"] == "2014Q3"))]
    of = made(counts=lacks, gaps=[(FORCES[3], "2014Q2", 3, 4), (FORCES[4], "2015Q1", 3, 4)])
    assert of.absent == tuple(sorted(FORCES[2:4])) and of.others == len(FORCES) - 4
    assert FORCES[4] in of.forces.index  # its gap is outside the periods


def test_nine_forces_are_listed_without_a_position(made):
    of = made(counts=counts_of_forces(FORCES[:9]))
    assert of.others == 8 and len(of.forces) == 9
    assert of.change.funnel is None and of.level.funnel is None
    assert of.change.position == of.level.position == ""
    assert of.forces[["rate_z", "rate_low", "rate_high", "change_z"]].isna().all(axis=None)
    assert of.level.others > 0 and of.change.low < of.change.high


def test_ten_have_one(made):
    of = made(counts=counts_of_forces(FORCES[:10]))
    assert of.change.funnel.between.units == of.level.funnel.between.units == 10 and of.change.position


def test_an_own_force_where_few_live_has_a_change_and_no_rate(made):
    of = made(force=SMALL)
    assert of.is_compared and isnan(of.level.own) and of.level.position == "" and of.small == ()
    assert of.change.own and of.level.others > 0 and of.change.position


def test_counts_of_nothing_have_no_change_and_no_position(made):
    counts = counts_of_forces()
    counts.loc[(counts["force"] == OWN) & (counts["quarter"] < "2013Q1"), KINDS[0]] = 0
    of = made(counts=counts)
    assert isnan(of.change.own) and of.change.position == "" and of.change.funnel is None
    assert of.level.own > 0 and of.level.position


def test_what_must_be_known_is_said_where_all_offences_are_of_that_kind(made):
    def violence(project):
        change_plan(project, OWN, {"theft_from_vehicle": {"groups": ["Violence"]}})

    assert made(edit=violence).cautions == ("Recording differs.",)


def test_a_break_between_the_periods_refuses_it_and_says_why(made):
    broken = {"breaks": [{"subgroups": ["Theft from a vehicle"], "from": "2013Q2", "reason": "It counts roofs too.",
                          "source": "The rules"}]}  # fmt: skip
    of = made(table=broken)
    assert not of.is_compared and "It counts roofs too." in of.why_not and of.forces.empty


def test_a_break_after_both_or_of_other_offences_does_not(made):
    broken = {"breaks": [{"subgroups": ["Theft from a vehicle"], "from": "2015Q1", "reason": "R", "source": "S"},
                         {"subgroups": ["Injury"], "from": "2013Q2", "reason": "R", "source": "S"}]}  # fmt: skip
    assert made(table=broken).is_compared


# ------------------------------------------------------------------------------------------------ most similar forces
def groups(project, *entries):
    text = yaml.safe_dump({"version": 1, "groups": list(entries)})
    (project.root / "params" / "groups.yml").write_text(text, encoding="utf-8")


def entry(others, year=2014, force=OWN):
    return {"force": force, "others": list(others), "source": "The inspectorate", "year": year}


def test_the_most_similar_forces_are_those_that_a_source_named(made):
    of = made(edit=lambda project: groups(project, entry(FORCES[2:4]), entry(FORCES[5:6], 2013)))
    latest, people = yearly(KINDS[:1], LATEST), residents_of_forces().set_index("pfa")["old"]
    names = list(FORCES[2:4])
    assert of.group.others == names and of.group.year == 2014
    assert of.level.group == pytest.approx(1000 * latest[names].sum() / people[names].sum())


def test_a_group_of_a_later_year_was_not_known(made):
    of = made(edit=lambda project: groups(project, entry(FORCES[2:4], 2016)))
    assert of.group is None and isnan(of.level.group)


def test_a_group_of_which_one_is_not_compared_has_no_rate(made):
    of = made(edit=lambda project: groups(project, entry([FORCES[2], SMALL])))
    assert of.group is not None and isnan(of.level.group)


def test_a_group_of_a_force_that_is_none_is_refused_by_file(made):
    with pytest.raises(ConfigurationError, match=r"groups\.yml.*'Nowhere' is no force of the official table"):
        made(edit=lambda project: groups(project, entry(["Nowhere"])))


def test_offences_that_the_table_does_not_have_are_refused_by_file_and_series(made):
    def misspelt(project):
        change_plan(project, OWN, {"theft_from_vehicle": {"subgroups": ["Theft from vehicles"]}})

    with pytest.raises(ConfigurationError, match=r"plan\.yml, series 'theft_from_vehicle', official: 'Theft from veh"):
        made(edit=misspelt)


def test_a_release_of_another_day_is_another_comparison(made, tmp_path, quarter):
    first = made()
    project = office_among_forces(tmp_path / "again")
    write_comparators(project.comparators, counts=counts_of_forces(seed=5))
    again = compared((Configuration.read(project, quarter), read_official_counts_of_forces(project)))
    assert again.change.own != first.change.own


def test_names_of_forces_are_read_as_people_say_them():
    assert forces_words(["London, City of", "Kent"]) == "City of London and Kent"
