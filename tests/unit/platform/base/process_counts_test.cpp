#include "core/platform/base/process_counts.hpp"

#include <gtest/gtest.h>

namespace devy::base {
namespace process_counts_test {

using Counts = std::map<std::string, std::int64_t>;

class ProcessCounts : public ::testing::Test {
 protected:
  ProcessCounts() { static_cast<void>(reset_counts()); }
};

TEST_F(ProcessCounts, AddsUpUntilTheyAreReported) {
  count("requests.load.200");
  count("requests.load.200", 2);
  count("requests.scan.304");
  EXPECT_EQ(reset_counts(), (Counts{{"requests.load.200", 3}, {"requests.scan.304", 1}}));
  EXPECT_EQ(reset_counts(), Counts{});
}

TEST_F(ProcessCounts, CountsNoFurtherNamesThanItHasRoomFor) {
  for (std::size_t n = 0; n < process_counts_max + 5; ++n)
    count("name." + std::to_string(n));
  count("name.0");
  const auto counts = reset_counts();
  EXPECT_EQ(counts.size(), process_counts_max);
  EXPECT_EQ(counts.at("name.0"), 2);
}

}  // namespace process_counts_test
}  // namespace devy::base
