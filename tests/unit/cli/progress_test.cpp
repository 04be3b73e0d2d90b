#include "cli/terminal/progress.hpp"

#include <gtest/gtest.h>

#include "tests/unit/cli/string_terminal.hpp"

namespace devy::cli {
namespace progress_test {

class HandClock : public base::Clock {
 public:
  [[nodiscard]] base::TimePoint now() const override { return {}; }
  [[nodiscard]] base::MonotonicTime monotonic_now() const override { return time; }
  base::MonotonicTime time{std::chrono::hours(1)};
};

class ProgressTest : public ::testing::Test {
 protected:
  Context context(bool is_tty, bool is_quiet = false) {
    GlobalOptions options;
    options.is_quiet = is_quiet;
    return {options, person_.terminal(is_tty), person_.environment(), clock_, {}};
  }
  testing::StringTerminal person_;
  HandClock clock_;
};

TEST_F(ProgressTest, PrintsALineAPhaseWithoutATerminal) {
  auto plain = context(false);
  {
    ProgressLine progress(plain);
    for (std::uint64_t done = 0; done < 100; ++done)
      progress.show(queue::Progress{"alice/blog", "fetch", done, 100});
    progress.show(queue::Progress{"alice/blog", "diff"});
  }
  EXPECT_EQ(person_.err.str(), "alice/blog: fetch\nalice/blog: diff\n");
}

TEST_F(ProgressTest, RedrawsOneLineTenTimesASecondAndClearsIt) {
  auto live = context(true);
  {
    ProgressLine progress(live);
    for (std::uint64_t done = 1; done <= 3; ++done) {
      progress.show(queue::Progress{"a/b", "fetch", done, 9});
      clock_.time += std::chrono::milliseconds(60);
    }
  }
  EXPECT_EQ(person_.err.str(), "\r\x1b[Ka/b: fetch  1 of 9\r\x1b[Ka/b: fetch  3 of 9\r\x1b[K");
}

TEST_F(ProgressTest, IsSilentWithQuiet) {
  auto quiet = context(true, true);
  {
    ProgressLine progress(quiet);
    progress.show("a/b: fetch");
  }
  EXPECT_EQ(person_.err.str(), "");
}

TEST(DetailText, SaysHowFastItGoesAndWhatIsLeft) {
  const queue::Progress progress{"a/b", "fetch", 120, 800, 4'200'000, {}};
  EXPECT_EQ(detail_text(progress, std::chrono::milliseconds(900)), "120 of 800, 4.2 MB");
  EXPECT_EQ(detail_text(progress, std::chrono::seconds(2)),
            "120 of 800, 4.2 MB, 2.1 MB/s, 2.0s, 11.0s left");
  EXPECT_EQ(detail_text({"a/b", "diff"}, std::chrono::seconds(3)), "3.0s");
}

TEST(DetailText, SaysWhatIsKnown) {
  EXPECT_EQ(detail_text({"", "", 120, 800, 4'200'000}), "120 of 800, 4.2 MB");
  EXPECT_EQ(detail_text({"", "", 0, 0, 12'345}), "12 kB");
  EXPECT_EQ(detail_text(queue::Progress{}), "");
}

}  // namespace progress_test
}  // namespace devy::cli
