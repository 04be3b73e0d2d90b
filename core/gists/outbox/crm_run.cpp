#include "core/gists/outbox/crm_run.hpp"

#include <algorithm>
#include <map>

#include "core/crm/marker.hpp"
#include "core/gists/outbox/crm_handler.hpp"
#include "core/gists/outbox/crm_text.hpp"
#include "core/platform/base/fault_point.hpp"
#include "core/platform/base/log.hpp"
#include "core/platform/base/process_counts.hpp"
#include "core/platform/github/api_pause.hpp"
#include "core/platform/queue/lease.hpp"

namespace devy::outbox {
namespace {

using crm::Meaning;
using gists::CrmItem;
using queue::AttemptResult;
using std::chrono::milliseconds;

// Limit for items that are looked for at once: a run leaves one, unless many were killed.
constexpr int unknown_max = 500;
// A request that was not begun so soon after it was announced is not sent: somebody else may have
// the lease by then, and look for what is not there yet.
constexpr std::chrono::seconds announced_max{10};
// Whoever has to wait longer is asked again by the sweep, which knows the pauses.
constexpr std::chrono::minutes delay_max{60};

}  // namespace

CrmRun::CrmRun(const RunParts& parts)
    : parts_(parts),
      connection_(parts.attempt.connection),
      settings_(parts.context.config.crm),
      session_({.client = parts.client,
                .pace = parts.pace,
                .clock = parts.context.clock,
                .stop = parts.attempt.stop,
                .check = parts.attempt.check}),
      begun_at_(parts.context.clock.monotonic_now()) {}

AttemptResult CrmRun::give_back(milliseconds delay) const {
  AttemptResult result;
  result.outcome = queue::Outcome::interrupted;
  if (obstacle_) {
    result.error_code = "crm_" + std::string(crm::to_string(obstacle_->meaning));
    result.error_text = "unable to tell the CRM: " + obstacle_->cause;
    result.error_hint = obstacle_->meaning == Meaning::unauthorized
                            ? "Write a token that Pipedrive accepts into crm.token_file."
                            : "It goes on by itself; `devy-upload gist crm status` says when.";
  }
  result.delay = std::min<milliseconds>(delay, delay_max);
  return result;
}

AttemptResult CrmRun::go() {
  if (github::pause_left(connection_, {parts_.pauses.token}).count() > 0)
    return fail_for_token({Meaning::unauthorized, 0, "its token was not accepted"});
  if (const auto left = github::pause_left(connection_, {parts_.pauses.company});
      left.count() > 0) {
    obstacle_ = crm::Answer{Meaning::limited, 0, "it is to be left alone"};
    return give_back(left);
  }
  if (queue::begin_step(connection_, parts_.attempt.lease,
                        {"send", true, parts_.context.config.queue.lease_ttl}) !=
      queue::StepVerdict::go_on)
    throw base::Error(base::ErrorKind::stopped, "a newer one takes over", "", "superseded");
  resolve();
  if (!obstacle_) post_all();
  if (!obstacle_ && settings_.on_delete == "done") close_gone();
  if (obstacle_ && obstacle_->meaning == Meaning::unauthorized) return fail_for_token(*obstacle_);
  if (obstacle_) return give_back(obstacle_pause_);
  // Where nothing was done, what is pending cannot be sent yet, and the sweep comes back to it.
  if (is_over() || (posted_ > 0 && gists::has_pending_crm_items(connection_)))
    return give_back(milliseconds(0));
  if (look_again_) return give_back(*look_again_);
  return {};
}

// One that waited for a pause would not notice another token; the sweep does.
AttemptResult CrmRun::fail_for_token(const crm::Answer& answer) {
  obstacle_ = answer;
  auto result = give_back(milliseconds(0));
  result.outcome = queue::Outcome::failed;
  result.delay.reset();
  return result;
}

bool CrmRun::is_over() const {
  return posted_ >= items_max || parts_.context.clock.monotonic_now() - begun_at_ >= run_max;
}

template <class Function>
void CrmRun::commit(Function write) {
  pg::Transaction transaction(connection_);
  queue::fence(connection_, parts_.attempt.lease, parts_.context.config.queue.lease_ttl);
  write();
  base::fault_point("before_crm_commit");
  transaction.commit();
  base::fault_point("after_crm_commit");
}

void CrmRun::leave_alone(const crm::Answer& answer) {
  obstacle_ = answer;
  obstacle_pause_ = pause_after(connection_, parts_.pauses, answer);
  base::log::warning("CRM left alone", {{"reason", crm::to_string(answer.meaning)},
                                        {"error", answer.cause},
                                        {"pause_ms", obstacle_pause_.count()}});
}

void CrmRun::resolve() {
  const auto unknown = gists::unknown_crm_items(connection_, unknown_max);
  // A change may be repeated, so nobody has to know whether it was done.
  for (const auto& item : unknown.items)
    if (item.is_known) commit([&] { gists::note_unsent(connection_, item.id); });
  resolve_kind(unknown, true);
  if (!obstacle_) resolve_kind(unknown, false);
}

void CrmRun::resolve_kind(const gists::UnknownItems& unknown, bool is_deal) {
  struct Found {
    std::int64_t remote_id;
    int version;
  };
  std::map<std::string, std::optional<Found>> looked_for;  // by marker's item, or title
  for (const auto& item : unknown.items)
    if (item.is_deal == is_deal && !item.is_known)
      looked_for[is_deal ? item.title : item.id] = std::nullopt;
  if (looked_for.empty()) return;
  const auto see = [&](const std::string& key, const Found& found) {
    const auto entry = looked_for.find(key);
    // The first that was made counts; `audit` reports the others.
    if (entry != looked_for.end() && (!entry->second || found.remote_id < entry->second->remote_id))
      entry->second = found;
  };
  const auto answer = is_deal
                          ? session_.read_deals(unknown.age,
                                                [&](const crm::Entry& deal) {
                                                  if (settings_.owner_id == 0 ||
                                                      deal.owner_id == settings_.owner_id)
                                                    see(deal.title, {deal.id, 1});
                                                })
                          : session_.read_activities(unknown.age, [&](const crm::Entry& activity) {
                              if (const auto marker = crm::marker_of(activity.note))
                                see(marker->item, {activity.id, marker->number});
                            });
  if (answer.meaning != Meaning::done) return leave_alone(answer);
  for (const auto& item : unknown.items) {
    if (item.is_deal != is_deal || item.is_known) continue;
    const auto& found = looked_for[is_deal ? item.title : item.id];
    if (found) {
      commit([&] {
        gists::note_sent(connection_, item.id, found->version, found->remote_id);
        queue::advance(connection_, parts_.attempt.lease);
      });
      base::count("crm_resolved.found");
      base::log::info("CRM item found", {{"item", item.id}, {"remote", found->remote_id}});
      continue;
    }
    milliseconds wait{};
    commit([&] { wait = gists::note_absent(connection_, item.id, absence_interval); });
    if (wait.count() == 0) base::count("crm_resolved.absent");
    else look_again_ = std::min(look_again_.value_or(wait), wait);
  }
}

void CrmRun::post_all() {
  for (const auto& id : gists::pending_crm_items(connection_, items_max)) {
    if (obstacle_ || is_over()) return;
    post(id);
  }
}

bool CrmRun::is_to_wait_for_deal(const CrmItem& item, std::int64_t& deal_id) {
  if (item.is_deal || item.remote_id || settings_.mode == "activity") return false;
  const auto id = gists::deal_of(connection_, item.id, settings_.mode);
  if (!id) return true;
  auto deal = gists::load_crm_item(connection_, *id, 0);
  if (deal && deal->state == "pending") {
    post(*id);
    deal = gists::load_crm_item(connection_, *id, 0);
  }
  if (!deal || deal->state == "pending" || deal->state == "sending") return true;
  // Without its deal, where the CRM refused that or a person deleted it, the activity is sent
  // alone.
  if (deal->state == "sent") deal_id = deal->remote_id.value_or(0);
  return false;
}

void CrmRun::post(const std::string& id) {
  const auto item =
      gists::load_crm_item(connection_, id, static_cast<int>(settings_.note_bytes_max));
  if (!item || item->state != "pending") return;
  if (item->is_gone) {
    ++posted_;
    return commit([&] { gists::drop_crm_item(connection_, id); });
  }
  std::int64_t deal_id = 0;
  if (is_to_wait_for_deal(*item, deal_id) || obstacle_) return;
  session_.wait_for_turn();
  bool is_begun = false;
  commit([&] { is_begun = gists::begin_sending(connection_, id); });
  if (!is_begun) return;
  const auto announced_at = parts_.context.clock.monotonic_now();
  base::fault_point("before_crm_request");
  if (parts_.context.clock.monotonic_now() - announced_at > announced_max)
    return commit([&] { gists::note_unsent(connection_, id); });
  const auto answer = request(*item, deal_id);
  base::fault_point("after_crm_answer");
  ++posted_;
  settle(*item, answer);
  parts_.context.on_progress({"CRM", "send", static_cast<std::uint64_t>(posted_)});
}

crm::Answer CrmRun::request(const CrmItem& item, std::int64_t deal_id) {
  return session_.send([&](crm::Client& client) {
    if (item.is_deal) return client.add_deal(deal_text(item, settings_));
    auto activity = activity_text(item, settings_);
    if (item.remote_id)
      return client.change_activity(*item.remote_id,
                                    {.subject = activity.subject, .note = activity.note});
    activity.deal_id = deal_id;
    return client.add_activity(activity);
  });
}

void CrmRun::settle_done(const CrmItem& item, std::int64_t remote_id, int version) {
  commit([&] {
    gists::note_sent(connection_, item.id, version, remote_id);
    queue::advance(connection_, parts_.attempt.lease);
  });
  base::log::info("CRM item sent",
                  {{"item", item.id}, {"version", version}, {"remote", remote_id}});
  if (!was_paused_) return;
  github::end_pause(connection_, parts_.pauses.company);
  was_paused_ = false;
}

void CrmRun::settle(const CrmItem& item, const crm::Answer& answer) {
  const auto refuse = [&] {
    commit([&] { gists::note_refused(connection_, item.id, answer.cause); });
    base::log::warning("CRM item refused", {{"item", item.id}, {"error", answer.cause}});
  };
  switch (answer.meaning) {
    case Meaning::done: return settle_done(item, answer.id, item.wanted);
    case Meaning::refused: return refuse();
    case Meaning::missing:
      if (!item.remote_id) return refuse();
      return commit([&] { gists::note_gone(connection_, item.id); });
    case Meaning::unsent:
    case Meaning::limited:
    case Meaning::spent:
    case Meaning::blocked:
    case Meaning::unauthorized:
      commit([&] { gists::note_unsent(connection_, item.id); });
      return leave_alone(answer);
    // It stays `sending`, and is looked for.
    case Meaning::unknown: return leave_alone(answer);
  }
}

void CrmRun::close_gone() {
  for (const auto& id : gists::undone_crm_items(connection_, items_max)) {
    if (obstacle_ || is_over()) return;
    const auto item = gists::load_crm_item(connection_, id, 0);
    if (!item || item->state != "sent") continue;
    const auto answer = session_.send([&](crm::Client& client) {
      return client.change_activity(item->remote_id.value(), {.is_done = true});
    });
    ++posted_;
    if (crm::is_about_server(answer.meaning)) return leave_alone(answer);
    commit([&] {
      if (answer.meaning == Meaning::done) gists::note_done(connection_, id);
      else if (answer.meaning == Meaning::missing) gists::note_gone(connection_, id);
      else gists::note_refused(connection_, id, answer.cause);
    });
  }
}

}  // namespace devy::outbox
