// The world holds all facts of the stand-in. Nothing here knows HTTP or JSON documents. Times are
// whole seconds; users, repositories and labels are referred to by id.
import { Clock } from "./clock.mjs";

// Ids of different kinds, and numbers, never have the same value, so a mix-up is noticed.
const FIRST_IDS = {
  user: 1000,
  repository: 50_000,
  label: 600_000,
  milestone: 700_000,
  issue: 1_000_000,
  pull: 2_000_000,
  comment: 3_000_000,
  hook: 40_000,
  delivery: 90_000_000,
  installation: 8000,
  gist: 500_000_000,
};

export class World {
  constructor() {
    this.clock = new Clock();
    this.users = new Map(); // id → user
    this.logins = new Map(); // lower login → id
    this.repositories = new Map(); // id → repository, deleted ones too
    this.names = new Map(); // lower owner/name → id
    this.redirects = new Map(); // lower former owner/name → id
    this.tokens = new Map(); // token → {token, user_id, scopes, …}
    this.installations = new Map();
    this.gists = new Map(); // id → gist
    this.gist_page_acts = []; // done while a list is read
    this.app = null; // {id, hook: {url, secret, events}}
    this.switches = {
      since_is_inclusive: true, // of lists with `since`
      issue_paging: "cursor", // or "numbered", as it was once
      list_lag: 0, // seconds until lists show what is new
      mergeable: "known", // or "lazy": null until asked once
    };
    this.emit = () => {}; // webhooks.mjs replaces it
    this.#next = { ...FIRST_IDS };
  }

  #next;

  id(kind) {
    return this.#next[kind]++;
  }

  now() {
    return this.clock.now();
  }

  user(login) {
    const user = this.users.get(this.logins.get(String(login).toLowerCase()));
    if (!user) throw new Error(`unable to find user '${login}'`);
    return user;
  }

  fullName(repository) {
    return `${this.users.get(repository.owner_id).login}/${repository.name}`;
  }

  // Finds a repository by its present name or its id.
  repository(name) {
    const id = typeof name === "number" ? name : this.names.get(String(name).toLowerCase());
    const repository = this.repositories.get(id);
    if (!repository) throw new Error(`unable to find repository '${name}'`);
    return repository;
  }

  issue(repository, number) {
    const issue = repository.issues.get(Number(number));
    if (!issue) throw new Error(`unable to find issue ${number} of '${repository.name}'`);
    return issue;
  }

  // An installation of the App is on repositories that are named, or on all of its owner.
  isInstalled({ repository_ids, owner_id }, repository) {
    if (repository.gone) return false;
    return repository_ids?.includes(repository.id) ?? owner_id === repository.owner_id;
  }

  // Returns null when the App is not installed on the repository.
  installationOf(repository) {
    const all = [...this.installations.values()];
    return all.find((one) => this.isInstalled(one, repository)) ?? null;
  }

  liveIssue(repository, number) {
    const issue = this.issue(repository, number);
    if (issue.gone) throw new Error(`unable to change issue ${number}: it is ${issue.gone.reason}`);
    return issue;
  }

  label(repository, name) {
    for (const label of repository.labels.values())
      if (!label.gone && label.name.toLowerCase() === String(name).toLowerCase()) return label;
    throw new Error(`unable to find label '${name}' of '${repository.name}'`);
  }

  milestone(repository, number) {
    const milestone = repository.milestones.get(Number(number));
    if (!milestone || milestone.gone) throw new Error(`unable to find milestone ${number}`);
    return milestone;
  }
}

export const live = (map) => [...map.values()].filter((entry) => !entry.gone);

// A result that is computed from a repository's facts is kept until the next change.
const KEPT_MAX = 32; // limit for results of one repository; scans use fewer at once

export function derived(repository, name, make) {
  if (repository.derived.version !== repository.version)
    repository.derived = { version: repository.version, kept: new Map() };
  const { kept } = repository.derived;
  if (!kept.has(name)) {
    const made = make();
    if (kept.size >= KEPT_MAX) kept.delete(kept.keys().next().value);
    kept.set(name, made);
  }
  return kept.get(name);
}

// Sorts ascending by a column, and by id where that is equal.
export function sorted(repository, kind, column, entries) {
  return derived(repository, `${kind} by ${column}`, () =>
    entries().sort((a, b) => a[column] - b[column] || a.id - b.id),
  );
}

export function commentCount(repository, number) {
  return repository.comment_counts.get(number) ?? 0;
}

export function openIssueCount(repository) {
  return derived(
    repository,
    "open issues",
    () => live(repository.issues).filter((issue) => issue.state === "open").length,
  );
}

export function milestoneCount(repository, number) {
  const counts = derived(repository, "issues of milestones", () => {
    const found = new Map();
    for (const issue of live(repository.issues)) {
      if (issue.milestone === null) continue;
      if (!found.has(issue.milestone)) found.set(issue.milestone, { open: 0, closed: 0 });
      ++found.get(issue.milestone)[issue.state];
    }
    return found;
  });
  return counts.get(number) ?? { open: 0, closed: 0 };
}
