#pragma once
// The messages between a fetching child and its parent (process/message.hpp): one order (followed
// by a frame that contains only the token), any number of progress frames, one response. Values.

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/platform/base/asked_to_wait.hpp"
#include "core/platform/git/clone.hpp"

namespace devy::git {

// How often a fetch reports its progress at most.
inline constexpr std::chrono::milliseconds progress_interval{50};

inline constexpr std::size_t fetch_frame_bytes_max = std::size_t{1024} * 1024;
// Limit for the blobs of one order; their ids easily fit into a frame.
inline constexpr std::size_t order_blobs_max = 4096;

struct FetchOrder {
  std::string url;  // normalized, allowed
  std::string branch;
  std::optional<CommitId> commit, skip;
  std::string directory;  // for the repository; empty: only ask for the tip
  // The files of the tip may be omitted, if the server supports that.
  bool may_be_partial = false;
  bool brings_parents = false;  // FetchRequest's
  // When set, only these blobs are fetched, into the repository that `directory` then is.
  std::vector<BlobId> blobs;
  // When set, the history of `commit` is fetched without files, into a folder of `directory`: the
  // commits since a time (in seconds since 1970), or all.
  bool is_history = false;
  std::optional<std::int64_t> history_since;
  // Where no repository is a folder of this machine, files beyond `directory` are closed to the
  // child, once and for all its orders.
  bool has_remotes_only = true;
  std::string ca_file;
  std::chrono::milliseconds stall{0};
  std::uint64_t pack_bytes_max = 0;
  std::uint32_t pack_objects_max = 0;
};

struct FetchedTip {
  std::string branch;
  CommitId commit;
  std::string repository;   // path of the bare repository; empty: nothing was fetched
  bool is_partial = false;  // fetched without its blobs
  bool has_shown_token = false;
  std::uint64_t received_bytes = 0;  // size of the pack
};
struct FetchedBlobs {
  std::uint64_t received_bytes = 0;
};
// The remote redirected to another address; the parent decides whether to follow.
struct MovedTo {
  std::string url;
};
using FetchAnswer =
    std::variant<Progress, FetchedTip, FetchedBlobs, MovedTo, base::AskedToWait, base::Error>;

[[nodiscard]] std::string to_frame(const FetchOrder& order);
[[nodiscard]] std::string to_frame(const FetchAnswer& answer);
// Both throw Error(internal) for anything that to_frame() did not write.
[[nodiscard]] FetchOrder parse_order(std::string_view frame);
[[nodiscard]] FetchAnswer parse_answer(std::string_view frame);

}  // namespace devy::git
