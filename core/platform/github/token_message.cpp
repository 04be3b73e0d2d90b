#include "core/platform/github/token_message.hpp"

#include <nlohmann/json.hpp>

#include "core/platform/config/load.hpp"

namespace devy::github {
namespace {

using base::Error;
using base::ErrorKind;
using nlohmann::json;

std::string dump(const json& message) {
  return message.dump(-1, ' ', false, json::error_handler_t::replace);
}

template <class Read>
auto read(std::string_view frame, const Read& take) {
  try {
    return take(json::parse(frame));
  } catch (const json::exception&) {
    // The message is not quoted, because it may contain a token.
    throw Error(ErrorKind::internal, "unable to read what a child said of a token");
  }
}

std::int64_t seconds_of(base::TimePoint time) {
  return std::chrono::floor<std::chrono::seconds>(time.time_since_epoch()).count();
}

}  // namespace

std::string to_frame(const TokenOrder& order) {
  return dump({{"config", config::to_text(order.config)}, {"repository", order.repository}});
}

std::string to_frame(const TokenAnswer& answer) {
  if (const auto* error = std::get_if<Error>(&answer))
    return dump({{"kind", base::to_string(error->kind())},
                 {"code", error->code()},
                 {"text", error->text()},
                 {"hint", error->hint()}});
  const auto& given = std::get<GivenToken>(answer);
  return dump({{"token", given.secret.reveal()}, {"ends_at", seconds_of(given.ends_at)}});
}

TokenOrder parse_token_order(std::string_view frame) {
  return read(frame, [](const json& message) {
    return TokenOrder{config::from_text(message.at("config")), message.at("repository")};
  });
}

TokenAnswer parse_token_answer(std::string_view frame) {
  return read(frame, [](const json& message) -> TokenAnswer {
    if (message.contains("kind"))
      return Error(base::parse_kind(message.at("kind").get<std::string>()), message.at("text"),
                   message.at("hint"), message.at("code"));
    return GivenToken{
        base::Secret(message.at("token").get<std::string>()),
        base::TimePoint(std::chrono::seconds(message.at("ends_at").get<std::int64_t>()))};
  });
}

}  // namespace devy::github
