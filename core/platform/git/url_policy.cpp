#include "core/platform/git/url_policy.hpp"

#include <algorithm>
#include <optional>
#include <vector>

#include "core/platform/base/ascii.hpp"
#include "core/platform/base/error.hpp"
#include "core/platform/base/safe_text.hpp"
#include "core/platform/base/secret.hpp"
#include "core/platform/git/host_address.hpp"

namespace devy::git {
namespace {

constexpr std::size_t url_bytes_max = 2048;

struct Reason {
  std::string text, hint;
};

[[noreturn]] void refuse(std::string_view url, const Reason& reason) {
  throw base::Error(
      base::ErrorKind::rejected,
      "unable to use the address '" + base::safe_text(base::redact(url)) + "': " + reason.text,
      reason.hint, "url_not_allowed");
}

bool is_name(std::string_view text, std::size_t bytes_max, std::string_view others) {
  return text.size() <= bytes_max && text != "." && text != ".." && base::is_word_of(text, others);
}

std::vector<std::string_view> parts_of(std::string_view path) {
  std::vector<std::string_view> parts;
  while (!path.empty()) {
    const auto slash = path.find('/');
    parts.push_back(path.substr(0, slash));
    path.remove_prefix(slash == path.npos ? path.size() : slash + 1);
  }
  return parts;
}

bool is_number(std::string_view text) {
  return std::ranges::all_of(text, base::is_digit);
}

std::string_view without(std::string_view text, std::string_view ending) {
  return text.ends_with(ending) ? text.substr(0, text.size() - ending.size()) : text;
}

// "owner/name" as GitHub spells it; nothing for anything else.
std::optional<std::string> github_path(std::string_view path) {
  const auto parts = parts_of(path);
  if (parts.size() != 2) return std::nullopt;
  const auto name = without(parts[1], ".git");
  if (!is_name(parts[0], 39, "-") || !is_name(name, 100, "._-") || name.ends_with(".git"))
    return std::nullopt;
  return std::string(parts[0]) + "/" + std::string(name) + ".git";
}

bool is_listed(const std::vector<std::string>& list, std::string_view name) {
  return std::ranges::any_of(list,
                             [&](const auto& entry) { return base::to_lower(entry) == name; });
}

struct Parts {
  std::string scheme, host, port, path;
};

// Splits "scheme://host:port/path"; what cannot be split is refused.
Parts split(std::string_view whole, std::string_view url) {
  Parts parts;
  const auto colon = url.find("://");
  parts.scheme = base::to_lower(url.substr(0, colon));
  url.remove_prefix(colon + 3);
  url = url.substr(0, url.find_first_of("?#"));
  auto authority = url.substr(0, url.find('/'));
  parts.path = url.substr(authority.size());
  if (authority.find('@') != authority.npos)
    refuse(whole, {"it carries a user name",
                   "Remove the user name and password; the token comes from git.token_file."});
  const auto bracket = authority.starts_with('[') ? authority.find(']') : 0;
  if (bracket == authority.npos) refuse(whole, {"it has no host", "Write the address in full."});
  if (const auto port = authority.find(':', bracket); port != authority.npos) {
    parts.port = authority.substr(port + 1);
    authority = authority.substr(0, port);
    if (parts.port.size() > 5 || !is_number(parts.port))
      refuse(whole, {"its port is no number", "Write the address in full."});
  }
  parts.host = without(base::to_lower(authority), ".");
  return parts;
}

void check_host(std::string_view whole, const Parts& parts, const config::Git& policy) {
  if (parts.host.empty()) refuse(whole, {"it has no host", "Write the address in full."});
  switch (classify_host(parts.host)) {
    case HostKind::malformed:
      refuse(whole, {"its host is not spelled as a host name or address", "Check the host."});
    case HostKind::private_address:
      if (!policy.allow_private_addresses)
        refuse(whole, {"its host is a private address",
                       "Set git.allow_private_addresses if this machine may fetch from there."});
      break;
    case HostKind::name:
    case HostKind::public_address: break;
  }
  const bool is_default_port = parts.port.empty() || parts.port == "443";
  // A host without a port is that host's usual service; plain http is for tests, on any port.
  const bool is_allowed =
      policy.url_hosts.empty() || is_listed(policy.url_hosts, parts.host + ":" + parts.port) ||
      (is_listed(policy.url_hosts, parts.host) && (is_default_port || parts.scheme == "http"));
  if (!is_allowed)
    refuse(whole,
           {"host '" + base::safe_text(parts.host) + "' is not allowed" +
                (is_default_port ? "" : " on port " + parts.port),
            "Add the host (with its port, if it has one) to git.url_hosts if you trust it."});
}

void check_path(std::string_view whole, std::string_view path) {
  if (path.find_first_not_of('/') == path.npos)
    refuse(whole, {"it names no repository", "Write it as https://host/owner/name."});
  for (const auto part : parts_of(path.substr(1)))
    if (part.empty() || part == "." || part == "..")
      refuse(whole, {"its path has an empty, '.' or '..' part", "Write the path without it."});
}

// Completes an address without a scheme: a path, owner/name, or host/owner/name.
std::string complete(std::string_view whole) {
  if (whole.starts_with('/')) return "file://" + std::string(whole);
  if (whole.starts_with('.') || whole.starts_with('~'))
    refuse(whole, {"it is a relative path", "Write the path from the root, beginning with '/'."});
  // "user@host:path" is how ssh addresses look; "host:port/path" has digits there.
  const auto before_path = whole.substr(0, whole.find('/'));
  const auto colon = before_path.find(':');
  if (colon != before_path.npos && !is_number(before_path.substr(colon + 1)))
    refuse(whole, {"ssh addresses are not fetched from", "Use the repository's https address."});
  if (const auto path = github_path(whole)) return "https://github.com/" + *path;
  return "https://" + std::string(whole);
}

std::string normalize_file(std::string_view whole, const Parts& parts) {
  if (!parts.host.empty() && parts.host != "localhost")
    refuse(whole, {"a file address has no host", "Write it as file:///path."});
  check_path(whole, parts.path);
  return "file://" + parts.path;
}

}  // namespace

std::string normalize_url(std::string_view url, const config::Git& policy) {
  const bool is_plain =
      std::ranges::all_of(url, [](unsigned char c) { return c > ' ' && c != 0x7f && c != '\\'; });
  if (url.empty() || url.size() > url_bytes_max || !is_plain || !base::is_valid_utf8(url))
    refuse(url, {"it is empty, too long, or has characters no address has",
                 "Write it as https://host/owner/name."});
  const auto completed = url.find("://") == url.npos ? complete(url) : std::string(url);
  auto parts = split(url, completed);
  while (parts.path.ends_with('/'))
    parts.path.pop_back();
  if (!is_listed(policy.url_schemes, parts.scheme))
    refuse(url, {"scheme '" + base::safe_text(parts.scheme) + "' is not allowed",
                 "Use an https address, or add the scheme to git.url_schemes."});
  if (parts.scheme == "file") return normalize_file(url, parts);
  if (parts.scheme != "https" && parts.scheme != "http")
    refuse(url, {"scheme '" + base::safe_text(parts.scheme) + "' is not supported",
                 "Use an https address."});
  check_host(url, parts, policy);
  check_path(url, parts.path);
  // An escape could encode what check_path refuses; no supported repository needs one.
  if (parts.path.find('%') != parts.path.npos)
    refuse(url, {"its path has a percent escape", "Write the path without escapes."});
  if (parts.host == "github.com") {
    const auto path = github_path(parts.path.substr(1));
    if (!path) refuse(url, {"it is not a repository's address", "Write it as owner/name."});
    parts.path = "/" + *path;
  }
  const bool is_default_port = parts.port == (parts.scheme == "https" ? "443" : "80");
  const auto port = parts.port.empty() || is_default_port ? "" : ":" + parts.port;
  return parts.scheme + "://" + parts.host + port + parts.path;
}

std::string display_name(std::string_view url) {
  while (url.ends_with('/'))
    url.remove_suffix(1);
  if (const auto scheme = url.find("://"); scheme != url.npos) url.remove_prefix(scheme + 3);
  url = without(url, ".git");
  const auto last = url.rfind('/');
  if (last == url.npos || last == 0) return std::string(last == 0 ? url.substr(1) : url);
  const auto second = url.rfind('/', last - 1);
  return std::string(second == url.npos ? url : url.substr(second + 1));
}

}  // namespace devy::git
