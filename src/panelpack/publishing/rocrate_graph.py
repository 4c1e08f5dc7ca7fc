"""The rocrate library behind a few verbs, which replace the clock times and random ids that it fills in."""

import json
from typing import Any

from rocrate.model import ComputationalWorkflow, ContextEntity, Dataset, File
from rocrate.model.entity import Entity
from rocrate.rocrate import ROCrate

__all__ = ["Entity", "Graph", "set_properties"]

# Versions that belong together and that the public validator knows; RO-Crate 1.2 and 1.3 have no such set yet.
ROCRATE_VERSION = "1.1"
TERMS = "https://w3id.org/ro/terms/workflow-run/context"  # what gives `sha256` its meaning


class Graph:
    """An RO-Crate in the making: entities refer to each other, and the text lists them in the order they came."""

    def __init__(self) -> None:
        """Begin with the two entities that every crate has: the metadata file and the root."""
        self._crate = ROCrate(version=ROCRATE_VERSION)
        self._crate.metadata.extra_contexts.append(TERMS)

    def add(self, identifier: str, kind: str | list[str], **properties: Any) -> Entity:
        """Add an entity that is no file of the crate. The id is ours: the library would draw a random one."""
        return set_properties(self._crate.add(ContextEntity(self._crate, identifier, {"@type": kind})), **properties)

    def file(self, path: str, **properties: Any) -> Entity:
        """Add a file of the crate by its path below the root."""
        return set_properties(self._crate.add(File(self._crate, dest_path=path)), **properties)

    def folder(self, path: str, **properties: Any) -> Entity:
        """Add a folder of the crate by its path below the root."""
        return set_properties(self._crate.add(Dataset(self._crate, dest_path=path)), **properties)

    def workflow(self, path: str, cwl_version: str, **properties: Any) -> Entity:
        """Add a file of the crate that is its main workflow, with steps, in the Common Workflow Language."""
        kind = {"@type": [*ComputationalWorkflow.TYPES, "HowTo"]}
        entity = self._crate.add_workflow(
            dest_path=path, properties=kind, main=True, lang="cwl", lang_version=cwl_version
        )
        return set_properties(entity, **properties)

    def root(self, **properties: Any) -> None:
        """Describe the crate itself. `datePublished` must be among it: the library has put the clock's time there."""
        set_properties(self._crate.root_dataset, **properties)

    def text(self, claims: list[str]) -> str:
        """Return ro-crate-metadata.json; `claims` are the specifications that its descriptor names besides RO-Crate."""
        metadata = self._crate.metadata
        metadata["conformsTo"] = [{"@id": address} for address in (metadata.profile, *claims)]
        return json.dumps(metadata.generate(), indent=1, ensure_ascii=False) + "\n"


def set_properties(entity: Entity, **properties: Any) -> Entity:
    """Set properties of an entity, replacing what it has, and return it. RO-Crate writes a list of one without []."""
    for name, value in properties.items():
        entity[name] = value[0] if isinstance(value, list) and len(value) == 1 else value
    return entity
