"""The example offices: made by the commands from the official table, and run through their two quarters."""

import os
import shutil
from types import SimpleNamespace

import pytest
import yaml

import running
from panelpack.intake.published_table import cut_bytes, read_published
from panelpack.new_office.office_folder import draft
from panelpack.new_office.order import read_order
from panelpack.periods import Quarter
from panelpack.project import Project

EXAMPLES = sorted(path.parent for path in (running.ROOT / "examples").glob("*/measures.csv"))
TABLE = running.ROOT.parent / "shared" / "data" / "police_recorded_crime_pfa_12_forces.csv.gz"
LONG = bool(os.environ.get("PANELPACK_LONG"))
MOST_BYTES = 300_000


def by_name(path):
    return path.name


@pytest.fixture(scope="module")
def published():
    if not TABLE.exists():
        pytest.skip("the official table is not here: it is published by the Home Office")
    return read_published(Project(running.ROOT), TABLE)


@pytest.mark.parametrize("example", EXAMPLES, ids=by_name)
def test_an_example_is_what_the_commands_make_of_its_list_and_the_official_table(example, published):
    plan = yaml.safe_load((example / "params" / "plan.yml").read_text(encoding="utf-8"))
    (force,) = plan["tables"]["official_crime"]["layout"]["only"].values()
    first, second = Project(running.ROOT, example).quarters()
    order = read_order(
        {
            **{"FORCE": force, "Q": first, "BASELINE": plan["baseline_year"], "DATA": str(TABLE), "TO": "x"},
            "MEASURES": str(example / "measures.csv"),
        }
    )
    made = draft(Project(running.ROOT), order, published)
    for name, content in made.files.items():
        if name == "params/plan.yml" or (name.startswith("data/raw/") and not name.endswith("sources.yml")):
            assert (example / name).read_bytes() == content, name
    later = cut_bytes(published.of_force(force, Quarter.parse(second)), published.spec)
    assert (example / "data" / "raw" / second / "official_crime.csv.gz").read_bytes() == later


@pytest.mark.parametrize("example", EXAMPLES, ids=by_name)
def test_an_example_is_small_and_says_that_it_is_one(example):
    kept = [path for name in ("params", "data/raw") for path in (example / name).rglob("*") if path.is_file()]
    assert sum(path.stat().st_size for path in kept) < MOST_BYTES
    for path in (example / "params").glob("*.md"):
        assert "example" in path.read_text(encoding="utf-8")


def test_the_examples_differ_in_what_they_have():
    if len(EXAMPLES) < 2:
        pytest.skip("there are no two examples here")
    plans = [yaml.safe_load((path / "params" / "plan.yml").read_text(encoding="utf-8")) for path in EXAMPLES]
    rules = [{i["rule"] for box in plan["priorities"] for i in box["indicators"]} for plan in plans]
    assert any("projection" in used for used in rules) and any("projection" not in used for used in rules)
    assert any(series.get("kind") == "rate" for plan in plans for series in plan["series"].values())
    boxes = [box for plan in plans for box in plan["priorities"]]
    assert any(all("compare" not in indicator for indicator in box["indicators"]) for box in boxes)


# ------------------------------------------------------------------------------------------------ their packs
def ok(office, *arguments):
    done = running.run(running.ROOT, *arguments, env={"OFFICE": str(office)})
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Traceback" not in done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module", params=EXAMPLES, ids=by_name)
def made(request, tmp_path_factory):
    """The smallest example with the pack of its first quarter; in the long run each, with those of both."""
    example = request.param
    size = {path: (path / "params" / "plan.yml").stat().st_size for path in EXAMPLES}
    if not LONG and size[example] > min(size.values()):
        pytest.skip("the smallest example is made; set PANELPACK_LONG=1 to make each")
    office = tmp_path_factory.mktemp("office") / example.name
    ignored = shutil.ignore_patterns("outputs", "processed")
    shutil.copytree(example, office, ignore=ignored)
    quarters = Project(running.ROOT, office).quarters()
    quarters = quarters if LONG else quarters[:1]
    said = {quarter: ok(office, "quarter", quarter) for quarter in quarters}
    return SimpleNamespace(office=office, quarters=quarters, said=said)


@pytest.mark.slow
@pytest.mark.xdist_group("examples")
def test_a_pack_of_an_example_is_made_and_acknowledges_its_source(made):
    for quarter in made.quarters:
        pack = made.office / "outputs" / quarter / "pack" / "panel-pack.html"
        text = pack.read_text(encoding="utf-8")
        assert "Open Government Licence v3.0" in text and "DRAFT" in text
        assert "residents, day" not in made.said[quarter]  # a rate is per the residents of the day that the plan states
    assert "Checked" in ok(made.office, "check", made.quarters[0])


@pytest.mark.slow
@pytest.mark.xdist_group("examples")
def test_two_quarters_of_an_example_are_compared_and_the_first_is_verified(made):
    if len(made.quarters) < 2:
        pytest.skip("the second quarter takes half a minute; set PANELPACK_LONG=1 to make it")
    first, second = made.quarters
    compared = ok(made.office, "compare", first, second).strip()
    assert compared.endswith(".html") or compared.endswith(".md")
    assert "reproduced" in ok(made.office, "verify", first)
