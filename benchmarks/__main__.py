"""Runs every benchmark, or the named ones: ``make bench`` or ``make bench ARGS="startup reader"``.

A benchmark is a module of this folder with ``measure()``, which returns its figures. Exit status 1 where one is over its budget.
"""

import importlib
import pkgutil
import sys
from pathlib import Path

from benchmarks.figures import Figure, show


def main(names: list[str]) -> int:
    """Runs, prints, and says whether all budgets held."""
    chosen = names or sorted(module.name for module in pkgutil.iter_modules([str(Path(__file__).parent)]))
    held = True
    for name in chosen:
        module = importlib.import_module(f"benchmarks.{name}")
        if hasattr(module, "measure"):
            figures: list[Figure] = module.measure()
            print(show(name, figures), flush=True)
            held = held and all(figure.held for figure in figures)
    return 0 if held else 1


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
