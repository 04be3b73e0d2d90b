// Somebody steps in while an upload runs: another worker, an operator, a newer push, the network.
#include <thread>

#include "core/platform/base/error.hpp"
#include "core/platform/queue/ingest.hpp"
#include "core/platform/queue/rescue.hpp"
#include "tests/support/http/tcp_proxy.hpp"
#include "tests/support/publishing/upload_fixture.hpp"

namespace devy::upload {
namespace interrupted_test {

using testing::block_publish;
using testing::changes_text;
using testing::ending;
using testing::Lines;
using testing::UploadTest;

class InterruptedUpload : public UploadTest {
 protected:
  InterruptedUpload() {
    for (int i = 0; i < 5; ++i)
      write(std::to_string(i) + ".md", "# Post\n");
    before_ = *push_and_publish().commit;
    for (int i = 0; i < 5; ++i)
      write(std::to_string(i) + ".md", "# Post two\n");
    after_ = push();
    untouched_ = digest();
  }

  // Runs it, and acts once: when the step is reported, or after the first file of it.
  publishing::Upload run_and(const base::UploadId& id, const std::string& step, bool is_in_middle,
                             const std::function<void()>& act) {
    bool has_acted = false;
    auto upload = run(id, [&](const queue::Progress& progress) {
      if (has_acted || progress.step != step || (progress.done > 0) != is_in_middle) return;
      has_acted = true;
      act();
    });
    EXPECT_TRUE(has_acted);
    return upload;
  }

  void expect_untouched() {
    EXPECT_EQ(digest(), untouched_);
    expect_head(before_);
  }

  // What a rescuer does when it believes the worker dead.
  void steal_lease(const base::UploadId& id) const {
    execute(
        "select lease_revoke(resource_id, operation_id, fence, 'rescued', 'test', false)"
        " from lease where operation_id = '" +
        id.text() + "'");
  }

  std::string before_, after_, untouched_;
};

TEST_F(InterruptedUpload, PublishesNothingAsAZombie) {
  for (const bool is_in_middle : {false, true}) {
    const auto id = record();
    const auto upload = run_and(id, "publish", is_in_middle, [&] { steal_lease(id); });
    EXPECT_EQ(ending(upload), "verified/worker_lost");
    expect_untouched();
  }
}

TEST_F(InterruptedUpload, StopsAtItsNextStepAsAZombieOfTheFetch) {
  const auto id = record();
  EXPECT_EQ(ending(run_and(id, "fetch", false, [&] { steal_lease(id); })), "verified/worker_lost");
  expect_untouched();
  EXPECT_EQ(ending(run(id)), "completed");
  expect_head(after_);
}

TEST_F(InterruptedUpload, StopsWhenCancelledWhileItFetches) {
  const auto id = record();
  const auto upload =
      run_and(id, "fetch", false, [&] { queue::cancel(connection_, id, false, "not this one"); });
  EXPECT_EQ(ending(upload).substr(0, 9), "cancelled");
  EXPECT_EQ(upload.cancel_reason, "not this one");
  expect_untouched();
}

TEST_F(InterruptedUpload, StopsWhenCancelledWhileItRenders) {
  const auto id = record();
  const auto upload =
      run_and(id, "publish", true, [&] { queue::cancel(connection_, id, false, "not this one"); });
  EXPECT_EQ(upload.state, queue::State::cancelled);
  expect_untouched();
}

// A cancel that comes at a point where no callback is: a trigger in the worker's own transaction.
constexpr const char* cancel_by_trigger = R"sql(
  create function devy.cancel_now() returns trigger language plpgsql as $$
  begin
    update devy.operation set cancel_requested_at = clock_timestamp(), cancel_reason = 'not this one'
     where state = 'processing';
    return null;
  end $$;
  create trigger cancel_now after update or insert on )sql";

class CancelledUpload : public InterruptedUpload,
                        public ::testing::WithParamInterface<const char*> {};

TEST_P(CancelledUpload, EndsWithNothingChanged) {
  const auto id = record();
  execute(cancel_by_trigger + std::string(GetParam()) +
          " for each row execute function devy.cancel_now()");
  EXPECT_EQ(run(id).state, queue::State::cancelled);
  expect_untouched();
}

INSTANTIATE_TEST_SUITE_P(EachStep, CancelledUpload,
                         ::testing::Values("devy.upload", "devy.changeset", "devy.blog"),
                         [](const auto& table) { return std::string(table.param).substr(5); });

TEST_F(InterruptedUpload, EndsOneWayWhenCancelledDuringItsCommit) {
  for (int i = 0; i < 6; ++i) {
    write("0.md", "# Post " + std::to_string(i) + "\n");
    const auto commit = push();
    const auto live = blog().head_commit;
    const auto id = record();
    auto other = pg::Connection::open(conninfo(), config_.database, "operator");
    std::jthread canceller;
    bool is_conflict = false;
    run(id, [&](const queue::Progress& progress) {
      if (progress.step != "publish" || canceller.joinable()) return;
      canceller = std::jthread([&] {
        try {
          queue::cancel(other, id, false, "race");
        } catch (const base::Error& error) {
          is_conflict = error.kind() == base::ErrorKind::conflict;
        }
      });
    });
    canceller.join();
    const auto state = load(id).state;
    EXPECT_EQ(state, is_conflict ? queue::State::completed : queue::State::cancelled);
    EXPECT_EQ(blog().head_commit, is_conflict ? commit : live);
  }
  expect_head(blog().head_commit.value_or(""));
}

TEST_F(InterruptedUpload, StopsAtItsNextStepForANewerPush) {
  const auto id = record();
  std::optional<base::UploadId> newer;
  const auto upload = run_and(id, "fetch", false, [&] { newer = record(); });
  EXPECT_EQ(upload.state, queue::State::cancelled);
  EXPECT_EQ(upload.cancelled_by, newer->text());
  EXPECT_EQ(digest(), untouched_);
  EXPECT_EQ(ending(run(*newer)), "completed");
}

TEST_F(InterruptedUpload, ContinuesWhenTheBlogHasWaitedTooLong) {
  config_.queue.supersede_patience = config::seconds(0);
  const auto id = record();
  std::optional<base::UploadId> newer;
  EXPECT_EQ(ending(run_and(id, "fetch", false, [&] { newer = record(); })), "completed");
  EXPECT_EQ(ending(run(*newer)), "completed");
  EXPECT_EQ(changes_text(load(*newer)), "0 0 0 0 5 0");
}

TEST_F(InterruptedUpload, ContinuesOncePublishBegan) {
  const auto id = record();
  std::optional<base::UploadId> newer;
  EXPECT_EQ(ending(run_and(id, "publish", false, [&] { newer = record(); })), "completed");
  EXPECT_EQ(ending(run(*newer)), "completed");
}

class UploadOverFaultyNetwork : public InterruptedUpload {
 protected:
  UploadOverFaultyNetwork() : proxy_(testing::postgres().socket_path()) {
    conninfo_ = proxy_.conninfo(database_.name());
  }

  testing::TcpProxy proxy_;
};

TEST_F(UploadOverFaultyNetwork, CompletesWhenTheAnswerToItsCommitIsLost) {
  const auto id = record();
  const auto upload = run_and(id, "publish", true, [&] { proxy_.swallow_commit(); });
  EXPECT_EQ(proxy_.commits_swallowed(), 1);
  EXPECT_EQ(ending(upload), "completed");
  EXPECT_EQ(rows("select outcome from attempt where operation_id = '" + id.text() + "'"),
            Lines{"completed"});
}

TEST_F(UploadOverFaultyNetwork, RetriesWhenTheConnectionIsLostWhileRendering) {
  const auto id = record();
  const auto upload = run_and(id, "publish", true, [&] { proxy_.cut(); });
  EXPECT_EQ(upload.state, queue::State::verified);
  EXPECT_EQ(digest(), untouched_);
  make_due();
  EXPECT_EQ(ending(run(id)), "completed");
}

TEST_F(UploadOverFaultyNetwork, PublishesNothingWhenTheConnectionIsLostInTheTransaction) {
  const auto id = record();
  auto locker = pg::Connection::open(database_.conninfo(), config_.database, "locker");
  pg::Transaction lock(locker);
  locker.execute(block_publish);
  std::jthread saboteur([&] {
    EXPECT_TRUE(wait_for_a_blocked_session());
    proxy_.cut();
    lock.rollback();
  });
  const auto upload = run(id);
  saboteur.join();
  EXPECT_EQ(upload.state, queue::State::verified);
  EXPECT_EQ(digest(), untouched_);
  make_due();
  EXPECT_EQ(ending(run(id)), "completed");
}

TEST_F(UploadOverFaultyNetwork, ChangesNothingWhenSilentBeyondItsLease) {
  config_.queue.lease_ttl = config::seconds(2);
  const auto id = record();
  std::jthread rescuer;
  auto other = pg::Connection::open(database_.conninfo(), config_.database, "rescuer");
  run_and(id, "publish", true, [&] {
    proxy_.go_silent();
    rescuer = std::jthread([&] {
      EXPECT_TRUE(wait_for([&] { return queue::rescue_one(other).has_value(); }));
      proxy_.heal();
    });
  });
  rescuer.join();
  EXPECT_EQ(load(id).state, queue::State::verified);
  EXPECT_EQ(digest(), untouched_);
  EXPECT_EQ(ending(run(id)), "completed");
}

}  // namespace interrupted_test
}  // namespace devy::upload
