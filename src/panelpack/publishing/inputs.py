"""The inputs of a manifest: what is published of each file that a pack is made from, so that it can be checked later.

Of most files that is the sha256 and the size. Of a guarded raw file (config/guarded.py) it is a keyed hash alone, which
says something only to whoever has the salt.
"""

from collections.abc import Iterator
from pathlib import Path

from panelpack.config.sources import SOURCES_FILE
from panelpack.config.strict_yaml import load
from panelpack.errors import ConfigurationError
from panelpack.intake.receiving import Listed
from panelpack.intake.salts import keyed_digest, read_salt
from panelpack.pack_files import input_files
from panelpack.periods import Quarter
from panelpack.project import Project, measured

Entry = dict[str, str | int]
KEYED = "keyed_sha256"
NO_SALT = "no salt"  # in the place of a keyed hash that nobody can work out here


def describe_inputs(project: Project, quarter: Quarter) -> dict[str, Entry]:
    """Return what is published of each input, by its name, in order. Raises SourceError for a salt that is none."""
    guarded = set(_guarded_files(project, quarter))
    return {
        project.name(path): _keyed(path) if path in guarded else measured(path)
        for path in input_files(project, quarter)
    }


def unsalted_inputs(project: Project, quarter: Quarter) -> list[str]:
    """Return the names of the guarded files that cannot be checked, since their salts are not there."""
    return [project.name(path) for path in _guarded_files(project, quarter) if not read_salt(path)]


def _guarded_files(project: Project, quarter: Quarter) -> list[Path]:
    """Return the raw files among the inputs of which nobody has said that their content is for everybody."""
    folders = [project.raw(drop) for drop in (quarter, quarter.shift(-1))]
    open_files = {path for folder in folders for path in _open_files(folder)}
    return [path for path in input_files(project, quarter) if path.parent in folders and path not in open_files]


def _open_files(folder: Path) -> Iterator[Path]:
    """Yield the files of a raw folder of which sources.yml says that their content is for everybody; and itself.

    A file that it does not name, or all where it cannot be read, are not among them: nobody has said so.
    """
    yield folder / SOURCES_FILE
    try:
        files = load(folder / SOURCES_FILE, Listed).files
    except ConfigurationError:
        return
    for name, source in files.items():
        if source.sensitivity == "public" and not source.is_keyed:
            yield from (folder / file for file in (source.sha256 if isinstance(source.sha256, dict) else [name]))


def _keyed(path: Path) -> Entry:
    salt = read_salt(path)
    return {KEYED: keyed_digest(path, salt) if salt else NO_SALT}
