"""A short document as blocks, and its forms: Markdown, a page of HTML, a .docx; the same bytes each time."""

import html
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

_MARKDOWN = re.compile(r"([\\`*_{}\[\]<>#|~])")
_LINE_START = re.compile(r"^(\s*)([-+>]|\d+[.)])(?=\s)", re.MULTILINE)
_STYLE = (
    "body{font:16px/1.5 system-ui,sans-serif;max-width:46rem;margin:2rem auto;padding:0 1rem;color:#1b1b1b;"
    "background:#fff}table{border-collapse:collapse}th,td{border:1px solid #999;padding:.3rem .6rem;text-align:left;"
    "vertical-align:top}@media(prefers-color-scheme:dark){body{color:#eee;background:#16181c}}"
)


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of level 1 to 4."""

    level: int
    words: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph; `lead` stands before it in bold."""

    words: str
    lead: str = ""


@dataclass(frozen=True, slots=True)
class Listing:
    """A list of points, numbered or not."""

    points: tuple[str, ...]
    numbered: bool = False


@dataclass(frozen=True, slots=True)
class Grid:
    """A table with a header."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Marked:
    """Words of which some were removed and some added: pairs of same, removed or added, and the words; a `lead`."""

    pieces: tuple[tuple[str, str], ...]
    lead: str = ""


Block = Heading | Paragraph | Listing | Grid | Marked


@dataclass(frozen=True, slots=True)
class Document:
    """A title, the language it is written in, and blocks."""

    title: str
    blocks: tuple[Block, ...]
    language: str = "en"


def as_markdown(document: Document) -> str:
    """The document as Markdown; signs that would be markup are escaped wherever words come from data."""
    parts = [f"# {_md(document.title)}", *(_markdown(block) for block in document.blocks)]
    return "\n\n".join(part for part in parts if part) + "\n"


def as_html(document: Document) -> str:
    """The document as one page of HTML that loads nothing and runs nothing."""
    title = html.escape(document.title)
    body = "\n".join(_html(block) for block in document.blocks)
    return (
        f'<!doctype html>\n<html lang="{html.escape(document.language)}">\n<head>\n<meta charset="utf-8">\n'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
        f"<title>{title}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n<h1>{title}</h1>\n{body}\n</body>\n</html>\n"
    )


def _docx(document: Document) -> bytes:
    from launchpad.policies.word import as_docx

    return as_docx(document)


FORMS: Mapping[str, Callable[[Document], bytes]] = {
    ".md": lambda document: as_markdown(document).encode(),
    ".html": lambda document: as_html(document).encode(),
    ".docx": _docx,
}


def _markdown(block: Block) -> str:
    match block:
        case Heading(level, words):
            return f"{'#' * (level + 1)} {_md(words)}"
        case Paragraph(words, lead):
            return f"**{_md(lead)}** {_md(words)}" if lead else _md(words)
        case Listing(points, numbered):
            marks = [f"{number}." if numbered else "-" for number in range(1, len(points) + 1)]
            return "\n".join(f"{mark} {_md(point)}" for mark, point in zip(marks, points, strict=True))
        case Grid(header, rows):
            return "\n".join(_md_rows(header, rows))
        case Marked(pieces, lead):
            marked = "".join(_marked(how, words, ("~~", "~~"), ("**", "**"), _md_inside) for how, words in pieces)
            return f"**{_md(lead)}** {marked}" if lead else marked


def _md_rows(header: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    yield "| " + " | ".join(map(_md, header)) + " |"
    yield "|" + "---|" * len(header)
    for row in rows:
        yield "| " + " | ".join(map(_md, row)) + " |"


def _md(words: str) -> str:
    line = re.sub(r"\s+", " ", words).strip()
    return _LINE_START.sub(r"\1\\\2", _MARKDOWN.sub(r"\\\1", line))


def _html(block: Block) -> str:
    match block:
        case Heading(level, words):
            return f"<h{level + 1}>{html.escape(words)}</h{level + 1}>"
        case Paragraph(words, lead):
            return f"<p><strong>{html.escape(lead)}</strong> {html.escape(words)}</p>" if lead else _p(words)
        case Listing(points, numbered):
            tag = "ol" if numbered else "ul"
            return f"<{tag}>\n" + "\n".join(f"<li>{html.escape(point)}</li>" for point in points) + f"\n</{tag}>"
        case Grid(header, rows):
            cells = [_cells("th", header), *(_cells("td", row) for row in rows)]
            return "<table>\n" + "\n".join(cells) + "\n</table>"
        case Marked(pieces, lead):
            ends = ("<del>", "</del>"), ("<ins>", "</ins>")
            marked = "".join(_marked(how, words, *ends, html.escape) for how, words in pieces)
            return f"<p><strong>{html.escape(lead)}</strong> {marked}</p>" if lead else f"<p>{marked}</p>"


def _marked(
    how: str, words: str, removed: tuple[str, str], added: tuple[str, str], escaped: Callable[[str], str]
) -> str:
    """Words between the marks of what became of them; space at the ends stays outside, where Markdown wants it."""
    start, end = {"removed": removed, "added": added}.get(how, ("", ""))
    inner = words.strip()
    if not inner or not start:
        return escaped(words)
    left, right = words[: len(words) - len(words.lstrip())], words[len(words.rstrip()) :]
    return f"{left}{start}{escaped(inner)}{end}{right}"


def _md_inside(words: str) -> str:
    """Words in the middle of a line, their spaces kept."""
    return _MARKDOWN.sub(r"\\\1", re.sub(r"\s+", " ", words))


def _p(words: str) -> str:
    return f"<p>{html.escape(words)}</p>"


def _cells(tag: str, row: Sequence[str]) -> str:
    return "<tr>" + "".join(f"<{tag}>{html.escape(words)}</{tag}>" for words in row) + "</tr>"
