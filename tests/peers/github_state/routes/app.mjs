// The App's own: its installations and their hourly tokens. Any bearer passes for the App's.
import { randomBytes } from "node:crypto";

import { timeText } from "../clock.mjs";
import { shortUser } from "../documents/user.mjs";
import { notFound } from "../refusal.mjs";

const TOKEN_SECONDS = 3600;

function createToken(context) {
  const { world, params, body } = context;
  const installation = world.installations.get(Number(params.id));
  if (!world.app || !installation) throw notFound();
  const text = `ghs_${randomBytes(18).toString("hex")}`;
  const ids = body?.repository_ids;
  const access = ids ? new Map(ids.map((id) => [id, installation.role])) : null;
  const expires_at = world.now() + TOKEN_SECONDS;
  world.tokens.set(text, {
    token: text,
    user_id: null,
    scopes: null,
    installation_id: installation.id,
    access,
    quota: null,
    expires_at,
  });
  return {
    status: 201,
    document: {
      token: text,
      expires_at: timeText(expires_at),
      permissions: { metadata: "read", issues: "write", pull_requests: "write", contents: "read" },
      repository_selection: installation.repository_ids || ids ? "selected" : "all",
    },
  };
}

export function installationDocument(world, installation) {
  const owner = shortUser(world, installation.owner_id);
  return {
    id: installation.id,
    account: owner,
    target_id: owner.id,
    target_type: owner.type,
    repository_selection: installation.repository_ids ? "selected" : "all",
    access_tokens_url: `${world.url}/app/installations/${installation.id}/access_tokens`,
    repositories_url: `${world.url}/installation/repositories`,
    html_url: `https://github.com/settings/installations/${installation.id}`,
    app_id: world.app?.id ?? 1,
    app_slug: world.app?.slug ?? "devy",
    permissions: { metadata: "read", issues: "write", pull_requests: "write" },
    events: [],
    created_at: timeText(installation.created_at),
    updated_at: timeText(installation.created_at),
    single_file_name: null,
    suspended_at: null,
    suspended_by: null,
  };
}

export const appRoutes = [["POST", "app/installations/:id/access_tokens", createToken]];
