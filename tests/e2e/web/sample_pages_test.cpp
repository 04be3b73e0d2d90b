// Every template in a real Chromium, filled with invented data: nothing in the console, nothing
// found by axe, nothing wider than the window, in light and dark, narrow and wide, with and without
// script. DEVY_SCREENSHOTS=<folder> keeps a picture of each.

#include <gtest/gtest.h>

#include "core/platform/web/html/page.hpp"
#include "tests/e2e/web/sample_server.hpp"
#include "tests/support/web/browser.hpp"
#include "tests/support/web/sample_page.hpp"

namespace devy::testing {
namespace {

bool is_page(std::string_view file) {
  return !file.starts_with("part_") && !file.starts_with("layout");
}

std::vector<SamplePage> sample_pages() {
  std::vector<SamplePage> pages;
  for (const auto file : html::all_templates()) {
    if (!is_page(file.file)) continue;
    const bool is_plain = file.file == "login" || file.file == "error";
    const int status = file.file == "error" ? 404 : 200;
    pages.push_back({std::string(file.file), sample_page(file, {.is_plain = is_plain}), status});
  }
  const auto add_variant = [&](std::string name, std::string_view file,
                               const SampleOptions& options) {
    pages.push_back({std::move(name), sample_page({file}, options)});
  };
  add_variant("operations-empty", "operations", {.hidden = {"ROWS"}, .shown = {"EMPTY"}});
  add_variant(
      "overview-first", "overview",
      {.hidden = {"NEEDS", "BLOGS", "UPLOADS", "RUNNING"}, .shown = {"FIRST_STEPS", "IDLE"}});
  add_variant("confirm-right", "confirm", {.hidden = {"COUNT_WRONG"}, .shown = {"WIDE"}});
  add_variant("login-link", "login",
              {.hidden = {"GITHUB", "FAILED"}, .shown = {"LINK"}, .is_plain = true});
  return pages;
}

void expect_none(const std::vector<std::string>& faults) {
  for (const auto& fault : faults)
    ADD_FAILURE() << fault;
}

// Parts that replace themselves each second, by what the server has at "/pages/part-…".
std::vector<SamplePage> live_pages() {
  const auto url = [](std::string_view name) {
    if (name == "PART_URL") return html::own_url({"pages", "part-operations"}, {{"seen", "1"}});
    if (name == "AFTER_URL") return html::own_url({"pages", "part-log"}, {{"after", "9"}});
    return html::own_url({"pages", "operation"});
  };
  SampleOptions live{.hidden = {"GAP"}, .shown = {"LIVE"}, .url = url, .poll_seconds = 1};
  SampleOptions newer = live;
  newer.text = [](std::string_view name) {
    if (name.ends_with("UTC")) return "2026-11-29T14:28:11.310Z";
    return name == "TARGET" ? "newer/blog" : "text";
  };
  return {{"live-operations", sample_page({"operations"}, live)},
          {"part-operations", sample_part({"part_operations"}, newer)},
          {"live-log", sample_page({"operation"}, live)},
          {"part-log", sample_part({"part_log"}, live)}};
}

TEST(Template, ShowsWithoutFaultInChromium) {
  const SampleServer server(sample_pages());
  expect_none(faults_of_pages(server.url(), server.visited_pages()));
}

TEST(Page, DoesInChromiumWhatItsScriptSays) {
  const SampleServer server(live_pages());
  expect_none(faults_in_use(server.url()));
}

// The faults that the visits are there to find.
TEST(Template, PassesOnlyWithoutFaults) {
  const SamplePage bad{
      "bad", std::string("<!DOCTYPE html><html><head><title>x</title></head><body><main>"
                         "<p style=\"width:2000px\">without a language or a heading</p>") +
                 "<pre>" + std::string(250, 'w') +
                 "</pre>"
                 "<script>x()</script></main></body></html>"};
  const SampleServer server({bad});
  std::string all;
  for (const auto& fault : faults_of_pages(server.url(), server.visited_pages()))
    all += fault + "\n";
  for (const char* expected :
       {"/pages/bad (light, 1280 px): axe html-has-lang", "Content Security Policy",
        "/pages/bad (dark, 390 px): ", " px wide", "(light, 390 px, no script): not one h1"})
    EXPECT_NE(all.find(expected), std::string::npos) << expected << "\n" << all;
}

}  // namespace
}  // namespace devy::testing
