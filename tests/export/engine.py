"""A workbook as another engine has it: read, spoilt, changed, and calculated anew by LibreOffice."""

import re
import subprocess
import warnings
import zipfile
from typing import Any

import openpyxl

ALWAYS_CALCULATE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load"><prop oor:name="OOXMLRecalcMode" oor:op="fuse">
<value>0</value></prop></item>
</oor:items>
"""


def opened(path, *, values):
    """The workbook; LibreOffice writes data bars in a way that openpyxl reads past with a warning."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message=".*extension is not supported", category=UserWarning)
        return openpyxl.load_workbook(path, data_only=values)


def cells(path) -> dict[tuple[str, str], Any]:
    """Every cell that holds something: its value, of a formula what it came to."""
    return {
        (sheet.title, cell.coordinate): cell.value
        for sheet in opened(path, values=True).worksheets
        for row in sheet.iter_rows()
        for cell in row
        if cell.value is not None
    }


def formulas(path) -> dict[tuple[str, str], str]:
    """Every formula by its place."""
    return {
        (sheet.title, cell.coordinate): str(cell.value)
        for sheet in opened(path, values=False).worksheets
        for row in sheet.iter_rows()
        for cell in row
        if cell.data_type == "f"
    }


def spoiled(book, place):
    """A copy whose formulas all carry a wrong value beside them."""
    with zipfile.ZipFile(book) as old, zipfile.ZipFile(place, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            xml = old.read(name)
            if name.startswith("xl/worksheets/"):
                xml = re.sub(rb' t="str">(<f>[^<]*</f>)<v>[^<]*</v>', rb' t="str">\1<v>spoilt</v>', xml)
                xml = re.sub(rb"</f><v>(?!spoilt)[^<]*</v>", b"</f><v>-1</v>", xml)
            new.writestr(name, xml)
    return place


def changed(book, place, inputs):
    """A copy with other values in some input cells, and nothing beside its formulas."""
    held = opened(book, values=False)
    for (sheet, coordinate), value in inputs.items():
        cell: Any = held[sheet][coordinate]
        assert cell.data_type != "f", (sheet, coordinate)
        cell.value = value
    held.save(place)
    return place


def recalculated(book, folder):
    """The workbook after LibreOffice calculated every formula anew and saved it."""
    settings = folder / "profile" / "user" / "registrymodifications.xcu"
    settings.parent.mkdir(parents=True, exist_ok=True)
    settings.write_text(ALWAYS_CALCULATE, encoding="utf-8")
    profile, out = (folder / "profile").as_uri(), folder / "recalculated"
    subprocess.run(
        ["soffice", f"-env:UserInstallation={profile}", "--headless", "--convert-to", "xlsx", "--outdir", out, book],
        check=True,
        capture_output=True,
        timeout=120,
    )
    return out / book.name


def differences(ours, theirs, places, *, relative=1e-6, absolute=1e-12):
    """The places at which two workbooks differ: numbers by more than rounding, words at all."""
    found = {}
    for place in places:
        mine, other = ours.get(place), theirs.get(place)
        if isinstance(mine, int | float) and isinstance(other, int | float):
            same = abs(mine - other) <= max(relative * max(abs(mine), abs(other)), absolute)
        else:
            same = mine == other or {mine, other} <= {None, ""}
        if not same:
            found[place] = (mine, other)
    return found
