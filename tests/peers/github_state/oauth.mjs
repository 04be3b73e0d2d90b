// GitHub's login for applications: a browser is sent to /login/oauth/authorize, comes back with a
// code, and the application exchanges that at /login/oauth/access_token. It checks what GitHub
// checks: the client's secret, the callback URL, PKCE, the code's age and that it is used once. Its
// refusals at the exchange come with status 200, as GitHub's do.
import { createHash, randomBytes } from "node:crypto";

import { token } from "./acts/users.mjs";
import { notFound } from "./refusal.mjs";

const CODE_LIFE = 600; // seconds

const digest = (verifier) => createHash("sha256").update(verifier).digest("base64url");

export class Oauth {
  constructor(world) {
    this.world = world;
    this.apps = new Map(); // client_id → {client_id, client_secret, redirect_uri, …}
    this.browser = { user: null, answer: "grant" }; // who is logged in at GitHub, and what he says
    this.codes = new Map(); // code → {client_id, user_id, …}
  }

  // The act oauth_app. `kind` "app" is a GitHub App: its tokens have no scopes, and may expire.
  add({ client_id, client_secret, redirect_uri, kind = "oauth", suspended = false }) {
    this.apps.set(client_id, { client_id, client_secret, redirect_uri, kind, suspended });
    return { client_id };
  }

  // The act oauth_browser: `answer` is "grant", "deny", or "grant_less", which takes the last scope
  // away.
  login({ user, answer = "grant" }) {
    this.browser = { user: this.world.user(user).id, answer };
    return {};
  }

  static owns(path) {
    return path === "/login/oauth/authorize" || path === "/login/oauth/access_token";
  }

  // Returns {status, headers, body}.
  answer(method, path, query, text, headers) {
    if (method === "GET" && path.endsWith("/authorize")) return this.#authorize(query);
    if (method === "POST" && path.endsWith("/access_token")) {
      const document = this.#exchange(new URLSearchParams(text));
      const isJson = headers.accept?.includes("application/json");
      return {
        status: 200,
        headers: {
          "Content-Type": isJson
            ? "application/json; charset=utf-8"
            : "application/x-www-form-urlencoded",
        },
        body: isJson ? JSON.stringify(document) : String(new URLSearchParams(document)),
      };
    }
    throw notFound();
  }

  #authorize(query) {
    const app = this.apps.get(query.get("client_id"));
    if (!app) throw notFound();
    const wanted = query.get("redirect_uri") ?? app.redirect_uri;
    const back = (members, target = wanted) => {
      const url = new URL(target);
      if (query.has("state")) members.state = query.get("state");
      for (const [name, value] of Object.entries(members)) url.searchParams.set(name, value);
      return { status: 302, headers: { Location: String(url) }, body: "" };
    };
    const refuse = (error, target) =>
      back({ error, error_description: "Refused on purpose", error_uri: "https://docs" }, target);
    if (wanted !== app.redirect_uri) return refuse("redirect_uri_mismatch", app.redirect_uri);
    if (app.suspended) return refuse("application_suspended");
    if (this.browser.answer === "deny") return refuse("access_denied");
    const code = randomBytes(10).toString("hex");
    let scopes = (query.get("scope") ?? "").split(/[ ,]+/).filter(Boolean);
    if (this.browser.answer === "grant_less") scopes = scopes.slice(0, -1);
    this.codes.set(code, {
      client_id: app.client_id,
      user_id: this.browser.user,
      redirect_uri: wanted,
      challenge: query.get("code_challenge"),
      method: query.get("code_challenge_method"),
      scopes,
      made_at: this.world.now(),
    });
    return back({ code });
  }

  #exchange(form) {
    const error = (name) => ({
      error: name,
      error_description: "Refused on purpose",
      error_uri: "https://docs",
    });
    const app = this.apps.get(form.get("client_id"));
    if (!app || app.client_secret !== form.get("client_secret"))
      return error("incorrect_client_credentials");
    const code = this.codes.get(form.get("code"));
    if (!code || code.client_id !== app.client_id) return error("bad_verification_code");
    if (code.redirect_uri !== form.get("redirect_uri")) return error("redirect_uri_mismatch");
    // Whoever has the code and not the verifier uses it up.
    this.codes.delete(form.get("code"));
    if (code.made_at + CODE_LIFE <= this.world.now()) return error("bad_verification_code");
    const verifier = form.get("code_verifier") ?? "";
    const isProved = code.method === "S256" && code.challenge === digest(verifier);
    if (code.challenge !== null && !isProved) return error("bad_verification_code");
    return this.#token(app, code);
  }

  #token(app, code) {
    const isApp = app.kind === "app";
    const value = `${isApp ? "ghu_" : "gho_"}${randomBytes(18).toString("hex")}`;
    const user = this.world.users.get(code.user_id);
    token(this.world, { token: value, user: user.login, scopes: isApp ? null : code.scopes });
    const scope = isApp ? "" : code.scopes.join(",");
    const made = { access_token: value, token_type: "bearer", scope };
    if (!isApp) return made;
    const hours = 3600;
    return {
      ...made,
      expires_in: 8 * hours,
      refresh_token: "ghr_1",
      refresh_token_expires_in: 184 * 24 * hours,
    };
  }
}
