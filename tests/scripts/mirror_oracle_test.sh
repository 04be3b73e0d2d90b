#!/bin/sh
# The mirror's oracle finds each kind of difference between a state and the tables, and none where
# there is none. psql is played by a script that prints the rows of a file for each relation.
set -eu
root=$(cd "$(dirname "$0")/../.." && pwd)
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
mkdir "$folder/bin" "$folder/rows"

cat >"$folder/bin/psql" <<'SCRIPT'
#!/bin/sh
while IFS= read -r line; do
  case $line in
    '\echo '*) echo "${line#'\echo '}"; continue ;;
  esac
  relation=$(echo "$line" | sed 's/.*select \* from github\."\([a-z_]*\)".*/\1/')
  [ -e "$ROWS/$relation" ] || { echo "relation \"github.$relation\" does not exist" >&2; exit 1; }
  cat "$ROWS/$relation"
done
SCRIPT
chmod +x "$folder/bin/psql"

# One of everything, and the rows that say the same.
python3 - "$folder" <<'SCRIPT'
import json, sys
folder = sys.argv[1]
noon, later = "2030-01-01T12:00:00Z", "2030-01-01T12:00:05Z"
alive = {"deleted_at": None, "deleted_reason": None}
alice, bob = {"id": 1, "login": "alice"}, {"id": 2, "login": "bob"}
def user(one):
    return {**one, "node_id": "U", "type": "User", "site_admin": False, "avatar_url": "a",
            "name": "N", "company": None, "blog": "", "location": None, "email": None,
            "hireable": None, "bio": None, "public_repos": 1, "public_gists": 0,
            "followers": 0, "following": 0, "created_at": noon, "updated_at": noon, **alive}
repository = {
    "id": 50, "node_id": "R", "name": "notes", "owner": alice, "organization": None,
    "private": False, "visibility": "public", "description": None, "homepage": None,
    "language": None, "topics": ["x"], "default_branch": "main", "fork": False,
    "parent_id": None, "archived": False, "disabled": False, "is_template": False, "size": 0,
    "stargazers_count": 0, "watchers_count": 0, "forks_count": 0, "open_issues_count": 2,
    "has_issues": True, "has_projects": True, "has_downloads": True,
    "has_wiki": True, "has_pages": False, "has_discussions": False, "created_at": noon,
    "updated_at": noon, "pushed_at": noon, **alive}
label = {"id": 60, "node_id": "LA", "name": "bug", "color": "ffffff", "description": None,
         "default": True, **alive}
milestone = {"id": 70, "node_id": "MI", "number": 1, "state": "open", "title": "One",
             "description": None, "creator": alice, "open_issues": 1, "closed_issues": 0,
             "created_at": noon, "updated_at": noon, "closed_at": None, "due_on": None, **alive}
def issue(id, number, **more):
    return {"id": id, "node_id": "I", "is_pull_request": False, "number": number, "state": "open",
            "title": "T", "body": "B\0", "locked": False, "user": bob, "assignees": [alice],
            "labels": [{"id": 60, "name": "bug"}], "milestone": {"id": 70, "number": 1},
            "author_association": "NONE", "comments": 1, "created_at": noon, "updated_at": later,
            "closed_at": None, "state_reason": None, "type": None, "active_lock_reason": None,
            "closed_by": None, "reactions": 0, "transferred_to_repository_id": None,
            "transferred_to_number": None, **alive, **more}
gone = {"deleted_at": later, "deleted_reason": "deleted"}
moved = {"deleted_at": later, "deleted_reason": "transferred", "transferred_to_repository_id": 51,
         "transferred_to_number": 4}
file = {"filename": "a.txt", "previous_filename": None, "sha": "f", "status": "added",
        "additions": 2, "deletions": 1, "changes": 3, "patch": "@@"}
pull = {**issue(0, 4), "id": 20, "node_id": "PR", "draft": False, "merged": False,
        "merged_at": None, "merged_by": None, "mergeable": True, "mergeable_state": "clean",
        "merge_commit_sha": "m",
        "base": {"ref": "main", "sha": "b"}, "head": {"ref": "topic", "sha": "h", "repo_id": 50},
        "review_comments": 0, "commits": 1, "additions": 2, "deletions": 1, "changed_files": 1,
        "requested_reviewers": [bob], "files": [file]}
comment = {"id": 30, "number": 1, "user": bob, "body": "C", "created_at": noon, "updated_at": noon,
           **alive}
hook = {"id": 40, "name": "web", "url": "u", "events": ["issues"], "active": True,
        "config": {"url": "u"}, "created_at": noon, "updated_at": noon, **alive}
state = {"switches": {"mergeable": "known"}, "users": [user(alice), user(bob)], "repositories": [{
    "full_name": "alice/notes", "repository": repository, "labels": [label],
    "milestones": [milestone],
    "issues": [issue(10, 1), issue(11, 2, **gone), issue(12, 3, **moved),
               issue(13, 4, is_pull_request=True)],
    "pull_requests": [pull], "issue_comments": [comment], "hooks": [hook], "collaborators": []}]}
json.dump(state, open(f"{folder}/state.json", "w"))

def times(row):
    return {name: value.replace("Z", "+00:00") if name.endswith("_at") and value else value
            for name, value in row.items()}
def split(row, *names):
    row = dict(row)
    for name in names:
        one = row.pop(name) or {"id": None, "login": None}
        row |= {f"{name}_id": one["id"], f"{name}_login": one["login"]}
    return row
def counted(row, **names):
    return {names.get(name, name): value for name, value in row.items()}
def carried(row):
    row = split(row, "user")
    first = row.pop("assignees")[0]
    held = row.pop("milestone")
    row.pop("labels")
    return counted({**row, "body": row["body"].replace("\0", "\ufffd"), "repository_id": 50,
                    "github_at": later,
                    "assignee_id": first["id"], "assignee_login": first["login"],
                    "milestone_id": held["id"], "milestone_number": held["number"]},
                   comments="comments_count", reactions="reactions_count")
def write(relation, *rows):
    with open(f"{folder}/rows/{relation}", "w") as file:
        file.writelines(json.dumps(times(row)) + "\n" for row in rows)
write("repository", {**split(repository, "owner", "organization"), "full_name": "alice/notes",
                     "github_at": noon,
                     "hooks_last_scanned_at": noon, "comments_last_scanned_at": noon})
write("label", {**counted(label, default="is_default"), "repository_id": 50})
write("milestone", {**counted(split(milestone, "creator"), open_issues="open_issues_count",
                              closed_issues="closed_issues_count", due_on="due_at"),
                    "repository_id": 50, "github_at": noon})
write("issue", *(split(carried(one), "closed_by") for one in state["repositories"][0]["issues"]))
row = counted(split(carried(pull), "merged_by"), review_comments="review_comments_count",
              commits="commits_count")
base, head = row.pop("base"), row.pop("head")
write("pull_request", {**row, "base_ref": base["ref"], "base_sha": "b", "head_ref": head["ref"],
                       "head_sha": "h", "head_repo_id": 50, "detail_at": noon,
                       "files_head_sha": "h", "files_base_sha": "b", "files_are_truncated": False})
write("pull_request_file", {**file, "pull_request_id": 20, "position": 0})
write("issue_comment", {**split(comment, "user"), "repository_id": 50, "github_at": noon})
write("repository_hook", {**hook, "repository_id": 50})
write("issue_label", *({"number": n, "label_id": 60, "label_name": "bug"} for n in (1, 4)))
write("assignee", *({"number": n, "user_id": 1} for n in (1, 4)))
write("requested_reviewer", {"pull_request_id": 20, "user_id": 2})
write("user_repository", {"user_id": 1, "deleted_at": None, **{f"can_{name}": True for name in (
    "pull", "triage", "push", "maintain", "admin")}})
write("user", *(counted(user(one), public_repos="public_repos_count",
                        public_gists="public_gists_count", followers="followers_count",
                        following="following_count") for one in (alice, bob)))
SCRIPT

ask() {
  status=0
  PATH=$folder/bin:$PATH ROWS=$1 "$root/tests/oracle/mirror_oracle.py" \
    --state "$folder/state.json" --db unused --repository alice/notes \
    >"$folder/output" 2>"$folder/messages" || status=$?
}

fail() {
  echo "failed: $1 (status $status)"
  cat "$folder/output" "$folder/messages"
  exit 1
}

# name, relation, sed script on its rows, the difference's first three columns
expect() {
  rm -rf "$folder/wrong" && cp -r "$folder/rows" "$folder/wrong"
  sed -i "$3" "$folder/wrong/$2"
  cmp -s "$folder/rows/$2" "$folder/wrong/$2" && fail "$1 changed nothing"
  ask "$folder/wrong"
  [ "$status" -eq 1 ] && grep -q "^$4" "$folder/output" || fail "$1"
  echo "ok: $1"
}

ask "$folder/rows"
[ "$status" -eq 0 ] && [ ! -s "$folder/output" ] || fail "equal tables"
echo "ok: equal tables"
tab=$(printf '\t')
expect "another title" issue 's/"title": "T"/"title": "X"/' "issue${tab}10${tab}title"
expect "another time" issue 's/12:00:05/12:00:06/' "issue${tab}10${tab}updated_at"
expect "a row gone back" issue 's/"github_at": "[^"]*/"github_at": "2030-01-01T11:00:00+00:00/' \
  "issue${tab}10${tab}github_at"
expect "a row too few" label '1d' "label${tab}60${tab}\\*"
expect "a row too many" issue_comment 's/"id": 30/"id": 31/' "issue_comment${tab}31${tab}\\*"
expect "a tombstone too few" issue \
  '/"id": 11/s/"deleted_at": "[^"]*"/"deleted_at": null/' "issue${tab}11${tab}deleted_at"
expect "a tombstone too many" milestone \
  's/"deleted_at": null/"deleted_at": "2030-01-01T12:00:05+00:00"/' \
  "milestone${tab}70${tab}deleted_at"
expect "another reason" issue '/"id": 12/s/transferred"/gone_away"/' \
  "issue${tab}12${tab}deleted_reason"
expect "another target" issue '/"id": 12/s/"transferred_to_number": 4/"transferred_to_number": 5/' \
  "issue${tab}12${tab}transferred_to_number"
expect "a link too few" assignee '1d' "assignee${tab}(1, 1)"
expect "a link of a tombstone" issue_label 's/"number": 4/"number": 2/' "issue_label${tab}(2, 60"
expect "details" pull_request 's/"changed_files": 1/"changed_files": 2/' \
  "pull_request${tab}20${tab}changed_files"
expect "files of an old head" pull_request 's/"files_head_sha": "h"/"files_head_sha": "g"/' \
  "pull_request${tab}20${tab}files_head_sha"
expect "a file" pull_request_file 's/"patch": "@@"/"patch": null/' \
  "pull_request_file${tab}20 a.txt${tab}patch"
expect "a right" user_repository 's/"can_admin": true/"can_admin": false/' \
  "user_repository${tab}1${tab}can_admin"
expect "a user's login" user 's/"login": "bob"/"login": "rob"/' "user${tab}2${tab}login"
expect "a missing column" repository 's/"homepage": null, //' "repository${tab}\\*${tab}homepage"

# What was never asked for is no difference.
rm -rf "$folder/wrong" && cp -r "$folder/rows" "$folder/wrong"
sed -i 's/"detail_at": "[^"]*"/"detail_at": null/; s/"changed_files": 1/"changed_files": null/' \
  "$folder/wrong/pull_request"
ask "$folder/wrong"
[ "$status" -eq 0 ] || fail "details that nobody asked for"
echo "ok: details that nobody asked for"

rm "$folder/rows/assignee"
ask "$folder/rows"
[ "$status" -eq 2 ] || fail "a missing relation"
echo "ok: a missing relation"
