"""Compares onnxruntime's values with the exact ones: every first difference must be a rounding tie. Usage: compare.py ROOT"""
import json
import pathlib
import sys

import numpy as np


def ties_of(folder, name):
    lines = (folder / f"{name}.ties").read_text().split("\n")
    return {int(line.split()[0]): line.split()[1] for line in lines if line}


def compare(folder, form):
    """(state, ties): 'equal', 'ties' (differences that start at ties) or a text that says what is unexplained."""
    listed = []
    for name in (folder / "quantisers.txt").read_text().split():
        exact = np.load(folder / f"{name}.npy").ravel()
        real = np.fromfile(folder / f"{form}.{name}.bin", np.float32).astype(np.float64)
        step = np.abs(exact[exact != 0]).min(initial=1.0)
        different = np.flatnonzero(np.abs(exact - real) > 1e-3 * step)
        if different.size == 0:
            continue
        ties = ties_of(folder, name)
        for index in different:
            if int(index) not in ties:
                return f"{name}[{index}]: exact {exact[index]}, onnxruntime {real[index]}, and no tie", listed
            listed.append({"value": name, "element": int(index), "operand": ties[int(index)]})
        return "ties", listed  # what follows depends on these values
    output = (folder / "output.txt").read_text().strip()
    exact = np.load(folder / "imported.npy").ravel()
    real = np.fromfile(folder / f"{form}.{output}.bin", np.float32).astype(np.float64)
    bound = 1e-4 * max(1.0, np.abs(exact).max(initial=0.0))
    if exact.shape != real.shape or np.abs(exact - real).max(initial=0.0) > bound:
        return f"output: imported {exact[:4]}, onnxruntime {real[:4]}", listed
    return "equal", listed


def main():
    root = pathlib.Path(sys.argv[1])
    result = {form: {"equal": 0, "ties": 0, "unexplained": 0} for form in ("expanded", "qcdq_shown")}
    listed = []
    for folder in sorted(p for p in root.iterdir() if (p / "quantisers.txt").exists()):
        for form, counts in result.items():
            state, ties = compare(folder, form)
            listed += [dict(case=folder.name, form=form, **tie) for tie in ties]
            if state in counts:
                counts[state] += 1
            else:
                counts["unexplained"] += 1
                print(f"case {folder.name}, {form}: {state}")
    (root / "oracle.json").write_text(json.dumps({"counts": result, "ties": listed}, indent=1) + "\n")
    print(json.dumps(result))
    return 1 if any(counts["unexplained"] for counts in result.values()) else 0


if __name__ == "__main__":
    sys.exit(main())
