// Makes the documents of a repository: plain where it is nested or listed, full by its own address.
import { timeText } from "../clock.mjs";
import { openIssueCount } from "../world.mjs";
import { nodeId, repositoryPage, repositoryUrl } from "./common.mjs";
import { shortUser } from "./user.mjs";

const ADDRESSES = {
  forks_url: "forks",
  keys_url: "keys{/key_id}",
  collaborators_url: "collaborators{/collaborator}",
  teams_url: "teams",
  hooks_url: "hooks",
  issue_events_url: "issues/events{/number}",
  events_url: "events",
  assignees_url: "assignees{/user}",
  branches_url: "branches{/branch}",
  tags_url: "tags",
  blobs_url: "git/blobs{/sha}",
  git_tags_url: "git/tags{/sha}",
  git_refs_url: "git/refs{/sha}",
  trees_url: "git/trees{/sha}",
  statuses_url: "statuses/{sha}",
  languages_url: "languages",
  stargazers_url: "stargazers",
  contributors_url: "contributors",
  subscribers_url: "subscribers",
  subscription_url: "subscription",
  commits_url: "commits{/sha}",
  git_commits_url: "git/commits{/sha}",
  comments_url: "comments{/number}",
  issue_comment_url: "issues/comments{/number}",
  contents_url: "contents/{+path}",
  compare_url: "compare/{base}...{head}",
  merges_url: "merges",
  archive_url: "{archive_format}{/ref}",
  downloads_url: "downloads",
  issues_url: "issues{/number}",
  pulls_url: "pulls{/number}",
  milestones_url: "milestones{/number}",
  notifications_url: "notifications{?since,all,participating}",
  labels_url: "labels{/name}",
  releases_url: "releases{/id}",
  deployments_url: "deployments",
};

const forkCount = (world, repository) =>
  [...world.repositories.values()].filter((one) => one.parent_id === repository.id && !one.gone)
    .length;

function counts(world, repository) {
  const forks = forkCount(world, repository);
  const open = openIssueCount(repository);
  const stars = repository.stargazers_count;
  return {
    size: repository.size,
    stargazers_count: stars,
    watchers_count: stars,
    forks_count: forks,
    open_issues_count: open,
    forks,
    open_issues: open,
    watchers: stars,
  };
}

export function plainRepository(world, repository) {
  const url = repositoryUrl(world, repository);
  const page = repositoryPage(world, repository);
  const full_name = world.fullName(repository);
  const addresses = Object.fromEntries(
    Object.entries(ADDRESSES).map(([name, rest]) => [name, `${url}/${rest}`]),
  );
  return {
    id: repository.id,
    node_id: nodeId("R", repository.id),
    name: repository.name,
    full_name,
    private: repository.private,
    owner: shortUser(world, repository.owner_id),
    html_url: page,
    description: repository.description,
    fork: repository.parent_id !== null,
    url,
    ...addresses,
    created_at: timeText(repository.created_at),
    updated_at: timeText(repository.updated_at),
    pushed_at: timeText(repository.pushed_at),
    git_url: `git://github.com/${full_name}.git`,
    ssh_url: `git@github.com:${full_name}.git`,
    clone_url: repository.clone_url ?? `${page}.git`,
    svn_url: page,
    homepage: repository.homepage,
    language: repository.language,
    ...counts(world, repository),
    has_issues: repository.has_issues,
    has_projects: repository.has_projects,
    has_downloads: repository.has_downloads,
    has_wiki: repository.has_wiki,
    has_pages: repository.has_pages,
    has_discussions: repository.has_discussions,
    mirror_url: null,
    archived: repository.archived,
    disabled: repository.disabled,
    license: null,
    allow_forking: true,
    is_template: repository.is_template,
    web_commit_signoff_required: false,
    topics: [...repository.topics],
    visibility: repository.private ? "private" : "public",
    default_branch: repository.default_branch,
  };
}

const RANKS = ["pull", "triage", "push", "maintain", "admin"];
export const ROLES = ["read", "triage", "write", "maintain", "admin"];

// Returns what a role may do, in GitHub's words: {admin, maintain, push, triage, pull}.
export function permissionsOf(role) {
  const rank = ROLES.indexOf(role);
  return Object.fromEntries(RANKS.map((name, index) => [name, index <= rank]).reverse());
}

export function listedRepository(world, repository, role) {
  const document = plainRepository(world, repository);
  return role ? { ...document, permissions: permissionsOf(role) } : document;
}

export function fullRepository(world, repository, role) {
  const owner = world.users.get(repository.owner_id);
  const parent =
    repository.parent_id === null ? null : world.repositories.get(repository.parent_id);
  const document = listedRepository(world, repository, role);
  document.temp_clone_token = null;
  if (owner.type === "Organization") document.organization = shortUser(world, owner.id);
  if (parent && !parent.gone) {
    document.parent = plainRepository(world, parent);
    document.source = document.parent;
  }
  document.network_count = document.forks_count;
  document.subscribers_count = repository.subscribers_count;
  return document;
}
