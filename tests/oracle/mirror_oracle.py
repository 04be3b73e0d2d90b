#!/usr/bin/env python3
"""Compares the tables of schema github with the truth of GitHub's stand-in, at rest.

usage: mirror_oracle.py --state URL --db CONNINFO --repository OWNER/NAME [--live-only]
                        [--comments] [--ignore RELATION.COLUMN]...

Reads GET URL/_state (or a file) and, by psql, one repository's rows. Prints a line a difference:
relation, key, column, expected, found; ends with 1 when there is one, with 2 when it cannot tell.
Shares no code with the mirror or the stand-in. --live-only leaves tombstones out. Comments are
missing only where they were asked for: --comments, or comments_last_scanned_at is set.
"""
import argparse
import json
import os
import signal
import sys
import urllib.request

sys.dont_write_bytecode = True  # the checkout stays as it is
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from mirror_expectations import Expectations  # noqa: E402
from mirror_rows import MissingRelation, Rows, readable  # noqa: E402

DIFFERENCES_MAX = 1000  # printed; the rest is counted, for one cause often has very many

# What a tombstone may say beside the state's own reason: from a list one knows absence alone.
ALSO_RIGHT = {"deleted": {"gone"}, "transferred": {"gone"}, "repository_deleted": set()}


class Oracle:
    def __init__(self, options, state):
        self.options = options
        self.differences = []
        self.compared = 0
        self.rows = Rows(options.db)
        self.expected = Expectations(state, options.repository)

    def differ(self, relation, key, column, expected, found):
        if f"{relation}.{column}" not in self.options.ignore:
            self.differences.append((relation, key, column, expected, found))

    def compare_row(self, relation, key, expected, found):
        """Values of one row; the columns that are expected say what is compared."""
        self.compared += 1
        for column, value in expected.items():
            if column not in found:
                self.differ(relation, "*", column, "a column", "none")
            elif value != found[column]:
                self.differ(relation, key, column, value, found[column])

    def compare_table(self, relation, expected, found, may_lack=False):
        """Rows by key. `expected`: key → (columns, reason of its end or None)."""
        for key, row in found.items():
            if key not in expected:
                if row.get("deleted_at") is None:
                    self.differ(relation, key, "*", "no row", "a row")
                continue
            columns, reason = expected[key]
            self.compare_end(relation, key, reason, row)
            if reason is None and row.get("deleted_at") is None:
                self.compare_row(relation, key, self.narrowed(relation, columns, row), row)
        for key, (_, reason) in expected.items():
            if reason is None and key not in found and not may_lack:
                self.differ(relation, key, "*", "a row", "no row")

    def compare_end(self, relation, key, reason, row):
        if self.options.live_only and (reason is None or row["deleted_at"] is not None):
            return
        if (reason is None) != (row["deleted_at"] is None):
            self.differ(relation, key, "deleted_at", reason, row["deleted_at"])
        elif reason is not None:
            found = row["deleted_reason"]
            if relation == "repository" and found == "repository_deleted":
                found = "deleted"
            if found != reason and found not in ALSO_RIGHT[reason]:
                self.differ(relation, key, "deleted_reason", reason, found)
            if relation == "issue" and found == "transferred" == reason:
                self.compare_row(relation, key, self.expected.targets[key], row)

    def narrowed(self, relation, columns, row):
        """Without what no request can have filled in this row yet."""
        unfilled = set()
        if relation == "issue" and row.get("closed_by_id") is None and row.get("state") == "closed":
            unfilled = {"closed_by_id", "closed_by_login"}  # lists do not say it
        if relation == "pull_request":
            if row.get("detail_at") is None:
                unfilled = set(self.expected.details)
            elif self.expected.is_lazy and row.get("mergeable") is None:
                unfilled = {"mergeable", "mergeable_state"}
        if relation == "user" and row.get("updated_at") != columns["updated_at"]:
            unfilled = set(self.expected.long_user)  # nested documents are short
        return {name: value for name, value in columns.items() if name not in unfilled}

    def compare_links(self, relation, expected, found):
        for key in sorted(expected - found):
            self.differ(relation, key, "*", "a row", "no row")
        for key in sorted(found - expected):
            self.differ(relation, key, "*", "no row", "a row")
        self.compared += len(expected)

    def compare_files(self, repository_id, pulls):
        """Of each pull whose files were read: all of its present head, in order."""
        found = self.rows.files(repository_id)
        for pull_id, files in found.items():
            if pull_id not in pulls and files:
                self.differ("pull_request_file", pull_id, "*", "no row", f"{len(files)} rows")
        for pull_id, row in pulls.items():
            head = (row.get("files_head_sha"), row.get("files_base_sha"))
            pull = self.expected.pulls[pull_id]
            if row["deleted_at"] is not None or head == (None, None):
                continue
            if head != (pull["head"]["sha"], pull["base"]["sha"]):
                self.differ("pull_request", pull_id, "files_head_sha",
                            [pull["head"]["sha"], pull["base"]["sha"]], list(head))
                continue
            self.compare_files_of(pull_id, row, found.get(pull_id, []))

    def compare_files_of(self, pull_id, row, found):
        expected, are_truncated = self.expected.files(pull_id)
        if row.get("files_are_truncated") not in (are_truncated, None):
            self.differ("pull_request", pull_id, "files_are_truncated", are_truncated,
                        row["files_are_truncated"])
        names = [one["filename"] for one in sorted(found, key=lambda one: one["position"])]
        if names != [one["filename"] for one in expected]:
            self.differ("pull_request_file", pull_id, "filename",
                        [one["filename"] for one in expected], names)
            return
        by_name = {one["filename"]: one for one in found}
        for one in expected:
            self.compare_row("pull_request_file", f"{pull_id} {one['filename']}", one,
                             by_name[one["filename"]])

    def whole(self):
        expected, rows = self.expected, self.rows
        repository_id = expected.repository_id
        found = rows.table("repository", f"id = {repository_id}", "id")
        self.compare_table("repository", expected.repository(), found)
        if repository_id not in found:
            return
        scanned = found[repository_id].get
        mine = f"repository_id = {repository_id}"
        self.compare_table("label", expected.labels(), rows.table("label", mine, "id"))
        self.compare_table("milestone", expected.milestones(), rows.table("milestone", mine, "id"))
        issues = rows.table("issue", mine, "id")
        self.compare_table("issue", expected.issues(), issues)
        pulls = rows.table("pull_request", mine, "id")
        self.compare_table("pull_request", expected.pull_requests(), pulls)
        self.compare_files(repository_id, {key: row for key, row in pulls.items()
                                           if key in expected.pulls})
        self.compare_links("issue_label", expected.issue_labels(), rows.links(
            "issue_label", mine, ["number", "label_id", "label_name"]))
        self.compare_links("assignee", expected.assignees(), rows.links(
            "assignee", mine, ["number", "user_id"]))
        self.compare_links("requested_reviewer", expected.requested_reviewers(), rows.links(
            "requested_reviewer", f"pull_request_id in (select id from github.pull_request "
            f"where {mine})", ["pull_request_id", "user_id"]))
        wants_comments = self.options.comments or scanned("comments_last_scanned_at") is not None
        self.compare_table("issue_comment", expected.comments(),
                           rows.table("issue_comment", mine, "id"), may_lack=not wants_comments)
        self.compare_table("repository_hook", expected.hooks(),
                           rows.table("repository_hook", mine, "id"),
                           may_lack=scanned("hooks_last_scanned_at") is None)
        self.compare_access(mine)
        self.compare_users(issues, pulls)

    def compare_access(self, mine):
        found = self.rows.table("user_repository", mine, "user_id")
        for user_id, row in found.items():
            if row.get("deleted_at") is None:
                self.compare_row("user_repository", user_id, self.expected.access(user_id), row)

    def compare_users(self, issues, pulls):
        """Whoever a live row names is there, and is who the state says."""
        named = {row[column] for table in (issues, pulls) for row in table.values()
                 if row["deleted_at"] is None
                 for column in ("user_id", "assignee_id", "closed_by_id", "merged_by_id")
                 if row.get(column) is not None}
        named |= self.expected.owners()
        ids = ", ".join(str(one) for one in sorted(named)) or "null"
        found = self.rows.table("user", f"id in ({ids})", "id")
        self.compare_table("user", self.expected.users(named), found)


def read_state(place):
    if os.path.exists(place):
        with open(place, encoding="utf-8") as file:
            return json.load(file)
    with urllib.request.urlopen(place.rstrip("/") + "/_state") as answer:
        return json.load(answer)


def arguments():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--state", required=True)
    parser.add_argument("--db", required=True)
    parser.add_argument("--repository", required=True)
    parser.add_argument("--live-only", action="store_true")
    parser.add_argument("--comments", action="store_true")
    parser.add_argument("--ignore", action="append", default=[])
    return parser.parse_args()


def main():
    options = arguments()
    try:
        oracle = Oracle(options, read_state(options.state))
        oracle.whole()
    except (OSError, MissingRelation, LookupError) as error:
        print(f"unable to compare '{options.repository}': {error}", file=sys.stderr)
        return 2
    for relation, key, column, expected, found in oracle.differences[:DIFFERENCES_MAX]:
        print(relation, key, column, *(json.dumps(readable(column, one))
                                       for one in (expected, found)), sep="\t")
    count = len(oracle.differences)
    if count > DIFFERENCES_MAX:
        print(f"and {count - DIFFERENCES_MAX} more")
    print(f"{oracle.compared} rows compared, {count} differences", file=sys.stderr)
    return 1 if count else 0


if __name__ == "__main__":
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)  # who reads only the first lines has seen enough
    sys.exit(main())
