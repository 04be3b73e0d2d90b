#include "core/platform/github/statuses.hpp"

#include "core/platform/base/safe_text.hpp"
#include "core/platform/json/json.hpp"

namespace devy::github {
namespace {

// safe_text() cuts in bytes; a description of four-byte characters still fits.
constexpr std::size_t bytes_a_character = 4;

}  // namespace

std::string_view to_string(StatusState state) {
  switch (state) {
    case StatusState::pending: return "pending";
    case StatusState::success: return "success";
    case StatusState::failure: return "failure";
    case StatusState::error: return "error";
  }
  return "";
}

std::string cut_text(std::string_view text, std::size_t characters_max) {
  auto safe = base::safe_text(text, characters_max * bytes_a_character);
  std::size_t at = 0, characters = 0, last = 0;
  while (at < safe.size()) {
    if (characters == characters_max) return safe.substr(0, last) + "…";
    last = at;
    at += std::max<std::size_t>(base::utf8_length(std::string_view(safe).substr(at)), 1);
    ++characters;
  }
  return safe;
}

bool set_status(Client& client, const base::Secret& bearer, const StatusCall& call) {
  auto document = json::Json::object(
      {{"state", to_string(call.status.state)},
       {"context", status_context},
       {"description", cut_text(call.status.description, description_characters_max)}});
  if (!call.status.target_url.empty()) document.set("target_url", call.status.target_url);
  const auto answer = client.send({.method = "POST",
                                   .path = "/repos/" + call.repository + "/statuses/" + call.commit,
                                   .body = document.compact(),
                                   .bearer = &bearer,
                                   .purpose = "status"});
  return answer.moved_to.has_value();
}

}  // namespace devy::github
