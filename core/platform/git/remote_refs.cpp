#include "core/platform/git/remote_refs.hpp"

#include <charconv>
#include <cstring>
#include <optional>
#include <span>

#include "core/platform/base/asked_to_wait.hpp"
#include "core/platform/base/safe_text.hpp"
#include "core/platform/git/fetch_error.hpp"
#include "core/platform/git/git_handle.hpp"
#include "core/platform/git/git_http.hpp"

namespace devy::git {
namespace {

using base::Error;
using base::ErrorKind;

constexpr std::string_view service = "/info/refs?service=git-upload-pack";

http::Response ask(http::Transport& transport, const std::string& url, const base::Secret* token) {
  http::Request request;
  request.url = url + std::string(service);
  request.headers = {{"Accept", "application/x-git-upload-pack-advertisement"}};
  try {
    return send_to_git(transport, std::move(request), url, token);
  } catch (const Error& error) {
    if (error.code() != "response_too_large") throw;
    throw fetch_error(ErrorKind::rejected, "pack_too_large", url, "it has too many references",
                      "Remove branches and tags that are not needed.");
  }
}

bool is_redirect(int status) {
  return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

// Reads Retry-After as a number of seconds. Any other form, such as a date, is ignored.
std::optional<std::chrono::seconds> seconds_in(std::string_view text) {
  unsigned number = 0;
  const auto* const end = text.data() + text.size();
  const auto parsed = std::from_chars(text.data(), end, number);
  if (parsed.ec != std::errc{} || parsed.ptr != end) return std::nullopt;
  return std::chrono::seconds(number);
}

std::string origin_of(const std::string& url) {
  return url.substr(0, url.find('/', url.find("://") + 3));
}

MovedTo moved_to(const std::string& url, const http::Response& response) {
  std::string location(response.header("Location"));
  if (location.empty()) throw http_error(url, {.status = response.status});
  if (location.starts_with("//")) location.insert(0, url.substr(0, url.find("//")));
  else if (location.starts_with('/')) location.insert(0, origin_of(url));
  if (const auto at = location.find("/info/refs"); at != location.npos) location.erase(at);
  return {location};
}

RefAdvertisement read_refs(const std::string& url, const http::Response& response, bool has_token) {
  const bool is_git =
      response.header("Content-Type").starts_with("application/x-git-upload-pack-advertisement");
  // A web page, or a server of the "dumb" protocol: no repository as far as we are concerned.
  if (!is_git) throw repository_not_found(url, has_token);
  auto refs = parse_advertisement(response.body);
  if (!refs)
    throw fetch_error(ErrorKind::unavailable, "remote_unavailable", url,
                      "its list of references is broken", "Try again later.");
  if (refs->object_format != known_object_format)
    throw object_format_unsupported("fetch " + base::in_quotes(url), refs->object_format);
  return std::move(*refs);
}

[[noreturn]] void throw_file_failure(int result, const std::string& url) {
  const auto failure = last_failure(result);
  if (result == GIT_ENOTFOUND || failure.error_class == GIT_ERROR_REPOSITORY ||
      failure.error_class == GIT_ERROR_OS)
    throw repository_not_found(url, true);
  throw transfer_error(url, failure, {});
}

}  // namespace

std::variant<RemoteAnswer, MovedTo> ask_http_refs(http::Transport& transport,
                                                  const std::string& url,
                                                  const base::Secret& token) {
  bool has_token = false;
  auto response = ask(transport, url, nullptr);
  // GitHub returns 401 or 404 for a repository that exists but is private.
  if (!token.empty() && (response.status == 401 || response.status == 404)) {
    has_token = true;
    response = ask(transport, url, &token);
  }
  if (is_redirect(response.status)) return moved_to(url, response);
  if (response.status != 200) {
    const auto asked = response.header("Retry-After");
    const auto error = http_error(
        url,
        {.status = response.status, .has_token = has_token, .is_asked_to_wait = !asked.empty()});
    const auto wait = seconds_in(asked);
    if (wait && base::is_retryable(error.kind())) throw base::AskedToWait(error, *wait);
    throw error;
  }
  return RemoteAnswer{read_refs(url, response, has_token), has_token};
}

RefAdvertisement ask_file_refs(const std::string& url) {
  use_libgit2();
  const auto format = object_format_of(url.substr(std::string_view("file://").size()));
  if (format != known_object_format)
    throw object_format_unsupported("fetch " + base::in_quotes(url), format);
  git_remote* raw = nullptr;
  if (const int result = git_remote_create_detached(&raw, url.c_str()); result < 0)
    throw_file_failure(result, url);
  const RemoteHandle remote(raw);
  if (const int result = git_remote_connect(raw, GIT_DIRECTION_FETCH, nullptr, nullptr, nullptr);
      result < 0)
    throw_file_failure(result, url);
  const git_remote_head** heads = nullptr;
  std::size_t count = 0;
  if (const int result = git_remote_ls(&heads, &count, raw); result < 0)
    throw_file_failure(result, url);
  RefAdvertisement refs;
  for (const auto* head : std::span(heads, count)) {
    const std::string_view name = head->name;
    CommitId commit;
    std::memcpy(commit.bytes.data(), head->oid.id, commit.bytes.size());
    if (name == "HEAD" && head->symref_target != nullptr) {
      const std::string_view target = head->symref_target;
      if (target.starts_with(branch_prefix)) refs.head_branch = target.substr(branch_prefix.size());
    } else if (name != "HEAD" && !name.ends_with("^{}")) {
      refs.refs.push_back({std::string(name), commit});
    }
  }
  return refs;
}

const RemoteRef& choose_branch(const RefAdvertisement& refs, const std::string& url,
                               const std::string& branch) {
  const auto& name = branch.empty() ? refs.head_branch : branch;
  if (const auto* found = refs.find_branch(name); found != nullptr) return *found;
  if (refs.refs.empty()) throw repository_empty(url);
  throw branch_gone(url, name);
}

}  // namespace devy::git
