#pragma once
// One page of a list: asked for, read into records, and written. Uses Api, with its thread and
// errors.

#include <cstdint>
#include <optional>
#include <string>

#include "core/mirror/records/records.hpp"
#include "core/mirror/scan/api.hpp"
#include "core/mirror/scan/list.hpp"
#include "core/mirror/store/row_observer.hpp"
#include "core/mirror/store/scan_store.hpp"

namespace devy::scan {

inline constexpr int page_size_max = 100;  // GitHub's own limit

struct Page {
  records::Records records;
  records::Relation relation = records::Relation::issue;
  int items = 0;
  std::int64_t invalid = 0;
  // The last changes of the first and the last item, where the list is in that order.
  std::optional<base::TimePoint> first_updated_at, last_updated_at;
  std::optional<std::string> next;
  std::optional<int> last_page;
  base::TimePoint sent_at{};
  std::optional<base::TimePoint> date;
  int requests = 1;       // sent for it
  int free_requests = 0;  // those among them that cost nothing of the hour's
  // Validators, each under the name of its page, for the next reading; and which pages were
  // unchanged, with their items: there are no records of these.
  struct Read {
    mirror::PageName name;
    mirror::Validator validator;
    bool is_unchanged = false;
  };
  std::vector<Read> read = {};
};

// A page that was read before and is unchanged since has no records, and all else.
[[nodiscard]] Page read_page(pg::Connection& connection, Api& api, const List& list,
                             std::int64_t repository_id, const std::string& address);

// Reads that page of `page_size_max` items, in smaller ones where GitHub cannot give so much at
// once.
[[nodiscard]] Page read_numbered_page(pg::Connection& connection, Api& api, const List& list,
                                      std::int64_t repository_id, std::string_view state,
                                      int number);

// The next smaller size of a page; nothing below the smallest.
[[nodiscard]] std::optional<int> smaller_page(int size);
// Whether GitHub might answer a request for less: it had no time for so much, or said too much.
[[nodiscard]] bool is_too_much(const base::Error& error);

// Writes the rows, and adds them to the scan's sums. Run it inside the caller's transaction.
void apply_page(pg::Connection& connection, const std::string& scan, std::int64_t repository_id,
                const Page& page, const mirror::RowObservers& observers);

}  // namespace devy::scan
