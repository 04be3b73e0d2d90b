#include "core/sync/inbound/installations.hpp"

#include "core/platform/json/json.hpp"
#include "core/sync/store/connection_store.hpp"

namespace devy::inbound {
namespace {

bool is_revocation(const webhook::Event& event) {
  return event.name == "github_app_authorization" && event.action == "revoked" &&
         event.payload->if_integer("sender/id");
}

bool is_installation(const webhook::Event& event) {
  return (event.name == "installation" || event.name == "installation_repositories") &&
         event.installation && event.payload->if_integer("installation/account/id");
}

std::string permissions_of(const json::Value& payload) {
  const auto given = payload.find("installation/permissions");
  if (!given || !given->is_object()) return {};
  auto permissions = json::Json::object();
  for (const auto& [name, value] : given->members())
    if (const auto level = value.if_text()) permissions.set(name, *level);
  return permissions.compact();
}

}  // namespace

bool is_about_installation(const webhook::Received& delivery) {
  const auto& event = delivery.event;
  return event.payload && delivery.scope.reach == webhook::Reach::app &&
         (is_installation(event) || is_revocation(event));
}

std::vector<base::OperationId> record_installation(pg::Connection& connection,
                                                   const webhook::Received& delivery) {
  const auto& event = delivery.event;
  const auto& payload = *event.payload;
  if (is_revocation(event)) {
    sync::note_revocation(connection, payload.integer("sender/id"));
    return {};
  }
  sync::InstallationEvent told;
  told.id = *event.installation;
  told.github_account_id = payload.integer("installation/account/id");
  told.login = payload.if_text("installation/account/login").value_or("");
  told.account_type = payload.if_text("installation/account/type").value_or("User");
  if (told.account_type != "Organization") told.account_type = "User";
  told.action = event.action;
  told.permissions = permissions_of(payload);
  if (const auto* changed = std::get_if<webhook::InstallationChanged>(&event.what)) {
    told.gained = changed->gained;
    // The action itself says what becomes of the repositories of a suspended or deleted one.
    if (!changed->is_whole_lost) told.lost = changed->lost;
  }
  std::vector<base::OperationId> operations;
  for (auto& operation : sync::note_installation(connection, told))
    operations.push_back(base::OperationId::trusted(std::move(operation)));
  return operations;
}

void note_repositories(pg::Connection& connection, const std::vector<mirror::ChangedRow>& rows) {
  std::vector<std::int64_t> repositories;
  for (const auto& row : rows)
    if (row.relation == "repository") repositories.push_back(row.id);
  if (!repositories.empty()) sync::note_repositories(connection, repositories);
}

}  // namespace devy::inbound
