// Fuzz target: answers of S3. Whatever comes, reading ends, keeps within its limits, and gives the
// same the second time.
#include "core/files/s3/answer.hpp"
#include "tests/fuzz/fuzz_target.hpp"

namespace {

using devy::fuzz::expect;
namespace s3 = devy::s3;

std::string elements_of(std::string_view xml) {
  std::string text;
  const bool is_read = s3::read_answer(xml, [&](std::string_view path, const std::string& found) {
    constexpr std::size_t text_bytes_max = 64UL * 1024;
    expect(found.size() <= text_bytes_max, "the text of an element is bounded");
    expect(!path.empty(), "an element has a name");
    text.append(path).append("=").append(found).append("\n");
  });
  return text + (is_read ? "whole" : "broken");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view xml(reinterpret_cast<const char*>(data), size);
  expect(elements_of(xml) == elements_of(xml), "the same bytes are the same answer");
  const auto fault = s3::fault_in(xml);
  static_cast<void>(s3::weather_of(400, fault.code));
  const std::string escaped = "<a>" + s3::xml_escaped("<&>\"") + "</a>";
  expect(elements_of(escaped) == "a=<&>\"\nwhole", "escaped text is read as it was");
  return 0;
}
