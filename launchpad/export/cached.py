"""A value beside each formula of a saved workbook, for viewers that cannot calculate.

openpyxl writes a formula or a value, never both. This pass over the saved file puts the program's own
number or word into the formula's cell; a spreadsheet calculates it anew, Excel when it opens the file and others when a
cell changes.
"""

import io
import re
import zipfile
from collections.abc import Mapping
from xml.sax.saxutils import escape

_FORMULA = re.compile(r'<c r="([A-Z]+[0-9]+)"([^>]*)(?<!/)>(<f>[^<]*</f>)(?:<v\s*/>|<v></v>)')
_APPLICATION = re.compile(r"<Application>.*?</Application>(?:<AppVersion>.*?</AppVersion>)?")


def with_values(saved: bytes, values: Mapping[str, Mapping[str, float | str]]) -> bytes:
    """The workbook with each formula's value beside it.

    `values` maps a sheet's path in the file to its numbers by cell (`{"xl/worksheets/sheet1.xml": {"B3": 4.5}}`).
    """
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(saved)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for member in old.infolist():
            data = old.read(member)
            if values.get(member.filename):
                data = _filled(data.decode(), values[member.filename]).encode()
            elif member.filename == "docProps/app.xml":
                data = _signed(data.decode()).encode()
            new.writestr(member, data)
    return out.getvalue()


def _filled(xml: str, values: Mapping[str, float | str]) -> str:
    def beside(found: re.Match[str]) -> str:
        cell, look, formula = found.groups()
        value = values.get(cell)
        if value is None:
            return found[0]
        if isinstance(value, str):
            return f'<c r="{cell}"{look} t="str">{formula}<v>{escape(value)}</v>'
        return f'<c r="{cell}"{look}>{formula}<v>{float(value)!r}</v>'

    return _FORMULA.sub(beside, xml)


def _signed(xml: str) -> str:
    """Name the program that wrote the file; openpyxl says it was Excel."""
    return _APPLICATION.sub("<Application>Launchpad</Application>", xml)
