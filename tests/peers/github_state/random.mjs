// Does random acts on a repository, the same ones for the same seed and state. When an act finds
// nothing to change, another one is drawn.
import * as comments from "./acts/comments.mjs";
import * as issues from "./acts/issues.mjs";
import * as names from "./acts/names.mjs";
import * as pulls from "./acts/pulls.mjs";
import * as repositories from "./acts/repositories.mjs";
import * as users from "./acts/users.mjs";
import { Seeded } from "./seeded.mjs";
import { live } from "./world.mjs";

const LOCKS = ["off-topic", "too heated", "resolved", "spam", null];
const TRIES_MAX = 20; // draws for one act, so that an empty repository ends the search

const issueOf = ({ seeded, repository }, fits = () => true) => {
  const list = live(repository.issues).filter(fits);
  return list.length === 0 ? null : { number: seeded.pick(list).number };
};
const pullOf = (pick, fits = () => true) => issueOf(pick, (issue) => issue.pull && fits(issue));
const isOpen = (issue) => issue.state === "open";
const isOpenPull = (pick) => pullOf(pick, isOpen);
const named = ({ seeded, repository }) => {
  const list = live(repository.labels);
  return list.length === 0 ? null : { name: seeded.pick(list).name };
};
const milestoned = ({ seeded, repository }) => {
  const list = live(repository.milestones);
  return list.length === 0 ? null : { number: seeded.pick(list).number };
};
const commented = ({ seeded, repository }) => {
  const list = live(repository.comments);
  return list.length === 0 ? null : { id: seeded.pick(list).id };
};
const user = ({ seeded, world }) => ({
  user: seeded.pick([...world.users.values()].filter((one) => one.type === "User" && !one.gone))
    .login,
});
const both =
  (...makers) =>
  (pick) => {
    const parts = makers.map((maker) => maker(pick));
    return parts.includes(null) ? null : Object.assign({}, ...parts);
  };
const author = (pick) => ({ by: user(pick).user });
const text =
  (field) =>
  ({ seeded }) => ({ [field]: `${field} ${seeded.hex(6)}` });
const isIssue = (issue) => !issue.pull;

// An entry is [weight, act, function that makes the arguments, or null when there is no target].
const ACTS = {
  create_issue: [8, issues.create_issue, both(author, text("title"), text("body"))],
  edit_issue: [8, issues.edit_issue, both(issueOf, text("title"), text("body"))],
  close_issue: [8, issues.close_issue, (pick) => issueOf(pick, isOpen)],
  reopen_issue: [
    4,
    issues.reopen_issue,
    (pick) => issueOf(pick, (issue) => !isOpen(issue) && !issue.pull?.merged_at),
  ],
  delete_issue: [2, issues.delete_issue, (pick) => issueOf(pick, isIssue)],
  label_issue: [8, issues.label_issue, both(issueOf, named)],
  unlabel_issue: [6, issues.unlabel_issue, both(issueOf, named)],
  assign_issue: [5, issues.assign_issue, both(issueOf, user)],
  unassign_issue: [4, issues.unassign_issue, both(issueOf, user)],
  milestone_issue: [
    5,
    issues.milestone_issue,
    both(issueOf, (pick) =>
      pick.seeded.happens(0.3)
        ? { milestone: null }
        : milestoned(pick) && { milestone: milestoned(pick).number },
    ),
  ],
  lock_issue: [
    1,
    issues.lock_issue,
    both(issueOf, ({ seeded }) => ({ reason: seeded.pick(LOCKS) })),
  ],
  unlock_issue: [1, issues.unlock_issue, issueOf],
  create_comment: [6, comments.create_comment, both(author, issueOf, text("body"))],
  edit_comment: [3, comments.edit_comment, both(commented, text("body"))],
  delete_comment: [2, comments.delete_comment, commented],
  create_pull: [
    4,
    pulls.create_pull,
    both(author, text("title"), ({ seeded }) => ({
      files: Array.from({ length: 1 + seeded.below(5) }, (_, at) => `file-${at}.txt`),
    })),
  ],
  push_pull: [6, pulls.push_pull, isOpenPull],
  rebase_pull: [2, pulls.rebase_pull, isOpenPull],
  merge_pull: [2, pulls.merge_pull, isOpenPull],
  draft_pull: [
    1,
    pulls.draft_pull,
    both(isOpenPull, ({ seeded }) => ({ on: seeded.happens(0.5) })),
  ],
  request_review: [2, pulls.request_review, both(isOpenPull, user)],
  unrequest_review: [1, pulls.unrequest_review, both(isOpenPull, user)],
  create_label: [2, names.create_label, text("name")],
  edit_label: [
    2,
    names.edit_label,
    both(named, ({ seeded }) =>
      seeded.happens(0.5) ? { new_name: `renamed ${seeded.hex(6)}` } : { color: seeded.hex(6) },
    ),
  ],
  delete_label: [1, names.delete_label, named],
  create_milestone: [1, names.create_milestone, text("title")],
  edit_milestone: [2, names.edit_milestone, both(milestoned, text("title"))],
  close_milestone: [1, names.close_milestone, milestoned],
  reopen_milestone: [1, names.reopen_milestone, milestoned],
  delete_milestone: [1, names.delete_milestone, milestoned],
  edit_repository: [1, repositories.edit_repository, text("description")],
};

// These are done only when `also` names them.
const RARE = {
  rename_repository: [
    1,
    repositories.rename_repository,
    ({ seeded }) => ({ name: `notes-${seeded.hex(6)}` }),
  ],
  privatise_repository: [1, repositories.privatise_repository, () => ({})],
  publicise_repository: [1, repositories.publicise_repository, () => ({})],
  switch_issues: [1, repositories.switch_issues, ({ seeded }) => ({ on: seeded.happens(0.7) })],
  rename_user: [1, users.rename_user, both(user, ({ seeded }) => ({ login: `r${seeded.hex(8)}` }))],
};

// When `to` names another repository, issues are transferred to it as well.
function table(args) {
  const also = Object.entries(RARE).filter(([name]) => args.also?.includes(name));
  const acts = [...Object.entries(ACTS), ...also];
  if (args.to)
    acts.push([
      "transfer_issue",
      [
        2,
        issues.transfer_issue,
        both(
          (pick) => issueOf(pick, isIssue),
          () => ({ to: args.to }),
        ),
      ],
    ]);
  const without = args.without ?? [];
  return acts.filter(
    ([name]) => !without.includes(name) && (!args.only || args.only.includes(name)),
  );
}

// Returns false when nothing has changed, for example because a name is taken.
function isDone(act, world, args) {
  try {
    return !act(world, args).unchanged;
  } catch (error) {
    if (error.message.startsWith("unable to")) return false;
    throw error;
  }
}

// Takes {repository, seed, count, also, without or only, to, advance_max}. `also`, `without` and
// `only` are names of acts, and `advance_max` the most seconds between two of them.
export function random(world, args) {
  const seeded = new Seeded(args.seed ?? 1);
  const acts = table(args);
  const weighted = acts.flatMap(([name, [weight, ...rest]]) => Array(weight).fill([name, ...rest]));
  const { id } = world.repository(args.repository); // its name may change
  const done = {};
  for (let index = 0; index < (args.count ?? 1); ++index) {
    if (args.advance_max) world.clock.advance(seeded.below(args.advance_max + 1));
    for (let tries = 0; tries < TRIES_MAX; ++tries) {
      const [name, act, make] = seeded.pick(weighted);
      const repository = world.repository(id);
      const made = make({ world, seeded, repository });
      if (made === null) continue;
      const { login } = world.users.get(repository.owner_id);
      if (!isDone(act, world, { by: login, ...made, repository: id })) continue;
      done[name] = (done[name] ?? 0) + 1;
      break;
    }
  }
  return { done };
}
