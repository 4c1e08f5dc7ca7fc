"""A comparison across offences that moved, ended or changed is refused; and what is known of the official table."""

import pandas as pd
import pytest

import running
from panelpack.comparators.counts import OfficialCounts, read_official_counts_of_forces
from panelpack.comparators.derived import GAPS, MOVES, derive
from panelpack.comparators.making import make_comparators
from panelpack.comparators.moves import said_across, why_refused
from panelpack.comparators.release import read_release
from panelpack.config.official import ComparatorTable, OfficialOffences, load_comparator_table
from panelpack.project import Project

SOFTWARE = Project(running.ROOT)
SHIPPED = load_comparator_table(SOFTWARE.comparators)
FOLDER = running.ROOT.parent / "shared" / "data"
PARTS = [
    FOLDER / "police_recorded_crime_pfa_43_forces_to_2015Q1.csv.gz",
    FOLDER / "police_recorded_crime_pfa_12_forces.csv.gz",
]
QUARTERS = ("2001Q1", "2001Q2", "2001Q3", "2001Q4", "2002Q1", "2002Q2", "2002Q3", "2002Q4")


def rows(*cells):
    """Rows of two forces: an offence, its code, and its kind and number in the first year and in the second."""
    found = []
    for what, code, first, second in cells:
        for quarter in QUARTERS:
            if (cell := first if quarter < "2002Q1" else second) is None:
                continue
            kind, number = cell
            group, _, subgroup = kind.partition(": ")
            for force, times in (("North", 1), ("South", 2)):
                found.append((quarter, force, what, group, subgroup, code, number * times))
    columns = ["quarter", "force", "description", "group", "subgroup", "code", "offences"]
    return pd.DataFrame(found, columns=columns)


ASSAULT = ("Assault", "8A", ("Violence: With injury", 90), ("Violence: With injury", 95))
THREAT = ("Threat", "3B", ("Violence: Without injury", 40), ("Violence: Without injury", 40))
MOVED = ("Death by driving", "4.4", ("Violence: With injury", 10), ("Violence: On the road", 12))
THEFT = ("Theft", "49", ("Theft: Theft", 500), ("Theft: Theft", 400))
FRAUD = ("Fraud", "53", ("Fraud: Fraud", 30), None)
CYBER = ("Hacking", "60", None, ("Cyber: Cyber", 30))


def counts(*cells, left_out=(), breaks=()):
    table = ComparatorTable.model_validate(
        {
            **SHIPPED.model_dump(exclude={"left_out", "breaks", "cautions", "accepted"}),
            "left_out": [{"subgroups": [name], "reason": "Not recorded."} for name in left_out],
            "breaks": breaks,
        }
    )
    derived = derive(rows(*cells))
    return OfficialCounts(table, derived.counts, derived.moves, derived.gaps)


def offences(**official):
    return OfficialOffences.model_validate(official or "all")


def refused(of, **official):
    return why_refused(offences(**official), of, "2001Q1", "2002Q4")


ON_THE_ROAD = (
    "From April 2002 on Death by driving is counted under on the road, and before under with injury, of which it was "
    "10.0%."
)


@pytest.mark.parametrize(
    ("official", "words"),
    [
        ({"subgroups": ("With injury",)}, ON_THE_ROAD),
        ({"subgroups": ("On the road",)}, ON_THE_ROAD),
        ({"subgroups": ("With injury", "On the road")}, ""),
        ({"subgroups": ("Without injury",)}, ""),
        ({"groups": ("Violence",)}, ""),
        ({"groups": ("Theft",)}, ""),
        ({}, ""),
    ],
)
def test_a_move_across_the_boundary_is_refused_and_both_places_together_are_not(official, words):
    assert refused(counts(ASSAULT, THREAT, MOVED, THEFT), **official) == words


def test_the_quarters_that_are_compared_decide():
    of, injury = counts(ASSAULT, MOVED), offences(subgroups=("With injury",))
    assert why_refused(injury, of, "2001Q4", "2002Q1")
    assert not why_refused(injury, of, "2002Q1", "2002Q4")  # all after it
    assert not why_refused(injury, of, "2001Q1", "2001Q4")  # all before it


@pytest.mark.parametrize(
    ("keep", "other"), [("code", ("Death or injury by driving", "4.4")), ("name", ("Death by driving", "4.40"))]
)
def test_an_offence_that_keeps_its_code_or_its_name_is_the_same(keep, other):
    was = ("Death by driving", "4.4", ("Violence: With injury", 10), None)
    of = counts(ASSAULT, was, (*other, None, ("Violence: On the road", 12)))
    assert of.moves[["offence", "from", "to"]].values.tolist() == [
        ["Death by driving", "Violence: With injury", "Violence: On the road"]
    ]
    assert refused(of, subgroups=("With injury",)) == ON_THE_ROAD


def test_what_ends_or_begins_is_refused_unless_it_is_left_out():
    of = counts(ASSAULT, FRAUD, CYBER)
    assert of.moves[["from", "to", "offences", "share_low"]].values.tolist() == [
        ["", "Cyber: Cyber", 360, 1.0],
        ["Fraud: Fraud", "", 360, 1.0],
    ]
    assert refused(of, groups=("Fraud",)) == "From April 2002 on the official table has no fraud."
    assert refused(of, groups=("Cyber",)) == "From April 2002 on the official table has cyber, and before it has none."
    left_out = counts(ASSAULT, FRAUD, left_out=["Fraud"])
    assert refused(left_out) == ""  # all offences: those that are compared


def test_an_offence_that_was_never_recorded_moves_nothing():
    assert (
        refused(counts(ASSAULT, ("Piracy", "7", ("Violence: With injury", 0), ("Sea: Sea", 0))), groups=("Sea",)) == ""
    )


CHANGED = {"subgroups": ["With injury"], "from": "2002Q1", "reason": "Bruises count too.", "source": "its rules"}
WITHIN = {"subgroups": ["With injury", "Without injury", "Its later name"], "from": "2002Q1", "moves_within": True}
WITHIN |= {"reason": "Threats are without injury.", "source": "its rules"}


@pytest.mark.parametrize(
    ("broken", "official", "words", "said"),
    [
        (CHANGED, {"subgroups": ("With injury",)}, "Bruises count too.", []),
        (CHANGED, {"subgroups": ("With injury", "Without injury")}, "", ["Bruises count too."]),  # the whole group
        (CHANGED, {"groups": ("Violence",)}, "", ["Bruises count too."]),
        (CHANGED, {}, "", ["Bruises count too."]),
        (CHANGED, {"subgroups": ("Without injury",)}, "", []),
        (WITHIN, {"subgroups": ("With injury",)}, "Threats are without injury.", []),
        (WITHIN, {"subgroups": ("Without injury",)}, "Threats are without injury.", []),
        (WITHIN, {"subgroups": ("With injury", "Without injury")}, "", []),
        (WITHIN, {"subgroups": ("With injury", "Without injury", "Theft")}, "", []),
        (WITHIN, {"groups": ("Theft",)}, "", []),
    ],
)
def test_a_declared_break_is_refused_by_its_reason_and_said_of_a_whole_group(broken, official, words, said):
    of = counts(ASSAULT, THREAT, THEFT, breaks=[broken])
    assert refused(of, **official) == words
    assert said_across(offences(**official), of, "2001Q1", "2002Q4") == said
    later = [{**broken, "from": "2003Q1"}]
    assert refused(counts(ASSAULT, THREAT, THEFT, breaks=later), **official) == ""


def test_a_move_that_is_declared_is_refused_by_its_reason_and_by_how_much_moved():
    broken = {**WITHIN, "subgroups": ["With injury", "On the road"], "reason": "Deaths by driving are apart."}
    of = counts(ASSAULT, MOVED, breaks=[broken])
    assert refused(of, subgroups=("With injury",)) == "Deaths by driving are apart. That was 10.0% of with injury."


# ----------------------------------------------------------------------------------------- what is shipped
def shipped(**official):
    return why_refused(offences(**official), read_official_counts_of_forces(SOFTWARE), "2012Q1", "2015Q1")


def test_the_shipped_tables_refuse_violence_alone_from_2012_and_allow_what_is_one_series():
    assert shipped(subgroups=("Violence with injury",)).endswith(
        "That was 0.0% to 0.7% by force of violence with injury."
    )
    assert "6.7% to 33.1% by force" in shipped(subgroups=("Violence without injury",))
    assert shipped(subgroups=("Violence with injury", "Death or serious injury - unlawful driving")) == ""
    assert shipped(groups=("Violence against the person",)) == shipped() == ""
    for group in ("Theft offences", "Robbery", "Criminal damage and arson", "Drug offences"):
        assert shipped(groups=(group,)) == ""


def test_domestic_burglary_breaks_in_2017_and_all_burglary_does_not():
    of = read_official_counts_of_forces(SOFTWARE)
    homes = offences(subgroups=("Domestic burglary",))
    every = offences(subgroups=("Domestic burglary", "Non-domestic burglary"))
    assert why_refused(homes, of, "2012Q1", "2016Q4") == ""
    assert "sheds and garages" in why_refused(homes, of, "2012Q1", "2017Q1")
    assert why_refused(every, of, "2012Q1", "2023Q1") == ""


def test_every_shipped_break_has_its_source_and_its_subgroups_are_in_the_table():
    of = read_official_counts_of_forces(SOFTWARE)
    subgroups = {kind.partition(": ")[2] for kind in of.counts.columns}
    for one in of.table.breaks:
        assert one.source and set(one.subgroups) & subgroups
    assert list(of.moves.columns) == MOVES and list(of.gaps.columns) == GAPS


@pytest.fixture(scope="module")
def release():
    if not all(path.exists() for path in PARTS):
        pytest.skip("the official table is not beside this checkout: it is published by the Home Office")
    return read_release(SOFTWARE, PARTS, SHIPPED)


def test_the_moves_of_the_official_table_are_these(release):
    derived = derive(release)
    by_target = derived.moves.set_index("to")
    driving = by_target.loc["Violence against the person: Death or serious injury - unlawful driving"]
    harassment = by_target.loc["Violence against the person: Stalking and harassment"]
    fraud = by_target.loc[""]
    assert len(derived.moves) == 3 and set(derived.moves["quarter"]) == {"2013Q1"} and derived.gaps.empty
    assert (driving["offences"], harassment["offences"], fraud["offences"]) == (344, 55_976, 61_977)
    assert (round(100 * harassment["share_low"], 1), round(100 * harassment["share_high"], 1)) == (6.7, 33.1)
    assert "Causing death by dangerous driving" in driving["offence"]  # another description after, the code kept
    of = release[release["quarter"].str.startswith("2012") & (release["subgroup"] == "Violence with injury")]
    moved = of[of["description"].isin(driving["offence"].split("; "))].groupby("force")["offences"].sum()
    shares = 100 * moved / of.groupby("force")["offences"].sum()
    assert (moved["Leicestershire"], round(shares["Leicestershire"], 1)) == (9, 0.2)
    assert (shares.idxmax(), round(shares.max(), 1)) == ("Lincolnshire", 0.7)
    own = derived.counts.loc[[(f"2012Q{number}", "Leicestershire") for number in range(1, 5)]]
    assert (own.sum().sum(), own["Fraud offences: Fraud offences to 2012/13"].sum()) == (58_878, 536)


def test_the_shipped_tables_are_what_the_command_makes_of_the_official_table(release, tmp_path):
    before = {path.name: path.read_bytes() for path in SOFTWARE.comparators.iterdir()}
    (tmp_path / "data").mkdir()
    copy = Project(tmp_path)
    for name in ("data/comparators", "data/projection", "params"):
        (tmp_path / name).symlink_to(running.ROOT / name) if name != "data/comparators" else (tmp_path / name).mkdir()
    for name in ("offences.yml", "residents_by_force.csv", "README.md"):
        (copy.comparators / name).write_bytes(before[name])
    said = make_comparators(copy, ",".join(map(str, PARTS)))
    assert {path.name: path.read_bytes() for path in copy.comparators.iterdir()} == before
    assert "  43 forces, 2012Q1 to 2023Q1, 26 kinds of offences" in said
    assert "  31 of them end before: in 2015Q1" in said
