#pragma once
// Reading files, and changing what is not their bytes. One connection, one thread; throws what
// pg::Connection throws.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/files/store/file.hpp"
#include "core/platform/config/config.hpp"
#include "core/platform/pg/connection.hpp"

namespace devy::files {

// Nothing when there is none, or it is another owner's; an empty owner sees all.
[[nodiscard]] std::optional<File> find_file(pg::Connection& connection, const FileId& id,
                                            const OwnerId& owner = {});
[[nodiscard]] std::vector<File> find_files(pg::Connection& connection,
                                           const std::vector<std::string>& ids);
[[nodiscard]] std::vector<File> files_of_token(pg::Connection& connection,
                                               const base::Sha256& digest);
[[nodiscard]] std::optional<File> find_request(pg::Connection& connection, const OwnerId& owner,
                                               const std::string& request_key);

struct FileFilter {
  OwnerId owner = {};       // empty: anybody
  std::string login = {};   // of the owner; empty: anybody
  std::string state = {};   // empty: all but deleted and rejected
  std::string name = {};    // the whole name
  std::string sha256 = {};  // hexadecimal
  std::string reference_kind = {}, reference_key = {};
  bool is_unused = false;   // permanent, and nothing refers to it
  std::string cursor = {};  // the id of the last file of the page before
  int limit = 50;
};
// Newest first.
[[nodiscard]] std::vector<File> list_files(pg::Connection& connection, const FileFilter& filter);

// False: the owner has no such file.
[[nodiscard]] bool change_file(pg::Connection& connection, const FileId& id, const OwnerId& owner,
                               const std::optional<std::string>& name,
                               const std::optional<std::string>& metadata_json);
// "deleted", "in_use", "absent"; "ended" of an open upload, whose bytes in staging are to be
// discarded or are swept later. An empty owner is an operator.
[[nodiscard]] std::string delete_file(pg::Connection& connection, const FileId& id,
                                      const OwnerId& owner, const std::string& by);

// Makes a deleted file permanent again: "restored", "absent", "temporary", "over_bytes",
// "over_files", "blocked". Whoever gets another answer than "restored" rolls back.
[[nodiscard]] std::string restore_file(pg::Connection& connection, const FileId& id,
                                       const config::Files& settings);

}  // namespace devy::files
