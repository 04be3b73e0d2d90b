#include "core/platform/webhook/secret_list.hpp"

#include <algorithm>
#include <map>
#include <sstream>

#include "core/platform/base/error.hpp"
#include "core/platform/base/time_text.hpp"

namespace devy::webhook {
namespace {

using base::Error;
using base::ErrorKind;

[[noreturn]] void throw_entry(const std::string& entry, const std::string& cause) {
  throw Error(
      ErrorKind::config, "unable to use the secret '" + entry + "': " + cause,
      "Write it in webhook.secrets as \"id /path/of/file [until TIME] [for GITHUB-ID | app]\".");
}

SigningSecret load(const std::string& entry) {
  auto [id, path, ends_at, scope] = parse_secret_entry(entry);
  SigningSecret secret{std::move(id), base::read_secret_file(path), ends_at, scope};
  if (base::is_key_text(secret.secret.reveal()))
    throw_entry(entry, "it is a key file, which others may know");
  if (secret.secret.reveal().size() < secret_bytes_min)
    throw_entry(entry, "it is shorter than " + std::to_string(secret_bytes_min) + " bytes");
  return secret;
}

}  // namespace

SecretEntry parse_secret_entry(const std::string& text) {
  std::istringstream words(text);
  std::string word;
  SecretEntry entry;
  words >> entry.id >> entry.path;
  if (entry.path.empty() || entry.path.front() != '/')
    throw_entry(text, "the path must be absolute");
  while (words >> word) {
    const bool is_scoped = entry.scope.is_own();
    if (word == "app" && !is_scoped) {
      entry.scope = {Reach::app};
      continue;
    }
    std::string value;
    words >> value;
    if (word == "until" && !entry.ends_at) {
      entry.ends_at = base::parse_rfc3339(value);
      if (!entry.ends_at) throw_entry(text, "what follows `until` is no time");
    } else if (word == "for" && !is_scoped) {
      const auto scope = parse_scope("for " + value);
      if (!scope) throw_entry(text, "what follows `for` is no repository's number");
      entry.scope = *scope;
    } else {
      throw_entry(text, "'" + word + "' is not understood");
    }
  }
  return entry;
}

std::vector<SigningSecret> load_secrets(const std::vector<std::string>& entries) {
  if (entries.size() > secrets_max)
    throw Error(ErrorKind::config,
                "unable to use more than " + std::to_string(secrets_max) + " secrets");
  std::vector<SigningSecret> secrets;
  std::map<std::int64_t, std::size_t> counts;
  constexpr std::int64_t for_all = 0;
  for (const auto& entry : entries) {
    const auto& scope = secrets.emplace_back(load(entry)).scope;
    ++counts[scope.reach == Reach::repository ? scope.github_id : for_all];
  }
  for (const auto& [github_id, count] : counts)
    if (count + (github_id == for_all ? 0 : counts[for_all]) > candidates_max)
      throw Error(
          ErrorKind::config,
          "unable to try more than " + std::to_string(candidates_max) + " secrets for one delivery",
          "Take those away that have ended.");
  return secrets;
}

base::Secret newest_secret(const std::vector<std::string>& entries, std::int64_t github_id) {
  auto secrets = load_secrets(entries);
  std::ranges::reverse(secrets);
  const auto find = [&](Reach reach) {
    return std::ranges::find_if(secrets, [&](const SigningSecret& secret) {
      return !secret.ends_at && secret.scope.reach == reach &&
             (reach != Reach::repository || secret.scope.github_id == github_id);
    });
  };
  for (const auto reach : {Reach::repository, Reach::unscoped})
    if (const auto found = find(reach); found != secrets.end()) return std::move(found->secret);
  throw Error(
      ErrorKind::config, "unable to install a webhook: no secret is for the repository",
      "Name one in webhook.secrets: \"id /path/of/file for " + std::to_string(github_id) + "\".",
      "hook_secret_missing");
}

}  // namespace devy::webhook
