#pragma once
// The frame around a page: title, navigation, who is logged in, footer. Belongs to the thread that
// answers.

#include <string>
#include <string_view>

#include "core/platform/web/html/page.hpp"
#include "daemon/web/page.hpp"

namespace devy::daemon {

struct FrameHead {
  std::string title;        // before " · devy"
  std::string_view path;    // of the navigation's link that is this page's part of the site
  bool is_running = false;  // something runs: browsers without JavaScript read again after 10 s
  bool is_dialog = false;   // a page in place of a dialog
};

class Frame {
 public:
  // Borrows the visit.
  Frame(const Visit& visit, const FrameHead& head);
  // The page inside; its Fill lives as long as the frame.
  [[nodiscard]] html::Fill& content(html::Template file);
  // A message above the page, after an act.
  void notice(std::string_view title, std::string_view text, bool is_problem = false);
  [[nodiscard]] http::Response response(int status = 200) const;

 private:
  html::Fill layout_;
};

// The digest of a part that replaces itself, made before its address and the session's token are
// put in: browsers send it back as `seen`, and get 204 when nothing has changed.
[[nodiscard]] std::string live_digest(html::Template file, const html::Fill& fill);
// The part alone, for htmx.
[[nodiscard]] http::Response part_response(html::Template file, const html::Fill& fill);

}  // namespace devy::daemon
