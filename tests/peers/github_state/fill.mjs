// Makes many records quickly and without events, as if they were there before anybody mirrored the
// repository.
import { add_issue } from "./acts/issues.mjs";
import { create_repository } from "./acts/repositories.mjs";
import { create_user } from "./acts/users.mjs";
import { Seeded } from "./seeded.mjs";
import { live } from "./world.mjs";

const YEAR = 365 * 24 * 3600;
const WORDS = (
  "build fails when the cache of pages holds two names for one file and a reader waits " +
  "until its writer ends so nobody sees an error after restart in release mode"
).split(" ");
const COLORS = ["d73a4a", "0075ca", "cfd3d7", "a2eeef", "7057ff", "008672", "e4e669", "ededed"];

const words = (seeded, count) => Array.from({ length: count }, () => seeded.pick(WORDS)).join(" ");

function people(world, seeded, count) {
  const logins = [];
  for (let index = 0; logins.length < count; ++index) {
    const login = `user-${seeded.hex(4)}-${index}`;
    if (world.logins.has(login)) continue;
    create_user(world, { login, name: words(seeded, 2), followers: seeded.below(100) });
    logins.push(login);
  }
  return logins;
}

function names(world, repository, seeded, args, authors, begin) {
  const taken = live(repository.labels).map((label) => label.name);
  for (let index = 0; index < (args.labels ?? 0); ++index) {
    const id = world.id("label");
    const name = index % 5 === 4 ? `area: ${seeded.pick(WORDS)} ${index}` : `label-${index}`;
    if (taken.includes(name)) continue;
    repository.labels.set(id, {
      id,
      name,
      color: seeded.pick(COLORS),
      description: index % 3 === 0 ? null : words(seeded, 5),
      default: index < 3,
      changed_at: begin,
      gone: null,
    });
  }
  for (let index = 0; index < (args.milestones ?? 0); ++index) {
    const number = repository.next_milestone++;
    const isClosed = seeded.happens(0.5);
    const created_at = begin + seeded.below(YEAR);
    repository.milestones.set(number, {
      id: world.id("milestone"),
      number,
      state: isClosed ? "closed" : "open",
      title: `Release ${number}`,
      description: seeded.happens(0.3) ? null : words(seeded, 8),
      creator_id: world.user(seeded.pick(authors)).id,
      created_at,
      updated_at: created_at + 3600,
      closed_at: isClosed ? created_at + 3600 : null,
      due_on: seeded.happens(0.5) ? created_at + 86_400 : null,
      gone: null,
    });
  }
}

function file(seeded, index) {
  const additions = seeded.below(60);
  const deletions = seeded.below(20);
  const isRenamed = seeded.happens(0.1);
  return {
    filename: `src/${seeded.pick(WORDS)}/${index}.cpp`,
    sha: seeded.hex(40),
    status: isRenamed ? "renamed" : seeded.pick(["added", "modified", "modified", "removed"]),
    previous_filename: isRenamed ? `src/old/${index}.cpp` : null,
    additions,
    deletions,
    changes: additions + deletions,
    patch: seeded.happens(0.05) ? null : `@@ -1,3 +1,4 @@\n one\n+${words(seeded, 6)}\n two`,
  };
}

function newPull(world, repository, seeded, args, authors) {
  const isFromFork = seeded.happens(0.1); // the fork has been deleted since
  const count = args.files_per_pull ? 1 + seeded.below(args.files_per_pull * 2 - 1) : 0;
  return {
    id: world.id("pull"),
    draft: seeded.happens(0.1),
    base_ref: repository.default_branch,
    base_sha: seeded.hex(40),
    head_ref: `topic-${seeded.hex(6)}`,
    head_sha: seeded.hex(40),
    head_repo_id: isFromFork ? null : repository.id,
    head_user_id: isFromFork ? world.user(seeded.pick(authors)).id : repository.owner_id,
    merged_at: null,
    merged_by_id: null,
    merge_commit_sha: seeded.hex(40),
    mergeable: true,
    mergeable_state: "clean",
    times_asked: 0,
    review_comments: seeded.below(9),
    commits: 1 + seeded.below(8),
    maintainer_can_modify: seeded.happens(0.5),
    requested_reviewers: seeded.happens(0.3) ? [world.user(seeded.pick(authors)).id] : [],
    files: Array.from({ length: count }, (_, index) => file(seeded, index)),
  };
}

// Most records change no more after some weeks.
function updateTime(seeded, created_at, end) {
  const day = 24 * 3600;
  const age = Math.floor(-Math.log(1 - seeded.fraction()) * 30 * day);
  return Math.min(created_at + age, end);
}

function close(world, seeded, issue, authors) {
  const closer = world.user(seeded.pick(authors));
  Object.assign(issue, { state: "closed", closed_at: issue.updated_at, closed_by_id: closer.id });
  if (!issue.pull) {
    issue.state_reason = seeded.pick(["completed", "completed", "not_planned", null]);
  } else if (seeded.happens(0.8)) {
    Object.assign(issue.pull, {
      merged_at: issue.updated_at,
      merged_by_id: closer.id,
      mergeable: null,
      mergeable_state: "unknown",
    });
  }
}

function record(world, repository, seeded, args, authors, { isPull, created_at, end }) {
  const pull = isPull ? newPull(world, repository, seeded, args, authors) : null;
  const issue = add_issue(
    world,
    repository,
    {
      by: seeded.pick(authors),
      title: words(seeded, 6),
      body: seeded.happens(0.1) ? null : words(seeded, args.body_words ?? 40),
    },
    pull,
  );
  issue.created_at = created_at;
  issue.updated_at = updateTime(seeded, created_at, end);
  if (seeded.happens(0.7)) close(world, seeded, issue, authors);
  const labels = [...repository.labels.keys()];
  if (labels.length > 0)
    issue.labels = [
      ...new Set(Array.from({ length: seeded.below(4) }, () => seeded.pick(labels))),
    ].filter((id) => !repository.labels.get(id).gone);
  if (seeded.happens(0.3)) issue.assignees = [world.user(seeded.pick(authors)).id];
  const milestones = live(repository.milestones);
  if (milestones.length > 0 && seeded.happens(0.4))
    issue.milestone = seeded.pick(milestones).number;
  if (!isPull && seeded.happens(0.2)) issue.type = "Bug";
  issue.reactions = seeded.happens(0.2) ? seeded.below(30) : 0;
  return issue;
}

function comments(world, repository, seeded, count, authors, issues, end) {
  for (let index = 0; index < count; ++index) {
    const issue = seeded.pick(issues);
    const created_at = Math.min(issue.created_at + seeded.below(30 * 24 * 3600), end);
    const id = world.id("comment");
    repository.comments.set(id, {
      id,
      number: issue.number,
      user_id: world.user(seeded.pick(authors)).id,
      body: words(seeded, 20),
      author_association: "NONE",
      created_at,
      updated_at: seeded.happens(0.1) ? Math.min(created_at + 600, end) : created_at,
      gone: null,
    });
    repository.comment_counts.set(
      issue.number,
      (repository.comment_counts.get(issue.number) ?? 0) + 1,
    );
    issue.updated_at = Math.max(issue.updated_at, created_at);
  }
}

// `repository` is made where it is missing. `same_second` issues share one updated_at.
export function fill(world, args) {
  const seeded = new Seeded(args.seed ?? 1);
  const [owner] = args.repository.split("/");
  if (!world.logins.has(owner.toLowerCase())) create_user(world, { login: owner });
  if (!world.names.has(args.repository.toLowerCase()))
    create_repository(world, { owner, name: args.repository.split("/")[1] });
  const repository = world.repository(args.repository);
  const end = world.now() - 60;
  const begin = end - 2 * YEAR;
  repository.created_at = Math.min(repository.created_at, begin);
  const authors = people(world, seeded, args.users ?? 20);
  names(world, repository, seeded, args, authors, begin);
  const counts = { issues: args.issues ?? 0, pulls: args.pulls ?? 0 };
  const total = counts.issues + counts.pulls;
  const made = [];
  for (let index = 0, pulls = 0; index < total; ++index) {
    const isPull = seeded.happens((counts.pulls - pulls) / (total - index));
    if (isPull) ++pulls;
    const created_at = begin + Math.floor((2 * YEAR * index) / total);
    made.push(record(world, repository, seeded, args, authors, { isPull, created_at, end }));
  }
  if (made.length > 0) comments(world, repository, seeded, args.comments ?? 0, authors, made, end);
  const shared = begin + Math.floor(1.9 * YEAR);
  for (const issue of made.slice(0, args.same_second ?? 0)) {
    issue.updated_at = shared;
    if (issue.closed_at !== null) issue.closed_at = issue.created_at;
  }
  ++repository.version;
  return {
    id: repository.id,
    full_name: args.repository,
    issues: counts.issues,
    pulls: counts.pulls,
    comments: args.comments ?? 0,
    numbers: [made[0]?.number ?? null, made.at(-1)?.number ?? null],
  };
}
