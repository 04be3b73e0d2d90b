#pragma once
// The statements of receiving files, which run in one transaction in the order of receive.sql; the
// owners of files and their quotas; tokens. One connection, one thread; throws what pg::Connection
// throws.

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/files/store/file.hpp"
#include "core/platform/config/config.hpp"
#include "core/platform/pg/connection.hpp"

namespace devy::files {

// ---- owners

// Somebody who proved who he is: a user of GitHub, an account of this site, or both.
struct Claimant {
  std::optional<std::int64_t> github_user_id;
  std::string username;  // of the account; empty: the one of that id
  std::string login;
};
[[nodiscard]] OwnerId find_owner(pg::Connection& connection, const Claimant& claimant);

// The owner whom a person names: an account, or who was called so last. Nothing for nobody.
[[nodiscard]] std::optional<OwnerId> find_named_owner(pg::Connection& connection,
                                                      const std::string& name);

struct Quota {
  std::int64_t bytes = 0, bytes_max = 0, files = 0, files_max = 0;
  std::optional<std::string> blocked_reason;
};
[[nodiscard]] Quota read_quota(pg::Connection& connection, const OwnerId& owner,
                               const config::Files& settings);
// "good", "over_bytes", "over_files", "blocked". The last statement before the commit.
[[nodiscard]] std::string charge_owner(pg::Connection& connection, const OwnerId& owner,
                                       std::int64_t bytes, std::int64_t files,
                                       const config::Files& settings);

// ---- receiving

struct NewFile {
  FileId id;
  OwnerId owner;
  std::optional<base::Sha256> token;  // its digest: the file is temporary
  std::string name, declared_type, metadata_json = "{}", request_key;
};
void begin_file(pg::Connection& connection, const NewFile& file);
// A file of the same owner, name and bytes that nothing refers to.
[[nodiscard]] std::optional<FileId> find_same_file(pg::Connection& connection, const OwnerId& owner,
                                                   const std::string& name,
                                                   const base::Sha256& sha256);
// Locks the content, whose bytes may then be linked.
struct HeldContent {
  std::string state;  // that it was in, or "absent"
  std::int64_t generation = 0;
  // Whether its bytes are to be linked on this node; else they are in S3, or another node has them.
  bool is_linked = true;
  // Whether it comes, or comes back: it is to be brought to where it stays.
  [[nodiscard]] bool is_new() const { return state != "staged" && state != "stored"; }
};
HeldContent hold_content(pg::Connection& connection, const base::Sha256& sha256, std::uint64_t size,
                         const config::Files& settings);
struct ReceivedBytes {
  base::Sha256 sha256;
  std::uint64_t size = 0;
  std::string media_type;
};
void complete_file(pg::Connection& connection, const FileId& id, const ReceivedBytes& bytes);

// ---- tokens

// Returns when it expires.
base::TimePoint make_token(pg::Connection& connection, const base::Sha256& digest,
                           const OwnerId& owner, std::chrono::seconds life);
// Another one for the batch of a temporary file. Nothing when it is not temporary any more.
[[nodiscard]] std::optional<base::TimePoint> renew_token(pg::Connection& connection,
                                                         const FileId& file, const OwnerId& owner,
                                                         const base::Sha256& digest,
                                                         std::chrono::seconds life);
struct Persisting {
  base::Sha256 token;  // its digest
  OwnerId owner;       // empty: whoever has the token
  std::optional<Reference> reference = {};
  std::optional<std::string> metadata_json = {};
  std::string by = {};
};
struct Persisted {
  std::string outcome;  // good, unknown, used, expired, not_ready
  bool is_new = false;
};
[[nodiscard]] Persisted persist(pg::Connection& connection, const Persisting& persisting);

}  // namespace devy::files
