#include "core/platform/git/pack_fetch.hpp"

#include <git2/sys/errors.h>

#include <algorithm>
#include <cstring>
#include <filesystem>
#include <utility>

#include "core/platform/base/clock.hpp"
#include "core/platform/git/fetch_error.hpp"
#include "core/platform/git/git_handle.hpp"

namespace devy::git {
namespace {

// The reference that keeps what was fetched; the names of the remote's own references are not used
// in our folder.
constexpr const char* fetched_ref = "refs/devy/fetched";

// The data that libgit2's callbacks share during one transfer.
struct Transfer {
  const PackFetch& fetch;
  TransferState state;
  int credential_calls = 0;
  base::MonotonicTime reported_at;
  Progress last;
};

int give_credential(git_credential** out, const char*, const char*, unsigned allowed, void* data) {
  auto& transfer = *static_cast<Transfer*>(data);
  const auto& token = transfer.fetch.token;
  // libgit2 asks again and again after a wrong token; unless we set an error, its message is a
  // stale one.
  const bool may_send = !token.empty() && (allowed & GIT_CREDENTIAL_USERPASS_PLAINTEXT) != 0;
  if (!may_send || ++transfer.credential_calls > 1) {
    git_error_set_str(GIT_ERROR_CALLBACK, "authentication required");
    return GIT_EAUTH;
  }
  transfer.state.has_token = true;
  const std::string password(token.reveal());
  return git_credential_userpass_plaintext_new(out, "x-access-token", password.c_str());
}

void report(Transfer& transfer) {
  const auto now = base::system_clock().monotonic_now();
  if (now - transfer.reported_at < progress_interval) return;
  transfer.reported_at = now;
  transfer.fetch.on_progress(transfer.last);
}

int on_transfer(const git_indexer_progress* stats, void* data) {
  auto& transfer = *static_cast<Transfer*>(data);
  transfer.state.has_received = true;
  if (stats->received_bytes > transfer.fetch.order.pack_bytes_max) {
    transfer.state.is_too_large = true;
    git_error_set_str(GIT_ERROR_CALLBACK, "the pack is over the limit");
    return GIT_EUSER;
  }
  transfer.last = {.received_bytes = stats->received_bytes,
                   .received_objects = stats->received_objects,
                   .indexed_objects = stats->indexed_objects + stats->indexed_deltas,
                   .total_objects = stats->total_objects + stats->total_deltas};
  report(transfer);
  return 0;
}

// The server counts and compresses before it sends; its messages are a sign of life.
int on_server_text(const char*, int, void* data) {
  report(*static_cast<Transfer*>(data));
  return 0;
}

struct Outcome {
  int result = 0;
  GitFailure failure;
  TransferState state;
  std::uint64_t received_bytes = 0;
};

Outcome transfer_pack(const PackFetch& fetch, git_repository* repository, std::string refspec,
                      int depth) {
  Transfer transfer{
      .fetch = fetch, .state = {}, .credential_calls = 0, .reported_at = {}, .last = {}};
  git_fetch_options options;
  check_git(git_fetch_options_init(&options, GIT_FETCH_OPTIONS_VERSION), "set up a fetch");
  options.callbacks.credentials = give_credential;
  options.callbacks.transfer_progress = on_transfer;
  options.callbacks.sideband_progress = on_server_text;
  options.callbacks.payload = &transfer;
  options.download_tags = GIT_REMOTE_DOWNLOAD_TAGS_NONE;
  options.follow_redirects = GIT_REMOTE_REDIRECT_NONE;
  options.proxy_opts.type = GIT_PROXY_NONE;
  options.update_fetchhead = 0;
  options.depth = depth;

  git_remote* remote = nullptr;
  check_git(git_remote_create_anonymous(&remote, repository, fetch.order.url.c_str()),
            "set up a remote");
  const RemoteHandle owner(remote);
  char* specification = refspec.data();
  const git_strarray specifications{&specification, 1};
  const int result = git_remote_fetch(remote, &specifications, &options, nullptr);
  if (result < 0) return {result, last_failure(result), transfer.state, 0};
  fetch.on_progress(transfer.last);
  return {0, {}, transfer.state, transfer.last.received_bytes};
}

struct Target {
  std::string path;
  RepositoryHandle repository;
};

// Each try has a repository of its own: libgit2 does not survive a second shallow fetch in one.
Target fresh_repository(const PackFetch& fetch, const char* name) {
  Target target;
  target.path = fetch.order.directory + "/" + name;
  target.repository = init_bare(target.path);
  return target;
}

bool has_commit(git_repository* repository, const CommitId& commit) {
  git_oid id;
  std::memcpy(id.id, commit.bytes.data(), commit.bytes.size());
  git_commit* found = nullptr;
  const bool is_there = git_commit_lookup(&found, repository, &id) == 0;
  const CommitHandle owner(found);
  return is_there;
}

bool is_file(const FetchOrder& order) {
  return order.url.starts_with("file://");
}

int depth_for(const FetchOrder& order, int commits = 1) {
  // libgit2's transport for local paths knows no shallow fetch.
  return is_file(order) ? GIT_FETCH_DEPTH_FULL : commits;
}

// Tries once to fetch fetch.order.commit. Returns nothing when the transfer worked without it, or
// when the server declined; throws when the transfer failed for another reason.
std::optional<FetchedTip> try_commit(const PackFetch& fetch, const std::string& branch,
                                     const char* name, const std::string& refspec, int depth) {
  auto target = fresh_repository(fetch, name);
  const auto outcome = transfer_pack(fetch, target.repository.get(), refspec, depth);
  if (outcome.result < 0) {
    const auto error = transfer_error(fetch.order.url, outcome.failure, outcome.state);
    // After "not our ref" the server ends the conversation with a packet for which libgit2 has no
    // message.
    const bool is_declined =
        error.code() == "remote_unavailable" && outcome.failure.error_class == GIT_ERROR_NET;
    if (is_declined && depth == 1) return std::nullopt;
    throw error;
  }
  if (!has_commit(target.repository.get(), *fetch.order.commit)) return std::nullopt;
  FetchedTip tip{branch, *fetch.order.commit, target.path};
  tip.received_bytes = outcome.received_bytes;
  return tip;
}

}  // namespace

FetchedTip fetch_branch(const PackFetch& fetch, const std::string& branch) {
  const auto refspec = "+refs/heads/" + branch + ":" + fetched_ref;
  auto target = fresh_repository(fetch, "branch.git");
  auto outcome = transfer_pack(fetch, target.repository.get(), refspec,
                               depth_for(fetch.order, fetch.order.brings_parents ? 2 : 1));
  const auto error = [&] {
    return transfer_error(fetch.order.url, outcome.failure, outcome.state);
  };
  if (outcome.result < 0 && fetch.order.brings_parents && error().code() == "pack_too_large") {
    std::filesystem::remove_all(target.path);
    target = fresh_repository(fetch, "tip.git");
    outcome = transfer_pack(fetch, target.repository.get(), refspec, depth_for(fetch.order));
  }
  if (outcome.result < 0) throw error();
  git_oid id;
  // The branch may have moved or been deleted since we asked.
  if (git_reference_name_to_id(&id, target.repository.get(), fetched_ref) < 0)
    throw branch_gone(fetch.order.url, branch);
  CommitId commit;
  std::memcpy(commit.bytes.data(), id.id, commit.bytes.size());
  if (!has_commit(target.repository.get(), commit))
    throw pack_broken(fetch.order.url, "its tip is missing or no commit");
  FetchedTip tip{branch, commit, target.path};
  tip.received_bytes = outcome.received_bytes;
  return tip;
}

FetchedTip fetch_commit(const PackFetch& fetch, const std::string& branch) {
  const auto commit = *fetch.order.commit;
  const std::string to = std::string(":") + fetched_ref;
  const auto tip = std::ranges::find(fetch.refs.refs, commit, &RemoteRef::commit);
  if (tip != fetch.refs.refs.end())
    if (auto found =
            try_commit(fetch, branch, "tip.git", "+" + tip->name + to, depth_for(fetch.order)))
      return *found;
  if (fetch.refs.allows_reachable_commits && !is_file(fetch.order)) {
    if (auto found = try_commit(fetch, branch, "commit.git", "+" + commit.hex() + to, 1))
      return *found;
    throw commit_gone(fetch.order.url, commit.hex());
  }
  if (fetch.refs.find_branch(branch) != nullptr)
    if (auto found = try_commit(fetch, branch, "history.git", "+refs/heads/" + branch + to,
                                GIT_FETCH_DEPTH_FULL))
      return *found;
  if (auto found = try_commit(fetch, branch, "all.git", "+refs/heads/*:refs/devy/heads/*",
                              GIT_FETCH_DEPTH_FULL))
    return *found;
  throw commit_gone(fetch.order.url, commit.hex());
}

}  // namespace devy::git
