// Tests change the stand-in by POST /_control. An act is {"do": name, …}; README.md lists them.
import * as comments from "./acts/comments.mjs";
import * as gists from "./acts/gists.mjs";
import * as hooks from "./acts/hooks.mjs";
import * as issues from "./acts/issues.mjs";
import * as names from "./acts/names.mjs";
import * as pulls from "./acts/pulls.mjs";
import * as repositories from "./acts/repositories.mjs";
import * as users from "./acts/users.mjs";
import { callerOf } from "./access.mjs";
import { timeText } from "./clock.mjs";
import { fill } from "./fill.mjs";
import { random } from "./random.mjs";

const onWorld = (modules) => Object.assign({}, ...modules.map((module) => ({ ...module })));

const ACTS = onWorld([
  users,
  repositories,
  names,
  issues,
  comments,
  pulls,
  hooks,
  gists,
  { fill, random },
]);
// These functions are exported for other modules and are not acts.
for (const name of [
  "add_issue",
  "association",
  "touch",
  "announce",
  "make_pull",
  "make_file",
  "sha",
  "live_hook",
  "blobOf",
])
  delete ACTS[name];

function clock({ world }, args) {
  if (args.real) world.clock.real();
  if (args.set) world.clock.set(args.set);
  if (args.advance) world.clock.advance(args.advance);
  if (args.run) world.clock.run();
  return { now: timeText(world.now()) };
}

function switches({ world }, { do: _, ...wanted }) {
  for (const name of Object.keys(wanted))
    if (!(name in world.switches)) throw new Error(`unable to set switch '${name}': there is none`);
  return Object.assign(world.switches, wanted);
}

// Takes {token, limit, remaining, reset_in}; without a token it sets the anonymous budget.
function limit({ world, limits }, args) {
  const caller = callerOf(world, args.token ? { authorization: `Bearer ${args.token}` } : {});
  return limits.set(caller, args);
}

function secondary({ limits }, { do: _, ...wanted }) {
  return Object.assign(limits.secondary, wanted);
}

const OF_STANDIN = {
  clock,
  switches,
  limit,
  secondary,
  oauth_app: ({ oauth }, args) => oauth.add(args),
  oauth_browser: ({ oauth }, args) => oauth.login(args),
  faults: ({ faults }, args) => faults.set(args),
  webhooks: ({ webhooks }, { do: _, ...mode }) => webhooks.set(mode),
  release: ({ webhooks }, args) => webhooks.release(args.count),
  drain: ({ webhooks }, args) => webhooks.drained(args.timeout_ms),
  base_url: ({ world }, args) => ({ url: (world.url = args.url) }),
  reset_faults({ faults, webhooks }) {
    faults.reset();
    webhooks.reset();
    return {};
  },
};

export async function control(standin, acts) {
  const results = [];
  for (const act of Array.isArray(acts) ? acts : [acts]) {
    try {
      if (act.do in OF_STANDIN) results.push(await OF_STANDIN[act.do](standin, act));
      else if (act.do in ACTS) results.push(ACTS[act.do](standin.world, act));
      else throw new Error(`unable to do '${act.do}': there is no such act`);
    } catch (error) {
      error.message = `act ${results.length} (${act.do}): ${error.message}`;
      throw error;
    }
  }
  return Array.isArray(acts) ? results : results[0];
}
