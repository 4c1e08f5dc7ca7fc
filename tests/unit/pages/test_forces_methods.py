"""How forces are compared: what the methods page, its reviewers' part, sources, glossary, key and warnings tell."""

import re

import pandas as pd
import pytest
import yaml

from made_up_forces import FORCES, OWN, SMALL, counts_of_forces, office_among_forces
from page_blocks import of_kind, prepared, row_of, tables, words_of
from panelpack.formats import number
from panelpack.pages import assumptions, forces_methods, glossary, key, sources
from panelpack.pages.reviewing.warnings import warnings_table
from panelpack.rendering.prose import Facts, Heading, Text
from panelpack.rules.verdict import NO_CHANGE

BROKEN = {
    "breaks": [{"subgroups": ["Theft of a vehicle"], "from": "2013Q2", "reason": "Vans too.", "source": "The rules"}]
}


def among_forces(to, quarter, edit=None, **given):
    project = office_among_forces(to, **given)
    if edit:
        edit(project)
    report = prepared(project, quarter)
    report.save(pd.DataFrame(columns=sources.CHECKS), "checks.csv")
    return report


@pytest.fixture(scope="module")
def report(tmp_path_factory, quarter):
    """The made-up office among made-up forces, of which thefts of vehicles cannot be compared."""
    return among_forces(tmp_path_factory.mktemp("forces") / "office", quarter, table=BROKEN)


@pytest.fixture
def report_of(tmp_path, quarter):
    return lambda **given: among_forces(tmp_path / "office", quarter, **given)


@pytest.fixture(scope="module")
def text(report):
    heading, text = forces_methods.blocks(report)
    assert isinstance(heading, Heading) and heading.anchor == "methods-forces"
    return text.markdown


# ------------------------------------------------------------------------------------------------ for everybody
def test_it_says_what_is_compared_until_when_and_as_revised_by_what(text):
    assert "*The table of all forces*, release of May 2016" in text
    assert (
        "The later period is the 12 months to March 2015: the latest whose figures had been released before the "
        in text
    )
    assert "16 September 2015, though as revised by May 2016" in text
    assert "Rates are per 1,000 people (Census of 2011)" in text


def test_it_has_the_formula_once_with_the_numbers_of_the_code(text):
    assert text.count("τ² = max(0, (*n*φ − (*n* − 1)) / (Σ*E* − Σ*E*² / Σ*E*))") == 1
    assert "> 1.96 × √(1 / *E* + τ²), the 95% limits; the far limits, 99.8%, have 3.09." in text
    assert (
        "those beyond the 10th and the 90th centile of all *z* are set to these" in text
        and "the force's own dispersion" in text
    )


def test_it_says_that_nothing_is_ranked_or_judged_by_it_and_who_is_left_out(text):
    assert "No force has a rank, and no result of this pack rests on a comparison." in text
    assert "Old Town is left out: fewer than 100,000 people live in its area" in text
    assert "no list with its source and year is at hand" in text
    assert "is not compared. " in text and "Vans too." in text


def test_no_later_period_stands_on_a_public_page(report, text):
    assert "June 2015" not in text
    assert any("June 2015" in words_of(block) for block in forces_methods.for_review(report))


def test_a_typed_group_is_named_with_its_source_and_year(report_of):
    def typed(project):
        group = {"force": OWN, "others": list(FORCES[2:4]), "source": "The inspectorate", "year": 2014}
        path = project.root / "params" / "groups.yml"
        path.write_text(yaml.safe_dump({"version": 1, "groups": [group]}), encoding="utf-8")

    report = report_of(edit=typed)
    (_, text) = forces_methods.blocks(report)
    assert "most similar to this one is taken from The inspectorate, 2014." in text.markdown
    assert "most similar forces" in [word.word for word in glossary.words(report)]
    assert any("source named: The inspectorate, 2014." in row["Assumption"] for row in assumptions.assumptions(report))


def test_of_nine_forces_no_formula_is_told(report_of):
    report = report_of(counts=counts_of_forces(FORCES[:9]))
    (_, text) = forces_methods.blocks(report)
    assert "Fewer than 10 forces say too little" in text.markdown and "τ" not in text.markdown
    assert f"does not have all of both periods for {FORCES[9]}" not in text.markdown  # no force of that name is in it
    words = [word.word for word in glossary.words(report)]
    assert "rate per 1,000" in words and "funnel" not in words
    assert forces_methods.spread_table(report) is None


def test_an_office_that_compares_with_nobody_has_nothing_of_it(quarter_report):
    assert list(forces_methods.blocks(quarter_report)) == list(forces_methods.for_review(quarter_report)) == []
    words = [word.word for word in glossary.words(quarter_report)]
    assert not {"funnel", "rate per 1,000", "most similar forces"} & {*words}
    assert list(sources.SourcesPage(quarter_report).comparators()) == []
    assert not any("between forces anyway" in words_of(block) for block in key.blocks(quarter_report))
    assert not any("other forces" in row["Where it is used"] for row in assumptions.assumptions(quarter_report))


# ------------------------------------------------------------------------------------------------ for reviewers
def test_reviewers_see_how_much_forces_differ_and_how_many_lie_outside(report):
    table = forces_methods.spread_table(report)
    compared = forces_methods.compared(report)
    assert len(table.rows) == 2 * len(compared) == 4  # rate and change of all crime and of thefts from vehicles
    rates = [row for row in table.rows if row["Of its"] == "Rate"]
    for (_, of), row in zip(compared, rates, strict=True):
        funnel = of.level.funnel
        assert row["φ"] == number(funnel.between.phi, 1) and row["τ²"] == number(funnel.between.tau2, 5)
        assert row["Forces"] == str(len(FORCES) - 1)
        assert row["By chance alone"] == str((abs(funnel.z_chance) > 1.959964).sum())
        assert row["Outside"] == str(funnel.outside().sum())
    assert int(rates[1]["By chance alone"]) > int(rates[1]["Outside"])


def test_reviewers_see_the_offices_own_counts_beside_the_official_ones(report):
    table = forces_methods.own_counts_table(report)
    row = next(row for row in table.rows if row["Period"] == "12 months to March 2015" and "14A" in row["Figure"])
    points = report.data.points["theft_from_vehicle"].set_index("period")["value"]
    own = points["2014-04":"2015-03"].sum()
    official = forces_methods.compared(report)[1][1].own["latest"]
    assert row["Official table"] == number(official) and row["The office's own"] == number(own)
    assert row["Difference"] == number(own - official, plus=True)
    assert len(table.rows) == 4


def test_reviewers_see_what_came_later_and_why_some_of_it_is_not_compared(report, report_of):
    table = forces_methods.later_table(report)
    assert {row["To the"] for row in table.rows} == {"12 months to June 2015"}
    row = next(row for row in table.rows if "14A" in row["Figure"])
    assert row["Other forces"] == str(len(FORCES) - 2) and row["Position"].startswith("outside what differs")
    fewer = counts_of_forces(quarters=[*sorted(set(counts_of_forces()["quarter"])), "2015Q2", "2015Q3"])
    fewer = fewer[(fewer["quarter"] < "2015Q2") | fewer["force"].isin(FORCES[:10])]
    table = forces_methods.later_table(report_of(counts=fewer))
    assert {row["To the"] for row in table.rows} == {"12 months to June 2015", "12 months to December 2015"}


def test_reviewers_see_the_checksums_of_the_files(report):
    table = forces_methods.files_table(report)
    assert row_of(table, "File", "`a.csv`") == {"What": "Official table", "File": "`a.csv`", "sha256": f"`{'0' * 64}`"}
    assert {row["File"] for row in table.rows} >= {"`counts.csv`", "`moves.csv`", "`offences.yml`"}


# ------------------------------------------------------------------------------------------------ elsewhere
def test_the_sources_page_names_the_table_its_release_and_the_residents(report):
    heading, facts = sources.SourcesPage(report).comparators()
    said = dict(of_kind([facts], Facts)[0].items)
    assert heading.anchor == "source-comparators"
    assert said["From"].startswith("The table of all forces, release of May 2016, so as revised by then.")
    assert f"{len(FORCES)} forces" in said["From"]
    assert said["Licence"] == "Open licence. Thanks to the publisher."
    assert said["Residents"] == "The census office. Used here: Census of 2011."
    assert "It is counted elsewhere." in said["Limits"]
    assert "(#priority-SP11)" in said["Used by"] and "SP14B" not in said["Used by"]
    assert "sha256" not in words_of(facts)


def test_the_key_and_the_glossary_have_their_words(report):
    every = [row["What you see"] for table in tables(key.blocks(report)) for row in table.rows]
    assert "Outside what differs between forces anyway" in every
    words = {word.word: word for word in glossary.words(report)}
    assert "per 1,000 people" in words["rate per 1,000"].forms and "#methods-forces" in words["funnel"].meaning
    assert "most similar forces" not in words  # none are at hand


def test_assumptions_have_their_owners(report):
    rows = [row for row in assumptions.assumptions(report) if row["Where it is used"] == "How forces are compared"]
    owners = {row["Assumption"]: row["Owner or authority"] for row in rows}
    assert owners["Recorded theft from motor vehicles: what the official table has as Theft from a vehicle."] == (
        assumptions.PLAN
    )
    assert owners["The people of every period are those of the Census of 2011."] == assumptions.SOFTWARE
    assert len(rows) == 4


def test_reviewers_are_warned_where_others_went_another_way_and_where_nothing_is_compared(report):
    warnings = warnings_table(report)
    refused = warnings[warnings["kind"] == "Not compared with other forces"]
    assert len(refused) == 1 and "Vans too." in refused["matter"].iloc[0] and refused["boxes"].tolist() == ["SP14B"]
    otherwise = warnings[warnings["kind"] == "Other forces went another way"]
    unchanged = report.result("SP14A.offences").verdict == NO_CHANGE
    assert (otherwise["boxes"] == "SP14A").any() == unchanged
    for matter in otherwise["matter"]:
        assert re.search(r"official table the force's own change from 2012/13 to the 12 months to March 2015", matter)
        assert "outside what differs between forces anyway" in matter


def test_the_blocks_are_headings_texts_and_tables(report):
    every = [*forces_methods.blocks(report), *forces_methods.for_review(report)]
    assert len(of_kind(every, Text)) == 1 and len(tables(every)) == 4
    assert SMALL not in words_of(every[1])  # as people say it, 'Old Town'
