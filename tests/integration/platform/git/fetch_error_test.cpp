// Every way a fetch can end badly, with the code an operator sees.
#include <chrono>

#include "tests/integration/platform/git/fixture.hpp"
#include "tests/support/git/git_run.hpp"

namespace devy::git {
namespace fetch_error_test {

using base::ErrorKind;
using std::chrono::seconds;

class FetchError : public FetchTest {
 protected:
  // Some half a megabyte that does not compress.
  void publish_large() {
    std::string text;
    std::uint64_t state = 88'172'645'463'325'252ULL;
    for (int i = 0; i < 64 * 1024; ++i) {
      state ^= state << 13U;
      state ^= state >> 7U;
      state ^= state << 17U;
      text.append(std::to_string(state), 0, 8);
    }
    publish(text);
  }
};

TEST_F(FetchError, ReportsAForbiddenAddress) {
  publish();
  config_.git.url_schemes = {"https"};
  const auto error = error_of();
  EXPECT_EQ(error.code(), "url_not_allowed");
  EXPECT_EQ(server_.counters().requests, 0U);
}

TEST_F(FetchError, ReportsAnEmptyRepository) {
  EXPECT_EQ(error_of().code(), "repository_empty");
  EXPECT_EQ(error_of({.url = file_url()}).code(), "repository_empty");
  EXPECT_EQ(error_of().kind(), ErrorKind::rejected);
}

TEST_F(FetchError, ReportsAMissingBranch) {
  publish();
  const auto error = error_of({.url = url_, .branch = "gone"});
  EXPECT_EQ(error.code(), "branch_gone");
  EXPECT_EQ(error.text(), "unable to fetch '" + url_ + "': there is no branch 'gone'");
  EXPECT_FALSE(error.hint().empty());
  EXPECT_EQ(error_of({.url = file_url(), .branch = "gone"}).code(), "branch_gone");
}

TEST_F(FetchError, ReportsAMissingDefaultBranch) {
  author_.new_branch("other");
  publish();
  EXPECT_EQ(error_of().code(), "branch_gone");
}

TEST_F(FetchError, ReportsAMissingCommit) {
  publish();
  const auto nothing = commit_id(std::string(40, 'a'));
  EXPECT_EQ(error_of({.url = url_, .commit = nothing}).code(), "commit_gone");
  EXPECT_EQ(error_of({.url = file_url(), .commit = nothing}).code(), "commit_gone");
  testing::git({"-C", bare(), "config", "uploadpack.allowReachableSHA1InWant", "true"});
  EXPECT_EQ(error_of({.url = url_, .commit = nothing}).code(), "commit_gone");
}

TEST_F(FetchError, ReportsARepositoryWithSha256Names) {
  const auto path = folder_ / "srv/alice/long.git";
  testing::git({"init", "-q", "--bare", "--object-format=sha256", path});
  const testing::TempFolder work;
  testing::git({"init", "-q", "--object-format=sha256", work.path()});
  const auto refused = [&](const FetchRequest& request) {
    const auto error = error_of(request);
    EXPECT_EQ(error.code(), "object_format_unsupported") << error.text();
    EXPECT_EQ(error.kind(), base::ErrorKind::rejected);
    EXPECT_NE(error.text().find("SHA-256 names"), std::string::npos) << error.text();
    EXPECT_FALSE(error.hint().empty());
  };
  const auto web = server_.url("alice/long.git"), disk = "file://" + path;
  refused({.url = disk});  // over HTTP a repository without commits does not say it
  testing::git({"-C", work.path(), "commit", "-q", "--allow-empty", "-m", "x"});
  testing::git({"-C", work.path(), "push", "-q", path, "HEAD:main"});
  for (const auto& url : {web, disk}) {
    refused({.url = url});
    refused({.url = url, .commit = commit_id(std::string(40, 'a'))});
    refused({.url = url, .may_be_partial = true});
    EXPECT_THROW(static_cast<void>(TipAsker().ask(config_, {.url = url})), base::Error);
  }
}

TEST_F(FetchError, ReportsAMissingRepository) {
  EXPECT_EQ(error_of({.url = server_.url("alice/none.git")}).code(), "repository_not_found");
  EXPECT_EQ(error_of({.url = "file:///nowhere/none.git"}).code(), "repository_not_found");
}

TEST_F(FetchError, ReportsTheStatusOfTheServer) {
  publish();
  struct Row {
    int status;
    const char* code;
    bool is_retryable;
  };
  for (const auto& row :
       {Row{401, "authentication_required", false}, Row{403, "authentication_required", false},
        Row{404, "repository_not_found", false}, Row{429, "rate_limited", true},
        Row{500, "remote_unavailable", true}, Row{503, "remote_unavailable", true}}) {
    server_.misbehave([&](testing::Faults& faults) { faults.status = row.status; });
    const auto error = error_of();
    EXPECT_EQ(error.code(), row.code) << row.status;
    EXPECT_EQ(base::is_retryable(error.kind()), row.is_retryable) << row.status;
    EXPECT_FALSE(error.hint().empty()) << row.status;
  }
  server_.misbehave([&](testing::Faults& faults) {
    faults.status = 403;
    faults.extra_header = "Retry-After: 60";
  });
  EXPECT_EQ(error_of().code(), "rate_limited");
}

// A login page, or a proxy that answers itself.
TEST_F(FetchError, ReportsAnAnswerOfAnotherType) {
  publish();
  server_.misbehave([](testing::Faults& faults) { faults.refs_type = "text/html"; });
  EXPECT_EQ(error_of().code(), "repository_not_found");
  server_.misbehave([](testing::Faults& faults) {
    faults.refs_type = "";
    faults.pack_type = "text/html";
  });
  const auto error = error_of();
  EXPECT_EQ(error.code(), "remote_unavailable") << error.text();
  EXPECT_TRUE(base::is_retryable(error.kind()));
  EXPECT_FALSE(error.hint().empty());
  EXPECT_TRUE(clone_folders().empty());
}

TEST_F(FetchError, ReportsAConnectionThatIsRefusedOrClosed) {
  server_.misbehave([](testing::Faults& faults) { faults.closes = true; });
  EXPECT_EQ(error_of().code(), "remote_unavailable");
  EXPECT_EQ(error_of({.url = "http://127.0.0.1:1/a/b.git"}).code(), "remote_unavailable");
}

TEST_F(FetchError, ReportsASilentServer) {
  publish();
  config_.limits.fetch_stall = seconds(1);
  server_.misbehave([](testing::Faults& faults) { faults.is_silent = true; });
  EXPECT_EQ(error_of().code(), "fetch_stalled");
}

TEST_F(FetchError, ReportsAServerThatFallsSilentBeforeThePack) {
  publish();
  config_.limits.fetch_stall = seconds(1);
  server_.misbehave([](testing::Faults& faults) { faults.is_silent_after_refs = true; });
  EXPECT_EQ(error_of().code(), "fetch_stalled");
}

// At half of the pack, and so near its end that next to nothing is missing.
TEST_F(FetchError, ReportsAServerThatFallsSilentDuringThePack) {
  publish_large();
  std::size_t whole = 0;
  static_cast<void>(Clone::fetch(
      config_, {.url = url_},
      [&](const Progress& progress) { whole = std::max(whole, progress.received_bytes); }, {}));
  ASSERT_GT(whole, 200'000U);
  config_.limits.fetch_stall = seconds(1);
  for (const auto bytes : {whole / 2, whole / 100 * 99}) {
    server_.misbehave([&](testing::Faults& faults) {
      faults.pack_bytes = bytes;
      faults.is_silent_after_pack_bytes = true;
    });
    EXPECT_EQ(error_of().code(), "fetch_stalled") << bytes;
    EXPECT_TRUE(clone_folders().empty());
  }
}

TEST_F(FetchError, ReportsAServerThatIsTooSlow) {
  publish_large();
  config_.limits.fetch_wall_clock = seconds(1);
  server_.misbehave([](testing::Faults& faults) { faults.drip_bytes_per_second = 2000; });
  const auto error = error_of();
  EXPECT_EQ(error.code(), "fetch_timed_out");
  EXPECT_EQ(error.kind(), ErrorKind::unavailable);
}

TEST_F(FetchError, ReportsATruncatedPack) {
  publish_large();
  for (const std::size_t bytes : {10U, 1'000U, 100'000U}) {
    server_.misbehave([&](testing::Faults& faults) { faults.pack_bytes = bytes; });
    const auto error = error_of();
    EXPECT_TRUE(error.code() == "pack_broken" ||
                (bytes == 10 && error.code() == "remote_unavailable"))
        << bytes << ": " << error.code() << ": " << error.text();
    EXPECT_EQ(error.kind(), ErrorKind::unavailable);
  }
}

TEST_F(FetchError, ReportsAPackWithAWrongChecksum) {
  publish();
  server_.misbehave([](testing::Faults& faults) { faults.has_wrong_checksum = true; });
  const auto error = error_of();
  EXPECT_EQ(error.code(), "pack_broken") << error.text();
  EXPECT_EQ(error.kind(), ErrorKind::unavailable);
  EXPECT_TRUE(clone_folders().empty());
}

// F18: it was there when its references were read, and is gone, or private, before its pack.
TEST_F(FetchError, ReportsARepositoryThatDisappearsBeforeThePack) {
  publish();
  for (const auto& [status, code] :
       {std::pair{404, "repository_not_found"}, {401, "authentication_required"}}) {
    server_.misbehave(
        [&, answer = status](testing::Faults& faults) { faults.pack_status = answer; });
    const auto error = error_of();
    EXPECT_EQ(error.code(), code) << error.text();
    EXPECT_FALSE(base::is_retryable(error.kind()));
  }
}

TEST_F(FetchError, ReportsAPackThatIsTooLarge) {
  publish_large();
  config_.limits.pack_bytes_max = 100'000;
  EXPECT_EQ(error_of().code(), "pack_too_large");
  config_.limits.pack_bytes_max = 100'000'000;
  config_.limits.pack_objects_max = 2;
  EXPECT_EQ(error_of().code(), "pack_too_large");
}

TEST_F(FetchError, ReportsAChildThatRunsOutOfMemory) {
#ifdef DEVY_SANITIZED
  GTEST_SKIP() << "no address space limit under a sanitizer";
#endif
  // A delta against a large blob has to be built in memory.
  author_.git({"config", "core.compression", "1"});
  std::string text(std::size_t{24} * 1024 * 1024, 'x');
  publish(text);
  text += "and a little more";
  author_.write_file("posts/more.md", text);
  author_.commit();
  author_.git({"repack", "-q", "-a", "-d", "-f", "--window-memory=0"});
  author_.push(bare());
  config_.limits.worker_memory_bytes_max = std::uint64_t{48} * 1024 * 1024;
  const auto error = error_of();
  EXPECT_EQ(error.code(), "out_of_memory") << error.text();
}

TEST_F(FetchError, ReportsARequestToStop) {
  publish();
  server_.misbehave([](testing::Faults& faults) { faults.is_silent = true; });
  std::stop_source source;
  source.request_stop();
  try {
    static_cast<void>(Clone::fetch(config_, {.url = url_}, {}, source.get_token()));
    FAIL();
  } catch (const base::Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::stopped);
  }
}

TEST_F(FetchError, LeavesNoFolderBehind) {
  publish();
  {
    const auto clone = fetch();
    EXPECT_EQ(clone_folders().size(), 1U);
  }
  EXPECT_TRUE(clone_folders().empty());
  static_cast<void>(error_of({.url = url_, .branch = "gone"}));
  config_.limits.fetch_stall = seconds(1);
  server_.misbehave([](testing::Faults& faults) { faults.is_silent_after_refs = true; });
  static_cast<void>(error_of());
  EXPECT_TRUE(clone_folders().empty());
}

}  // namespace fetch_error_test
}  // namespace devy::git
