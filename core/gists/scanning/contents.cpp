#include "core/gists/scanning/contents.hpp"

#include <algorithm>
#include <span>

#include "core/platform/base/error.hpp"
#include "core/platform/base/hex.hpp"
#include "core/platform/base/safe_text.hpp"
#include "core/platform/base/sha1.hpp"
#include "core/platform/base/sha256.hpp"
#include "core/platform/http/httplib_transport.hpp"

namespace devy::scanning {
namespace {

using base::Error;
using base::ErrorKind;
using gists::ContentState;

constexpr std::size_t sha1_digits = 40;

std::unique_ptr<http::Transport> raw_transport(const config::Config& config) {
  http::TransportOptions options;
  options.ca_file = config.git.ca_file;
  options.connect_timeout = config.github.timeout;
  options.read_timeout = config.github.timeout;
  options.body_bytes_max = config.gists.file_bytes_max;
  return http::make_httplib_transport(options);
}

std::span<const std::uint8_t> octets(std::string_view bytes) {
  return {reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()};
}

// The longest beginning of a text that ends with a character.
std::string_view cut_text(std::string_view text, std::size_t bytes_max) {
  constexpr unsigned continuation_mask = 0xC0;
  constexpr unsigned continuation = 0x80;
  auto end = bytes_max;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & continuation_mask) == continuation)
    --end;
  return text.substr(0, end);
}

}  // namespace

bool has_id(std::string_view bytes, std::string_view id) {
  if (id.size() != sha1_digits) return base::to_hex(base::sha256(bytes)) == id;
  base::Sha1Stream digest;
  digest.add("blob " + std::to_string(bytes.size()));
  digest.add(std::string_view("\0", 1));
  digest.add(bytes);
  return base::to_hex(octets(digest.finish())) == id;
}

Contents::Contents(const config::Config& config, std::unique_ptr<http::Transport> transport)
    : config_(config), transport_(transport ? std::move(transport) : raw_transport(config)) {}

void Contents::name_blob(ListedFile& file) {
  if (!file.blob.empty()) return;
  // A content that is not fetched is known by where it lies.
  if (std::cmp_greater(file.size, config_.gists.file_bytes_max))
    file.blob = base::to_hex(base::sha256(file.raw_url + " " + std::to_string(file.size)));
  else {
    if (!file.content || file.is_truncated) file.content = fetch(file);
    file.is_truncated = false;
    file.blob = base::to_hex(base::sha256(*file.content));
  }
}

Content Contents::read(const ListedFile& file) {
  if (std::cmp_greater(file.size, config_.gists.file_bytes_max))
    return {ContentState::too_large, std::nullopt};
  // GitHub mends what is no text, so its document may show other bytes.
  if (file.content && !file.is_truncated && has_id(*file.content, file.blob))
    return keep(*file.content);
  const auto bytes = fetch(file);
  if (!has_id(bytes, file.blob))
    throw Error(ErrorKind::rejected,
                "unable to read " + base::in_quotes(file.filename) +
                    " of a gist: its bytes are not those of its blob id",
                "The next scan reads it again.", "content_mismatch");
  return keep(bytes);
}

Content Contents::keep(std::string_view bytes) const {
  const bool is_text = bytes.find('\0') == std::string_view::npos && base::is_valid_utf8(bytes);
  if (!is_text) return {ContentState::binary, std::nullopt};
  const auto bytes_max = config_.gists.content_bytes_max;
  if (bytes.size() <= bytes_max) return {ContentState::whole, std::string(bytes)};
  return {ContentState::cut, std::string(cut_text(bytes, bytes_max))};
}

bool Contents::is_raw_host(std::string_view url) const {
  const auto& schemes = config_.git.url_schemes;
  const bool is_plain_allowed = std::ranges::find(schemes, "http") != schemes.end();
  if (url.starts_with("https://")) url.remove_prefix(8);
  else if (url.starts_with("http://") && is_plain_allowed) url.remove_prefix(7);
  else return false;
  const auto host = url.substr(0, url.find_first_of("/?#"));
  return std::ranges::find(config_.gists.raw_hosts, host) != config_.gists.raw_hosts.end();
}

std::string Contents::fetch(const ListedFile& file) {
  if (!is_raw_host(file.raw_url))
    throw Error(ErrorKind::rejected,
                "unable to read " + base::in_quotes(file.filename) +
                    " of a gist: its bytes are at a host that is not asked",
                "Add the host to gists.raw_hosts if it is GitHub's.", "raw_host_refused");
  http::Request request;
  request.url = file.raw_url;
  request.headers = {{"User-Agent", "devy-upload"}};
  auto response = transport_->send(request);
  if (response.status == 200) return std::move(response.body);
  const bool is_passing = response.status >= 500 || response.status == 429;
  throw Error(is_passing ? ErrorKind::unavailable : ErrorKind::rejected,
              "unable to read " + base::in_quotes(file.filename) + " of a gist: status " +
                  std::to_string(response.status),
              "The next scan reads it again.", "raw_refused");
}

}  // namespace devy::scanning
