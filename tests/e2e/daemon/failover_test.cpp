// PostgreSQL goes away under load: restarted, or failed over to a standby. What was acknowledged is
// there afterwards, or, where the operator chose replication that may lose it, healed.
#include <gtest/gtest.h>
#include <sys/stat.h>

#include "tests/e2e/daemon/daemon_fixture.hpp"
#include "tests/support/github/push_sender.hpp"
#include "tests/support/look_again.hpp"
#include "tests/support/time_factor.hpp"

namespace devy::testing {
namespace failover_test {

class Failover : public DaemonFixture {
 protected:
  Failover() {
    write_text(folder_ / "secret", std::string(push_secret) + "\n");
    ::chmod((folder_ / "secret").c_str(), 0600);
    configure_daemon("");
  }
  void TearDown() override {
    standby_.reset();
    postgres().start();
    postgres().commit_synchronously(false);
  }

  void configure_daemon(const std::string& more) {
    configure(
        "[webhook]\nsender_check = \"off\"\nsecrets = "
        "[\"test " +
        (folder_ / "secret") +
        "\"]\n[queue]\nsupersede_patience = \"1s\"\n[reconcile]\nevery = \"1s\"\n" + more);
  }
  void make_blogs(int count) {
    for (int n = 1; n <= count; ++n) {
      const auto blog = new_blog();
      const auto owner = blog.substr(0, blog.find('/'));
      repositories_.push_back({.id = 100 + n,
                               .owner = owner,
                               .name = "blog",
                               .url = server_->url(owner + "/blog.git")});
    }
    // Newly connected blogs give their owners a minute to push.
    database_.execute("update devy.reconcile_schedule set reconcile_at = clock_timestamp()");
  }
  [[nodiscard]] PushSender send_pushes() const { return {listener(), repositories_}; }
  [[nodiscard]] std::string listener() const { return "unix:" + (folder_ / "public"); }
  // Every author writes a post more, and nobody but the sender tells of it.
  void write_posts(const std::string& name) {
    for (std::size_t n = 0; n < authors_.size(); ++n) {
      authors_[n]->write_file(name + ".md", "# " + name + "\n");
      authors_[n]->commit();
      authors_[n]->push(folder_ / ("repositories/" + repositories_[n].owner + "/blog.git"));
    }
  }
  // One that is asked which of the two takes writes.
  [[nodiscard]] std::unique_ptr<Program> start_with_both() const {
    auto call = daemon_call();
    call.environment["DEVY_DB"] = "host=" + postgres().paths().socket_directory + "," +
                                  standby_->paths().socket_directory +
                                  " port=5432,5432 user=devy dbname=" + database_.name();
    return start_busy(call);
  }
  // One that will do so much that its test could not read of all of it.
  [[nodiscard]] static std::unique_ptr<Program> start_busy(ProgramCall call) {
    call.environment["DEVY_LOG_LEVEL"] = "info";
    call.timeout = std::chrono::seconds(120);
    auto daemon = std::make_unique<Program>(call);
    daemon->wait_for("event=\"daemon ready\"");
    return daemon;
  }
  void fail_over() {
    postgres().stop(cluster::StopMode::immediate);
    standby_->start();
    standby_->promote();
    database_.move_to(*standby_);
  }
  void wait_until(const std::string& sql, long wanted) const {
    const auto until = std::chrono::steady_clock::now() + time_factor * std::chrono::seconds(60);
    for (; database_.number(sql) != wanted; pause_before_looking_again())
      if (std::chrono::steady_clock::now() > until)
        throw std::runtime_error("it never was " + std::to_string(wanted) + ": " + sql);
  }
  // Nothing waits and nothing runs, and every blog shows so many posts.
  void wait_until_all_show(int posts) const {
    wait_until("select count(*) from devy.post", posts * static_cast<long>(repositories_.size()));
    wait_until("select count(*) from devy.operation where finished_at is null", 0);
  }
  // Of the acknowledged pushes those that are not there, or whose upload is not.
  [[nodiscard]] long missing_of(const std::vector<SentPush>& pushes) const {
    std::string guids;
    for (const auto& push : pushes)
      if (push.is_acknowledged()) guids += (guids.empty() ? "('" : "), ('") + push.guid + "'";
    return database_.number(
        "select count(*) from (values " + guids +
        ")) as acknowledged (guid) where not exists (select from devy.delivery d"
        " join devy.upload u on u.delivery_guid = d.guid"
        " where d.guid = acknowledged.guid::uuid)");
  }

  std::vector<PayloadRepository> repositories_;
  std::unique_ptr<PostgresServer> standby_;
};

TEST_F(Failover, LosesNothingThatWasAcknowledgedWithSynchronousReplication) {
  make_blogs(4);
  standby_ = PostgresServer::standby_of(postgres());
  postgres().commit_synchronously(true);
  const auto daemon = start_with_both();
  auto sender = send_pushes();
  sender.wait_for_acknowledged(40);
  fail_over();
  write_posts("after");
  sender.wait_for_acknowledged(40);
  sender.stop();
  wait_until_all_show(2);
  EXPECT_EQ(missing_of(sender.sent()), 0);
  EXPECT_EQ(broken_promises(), std::vector<std::string>{});
  stop(*daemon);
}

TEST_F(Failover, RecoversWhatAsynchronousReplicationLost) {
  make_blogs(4);
  standby_ = PostgresServer::standby_of(postgres());
  const auto daemon = start_with_both();
  wait_until_all_show(1);
  // The standby knows of an upload that runs, and of nothing that follows.
  door_.close();
  write_posts("replicated");
  const auto running = send_push(listener(), repositories_.front(), 1'000'000);
  EXPECT_EQ(running.status, 202);
  door_.wait_for_visitors(static_cast<int>(repositories_.size()) + 1);
  standby_->stop(cluster::StopMode::fast);
  door_.open();
  auto sender = send_pushes();
  sender.wait_for_acknowledged(40);
  sender.stop();
  wait_until_all_show(2);
  EXPECT_EQ(missing_of(sender.sent()), 0);

  fail_over();
  EXPECT_GT(missing_of(sender.sent()), 0);
  EXPECT_LT(database_.number("select count(*) from devy.post"), 8);
  wait_until_all_show(2);
  EXPECT_EQ(broken_promises(), std::vector<std::string>{});
  stop(*daemon);
}

// The standby is away: what waits for it is not safe, however long it waits.
TEST_F(Failover, AcknowledgesNothingThatTheStandbyDoesNotHave) {
  configure_daemon("[database]\nstatement_timeout = \"1s\"\n");
  make_blogs(1);
  standby_ = PostgresServer::standby_of(postgres());
  postgres().commit_synchronously(true);
  const auto daemon = start_with_both();
  EXPECT_EQ(send_push(listener(), repositories_.front(), 1).status, 202);
  // So that the next one waits for the standby alone.
  wait_until_all_show(1);
  standby_->stop(cluster::StopMode::fast);
  EXPECT_EQ(send_push(listener(), repositories_.front(), 2).status, 503);
  standby_->start();
  stop(*daemon);
}

TEST_F(Failover, RefusesAStandbyAlone) {
  standby_ = PostgresServer::standby_of(postgres());
  configure_daemon("[daemon]\nstart_timeout = 0\n");
  auto call = daemon_call();
  call.environment["DEVY_DB"] = standby_->conninfo(database_.name());
  const auto daemon = run_program(call);
  EXPECT_EQ(daemon.status, 69);
  EXPECT_NE(daemon.err.find("hint=\"This is a standby"), std::string::npos) << daemon.err;
  call.program = "devy-upload";
  for (const std::string verb : {"list", "poll"}) {
    call.arguments = {verb};
    const auto result = run_program(call);
    EXPECT_EQ(result.status, 7) << verb;
    EXPECT_NE(result.err.find("hint: This is a standby"), std::string::npos) << result.err;
  }
}

TEST_F(Failover, ReportsNoSuccessDuringARestart) {
  make_blogs(4);
  const auto daemon = start_busy(daemon_call());
  auto sender = send_pushes();
  for (int restart = 0; restart < 3; ++restart) {
    sender.wait_for_acknowledged(30);
    postgres().stop(cluster::StopMode::immediate);
    const auto down_since = std::chrono::steady_clock::now();
    write_posts("during" + std::to_string(restart));
    sender.wait_for_refused(10);
    const auto down_until = std::chrono::steady_clock::now();
    postgres().start();
    for (const auto& push : sender.sent()) {
      if (push.sent_at < down_since || push.answered_at > down_until) continue;
      EXPECT_EQ(push.status, 503) << push.guid;
    }
  }
  sender.wait_for_acknowledged(30);
  sender.stop();
  wait_until_all_show(4);
  EXPECT_EQ(missing_of(sender.sent()), 0);
  EXPECT_EQ(broken_promises(), std::vector<std::string>{});
  stop(*daemon);
}

}  // namespace failover_test
}  // namespace devy::testing
