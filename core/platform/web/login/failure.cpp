#include "core/platform/web/login/failure.hpp"

#include <algorithm>
#include <array>
#include <exception>

namespace devy::login {
namespace {

struct FailureRow {
  Failure failure;
  std::string_view name;
  int status;
  FailureText text;
};

constexpr std::string_view try_again = "Begin again with the login page.";
constexpr std::string_view tell_operator = "Tell the operator of this site.";

constexpr std::array<FailureRow, 17> failures{{
    {Failure::denied, "denied", 403, {"You said no at GitHub.", try_again}},
    {Failure::redirect_uri_mismatch,
     "redirect_uri_mismatch",
     502,
     {"The application at GitHub has another callback URL than this site.",
      "The operator sets it there to web.url with /login/authorized behind it."}},
    {Failure::application_suspended,
     "application_suspended",
     502,
     {"GitHub suspended the application of this site.", tell_operator}},
    {Failure::client_refused,
     "client_refused",
     502,
     {"GitHub does not know this site: its client id or secret is wrong.", tell_operator}},
    {Failure::code_refused,
     "code_refused",
     403,
     {"GitHub takes this login's code no more.", try_again}},
    {Failure::refused, "refused", 502, {"GitHub refused the login.", try_again}},
    {Failure::timed_out,
     "timed_out",
     502,
     {"GitHub did not answer within ten seconds.",
      "Try again in a minute; www.githubstatus.com tells of its troubles."}},
    {Failure::unreachable,
     "unreachable",
     502,
     {"GitHub cannot be reached.",
      "Try again in a minute; www.githubstatus.com tells of its troubles."}},
    {Failure::malformed,
     "malformed",
     502,
     {"GitHub's answer cannot be understood.", "Try again in a minute."}},
    {Failure::state_unknown, "state_unknown", 403, {"Nobody began this login here.", try_again}},
    {Failure::state_used, "state_used", 403, {"This login was used before.", try_again}},
    {Failure::state_late,
     "state_late",
     403,
     {"This login took longer than ten minutes.", try_again}},
    {Failure::state_foreign,
     "state_foreign",
     403,
     {"Another browser began this login.", "Begin again in this browser; it has to keep cookies."}},
    {Failure::account_closed,
     "account_closed",
     403,
     {"There is no account of that name here.", "The operator adds accounts."}},
    {Failure::account_taken,
     "account_taken",
     403,
     {"The account of that name belongs to somebody who had the name at GitHub before.",
      tell_operator}},
    {Failure::account_unsuitable,
     "account_unsuitable",
     403,
     {"Your name at GitHub cannot be that of an account here.", tell_operator}},
    {Failure::account_other,
     "account_other",
     403,
     {"You are logged in at GitHub as somebody else.",
      "Log in there as the user that you are here, and begin again."}},
}};

const FailureRow& row_of(Failure failure) {
  for (const auto& candidate : failures)
    if (candidate.failure == failure) return candidate;
  std::terminate();
}

}  // namespace

std::string_view to_string(Failure failure) {
  return row_of(failure).name;
}

int http_status(Failure failure) {
  return row_of(failure).status;
}

FailureText explain(Failure failure) {
  return row_of(failure).text;
}

Failure failure_named(std::string_view error) {
  if (error == "access_denied") return Failure::denied;
  if (error == "redirect_uri_mismatch") return Failure::redirect_uri_mismatch;
  if (error == "application_suspended") return Failure::application_suspended;
  if (error == "incorrect_client_credentials") return Failure::client_refused;
  if (error == "bad_verification_code") return Failure::code_refused;
  if (error == "bad_refresh_token") return Failure::code_refused;
  return Failure::refused;
}

}  // namespace devy::login
