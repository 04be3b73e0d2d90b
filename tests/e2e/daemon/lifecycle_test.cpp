// How the daemon starts, reloads and stops, and what its service manager hears of it.
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>

#include "core/platform/http/server/server.hpp"
#include "core/platform/process/confinement.hpp"
#include "tests/e2e/daemon/daemon_fixture.hpp"
#include "tests/support/github/push_sender.hpp"

namespace devy::testing {
namespace lifecycle_test {

class Lifecycle : public DaemonFixture {};

int status_of(ProgramCall call, std::vector<std::string> arguments, std::string* said = nullptr) {
  call.arguments = std::move(arguments);
  const auto result = run_program(call);
  if (said != nullptr) *said = result.err;
  return result.status;
}

TEST_F(Lifecycle, PublishesWhatIsRecordedAndStopsAtSigterm) {
  const auto blog = new_blog();
  const auto early = trigger(blog);
  auto daemon = start();
  wait_until_ended(*daemon, early, 1, "completed");
  authors_[0]->write_file("second.md", "# Second\n");
  authors_[0]->commit("Write another");
  authors_[0]->push(folder_ / "repositories/user1/blog.git");
  const auto late = trigger(blog);
  wait_until_ended(*daemon, late, 1, "completed");
  stop(*daemon);
  EXPECT_EQ(broken_promises(), std::vector<std::string>{});
  EXPECT_EQ(database_.number("select count(*) from devy.post"), 2);
  EXPECT_EQ(database_.number("select count(*) from devy.daemon"), 0);
}

TEST_F(Lifecycle, NotifiesItsServiceManager) {
  auto call = daemon_call();
  call.environment["WATCHDOG_USEC"] = "600000";
  Program daemon(call);
  service_manager_.wait_for("READY=1");
  service_manager_.wait_for("STATUS=0 running, 0 queued, 1 idle workers");
  service_manager_.wait_for("WATCHDOG=1", 3);
  daemon.send_signal(SIGHUP);
  service_manager_.wait_for("RELOADING=1\nMONOTONIC_USEC=");
  service_manager_.wait_for("READY=1", 2);
  stop(daemon);
  service_manager_.wait_for("STOPPING=1\nSTATUS=stopping\nEXTEND_TIMEOUT_USEC=");
}

// Listener, admin, maintenance and a worker. The supervisor itself is not: it starts them.
TEST_F(Lifecycle, ConfinesEachOfItsProcesses) {
  const auto daemon = start();
  const auto id = std::to_string(daemon->pid());
  std::ifstream children("/proc/" + id + "/task/" + id + "/children");
  std::vector<std::string> filters;
  for (std::string child; children >> child;) {
    std::ifstream status("/proc/" + child + "/status");
    for (std::string line; std::getline(status, line);)
      if (line.starts_with("Seccomp:")) filters.push_back(line.substr(9));
  }
  EXPECT_GE(filters.size(), 4U);
  for (const auto& filter : filters)
    EXPECT_EQ(filter, process::can_confine() ? "2" : "0");
  stop(*daemon);
}

TEST_F(Lifecycle, FinishesRunningUploadsWhenItDrains) {
  const auto blog = new_blog(), other = new_blog();
  auto daemon = start();
  const auto running = trigger_and_hold(blog);
  daemon->send_signal(SIGTERM);
  daemon->wait_for("event=\"draining\" running=1");
  wait_for_answer("/readyz", 503, "draining");
  const auto waiting = trigger(other);
  door_.open();
  EXPECT_EQ(daemon->wait().status, 0);
  EXPECT_EQ(fate_of(running), "1 completed");
  EXPECT_EQ(fate_of(waiting), "0 verified");
  service_manager_.wait_for("STOPPING=1");
}

TEST_F(Lifecycle, ReturnsRunningUploadsAtASecondSigterm) {
  const auto blog = new_blog();
  auto daemon = start();
  const auto id = trigger_and_hold(blog);
  daemon->send_signal(SIGTERM);
  daemon->wait_for("event=\"draining\"");
  daemon->send_signal(SIGTERM);
  EXPECT_EQ(daemon->wait().status, 0);
  EXPECT_EQ(fate_of(id), "0 verified");
  EXPECT_EQ(database_.scalar("select outcome from devy.attempt"), "interrupted");
}

TEST_F(Lifecycle, ReturnsRunningUploadsWhenTheDrainTimeIsOver) {
  configure("[daemon]\ndrain_time = 1\n");
  const auto blog = new_blog();
  auto daemon = start();
  const auto id = trigger_and_hold(blog);
  const auto log = stop(*daemon);
  EXPECT_NE(log.find("event=\"drain time exceeded\" running=1"), std::string::npos) << log;
  EXPECT_EQ(fate_of(id), "0 verified");
}

TEST_F(Lifecycle, LoadsANewConfigurationButNoBrokenOne) {
  const auto blog = new_blog();
  auto daemon = start();
  const auto id = trigger_and_hold(blog);
  configure("[workers]\nmin = 2\nmax = none\n");
  daemon->send_signal(SIGHUP);
  daemon->wait_for("event=\"configuration refused\" where=\"" + folder_.path() +
                   "/devy-upload.toml:11:");
  daemon->wait_for("event=\"configuration not reloaded\"");
  wait_for_answer("/metrics", 200, "devy_config_reload_successful 0");
  // Nor one that is not there.
  std::filesystem::rename(folder_ / "devy-upload.toml", folder_ / "away.toml");
  daemon->send_signal(SIGHUP);
  daemon->wait_for("event=\"configuration not reloaded\" error=\"unable to read", 1);
  configure("[workers]\nmin = 2\n");
  daemon->send_signal(SIGHUP);
  daemon->wait_for("event=\"configuration reloaded\"");
  wait_for_answer("/metrics", 200, "devy_workers{busy=\"false\"} 2");
  wait_for_answer("/metrics", 200, "devy_config_reload_successful 1");
  // The upload of a worker with the old settings goes on to its end.
  door_.open();
  wait_until_ended(*daemon, id, 1, "completed");
  stop(*daemon);
}

TEST_F(Lifecycle, StartsNoUploadWithoutScratchSpace) {
  configure("[limits]\nscratch_free_bytes_min = \"1024GiB\"\n");
  const auto blog = new_blog();
  auto daemon = start();
  const auto id = trigger(blog);
  daemon->wait_for("event=\"scratch space exhausted\"");
  wait_for_answer("/readyz", 503, "runtime_directory: less than 1048576 MiB are free");
  wait_for_answer("/metrics", 200, "devy_operations{kind=\"upload\",state=\"verified\"} 1");
  EXPECT_EQ(fate_of(id), "0 verified");
  configure("");
  daemon->send_signal(SIGHUP);
  wait_until_ended(*daemon, id, 1, "completed");
  wait_for_answer("/readyz", 200, "");
  stop(*daemon);
}

TEST_F(Lifecycle, UsesTheSocketsItIsGiven) {
  const auto socket = server::bind_socket("unix:" + (folder_ / "given"));
  auto call = daemon_call();
  call.sockets = {socket.get()};
  call.socket_names = "admin";
  Program daemon(call);
  daemon.wait_for("role=\"admin\" address=\"unix:" + (folder_ / "given"));
  stop(daemon);
}

TEST_F(Lifecycle, LeavesNoProcessBehindWhenItIsKilled) {
  const auto blog = new_blog();
  auto daemon = start();
  const auto id = trigger_and_hold(blog);
  daemon->send_signal(SIGKILL);
  // Its log ends only when the last child has closed it.
  EXPECT_EQ(daemon->wait().status, 128 + SIGKILL);
  door_.open();
  daemon = start();
  wait_until_ended(*daemon, id, 2, "completed");
  stop(*daemon);
  EXPECT_EQ(broken_promises(), std::vector<std::string>{});
}

// An operator upgrades: what this daemon runs is given back by the migration, and it begins nothing
// more.
TEST_F(Lifecycle, EndsWhenItsDatabaseIsMigrated) {
  const auto blog = new_blog(), other = new_blog();
  auto daemon = start();
  const auto running = trigger_and_hold(blog);
  const auto waiting = trigger(other);
  database_.execute(
      "begin; insert into devy.schema_version (version) values (1000); select "
      "devy.operation_release(array(select worker from devy.lease), 'interrupted'); commit");
  daemon->wait_for("event=\"schema mismatch\"");
  wait_for_answer("/readyz", 503, "schema");
  door_.open();
  const auto result = daemon->wait();
  EXPECT_EQ(result.status, 78);
  EXPECT_EQ(fate_of(running), "0 verified");
  EXPECT_EQ(fate_of(waiting), "0 verified");
  database_.execute("delete from devy.schema_version where version = 1000");
  daemon = start();
  wait_until_ended(*daemon, running, 1, "completed");
  wait_until_ended(*daemon, waiting, 1, "completed");
  stop(*daemon);
  EXPECT_EQ(broken_promises(), std::vector<std::string>{});
}

TEST_F(Lifecycle, ShowsByItsExitStatusWhyItCannotStart) {
  auto call = daemon_call();
  std::string said;
  EXPECT_EQ(status_of(call, {"--colour"}, &said), 78);
  EXPECT_NE(said.find("unknown argument"), std::string::npos) << said;
  EXPECT_EQ(status_of(call, {"-c", folder_ / "missing.toml"}), 78);
  configure("[daemon]\nstart_timeout = 0\n");
  const auto nowhere = "host=" + folder_.path() + " dbname=devy";
  EXPECT_EQ(status_of(call, {"--db", nowhere}, &said), 69);
  EXPECT_NE(said.find("hint="), std::string::npos) << said;
  // The server knows no such user, or the user may not read what is there.
  EXPECT_EQ(status_of(call, {"--db", database_.conninfo() + " user=stranger"}, &said), 77);
  EXPECT_NE(said.find("hint="), std::string::npos) << said;
  database_.execute(
      "do $$ begin if not exists (select from pg_roles where rolname = 'devy_nobody') then "
      "create role devy_nobody; end if; end $$");
  EXPECT_EQ(
      status_of(call, {"--db", database_.conninfo() + " options='-c role=devy_nobody'"}, &said),
      77);
  EXPECT_NE(said.find("permission denied"), std::string::npos) << said;
  const TestDatabase empty(Contents::nothing);
  EXPECT_EQ(status_of(call, {"--db", empty.conninfo()}, &said), 78);
  EXPECT_NE(said.find("devy-upload db init"), std::string::npos) << said;
  database_.execute("insert into devy.schema_version (version) values (1000)");
  EXPECT_EQ(status_of(call, {}, &said), 78);
  EXPECT_NE(said.find("Upgrade devy-upload"), std::string::npos) << said;
  database_.execute("delete from devy.schema_version where version = 1000");
  empty.load(std::string(DEVY_TAGGED_SCHEMAS) + "/schema_1.sql");
  EXPECT_EQ(status_of(call, {"--db", empty.conninfo()}, &said), 78);
  EXPECT_NE(said.find("devy-upload db migrate"), std::string::npos) << said;
  write_text(folder_ / "devy-upload.toml",
             "[admin]\naddress = \"127.0.0.1:" + std::to_string(server_->port()) + "\"\n");
  EXPECT_EQ(status_of(call, {}, &said), 75);
  EXPECT_NE(said.find("in use"), std::string::npos) << said;
}

// Wrong, and nowhere repeated.
TEST_F(Lifecycle, SaysThatItsPasswordIsWrong) {
  const auto access = postgres().paths().data_directory + "/pg_hba.conf";
  const auto before = read_text(access);
  write_text(access, "local all locked scram-sha-256\n" + before);
  database_.execute("create role locked login password 'another'; select pg_reload_conf()");
  auto call = daemon_call();
  configure("[daemon]\nstart_timeout = 0\n");
  std::string said;
  call.environment["PGPASSWORD"] = "not-this-one";
  const auto conninfo = database_.conninfo() + " user=locked";
  EXPECT_EQ(status_of(call, {"--db", conninfo}, &said), 77);
  EXPECT_NE(said.find("Check the user, the password"), std::string::npos) << said;
  EXPECT_EQ(said.find("not-this-one"), std::string::npos) << said;
  call.program = "devy-upload";
  EXPECT_EQ(status_of(call, {"list", "--db", conninfo}, &said), 6);
  EXPECT_EQ(said.find("not-this-one"), std::string::npos) << said;
  database_.execute("drop role locked");
  write_text(access, before);
  database_.execute("select pg_reload_conf()");
}

TEST_F(Lifecycle, WaitsAtItsStartForAnUnreachableDatabase) {
  postgres().stop();
  Program daemon(daemon_call());
  daemon.wait_for("event=\"waiting for the database\"");
  service_manager_.wait_for("STATUS=waiting for the database");
  postgres().start();
  daemon.wait_for("event=\"daemon ready\"");
  stop(daemon);
}

TEST_F(Lifecycle, NeedsNoMoreRightsThanItsRolesHave) {
  const auto blog = new_blog();
  auto call = daemon_call();
  call.program = "devy-upload";
  EXPECT_EQ(status_of(call, {"db", "roles"}), 0);
  const auto conninfo_of = [&](const std::string& role) {
    return role + "_conninfo = \"" + database_.conninfo() + " options='-c role=devy_" + role +
           "'\"\n";
  };
  write_text(folder_ / "secret", std::string(push_secret) + "\n");
  ::chmod((folder_ / "secret").c_str(), 0600);
  configure("[database]\n" + conninfo_of("listener") + conninfo_of("worker") +
            conninfo_of("metrics") +
            "[reconcile]\nevery = \"1s\"\n[webhook]\nsender_check = \"off\"\nsecrets = [\"test " +
            (folder_ / "secret") + "\"]\n");
  auto daemon = start();
  wait_until_ended(*daemon, trigger(blog), 1, "completed");
  wait_for_answer("/metrics", 200, "devy_push_to_visible_seconds_count 1");
  // The listener takes a push, and news of the repository; the maintenance finds what nobody told
  // of, and verifies.
  PayloadRepository repository{.id = 42, .owner = "user1", .name = "blog"};
  repository.url = server_->url("user1/blog.git");
  EXPECT_EQ(send_push("unix:" + (folder_ / "public"), repository, 1).status, 202);
  wait_for_answer("/metrics", 200, "devy_push_to_visible_seconds_count 2");
  authors_[0]->write_file("untold.md", "# Untold\n");
  authors_[0]->commit();
  authors_[0]->push(folder_ / "repositories/user1/blog.git");
  database_.execute(
      "update devy.reconcile_schedule set reconcile_at = clock_timestamp(), verify_at = "
      "clock_timestamp()");
  daemon->wait_for("event=\"missed push found\"");
  wait_for_answer("/metrics", 200, "devy_push_to_visible_seconds_count 3");
  const auto log = stop(*daemon);
  EXPECT_EQ(log.find("permission denied"), std::string::npos) << log;
  EXPECT_EQ(broken_promises(), std::vector<std::string>{});
}

TEST_F(Lifecycle, OutlivesItsDatabase) {
  const auto blog = new_blog();
  auto daemon = start();
  EXPECT_EQ(get("/healthz").status, 200);
  wait_for_answer("/readyz", 200, "{\"ready\":true,\"reasons\":[]}");
  postgres().stop();
  wait_for_answer("/readyz", 503, "database: ");
  wait_for_answer("/metrics", 200, "devy_db_up 0");
  EXPECT_EQ(get("/healthz").status, 200);
  postgres().start();
  wait_for_answer("/readyz", 200, "");
  wait_for_answer("/metrics", 200, "devy_db_retries_total{sqlstate_class=\"08\"} ");
  const auto id = trigger(blog);
  wait_until_ended(*daemon, id, 1, "completed");
  stop(*daemon);
}

}  // namespace lifecycle_test
}  // namespace devy::testing
