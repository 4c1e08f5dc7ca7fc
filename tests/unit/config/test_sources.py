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
