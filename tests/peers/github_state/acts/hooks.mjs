// These acts change the hooks of repositories.
const EVENTS_ALL = ["*"];

export function create_hook(world, args) {
  const repository = world.repository(args.repository);
  const now = world.now();
  const hook = {
    id: world.id("hook"),
    name: args.name ?? "web",
    active: args.active ?? true,
    events: args.events ?? EVENTS_ALL,
    created_at: now,
    updated_at: now,
    config: {
      url: args.url,
      content_type: args.content_type ?? "json",
      insecure_ssl: args.insecure_ssl ?? "0",
      secret: args.secret ?? null,
    },
    last_response: { code: null, status: "unused", message: null },
    deliveries: [],
    gone: null,
  };
  repository.hooks.set(hook.id, hook);
  ++repository.version;
  world.emit("ping", null, repository, { by: args.by, hook });
  return { id: hook.id };
}

export function live_hook(repository, id) {
  const hook = repository.hooks.get(Number(id));
  if (!hook || hook.gone) throw new Error(`unable to find hook ${id}`);
  return hook;
}

export function edit_hook(world, args) {
  const repository = world.repository(args.repository);
  const hook = live_hook(repository, args.id);
  for (const field of ["active", "events"]) if (field in args) hook[field] = args[field];
  for (const field of ["url", "content_type", "insecure_ssl", "secret"])
    if (field in args) hook.config[field] = args[field];
  hook.updated_at = world.now();
  ++repository.version;
  return { id: hook.id };
}

export function ping_hook(world, args) {
  const repository = world.repository(args.repository);
  world.emit("ping", null, repository, { by: args.by, hook: live_hook(repository, args.id) });
  return {};
}

// The last delivery to a hook says that it was deleted.
export function delete_hook(world, args) {
  const repository = world.repository(args.repository);
  const hook = live_hook(repository, args.id);
  world.emit("meta", "deleted", repository, { by: args.by, hook });
  hook.gone = { reason: "deleted", at: world.now() };
  ++repository.version;
  return { id: hook.id };
}
