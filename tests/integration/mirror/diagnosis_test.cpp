// The checks of `doctor` about the mirror.
#include "core/mirror/diagnosis.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "core/platform/token/sealing.hpp"
#include "tests/support/postgres/postgres.hpp"
#include "tests/support/temp_folder.hpp"

namespace devy::mirror {
namespace diagnosis_test {

class MirrorDiagnosis : public ::testing::Test {
 protected:
  MirrorDiagnosis() : connection_(pg::Connection::open(database_.conninfo(), {}, "test")) {
    config_.mirror.enabled = true;
    database_.execute(R"(
      insert into github.repository (id, name, owner_login, private, is_mirrored, last_replicated_via_webhook_at,
        labels_last_scanned_at, milestones_last_scanned_at, issues_last_scanned_at, pull_requests_last_scanned_at)
      values (7, 'notes', 'alice', false, true, now(), now(), now(), now(), now()))");
  }
  // "mirror_hooks: warning", one a finding.
  std::string found() {
    diagnoses_.clear();
    diagnose(connection_, config_, diagnoses_);
    std::string text;
    for (const auto& one : diagnoses_) {
      text += text.empty() ? "" : ", ";
      text += one.check + (one.health == base::Health::ok        ? ": ok"
                           : one.health == base::Health::warning ? ": warning"
                                                                 : ": problem");
      EXPECT_EQ(one.hint.empty(), one.health == base::Health::ok) << one.message;
    }
    return text;
  }

  testing::TestDatabase database_;
  pg::Connection connection_;
  config::Config config_;
  std::vector<base::Diagnosis> diagnoses_;
};

TEST_F(MirrorDiagnosis, FindsNothingWhereAllIsWell) {
  EXPECT_EQ(found(), "mirror: ok");
  EXPECT_NE(diagnoses_[0].message.find("alice/notes"), std::string::npos);
  config_.mirror.enabled = false;
  EXPECT_EQ(found(), "");
}

TEST_F(MirrorDiagnosis, FindsThatNoDeliveryComes) {
  database_.execute("update github.repository set last_replicated_via_webhook_at = null");
  EXPECT_EQ(found(), "mirror_hooks: warning");
  EXPECT_NE(diagnoses_[0].message.find("of 1 repository: alice/notes"), std::string::npos);
}

TEST_F(MirrorDiagnosis, FindsThatOurHookIsGone) {
  database_.execute(
      "insert into github.repository_hook (id, repository_id, is_ours, active) values (1, 7, true, "
      "true)");
  EXPECT_EQ(found(), "mirror: ok");
  database_.execute(
      "update github.repository_hook set deleted_at = now(), deleted_reason = 'deleted'");
  EXPECT_EQ(found(), "mirror_hooks: problem");
}

TEST_F(MirrorDiagnosis, FindsPrivateRepositoriesWithoutACredential) {
  database_.execute("update github.repository set private = true");
  EXPECT_EQ(found(), "mirror_rights: problem");
  config_.github.token_file = "/somewhere";
  EXPECT_EQ(found(), "mirror_rights: problem");
  config_.github.token_for = {"alice"};
  EXPECT_EQ(found(), "mirror: ok");
}

TEST_F(MirrorDiagnosis, FindsWhatGithubRefused) {
  database_.execute(R"(
    select devy.mirror_record(gen_random_uuid(), 'mirror_fetch', 'alice/notes/hooks/1', 'mirror/alice',
      'alice/notes/hooks/1', 7, 'operator', 120::smallint);
    set session_replication_role = replica;
    update devy.operation set state = 'failed', finished_at = now(), error_code = 'github_forbidden')");
  EXPECT_EQ(found(), "mirror_rights: problem");
  EXPECT_NE(diagnoses_[0].message.find("alice/notes/hooks/1"), std::string::npos);
  database_.execute("update devy.operation set error_code = 'github_not_found'");
  EXPECT_EQ(found(), "mirror: ok");
}

TEST_F(MirrorDiagnosis, FindsThatFewRequestsAreLeft) {
  database_.execute(
      "insert into devy.api_budget (credential, resource, quota, remaining, reset_at)"
      " values ('token', 'core', 5000, 400, now() + interval '9 minutes')");
  EXPECT_EQ(found(), "mirror_budget: warning");
  EXPECT_NE(diagnoses_[0].message.find("400 of 5000"), std::string::npos);
  database_.execute("update devy.api_budget set remaining = 600");
  EXPECT_EQ(found(), "mirror: ok");
}

TEST_F(MirrorDiagnosis, FindsListsThatWereNeverOrLongNotRead) {
  database_.execute("update github.repository set labels_last_scanned_at = null");
  EXPECT_EQ(found(), "mirror_lists: warning");
  EXPECT_NE(diagnoses_[0].message.find("never"), std::string::npos);
  database_.execute(
      "update github.repository set labels_last_scanned_at = now() - interval '15 days'");
  EXPECT_EQ(found(), "mirror_lists: warning");
  EXPECT_NE(diagnoses_[0].message.find("14d"), std::string::npos) << diagnoses_[0].message;
}

TEST_F(MirrorDiagnosis, FindsAKeyFileThatOthersCanRead) {
  const testing::TempFolder folder;
  config_.mirror.token_key_file = folder / "mirror.key";
  EXPECT_EQ(found(), "mirror_key: problem") << "there is none yet";
  token::make_key_file(config_.mirror.token_key_file, base::system_random());
  EXPECT_EQ(found(), "mirror: ok");
  ASSERT_EQ(::chmod(config_.mirror.token_key_file.c_str(), 0640), 0);
  EXPECT_EQ(found(), "mirror_key: problem");
}

}  // namespace diagnosis_test
}  // namespace devy::mirror
