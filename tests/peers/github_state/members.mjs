// Says which members each kind of document has, and which it has not. GitHub's description calls
// most of them optional, but the mirror fills its columns from them, and must not read an absent
// member as null.
const words = (text) => text.trim().split(/\s+/);

const DATED = "id node_id created_at updated_at";
const CARRIED = `${DATED} number state title body user labels assignee assignees milestone locked
  active_lock_reason author_association closed_at`;
const DETAILS = `merged mergeable mergeable_state merged_by comments review_comments commits
  additions deletions changed_files rebaseable maintainer_can_modify`;
const LONG_USER = `name company blog location email hireable bio public_repos public_gists followers
  following created_at updated_at`;
const REPOSITORY = `${DATED} name full_name owner private visibility description homepage language
  topics default_branch fork archived disabled is_template size stargazers_count watchers_count
  forks_count open_issues_count has_issues has_projects has_downloads has_wiki has_pages
  has_discussions pushed_at`;
const ISSUE = `${CARRIED} repository_url state_reason comments reactions`;
const PULL = `${CARRIED} draft head base merged_at merge_commit_sha requested_reviewers
  requested_teams`;
const HOOK = "id name config events active last_response created_at updated_at url";

// Each kind has the members of the first text and none of the second.
const MEMBERS = {
  "listed issue": [`${ISSUE} type`, "closed_by pull_request"],
  "single issue": [`${ISSUE} type closed_by`, "pull_request"],
  "pull request as an issue": [`${ISSUE} pull_request draft`, "closed_by head base"],
  "listed pull request": [PULL, DETAILS],
  "single pull request": [`${PULL} ${DETAILS}`, "closed_by state_reason"],
  file: ["filename sha status additions deletions changes", "position"],
  label: ["id node_id name description color default", "created_at updated_at"],
  milestone: [
    `${DATED} number state title description creator open_issues closed_issues closed_at
    due_on`,
    "",
  ],
  "nested user": ["id node_id login type site_admin avatar_url", LONG_USER],
  user: [`id node_id login type site_admin avatar_url ${LONG_USER}`, ""],
  "nested repository": [REPOSITORY, "parent organization permissions"],
  "repository of an organization": [`${REPOSITORY} organization parent permissions`, ""],
  comment: [`${DATED} user body issue_url author_association`, ""],
  hook: [HOOK, ""],
};

export function memberProblems(kind, document) {
  const [has, hasNot] = MEMBERS[kind].map((text) => words(text).filter((name) => name !== ""));
  const there = (name) => document !== undefined && name in document;
  return [
    ...has.filter((name) => !there(name)).map((name) => `${kind} lacks '${name}'`),
    ...hasNot.filter(there).map((name) => `${kind} has '${name}'`),
  ];
}
