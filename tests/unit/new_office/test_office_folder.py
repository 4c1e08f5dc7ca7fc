"""A new office's folder: what stands in it, what is never overwritten, and that nothing is half made."""

import re
import shutil

import pytest
import yaml

import official_rows
import running
from panelpack.config.official import official_text
from panelpack.config.plan_checks import load_plan
from panelpack.config.sources import NOT_RECEIVED
from panelpack.config.strict_yaml import load
from panelpack.errors import ConfigurationError, PanelPackError, UsageError
from panelpack.intake.receiving import Listed
from panelpack.new_office.later_table import official_table
from panelpack.new_office.measure_list import COLUMNS
from panelpack.new_office.office_folder import new_office
from panelpack.new_office.order import read_order
from panelpack.project import Project, digest

SOFTWARE = Project(running.ROOT)


@pytest.fixture(scope="module")
def table(tmp_path_factory):
    return official_rows.write(tmp_path_factory.mktemp("published") / "table.csv.gz")


def order(table, folder, **changes: str):
    given = {"FORCE": "Fen & Marsh", "Q": "2014Q4", "BASELINE": "2013/14", "DATA": str(table), "TO": str(folder)}
    return read_order({**given, **changes})


def measures(folder, *lines: str) -> str:
    (folder / "measures.csv").write_text("\n".join([",".join(COLUMNS), *lines]) + "\n", encoding="utf-8")
    return str(folder / "measures.csv")


def everything(folder):
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


@pytest.fixture(scope="module")
def made(table, tmp_path_factory):
    folder = tmp_path_factory.mktemp("office") / "fen"
    return folder, new_office(SOFTWARE, order(table, folder))


def test_the_folder_has_what_a_first_pack_needs(made):
    folder, _ = made
    assert everything(folder) == [
        "data/raw/.gitignore",
        "data/raw/2014Q4/official_crime.csv.gz",
        "data/raw/2014Q4/sources.yml",
        "params/2014Q4.md",
        "params/2014Q4.yml",
        "params/plan.yml",
    ]


def test_the_plan_reads_as_it_was_checked(made):
    folder, _ = made
    path = folder / "params" / "plan.yml"
    data, plan = yaml.safe_load(path.read_text(encoding="utf-8")), load_plan(path, *SOFTWARE.layouts)
    assert data["office"]["commissioner"] == "Police and Crime Commissioner for Fen and Marsh"
    assert data["office"]["official_force"] == "none"  # the publisher has no such force
    assert data["tables"]["official_crime"]["layout"]["only"] == {"Force Name": "Fen & Marsh"}
    assert plan.tables["official_crime"].columns["Quarter"] == "quarter"
    assert plan.series["shoplifting"].where == {"Offence Subgroup": "Shoplifting"}


def test_the_source_says_what_it_was_cut_from_and_the_day_is_left_to_the_office(made, table):
    folder, _ = made
    source = load(folder / "data/raw/2014Q4/sources.yml", Listed).files["official_crime.csv.gz"]
    assert source.sha256 == digest(folder / "data/raw/2014Q4/official_crime.csv.gz")
    assert source.derived_from and source.derived_from.sha256 == digest(table)
    assert source.received is None and "2014Q4" in source.derived_from.by


def test_the_draft_has_no_typed_figure(made):
    folder, _ = made
    text = (folder / "params" / "2014Q4.md").read_text(encoding="utf-8")
    outside = "".join(part.split("}}")[-1] for part in text.split("{{"))
    numbers = [word for word in outside.split() if any(sign.isdigit() for sign in word)]
    assert all(word.startswith("P") for word in numbers)  # the ids of boxes


def test_what_the_force_has_no_rows_of_is_left_out_and_told(made):
    _, lines = made
    assert any(line.startswith("left out: Rape: the force has no rows") for line in lines)


def test_it_ends_with_what_to_do_next(made):
    folder, lines = made
    after = lines[lines.index("Next:") :]
    assert any("meeting_date" in line for line in after) and any(
        f"make quarter OFFICE={folder}" in line for line in after
    )


@pytest.mark.parametrize(
    "name", ["params/plan.yml", "params/2014Q4.yml", "params/2014Q4.md", "data/raw/2014Q4/sources.yml"]
)
def test_what_exists_is_never_overwritten(table, tmp_path, name):
    path = tmp_path / "office" / name
    path.parent.mkdir(parents=True)
    path.write_text("mine", encoding="utf-8")
    with pytest.raises(UsageError, match="it exists already, and is never overwritten"):
        new_office(SOFTWARE, order(table, tmp_path / "office"))
    assert everything(tmp_path / "office") == [name] and path.read_text(encoding="utf-8") == "mine"


BAD = "robbery,Box,Robbery,counts,Offence Group=Robbery,,lower,,,,"


@pytest.mark.parametrize(
    "changes",
    [
        {"FORCE": "Atlantis"},
        {"Q": "2016Q1"},
        {"BASELINE": "2010/11"},
        {"DATA": __file__},
        {"DATA": "nowhere.csv"},
        {"MEASURES": "nowhere.csv"},
        {"MEASURES": BAD},
    ],
)
def test_an_error_leaves_nothing_behind(table, tmp_path, changes):
    if changes.get("MEASURES") == BAD:
        changes = {"MEASURES": measures(tmp_path, BAD)}
    with pytest.raises(PanelPackError) as error:
        new_office(SOFTWARE, order(table, tmp_path / "office", **changes))
    assert not (tmp_path / "office").exists() and "\n" not in str(error.value)


def test_a_disk_that_fails_halfway_leaves_nothing_behind(table, tmp_path, monkeypatch):
    write, written = type(tmp_path).write_bytes, []

    def fail(path, content):
        written.append(path)
        if len(written) == 4:
            raise OSError(28, "No space left on device")
        return write(path, content)

    monkeypatch.setattr(type(tmp_path), "write_bytes", fail)
    with pytest.raises(UsageError, match="No space left"):
        new_office(SOFTWARE, order(table, tmp_path / "deep" / "office"))
    assert list(tmp_path.iterdir()) == []


def test_a_mistake_that_only_the_whole_plan_shows_is_told_by_the_row_of_the_list(table, tmp_path):
    lines = [
        "theft,Box,Theft,count,Offence Group=Theft offences,,lower,,none,,",
        "shoplifting,Box,Shoplifting,count,Offence Subgroup=Shoplifting,,lower,,,,theft",
        "burglary,Box,Burglary,count,Offence Subgroup=Domestic burglary,,neither,,printed_precision,,",
    ]
    with pytest.raises(ConfigurationError) as error:
        new_office(SOFTWARE, order(table, tmp_path / "office", MEASURES=measures(tmp_path, *lines)))
    places = [line.partition(": ")[0].rpartition(", ")[2] for line in str(error.value).splitlines()]
    assert places == ["row 3", "row 4"]


def test_a_rate_is_refused_where_the_residents_are_not_known(table, tmp_path):
    lines = ["theft,Box,Theft,rate,Offence Group=Theft offences,,lower,,,,"]
    with pytest.raises(ConfigurationError, match=r"row 2: kind: residents_by_force\.csv: it has no 'Fen & Marsh'"):
        new_office(SOFTWARE, order(table, tmp_path / "office", MEASURES=measures(tmp_path, *lines)))


def test_a_rate_is_per_the_residents_of_a_day_known_by_the_quarter(tmp_path):
    from panelpack.new_office.residents import read_residents
    from panelpack.periods import Quarter

    force = SOFTWARE.residents_by_force.read_text(encoding="utf-8").splitlines()[2].partition(",")[0]
    days = {
        label: read_residents(SOFTWARE, force, Quarter.parse(label)).day.isoformat() for label in ("2014Q4", "2020Q3")
    }
    assert days == {"2014Q4": "2011-03-27", "2020Q3": "2019-06-30"}
    with pytest.raises(ConfigurationError, match="no day of it was known"):
        read_residents(SOFTWARE, force, Quarter.parse("2010Q4"))


def test_a_force_with_few_residents_has_no_rate(tmp_path):
    lines = ["theft,Box,Theft,rate,Offence Group=Theft offences,,lower,,,,"]
    forces = ("Westmoor", "London, City of")
    table = official_rows.write(tmp_path / "table.csv", official_rows.rows(forces))
    with pytest.raises(ConfigurationError, match="row 2: kind: a rate of residents says nothing of London, City of"):
        new_office(
            SOFTWARE, order(table, tmp_path / "office", FORCE="London, City of", MEASURES=measures(tmp_path, *lines))
        )


def test_the_same_order_makes_the_same_files(made, table, tmp_path):
    folder, _ = made
    new_office(SOFTWARE, order(table, tmp_path / "again"))
    assert running.digests(tmp_path / "again") == running.digests(folder)


def test_no_measure_at_all_with_figures_is_an_office_too(table, tmp_path):
    lines = ["confidence,Box,Confidence,share,awaited: the survey is not public,,higher,,,,"]
    new_office(SOFTWARE, order(table, tmp_path / "office", MEASURES=measures(tmp_path, *lines)))
    assert yaml.safe_load((tmp_path / "office/params/plan.yml").read_text(encoding="utf-8"))["series"] == {}


def test_a_guarded_entry_of_the_official_table_gets_no_plain_checksum(table, tmp_path):
    folder = tmp_path / "fen"
    new_office(SOFTWARE, order(table, folder))
    raw = folder / "data" / "raw" / "2014Q4"
    (raw / "official_crime.csv.gz").unlink()
    text = (raw / "sources.yml").read_text(encoding="utf-8")
    text = re.sub(r"\n    sha256: .*\n    rows: .*", f"\n    keyed_sha256: {NOT_RECEIVED}", text)
    (raw / "sources.yml").write_text(text, encoding="utf-8")
    said = official_table(Project(SOFTWARE.root, folder), "2014Q4", str(table))
    source = load(raw / "sources.yml", Listed).files["official_crime.csv.gz"]
    assert source.derived_from and source.gives_away == []
    assert said[-1] == "Type make receive Q=2014Q4, which records the keyed hash."


def sources_of(folder, quarter="2014Q4"):
    path = folder / "data" / "raw" / quarter / "sources.yml"
    return path, load(path, Listed).files["official_crime.csv.gz"]


def test_the_release_of_a_table_that_is_not_known_is_left_to_be_set(made):
    folder, said = made
    path, source = sources_of(folder)
    assert source.release is None and "release" in source.model_fields_set
    assert re.search(r"^# release: .*set it\.$", path.read_text(encoding="utf-8"), re.MULTILINE)
    assert any(line.endswith(f"and received and release in {path}.") for line in said)


@pytest.fixture
def software(table, tmp_path):
    """The software, with a release of which the small table is a file."""
    root = tmp_path / "software"
    for name in ("data", "params"):
        shutil.copytree(SOFTWARE.root / name, root / name, ignore=shutil.ignore_patterns("raw", "processed"))
    record = root / "data" / "comparators" / "made_from.yml"
    lines = record.read_text(encoding="utf-8").splitlines()
    first = lines.index("sources:") + 1
    lines[first] = f"  table.csv.gz: {digest(table)}"
    record.write_text("\n".join([*lines, ""]), encoding="utf-8")
    return Project(root)


def test_the_release_of_a_table_that_is_known_by_its_checksum_is_written(software, table, tmp_path):
    folder = tmp_path / "fen"
    said = new_office(software, order(table, folder))
    path, source = sources_of(folder)
    assert source.release == "October 2023" and "set it" not in path.read_text(encoding="utf-8").splitlines()[1]
    assert any(line.endswith(f"and received in {path}.") for line in said)
    # A later quarter starts without it, and the table brings it back.
    text = path.read_text(encoding="utf-8").replace("release: October 2023", "release:")
    (folder / "data" / "raw" / "2014Q4" / "official_crime.csv.gz").unlink()
    for written in (text, text.replace("    release:\n", "")):
        path.write_text(written, encoding="utf-8")
        official_table(Project(software.root, folder), "2014Q4", str(table))
        assert sources_of(folder)[1].release == "October 2023"


def test_a_later_table_of_no_known_release_asks_for_it(table, tmp_path):
    folder = tmp_path / "fen"
    new_office(SOFTWARE, order(table, folder))
    path, _ = sources_of(folder)
    (folder / "data" / "raw" / "2014Q4" / "official_crime.csv.gz").unlink()
    path.write_text(path.read_text(encoding="utf-8").replace("    release:\n", "    release: July 2015\n"), "utf-8")
    said = official_table(Project(SOFTWARE.root, folder), "2014Q4", str(table))
    assert said[-1].endswith("the day on which the table came (received), and which release it is of (release).")
    assert sources_of(folder)[1].release == "July 2015"  # what a person wrote stays


def test_a_force_of_the_official_tables_is_compared_by_what_each_series_counts(table, tmp_path):
    """The rows are made up; a force of a name that is known is enough."""
    lines = [
        "all,Box,All,count,all,,lower,,,,",
        "theft,Box,Theft,count,Offence Group=Theft offences,,lower,,,,",
        "homes,Box,Homes,count,Offence Group=Theft offences | Offence Subgroup=Domestic burglary,,lower,,,,",
        "shops,Box,Shops,count,Offence Description=Shoplifting,,lower,,,,",
    ]
    known = official_rows.write(tmp_path / "known.csv", official_rows.rows(("Kent", "Surrey")))
    new_office(SOFTWARE, order(known, tmp_path / "kent", FORCE="Kent", MEASURES=measures(tmp_path, *lines)))
    series = load_plan(tmp_path / "kent/params/plan.yml", *SOFTWARE.layouts).series
    official = {name: one.official and official_text(one.official) for name, one in series.items()}
    theft, homes = {"groups": ["Theft offences"]}, {"subgroups": ["Domestic burglary"]}
    assert official == {"all": "all", "theft": theft, "homes": homes, "shops": None}
    new_office(SOFTWARE, order(table, tmp_path / "fen", MEASURES=measures(tmp_path, *lines)))
    series = load_plan(tmp_path / "fen/params/plan.yml", *SOFTWARE.layouts).series
    assert all(one.official is None for one in series.values())  # a force of no official table
