// Whatever an operation of the mirror changes, the observers hear of it: each handler tells them.
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <nlohmann/json.hpp>

#include "core/mirror/kinds.hpp"
#include "core/mirror/scan/load.hpp"
#include "core/mirror/subscriber.hpp"
#include "core/platform/queue/rescue.hpp"
#include "core/platform/queue/runner.hpp"
#include "core/platform/webhook/intake.hpp"
#include "tests/support/github/github_state.hpp"
#include "tests/support/postgres/postgres.hpp"
#include "tests/support/temp_folder.hpp"

namespace devy::mirror {
namespace observers_test {

constexpr pg::Statement insert_heard{"insert_heard", R"sql(
  insert into public.heard (what) values ($1::text))sql"};

std::string text_of(const ChangedRow& row) {
  std::string text = row.relation + " " + std::to_string(row.id) + " " + row.action;
  for (const auto& column : row.columns)
    text += " " + column;
  return text;
}

class Listener final : public RowObserver {
 public:
  void observe(pg::Connection& connection, const std::vector<ChangedRow>& rows) const override {
    for (const auto& row : rows)
      connection.execute(insert_heard, pg::Params(text_of(row)));
  }
};

class OperationKinds : public ::testing::Test {
 protected:
  OperationKinds() {
    github_.control(R"([
      {"do": "fill", "repository": "alice/notes", "issues": 130, "pulls": 4, "labels": 5,
       "milestones": 2, "users": 4, "files_per_pull": 2, "seed": 7},
      {"do": "token", "token": "ghp_mirror", "user": "alice", "scopes": ["repo"]}])");
    testing::write_text(folder_ / "token", "ghp_mirror\n");
    ::chmod((folder_ / "token").c_str(), 0600);
    config_.git.url_schemes = {"http"};
    config_.github.api_url = github_.url();
    config_.github.token_file = folder_ / "token";
    config_.github.token_for = {"alice"};
    config_.mirror.enabled = true;
    database_.execute(
        "select github.change_feed(); create table public.heard (n serial, what text)");
  }
  // Loads the repository with all that it has, as a runner does.
  void load() {
    auto connection = pg::Connection::open(database_.conninfo(), {}, "test");
    scan::LoadOptions options;
    options.has_children = true;
    options.is_adding = true;
    static_cast<void>(
        scan::record_load(connection, config_, scan::parse_target("alice/notes"), options));
    run(queue::github_lane);
  }
  // Runs what waits in the lane.
  void run(std::string_view lane) {
    const queue::OnProgress on_progress;
    const queue::HandlerContext context{config_, base::system_clock(), base::system_random(),
                                        on_progress};
    const RowObservers observers{&listener_};
    std::vector<std::unique_ptr<queue::Handler>> handlers;
    queue::RunnerOptions runner_options{queue::worker_name(0), database_.conninfo(),
                                        config_.database, config_.queue};
    runner_options.lane = lane;
    queue::Runner runner(runner_options, base::system_clock(), base::system_random());
    for (const auto& kind : operation_kinds(observers)) {
      if (kind.lane != lane) continue;
      handlers.push_back(kind.make_handler(context));
      runner.add_handler(kind.name, *handlers.back());
    }
    runner.run_all({}, 100);
    EXPECT_EQ(database_.scalar("select count(*) from devy.operation where state <> 'completed'"),
              "0");
  }
  // Takes in what GitHub has said since, as the repository's own webhook.
  void record_deliveries() {
    auto connection = pg::Connection::open(database_.conninfo(), {}, "test");
    const Subscriber subscriber;
    const std::array<const webhook::Subscriber*, 1> subscribers{&subscriber};
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
  }
  [[nodiscard]] std::string heard() const {
    return database_.scalar("select string_agg(what, E'\\t' order by n) from public.heard");
  }
  [[nodiscard]] std::string changed() const {
    return database_.scalar(
        "select string_agg(concat_ws(' ', relation, id, action, "
        "nullif(array_to_string(columns, ' '), '')), E'\\t' order by txid, seq) "
        "from github.change");
  }

  testing::TempFolder folder_;
  testing::TestDatabase database_;
  testing::GithubState github_;
  config::Config config_;
  Listener listener_;
};

TEST_F(OperationKinds, TellsObserversOfEachRowThatALoadChanges) {
  load();
  EXPECT_EQ(heard(), changed());
  EXPECT_GT(database_.number("select count(*) from public.heard"), 140);
  github_.control(R"([
    {"do": "clock", "advance": 90},
    {"do": "edit_issue", "repository": "alice/notes", "number": 5, "title": "Renamed"},
    {"do": "delete_issue", "repository": "alice/notes", "number": 2},
    {"do": "delete_label", "repository": "alice/notes", "name": "label-2"}])");
  load();
  EXPECT_EQ(heard(), changed());
  EXPECT_EQ(database_.scalar("select count(*) from public.heard where what ~ 'delete$'"), "2");
}

TEST_F(OperationKinds, TellsObserversOfEachRowThatADeliveryChanges) {
  load();
  const auto before = database_.number("select count(*) from public.heard");
  github_.control(R"([
    {"do": "webhooks", "recorded": true},
    {"do": "clock", "advance": 90},
    {"do": "edit_issue", "repository": "alice/notes", "number": 5, "title": "Renamed"},
    {"do": "delete_issue", "repository": "alice/notes", "number": 2},
    {"do": "delete_label", "repository": "alice/notes", "name": "label-2"}])");
  record_deliveries();
  run(queue::work_lane);
  EXPECT_EQ(heard(), changed());
  EXPECT_GE(database_.number("select count(*) from public.heard"), before + 3);
  EXPECT_EQ(database_.scalar("select string_agg(distinct via, ' ') from github.change "
                             "where action = 'delete' and delivery_guid is not null"),
            "webhook");
}

}  // namespace observers_test
}  // namespace devy::mirror
