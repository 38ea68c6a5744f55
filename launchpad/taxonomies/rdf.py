"""The door for RDF from strangers: nothing is fetched, nothing swells, what cannot be read is said."""

import json
import logging
import warnings
from collections.abc import Generator
from contextlib import contextmanager
from typing import cast
from xml.sax import SAXException

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import ParseError, fromstring
from rdflib import Graph
from rdflib.exceptions import Error

from launchpad.errors import ImportRefusedError
from launchpad.taxonomies.skos_words import HERE

# rdflib's parsers raise whatever their grammar stumbles over: there is no common class to name.
STUMBLES = (SyntaxError, SAXException, Error, ValueError, TypeError, LookupError, AttributeError, AssertionError)
STUMBLES_DEEP = (RecursionError, UnicodeError)


def graph_from(data: bytes, form: str, where: str) -> Graph:
    """The graph in a file; `form` is turtle, xml or json-ld.

    Raises ImportRefusedError for what is no RDF, XML with a document type or entities, and JSON-LD that would fetch
    its context from elsewhere: nothing is ever fetched.
    """
    if form == "xml":
        _refuse_entities(data, where)
    elif form == "json-ld":
        _refuse_fetching(data, where)
    graph = Graph(bind_namespaces="none")
    try:
        with _quiet():
            graph.parse(data=data, format=form, publicID=HERE)
    except (*STUMBLES, *STUMBLES_DEEP) as error:
        what = " ".join(str(error).split())[:120]
        raise ImportRefusedError(
            f"{where} is not RDF as its ending says: {what}.", "Check it with its author."
        ) from None
    return graph


@contextmanager
def _quiet() -> Generator[None]:
    """Without rdflib's own log, which prints tracebacks for literals that do not fit their type."""
    loggers = [logging.getLogger(name) for name in ("rdflib", "rdflib.term")]
    levels = [logger.level for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.CRITICAL + 1)
    try:
        with warnings.catch_warnings():
            # rdflib warns of its own use of its own classes.
            warnings.simplefilter("ignore", DeprecationWarning)
            yield
    finally:
        for logger, level in zip(loggers, levels, strict=True):
            logger.setLevel(level)


def _refuse_entities(data: bytes, where: str) -> None:
    try:
        fromstring(data, forbid_dtd=True)
    except DefusedXmlException:
        raise ImportRefusedError(
            f"{where} declares a document type or entities, which can be made to swell or to read other files.",
            "Save it as Turtle, or without its document type.",
        ) from None
    except (ParseError, ValueError, LookupError) as error:
        raise ImportRefusedError(f"{where} is not XML: {str(error)[:80]}.", "Check it with its author.") from None


def _refuse_fetching(data: bytes, where: str) -> None:
    try:
        waiting: list[object] = [json.loads(data)]
    except (ValueError, RecursionError) as error:
        raise ImportRefusedError(f"{where} is not JSON: {str(error)[:80]}.", "Check it with its author.") from None
    while waiting:
        one = waiting.pop()
        if isinstance(one, list):
            waiting.extend(cast("list[object]", one))
        elif isinstance(one, dict):
            given = cast("dict[str, object]", one)
            waiting.extend(given.values())
            contexts = given.get("@context")
            listed = cast("list[object]", contexts) if isinstance(contexts, list) else [contexts]
            if any(isinstance(context, str) for context in listed) or "@import" in given:
                raise ImportRefusedError(
                    f"{where} names its context by an address, which would have to be fetched.",
                    "Write the context into the file; nothing is ever fetched.",
                )
