"""One environment for every verb: the lock holds all that is needed, and `make` finds, makes or explains it."""

import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from types import SimpleNamespace

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

from running import ROOT
from tools import environment

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
NEEDED = [*PROJECT["dependencies"], *PROJECT["optional-dependencies"]["dev"]]
LOCK = (ROOT / "requirements.lock").read_text(encoding="utf-8")
OLDEST = ".".join(map(str, environment.MINIMUM))
HASH = re.compile(r"--hash=sha256:[0-9a-f]{64}")
NOT_A_QUARTER = ["2015Q5", "15Q1", "2015-Q1", "2015Q1; ls", "1066Q2"]


def pins(lock=LOCK):
    """Return each entry of a lock: its requirement and its hashes."""
    logical = lock.replace("\\\n", " ").splitlines()
    entries = [line for line in logical if line.strip() and not line.lstrip().startswith("#")]
    return [(Requirement(HASH.sub("", line).strip()), HASH.findall(line)) for line in entries]


PINS = pins()


def pinned(name):
    """Return the version pinned for this Python, or None."""
    for pin, _ in PINS:
        if canonicalize_name(pin.name) == canonicalize_name(name) and (not pin.marker or pin.marker.evaluate()):
            return next(iter(pin.specifier)).version
    return None


# ------------------------------------------------------------------------------------------ the lock


def test_the_pins_satisfy_what_pyproject_asks_for():
    needed = [Requirement(line) for line in NEEDED]
    assert len(needed) > 20
    assert [str(one) for one in needed if not one.specifier.contains(pinned(one.name) or "")] == []


def test_every_pin_is_one_version_with_a_hash():
    assert PINS
    for pin, hashes in PINS:
        assert [specifier.operator for specifier in pin.specifier] == ["=="], pin
        assert hashes, pin


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-atlas.lock"])
def test_the_lock_names_no_address(lock):
    text = (ROOT / lock).read_text(encoding="utf-8")
    assert not re.search(r"://|--[a-z-]*(index|links)|@ ", text)


def test_the_lock_of_the_atlas_has_only_what_the_main_one_lacks():
    further = pins((ROOT / "requirements-atlas.lock").read_text(encoding="utf-8"))
    asked = [Requirement(line) for line in PROJECT["optional-dependencies"]["atlas"]]
    versions = {canonicalize_name(pin.name): next(iter(pin.specifier)).version for pin, _ in further}
    assert all(one.specifier.contains(versions[canonicalize_name(one.name)]) for one in asked)
    assert not versions.keys() & {canonicalize_name(pin.name) for pin, _ in PINS}
    assert all(hashes and [part.operator for part in pin.specifier] == ["=="] for pin, hashes in further)


def test_conda_gets_python_and_the_lock_and_nothing_else():
    conda = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))
    *packages, pip = conda["dependencies"]
    python = next(package for package in packages if package.startswith("python="))
    assert (conda["name"], conda["channels"]) == (PROJECT["name"], ["conda-forge"])
    assert sorted(packages) == ["pip", python]
    assert pip == {"pip": ["--require-hashes", "-r requirements.lock"]}
    assert SpecifierSet(PROJECT["requires-python"]).contains(python.removeprefix("python="))


def test_the_oldest_python_is_the_same_everywhere():
    assert PROJECT["requires-python"] == f">={OLDEST}"


# -------------------------------------------------------------------------- finding and making it


def test_a_python_too_old_is_told_in_one_line(monkeypatch):
    monkeypatch.setattr(sys, "version_info", (3, 9, 2))
    monkeypatch.setattr(environment, "active_environment", lambda: pytest.fail("looked for packages all the same"))
    with pytest.raises(SystemExit) as stopped:
        environment.main()
    assert re.fullmatch(rf"panelpack: Python {OLDEST} or newer is needed, this is [^\n]+\.", stopped.value.code)


def test_an_old_python_can_read_the_file_and_needs_nothing_else():
    """Compiled by the grammar of an old Python, and importing the standard library only."""
    import ast

    tree = ast.parse(Path(environment.__file__).read_text(encoding="utf-8"), feature_version=(3, 7))
    imported = [alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names]
    assert not [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom | ast.JoinedStr)]
    assert set(imported) <= set(sys.stdlib_module_names)


@pytest.fixture
def checkout(monkeypatch, tmp_path):
    """An empty checkout whose set-up steps are written down instead of run."""
    steps = []

    def quietly(command, failure):
        steps.append(command)
        if "venv" in command:
            (tmp_path / ".venv" / "bin").mkdir(parents=True, exist_ok=True)

    for name in ("requirements.lock", "pyproject.toml"):
        (tmp_path / name).write_text("as first received\n", encoding="utf-8")
    monkeypatch.setattr(environment, "ROOT", str(tmp_path))
    monkeypatch.setattr(environment, "LOCK", str(tmp_path / "requirements.lock"))
    monkeypatch.setattr(environment, "VENV", str(tmp_path / ".venv"))
    monkeypatch.setattr(environment, "quietly", quietly)
    return SimpleNamespace(root=tmp_path, steps=steps)


def test_the_local_environment_is_made_once_from_the_lock_with_hashes(checkout, capsys):
    python = environment.local_environment()
    venv, packages, ourselves = checkout.steps
    assert python == str(checkout.root / ".venv" / "bin" / "python")
    assert venv[1:] == ["-m", "venv", "--clear", str(checkout.root / ".venv")]
    assert "--require-hashes" in packages and packages[-2:] == ["-r", str(checkout.root / "requirements.lock")]
    assert "--no-deps" in ourselves and ourselves[-1] == str(checkout.root)
    assert len(capsys.readouterr().err.splitlines()) == 1
    assert environment.local_environment() == python
    assert len(checkout.steps) == 3 and capsys.readouterr().err == ""


@pytest.mark.parametrize("changed", ["requirements.lock", "pyproject.toml"])
def test_the_local_environment_is_made_again_when_its_sources_change(checkout, changed):
    environment.local_environment()
    (checkout.root / changed).write_text("as changed since\n", encoding="utf-8")
    environment.local_environment()
    assert len(checkout.steps) == 6


def test_a_set_up_that_broke_off_is_begun_again(checkout, monkeypatch):
    with monkeypatch.context() as broken:
        broken.setattr(environment, "install_panelpack", lambda python: environment.stop("no space left."))
        with pytest.raises(SystemExit):
            environment.local_environment()
    environment.local_environment()
    assert len(checkout.steps) == 2 + 3


def test_a_set_up_step_that_fails_ends_in_one_sentence(checkout, monkeypatch):
    monkeypatch.undo()
    fails = [sys.executable, "-c", "import sys; sys.exit('no matching distribution')"]
    with pytest.raises(SystemExit) as stopped:
        environment.quietly(fails, "the packages could not be installed. Check the connection, then try again.")
    told = stopped.value.code.splitlines()
    assert "no matching distribution" in told[0]
    assert told[-1] == "panelpack: the packages could not be installed. Check the connection, then try again."


@pytest.fixture
def active(monkeypatch, tmp_path):
    """An active environment that lacks what the test says; what would be installed into it is written down."""
    python = tmp_path / "active" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.touch()
    installed = []

    def lacking(*packages, returncode=0):
        told = SimpleNamespace(returncode=returncode, stdout="\n".join(packages), stderr="")
        monkeypatch.setattr(environment, "subprocess", SimpleNamespace(run=lambda *a, **k: told))

    monkeypatch.delenv("CONDA_PREFIX", raising=False)
    monkeypatch.setenv("VIRTUAL_ENV", str(python.parents[1]))
    monkeypatch.setattr(environment, "install_panelpack", installed.append)
    return SimpleNamespace(python=str(python), lacking=lacking, installed=installed, monkeypatch=monkeypatch)


def test_an_active_environment_with_every_package_is_used(active):
    active.lacking()
    assert environment.active_environment() == active.python
    assert active.installed == []


def test_an_active_environment_without_panelpack_gets_it_and_nothing_else(active):
    active.lacking("panelpack")
    assert environment.active_environment() == active.python
    assert active.installed == [active.python]


@pytest.mark.parametrize("lacks", [("pandas==3.0.0",), ("pandas==3.0.0", "panelpack")])
def test_an_active_environment_that_lacks_a_package_is_left_alone(active, lacks):
    active.lacking(*lacks)
    assert environment.active_environment() is None
    assert active.installed == []


def test_an_active_environment_that_does_not_start_is_left_alone(active):
    active.lacking(returncode=1)
    assert environment.active_environment() is None


def test_an_active_conda_environment_counts_too(active):
    active.lacking()
    active.monkeypatch.delenv("VIRTUAL_ENV")
    active.monkeypatch.setenv("CONDA_PREFIX", str(Path(active.python).parents[1]))
    assert environment.active_environment() == active.python


def test_without_an_active_environment_nothing_is_looked_at(active):
    active.monkeypatch.delenv("VIRTUAL_ENV")
    active.lacking(returncode=1)
    assert environment.active_environment() is None


def test_what_is_missing_is_found_by_version(tmp_path):
    lock = tmp_path / "requirements.lock"
    lock.write_text(
        f"pyyaml=={environment_version('pyyaml')} \\\n    --hash=sha256:00\npandas==0.1 \\\nnowhere-at-all==1.0 \\\n"
        "other-pythons-only==1.0 ; python_version < '3' \\\n",
        encoding="utf-8",
    )
    look = [sys.executable, "-c", environment.LOOK, str(lock), str(ROOT / "src")]
    assert subprocess.run(look, capture_output=True, text=True).stdout.split() == ["pandas==0.1", "nowhere-at-all==1.0"]


def environment_version(name):
    from importlib.metadata import version

    return version(name)


def test_the_environment_never_phones_home_and_keeps_what_a_person_set(monkeypatch):
    started = []
    monkeypatch.setenv("OMP_NUM_THREADS", "4")
    monkeypatch.setattr(sys, "argv", ["environment.py", "-m", "panelpack"])
    monkeypatch.setattr(os, "execv", lambda python, command: started.append(command))
    monkeypatch.setattr(environment, "active_environment", lambda: "python-of-it")
    for name in ("GX_ANALYTICS_ENABLED", "MPLBACKEND"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.setenv(name, environment.SETTINGS[name])  # so that it is put back afterwards
        monkeypatch.delenv(name)
    environment.main()
    assert started == [["python-of-it", "-m", "panelpack"]]
    assert (os.environ["GX_ANALYTICS_ENABLED"], os.environ["OMP_NUM_THREADS"]) == ("false", "4")


# -------------------------------------------------------------------------- what only some verbs need


@pytest.fixture
def further(checkout, monkeypatch):
    """A checkout with a lock of further packages; which of them an environment lacks is as the test says."""
    (checkout.root / "requirements-atlas.lock").write_text("distributed==1.0\n", encoding="utf-8")

    def lacking(*packages):
        told = SimpleNamespace(returncode=0, stdout="\n".join(packages), stderr="")
        monkeypatch.setattr(environment, "subprocess", SimpleNamespace(run=lambda *a, **k: told))

    return SimpleNamespace(root=checkout.root, steps=checkout.steps, lacking=lacking)


def test_further_packages_are_added_with_hashes_and_no_other_changes(further, capsys):
    further.lacking("distributed==1.0")
    environment.add_packages("python-of-it", "atlas")
    (pip,) = further.steps
    assert pip[:4] == ["python-of-it", "-m", "pip", "install"]
    assert {"--require-hashes", "--no-deps"} <= {*pip}
    assert pip[-2:] == ["-r", str(further.root / "requirements-atlas.lock")]
    assert len(capsys.readouterr().err.splitlines()) == 1


@pytest.mark.parametrize("lacks", [(), ("panelpack",)])
def test_further_packages_that_are_there_are_not_added_again(further, lacks, capsys):
    further.lacking(*lacks)
    environment.add_packages("python-of-it", "atlas")
    assert further.steps == [] and capsys.readouterr().err == ""


def test_further_packages_without_a_lock_are_refused_in_one_line(further):
    with pytest.raises(SystemExit) as stopped:
        environment.add_packages("python-of-it", "maps")
    assert stopped.value.code == "panelpack: --with maps: there is no requirements-maps.lock. Correct the name."


def test_the_stamp_of_the_environment_knows_nothing_of_further_packages(further):
    before = environment.fingerprint()
    (further.root / "requirements-atlas.lock").write_text("distributed==2.0\n", encoding="utf-8")
    assert environment.fingerprint() == before


@pytest.mark.parametrize(("given", "added"), [(["--with", "atlas", "-m", "pytest"], ["atlas"]), (["-m", "pytest"], [])])
def test_only_a_verb_that_asks_for_them_gets_further_packages(monkeypatch, given, added):
    started, names = [], []
    monkeypatch.setattr(sys, "argv", ["environment.py", *given])
    monkeypatch.setattr(os, "execv", lambda python, command: started.append(command))
    monkeypatch.setattr(environment, "active_environment", lambda: "python-of-it")
    monkeypatch.setattr(environment, "add_packages", lambda python, name: names.append(name))
    for name in environment.SETTINGS:
        monkeypatch.setenv(name, environment.SETTINGS[name])
    monkeypatch.setenv("PYTHONPATH", "")
    environment.main()
    assert started == [["python-of-it", "-m", "pytest"]] and names == added


@pytest.mark.parametrize("verb", ["quarter", "live", "validate", "verify", "lab", "lint", "docs"])
def test_no_verb_of_an_office_asks_for_further_packages(verb):
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    rule = re.search(rf"^{verb}:.*\n((?:\t.*\n)+)", makefile, re.MULTILINE)[1]
    assert "$(ATLAS)" not in rule and "--with" not in rule


# ------------------------------------------------------------------------------------------- the verbs


@pytest.fixture(scope="module")
def ready():
    """The settings under which `make` uses the Python of these tests as it is. Skips where it would make another."""
    if not (ROOT / "params" / "plan.yml").exists():
        pytest.skip("there is no params/plan.yml, so this checkout is no office's yet")
    look = [sys.executable, "-c", environment.LOOK, environment.LOCK, str(ROOT / "src")]
    lacks = subprocess.run(look, capture_output=True, text=True).stdout.split()
    if lacks:
        pytest.skip(f"this Python lacks {', '.join(lacks)} of requirements.lock, so make would set up another")
    if os.path.realpath(sys.prefix) == environment.VENV:
        made_from = Path(environment.VENV, "made-from.sha256")
        if not made_from.exists() or made_from.read_text() != environment.fingerprint():
            pytest.skip("what .venv was made from has changed, so make would make it again under these very tests")
    return {**shell(), "VIRTUAL_ENV": sys.prefix}


def shell():
    """This process' settings as a person's shell has them: no make above it, no quarter, no conda."""
    return {
        key: value
        for key, value in os.environ.items()
        if not key.startswith(("MAKE", "MFLAGS", "CONDA_")) and key not in ("Q", "A", "B", "ROLE", "DATA")
    }


def make(settings, *arguments, root=ROOT):
    if not shutil.which("make"):
        pytest.skip("make is not installed")
    return subprocess.run(["make", *arguments], cwd=root, env=settings, capture_output=True, text=True)


def test_the_active_environment_is_used_as_it_is(ready):
    command = ["python3", "tools/environment.py", "-c", "import sys; print(sys.prefix)"]
    told = subprocess.run(command, cwd=ROOT, env=ready, capture_output=True, text=True)
    assert (told.stdout.strip(), told.stderr) == (sys.prefix, "")


def test_make_alone_tells_every_verb_in_a_line_by_who_types_it():
    told = make(shell())
    assert told.returncode == 0 and told.stderr == ""
    groups = {"": []}
    for line in filter(None, told.stdout.splitlines()):
        verb = re.fullmatch(r"  make (\S+) +\S.*", line)
        if verb:
            groups[list(groups)[-1]].append(verb[1])
        else:
            groups[line] = []
    in_groups = {group: verbs for group, verbs in groups.items() if group.startswith("For ")}
    who = ("analyst", "reviewer", "auditor", "researcher", "developer")
    assert list(in_groups) == [f"For the {name}" for name in who]
    assert {"quarter", "check"} <= set(in_groups["For the analyst"]) and "verify" in in_groups["For the auditor"]
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8").replace("\\\n", " ")
    phony = re.search(r"^\.PHONY: (.+)$", makefile, re.MULTILINE)[1].split()
    assert sorted(verb for verbs in groups.values() for verb in verbs) == sorted(phony)


@pytest.mark.parametrize(
    ("verb", "label"),
    [*(("quarter", label) for label in ["", *NOT_A_QUARTER]), ("validate", ""), ("receive", ""), ("why", "2015Q5")],
)
def test_a_quarter_typed_wrongly_is_answered_in_one_line(ready, verb, label):
    told = make(ready, verb, *([f"Q={label}"] if label else []))
    ours = [line for line in told.stderr.splitlines() if not line.startswith("make: ***")]
    assert told.returncode != 0
    assert len(ours) == 1 and ours[0].startswith("panelpack: ")
    assert repr(label) in ours[0] or "Q is missing" in ours[0]
    assert "expected" in ours[0] or "there is no folder" in ours[0]
    assert "Quarters with a folder under data/raw: " in ours[0]
    assert told.stdout == ""  # no listing of files: what is typed never reaches the shell as a command
