"""Files arrive: record their checksums, and prepare the folders of a new quarter."""

import re
from pathlib import Path

from panelpack.config.sources import SOURCES_FILE, load_sources
from panelpack.errors import UsageError, shown
from panelpack.periods import Quarter
from panelpack.project import Project, sha256

# Why a supplier restated the quarters before: said of one file, so the next quarter's starts without it.
REVISIONS_ENTRY = re.compile(r"^( +)revisions:.*\n(?:\1(?: |- ).*\n)*", re.MULTILINE)
NOT_RECEIVED = "f" * 64  # no file has this checksum, so a quarter cannot run before its files are received


def receive(folder: Path) -> list[str]:
    """Write the checksum of each file that is there into sources.yml, and say what changed.

    Only the sha256 values are touched. Raises ConfigurationError when sources.yml is not one.
    """
    known = load_sources(folder)
    path = folder / SOURCES_FILE
    text, changes = path.read_bytes().decode("utf-8"), []  # bytes, so that the line ends stay as they are
    for name, source in known.files.items():
        if not (folder / name).is_file():
            changes.append(f"{name}: not received yet")
            continue
        checksum = sha256((folder / name).read_bytes())
        if checksum == source.sha256:
            continue
        entry = re.compile(
            rf"(^\s+['\"]?{re.escape(name)}['\"]?:.*?\bsha256:\s*['\"]?)[0-9a-f]{{64}}", re.DOTALL | re.MULTILINE
        )
        text = entry.sub(rf"\g<1>{checksum}", text, count=1)
        changes.append(f"{name}: sha256 {checksum}")
    path.write_bytes(text.encode("utf-8"))
    return changes or [f"{shown(path)}: every checksum is up to date"]


def new_quarter(project: Project, label: str) -> list[str]:
    """Copy parameters, commentary and sources (without revisions) of the latest earlier quarter; say what to do next.

    Raises UsageError for a malformed label, a quarter that exists, or when there is none to copy.
    """
    earlier = [known for known in project.quarters() if known < label]
    if not label:
        raise UsageError("Q is missing: expected the label of the quarter to start, Q=YYYYQn.")
    quarter = Quarter.parse(label)
    made = [project.params(quarter), project.commentary(quarter), project.raw(quarter)]
    for path in made:
        if path.exists():
            raise UsageError(
                f"{shown(path)}: it exists already, so {label} was started before. Remove it to start again."
            )
    if not earlier:
        raise UsageError(f"Q={label!r}: there is no earlier quarter under data/raw to start from.")
    before = Quarter.parse(earlier[-1])
    for path in (project.params(before), project.commentary(before), project.raw(before) / SOURCES_FILE):
        if not path.is_file():
            raise UsageError(f"{shown(path)}: it is missing, and {label} would start from it. Restore it first.")
    params = project.params(before).read_text(encoding="utf-8")
    project.params(quarter).write_text(params.replace(f"quarter: {before}", f"quarter: {quarter}"), encoding="utf-8")
    project.commentary(quarter).write_text(project.commentary(before).read_text(encoding="utf-8"), encoding="utf-8")
    project.raw(quarter).mkdir(parents=True)
    sources = (project.raw(before) / SOURCES_FILE).read_text(encoding="utf-8")
    sources = re.sub(r"(sha256:\s*['\"]?)[0-9a-f]{64}", rf"\g<1>{NOT_RECEIVED}", sources)
    (project.raw(quarter) / SOURCES_FILE).write_text(REVISIONS_ENTRY.sub("", sources), encoding="utf-8")
    return [
        *(f"made {shown(path)}" for path in made),
        f"Next: put the suppliers' files into {shown(project.raw(quarter))}, correct sources.yml there (received, "
        f"reconstructed), set the meeting date in {shown(project.params(quarter))}, then: make receive Q={label}",
    ]
