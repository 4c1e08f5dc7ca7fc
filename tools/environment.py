"""Find, or make, the environment that Panel Pack runs in, and run it there. Needs nothing but Python itself.

`python3 tools/environment.py ARGS...` runs `python ARGS...`:
- in the active conda or virtual environment, if that already has the packages of requirements.lock;
- otherwise in .venv, which is made from requirements.lock (every file checked against its hash) when it is not
  there yet or the lock has changed.

`python3 tools/environment.py --with atlas ARGS...` first puts what requirements-atlas.lock has into that environment,
unless it is there: the packages that only some verbs need.
"""

import hashlib
import os
import subprocess
import sys
import typing

MINIMUM = (3, 11)
ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
LOCK = os.path.join(ROOT, "requirements.lock")
VENV = os.path.join(ROOT, ".venv")
WITH = "--with"  # before the name of further packages, which have a lock of their own
# Nothing may phone home; threads inside numpy would only compete with our own processes; glibc, which reads its setting
# when a process starts, would keep freed memory apart for every thread, a fifth more of it for a pack's PDF.
SETTINGS = {
    "GX_ANALYTICS_ENABLED": "false",
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "MPLBACKEND": "agg",
    "MALLOC_ARENA_MAX": "2",
}

# Run in a candidate environment: prints what is missing of the lock, one requirement a line.
LOOK = """
import re, sys
from importlib.metadata import version, PackageNotFoundError
sys.path.insert(0, sys.argv[2])
def found(name):
    try: return version(name)
    except PackageNotFoundError: return None
for line in open(sys.argv[1], encoding="utf-8"):
    m = re.match(r"([A-Za-z0-9._-]+)==([^ ;\\\\]+)\\s*(;?)", line)
    if m and not m[3] and found(m[1]) != m[2]: print(m[1] + "==" + m[2])
if found("panelpack") is None: print("panelpack")
"""


def stop(message: str) -> typing.NoReturn:
    """Say in one line why there is no environment, and end."""
    sys.exit("panelpack: " + message)


def fingerprint() -> str:
    """Return the hash of all that .venv was made from: Python, the lock, what pyproject.toml says of the package."""
    digest = hashlib.sha256(sys.version.encode())
    with open(LOCK, "rb") as file:
        digest.update(file.read())
    with open(os.path.join(ROOT, "pyproject.toml"), "rb") as file:
        package, _, _ = file.read().partition(b"\n[tool.")  # how tools are set up, from there on, installs nothing
    digest.update(package)
    return digest.hexdigest()


def active_environment() -> "str | None":
    """Return the python of an active environment that has every package, or None."""
    for variable in ("VIRTUAL_ENV", "CONDA_PREFIX"):
        python = os.path.join(os.environ.get(variable) or os.devnull, "bin", "python")
        if os.path.exists(python) and os.path.realpath(os.path.dirname(os.path.dirname(python))) != VENV:
            look = [python, "-c", LOOK, LOCK, os.path.join(ROOT, "src")]
            missing = subprocess.run(look, capture_output=True, text=True)
            lacks = missing.stdout.split()
            if missing.returncode == 0 and lacks in ([], ["panelpack"]):
                if lacks:
                    install_panelpack(python)
                return python
    return None


def add_packages(python: str, name: str) -> None:
    """Put the packages of requirements-NAME.lock into an environment, unless they are there; others stay as is."""
    lock = os.path.join(ROOT, "requirements-" + name + ".lock")
    if not os.path.exists(lock):
        stop(WITH + " " + name + ": there is no " + os.path.basename(lock) + ". Correct the name.")
    look = subprocess.run([python, "-c", LOOK, lock, os.path.join(ROOT, "src")], capture_output=True, text=True)
    if look.returncode == 0 and look.stdout.split() in ([], ["panelpack"]):
        return
    print("Set-up: adding the packages of requirements-" + name + ".lock (once) ...", file=sys.stderr, flush=True)
    pip = [python, "-m", "pip", "install", "--quiet", "--require-hashes", "--no-deps", "-r", lock]
    quietly(
        pip,
        "the packages of " + os.path.basename(lock) + " could not be installed. Check the connection, then try again.",
    )


def quietly(command: "list[str]", failure: str) -> None:
    """Run a set-up step; on failure show its last lines and stop with one sentence."""
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT)
    if done.returncode:
        tail = "\n".join((done.stdout + done.stderr).strip().splitlines()[-5:])
        stop(tail + "\npanelpack: " + failure)


def install_panelpack(python: str) -> None:
    """Put panelpack itself into an environment that has its dependencies, so that its entry points are found."""
    pip = [python, "-m", "pip", "install", "--quiet", "--no-deps", "--no-build-isolation", "--editable", ROOT]
    quietly(pip, "panelpack could not be installed into " + os.path.dirname(os.path.dirname(python)) + ".")


def local_environment() -> str:
    """Return the python of .venv, made or remade first where the lock asks for it."""
    python = os.path.join(VENV, "bin", "python")
    stamp = os.path.join(VENV, "made-from.sha256")
    wanted = fingerprint()
    if os.path.exists(stamp):
        with open(stamp) as file:
            if file.read() == wanted:
                return python
    print("Set-up: making .venv from requirements.lock (once, a minute or two) ...", file=sys.stderr, flush=True)
    venv = [sys.executable, "-m", "venv", "--clear", VENV]
    quietly(venv, "no virtual environment could be made. On Debian install the package python3-venv, then try again.")
    pip = [python, "-m", "pip", "install", "--quiet", "--require-hashes", "--no-deps", "-r", LOCK]
    quietly(pip, "the packages of requirements.lock could not be installed. Check the connection, then try again.")
    install_panelpack(python)
    with open(stamp, "w") as file:
        file.write(wanted)
    return python


def main() -> None:
    """Run the arguments in the environment, in this process' place."""
    if sys.version_info < MINIMUM:
        # No f-string: an old Python must be able to read this file to say so.
        stop("Python %d.%d or newer is needed, this is %s." % (*MINIMUM, sys.version.split()[0]))  # noqa: UP031
    arguments, further = sys.argv[1:], []
    while len(arguments) > 1 and arguments[0] == WITH:
        further.append(arguments[1])
        arguments = arguments[2:]
    python = active_environment() or local_environment()
    for name in further:
        add_packages(python, name)
    os.environ.update({key: os.environ.get(key, value) for key, value in SETTINGS.items()})
    # The code of this folder runs, and no other that the environment may know under the same name.
    others = [path for path in [os.environ.get("PYTHONPATH")] if path]
    os.environ["PYTHONPATH"] = os.pathsep.join([os.path.join(ROOT, "src"), *others])
    os.execv(python, [python, *arguments])


if __name__ == "__main__":
    main()
