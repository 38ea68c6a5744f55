"""Files of trees, read and written by their ending."""

import functools
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

from launchpad.errors import ExportError, ImportRefusedError
from launchpad.taxonomies.csvs import csv_of, tree_from_csv
from launchpad.taxonomies.plain import plain_tree, tree_from
from launchpad.taxonomies.sssom import sssom_of
from launchpad.taxonomies.tree import Tree, settled

RDF = {".ttl": "turtle", ".rdf": "xml", ".xml": "xml", ".owl": "xml", ".jsonld": "json-ld"}
ENDINGS = (".ttl", ".rdf", ".jsonld", ".json", ".yaml", ".csv", ".sssom.tsv")
MOST_BYTES = 64 * 1024**2
DEEPEST = 50


def read_tree(path: Path) -> Tree:
    """The tree in a file (Turtle, RDF/XML, JSON-LD, JSON, YAML or CSV, by its ending), settled.

    Raises ImportRefusedError for a file that is missing, too large, or not what its ending says.
    """
    data = read_bytes(path)
    ending, name, code = path.suffix.casefold(), path.name, path.stem
    if ending in RDF or (ending == ".json" and b'"@context"' in data[:100_000] and b'"areas"' not in data[:100_000]):
        from launchpad.taxonomies.rdf import graph_from
        from launchpad.taxonomies.skos_in import tree_from_graph

        return settled(tree_from_graph(graph_from(data, RDF.get(ending, "json-ld"), name), name, code), name)
    if ending == ".json":
        return settled(tree_from(_json(data, name), name, code), name)
    if ending in (".yaml", ".yml"):
        return settled(tree_from(_yaml(data, name), name, code), name)
    if ending in (".csv", ".tsv"):
        return settled(tree_from_csv(read_text(data, name), name, code), name)
    raise ImportRefusedError(f"{name}: taxonomies are not read from {ending or 'such'} files.", _hint())


def tree_bytes(tree: Tree, name: str) -> bytes:
    """The tree in the format that the ending of a file name asks for; ExportError for another one."""
    lower = name.casefold()
    if lower.endswith((".sssom.tsv", ".tsv")):
        return sssom_of(tree).encode()
    ending = Path(lower).suffix
    if ending in RDF:
        from launchpad.taxonomies.skos_out import graph_of

        return graph_of(tree).serialize(format=RDF[ending], encoding="utf-8")
    if ending == ".json":
        return (json.dumps(plain_tree(tree), ensure_ascii=False, indent=1) + "\n").encode()
    if ending in (".yaml", ".yml"):
        import yaml

        return yaml.safe_dump(plain_tree(tree), sort_keys=False, allow_unicode=True, width=120).encode()
    if ending == ".csv":
        return csv_of(tree).encode("utf-8-sig")
    raise ExportError(f"{name}: taxonomies are not written to {ending or 'such'} files.", _hint())


def read_bytes(path: Path) -> bytes:
    """The bytes of a file, at most 64 MB of them; ImportRefusedError says what is in the way."""
    try:
        if path.stat().st_size > MOST_BYTES:
            raise ImportRefusedError(f"{path.name} is larger than {MOST_BYTES // 1024**2} MB.", "Take a part of it.")
        return path.read_bytes()
    except OSError as error:
        raise ImportRefusedError(f"{path} cannot be read: {error.strerror}.", "Check the path.") from None


def read_text(data: bytes, name: str) -> str:
    """The text of a file in UTF-8; ImportRefusedError for anything else."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise ImportRefusedError(f"{name} is not text in UTF-8.", "Save it as UTF-8.") from None
    if "\0" in text:
        raise ImportRefusedError(f"{name} is no text: it holds NUL characters.", "Save it as UTF-8.")
    return text


def _json(data: bytes, name: str) -> object:
    try:
        return cast("object", json.loads(read_text(data, name)))
    except (ValueError, RecursionError) as error:
        raise ImportRefusedError(f"{name} is not JSON: {str(error)[:80]}.", "Check it with its author.") from None


def _yaml(data: bytes, name: str) -> Any:  # noqa: ANN401 - YAML holds anything
    """The document in YAML; aliases are refused, with which a small file can swell without end."""
    import yaml

    text = read_text(data, name)
    try:
        depth = 0
        for event in cast("Iterator[Any]", yaml.parse(text, Loader=_loader())):
            if isinstance(event, yaml.AliasEvent):
                raise ImportRefusedError(f"{name} uses aliases, which can be made to swell.", "Write it out in full.")
            depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
            if depth > DEEPEST:
                raise ImportRefusedError(f"{name} is nested deeper than {DEEPEST} levels.", "Check it.")
        return yaml.load(text, Loader=_loader())  # noqa: S506 - a safe loader, which makes plain values only
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise ImportRefusedError(f"{name} is not YAML: {str(error)[:80]}.", "Check it with its author.") from None


@functools.cache
def _loader() -> Any:  # noqa: ANN401 - a class made of one of two of PyYAML's
    """A safe loader, in C where there is one, that leaves numbers and dates as words: the code 1.10 is not 1.1."""
    import yaml

    words = {"tag:yaml.org,2002:null", "tag:yaml.org,2002:bool"}
    base = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    known = {first: [one for one in each if one[0] in words] for first, each in base.yaml_implicit_resolvers.items()}
    return type("Words", (base,), {"yaml_implicit_resolvers": known})


def _hint() -> str:
    return f"Endings: {', '.join(ENDINGS)}."
