"""Write the raw folder of a reconstructed quarter, or compare it with what the reconstruction makes.

python -m research.reconstruction 2015Q1              write data/raw/2015Q1 and refresh its hashes
python -m research.reconstruction 2015Q1 --check      compare instead; exit 1 on a difference
python -m research.reconstruction 2015Q1 --out DIR    write (or compare) another folder
"""

import argparse
import sys
from pathlib import Path

from panelpack.errors import PanelPackError, SourceError, UsageError
from panelpack.periods import Quarter
from panelpack.project import Project
from research.reconstruction import drop_2014Q4, drop_2015Q1
from research.reconstruction.files import with_hashes

DROPS = {"2014Q4": drop_2014Q4.reconstruct, "2015Q1": drop_2015Q1.reconstruct}


def folder_content(quarter: str, folder: Path) -> dict[str, bytes]:
    """Return what the folder of a quarter should hold, by file name; sources.yml only where the folder has one.

    Raises SourceError for a sources.yml that does not list every file once.
    """
    files = DROPS[quarter]()
    sources = folder / "sources.yml"
    if not sources.exists():
        return files
    return files | {"sources.yml": with_hashes(sources.read_text(encoding="utf-8"), files, folder).encode()}


def write(folder: Path, files: dict[str, bytes]) -> None:
    """Write the files to a folder, which is made where it is missing."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        (folder / name).write_bytes(content)


def compare(folder: Path, files: dict[str, bytes]) -> None:
    """Raise SourceError, a line a file, where a folder does not hold the files as they are made."""
    paths = {name: folder / name for name in sorted(files)}
    differing = [path for name, path in paths.items() if not path.exists() or path.read_bytes() != files[name]]
    if differing:
        raise SourceError(
            "\n".join(
                f"{path}: the file is not what the reconstruction makes, expected the same bytes. "
                "Restore it, or run the reconstruction without --check."
                for path in differing
            )
        )


def main(arguments: list[str] | None = None) -> int:
    """Run the command and return its exit code: 0 done or the same, 1 a difference, 2 a command typed wrongly."""
    parser = argparse.ArgumentParser(
        prog="research.reconstruction", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("quarter", nargs="?", default="", help=" or ".join(DROPS))
    parser.add_argument("--out", type=Path, metavar="DIR", help="the folder (data/raw/QUARTER)")
    parser.add_argument("--check", action="store_true", help="compare with the folder instead of writing it")
    given = parser.parse_args(arguments)
    try:
        if given.quarter not in DROPS:
            raise UsageError(f"{given.quarter!r}: no reconstruction of this quarter, expected {' or '.join(DROPS)}.")
        folder = given.out or Project.here().raw(Quarter.parse(given.quarter))
        files = folder_content(given.quarter, folder)
        (compare if given.check else write)(folder, files)
    except PanelPackError as error:
        print(f"panelpack: {error}", file=sys.stderr)
        return error.exit_code
    return 0


if __name__ == "__main__":
    sys.exit(main())
