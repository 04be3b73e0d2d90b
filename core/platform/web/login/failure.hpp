#pragma once
// Why a login through GitHub did not come about: a page each, and never another try by itself.
// Pure; any thread.

#include <string>
#include <string_view>

namespace devy::login {

enum class Failure {
  denied,                 // the user said no at GitHub
  redirect_uri_mismatch,  // the application at GitHub has another callback URL than web.url gives
  application_suspended,  // GitHub suspended the application
  client_refused,         // web.client_id or the secret is wrong
  code_refused,           // the code was used, is older than ten minutes, or was not for us
  refused,                // GitHub refused for another reason
  timed_out,              // GitHub said nothing within ten seconds
  unreachable,            // no connection, or no TLS
  malformed,              // the answer is none that GitHub gives
  state_unknown,          // nobody began this login here
  state_used,             // it was answered before
  state_late,             // ten minutes have passed
  state_foreign,          // another browser began it
  account_closed,         // nobody has an account of that name, and one cannot sign up
  account_taken,          // the account of that name is somebody else's
  account_unsuitable,     // no account can have that name
  account_other,          // more scopes were asked for, and another user of GitHub gave them
};

// The stable name, for metrics, logs and the audit: "redirect_uri_mismatch".
[[nodiscard]] std::string_view to_string(Failure failure);
// The page's status: 403 where it is the user's or the browser's matter, 502 where it is GitHub's
// or the configuration's.
[[nodiscard]] int http_status(Failure failure);
// Two sentences for the page: what happened, and what to do next.
struct FailureText {
  std::string_view cause, hint;
};
[[nodiscard]] FailureText explain(Failure failure);

// The failure that GitHub names in the parameter or member `error`.
[[nodiscard]] Failure failure_named(std::string_view error);

}  // namespace devy::login
