// What the remote may do to an upload: each with its end, its code, a hint, and no folder left.
#include <fstream>

#include "core/publishing/reconcile/audit.hpp"
#include "tests/support/git/git_run.hpp"
#include "tests/support/publishing/upload_fixture.hpp"

namespace devy::upload {
namespace remote_test {

using testing::changes_text;
using testing::ending;
using testing::Lines;
using testing::UploadTest;

class RemoteUpload : public UploadTest {
 protected:
  RemoteUpload() {
    write("a.md", "# A\n");
    live_ = push();
    publish();
    write("a.md", "# A two\n");
  }

  // What is pushed now is never fetched.
  publishing::Upload publish_with(const std::function<void(testing::Faults&)>& fault) {
    push();
    server_.misbehave(fault);
    auto upload = publish();
    EXPECT_FALSE(upload.error_hint.value_or("").empty());
    EXPECT_EQ(clone_folders(), Lines());
    expect_head(live_);
    return upload;
  }

  std::string live_;
};

TEST_F(RemoteUpload, FetchesNothingWhenTheTipIsLive) {
  const auto packs = server_.counters().upload_packs;
  expect_head(live_);
  const auto before = digest();
  const auto upload = publish();
  EXPECT_EQ(ending(upload), "completed");
  EXPECT_EQ(changes_text(upload), "0 0 0 0 1 0");
  EXPECT_EQ(upload.commit, live_);
  EXPECT_EQ(server_.counters().upload_packs, packs);
  EXPECT_EQ(digest(), before);
}

TEST_F(RemoteUpload, IsADuplicateWhenTriggeredForTheLiveCommit) {
  expect_head(live_);
  publishing::UploadRequest request;
  request.announced_commit = live_;
  const auto upload = load(record(request));
  EXPECT_EQ(ending(upload), "duplicate");
  EXPECT_TRUE(upload.duplicate_of.has_value());
}

TEST_F(RemoteUpload, FailsAtOnceForAFinalStatus) {
  for (const int status : {401, 403, 404}) {
    const auto upload = publish_with([&](testing::Faults& faults) { faults.status = status; });
    EXPECT_EQ(ending(upload),
              status == 404 ? "failed/repository_not_found" : "failed/authentication_required");
    EXPECT_EQ(upload.attempt, 1);
  }
}

TEST_F(RemoteUpload, RetriesForATemporaryStatus) {
  const auto upload = publish_with([](testing::Faults& faults) { faults.status = 500; });
  EXPECT_EQ(ending(upload), "verified/remote_unavailable");
  EXPECT_GT(upload.run_at, upload.created_at);
  server_.behave();
  make_due();
  const auto again = run(upload.id);
  EXPECT_EQ(ending(again), "completed");
  EXPECT_EQ(again.attempt, 2);
  EXPECT_EQ(rows("select outcome from attempt where operation_id = '" + upload.id.text() +
                 "' order by number"),
            (Lines{"retry", "completed"}));
  expect_head(author_.head());
}

TEST_F(RemoteUpload, LosesNoAttemptToARateLimit) {
  const auto upload = publish_with([](testing::Faults& faults) { faults.status = 429; });
  EXPECT_EQ(ending(upload), "verified/rate_limited");
  EXPECT_EQ(upload.attempt, 0);
}

TEST_F(RemoteUpload, WaitsAsLongAsTheServerAsks) {
  for (const int status : {429, 503}) {
    const auto upload = publish_with([&](testing::Faults& faults) {
      faults.status = status;
      faults.extra_header = "Retry-After: 1800";
    });
    EXPECT_EQ(ending(upload),
              status == 429 ? "verified/rate_limited" : "verified/remote_unavailable");
    const auto wait = value(
        "select extract(epoch from run_at - (select max(ended_at) from attempt where operation_id ="
        " id))::integer / 10 from operation where id = '" +
        upload.id.text() + "'");
    EXPECT_EQ(wait, "180");
    // Whose trouble it is can be read, and nobody's credentials.
    EXPECT_NE(upload.error_text.value_or("").find(blog().repository_url), std::string::npos);
    EXPECT_EQ(upload.error_text.value_or("").find('@'), std::string::npos);
  }
}

TEST_F(RemoteUpload, FailsWhenTheAttemptsAreUsedUp) {
  push();
  server_.misbehave([](testing::Faults& faults) { faults.closes = true; });
  publishing::UploadRequest request;
  request.max_attempts = 2;
  const auto upload = publish(request);
  make_due();
  EXPECT_EQ(ending(run(upload.id)), "failed/remote_unavailable");
  expect_head(live_);
}

TEST_F(RemoteUpload, RetriesLaterWhenTheServerIsSilent) {
  config_.limits.fetch_stall = config::seconds(1);
  const auto upload = publish_with([](testing::Faults& faults) { faults.is_silent = true; });
  EXPECT_EQ(ending(upload), "verified/fetch_stalled");
}

TEST_F(RemoteUpload, RetriesAfterATruncatedPack) {
  const auto upload = publish_with([](testing::Faults& faults) { faults.pack_bytes = 200; });
  EXPECT_EQ(ending(upload), "verified/pack_broken");
}

TEST_F(RemoteUpload, PublishesAnExplicitCommit) {
  const auto second = push();
  write("a.md", "# A three\n");
  push();
  server_.misbehave([](testing::Faults& faults) { faults.allows_any_commit = true; });
  publishing::UploadRequest request;
  request.commit = second;
  const auto upload = publish(request);
  EXPECT_EQ(ending(upload), "completed");
  EXPECT_EQ(upload.commit, second);
  expect_head(second);
}

TEST_F(RemoteUpload, FailsForAMissingCommit) {
  push();
  publishing::UploadRequest request;
  request.commit = std::string(40, 'a');
  EXPECT_EQ(ending(publish(request)), "failed/commit_gone");
  expect_head(live_);
}

TEST_F(RemoteUpload, PublishesTheRequestedBranch) {
  author_.new_branch("preview");
  const auto preview = push();
  publishing::UploadRequest request;
  request.ref = "preview";
  EXPECT_EQ(publish(request).commit, preview);
}

TEST_F(RemoteUpload, FollowsARenamedRepository) {
  testing::make_bare_repository(folder_ / "srv/alice/renamed.git");
  author_.commit();
  author_.push(folder_ / "srv/alice/renamed.git");
  server_.misbehave([&](testing::Faults& faults) {
    faults.redirects["/alice/blog.git"] = server_.url("alice/renamed.git");
  });
  EXPECT_EQ(ending(publish()), "completed");
  EXPECT_EQ(blog().repository_url, server_.url("alice/renamed.git"));
  expect_head(author_.head());
}

TEST_F(RemoteUpload, FollowsAChangeOfTheDefaultBranch) {
  author_.new_branch("trunk");
  const auto trunk = push();
  testing::git({"-C", bare(), "symbolic-ref", "HEAD", "refs/heads/trunk"});
  EXPECT_EQ(publish().commit, trunk);
  EXPECT_EQ(blog().default_branch, "trunk");
}

TEST_F(RemoteUpload, NeedsTheTokenForAPrivateRepository) {
  const auto require_token = [](testing::Faults& faults) { faults.token = "secret-token-1"; };
  const auto refused = publish_with(require_token);
  EXPECT_EQ(ending(refused), "failed/authentication_required");
  EXPECT_EQ(value("select count(*) from attempt where error_text like '%secret-token%'"), "0");
}

TEST_F(RemoteUpload, IsRecordedByReconcileWhenACommitWasMissed) {
  const auto second = push();
  const auto found = reconcile::reconcile(connection_, config_, blog(), "test", asker_);
  EXPECT_EQ(found.note, "upload recorded");
  EXPECT_EQ(found.tip, second);
  ASSERT_TRUE(found.upload.has_value());
  EXPECT_EQ(reconcile::reconcile(connection_, config_, blog(), "test", asker_).note,
            "already waiting");
  EXPECT_EQ(ending(run(*found.upload)), "completed");
  EXPECT_EQ(reconcile::reconcile(connection_, config_, blog(), "test", asker_).note, "up to date");
}

TEST_F(RemoteUpload, IsNotRecordedByReconcileSoonAfterAFailure) {
  write("devy.toml", "root = 7\n");
  push();
  expect_head(live_);
  const auto first = reconcile::reconcile(connection_, config_, blog(), "test", asker_);
  ASSERT_TRUE(first.upload.has_value());
  EXPECT_EQ(ending(run(*first.upload)), "failed/settings_broken");
  const auto again = reconcile::reconcile(connection_, config_, blog(), "test", asker_);
  EXPECT_EQ(again.note, "failed at this commit");
  EXPECT_EQ(again.upload, first.upload);
  execute("update operation set finished_at = finished_at - interval '2 hours'");
  EXPECT_EQ(reconcile::reconcile(connection_, config_, blog(), "test", asker_).note,
            "upload recorded");
}

TEST_F(RemoteUpload, IsVerifiedByComparisonWithTheTree) {
  expect_head(live_);
  EXPECT_TRUE(reconcile::verify(connection_, config_, blog(), {}).is_ok);
  execute("update post set path = 'b.md'");
  const auto found = reconcile::verify(connection_, config_, blog(), {});
  EXPECT_FALSE(found.is_ok);
  EXPECT_EQ(found.extra, Lines{"b.md"});
  EXPECT_EQ(found.missing, Lines{"a.md"});
  execute("update post set path = 'a.md'");
}

TEST_F(RemoteUpload, ChangesNothingInAPreview) {
  expect_head(live_);
  author_.rename("a.md", "b.md");
  author_.commit();
  author_.force_push(bare());
  const auto before = digest();
  const auto found = preview(connection_, config_, blog(), std::nullopt, {}, {});
  EXPECT_EQ(found.to_commit, author_.head());
  EXPECT_FALSE(found.changeset.changes.empty());
  EXPECT_EQ(digest(), before);
}

}  // namespace remote_test
}  // namespace devy::upload
