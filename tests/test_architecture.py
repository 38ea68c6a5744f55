"""Rules of the house that import-linter, ruff and the type checker cannot say."""

import ast
import csv
import json
import re
import shutil
import subprocess
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PRODUCT = ROOT / "launchpad"
GUI = PRODUCT / "gui"
RESOURCES = ROOT / "resources"

TOP_LEVEL = {
    *("launchpad", "resources", "migrations", "tests", "packaging", "benchmarks", "docs", ".ci"),
    *("README.md", "ARCHITECTURE.md", "CHANGELOG.md", "CONTRIBUTING.md", "LICENSE"),
    *("pyproject.toml", "requirements.txt", "requirements-dev.txt", "dev.py", ".gitignore"),
}
# What Qt shows as rich text, loading what the text names.
RICH = {"RichText", "AutoText", "MarkdownText", "setHtml", "insertHtml", "appendHtml", "setMarkdown"}
# Widgets that guess whether their text is rich unless told that it is plain.
GUESSING = {"QLabel", "QMessageBox"}
TEXT_ENDINGS = {
    ".py",
    ".md",
    ".toml",
    ".txt",
    ".cfg",
    ".sh",
    ".yml",
    ".yaml",
    ".mako",
    ".spec",
    ".xml",
    ".desktop",
    "",
}
MACHINE_PATH = re.compile(r"(?<![\w.~/])/(?:work|root|opt|home/\w+|Users/\w+)/")
INDEX_ADDRESS = re.compile(r"https?://[\w.-]*(?:pypi|pythonhosted|npmjs|anaconda|debian)\.\w+", re.IGNORECASE)


def committed() -> list[Path]:
    """Files that belong to the repository, committed or about to be; skips outside a checkout."""
    if shutil.which("git") is None or not (ROOT / ".git").exists():
        pytest.skip("not a git checkout")
    listing = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return [path for name in listing.stdout.split("\0") if name and (path := ROOT / name).exists()]


def modules(*folders: Path) -> list[Path]:
    """Every Python file below the folders."""
    return sorted(path for folder in folders for path in folder.rglob("*.py"))


def named(paths: list[Path]) -> list[str]:
    """The paths as a person would write them."""
    return [path.relative_to(ROOT).as_posix() for path in paths]


def words(tree: ast.AST) -> Iterator[str]:
    """Every name and attribute that a module uses."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute):
            yield node.attr
        elif isinstance(node, ast.Name):
            yield node.id


def called(tree: ast.AST) -> Iterator[str]:
    """The last part of the name of everything that a module calls."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            yield node.func.attr
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            yield node.func.id


def test_that_the_top_level_is_as_the_architecture_says() -> None:
    assert {path.relative_to(ROOT).parts[0] for path in committed()} <= TOP_LEVEL


def test_that_no_module_is_longer_than_four_hundred_lines() -> None:
    # A migration is as long as what it creates, and never touched again; a test is as long as its tables of cases.
    paths = [*modules(PRODUCT, ROOT / "benchmarks"), ROOT / "dev.py"]
    long = [path for path in paths if len(path.read_text(encoding="utf-8").splitlines()) > 400]
    assert named(long) == []


def test_that_no_function_is_longer_than_sixty_lines() -> None:
    long = [
        f"{path.relative_to(ROOT).as_posix()}: {node.name}"
        for path in modules(PRODUCT)
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef) and (node.end_lineno or 0) - node.lineno >= 60
    ]
    assert long == []


def test_that_the_window_never_asks_for_rich_text() -> None:
    asking = [p for p in modules(GUI) if RICH & set(words(ast.parse(p.read_text(encoding="utf-8"))))]
    assert named(asking) == []


def test_that_a_module_with_labels_or_message_boxes_makes_their_text_plain() -> None:
    guessing = []
    for path in modules(GUI):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        if GUESSING & set(called(tree)) and "PlainText" not in set(words(tree)):
            guessing.append(path)
    assert named(guessing) == []


def says_where_from(names: Iterable[str]) -> bool:
    """Whether one of the names is a source, or the basis of what is assumed."""
    return any("source" in name or name == "basis" for name in names)


def without_source(path: Path) -> bool:
    """Whether a data file, or one row of it, leaves open where its figures come from."""
    if path.suffix in (".csv", ".tsv"):
        with path.open(encoding="utf-8", newline="") as lines:
            header = next(csv.reader(lines, delimiter="\t" if path.suffix == ".tsv" else ","), [])
        return not says_where_from(header)
    content = json.loads(path.read_text(encoding="utf-8"))
    rows = content if isinstance(content, list) else [content]
    return not rows or not all(isinstance(row, dict) and says_where_from(row) for row in rows)


def sourced_beside(path: Path) -> bool:
    """Whether a SOURCES.md in the same folder speaks for it."""
    return (path.parent / "SOURCES.md").is_file()


def test_that_every_data_file_names_its_source() -> None:
    data = [path for path in RESOURCES.rglob("*") if path.suffix in (".csv", ".tsv", ".json")]
    assert data
    assert named([path for path in data if without_source(path) and not sourced_beside(path)]) == []


@pytest.mark.parametrize("pattern", [MACHINE_PATH, INDEX_ADDRESS], ids=["machine path", "index address"])
def test_that_no_file_names_one_machine_or_one_package_index(pattern: re.Pattern[str]) -> None:
    texts = [path for path in committed() if path.suffix in TEXT_ENDINGS]
    found = [path for path in texts if pattern.search(path.read_text(encoding="utf-8", errors="replace"))]
    assert named(found) == []


def test_that_the_locks_pin_every_package_by_hash_and_agree() -> None:
    pins = {}
    for name in ("requirements.txt", "requirements-dev.txt"):
        blocks = re.split(r"\n(?=\S)", (ROOT / name).read_text(encoding="utf-8").strip())
        assert all("==" in block and "--hash=sha256:" in block for block in blocks)
        pins[name] = {block.split(" \\")[0].split(" ;")[0] for block in blocks}
    assert pins["requirements.txt"] <= pins["requirements-dev.txt"]
