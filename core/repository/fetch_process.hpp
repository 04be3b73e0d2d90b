#pragma once
// The parent's side of a fetch: decides where to go and whether the token goes along, watches the
// child that does it, and kills it when it stalls, takes too long, or is no longer wanted.

#include <cstdint>
#include <optional>
#include <span>
#include <stop_token>
#include <string>

#include "core/config/config.hpp"
#include "core/process/child.hpp"
#include "core/repository/clone.hpp"
#include "core/repository/fetch_message.hpp"

namespace devy::repository {

struct FetchResult {
  Tip tip;
  std::string repository;   // path below `directory`; empty: nothing was fetched
  bool is_partial = false;  // without its blobs: run_blobs() brings them
  bool has_shown_token = false;
  std::uint64_t received_bytes = 0;
};

// The child, where it outlives a request. One thread: the child dies with it.
struct KeptChild {
  std::optional<process::Child> child;
  int orders = 0;  // it has had
};

// `directory` empty: only ask for the tip; `kept` may then be used again. Throws as clone.hpp says.
[[nodiscard]] FetchResult run_fetch(const config::Config& config, const FetchRequest& request,
                                    const std::string& directory, const OnProgress& on_progress,
                                    const std::stop_token& stop, KeptChild& kept);

struct BlobRequest {
  std::string url;         // the tip's
  std::string repository;  // the result's
  std::span<const BlobId> blobs;
  bool has_shown_token = false;
  std::uint64_t bytes_max = 0;  // of all packs
  TokenSource tokens = {};
};

// Brings blobs that a partial fetch left out; returns the bytes that took. Throws as clone.hpp
// says, and Error(unavailable, "blobs_declined"). After an error `kept` is empty.
std::uint64_t run_blobs(const config::Config& config, const BlobRequest& request,
                        const std::stop_token& stop, KeptChild& kept);

}  // namespace devy::repository
