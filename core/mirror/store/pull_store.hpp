#pragma once
// Pull requests whose details or files the mirror lacks: lists do not have them, so each is asked
// for by itself. Throws what pg::Connection throws.

#include <cstdint>
#include <optional>
#include <string>

#include "core/mirror/store/row_observer.hpp"
#include "core/platform/base/clock.hpp"
#include "core/platform/pg/connection.hpp"

namespace devy::mirror {

// Those of a repository that a part of a scan reads: each `stride`-th, behind a number.
struct PullSearch {
  std::int64_t repository_id = 0;
  int slot = 0, stride = 1;
  std::int64_t after_number = 0;
};
struct PullToRead {
  std::int64_t id = 0, number = 0;
  std::string head_sha, base_sha;              // as far as its row says
  std::string files_head_sha, files_base_sha;  // for which its files were read; empty: never
  bool has_details = false;                    // that are as new as its row
};
[[nodiscard]] std::int64_t count_pulls_to_read(pg::Connection& connection,
                                               std::int64_t repository_id);
[[nodiscard]] std::optional<PullToRead> next_pull(pg::Connection& connection,
                                                  const PullSearch& search);

// The id of the issue that the pull request also is, where the mirror has its row.
[[nodiscard]] std::optional<std::int64_t> issue_of_number(pg::Connection& connection,
                                                          std::int64_t repository_id,
                                                          std::int64_t number);
// Whether its details or files are older than its row.
[[nodiscard]] bool is_to_be_read(pg::Connection& connection, std::int64_t pull_request_id);

// Whether there are some among them that a list has told of since then.
[[nodiscard]] bool are_read_pulls_to_read(pg::Connection& connection, std::int64_t repository_id,
                                          base::TimePoint since);
// Whether there are some among them that a delivery has changed since then.
[[nodiscard]] bool are_pulls_to_read_since(pg::Connection& connection, std::int64_t repository_id,
                                           base::TimePoint since);

// The files are those of that head and base: files that were not seen since are deleted.
struct FilesRead {
  std::int64_t pull_request_id = 0;
  std::string head_sha, base_sha;
  base::TimePoint begun_at{};
  bool are_truncated = false;  // GitHub does not list all of them
};
void note_files(pg::Connection& connection, const FilesRead& read, const RowObservers& observers);

}  // namespace devy::mirror
