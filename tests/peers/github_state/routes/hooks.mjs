// Answers for the hooks of a repository and their deliveries; only its admins see them.
import * as acts from "../acts/hooks.mjs";
import { reaches } from "../access.mjs";
import { deliveryDocument, deliveryItem, hookDocument } from "../documents/hook.mjs";
import { numbered } from "../paging.mjs";
import { notFound, unprocessable } from "../refusal.mjs";
import { live, sorted } from "../world.mjs";

// Everybody else gets 404.
function admins(handler) {
  return (context) => {
    if (!context.caller.token || !reaches(context.role, "admin")) throw notFound();
    return handler(context);
  };
}

function hookOf({ repository, params }) {
  const hook = repository.hooks.get(Number(params.id));
  if (!hook || hook.gone) throw notFound();
  return hook;
}

function hooks(context) {
  const { world, repository } = context;
  const { items, link } = numbered(
    context,
    sorted(repository, "hooks", "id", () => live(repository.hooks)),
  );
  return { document: items.map((one) => hookDocument(world, repository, one)), link };
}

function hook(context) {
  const found = hookOf(context);
  return {
    document: hookDocument(context.world, context.repository, found),
    changed_at: found.updated_at,
  };
}

const HOOKS_MAX = 20; // GitHub's own limit for one repository and event

function createHook(context) {
  const { world, repository, body } = context;
  if (!body.config?.url) throw unprocessable("Hook", "config.url", "missing_field");
  const isTaken = live(repository.hooks).some(
    (one) =>
      one.config.url === body.config.url && one.events.join() === (body.events ?? ["push"]).join(),
  );
  if (isTaken) throw unprocessable("Hook", "Hook already exists on this repository", "custom");
  if (live(repository.hooks).length >= HOOKS_MAX) throw unprocessable("Hook", "events", "custom");
  const { id } = acts.create_hook(
    world,
    context.args({ ...body.config, events: body.events ?? ["push"], active: body.active }),
  );
  return { status: 201, document: hookDocument(world, repository, repository.hooks.get(id)) };
}

function editHook(context) {
  const { world, repository, body } = context;
  const found = hookOf(context);
  const events = [...(body.events ?? found.events), ...(body.add_events ?? [])].filter(
    (event) => !(body.remove_events ?? []).includes(event),
  );
  acts.edit_hook(
    world,
    context.args({ ...body.config, id: found.id, events, active: body.active ?? found.active }),
  );
  return { document: hookDocument(world, repository, found) };
}

function deleteHook(context) {
  acts.delete_hook(context.world, context.args({ id: hookOf(context).id }));
  return { status: 204 };
}

function pingHook(context) {
  acts.ping_hook(context.world, context.args({ id: hookOf(context).id }));
  return { status: 204 };
}

// Deliveries come newest first, by a cursor of their own and without page numbers.
export function newestFirst({ query, world, canonical }, all) {
  const size = Math.min(Number(query.get("per_page") ?? 30), 100);
  const cursor = query.get("cursor");
  const before = cursor === null ? Infinity : Number(cursor.replace(/^v1_/, ""));
  const list = all.filter((one) => one.id < before).reverse();
  const items = list.slice(0, size);
  const next = new URLSearchParams(query);
  next.set("cursor", `v1_${items.at(-1)?.id}`);
  const link = list.length > size ? `<${world.url}${canonical}?${next}>; rel="next"` : "";
  return { document: items.map(deliveryItem), link };
}

const deliveries = (context) => newestFirst(context, hookOf(context).deliveries);

function deliveryOf(context) {
  const delivery = hookOf(context).deliveries.find(
    (one) => one.id === Number(context.params.delivery),
  );
  if (!delivery) throw notFound();
  return delivery;
}

const delivery = (context) => ({ document: deliveryDocument(deliveryOf(context)) });

// The same GUID and bytes are sent once more, under a new id.
function attempt(context) {
  context.world.redeliver(hookOf(context), deliveryOf(context));
  return { status: 202, document: {} };
}

export const hookRoutes = [
  ["GET", "hooks", hooks],
  ["POST", "hooks", createHook],
  ["GET", "hooks/:id", hook],
  ["PATCH", "hooks/:id", editHook],
  ["DELETE", "hooks/:id", deleteHook],
  ["POST", "hooks/:id/pings", pingHook],
  ["GET", "hooks/:id/deliveries", deliveries],
  ["GET", "hooks/:id/deliveries/:delivery", delivery],
  ["POST", "hooks/:id/deliveries/:delivery/attempts", attempt],
].map(([method, path, handler]) => [method, path, admins(handler)]);
