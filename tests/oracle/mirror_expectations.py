"""What the tables of schema github must hold, worked out from the stand-in's GET /_state alone.

Each table is key → (columns, reason): reason is None for what lives, else why it has ended. Names
and types are those of the mirror's tables; times are seconds since the epoch.
"""
import datetime

FILES_MAX = 3000  # of a pull request; GitHub tells no more
LONG_USER = ("name", "company", "blog", "location", "email", "hireable", "bio", "created_at",
             "updated_at", "public_repos_count", "public_gists_count", "followers_count",
             "following_count")
DETAILS = ("merged", "mergeable", "mergeable_state", "merged_by_id", "merged_by_login",
           "comments_count", "review_comments_count", "commits_count", "additions", "deletions",
           "changed_files")
ROLES = ("read", "triage", "write", "maintain", "admin")
RIGHTS = ("can_pull", "can_triage", "can_push", "can_maintain", "can_admin")


def seconds(text):
    return None if text is None else datetime.datetime.fromisoformat(
        text.replace("Z", "+00:00")).timestamp()


def stored(text):
    """PostgreSQL's text has no U+0000."""
    return None if text is None else text.replace("\0", "\ufffd")


def person(name, user):
    user = user or {"id": None, "login": None}
    return {f"{name}_id": user["id"], f"{name}_login": user["login"]}


def carried(record):
    """What issues and pull requests both hold."""
    milestone = record["milestone"] or {"id": None, "number": None}
    assignees = record["assignees"]
    return {
        "node_id": record["node_id"], "number": record["number"], "state": record["state"],
        "title": stored(record["title"]), "body": stored(record["body"]),
        "locked": record["locked"], **person("user", record["user"]),
        **person("assignee", assignees[0] if assignees else None),
        "milestone_id": milestone["id"], "milestone_number": milestone["number"],
        "comments_count": record["comments"], "author_association": record["author_association"],
        "created_at": seconds(record["created_at"]), "updated_at": seconds(record["updated_at"]),
        "closed_at": seconds(record["closed_at"]), "github_at": seconds(record["updated_at"]),
    }


class Expectations:
    details = DETAILS
    long_user = LONG_USER

    def __init__(self, state, name):
        self.state = state
        self.is_lazy = state["switches"]["mergeable"] == "lazy"
        named = [one for one in state["repositories"] if one["full_name"].lower() == name.lower()]
        if not named:
            raise LookupError("the state knows no such repository")
        # A name may have been used again; the one that lives has it.
        self.all = sorted(named, key=lambda one: one["repository"]["deleted_at"] is None)[-1]
        self.repository_id = self.all["repository"]["id"]
        self.is_gone = self.all["repository"]["deleted_at"] is not None
        self.pulls = {one["id"]: one for one in self.all["pull_requests"]}
        self.targets = {one["id"]: {name: one[name] for name in (
            "transferred_to_repository_id", "transferred_to_number")} for one in self.all["issues"]}
        self.user_records = {one["id"]: one for one in state["users"]}

    def end(self, record):
        if record["deleted_at"] is not None:
            return record["deleted_reason"]
        return "repository_deleted" if self.is_gone else None

    def table(self, records, columns):
        return {one["id"]: ({"repository_id": self.repository_id, **columns(one)}, self.end(one))
                for one in records}

    def live(self, records):
        return [] if self.is_gone else [one for one in records if one["deleted_at"] is None]

    def repository(self):
        one = self.all["repository"]
        same = ("node_id", "name", "private", "visibility", "description", "homepage", "language",
                "topics", "default_branch", "fork", "archived", "disabled", "is_template", "size",
                "stargazers_count", "watchers_count", "forks_count", "open_issues_count",
                "has_issues", "has_projects", "has_downloads", "has_wiki", "has_pages",
                "has_discussions", "parent_id")
        columns = {name: one[name] for name in same}
        columns |= person("owner", one["owner"]) | person("organization", one["organization"])
        columns["full_name"] = f"{one['owner']['login']}/{one['name']}"
        columns |= {name: seconds(one[name]) for name in ("created_at", "updated_at", "pushed_at")}
        columns["github_at"] = max(columns["updated_at"], columns["pushed_at"])
        return {one["id"]: (columns, "deleted" if self.is_gone else None)}

    def labels(self):
        return self.table(self.all["labels"], lambda one: {
            "node_id": one["node_id"], "name": one["name"], "color": one["color"],
            "description": one["description"], "is_default": one["default"]})

    def milestones(self):
        return self.table(self.all["milestones"], lambda one: {
            "node_id": one["node_id"], "number": one["number"], "state": one["state"],
            "title": stored(one["title"]), "description": stored(one["description"]),
            **person("creator", one["creator"]), "open_issues_count": one["open_issues"],
            "closed_issues_count": one["closed_issues"], "created_at": seconds(one["created_at"]),
            "updated_at": seconds(one["updated_at"]), "closed_at": seconds(one["closed_at"]),
            "due_at": seconds(one["due_on"]), "github_at": seconds(one["updated_at"])})

    def issues(self):
        return self.table(self.all["issues"], lambda one: {
            **carried(one), "is_pull_request": one["is_pull_request"],
            "state_reason": one["state_reason"], "type": one["type"],
            "active_lock_reason": one["active_lock_reason"], "reactions_count": one["reactions"],
            **person("closed_by", one["closed_by"]), "transferred_to_repository_id": None,
            "transferred_to_number": None})

    def pull_requests(self):
        return self.table(self.all["pull_requests"], lambda one: {
            **carried(one), "draft": one["draft"], "base_ref": one["base"]["ref"],
            "base_sha": one["base"]["sha"], "head_repo_id": one["head"]["repo_id"],
            "head_ref": one["head"]["ref"], "head_sha": one["head"]["sha"],
            "merged": one["merged"], "merged_at": seconds(one["merged_at"]),
            **person("merged_by", one["merged_by"]), "mergeable": one["mergeable"],
            "mergeable_state": one["mergeable_state"],
            "merge_commit_sha": one["merge_commit_sha"],
            "review_comments_count": one["review_comments"], "commits_count": one["commits"],
            "additions": one["additions"], "deletions": one["deletions"],
            "changed_files": one["changed_files"]})

    def files(self, pull_id):
        files = self.pulls[pull_id]["files"]
        names = ("filename", "previous_filename", "sha", "status", "additions", "deletions",
                 "changes")
        rows = [{**{name: one[name] for name in names}, "patch": stored(one["patch"])}
                for one in files[:FILES_MAX]]
        return rows, len(files) > FILES_MAX

    def comments(self):
        return self.table(self.all["issue_comments"], lambda one: {
            "number": one["number"], **person("user", one["user"]), "body": stored(one["body"]),
            "created_at": seconds(one["created_at"]), "updated_at": seconds(one["updated_at"]),
            "github_at": seconds(one["updated_at"])})

    def hooks(self):
        # Its last response changes with each delivery and no time tells.
        return self.table(self.all["hooks"], lambda one: {
            "name": one["name"], "url": one["url"], "events": one["events"],
            "active": one["active"], "config": one["config"],
            "created_at": seconds(one["created_at"]), "updated_at": seconds(one["updated_at"])})

    def issue_labels(self):
        return {(one["number"], label["id"], label["name"])
                for one in self.live(self.all["issues"]) for label in one["labels"]}

    def assignees(self):
        return {(one["number"], user["id"])
                for one in self.live(self.all["issues"]) for user in one["assignees"]}

    def requested_reviewers(self):
        return {(one["id"], user["id"]) for one in self.live(self.all["pull_requests"])
                for user in one["requested_reviewers"]}

    def owners(self):
        return set() if self.is_gone else {self.all["repository"]["owner"]["id"]}

    def access(self, user_id):
        role = next((one["role"] for one in self.all["collaborators"]
                     if one["user"] and one["user"]["id"] == user_id), None)
        if user_id == self.all["repository"]["owner"]["id"]:
            role = "admin"
        if role is None and not self.all["repository"]["private"]:
            role = "read"
        rank = ROLES.index(role) if role else -1
        return {right: index <= rank for index, right in enumerate(RIGHTS)}

    def users(self, ids):
        return {user_id: (self.user_columns(self.user_records[user_id]), None)
                for user_id in ids if user_id in self.user_records}

    @staticmethod
    def user_columns(one):
        same = ("node_id", "login", "type", "site_admin", "avatar_url", "name", "company", "blog",
                "location", "email", "hireable", "bio")
        counts = {f"{name}_count": one[name]
                  for name in ("public_repos", "public_gists", "followers", "following")}
        return {**{name: one[name] for name in same}, **counts,
                "created_at": seconds(one["created_at"]), "updated_at": seconds(one["updated_at"])}
