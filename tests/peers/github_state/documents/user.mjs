// Makes the documents of a user: short where it is nested, long by /users/:login.
import { timeText } from "../clock.mjs";
import { WEB } from "./common.mjs";

export const userNodeId = (user) => `U_${Buffer.from(`User${user.id}`).toString("base64url")}`;

export function shortUser(world, id) {
  const user = id === null ? null : world.users.get(id);
  if (!user || user.gone) return null;
  const url = `${world.url}/users/${user.login}`;
  return {
    login: user.login,
    id: user.id,
    node_id: userNodeId(user),
    avatar_url: `https://avatars.githubusercontent.com/u/${user.id}?v=4`,
    gravatar_id: "",
    url,
    html_url: `${WEB}/${user.login}`,
    followers_url: `${url}/followers`,
    following_url: `${url}/following{/other_user}`,
    gists_url: `${url}/gists{/gist_id}`,
    starred_url: `${url}/starred{/owner}{/repo}`,
    subscriptions_url: `${url}/subscriptions`,
    organizations_url: `${url}/orgs`,
    repos_url: `${url}/repos`,
    events_url: `${url}/events{/privacy}`,
    received_events_url: `${url}/received_events`,
    type: user.type,
    user_view_type: "public",
    site_admin: user.site_admin,
  };
}

const owned = (world, user, isPrivate) =>
  [...world.repositories.values()].filter(
    (one) => one.owner_id === user.id && !one.gone && one.private === isPrivate,
  ).length;

export function longUser(world, user) {
  return {
    ...shortUser(world, user.id),
    name: user.name,
    company: user.company,
    blog: user.blog,
    location: user.location,
    email: user.email,
    hireable: user.hireable,
    bio: user.bio,
    twitter_username: null,
    public_repos: owned(world, user, false),
    public_gists: user.public_gists,
    followers: user.followers,
    following: user.following,
    created_at: timeText(user.created_at),
    updated_at: timeText(user.updated_at),
  };
}

// GET /user says more to the user himself.
export function ownUser(world, user) {
  const count = owned(world, user, true);
  return {
    ...longUser(world, user),
    user_view_type: "private",
    private_gists: 0,
    total_private_repos: count,
    owned_private_repos: count,
    disk_usage: 0,
    collaborators: 0,
    two_factor_authentication: true,
    plan: { name: "free", space: 976562499, collaborators: 0, private_repos: 10000 },
  };
}
