#pragma once
// Scans as the database has them: when they are recorded, what one stores, and how it ends
// (scans.sql). Throws what pg::Connection throws; one thread a connection.

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/gists/store/gist.hpp"
#include "core/gists/store/user_store.hpp"
#include "core/platform/config/config.hpp"
#include "core/platform/pg/connection.hpp"

namespace devy::gists {

inline constexpr const char* scan_kind = "gist_scan";
// The code of the error that store_gist() throws once the user is tracked no more.
inline constexpr const char* not_tracked_code = "DV003";

// The tracked user whose gists an operation scans; nothing when he was forgotten.
[[nodiscard]] std::optional<User> user_of_scan(pg::Connection& connection,
                                               const base::OperationId& operation);

// A gist as it is known: with it the scan compares.
struct KnownFile {
  FileId id;
  std::string filename, blob;
};
struct KnownGist {
  std::string id;
  base::TimePoint updated_at{};
  bool is_gone = false;
  std::vector<KnownFile> files;
};
[[nodiscard]] std::vector<KnownGist> known_gists(pg::Connection& connection, const UserId& user);

// A gist as GitHub has it; it is stored in the caller's transaction, behind the fence.
struct StoredGist {
  std::string id;
  std::optional<std::string> description;
  std::string html_url;
  base::TimePoint created_at{}, updated_at{};
  bool is_partial = false;
};
struct StoredVersion {
  std::optional<FileId> file;  // nothing: a new file
  std::string filename, blob;
  std::int64_t size = 0;
  std::optional<std::string> media_type, language;
  std::string raw_url;
  std::optional<std::string> content;
  ContentState state = ContentState::whole;
};
struct RenamedFile {
  FileId file;
  std::string filename, raw_url;
};
// All that is new in one gist.
struct GistNews {
  StoredGist gist;
  std::vector<StoredVersion> versions;
  std::vector<RenamedFile> renamed;
  std::vector<FileId> removed;
  // The contents of a gist that is public again: they left the database when it went.
  std::vector<StoredVersion> refilled;
};
struct GistStored {
  bool is_new = false;
  bool is_for_crm = false;  // something is to be sent: wake_crm() before the commit
};
[[nodiscard]] GistStored store_gist(pg::Connection& connection, const User& user,
                                    const GistNews& news, const config::Crm& crm);
// Has an operation wait that tells the CRM. It locks a resource: the last before the commit.
void wake_crm(pg::Connection& connection, const config::Crm& crm);

// A gist that is public no more, for that reason: deleted, secret or blocked. False: it was gone.
[[nodiscard]] bool end_gist(pg::Connection& connection, const UserId& user, const std::string& gist,
                            const std::string& reason);

struct ScanEnd {
  std::string state = "active";
  std::optional<base::TimePoint> watermark;
  std::string etag;
  bool is_full = false;
  base::TimePoint started_at{};
  std::optional<std::chrono::seconds> next_in;  // nothing: the next routine says
  int gists = 0, files = 0;                     // with news
};
// In the transaction that ends the operation.
void end_scan(pg::Connection& connection, const UserId& user, const ScanEnd& end);

struct Recorded {
  UserId user;
  base::OperationId operation;
  bool is_joined = false;
};
struct ScanRequest {
  bool is_full = false;
  std::string requested_by, reason;
};
// Has these users scanned now, as a routine that a person asks for, in the caller's transaction;
// whoever is off is left out. queue::wake_workers() after the commit.
[[nodiscard]] std::vector<Recorded> ask_scans_within(pg::Connection& connection,
                                                     const std::vector<UserId>& users,
                                                     const ScanRequest& request);
// The same in a transaction of its own.
[[nodiscard]] std::vector<Recorded> ask_scans(pg::Connection& connection,
                                              const std::vector<UserId>& users,
                                              const ScanRequest& request);

// ---- maintenance, each in a transaction of its own; how many users it was about

[[nodiscard]] int record_due_scans(pg::Connection& connection, int limit);
[[nodiscard]] int settle_scans(pg::Connection& connection, const config::Gists& gists, int limit);
[[nodiscard]] int fill_routine(pg::Connection& connection, const config::Gists& gists, int limit);

}  // namespace devy::gists
