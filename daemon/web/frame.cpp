#include "daemon/web/frame.hpp"

#include "core/platform/base/hex.hpp"
#include "core/platform/base/sha256.hpp"
#include "core/platform/http/server/response.hpp"
#include "core/platform/web/html/time_element.hpp"
#include "daemon/web/navigation.hpp"
#include "html_names/layout.hpp"
#include "html_names/part_notice.hpp"

namespace devy::daemon {
namespace {

// The characters of a digest that tell two states of a part apart.
constexpr std::size_t digest_characters = 16;

// "console.example.org": what stands under the name of the site.
std::string site_of(const config::Web& web) {
  const auto scheme_end = web.url.find("://");
  return scheme_end == std::string::npos ? "console" : web.url.substr(scheme_end + 3);
}

// A path of the table has no more than one part where it is linked to.
html::Url link_url(std::string_view path) {
  return path == "/" ? html::own_url({}) : html::own_url({std::string(path.substr(1))});
}

void fill_navigation(html::Fill& layout, const Visit& visit, std::string_view path) {
  if (visit.visitor == nullptr) return;
  for (const auto& group : navigation()) {
    html::Fill* shown = nullptr;
    for (const auto& link : group.links) {
      if (!may_open(link.path, visit.visitor)) continue;
      if (shown == nullptr) {
        shown = &layout.add(html::layout::nav_group);
        shown->set(html::layout::group_id, group.id);
        shown->set(html::layout::group_title, group.title);
      }
      auto& item = shown->add(html::layout::nav_link);
      item.set_url(html::layout::link_url, link_url(link.path));
      item.set(html::layout::link_title, link.title);
      if (link.path == path) item.show(html::layout::current);
    }
  }
}

}  // namespace

Frame::Frame(const Visit& visit, const FrameHead& head) {
  layout_.set(html::layout::page_title, head.title);
  layout_.set_url(html::layout::app_css_url, html::asset_url("app.css"));
  layout_.set_url(html::layout::htmx_url, html::asset_url("htmx.js"));
  layout_.set_url(html::layout::app_js_url, html::asset_url("app.js"));
  if (head.is_running) layout_.show(html::layout::refresh);
  if (head.is_dialog) layout_.show(html::layout::wide);
  layout_.set(html::layout::csrf, visit.csrf);
  layout_.set_url(html::layout::home_url, html::own_url({}));
  layout_.set(html::layout::site, site_of(visit.config.web));
  layout_.set_url(html::layout::search_url, html::own_url({"search"}));
  layout_.set(html::layout::search_text, visit.query.line("q").value_or(""));
  fill_navigation(layout_, visit, head.path);
  if (visit.visitor != nullptr) {
    auto& me = layout_.add(html::layout::me);
    me.set_url(html::layout::account_url, html::own_url({"account"}));
    me.set(html::layout::account_name, visit.visitor->username);
  }
  layout_.set(html::layout::version, DEVY_VERSION);
  html::set_clock(layout_, {html::layout::as_of_utc, html::layout::as_of}, visit.now, visit.now);
  layout_.set(html::layout::request, visit.request_id);
}

html::Fill& Frame::content(html::Template file) {
  return layout_.include(html::layout::content, file);
}

void Frame::notice(std::string_view title, std::string_view text, bool is_problem) {
  auto& notice = layout_.include(html::layout::notice, html::part_notice::template_file);
  notice.set(html::part_notice::notice_mark, is_problem ? "bad" : "");
  notice.set(html::part_notice::notice_title, title);
  notice.set(html::part_notice::notice_text, text);
}

http::Response Frame::response(int status) const {
  return server::html_response(status, html::render(html::layout::template_file, layout_));
}

std::string live_digest(html::Template file, const html::Fill& fill) {
  return base::to_hex(base::sha256(html::render(file, fill))).substr(0, digest_characters);
}

http::Response part_response(html::Template file, const html::Fill& fill) {
  return server::html_response(200, html::render(file, fill));
}

}  // namespace devy::daemon
