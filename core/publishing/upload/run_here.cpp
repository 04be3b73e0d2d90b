#include <thread>

#include "core/platform/base/log.hpp"
#include "core/platform/base/random.hpp"
#include "core/platform/git/clone.hpp"
#include "core/platform/git/fetch_role.hpp"
#include "core/platform/github/installation_tokens.hpp"
#include "core/platform/queue/rescue.hpp"
#include "core/platform/queue/runner.hpp"
#include "core/publishing/markdown/renderer.hpp"
#include "core/publishing/status/status_runner.hpp"
#include "core/publishing/store/upload_store.hpp"
#include "core/publishing/upload/pipeline.hpp"
#include "core/publishing/upload/service.hpp"

// A worker in this process.

namespace devy::upload {

namespace {

void release_dead_leases(const std::string& conninfo, const config::Database& settings) {
  auto connection = pg::Connection::open(conninfo, settings, "worker");
  const auto released = queue::release_dead_workers(connection);
  if (released != 0) base::log::info("operations of dead workers released", {{"count", released}});
}

}  // namespace

int run_here(const std::string& conninfo, const config::Config& config, const RunHere& options,
             const OnProgress& on_progress, const std::stop_token& stop) {
  const auto swept = git::sweep_abandoned_clones(config);
  if (swept != 0) base::log::info("abandoned clones removed", {{"count", swept}});
  UploadHandler handler(config, base::system_random(), on_progress);
  queue::Runner runner({queue::worker_name(0), conninfo, config.database, config.queue},
                       base::system_clock(), base::system_random());
  runner.add_handler(publishing::upload_kind, handler);
  if (options.only) {
    // Else what a worker that was killed still holds would keep it waiting for the lease's end.
    release_dead_leases(conninfo, config.database);
    return runner.run_one(stop, options.only) ? 1 : 0;
  }
  if (!options.is_forever) {
    const int ran = runner.run_all(stop, options.max);
    status::send_due_statuses(conninfo, config, stop);
    return ran;
  }
  const std::jthread statuses([&] { status::keep_sending_statuses(conninfo, config, stop); });
  runner.run_forever(stop);
  return 0;
}

void register_child_roles() {
  markdown::register_render_role();
  git::register_fetch_role();
  github::register_token_role();
}

}  // namespace devy::upload
