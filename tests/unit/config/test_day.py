"""Days in YAML files: what is one, and the sentence for everything else, with what to write."""

import datetime

import pytest

from panelpack.config.day import Day, DayOrNone
from panelpack.config.strict_yaml import AsWritten, Strict, load
from panelpack.errors import ConfigurationError


class Dated(Strict):
    """A file with days."""

    day: Day
    left_open: DayOrNone = None
    by_name: dict[str, DayOrNone] = {}


def said_of(folder, text, **kinds):
    path = folder / "a.yml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigurationError) as caught:
        load(path, Dated, **kinds)
    return str(caught.value).replace(str(path), "a.yml").splitlines()


WRONG = [
    # no such day: how long the month is, and the nearest
    ("2014-06-31", "2014-06-31 is no day of the calendar: June has 30 days. Write 2014-06-30 or another day."),
    ("2014-02-29", "2014-02-29 is no day of the calendar: February 2014 has 28 days. Write 2014-02-28 or another day."),
    ("2016-02-30", "2016-02-30 is no day of the calendar: February 2016 has 29 days. Write 2016-02-29 or another day."),
    ("2016-05-00", "2016-05-00 is no day of the calendar: May has 31 days. Write 2016-05-01 or another day."),
    ("2016-31-05", "2016-31-05 is no day of the calendar: there is no month 31. Write 2016-05-31 if 31 May 2016 is"),
    ("2016-00-05", "2016-00-05 is no day of the calendar: there is no month 0. Correct the month."),
    ("0000-01-05", "0000-01-05 is no day of the calendar: there is no year 0. Correct the year."),
    # another way to write a day
    ("25/11/2014", "Write 2014-11-25."),
    ("'25.11.14'", "Write 2014-11-25."),
    ("11/25/2014", "Write 2014-11-25."),
    ("03/04/2014", "Write 2014-04-03 for 3 April 2014 or 2014-03-04 for 4 March 2014."),
    ("05-05-2014", "Write 2014-05-05."),
    ("2014-3-9", "Write 2014-03-09."),
    ("2014/03/09", "Write 2014-03-09."),
    ("20140309", "Write 2014-03-09."),
    ("9 March 2014", "Write 2014-03-09."),
    ("Sunday, 9th of March 2014", "Write 2014-03-09."),
    ("9-Mar-14", "Write 2014-03-09."),
    ("'March 9, 2014'", "Write 2014-03-09."),
    ("31/11/2014", "And 31/11/2014 is no day of the calendar: November has 30 days. Write 2014-11-30 or another day."),
    ("2014-13-9", "And 2014-13-9 is no day of the calendar: there is no month 13. Write 2014-09-13 if"),
    ("next Tuesday", "expected the year first, as in 2022-12-16. Correct the day."),
    ("9 Marchember 2014x", "Correct the day."),
    # no day at all
    ("2014-03-09 10:30:00", "Write 2014-03-09"),
    ("2014-03-09T25:61:00", "Write 2014-03-09"),
    ("1394323200", "is not written as a day"),  # pydantic would take it for the seconds since 1970
    ("0", "is not written as a day"),
    ("yes", "expected a day. Write it as 2022-12-16."),
    ("[2014-03-09]", "expected a day. Write it as 2022-12-16."),
    (".nan", "is not written as a day"),
]  # fmt: skip


@pytest.mark.parametrize(("written", "told"), WRONG)
def test_what_is_no_day_is_named_with_its_line_and_what_to_write(written, told, tmp_path):
    (line,) = said_of(tmp_path, f"# a remark\nday: {written}\n")
    assert line.startswith("a.yml, line 2: day: ") and told in line, line


@pytest.mark.parametrize(
    ("written", "told"), [pair for pair in WRONG if pair[0] not in ("yes", "[2014-03-09]", ".nan")]
)
def test_it_is_the_same_where_every_value_is_read_as_text(written, told, tmp_path):
    (line,) = said_of(tmp_path, f"# a remark\nday: {written}\n", loader=AsWritten)
    assert line.startswith("a.yml, line 2: day: ") and told in line, line


def test_every_day_of_a_file_is_told_at_once_and_nothing_written_is_not_set_yet(tmp_path):
    text = "day:\nleft_open: 2014-04-31\nby_name:\n  fair: 2014-06-31\n  none:\n  show: ''\n"
    assert said_of(tmp_path, text) == [
        "a.yml, line 1: day: not set yet. Write the day, as in 2022-12-16.",
        "a.yml, line 2: left_open: 2014-04-31 is no day of the calendar: April has 30 days. "
        "Write 2014-04-30 or another day.",
        "a.yml, line 4: by_name.fair: 2014-06-31 is no day of the calendar: June has 30 days. "
        "Write 2014-06-30 or another day.",
        "a.yml, line 6: show: not set yet. Write the day, as in 2022-12-16.",
    ]


def test_days_that_are_not_set_are_told_once_with_their_lines(tmp_path):
    class Many(Strict):
        """A file with a list of days."""

        fairs: list[Dated]

    path = tmp_path / "a.yml"
    path.write_text("fairs:\n" + " - day:\n" * 3 + " - day: 2014-03-09\n" + " - day:\n" * 5, encoding="utf-8")
    with pytest.raises(ConfigurationError) as caught:
        load(path, Many)
    assert str(caught.value) == (
        f"{path}, lines 2, 3, 4, 6, 7 and 3 more: day: not set yet. Write the day, as in 2022-12-16."
    )


@pytest.mark.parametrize("written", ["2014-03-09", "'2014-03-09'", '" 2014-03-09 "'])
@pytest.mark.parametrize("kinds", [{}, {"loader": AsWritten}])
def test_a_day_is_a_day_however_it_is_quoted(written, kinds, tmp_path):
    path = tmp_path / "a.yml"
    path.write_text(f"day: {written}\nby_name: {{a: , b: {written}}}\n", encoding="utf-8")
    read = load(path, Dated, **kinds)
    assert read.day == datetime.date(2014, 3, 9)
    assert read.by_name == {"a": None, "b": datetime.date(2014, 3, 9)}
