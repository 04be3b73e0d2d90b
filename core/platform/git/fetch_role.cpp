#include "core/platform/git/fetch_role.hpp"

#include <algorithm>
#include <memory>
#include <utility>

#include "core/platform/base/error.hpp"
#include "core/platform/base/secret.hpp"
#include "core/platform/git/fetch_error.hpp"
#include "core/platform/git/fetch_message.hpp"
#include "core/platform/git/git_handle.hpp"
#include "core/platform/git/pack_fetch.hpp"
#include "core/platform/git/partial_fetch.hpp"
#include "core/platform/git/remote_refs.hpp"
#include "core/platform/http/httplib_transport.hpp"
#include "core/platform/process/child.hpp"
#include "core/platform/process/file_access.hpp"

namespace devy::git {
namespace {

using base::Error;

// The parent's wall clock comes before it.
constexpr std::chrono::hours answer_timeout{24};

void limit_libgit2(const FetchOrder& order) {
  use_libgit2();
  const auto timeout = static_cast<int>(order.stall.count());
  check_git(git_libgit2_opts(GIT_OPT_SET_SERVER_CONNECT_TIMEOUT, timeout), "set up libgit2");
  check_git(git_libgit2_opts(GIT_OPT_SET_SERVER_TIMEOUT, timeout), "set up libgit2");
  check_git(git_libgit2_opts(GIT_OPT_SET_PACK_MAX_OBJECTS, std::size_t{order.pack_objects_max}),
            "set up libgit2");
  if (!order.ca_file.empty())
    check_git(git_libgit2_opts(GIT_OPT_SET_SSL_CERT_LOCATIONS, order.ca_file.c_str(), nullptr),
              "read git.ca_file");
}

std::unique_ptr<http::Transport> make_transport(const FetchOrder& order, std::uint64_t bytes_max) {
  return http::make_httplib_transport({.ca_file = order.ca_file,
                                       .connect_timeout = order.stall,
                                       .read_timeout = order.stall,
                                       .answer_timeout = answer_timeout,
                                       .body_bytes_max = bytes_max});
}

std::variant<RemoteAnswer, MovedTo> ask_refs(const FetchOrder& order, const base::Secret& token) {
  if (order.url.starts_with("file://")) return RemoteAnswer{ask_file_refs(order.url), false};
  const auto transport = make_transport(order, advertisement_bytes_max);
  return ask_http_refs(*transport, order.url, token);
}

// The branch a commit is published as: it need not exist any more.
std::string branch_beside_commit(const RefAdvertisement& refs, const FetchOrder& order) {
  return order.branch.empty() ? refs.head_branch : order.branch;
}

// Returns nothing when everything has to be fetched.
std::optional<FetchedTip> fetch_without_files(const PackFetch& fetch, const std::string& branch,
                                              const CommitId& commit) {
  const auto& order = fetch.order;
  if (!order.may_be_partial || !fetch.refs.allows_filter) return std::nullopt;
  const auto transport = make_transport(order, answer_bytes_max(order));
  return fetch_trees({order, *transport, fetch.token, fetch.on_progress}, branch, commit);
}

FetchAnswer bring_more(const FetchOrder& order, const base::Secret& token,
                       process::Parent& parent) {
  limit_libgit2(order);
  const auto transport = make_transport(order, answer_bytes_max(order));
  const PartialFetch fetch{order, *transport, token, [&](const Progress& progress) {
                             parent.send(to_frame(FetchAnswer(progress)));
                           }};
  if (order.is_history) return fetch_history(fetch);
  return fetch_blobs(fetch);
}

FetchedTip with_token(FetchedTip tip, const PackFetch& fetch) {
  tip.has_shown_token = !fetch.token.empty();
  return tip;
}

FetchAnswer carry_out(const FetchOrder& order, const base::Secret& token, process::Parent& parent) {
  if (!order.blobs.empty() || order.is_history) return bring_more(order, token, parent);
  const bool only_asks = order.directory.empty();
  // Over HTTP a tip is asked for without libgit2.
  if (!only_asks || order.url.starts_with("file://")) limit_libgit2(order);
  const auto answer = ask_refs(order, token);
  if (const auto* moved = std::get_if<MovedTo>(&answer)) return *moved;
  const auto& remote = std::get<RemoteAnswer>(answer);
  parent.send(to_frame(FetchAnswer(Progress{})));

  const base::Secret none;
  const PackFetch fetch{
      order, remote.refs, remote.needs_token ? token : none,
      [&](const Progress& progress) { parent.send(to_frame(FetchAnswer(progress))); }};
  if (order.commit && !only_asks) {
    const auto branch = branch_beside_commit(remote.refs, order);
    if (remote.refs.refs.empty()) throw repository_empty(order.url);
    if (order.commit == order.skip) return FetchedTip{branch, *order.commit, {}};
    // A commit that no branch or tag points to may be gone, and only the whole fetch would tell.
    if (std::ranges::find(remote.refs.refs, *order.commit, &RemoteRef::commit) !=
        remote.refs.refs.end())
      if (auto found = fetch_without_files(fetch, branch, *order.commit)) return *found;
    return with_token(fetch_commit(fetch, branch), fetch);
  }
  const auto& ref = choose_branch(remote.refs, order.url, order.branch);
  const auto branch = ref.name.substr(std::string_view("refs/heads/").size());
  if (only_asks || ref.commit == order.skip) return FetchedTip{branch, ref.commit, {}};
  if (auto found = fetch_without_files(fetch, branch, ref.commit)) return *found;
  return with_token(fetch_branch(fetch, branch), fetch);
}

// A whole pack ends it: what has read one of those does nothing after it.
bool goes_on_after(const FetchOrder& order, const FetchAnswer& answer) {
  if (order.directory.empty() || std::holds_alternative<MovedTo>(answer) ||
      std::holds_alternative<FetchedBlobs>(answer))
    return true;
  const auto* tip = std::get_if<FetchedTip>(&answer);
  return tip != nullptr && tip->is_partial;
}

// A pack that takes this process over finds no secret of the service: by its first order it knows
// all files that it will need.
void close_other_files(const FetchOrder& order) {
  if (!order.has_remotes_only) return;
  process::FileAccess access{.readable = process::files_of_programs(), .writable = {}};
  for (auto& path : process::files_of_the_network())
    access.readable.push_back(std::move(path));
  if (!order.ca_file.empty()) access.readable.push_back(order.ca_file);
  if (!order.directory.empty()) access.writable.push_back(order.directory);
  if (const auto why = process::restrict_files(access); !why.empty())
    throw Error(base::ErrorKind::internal, "unable to restrict the files of a fetch: " + why);
}

int play(process::Parent& parent) {
  constexpr int broken_order = 65;
  bool is_restricted = false;
  while (const auto frame = parent.receive(fetch_frame_bytes_max)) {
    auto token_frame = parent.receive(fetch_frame_bytes_max);
    if (!token_frame) return broken_order;
    const base::Secret token(std::move(*token_frame));
    const auto order = parse_order(*frame);
    FetchAnswer answer;
    try {
      if (!std::exchange(is_restricted, true)) close_other_files(order);
      answer = carry_out(order, token, parent);
    } catch (const base::AskedToWait& error) {
      answer = error;
    } catch (const Error& error) {
      answer = error;
    }
    parent.send(to_frame(answer));
    if (!goes_on_after(order, answer)) break;
  }
  return 0;
}

}  // namespace

void register_fetch_role() {
  process::register_role("fetch", play, process::Confinement::fetches);
}

}  // namespace devy::git
