#include "daemon/web/mirror_overseer.hpp"

#include "core/platform/base/ascii.hpp"
#include "core/platform/base/error.hpp"
#include "core/platform/http/server/fields.hpp"
#include "core/platform/web/login_store.hpp"

namespace devy::daemon {

mirror::Overseer overseer_of(Visit& visit) {
  mirror::Overseer overseer;
  overseer.reader = {web::github_id_of(visit.connection, visit.visitor->username),
                     visit.config.mirror.access_max_age};
  if (overseer.reader.github_id) overseer.login = visit.visitor->username;
  overseer.is_all = visit.is_operator();
  return overseer;
}

mirror::OverseenRepository find_overseen(Visit& visit, const std::string& name) {
  const auto overseer = overseer_of(visit);
  auto known = mirror::find_repository(visit.connection, name);
  if (known) {
    const auto rights = mirror::find_rights(visit.connection, overseer.reader, known->id);
    const bool is_admin = rights && rights->can_admin;
    const auto owner = known->full_name.substr(0, known->full_name.find('/'));
    if (is_admin || (overseer.is_all && known->is_mirrored))
      return {*std::move(known), base::is_same_word(owner, overseer.login), is_admin};
  }
  throw base::Error(base::ErrorKind::not_found, "unable to find that repository",
                    "Sync your repositories from GitHub, if it is one of yours.");
}

mirror::OverseenRepository overseen_in_path(Visit& visit) {
  const auto owner = server::decoded_path_part(visit.request.path_values.at(0));
  const auto name = server::decoded_path_part(visit.request.path_values.at(1));
  return find_overseen(visit, owner.value_or("") + "/" + name.value_or(""));
}

}  // namespace devy::daemon
