#include "core/publishing/reconcile/due_blogs.hpp"

#include <algorithm>

#include "core/platform/base/log.hpp"
#include "core/publishing/reconcile/audit.hpp"
#include "core/publishing/reconcile/repair.hpp"
#include "core/publishing/store/reconcile_schedule.hpp"
#include "core/publishing/upload/source.hpp"

namespace devy::reconcile {
namespace {

// A blog that could not be verified, or changed meanwhile, need not wait a whole day.
constexpr std::chrono::hours verify_again{1};

void note_failure(pg::Connection& connection, const config::Reconcile& settings,
                  const publishing::Blog& blog, const Reconciled& result) {
  const auto failing = publishing::note_unreachable(
      connection, blog.id,
      {result.note, upload::is_gone(result.error_code), settings.every, settings.every_max});
  base::log::warning(
      "remote not reached",
      {{"blog", blog.address()}, {"error", result.note}, {"failures", failing.failures}});
  if (failing.gone_for < settings.freeze_after) return;
  if (publishing::freeze_blog(connection, blog, publishing::unreachable_reason))
    base::log::warning("blog frozen", {{"blog", blog.address()},
                                       {"reason", publishing::unreachable_reason},
                                       {"error", result.note}});
}

std::size_t drift_of(const Verification& verification) {
  return verification.missing.size() + verification.extra.size() + verification.different.size();
}

std::string first_of(const Verification& verification) {
  for (const auto* paths : {&verification.missing, &verification.extra, &verification.different})
    if (!paths->empty()) return paths->front();
  return {};
}

void report_drift(pg::Connection& connection, const config::Config& config,
                  const publishing::Blog& blog, const Verification& verification) {
  base::log::warning("blog drifted", {{"blog", blog.address()},
                                      {"commit", verification.commit.value_or("")},
                                      {"missing", verification.missing.size()},
                                      {"extra", verification.extra.size()},
                                      {"different", verification.different.size()},
                                      {"path", first_of(verification)}});
  if (!config.verify.repair) return;
  try {
    const auto upload = record_repair(connection, config, blog, maintenance);
    base::log::info("repair recorded", {{"blog", blog.address()}, {"operation", upload.text()}});
  } catch (const base::Error& error) {
    // Somebody has paused it, say: the next verification finds it drifted still.
    if (error.kind() != base::ErrorKind::conflict) throw;
    base::log::warning("repair refused", {{"blog", blog.address()}, {"error", error.text()}});
  }
  publishing::postpone_verify(connection, blog.id, verify_again);
}

}  // namespace

config::Config with_short_timeouts(config::Config config) {
  auto& limits = config.limits;
  limits.fetch_stall = std::min(limits.fetch_stall, config.reconcile.timeout);
  limits.fetch_wall_clock = std::min(limits.fetch_wall_clock, config.reconcile.timeout);
  return config;
}

bool reconcile_next(pg::Connection& connection, const config::Config& config, git::TipAsker& asker,
                    queue::MaintenanceCounts& counts, const std::stop_token& stop,
                    github::Access* access) {
  const auto id = publishing::claim_reconcile(connection, config.reconcile.every);
  if (!id) return false;
  const auto blog = publishing::find_blog_by_id(connection, *id, publishing::Counts::without);
  const auto result =
      reconcile(connection, with_short_timeouts(config), blog, maintenance, asker, stop, access);
  ++counts["asked"];
  if (result.is_error) {
    ++counts["failed"];
    note_failure(connection, config.reconcile, blog, result);
    return true;
  }
  if (result.is_recorded) {
    ++counts["missed"];
    base::log::info("missed push found", {{"blog", blog.address()},
                                          {"tip", result.tip.value_or("")},
                                          {"operation", result.upload->text()}});
  }
  return true;
}

bool verify_next(pg::Connection& connection, const config::Config& config,
                 queue::MaintenanceCounts& counts, const std::stop_token& stop) {
  const auto id = publishing::claim_verify(connection, config.verify.every);
  if (!id) return false;
  const auto blog = publishing::find_blog_by_id(connection, *id, publishing::Counts::without);
  try {
    const auto verification = verify(connection, config, blog, stop);
    // A publish in between compares one commit's posts with another's tree.
    const auto now = publishing::find_blog_by_id(connection, *id, publishing::Counts::without);
    if (now.head_at != blog.head_at) {
      publishing::postpone_verify(connection, *id, verify_again);
      return true;
    }
    ++counts["verified"];
    publishing::note_verified(connection, *id, static_cast<std::int64_t>(drift_of(verification)));
    if (verification.is_ok) return true;
    ++counts["drifted"];
    report_drift(connection, config, blog, verification);
  } catch (const base::Error& error) {
    if (error.kind() == base::ErrorKind::stopped || error.code().starts_with("database")) throw;
    base::log::warning("blog not verified", {{"blog", blog.address()}, {"error", error.text()}});
    publishing::postpone_verify(connection, *id, verify_again);
  }
  return true;
}

}  // namespace devy::reconcile
