#include "daemon/web/publishing_seen_blog.hpp"

#include "core/platform/base/error.hpp"
#include "core/platform/http/server/fields.hpp"
#include "daemon/serving/sender.hpp"

namespace devy::daemon {

publishing::Blog find_seen_blog(const Visit& visit) {
  const auto username = server::decoded_path_part(visit.request.path_values.at(0));
  const auto slug = server::decoded_path_part(visit.request.path_values.at(1));
  const bool is_his = visit.is_operator() || username == visit.visitor->username;
  if (!username || !slug || !is_his)
    throw base::Error(base::ErrorKind::not_found, "unable to find that blog");
  return publishing::find_blog(visit.connection, *username + "/" + *slug);
}

connecting::Doer doer_of(const Visit& visit) {
  return {.name = visit.actor(), .address = sender_of(visit.request).address};
}

}  // namespace devy::daemon
