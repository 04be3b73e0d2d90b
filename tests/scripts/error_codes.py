#!/usr/bin/env python3
"""Prints every error code that the sources give to an error, one a line with where it stands.

usage: error_codes.py ROOT. Codes are literals: the last of four arguments of an error, what stands
behind an error's kind in a table, what a refusal begins with, what a code is compared with, and
what SQL gives an operation."""

import pathlib
import re
import sys

WORD = r'"([a-z][a-z0-9]*(?:_[a-z0-9]+)*)"'
# Where a code stands behind words that say so.
PATTERNS = [
    re.compile(r'ErrorKind::\w+,\s*' + WORD + ','),
    re.compile(r'\bcode [!=]= ' + WORD),
    re.compile(r'\b(?:refuse|refuse_part|reject)\(\s*' + WORD),
    re.compile(r'\bgists_refusal\(\d+, ' + WORD),
    re.compile(r'\bcode\(\) [!=]= ' + WORD),
    re.compile(r'\b(?:error_)?code = ' + WORD),
    re.compile(r'\w+_code = ' + WORD),
    re.compile(r'\bunavailable\("[^"]*", ' + WORD),
]
SQL = re.compile(r"(?:(?:p_code|error_code|o_code)\b[^;\n]*?|then )'(worker_[a-z]+|stalled)'")
ERROR = re.compile(r'\b(?:Error|CommandError)\s*[({]|\breturn [{](?=\s*(?:base::)?ErrorKind)')
LITERAL = re.compile(r'"(?:[^"\\]|\\.)*"')


def arguments(text, begin):
    """The arguments in the brackets that open at `begin`."""
    depth, place, current, found = 0, begin, '', []
    while place < len(text):
        character = text[place]
        if character == '"':
            match = LITERAL.match(text, place)
            if not match:
                return []
            current += match.group(0)
            place = match.end()
            continue
        if character in '({[':
            depth += 1
            if depth == 1:
                place += 1
                continue
        if character in ')}]':
            depth -= 1
            if depth == 0:
                return found + [current]
        if character == ',' and depth == 1:
            found.append(current)
            current, place = '', place + 1
            continue
        current += character
        place += 1
    return []


def codes_of(path, text):
    if path.suffix == '.sql':
        for match in SQL.finditer(text):
            yield match.start(), match.group(1)
        return
    for pattern in PATTERNS:
        for match in pattern.finditer(text):
            yield match.start(), match.group(1)
    for match in ERROR.finditer(text):
        given = arguments(text, match.end() - 1)
        if len(given) == 4 or (len(given) == 5 and 'CommandError' in match.group(0)):
            for code in re.findall('(?<![=!]= )' + WORD, given[-1]):
                yield match.start(), code


def main(root):
    for folder in ('core', 'cli', 'daemon'):
        for path in sorted(pathlib.Path(root, folder).rglob('*.[chs]*')):
            if path.suffix not in ('.cpp', '.hpp', '.sql') or '/html/' in str(path):
                continue
            text = path.read_text(encoding='utf-8')
            for place, code in codes_of(path, text):
                line = text.count('\n', 0, place) + 1
                print(f'{code} {path.relative_to(root)}:{line}')


main(sys.argv[1])
