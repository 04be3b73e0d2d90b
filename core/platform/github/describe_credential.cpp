#include "core/platform/github/describe_credential.hpp"

#include "core/platform/github/document.hpp"

namespace devy::github {

std::string describe_credential(Access& access) {
  if (access.is_app()) {
    const auto answer = access.client().send({.path = "/app", .bearer = &access.app_bearer()});
    return "the GitHub App '" + Document::parse(answer.body).text("slug").value_or("") + "'";
  }
  Repository nobodys;
  const auto answer =
      access.client().send({.path = "/rate_limit", .bearer = &access.bearer_for(nobodys)});
  const auto document = Document::parse(answer.body);
  const auto rate = document.object("rate");
  if (!rate) return "the token has no limit";
  return "the token has " + std::to_string(rate->number("remaining").value_or(0)) + " of " +
         std::to_string(rate->number("limit").value_or(0)) + " requests left this hour";
}

}  // namespace devy::github
