#include "core/files/intake/upload_metadata.hpp"

#include <algorithm>
#include <set>

#include "core/platform/base/base64.hpp"
#include "core/platform/base/error.hpp"
#include "core/platform/base/safe_text.hpp"

namespace devy::intake {
namespace {

[[noreturn]] void refuse_metadata(const char* cause) {
  throw base::Error(
      base::ErrorKind::rejected, std::string("unable to read Upload-Metadata: ") + cause,
      "Send keys and values in base64: `filename d29ybGQ=,temporary`.", "metadata_refused");
}

std::string decode_value(std::string_view text) {
  auto value = base::decode_base64(text);
  if (!value) refuse_metadata("a value is no base64");
  if (!base::is_valid_utf8(*value) || value->find('\0') != std::string::npos)
    refuse_metadata("a value is not UTF-8");
  return *std::move(value);
}

void put_metadata(UploadMetadata& metadata, const std::string& key, std::string value) {
  if (key == "filename" || (key == "name" && metadata.filename.empty()))
    metadata.filename = std::move(value);
  else if (key == "filetype" || (key == "type" && metadata.filetype.empty()))
    metadata.filetype = std::move(value);
  else if (key == "temporary")
    metadata.is_temporary = value.empty() || value == "true" || value == "1";
  else if (key != "name" && key != "type") metadata.others.emplace_back(key, std::move(value));
}

}  // namespace

UploadMetadata read_upload_metadata(std::string_view header) {
  if (header.size() > upload_metadata_bytes_max) refuse_metadata("it is longer than 4 KiB");
  UploadMetadata metadata;
  std::set<std::string, std::less<>> keys;
  while (!header.empty()) {
    const auto comma = std::min(header.find(','), header.size());
    auto pair = header.substr(0, comma);
    if (comma + 1 == header.size()) refuse_metadata("a key is missing");
    header.remove_prefix(std::min(comma + 1, header.size()));
    while (pair.starts_with(' '))
      pair.remove_prefix(1);
    const auto blank = std::min(pair.find(' '), pair.size());
    const std::string key(pair.substr(0, blank));
    const bool is_plain = !key.empty() && std::ranges::all_of(key, [](unsigned char byte) {
      return byte > ' ' && byte < 0x7f;
    });
    if (!is_plain) refuse_metadata("a key is missing");
    if (!keys.insert(key).second) refuse_metadata("a key comes twice");
    put_metadata(metadata, key, decode_value(pair.substr(std::min(blank + 1, pair.size()))));
  }
  return metadata;
}

}  // namespace devy::intake
