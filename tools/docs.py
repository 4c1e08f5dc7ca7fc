"""The documentation site: what is written in docs/, the pages that are written from the code, and every link checked.

`make docs` sets both together in a temporary folder, has Zensical build the site there without the network, and holds
the built pages to two rules: every link and anchor inside the site leads somewhere, and no page loads anything from
elsewhere. What differs from that is a line each, and the old site stays.
"""

import posixpath
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Collection, Iterator, Mapping
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

from panelpack.errors import PanelPackError
from tools import reference

ROOT = Path(__file__).resolve().parents[1]
SITE = ROOT / "site"
CONFIGURATION = "zensical.toml"
# Pages of the site that are written elsewhere in the project, where a reader of the folders looks for them.
WRITTEN_ELSEWHERE = {
    "contributing.md": "CONTRIBUTING.md",
    "changelog.md": "CHANGELOG.md",
    "explanation/projection-study.md": "data/projection/README.md",
    "explanation/reconstruction.md": "research/reconstruction/README.md",
}
LINK = re.compile(r"\[(?P<words>[^\]\[]*)\]\((?P<file>[^)#:\s]+)(?P<heading>#[^)\s]*)?\)")  # to a file, in Markdown
SIGN = re.compile(r"(?<![\\`\w])\[(c|x|z|r|low)\](?![(\[:])")  # of a number that is not shown: no link
TERMINAL = re.compile(r"\x1b\[[0-9;]*m")  # Zensical's colours
NETWORK_IN_STYLES = re.compile(r"(?:url\(|@import)\s*[\"']?((?:https?:)?//[^\"')\s]+)")


def build(root: Path, site: Path) -> list[str]:
    """Build the site of a project into a folder, and return a sentence for each mistake; with one, nothing is built."""
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        pages, mistakes = reference.pages(root)
        sources = gather(root, work / "docs", pages)
        configure(root, work, sources)
        command = [sys.executable, "-m", "zensical", "build", "--strict", "--config-file", str(work / CONFIGURATION)]
        done = subprocess.run(command, cwd=work, capture_output=True, text=True)
        mistakes += [*unlisted(root, work / "docs"), *check_site(work / "site", sources)]
        if done.returncode and not mistakes:
            mistakes.append(TERMINAL.sub("", f"{CONFIGURATION}: Zensical stopped.\n{done.stdout}{done.stderr}").strip())
        if not mistakes:
            shutil.rmtree(site, ignore_errors=True)
            shutil.copytree(work / "site", site)
    return mistakes


def gather(root: Path, to: Path, generated: dict[str, str]) -> dict[str, str]:
    """Set all pages together in a folder, and return where each is written, by its name in the site."""
    shutil.copytree(root / "docs", to, ignore=shutil.ignore_patterns("*.yml"))
    sources = {path.relative_to(to).as_posix(): f"docs/{path.relative_to(to).as_posix()}" for path in to.rglob("*.md")}
    # Another office has no reconstructed data.
    sources |= {name: source for name, source in WRITTEN_ELSEWHERE.items() if (root / source).exists()}
    place = {source: name for name, source in sources.items()}
    for name, source in sources.items():
        text = (root / source).read_text(encoding="utf-8")
        (to / name).write_text(with_signs(moved(text, source, name, place)), encoding="utf-8")
    for name, text in generated.items():
        path = f"reference/{name}.md"
        (to / path).write_text(with_signs(text), encoding="utf-8")
        sources[path] = f"tools/reference ({path})"
    return sources


def with_signs(text: str) -> str:
    """Return the text of a page in which the signs of numbers that are not shown are no links without a place."""
    parts = re.split(r"(^ *```.*?^ *```$)", text, flags=re.MULTILINE | re.DOTALL)
    return "".join(part if part.lstrip().startswith("```") else SIGN.sub(r"\\[\1\\]", part) for part in parts)


def moved(text: str, source: str, name: str, place: Mapping[str, str]) -> str:
    """Return the text of a page whose links lead to the same pages from its place in the site.

    A link to a page that this project does not have becomes its words.
    """

    def link(match: re.Match[str]) -> str:
        linked = posixpath.normpath(posixpath.join(posixpath.dirname(source), match["file"]))
        if linked in place:
            there = posixpath.relpath(place[linked], posixpath.dirname(name) or ".")
            return f"[{match['words']}]({there}{match['heading'] or ''})"
        return match["words"] if linked in WRITTEN_ELSEWHERE.values() else match[0]

    return LINK.sub(link, text)


def configure(root: Path, to: Path, sources: Collection[str]) -> None:
    """Write Zensical's configuration, without the pages that this project does not have."""
    absent = WRITTEN_ELSEWHERE.keys() - sources
    lines = (root / CONFIGURATION).read_text(encoding="utf-8").splitlines(keepends=True)
    kept = (line for line in lines if not any(f'"{name}"' in line for name in absent))
    (to / CONFIGURATION).write_text("".join(kept), encoding="utf-8")


def unlisted(root: Path, docs: Path) -> Iterator[str]:
    """Yield each page that the navigation does not name, so that nobody would find it."""
    configuration = (root / CONFIGURATION).read_text(encoding="utf-8")
    for path in sorted(docs.rglob("*.md")):
        name = path.relative_to(docs).as_posix()
        if f'"{name}"' not in configuration:
            yield f"{CONFIGURATION}: {name} is not in the navigation. Add it."


class PageLinks(HTMLParser):
    """The anchors of a page, the links that a reader may follow, and what the page loads by itself."""

    def __init__(self, text: str):
        """Read a page."""
        super().__init__()
        self.anchors: set[str] = {""}
        self.links: list[str] = []
        self.loaded: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note the anchor, and the link, of an element."""
        given = dict(attrs)
        self.anchors |= {name for key in ("id", "name") if (name := given.get(key))}
        for key in ("href", "src"):
            if target := given.get(key):
                (self.links if tag == "a" else self.loaded).append(target)


def check_site(site: Path, sources: dict[str, str]) -> Iterator[str]:
    """Yield a sentence for each link of a built site that leads nowhere, and for all that comes from the network."""
    pages = {path: PageLinks(path.read_text(encoding="utf-8")) for path in sorted(site.rglob("*.html"))}
    for path, page in pages.items():
        name = path.relative_to(site).with_suffix(".md").as_posix()
        if name not in sources:
            continue  # what Zensical adds for a web server: the page of an address that is not there
        for target in dict.fromkeys([*page.links, *page.loaded]):
            where = urlsplit(target)
            if where.scheme or where.netloc:
                if target in page.loaded and where.scheme != "data":
                    yield f"{sources[name]}: the page loads {target} from the network. Keep it in docs/, or remove it."
                continue
            linked = (path.parent / unquote(where.path)).resolve() if where.path else path
            if not linked.is_file():
                yield f"{sources[name]}: the link {target!r} leads nowhere: there is no such file. Correct it."
            elif linked in pages and unquote(where.fragment) not in pages[linked].anchors:
                there = linked.relative_to(site).as_posix()
                yield f"{sources[name]}: the link {target!r} leads nowhere: {there} has no such heading. Correct it."
    for path in sorted(site.rglob("*.css")):
        for address in NETWORK_IN_STYLES.findall(path.read_text(encoding="utf-8")):
            yield f"{path.relative_to(site).as_posix()}: the style loads {address} from the network."


def main() -> int:
    """Build the site and say where it is; with mistakes, a line each and exit code 1."""
    try:
        mistakes = build(ROOT, SITE)
    except PanelPackError as error:
        mistakes = [str(error)]
    for mistake in mistakes:
        print(mistake)
    if mistakes:
        print(f"make docs: {len(mistakes)} to mend; the site is as it was.", file=sys.stderr)
        return 1
    print(f"{len(list(SITE.rglob('*.html')))} pages: open {SITE.relative_to(ROOT)}/index.html")
    return 0


if __name__ == "__main__":
    sys.exit(main())
