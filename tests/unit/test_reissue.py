"""A new edition in the place of an approved one: what is written, what is refused, and that nothing is lost."""

import json
import shutil
import subprocess
from datetime import date

import pytest

import panelpack.reissue as module
from panelpack.config.configuration import Configuration
from panelpack.errors import PanelPackError, SourceError, UsageError
from panelpack.project import hashed
from panelpack.publishing import manifest
from panelpack.publishing.approvals import add_approval
from panelpack.publishing.commits import commit_of_pack
from running import digests

REASON = 'The force restated June: "late" records.'


@pytest.fixture
def issued(project_copy, quarter):
    """An office with a pack of one page that is approved."""
    outputs = project_copy.outputs(quarter)
    (outputs / "pack").mkdir(parents=True)
    (outputs / "pack" / "page.html").write_text("a page", encoding="utf-8")
    raw = project_copy.raw(quarter) / "savings.csv"
    body = {
        "quarter": str(quarter),
        "edition": 1,
        "inputs": project_copy.hashed([raw]),
        "code": {},
        "notebooks": {},
        "figures": {},
        "paragraphs": {},
        "open_points": {},
        "outputs": {},
    }
    made = body | {"seal": manifest.seal(body), "marking": {}, "pages": hashed(outputs, [outputs / "pack/page.html"])}
    manifest.write_manifest(made, outputs)
    add_approval(project_copy.approvals, made, "Chief Executive", date(2015, 9, 10))
    return project_copy


@pytest.fixture
def reissue(issued, quarter, monkeypatch):
    """Return a function that reissues; in the place of a run it leaves a manifest of the new edition."""
    monkeypatch.setattr(module, "changes_of", lambda report: object())
    monkeypatch.setattr(module, "change_lines", lambda changes: ["what changed"])

    def make():
        office = Configuration.read(issued, quarter)
        body = {"quarter": str(quarter), "edition": office.parameters.edition, "notebooks": {}, "figures": {"new": {}}}
        outputs = issued.outputs(quarter)
        manifest.write_manifest(body | {"seal": manifest.seal(body)}, outputs)

    def run(reason=REASON, day="2015-11-20", make=make):
        return module.reissue(issued, quarter, reason, day, make)

    return run


def seal_of(project, quarter):
    return manifest.read_manifest(project.outputs(quarter) / manifest.MANIFEST_FILE)["seal"]


def test_the_edition_is_declared_and_the_one_before_is_kept(issued, quarter, reissue):
    path, kept = issued.params(quarter), issued.editions(quarter) / "1.json"
    text, record = path.read_text(encoding="utf-8"), (issued.outputs(quarter) / "manifest.json").read_bytes()
    seal = seal_of(issued, quarter)
    lines = reissue()
    assert kept.read_bytes() == record
    assert path.read_text(encoding="utf-8").startswith(text), "all else is as it was"
    (entry,) = Configuration.read(issued, quarter).parameters.editions
    assert (entry.edition, str(entry.day), entry.reason, entry.replaces) == (2, "2015-11-20", REASON, seal)
    said = "\n".join(lines)
    assert seal in said and seal_of(issued, quarter) in said and "  what changed" in lines
    assert "the second edition, for 20 November 2015, replaces the first." in said
    assert "No commit holds the edition before" in said
    assert said.endswith("commit params/2015Q1.yml, data/editions/2015Q1/1.json and outputs/2015Q1.")


def test_without_a_day_it_is_for_that_of_the_edition_before(issued, quarter, reissue):
    reissue(day="")
    assert str(Configuration.read(issued, quarter).parameters.day) == "2015-09-16"


@pytest.mark.parametrize("failure", [PanelPackError("no"), KeyboardInterrupt(), RuntimeError("a defect")])
def test_if_it_cannot_be_made_nothing_is_lost(failure, issued, reissue):
    before = digests(issued.root)

    def fail():
        raise failure

    with pytest.raises(type(failure)):
        reissue(make=fail)
    assert digests(issued.root) == before and not (issued.root / "data" / "editions").exists()


def test_what_fails_after_the_edition_was_made_leaves_it(issued, quarter, reissue):
    def fail():
        body = {"quarter": str(quarter), "edition": 2, "notebooks": {}}
        manifest.write_manifest(body | {"seal": manifest.seal(body)}, issued.outputs(quarter))
        raise PanelPackError("the disk is full")

    with pytest.raises(PanelPackError):
        reissue(make=fail)
    assert (
        Configuration.read(issued, quarter).parameters.edition == 2 and (issued.editions(quarter) / "1.json").exists()
    )


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"reason": "  "}, "REASON is missing: expected why the new edition is issued"),
        ({"day": "2015-09-15"}, "DAY='2015-09-15': it is before 16 September 2015, the day of the present edition."),
        ({"day": "20.11.2015"}, "DAY='20.11.2015': '20.11.2015' is not written as a day: expected the year first"),
        ({"day": "2015-11-31"}, "DAY='2015-11-31': 2015-11-31 is no day of the calendar: November has 30 days."),
    ],
)
def test_a_reason_or_a_day_that_is_none_is_refused(given, said, issued, reissue):
    before = digests(issued.root)
    with pytest.raises(UsageError) as caught:
        reissue(**given)
    assert str(caught.value).startswith(said) and digests(issued.root) == before


def test_without_a_manifest_there_is_nothing_to_replace(issued, quarter, reissue):
    (issued.outputs(quarter) / "manifest.json").unlink()
    with pytest.raises(SourceError, match="there is no manifest"):
        reissue()


def test_a_draft_is_made_again_and_not_reissued(issued, reissue):
    issued.approvals.unlink()
    with pytest.raises(
        PanelPackError, match=r"was not approved, so there is no .* A draft is simply made again: make q"
    ):
        reissue()


def test_a_pack_that_was_made_again_since_its_approval_is_not_the_one_that_was_issued(issued, quarter, reissue):
    outputs, approved = issued.outputs(quarter), seal_of(issued, quarter)
    body = manifest.read_manifest(outputs / "manifest.json") | {"figures": {"A": {}}}
    manifest.write_manifest(body | {"seal": manifest.seal(body)}, outputs)
    with pytest.raises(PanelPackError, match=f"The one approved last has the seal {approved[:12]}.*take that manifest"):
        reissue()


def test_pages_that_are_not_the_approved_ones_are_named_and_missing_ones_are_no_matter(issued, quarter, reissue):
    page = issued.outputs(quarter) / "pack" / "page.html"
    page.write_text("another", encoding="utf-8")
    with pytest.raises(SourceError, match=r"^outputs/2015Q1/pack/page\.html: it is not the file that the approved"):
        reissue()
    page.unlink()
    assert reissue()


def test_an_edition_that_is_declared_and_not_made_is_made_first(issued, quarter, reissue):
    reissue()
    path = issued.outputs(quarter) / "manifest.json"
    shutil.copyfile(issued.editions(quarter) / "1.json", path)
    with pytest.raises(PanelPackError, match=r"it is of edition 1, and params/2015Q1\.yml declares edition 2\. Make"):
        reissue()


def test_parameters_that_cannot_be_written_are_left_as_they_were(issued, quarter, reissue):
    path = issued.params(quarter)
    path.write_text(path.read_text(encoding="utf-8") + "...\n", encoding="utf-8")
    before = digests(issued.root)
    with pytest.raises(PanelPackError):
        reissue()
    assert digests(issued.root) == before


# ----------------------------------------------------------------------------------------------- the commit
def git(folder, *arguments):
    who = ("-c", "user.name=Office", "-c", "user.email=office@example.org", "-c", "core.autocrlf=false")
    done = subprocess.run(["git", *who, *arguments], cwd=folder, capture_output=True, text=True, check=True)
    return done.stdout.strip()


def test_the_commit_is_one_that_holds_the_manifest_and_its_inputs(issued, quarter):
    made = manifest.read_manifest(issued.outputs(quarter) / "manifest.json")
    assert commit_of_pack(issued, quarter, made) == "", "there is no repository"
    git(issued.root, "init", "-q")
    assert commit_of_pack(issued, quarter, made) == "", "there is no commit"
    git(issued.root, "add", "params", "data")
    git(issued.root, "commit", "-qm", "inputs")
    assert commit_of_pack(issued, quarter, made) == "", "the manifest is not in it"
    git(issued.root, "add", "-f", "outputs")
    git(issued.root, "commit", "-qm", "the pack")
    first = git(issued.root, "rev-parse", "HEAD")
    assert commit_of_pack(issued, quarter, made) == first
    raw = issued.raw(quarter) / "savings.csv"
    raw.write_text(raw.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    git(issued.root, "commit", "-qam", "a restatement")
    assert commit_of_pack(issued, quarter, made) == first, "of the last commit it would not verify"
    path = issued.outputs(quarter) / "manifest.json"
    path.write_text(json.dumps(made), encoding="utf-8")
    assert commit_of_pack(issued, quarter, made) == "", "no commit has this file"
