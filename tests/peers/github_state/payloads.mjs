// Payloads of deliveries have the documents of the REST API; the few differences are made here.
import { timeText } from "./clock.mjs";
import { installationDocument } from "./documents/app.mjs";
import { nodeId, repositoryPage } from "./documents/common.mjs";
import { commentDocument, singleIssue } from "./documents/issue.mjs";
import { labelDocument, milestoneDocument } from "./documents/names.mjs";
import { hookDocument } from "./documents/hook.mjs";
import { listedPull, singlePull } from "./documents/pull.mjs";
import { plainRepository } from "./documents/repository.mjs";
import { shortUser } from "./documents/user.mjs";

function organization(world, repository) {
  const owner = world.users.get(repository.owner_id);
  if (owner.type !== "Organization") return {};
  const url = `${world.url}/orgs/${owner.login}`;
  return {
    organization: {
      login: owner.login,
      id: owner.id,
      node_id: nodeId("O", owner.id),
      url,
      repos_url: `${url}/repos`,
      events_url: `${url}/events`,
      hooks_url: `${url}/hooks`,
      issues_url: `${url}/issues`,
      members_url: `${url}/members{/member}`,
      public_members_url: `${url}/public_members{/member}`,
      avatar_url: `https://avatars.githubusercontent.com/u/${owner.id}?v=4`,
      description: owner.bio ?? "",
    },
  };
}

// The owner of a repository acts where an act names nobody.
function sender(world, repository, by) {
  if (by) return shortUser(world, world.user(by).id);
  return shortUser(world, repository.owner_id);
}

// Repositories in events say more than in answers.
const eventRepository = (world, repository) => ({
  ...plainRepository(world, repository),
  custom_properties: {},
});

function withEventRepositories(document) {
  const { base, head } = document;
  base.repo.custom_properties = {};
  if (head.repo) head.repo.custom_properties = {};
  return document;
}

// An issue in an event does not say who closed it.
function eventIssue(world, repository, issue) {
  const { closed_by, ...document } = singleIssue(world, repository, issue);
  return document;
}

const MAKERS = {
  issues(
    world,
    repository,
    { issue, label, assignee, milestone, transferred_to, transferred_from },
  ) {
    const body = { issue: eventIssue(world, repository, issue) };
    if (label) body.label = labelDocument(world, repository, label);
    if (assignee) body.assignee = shortUser(world, assignee.id);
    if (milestone) body.milestone = milestoneDocument(world, repository, milestone);
    if (transferred_to) {
      const [target, moved] = transferred_to;
      body.changes = {
        new_issue: eventIssue(world, target, moved),
        new_repository: eventRepository(world, target),
      };
    }
    if (transferred_from) {
      const [source, former] = transferred_from;
      body.changes = {
        old_issue: eventIssue(world, source, former),
        old_repository: eventRepository(world, source),
      };
    }
    return body;
  },

  pull_request(world, repository, details) {
    const { issue, label, assignee, milestone, requested_reviewer } = details;
    const body = {
      number: issue.number,
      pull_request: withEventRepositories(singlePull(world, repository, issue)),
    };
    if (label) body.label = labelDocument(world, repository, label);
    if (assignee) body.assignee = shortUser(world, assignee.id);
    if (milestone) body.milestone = milestoneDocument(world, repository, milestone);
    if (requested_reviewer) body.requested_reviewer = shortUser(world, requested_reviewer.id);
    return body;
  },

  pull_request_review(world, repository, { issue, review }) {
    const page = `${repositoryPage(world, repository)}/pull/${issue.number}`;
    const pull_request = withEventRepositories(listedPull(world, repository, issue));
    const id = issue.pull.id + review.at;
    return {
      pull_request,
      review: {
        id,
        node_id: nodeId("PRR", id),
        user: shortUser(world, review.user.id),
        body: null,
        commit_id: issue.pull.head_sha,
        submitted_at: timeText(review.at),
        state: review.state,
        html_url: `${page}#pullrequestreview-${id}`,
        pull_request_url: pull_request.url,
        author_association: "NONE",
        _links: {
          html: { href: `${page}#pullrequestreview-${id}` },
          pull_request: { href: pull_request.url },
        },
      },
    };
  },

  label: (world, repository, { label }) => ({ label: labelDocument(world, repository, label) }),

  milestone: (world, repository, { milestone }) => ({
    milestone: milestoneDocument(world, repository, milestone),
  }),

  issue_comment: (world, repository, { issue, comment }) => ({
    issue: eventIssue(world, repository, issue),
    comment: commentDocument(world, repository, comment),
  }),

  member: (world, repository, { member }) => ({ member: shortUser(world, member.id) }),

  repository(world, repository, { transferred_from }) {
    if (!transferred_from) return {};
    const owner = shortUser(world, transferred_from.id);
    const key = transferred_from.type === "Organization" ? "organization" : "user";
    return { changes: { owner: { from: { [key]: owner } } } };
  },

  ping: (world, repository, { hook }) => ({
    zen: "Keep it logically awesome.",
    hook_id: hook.id,
    hook: hookDocument(world, repository, hook),
  }),

  meta(world, repository, { hook }) {
    const { url, test_url, ping_url, deliveries_url, last_response, ...document } = hookDocument(
      world,
      repository,
      hook,
    );
    return { hook_id: hook.id, hook: document };
  },

  public: () => ({}),

  // The few members that tell a push from another; repository.pushed_at is a number here.
  push: (world, repository, { branch, after }) => ({
    ref: `refs/heads/${branch}`,
    before: "0".repeat(40),
    after,
    created: false,
    deleted: false,
    forced: false,
    base_ref: null,
    commits: [],
    head_commit: { id: after, message: "A push", timestamp: timeText(repository.pushed_at) },
    repository: { ...eventRepository(world, repository), pushed_at: repository.pushed_at },
  }),
};

const briefly = (world, repositories) =>
  repositories.map((one) => ({
    id: one.id,
    node_id: nodeId("R", one.id),
    name: one.name,
    full_name: world.fullName(one),
    private: one.private,
  }));

function installationPayload(world, event, action, { installation, by, added, removed }) {
  const all = [...world.repositories.values()];
  const named = (ids) =>
    briefly(
      world,
      all.filter((one) => ids.includes(one.id)),
    );
  const shown = installationDocument(world, installation);
  const lists =
    event === "installation"
      ? {
          repositories: briefly(
            world,
            all.filter((one) => world.isInstalled(installation, one)),
          ),
        }
      : {
          repository_selection: shown.repository_selection,
          repositories_added: named(added),
          repositories_removed: named(removed),
          requester: null,
        };
  return { action, installation: shown, ...lists, sender: shortUser(world, world.user(by).id) };
}

export function payload(world, event, action, repository, details) {
  if (details.installation) return installationPayload(world, event, action, details);
  const made = MAKERS[event](world, repository, details);
  return {
    ...(action === null ? {} : { action }),
    ...made,
    ...details.more,
    repository: eventRepository(world, repository),
    ...organization(world, repository),
    sender: sender(world, repository, details.by),
  };
}
