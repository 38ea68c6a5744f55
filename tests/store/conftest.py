"""A blank project file, made once and copied, and the few records these tests write into it."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from launchpad.changes import Change, Edit, edit
from launchpad.store import ProjectFile


@pytest.fixture(scope="session")
def blank(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("blank") / "blank.launchpad"
    ProjectFile.create(path, name="Blank", author="ann").close()
    return path


@pytest.fixture
def path(blank: Path, tmp_path: Path) -> Path:
    target = tmp_path / "project.launchpad"
    shutil.copyfile(blank, target)
    return target


@pytest.fixture
def file(path: Path) -> Iterator[ProjectFile]:
    with ProjectFile.open(path) as opened:
        yield opened


Write = Callable[..., Edit]


@pytest.fixture
def write(file: ProjectFile) -> Write:
    """Write changes as one edit and return it as it was sealed."""

    def written(*changes: Change, label: str = "Test", author: str = "ann", **content: bytes) -> Edit:
        return file.write(edit(changes, label, author=author), content)

    return written
