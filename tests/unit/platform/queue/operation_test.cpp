#include "core/platform/queue/operation.hpp"

#include <gtest/gtest.h>

namespace devy::queue {
namespace operation_test {

constexpr int state_count = 11;

TEST(State, HasANameThatReadsBack) {
  for (int i = 0; i < state_count; ++i) {
    const auto state = static_cast<State>(i);
    EXPECT_EQ(parse_state(to_string(state)), state);
  }
  EXPECT_EQ(parse_state("Verified"), std::nullopt);
  EXPECT_EQ(parse_state(""), std::nullopt);
}

TEST(State, IsTerminalForTheLastSix) {
  EXPECT_FALSE(is_terminal(State::held));
  EXPECT_TRUE(is_terminal(State::completed));
  EXPECT_TRUE(is_terminal(State::disabled));
}

TEST(Source, HasTheNamesOfTheSchema) {
  EXPECT_EQ(to_string(Source::operator_), "operator");
  EXPECT_EQ(to_string(Source::webhook), "webhook");
}

}  // namespace operation_test
}  // namespace devy::queue
