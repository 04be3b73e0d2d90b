#include "core/gists/outbox/crm_session.hpp"

#include <algorithm>

#include "core/platform/base/pause.hpp"

namespace devy::outbox {
namespace {

constexpr std::chrono::minutes clock_margin{10};
// A server whose clock is behind ours by more is asked again by its own.
constexpr std::chrono::minutes clock_difference_max{1};

}  // namespace

void CrmSession::wait_for_turn() {
  context_.check();
  for (;;) {
    const auto wait = context_.pace.wait(context_.clock.monotonic_now());
    if (wait.count() <= 0) return;
    base::pause_for(context_.stop, wait);
    context_.check();
  }
}

void CrmSession::note(const crm::Answer& answer) {
  if (answer.date) ahead_ = *answer.date - context_.clock.now();
}

crm::Answer CrmSession::send(const std::function<crm::Answer(crm::Client&)>& ask) {
  wait_for_turn();
  context_.pace.note(context_.clock.monotonic_now());
  auto answer = ask(context_.client);
  note(answer);
  return answer;
}

base::TimePoint CrmSession::server_now() const {
  return context_.clock.now() + ahead_.value_or(base::Duration(0));
}

crm::Answer CrmSession::read_since(List list, std::optional<base::TimePoint> since,
                                   const Visit& visit) {
  crm::PageRequest request;
  request.updated_since = since;
  crm::Page page;
  for (int pages = 0; pages < pages_max;) {
    const auto sent = send([&](crm::Client& client) {
      page = (client.*list)(request);
      return page.answer;
    });
    if (page.is_too_large && request.limit > 1) {
      request.limit /= 2;
      continue;
    }
    if (sent.meaning != crm::Meaning::done) return sent;
    for (const auto& entry : page.entries)
      visit(entry);
    if (page.next_cursor.empty()) return sent;
    // A cursor that leads nowhere new would be followed for ever.
    if (page.next_cursor == request.cursor) break;
    request.cursor = page.next_cursor;
    ++pages;
  }
  page.answer.meaning = crm::Meaning::unknown;
  page.answer.cause = "its list does not end";
  return page.answer;
}

crm::Answer CrmSession::read(List list, std::optional<std::chrono::seconds> age,
                             const Visit& visit) {
  if (!age) return read_since(list, std::nullopt, visit);
  const auto believed = ahead_.value_or(base::Duration(0));
  auto answer = read_since(list, server_now() - *age - clock_margin, visit);
  const bool was_late = ahead_ && *ahead_ < believed - clock_difference_max;
  if (answer.meaning != crm::Meaning::done || !was_late) return answer;
  return read_since(list, server_now() - *age - clock_margin, visit);
}

crm::Answer CrmSession::read_activities(std::optional<std::chrono::seconds> age,
                                        const Visit& visit) {
  return read(&crm::Client::list_activities, age, visit);
}

crm::Answer CrmSession::read_deals(std::optional<std::chrono::seconds> age, const Visit& visit) {
  return read(&crm::Client::list_deals, age, visit);
}

}  // namespace devy::outbox
