// GitHub's sender addresses, asked for at a server on loopback.
#include "daemon/listener/sender_ranges.hpp"

#include <gtest/gtest.h>

#include <filesystem>

#include "core/platform/base/log.hpp"
#include "tests/support/github/fake_github.hpp"
#include "tests/support/hand_clock.hpp"
#include "tests/support/temp_folder.hpp"

namespace devy::daemon {
namespace sender_ranges_test {

using testing::FakeAnswer;

class SenderRangesTest : public ::testing::Test {
 protected:
  SenderRangesTest() {
    settings_.ranges_url = github_.url() + "/meta";
    settings_.ranges_file = folder_ / "ranges";
  }
  [[nodiscard]] std::unique_ptr<SenderRanges> make() const {
    return std::make_unique<SenderRanges>(settings_, "", clock_);
  }
  void say(const FakeAnswer& answer) {
    github_.play([answer](const auto&) { return answer; });
  }

  testing::TempFolder folder_;
  testing::HandClock clock_{std::chrono::floor<std::chrono::seconds>(base::system_clock().now())};
  testing::FakeGithub github_{[](const testing::HttpRequest& request) -> FakeAnswer {
    if (request.header("if-none-match") == "\"one\"") return {.status = 304};
    return {.headers = {"ETag: \"one\""}, .body = R"({"hooks":["10.1.0.0/16"]})"};
  }};
  config::Webhook settings_;
};

TEST_F(SenderRangesTest, ReadsTheRangesOfGithub) {
  const auto ranges = make();
  EXPECT_FALSE(ranges->are_known());
  EXPECT_EQ(ranges->age(), std::nullopt);
  EXPECT_TRUE(ranges->refresh());
  EXPECT_TRUE(ranges->has("10.1.2.3"));
  EXPECT_FALSE(ranges->has("10.2.2.3"));
  say({.body = R"({"hooks":["10.2.0.0/16"]})"});
  EXPECT_TRUE(ranges->refresh());
  EXPECT_FALSE(ranges->has("10.1.2.3"));
  EXPECT_TRUE(ranges->has("10.2.2.3"));
}

TEST_F(SenderRangesTest, FetchesUnchangedRangesOnlyOnce) {
  const auto ranges = make();
  EXPECT_TRUE(ranges->refresh());
  clock_.pass(std::chrono::hours(24));
  EXPECT_EQ(ranges->age(), std::chrono::hours(24));
  EXPECT_TRUE(ranges->refresh());
  EXPECT_EQ(github_.requests().at(1).header("if-none-match"), "\"one\"");
  EXPECT_TRUE(ranges->has("10.1.2.3"));
  EXPECT_EQ(ranges->age(), std::chrono::seconds(0));
}

TEST_F(SenderRangesTest, KeepsTheOldRangesAndReportsThemStaleWhenGithubFails) {
  base::log::configure(base::log::Level::warning, base::log::Format::logfmt);
  const auto ranges = make();
  EXPECT_TRUE(ranges->refresh());
  for (const auto& answer :
       {FakeAnswer{.status = 500}, FakeAnswer{.status = 403}, FakeAnswer{.body = "<html>"},
        FakeAnswer{.body = R"({"hooks":[]})"}, FakeAnswer{.body = R"({"hooks":["nonsense"]})"},
        FakeAnswer{.body = std::string(2'000'000, ' ')}, FakeAnswer{.closes = true}}) {
    say(answer);
    clock_.pass(std::chrono::hours(10));
    ::testing::internal::CaptureStderr();
    EXPECT_FALSE(ranges->refresh());
    const auto log = ::testing::internal::GetCapturedStderr();
    EXPECT_NE(log.find("sender ranges not read"), std::string::npos);
    EXPECT_EQ(log.find("sender ranges stale") != std::string::npos, *ranges->age() > ranges_age_max)
        << log;
    EXPECT_TRUE(ranges->has("10.1.2.3"));
  }
  EXPECT_EQ(ranges->age(), std::chrono::hours(70));
}

TEST_F(SenderRangesTest, KeepsTheRangesForTheNextProcess) {
  EXPECT_TRUE(make()->refresh());
  say({.status = 500});
  const auto next = make();
  EXPECT_TRUE(next->has("10.1.2.3"));
  EXPECT_LT(*next->age(), std::chrono::minutes(5));
  clock_.pass(std::chrono::hours(30));
  EXPECT_GT(*make()->age(), std::chrono::hours(29));
  // What is kept may be spoilt.
  testing::write_text(settings_.ranges_file, "{");
  EXPECT_FALSE(make()->are_known());
}

TEST_F(SenderRangesTest, ContinuesWhenItsFolderTakesNoFile) {
  settings_.ranges_file = folder_ / "not/there";
  const auto ranges = make();
  EXPECT_TRUE(ranges->refresh());
  EXPECT_TRUE(ranges->has("10.1.2.3"));
}

TEST_F(SenderRangesTest, ReadsRangesOverTlsOnlyFromATrustedServer) {
  const auto identity = testing::make_tls_identity(folder_.path());
  testing::FakeGithub github(
      [](const auto&) { return FakeAnswer{.body = R"({"hooks":["10.3.0.0/16"]})"}; }, identity);
  settings_.ranges_url = github.url() + "/meta";
  EXPECT_FALSE(make()->refresh());
  SenderRanges trusting(settings_, identity.certificate_file, clock_);
  EXPECT_TRUE(trusting.refresh());
  EXPECT_TRUE(trusting.has("10.3.0.1"));
}

}  // namespace sender_ranges_test
}  // namespace devy::daemon
