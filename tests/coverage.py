#!/usr/bin/env python3
"""Reads gcovr's JSON: how many lines of each folder of core ran, and which functions of the store and
the queue did not. Exit status 1 when that is less than asked for.
usage: coverage.py REPORT PERCENT"""

import collections
import json
import sys

# Every function of these runs in some test.
WHOLE_FOLDERS = ("publishing/store", "platform/queue")


def main(report, percent_min):
    lines = collections.defaultdict(lambda: [0, 0])
    functions = collections.defaultdict(lambda: [0, 0])
    missing = []
    for file in json.load(open(report, encoding="utf-8"))["files"]:
        folder = "/".join(file["file"].split("/")[1:-1])
        for line in file["lines"]:
            if line.get("gcovr/noncode") or line.get("gcovr/excluded"):
                continue
            lines[folder][0] += line["count"] > 0
            lines[folder][1] += 1
        if folder not in WHOLE_FOLDERS:
            continue
        for function in file["functions"]:
            if function.get("gcovr/excluded"):
                continue
            functions[folder][0] += function["execution_count"] > 0
            functions[folder][1] += 1
            if function["execution_count"] == 0:
                missing.append(f"{file['file']}:{function['lineno']}: {function['name']}")

    for folder, (ran, all_lines) in sorted(lines.items()):
        print(f"{folder:22} {ran:6} of {all_lines:6} lines  {100 * ran / all_lines:5.1f} %")
    ran, all_lines = (sum(column) for column in zip(*lines.values()))
    percent = 100 * ran / all_lines
    print(f"{'core':12} {ran:6} of {all_lines:6} lines  {percent:5.1f} %, at least {percent_min} %")
    for folder, (ran, all_functions) in sorted(functions.items()):
        print(f"{folder:22} {ran:6} of {all_functions:6} functions")
    for name in missing:
        print(f"never ran: {name}")
    return 1 if missing or percent < float(percent_min) else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
