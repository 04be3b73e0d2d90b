#include "daemon/web/plain_page.hpp"

#include "core/platform/http/server/response.hpp"
#include "html_names/layout_plain.hpp"

namespace devy::daemon {

PlainPage::PlainPage(std::string_view title, bool tries_again) {
  layout_.set(html::layout_plain::page_title, title);
  layout_.set_url(html::layout_plain::app_css_url, html::asset_url("app.css"));
  layout_.set_url(html::layout_plain::app_js_url, html::asset_url("app.js"));
  layout_.set(html::layout_plain::version, DEVY_VERSION);
  if (tries_again) layout_.show(html::layout_plain::refresh);
}

html::Fill& PlainPage::content(html::Template file) {
  return layout_.include(html::layout_plain::content, file);
}

http::Response PlainPage::response(int status) const {
  return server::html_response(status, html::render(html::layout_plain::template_file, layout_));
}

}  // namespace devy::daemon
