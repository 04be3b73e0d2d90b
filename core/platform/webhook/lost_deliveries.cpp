#include "core/platform/webhook/lost_deliveries.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include "core/platform/base/ascii.hpp"
#include "core/platform/base/error.hpp"
#include "core/platform/base/log.hpp"
#include "core/platform/github/access.hpp"
#include "core/platform/github/api_pause.hpp"
#include "core/platform/github/hooks.hpp"
#include "core/platform/github/limit.hpp"
#include "core/platform/webhook/hook_store.hpp"

namespace devy::webhook {
namespace {

using base::Error;
using base::ErrorKind;
using github::HookDelivery;

constexpr const char* whole_api = "api";
// Identifies our hook among the hooks of a repository.
constexpr const char* our_path = "/v1/webhooks";
// A delivery sent within this time may still be on its way into our table.
constexpr std::chrono::seconds grace{30};
constexpr std::chrono::minutes clock_difference_max{5};  // between ours and the server's
constexpr std::chrono::hours remembered{72};             // by GitHub
constexpr std::size_t looked_at_max = 10'000;            // deliveries of one look
constexpr int healed_max = 100;      // limit per check; the next one continues there
constexpr int redeliveries_max = 3;  // of one delivery

std::string share_of(const github::Access& access) {
  return access.is_app() ? "app" : "token";
}

// One look at one hook.
class Look {
 public:
  Look(pg::Connection& connection, const config::Config& config, Subscribers subscribers,
       github::Access& access, HookRow hook)
      : connection_(connection),
        config_(config),
        subscribers_(subscribers),
        access_(access),
        hook_(std::move(hook)) {}

  void run(queue::MaintenanceCounts& counts, const std::stop_token& stop) {
    const auto hook = find();
    if (list(hook)) return note_looked(connection_, hook_);
    const auto lost = lost_ones();
    for (const auto& delivery : lost)
      ++of_repository_[delivery.repository_id];
    int healed = 0;
    for (const auto& delivery : lost) {
      if (stop.stop_requested()) throw Error(ErrorKind::stopped, "maintenance stops");
      if (healed++ == healed_max) {
        // The cursor stays before it.
        cursor_ = delivery.id - 1;
        hook_.etag.clear();
        is_more_ = true;
        break;
      }
      ++counts["lost"];
      heal(hook, delivery, stop);
    }
    hook_.seen_id = std::max(hook_.seen_id, cursor_);
    note_looked(connection_, hook_);
    if (is_more_) look_again_at(connection_, hook_, base::system_clock().now());
  }

 private:
  github::Hook find() {
    if (hook_.is_app()) return {};
    const auto name = github::repository_name(config_.github, hook_.url);
    if (!name) throw Error(ErrorKind::not_found, "the repository is not at this GitHub any more");
    repository_.name = *name;
    if (!hook_.hook_id)
      hook_.hook_id = github::find_hook(access_.client(), bearer(), *name, our_path);
    if (!hook_.hook_id)
      throw Error(ErrorKind::not_found, "no hook of '" + *name + "' sends to " + our_path);
    return {*name, *hook_.hook_id};
  }

  const base::Secret& bearer() {
    return !hook_.is_app() ? access_.bearer_for(repository_) : access_.app_bearer();
  }

  // True: nothing has changed since the last look.
  bool list(const github::Hook& hook) {
    const auto now = base::system_clock().now();
    std::size_t count = 0;
    bool is_any_young = false;
    const bool is_unchanged = github::list_deliveries(
        access_.client(), bearer(), hook, hook_.etag, [&](const HookDelivery& delivery) {
          if (delivery.id <= hook_.seen_id || ++count > looked_at_max) return false;
          if (delivery.delivered_at && *delivery.delivered_at < now - remembered) return false;
          // One that lies ahead by the clock of an Enterprise server would be young for as long.
          if (delivery.delivered_at && *delivery.delivered_at > now - grace &&
              *delivery.delivered_at < now + clock_difference_max) {
            is_any_young = true;
            return true;
          }
          cursor_ = std::max(cursor_, delivery.id);
          if (is_wanted(delivery.event)) seen_.emplace(delivery.guid, delivery);
          return true;
        });
    // They are looked at next time, though GitHub's list may be the same then.
    if (is_any_young) hook_.etag.clear();
    return is_unchanged;
  }

  [[nodiscard]] bool is_wanted(std::string_view event) const {
    return std::ranges::any_of(
        subscribers_, [&](const auto* subscriber) { return subscriber->wants(event, config_); });
  }

  // Oldest first.
  std::vector<HookDelivery> lost_ones() {
    std::vector<std::string> guids;
    for (const auto& [guid, delivery] : seen_)
      guids.push_back(guid);
    std::vector<HookDelivery> missed;
    for (const auto& guid : unknown_deliveries(connection_, guids))
      missed.push_back(seen_.at(guid));
    std::sort(missed.begin(), missed.end(),
              [](const auto& left, const auto& right) { return left.id < right.id; });
    return missed;
  }

  void heal(const github::Hook& hook, const HookDelivery& delivery, const std::stop_token& stop) {
    const auto tries = note_missed(connection_, hook_, delivery.guid, delivery.event);
    base::log::warning("lost delivery found", {{"delivery", delivery.guid},
                                               {"event", delivery.event},
                                               {"status", delivery.status_code},
                                               {"tries", tries}});
    if (is_recovered(delivery, stop)) return;
    if (tries > redeliveries_max) {
      base::log::warning("lost delivery abandoned", {{"delivery", delivery.guid}});
      return;
    }
    github::redeliver(access_.client(), bearer(), hook, delivery.id);
    base::log::info("redelivery asked for", {{"delivery", delivery.guid}});
  }

  // Asks every system. True when each of them can do without the delivery itself.
  bool is_recovered(const HookDelivery& delivery, const std::stop_token& stop) {
    const LostDelivery lost{delivery.guid,
                            delivery.event,
                            delivery.action,
                            delivery.repository_id,
                            hook_.is_app() ? std::string() : hook_.key,
                            of_repository_[delivery.repository_id]};
    bool is_needed = false;
    for (const auto* subscriber : subscribers_) {
      if (!subscriber->wants(lost.event, config_)) continue;
      const auto key =
          std::make_tuple(subscriber, lost.event, lost.action, lost.repository, lost.hook);
      auto known = recoveries_.find(key);
      // The first of several lost deliveries about one repository asks the source.
      if (known == recoveries_.end())
        known =
            recoveries_.emplace(key, subscriber->recover(connection_, config_, lost, stop)).first;
      is_needed |= known->second == Recovery::none;
    }
    return !is_needed;
  }

  pg::Connection& connection_;
  const config::Config& config_;
  const Subscribers subscribers_;
  github::Access& access_;
  HookRow hook_;
  github::Repository repository_;
  std::map<std::string, HookDelivery> seen_;  // the newest try of each
  std::int64_t cursor_ = 0;
  bool is_more_ = false;
  std::map<std::optional<std::int64_t>, std::size_t> of_repository_;
  std::map<std::tuple<const Subscriber*, std::string, std::string, std::optional<std::int64_t>,
                      std::string>,
           Recovery>
      recoveries_;
};

// Keeps the table of hooks at the repositories that systems want to hear of, and that the token is
// for.
void watch_repositories(pg::Connection& connection, const config::Github& settings,
                        Subscribers subscribers, const github::Access& access) {
  std::vector<WatchedRepository> watched;
  // A repository of two systems has one hook: the first one names it.
  std::set<std::string> names;
  for (const auto* subscriber : subscribers)
    for (auto& repository : subscriber->watched_repositories(connection, settings.host)) {
      const auto name = github::repository_name(settings, repository.url);
      if (name && access.is_for(*name) && names.insert(base::to_lower(*name)).second)
        watched.push_back(std::move(repository));
    }
  set_repository_hooks(connection, watched);
}

class FindLostDeliveries final : public queue::MaintenanceTask {
 public:
  FindLostDeliveries(const config::Config& config, Subscribers subscribers)
      : config_(config), subscribers_(subscribers) {}

  // The credentials are read when the first task runs: errors in them are logged then, and at each
  // later run.
  bool run(pg::Connection& connection, queue::MaintenanceCounts& counts,
           const std::stop_token& stop) override {
    if (!access_) access_ = std::make_unique<github::Access>(config_, base::system_clock());
    return check_next_hook(connection, config_, subscribers_, *access_, counts, stop);
  }

 private:
  const config::Config& config_;
  const Subscribers subscribers_;
  std::unique_ptr<github::Access> access_;
};

}  // namespace

// Checks the hook that has been due longest. A refusal by GitHub is recorded with the hook.
bool check_next_hook(pg::Connection& connection, const config::Config& config,
                     Subscribers subscribers, github::Access& access,
                     queue::MaintenanceCounts& counts, const std::stop_token& stop) {
  const auto every = config.github.deliveries_every;
  const auto hook = claim_hook(connection, access.is_app(), every);
  if (!hook) {
    // New blogs are found when there is nothing else to do.
    if (access.is_app()) add_app_hook(connection);
    else watch_repositories(connection, config.github, subscribers, access);
    return false;
  }
  const auto share = share_of(access);
  if (const auto left = github::pause_left(connection, {whole_api, share}); left.count() > 0) {
    look_again_at(connection, *hook, base::system_clock().now() + left);
    return true;
  }
  try {
    Look(connection, config, subscribers, access, *hook).run(counts, stop);
    forget_missed(connection, remembered * 2);
  } catch (const github::LimitReached& limit) {
    github::pause_until(connection, share, limit.not_before(), limit.text());
    look_again_at(connection, *hook, limit.not_before());
  } catch (const Error& error) {
    if (error.kind() == ErrorKind::stopped || error.code().starts_with("database")) throw;
    base::log::warning(
        "deliveries not looked at",
        {{"hook", hook->url.empty() ? hook->key : hook->url}, {"error", error.text()}});
    note_not_looked(connection, *hook, error.text(), every);
  }
  return true;
}

queue::Maintenance find_lost_deliveries(Subscribers subscribers) {
  return {"find_lost_deliveries",
          [](const config::Config& config) -> std::uint32_t {
            return config.github.has_credentials() && config.github.deliveries_every.count() > 0;
          },
          [subscribers](const config::Config& config) -> std::unique_ptr<queue::MaintenanceTask> {
            return std::make_unique<FindLostDeliveries>(config, subscribers);
          }};
}

}  // namespace devy::webhook
