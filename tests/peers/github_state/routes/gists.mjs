// Answers for gists, and for the raw contents of their files, which another host has at GitHub.
import * as acts from "../acts/gists.mjs";
import { listedGist, wholeGist } from "../documents/gist.mjs";
import { numbered, sinceFilter, sinceOf } from "../paging.mjs";
import { notFound, Refusal } from "../refusal.mjs";

function doPageActs(world, page) {
  const due = world.gist_page_acts.filter((one) => one.page === page);
  world.gist_page_acts = world.gist_page_acts.filter((one) => one.page !== page);
  for (const act of due.flatMap((one) => one.acts)) acts[act.do](world, act);
}

function gistsOf(context) {
  const { world, params, query } = context;
  const user = world.users.get(world.logins.get(params.login.toLowerCase()));
  if (!user || user.gone) throw notFound();
  doPageActs(world, Number(query.get("page") ?? 1));
  const shown = [...world.gists.values()]
    .filter((one) => one.owner_id === user.id && one.public)
    .sort((a, b) => b.created_at - a.created_at || b.number - a.number);
  const since = sinceOf(query);
  const { items, link } = numbered(context, sinceFilter(world, shown, since, "updated_at"));
  return { document: items.map((one) => listedGist(world, one)), link };
}

function gist({ world, params }) {
  const found = world.gists.get(params.gist);
  if (!found) throw notFound();
  if (found.status !== null) throw new Refusal(found.status, "Repository access blocked");
  return { document: wholeGist(world, found), changed_at: found.updated_at };
}

function raw({ world, params }) {
  const found = world.gists.get(params.gist);
  const file = found?.files.get(params.name);
  if (!file || file.blob !== params.blob) throw notFound();
  return { bytes: file.bytes };
}

export const gistRoutes = [
  ["GET", "users/:login/gists", gistsOf],
  ["GET", "gists/:gist", gist],
  ["GET", "gist_raw/:login/:gist/raw/:blob/:name", raw],
];
