"""The files of a manifest as entities of a crate: the outputs lie inside it, what they were made from lies outside."""

from collections.abc import Mapping
from pathlib import PurePosixPath
from urllib.parse import quote

from panelpack.crate_graph import Entity, Graph
from panelpack.sources import Source

MANIFEST = "manifest.json"
OUTPUTS, CODE, INTERMEDIATE = "outputs", "code", "intermediate"
NOTEBOOK = ".ipynb"
UNKNOWN = "application/octet-stream"
# Written down, not asked of the system: each machine's own table of types differs.
FORMATS = {
    ".css": "text/css",
    ".csv": "text/csv",
    ".cwl": "application/cwl+json",
    ".html": "text/html",
    ".ipynb": "application/x-ipynb+json",
    ".j2": "text/plain",
    ".json": "application/json",
    ".lock": "text/plain",
    ".md": "text/markdown",
    ".pdf": "application/pdf",
    ".py": "text/x-python",
    ".typ": "text/plain",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".yaml": "application/yaml",
    ".yml": "application/yaml",
}
FOLDERS = {
    "pack/": "For publication: the pack, its indicators and its paragraphs",
    "review/": "For reviewers: every executed notebook with its code",
}


def file_format(path: str) -> str:
    """Return the media type of a file by its ending."""
    return FORMATS.get(PurePosixPath(path).suffix, UNKNOWN)


def measured(path: str, entry: Mapping) -> dict[str, str]:
    """Return what a crate says of every file: name, type, sha256, and size in bytes (as text, as RO-Crate asks)."""
    size = {"contentSize": str(entry["bytes"])} if "bytes" in entry else {}
    return {"name": path, "encodingFormat": file_format(path), "sha256": entry["sha256"], **size}


class Files:
    """Every file of a manifest in a graph.

    The outputs are data of the crate, by their paths. Raw data, parameters and code lie in other folders of the
    project, and a path out of the crate (../../data/...) would lead nowhere once it is archived. So their ids are
    fragments (#data/...): described here and identified by their sha256, but not carried along. Readers of RO-Crate
    (its Python library and its validator) take a file with such an id for one that is not in the payload.
    """

    def __init__(self, graph: Graph, manifest: Mapping, sources: Mapping[str, Source], own: frozenset[str]):
        """Add the files; `own` are names among the outputs that the crate describes in other words, or not at all."""
        self._graph, self._outside = graph, {}
        self.inside: dict[str, Entity] = {}
        sections = {name: part for name, part in manifest.items() if _lists_files(part)}
        for path, entry in sections.pop(OUTPUTS).items():
            if path not in own:
                self.inside[path] = graph.file(path, **measured(path, entry))
        # Without sha256: the manifest may list the crate's own, and neither could then be written first.
        self.inside[MANIFEST] = graph.file(
            MANIFEST, name=MANIFEST, encodingFormat=file_format(MANIFEST),
            description="Every input, table, line of code and output by its sha256, and the version of every package",
        )  # fmt: skip
        for part in sections.values():
            for path, entry in part.items():
                self._outside[path] = self._add_outside(path, measured(path, entry))
        for name, source in sources.items():
            for entity in self.at(f"data/raw/{manifest['quarter']}/{name}"):
                self._tell_source(entity, source)
        given = (_parent(path) for name, part in sections.items() if name not in (CODE, INTERMEDIATE) for path in part)
        self.given = self.at(*dict.fromkeys(given))

    def _add_outside(self, path: str, properties: Mapping[str, str]) -> Entity:
        kind = ["File", "SoftwareSourceCode"] if path.endswith(NOTEBOOK) else "File"
        return self._graph.add(f"#{quote(path)}", kind, **properties)

    def _tell_source(self, entity: Entity, source: Source) -> None:
        entity["creator"] = self._graph.add(f"#supplier/{quote(source.supplier)}", "Organization", name=source.supplier)
        entity["license"] = source.licence
        entity["conditionsOfAccess"] = source.sensitivity
        if source.basis:
            entity["description"] = source.basis

    def top(self) -> list[Entity]:
        """Add the crate's folders and return what lies directly in the crate: its folders, then its other files."""
        folders: dict[str, list[Entity]] = {}
        for path, entity in self.inside.items():
            folder, slash, _ = path.partition("/")
            folders.setdefault(folder + slash if slash else "", []).append(entity)
        loose = folders.pop("", [])
        return [*(self._folder(name, parts) for name, parts in folders.items()), *loose]

    def _folder(self, name: str, parts: list[Entity]) -> Entity:
        about = {"description": FOLDERS[name]} if name in FOLDERS else {}
        return self._graph.folder(name, name=name, hasPart=parts, **about)

    def at(self, *paths: str) -> list[Entity]:
        """Return the files, or with a final / the folders, outside the crate that the manifest has."""
        return [entity for path in paths if (entity := self._at(path)) is not None]

    def _at(self, path: str) -> Entity | None:
        if path not in self._outside and path.endswith("/"):
            parts = [entity for file, entity in self._outside.items() if _parent(file) == path]
            if parts:
                self._outside[path] = self._graph.add(f"#{quote(path)}", "Dataset", name=path, hasPart=parts)
        return self._outside.get(path)

    def review(self, step: str) -> list[Entity]:
        """Return a step's review copies: the executed notebook and its pages."""
        return [entity for path, entity in self.inside.items() if path.rpartition(".")[0] == f"review/{step}"]


def _lists_files(part: object) -> bool:
    """Whether a part of a manifest lists files; others give a word (the quarter) or versions (the packages)."""
    return isinstance(part, Mapping) and all(isinstance(entry, Mapping) for entry in part.values())


def _parent(path: str) -> str:
    return path.rpartition("/")[0] + "/"
