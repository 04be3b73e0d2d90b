// Fuzz target: names of a tree's entries. What is let through is a file of the repository, whatever
// system it is looked at on.
#include "core/platform/git/tree_walk.hpp"
#include "tests/fuzz/fuzz_target.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace devy;
  using fuzz::expect;
  const auto name = fuzz::text_of(data, size);
  if (!git::name_fault(name).empty()) return 0;
  expect(!name.empty() && name != "." && name != "..", "a name is a name");
  expect(name.find_first_of(std::string_view("/\\\0\r\n", 5)) == std::string_view::npos,
         "a name is one part");
  std::string folded;
  for (const char c : name)
    if (static_cast<unsigned char>(c) < 0x80)
      folded += static_cast<char>(c >= 'A' && c <= 'Z' ? c + 32 : c);
  expect(folded != ".git" || folded.size() != name.size(), "never git's own folder");
  return 0;
}
