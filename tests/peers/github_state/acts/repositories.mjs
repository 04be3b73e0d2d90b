// These acts create, edit, rename, transfer, hide and delete repositories, and change who works on
// them.
import { secondsOf } from "../clock.mjs";

const DEFAULTS = {
  description: null,
  homepage: null,
  language: null,
  topics: [],
  default_branch: "main",
  is_template: false,
  archived: false,
  disabled: false,
  size: 0,
  stargazers_count: 0,
  subscribers_count: 0,
  has_issues: true,
  has_projects: true,
  has_downloads: true,
  has_wiki: true,
  has_pages: false,
  has_discussions: false,
};

export function create_repository(world, args) {
  const owner = world.user(args.owner);
  const now = args.created_at ? secondsOf(args.created_at) : world.now();
  const repository = {
    id: args.id ?? world.id("repository"),
    owner_id: owner.id,
    name: args.name,
    private: args.private ?? false,
    created_at: now,
    updated_at: now,
    pushed_at: now,
    clone_url: args.clone_url ?? null, // of a git server that holds it; null: GitHub's own
    parent_id: args.parent ? world.repository(args.parent).id : null,
    ...DEFAULTS,
    labels: new Map(),
    milestones: new Map(),
    issues: new Map(),
    comments: new Map(),
    comment_counts: new Map(),
    hooks: new Map(),
    collaborators: new Map(),
    next_number: 1,
    next_milestone: 1,
    version: 0,
    derived: { version: -1, kept: new Map() },
    gone: null,
  };
  for (const field of Object.keys(DEFAULTS)) if (field in args) repository[field] = args[field];
  const name = world.fullName(repository).toLowerCase();
  if (world.names.has(name))
    throw new Error(`unable to create repository '${name}': the name is taken`);
  world.repositories.set(repository.id, repository);
  world.names.set(name, repository.id);
  world.redirects.delete(name); // a new owner of the name ends the redirect
  world.emit("repository", "created", repository, { by: args.by });
  return { id: repository.id, full_name: world.fullName(repository) };
}

// Somebody has pushed to a branch by git; the commits are the git server's.
export function push(world, args) {
  const repository = world.repository(args.repository);
  repository.pushed_at = world.now();
  const branch = args.branch ?? repository.default_branch;
  world.emit("push", null, repository, { by: args.by, branch, after: args.after });
  return {};
}

const EDITED = [
  "description",
  "homepage",
  "default_branch",
  "topics",
  "has_issues",
  "has_projects",
  "has_wiki",
  "has_discussions",
  "language",
  "is_template",
  "size",
  "stargazers_count",
];
const ANNOUNCED = ["description", "homepage", "default_branch", "topics"];

export function edit_repository(world, args) {
  const repository = world.repository(args.repository);
  const changes = {};
  for (const field of EDITED) {
    if (!(field in args)) continue;
    if (ANNOUNCED.includes(field)) changes[field] = { from: repository[field] };
    repository[field] = args[field];
  }
  touch(world, repository);
  if (Object.keys(changes).length > 0)
    world.emit("repository", "edited", repository, { by: args.by, more: { changes } });
  return { id: repository.id };
}

export const switch_issues = (world, args) =>
  edit_repository(world, { ...args, has_issues: args.on ?? false });

export function archive_repository(world, args) {
  const repository = world.repository(args.repository);
  repository.archived = args.on ?? true;
  touch(world, repository);
  world.emit("repository", repository.archived ? "archived" : "unarchived", repository, {
    by: args.by,
  });
  return { id: repository.id };
}

function touch(world, repository) {
  repository.updated_at = world.now();
  ++repository.version;
}

function rename_to(world, repository, change) {
  const former = world.fullName(repository).toLowerCase();
  const target =
    `${world.users.get(change.owner_id ?? repository.owner_id).login}/` +
    `${change.name ?? repository.name}`;
  const taken = world.names.get(target.toLowerCase());
  if (taken !== undefined && taken !== repository.id)
    throw new Error(`unable to rename '${former}': '${target}' is taken`);
  world.names.delete(former);
  Object.assign(repository, change);
  world.redirects.set(former, repository.id);
  world.redirects.delete(target.toLowerCase());
  world.names.set(target.toLowerCase(), repository.id);
  touch(world, repository);
}

export function rename_repository(world, args) {
  const repository = world.repository(args.repository);
  const changes = { repository: { name: { from: repository.name } } };
  rename_to(world, repository, { name: args.name });
  world.emit("repository", "renamed", repository, { by: args.by, more: { changes } });
  return { id: repository.id, full_name: world.fullName(repository) };
}

export function transfer_repository(world, args) {
  const repository = world.repository(args.repository);
  const from = world.users.get(repository.owner_id);
  rename_to(world, repository, { owner_id: world.user(args.owner).id });
  world.emit("repository", "transferred", repository, { by: args.by, transferred_from: from });
  return { id: repository.id, full_name: world.fullName(repository) };
}

function show(world, args, isPrivate) {
  const repository = world.repository(args.repository);
  repository.private = isPrivate;
  touch(world, repository);
  world.emit("repository", isPrivate ? "privatized" : "publicized", repository, { by: args.by });
  if (!isPrivate) world.emit("public", null, repository, { by: args.by });
  return { id: repository.id };
}

export const privatise_repository = (world, args) => show(world, args, true);
export const publicise_repository = (world, args) => show(world, args, false);

export function delete_repository(world, args) {
  const repository = world.repository(args.repository);
  world.emit("repository", "deleted", repository, { by: args.by });
  world.names.delete(world.fullName(repository).toLowerCase());
  for (const [name, id] of world.redirects) if (id === repository.id) world.redirects.delete(name);
  repository.gone = { reason: "deleted", at: world.now() };
  ++repository.version;
  forget_head(world, repository);
  return { id: repository.id };
}

// A pull request from a deleted fork keeps its shas and loses head.repo.
function forget_head(world, fork) {
  for (const repository of world.repositories.values()) {
    if (repository.gone) continue;
    for (const { pull } of repository.issues.values())
      if (pull?.head_repo_id === fork.id) {
        pull.head_repo_id = null;
        ++repository.version;
      }
  }
}

// `role` is read, triage, write, maintain or admin; null removes the collaborator.
export function collaborator(world, args) {
  const repository = world.repository(args.repository);
  const user = world.user(args.user);
  const former = repository.collaborators.get(user.id);
  if (args.role === null) {
    repository.collaborators.delete(user.id);
    world.emit("member", "removed", repository, { by: args.by, member: user });
    return {};
  }
  const role = args.role ?? "write";
  repository.collaborators.set(user.id, role);
  const changes =
    former === undefined ? { permission: { to: role } } : { old_permission: { from: former } };
  world.emit("member", former === undefined ? "added" : "edited", repository, {
    by: args.by,
    member: user,
    more: { changes },
  });
  return {};
}
