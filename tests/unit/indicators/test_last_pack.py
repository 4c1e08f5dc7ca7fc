"""What became of each indicator since the pack of the quarter before, and what of that pack is an input of this one."""

import json
import sys
from dataclasses import replace

import pytest

from panelpack.config.commentary import PART_USED, READ_IN_PARTS
from panelpack.config.configuration import Configuration
from panelpack.errors import SourceError
from panelpack.indicators.last_pack import LastPack, read_last_pack
from panelpack.pack_files import last_judged, last_manifest
from panelpack.periods import Quarter
from panelpack.pipeline.records import FileHashes
from panelpack.pipeline.tracking import FileTracker
from panelpack.project import Project
from panelpack.publishing.manifest import compared_with

JUDGED = {
    "SP01.first_time_entrants": {"verdict": "improved", "how_sure": "clear", "scored": "True"},
    "SP07.satisfaction": {"verdict": "not_assessed", "reason": "embargoed", "scored": "True"},
    "SP07.gone": {"verdict": "no_change", "scored": "True"},
    "SP18.savings": {"scored": "False"},
    "SP17.people": {"measure": "True", "scored": "False"},
}


def write_last(project, figures, quarter="2014Q4", **more):
    path = project.office / "outputs" / quarter / "manifest.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({"figures": figures, **more}), encoding="utf-8")
    return path


@pytest.fixture
def office(project_copy, quarter):
    return Configuration.read(project_copy, quarter)


def last_of(result, **verdicts):
    """The last pack, in which each indicator had the verdict that is named for it."""
    judged = {name: replace(result, indicator=name, scored=True, verdict=verdict) for name, verdict in verdicts.items()}
    return LastPack(Quarter.parse("2014Q4"), judged)


@pytest.mark.parametrize(
    ("before", "now", "kind"),
    [
        ("improved", "improved", None),
        ("improved", "no_change", "changed"),
        ("met", "missed", "changed"),
        ("not_assessed", "deteriorated", "newly_assessed"),
        ("improved", "not_assessed", "no_longer_assessed"),
        ("not_assessed", "not_assessed", None),
        (None, "improved", "new"),
        ("improved", None, "gone"),
    ],
)
def test_what_became_of_an_indicator(before, now, kind, result):
    last = last_of(result, **({"A1.a": before} if before else {}))
    found = last.since([replace(result, indicator="A1.a", scored=True, verdict=now)] if now else [])
    assert [one.kind for one in found] == ([kind] if kind else [])
    for one in found:
        assert (one.before and one.before.verdict, one.now and one.now.verdict) == (before, now)
        assert one.any is (one.now or one.before)


def test_what_is_not_scored_is_not_compared(result):
    last = last_of(result, **{"A1.a": "improved"})
    assert last.since([replace(result, indicator="A1.a", scored=True, verdict="improved"),
                       replace(result, indicator="A1.b", scored=False, verdict="")]) == []  # fmt: skip


def test_they_stand_by_kind_and_in_each_as_the_plan_has_them(result):
    last = last_of(result, **{"A1.a": "not_assessed", "A1.b": "improved", "A1.c": "met", "A1.d": "met"})
    verdicts = {"A1.a": "improved", "A1.b": "no_change", "A1.c": "missed", "A1.e": "met"}
    now = [replace(result, indicator=name, scored=True, verdict=verdict) for name, verdict in verdicts.items()]
    assert [(one.kind, one.any.indicator) for one in last.since(now)] == [
        ("changed", "A1.b"),
        ("changed", "A1.c"),
        ("newly_assessed", "A1.a"),
        ("new", "A1.e"),
        ("gone", "A1.d"),
    ]


@pytest.mark.parametrize(("rule", "is_told"), [("bands", True), ("significance", False)])
def test_a_word_of_the_offices_bands_is_a_result_and_another_word_for_a_verdict_is_none(rule, is_told, result):
    before = replace(result, indicator="A1.a", scored=True, verdict="met", word="Fast", rule=rule)
    last = LastPack(Quarter.parse("2014Q4"), {"A1.a": before})
    assert bool(last.since([replace(before, word="Very fast")])) is is_told


def test_without_a_pack_of_the_quarter_before_there_is_none(office, project_copy, quarter):
    assert read_last_pack(office) is None and compared_with(project_copy, quarter) == {}


def test_it_is_read_from_its_manifest_with_titles_of_the_plan(office, project_copy):
    write_last(project_copy, JUDGED)
    last = read_last_pack(office)
    assert last.quarter == Quarter.parse("2014Q4")
    assert set(last.judged) == set(JUDGED) - {"SP17.people"}, "measures are left out"
    entrants = last.judged["SP01.first_time_entrants"]
    assert (entrants.verdict, entrants.how_sure) == ("improved", "clear")
    assert entrants.title == office.plan.figures["SP01.first_time_entrants"].title
    assert last.judged["SP07.gone"].title == "SP07.gone"
    assert last.before(replace(entrants, verdict="no_change")) is entrants


def test_figures_and_pages_of_it_may_be_made_again_without_any_consequence(project_copy, quarter):
    write_last(project_copy, JUDGED, seal="one")
    hashes = FileHashes(project_copy, quarter)
    before = hashes[hashes.last_pack], compared_with(project_copy, quarter)
    told = {name: said | {"signal": "as usual", "evidence": "Other words."} for name, said in JUDGED.items()}
    write_last(project_copy, told, seal="two", pages={"pack/panel-pack.pdf": "another"})
    assert (hashes[hashes.last_pack], compared_with(project_copy, quarter)) == before
    write_last(project_copy, told | {"SP07.satisfaction": {"verdict": "improved", "scored": "True"}})
    assert hashes[hashes.last_pack] != before[0]
    now = compared_with(project_copy, quarter)["compared_with"]
    assert (now["quarter"], now["manifest"]) == ("2014Q4", "outputs/2014Q4/manifest.json")
    assert now["sha256"] != before[1]["compared_with"]["sha256"]


def test_only_the_part_that_is_used_is_tracked(office, project_copy, quarter):
    write_last(project_copy, JUDGED)
    tracker = FileTracker(project_copy)
    tracker.start()
    with_manifest = "outputs/2014Q4/manifest.json"
    read_last_pack(office)
    hashes = FileHashes(project_copy, quarter)
    with tracker.paused():
        assert hashes.last_pack == f"{with_manifest}: figures"
        assert tracker.reads[hashes.last_pack] == hashes[hashes.last_pack] != ""
        assert with_manifest not in tracker.reads


def test_one_that_is_not_there_counts_as_a_file_that_is_not_there(office, project_copy, quarter):
    heard = []
    sys.addaudithook(lambda event, given: heard.append(given) if event in (READ_IN_PARTS, PART_USED) else None)
    assert read_last_pack(office) is None
    assert ("outputs/2014Q4/manifest.json", ("figures",), None) in heard
    hashes = FileHashes(project_copy, quarter)
    assert hashes[hashes.last_pack] == ""


def test_an_edition_with_embargoed_figures_is_neither_compared_from_nor_looked_at(project_copy, quarter):
    """The edition for review looks back to the pack for publication; the one of the quarter before stays unread."""
    write_last(project_copy, JUDGED)
    secret = {name: said | {"verdict": "deteriorated"} for name, said in JUDGED.items()}
    write_last(project_copy, secret, quarter="2014Q4-embargoed")
    review = Project(project_copy.root, project_copy.office, shows_embargoed=True)
    assert last_manifest(review, quarter) == last_manifest(project_copy, quarter)
    assert last_judged(review, quarter) == last_judged(project_copy, quarter)
    assert read_last_pack(Configuration.read(review, quarter)).judged["SP01.first_time_entrants"].verdict == "improved"


@pytest.mark.parametrize("text", ["no JSON", "[]", "{}", '{"figures": []}', '{"figures": {"SP01.a": "improved"}}'])
def test_a_manifest_that_is_none_is_named_with_what_to_do(text, office, project_copy):
    write_last(project_copy, JUDGED).write_text(text, encoding="utf-8")
    with pytest.raises(SourceError) as caught:
        read_last_pack(office)
    (line,) = str(caught.value).splitlines()
    assert line.startswith("outputs/2014Q4/manifest.json: found ") and line.endswith("or make that quarter again.")
