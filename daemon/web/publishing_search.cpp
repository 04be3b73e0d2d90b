#include "daemon/web/publishing_search.hpp"

#include "core/platform/base/error.hpp"
#include "core/publishing/store/blog_store.hpp"

namespace devy::daemon {

std::optional<html::Url> find_blog_page(Visit& visit, const std::string& text) {
  try {
    const auto blog = publishing::find_blog(visit.connection, text);
    if (!visit.is_operator() && blog.username != visit.visitor->username) return std::nullopt;
    return html::own_url({"blogs", blog.username, blog.slug});
  } catch (const base::Error& error) {
    if (error.kind() != base::ErrorKind::not_found) throw;
    return std::nullopt;
  }
}

}  // namespace devy::daemon
