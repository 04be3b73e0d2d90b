// Fuzz target: what uploads by tus and downloads say in headers and URLs. Whatever comes is read
// within its limits, or refused with a reason.
#include "core/files/intake/upload_metadata.hpp"
#include "core/files/receive/body_checksum.hpp"
#include "core/platform/base/error.hpp"
#include "core/platform/base/safe_text.hpp"
#include "daemon/web/files_api_content.hpp"
#include "daemon/web/files_tus_answer.hpp"
#include "tests/fuzz/fuzz_target.hpp"

namespace {

using devy::base::Error;
using devy::fuzz::expect;
namespace daemon = devy::daemon;
namespace intake = devy::intake;

void read_metadata(std::string_view text) {
  try {
    const auto metadata = intake::read_upload_metadata(text);
    expect(devy::base::is_valid_utf8(metadata.filename), "a name is UTF-8");
    for (const auto& [key, value] : metadata.others) {
      expect(!key.empty(), "a key is there");
      expect(devy::base::is_valid_utf8(value), "a value is UTF-8");
    }
  } catch (const Error& error) {
    expect(!error.hint().empty(), "a refusal says what to send");
  }
}

void read_checksum(std::string_view text) {
  try {
    static_cast<void>(devy::receive::BodyChecksum(text));
  } catch (const Error& error) {
    expect(!error.code().empty(), "a refusal has a code");
  }
}

void read_numbers(std::string_view text) {
  devy::server::ReceivedRequest request;
  request.headers.emplace_back("Upload-Offset", text);
  request.headers.emplace_back("Range", text);
  try {
    const auto offset = daemon::byte_header(request, "Upload-Offset");
    expect(offset && *offset >= 0, "a number of bytes is none below zero");
  } catch (const Error& error) {
    expect(error.code() == "header_refused", "a refusal has its code");
  }
  constexpr std::uint64_t size = 1000;
  const auto range = daemon::range_of(request, size, "\"tag\"");
  expect(range.first <= size && range.length <= size - range.first, "a range is within the file");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto text = devy::fuzz::text_of(data, size);
  read_metadata(text);
  read_checksum(text);
  read_numbers(text);
  if (const auto url = daemon::read_upload_url(text))
    expect(text.starts_with(url->node + "-" + url->name.id.text() + "."), "a URL is what it says");
  return 0;
}
