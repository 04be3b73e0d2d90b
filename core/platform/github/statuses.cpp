#include "core/platform/github/statuses.hpp"

#include <nlohmann/json.hpp>

#include "core/platform/base/error.hpp"
#include "core/platform/base/safe_text.hpp"
#include "core/platform/github/document.hpp"

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
  nlohmann::ordered_json document{
      {"state", to_string(call.status.state)},
      {"context", status_context},
      {"description", cut_text(call.status.description, description_characters_max)}};
  if (!call.status.target_url.empty()) document["target_url"] = call.status.target_url;
  const auto answer = client.send(
      {.method = "POST",
       .path = "/repos/" + call.repository + "/statuses/" + call.commit,
       .body = document.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace),
       .bearer = &bearer});
  return answer.moved_to.has_value();
}

RepositoryFacts ask_repository(Client& client, const base::Secret& bearer,
                               const std::string& repository) {
  const auto answer = client.send({.path = "/repos/" + repository, .bearer = &bearer});
  const auto document = Document::parse(answer.body);
  const auto owner = document.object("owner");
  RepositoryFacts facts;
  facts.github_id = document.number("id").value_or(0);
  facts.name = document.text("name").value_or("");
  if (owner) facts.owner = owner->text("login").value_or("");
  if (facts.github_id == 0 || facts.name.empty() || facts.owner.empty())
    throw base::Error(
        base::ErrorKind::unavailable, "unable to read GitHub's answer: it describes no repository",
        "Check that github.api_url is the address of GitHub's REST API.", "github_garbage");
  return facts;
}

}  // namespace devy::github
