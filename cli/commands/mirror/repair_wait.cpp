#include "cli/commands/mirror/repair_wait.hpp"

#include <algorithm>

#include "cli/terminal/progress.hpp"
#include "core/mirror/store/load_status.hpp"
#include "core/mirror/verify/repair.hpp"
#include "core/platform/queue/ingest.hpp"
#include "core/systems_run.hpp"

namespace devy::cli {
namespace {

std::vector<base::OperationId> record_fetches(Context& context,
                                              const mirror::Repository& repository,
                                              const verify::Verification& found) {
  scan::Request request;
  request.requested_by = context.who();
  request.reason = "mirror verify --repair";
  pg::Transaction transaction(context.database());
  auto recorded = verify::record_repairs(context.database(), repository, found, request);
  transaction.commit();
  queue::wake_workers(context.database());
  return recorded;
}

class RepairWait {
 public:
  RepairWait(Context& context, std::string subject, const WaitOptions& options)
      : context_(context),
        progress_(context),
        subject_(std::move(subject)),
        options_(options),
        begun_at_(context.clock().monotonic_now()) {}

  // False when there was no time left.
  bool wait_for(const std::vector<base::OperationId>& fetches) {
    for (std::size_t done = 0; done < fetches.size(); ++done) {
      progress_.show(subject_ + ": repairing",
                     std::to_string(done) + " of " + std::to_string(fetches.size()));
      if (!wait_for(fetches[done])) return false;
    }
    return true;
  }

 private:
  bool wait_for(const base::OperationId& fetch) {
    while (!context_.patiently([&] { return mirror::load_status(context_.database(), fetch); })
                .is_over()) {
      if (options_.timeout && context_.clock().monotonic_now() - begun_at_ >= *options_.timeout)
        return false;
      const bool has_run =
          options_.is_run_here && systems::run_here(
                                      context_.conninfo(), context_.config(), {.only = fetch},
                                      [](const queue::Progress&) {}, context_.stop()) > 0;
      context_.check_stop();
      if (!has_run) context_.sleep(wait_interval);
    }
    return true;
  }

  Context& context_;
  ProgressLine progress_;
  const std::string subject_;
  const WaitOptions options_;
  const base::MonotonicTime begun_at_;
};

}  // namespace

Repairs repair_mirror(Context& context, const mirror::Repository& repository,
                      const verify::Verification& found,
                      const std::optional<WaitOptions>& waiting) {
  Repairs repairs;
  for (const auto& drift : found.drift)
    repairs.targets.push_back(target_of(found, drift));
  std::ranges::sort(repairs.targets);
  repairs.targets.erase(std::ranges::unique(repairs.targets).begin(), repairs.targets.end());
  const auto fetches = record_fetches(context, repository, found);
  if (!waiting) return repairs;
  try {
    repairs.is_over = RepairWait(context, repository.full_name, *waiting).wait_for(fetches);
  } catch (const base::Error& error) {
    if (error.kind() == base::ErrorKind::stopped)
      context.say(
          "what is to be fetched is still recorded: `devy-upload list --kind mirror_fetch` shows "
          "it");
    throw;
  }
  return repairs;
}

}  // namespace devy::cli
