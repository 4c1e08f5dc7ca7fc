"""What an office declares for a quarter: read once, and what follows from it."""

import pytest

from panelpack.config.configuration import Configuration
from panelpack.errors import CommentaryError, ConfigurationError


def test_commentary_corrections_and_sources_are_read_only_when_asked_for(project_copy, quarter):
    raw = project_copy.raw(quarter)
    for path in (project_copy.commentary(quarter), project_copy.corrections, raw / "sources.yml"):
        path.write_text("- this is none", encoding="utf-8")
    office = Configuration.read(project_copy, quarter)
    with pytest.raises(CommentaryError, match=r"params/2015Q1\.md, line 1: text stands before the first heading"):
        _ = office.commentary
    with pytest.raises(ConfigurationError, match=r"params/corrections\.yml, line 1: "):
        _ = office.corrections
    with pytest.raises(ConfigurationError, match=r"data/raw/2015Q1/sources\.yml, line 1: "):
        _ = office.sources


def test_each_file_is_read_once(project_copy, quarter):
    office = Configuration.read(project_copy, quarter)
    first = office.commentary, office.corrections, office.sources
    project_copy.commentary(quarter).unlink()
    project_copy.corrections.unlink()
    (project_copy.raw(quarter) / "sources.yml").unlink()
    again = office.commentary, office.corrections, office.sources
    assert [id(part) for part in again] == [id(part) for part in first]


def test_a_configuration_cannot_be_changed(office):
    with pytest.raises(AttributeError):
        office.plan = None
    with pytest.raises(ValueError, match="frozen"):
        office.parameters.marking = "SECRET"


def test_what_is_withheld_is_no_shown_table(office):
    assert set(office.plan.tables) - set(office.shown_tables) == {"drug_treatment"}


def test_periods_are_those_of_the_quarter_and_of_the_plans_baseline(office):
    assert office.period("quarter").months == ("2015-04", "2015-05", "2015-06")
    assert office.period("baseline_year").words == "2012/13"
    assert office.periodicity("missing_people_of_quarter") == "quarter"


def test_categories_of_a_parameter_list_are_those_of_the_quarter(office):
    picked = office.categories(office.plan.series["missing_key_locations"])
    assert picked == {
        "system": ["STORM"],
        "category": ["missing"],
        "location": [f"KL{number}" for number in range(1, 10)],
    }
