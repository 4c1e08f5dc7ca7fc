"""The leak test finds the packs of an atlas by itself."""

import running
from leaks.offices import OfficeCopy, find_offices, find_packs, quarters_of


def pack(folder, release, force, quarter):
    office = folder / release / force / quarter
    for name in (f"params/{quarter}.yml", "params/plan.yml", f"data/raw/{quarter}/table.csv", f"outputs/{quarter}/a"):
        (office / name).parent.mkdir(parents=True, exist_ok=True)
        (office / name).write_text("a text", encoding="utf-8")
    return office


def test_the_latest_pack_of_each_force_is_found(tmp_path):
    pack(tmp_path, "october", "westmoor", "2014Q4")
    latest = [pack(tmp_path, release, force, "2015Q1") for release in ("october", "april") for force in ("a", "b")]
    latest.append(pack(tmp_path, "october", "westmoor", "2015Q1"))
    assert find_packs(tmp_path) == sorted(latest)
    assert [quarters_of(office) for office in latest] == [["2015Q1"]] * 5
    assert find_packs(tmp_path / "none") == []


def test_its_copy_has_what_it_was_made_from_and_the_software_is_the_one_here(tmp_path):
    office = pack(tmp_path / "atlas", "october", "westmoor", "2015Q1")
    copy = OfficeCopy.make(office, "2015Q1", tmp_path / "copy")
    found = sorted(path.relative_to(copy.office).as_posix() for path in copy.office.rglob("*") if path.is_file())
    assert found == ["data/raw/2015Q1/table.csv", "params/2015Q1.yml", "params/plan.yml"]
    assert copy.root == running.ROOT


def test_every_office_in_git_is_found_too():
    assert any(office.parent.name == "examples" for office in find_offices())
