#include "core/platform/github/describe_credential.hpp"

#include "core/platform/github/document.hpp"

namespace devy::github {

std::string describe_credential(Access& access) {
  if (access.is_app()) {
    const auto answer = access.client().send({.path = "/app", .bearer = &access.app_bearer()});
    return "the GitHub App '" + parse_document(answer.body).if_text("slug").value_or("") + "'";
  }
  const auto answer = access.client().send({.path = "/rate_limit", .bearer = &access.token()});
  const auto document = parse_document(answer.body);
  const auto rate = document.find("rate");
  if (!rate || !rate->is_object()) return "the token has no limit";
  return "the token has " + std::to_string(rate->if_integer("remaining").value_or(0)) + " of " +
         std::to_string(rate->if_integer("limit").value_or(0)) + " requests left this hour";
}

}  // namespace devy::github
