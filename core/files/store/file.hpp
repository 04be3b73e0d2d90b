#pragma once
// A file as its owner sees it. Values; any thread.

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/platform/base/clock.hpp"
#include "core/platform/base/id.hpp"
#include "core/platform/base/sha256.hpp"
#include "core/platform/json/json.hpp"

namespace devy::files {

using FileId = base::Id<struct FileTag>;
using OwnerId = base::Id<struct FileOwnerTag>;

struct Reference {
  std::string kind, key;
};

struct File {
  FileId id;
  OwnerId owner_id;
  std::string owner_login;
  std::string name, state;
  std::int64_t size = 0;               // of an open upload: what it announced, or 0
  std::int64_t received = 0;           // bytes that are safe
  std::optional<base::Sha256> sha256;  // nothing until it is whole
  std::string media_type;
  std::string metadata_json;
  std::string error_code;  // of a rejected one
  bool is_stored = false;  // its bytes are where they stay
  std::string content_state;
  std::string content_storage;  // disk, s3
  std::int64_t content_generation = 0;
  std::string content_node;  // that has its bytes; empty: they are in S3
  base::TimePoint created_at;
  std::optional<base::TimePoint> expires_at;
  std::vector<Reference> references;
  std::optional<base::Sha256> token_digest;  // of the batch that it was uploaded with

  // Whether its bytes may be handed out.
  [[nodiscard]] bool is_whole() const { return state == "temporary" || state == "permanent"; }
};

// The document of a file, for the API and for `--json` alike.
[[nodiscard]] json::Json file_json(const File& file);

}  // namespace devy::files
