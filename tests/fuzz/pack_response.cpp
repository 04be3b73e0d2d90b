// Fuzz target: what a git server answers to a fetch. However its bytes come cut, they say the same.
#include "core/platform/git/pack_response.hpp"

#include "tests/fuzz/fuzz_target.hpp"

namespace {

using devy::git::PackResponse;

struct Heard {
  std::string pack;
  PackResponse response{{[this](std::string_view bytes) { pack += bytes; }, [] {}}};
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto text = devy::fuzz::text_of(data, size);
  Heard whole;
  static_cast<void>(whole.response.feed(text));
  devy::fuzz::expect(whole.pack.size() <= size, "a pack is no more than came");
  devy::fuzz::expect(whole.response.text().size() <= 512, "the server's words are bounded");
  for (const std::size_t piece : {1UL, 7UL}) {
    Heard cut;
    for (std::size_t at = 0; at < text.size(); at += piece)
      static_cast<void>(cut.response.feed(text.substr(at, piece)));
    devy::fuzz::expect(cut.response.state() == whole.response.state(), "a cut decides nothing");
    devy::fuzz::expect(cut.response.text() == whole.response.text(), "a cut changes no words");
    devy::fuzz::expect(cut.pack == whole.pack, "a cut changes no pack");
  }
  return 0;
}
