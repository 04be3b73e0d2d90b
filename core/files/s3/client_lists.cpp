// Lists, and objects in parts (client.hpp).
#include <charconv>

#include "core/files/s3/client.hpp"
#include "core/platform/base/error.hpp"
#include "core/platform/base/hex.hpp"
#include "core/platform/base/time_text.hpp"

namespace devy::s3 {
namespace {

using base::Error;
using base::ErrorKind;

// The limit of each list: more pages than any bucket of ours has.
constexpr int pages_max = 100'000;

template <class Number>
Number number_in(const std::string& text) {
  Number number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

void read_page(const std::string& xml, const OnElement& on_element) {
  if (!read_answer(xml, on_element))
    throw Error(ErrorKind::internal, "unable to read a list of S3: it is no XML of S3's",
                "Is files.s3.endpoint the address of an S3?", "s3_answer");
}

[[noreturn]] void throw_endless() {
  throw Error(ErrorKind::internal, "unable to read a list of S3: it does not end", "", "s3_answer");
}

}  // namespace

void Client::list(const std::function<void(const Object&)>& on_object) {
  std::string behind;
  for (int page = 0; page < pages_max; ++page) {
    Call call{.name = "list", .method = "GET"};
    call.query = {{"list-type", "2"}, {"prefix", settings_.prefix}};
    if (!behind.empty()) call.query.emplace_back("continuation-token", behind);
    const auto answer = ask(call);
    behind.clear();
    bool goes_on = false;
    Object object;
    read_page(answer.response.body, [&](std::string_view path, const std::string& text) {
      if (path == "ListBucketResult/IsTruncated") goes_on = text == "true";
      if (path == "ListBucketResult/NextContinuationToken") behind = text;
      if (path == "ListBucketResult/Contents/Key") object.key = text;
      if (path == "ListBucketResult/Contents/Size") object.size = number_in<std::uint64_t>(text);
      if (path == "ListBucketResult/Contents/LastModified")
        object.written_at = base::parse_rfc3339(text).value_or(means_.clock.now());
      if (path != "ListBucketResult/Contents") return;
      on_object(object);
      object = {};
    });
    if (!goes_on || behind.empty()) return;
  }
  throw_endless();
}

bool Client::has_any() {
  Call call{.name = "probe", .method = "GET"};
  call.query = {{"list-type", "2"}, {"max-keys", "1"}, {"prefix", settings_.prefix}};
  bool is_any = false;
  read_page(ask(call).response.body, [&](std::string_view path, const std::string&) {
    is_any |= path == "ListBucketResult/Contents";
  });
  return is_any;
}

std::string Client::begin_multipart(const std::string& key) {
  const auto answer = ask({.name = "begin",
                           .method = "POST",
                           .key = key,
                           .query = {{"uploads", ""}},
                           .headers = encryption()});
  std::string id;
  read_page(answer.response.body, [&](std::string_view path, const std::string& text) {
    if (path == "InitiateMultipartUploadResult/UploadId") id = text;
  });
  if (id.empty())
    throw Error(ErrorKind::internal, "unable to begin an upload to S3: it has no id", "",
                "s3_answer");
  return id;
}

std::string Client::put_part(const std::string& key, const std::string& id, int number,
                             const http::FileRange& bytes, const base::Sha256& sha256) {
  const auto answer = ask({.name = "part",
                           .method = "PUT",
                           .key = key,
                           .query = {{"partNumber", std::to_string(number)}, {"uploadId", id}},
                           .file = bytes,
                           .payload_sha256 = base::to_hex(sha256)});
  if (answer.weather == Weather::absent)
    throw Error(ErrorKind::unavailable, "unable to go on with an upload to S3: it has gone",
                "It begins again.", "s3_upload_gone");
  return std::string(answer.response.header("ETag"));
}

std::optional<std::vector<Part>> Client::parts(const std::string& key, const std::string& id) {
  std::vector<Part> parts;
  std::string behind = "0";
  for (int page = 0; page < pages_max; ++page) {
    const auto answer = ask({.name = "parts",
                             .method = "GET",
                             .key = key,
                             .query = {{"uploadId", id}, {"part-number-marker", behind}}});
    if (answer.weather == Weather::absent) return std::nullopt;
    bool goes_on = false;
    Part part;
    read_page(answer.response.body, [&](std::string_view path, const std::string& text) {
      if (path == "ListPartsResult/IsTruncated") goes_on = text == "true";
      if (path == "ListPartsResult/NextPartNumberMarker") behind = text;
      if (path == "ListPartsResult/Part/PartNumber") part.number = number_in<int>(text);
      if (path == "ListPartsResult/Part/ETag") part.etag = text;
      if (path == "ListPartsResult/Part/Size") part.size = number_in<std::uint64_t>(text);
      if (path != "ListPartsResult/Part") return;
      parts.push_back(part);
      part = {};
    });
    if (!goes_on) return parts;
  }
  throw_endless();
}

bool Client::complete_multipart(const std::string& key, const std::string& id,
                                const std::vector<Part>& parts, std::uint64_t size) {
  std::string body = "<CompleteMultipartUpload>";
  for (const auto& part : parts)
    body.append("<Part><PartNumber>")
        .append(std::to_string(part.number))
        .append("</PartNumber><ETag>")
        .append(xml_escaped(part.etag))
        .append("</ETag></Part>");
  body += "</CompleteMultipartUpload>";
  const auto answer = ask({.name = "complete",
                           .method = "POST",
                           .key = key,
                           .query = {{"uploadId", id}},
                           .headers = {{"Content-Type", "application/xml"}},
                           .body = std::move(body)});
  if (answer.weather == Weather::good) return true;
  return size_of(key) == size;
}

void Client::abort_multipart(const std::string& key, const std::string& id) {
  static_cast<void>(
      ask({.name = "abort", .method = "DELETE", .key = key, .query = {{"uploadId", id}}}));
}

void Client::list_multiparts(const std::function<void(const OpenMultipart&)>& on_multipart) {
  std::string key_behind, id_behind;
  for (int page = 0; page < pages_max; ++page) {
    Call call{.name = "multiparts", .method = "GET"};
    call.query = {{"uploads", ""}, {"prefix", settings_.prefix}};
    if (!key_behind.empty()) {
      call.query.emplace_back("key-marker", key_behind);
      call.query.emplace_back("upload-id-marker", id_behind);
    }
    const auto answer = ask(call);
    key_behind.clear();
    bool goes_on = false;
    OpenMultipart multipart;
    read_page(answer.response.body, [&](std::string_view path, const std::string& text) {
      if (path == "ListMultipartUploadsResult/IsTruncated") goes_on = text == "true";
      if (path == "ListMultipartUploadsResult/NextKeyMarker") key_behind = text;
      if (path == "ListMultipartUploadsResult/NextUploadIdMarker") id_behind = text;
      if (path == "ListMultipartUploadsResult/Upload/Key") multipart.key = text;
      if (path == "ListMultipartUploadsResult/Upload/UploadId") multipart.id = text;
      if (path == "ListMultipartUploadsResult/Upload/Initiated")
        multipart.begun_at = base::parse_rfc3339(text).value_or(means_.clock.now());
      if (path != "ListMultipartUploadsResult/Upload") return;
      on_multipart(multipart);
      multipart = {};
    });
    if (!goes_on || key_behind.empty()) return;
  }
  throw_endless();
}

}  // namespace devy::s3
