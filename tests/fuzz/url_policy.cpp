// Fuzz target: addresses of repositories. What is allowed is https to an allowed host, spelt in one
// way.
#include "core/platform/git/url_policy.hpp"

#include "core/platform/git/ref_advertisement.hpp"
#include "tests/fuzz/fuzz_target.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace devy;
  const auto text = fuzz::text_of(data, size);
  const config::Git policy;
  fuzz::only_refuses([&] {
    const auto url = git::normalize_url(text, policy);
    fuzz::expect(url.starts_with("https://github.com/"), "only what the policy allows");
    fuzz::expect(url.find_first_of("@?#\\ \t\r\n%") == std::string::npos, "plainly spelt");
    fuzz::expect(url.find("/../") == std::string::npos && url.find("/./") == std::string::npos,
                 "never climbs");
    fuzz::expect(git::normalize_url(url, policy) == url, "one spelling");
  });
  static_cast<void>(git::display_name(text));
  fuzz::only_refuses([&] {
    if (const auto refs = git::parse_advertisement(text))
      for (const auto& ref : refs->refs)
        fuzz::expect(ref.name.find_first_of("\r\n") == std::string::npos, "a name is one line");
  });
  return 0;
}
