#pragma once
// One run's conversation with the CRM: its requests keep the pace, each answer's date tells the
// server's clock, and lists are read page by page. Borrows what it is made of; one thread. Throws
// what `check` throws, and nothing about the server (crm/client.hpp).

#include <functional>
#include <optional>
#include <stop_token>

#include "core/crm/client.hpp"
#include "core/crm/pace.hpp"
#include "core/platform/base/clock.hpp"

namespace devy::outbox {

// Limit for the pages of one list: half a million activities of the usual length.
inline constexpr int pages_max = 1'000;

struct SessionContext {
  crm::Client& client;
  crm::Pace& pace;
  const base::Clock& clock;
  std::stop_token stop = {};
  std::function<void()> check = [] {};  // called before each request
};

class CrmSession {
 public:
  explicit CrmSession(SessionContext context) : context_(std::move(context)) {}

  // Waits until the pace lets a request through. Call it before what must not grow old meanwhile.
  void wait_for_turn();
  // Sends one request, and notes its answer.
  crm::Answer send(const std::function<crm::Answer(crm::Client&)>& ask);

  using Visit = std::function<void(const crm::Entry&)>;
  // Reads what changed within the last `age` of the server's time, with ten minutes more since
  // clocks are read in whole seconds and differ; without an age everything. Returns the last
  // answer: when it is not `done`, what was visited is not all.
  crm::Answer read_activities(std::optional<std::chrono::seconds> age, const Visit& visit);
  crm::Answer read_deals(std::optional<std::chrono::seconds> age, const Visit& visit);

 private:
  using List = crm::Page (crm::Client::*)(const crm::PageRequest&);
  crm::Answer read(List list, std::optional<std::chrono::seconds> age, const Visit& visit);
  crm::Answer read_since(List list, std::optional<base::TimePoint> since, const Visit& visit);
  [[nodiscard]] base::TimePoint server_now() const;
  void note(const crm::Answer& answer);

  SessionContext context_;
  // How far the server's clock is ahead of ours; nothing before its first answer.
  std::optional<base::Duration> ahead_;
};

}  // namespace devy::outbox
