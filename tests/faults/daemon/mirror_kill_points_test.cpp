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
#include "core/platform/webhook/intake.hpp"
#include "tests/e2e/cli/mirror_fixture.hpp"

namespace devy::testing {
namespace mirror_kill_points_test {

// Fault points that are passed in one run, at most; and runs that end what a killed one left.
constexpr int passes_max = 60, rounds_max = 6;

// The parameter is a fault point.
class KilledMirror : public mirror_test::MirrorCommands,
                     public ::testing::WithParamInterface<const char*> {
 protected:
  KilledMirror() : connection_(pg::Connection::open(database_.conninfo(), {}, "test")) {
    // Its clock is put forward for each of many repositories.
    github_.control(
        R"([{"do": "clock", "advance": -36000}, {"do": "webhooks", "recorded": true}])");
    settings_.mirror.enabled = true;
  }

  // A repository with a second page of issues.
  std::string new_repository(int issues) {
    const auto name = "alice/copy-" + std::to_string(++repositories_);
    id_ = mirror_test::Document::parse(github_.control(
        R"([{"do": "fill", "repository": ")" + name + R"(", "issues": )" + std::to_string(issues) +
        R"(, "pulls": 3, "labels": 3, "milestones": 1, "users": 3, "files_per_pull": 1, "seed": 7},
           {"do": "clock", "advance": 60}])"))[0]["id"];
    github_.forget_deliveries();
    return name;
  }

  // Adds it, and reads all of it.
  void mirror(const std::string& name) const {
    const auto added = run({"mirror", "add", name, "--here"});
    ASSERT_EQ(added.status, 0) << added.err;
    ASSERT_EQ(differences(name), "");
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
    return database_.scalar("select min(number) from github." + of + " where state = 'open' and " +
                            (of == "issue" ? "not is_pull_request and " : "") +
                            "repository_id = " + std::to_string(id_));
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

  void end_everything() const {
    for (int round = 0; round < rounds_max; ++round) {
      database_.execute(
          "update devy.operation set run_at = clock_timestamp() where state = 'verified'");
      ASSERT_EQ(run({"poll", "--once"}).status, 0);
      if (database_.scalar("select count(*) from devy.operation where finished_at is null") == "0")
        return;
    }
    FAIL() << "operations do not end";
  }

  struct Scene {
    std::function<void(const std::string& repository)> prepare;
    int issues = 103;
    std::set<std::string> kinds = {};  // of operations that are killed
    int lost_requests_max = 1;         // a kill
    std::string repository_in_facts = {};
  };
  // Has a runner killed at its first pass of the point, at its second, and so on.
  void kill_at_each_pass(const Scene& scene) {
    const auto first = new_repository(scene.issues);
    scene.prepare(first);
    if (HasFatalFailure()) return;
    github_.forget_requests();
    end_everything();
    const int usual_requests = requests();
    ASSERT_EQ(differences(first), "");
    std::set<std::string> killed;
    for (int pass = 1; pass < passes_max; ++pass) {
      SCOPED_TRACE(std::string(GetParam()) + ":" + std::to_string(pass));
      const auto name = new_repository(scene.issues);
      scene.prepare(name);
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

  pg::Connection connection_;
  config::Config settings_;
  mirror::Subscriber subscriber_;
  std::int64_t id_ = 0;
  int repositories_ = 0;
};

TEST_P(KilledMirror, GoesOnWithALoad) {
  Scene scene;
  scene.prepare = [&](const std::string& name) {
    ASSERT_EQ(run({"mirror", "add", name}).status, 0);
  };
  scene.kinds = {"mirror_fetch", "mirror_part", "mirror_scan"};
  kill_at_each_pass(scene);
}

// A row that GitHub does not know takes two requests: whether the repository can be seen, too.
TEST_P(KilledMirror, GoesOnWithASweep) {
  Scene scene;
  scene.issues = 6;
  scene.lost_requests_max = 2;
  scene.prepare = [&](const std::string& name) {
    mirror(name);
    act(name, R"({"do": "clock", "advance": 90}, {"do": "create_pull", $, "title": "New"},
      {"do": "delete_issue", $, "number": )" +
                  first_open("issue") + R"(}, {"do": "delete_label", $, "name": "label-2"})");
    for (const auto* list : {"/issues", "/labels", "/pulls"})
      ASSERT_EQ(run({"mirror", "load", name + list}).status, 0);
  };
  scene.kinds = {"mirror_scan", "mirror_sweep"};
  kill_at_each_pass(scene);
}

TEST_P(KilledMirror, GoesOnWithDeliveries) {
  Scene scene;
  scene.issues = 6;
  scene.prepare = [&](const std::string& name) {
    mirror(name);
    act(name,
        R"({"do": "clock", "advance": 90}, {"do": "edit_issue", $, "title": "New", "number": )" +
            first_open("issue") + R"(},
      {"do": "edit_label", $, "name": "label-2", "color": "00ff00"},
      {"do": "push_pull", $, "files": ["new.txt"], "number": )" +
            first_open("pull_request") + "}");
    receive_deliveries();
  };
  scene.kinds = {"mirror_document", "mirror_part", "mirror_scan"};
  kill_at_each_pass(scene);
}

TEST_P(KilledMirror, GoesOnWithTheEndOfARepository) {
  Scene scene;
  scene.issues = 6;
  scene.prepare = [&](const std::string& name) {
    mirror(name);
    act(name, R"({"do": "clock", "advance": 90}, {"do": "delete_repository", $})");
    receive_deliveries();
  };
  scene.kinds = {"mirror_fetch"};
  kill_at_each_pass(scene);
}

TEST_P(KilledMirror, GoesOnWithSettling) {
  Scene scene;
  scene.issues = 6;
  scene.prepare = [&](const std::string& name) {
    mirror(name);
    act(name, R"({"do": "edit_issue", $, "title": "New", "number": )" + first_open("issue") + R"(},
                 {"do": "edit_label", $, "name": "label-2", "color": "00ff00"})");
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
  scene.prepare = [&](const std::string& name) {
    mirror(name);
    database_.execute(
        "update github.issue set title = 'by hand' where number = 1 and repository_id = " +
        std::to_string(id_));
    database_.execute("delete from devy.mirror_audit");
    database_.execute("update github.repository set is_mirrored = id = " + std::to_string(id_));
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
