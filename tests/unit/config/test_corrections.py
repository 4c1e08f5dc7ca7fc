"""Corrections as the office declares them: every mistake in corrections.yml with its line."""

from datetime import date

import pytest

from panelpack.config.corrections import load_corrections
from panelpack.errors import ConfigurationError

FILE = "params/corrections.yml"
ENTRY = """\
  - file: 2015Q1/recorded_crime.csv
    key: {month: 2015-06, offence: robbery}
    column: offences
    old: 010
    new: no
    reason: The supplier said so.
    decided_by: Performance and Evaluation Coordinator
    decided_on: 2015-08-20
"""


@pytest.fixture
def write(project_copy):
    """Return a function that writes the corrections file; entries begin in line 2."""

    def write(*entries):
        project_copy.corrections.write_text("corrections:\n" + "".join(entries), encoding="utf-8")
        return project_copy

    return write


@pytest.fixture
def mistakes(write, office, quarter, mistakes_of):
    def read(*entries):
        project = write(*entries)
        return mistakes_of(lambda path: load_corrections(project, quarter, office.plan), project.corrections)

    return read


def test_corrections_are_given_with_their_lines_and_as_the_text_of_their_cells(write, office, quarter):
    other = ENTRY.replace("offence: robbery", "offence: shoplifting")
    found = load_corrections(write(ENTRY, other), quarter, office.plan)
    assert [(where, one.name, one.old, one.new) for where, one in found] == [
        (f"{FILE}, line 2", "recorded_crime.csv", "010", "no"),
        (f"{FILE}, line 10", "recorded_crime.csv", "010", "no"),
    ]
    assert found[0][1].key == {"month": "2015-06", "offence": "robbery"}
    assert (found[0][1].quarter, str(found[0][1].decided_on)) == ("2015Q1", "2015-08-20")


def test_corrections_of_another_quarter_are_left_alone(write, office, quarter):
    project = write(ENTRY.replace("2015Q1/", "2014Q4/"), ENTRY)
    assert [where for where, _ in load_corrections(project, quarter, office.plan)] == [f"{FILE}, line 10"]
    before = load_corrections(project, quarter.shift(-1), office.plan)
    assert [where for where, _ in before] == [f"{FILE}, line 2"]


def test_an_office_without_the_file_or_without_entries_corrects_nothing(project_copy, office, quarter, write):
    assert load_corrections(project_copy, quarter, office.plan) == []
    project_copy.corrections.unlink()
    assert load_corrections(project_copy, quarter, office.plan) == []
    project_copy.corrections.write_text("", encoding="utf-8")
    assert load_corrections(project_copy, quarter, office.plan) == []


def test_every_mistake_is_listed_with_its_line(mistakes):
    same = ENTRY.replace("new: no", "new: 010")
    assert mistakes(
        same,
        same.replace("new: 010", "new: 9"),
        ENTRY.replace("recorded_crime.csv", "no_such.csv"),
        ENTRY.replace("2015Q1/", "2031Q2/"),
    ) == [
        (2, "old and new are the same. Correct or remove the correction."),
        (10, "this cell is corrected above already. Remove one of the two."),
        (
            18,
            "the plan has no file 'no_such.csv', expected one of assessments.csv, drug_treatment.csv, "
            "first_time_entrants.xlsx, missing_people.csv, missing_reports.csv, night_time_economy.csv, "
            "recorded_crime.csv, reoffending_cohorts.csv, savings.csv, victim_survey.csv.",
        ),
        (26, "there is no folder data/raw/2031Q2. Correct the file's name."),
    ]


@pytest.mark.parametrize(
    ("before", "after", "line", "said"),
    [
        ("file: 2015Q1/", "file: ", 2, "corrections.0.file: 'recorded_crime.csv': string should match pattern"),
        ("by: Performance", "by: Mx 01234", 8, "corrections.0.decided_by: 'Mx 01234 and Evaluation Coordinator': str"),
        ("The supplier said so.", "", 7, "corrections.0.reason: nothing stands here, expected a text. Write it."),
        ("    reason:", "    surprise: 1\n    reason:", 7, "corrections.0.surprise: there is no such key here. Rem"),
        ("    reason:", "    reasons: 1\n    reason:", 7, "corrections.0.reasons: there is no such key here. Did you"),
        ("new: no", "new: [no]", 6, "corrections.0.new: found a list, expected a text. Correct it."),
        ("on: 2015-08-20", "on: 20.08.2015", 9, "corrections.0.decided_on: '20.08.2015' is not written as a "
         "day: expected the year first, as in 2022-12-16. Write 2015-08-20."),
        ("on: 2015-08-20", "on: 2015-02-30", 9, "corrections.0.decided_on: 2015-02-30 is no day of the "
         "calendar: February 2015 has 28 days. Write 2015-02-28 or another day."),
        ("on: 2015-08-20", "on: soon", 9, "corrections.0.decided_on: 'soon' is not written as a day: expected the "
         "year first, as in 2022-12-16. Correct the day."),
        ("old: 010", "old:", 5, "corrections.0.old: nothing stands here, expected the text of a cell. Write it; of an "
         'empty cell it is "".'),
        ("new: no", "new:", 6, "corrections.0.new: nothing stands here, expected the text of a cell."),
        ("month: 2015-06", "month: ", 3, "corrections.0.key.month: nothing stands here, expected the text of a cell."),
    ],
)  # fmt: skip
def test_a_mistake_in_an_entry_is_named_with_its_line(before, after, line, said, mistakes):
    assert before in ENTRY
    found = mistakes(ENTRY.replace(before, after, 1))
    assert [at for at, _ in found] == [line]
    assert found[0][1].startswith(said)


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("{month: 2015-06, offence: robbery}", "P7171", "key: found a "),
        ("{month: 2015-06, offence: robbery}", "[P7171]", "key: found a "),
        ("old: 010", "old: [P7171]", "old: found a list, expected a text"),
        ("new: no", "new: {P7171: 1}", "new: found a mapping, expected a text"),
        ("old: 010", "old: 'P7171", "this is not YAML"),
        (ENTRY, "  - P7171\n", "corrections.0: found a single value, expected a mapping"),
    ],
)
def test_what_may_be_about_a_person_is_never_quoted(before, after, said, mistakes):
    found = mistakes(ENTRY.replace(before, after))
    assert said in found[0][1]
    assert "P7171" not in str(found)


@pytest.mark.parametrize(("day", "accepted"), [("2015-09-16", True), ("2015-09-17", False)])
def test_nothing_is_corrected_after_the_day_of_the_edition(day, accepted, write, office, quarter):
    project = write(ENTRY.replace("2015-08-20", day))
    if accepted:
        assert load_corrections(project, quarter, office.plan, office.parameters.meeting_date)
        return
    with pytest.raises(
        ConfigurationError, match=r"^params/corrections\.yml, line 9: decided on 17 September 2015, after"
    ):
        load_corrections(project, quarter, office.plan, office.parameters.meeting_date)


@pytest.mark.parametrize(("day", "accepted"), [("2015-08-19", False), ("2015-08-20", True)])
def test_nothing_is_decided_of_a_file_before_it_came(day, accepted, write, office, quarter):
    project, came = write(ENTRY.replace("2015-08-20", day)), {"recorded_crime.csv": date(2015, 8, 20)}
    if accepted:
        assert load_corrections(project, quarter, office.plan, received=lambda: came)
        return
    with pytest.raises(ConfigurationError) as caught:
        load_corrections(project, quarter, office.plan, received=lambda: came)
    assert str(caught.value) == (
        "params/corrections.yml, line 9: decided on 19 August 2015, before the file was received on 20 August 2015. "
        "Correct the day; or, if the file is a new one, look at it again and decide anew."
    )
