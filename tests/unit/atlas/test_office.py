"""What an atlas fills in of a first office: two days that can be, and that it did so."""

from datetime import date, timedelta

import pytest
import yaml

import official_rows
import running
from panelpack.atlas.office import ASSUMED, NOTICE, first_day_released, office_files
from panelpack.config.configuration import Configuration
from panelpack.config.official import load_comparator_table
from panelpack.errors import UsageError
from panelpack.intake.published_table import read_published
from panelpack.new_office.office_folder import draft
from panelpack.new_office.order import Order
from panelpack.periods import Quarter
from panelpack.project import Project

SOFTWARE = Project(running.ROOT)


@pytest.fixture(scope="module")
def table(tmp_path_factory):
    return read_published(SOFTWARE, official_rows.write(tmp_path_factory.mktemp("published") / "table.csv"))


def order(table, label="2014Q4", baseline="2012/13"):
    return Order("Fen & Marsh", Quarter.parse(label), baseline, table.source, table.source.parent)


@pytest.mark.parametrize("label", ["2012Q1", "2014Q3", "2014Q4", "2019Q4"])
def test_the_meeting_is_on_the_first_day_on_which_the_quarter_had_been_published(label):
    source, quarter = load_comparator_table(SOFTWARE.comparators).source, Quarter.parse(label)
    day = first_day_released(source, quarter)
    assert source.is_released(label, day) and not source.is_released(label, day - timedelta(days=1))


def test_only_what_a_person_fills_in_differs_from_a_new_office(table):
    drafted, files = draft(SOFTWARE, order(table), table).files, office_files(SOFTWARE, order(table), table)
    assert list(files) == list(drafted)
    changed = [name for name in files if files[name] != drafted[name]]
    assert changed == ["params/plan.yml", "params/2014Q4.yml", "data/raw/2014Q4/sources.yml"]
    for name in changed:
        added = [line for line in files[name].decode().splitlines() if line not in drafted[name].decode().splitlines()]
        assert added == [
            line
            for line in added
            if line.strip().startswith(("notice:", "meeting_date:", "received:", "release:", "# "))
        ]


def test_the_folder_can_be_read_and_says_what_was_assumed(table, tmp_path):
    for name, content in office_files(SOFTWARE, order(table), table).items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(content)
    office = Configuration.read(Project(running.ROOT, tmp_path), Quarter.parse("2014Q4"))
    assert office.parameters.meeting_date == date(2015, 8, 1)
    assert [source.received for source in office.sources.files.values()] == [date(2015, 8, 1)]
    assert office.plan.office.notice == NOTICE
    texts = [(tmp_path / name).read_text() for name in ("params/2014Q4.yml", "data/raw/2014Q4/sources.yml")]
    assert all(ASSUMED in text and "set it" not in text for text in texts)
    assert yaml.safe_load(texts[0])["meeting_date"] == date(2015, 8, 1)


@pytest.mark.parametrize(
    ("given", "words"),
    [({"label": "2015Q2"}, "covers 2012Q1 to 2015Q1"), ({"baseline": "2014/15"}, "expected a year that ends before")],
)
def test_what_cannot_be_drafted_says_why(table, given, words):
    with pytest.raises(UsageError, match=words):
        office_files(SOFTWARE, order(table, **given), table)
