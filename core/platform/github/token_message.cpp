#include "core/platform/github/token_message.hpp"

#include "core/platform/config/load.hpp"
#include "core/platform/process/message.hpp"

namespace devy::github {
namespace {

constexpr process::MessageFormat order_format{.name = "an order for a token"};
constexpr process::MessageFormat answer_format{.name = "what a child said of a token",
                                               .is_utf8 = true};

}  // namespace

void fields(auto& message, process::Of<GivenToken> auto& given) {
  message(given.secret, given.ends_at);
}

std::string to_frame(const TokenOrder& order) {
  return process::encode(order_format, config::to_text(order.config), order.repository,
                         order.github_id);
}

std::string to_frame(const TokenAnswer& answer) {
  return process::encode(answer_format, answer);
}

TokenOrder parse_token_order(std::string_view frame) {
  process::Decoder message(order_format, frame);
  const auto config = message.take<std::string>();
  auto repository = message.take<std::string>();
  const auto github_id = message.take<std::int64_t>();
  message.finish();
  return {config::from_text(config), std::move(repository), github_id};
}

TokenAnswer parse_token_answer(std::string_view frame) {
  return process::decode<TokenAnswer>(answer_format, frame);
}

}  // namespace devy::github
