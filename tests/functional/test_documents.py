"""What the documents say is so: every command in them is run, every link leads somewhere, every example comes out.

A command stands in a block of `sh`. Here it is either run, in a copy of a made quarter of the made-up office, or looked
at: whatever never ends, takes minutes, or changes the machine. One that is in neither list fails a test, so whoever
writes a new command decides.
"""

import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml

import running
from panelpack.errors import CommentaryError
from panelpack.pipeline.notebook_content import RULE
from tools import docs, reference
from tools.reference.markdown import NO_PLAN
from tools.reference.meanings import MEANINGS

ROOT = running.ROOT
DOCUMENTS = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]
LANGUAGES = {"sh", "text", "yaml"}
BLOCK = re.compile(r"^ *```(\S*)\n(.*?)^ *```$", re.MULTILINE | re.DOTALL)
COMMENT = re.compile(r"\s{2,}#.*$")
# What make needs beside a project that can be run.
FOR_MAKE = ("Makefile", "pyproject.toml", "environment.yml", "tools")
FOR_DOCS = ("README.md", "CONTRIBUTING.md", "CHANGELOG.md", "zensical.toml", "docs")
LONG = pytest.mark.skipif(not os.environ.get("PANELPACK_LONG"), reason="takes a minute; set PANELPACK_LONG=1")
JQ = pytest.mark.skipif(not shutil.which("jq"), reason="jq is not installed")

# Each is run by itself in a copy of a made quarter, and must end well.
RUN = [
    "make check",
    "make clean",
    "make docs",
    "make request Q=2015Q1",
    'make approve Q=2015Q1 ROLE="Chief Executive"',
]
# These too, but they take long.
RUN_LONG = [
    "make verify Q=2015Q1",
    "python3 tools/environment.py -m panelpack verify 2015Q1",
    'python3 tools/environment.py -m panelpack approve 2015Q1 --role "Chief Executive"',
    "JOBS=1 ENGINE=stock make quarter Q=2015Q1",
    "ENGINE=stock make quarter Q=2015Q2",
    "make quarter Q=2015Q1 EDITION=review",
]
# Run beside the folder of another office.
OF_ANOTHER_OFFICE = [
    "make check OFFICE=../another-office",
    "make validate Q=2015Q1 OFFICE=../another-office",
    "python3 tools/environment.py -m panelpack validate 2015Q1 --office ../another-office",
]
# Those of an auditor without our code: what each prints is looked at below.
BY_HAND = [
    "jq -r '.inputs + .code | to_entries[] | select(.value.sha256) | .value.sha256 + \"  \" + .key' "
    "outputs/2015Q1/manifest.json "
    "| sha256sum -c --quiet",
    "cd outputs/2015Q1 && jq -r '.outputs + .pages | to_entries[] | .value.sha256 + \"  \" + .key' manifest.json "
    "| sha256sum -c --quiet",
    "jq -cS 'del(.pages, .marking, .reviews, .seal)' outputs/2015Q1/manifest.json | sha256sum",
    "jq -r .seal outputs/2015Q1/manifest.json",
    "jq '.figures[\"SP11.offences\"]' outputs/2015Q1/manifest.json",
    'git checkout "$(jq -r .git_commit outputs/2015Q1/run.json)"',
    f"jq -cS '{RULE}' notebooks/1_validate.ipynb | sha256sum",
]
# Those of an auditor who has the salt of a guarded file.
BY_SALT = [
    "openssl dgst -sha256 -mac HMAC -macopt hexkey:$(cat data/raw/2015Q1/drug_treatment.csv.salt) "
    "data/raw/2015Q1/drug_treatment.csv",
    "jq -r '.inputs[\"data/raw/2015Q1/drug_treatment.csv\"].keyed_sha256' outputs/2015Q1/manifest.json",
]
# Run in this order by the test of a quarter's steps, with what a person does between them.
STEPS = [
    "make new-quarter Q=2015Q2",
    "make receive Q=2015Q2",
    "make validate Q=2015Q2",
    "make check Q=2015Q2",
    "make quarter Q=2015Q2",
    "make compare A=2015Q1 B=2015Q2",
    "make why Q=2015Q2",
    "JOBS=1 make quarter Q=2015Q2",
]
# Those of the tutorial of a first office, in this order, with two days that a person sets between them.
CUMBRIA = "examples/cumbria/data/raw"
FIRST_OFFICE = [
    f'make new-office FORCE="Cumbria" Q=2022Q4 BASELINE=2019/20 DATA={CUMBRIA}/2022Q4/official_crime.csv.gz '
    "TO=../first-office",
    "make validate OFFICE=../first-office Q=2022Q4",
    "make quarter OFFICE=../first-office Q=2022Q4",
    "make new-quarter OFFICE=../first-office Q=2023Q1",
    f"make official-table OFFICE=../first-office Q=2023Q1 DATA={CUMBRIA}/2023Q1/official_crime.csv.gz",
    "make quarter OFFICE=../first-office Q=2023Q1",
    "make compare OFFICE=../first-office A=2022Q4 B=2023Q1",
    "make verify OFFICE=../first-office Q=2022Q4",
    f'make new-office FORCE="Cumbria" Q=2022Q4 BASELINE=2019/20 DATA={CUMBRIA}/2022Q4/official_crime.csv.gz '
    "MEASURES=examples/cumbria/measures.csv TO=../second-office",
]
MADE_LONG = ("quarter", "compare", "verify")  # the verbs that make a pack, or need one
# Verbs that end by themselves only after minutes, or never, or that would run this very test.
LOOKED_AT = [
    "make atlas DATA=FILE Q=2015Q1..2022Q4",
    "make atlas DATA=FILE Q=2015Q1..2022Q4 SCHEDULER=tcp://HOST:8786",
    "make atlas-verify N=20 SEED=1",
    "make verify OFFICE=outputs/atlas/october-2023/kent/2015Q1 Q=2015Q1",
    "make bench-atlas DATA=FILE",
    "make backtest",
    "make bench Q=2015Q1",
    "make bench-large DATA=FOLDER",
    "make bench-naive Q=2015Q1",
    "make bench-statistics",
    "make comparators DATA=FILE,FILE",
    "make lab Q=2015Q1",
    'make lab Q=2015Q1 ARGS="--no-browser --port 8899"',
    'make new-office FORCE="Cumbria" Q=2022Q4 BASELINE=2019/20 DATA=FILE MEASURES=measures.csv TO=FOLDER',
    "make lint",
    "make live Q=2015Q1",
    'make reissue Q=2015Q1 REASON="The force recorded 46 burglaries of June late." DAY=2015-11-20',
    "make test",
    "PANELPACK_LONG=1 make test",
]
# Those of a cluster of several machines, which run until somebody stops them.
CLUSTER = [
    "python3 tools/environment.py --with atlas -m distributed.cli.dask_scheduler --no-dashboard",
    "python3 tools/environment.py --with atlas -m distributed.cli.dask_worker tcp://HOST:8786 --nworkers 16 "
    "--nthreads 1",
]
# Commands that change the machine.
SYSTEM = [
    "sudo apt-get install make python3-venv",
    "conda env create -f environment.yml",
    "conda activate panelpack",
    "pre-commit install",
]


def blocks(path):
    return BLOCK.findall(path.read_text(encoding="utf-8"))


def commands_of(path):
    """Return the commands of a document, in order, without their comments."""
    lines = [line for language, text in blocks(path) if language == "sh" for line in text.splitlines()]
    return [command for line in lines if (command := COMMENT.sub("", line).strip())]


def of_one_quarter(command):
    """Return a command with the label of the quarter that there is: it is the same command for another one."""
    return command if " A=" in command else command.replace("2015Q2", "2015Q1")


def shell(command, root, **settings):
    """Run a command as a person types it, in the environment of these tests."""
    environment = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "CONDA_PREFIX")}
    environment |= {"VIRTUAL_ENV": sys.prefix, **settings}
    return subprocess.run(["bash", "-c", command], cwd=root, env=environment, capture_output=True, text=True)


def shell_ok(command, root, **settings):
    done = shell(command, root, **settings)
    assert done.returncode == 0, f"{command}\n{done.stdout[-2000:]}{done.stderr[-2000:]}"
    return done.stdout


def add(root, *names):
    for name in names:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, root / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copyfile(source, root / name)
    return root


@pytest.fixture
def made(made_run, tmp_path):
    """A copy of a project with a made quarter, in which make works."""
    return add(Path(shutil.copytree(made_run.root, tmp_path / "project")), *FOR_MAKE)


@pytest.fixture(scope="module")
def with_make(tmp_path_factory):
    """A project in which make works, to look at its verbs."""
    return add(running.copy_project(tmp_path_factory.mktemp("looked_at") / "project"), *FOR_MAKE)


# ------------------------------------------------------------------------------------------------- commands
def test_every_command_of_the_documents_is_run_or_looked_at():
    written = {of_one_quarter(command) for path in DOCUMENTS for command in commands_of(path)}
    known = {
        of_one_quarter(command)
        for command in (
            *RUN,
            *RUN_LONG,
            *OF_ANOTHER_OFFICE,
            *BY_HAND,
            *BY_SALT,
            *STEPS,
            *FIRST_OFFICE,
            *LOOKED_AT,
            *CLUSTER,
            *SYSTEM,
        )
    }
    assert sorted(written - known) == [], "a command that no list of this file has: decide how it is tested"
    assert sorted(known - written) == [], "no document has this command any more"


def test_no_command_hides_in_a_block_without_a_language():
    found = {(path.name, language) for path in DOCUMENTS for language, _ in blocks(path)}
    assert {(name, language) for name, language in found if language not in LANGUAGES} == set()


@pytest.mark.slow
@pytest.mark.parametrize("command", [*RUN, *(pytest.param(command, marks=LONG) for command in RUN_LONG)])
def test_a_command_ends_well(command, made):
    if "docs" in command:
        add(made, *FOR_DOCS)
    said = shell_ok(of_one_quarter(command), made)
    if "stock" in command:
        assert "16 of 16 notebooks ran" in said
    if "approve" in command:
        assert "\nAPPROVED: " in said
    if "verify" in command:
        assert said.endswith("2015Q1 reproduced: every output, figure and paragraph is identical.\n")
    if command == "make clean":
        left = {path.name for path in (made / "outputs" / "2015Q1").iterdir()}
        assert left == {"manifest.json", "run.json", "ro-crate-metadata.json", "workflow.cwl"}
    if command == "make docs":
        assert (made / "site" / "index.html").exists()


@pytest.mark.slow
@pytest.mark.parametrize("command", [*OF_ANOTHER_OFFICE[:2], pytest.param(OF_ANOTHER_OFFICE[2], marks=LONG)])
def test_a_command_is_for_the_office_that_it_names(command, made):
    """The project's folder has no office by then, so no command can be for that one."""
    office = running.copy_office(made.parent / "another-office")
    shutil.rmtree(made / "params")
    assert shell_ok(command, made).startswith(("Checked: configuration", "The raw data of 2015Q1 passed"))
    plan = office / "params" / "plan.yml"
    plan.write_text(plan.read_text(encoding="utf-8") + "more: 1\n", encoding="utf-8")
    done = shell(command, made)
    assert done.returncode != 0 and f"panelpack: {plan}, line" in done.stderr


@JQ
def test_an_auditor_checks_by_hand(made):
    inputs, outputs, unsealed, seal, figure, checkout, notebook = BY_HAND
    assert shell_ok(inputs, made) == shell_ok(outputs, made) == ""
    assert shell_ok(unsealed, made).split()[0] == shell_ok(seal, made).strip()
    assert json.loads(shell_ok(figure, made))["verdict"]
    manifest = json.loads((made / "outputs" / "2015Q1" / "manifest.json").read_text(encoding="utf-8"))
    assert shell_ok(notebook, made).split()[0] == manifest["notebooks"]["notebooks/1_validate.ipynb"]["sha256"]
    git = "git -c user.name=auditor -c user.email=auditor@example.org"
    shell_ok(f"git init --quiet && git add --all --force && {git} commit --quiet --message made", made)
    made_by = {"git_commit": shell_ok("git rev-parse HEAD", made).strip()}
    (made / "outputs" / "2015Q1" / "run.json").write_text(json.dumps(made_by), encoding="utf-8")
    shell_ok(checkout, made)


@JQ
@pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is not here")
def test_an_auditor_checks_a_guarded_file_by_its_salt(made):
    keyed, recorded = (shell_ok(command, made).split()[-1] for command in BY_SALT)
    assert keyed == recorded and len(keyed) == 64


@JQ
def test_a_changed_input_shows_by_hand(made):
    path = made / "data" / "raw" / "2015Q1" / "savings.csv"
    path.write_text(path.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    done = shell(f"set -o pipefail; {BY_HAND[0]}", made)
    assert done.returncode != 0 and "data/raw/2015Q1/savings.csv: FAILED" in done.stdout


@pytest.mark.slow
def test_the_tutorial_comes_out_as_it_says(made):
    steps = commands_of(ROOT / "docs" / "tutorial" / "first-pack.md")
    make, again, why, changed, check, forbidden, *_ = (c for c in steps if c.startswith("make"))
    commentary = made / "params" / "2015Q1.md"
    text = commentary.read_text(encoding="utf-8")
    assert shell_ok(make, made).rstrip().endswith("outputs/2015Q1/manifest.json")
    assert "Nothing changed since it was made." in shell_ok(again, made)

    text = text.replace("This report", "This paper", 1)
    commentary.write_text(text, encoding="utf-8")
    assert sum("as it was" not in line for line in shell_ok(why, made).splitlines()) == 2
    said = shell_ok(changed, made)
    assert "1 of 16 notebooks ran" in said and "5_report" in said
    assert "This paper" in (made / "outputs" / "2015Q1" / "pack" / "commentary.csv").read_text(encoding="utf-8")

    first_line = "# Purpose of report\n\n"
    assert first_line in text
    commentary.write_text(text.replace(first_line, f"{first_line}There were 58,318 offences. "), encoding="utf-8")
    done = shell(check, made)
    assert done.returncode != 0
    assert "'58,318' is typed. Write {{ SP11.offences.latest }}." in done.stdout
    commentary.write_text(text, encoding="utf-8")
    assert "Checked" in shell_ok(check, made)

    reference_to = "{{ SP03.treatment_completions.latest }}"
    commentary.write_text(text.replace(first_line, f"{first_line}{reference_to} "), encoding="utf-8")
    done = shell(forbidden, made)
    assert done.returncode != 0
    assert f"{reference_to}: the figure is not available (not yet released)" in done.stderr
    assert (made / "outputs" / "2015Q1" / "pack" / "panel-pack.pdf").exists()


@pytest.mark.slow
@LONG
def test_the_steps_of_a_quarter_can_be_followed(made):
    """The office has 2014Q4 and 2015Q1, so the page's 2015Q1 and 2015Q2 are these.

    The later one is taken back to where it has not been started, but for what its notebooks left, which saves a run.
    """
    root = made
    for path in (root / "params" / "2015Q1.yml", root / "params" / "2015Q1.md"):
        path.unlink()
    shutil.rmtree(root / "data" / "raw" / "2015Q1")
    page = commands_of(ROOT / "docs" / "how-to" / "quarter.md")
    assert [command for command in page if command in STEPS] == STEPS

    def step(command):
        return shell_ok(command.replace("2015Q1", "2014Q4").replace("2015Q2", "2015Q1"), root)

    new_quarter, *rest = STEPS
    assert "made data/raw/2015Q1" in step(new_quarter)
    # What a person does next: the suppliers' files, their sources, the parameters, the commentary.
    shutil.copytree(running.OFFICE / "data" / "raw" / "2015Q1", root / "data" / "raw" / "2015Q1", dirs_exist_ok=True)
    for name in ("2015Q1.yml", "2015Q1.md"):
        shutil.copyfile(running.OFFICE / "params" / name, root / "params" / name)
    receive, validate, check, make, compare, why, single = (step(command) for command in rest)
    assert "every checksum is up to date" in receive
    assert "passed" in validate and "Checked" in check
    assert "Nothing changed since it was made." in make and "Nothing changed since it was made." in single
    assert (root / compare.strip()).exists()
    assert all("as it was" in line for line in why.splitlines())


@LONG
@pytest.mark.slow
def test_the_tutorial_of_a_first_office_can_be_followed(tmp_path):
    """Its packs are made in the long run alone: those of the examples are, by the same commands."""
    page = commands_of(ROOT / "docs" / "tutorial" / "first-office.md")
    assert page == FIRST_OFFICE
    root = add(running.copy_project(tmp_path / "project"), *FOR_MAKE)
    for name in ("examples/cumbria", "params/layouts", "data/new_office", "data/comparators"):
        shutil.copytree(ROOT / name, root / name, ignore=shutil.ignore_patterns("outputs", "processed"))

    def set_days(quarter):
        office = tmp_path / "first-office"
        sources = f"data/raw/{quarter}/sources.yml"
        set_by_hand = ((f"params/{quarter}.yml", "meeting_date"), (sources, "received"), (sources, "release"))
        for path, key in set_by_hand:
            text = (office / path).read_text(encoding="utf-8")
            value = "October 2023" if key == "release" else "2023-12-13"
            written = re.sub(rf"^( *{key}):$", rf"\1: {value}", text, flags=re.MULTILINE)
            assert written != text
            (office / path).write_text(written, encoding="utf-8")

    for command in FIRST_OFFICE:
        if command.split()[1] in MADE_LONG and not os.environ.get("PANELPACK_LONG"):
            continue
        said = shell_ok(command, root)
        if "make new-office" in command:
            assert re.search(r"^made \.\./\w+-office/params/plan\.yml$", said, re.MULTILINE)
        for verb, quarter in (("first-office", "2022Q4"), ("official-table", "2023Q1")):
            if verb in command and (verb == "official-table" or "new-office" in command):
                set_days(quarter)
    plan = yaml.safe_load((tmp_path / "first-office" / "params" / "plan.yml").read_text(encoding="utf-8"))
    assert (len(plan["priorities"]), len(plan["series"])) == (7, 18)  # as the page says


@pytest.mark.parametrize("command", [*LOOKED_AT, *(command for command in RUN_LONG if "make" in command)])
def test_a_verb_that_is_not_run_calls_what_is_there(command, with_make):
    said = shell_ok(command.replace("make", "make -n"), with_make).replace("\\\n", "")
    started = r"python3 tools/environment\.py (?:--with atlas )?-m (\S+)(.*)"
    called = [re.fullmatch(started, line) for line in said.splitlines()]
    assert called and all(called)
    for module in (line[1] for line in called):
        if module == "panelpack":
            name = command.split("make ")[1].split()[0]
            assert f"panelpack {name}" in running.run(with_make, name, "--help").stdout
        else:
            assert importlib.util.find_spec(module) or (ROOT / f"{module.replace('.', '/')}.py").exists()


@pytest.mark.parametrize("command", CLUSTER)
def test_a_command_of_a_cluster_calls_what_is_there(command):
    pytest.importorskip("distributed", reason="distributed is not installed: make test installs it")
    module = re.search(r" -m (\S+)", command)[1]
    told = subprocess.run([sys.executable, "-m", module, "--help"], capture_output=True, text=True)
    options = re.findall(r" (--[a-z-]+)", command.partition(module)[2])
    assert told.returncode == 0 and [option for option in options if option not in told.stdout] == []


def test_what_changes_the_machine_names_what_is_there():
    environment = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))
    assert f"conda activate {environment['name']}" in SYSTEM
    pip = next(entry["pip"] for entry in environment["dependencies"] if isinstance(entry, dict))
    assert "-r requirements.lock" in pip


def test_the_hooks_of_a_commit_call_make(with_make):
    configured = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8"))
    (repository,) = configured["repos"]
    assert repository["repo"] == "local"
    assert [hook["entry"] for hook in repository["hooks"]] == ["make lint", "make check"]
    for hook in repository["hooks"]:
        shell_ok(hook["entry"].replace("make", "make -n"), with_make)


# ------------------------------------------------------------------------------------------------- documents
def test_the_readme_is_short_and_its_links_lead_somewhere():
    for path in (ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "CHANGELOG.md"):
        text = path.read_text(encoding="utf-8")
        linked = re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", text)
        assert [name for name in linked if not (ROOT / name).is_file()] == []
    assert len((ROOT / "README.md").read_text(encoding="utf-8").splitlines()) <= 100


def test_the_layers_of_the_architecture_are_those_that_lint_checks():
    configured = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    contracts = configured["tool"]["importlinter"]["contracts"]
    layers = next(contract["layers"] for contract in contracts if contract["type"] == "layers")
    drawn = [text for _, text in blocks(ROOT / "docs" / "explanation" / "architecture.md") if "__main__" in text]
    assert drawn[0].split("\n")[:-1] == layers


def test_the_examples_of_the_commentary_come_out_as_the_page_says(resolver):
    path = ROOT / "docs" / "how-to" / "commentary.md"
    text = path.read_text(encoding="utf-8")
    rows = re.findall(r"^\| `(\{\{ [^`]+ \}\})` \| (.+?) \|$", text, re.MULTILINE)
    shown = next(text for language, text in blocks(path) if language == "text")
    rows += re.findall(r"^(\{\{ .+? \}\}) +(.+)$", shown, re.MULTILINE)
    resolved = 0
    for example, words in rows:
        if ":label" in example or "para" in example or "office." in example:
            continue  # stands for a label of one's own, or for an office's own words
        if words.startswith("is refused"):
            with pytest.raises(CommentaryError):
                resolver.resolve(example, lambda at: "an example")
        else:
            assert resolver.resolve(example, lambda at: "an example").text == words
        resolved += 1
    assert resolved >= 10


def test_what_messages_say_of_the_documents_is_there():
    named = set()
    for path in (ROOT / "src").rglob("*.py"):
        named |= set(re.findall(r"\b(?:docs/[\w/-]+\.md|[A-Z]{6,}\.md)", path.read_text(encoding="utf-8")))
    assert "docs/how-to/commentary.md" in named
    assert sorted(name for name in named if not (ROOT / name).exists()) == []


def test_a_term_has_one_meaning():
    terms = re.findall(r"^\*\*(.+?)\.\*\*", (ROOT / "docs/reference/glossary.md").read_text(encoding="utf-8"), re.M)
    assert len(terms) > 60
    assert sorted({term for term in terms if terms.count(term) > 1}) == []


# ------------------------------------------------------------------------------------------------- the site
SOURCES = {"index.md": "docs/index.md", "how-to/a.md": "docs/how-to/a.md"}


@pytest.fixture
def small_site(tmp_path):
    """Two pages that link to each other, and how they may be changed."""

    def write(first, second=""):
        (tmp_path / "how-to").mkdir(exist_ok=True)
        (tmp_path / "index.html").write_text(f'<h1 id="top">One</h1>{first}', encoding="utf-8")
        (tmp_path / "how-to" / "a.html").write_text(f'<h2 id="two">Two</h2>{second}', encoding="utf-8")
        return list(docs.check_site(tmp_path, SOURCES))

    return write


def test_links_that_lead_somewhere_pass(small_site):
    first = '<a href="how-to/a.html#two">two</a><a href="#top">up</a><a href="https://example.org/">elsewhere</a>'
    assert small_site(first, '<a href="../index.html">one</a><img src="data:image/png;base64,AA">') == []


@pytest.mark.parametrize(
    ("first", "mistake"),
    [
        ('<a href="b.html">b</a>', "the link 'b.html' leads nowhere: there is no such file. Correct it."),
        ('<img src="b.png">', "the link 'b.png' leads nowhere: there is no such file. Correct it."),
        (
            '<a href="how-to/a.html#three">b</a>',
            "the link 'how-to/a.html#three' leads nowhere: how-to/a.html has no such heading. Correct it.",
        ),
        (
            '<script src="https://example.org/a.js"></script>',
            "the page loads https://example.org/a.js from the network. Keep it in docs/, or remove it.",
        ),
        (
            '<link rel="stylesheet" href="//example.org/a.css">',
            "the page loads //example.org/a.css from the network. Keep it in docs/, or remove it.",
        ),
    ],
)
def test_a_page_that_leads_nowhere_or_loads_from_the_network_is_told(small_site, first, mistake):
    assert small_site(first) == [f"docs/index.md: {mistake}"]


def test_a_link_leads_to_the_same_page_from_its_place_in_the_site():
    place = {"CHANGELOG.md": "changelog.md", "docs/how-to/a.md": "how-to/a.md"}
    text = "[one](../../CHANGELOG.md#x), [two](docs.md), [three](../../research/reconstruction/README.md), [r](https://a.b)"
    moved = docs.moved(text, "docs/how-to/a.md", "how-to/a.md", place)
    assert moved == "[one](../changelog.md#x), [two](docs.md), three, [r](https://a.b)"
    assert docs.moved("[a](docs/how-to/a.md)", "CHANGELOG.md", "changelog.md", place) == "[a](how-to/a.md)"


@pytest.fixture
def pages(with_make):
    root = with_make
    if not (root / "docs").exists():
        add(root, *FOR_DOCS)
    return reference.pages(root)


def test_every_key_and_column_has_a_meaning(pages):
    assert pages[1] == []


def test_the_reference_has_the_office_of_the_project(pages):
    written, _ = pages
    assert "Westmoor" in written["references"]
    assert "## recorded_crime" in written["supplied-tables"] and "asb_incidents" not in written["supplied-tables"]


def test_a_meaning_that_is_missing_or_left_over_is_told(tmp_path, with_make):
    root = add(running.copy_project(tmp_path / "project"), "Makefile", "docs")
    path = root / MEANINGS
    text = path.read_text(encoding="utf-8")
    assert "    commissioner: " in text
    path.write_text(text.replace("    commissioner: ", "    kommissioner: "), encoding="utf-8")
    assert reference.pages(root)[1] == [
        "docs/reference/meanings.yml: models Office commissioner has no meaning. Add it.",
        "docs/reference/meanings.yml: models Office kommissioner is no key or column, or needs no meaning. Remove it.",
    ]


def test_without_a_plan_the_reference_says_so(tmp_path):
    root = add(tmp_path, "Makefile", "docs")
    written, mistakes = reference.pages(root)
    assert mistakes == []
    for name in ("references", "periods", "supplied-tables"):
        assert NO_PLAN in written[name]
    assert NO_PLAN not in written["plan"]


def test_a_page_that_the_navigation_does_not_name_is_told(tmp_path):
    (tmp_path / docs.CONFIGURATION).write_text('nav = [{ "A" = "a.md" }]', encoding="utf-8")
    (tmp_path / "docs").mkdir()
    for name in ("a.md", "b.md"):
        (tmp_path / "docs" / name).write_text("# A page\n", encoding="utf-8")
    found = list(docs.unlisted(tmp_path, tmp_path / "docs"))
    assert found == [f"{docs.CONFIGURATION}: b.md is not in the navigation. Add it."]
