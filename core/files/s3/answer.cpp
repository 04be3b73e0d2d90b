#include "core/files/s3/answer.hpp"

#include <expat.h>

#include <algorithm>
#include <array>
#include <memory>
#include <vector>

namespace devy::s3 {
namespace {

constexpr std::size_t depth_max = 16;
constexpr std::size_t text_bytes_max = 64UL * 1024;  // of one element
constexpr std::string_view xml_blanks = " \t\r\n";

struct AnswerReader {
  const OnElement& on_element;
  XML_Parser parser = nullptr;
  std::string path = {};
  std::vector<std::size_t> ends = {};  // of the path, by depth
  std::string text = {};
  bool is_refused = false;

  void refuse() {
    is_refused = true;
    XML_StopParser(parser, XML_FALSE);
  }
};

AnswerReader& reader_of(void* data) {
  return *static_cast<AnswerReader*>(data);
}

void begin_element(void* data, const char* name, const char**) {
  auto& reader = reader_of(data);
  if (reader.ends.size() >= depth_max) {
    reader.refuse();
    return;
  }
  reader.ends.push_back(reader.path.size());
  std::string_view plain(name);
  plain.remove_prefix(plain.find(':') + 1);
  if (!reader.path.empty()) reader.path += '/';
  reader.path += plain;
  reader.text.clear();
}

void end_element(void* data, const char*) {
  auto& reader = reader_of(data);
  if (!reader.is_refused) reader.on_element(reader.path, reader.text);
  reader.path.resize(reader.ends.back());
  reader.ends.pop_back();
  reader.text.clear();
}

void add_text(void* data, const char* text, int size) {
  auto& reader = reader_of(data);
  reader.text.append(text, static_cast<std::size_t>(size));
  if (reader.text.size() > text_bytes_max) reader.refuse();
}

void begin_declarations(void* data, const char*, const char*, const char*, int) {
  reader_of(data).refuse();
}

struct FreeParser {
  void operator()(XML_Parser parser) const { XML_ParserFree(parser); }
};

}  // namespace

bool read_answer(std::string_view xml, const OnElement& on_element) {
  // S3 sends blanks as long as it works on an answer, before its beginning.
  xml.remove_prefix(std::min(xml.find_first_not_of(xml_blanks), xml.size()));
  const std::unique_ptr<std::remove_pointer_t<XML_Parser>, FreeParser> parser(
      XML_ParserCreate(nullptr));
  if (!parser) return false;
  AnswerReader reader{on_element, parser.get()};
  XML_SetUserData(parser.get(), &reader);
  XML_SetElementHandler(parser.get(), begin_element, end_element);
  XML_SetCharacterDataHandler(parser.get(), add_text);
  XML_SetStartDoctypeDeclHandler(parser.get(), begin_declarations);
  return XML_Parse(parser.get(), xml.data(), static_cast<int>(xml.size()), XML_TRUE) ==
             XML_STATUS_OK &&
         !reader.is_refused;
}

Fault fault_in(std::string_view xml) {
  Fault fault;
  if (xml.find("<Error") == std::string_view::npos) return fault;
  static_cast<void>(read_answer(xml, [&](std::string_view path, const std::string& text) {
    if (path == "Error/Code") fault.code = text;
    if (path == "Error/Message") fault.message = text;
  }));
  return fault;
}

Weather weather_of(int status, std::string_view code) {
  constexpr std::array<std::string_view, 9> passing{
      "SlowDown",        "InternalError",  "ServiceUnavailable",
      "RequestTimeout",  "RequestTimeOut", "OperationAborted",
      "TooManyRequests", "BadDigest",      "XAmzContentSHA256Mismatch"};
  constexpr std::array<std::string_view, 3> expired{"ExpiredToken", "TokenRefreshRequired",
                                                    "InvalidToken"};
  constexpr std::array<std::string_view, 3> absent{"NoSuchKey", "NoSuchUpload", "NotFound"};
  constexpr std::array<std::string_view, 10> refused{
      "AccessDenied",          "InvalidAccessKeyId",
      "SignatureDoesNotMatch", "NoSuchBucket",
      "InvalidBucketName",     "AuthorizationHeaderMalformed",
      "PermanentRedirect",     "RequestTimeTooSkewed",
      "AllAccessDisabled",     "AuthorizationQueryParametersError"};
  const auto is_in = [&](const auto& codes) {
    return std::ranges::find(codes, code) != codes.end();
  };
  constexpr int many = 429, server_fault = 500, moved = 301, moved_for_now = 307, unknown = 401,
                forbidden = 403, missing = 404;
  if (is_in(passing) || status == many || status >= server_fault) return Weather::passing;
  if (is_in(expired)) return Weather::expired;
  if (is_in(refused)) return Weather::refused;
  if (is_in(absent) || status == missing) return Weather::absent;
  if (status == moved || status == moved_for_now || status == unknown || status == forbidden)
    return Weather::refused;
  return status / 100 == 2 && code.empty() ? Weather::good : Weather::strange;
}

std::string xml_escaped(std::string_view text) {
  std::string out;
  for (const char byte : text) {
    if (byte == '&') out += "&amp;";
    else if (byte == '<') out += "&lt;";
    else if (byte == '>') out += "&gt;";
    else if (byte == '"') out += "&quot;";
    else out += byte;
  }
  return out;
}

}  // namespace devy::s3
