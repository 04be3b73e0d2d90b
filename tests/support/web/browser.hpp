#pragma once
// Pages in a real Chromium, by playwright-core and axe-core: the scripts visit_pages.mjs and
// use_live_pages.mjs of tests/peers say what they look at. A program that calls this depends on the
// target test_peers. Throws std::runtime_error when a script does not come to its end.

#include <string>
#include <vector>

namespace devy::testing {

struct VisitedPage {
  std::string path;  // "/operations?state=failed"
  std::string name;  // of its pictures
  int status = 200;
};

// Says what is wrong with the pages, a line each: console, policy, axe, width, status; in light and
// dark, narrow and wide, with and without JavaScript. `login_url` is opened first, once. Pictures
// are kept in the folder that the environment's DEVY_SCREENSHOTS names.
[[nodiscard]] std::vector<std::string> faults_of_pages(const std::string& base_url,
                                                       const std::vector<VisitedPage>& pages,
                                                       const std::string& login_url = {});

// The same of live parts, by "/pages/live-operations" and "/pages/live-log" of the server.
[[nodiscard]] std::vector<std::string> faults_in_use(const std::string& base_url);

}  // namespace devy::testing
