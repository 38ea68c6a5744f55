"""From the start of the program to a painted window: `python -m benchmarks startup`.

The peers are a bare Qt window, which nothing of ours can beat, and the same window with every library
of the product imported first, which is what it would cost to import eagerly.
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time

RUNS = 5
SHOWN = """
from launchpad.gui.app import application
from launchpad.gui.main_window import MainWindow
app = application()
window = MainWindow()
window.show()
app.processEvents()
import os
os._exit(0)
"""
BARE = """
from PySide6.QtWidgets import QApplication, QLabel
app = QApplication([])
label = QLabel("Launchpad")
label.show()
app.processEvents()
import os
os._exit(0)
"""
EAGER = (
    "import alembic, highspy, matplotlib.pyplot, openpyxl, ortools.sat.python.cp_model, pandas, scipy.stats, sqlalchemy"
)


def seconds(program: str) -> float:
    """The median time of five runs of a program, each in a process of its own."""
    taken: list[float] = []
    with tempfile.TemporaryDirectory() as folder:
        env = {**os.environ, "XDG_CONFIG_HOME": folder}
        env.setdefault("QT_QPA_PLATFORM", "offscreen")
        for _ in range(RUNS):
            start = time.perf_counter()
            subprocess.run([sys.executable, "-c", program], env=env, check=True)  # noqa: S603 - our own program
            taken.append(time.perf_counter() - start)
    return statistics.median(taken)


def main() -> None:
    """Print what a window costs, bare, ours, and with everything imported first."""
    bare, ours, eager = seconds(BARE), seconds(SHOWN), seconds(f"{EAGER}\n{SHOWN}")
    print(f"{'first painted window':34}{'seconds':>9}{'ratio':>8}   medians of {RUNS}")
    for what, taken in (("Qt alone", bare), ("Launchpad", ours), ("Launchpad, all imported first", eager)):
        print(f"{what:34}{taken:>9.2f}{taken / bare:>7.1f}x")


if __name__ == "__main__":
    main()
