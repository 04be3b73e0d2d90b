#include "core/gists/scanning/git_files.hpp"

#include <map>

#include "core/platform/base/ascii.hpp"
#include "core/platform/base/hex.hpp"
#include "core/platform/git/clone.hpp"

namespace devy::scanning {
namespace {

// Contents of one gist that are in memory at the same time.
constexpr std::uint64_t contents_bytes_max = std::uint64_t{64} * 1024 * 1024;

// Gists are public: they are fetched without a credential, and from their own host alone.
config::Config without_credential(const config::Config& config) {
  auto own = config;
  own.git.url_hosts = {config.gists.git_host};
  own.git.token_file.clear();
  return own;
}

std::string percent_encoded(std::string_view text) {
  std::string encoded;
  for (const char byte : text) {
    if (base::is_word_of(std::string_view(&byte, 1), "-._~")) {
      encoded += byte;
      continue;
    }
    const auto value = static_cast<unsigned char>(byte);
    encoded += '%';
    encoded += base::to_upper(base::hex_digit(value >> 4U));
    encoded += base::to_upper(base::hex_digit(value & 15U));
  }
  return encoded;
}

// Where GitHub has the bytes of a file that its document does not show.
std::string raw_url_like(const ListedGist& gist, const std::string& blob, std::string_view name) {
  if (gist.files.empty()) return gist.html_url;
  const auto& shown = gist.files.front().raw_url;
  const auto at = shown.find("/raw/");
  if (at == std::string::npos) return gist.html_url;
  return shown.substr(0, at) + "/raw/" + blob + "/" + percent_encoded(name);
}

}  // namespace

GitFiles read_git_files(const config::Config& config, const ListedGist& gist,
                        const std::stop_token& stop) {
  git::FetchRequest request;
  request.url = gist.git_pull_url;
  const auto clone = git::Clone::fetch(
      without_credential(config), request, [](const git::Progress&) {}, stop);
  std::map<std::string_view, const ListedFile*> shown;
  for (const auto& file : gist.files)
    shown.emplace(file.filename, &file);
  GitFiles found;
  std::uint64_t bytes = 0;
  std::vector<snapshot::FileError> warnings;
  const auto add = [&](const git::TreeFile& entry) {
    if (entry.kind != git::FileKind::regular) return;
    if (found.files.size() >= config.gists.files_max) {
      found.is_partial = true;
      return;
    }
    ListedFile file;
    if (const auto known = shown.find(entry.path); known != shown.end()) file = *known->second;
    file.filename = entry.path;
    file.blob = snapshot::to_hex(entry.blob.bytes);
    file.size = static_cast<std::int64_t>(clone.blob_bytes(entry.blob));
    file.raw_url = raw_url_like(gist, file.blob, entry.path);
    file.is_truncated = false;
    const auto size = static_cast<std::uint64_t>(file.size);
    if (size <= config.gists.file_bytes_max && bytes + size <= contents_bytes_max) {
      file.content = clone.read_blob(entry.blob, config.gists.file_bytes_max);
      bytes += size;
    }
    found.files.push_back(std::move(file));
  };
  clone.walk(
      "", [](std::string_view) { return false; }, add, warnings);
  return found;
}

}  // namespace devy::scanning
