"""The official counts of every force that are shipped: what funnels say of them, worked out in pandas beside them."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

import running
from panelpack.comparators.comparison import compare_with_others
from panelpack.comparators.counts import read_official_counts_of_forces
from panelpack.config.configuration import Configuration
from panelpack.config.official import OfficialOffences
from panelpack.periods import Quarter
from panelpack.project import Project
from panelpack.statistics.funnel import FAR_LEVEL, half_width, ratio_funnel

FOLDER = running.ROOT / "data" / "comparators"
CITY = "London, City of"
OFFENCES = {
    "all": "all",
    "burglary": {"subgroups": ["Domestic burglary"]},
    "violence": {"subgroups": ["Violence with injury"]},
    "from vehicles": {"subgroups": ["Theft from a vehicle"]},
}
YEAR_2012, YEAR_2014 = ([f"{year}Q{quarter}" for quarter in (1, 2, 3, 4)] for year in (2012, 2014))
TO_JUNE_2015 = [*YEAR_2014[1:], "2015Q1"]


@pytest.fixture(scope="module")
def counts():
    """Return a function that adds offences up over quarters, by force, from the file alone."""
    table = pd.read_csv(FOLDER / "counts.csv")

    def of(what, quarters):
        groups = OFFENCES[what]
        kinds = [
            kind for kind in table.columns[2:]
            if "Fraud" not in kind and (groups == "all" or kind.partition(": ")[2] in groups["subgroups"])
        ]  # fmt: skip
        rows = table[table["quarter"].isin(quarters)]
        whole = rows.groupby("force").filter(lambda force: len(force) == len(quarters))
        return whole.groupby("force")[kinds].sum().sum(axis="columns").astype(float)

    return of


@pytest.fixture(scope="module")
def people():
    return pd.read_csv(FOLDER / "residents_by_force.csv").set_index("pfa")["census2011"].drop(CITY)


def by_pandas(observed, people):
    """Work out by hand how many forces lie outside: by exact Poisson limits, by z-scores, and by the additive model."""
    expected = people * observed.sum() / people.sum()
    low, high = stats.chi2.ppf(0.025, 2 * expected) / 2, stats.chi2.ppf(0.975, 2 * (expected + 1)) / 2
    z = np.sqrt(expected) * np.log(observed / expected)
    inner = z.clip(z.quantile(0.1), z.quantile(0.9))
    phi = (inner**2).mean()
    tau2 = (len(z) * phi - (len(z) - 1)) / (expected.sum() - (expected**2).sum() / expected.sum())
    adjusted = np.log(observed / expected) / np.sqrt(1 / expected + max(0, tau2))
    exact = int(((observed < low) | (observed > high)).sum())
    return exact, int((z.abs() > 1.96).sum()), int((adjusted.abs() > 1.96).sum()), phi, tau2


@pytest.mark.parametrize(("what", "by_chance", "outside", "far", "phi", "tau"), [
    ("all", 41, 4, 1, 1697.62, 0.1454),
    ("burglary", 40, 4, 1, 634.72, 0.3763),
    ("violence", 40, 6, 1, 185.74, 0.1479),
    ("from vehicles", 40, 6, 2, 548.65, 0.3198),
])  # fmt: skip
def test_chance_alone_puts_nearly_every_force_outside_and_what_differs_anyway_a_few(
    counts, people, what, by_chance, outside, far, phi, tau
):
    observed = counts(what, YEAR_2014).drop(CITY)
    assert len(observed) == 42
    expected = people.reindex(observed.index) * observed.sum() / people.sum()
    funnel = ratio_funnel(observed.to_numpy(), expected.to_numpy())
    exact, by_z, by_hand, phi_by_hand, tau2_by_hand = by_pandas(observed, people.reindex(observed.index))
    assert exact == by_z == by_chance == (np.abs(funnel.z_chance) > half_width(0.95)).sum()
    assert by_hand == outside == funnel.outside().sum() and funnel.outside(FAR_LEVEL).sum() == far
    assert funnel.between.phi == pytest.approx(phi_by_hand) == pytest.approx(phi, abs=0.005)
    assert funnel.between.tau2 == pytest.approx(tau2_by_hand)
    assert np.sqrt(funnel.between.tau2) == pytest.approx(tau, abs=5e-5)


@pytest.mark.parametrize(("quarters", "own", "others"), [(YEAR_2014, 10.1, -17.6), (TO_JUNE_2015, 17.3, -17.6)])
def test_thefts_from_vehicles_rose_in_one_force_and_fell_in_the_other_41_together(counts, quarters, own, others):
    before, latest = (counts("from vehicles", of).drop(CITY) for of in (YEAR_2012, quarters))
    change = 100 * (latest / before - 1)
    assert round(change["Leicestershire"], 1) == own
    rest = latest.index.drop("Leicestershire")
    assert len(rest) == 41 and round(100 * (latest[rest].sum() / before[rest].sum() - 1), 1) == others


@pytest.mark.parametrize(("last", "own", "others", "position"), [
    ("2014Q4", 10.1, -17.6, "above"), ("2015Q1", 17.3, -17.6, "above"),
])  # fmt: skip
def test_so_says_the_comparison_of_that_force(real_project, need_paper_of, last, own, others, position):
    office = need_paper_of("Leicestershire Police", "2015Q1")
    of = read_official_counts_of_forces(real_project)
    figure = next(one for one in office.plan.figures.values() if one.series == "theft_from_vehicle")
    compared = compare_with_others(office, of, figure, last)
    assert (round(compared.change.own, 1), round(compared.change.others, 1)) == (own, others)
    assert compared.change.position == position and compared.others == 41 and compared.small == (CITY,)
    assert (compare_with_others(office, of, figure).latest == compared.latest) is (last == "2014Q4")


def test_the_counts_are_those_of_the_reader(counts):
    of = read_official_counts_of_forces(Project(running.ROOT))
    for what, official in OFFENCES.items():
        read = of.of(OfficialOffences.model_validate(official), YEAR_2014).sum()
        assert read.sort_index().tolist() == counts(what, YEAR_2014).sort_index().tolist(), what


def test_43_forces_are_whole_until_june_2015_and_12_go_on():
    of = read_official_counts_of_forces(Project(running.ROOT))
    many = of.counts.groupby("quarter").size()
    assert set(many[:"2015Q1"]) == {43} and set(many["2015Q2":]) == {12} and many.index[-1] == "2023Q1"


def test_residents_add_up_to_the_official_totals():
    residents = pd.read_csv(FOLDER / "residents_by_force.csv")
    sums = residents[["census2011", "mid2019", "mid2020", "census2021", "households2021"]].sum().tolist()
    assert sums == [56_075_912, 59_439_840, 59_719_724, 59_597_529, 24_783_500]


def test_every_series_that_compares_counts_offences_that_the_table_has(real_project):
    of = read_official_counts_of_forces(real_project)
    for quarter in ("2014Q4", "2015Q1"):
        if not real_project.raw(Quarter.parse(quarter)).is_dir():
            continue
        plan = Configuration.read(real_project, Quarter.parse(quarter)).plan
        named = [spec.official for spec in plan.series.values() if spec.official]
        assert [unknown for official in named if (unknown := official.unknown(of.counts.columns))] == []
