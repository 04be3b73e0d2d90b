// Answers for a repository itself, for rights in it, for lists of repositories, and for users.
import { reaches, roleOf, roleOfUser } from "../access.mjs";
import {
  archive_repository,
  edit_repository,
  privatise_repository,
  publicise_repository,
  rename_repository,
  delete_repository,
} from "../acts/repositories.mjs";
import { fullRepository, listedRepository, permissionsOf } from "../documents/repository.mjs";
import { longUser, ownUser, shortUser } from "../documents/user.mjs";
import { numbered } from "../paging.mjs";
import { notFound, Refusal } from "../refusal.mjs";

export function full(context) {
  const { world, repository, caller, role } = context;
  const document = fullRepository(world, repository, caller.token ? role : null);
  return { document, changed_at: repository.updated_at };
}

function patch(context) {
  const { world, repository, body, caller } = context;
  context.need("admin");
  const args = { ...body, repository: repository.id, by: caller.user?.login };
  if ("archived" in body) archive_repository(world, { ...args, on: body.archived });
  if ("private" in body && body.private !== repository.private)
    (body.private ? privatise_repository : publicise_repository)(world, args);
  if (body.name && body.name !== repository.name) rename_repository(world, args);
  edit_repository(world, args);
  return full(context);
}

function remove(context) {
  context.need("admin");
  delete_repository(context.world, {
    repository: context.repository.id,
    by: context.caller.user?.login,
  });
  return { status: 204 };
}

const LEGACY = { admin: "admin", maintain: "write", write: "write", triage: "read", read: "read" };

function permission(context) {
  const { world, repository, role, params, caller } = context;
  if (!caller.token) throw new Refusal(401, "Requires authentication");
  if (!reaches(role, "write"))
    throw new Refusal(403, "Must have push access to view collaborator permission.");
  const user = world.users.get(world.logins.get(params.login.toLowerCase()));
  if (!user) throw notFound();
  const own = roleOfUser(world, user, repository);
  return {
    document: {
      permission: own === null ? "none" : LEGACY[own],
      user: {
        ...shortUser(world, user.id),
        permissions: permissionsOf(own),
        role_name: own ?? "none",
      },
      role_name: own ?? "none",
    },
  };
}

function userOf({ world, params }) {
  const id =
    params.id !== undefined ? Number(params.id) : world.logins.get(params.login.toLowerCase());
  const user = world.users.get(id);
  if (!user || user.gone) throw notFound();
  return user;
}

function user(context) {
  const found = userOf(context);
  return { document: longUser(context.world, found), changed_at: found.updated_at };
}

function myself({ world, caller }) {
  if (!caller.user)
    throw new Refusal(
      caller.token ? 403 : 401,
      caller.token ? "Resource not accessible by integration" : "Requires authentication",
    );
  return { document: ownUser(world, caller.user), changed_at: caller.user.updated_at };
}

const SORTS = { created: "created_at", updated: "updated_at", pushed: "pushed_at" };

function ordered(context, list) {
  const { query, world } = context;
  const sort = query.get("sort") ?? "full_name";
  const ascending = (query.get("direction") ?? (sort === "full_name" ? "asc" : "desc")) === "asc";
  const column = SORTS[sort];
  const name = (one) => world.fullName(one).toLowerCase();
  const compare = column
    ? (a, b) => a[column] - b[column] || a.id - b.id
    : (a, b) => (name(a) < name(b) ? -1 : 1);
  const found = [...list].sort(compare);
  return ascending ? found : found.reverse();
}

function repositoriesPage(context, list) {
  const { world, caller } = context;
  const { items, link } = numbered(context, ordered(context, list));
  const document = items.map((one) =>
    listedRepository(world, one, caller.token ? roleOf(world, caller, one) : null),
  );
  return { document, link };
}

const visible = ({ world, caller }) =>
  [...world.repositories.values()].filter((one) => roleOf(world, caller, one) !== null);

function repositoriesOf(context) {
  const owner = userOf(context);
  const type = context.query.get("type") ?? "owner";
  const isHis = (one) => type !== "member" && one.owner_id === owner.id;
  const isMember = (one) => type !== "owner" && one.collaborators.has(owner.id);
  return repositoriesPage(
    context,
    visible(context).filter((one) => !one.private && (isHis(one) || isMember(one))),
  );
}

function myRepositories(context) {
  const { world, caller, query } = context;
  if (!caller.user) throw new Refusal(401, "Requires authentication");
  const isPublic = query.get("visibility") ?? query.get("type");
  const affiliations = (query.get("affiliation") ?? "owner,collaborator,organization_member").split(
    ",",
  );
  const relation = (one) => {
    if (one.owner_id === caller.user.id) return "owner";
    if (one.collaborators.has(caller.user.id)) return "collaborator";
    return world.users.get(one.owner_id).members.has(caller.user.id) ? "organization_member" : null;
  };
  const fits = (one) =>
    affiliations.includes(relation(one)) &&
    !(isPublic === "public" && one.private) &&
    !(isPublic === "private" && !one.private) &&
    !(query.get("type") === "owner" && one.owner_id !== caller.user.id);
  return repositoriesPage(context, visible(context).filter(fits));
}

export const repositoryRoutes = [
  ["GET", "", full],
  ["PATCH", "", patch],
  ["DELETE", "", remove],
  ["GET", "collaborators/:login/permission", permission],
];

export const userRoutes = [
  ["GET", "user", myself],
  ["GET", "user/repos", myRepositories],
  ["GET", "user/:id", user],
  ["GET", "users/:login", user],
  ["GET", "users/:login/repos", repositoriesOf],
];
