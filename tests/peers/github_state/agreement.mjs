// Compares GET /_state with the API's documents. The two are written separately, so each finds the
// other's mistakes: the oracle believes the state, the mirror believes the documents.
const person = (user) => user && { id: user.id, login: user.login };

// A document says these facts under another name or in another form.
const FORMS = {
  is_pull_request: (document) => "pull_request" in document,
  user: (document) => person(document.user),
  closed_by: (document) => person(document.closed_by),
  merged_by: (document) => person(document.merged_by),
  creator: (document) => person(document.creator),
  owner: (document) => person(document.owner),
  organization: (document) => person(document.organization ?? null),
  parent_id: (document) => document.parent?.id ?? null,
  assignees: (document) => document.assignees.map(person),
  requested_reviewers: (document) => document.requested_reviewers.map(person),
  labels: (document) => document.labels.map(({ id, name }) => ({ id, name })),
  milestone: ({ milestone }) => milestone && { id: milestone.id, number: milestone.number },
  reactions: (document) => document.reactions.total_count,
  type: (document) =>
    typeof document.type === "string" ? document.type : (document.type?.name ?? null),
  base: ({ base }) => ({ ref: base.ref, sha: base.sha }),
  head: ({ head }) => ({ ref: head.ref, sha: head.sha, repo_id: head.repo?.id ?? null }),
  url: (document) => document.config?.url,
};
const UNTOLD = ["deleted_at", "deleted_reason", "transferred_to_repository_id", "files"];
const UNTOLD_OF = {
  // Only the address of an issue says its number.
  comment: ["number"],
  hook: ["config", "last_response"],
};

export function disagreements(kind, facts, document) {
  const untold = [...UNTOLD, "transferred_to_number", ...(UNTOLD_OF[kind] ?? [])];
  return Object.entries(facts).flatMap(([name, fact]) => {
    if (untold.includes(name)) return [];
    const told = FORMS[name] ? FORMS[name](document) : document[name];
    const [wanted, found] = [fact, told].map((value) => JSON.stringify(value));
    return wanted === found
      ? []
      : [`${kind} ${facts.id}: state has ${name} ${wanted}, API ${found}`];
  });
}

export function fileDisagreements(facts, document) {
  const told = { previous_filename: null, patch: null, ...document };
  const names = Object.keys(facts).filter((name) => facts[name] !== told[name]);
  return names.map((name) => `file ${facts.filename}: ${name} ${facts[name]}, API ${told[name]}`);
}
