// Answers the App itself: about its installations, their hourly tokens, and deliveries to its hook.
import { randomBytes } from "node:crypto";

import { timeText } from "../clock.mjs";
import { deliveryDocument, deliveryItem } from "../documents/hook.mjs";
import { appDocument, installationDocument } from "../documents/app.mjs";
import { numbered } from "../paging.mjs";
import { notFound, Refusal, unprocessable } from "../refusal.mjs";
import { newestFirst } from "./hooks.mjs";

const TOKEN_SECONDS = 3600;

// Whoever else asks is told that he is not the App.
function own(handler) {
  return (context) => {
    if (!context.caller.isApp)
      throw new Refusal(401, "A JSON web token could not be decoded", {
        documentation: "https://docs.github.com/rest",
      });
    return handler(context);
  };
}

function installationOf({ world, params }) {
  const installation = world.installations.get(Number(params.id));
  if (!installation) throw notFound();
  return installation;
}

// The App must be installed on the repositories that are named; without names the token is for all.
function accessOf(world, installation, { repositories = [], repository_ids = [] }) {
  const owner = world.users.get(installation.owner_id).login;
  const named = repositories.map((name) => world.names.get(`${owner}/${name}`.toLowerCase()));
  const ids = [...repository_ids, ...named];
  const isInstalled = (id) =>
    world.repositories.has(id) && world.isInstalled(installation, world.repositories.get(id));
  if (!ids.every(isInstalled)) throw unprocessable("Installation", "repository_ids");
  return ids.length === 0 ? null : new Map(ids.map((id) => [id, installation.role]));
}

function createToken(context) {
  const { world, body } = context;
  const installation = installationOf(context);
  const access = accessOf(world, installation, body);
  const token = `ghs_${randomBytes(18).toString("hex")}`;
  const expires_at = world.now() + TOKEN_SECONDS;
  const made = { token, user_id: null, scopes: null, quota: null, access, expires_at };
  world.tokens.set(token, { ...made, installation_id: installation.id });
  const document = {
    token,
    expires_at: timeText(expires_at),
    permissions: body.permissions ?? { metadata: "read", issues: "write", pull_requests: "write" },
    repository_selection: installation.repository_ids || access ? "selected" : "all",
  };
  return { status: 201, document };
}

const app = ({ world }) => ({ document: appDocument(world) });

function installations(context) {
  const { items, link } = numbered(context, [...context.world.installations.values()]);
  return { document: items.map((one) => installationDocument(context.world, one)), link };
}

function installationOfRepository({ world, repository }) {
  const found = world.installationOf(repository);
  if (!found) throw notFound();
  return { document: installationDocument(world, found) };
}

const deliveries = (context) => newestFirst(context, context.world.app.deliveries);

function deliveryOf({ world, params }) {
  const delivery = world.app.deliveries.find((one) => one.id === Number(params.delivery));
  if (!delivery) throw notFound();
  return delivery;
}

const delivery = (context) => ({ document: deliveryDocument(deliveryOf(context)) });

function attempt(context) {
  context.world.redeliver(context.world.app, deliveryOf(context));
  return { status: 202, document: {} };
}

const owned = (routes) => routes.map(([method, path, handler]) => [method, path, own(handler)]);

export const appRoutes = owned([
  ["GET", "app", app],
  ["GET", "app/installations", installations],
  ["POST", "app/installations/:id/access_tokens", createToken],
  ["GET", "app/hook/deliveries", deliveries],
  ["GET", "app/hook/deliveries/:delivery", delivery],
  ["POST", "app/hook/deliveries/:delivery/attempts", attempt],
]);

export const installationRoutes = owned([["GET", "installation", installationOfRepository]]);
