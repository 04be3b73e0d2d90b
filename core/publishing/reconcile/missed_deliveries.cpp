#include "core/publishing/reconcile/missed_deliveries.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "core/platform/base/error.hpp"
#include "core/platform/base/log.hpp"
#include "core/platform/github/api_pause.hpp"
#include "core/platform/github/hooks.hpp"
#include "core/platform/github/limit.hpp"
#include "core/platform/webhook/hook_store.hpp"
#include "core/publishing/reconcile/audit.hpp"
#include "core/publishing/store/repository_store.hpp"
#include "core/publishing/store/status_store.hpp"
#include "core/publishing/upload/remote_tokens.hpp"

namespace devy::reconcile {
namespace {

using base::Error;
using base::ErrorKind;
using github::HookDelivery;

constexpr const char* whole_api = "api";
// Identifies our hook among the hooks of a repository.
constexpr const char* our_path = "/v1/webhooks";
// A delivery sent within this time may still be on its way into our table.
constexpr std::chrono::seconds grace{30};
constexpr std::chrono::hours remembered{72};   // by GitHub
constexpr std::size_t looked_at_max = 10'000;  // deliveries of one look
constexpr int healed_max = 100;                // limit per check; the next one continues there
constexpr int redeliveries_max = 3;            // of one delivery
// Events that change something here (github.md's table).
constexpr std::array<std::string_view, 6> events{
    "push", "repository", "public", "installation", "installation_repositories", "meta"};

std::string share_of(const github::Access& access) {
  return access.is_app() ? "app" : "token";
}

// One look at one hook.
class Look {
 public:
  Look(pg::Connection& connection, const config::Config& config, github::Access& access,
       webhook::HookRow hook)
      : connection_(connection),
        config_(config),
        access_(access),
        hook_(std::move(hook)),
        asker_(upload::remote_tokens(config)) {}

  void run(ReconcileCounts& counts, const std::stop_token& stop) {
    const auto hook = find();
    if (list(hook)) return webhook::note_looked(connection_, hook_);
    const auto missed = missed_ones();
    int healed = 0;
    for (const auto& delivery : missed) {
      if (stop.stop_requested()) throw Error(ErrorKind::stopped, "maintenance stops");
      if (healed++ == healed_max) {
        // The cursor stays before it.
        cursor_ = delivery.id - 1;
        hook_.etag.clear();
        is_more_ = true;
        break;
      }
      ++counts.undelivered;
      heal(hook, delivery, counts, stop);
    }
    hook_.seen_id = std::max(hook_.seen_id, cursor_);
    webhook::note_looked(connection_, hook_);
    if (is_more_) webhook::look_again_at(connection_, hook_, base::system_clock().now());
  }

 private:
  github::Hook find() {
    if (!hook_.repository) return {};
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
    return hook_.repository ? access_.bearer_for(repository_) : access_.app_bearer();
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
          if (delivery.delivered_at && *delivery.delivered_at > now - grace) {
            is_any_young = true;
            return true;
          }
          cursor_ = std::max(cursor_, delivery.id);
          if (std::find(events.begin(), events.end(), delivery.event) != events.end())
            seen_.emplace(delivery.guid, delivery);
          return true;
        });
    // They are looked at next time, though GitHub's list may be the same then.
    if (is_any_young) hook_.etag.clear();
    return is_unchanged;
  }

  // Oldest first.
  std::vector<HookDelivery> missed_ones() {
    std::vector<std::string> guids;
    for (const auto& [guid, delivery] : seen_)
      guids.push_back(guid);
    std::vector<HookDelivery> missed;
    for (const auto& guid : webhook::unknown_deliveries(connection_, guids))
      missed.push_back(seen_.at(guid));
    std::sort(missed.begin(), missed.end(),
              [](const auto& left, const auto& right) { return left.id < right.id; });
    return missed;
  }

  void heal(const github::Hook& hook, const HookDelivery& delivery, ReconcileCounts& counts,
            const std::stop_token& stop) {
    const auto tries = webhook::note_missed(connection_, hook_, delivery.guid, delivery.event);
    base::log::warning("missed delivery found", {{"delivery", delivery.guid},
                                                 {"event", delivery.event},
                                                 {"status", delivery.status_code},
                                                 {"tries", tries}});
    if (delivery.event == "push" && reconcile_blog(delivery, counts, stop)) return;
    if (tries > redeliveries_max) {
      base::log::warning("missed delivery abandoned", {{"delivery", delivery.guid}});
      return;
    }
    github::redeliver(access_.client(), bearer(), hook, delivery.id);
    base::log::info("redelivery asked for", {{"delivery", delivery.guid}});
  }

  // Returns false when it is unknown which repository was pushed.
  bool reconcile_blog(const HookDelivery& delivery, ReconcileCounts& counts,
                      const std::stop_token& stop) {
    std::optional<base::BlogId> id;
    if (hook_.repository) {
      id = webhook::blog_of(connection_, *hook_.repository);
    } else if (delivery.repository_id) {
      if (const auto found = publishing::find_repository_blog(connection_, *delivery.repository_id))
        id = found->blog;
    } else {
      return false;
    }
    // The push is to a repository that no blog publishes, or one of several for a blog, whose tip
    // is asked for once.
    if (!id || !reconciled_.insert(*id).second) return true;
    const auto blog = publishing::find_blog_by_id(connection_, *id, publishing::Counts::without);
    if (!blog.is_connected || blog.frozen_reason) return true;
    const auto result =
        reconcile(connection_, with_short_timeouts(config_), blog, maintenance, asker_, stop);
    if (result.is_recorded) ++counts.missed;
    base::log::info(
        "missed push looked after",
        {{"delivery", delivery.guid}, {"blog", blog.address()}, {"result", result.note}});
    return true;
  }

  pg::Connection& connection_;
  const config::Config& config_;
  github::Access& access_;
  webhook::HookRow hook_;
  git::TipAsker asker_;
  github::Repository repository_;
  std::map<std::string, HookDelivery> seen_;  // the newest try of each
  std::int64_t cursor_ = 0;
  bool is_more_ = false;
  std::set<base::BlogId> reconciled_;
};

}  // namespace

bool look_for_missed_deliveries(pg::Connection& connection, const config::Config& config,
                                github::Access& access, ReconcileCounts& counts,
                                const std::stop_token& stop) {
  const auto every = config.github.deliveries_every;
  const auto hook = webhook::claim_hook(connection, access.is_app(), every);
  if (!hook) {
    // New blogs are found when there is nothing else to do.
    if (access.is_app()) webhook::add_app_hook(connection);
    else webhook::add_repository_hooks(connection, config.github.host);
    return false;
  }
  const auto share = share_of(access);
  if (const auto left = github::pause_left(connection, {whole_api, share}); left.count() > 0) {
    webhook::look_again_at(connection, *hook, base::system_clock().now() + left);
    return true;
  }
  try {
    Look(connection, config, access, *hook).run(counts, stop);
    webhook::forget_missed(connection, remembered * 2);
  } catch (const github::LimitReached& limit) {
    github::pause_until(connection, share, limit.not_before(), limit.text());
    webhook::look_again_at(connection, *hook, limit.not_before());
  } catch (const Error& error) {
    if (error.kind() == ErrorKind::stopped || error.code().starts_with("database")) throw;
    base::log::warning(
        "deliveries not looked at",
        {{"hook", hook->url.empty() ? hook->key : hook->url}, {"error", error.text()}});
    webhook::note_not_looked(connection, *hook, error.text(), every);
  }
  return true;
}

}  // namespace devy::reconcile
