"""Reads HTML files with Python's own parser and prints what no post may hold.

usage: html_check.py FOLDER
"""

import pathlib
import re
import sys
from html.parser import HTMLParser

VOID = set("br hr img input source wbr".split())
ELEMENTS = VOID | set(
    "a abbr b bdo blockquote caption cite code dd del details dfn div dl dt em figcaption figure "
    "h1 h2 h3 h4 h5 h6 i ins kbd li mark ol p picture pre q rp rt ruby s samp section small span "
    "strike strong sub summary sup table tbody td tfoot th thead time tr tt ul var".split())
FORBIDDEN_ATTRIBUTE = re.compile(
    r"on|style$|target$|action$|formaction$|srcdoc$|data$|ping$|xlink|usemap$|background$|data-(?!footnote)")
SCHEME = re.compile(r"[a-z][a-z0-9+.-]*(?=:)", re.I)
INVISIBLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e]")


class Check(HTMLParser):
    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.problems, self.open = [], []

    def handle_starttag(self, tag, attributes):
        if tag not in ELEMENTS:
            self.problems.append(f"<{tag}>")
        for name, value in attributes:
            if FORBIDDEN_ATTRIBUTE.match(name):
                self.problems.append(f"{tag} {name}")
            if name in ("id", "name") and not value.startswith("user-content-"):
                self.problems.append(f"{name} {value}")
            if name in ("href", "src", "cite", "longdesc"):
                scheme = SCHEME.match(re.sub(r"[\x00-\x20]", "", value))
                if scheme and scheme[0].lower() not in ("http", "https", "mailto"):
                    self.problems.append(f"{name} {value}")
            if INVISIBLE.search(value or ""):
                self.problems.append(f"control character in {name}")
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.problems.append(f"</{tag}> out of place")

    def handle_data(self, data):
        if INVISIBLE.search(data):
            self.problems.append("control character in text")

    def handle_comment(self, data):
        self.problems.append("comment")

    handle_decl = handle_pi = unknown_decl = handle_comment


for path in sorted(pathlib.Path(sys.argv[1]).glob("*.html")):
    check = Check()
    check.feed(path.read_bytes().decode())
    check.close()
    for problem in check.problems + [f"<{tag}> is open" for tag in check.open]:
        print(f"{path.name}: {problem}")
