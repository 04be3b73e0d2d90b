// Makes the documents of the App and its installations.
import { timeText } from "../clock.mjs";
import { WEB } from "./common.mjs";
import { shortUser } from "./user.mjs";

const PERMISSIONS = { metadata: "read", issues: "write", pull_requests: "write" };

export function appDocument(world) {
  const { app } = world;
  const owner = shortUser(world, [...world.users.keys()][0]);
  return {
    id: app.id,
    client_id: `Iv1.${app.id}`,
    slug: app.slug,
    node_id: `A_${app.id}`,
    owner,
    name: app.slug,
    description: null,
    external_url: "https://devy.example",
    html_url: `${WEB}/apps/${app.slug}`,
    created_at: timeText(app.created_at),
    updated_at: timeText(app.created_at),
    permissions: PERMISSIONS,
    events: ["push", "issues"],
    installations_count: world.installations.size,
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
    html_url: `${WEB}/settings/installations/${installation.id}`,
    app_id: world.app?.id ?? 1,
    app_slug: world.app?.slug ?? "devy",
    permissions: PERMISSIONS,
    events: [],
    created_at: timeText(installation.created_at),
    updated_at: timeText(installation.created_at),
    single_file_name: null,
    suspended_at: timeText(installation.suspended?.at),
    suspended_by: installation.suspended ? shortUser(world, installation.suspended.by_id) : null,
  };
}
