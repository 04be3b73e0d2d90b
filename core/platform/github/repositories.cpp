#include "core/platform/github/repositories.hpp"

#include "core/platform/base/time_text.hpp"
#include "core/platform/github/document.hpp"

namespace devy::github {
namespace {

RepositoryFacts read_facts(const std::string& body) {
  const auto document = parse_document(body);
  RepositoryFacts facts;
  facts.github_id = document.if_integer("id").value_or(0);
  facts.name = document.if_text("name").value_or("");
  facts.owner = document.if_text("owner/login").value_or("");
  facts.clone_url = document.if_text("clone_url").value_or("");
  facts.default_branch = document.if_text("default_branch").value_or("");
  // A repository about which nothing is said is not shown as public.
  facts.is_private = document.maybe_boolean("private").value_or(true);
  facts.can_admin = document.maybe_boolean("permissions/admin").value_or(false);
  facts.updated_at = base::parse_rfc3339(document.if_text("updated_at").value_or(""));
  if (facts.github_id < 1 || facts.name.empty() || facts.owner.empty())
    throw_garbage("it describes no repository");
  return facts;
}

}  // namespace

RepositoryFacts ask_repository(Client& client, const base::Secret* bearer,
                               const std::string& repository) {
  return read_facts(client.send({.path = "/repos/" + repository, .bearer = bearer}).body);
}

RepositoryFacts ask_repository(Client& client, const base::Secret* bearer, std::int64_t github_id) {
  auto facts = read_facts(
      client.send({.path = "/repositories/" + std::to_string(github_id), .bearer = bearer}).body);
  if (facts.github_id != github_id) throw_garbage("it describes another repository");
  return facts;
}

}  // namespace devy::github
