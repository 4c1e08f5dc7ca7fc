"""An approved pack is reissued after a restatement and a release: what the new edition says, and what the old one is.

One office in a repository of its own: made, approved and committed, restated, reissued. The clock of whoever runs this
has long passed every embargo, and shows none of what is under one.
"""

import json
import os
import shutil
import subprocess
from types import SimpleNamespace

import openpyxl
import pypdf
import pytest

from panelpack.project import Project, digest
from panelpack.publishing.manifest import read_manifest
from planting import cells, plant
from running import QUARTER, run

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("reissue")]
LONG = pytest.mark.skipif(not os.environ.get("PANELPACK_LONG"), reason="reruns both; PANELPACK_LONG=1 make test")
REASON = "The force restated June, and the national figures were released."
WORDS = "Second edition, 20 November 2015, replaces that of 16 September 2015"
RECORDS = ("manifest.json", "run.json", "ro-crate-metadata.json", "workflow.cwl")


def git(folder, *arguments):
    who = ("-c", "user.name=Office", "-c", "user.email=office@example.org", "-c", "core.autocrlf=false")
    done = subprocess.run(["git", *who, *arguments], cwd=folder, capture_output=True, text=True, check=True)
    return done.stdout.strip()


def commit(root, words):
    git(root, "add", "-f", *(f"outputs/{QUARTER}/{name}" for name in RECORDS))
    git(root, "add", "params", "data", "expectations", "src", "notebooks", "requirements.lock")
    git(root, "commit", "-qm", words)
    return git(root, "rev-parse", "HEAD")


def done(root, *arguments):
    ran = run(root, *arguments)
    assert ran.returncode == 0, ran.stderr
    return ran.stdout


@pytest.fixture(scope="module")
def reissued(made_run, tmp_path_factory):
    """The repository, the manifests of both editions, the commit of the first, and what make reissue said."""
    root = shutil.copytree(made_run.root, tmp_path_factory.mktemp("reissue") / "project")
    (root / ".gitignore").write_text("__pycache__/\ndata/processed/\n", encoding="utf-8")
    git(root, "init", "-q")
    done(root, "approve", QUARTER, "--role", "Chief Executive")
    first = read_manifest(root / "outputs" / QUARTER / "manifest.json")
    at = commit(root, "The first edition, approved")
    plant(Project(root), "recorded_crime.csv", cells("offences", "599", month="2015-06", offence="shoplifting"))
    sources = root / "data" / "raw" / QUARTER / "sources.yml"
    text = sources.read_text(encoding="utf-8")
    sources.write_text(text.replace("received: 2015-07-17", "received: 2015-11-12", 1), encoding="utf-8")
    commit(root, "A restatement")
    said = done(root, "reissue", QUARTER, "--reason", REASON, "--day", "2015-11-20")
    second = read_manifest(root / "outputs" / QUARTER / "manifest.json")
    return SimpleNamespace(root=root, first=first, second=second, at=at, said=said, pack=root / "outputs" / QUARTER)


def test_the_manifest_names_the_edition_and_both_seals(reissued):
    assert (reissued.first["edition"], reissued.second["edition"]) == (1, 2)
    assert "replaces" not in reissued.first and reissued.second["replaces"] == reissued.first["seal"]
    assert list(reissued.second)[:3] == ["quarter", "edition", "replaces"]
    kept = f"data/editions/{QUARTER}/1.json"
    assert read_manifest(reissued.root / kept) == reissued.first and kept in reissued.second["inputs"]
    text = (reissued.root / "params" / f"{QUARTER}.yml").read_text(encoding="utf-8")
    assert f'commit: "{reissued.at}"' in text and f'replaces: "{reissued.first["seal"]}"' in text
    index = (reissued.pack / "review" / "index.html").read_text(encoding="utf-8")
    assert reissued.first["seal"] in index and reissued.second["seal"] in index and reissued.at in index
    assert reissued.first["seal"] in reissued.said and reissued.second["seal"] in reissued.said


def test_a_new_edition_is_a_draft_until_it_is_approved(reissued):
    assert reissued.first["marking"]["state"] == "APPROVED"
    assert reissued.second["marking"]["state"] == "DRAFT"
    assert "The first edition was approved by the Chief Executive" in reissued.second["marking"]["why"]
    assert "the second has not been approved yet" in reissued.said


def test_what_is_released_by_its_day_is_shown_and_the_notice_says_so(reissued, made_run):
    hidden = [name for name, one in reissued.first["figures"].items() if one.get("reason") == "embargoed"]
    assert hidden and all("latest" not in reissued.first["figures"][name] for name in hidden)
    assert all("latest" in reissued.second["figures"][name] for name in hidden)
    assert all(f"  {name} " in reissued.said for name in hidden) and "shown now" in reissued.said
    assert f'make reissue Q={QUARTER} DAY=2015-11-05 REASON="..."' in made_run.stdout
    assert "Under embargo" not in reissued.said


def test_every_page_says_which_edition_it_is_and_the_pack_begins_with_what_changed(reissued):
    page = (reissued.pack / "pack" / "panel-pack.html").read_text(encoding="utf-8")
    assert page.count(WORDS) == 2, "at its head and at its foot"
    main = page[page.index("<main") :]
    assert main.index("What changed in this edition") < main.index('id="report"') and REASON in main
    notice = main[: main.index('id="report"')]
    assert "Shown now, withheld in the edition before" in notice and "Figures that moved" in notice
    pages = pypdf.PdfReader(reissued.pack / "pack" / "panel-pack.pdf").pages
    assert all(WORDS in " ".join(pages[place].extract_text().split()) for place in (0, 1, -1))
    review = (reissued.pack / "review" / "6_methods.html").read_text(encoding="utf-8")
    assert WORDS in review


def test_the_workbook_and_the_crate_name_the_edition(reissued):
    book = openpyxl.load_workbook(reissued.pack / "pack" / "indicators.xlsx")
    assert WORDS in [row[0].value for row in book["Cover"].iter_rows()]
    crate = json.loads((reissued.pack / "ro-crate-metadata.json").read_text(encoding="utf-8"))
    entities = {entity["@id"]: entity for entity in crate["@graph"]}
    root = entities["./"]
    assert root["version"] == "2" and root["datePublished"] == "2015-11-20"
    before = entities[root["isBasedOn"]["@id"]]
    assert before["name"] == f"data/editions/{QUARTER}/1.json" and before["sha256"]


def test_at_its_commit_the_first_edition_has_all_that_it_was_made_from(reissued, tmp_path):
    old = checkout(reissued, reissued.at, tmp_path)
    made = read_manifest(old / "outputs" / QUARTER / "manifest.json")
    assert made == reissued.first
    for section in ("inputs", "code"):
        named = {name: entry["sha256"] for name, entry in made[section].items() if "sha256" in entry}
        assert named and {name: digest(old / name) for name in named} == named


def checkout(reissued, at, to):
    git(reissued.root, "clone", "-q", "--no-checkout", str(reissued.root), str(to / "clone"))
    git(to / "clone", "checkout", "-q", at)
    return to / "clone"


@LONG
@pytest.mark.parametrize("edition", [1, 2])
def test_both_editions_are_reproduced_each_at_its_commit(edition, reissued, tmp_path):
    at = reissued.at
    if edition == 2:
        at = commit(reissued.root, "The second edition")
    old = checkout(reissued, at, tmp_path)
    said = done(old, "verify", QUARTER, "--engine", "fast")
    assert f"{QUARTER} reproduced: every output, figure and paragraph is identical." in said
    certificate = json.loads((old / "outputs" / QUARTER / "verify" / "certificate.json").read_text(encoding="utf-8"))
    assert certificate["seal"] == (reissued.first, reissued.second)[edition - 1]["seal"]
