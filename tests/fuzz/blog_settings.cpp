// Fuzz target: devy.toml. What is accepted stays inside the repository.
#include <string>

#include "core/publishing/blog/path_filter.hpp"
#include "core/publishing/blog/settings.hpp"
#include "tests/fuzz/fuzz_target.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace devy;
  fuzz::only_refuses([&] {
    const auto parsed = blog::parse_settings(fuzz::text_of(data, size), config::Limits());
    const auto& root = parsed.settings.root;
    fuzz::expect(!root.empty() && root.front() != '/' && root.back() != '/' &&
                     ("/" + root + "/").find("/../") == std::string::npos,
                 "the root is a folder of the repository");
    fuzz::expect(
        parsed.settings.max_delete_percent >= 0 && parsed.settings.max_delete_percent <= 100,
        "a share is a share");
    fuzz::expect(blog::origin_digest(parsed.settings) == blog::origin_digest(parsed.settings),
                 "the same settings are the same");
    const blog::PathFilter filter(parsed.settings);
    static_cast<void>(filter.publishes("posts/a.md"));
    const auto path = std::string(fuzz::text_of(data, size)) + ".md";
    fuzz::expect(filter.publishes(path) == !filter.reason_left_out(path),
                 "a Markdown file is a post, or there is a reason");
  });
  return 0;
}
