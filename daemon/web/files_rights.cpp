#include "daemon/web/files_rights.hpp"

#include "core/files/store/receive_store.hpp"
#include "core/platform/base/error.hpp"
#include "core/platform/web/login_store.hpp"

namespace devy::daemon {

files::OwnerId own_owner(Visit& visit) {
  const auto& username = visit.visitor->username;
  return files::find_owner(visit.connection,
                           {.github_user_id = web::github_id_of(visit.connection, username),
                            .username = username,
                            .login = username});
}

void require_files(const Visit& visit) {
  if (!visit.config.files.enabled)
    throw base::Error(base::ErrorKind::not_found, "files are switched off here");
}

files::File seen_file(Visit& visit) {
  require_files(visit);
  const auto id = files::FileId::parse(visit.request.path_values.at(0));
  auto file = id ? files::find_file(visit.connection, *id,
                                    visit.is_operator() ? files::OwnerId() : own_owner(visit))
                 : std::nullopt;
  if (!file) throw base::Error(base::ErrorKind::not_found, "unable to find that file");
  return *std::move(file);
}

}  // namespace devy::daemon
