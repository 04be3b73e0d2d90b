#include "daemon/web/page_search.hpp"

#include "core/platform/base/error.hpp"
#include "core/platform/base/hex.hpp"
#include "core/platform/http/server/response.hpp"
#include "core/platform/queue/list.hpp"
#include "core/platform/web/html/url.hpp"
#include "core/platform/web/operation_detail.hpp"
#include "core/platform/webhook/delivery_store.hpp"
#include "daemon/web/publishing_rights.hpp"
#include "daemon/web/publishing_search.hpp"

namespace devy::daemon {
namespace {

using base::Error;
using base::ErrorKind;

// Finds nothing where it is not there, or ambiguous.
template <class Find>
auto unless_absent(const Find& find) -> std::optional<decltype(find())> {
  try {
    return find();
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::not_found) throw;
    return std::nullopt;
  }
}

std::optional<html::Url> find_by_id(Visit& visit, const std::string& text) {
  if (!base::is_uuid_prefix(text)) return std::nullopt;
  if (const auto found =
          unless_absent([&] { return queue::find_operation(visit.connection, text); });
      found && *found) {
    const auto detail = web::find_detail(visit.connection, (*found)->id);
    if (detail && may_see(visit, detail->line)) return html::own_url({"operations", (*found)->id});
  }
  if (!visit.is_operator() || !base::is_uuid(text)) return std::nullopt;
  const auto delivery =
      unless_absent([&] { return webhook::find_delivery(visit.connection, text); });
  if (!delivery) return std::nullopt;
  return html::own_url({"deliveries", delivery->guid});
}

}  // namespace

http::Response search(Visit& visit) {
  const std::string text(visit.query.line("q").value_or(""));
  if (text.empty()) return server::redirect_response(303, "/operations");
  auto target = find_by_id(visit, text);
  if (!target) target = find_blog_page(visit, text);
  if (!target) target = html::own_url({"operations"}, {{"code", text}});
  return server::redirect_response(303, target->text());
}

}  // namespace devy::daemon
