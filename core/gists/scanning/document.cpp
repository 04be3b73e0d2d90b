#include "core/gists/scanning/document.hpp"

#include <algorithm>

#include "core/platform/base/base64.hpp"
#include "core/platform/base/hex.hpp"
#include "core/platform/base/time_text.hpp"
#include "core/platform/github/document.hpp"

namespace devy::scanning {
namespace {

constexpr std::size_t blob_digits = 40;
constexpr std::size_t id_digits_min = 20;
constexpr std::size_t id_digits_max = 40;
constexpr std::size_t filename_bytes_max = 1'024;

bool is_hex(std::string_view text) {
  return std::ranges::all_of(text, [](char digit) { return base::is_lower_hex(digit); });
}

bool is_gist_id(std::string_view text) {
  return text.size() >= id_digits_min && text.size() <= id_digits_max && is_hex(text);
}

std::optional<base::TimePoint> time_in(const json::Value& document, std::string_view path) {
  const auto text = document.if_text(path);
  return text ? base::parse_rfc3339(*text) : std::nullopt;
}

std::optional<std::string> content_in(const json::Value& document) {
  const auto text = document.if_text("content");
  if (!text || document.if_text("encoding").value_or("utf-8") != "base64") return text;
  std::string digits;
  std::ranges::copy_if(*text, std::back_inserter(digits),
                       [](char byte) { return byte != '\n' && byte != '\r'; });
  return base::decode_base64(digits);
}

std::optional<ListedFile> file_of(const json::Value& document) {
  ListedFile file;
  file.filename = document.if_text("filename").value_or("");
  file.raw_url = document.if_text("raw_url").value_or("");
  file.size = document.if_integer("size").value_or(-1);
  if (file.filename.empty() || file.filename.size() > filename_bytes_max || file.raw_url.empty() ||
      file.size < 0)
    return std::nullopt;
  file.blob = blob_in(file.raw_url);
  file.media_type = document.if_text("type");
  file.language = document.if_text("language");
  file.content = content_in(document);
  file.is_truncated = document.if_boolean("truncated").value_or(false);
  return file;
}

std::optional<ListedGist> gist_of(const json::Value& document) {
  ListedGist gist;
  gist.id = document.if_text("id").value_or("");
  const auto created_at = time_in(document, "created_at");
  const auto updated_at = time_in(document, "updated_at");
  if (!is_gist_id(gist.id) || !created_at || !updated_at) return std::nullopt;
  gist.owner_id = document.if_integer("owner/id");
  gist.is_public = document.if_boolean("public").value_or(false);
  gist.is_truncated = document.if_boolean("truncated").value_or(false);
  gist.description = document.if_mended_text("description");
  gist.html_url = document.if_text("html_url").value_or("");
  gist.git_pull_url = document.if_text("git_pull_url").value_or("");
  gist.created_at = *created_at;
  gist.updated_at = *updated_at;
  if (const auto files = document.find("files"))
    for (const auto& [name, file] : files->members())
      if (auto read = file_of(file)) gist.files.push_back(std::move(*read));
  return gist;
}

}  // namespace

std::vector<ListedGist> read_list(std::string_view body) {
  const auto document = github::parse_document(body);
  if (!document.is_array()) github::throw_garbage("it is no list");
  std::vector<ListedGist> gists;
  for (const auto& item : document.items())
    if (auto gist = gist_of(item)) gists.push_back(std::move(*gist));
  return gists;
}

ListedGist read_gist(std::string_view body) {
  auto gist = gist_of(github::parse_document(body));
  if (!gist) github::throw_garbage("it is no gist");
  return *std::move(gist);
}

std::string blob_in(std::string_view raw_url) {
  constexpr std::string_view raw = "/raw/";
  const auto at = raw_url.find(raw);
  if (at == std::string_view::npos) return {};
  const auto rest = raw_url.substr(at + raw.size());
  const auto blob = rest.substr(0, rest.find('/'));
  return blob.size() == blob_digits && is_hex(blob) ? std::string(blob) : std::string();
}

}  // namespace devy::scanning
