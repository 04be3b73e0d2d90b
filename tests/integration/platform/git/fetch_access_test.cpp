// Who gets the token, and where a redirect may lead.
#include <sys/stat.h>

#include "core/platform/git/fetch_message.hpp"
#include "core/platform/process/child.hpp"
#include "core/platform/process/file_access.hpp"
#include "tests/integration/platform/git/fixture.hpp"

namespace devy::git {
namespace fetch_access_test {

class FetchAccess : public FetchTest {
 protected:
  // The child's own word, without the parent's policy before it: "moved", "tip", or an error's
  // code.
  [[nodiscard]] std::string answer_to(const FetchOrder& order) const {
    auto child = process::Child::spawn("fetch", {});
    EXPECT_TRUE(child.send(to_frame(order)));
    EXPECT_TRUE(child.send(""));
    std::string frame;
    while (child.receive(frame, fetch_frame_bytes_max, std::chrono::seconds(20)) ==
           process::ReadResult::data) {
      const auto answer = parse_answer(frame);
      if (const auto* error = std::get_if<base::Error>(&answer)) return error->code();
      if (std::holds_alternative<FetchedTip>(answer)) return "tip";
    }
    return "none";
  }
  void set_token(const std::string& token) {
    config_.git.token_file = folder_ / "token";
    testing::write_text(config_.git.token_file, token + "\n");
    chmod(config_.git.token_file.c_str(), 0600);
    config_.git.token_for = {"alice/blog"};
  }
  void require_token(bool hides = false) {
    server_.misbehave([&](testing::Faults& faults) {
      faults.token = "ghp_right0123456789";
      faults.hides_private = hides;
    });
  }
};

// Where only servers are fetched from, a child that a pack took over reads no file of the service.
TEST_F(FetchAccess, ClosesFilesOfThisMachineToAChildThatNeedsNone) {
  if (!process::can_restrict_files()) GTEST_SKIP() << "this kernel or build has no Landlock";
  publish();
  FetchOrder order;
  order.url = file_url();
  order.stall = std::chrono::seconds(10);
  order.pack_bytes_max = config_.limits.pack_bytes_max;
  order.pack_objects_max = config_.limits.pack_objects_max;
  order.has_remotes_only = false;
  EXPECT_EQ(answer_to(order), "tip");
  order.has_remotes_only = true;
  EXPECT_EQ(answer_to(order), "repository_not_found");
}

TEST_F(FetchAccess, FetchesFromAServerWithoutFilesOfThisMachine) {
  const auto commit = publish();
  config_.git.url_schemes = {"http"};
  EXPECT_EQ(fetch().tip().commit.hex(), commit);
  EXPECT_EQ(TipAsker().ask(config_, {.url = url_}).commit.hex(), commit);
}

TEST_F(FetchAccess, SucceedsWithTheRightToken) {
  const auto commit = publish();
  set_token("ghp_right0123456789");
  require_token();
  EXPECT_EQ(fetch().tip().commit.hex(), commit);
}

TEST_F(FetchAccess, SendsTheTokenWhereAPrivateRepositoryAnswersNotFound) {
  const auto commit = publish();
  set_token("ghp_right0123456789");
  require_token(true);
  EXPECT_EQ(TipAsker().ask(config_, {.url = url_}).commit.hex(), commit);
}

TEST_F(FetchAccess, FailsWithAWrongTokenThatIsNeverPrinted) {
  publish();
  set_token("ghp_wrong0123456789");
  require_token();
  const auto error = error_of();
  EXPECT_EQ(error.code(), "authentication_required");
  EXPECT_EQ(error.kind(), base::ErrorKind::denied);
  EXPECT_EQ((error.text() + error.hint()).find("ghp_"), std::string::npos);
  EXPECT_EQ(server_.counters().with_authorization, 1U);
}

TEST_F(FetchAccess, SendsNoTokenToAnotherHost) {
  publish();
  set_token("ghp_right0123456789");
  config_.git.token_host = "github.com";
  require_token();
  EXPECT_EQ(error_of().code(), "authentication_required");
  EXPECT_EQ(server_.counters().with_authorization, 0U);
}

// Whoever gets us to fetch a repository must not read with the token what its operator can read.
TEST_F(FetchAccess, SendsNoTokenForAnotherOwnersRepository) {
  publish();
  set_token("ghp_right0123456789");
  require_token();
  for (const auto& others :
       {std::vector<std::string>{}, {"mallory"}, {"alice/other", "alice/blo"}}) {
    config_.git.token_for = others;
    EXPECT_EQ(error_of().code(), "authentication_required");
  }
  EXPECT_EQ(server_.counters().with_authorization, 0U);
  config_.git.token_for = {"mallory", "Alice"};
  static_cast<void>(fetch());
}

TEST_F(FetchAccess, SendsNoTokenUnlessAsked) {
  publish();
  set_token("ghp_right0123456789");
  static_cast<void>(fetch());
  EXPECT_EQ(server_.counters().with_authorization, 0U);
}

TEST_F(FetchAccess, AsksForAnotherTokenOnceWhenTheFirstIsRefused) {
  const auto commit = publish();
  require_token();
  std::vector<bool> asked;
  const TokenSource tokens = [&](const TokenRequest& request, const auto&) {
    EXPECT_EQ(request.url, url_);
    EXPECT_EQ(request.github_id, 42);
    asked.push_back(request.is_refused);
    return base::Secret(request.is_refused ? "ghp_right0123456789" : "ghp_wrong0123456789");
  };
  EXPECT_EQ(fetch({.url = url_, .tokens = tokens, .github_id = 42}).tip().commit.hex(), commit);
  EXPECT_EQ(asked, (std::vector<bool>{false, true}));
  // And no more than once, whatever it gives.
  asked.clear();
  server_.misbehave([](testing::Faults& faults) { faults.token = "ghp_another0123456789"; });
  EXPECT_EQ(error_of({.url = url_, .tokens = tokens, .github_id = 42}).code(),
            "authentication_required");
  EXPECT_EQ(asked, (std::vector<bool>{false, true}));
  // A repository that is open to all is shown none, and needs none.
  asked.clear();
  server_.behave();
  const auto before = server_.counters().with_authorization;
  EXPECT_EQ(TipAsker().ask(config_, {.url = url_, .tokens = tokens, .github_id = 42}).commit.hex(),
            commit);
  EXPECT_EQ(server_.counters().with_authorization, before);
  EXPECT_EQ(asked, std::vector<bool>{false});
}

TEST_F(FetchAccess, ReportsWhyThereIsNoToken) {
  publish();
  require_token(true);
  const auto error_with = [&](const base::Error& why) {
    const TokenSource tokens = [&](const TokenRequest& request, const auto&) {
      if (request.is_refused) throw why;
      return base::Secret();
    };
    return error_of({.url = url_, .tokens = tokens});
  };
  const auto refused = error_with({base::ErrorKind::not_found, "not installed", "Install it."});
  EXPECT_EQ(refused.code(), "repository_not_found");
  EXPECT_NE(refused.text().find("; not installed"), std::string::npos) << refused.text();
  EXPECT_EQ(refused.hint(), "Install it.");
  // A bad day of theirs is no word about the repository.
  EXPECT_EQ(error_with({base::ErrorKind::unavailable, "away", "", "github_unavailable"}).code(),
            "github_unavailable");
  EXPECT_EQ(error_with({base::ErrorKind::denied, "a bad key", "", "github_unauthorized"}).code(),
            "github_unauthorized");
}

TEST_F(FetchAccess, FollowsARenamedRepositoryOnTheSameHost) {
  const auto commit = publish();
  for (const int status : {301, 302, 307, 308}) {
    server_.misbehave([&](testing::Faults& faults) {
      faults.redirects = {{"/bob/old.git", "/alice/blog.git"}};
      faults.redirect_status = status;
    });
    const auto clone = fetch({.url = server_.url("bob/old.git")});
    EXPECT_EQ(clone.tip().commit.hex(), commit) << status;
    EXPECT_EQ(clone.tip().url, url_) << status;
  }
}

TEST_F(FetchAccess, FollowsNoRedirectToAnotherHost) {
  publish();
  testing::GitHttpServer other(folder_ / "srv");
  server_.misbehave([&](testing::Faults& faults) {
    faults.redirects = {{"/alice/blog.git", other.url("alice/blog.git")}};
  });
  const auto error = error_of();
  EXPECT_EQ(error.code(), "repository_moved");
  EXPECT_NE(error.text().find(other.url("alice/blog.git")), std::string::npos) << error.text();
  EXPECT_FALSE(error.hint().empty());
  EXPECT_EQ(other.counters().requests, 0U);
}

TEST_F(FetchAccess, FollowsNoRedirectToAForbiddenAddress) {
  publish();
  for (const auto* target :
       {"file:///etc/passwd", "http://evil.test/a/b.git", "https://u:p@127.0.0.1/a/b"}) {
    server_.misbehave([&](testing::Faults& faults) {
      faults.redirects = {{"/alice/blog.git", target}};
    });
    EXPECT_EQ(error_of().code(), "repository_moved") << target;
  }
}

TEST_F(FetchAccess, StopsAtACircleOfRedirects) {
  publish();
  server_.misbehave([](testing::Faults& faults) {
    faults.redirects = {{"/a/1.git", "/a/2.git"}, {"/a/2.git", "/a/1.git"}};
  });
  EXPECT_EQ(error_of({.url = server_.url("a/1.git")}).code(), "repository_moved");
  EXPECT_LE(server_.counters().requests, 4U);
}

}  // namespace fetch_access_test
}  // namespace devy::git
