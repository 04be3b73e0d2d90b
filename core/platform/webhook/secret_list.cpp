#include "core/platform/webhook/secret_list.hpp"

#include <charconv>
#include <map>
#include <sstream>

#include "core/platform/base/error.hpp"
#include "core/platform/base/time_text.hpp"

namespace devy::webhook {
namespace {

using base::Error;
using base::ErrorKind;

[[noreturn]] void throw_entry(const std::string& entry, const std::string& cause) {
  throw Error(ErrorKind::config, "unable to use the secret '" + entry + "': " + cause,
              "Write it in webhook.secrets as \"id /path/of/file [until TIME] [for GITHUB-ID]\".");
}

std::optional<std::int64_t> parse_id(const std::string& text) {
  std::int64_t id = 0;
  const auto end = text.data() + text.size();
  const auto result = std::from_chars(text.data(), end, id);
  if (result.ec != std::errc() || result.ptr != end || id < 1) return std::nullopt;
  return id;
}

SigningSecret load(const std::string& entry) {
  std::istringstream words(entry);
  std::string path, word;
  SigningSecret secret;
  words >> secret.id >> path;
  if (path.empty() || path.front() != '/') throw_entry(entry, "the path must be absolute");
  while (words >> word) {
    std::string value;
    words >> value;
    if (word == "until" && !secret.ends_at) {
      secret.ends_at = base::parse_rfc3339(value);
      if (!secret.ends_at) throw_entry(entry, "what follows `until` is no time");
    } else if (word == "for" && !secret.github_id) {
      secret.github_id = parse_id(value);
      if (!secret.github_id) throw_entry(entry, "what follows `for` is no repository's number");
    } else {
      throw_entry(entry, "'" + word + "' is not understood");
    }
  }
  secret.secret = base::read_secret_file(path);
  if (base::is_key_text(secret.secret.reveal()))
    throw_entry(entry, "it is a key file, which others may know");
  if (secret.secret.reveal().size() < secret_bytes_min)
    throw_entry(entry, "it is shorter than " + std::to_string(secret_bytes_min) + " bytes");
  return secret;
}

}  // namespace

std::vector<SigningSecret> load_secrets(const std::vector<std::string>& entries) {
  if (entries.size() > secrets_max)
    throw Error(ErrorKind::config,
                "unable to use more than " + std::to_string(secrets_max) + " secrets");
  std::vector<SigningSecret> secrets;
  std::map<std::optional<std::int64_t>, std::size_t> counts;
  for (const auto& entry : entries) {
    secrets.push_back(load(entry));
    ++counts[secrets.back().github_id];
  }
  const auto for_all = counts[std::nullopt];
  for (const auto& [github_id, count] : counts)
    if (for_all + (github_id ? count : 0) > candidates_max)
      throw Error(
          ErrorKind::config,
          "unable to try more than " + std::to_string(candidates_max) + " secrets for one delivery",
          "Take those away that have ended.");
  return secrets;
}

}  // namespace devy::webhook
