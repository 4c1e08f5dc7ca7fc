"""Quarters begin: what was true of an earlier quarter alone is emptied, and a failure leaves nothing half-made."""

import datetime
import hashlib
import re
import shutil
from types import SimpleNamespace

import pytest

from panelpack.config.configuration import Configuration
from panelpack.config.sources import NOT_RECEIVED, SOURCES_FILE
from panelpack.config.strict_yaml import load, read_yaml
from panelpack.errors import ConfigurationError, PanelPackError, UsageError
from panelpack.intake.files import check_sources
from panelpack.intake.receiving import Listed, receive
from panelpack.intake.starting import new_quarter
from panelpack.open_points.points import open_in_writing
from panelpack.periods import Quarter
from running import QUARTER, digests


def test_a_new_quarter_is_three_files_and_touches_no_other(project_copy, quarter):
    before = digests(project_copy.root)
    later = quarter.shift(1)
    lines = new_quarter(project_copy, str(later))
    assert lines[:3] == [
        f"made {name} (from 2015Q1)"
        for name in ("params/2015Q2.yml", "params/2015Q2.md", "data/raw/2015Q2/sources.yml")
    ]
    assert "make receive Q=2015Q2" in lines[-1]
    after = digests(project_copy.root)
    assert {name: after[name] for name in before} == before
    assert set(after) - set(before) == {
        "params/2015Q2.yml",
        "params/2015Q2.md",
        "data/raw/2015Q2/sources.yml",
    }
    assert project_copy.commentary(later).read_bytes() == project_copy.commentary(quarter).read_bytes()


def test_what_was_true_of_the_last_quarter_alone_is_emptied(project_copy, quarter):
    last = project_copy.params(quarter)
    text = last.read_text(encoding="utf-8")
    text = text.replace(
        "\nmeeting_date: 2015-09-16\n", "\nmeeting_date: 2015-09-16  # a Wednesday\ndata_due: 2015-08-01\n"
    )
    text += "editions:\n"
    text += f"  - {{edition: 2, day: 2015-10-01, reason: r, replaces: {'a' * 64}}}\n"
    last.write_text(text, encoding="utf-8")
    lines = new_quarter(project_copy, "2015Q2")
    old, new = (read_yaml(project_copy.params(each))[0] for each in (quarter, Quarter.parse("2015Q2")))
    assert new["quarter"] == "2015Q2"
    assert new["meeting_date"] is None and new["data_due"] is None
    assert new["dates"] == dict.fromkeys(old["dates"]) and len(new["dates"]) > 3
    assert new["answers"] == [] and new["flags"] == {} and old["answers"] and old["flags"]
    assert new["editions"] == []
    assert new["availability"]["drug_treatment"] == old["availability"]["drug_treatment"] | {"release_date": None}
    assert new["assessments"] == {
        name: {"assessment": None, "board": entry["board"]} for name, entry in old["assessments"].items()
    }
    assert new["next_steps"] == {name: {"became": None} for name in old["next_steps"]} and len(old["next_steps"]) > 1
    touched = {"quarter", "meeting_date", "data_due", "dates", "answers", "flags", "availability", "assessments"}
    touched |= {"next_steps", "comments", "editions"}
    assert {key: value for key, value in new.items() if key not in touched} == {
        key: value for key, value in old.items() if key not in touched
    }
    assert "meeting_date:  # a Wednesday\n" in project_copy.params(Quarter.parse("2015Q2")).read_text(encoding="utf-8")
    assert lines[3] == "To decide, each in its place:" and lines[4].startswith(
        "  params/2015Q2.yml, line 7: meeting_date: "
    )


def test_of_the_files_nothing_is_received_and_what_was_said_of_the_earlier_ones_is_gone(project_copy, quarter):
    path = project_copy.raw(quarter) / SOURCES_FILE
    text = path.read_text(encoding="utf-8")
    derived = f"    derived_from: {{file: big.csv, sha256: {'a' * 64}, by: a script}}\n"
    text = text.replace("    sensitivity: public\n", f"    sensitivity: public\n{derived}", 1)
    path.write_text(text, encoding="utf-8")
    new_quarter(project_copy, "2015Q2")
    last, copied = (
        load(project_copy.raw(each) / SOURCES_FILE, Listed).files for each in (quarter, Quarter.parse("2015Q2"))
    )
    nothing = {"received": None, "revisions": [], "rows": None, "derived_from": None, "embargoed_until": None}
    assert copied == {
        name: source.model_copy(update=nothing | {"keyed_sha256" if source.is_keyed else "sha256": NOT_RECEIVED})
        for name, source in last.items()
    }
    assert {source.is_keyed for source in copied.values()} == {True, False}
    assert [source for source in last.values() if source.revisions and source.received]
    assert [source for source in last.values() if source.rows and source.derived_from]
    assert [source for source in last.values() if source.embargoed_until]


def set_days(path):
    """Set what a new quarter of the made-up office must have before it is read."""
    text = path.read_text(encoding="utf-8").replace("meeting_date:", "meeting_date: 2015-12-02")
    text = text.replace("release_date:", "release_date: 2016-02-04").replace(
        " assessment:\n", " assessment: no_change\n"
    )
    path.write_text(text, encoding="utf-8")


def test_what_is_not_set_yet_is_told_when_the_quarter_is_read(project_copy, quarter):
    new_quarter(project_copy, "2015Q2")
    later = Quarter.parse("2015Q2")
    path = project_copy.params(later)
    with pytest.raises(ConfigurationError) as caught:
        Configuration.read(project_copy, later)
    assert str(caught.value).splitlines() == [
        "params/2015Q2.yml, line 7: meeting_date: not set yet. Write the day of the meeting, as in 2022-12-16.",
        "params/2015Q2.yml, line 20: release_date: not set yet. Write the day from which it may be shown, as in "
        "2022-12-16.",
        "params/2015Q2.yml, lines 29, 32 and 35: assessment: not set yet. Write improved, no_change or deteriorated, "
        "as the board says; where its return is awaited, remove the entry.",
    ]
    set_days(path)
    office = Configuration.read(project_copy, later)
    assert office.parameters.meeting_date == datetime.date(2015, 12, 2)
    assert set(office.parameters.dates.values()) == {None}
    with pytest.raises(ConfigurationError) as caught:
        _ = office.sources
    assert re.fullmatch(
        r"data/raw/2015Q2/sources\.yml, lines (\d+, ){4}\d+ and 5 more: received: not received yet\. Write the day on "
        r"which it came, as in 2022-12-16\.", str(caught.value),
    ), str(caught.value)  # fmt: skip


def test_a_new_quarter_receives_its_files(project_copy, quarter):
    later = quarter.shift(1)
    new_quarter(project_copy, str(later))
    (project_copy.raw(later) / "savings.csv").write_bytes(b"as supplied")
    lines = receive(project_copy.raw(later))
    assert f"savings.csv: received, sha256 {hashlib.sha256(b'as supplied').hexdigest()[:12]}" in lines
    assert lines.count("recorded_crime.csv: not received yet") == 1


def test_a_gap_is_refused_unless_the_quarter_to_start_from_is_named(project_copy, quarter):
    before = digests(project_copy.root)
    with pytest.raises(UsageError) as caught:
        new_quarter(project_copy, "2016Q1")
    assert str(caught.value) == (
        "Q='2016Q1': the latest earlier quarter is 2015Q1, 4 quarters before. Start 2015Q2 first, or type "
        "make new-quarter Q=2016Q1 FROM=2015Q1"
    )
    for start_from in ("2015Q3", "2016Q1", "2016Q2", "last"):
        with pytest.raises(UsageError) as caught:
            new_quarter(project_copy, "2016Q1", start_from)
        assert str(caught.value) == (
            f"FROM={start_from!r}: expected an earlier quarter under data/raw (2014Q4, 2015Q1). Correct it."
        )
    assert digests(project_copy.root) == before
    assert new_quarter(project_copy, "2016Q1", "2014Q4")[0] == "made params/2016Q1.yml (from 2014Q4)"
    assert read_yaml(project_copy.params(Quarter.parse("2016Q1")))[0]["quarter"] == "2016Q1"


def test_a_new_quarter_starts_from_the_latest_that_is_earlier(project_copy, quarter):
    new_quarter(project_copy, "2015Q2")
    project_copy.commentary(quarter).write_text("# The older one\n", encoding="utf-8")
    new_quarter(project_copy, "2015Q3")
    later = Quarter.parse("2015Q3")
    assert project_copy.commentary(later).read_text(encoding="utf-8") != "# The older one\n"


def test_files_that_came_before_the_quarter_was_started_stay(project_copy):
    path = project_copy.root / "data/raw/2015Q2/a.csv"
    path.parent.mkdir()
    path.write_text("from a supplier", encoding="utf-8")
    new_quarter(project_copy, "2015Q2")
    assert path.read_text(encoding="utf-8") == "from a supplier" and (path.parent / SOURCES_FILE).is_file()


def test_line_ends_and_quotation_marks_are_kept(project_copy, quarter):
    path = project_copy.params(quarter)
    text = path.read_text(encoding="utf-8").replace("quarter: 2015Q1", "quarter: '2015Q1'").replace("\n", "\r\n")
    path.write_bytes(text.encode())
    new_quarter(project_copy, "2015Q2")
    made = project_copy.params(Quarter.parse("2015Q2")).read_bytes().decode()
    assert "\r\nquarter: '2015Q2'\r\n" in made and made.count("\n") == made.count("\r\n")


@pytest.mark.parametrize(
    ("label", "words"),
    [
        ("", r"^Q is missing: expected the label of the quarter to start, Q=YYYYQn\.$"),
        ("2015", r"^Q='2015' is not a quarter: expected YYYYQn"),
        ("2015Q5", r"^Q='2015Q5' is not a quarter: expected YYYYQn"),
        ("2015q2", r"^Q='2015q2' is not a quarter: expected YYYYQn"),
        ("../2015Q2", r"^Q='../2015Q2' is not a quarter: expected YYYYQn"),
        (QUARTER, r"^params/2015Q1\.yml: it exists already, so 2015Q1 was started before\."),
        (
            "2014Q3",
            r"^Q='2014Q3': there is no earlier quarter under data/raw to start from\. Write params/2014Q3\.yml, "
            r"params/2014Q3\.md and data/raw/2014Q3/sources\.yml of a first quarter by hand: docs/how-to/",
        ),
    ],
)
def test_a_quarter_that_cannot_start_leaves_nothing_behind(project_copy, label, words):
    before = digests(project_copy.root)
    folders = sorted(path for path in project_copy.root.rglob("*") if path.is_dir())
    with pytest.raises(UsageError, match=words):
        new_quarter(project_copy, label)
    assert digests(project_copy.root) == before
    assert sorted(path for path in project_copy.root.rglob("*") if path.is_dir()) == folders


@pytest.mark.parametrize("left", ["params/2015Q2.md", "data/raw/2015Q2/sources.yml"])
def test_what_an_unfinished_start_left_is_named(project_copy, left):
    path = project_copy.root / left
    path.parent.mkdir(exist_ok=True)
    path.write_text("work of a person", encoding="utf-8")
    with pytest.raises(UsageError, match=re.escape(f"{left}: it exists already")):
        new_quarter(project_copy, "2015Q2")
    assert path.read_text(encoding="utf-8") == "work of a person"
    assert not project_copy.params(Quarter.parse("2015Q2")).exists()


@pytest.mark.parametrize("missing", ["params/2015Q1.yml", "params/2015Q1.md", "data/raw/2015Q1/sources.yml"])
def test_an_earlier_quarter_that_is_not_whole_is_named_and_nothing_is_half_made(project_copy, missing):
    (project_copy.root / missing).unlink()
    before = digests(project_copy.root)
    try:
        with pytest.raises(PanelPackError, match=re.escape(missing)):
            new_quarter(project_copy, "2015Q2")
    finally:
        assert digests(project_copy.root) == before
        assert not (project_copy.root / "data/raw/2015Q2").exists()


def test_a_folder_that_is_no_quarter_is_not_started_from(project_copy):
    shutil.copytree(project_copy.root / "data/raw/2015Q1", project_copy.root / "data/raw/2015Q1-old")
    assert new_quarter(project_copy, "2015Q2")[0] == "made params/2015Q2.yml (from 2015Q1)"


# ------------------------------------------------------------------------------------------------ every emptied key
EVERY_KEY = """\
availability:
  drug_treatment: {status: embargoed, release_date: 2015-11-05, reason: r}
  victim_survey: {status: suppressed, release_date: 2015-10-01, reason: r}
  savings: {status: redacted, by: Chief Executive, until: 2016-02-01, reason: r}
  night_time_economy: {status: redacted, by: Chief Executive, until: the inquest ends, reason: r}
"""


def with_every_key(project, quarter):
    """Give the quarter that a new one is started from every key that may be emptied."""
    path = project.params(quarter)
    text = path.read_text(encoding="utf-8").replace("\nmeeting_date:", "\ndata_due: 2015-08-01\nmeeting_date:")
    before, _, rest = text.partition("availability:\n")
    rest = rest[rest.index("assessments:\n") :]
    path.write_text(f"{before}{EVERY_KEY}{rest}", encoding="utf-8")
    Configuration.read(project, quarter)  # it may be started from


def leaves(data, at=()):
    """Yield the place of everything in a YAML file, and what stands there."""
    yield at, data
    inside = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    for key, value in inside:
        yield from leaves(value, (*at, key))


def test_each_key_that_is_emptied_stops_validation_with_its_line_or_is_an_open_point(project_copy, quarter):
    with_every_key(project_copy, quarter)
    lines = new_quarter(project_copy, "2015Q2")
    later = quarter.shift(1)
    path = project_copy.params(later)
    data, line_of = read_yaml(path)
    emptied = [at for at, value in leaves(data) if value is None]
    assert {at[-1] for at in emptied} >= {
        "meeting_date", "data_due", "release_date", "until", "assessment", "became", "framework_meeting"
    }  # fmt: skip
    for at in emptied:  # each is told when the quarter starts
        assert any(line.startswith(f"  params/2015Q2.yml, line {line_of[at]}: ") for line in lines), at
    with pytest.raises(ConfigurationError) as caught:
        Configuration.read(project_copy, later)
    told = {int(number) for found in re.findall(r"lines? ([\d, and]+):", str(caught.value))
            for number in re.findall(r"\d+", found)}  # fmt: skip
    stops = [at for at in emptied if at[0] not in ("dates", "next_steps")]
    assert told == {line_of[at] for at in stops}
    # One set after the other, each of the others goes on stopping.
    for at in stops:
        text = path.read_text(encoding="utf-8").splitlines()
        of_key = {"assessment": "no_change", "until": "the inquest ends"}
        text[line_of[at] - 1] = re.sub(
            rf"\b{at[-1]}:\s*", f"{at[-1]}: {of_key.get(at[-1], '2015-12-02')}", text[line_of[at] - 1]
        )
        if at != stops[-1]:
            with pytest.raises(ConfigurationError):
                Configuration.read(project_copy, later)
        path.write_text("\n".join(text) + "\n", encoding="utf-8")
    office = Configuration.read(project_copy, later)
    results = [judged(name) for name in office.plan.figures]
    points = {point.at for point in open_in_writing(office, results)}
    assert {at for at in emptied if at not in stops} <= points


def judged(name):
    return SimpleNamespace(indicator=name, title=name, scored=True, verdict="no_change")


def test_of_the_sources_each_emptied_key_stops_with_its_line(project_copy, quarter):
    new_quarter(project_copy, "2015Q2")
    later = quarter.shift(1)
    set_days(project_copy.params(later))
    path = project_copy.raw(later) / SOURCES_FILE
    data, line_of = read_yaml(path)
    received = [at for at, value in leaves(data) if value is None and at[-1] == "received"]
    assert len(received) == len(data["files"])
    text = path.read_text(encoding="utf-8")
    for at in received:  # all but one are set
        other = text.splitlines()
        for each in received:
            if each != at:
                other[line_of[each] - 1] += " 2015-10-20"
        path.write_text("\n".join(other), encoding="utf-8")
        with pytest.raises(ConfigurationError, match=rf"line {line_of[at]}: received: not received yet"):
            _ = Configuration.read(project_copy, later).sources
    path.write_text(text.replace("received:", "received: 2015-10-20"), encoding="utf-8")
    with pytest.raises(ConfigurationError, match=r"line \d+: drug_treatment\.csv: .* embargoed_until belong together"):
        _ = Configuration.read(project_copy, later).sources
    path.write_text(path.read_text().replace("embargoed_until:", "embargoed_until: 2016-02-04"), encoding="utf-8")
    office = Configuration.read(project_copy, later)
    problems = check_sources(office)
    assert len(problems) == len(data["files"]) and all("not received yet" in problem for problem in problems)


# ------------------------------------------------------------------------------------------------ embargoes
def test_an_embargo_of_the_last_quarter_never_lets_the_new_figures_out(project_copy, quarter):
    """The made-up 2015Q2: the release of the old figures is past at its meeting, and nothing is known of the new."""
    later = quarter.shift(1)
    new_quarter(project_copy, str(later))
    path = project_copy.params(later)
    set_days(path)
    text = path.read_text(encoding="utf-8")
    unset = text.replace("release_date: 2016-02-04", "release_date:")
    for written, said in (
        (unset, r"line \d+: release_date: not set yet\. Write the day from which it may be shown"),
        (unset.replace("    release_date:\n", ""), r"line \d+: an embargo needs a release_date\. Add it\."),
    ):
        path.write_text(written, encoding="utf-8")
        with pytest.raises(ConfigurationError, match=said):
            Configuration.read(project_copy, later)
    path.write_text(text, encoding="utf-8")
    office = Configuration.read(project_copy, later)
    assert office.parameters.withheld("drug_treatment") == "embargoed"
    assert "drug_treatment" not in office.shown_tables
    # Without an entry the sources contradict it: they still say that the file is embargoed.
    start, end = text.index("  drug_treatment:"), text.index("  reoffending_cohorts:")
    path.write_text(text[:start] + text[end:], encoding="utf-8")
    sources = project_copy.raw(later) / SOURCES_FILE
    for day in ("", "2016-02-04"):
        written = sources.read_text(encoding="utf-8").replace("received:\n", "received: 2015-10-20\n")
        sources.write_text(written.replace("embargoed_until:\n", f"embargoed_until: {day}\n"), encoding="utf-8")
        office = Configuration.read(project_copy, later)
        try:
            said = check_sources(office)
        except ConfigurationError as error:
            said = [str(error)]
        assert any("embargoed_until belong together" in line or "Make them agree" in line for line in said)


# ------------------------------------------------------------------------------------------------ what is awaited
@pytest.mark.parametrize("others", [True, False])
def test_what_was_awaited_is_expected_in_the_new_quarter(project_copy, quarter, others):
    path = project_copy.params(quarter)
    text = path.read_text(encoding="utf-8")
    start, end = text.index("availability:\n"), text.index("assessments:\n")
    entries = text[start:end] if others else "availability:\n"
    entries += "  savings:\n    status: awaited\n    reason: Late.\n    expected: 2015-10-01\n"
    path.write_text(text[:start] + entries + text[end:], encoding="utf-8")
    lines = new_quarter(project_copy, "2015Q2")
    made = read_yaml(project_copy.params(Quarter.parse("2015Q2")))[0]
    assert set(made["availability"]) == ({"drug_treatment", "reoffending_cohorts"} if others else set())
    assert any("savings was awaited in 2015Q1 and is expected now" in line for line in lines)


def test_names_of_files_with_dates_and_sentences_with_dates_are_told(project_copy, quarter):
    folder = project_copy.raw(quarter)
    path = folder / SOURCES_FILE
    text = path.read_text(encoding="utf-8").replace("savings.csv:", "savings 2015Q1.csv:")
    path.write_text(text, encoding="utf-8")
    commentary = project_copy.commentary(quarter)
    commentary.write_text(f"# A\n\nOn 11 September a board met.\n\n{commentary.read_text()}", encoding="utf-8")
    lines = new_quarter(project_copy, "2015Q2")
    assert [line for line in lines if "its name carries a date" in line and "savings 2015Q1.csv" in line]
    assert "  params/2015Q2.md, line 3: names a date of 2015Q1: On 11 September a board met." in lines
