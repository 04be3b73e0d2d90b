#pragma once
// The lists of a repository that the mirror reads, each with its address and its way of paging
// (mirror.md, section 5). A constant table; any thread.

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "core/mirror/records/process.hpp"

namespace devy::scan {

enum class Paging {
  // By the time of the last change: "those changed since", a page after the other. Nothing shifts
  // while one reads, and no page is too far. Issues have no numbered last page.
  by_time,
  by_number,  // pages 1 … last
  by_row,     // no list of GitHub's: the pull requests in the table, each asked by itself
  by_key,     // none that is read: single items are asked for
};

struct List {
  const char* name;  // in mirror_scan.list and in targets
  const char* path;  // in GitHub's addresses, below the repository's
  records::Relation relation;
  records::Process process;
  Paging paging;
  bool has_states;               // open, closed, all
  const char* query;             // besides state, page and size: "&sort=created"
  bool needs_admin;              // GitHub shows it to a repository's administrators alone
  const char* item_suffix = "";  // behind an item's key, in its address
};

[[nodiscard]] std::span<const List> lists();
[[nodiscard]] const List* find_list(std::string_view name);

// The items of a list of pull requests that changed last, first.
[[nodiscard]] std::string newest_changes_address(const List& list, std::int64_t repository_id);

// "/repositories/7/issues?state=all&…&per_page=100": by the repository's id, which no rename
// changes.
[[nodiscard]] std::string list_address(const List& list, std::int64_t repository_id,
                                       std::string_view state, int page_size);

}  // namespace devy::scan
