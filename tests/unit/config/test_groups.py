"""params/groups.yml: most similar forces are typed with their source and year, or refused by the line."""

import pytest

from panelpack.config.groups import load_groups
from panelpack.errors import ConfigurationError

KNOWN = {"North", "South", "East", "West"}
ENTRY = """\
version: 1
groups:
  - force: North
    others: [South, East]
    source: The inspectorate, similar forces
    year: 2014
"""


@pytest.fixture
def load(tmp_path):
    """Return a function that writes params/groups.yml and reads it."""

    def read(text):
        (tmp_path / "groups.yml").write_text(text, encoding="utf-8")
        return load_groups(tmp_path / "groups.yml", KNOWN)

    return read


def test_without_a_file_there_is_no_group(tmp_path):
    groups = load_groups(tmp_path / "groups.yml", KNOWN)
    assert groups.groups == [] and groups.of("North", 2015) is None


def test_a_group_has_its_forces_source_and_year(load):
    group = load(ENTRY).of("North", 2015)
    assert group.others == ["South", "East"] and group.year == 2014
    assert group.source == "The inspectorate, similar forces"


@pytest.mark.parametrize("key", ["source", "year", "others", "force"])
def test_without_its_source_or_year_it_is_refused_by_line(load, key):
    lines = [line for line in ENTRY.splitlines(keepends=True) if f"{key}:" not in line or "force:" in line]
    text = "".join(lines) if key != "force" else ENTRY.replace("force: North\n    ", "")
    with pytest.raises(ConfigurationError, match=rf"groups\.yml, line 3.*{key}"):
        load(text)


@pytest.mark.parametrize(("old", "new"), [
    ("source: The inspectorate, similar forces", 'source: ""'),
    ("year: 2014", "year: 14"),
    ("year: 2014", "year: last"),
    ("others: [South, East]", "others: []"),
    ("others: [South, East]", 'others: [South, ""]'),
    ("version: 1", "version: 2"),
    ("    year: 2014", "    year: 2014\n    rank: 3"),
])  # fmt: skip
def test_what_says_nothing_is_refused(load, old, new):
    with pytest.raises(ConfigurationError, match=r"groups\.yml, line \d"):
        load(ENTRY.replace(old, new))


def test_forces_are_named_as_the_table_names_them(load):
    with pytest.raises(ConfigurationError, match=r"groups\.yml, line 4.*'Sowth' is no force of the official table"):
        load(ENTRY.replace("South", "Sowth"))
    with pytest.raises(ConfigurationError, match=r"line 3.*'Noth' is no force"):
        load(ENTRY.replace("North", "Noth"))


def test_a_force_is_not_similar_to_itself_nor_twice_to_another(load):
    with pytest.raises(ConfigurationError, match="'North' is in its own group"):
        load(ENTRY.replace("South", "North"))
    with pytest.raises(ConfigurationError, match="'East' stands twice"):
        load(ENTRY.replace("South", "East"))


def test_a_force_has_one_group_a_year(load):
    again = ENTRY + ENTRY.split("groups:\n")[1]
    with pytest.raises(ConfigurationError, match=r"line 10.*a group of 'North' and 2014 stands twice"):
        load(again)


def test_the_relation_need_not_be_symmetric(load):
    groups = load(ENTRY + "  - {force: South, others: [West], source: The same, year: 2014}\n")
    assert "South" in groups.of("North", 2014).others and "North" not in groups.of("South", 2014).others


def test_the_latest_that_was_known_counts_and_a_later_one_does_not(load):
    later = "  - {force: North, others: [West], source: The same, year: 2016}\n"
    earlier = "  - {force: North, others: [East], source: The same, year: 2010}\n"
    groups = load(ENTRY + later + earlier)
    assert [groups.of("North", year).year for year in (2012, 2014, 2015, 2016, 2020)] == [2010, 2014, 2014, 2016, 2016]
    assert groups.of("North", 2009) is None and groups.of("East", 2020) is None
