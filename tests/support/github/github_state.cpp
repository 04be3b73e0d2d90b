#include "tests/support/github/github_state.hpp"

#include <vector>

namespace devy::testing {
namespace {

std::vector<std::string> words_of(const GithubStateOptions& options) {
  std::vector<std::string> words{DEVY_GITHUB_STATE_FOLDER "/server.mjs"};
  if (options.is_strict) words.emplace_back("--strict");
  return words;
}

}  // namespace

GithubState::GithubState(GithubStateOptions options)
    : server_("the stand-in of GitHub", words_of(options)) {}

std::string GithubState::control(std::string_view acts) const {
  return server_.ask("POST", "/_control", std::string(acts));
}

std::string GithubState::state() const {
  return server_.ask("GET", "/_state");
}

std::string GithubState::requests() const {
  return server_.ask("GET", "/_requests");
}

void GithubState::forget_requests() const {
  static_cast<void>(server_.ask("DELETE", "/_requests"));
}

std::string GithubState::deliveries() const {
  return server_.ask("GET", "/_deliveries");
}

void GithubState::forget_deliveries() const {
  static_cast<void>(server_.ask("DELETE", "/_deliveries"));
}

}  // namespace devy::testing
