#pragma once
// A server of pages that are filled with invented data, with the headers of the role web. The
// server has a thread of its own; ask the object from one thread.

#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "core/platform/http/server/server.hpp"
#include "tests/support/web/browser.hpp"

namespace devy::testing {

inline constexpr std::string_view page_policy =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src "
    "'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

struct SamplePage {
  std::string name;  // the page is at "/pages/<name>"
  std::string html;
  int status = 200;
};

class SampleServer {
 public:
  explicit SampleServer(std::vector<SamplePage> pages);
  ~SampleServer();
  SampleServer(const SampleServer&) = delete;
  SampleServer& operator=(const SampleServer&) = delete;

  [[nodiscard]] std::string url() const;  // "http://127.0.0.1:40001"
  [[nodiscard]] std::vector<VisitedPage> visited_pages() const;

 private:
  [[nodiscard]] http::Response page(const std::string& name) const;

  std::vector<SamplePage> pages_;
  std::string address_;
  std::unique_ptr<server::HttpServer> server_;
  std::jthread thread_;
};

}  // namespace devy::testing
