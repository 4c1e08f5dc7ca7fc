"""sources.yml: what it may not contradict, and what it says of the tables."""

import re

import pytest

from panelpack.config.sources import load_sources
from panelpack.errors import ConfigurationError


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("sensitivity: embargoed\n", "sensitivity: internal\n",
         "drug_treatment.csv: the sensitivity 'embargoed' and embargoed_until belong together."),
        ("    basis: Printed percentages met", "    basis: ''  #",
         "victim_survey.csv: a reconstructed file needs a basis. Say what it was made from."),
        ("    sha256: ", "    sha256: x", "files.recorded_crime.csv.sha256: "),
    ],
    ids=["embargo without its date", "reconstructed from nothing", "no checksum"],
)  # fmt: skip
def test_sources_yml_may_not_contradict_itself(before, after, expected, project, quarter, tmp_path):
    text = (project.raw(quarter) / "sources.yml").read_text(encoding="utf-8")
    assert before in text
    (tmp_path / "sources.yml").write_text(text.replace(before, after, 1), encoding="utf-8")
    with pytest.raises(ConfigurationError) as caught:
        load_sources(tmp_path)
    pattern = rf"{re.escape(str(tmp_path / 'sources.yml'))}, line \d+: {re.escape(expected)}"
    assert re.match(pattern, str(caught.value)), str(caught.value)


def test_what_the_file_says_of_the_tables(project, quarter):
    sources = load_sources(project.raw(quarter))
    assert sources.by_table["savings"].supplier == sources.files["savings.csv"].supplier
    assert sources.by_table["drug_treatment"].embargoed_until.isoformat() == "2015-11-05"
    assert sources.reconstructed == {
        source.table for source in sources.files.values() if source.reconstructed and source.basis
    }
    assert "victim_survey" in sources.reconstructed


@pytest.mark.parametrize(("day", "accepted"), [("2015-09-15", True), ("2015-09-16", True), ("2015-09-17", False)])
def test_nothing_is_received_after_the_day_of_the_edition(day, accepted, edited, office):
    path, line = edited("data/raw/2015Q1/sources.yml", ("received: 2015-07-17", f"received: {day}"))
    if accepted:
        assert load_sources(path.parent, office.parameters.meeting_date).by_table["recorded_crime"].received
        return
    with pytest.raises(ConfigurationError) as caught:
        load_sources(path.parent, office.parameters.meeting_date)
    assert str(caught.value) == (
        f"data/raw/2015Q1/sources.yml, line {line}: recorded_crime.csv: received on 17 September 2015, after the "
        "day of the edition, 16 September 2015. Correct the day; or, if it had not come by then, say so under "
        "availability in the parameters (awaited) and take the file out. If the pack was approved before, make a new "
        "edition: make reissue Q=2015Q1 REASON=... DAY=..."
    )


def test_of_a_table_that_is_not_supplied_nothing_need_be_written(edited):
    path, line = edited("data/raw/2015Q1/sources.yml", ("received: 2015-07-17", "received:"))
    assert "recorded_crime" not in load_sources(path.parent, not_supplied={"recorded_crime"}).by_table
    with pytest.raises(ConfigurationError, match=f"line {line}: received: not received yet"):
        load_sources(path.parent, not_supplied={"savings"})


@pytest.mark.parametrize(
    ("written", "line_of", "expected"),
    [
        ("", 0, "recorded_crime.csv: release is missing, and its publisher revises earlier figures with each. Write "),
        ("\n    release:", 1, "release: not set yet. Write "),
        ("\n    release: '  '", 1, "release: not set yet. Write "),
    ],
)
def test_a_table_that_is_revised_in_releases_says_which_it_is_of(written, line_of, expected, edited):
    line = "received: 2015-07-17"
    path, at = edited("data/raw/2015Q1/sources.yml", (line, f"{line}{written}"))
    with pytest.raises(ConfigurationError) as caught:
        load_sources(path.parent, in_releases={"recorded_crime"})
    told = "which release of its publisher's it is: its month and year."
    start = str(caught.value).partition(": ")[0]
    assert start.startswith("data/raw/2015Q1/sources.yml, line ")
    assert line_of == 0 or start.endswith(f" {at + line_of}")
    assert str(caught.value) == f"{start}: {expected}{told}"


def test_a_release_that_is_named_is_known_and_others_need_none(edited):
    line = "received: 2015-07-17"
    path, _ = edited("data/raw/2015Q1/sources.yml", (line, f"{line}\n    release: July 2015"))
    sources = load_sources(path.parent, in_releases={"recorded_crime"})
    assert sources.by_table["recorded_crime"].release == "July 2015"
    assert load_sources(path.parent).by_table["savings"].release == ""
