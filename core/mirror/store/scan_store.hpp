#pragma once
// Scans and their parts: how far each list was read. A part moves in the transaction that writes
// the rows of its page, so that what was killed goes on behind the last page. Run everything inside
// the caller's transaction, after the fence. Throws what pg::Connection throws.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/platform/base/clock.hpp"
#include "core/platform/pg/connection.hpp"

namespace devy::mirror {

struct NewScan {
  std::string id;  // of its operation
  std::string list_key;
  std::int64_t repository_id = 0;
  std::string list, state;
  std::optional<base::TimePoint> since = std::nullopt;  // an incremental one
  base::TimePoint started_at{};                         // when its first request was sent
  std::optional<std::int64_t> items_expected = std::nullopt;
  int parts = 0;
};
void begin_scan(pg::Connection& connection, const NewScan& scan);

struct Part {
  int slot = 0;
  std::optional<base::TimePoint> from_at, to_at;
  std::optional<int> next_page, stride;
  std::optional<std::string> next_url;
  int page_size = 100;
  int pages = 0;
  bool is_done = false;
};
void add_part(pg::Connection& connection, const std::string& scan, const Part& part);
[[nodiscard]] Part load_part(pg::Connection& connection, const std::string& scan, int slot);
// Saves the place and the size; `items` were read with the page.
void move_part(pg::Connection& connection, const std::string& scan, const Part& part, int items);
// Returns true when it was the scan's last part, which end_scan() must follow.
[[nodiscard]] bool end_part(pg::Connection& connection, const std::string& scan, int slot);

// The figures of one page, for the scan's sums.
struct PageCounts {
  int requests = 0, free_requests = 0;
  std::int64_t items = 0, applied = 0, stale = 0, invalid = 0;
};
void add_counts(pg::Connection& connection, const std::string& scan, const PageCounts& counts);

enum class ScanPhase { running, sweeping, held, completed, failed, cancelled };
[[nodiscard]] std::string_view to_string(ScanPhase phase);
void end_scan(pg::Connection& connection, const std::string& scan, ScanPhase phase);

// A scan, for people and for whoever goes on with it.
struct Scan {
  std::string id, list_key, list, state, mode, phase;
  std::int64_t repository_id = 0;
  std::string repository;  // "owner/name" now
  base::TimePoint started_at{};
  std::optional<base::TimePoint> finished_at;
  int parts = 0, parts_open = 0;
  std::int64_t requests = 0, free_requests = 0, items = 0, applied = 0, stale = 0, invalid = 0,
               gone = 0;
  std::optional<std::int64_t> items_expected;

  [[nodiscard]] bool is_open() const { return !finished_at; }
};
[[nodiscard]] std::optional<Scan> find_scan(pg::Connection& connection, const std::string& id);
// The newest first; of one repository, or of all.
[[nodiscard]] std::vector<Scan> list_scans(pg::Connection& connection,
                                           std::optional<std::int64_t> repository_id, int limit);
// hold: a person is asked whether so much may go. reopen: a scan that failed is under way again.
void hold_scan(pg::Connection& connection, const std::string& scan);
void reopen_scan(pg::Connection& connection, const std::string& scan);
void delete_scan(pg::Connection& connection, const std::string& scan);
[[nodiscard]] std::vector<Part> list_parts(pg::Connection& connection, const std::string& scan);

}  // namespace devy::mirror
