#include "core/mirror/scan/api.hpp"

#include <utility>

#include "core/platform/base/asked_to_wait.hpp"
#include "core/platform/github/api_budget.hpp"

namespace devy::scan {
namespace {

using base::Error;
using base::ErrorKind;

constexpr double load_share_of_reserve = 0.2;

}  // namespace

Api::Api(const config::Config& config, github::Access& access, github::Repository& repository,
         Urgency urgency)
    : config_(config), access_(access), repository_(repository), urgency_(urgency) {}

void Api::act_as(std::int64_t github_id, base::Secret token) {
  actor_ = github_id;
  actor_token_ = std::move(token);
}

std::string Api::share() const {
  if (actor_) return "user/" + std::to_string(*actor_);
  return github::share_of(access_, repository_);
}

const base::Secret* Api::bearer() {
  if (actor_) return &actor_token_;
  if (!access_.is_app()) return access_.is_for(repository_.name) ? &access_.token() : nullptr;
  try {
    return access_.asking_bearer(repository_);
  } catch (const Error& error) {
    // The App is not installed there: public repositories can be asked about without it.
    if (error.kind() != ErrorKind::not_found) throw;
    return nullptr;
  }
}

mirror::PageName Api::name_page(const std::string& address) {
  const auto* token = bearer();
  mirror::PageName name{share(), std::nullopt, address};
  if (token != nullptr) name.token = base::sha256(token->reveal());
  return name;
}

github::Answer Api::get(pg::Connection& connection, const std::string& address,
                        const mirror::Validator* known) {
  github::Call call;
  call.path = address;
  call.answer_bytes_max = page_bytes_max;
  if (known != nullptr) {
    call.etag = known->etag;
    call.last_modified = known->last_modified;
  }
  return send(connection, std::move(call));
}

github::Answer Api::act(pg::Connection& connection, std::string_view method,
                        const std::string& address, std::string body) {
  github::Call call;
  call.method = method;
  call.path = address;
  call.body = std::move(body);
  return send(connection, std::move(call));
}

github::Answer Api::send(pg::Connection& connection, github::Call call) {
  const auto reserve = config_.mirror.reserve_percent / 100.0 *
                       (urgency_ == Urgency::load ? load_share_of_reserve : 1.0);
  const auto pause = github::budget_pause(connection, share(), reserve);
  if (pause.count() > 0)
    throw base::AskedToWait(
        Error(ErrorKind::busy,
              "unable to ask GitHub now: the rest of this hour's requests is kept for others",
              "It goes on by itself; mirror.reserve_percent says how much is kept.",
              "rate_limited"),
        std::chrono::ceil<std::chrono::seconds>(pause));
  call.bearer = bearer();
  call.purpose = urgency_ == Urgency::load ? "mirror_load" : "mirror_scan";
  ++requests_;
  auto answer = access_.client().send(call);
  if (answer.budget) github::note_budget(connection, share(), *answer.budget);
  return answer;
}

records::Origin origin_of(const github::Answer& answer, std::int64_t repository_id) {
  records::Origin origin;
  origin.via = records::Via::api;
  origin.fetched_at = answer.sent_at;
  origin.github_at = answer.date;
  origin.repository_id = repository_id;
  return origin;
}

}  // namespace devy::scan
