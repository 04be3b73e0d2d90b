#include "tests/support/sync/sync_fixture.hpp"

#include <sys/stat.h>

#include <nlohmann/json.hpp>

#include "core/platform/queue/rescue.hpp"
#include "core/platform/queue/runner.hpp"
#include "core/platform/token/sealing.hpp"
#include "core/platform/webhook/intake.hpp"
#include "core/sync/store/connection_store.hpp"
#include "core/sync/store/project_store.hpp"
#include "core/systems.hpp"

namespace devy::testing {

SyncFixture::SyncFixture() {
  write_text(folder_ / "token", "ghp_mirror\n");
  ::chmod((folder_ / "token").c_str(), 0600);
  token::make_key_file(folder_ / "marker.key", base::system_random());
  token::make_key_file(folder_ / "tokens.key", base::system_random());
  config_.git.url_schemes = {"http"};
  config_.github.api_url = github_.url();
  config_.github.token_file = folder_ / "token";
  config_.github.token_for = {"alice"};
  config_.mirror.enabled = true;
  config_.mirror.comments = true;
  config_.mirror.files = false;
  config_.sync.enabled = true;
  config_.sync.marker_key_file = folder_ / "marker.key";
  config_.sync.token_key_file = folder_ / "tokens.key";
  config_.sync.write_gap = std::chrono::seconds(0);
  // What the stand-in says from now on is kept for deliver().
  control(R"({"do": "webhooks", "recorded": true})");
}

int SyncFixture::run_lane(std::string_view lane) {
  constexpr int operations_max = 20'000;
  const queue::OnProgress on_progress;
  const queue::HandlerContext context{config_, base::system_clock(), base::system_random(),
                                      on_progress};
  systems::Handlers handlers(std::string(lane), context);
  queue::RunnerOptions options{queue::worker_name(0), database_.conninfo(), config_.database,
                               config_.queue};
  options.lane = lane;
  queue::Runner runner(options, base::system_clock(), base::system_random());
  handlers.add_to(runner);
  return runner.run_all({}, operations_max);
}

void SyncFixture::run_all() {
  constexpr int turns_max = 200;
  for (int turn = 0; turn < turns_max; ++turn) {
    const int asked = run_lane(queue::github_lane);
    // What was given back while the mirror read is due at once.
    database_.execute(
        "update devy.operation set run_at = clock_timestamp() "
        "where state = 'verified' and error_code = 'waiting_for_mirror'");
    if (asked + run_lane(queue::work_lane) == 0) return;
  }
  FAIL() << "operations go on and on";
}

void SyncFixture::deliver() {
  auto connection = open();
  const auto subscribers = systems::subscribers();
  for (const auto& delivery : nlohmann::json::parse(github_.deliveries())) {
    webhook::Incoming incoming;
    incoming.guid = delivery["guid"];
    incoming.event = delivery["event"];
    incoming.scope = {webhook::Reach::app, {}};
    const std::string body = delivery["payload"].dump();
    incoming.body = body;
    incoming.payload = body;
    static_cast<void>(webhook::record_delivery(connection, config_, subscribers,
                                               webhook::read_delivery(incoming)));
  }
  github_.forget_deliveries();
}

void SyncFixture::add_project() {
  database_.execute("insert into devy.account (username) values ('alice'), ('bob')");
  auto connection = open();
  project_ = sync::add_project(
      connection,
      {scalar("select id from devy.account where username = 'alice'"), "site", "Site", false});
}

std::int64_t SyncFixture::repository_id() const {
  const auto state = nlohmann::json::parse(github_.state());
  for (const auto& repository : state["repositories"])
    if (repository["full_name"] == "alice/notes") return repository["repository"]["id"];
  throw std::runtime_error("the stand-in has no alice/notes");
}

std::string SyncFixture::connect(const std::string& export_mode, bool is_approved) {
  auto connection = open();
  sync::Connect wish;
  wish.project_id = project_;
  wish.repository_id = repository_id();
  wish.name = "alice/notes";
  wish.export_mode = export_mode;
  wish.is_approved = is_approved;
  return sync::connect(connection, wish).connection;
}

std::string SyncFixture::state_of_connection() const {
  return scalar(
      "select concat_ws(' ', state, reason) from devy.project_repository order by created_at desc "
      "limit 1");
}

}  // namespace devy::testing
