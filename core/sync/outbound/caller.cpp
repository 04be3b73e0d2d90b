#include "core/sync/outbound/caller.hpp"

#include <charconv>

#include "core/platform/base/error.hpp"
#include "core/platform/base/pause.hpp"
#include "core/platform/github/limit.hpp"

namespace devy::outbound {
namespace {

constexpr std::size_t notes_max = 20;  // as sync_operation keeps them

std::string without_query(const std::string& address) {
  return address.substr(0, address.find('?'));
}

}  // namespace

int status_of(const base::Error& error) {
  if (dynamic_cast<const github::LimitReached*>(&error) != nullptr) return 429;
  constexpr std::string_view word = "status ";
  const auto at = error.text().find(word);
  if (at == std::string::npos) return 0;
  int status = 0;
  const auto* begin = error.text().data() + at + word.size();
  std::from_chars(begin, error.text().data() + error.text().size(), status);
  return status;
}

template <class Send>
github::Answer Caller::noted(std::string_view method, const std::string& address, Send send) {
  sync::CallNote note{std::string(method), without_query(address), 0, clock_.now()};
  if (notes_.size() >= notes_max) notes_.erase(notes_.begin());
  try {
    auto answer = send();
    note.status = answer.is_unchanged ? 304 : answer.status;
    notes_.push_back(std::move(note));
    return answer;
  } catch (const base::Error& error) {
    note.status = status_of(error);
    notes_.push_back(std::move(note));
    throw;
  }
}

github::Answer Caller::get(scan::Api& api, const std::string& address,
                           const mirror::Validator* known) {
  charge(api, github::Weight::reading);
  return noted("GET", address, [&] { return api.get(connection_, address, known); });
}

void Caller::charge(scan::Api& api, github::Weight weight) {
  const github::WriteLimits limits{settings_.writes_per_minute, settings_.content_per_hour,
                                   settings_.points_per_minute, settings_.write_gap};
  // The second time somebody else may have been first.
  for (int tries = 0;; ++tries) {
    const auto wait = github::charge_write(connection_, api.share(), weight, limits);
    if (!wait) return;
    if (*wait > short_wait || tries > 1 || stop_.stop_requested()) throw Paced{*wait, api.share()};
    base::pause_for(stop_, *wait);
  }
}

github::Answer Caller::write(scan::Api& api, std::string_view method, const std::string& address,
                             std::string body, github::Weight weight) {
  ++writes_;
  if (weight == github::Weight::content) ++contents_;
  return noted(method, address,
               [&] { return api.act(connection_, method, address, std::move(body)); });
}

}  // namespace devy::outbound
