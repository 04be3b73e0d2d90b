#include <thread>

#include "core/base/log.hpp"
#include "core/base/random.hpp"
#include "core/github/installation_tokens.hpp"
#include "core/markdown/renderer.hpp"
#include "core/queue/rescue.hpp"
#include "core/queue/runner.hpp"
#include "core/repository/clone.hpp"
#include "core/repository/fetch_role.hpp"
#include "core/store/upload_store.hpp"
#include "core/upload/pipeline.hpp"
#include "core/upload/service.hpp"
#include "core/upload/status_runner.hpp"

// A worker in this process.

namespace devy::upload {

namespace {

void take_back_leases(const std::string& conninfo, const config::Database& settings) {
  auto connection = pg::Connection::open(conninfo, settings, "worker");
  const auto released = queue::release_dead_workers(connection);
  if (released != 0) base::log::info("operations of dead workers released", {{"count", released}});
}

}  // namespace

int run_here(const std::string& conninfo, const config::Config& config, const RunHere& options,
             const OnProgress& on_progress, const std::stop_token& stop) {
  const auto swept = repository::sweep_abandoned_clones(config);
  if (swept != 0) base::log::info("abandoned clones removed", {{"count", swept}});
  UploadHandler handler(config, base::system_random(), on_progress);
  queue::Runner runner({queue::worker_name(0), conninfo, config.database, config.queue},
                       base::system_clock(), base::system_random());
  runner.add_handler(store::upload_kind, handler);
  if (options.only) {
    // Else what a worker that was killed still holds would keep it waiting for the lease's end.
    take_back_leases(conninfo, config.database);
    return runner.run_one(stop, options.only) ? 1 : 0;
  }
  if (!options.is_forever) {
    const int ran = runner.run_all(stop, options.max);
    send_due_statuses(conninfo, config, stop);
    return ran;
  }
  const std::jthread statuses([&] { keep_sending_statuses(conninfo, config, stop); });
  runner.run_forever(stop);
  return 0;
}

void register_child_roles() {
  markdown::register_render_role();
  repository::register_fetch_role();
  github::register_token_role();
}

}  // namespace devy::upload
