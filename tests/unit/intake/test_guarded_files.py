"""Guarded files arrive and are checked: by a keyed hash alone, of which no other salt is drawn than the first."""

import hashlib
import hmac
import re
import shutil

import pytest

from panelpack.config.configuration import Configuration
from panelpack.config.sources import NOT_RECEIVED, SOURCES_FILE, load_sources
from panelpack.config.strict_yaml import load
from panelpack.errors import ConfigurationError
from panelpack.intake.files import check_sources
from panelpack.intake.receiving import Listed, receive
from panelpack.intake.tables import files_there
from panelpack.periods import Quarter
from running import digests

RAW = "data/raw/2015Q1"
EMBARGOED, PERSONS, INTERNAL = "drug_treatment.csv", "missing_people.csv", "victim_survey.csv"
LOST = "its salt ({}.salt) is not there, so nobody can check that this is the file that was received."


@pytest.fixture
def folder(project_copy, quarter):
    return project_copy.raw(quarter)


@pytest.fixture
def check(project_copy, quarter):
    return lambda: check_sources(Configuration.read(project_copy, quarter))


def edit(folder, *changes):
    path = folder / SOURCES_FILE
    text = path.read_text(encoding="utf-8")
    for pattern, new in changes:
        text, count = re.subn(pattern, new, text)
        assert count, pattern
    path.write_text(text, encoding="utf-8")


def entry(name):
    """A pattern that ends before the keyed hash of an entry."""
    return rf"(  {re.escape(name)}:\n(?:    .*\n)*?    )keyed_sha256: \w+"


def made_plain(folder, name, rows=""):
    """Record a file as it was before there were keyed hashes, without a salt."""
    plain = hashlib.sha256((folder / name).read_bytes()).hexdigest()
    edit(folder, (entry(name), rf"\g<1>sha256: {plain}{rows}"))
    (folder / f"{name}.salt").unlink()
    return plain


def keyed(folder, name):
    salt = bytes.fromhex((folder / f"{name}.salt").read_text(encoding="utf-8").strip())
    return hmac.digest(salt, (folder / name).read_bytes(), "sha256").hex()


# ------------------------------------------------------------------------------------------------ they arrive
@pytest.mark.parametrize("name", [EMBARGOED, PERSONS, INTERNAL])
def test_a_keyed_hash_takes_the_place_of_what_gave_a_file_away(folder, name):
    plain = made_plain(folder, name, "\n    rows: 9\n    derived_from: {file: x.ods, sha256: " + "a" * 64 + ", by: us}")
    lines = receive(folder)
    source = load_sources(folder).files[name]
    assert (source.keyed_sha256, source.rows, source.gives_away) == (keyed(folder, name), None, [])
    assert source.derived_from and source.derived_from.sha256 is None
    assert lines == [
        f"{name}: its sha256 gave it away, now keyed_sha256 {keyed(folder, name)[:12]}",
        f"A salt was drawn for {name}. Keep each with its file, never in git: docs/how-to/guarded-files.md",
    ]
    text = (folder / SOURCES_FILE).read_text(encoding="utf-8")
    assert plain not in text and "a" * 64 not in text
    assert receive(folder) == [f"{RAW}/sources.yml: every checksum is up to date"]


def test_a_table_about_persons_is_guarded_though_its_file_is_called_public(folder, check):
    edit(folder, (rf"(  {PERSONS}:\n(?:    .*\n)*?    sensitivity: )internal", r"\g<1>public"))
    made_plain(folder, PERSONS)
    (said,) = check()
    assert said == (
        f"{RAW}/sources.yml: {PERSONS} is about persons, so its sha256 would let it be guessed, expected keyed_sha256 "
        "alone. Type make receive Q=2015Q1, which writes it instead."
    )
    receive(folder)
    assert check() == []


@pytest.mark.parametrize("status", ["suppressed", "redacted"])
def test_a_public_file_is_guarded_while_the_parameters_withhold_it(project_copy, quarter, folder, check, status):
    params = project_copy.params(quarter)
    text = params.read_text(encoding="utf-8")
    until = ", by: Legal Adviser, until: 2016-02-01" if status == "redacted" else ""
    withheld = f"availability:\n  night_time_economy: {{status: {status}, reason: Few.{until}}}\n"
    params.write_text(text.replace("availability:\n", withheld, 1), encoding="utf-8")
    (said,) = check()
    assert f"night_time_economy.csv is {status}, so its sha256 and rows would let it be guessed" in said
    receive(folder)
    assert load_sources(folder).files["night_time_economy.csv"].gives_away == []
    params.write_text(text, encoding="utf-8")
    assert check() == [], "an entry that stays keyed when its file is open is fine"
    receive(folder)
    assert load_sources(folder).files["night_time_economy.csv"].is_keyed


def test_a_file_that_is_replaced_keeps_its_salt_and_its_plain_checksum_is_not_told(folder):
    salt, old = (folder / f"{EMBARGOED}.salt").read_bytes(), keyed(folder, EMBARGOED)
    with (folder / EMBARGOED).open("a", encoding="utf-8") as file:
        file.write("2015Q2,270,40\n")
    said = receive(folder)[0]
    assert said == f"{EMBARGOED}: replaced, keyed_sha256 {old[:12]} before, now {keyed(folder, EMBARGOED)[:12]}"
    assert (folder / f"{EMBARGOED}.salt").read_bytes() == salt
    assert hashlib.sha256((folder / EMBARGOED).read_bytes()).hexdigest()[:12] not in said


def test_where_the_salt_is_lost_no_other_is_drawn_until_the_hash_is_taken_out(folder, check):
    (folder / f"{EMBARGOED}.salt").unlink()
    before = digests(folder)
    assert receive(folder)[0] == (
        f"{EMBARGOED}: {LOST.format(EMBARGOED)} Put the salt back; if it is lost, take its keyed_sha256 out of "
        f"{RAW}/sources.yml and type make receive Q=2015Q1 once more, which commits to the file as it now is"
    )
    assert digests(folder) == before
    edit(
        folder,
        (entry(EMBARGOED) + "\n", r"\g<1>sensitivity: embargoed\n"),
        (r"(?<=\n)    sensitivity: embargoed\n(?=(    .*\n)*?    sensitivity)", ""),
    )
    receive(folder)
    assert load_sources(folder).files[EMBARGOED].keyed_sha256 == keyed(folder, EMBARGOED) and check() == []


def test_a_guarded_file_that_is_gone_keeps_what_is_known_of_it(folder):
    made_plain(folder, EMBARGOED)
    (folder / PERSONS).unlink()
    (folder / EMBARGOED).unlink()
    before = digests(folder)
    assert receive(folder) == [f"{name}: the file is gone. Put it back" for name in (EMBARGOED, PERSONS)]
    assert digests(folder) == before


def test_a_quarter_that_is_begun_knows_what_is_about_persons(project_copy, quarter, folder):
    """Before the day of the meeting is set much cannot be read, but the plan can."""
    edit(folder, (rf"(  {PERSONS}:\n(?:    .*\n)*?    sensitivity: )internal", r"\g<1>public"))
    made_plain(folder, PERSONS)
    params = project_copy.params(quarter)
    text = re.sub("meeting_date: .*", "meeting_date:", params.read_text(encoding="utf-8"))
    params.write_text(text, encoding="utf-8")
    receive(folder)
    assert load(folder / SOURCES_FILE, Listed).files[PERSONS].keyed_sha256 == keyed(folder, PERSONS)


# ---------------------------------------------------------------------------------- several files of one table
@pytest.fixture
def by_month(project_copy, folder):
    """The embargoed table as two files of a pattern, which a salt fits too, received."""
    plan = project_copy.root / "params" / "plan.yml"
    text = plan.read_text(encoding="utf-8")
    assert f"file: {EMBARGOED}" in text
    plan.write_text(text.replace(f"file: {EMBARGOED}", 'files: "drug*"\n    layout: {format: csv}'), encoding="utf-8")
    (folder / f"{EMBARGOED}.salt").unlink()
    head, *rows = (folder / EMBARGOED).read_text(encoding="utf-8").splitlines()
    (folder / EMBARGOED).unlink()
    for name, part in (("drug 1.csv", rows[:4]), ("drug 2.csv", rows[4:])):
        (folder / name).write_text("\n".join([head, *part]) + "\n", encoding="utf-8")
    edit(folder, (entry(EMBARGOED), r"\g<1>sha256: " + NOT_RECEIVED), (rf"  {EMBARGOED}:", '  "drug*":'))
    return receive(folder)


def test_each_file_of_a_pattern_has_its_keyed_hash_and_salt(by_month, project_copy, quarter, folder, check):
    hashes = {name: keyed(folder, name) for name in ("drug 1.csv", "drug 2.csv")}
    assert load_sources(folder).files["drug*"].keyed_sha256 == hashes
    assert by_month == [
        "drug*: " + "; ".join(f"{name} received, keyed_sha256 {made[:12]}" for name, made in hashes.items()),
        "A salt was drawn for drug 1.csv, drug 2.csv. Keep each with its file, never in git: "
        "docs/how-to/guarded-files.md",
    ]
    assert check() == []
    table = Configuration.read(project_copy, quarter).plan.tables["drug_treatment"]
    assert [path.name for path in files_there(folder, table)] == sorted(hashes)


def test_of_several_files_each_is_told_as_it_is(by_month, folder, check):
    first, old = keyed(folder, "drug 1.csv"), keyed(folder, "drug 2.csv")
    shutil.copyfile(folder / "drug 1.csv", folder / "drug 3.csv")
    (folder / "drug 1.csv.salt").unlink()
    with (folder / "drug 2.csv").open("a", encoding="utf-8") as file:
        file.write("2015Q2,270,40\n")
    said, drawn = receive(folder)[:2]
    second, third = keyed(folder, "drug 2.csv"), keyed(folder, "drug 3.csv")
    assert said.startswith(f"drug*: drug 1.csv {LOST.format('drug 1.csv')}")
    assert said.endswith(
        f"; drug 2.csv replaced, keyed_sha256 {old[:12]} before, now {second[:12]}; "
        f"drug 3.csv received, keyed_sha256 {third[:12]}"
    )
    assert drawn.startswith("A salt was drawn for drug 3.csv.")
    assert load_sources(folder).files["drug*"].keyed_sha256 == {
        **{"drug 1.csv": first, "drug 2.csv": second, "drug 3.csv": third}
    }
    (said,) = check()
    assert said.startswith(f"{RAW}/drug 1.csv: it cannot be checked, since its salt is not there")


# ------------------------------------------------------------------------------------------------ they are checked
def test_a_changed_file_and_a_changed_salt_are_told_without_a_plain_checksum(folder, check):
    recorded = keyed(folder, EMBARGOED)
    with (folder / EMBARGOED).open("a", encoding="utf-8") as file:
        file.write("2015Q2,270,40\n")
    (folder / f"{PERSONS}.salt").write_text("1" * 64 + "\n", encoding="utf-8")
    said = check()
    assert said[0] == (
        f"{RAW}/{EMBARGOED}: keyed_sha256 is {keyed(folder, EMBARGOED)}, sources.yml has {recorded}: this is not the "
        "file that was received, or not its salt. If the supplier sent a new file, record it with: "
        "make receive Q=2015Q1"
    )
    assert len(said) == 2 and said[1].startswith(f"{RAW}/{PERSONS}: keyed_sha256 is {keyed(folder, PERSONS)}, ")


def test_a_salt_that_is_missing_or_none_is_told(folder, check):
    (folder / f"{EMBARGOED}.salt").unlink()
    (folder / f"{PERSONS}.salt").write_text("pepper", encoding="utf-8")
    assert check() == [
        f"{RAW}/{EMBARGOED}: it cannot be checked, since its salt is not there, expected {EMBARGOED}.salt beside it. "
        "Put the salt back; docs/how-to/guarded-files.md says what to do if it is lost.",
        f"{RAW}/{PERSONS}.salt: this is no salt, expected 64 digits of 0 to 9 and a to f. Restore it from where the "
        "office keeps it.",
    ]


def test_a_guarded_file_that_is_gone_is_missing(folder, check):
    known = keyed(folder, EMBARGOED)
    (folder / EMBARGOED).unlink()
    assert check() == [
        f"{RAW}/{EMBARGOED}: the file is missing. It was received (keyed_sha256 {known[:12]}): put it back."
    ]


def test_the_files_of_the_quarter_before_are_guarded_too(project_copy, check):
    """They are inputs of this quarter, so this quarter's manifest would give them away."""
    before = project_copy.raw(Quarter.parse("2014Q4"))
    made_plain(before, EMBARGOED)
    (before / f"{PERSONS}.salt").unlink()
    told, unsalted = check()
    assert told.startswith(f"data/raw/2014Q4/sources.yml: {EMBARGOED} is under embargo, so its sha256 would let it be")
    assert told.endswith("Type make receive Q=2014Q4, which writes it instead.")
    assert unsalted.startswith(f"data/raw/2014Q4/{PERSONS}: it cannot be checked, since its salt is not there")
    receive(before)
    assert check() == [unsalted]


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ("sha256: " + "a" * 64, "sha256 beside keyed_sha256 would let the file be guessed"),
        ("rows: 9", "rows beside keyed_sha256 would let the file be guessed"),
        (f"derived_from: {{file: x.ods, sha256: {'a' * 64}, by: us}}", "derived_from.sha256 beside keyed_sha256"),
    ],
)
def test_beside_a_keyed_hash_stands_nothing_that_gives_the_file_away(folder, more, expected):
    edit(folder, (entry(EMBARGOED), rf"\g<0>\n    {more}"))
    with pytest.raises(ConfigurationError, match=expected):
        load_sources(folder)
    receive(folder)
    assert load_sources(folder).files[EMBARGOED].gives_away == []


def test_of_an_open_file_it_is_said_by_a_checksum_what_it_was_made_from(folder):
    edit(folder, (r"(  savings\.csv:\n)", r"\g<1>    derived_from: {file: x.ods, by: us}\n"))
    with pytest.raises(ConfigurationError, match=r"savings\.csv: derived_from has no sha256 of that file"):
        load_sources(folder)
