#pragma once
// One run of the outbox under one lease. Private to this folder; one thread. Throws what
// pg::Connection and Attempt::check throw.

#include <chrono>
#include <optional>
#include <string>

#include "core/crm/client.hpp"
#include "core/gists/outbox/crm_pause.hpp"
#include "core/gists/outbox/crm_session.hpp"
#include "core/gists/store/crm_store.hpp"
#include "core/platform/queue/finish.hpp"
#include "core/platform/queue/kind.hpp"

namespace devy::outbox {

struct RunParts {
  queue::Attempt& attempt;
  const queue::HandlerContext& context;
  crm::Client& client;
  crm::Pace& pace;
  const PauseNames& pauses;
};

class CrmRun {
 public:
  explicit CrmRun(const RunParts& parts);
  [[nodiscard]] queue::AttemptResult go();

 private:
  [[nodiscard]] bool is_over() const;
  // Looks in the CRM for items whose last request has no known end.
  void resolve();
  void resolve_kind(const gists::UnknownItems& unknown, bool is_deal);
  void post_all();
  void post(const std::string& id);
  [[nodiscard]] bool is_to_wait_for_deal(const gists::CrmItem& item, std::int64_t& deal_id);
  [[nodiscard]] crm::Answer request(const gists::CrmItem& item, std::int64_t deal_id);
  void settle(const gists::CrmItem& item, const crm::Answer& answer);
  void settle_done(const gists::CrmItem& item, std::int64_t remote_id, int version);
  void close_gone();
  // Commits one step of an item behind the lease's fence.
  template <class Function>
  void commit(Function write);
  // The CRM is to be left alone: the run ends.
  void leave_alone(const crm::Answer& answer);
  [[nodiscard]] queue::AttemptResult fail_for_token(const crm::Answer& answer);
  [[nodiscard]] queue::AttemptResult give_back(std::chrono::milliseconds delay) const;

  RunParts parts_;
  pg::Connection& connection_;
  const config::Crm& settings_;
  CrmSession session_;
  base::MonotonicTime begun_at_;
  int posted_ = 0;          // items that were dealt with
  bool was_paused_ = true;  // a pause of the company may have been begun
  std::optional<crm::Answer> obstacle_;
  std::chrono::milliseconds obstacle_pause_{};
  std::optional<std::chrono::milliseconds> look_again_;  // for an item that was absent once
};

}  // namespace devy::outbox
