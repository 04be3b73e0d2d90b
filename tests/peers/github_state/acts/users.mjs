// These acts change users, organizations, tokens, and the App with its installations.
import { secondsOf } from "../clock.mjs";

export function create_user(world, args) {
  const now = args.created_at ? secondsOf(args.created_at) : world.now();
  const user = {
    id: args.id ?? world.id("user"),
    login: args.login,
    type: args.type ?? "User",
    site_admin: args.site_admin ?? false,
    name: args.name ?? null,
    company: args.company ?? null,
    blog: args.blog ?? "",
    location: args.location ?? null,
    email: args.email ?? null,
    hireable: args.hireable ?? null,
    bio: args.bio ?? null,
    public_gists: args.public_gists ?? 0,
    followers: args.followers ?? 0,
    following: args.following ?? 0,
    created_at: now,
    updated_at: args.updated_at ? secondsOf(args.updated_at) : now,
    members: new Map(), // of an organization: user id → "admin" or "member"
    gone: null,
  };
  if (world.logins.has(user.login.toLowerCase()))
    throw new Error(`unable to create user '${user.login}': the login is taken`);
  world.users.set(user.id, user);
  world.logins.set(user.login.toLowerCase(), user.id);
  return { id: user.id, login: user.login };
}

const USER_FIELDS = [
  "name",
  "company",
  "blog",
  "location",
  "email",
  "hireable",
  "bio",
  "site_admin",
  "public_gists",
  "followers",
  "following",
  "type",
];

export function edit_user(world, args) {
  const user = world.user(args.user);
  for (const field of USER_FIELDS) if (field in args) user[field] = args[field];
  user.updated_at = world.now();
  return { id: user.id };
}

// The old login is free at once; GitHub redirects repositories, not users.
export function rename_user(world, args) {
  const user = world.user(args.user);
  if (world.logins.has(args.login.toLowerCase()))
    throw new Error(`unable to rename user '${user.login}': '${args.login}' is taken`);
  const owned = [...world.repositories.values()].filter(
    (one) => one.owner_id === user.id && !one.gone,
  );
  for (const repository of owned) {
    const former = world.fullName(repository).toLowerCase();
    world.names.delete(former);
    world.redirects.set(former, repository.id);
  }
  world.logins.delete(user.login.toLowerCase());
  user.login = args.login;
  world.logins.set(user.login.toLowerCase(), user.id);
  for (const repository of owned) {
    world.names.set(world.fullName(repository).toLowerCase(), repository.id);
    world.redirects.delete(world.fullName(repository).toLowerCase());
    ++repository.version;
  }
  user.updated_at = world.now();
  return { id: user.id, login: user.login };
}

// What the user wrote stays, without an author.
export function delete_user(world, args) {
  const user = world.user(args.user);
  for (const repository of world.repositories.values())
    if (repository.owner_id === user.id && !repository.gone)
      throw new Error(`unable to delete user '${user.login}': he owns repositories`);
  user.gone = { reason: "deleted", at: world.now() };
  world.logins.delete(user.login.toLowerCase());
  return { id: user.id };
}

export function add_member(world, args) {
  world.user(args.organization).members.set(world.user(args.user).id, args.role ?? "member");
  return {};
}

// Without `scopes` the token is a fine-grained one, which may do what its user may. `access` gives
// it a role by repository instead ({"o/r": "admin"}), `quota` its requests an hour.
export function token(world, args) {
  const made = {
    token: args.token,
    user_id: args.user ? world.user(args.user).id : null,
    scopes: args.scopes ?? null,
    installation_id: args.installation_id ?? null,
    access: args.access
      ? new Map(
          Object.entries(args.access).map(([name, role]) => [world.repository(name).id, role]),
        )
      : null,
    quota: args.quota ?? null,
    expires_at: args.expires_at ? secondsOf(args.expires_at) : null,
  };
  world.tokens.set(made.token, made);
  return { token: made.token };
}

export function revoke_token(world, args) {
  return { revoked: world.tokens.delete(args.token) };
}

// There is one App, whose webhook gets the events of each repository that it is installed on.
export function app(world, args) {
  world.app = {
    id: args.id ?? 1,
    slug: args.slug ?? "devy",
    hook: args.hook ?? null,
    public_key: args.public_key ?? null, // a PEM; without it any JSON Web Token is accepted
    created_at: world.now(),
    deliveries: [],
    last_response: {},
  };
  return { id: world.app.id };
}

// Without `repositories` it is installed on all of the owner. `role` says what its tokens may do.
export function install(world, args) {
  const owner = world.user(args.owner);
  const installation = {
    id: args.id ?? world.id("installation"),
    owner_id: owner.id,
    role: args.role ?? "admin",
    repository_ids: args.repositories?.map((name) => world.repository(name).id) ?? null,
    created_at: world.now(),
    quota: args.quota ?? null,
    suspended: null,
  };
  world.installations.set(installation.id, installation);
  world.emit("installation", "created", null, { installation, by: args.by ?? owner.login });
  return { id: installation.id };
}

function installationOf(world, id) {
  const installation = world.installations.get(id);
  if (!installation) throw new Error(`unable to find installation ${id}`);
  return installation;
}

const actorOf = (world, installation, args) =>
  args.by ?? world.users.get(installation.owner_id).login;

// `add` and `remove` name repositories. An installation on all repositories is on those that it had
// from then on.
export function change_installation(world, args) {
  const installation = installationOf(world, args.id);
  const ids = (names = []) => names.map((name) => world.repository(name).id);
  const [added, removed] = [ids(args.add), ids(args.remove)];
  const all = [...world.repositories.values()].filter((one) =>
    world.isInstalled(installation, one),
  );
  const kept = all.map((one) => one.id).filter((id) => !removed.includes(id));
  installation.repository_ids = [...new Set([...kept, ...added])];
  const tell = (action, repository_ids) =>
    world.emit("installation_repositories", action, null, {
      installation,
      by: actorOf(world, installation, args),
      added: action === "added" ? repository_ids : [],
      removed: action === "removed" ? repository_ids : [],
    });
  if (added.length > 0) tell("added", added);
  if (removed.length > 0) tell("removed", removed);
  return { repository_ids: installation.repository_ids };
}

export function suspend_installation(world, args) {
  const installation = installationOf(world, args.id);
  const isOn = args.on ?? true;
  const by = actorOf(world, installation, args);
  installation.suspended = isOn ? { at: world.now(), by_id: world.user(by).id } : null;
  world.emit("installation", isOn ? "suspend" : "unsuspend", null, { installation, by });
  return { id: installation.id };
}

export function uninstall(world, args) {
  const installation = installationOf(world, args.id);
  const by = actorOf(world, installation, args);
  world.emit("installation", "deleted", null, { installation, by });
  world.installations.delete(args.id);
  for (const [text, made] of world.tokens)
    if (made.installation_id === args.id) world.tokens.delete(text);
  return {};
}
