// Asking who a repository is: GitHub's answer, or the remote's, binds, moves, freezes and reveals;
// what a delivery claimed is confirmed or refuted by it.
#include "core/publishing/reconcile/identity.hpp"

#include <sys/stat.h>

#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>

#include "core/publishing/reconcile/due_blogs.hpp"
#include "core/publishing/store/reconcile_schedule.hpp"
#include "core/publishing/store/repository_store.hpp"
#include "tests/support/github/rsa_key.hpp"
#include "tests/support/http/scripted_transport.hpp"
#include "tests/support/publishing/upload_fixture.hpp"

namespace devy::reconcile {
namespace identity_test {

using publishing::Claim;
using testing::ending;
using testing::Lines;
using testing::ScriptedTransport;
using testing::UploadTest;

class Identity : public UploadTest {
 protected:
  Identity() {
    write("a.md", "# A\n");
    live_ = push();
    EXPECT_EQ(ending(publish()), "completed");
    server_.misbehave([](testing::Faults& faults) { faults.allows_any_commit = true; });
    const auto url = server_.url();
    config_.github.api_url = "https://api.example";
    config_.github.host = url.substr(url.find("//") + 2);
    config_.github.token_file = private_file("token", "ghp_planted\n");
    config_.github.token_for = {"alice"};
  }

  std::string private_file(const std::string& name, const std::string& text) {
    const auto path = folder_ / name;
    testing::write_text(path, text);
    chmod(path.c_str(), 0600);
    return path;
  }
  void use_app() {
    config_.github.token_file.clear();
    config_.github.app_id = "77";
    config_.github.app_key_file = private_file("app.pem", testing::rsa_key().private_pem);
    said_["/repos/alice/blog/installation"] = {200, {}, R"({"id":5})"};
    said_["/app/installations/5/access_tokens"] = {201, {}, R"({"token":"ghs_planted"})"};
  }
  void bind() { execute("update repository set github_id = 9"); }
  void claim(Claim claim) { publishing::claim_repositories(connection_, {9}, claim); }

  // GitHub's answer at a path; 404 at any other.
  [[nodiscard]] http::Response describe(std::int64_t id, const std::string& name = "blog",
                                        bool is_private = false) const {
    const nlohmann::json document = {{"id", id},
                                     {"name", name},
                                     {"owner", {{"login", "alice"}}},
                                     {"private", is_private},
                                     {"clone_url", server_.url("alice/" + name + ".git")}};
    return {200, {}, document.dump()};
  }
  queue::MaintenanceCounts look() {
    auto transport = std::make_unique<ScriptedTransport>([this](const http::Request& request) {
      asked_.push_back(request.url.substr(config_.github.api_url.size()));
      const auto found = said_.find(asked_.back());
      return found == said_.end() ? http::Response{404, {}, "{}"} : found->second;
    });
    github::Access access(config_, base::system_clock(), std::move(transport));
    execute("update reconcile_schedule set reconcile_at = clock_timestamp()");
    queue::MaintenanceCounts counts;
    reconcile_next(connection_, config_, asker_, counts, {}, &access);
    return counts;
  }
  // "id url frozen_reason claim" of the repository, without the server's address.
  [[nodiscard]] std::string known() const {
    return value("select concat_ws(' ', github_id, substr(url, " +
                 std::to_string(server_.url().size() + 2) +
                 "), frozen_reason, claim) from repository");
  }
  void answer(int status) {
    server_.misbehave([status](testing::Faults& faults) { faults.status = status; });
  }
  // Somebody else's repository of unrelated history takes the name.
  void replace_repository() {
    std::filesystem::remove_all(bare());
    testing::make_bare_repository(bare());
    testing::GitRepository stranger(folder_ / "stranger");
    stranger.write_file("a.md", "# Somebody else's\n");
    stranger.commit();
    stranger.push(bare());
  }
  [[nodiscard]] std::string title() const { return value("select title from post"); }

  std::map<std::string, http::Response> said_;
  Lines asked_;
  std::string live_;
};

TEST_F(Identity, BindsARepositoryThatIsKnownByItsAddress) {
  said_["/repos/alice/blog"] = describe(9);
  look();
  EXPECT_EQ(known(), "9 alice/blog.git");
  EXPECT_EQ(asked_, Lines{"/repos/alice/blog"});
  // Without a reason nobody is asked.
  look();
  EXPECT_EQ(asked_.size(), 1U);
}

TEST_F(Identity, AsksOnceADayWhereGithubDoesNotKnow) {
  look();
  look();
  EXPECT_EQ(known(), "alice/blog.git");
  EXPECT_EQ(asked_.size(), 1U);
}

TEST_F(Identity, BindsNoIdThatAnotherRepositoryHas) {
  execute("insert into repository (url, github_id) values ('https://github.com/bob/blog.git', 9)");
  said_["/repos/alice/blog"] = describe(9);
  look();
  EXPECT_EQ(value("select count(*) from repository where github_id = 9"), "1");
}

TEST_F(Identity, AsksNothingWithATokenThatIsForOthers) {
  config_.github.token_for = {"bob"};
  said_["/repos/alice/blog"] = describe(9);
  look();
  EXPECT_EQ(asked_, Lines());
  EXPECT_EQ(known(), "alice/blog.git");
}

// A token for the repository alone: GitHub itself refuses the rest.
TEST_F(Identity, BindsByTheAppsInstallation) {
  use_app();
  said_["/repos/alice/blog"] = describe(9);
  look();
  EXPECT_EQ(known(), "9 alice/blog.git");
  EXPECT_EQ(value("select installation from repository"), "5");
}

TEST_F(Identity, FollowsAMoveByTheId) {
  bind();
  const auto moved = folder_ / "srv/alice/essays.git";
  std::filesystem::rename(bare(), moved);
  oracle_.repository = moved;
  said_["/repositories/9"] = describe(9, "essays");
  claim(Claim::moved);
  look();
  EXPECT_EQ(known(), "9 alice/essays.git");
  EXPECT_EQ(asked_, Lines{"/repositories/9"});
}

TEST_F(Identity, KeepsTheAddressWhenNobodyConfirmsAMove) {
  bind();
  config_.github.token_for = {"bob"};
  claim(Claim::moved);
  look();
  EXPECT_EQ(known(), "9 alice/blog.git");
  // The next claim waits, though nobody but the remote was asked.
  claim(Claim::moved);
  EXPECT_EQ(value("select reconcile_at > clock_timestamp() from reconcile_schedule"), "t");
}

TEST_F(Identity, FollowsNoMoveToAnotherServer) {
  bind();
  auto elsewhere = describe(9, "essays");
  const auto at = elsewhere.body.find("127.0.0.1");
  elsewhere.body.replace(at, 9, "localhost");
  said_["/repositories/9"] = elsewhere;
  claim(Claim::moved);
  look();
  EXPECT_EQ(known(), "9 alice/blog.git");
}

TEST_F(Identity, FreezesADeletedRepositoryOnceTheRemoteSaysSo) {
  bind();
  claim(Claim::deleted);
  look();
  EXPECT_EQ(known(), "9 alice/blog.git");
  claim(Claim::deleted);
  answer(503);
  look();
  EXPECT_EQ(known(), "9 alice/blog.git deleted");
  answer(404);
  look();
  EXPECT_EQ(known(), "9 alice/blog.git repository deleted");
  EXPECT_EQ(posts(), Lines{"a.md a"});
}

TEST_F(Identity, FreezesWhereTheAppIsGoneAndThawsWhereItIsBack) {
  use_app();
  bind();
  said_["/repositories/9"] = describe(9);
  claim(Claim::removed);
  look();
  EXPECT_EQ(known(), "9 alice/blog.git");
  // The App is on another repository of the owner only.
  said_["/app/installations/5/access_tokens"] = {422, {}, "{}"};
  claim(Claim::removed);
  look();
  EXPECT_EQ(known(), "9 alice/blog.git installation removed");
  // It is asked as long as GitHub does not answer, and nothing is revealed before.
  claim(Claim::added);
  said_["/app/installations/5/access_tokens"] = {502, {}, ""};
  look();
  EXPECT_EQ(known(), "9 alice/blog.git installation removed added");
  said_["/app/installations/5/access_tokens"] = {422, {}, "{}"};
  look();
  EXPECT_EQ(known(), "9 alice/blog.git installation removed");
  claim(Claim::added);
  said_["/app/installations/5/access_tokens"] = {201, {}, R"({"token":"ghs_planted"})"};
  write("a.md", "# A again\n");
  push();
  EXPECT_EQ(look()["missed"], 1);
  EXPECT_EQ(known(), "9 alice/blog.git");
  EXPECT_EQ(ending(run(base::UploadId::trusted(
                value("select id from operation where state = 'verified'")))),
            "completed");
}

TEST_F(Identity, RevealsAPrivateRepositoryOnlyWhenGithubSaysSo) {
  bind();
  execute("update repository set is_private = true");
  said_["/repositories/9"] = describe(9, "blog", true);
  claim(Claim::made_public);
  look();
  EXPECT_EQ(value("select is_private from repository"), "t");
  said_["/repositories/9"] = describe(9);
  claim(Claim::made_public);
  look();
  EXPECT_EQ(value("select is_private from repository"), "f");
}

// M6 of the review.
TEST_F(Identity, PublishesNothingOfAnotherRepositoryThatTookTheName) {
  answer(404);
  look();
  EXPECT_TRUE(publishing::load_reconcile_schedule(connection_, blog_id_).gone_since.has_value());
  replace_repository();
  // Neither because its server had a bad day in between.
  answer(503);
  look();
  answer(0);
  EXPECT_EQ(look()["failed"], 1);
  EXPECT_EQ(value("select count(*) from operation where state = 'verified'"), "0");
  // Nor because somebody pushes or asks for it.
  EXPECT_EQ(ending(publish()), "failed/history_replaced");
  EXPECT_EQ(title(), "A");
  EXPECT_EQ(known(), "alice/blog.git");
  expect_head(live_);
}

TEST_F(Identity, NotesThatARepositoryIsGoneWhenAnUploadFindsOut) {
  answer(404);
  EXPECT_EQ(ending(publish()), "failed/repository_not_found");
  answer(0);
  replace_repository();
  EXPECT_EQ(ending(publish()), "failed/history_replaced");
  EXPECT_EQ(title(), "A");
  expect_head(live_);
}

TEST_F(Identity, ComparesTheIdOfARepositoryThatWasGone) {
  bind();
  answer(404);
  look();
  answer(0);
  // The name is another's, and the stranger has even copied the history.
  said_["/repos/alice/blog"] = describe(10);
  write("a.md", "# Somebody else's\n");
  push();
  EXPECT_EQ(look()["failed"], 1);
  EXPECT_NE(publishing::load_reconcile_schedule(connection_, blog_id_)
                .error.value_or("")
                .find("another repository now, with the id 10"),
            std::string::npos);
  EXPECT_EQ(value("select count(*) from operation where state = 'verified'"), "0");
  expect_head(live_);
}

TEST_F(Identity, GoesOnWithTheSameRepositoryAfterItWasGone) {
  bind();
  said_["/repositories/9"] = describe(9);
  answer(404);
  look();
  answer(0);
  // Its history was written anew meanwhile; the id says that it is the same.
  replace_repository();
  EXPECT_EQ(look()["missed"], 1);
  EXPECT_FALSE(publishing::load_reconcile_schedule(connection_, blog_id_).gone_since.has_value());
  EXPECT_EQ(ending(run(base::UploadId::trusted(
                value("select id from operation where state = 'verified'")))),
            "completed");
  oracle_.repository = folder_ / "stranger";
  expect_head(value("select head_commit from blog"));
}

TEST_F(Identity, IsAskedAtOnceForWhoeverConnectsABlog) {
  const auto ask = [&](const std::string& url) {
    auto transport = std::make_unique<ScriptedTransport>([&](const http::Request& request) {
      asked_.push_back(request.url.substr(config_.github.api_url.size()) + " " +
                       ScriptedTransport::header(request, "authorization"));
      const auto found = said_.find(asked_.back().substr(0, asked_.back().find(' ')));
      return found == said_.end() ? http::Response{404, {}, "{}"} : found->second;
    });
    return find_github_id(config_, url, std::move(transport));
  };
  said_["/repos/alice/blog"] = describe(9);
  said_["/repos/bob/public"] = describe(10);
  EXPECT_EQ(ask(server_.url("alice/blog.git")).github_id, 9);
  // The token is not for it, and it needs none.
  EXPECT_EQ(ask(server_.url("bob/public.git")).github_id, 10);
  EXPECT_EQ(asked_, (Lines{"/repos/alice/blog Bearer ghp_planted", "/repos/bob/public "}));
  const auto hidden = ask(server_.url("bob/private.git"));
  EXPECT_FALSE(hidden.github_id);
  EXPECT_NE(hidden.obstacle.find("status 404"), std::string::npos) << hidden.obstacle;
  const auto elsewhere = ask("https://git.example.org/alice/blog.git");
  EXPECT_FALSE(elsewhere.github_id);
  EXPECT_EQ(elsewhere.obstacle, "");
}

}  // namespace identity_test
}  // namespace devy::reconcile
