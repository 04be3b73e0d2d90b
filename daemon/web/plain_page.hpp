#pragma once
// A page without navigation: logins and errors. It asks no database. Belongs to one thread.

#include <string_view>

#include "core/platform/http/message.hpp"
#include "core/platform/web/html/page.hpp"

namespace devy::daemon {

class PlainPage {
 public:
  // `title`: before " · devy". One that tries again loads itself anew after 10 s.
  explicit PlainPage(std::string_view title, bool tries_again = false);
  [[nodiscard]] html::Fill& content(html::Template file);
  [[nodiscard]] http::Response response(int status) const;

 private:
  html::Fill layout_;
};

}  // namespace devy::daemon
