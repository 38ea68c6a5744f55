import json
from pathlib import Path

import pytest

from launchpad.cli import main


class Terminal:
    """Runs commands as a shell would, through the one entry."""

    def __init__(self, capsys, folder: Path) -> None:
        self._capsys = capsys
        self.folder = folder
        self.project = str(folder / "own.launchpad")
        self.opened: list[str] = []

    def __call__(self, *arguments: str) -> tuple[int, str, str]:
        code = main(list(arguments), open_window=self._open)
        out, err = self._capsys.readouterr()
        return code, out, err

    def json(self, *arguments: str, code: int = 0):
        found, out, err = self(*arguments, "--json")
        assert found == code, (arguments, out, err)
        return json.loads(out)

    def _open(self, project: str) -> int:
        self.opened.append(project)
        return 0


@pytest.fixture
def launchpad(capsys, tmp_path):
    return Terminal(capsys, tmp_path)


@pytest.fixture
def project(launchpad):
    """A new project with a launch, one risk area and its scenario."""
    launchpad.json("new", launchpad.project, "--launch", "Spring", "--date", "2099-03-01")
    launchpad.json("add", launchpad.project, "taxonomy_release", "code=TAX-1", "name=Own", "version=1")
    launchpad.json("add", launchpad.project, "risk_area", "code=A-001", "name=Fraud", "release=TAX-1")
    launchpad.json("add", launchpad.project, "scenario", "code=R-001", "name=Scam letters", "risk_area=A-001")
    launchpad.json("add", launchpad.project, "exposure", "scenario=R-001", "opportunities=10,100,1000")
    return launchpad.project
