#include "core/gists/scanning/api.hpp"

#include "core/platform/base/asked_to_wait.hpp"
#include "core/platform/base/process_counts.hpp"
#include "core/platform/github/api_budget.hpp"

namespace devy::scanning {
namespace {

constexpr double reserve = 0.2;  // of the hour's requests, which scans of gists leave to others
// A hundred gists with three hundred files each are 10 MB.
constexpr std::uint64_t answer_bytes_max = std::uint64_t{32} * 1024 * 1024;

}  // namespace

Api::Api(const config::Config& config, github::Access& access) : config_(config), access_(access) {}

const base::Secret* Api::bearer() const {
  const bool has_token = !access_.is_app() && !config_.github.token_file.empty();
  return has_token ? &access_.token() : nullptr;
}

std::string Api::share() const {
  return bearer() != nullptr ? "token" : "none";
}

void Api::require_budget(pg::Connection& connection) const {
  const auto pause = github::budget_pause(connection, share(), reserve);
  if (pause.count() == 0) return;
  throw base::AskedToWait(
      base::Error(base::ErrorKind::busy,
                  "unable to scan gists now: the rest of this hour's requests is kept for others",
                  "It goes on by itself; with github.token_file there are more requests an hour.",
                  "rate_limited"),
      std::chrono::ceil<std::chrono::seconds>(pause));
}

github::Answer Api::get(pg::Connection& connection, const std::string& address,
                        const std::string& etag) {
  github::Call call;
  call.path = address;
  call.etag = etag;
  call.bearer = bearer();
  call.answer_bytes_max = answer_bytes_max;
  call.purpose = "gist_scan";
  auto answer = access_.client().send(call);
  if (answer.budget) github::note_budget(connection, share(), *answer.budget);
  return answer;
}

}  // namespace devy::scanning
