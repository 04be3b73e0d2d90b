#include "core/platform/git/fetch_error.hpp"

#include <charconv>

#include "core/platform/base/safe_text.hpp"
#include "core/platform/base/secret.hpp"

namespace devy::git {
namespace {

using base::Error;
using base::ErrorKind;

constexpr std::string_view stall_hint =
    "Try again later; raise limits.fetch_stall if this remote is always slow.";

// libgit2 gives an HTTP status only as the end of a sentence.
std::optional<int> status_in(std::string_view message) {
  constexpr std::string_view words = "unexpected http status code: ";
  const auto at = message.find(words);
  if (at == message.npos) return std::nullopt;
  const auto digits = message.substr(at + words.size());
  int status = 0;
  const auto parsed = std::from_chars(digits.data(), digits.data() + digits.size(), status);
  if (parsed.ec != std::errc{}) return std::nullopt;
  return status;
}

Error authentication_required(std::string_view url, bool has_token) {
  return fetch_error(ErrorKind::denied, "authentication_required", url,
                     has_token ? "the token was refused" : "authentication required",
                     "Check that the token in git.token_file can read the repository, and that "
                     "git.token_host is its host.");
}

}  // namespace

Error fetch_error(ErrorKind kind, std::string_view code, std::string_view url,
                  std::string_view cause, std::string_view hint) {
  return {kind, base::redact("unable to fetch " + base::in_quotes(url) + ": " + std::string(cause)),
          std::string(hint), std::string(code)};
}

Error http_error(std::string_view url, const HttpFailure& failure) {
  const int status = failure.status;
  const std::string cause = "the server answered " + std::to_string(status);
  if (status == 429 || (status == 403 && failure.is_asked_to_wait))
    return fetch_error(ErrorKind::unavailable, "rate_limited", url, cause + " (too many requests)",
                       "Try again later; a token in git.token_file has a higher limit.");
  if (status == 401 || status == 403) return authentication_required(url, failure.has_token);
  if (status == 404 || status == 410) return repository_not_found(url, failure.has_token);
  return fetch_error(ErrorKind::unavailable, "remote_unavailable", url, cause,
                     "Try again later; check the server's own status page if it goes on.");
}

Error transfer_error(std::string_view url, const GitFailure& failure, const TransferState& state) {
  if (state.is_too_large)
    return fetch_error(ErrorKind::rejected, "pack_too_large", url, "the pack is over the limit",
                       "Make the repository smaller, or raise limits.pack_bytes_max.");
  if (is_out_of_memory(failure))
    return fetch_error(ErrorKind::internal, "out_of_memory", url, "out of memory",
                       "Raise limits.worker_memory_bytes_max if the repository is one you trust.");
  if (is_disk_full(failure))
    return fetch_error(ErrorKind::internal, "disk_full", url, "no space left",
                       "Free some space, or set runtime_directory to a roomier place.");
  if (failure.result == GIT_EAUTH) return authentication_required(url, state.has_token);
  if (failure.result == GIT_ECERTIFICATE || failure.error_class == GIT_ERROR_SSL)
    return fetch_error(ErrorKind::denied, "tls_verify", url, failure.message,
                       "Check the server's certificate, and git.ca_file if it has an authority of "
                       "its own.");
  if (failure.result == GIT_TIMEOUT) return fetch_stalled(url);
  if (const auto status = status_in(failure.message))
    return http_error(url, {.status = *status, .has_token = state.has_token});
  if (failure.message.find("too many objects") != std::string::npos ||
      failure.message.find("maximum number of objects") != std::string::npos)
    return fetch_error(ErrorKind::rejected, "pack_too_large", url, "the pack has too many objects",
                       "Make the repository smaller, or raise limits.pack_objects_max.");
  switch (failure.error_class) {
    case GIT_ERROR_INDEXER:
    case GIT_ERROR_ZLIB:
    case GIT_ERROR_ODB:
    case GIT_ERROR_OBJECT:
    case GIT_ERROR_SHA: return pack_broken(url, failure.message);
    default: break;
  }
  // The refs had come whole, so a connection that ends now ends in the middle of a pack.
  const bool is_cut = failure.message.find("ended at an unexpected time") != std::string::npos ||
                      failure.message.find("EOF") != std::string::npos;
  if (state.has_received || is_cut) return pack_broken(url, failure.message);
  return fetch_error(ErrorKind::unavailable, "remote_unavailable", url, failure.message,
                     "Check that the server is up and can be reached from this machine.");
}

Error branch_gone(std::string_view url, std::string_view branch) {
  if (branch.empty())
    return fetch_error(ErrorKind::rejected, "branch_gone", url, "its default branch does not exist",
                       "Give the blog an existing branch, or change the default branch there.");
  return fetch_error(ErrorKind::rejected, "branch_gone", url,
                     "there is no branch " + base::in_quotes(branch),
                     "Give the blog an existing branch, or push the branch again.");
}

Error commit_gone(std::string_view url, std::string_view commit) {
  return fetch_error(
      ErrorKind::rejected, "commit_gone", url, "there is no commit " + std::string(commit),
      "It may have been removed by a forced push; publish the branch's tip instead.");
}

Error repository_empty(std::string_view url) {
  return fetch_error(ErrorKind::rejected, "repository_empty", url, "the repository has no commits",
                     "Push a first commit; nothing that is already published was changed.");
}

Error repository_not_found(std::string_view url, bool has_token) {
  return fetch_error(ErrorKind::rejected, "repository_not_found", url, "repository not found",
                     has_token
                         ? "Check the address, and that the token in git.token_file can read it."
                         : "Check the address; a private repository looks the same until "
                           "git.token_file has a token that can read it.");
}

Error repository_moved(std::string_view url, std::string_view new_url, std::string_view why) {
  return fetch_error(ErrorKind::rejected, "repository_moved", url,
                     "it has moved to " + base::in_quotes(new_url) + ", " + std::string(why),
                     "If the new address is right, connect the repository with it.");
}

Error pack_broken(std::string_view url, std::string_view cause) {
  return fetch_error(ErrorKind::unavailable, "pack_broken", url,
                     "the pack is broken (" + std::string(cause) + ")",
                     "Try again; if it goes on, check the repository with git fsck.");
}

Error fetch_stalled(std::string_view url) {
  return fetch_error(ErrorKind::unavailable, "fetch_stalled", url, "the server fell silent",
                     stall_hint);
}

Error fetch_timed_out(std::string_view url) {
  return fetch_error(ErrorKind::unavailable, "fetch_timed_out", url, "it took too long",
                     "Try again later; raise limits.fetch_wall_clock if the repository is large.");
}

}  // namespace devy::git
