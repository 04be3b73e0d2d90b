// This module says who sent a request, and what he may do with a repository.
import { createVerify } from "node:crypto";

import { ROLES } from "./documents/repository.mjs";
import { Refusal } from "./refusal.mjs";

const PER_HOUR = { anonymous: 60, user: 5000, installation: 5000 };

// The App signs in with a JSON Web Token of its own.
function isApp(world, value) {
  const [header, claims, signature, ...rest] = value?.split(".") ?? [];
  if (!world.app || !signature || rest.length > 0) return false;
  if (world.app.public_key === null) return true;
  const { exp, iss } = JSON.parse(Buffer.from(claims, "base64url"));
  const verify = createVerify("RSA-SHA256").update(`${header}.${claims}`);
  const isSigned = verify.verify(world.app.public_key, signature, "base64url");
  return isSigned && exp > world.now() && String(iss) === String(world.app.id);
}

// Returns {name, key, token, user, quota}: the log shows the name, and budgets are kept by key.
export function callerOf(world, headers) {
  const text = headers.authorization;
  if (!text)
    return { name: "anonymous", key: "", token: null, user: null, quota: PER_HOUR.anonymous };
  const [scheme, value] = text.split(" ");
  if (isApp(world, value))
    return { name: "app", key: "app", token: null, user: null, isApp: true, quota: PER_HOUR.user };
  const token = /^(bearer|token)$/i.test(scheme) ? world.tokens.get(value) : undefined;
  const isExpired = token && token.expires_at !== null && token.expires_at <= world.now();
  if (!token || isExpired) throw new Refusal(401, "Bad credentials");
  if (token.installation_id !== null) {
    const installation = world.installations.get(token.installation_id);
    if (!installation) throw new Refusal(401, "Bad credentials");
    if (installation.suspended) throw new Refusal(403, "This installation has been suspended");
    const quota = token.quota ?? installation.quota ?? PER_HOUR.installation;
    return {
      name: value,
      key: `installation ${installation.id}`,
      token,
      user: null,
      installation,
      quota,
    };
  }
  const user = world.users.get(token.user_id);
  if (!user || user.gone) throw new Refusal(401, "Bad credentials");
  return { name: value, key: `user ${user.id}`, token, user, quota: token.quota ?? PER_HOUR.user };
}

export function roleOfUser(world, user, repository) {
  const owner = world.users.get(repository.owner_id);
  if (owner.id === user.id) return "admin";
  const isOwner = owner.members.get(user.id) === "admin";
  if (isOwner) return "admin";
  const own = repository.collaborators.get(user.id) ?? (owner.members.has(user.id) ? "read" : null);
  return own ?? (repository.private ? null : "read");
}

function roleOfInstallation(world, installation, repository) {
  if (world.isInstalled(installation, repository)) return installation.role;
  return repository.private ? null : "read";
}

// Returns null when this caller must not learn that the repository exists.
export function roleOf(world, caller, repository) {
  if (repository.gone) return null;
  const outsider = repository.private ? null : "read";
  if (caller.isApp) return world.installationOf(repository) ? "read" : outsider;
  if (caller.token?.access) return caller.token.access.get(repository.id) ?? outsider;
  if (caller.installation) return roleOfInstallation(world, caller.installation, repository);
  if (!caller.user) return outsider;
  const { scopes } = caller.token;
  if (scopes && !scopes.includes("repo")) {
    // Without that scope the token reads only public repositories; "public_repo" may write to them.
    if (repository.private) return null;
    if (!scopes.includes("public_repo")) return hookRole(world, caller, repository, scopes);
  }
  return roleOfUser(world, caller.user, repository);
}

function hookRole(world, caller, repository, scopes) {
  const mayHook = scopes.some((scope) => scope.endsWith(":repo_hook"));
  return mayHook ? roleOfUser(world, caller.user, repository) : "read";
}

export const reaches = (role, least) =>
  role !== null && ROLES.indexOf(role) >= ROLES.indexOf(least);
