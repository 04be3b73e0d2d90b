// F1: a runner of the mirror dies at each of its fault points, one after the other, in everything
// that it does. The next one goes on: at the end the tables equal GitHub's facts, and no more
// requests were sent than one for the kill.
#include <csignal>
#include <functional>
#include <nlohmann/json.hpp>
#include <set>

#include "core/mirror/scan/record_scan.hpp"
#include "core/mirror/store/due_store.hpp"
#include "core/mirror/subscriber.hpp"
#include "core/mirror/verify/audit_handler.hpp"
#include "core/platform/base/log.hpp"
#include "core/platform/webhook/intake.hpp"
#include "core/systems_run.hpp"
#include "tests/e2e/cli/mirror_fixture.hpp"

namespace devy::testing {
namespace mirror_kill_points_test {

// Fault points that are passed in one run, at most; and runs that end what a killed one left.
constexpr int passes_max = 60, rounds_max = 6;

// The parameter is a fault point.
class KilledMirror : public mirror_test::MirrorCommands,
                     public ::testing::WithParamInterface<const char*> {
 protected:
  KilledMirror()
      : MirrorCommands(Begins::empty),
        connection_(pg::Connection::open(database_.conninfo(), {}, "test")) {
    base::log::configure(base::log::Level::error, base::log::Format::logfmt);
    // Its clock is put forward for each of many repositories.
    github_.control(
        R"([{"do": "clock", "advance": -36000}, {"do": "webhooks", "recorded": true}])");
    settings_.mirror.enabled = true;
    settings_.github.api_url = github_.url();
    settings_.github.token_file = folder_ / "token";
    settings_.github.token_for = {"alice"};
  }

  std::string new_repository(int issues, int labels) {
    const auto name = "alice/copy-" + std::to_string(++repositories_);
    id_ = mirror_test::Document::parse(github_.control(
        R"([{"do": "fill", "repository": ")" + name + R"(", "issues": )" + std::to_string(issues) +
        R"(, "pulls": 3, "labels": )" + std::to_string(labels) +
        R"(, "milestones": 1, "users": 3, "files_per_pull": 1, "seed": 7},
           {"do": "clock", "advance": 60}])"))[0]["id"];
    github_.forget_deliveries();
    return name;
  }

  // Records that it is mirrored.
  void add(const std::string& name) const {
    const auto added = run({"mirror", "add", name});
    ASSERT_EQ(added.status, 0) << added.err;
  }
  void act(const std::string& name, const std::string& acts) const {
    std::string text = "[" + acts + "]";
    const std::string placeholder = "$";
    for (auto at = text.find(placeholder); at != std::string::npos; at = text.find(placeholder))
      text.replace(at, 1, "\"repository\": \"" + name + "\"");
    github_.control(text);
  }

  // The number of its first issue, or pull request, that is open.
  [[nodiscard]] std::string first_open(const std::string& of) const {
    return database_.scalar("select min(number) from github." + of +
                            " where state = 'open' and deleted_at is null and " +
                            (of == "issue" ? "not is_pull_request and " : "") +
                            "repository_id = " + std::to_string(id_));
  }

  [[nodiscard]] std::string any_label() const {
    return database_.scalar(
        "select min(name) from github.label where deleted_at is null and repository_id = " +
        std::to_string(id_));
  }

  // Takes in what GitHub has sent since, signed by the repository's own secret.
  void receive_deliveries() {
    for (const auto& delivery : mirror_test::Document::parse(github_.deliveries())) {
      const auto payload = delivery["payload"].dump();
      webhook::Incoming incoming;
      incoming.guid = delivery["guid"];
      incoming.event = delivery["event"];
      incoming.scope = webhook::Scope::of_repository(id_);
      incoming.body = payload;
      incoming.payload = payload;
      const std::array<const webhook::Subscriber*, 1> subscribers{&subscriber_};
      static_cast<void>(webhook::record_delivery(connection_, settings_, subscribers,
                                                 webhook::read_delivery(incoming)));
    }
    github_.forget_deliveries();
  }

  // Runs operations in this very process, as the next `poll` would.
  void end_everything() const {
    for (int round = 0; round < rounds_max; ++round) {
      database_.execute(
          "update devy.operation set run_at = clock_timestamp() where state = 'verified'");
      static_cast<void>(systems::run_here(database_.conninfo(), settings_, {}, {}, {}));
      if (database_.scalar("select count(*) from devy.operation where finished_at is null") == "0")
        return;
    }
    FAIL() << "operations do not end";
  }

  struct Scene {
    // Done before a runner is killed; the operations that it records are killed.
    std::function<void(const std::string& repository)> prepare;
    // The repository is mirrored once, and the scene comes again and again; or each time another.
    bool is_mirrored = true;
    int issues = 6, labels = 3;
    std::set<std::string> kinds = {};  // of operations that are killed
    int lost_requests_max = 1;         // a kill
  };
  // Has a runner killed at its first pass of the point, at its second, and so on.
  void kill_at_each_pass(const Scene& scene) {
    auto name = new_repository(scene.issues, scene.labels);
    if (scene.is_mirrored) {
      add(name);
      end_everything();
      if (HasFatalFailure()) return;
    }
    scene.prepare(name);
    if (HasFatalFailure()) return;
    github_.forget_requests();
    end_everything();
    const int usual_requests = requests();
    ASSERT_EQ(differences(name), "");
    std::set<std::string> killed;
    for (int pass = 1; pass < passes_max; ++pass) {
      SCOPED_TRACE(std::string(GetParam()) + ":" + std::to_string(pass));
      if (!scene.is_mirrored) name = new_repository(scene.issues, scene.labels);
      scene.prepare(name);
      if (HasFatalFailure()) return;
      github_.forget_requests();
      auto victim = call({"poll", "--once"});
      victim.environment["DEVY_FAULT"] =
          std::string(GetParam()) + ":" + std::to_string(pass) + "=kill";
      const auto ended = run_program(victim);
      if (ended.status == 0) break;  // there is no such pass
      ASSERT_EQ(ended.status, 128 + SIGKILL) << ended.err;
      const auto kind =
          database_.scalar("select kind from devy.operation where state = 'processing'");
      killed.insert(kind);
      end_everything();
      if (HasFatalFailure()) return;
      EXPECT_EQ(differences(name), "") << kind;
      EXPECT_LE(requests(), usual_requests + scene.lost_requests_max) << kind << github_.requests();
    }
    EXPECT_EQ(killed, scene.kinds);
    EXPECT_EQ(database_.scalar("select count(*) from devy.operation where state = 'failed'"), "0");
    EXPECT_EQ(database_.scalar("select count(*) from devy.mirror_scan where phase <> 'completed'"),
              "0");
  }
  // The n-th time that a scene is played, so that what it changes is something else each time.
  [[nodiscard]] std::string next() { return std::to_string(++played_); }

  pg::Connection connection_;
  config::Config settings_;
  mirror::Subscriber subscriber_;
  std::int64_t id_ = 0;
  int repositories_ = 0, played_ = 0;
};

// With a second page of issues.
TEST_P(KilledMirror, GoesOnWithALoad) {
  Scene scene;
  scene.is_mirrored = false;
  scene.issues = 103;
  scene.prepare = [&](const std::string& name) { add(name); };
  scene.kinds = {"mirror_fetch", "mirror_part", "mirror_scan"};
  kill_at_each_pass(scene);
}

// A row that GitHub does not know takes two requests: whether the repository can be seen, too.
TEST_P(KilledMirror, GoesOnWithASweep) {
  Scene scene;
  scene.issues = scene.labels = 50;
  scene.lost_requests_max = 2;
  scene.prepare = [&](const std::string& name) {
    act(name, R"({"do": "clock", "advance": 90}, {"do": "create_pull", $, "title": "New"},
      {"do": "delete_issue", $, "number": )" +
                  first_open("issue") + R"(}, {"do": "delete_label", $, "name": ")" + any_label() +
                  R"("})");
    const auto repository = mirror::find_repository(connection_, id_).value();
    for (const auto* list : {"issues", "labels", "pulls"})
      static_cast<void>(
          scan::record_scan(connection_, repository, *scan::find_list(list), "all", {}));
  };
  scene.kinds = {"mirror_scan", "mirror_sweep"};
  kill_at_each_pass(scene);
}

TEST_P(KilledMirror, GoesOnWithDeliveries) {
  Scene scene;
  scene.prepare = [&](const std::string& name) {
    const auto n = next();
    act(name, R"({"do": "clock", "advance": 90}, {"do": "edit_issue", $, "title": "New )" + n +
                  R"(", "number": )" + first_open("issue") + R"(},
      {"do": "edit_label", $, "name": "label-2", "color": ")" +
                  std::to_string(100'000 + played_) +
                  R"("}, {"do": "push_pull", $, "files": ["new-)" + n + R"(.txt"], "number": )" +
                  first_open("pull_request") + "}");
    receive_deliveries();
  };
  scene.kinds = {"mirror_document", "mirror_part", "mirror_scan"};
  kill_at_each_pass(scene);
}

TEST_P(KilledMirror, GoesOnWithTheEndOfARepository) {
  Scene scene;
  scene.is_mirrored = false;
  scene.prepare = [&](const std::string& name) {
    add(name);
    end_everything();
    act(name, R"({"do": "clock", "advance": 90}, {"do": "delete_repository", $})");
    receive_deliveries();
  };
  scene.kinds = {"mirror_fetch"};
  kill_at_each_pass(scene);
}

TEST_P(KilledMirror, GoesOnWithSettling) {
  Scene scene;
  scene.prepare = [&](const std::string& name) {
    act(name, R"({"do": "clock", "advance": 90}, {"do": "edit_issue", $, "title": "New )" + next() +
                  R"(", "number": )" + first_open("issue") +
                  R"(}, {"do": "edit_label", $, "name": "label-2", "color": ")" +
                  std::to_string(100'000 + played_) + R"("})");
    receive_deliveries();
    end_everything();
    act(name, R"({"do": "clock", "advance": 90})");
    const auto repository = mirror::find_repository(connection_, id_).value();
    const std::chrono::milliseconds now{0};
    for (const auto& due : mirror::lists_to_settle(connection_, now, now)) {
      scan::Request request;
      request.since = due.since;
      static_cast<void>(
          scan::record_scan(connection_, repository, *scan::find_list(due.list), "all", request));
    }
  };
  scene.kinds = {"mirror_scan"};
  kill_at_each_pass(scene);
  EXPECT_EQ(database_.scalar("select count(*) from github.issue where not is_settled"), "0");
}

// An audit has no place that it could go on from: it asks about its few rows again.
TEST_P(KilledMirror, RepeatsAnAudit) {
  Scene scene;
  scene.issues = 4;
  scene.lost_requests_max = 25;
  scene.prepare = [&](const std::string&) {
    database_.execute(
        "update github.issue set title = 'by hand' where number = 1 and repository_id = " +
        std::to_string(id_));
    // An hour passes, in which it was neither read nor audited.
    database_.execute(
        "set session_replication_role = replica; delete from devy.mirror_audit; "
        "update devy.operation set created_at = created_at - interval '1 hour' "
        "where kind = 'mirror_audit'; "
        "update github.repository set issues_last_scanned_at = issues_last_scanned_at - interval "
        "'1 hour', pull_requests_last_scanned_at = pull_requests_last_scanned_at - interval "
        "'1 hour'");
    ASSERT_EQ(verify::record_audits(connection_, std::chrono::seconds(1)), 1);
  };
  scene.kinds = {"mirror_audit", "mirror_fetch"};
  kill_at_each_pass(scene);
}

INSTANTIATE_TEST_SUITE_P(At, KilledMirror,
                         ::testing::Values("before_mirror_write", "before_mirror_commit"),
                         [](const auto& point) { return std::string(point.param); });

}  // namespace mirror_kill_points_test
}  // namespace devy::testing
