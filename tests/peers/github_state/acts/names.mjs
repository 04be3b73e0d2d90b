// These acts change labels and milestones.
import { secondsOf } from "../clock.mjs";
import { live } from "../world.mjs";

export function create_label(world, args) {
  const repository = world.repository(args.repository);
  const label = {
    id: world.id("label"),
    name: args.name,
    color: args.color ?? "ededed",
    description: args.description ?? null,
    default: args.default ?? false,
    changed_at: world.now(),
    gone: null,
  };
  if (live(repository.labels).some((one) => one.name.toLowerCase() === label.name.toLowerCase()))
    throw new Error(`unable to create label '${label.name}': the name is taken`);
  repository.labels.set(label.id, label);
  ++repository.version;
  world.emit("label", "created", repository, { by: args.by, label });
  return { id: label.id, name: label.name };
}

export function edit_label(world, args) {
  const repository = world.repository(args.repository);
  const label = world.label(repository, args.name);
  const changes = {};
  const wanted = { name: args.new_name, color: args.color, description: args.description };
  for (const [field, value] of Object.entries(wanted)) {
    if (value === undefined || value === label[field]) continue;
    changes[field] = { from: label[field] ?? "" };
    label[field] = value;
  }
  label.changed_at = world.now();
  ++repository.version;
  world.emit("label", "edited", repository, { by: args.by, label, more: { changes } });
  return { id: label.id, name: label.name };
}

// Its issues lose the label without an event or a new updated_at.
export function delete_label(world, args) {
  const repository = world.repository(args.repository);
  const label = world.label(repository, args.name);
  label.gone = { reason: "deleted", at: world.now() };
  for (const issue of repository.issues.values())
    issue.labels = issue.labels.filter((id) => id !== label.id);
  ++repository.version;
  world.emit("label", "deleted", repository, { by: args.by, label });
  return { id: label.id };
}

export function create_milestone(world, args) {
  const repository = world.repository(args.repository);
  const now = world.now();
  const milestone = {
    id: world.id("milestone"),
    number: repository.next_milestone++,
    state: args.state ?? "open",
    title: args.title,
    description: args.description ?? null,
    creator_id: world.user(args.by ?? world.users.get(repository.owner_id).login).id,
    created_at: now,
    updated_at: now,
    closed_at: args.state === "closed" ? now : null,
    due_on: args.due_on ? secondsOf(args.due_on) : null,
    gone: null,
  };
  repository.milestones.set(milestone.number, milestone);
  ++repository.version;
  world.emit("milestone", "created", repository, { by: args.by, milestone });
  return { id: milestone.id, number: milestone.number };
}

export function edit_milestone(world, args) {
  const repository = world.repository(args.repository);
  const milestone = world.milestone(repository, args.number);
  const changes = {};
  for (const field of ["title", "description"])
    if (field in args) {
      changes[field] = { from: milestone[field] ?? "" };
      milestone[field] = args[field];
    }
  if ("due_on" in args) {
    changes.due_on = { from: milestone.due_on === null ? "" : String(milestone.due_on) };
    milestone.due_on = args.due_on === null ? null : secondsOf(args.due_on);
  }
  milestone.updated_at = world.now();
  ++repository.version;
  if (Object.keys(changes).length > 0)
    world.emit("milestone", "edited", repository, { by: args.by, milestone, more: { changes } });
  return { id: milestone.id, number: milestone.number };
}

function turn(world, args, state, action) {
  const repository = world.repository(args.repository);
  const milestone = world.milestone(repository, args.number);
  milestone.state = state;
  milestone.updated_at = world.now();
  milestone.closed_at = state === "closed" ? world.now() : null;
  ++repository.version;
  world.emit("milestone", action, repository, { by: args.by, milestone });
  return { id: milestone.id, number: milestone.number };
}

export const close_milestone = (world, args) => turn(world, args, "closed", "closed");
export const reopen_milestone = (world, args) => turn(world, args, "open", "opened");

// As with labels, its issues lose it without an event.
export function delete_milestone(world, args) {
  const repository = world.repository(args.repository);
  const milestone = world.milestone(repository, args.number);
  milestone.gone = { reason: "deleted", at: world.now() };
  for (const issue of repository.issues.values())
    if (issue.milestone === milestone.number) issue.milestone = null;
  ++repository.version;
  world.emit("milestone", "deleted", repository, { by: args.by, milestone });
  return { id: milestone.id, number: milestone.number };
}
