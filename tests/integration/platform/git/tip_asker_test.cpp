// One child that asks many remotes, good and bad ones.
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>

#include <fstream>

#include "core/platform/git/clone.hpp"
#include "tests/integration/platform/git/fixture.hpp"

namespace devy::git {
namespace tip_asker_test {

class TipAskerTest : public FetchTest {
 protected:
  // Of this thread.
  static std::string children() {
    std::ifstream file("/proc/thread-self/children");
    std::string text;
    std::getline(file, text);
    return text;
  }
  TipAsker asker_;
};

TEST_F(TipAskerTest, AsksManyWithOneChild) {
  const auto first = publish();
  EXPECT_EQ(asker_.ask(config_, {.url = url_}).commit.hex(), first);
  const auto child = children();
  EXPECT_NE(child, "");
  const auto second = publish("# Second\n");
  EXPECT_EQ(asker_.ask(config_, {.url = url_}).commit.hex(), second);
  EXPECT_EQ(asker_.ask(config_, {.url = file_url()}).commit.hex(), second);
  // What the remote refuses is an answer too.
  EXPECT_THROW(static_cast<void>(asker_.ask(config_, {.url = server_.url("alice/none.git")})),
               base::Error);
  EXPECT_EQ(asker_.ask(config_, {.url = url_}).commit.hex(), second);
  EXPECT_EQ(children(), child);
}

TEST_F(TipAskerTest, ContinuesAfterARemoteThatHangs) {
  const auto commit = publish();
  EXPECT_EQ(asker_.ask(config_, {.url = url_}).commit.hex(), commit);
  server_.misbehave([](auto& faults) { faults.is_silent = true; });
  auto hasty = config_;
  hasty.limits.fetch_stall = std::chrono::seconds(1);
  EXPECT_THROW(static_cast<void>(asker_.ask(hasty, {.url = url_})), base::Error);
  server_.behave();
  EXPECT_EQ(asker_.ask(config_, {.url = url_}).commit.hex(), commit);
}

TEST_F(TipAskerTest, ContinuesWithAnotherChildWhenOneIsKilled) {
  const auto commit = publish();
  EXPECT_EQ(asker_.ask(config_, {.url = url_}).commit.hex(), commit);
  const auto child = children();
  ASSERT_EQ(::kill(std::stoi(child), SIGKILL), 0);
  siginfo_t ended{};
  ASSERT_EQ(::waitid(P_PID, static_cast<id_t>(std::stoi(child)), &ended, WEXITED | WNOWAIT), 0);
  EXPECT_EQ(asker_.ask(config_, {.url = url_}).commit.hex(), commit);
  EXPECT_NE(children(), child);
}

}  // namespace tip_asker_test
}  // namespace devy::git
