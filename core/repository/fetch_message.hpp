#pragma once
// What a fetching child and its parent say to each other, as JSON frames: one order (followed by a
// frame that is nothing but the token), any number of progress frames, one answer. Values.

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/base/asked_to_wait.hpp"
#include "core/repository/clone.hpp"

namespace devy::repository {

inline constexpr std::size_t fetch_frame_bytes_max = std::size_t{1024} * 1024;
// Of one order; their names fit a frame with ease.
inline constexpr std::size_t order_blobs_max = 4096;

struct FetchOrder {
  std::string url;  // normalized, allowed
  std::string branch;
  std::optional<CommitId> commit, skip;
  std::string directory;  // for the repository; empty: only ask for the tip
  // The files of the tip may be left out, if the server can do that.
  bool may_be_partial = false;
  // Nothing but these, into the repository that `directory` then is.
  std::vector<BlobId> blobs;
  std::string ca_file;
  std::chrono::milliseconds stall{0};
  std::uint64_t pack_bytes_max = 0;
  std::uint32_t pack_objects_max = 0;
};

struct FetchedTip {
  std::string branch;
  CommitId commit;
  std::string repository;   // path of the bare repository; empty: nothing was fetched
  bool is_partial = false;  // without its blobs
  bool has_shown_token = false;
  std::uint64_t received_bytes = 0;  // of the pack
};
struct FetchedBlobs {
  std::uint64_t received_bytes = 0;
};
// The remote answered with another address; the parent decides whether to go there.
struct MovedTo {
  std::string url;
};
using FetchAnswer =
    std::variant<Progress, FetchedTip, FetchedBlobs, MovedTo, base::AskedToWait, base::Error>;

[[nodiscard]] std::string to_frame(const FetchOrder& order);
[[nodiscard]] std::string to_frame(const FetchAnswer& answer);
// Throw Error(internal) at anything but what to_frame() wrote.
[[nodiscard]] FetchOrder parse_order(std::string_view frame);
[[nodiscard]] FetchAnswer parse_answer(std::string_view frame);

}  // namespace devy::repository
