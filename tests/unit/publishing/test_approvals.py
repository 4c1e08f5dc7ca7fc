"""Approval of a pack: what marks it, what unmarks it again, and what cannot be approved."""

import json
from datetime import date

import pytest

from panelpack.errors import ConfigurationError, PanelPackError, SourceError, UsageError
from panelpack.open_points.kinds import KINDS, OpenPoint, Reviewed
from panelpack.periods import Quarter
from panelpack.project import Project, hashed
from panelpack.publishing import approvals, manifest

LABEL = "2015Q1"
ROLE = "Chief Executive"
DAY = date(2015, 9, 1)


def made(**changes) -> dict:
    body = {
        "quarter": LABEL,
        "parameters": {},
        "inputs": {},
        "code": {},
        "notebooks": {},
        "intermediate": {},
        "figures": {"A.b": {"latest": "1"}},
        "paragraphs": {},
        "outputs": {},
    } | changes
    return body | {"seal": manifest.seal(body), "marking": {}, "pages": {}}


@pytest.fixture
def path(tmp_path):
    return tmp_path / "approvals.yml"


def marked(path, found: dict) -> dict:
    return approvals.marking(found, approvals.load_approvals(path))


def test_without_an_approval_a_pack_is_a_draft(path):
    assert marked(path, made()) == {"state": "DRAFT", "why": "This pack has not been approved."}


def test_an_approved_pack_says_by_which_role_and_when(path):
    approvals.add_approval(path, made(), ROLE, DAY)
    said = marked(path, made())
    assert said["state"] == "APPROVED"
    assert said["why"] == f"Approved by the Chief Executive on 1 September 2015 (manifest {made()['seal'][:12]})."


@pytest.mark.parametrize(
    ("changes", "differs"),
    [
        ({"figures": {"A.b": {"latest": "2"}}}, "it differs in figures."),
        ({"inputs": {"x": {}}, "paragraphs": {"1": {}}}, "it differs in inputs, paragraphs."),
        ({"notebooks": {"notebooks/1.ipynb": {}}}, "it differs in notebooks."),
    ],
)
def test_a_changed_manifest_makes_it_a_draft_again_and_says_why(path, changes, differs):
    approvals.add_approval(path, made(), ROLE, DAY)
    said = marked(path, made(**changes))
    assert said["state"] == "DRAFT"
    assert "approved by the Chief Executive on 1 September 2015" in said["why"] and said["why"].endswith(differs)


def test_pages_do_not_matter_to_an_approval(path):
    approvals.add_approval(path, made(), ROLE, DAY)
    assert marked(path, made() | {"pages": {"pack/panel-pack.pdf": {}}})["state"] == "APPROVED"


def test_each_quarter_has_its_own_and_earlier_ones_are_kept(path):
    approvals.add_approval(path, made(quarter="2014Q4"), ROLE, DAY)
    assert marked(path, made())["why"] == "This pack has not been approved."
    approvals.add_approval(path, made(), ROLE, DAY)
    approvals.add_approval(path, made(code={"a": {}}), "Commissioner", date(2015, 9, 2))
    assert len(approvals.load_approvals(path).approvals) == 3
    assert marked(path, made())["why"].startswith("Approved by the Chief Executive")
    assert "by the Commissioner on 2 September 2015" in marked(path, made(code={"b": {}}))["why"]


def test_a_file_that_is_not_one_is_refused_with_its_line(path):
    path.write_text("approvals:\n  - quarter: 2015Q1\n    role: the office @ county hall\n", encoding="utf-8")
    with pytest.raises(ConfigurationError, match=r"approvals\.yml, line [23]: "):
        approvals.load_approvals(path)


# ----------------------------------------------------------------------------------------------- the command


@pytest.fixture
def project(tmp_path, monkeypatch) -> Project:
    """A project of one input and one output, with a manifest of both."""
    project, quarter = Project(tmp_path), Quarter.parse(LABEL)
    for name in ("params/plan.yml", f"outputs/{LABEL}/pack/page.html"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(name, encoding="utf-8")
    monkeypatch.setattr(approvals, "describe_inputs", lambda at, _: at.hashed((at.root / "params").glob("pl*.yml")))
    outputs = project.outputs(quarter)
    files = hashed(tmp_path, [project.root / "params/plan.yml"])
    found = made(inputs=files) | {"pages": hashed(outputs, [outputs / "pack" / "page.html"])}
    manifest.write_manifest(found, outputs)
    return project


def approve(project, role=ROLE) -> str:
    return approvals.approve(project, Quarter.parse(LABEL), role)


def test_the_pack_in_hand_can_be_approved(project):
    assert "approved by the Chief Executive" in approve(project)
    found = manifest.read_manifest(project.outputs(Quarter.parse(LABEL)) / manifest.MANIFEST_FILE)
    assert marked(project.approvals, found)["state"] == "APPROVED"


@pytest.mark.parametrize("role", ["", " ", "J. Doe 0116 496", "the office @ county hall", "x" * 81])
def test_a_role_that_is_none_is_refused_and_nothing_is_recorded(project, role):
    with pytest.raises(UsageError, match="expected the role of who approves"):
        approve(project, role)
    assert not project.approvals.exists()


@pytest.mark.parametrize("name", ["params/plan.yml", f"outputs/{LABEL}/pack/page.html"])
@pytest.mark.parametrize("how", ["changed", "gone"])
def test_what_changed_since_the_pack_was_made_is_named(project, name, how):
    path = project.root / name
    path.write_text("other", encoding="utf-8") if how == "changed" else path.unlink()
    with pytest.raises(SourceError, match=f"{path.name}: it is not the file that the manifest describes"):
        approve(project)
    assert not project.approvals.exists()


def test_an_input_that_came_later_is_named(project):
    (project.root / "params" / "plus.yml").write_text("new", encoding="utf-8")
    with pytest.raises(SourceError, match=r"plus\.yml: it came after the pack was made"):
        approve(project)


def test_without_a_pack_there_is_nothing_to_approve(project):
    (project.outputs(Quarter.parse(LABEL)) / manifest.MANIFEST_FILE).unlink()
    with pytest.raises(SourceError, match="there is no manifest"):
        approve(project)


# ----------------------------------------------------------------------------------------------- open points
OPEN = {"query": 2, "carried": 1}


def test_while_a_point_is_open_a_pack_is_a_draft_and_says_what_is_open(path):
    said = marked(path, made(open_points=OPEN))
    assert said["state"] == "DRAFT"
    assert said["why"] == (
        "This pack has not been approved. Still open: 2 queries of the data, paragraphs carried over."
    )


def test_an_approval_written_by_hand_does_not_outweigh_an_open_point(path):
    approvals.add_approval(path, made(open_points=OPEN), ROLE, DAY)
    assert marked(path, made(open_points=OPEN))["state"] == "DRAFT"
    assert marked(path, made(open_points={}))["state"] == "DRAFT"


def test_a_pack_that_differs_from_the_approved_one_says_both(path):
    approvals.add_approval(path, made(), ROLE, DAY)
    why = marked(path, made(open_points={"date": 1}, paragraphs={"1": {}}))["why"]
    assert why.endswith("it differs in paragraphs. Still open: 1 date not set.")


def test_with_no_point_open_an_approval_counts(path):
    approvals.add_approval(path, made(open_points={}), ROLE, DAY)
    assert marked(path, made(open_points={}))["state"] == "APPROVED"


def test_open_points_are_under_the_seal():
    assert made(open_points=OPEN)["seal"] != made(open_points={})["seal"]


def test_an_open_comment_makes_a_draft_of_an_approved_pack_until_it_is_answered_and_changes_no_seal(path):
    approvals.add_approval(path, made(open_points={}), ROLE, DAY)
    listing = {"file": "params/reviews.yml", "sha256": "a" * 64, "bytes": 1}
    commented = made(open_points={}) | {"reviews": {**listing, "open_points": {"comment": 1}}}
    assert marked(path, commented)["why"] == "This pack has not been approved. Still open: 1 reviewer's comment."
    answered = commented | {"reviews": {**listing, "open_points": {}}}
    assert marked(path, answered)["state"] == "APPROVED"
    assert approvals.parts(answered) == approvals.parts(made(open_points={}))


def test_with_an_open_comment_a_pack_cannot_be_approved(project):
    point = OpenPoint("comment", "comment 3 1", "3: Why? (Panel officer, 2 September 2015)", "See to it.")
    with pytest.raises(PanelPackError) as caught:
        approvals.approve(
            project, Quarter.parse(LABEL), ROLE, None, lambda: Reviewed((point,), file="params/reviews.yml")
        )
    assert "these are: 1 reviewer's comment." in str(caught.value) and "3: Why? (Panel" in str(caught.value)
    assert not project.approvals.exists()


def test_a_pack_with_open_points_cannot_be_approved_and_each_is_listed(project):
    quarter = Quarter.parse(LABEL)
    outputs = project.outputs(quarter)
    recorded = manifest.read_manifest(outputs / manifest.MANIFEST_FILE)
    recorded = recorded | {"open_points": {"query": 1, "other": 1}}
    manifest.write_manifest(recorded | {"seal": manifest.seal(recorded)}, outputs)
    saved = project.processed(quarter) / "open_points" / "prepare.csv"
    saved.parent.mkdir(parents=True)
    saved.write_text("kind,name,words,remedy\nquery,q,Robbery is 7.,Answer it.\nother,,,\n", encoding="utf-8")
    with pytest.raises(PanelPackError) as caught:
        approve(project)
    first, point, last = str(caught.value).splitlines()
    assert first.endswith("these are: 1 query of the data, points that are not listed here.")
    assert point == "  Robbery is 7. Answer it." and f"make validate Q={LABEL}" in last
    assert not project.approvals.exists()


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_of_open_point_stops_an_approval(kind, project):
    outputs = project.outputs(Quarter.parse(LABEL))
    recorded = manifest.read_manifest(outputs / manifest.MANIFEST_FILE) | {"open_points": {kind: 1}}
    manifest.write_manifest(recorded | {"seal": manifest.seal(recorded)}, outputs)
    with pytest.raises(PanelPackError, match=f"cannot be approved .* these are: {KINDS[kind][0]}"):
        approve(project)
    assert not project.approvals.exists()


def test_a_point_that_came_up_after_an_approval_makes_it_a_draft_that_says_so(path):
    approvals.add_approval(path, made(), ROLE, DAY)
    said = marked(path, made(open_points={"query": 1}))
    assert said["state"] == "DRAFT"
    assert said["why"].endswith("it differs in open points. Still open: 1 query of the data.")


def test_a_pack_whose_point_was_answered_is_not_the_one_that_was_approved(path):
    approvals.add_approval(path, made(inputs={"params/2015Q1.yml": {"sha256": "a"}}), ROLE, DAY)
    said = marked(path, made(inputs={"params/2015Q1.yml": {"sha256": "b"}}))
    assert said["state"] == "DRAFT" and said["why"].endswith("it differs in inputs.")


# ----------------------------------------------------------------------------------------------- days and editions
def dated(path, *days):
    for place, day in enumerate(days):
        approvals.add_approval(path, made(figures={"A.b": {"latest": str(place)}}), ROLE, day)
    return path


@pytest.mark.parametrize(
    ("days", "said"),
    [
        ([date(2015, 6, 30)], "2015Q1 is approved on 30 June 2015, before the quarter was over on 30 June 2015."),
        (
            [DAY, date(2015, 8, 31)],
            "2015Q1 is approved on 31 August 2015, before the approval above it, of 1 September",
        ),
    ],
)
def test_an_approval_on_a_day_that_cannot_be_is_named_with_its_line(path, days, said):
    *before, last = days
    dated(path, *before, DAY)
    text = path.read_text(encoding="utf-8")
    place = text.rindex("approved_on: 2015-09-01")
    path.write_text(f"{text[:place]}approved_on: {last}{text[place + 23 :]}", encoding="utf-8")
    line = text[:place].count("\n") + 1
    with pytest.raises(ConfigurationError) as caught:
        approvals.load_approvals(path)
    assert str(caught.value).startswith(f"{path}, line {line}: {said}") and str(caught.value).endswith(
        " Restore the day that make approve wrote."
    )


def test_an_approval_is_not_older_than_what_the_pack_rests_on(path):
    approvals.add_approval(path, made(), ROLE, DAY)
    approvals.check_days(path, made(), "the answer to 'a query'", DAY)
    approvals.check_days(path, made(python="4"), "the answer to 'a query'", date(2015, 9, 2))  # another pack's
    with pytest.raises(ConfigurationError, match="line 6: 2015Q1 is approved on 1 September 2015, before the answer"):
        approvals.check_days(path, made(), "the answer to 'a query'", date(2015, 9, 2))


def test_nothing_is_approved_before_what_it_rests_on_by_a_clock_that_is_slow(project):
    with pytest.raises(PanelPackError, match="as this computer's clock has it: that is before the end of time, 31 Dec"):
        approvals.approve(project, Quarter.parse(LABEL), ROLE, lambda: ("the end of time", date(9999, 12, 31)))
    assert not project.approvals.exists()


def test_a_new_edition_says_that_the_one_before_was_approved_and_it_is_not_yet(path):
    first = made(edition=1)
    approvals.add_approval(path, first, ROLE, DAY)
    second = made(edition=2, replaces=first["seal"], figures={})
    assert marked(path, second) == {
        "state": "DRAFT",
        "why": f"The first edition was approved by the Chief Executive on 1 September 2015 (manifest "
        f"{first['seal'][:12]}); the second has not been approved yet.",
    }
    approvals.add_approval(path, second, ROLE, date(2015, 11, 21))
    assert marked(path, second)["state"] == "APPROVED"
    assert marked(path, first)["state"] == "APPROVED", "what was approved stays so, at its own commit"


# ---------------------------------------------------------------------------------------- of an earlier version
def earlier(**changes):
    """A manifest as versions before this one wrote it: notebooks among the code, versions among what is sealed."""
    body = {name: part for name, part in made(**changes).items() if name not in (*manifest.UNSEALED, "notebooks")}
    body |= {"python": "3.11", "packages": {"pandas": "3"}}
    return body | {"seal": manifest.seal(body), "marking": {}, "pages": {}}


def test_an_approval_of_an_earlier_version_is_told_in_a_sentence(path):
    approvals.add_approval(path, earlier(), ROLE, DAY)
    assert marked(path, made())["why"].endswith(
        "was made by an earlier version of the software, which sealed other parts. Approve it anew."
    )


def test_a_pack_of_an_earlier_version_cannot_be_approved(project):
    outputs = project.outputs(Quarter.parse(LABEL))
    manifest.write_manifest(earlier(), outputs)
    (outputs / manifest.RUN_FILE).write_text('{"git_commit": "0123456789abcdef"}', encoding="utf-8")
    with pytest.raises(
        SourceError, match=r"an earlier version .* the commit that made it \(0123456789ab\) to verify it"
    ):
        approve(project)


def test_a_notebook_that_was_run_and_saved_can_be_approved_and_a_changed_one_cannot(project):
    path = project.notebooks / "1_a.ipynb"
    path.parent.mkdir()
    write = lambda source, **more: path.write_text(  # noqa: E731
        json.dumps({"nbformat": 4, "cells": [{"cell_type": "code", "source": source, **more}]})
    )
    write("1 + 1")
    outputs = project.outputs(Quarter.parse(LABEL))
    found = manifest.read_manifest(outputs / manifest.MANIFEST_FILE)
    body = {name: part for name, part in found.items() if name != "seal"}
    body |= {"notebooks": manifest.hashed_notebooks(project)}
    manifest.write_manifest(body | {"seal": manifest.seal(body)}, outputs)
    write("1 + 2")
    with pytest.raises(SourceError, match=r"1_a\.ipynb: it is not the file that the manifest describes"):
        approve(project)
    write("1 + 1", execution_count=3, outputs=[{"output_type": "stream", "name": "stdout", "text": "2"}])
    assert "approved by the Chief Executive" in approve(project)
