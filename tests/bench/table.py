#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""table.py FOLDER NAME...: shows FOLDER/NAME.json (one JSON object a line) as a table; exit 1 if a limit does not hold."""
import json
import sys
from pathlib import Path

OPERATORS = {"<=": lambda value, limit: value <= limit, ">=": lambda value, limit: value >= limit}


def shown(value):
    if not isinstance(value, (int, float)):
        return str(value)
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.4g}"


def main():
    folder, names = Path(sys.argv[1]), sys.argv[2:]
    rows, broken = [], 0
    for name in names:
        for number, line in enumerate((folder / f"{name}.json").read_text().splitlines(), 1):
            if not line.strip():
                continue
            figure = json.loads(line)
            limit, holds = figure.get("limit"), figure.get("holds")
            if limit is not None and holds != OPERATORS[figure["op"]](figure["value"], limit):
                raise SystemExit(f"{name}.json:{number}: 'holds' is {holds}, but {figure['value']} {figure['op']} {limit} is not so")
            broken += holds is False
            rows.append((name, figure["name"], shown(figure["value"]), figure["unit"],
                         f"{figure['op']} {limit:g}" if limit is not None else "", {True: "holds", False: "BROKEN", None: ""}[holds]))
    head = ("bench", "figure", "value", "unit", "limit", "")
    widths = [max(len(row[i]) for row in [head, *rows]) for i in range(6)]
    for row in [head, *rows]:
        print("  ".join(cell.rjust(width) if i == 2 else cell.ljust(width) for i, (cell, width) in enumerate(zip(row, widths))).rstrip())
    print(f"\n{len(rows)} figures, {broken} limits broken; as JSON lines in {folder}/")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
