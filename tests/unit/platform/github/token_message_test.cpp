#include "core/platform/github/token_message.hpp"

#include <gtest/gtest.h>

namespace devy::github {
namespace token_message_test {

TEST(TokenMessage, CarriesAnOrder) {
  TokenOrder order;
  order.config.github.app_id = "12";
  order.repository = "alice/notes";
  order.github_id = 42;
  const auto frame = to_frame(order);
  const auto carried = parse_token_order(frame);
  EXPECT_EQ(carried.config.github.app_id, "12");
  EXPECT_EQ(carried.repository, "alice/notes");
  EXPECT_EQ(carried.github_id, 42);
  for (const auto size : {std::size_t{0}, std::size_t{3}, frame.size() / 2, frame.size() - 1})
    EXPECT_THROW(static_cast<void>(parse_token_order(frame.substr(0, size))), base::Error);
  EXPECT_THROW(static_cast<void>(parse_token_order(frame + "x")), base::Error);
}

TEST(TokenMessage, CarriesATokenOrWhyThereIsNone) {
  const base::TimePoint ends_at{std::chrono::seconds(1'790'000'000)};
  const auto frame = to_frame(TokenAnswer(GivenToken{base::Secret("ghs_x"), ends_at}));
  const auto answer = parse_token_answer(frame);
  EXPECT_EQ(std::get<GivenToken>(answer).secret.reveal(), "ghs_x");
  EXPECT_EQ(std::get<GivenToken>(answer).ends_at, ends_at);
  const auto refused = parse_token_answer(
      to_frame(TokenAnswer(base::Error(base::ErrorKind::not_found, "none", "Look.", "gone"))));
  EXPECT_EQ(std::get<base::Error>(refused).code(), "gone");
  EXPECT_EQ(std::get<base::Error>(refused).kind(), base::ErrorKind::not_found);
}

TEST(TokenMessage, RefusesWhatIsCutShortAndQuotesNothing) {
  const auto frame = to_frame(TokenAnswer(GivenToken{base::Secret("ghs_secret"), {}}));
  for (std::size_t size = 0; size < frame.size(); ++size)
    try {
      static_cast<void>(parse_token_answer(frame.substr(0, size)));
      ADD_FAILURE() << size;
    } catch (const base::Error& error) {
      EXPECT_EQ(error.text().find("ghs"), std::string::npos);
    }
  EXPECT_THROW(static_cast<void>(parse_token_answer(frame + "x")), base::Error);
}

}  // namespace token_message_test
}  // namespace devy::github
