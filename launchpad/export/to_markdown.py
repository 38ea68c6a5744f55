"""A report as Markdown (CommonMark with tables): every string is escaped, so that words from data stay words.

Pictures become the numbers they show.
"""

import re

from launchpad.export.document import Block, Document, Heading, Paragraph, Picture, Points, Table

# Whatever could open a mark, a link, a tag, an entity or a cell; what could be a link by itself; starts of lists.
_MARKS = re.compile(r"([\\`*_\[\]<>#|~&$!{}^])")
_LINK = re.compile(r"(?i)(://|\bwww\.|\bmailto:|\bxmpp:)")
_AT = "<!-- -->@"
_START = re.compile(r"^(\d*)([-+=.)])")


def as_markdown(document: Document) -> bytes:
    """The report as UTF-8 Markdown."""
    parts = [f"# {_words(document.title)}"]
    if document.subtitle:
        parts.append(_words(document.subtitle))
    parts += [_block(block) for block in document.blocks]
    if document.footer:
        parts += ["---", _words(document.footer)]
    return ("\n\n".join(parts) + "\n").encode()


def _block(block: Block) -> str:
    match block:
        case Heading(level, words):
            return f"{'#' * (level + 1)} {_words(words)}"
        case Paragraph(words, "lead"):
            return f"**{_words(words)}**" if words else ""
        case Paragraph(words, "note"):
            return f"> {_words(words)}"
        case Paragraph(words, _):
            return _words(words)
        case Points(points):
            return "\n".join(f"- {_words(point)}" for point in points)
        case Table():
            return _table(block)
        case Picture():
            caption = f"{_words(block.caption)}\n\n" if block.caption else ""
            return caption + _table(block.numbers)


def _table(table: Table) -> str:
    header = " | ".join(_words(column.title) or " " for column in table.columns)
    rules = " | ".join("---:" if column.kind == "number" else "---" for column in table.columns)
    rows = (" | ".join(map(_words, row)) for row in table.rows)
    return "\n".join(f"| {line} |" for line in (header, rules, *rows))


def _words(words: str) -> str:
    """Words that Markdown shows as they are."""
    escaped = _MARKS.sub(r"\\\1", " ".join(words.split()))
    unlinked = _LINK.sub(lambda found: _broken(found[0]), escaped)
    return _START.sub(r"\1\\\2", unlinked.replace("@", _AT))


def _broken(link: str) -> str:
    """The start of a link with its telling sign escaped."""
    return f"\\{link}" if link == "://" else f"{link[:-1]}\\{link[-1]}"
