"""The crate: what RO-Crate and the Workflow Run profiles require, held here; and the public validator where it is."""

import dataclasses
import datetime
import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from rocrate import vocabs
from rocrate.rocrate import ROCrate

import running
from panelpack.config.configuration import Configuration
from panelpack.make_quarter import paper_of, steps_of
from panelpack.periods import Quarter
from panelpack.pipeline.records import OF_PART, read_record, steps_folder
from panelpack.pipeline.steps import by_notebook
from panelpack.project import SALT, Project
from panelpack.publishing import crate, cwl
from panelpack.publishing.manifest import MANIFEST_FILE, read_manifest
from running import QUARTER

pytestmark = pytest.mark.slow
SALTED = f"data/raw/{QUARTER}/drug_treatment.csv{SALT}"
SECTIONS = ("inputs", "code", "intermediate")
OWN = (crate.CRATE_FILE, cwl.WORKFLOW_FILE)
TOLD_ELSEWHERE = {  # ids that another site explains: specifications and a language, never a file of ours
    "https://w3id.org/ro/crate/1.1",
    "https://w3id.org/cwl/v1.2/",
    "https://www.commonwl.org/",
}


def arguments(root):
    """What publishing has in hand of a run: its manifest, steps, their records, its paper, and the sources."""
    office = Configuration.read(Project(Path(root)), Quarter.parse(QUARTER))
    manifest = read_manifest(office.project.outputs(office.quarter) / MANIFEST_FILE)
    pages = {name: entry for name, entry in manifest["pages"].items() if name not in OWN}
    steps = steps_of(office)
    folder = steps_folder(office.project, office.quarter)
    records = {step.name: read_record(folder / f"{step.name}.json") for step in steps}
    mark = manifest["marking"]
    about = dataclasses.replace(paper_of(office), state=mark["state"], why=mark["why"])
    return manifest | {"pages": pages}, steps, records, about, office.sources.files


@pytest.fixture(scope="module")
def given(made_run):
    return arguments(made_run.root)


def outputs_of(manifest):
    """The outputs and pages that are described from the manifest; the crate's own two are not among them."""
    return manifest["outputs"] | manifest["pages"]


@pytest.fixture(scope="module")
def text(given):
    return crate.crate_metadata(*given)


@pytest.fixture(scope="module")
def graph(text):
    return {entity["@id"]: entity for entity in json.loads(text)["@graph"]}


@pytest.fixture(scope="module")
def written(given, tmp_path_factory):
    """The crate in a folder with a stand-in for each output."""
    folder = tmp_path_factory.mktemp("outputs")
    for path in (*outputs_of(given[0]), "manifest.json"):
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(path, encoding="utf-8")
    crate.write_crate(folder, *given)
    return folder


def many(value):
    return value if isinstance(value, list) else [] if value is None else [value]


def refs(entity, *names):
    """Return the ids that an entity refers to, by some properties or by all."""
    found = [part for name, value in entity.items() if not names or name in names for part in many(value)]
    return [part["@id"] for part in found if isinstance(part, dict)]


def of_type(graph, kind):
    return [entity for entity in graph.values() if kind in many(entity["@type"])]


def listed(manifest):
    """Return every file of a manifest with its entry, by the id it must have in the crate."""
    outside = {f"#{path}": entry for name in SECTIONS for path, entry in manifest[name].items()}
    return outputs_of(manifest) | outside


# --------------------------------------------------------------------------------------------- the crate


def test_it_is_what_the_run_published(text, made_quarter):
    assert (made_quarter / crate.CRATE_FILE).read_text(encoding="utf-8") == text


def test_the_library_reads_it_back(written, graph):
    read = ROCrate(written)
    assert read.mainEntity.id == cwl.WORKFLOW_FILE
    assert str(read.datePublished).startswith("2015-09-16")
    assert {entity.id for entity in read.get_entities()} == set(graph)
    inside = {entity["@id"] for entity in of_type(graph, "File") if not entity["@id"].startswith("#")}
    assert {entity.id for entity in read.data_entities} == inside | {"pack/", "review/"}


def test_context_and_profiles(text, graph):
    context, root, descriptor = json.loads(text)["@context"], graph["./"], graph[crate.CRATE_FILE]
    assert context == ["https://w3id.org/ro/crate/1.1/context", "https://w3id.org/ro/terms/workflow-run/context"]
    assert descriptor["@type"] == "CreativeWork" and refs(descriptor, "about") == ["./"]
    assert refs(descriptor, "conformsTo") == ["https://w3id.org/ro/crate/1.1", crate.WORKFLOW_CRATE]
    assert {f"https://w3id.org/ro/wfrun/{name}/0.5" for name in ("process", "workflow", "provenance")} < set(
        refs(root, "conformsTo")
    )
    assert all(graph[profile]["@type"] == "CreativeWork" for profile in refs(root, "conformsTo"))


def test_the_root_says_what_it_is(graph, given):
    root, about = graph["./"], given[3]
    assert root["@type"] == "Dataset"
    assert root["name"] == about.title
    assert about.panel in root["description"] and about.notice in root["description"]
    assert root["datePublished"] == "2015-09-16" == about.document_date.isoformat()
    assert graph[root["license"]["@id"]]["name"] == crate.PACK_LICENCE.name
    assert graph[root["publisher"]["@id"]] == {"@id": "#office", "@type": "Organization", "name": about.office}


def test_every_id_stands_once_and_every_reference_leads_to_an_entity(text, graph):
    assert len(json.loads(text)["@graph"]) == len(graph) > 200
    assert {ref for entity in graph.values() for ref in refs(entity)} - set(graph) == TOLD_ELSEWHERE


def test_every_entity_is_reached_from_the_root(graph):
    reached, waiting = set(), ["./"]
    while waiting:
        here = waiting.pop()
        if here in graph and here not in reached:
            reached.add(here)
            waiting += refs(graph[here])
    assert set(graph) - reached == {crate.CRATE_FILE}


def test_every_term_is_one_of_the_context(graph):
    """A word that no context knows would be dropped by every reader of JSON-LD, without a message."""
    known = set(vocabs.RO_CRATE["@context"]) | {"sha256", "@id", "@type"}
    used = {name for entity in graph.values() for name in entity}
    used |= {kind for entity in graph.values() for kind in many(entity["@type"])}
    assert used <= known
    assert "sha256" in used


# --------------------------------------------------------------------------------------------- its files


def test_every_file_of_the_manifest_with_its_checksum_and_size(graph, given):
    files = listed(given[0])
    assert len(files) > 150
    for identifier, entry in files.items():
        entity = graph[identifier]
        assert "File" in many(entity["@type"])
        if identifier == "review/index.html":  # which changes when a reviewer writes, and the crate does not
            assert not {"sha256", "contentSize"} & set(entity)
        elif "keyed_sha256" in entry:
            assert graph[entity["identifier"]["@id"]] == {
                **{"@id": f"#hmac-sha256/{entity['name']}", "@type": "PropertyValue"},
                **{"name": "HMAC-SHA256", "value": entry["keyed_sha256"]},
            }
            assert not {"sha256", "contentSize"} & set(entity), identifier
        else:
            assert (entity["sha256"], entity["contentSize"]) == (entry["sha256"], str(entry["bytes"])), identifier
        assert "/" in entity["encodingFormat"] and entity["encodingFormat"] != crate.UNKNOWN_FORMAT, identifier


def test_nothing_of_the_crate_lies_outside_it(graph, given):
    inside = {*outputs_of(given[0]), "manifest.json", cwl.WORKFLOW_FILE, "pack/", "review/"}
    found = {e["@id"] for kind in ("File", "Dataset") for e in of_type(graph, kind) if not e["@id"].startswith("#")}
    assert found == inside | {"./"}
    assert set(refs(graph["./"], "hasPart")) == {"pack/", "review/", "manifest.json", cwl.WORKFLOW_FILE}
    parts = refs(graph["pack/"], "hasPart") + refs(graph["review/"], "hasPart")
    assert sorted(parts) == sorted(outputs_of(given[0]))
    assert not any(".." in identifier or identifier.startswith(("/", "file:")) for identifier in graph)


def test_the_manifest_is_named_without_a_checksum_and_the_metadata_is_no_file(graph):
    assert "sha256" not in graph["manifest.json"]
    assert "File" not in many(graph[crate.CRATE_FILE]["@type"])


def test_a_manifest_that_lists_the_crate_changes_nothing(given, text):
    manifest, *others = given
    own = {name: {"sha256": "0" * 64, "bytes": 1} for name in (crate.CRATE_FILE, cwl.WORKFLOW_FILE)}
    assert crate.crate_metadata({**manifest, "pages": {**manifest["pages"], **own}}, *others) == text


def test_raw_files_say_where_they_come_from(graph, given):
    name, source = next(iter(given[4].items()))
    entity = graph[f"#data/raw/{QUARTER}/{name}"]
    assert (entity["license"], entity["description"]) == (source.licence, source.basis)
    assert graph[entity["creator"]["@id"]]["name"] == source.supplier


def test_what_a_step_read_that_no_section_lists_is_named_without_a_checksum_and_a_salt_is_not(given):
    manifest, steps, records, *others = given
    first = steps[0].name
    record = records[first]
    more = records | {
        first: dataclasses.replace(record, reads={**record.reads, "data/new file.csv": "1" * 64, SALTED: "2" * 64})
    }
    found = {
        entity["@id"]: entity for entity in json.loads(crate.crate_metadata(manifest, steps, more, *others))["@graph"]
    }
    assert "sha256" not in found["#data/new%20file.csv"]
    assert not any(name.endswith(SALT) for name in found)
    assert "#data/new%20file.csv" in refs(found[f"#run/{first}"], "object")


def test_without_told_sources_it_names_no_supplier(given):
    *most, _ = given
    text = crate.crate_metadata(*most, {})
    found = {entity["@id"]: entity for entity in json.loads(text)["@graph"]}
    assert not any("supplier" in identifier for identifier in found)
    assert {ref for entity in found.values() for ref in refs(entity)} - set(found) == TOLD_ELSEWHERE


def test_a_notebook_is_known_by_what_it_says_and_not_as_a_file(graph, given):
    for name, entry in given[0]["notebooks"].items():
        entity = graph[f"#{name}"]
        assert entity["@type"] == ["File", "SoftwareSourceCode"] and entity["encodingFormat"].endswith("ipynb+json")
        assert not {"sha256", "contentSize"} & set(entity)
        says = graph[entity["identifier"]["@id"]]
        assert (says["@type"], says["value"]) == ("PropertyValue", entry["sha256"])
        assert "jq -cS" in says["description"] and says["description"].endswith(name)


def test_no_version_of_python_or_a_package_stands_in_it(text):
    assert "softwareVersion" not in text
    entities = json.loads(text)["@graph"]
    assert {e["@type"] for e in entities if "version" in e} <= {"ComputerLanguage", "CreativeWork", "Dataset"}
    assert [e["name"] for e in entities if e["@type"] == "ComputerLanguage" and "version" in e] == [
        "Common Workflow Language"
    ]


# ------------------------------------------------------------------------------------------------ the run


def test_the_workflow_is_the_main_entity(graph, written):
    main = graph[graph["./"]["mainEntity"]["@id"]]
    assert main["@type"] == ["File", "SoftwareSourceCode", "ComputationalWorkflow", "HowTo"]
    assert graph[main["programmingLanguage"]["@id"]]["@type"] == "ComputerLanguage"
    assert main["contentSize"] == str((written / cwl.WORKFLOW_FILE).stat().st_size)
    assert all(graph[ref]["@type"] == "FormalParameter" for ref in refs(main, "input"))
    assert all(graph[ref]["additionalType"] == "Text" for ref in refs(main, "input"))
    assert all("SoftwareSourceCode" in graph[ref]["@type"] for ref in refs(main, "hasPart"))
    assert all(graph[ref]["@type"] == "HowToStep" for ref in refs(main, "step"))


def test_each_step_that_ran_is_an_action_of_its_notebook(graph, given):
    for step in given[1]:
        action = graph[f"#run/{step.name}"]
        assert action["@type"] == "CreateAction"
        assert refs(action, "instrument") == [f"#notebooks/{step.notebook.name}"]
        assert {f"#{name}/{value}" for name, value in step.parameters.items()} <= set(refs(action, "object"))
        assert {f"review/{step.name}.{kind}" for kind in ("html", "ipynb", "pdf")} <= set(refs(action, "result"))
    assert len(of_type(graph, "CreateAction")) == len(given[1]) + 1


def test_the_actions_hang_together_as_the_profile_asks(graph):
    (engine,) = of_type(graph, "OrganizeAction")
    assert refs(engine, "result") == ["#run"] and refs(graph["#run"], "instrument") == [cwl.WORKFLOW_FILE]
    assert graph[engine["instrument"]["@id"]]["@type"] == "SoftwareApplication"
    controls = [graph[ref] for ref in refs(engine, "object")]
    assert controls == of_type(graph, "ControlAction")
    led = [ref for control in controls for ref in refs(control, "object")]
    assert sorted([*led, "#run"]) == sorted(entity["@id"] for entity in of_type(graph, "CreateAction"))
    for control in controls:
        step = graph[control["instrument"]["@id"]]
        assert all(refs(graph[ref], "instrument") == refs(step, "workExample") for ref in refs(control, "object"))
    assert set(refs(graph["./"], "mentions")) == {engine["@id"], "#run", *led}


def test_a_run_has_read_what_its_record_says_and_made_what_it_says(graph, made_run):
    """Not what it should have: the record's own file tells what each run opened."""
    folder = made_run.root / "data" / "processed" / QUARTER / "steps"
    runs = [name.removeprefix("#run/") for name in graph if name.startswith("#run/") and name != "#run/engine"]
    assert len(runs) == len(of_type(graph, "CreateAction")) - 1
    for run in runs:
        record = json.loads((folder / f"{run}.json").read_text(encoding="utf-8"))
        action = graph[f"#run/{run}"]
        inputs = [graph[ref] for ref in refs(action, "object")]
        files = [entity["name"] for entity in inputs if "File" in many(entity["@type"])]
        assert [entity["@type"] for entity in inputs if entity["name"] not in files] == ["PropertyValue"] * (
            len(inputs) - len(files)
        )
        reads = {name.partition(OF_PART)[0] for name, was in record["reads"].items() if was}
        notebook = graph[action["instrument"]["@id"]]["name"]
        salts = {name for name in reads if name.endswith(SALT)}
        assert files == sorted(reads - {notebook} - salts) and notebook in reads, run
        results = {graph[ref]["name"] for ref in refs(action, "result")}
        tables = {name for name in record["writes"] if not name.startswith(f"data/processed/{QUARTER}/steps/")}
        assert results == tables | {f"review/{run}.{kind}" for kind in ("html", "ipynb", "pdf")}, run


def test_a_part_of_the_commentary_counts_as_the_commentary(graph, given):
    part = f"params/{QUARTER}.md{OF_PART}"
    readers = [step.name for step in given[1] if any(name.startswith(part) for name in given[2][step.name].reads)]
    assert "5_report" in readers
    for name in readers:
        assert f"#params/{QUARTER}.md" in refs(graph[f"#run/{name}"], "object")


def test_each_table_is_written_by_one_notebook_and_read_after_it(graph, given):
    written_by = {}
    for step in given[1]:
        for ref in refs(graph[f"#run/{step.name}"], "result"):
            written_by.setdefault(ref, []).append(step.name)
    tables = {f"#{path}" for path in given[0]["intermediate"]}
    assert tables <= set(written_by)
    assert all(len(steps) == 1 for steps in written_by.values())
    names = [step.name for step in given[1]]
    for step in given[1]:
        read = [ref for ref in refs(graph[f"#run/{step.name}"], "object") if ref in tables]
        assert all(names.index(written_by[ref][0]) < names.index(step.name) for ref in read)


def test_the_whole_has_every_input(graph, given):
    assert {f"#{path}" for path in given[0]["inputs"]} <= set(refs(graph["#run"], "object"))


def test_a_notebook_needs_the_code_that_its_record_lists(graph, given):
    step, record = given[1][0], given[2][given[1][0].name]
    notebook = f"notebooks/{step.notebook.name}"
    assert sorted(refs(graph[f"#{notebook}"], "softwareRequirements")) == sorted(
        f"#{name}" for name in record.code if name != notebook
    )


def test_the_workflow_file_is_what_the_steps_are(given, written):
    described = json.loads((written / cwl.WORKFLOW_FILE).read_text(encoding="utf-8"))
    assert described["class"] == "Workflow" and described["cwlVersion"] == "v1.2"
    assert list(described["steps"]) == list(by_notebook(given[1]))
    assert described["inputs"] == {"quarter": "string", "priority": "string[]"}
    for name, step in described["steps"].items():
        assert set(step["in"]) == set(step["run"]["inputs"])
        assert step["out"] == list(step["run"]["outputs"])
        for source in step["in"].values():
            before, slash, out = source.partition("/")
            assert out in described["steps"][before]["out"] if slash else source in described["inputs"]
            assert before != name
    assert described["steps"]["3_priority"]["scatter"] == ["priority"]
    assert described["steps"]["4_dashboard"]["in"]["from_3_priority"] == "3_priority/tables"
    assert described["steps"]["4_dashboard"]["run"]["inputs"]["from_3_priority"] == "Directory[]"


# ------------------------------------------------------------------------------------- the same every time


def test_no_clock_no_random_id_no_place(text):
    today = datetime.datetime.now(datetime.UTC)
    assert f"{today:%Y-%m}" not in text
    assert not re.search(r"startTime|endTime|dateCreated|dateModified|\d{2}:\d{2}:\d{2}", text)
    assert not re.search(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}", text)
    assert str(running.ROOT) not in text and str(Path.home()) not in text


def test_a_paper_without_a_date_is_refused(given):
    *most, about, sources = given
    with pytest.raises(ValueError, match="document_date"):
        crate.crate_metadata(*most, dataclasses.replace(about, document_date=None), sources)


@pytest.mark.parametrize(("seed", "zone", "locale"), [("1", "Pacific/Auckland", "C"), ("2", "UTC", "C.UTF-8")])
def test_the_same_bytes_in_another_process_zone_and_locale(text, made_run, tmp_path, seed, zone, locale):
    code = (
        "import sys; sys.path[:0] = sys.argv[1:3]; import test_crate as t; "
        "sys.stdout.buffer.write(t.crate.crate_metadata(*t.arguments(sys.argv[3])).encode())"
    )
    source = {"PYTHONPATH": str(running.ROOT / "src")}
    env = {**os.environ, **source, "PYTHONHASHSEED": seed, "TZ": zone, "LC_ALL": locale}
    folders = [str(Path(__file__).parent), str(running.ROOT / "tests"), str(made_run.root)]
    command = [sys.executable, "-c", code, *folders]
    done = subprocess.run(command, cwd=tmp_path, env=env, capture_output=True)
    assert done.returncode == 0, done.stderr.decode()
    assert done.stdout == text.encode()


def test_writing_it_twice_changes_nothing(given, written, tmp_path, text):
    crate.write_crate(tmp_path, *given)
    names = sorted(path.name for path in tmp_path.iterdir())
    assert names == sorted([crate.CRATE_FILE, cwl.WORKFLOW_FILE])
    for name in names:
        assert (tmp_path / name).read_bytes() == (written / name).read_bytes()
    assert (tmp_path / crate.CRATE_FILE).read_bytes() == text.encode()


# ------------------------------------------------------------------------------------ the public validator

HERE = importlib.util.find_spec("rocrate_validator") is not None
WORKFLOW_RUN = "https://w3id.org/ro/terms/workflow-run#"
# Where the library's own context (of RO-Crate 1.3) gives a word another address than that of 1.1 does.
OLDER = {
    "ComputationalWorkflow": "https://bioschemas.org/ComputationalWorkflow",
    "FormalParameter": "https://bioschemas.org/FormalParameter",
    "input": "https://bioschemas.org/ComputationalWorkflow#input",
    "output": "https://bioschemas.org/ComputationalWorkflow#output",
}
CONTEXTS = {
    "https://w3id.org/ro/crate/1.1/context": {"@context": {**vocabs.RO_CRATE["@context"], **OLDER}},
    "https://w3id.org/ro/terms/workflow-run/context": {"@context": {"sha256": f"{WORKFLOW_RUN}sha256"}},
}


class Answer:
    """A page as the validator's own requests would bring it, so that it needs no network."""

    links, headers = {}, {"Content-Type": "application/ld+json"}

    def __init__(self, url):
        self.url, self._page = url, CONTEXTS.get(url.partition("#")[0])
        self.status_code, self.ok = (200, True) if self._page else (404, False)
        self.text = json.dumps(self._page)

    def json(self):
        return self._page


def findings(monkeypatch, folder):
    """Return what the validator finds broken of what the most demanding profile and those below it require."""
    from rocrate_validator import models, services
    from rocrate_validator.utils import http

    for verb in ("get", "head"):
        monkeypatch.setattr(http.HttpRequester, verb, lambda self, url, *_, **__: Answer(url), raising=False)
    settings = services.ValidationSettings(
        rocrate_uri=str(folder),
        profile_identifier="provenance-run-crate-0.5",
        requirement_severity=models.Severity.REQUIRED,
        skip_availability_check=True,
    )
    return [issue.message for issue in services.validate(settings).get_issues()]


validated = pytest.mark.skipif(not HERE, reason="roc-validator is not installed: pip install roc-validator")


@validated
def test_the_public_validator_finds_nothing(written, monkeypatch):
    assert findings(monkeypatch, written) == []


@validated
@pytest.mark.parametrize(
    ("breaks", "finding"),
    [
        (lambda graph, folder: graph["#run"].pop("instrument"), "instrument"),
        (lambda graph, folder: graph["./"].pop("license"), "license"),
        (lambda graph, folder: (folder / "pack" / "panel-pack.pdf").unlink(), "panel-pack.pdf"),
        (lambda graph, folder: (folder / cwl.WORKFLOW_FILE).unlink(), cwl.WORKFLOW_FILE),
    ],
    ids=["no instrument", "no licence", "a file that is missing", "no workflow"],
)
def test_the_public_validator_would_find_a_mistake(written, tmp_path, monkeypatch, breaks, finding):
    folder = shutil.copytree(written, tmp_path / "broken")
    document = json.loads((folder / crate.CRATE_FILE).read_text(encoding="utf-8"))
    breaks({entity["@id"]: entity for entity in document["@graph"]}, folder)
    (folder / crate.CRATE_FILE).write_text(json.dumps(document), encoding="utf-8")
    assert any(finding in message for message in findings(monkeypatch, folder))
