// Finds the route of a method and path; it answers {status, document, changed_at, link}.
import { reaches, roleOf } from "../access.mjs";
import { moved, notFound, Refusal } from "../refusal.mjs";
import { appRoutes, installationRoutes } from "./app.mjs";
import { commentRoutes } from "./comments.mjs";
import { gistRoutes } from "./gists.mjs";
import { hookRoutes } from "./hooks.mjs";
import { issueRoutes } from "./issues.mjs";
import { namesRoutes } from "./names.mjs";
import { pullRoutes } from "./pulls.mjs";
import { repositoryRoutes, userRoutes } from "./repository.mjs";

const split = (path) => path.split("/").filter((part) => part !== "");

const below = (routes) =>
  routes.map(([method, path, handler]) => ({ method, parts: split(path), handler }));

const REPOSITORY = below([
  ...repositoryRoutes,
  ...namesRoutes,
  ...issueRoutes,
  ...commentRoutes,
  ...pullRoutes,
  ...hookRoutes,
  ...installationRoutes,
]);
const GLOBAL = below([...userRoutes, ...gistRoutes, ...appRoutes]);

// A route with a fixed word wins over one with a name at that place.
function match(routes, method, parts) {
  let best = null;
  for (const route of routes) {
    if (route.method !== method || route.parts.length !== parts.length) continue;
    const params = {};
    const fits = route.parts.every((part, index) => {
      if (!part.startsWith(":")) return part === parts[index];
      params[part.slice(1)] = decodeURIComponent(parts[index]);
      return true;
    });
    if (!fits) continue;
    if (!best || Object.keys(params).length < Object.keys(best.params).length)
      best = { ...route, params };
  }
  if (!best) throw notFound();
  return best;
}

// Finds the repository of a path and the rest of the path. A former name redirects whoever may see
// the repository.
function resolve(request, parts) {
  const { world, caller, method } = request;
  const isById = parts[0] === "repositories";
  const rest = parts.slice(isById ? 2 : 3);
  const name = isById ? null : `${parts[1]}/${parts[2]}`.toLowerCase();
  const id = isById ? Number(parts[1]) : world.names.get(decodeURIComponent(name));
  const formerId = id === undefined ? world.redirects.get(decodeURIComponent(name)) : undefined;
  const repository = world.repositories.get(id ?? formerId);
  const role = repository ? roleOf(world, caller, repository) : null;
  if (role === null) throw notFound();
  if (formerId !== undefined) {
    const query = String(request.query);
    throw moved(
      `${world.url}/${["repositories", formerId, ...rest].join("/")}${query && `?${query}`}`,
      method === "GET" ? 301 : 307,
    );
  }
  return { repository, role, rest };
}

function repositoryContext(request, { repository, role, rest }) {
  return {
    ...request,
    repository,
    role,
    canonical: `/${["repositories", repository.id, ...rest].join("/")}`,
    need(least) {
      if (!request.caller.token) throw new Refusal(401, "Requires authentication");
      if (!reaches(role, least)) throw new Refusal(403, "Must have admin rights to Repository.");
      if (repository.archived && request.method !== "GET")
        throw new Refusal(403, "Repository was archived so is read-only.");
    },
    args: (more) => ({ ...more, repository: repository.id, by: request.caller.user?.login }),
  };
}

export function route(request) {
  const parts = split(request.path);
  const isBelow =
    (parts[0] === "repos" && parts.length >= 3) ||
    (parts[0] === "repositories" && parts.length >= 2);
  if (!isBelow) {
    const found = match(GLOBAL, request.method, parts);
    return found.handler({ ...request, canonical: request.path, params: found.params });
  }
  const resolved = resolve(request, parts);
  // The App itself reads nothing of a repository; the tokens of its installations do.
  if (request.caller.isApp && resolved.rest[0] !== "installation")
    throw new Refusal(401, "Requires authentication");
  const found = match(REPOSITORY, request.method, resolved.rest);
  return found.handler({ ...repositoryContext(request, resolved), params: found.params });
}
